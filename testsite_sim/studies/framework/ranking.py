"""What matters most to the outputs of a study: Sobol indices, one assumption at a time, and where the answer turns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.side_by_side import shared_array, side_by_side
from testsite_sim.ensemble.assumptions import Assumption, values_at
from testsite_sim.ensemble.sensitivity import sobol_design, sobol_indices
from testsite_sim.studies.framework.members import Correlations, correlated, drawn_assumptions, factors
from testsite_sim.studies.framework.uncertainty import Draws

RESOLVED = 0.05  # half width of the 95 % interval of an index above which assumptions are not ranked
UNDETERMINED = 0.1  # half width of the 95 % interval above which a share of variance that is sourced is not stated
OTHERS = "others"  # the assumptions without an index of their own, as one factor
LEAST_ALONE, MOST_ALONE = 0.02, 10  # share of the squared swings, and number by headline, of those with an index
SHARE_SAMPLES = 4  # times those of the ranking: of two factors, so that the part that is sourced is cheap to sample
TURNING_POINTS = 11  # over the range of an assumption
MOST_EVALUATIONS = 1024  # members that are evaluated at a time
_RANKING = 1  # the purpose of random numbers


def rank(
    simulate: Callable[[Draws], xr.Dataset],
    assumptions: Sequence[Assumption],
    headlines: Sequence[str],
    *,
    correlations: Correlations | None = None,
    base_samples: int = 128,
    seed: int = 0,
) -> xr.Dataset:
    """Return how much each assumption matters to each headline output.

    What is correlated is one factor: its members all carry its share. Decisions take no part in the variance; their
    effect and their turning values are given.

    Parameters
    ----------
    simulate : callable
        From draws to a Dataset in which every headline has the one dimension member, or also scenario: then the
        scenario that the attribute `scenario` of the Dataset names is taken. The attribute `threshold` of a headline is
        where the answer of the study turns.
    assumptions : sequence of Assumption
        What is varied; the quantities whose range has no width are left out.
    headlines : sequence of str
        Variables.
    correlations : mapping of str to Correlation, optional
        Assumptions that move together.
    base_samples : int
        N of the design of Saltelli, a power of two: the model is evaluated N (assumptions + 2) times.
    seed : int
        Root seed.

    Returns
    -------
    xarray.Dataset, dims (headline, assumption)
        sobol_first, sobol_total and sobol_total_confidence (half width of the 95 % interval) [1]: shares of the
        variance of the output, or of its rank among the draws where `sobol_of` says so: where the output can be
        infinite, or has tails that leave its own variance undetermined. NaN for the assumptions that move no headline
        by more than a hundredth of what the others do together: `sobol_total_others` (headline) is the share of all of
        them. `ranking_resolved` (headline): no half width above RESOLVED;
        value_at_low, value_at_high: the output with one assumption at the end of its range and all others at their
        medians; value_central (headline): all at their medians; turning_value: where in its range the assumption
        brings the output to its threshold, all others at their medians, nan where it does not. factor (assumption):
        the correlation that an assumption belongs to, or the assumption itself. sourced_share (headline): the part of
        the variance that rests on assumptions with a source, and sourced_share_least: by those alone; the rest
        involves assumptions without one. The part is the effect of Shapley of the two groups, which adds up to one;
        sourced_share_confidence is the half width of its 95 % interval.

    References
    ----------
    Saltelli et al. (2010), Computer Physics Communications 181, 259-270; Herman and Usher (2017), SALib, Journal of
    Open Source Software 2(9); Owen (2014), SIAM/ASA Journal on Uncertainty Quantification 2, 245-251 (Shapley).
    """
    together = correlations or {}
    varied = [assumption for assumption in assumptions if assumption.high > assumption.low]
    if not varied:
        raise ConfigurationError("uncertainty: no quantity of the study has a `range`, so there is nothing to rank.")
    if base_samples & (base_samples - 1):
        raise ConfigurationError(
            f"uncertainty: found ranking_samples {base_samples}; expected a power of two, like 128."
        )
    count, names = len(varied), [each.path for each in varied]
    number = int(np.random.SeedSequence(seed, spawn_key=(_RANKING,)).generate_state(1)[0])
    swings = one_at_a_time(simulate, varied, headlines)
    turning = _turning_values(simulate, varied, headlines)
    drawn = drawn_assumptions(varied)
    paths = [each.path for each in drawn]
    of = factors(paths, together)
    matter = {of[k] for k in range(len(drawn)) if _that_matter(swings)[names.index(paths[k])]}
    groups = [name if name in matter else OTHERS for name in of]
    indices, others, whose = (
        np.full((3, len(headlines), count), np.nan),
        np.zeros(len(headlines)),
        ["value"] * len(headlines),
    )
    known = _Evaluated(np.empty((0, len(drawn))), np.empty((len(headlines), 0)), 0)
    if drawn:
        order = list(dict.fromkeys(groups))
        values = _design(drawn, together, base_samples, number, groups)
        outputs = _evaluate(simulate, drawn, values, headlines)
        known = _Evaluated(values, outputs, len(order))
        for row, (found, whose[row]) in enumerate(_indices_of(order, outputs, number)):
            for path, group in zip(paths, groups, strict=True):
                if group != OTHERS:
                    indices[:, row, names.index(path)] = found[[0, 2, 3], order.index(group)]
            others[row] = found[2, order.index(OTHERS)] if OTHERS in order else 0.0
    sourced = _sourced_shares(simulate, drawn, together, headlines, SHARE_SAMPLES * base_samples, number, known)
    factor = [of[paths.index(name)] if name in paths else name for name in names]
    return _ranking(headlines, names, swings, turning, indices, others, whose, sourced, factor)


def _design(
    drawn: Sequence[Assumption], correlations: Correlations, samples: int, seed: int, groups: Sequence[str]
) -> Floats:
    """Return the values of the design of Saltelli with its correlations, (row, assumption) [SI]."""
    paths = [each.path for each in drawn]
    return values_at(drawn, correlated(sobol_design(paths, samples, seed, groups), paths, correlations))


@dataclass(frozen=True)
class _Evaluated:
    """A design of Saltelli that is evaluated: values (row, assumption) [SI], outputs (headline, row), its groups."""

    values: Floats
    outputs: Floats
    groups: int

    def base_rows(self, groups: int) -> NDArray[np.intp]:
        """Return the rows of the two base samples, as many as there are here, in a design of a number of groups."""
        first = np.arange(self.values.shape[0] // (self.groups + 2)) * (groups + 2)
        return np.concatenate([first, first + groups + 1])


def _evaluated_again(
    simulate: Callable[[Draws], xr.Dataset],
    assumptions: Sequence[Assumption],
    values: Floats,
    headlines: Sequence[str],
    groups: int,
    known: _Evaluated,
) -> Floats:
    """Return the outputs of a larger design, whose base samples begin with those that are known, as `_evaluate`."""
    rows, before = known.base_rows(groups), known.base_rows(known.groups)
    if rows.size == 0 or not np.array_equal(values[rows], known.values[before]):
        return _evaluate(simulate, assumptions, values, headlines)
    outputs = np.empty((len(headlines), values.shape[0]))
    outputs[:, rows] = known.outputs[:, before]
    others = np.delete(np.arange(values.shape[0]), rows)
    outputs[:, others] = _evaluate(simulate, assumptions, values[others], headlines)
    return outputs


def _sourced_shares(
    simulate: Callable[[Draws], xr.Dataset],
    drawn: Sequence[Assumption],
    correlations: Correlations,
    headlines: Sequence[str],
    samples: int,
    seed: int,
    known: _Evaluated,
) -> Floats:
    """Return the share of the variance that rests on assumptions with a source, the least of it, and its half width.

    Rows of (3, headline); the half width is that of the 95 % interval.

    Not a number for an output that does not vary, and where the half width of a 95 % interval is above UNDETERMINED.

    A correlation has a source where each of its members has one: what moves together cannot be separated.
    """
    paths = [each.path for each in drawn]
    of = factors(paths, correlations)
    without = {name for name, each in zip(of, drawn, strict=True) if not each.is_sourced}
    groups = ["without" if name in without else "sourced" for name in of]
    if len(set(groups)) < 2:
        whole = np.full((3, len(headlines)), 1.0 if "sourced" in groups else 0.0)
        whole[2] = 0.0
        return whole
    order = list(dict.fromkeys(groups))
    values = _design(drawn, correlations, samples, seed, groups)
    outputs = _evaluated_again(simulate, drawn, values, headlines, len(order), known)
    shares = np.empty((3, len(headlines)))
    for row, (found, _) in enumerate(_indices_of(order, outputs, seed)):
        first, total = found[0, order.index("sourced")], found[2, order.index("sourced")]
        # Both are estimates, either of which may come out as the smaller one.
        half = 0.5 * (found[1, order.index("sourced")] + found[3, order.index("sourced")])
        shares[:, row] = np.clip([0.5 * (first + total), min(first, total), half], 0.0, 1.0)
        unsourced = order.index("without")  # has the rest of the variance, and the narrower interval of the two
        if not found.any() or not min(found[3, unsourced], found[3, 1 - unsourced]) <= UNDETERMINED:
            shares[:, row] = np.nan
    return shares


def one_at_a_time(
    simulate: Callable[[Draws], xr.Dataset], assumptions: Sequence[Assumption], headlines: Sequence[str]
) -> Floats:
    """Return the headline outputs with one assumption at the end of its range and all others at their medians.

    Returns
    -------
    numpy.ndarray, shape (headline, 1 + 2 assumption)
        All at their medians; then each assumption at its low and at its high end.
    """
    values = np.tile([each.median for each in assumptions], (2 * len(assumptions) + 1, 1))
    for k, each in enumerate(assumptions):
        values[1 + 2 * k, k] = each.low
        values[2 + 2 * k, k] = each.high
    return _evaluate(simulate, assumptions, values, headlines)


def _ranking(
    headlines: Sequence[str],
    names: Sequence[str],
    swings: Floats,
    turning: Floats,
    indices: Floats,
    others: Floats,
    of: Sequence[str],
    sourced: Floats,
    factor: Sequence[str],
) -> xr.Dataset:
    """Return the Dataset of `rank` from what was computed for it."""
    first, total, confidence = indices
    widest = np.where(np.isnan(confidence).all(axis=1), np.inf, np.nanmax(confidence, axis=1, initial=0.0))
    dims = ("headline", "assumption")
    fraction = {"units": "1"}
    return xr.Dataset(
        {
            "sobol_first": (dims, first, {**fraction, "long_name": "share of variance, first order"}),
            "sobol_total": (dims, total, {**fraction, "long_name": "share of variance, with interactions"}),
            "sobol_total_confidence": (dims, confidence, {**fraction, "long_name": "half width of its 95 % interval"}),
            "sobol_total_others": (
                "headline",
                others,
                {**fraction, "long_name": "share of variance of the assumptions without an index"},
            ),
            "sobol_of": ("headline", of, {"long_name": "whose variance is shared out: of the value or of its rank"}),
            "ranking_resolved": (
                "headline",
                widest <= RESOLVED,
                {"long_name": "no half width of a 95 % interval above 0.05"},
            ),
            "value_at_low": (dims, swings[:, 1::2], {"long_name": "output with the assumption at its low end"}),
            "value_at_high": (dims, swings[:, 2::2], {"long_name": "output with the assumption at its high end"}),
            "turning_value": (dims, turning, {"long_name": "assumption that brings the output to its threshold"}),
            "value_central": ("headline", swings[:, 0], {"long_name": "output with all assumptions at their medians"}),
            "sourced_share": (
                "headline",
                sourced[0],
                {**fraction, "long_name": "share of variance that rests on assumptions with a source"},
            ),
            "sourced_share_least": (
                "headline",
                sourced[1],
                {**fraction, "long_name": "share of variance by assumptions with a source alone"},
            ),
            "sourced_share_confidence": (
                "headline",
                sourced[2],
                {**fraction, "long_name": "half width of the 95 % interval of the share that rests on sources"},
            ),
        },
        coords={
            "headline": list(headlines),
            "assumption": names,
            "factor": (
                "assumption",
                list(factor),
                {"long_name": "what is drawn as one: an assumption, or the group it is correlated with"},
            ),
        },
    )


def _that_matter(swings: Floats) -> NDArray[np.bool_]:
    """Return which assumptions have an index of their own, (assumption,), from the outputs at the ends of the ranges.

    For each headline those that make up a hundredth of the sum of squared swings, the largest MOST_ALONE at most;
    an output that becomes infinite counts as the largest swing.
    """
    count = (swings.shape[1] - 1) // 2
    if count <= MOST_ALONE:
        return np.full(count, True)
    with np.errstate(invalid="ignore"):
        squared = (swings[:, 2::2] - swings[:, 1::2]) ** 2
    finite = np.where(np.isfinite(squared), squared, 0.0)
    squared = np.where(np.isfinite(squared), squared, finite.max(axis=1, keepdims=True))
    whole = np.maximum(squared.sum(axis=1, keepdims=True), 1e-300)
    chosen = squared / whole >= LEAST_ALONE
    for row, order in enumerate(np.argsort(-squared, axis=1)):
        chosen[row, order[MOST_ALONE:]] = False
    return np.asarray(chosen.any(axis=0))


def _indices_of(factors: Sequence[str], outputs: Floats, seed: int) -> list[tuple[Floats, str]]:
    """Return `_indices` of each output, by copies of this process as well."""
    found = shared_array((outputs.shape[0], 4, len(factors)))

    def of_output(row: int) -> str:
        found[row], whose = _indices(factors, outputs[row], seed)
        return whose

    with side_by_side([partial(of_output, row) for row in range(outputs.shape[0])]) as work:
        return list(zip(found, work.finish(), strict=True))


def _indices(factors: Sequence[str], output: Floats, seed: int) -> tuple[Floats, str]:
    """Return the four rows of `sobol_indices` of an output, or of its ranks where they are better determined."""
    nothing = np.full((4, len(factors)), np.nan)
    if np.isnan(output).any() or not np.isfinite(output).any():
        return nothing, "value"
    found = np.array(sobol_indices(factors, output, seed)) if np.isfinite(output).all() else None
    if found is not None and found[3].max() <= RESOLVED:
        return found, "value"
    from scipy.stats import rankdata

    ranked = np.array(sobol_indices(factors, rankdata(output) / output.size, seed))
    if found is None or ranked[3].max() < found[3].max():
        return ranked, "rank"
    return found, "value"


def _turning_values(
    simulate: Callable[[Draws], xr.Dataset], assumptions: Sequence[Assumption], headlines: Sequence[str]
) -> Floats:
    """Return where each assumption alone brings each output to its threshold, (headline, assumption), SI."""
    count = len(assumptions)
    turning = np.full((len(headlines), count), np.nan)
    central = simulate({each.path: np.array([each.median]) for each in assumptions})
    thresholds = {
        row: float(central[name].attrs["threshold"])
        for row, name in enumerate(headlines)
        if "threshold" in central[name].attrs
    }
    if not thresholds:
        return turning
    values = np.tile([each.median for each in assumptions], (TURNING_POINTS * count, 1))
    for k, each in enumerate(assumptions):
        values[k * TURNING_POINTS : (k + 1) * TURNING_POINTS, k] = np.linspace(each.low, each.high, TURNING_POINTS)
    outputs = _evaluate(simulate, assumptions, values, headlines).reshape(len(headlines), count, TURNING_POINTS)
    for row, threshold in thresholds.items():
        for k, each in enumerate(assumptions):
            points = np.linspace(each.low, each.high, TURNING_POINTS)
            turning[row, k] = _crossing(points, outputs[row, k] - threshold, each.median)
    return turning


def _crossing(points: Floats, above: Floats, central: float) -> float:
    """Return where a polyline crosses zero, nearest to the central value; nan where it does not."""
    changes = np.flatnonzero((above[:-1] < 0.0) != (above[1:] < 0.0))
    if changes.size == 0 or not np.isfinite(above).all():
        return float("nan")
    steps = above[changes] / (above[changes] - above[changes + 1])
    found = points[changes] + steps * (points[changes + 1] - points[changes])
    return float(found[np.argmin(np.abs(found - central))])


def _evaluate(
    simulate: Callable[[Draws], xr.Dataset], assumptions: Sequence[Assumption], values: Floats, headlines: Sequence[str]
) -> Floats:
    """Return the headline outputs of a design (member, assumption), shape (headline, member), a block at a time."""
    outputs = shared_array((len(headlines), values.shape[0]))

    def evaluate(start: int) -> None:
        block = values[start : start + MOST_EVALUATIONS]
        columns = np.ascontiguousarray(block.T)
        dataset = simulate(dict(zip([each.path for each in assumptions], columns, strict=True)))
        for row, name in enumerate(headlines):
            outputs[row, start : start + block.shape[0]] = reference_scenario(dataset, name).to_numpy()

    with side_by_side([partial(evaluate, start) for start in range(0, values.shape[0], MOST_EVALUATIONS)]) as work:
        work.finish()
    return outputs


def reference_scenario(dataset: xr.Dataset, name: str) -> xr.DataArray:
    """Return a headline output of the scenario that the study names as its reference, dims (member,) or none."""
    variable = dataset[name]
    if "scenario" in variable.dims:
        variable = variable.sel(scenario=dataset.attrs["scenario"])
    if any(dim != "member" for dim in variable.dims):
        raise ValueError(f"headline {name!r} has the dimensions {variable.dims}, expected member and scenario only")
    return variable
