"""What matters most to the outputs of a study: Sobol indices, one assumption at a time, and where the answer turns."""

from collections.abc import Callable, Sequence

import numpy as np
import xarray as xr

from testsite_sim.ensemble.assumptions import Assumption, Floats, values_at
from testsite_sim.ensemble.sensitivity import sobol_design, sobol_indices
from testsite_sim.errors import ConfigurationError
from testsite_sim.studies.uncertainty import Draws

TURNING_POINTS = 11  # over the range of an assumption
MOST_EVALUATIONS = 256  # members that are evaluated at a time
_RANKING = 1  # the purpose of random numbers


def rank(
    simulate: Callable[[Draws], xr.Dataset],
    assumptions: Sequence[Assumption],
    headlines: Sequence[str],
    *,
    base_samples: int = 128,
    seed: int = 0,
) -> xr.Dataset:
    """Return how much each assumption matters to each headline output.

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
    base_samples : int
        N of the design of Saltelli, a power of two: the model is evaluated N (assumptions + 2) times.
    seed : int
        Root seed.

    Returns
    -------
    xarray.Dataset, dims (headline, assumption)
        sobol_first, sobol_total and sobol_total_confidence (95 %) [1], nan where the output is not finite;
        value_at_low, value_at_high: the output with one assumption at the end of its range and all others central;
        value_central (headline); turning_value: where in its range the assumption brings the output to its threshold,
        all others central, nan where it does not.

    References
    ----------
    Saltelli et al. (2010), Computer Physics Communications 181, 259-270; Herman and Usher (2017), SALib, Journal of
    Open Source Software 2(9).
    """
    varied = [assumption for assumption in assumptions if assumption.high > assumption.low]
    if not varied:
        raise ConfigurationError("uncertainty: no quantity of the study has a `range`, so there is nothing to rank.")
    if base_samples & (base_samples - 1):
        raise ConfigurationError(f"uncertainty: found ranking_samples {base_samples}; wanted a power of two, like 128.")
    count, names = len(varied), [each.path for each in varied]
    number = int(np.random.SeedSequence(seed, spawn_key=(_RANKING,)).generate_state(1)[0])
    unit = sobol_design(names, base_samples, number)
    outputs = _evaluate(simulate, varied, values_at(varied, unit), headlines)
    one_at_a_time = np.tile([each.value for each in varied], (2 * count + 1, 1))
    for k, each in enumerate(varied):
        one_at_a_time[1 + 2 * k, k] = each.low
        one_at_a_time[2 + 2 * k, k] = each.high
    swings = _evaluate(simulate, varied, one_at_a_time, headlines)
    turning = _turning_values(simulate, varied, headlines)
    first, total, confidence = np.full((3, len(headlines), count), np.nan)
    for row, output in enumerate(outputs):
        if not np.isfinite(output).all():
            continue
        first[row], _, total[row], confidence[row] = sobol_indices(names, output, number)
    dims = ("headline", "assumption")
    fraction = {"units": "1"}
    return xr.Dataset(
        {
            "sobol_first": (dims, first, {**fraction, "long_name": "share of variance, first order"}),
            "sobol_total": (dims, total, {**fraction, "long_name": "share of variance, with interactions"}),
            "sobol_total_confidence": (dims, confidence, {**fraction, "long_name": "half width of its 95 % interval"}),
            "value_at_low": (dims, swings[:, 1::2], {"long_name": "output with the assumption at its low end"}),
            "value_at_high": (dims, swings[:, 2::2], {"long_name": "output with the assumption at its high end"}),
            "turning_value": (dims, turning, {"long_name": "assumption that brings the output to its threshold"}),
            "value_central": ("headline", swings[:, 0], {"long_name": "output with all assumptions central"}),
        },
        coords={"headline": list(headlines), "assumption": names},
    )


def _turning_values(
    simulate: Callable[[Draws], xr.Dataset], assumptions: Sequence[Assumption], headlines: Sequence[str]
) -> Floats:
    """Return where each assumption alone brings each output to its threshold, (headline, assumption), SI."""
    count = len(assumptions)
    turning = np.full((len(headlines), count), np.nan)
    central = simulate({each.path: np.array([each.value]) for each in assumptions})
    thresholds = {
        row: float(central[name].attrs["threshold"])
        for row, name in enumerate(headlines)
        if "threshold" in central[name].attrs
    }
    if not thresholds:
        return turning
    values = np.tile([each.value for each in assumptions], (TURNING_POINTS * count, 1))
    for k, each in enumerate(assumptions):
        values[k * TURNING_POINTS : (k + 1) * TURNING_POINTS, k] = np.linspace(each.low, each.high, TURNING_POINTS)
    outputs = _evaluate(simulate, assumptions, values, headlines).reshape(len(headlines), count, TURNING_POINTS)
    for row, threshold in thresholds.items():
        for k, each in enumerate(assumptions):
            points = np.linspace(each.low, each.high, TURNING_POINTS)
            turning[row, k] = _crossing(points, outputs[row, k] - threshold, each.value)
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
    outputs = np.empty((len(headlines), values.shape[0]))
    for start in range(0, values.shape[0], MOST_EVALUATIONS):
        block = values[start : start + MOST_EVALUATIONS]
        columns = np.ascontiguousarray(block.T)
        dataset = simulate(dict(zip([each.path for each in assumptions], columns, strict=True)))
        for row, name in enumerate(headlines):
            outputs[row, start : start + block.shape[0]] = reference_scenario(dataset, name).to_numpy()
    return outputs


def reference_scenario(dataset: xr.Dataset, name: str) -> xr.DataArray:
    """Return a headline output of the scenario that the study names as its reference, dims (member,) or none."""
    variable = dataset[name]
    if "scenario" in variable.dims:
        variable = variable.sel(scenario=dataset.attrs["scenario"])
    if any(dim != "member" for dim in variable.dims):
        raise ValueError(f"headline {name!r} has the dimensions {variable.dims}, wanted member and scenario only")
    return variable
