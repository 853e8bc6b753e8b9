"""What a study consists of, named so that it is imported only when it runs."""

import importlib
from dataclasses import dataclass
from typing import Any

from testsite_sim.common.errors import ConfigurationError, nearest


@dataclass(frozen=True)
class Headline:
    """An output on which the study is judged: a variable over member (and scenario), and how people see it."""

    variable: str
    units: str  # as shown, `million EUR`
    factor: float = 1.0  # from SI to what is shown


@dataclass(frozen=True)
class Study:
    """A study by the names of its parts, each `module:attribute`, and of the package of its texts.

    Attributes
    ----------
    configuration
        The model of `scenarios/<study>/study.yaml`, a StudyConfiguration.
    prepare
        `(configuration) -> basis`: what is simulated once and is the same for all members.
    simulate
        `(configuration, basis, draws) -> Dataset` over member, year, …; pure and vectorised over members. The attribute
        `scenario` of the Dataset names the reference among its dimension scenario, if it has one.
    headlines
        The outputs that are ranked and reported first.
    figures
        A mapping of name to function `(Dataset, words) -> (Figure, DataFrame)`; the Dataset is that of the members
        with the ranking merged in. The caption is the text `figure.<name>`.
    narrative
        `(configuration, Dataset, words) -> Narrative`: question, answer, method in words.
    texts
        The package that holds `text.<language>.yaml`: labels of variables, values of dimensions, captions, narrative.
        What its configuration gives as `wording` stands in them for names in braces. See `framework.words`.
    rank
        As `simulate`, with the headlines alone: what the ranking evaluates, many times. None: `simulate` itself.
    """

    configuration: str
    prepare: str
    simulate: str
    headlines: tuple[Headline, ...]
    figures: str
    narrative: str
    texts: str
    rank: str | None = None

    def part(self, name: str) -> Any:
        """Return one of the parts, imported."""
        module, _, attribute = getattr(self, name).partition(":")
        return getattr(importlib.import_module(module), attribute)


def study_by_name(studies: dict[str, Study], name: str) -> Study:
    """Return a study.

    Raises
    ------
    ConfigurationError
        When there is none of that name; the nearest are offered.
    """
    if name not in studies:
        raise ConfigurationError(f"study: there is no study {name!r}. {nearest(name, studies)}")
    return studies[name]
