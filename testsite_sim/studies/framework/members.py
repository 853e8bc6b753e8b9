"""Members of a study: what is drawn, what moves together, what somebody decides."""

from collections.abc import Mapping, Sequence

import numpy as np
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.errors import ConfigurationError, nearest
from testsite_sim.configuration.base import quantities
from testsite_sim.ensemble.assumptions import Assumption, latin_hypercube, values_at
from testsite_sim.studies.framework.configuration import Correlation, StudyConfiguration
from testsite_sim.studies.framework.uncertainty import study_assumptions

Correlations = Mapping[str, Correlation]


def drawn_assumptions(assumptions: Sequence[Assumption]) -> list[Assumption]:
    """Return the assumptions whose values are drawn: a decision keeps its value in every member."""
    return [each for each in assumptions if each.standing != "decision"]


def members_of(configuration: StudyConfiguration) -> dict[str, Floats]:
    """Return the members that a study states, SI values by dotted path, (member,); see `draw_members`."""
    stated = configuration.uncertainty
    together = open_correlations(configuration)
    return draw_members(study_assumptions(configuration), together, stated.members, stated.seed)


def open_correlations(configuration: StudyConfiguration) -> dict[str, Correlation]:
    """Return the correlations of a study without the quantities that are known, which have no range to draw from.

    A name of no quantity stays, so that it is refused when members are drawn.
    """
    amounts = dict(quantities(configuration))
    known = {path for path, quantity in amounts.items() if quantity.range is None}
    found = {}
    for name, correlation in configuration.uncertainty.correlations.items():
        left = tuple(path for path in correlation.of if path not in known)
        if len(left) > 1 or any(path not in amounts for path in left):
            found[name] = correlation.model_copy(update={"of": left})
    return found


def draw_members(
    assumptions: Sequence[Assumption], correlations: Correlations, members: int, seed: int
) -> dict[str, Floats]:
    """Return a Latin hypercube of the assumptions, those of a correlation drawn together.

    Each assumption follows a triangular distribution over its range with the mode at its value; those of a correlation
    have a Gaussian copula, and keep the strata of their hypercube. Decisions are left out.

    Parameters
    ----------
    assumptions : sequence of Assumption
        What to sample.
    correlations : mapping of str to Correlation
        What moves together.
    members : int
        How many.
    seed : int
        Root seed; the same seed gives the same bits.

    Returns
    -------
    dict of str to array, (member,)
        SI values by dotted path.

    Raises
    ------
    ConfigurationError
        When a correlation names what is not drawn.

    References
    ----------
    McKay, Beckman and Conover (1979), Technometrics 21, 239-245 (Latin hypercube); Iman and Conover (1982),
    Communications in Statistics 11, 311-334 (correlation by ranks).
    """
    if members < 1:
        raise ConfigurationError(f"uncertainty: found {members} members; expected at least 1.")
    chosen = drawn_assumptions(assumptions)
    names = [each.path for each in chosen]
    unit = latin_hypercube(names, members, seed)
    together = correlated(unit, names, correlations)
    moved = np.flatnonzero((together != unit).any(axis=0))
    for column in moved:
        ranks = np.argsort(np.argsort(together[:, column]))
        unit[:, column] = np.sort(unit[:, column])[ranks]
    return dict(zip(names, np.ascontiguousarray(values_at(chosen, unit).T), strict=True))


def correlated(unit: Floats, names: Sequence[str], correlations: Correlations) -> Floats:
    """Return independent probabilities with the correlations put in, (member, name): every column stays uniform.

    Raises
    ------
    ConfigurationError
        When a correlation names what is not drawn, or what another one names.
    """
    from testsite_sim.common.special_functions import ndtr, ndtri

    found = unit.copy()
    for columns, coefficient in _columns(names, correlations):
        size = len(columns)
        root = np.linalg.cholesky(np.full((size, size), coefficient) + (1.0 - coefficient) * np.eye(size))
        inside = np.clip(unit[:, columns], 1e-12, 1.0 - 1e-12)
        found[:, columns] = ndtr(ndtri(inside) @ root.T)
    return found


def factors(names: Sequence[str], correlations: Correlations) -> list[str]:
    """Return the factor of each assumption: its correlation, or the assumption itself."""
    of = {path: name for name, correlation in correlations.items() for path in correlation.of}
    return [of.get(name, name) for name in names]


def _columns(names: Sequence[str], correlations: Correlations) -> list[tuple[list[int], float]]:
    """Return the columns of each correlation, and its coefficient."""
    taken: set[str] = set()
    found = []
    for name, correlation in correlations.items():
        for path in correlation.of:
            if path not in names:
                raise ConfigurationError(
                    f"uncertainty.correlations.{name}: {path!r} is not drawn. {nearest(path, names)}".rstrip()
                )
            if path in taken:
                raise ConfigurationError(f"uncertainty.correlations.{name}: {path!r} stands in two correlations.")
            taken.add(path)
        found.append(([names.index(path) for path in correlation.of], float(correlation.coefficient)))
    return found
