"""The study behind the page: its members again, with some assumptions known, and what the others leave open."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.cases.case import Summary
from testsite_sim.cases.study import StudyCase, read_study
from testsite_sim.configuration.base import quantities
from testsite_sim.configuration.loading import Files
from testsite_sim.configuration.quantities import Quantity
from testsite_sim.ensemble.assumptions import Assumption
from testsite_sim.explore.controls import MORE, Amount, amount_of
from testsite_sim.studies.framework.members import members_of
from testsite_sim.studies.framework.ranking import one_at_a_time
from testsite_sim.studies.framework.uncertainty import study_assumptions

if TYPE_CHECKING:
    import xarray as xr

LEADING = 10  # assumptions that have a slider, of each headline


@dataclass(frozen=True)
class Basis:
    """A study by its name, with other values for some keys; its files parsed once, and what all its members share."""

    name: str
    case: StudyCase
    overrides: tuple[str, ...]
    files: Files
    shared: Any


@dataclass(frozen=True)
class StudyAnswer:
    """A study as it was simulated.

    Attributes
    ----------
    case
        What was simulated: what is known has no range any more.
    members
        The Dataset of its members.
    varied
        The assumptions that stay uncertain.
    swings
        Headlines with one of these at the end of its range, (headline, 1 + 2 assumption); see `one_at_a_time`.
    summary
        As a run of the command line writes it.
    seconds
        Wall time.
    """

    case: StudyCase
    members: "xr.Dataset"
    varied: tuple[Assumption, ...]
    swings: Floats
    summary: Summary
    seconds: float

    def order(self, headline: str) -> list[int]:
        """Return the numbers of the assumptions that stay uncertain, those that move a headline most first."""
        row = [each.variable for each in self.case.study.headlines].index(headline)
        with np.errstate(invalid="ignore"):
            swing = np.abs(self.swings[row, 2::2] - self.swings[row, 1::2])
        return [int(k) for k in np.argsort(-np.nan_to_num(swing, posinf=np.inf), kind="stable")]


def basis_of(name: str, case: StudyCase | None = None, overrides: Sequence[str] = ()) -> Basis:
    """Simulate what all members of a study share.

    Parameters
    ----------
    name : str
        As the command line has it.
    case : StudyCase, optional
        The study of that name with the overrides, where it is read already.
    overrides : sequence of str
        `a.b=VALUE`, as the command line has them.

    Raises
    ------
    ConfigurationError, DataError
        As a run would.
    """
    files = Files()
    case = case or read_study(name, overrides, files)
    return Basis(name, case, tuple(overrides), files, case.study.part("prepare")(case.configuration))


def answer_study(basis: Basis, known: Mapping[str, str]) -> StudyAnswer:
    """Simulate the members of a study with some assumptions known.

    Parameters
    ----------
    basis : Basis
        The study.
    known : mapping of str to str
        Values with their units by the paths of assumptions.

    Raises
    ------
    ConfigurationError
        The same sentences that the command line has for `--set`.
    """
    start = time.perf_counter()
    case = study_with(basis, known)
    configuration, study = case.configuration, case.study
    simulate = partial(study.part("simulate"), configuration, basis.shared)
    varied = tuple(each for each in study_assumptions(configuration) if each.high > each.low)
    members = simulate(members_of(configuration))
    swings = one_at_a_time(simulate, varied, [each.variable for each in study.headlines])
    summary = case.summarise({"study": members})
    return StudyAnswer(case, members, varied, swings, summary, time.perf_counter() - start)


def study_with(basis: Basis, known: Mapping[str, str]) -> StudyCase:
    """Return the study with some assumptions known; see `answer_study`."""
    if not known:
        return basis.case
    stated = [f"{path}={text.strip() or 'null'}" for path, text in known.items()]
    return read_study(basis.name, [*basis.overrides, *stated], basis.files)


def study_controls(answer: StudyAnswer, headline: str) -> list[Amount]:
    """Return the sliders over the assumptions that move a headline most, in that order."""
    amounts: dict[str, Quantity] = dict(quantities(answer.case.configuration))
    words = answer.case.words
    found = []
    for k in answer.order(headline)[:LEADING]:
        path = answer.varied[k].path
        found.append(amount_of(path, MORE, words.get(f"assumption.{path}", path), amounts[path]))
    return found
