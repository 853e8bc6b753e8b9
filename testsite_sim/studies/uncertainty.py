"""Uncertainty of a study: which quantities have a range, members drawn from them, quantiles, and what matters most.

The model of a study is a function of draws: `simulate(draws)` takes the value of every uncertain quantity in every
member, SI, by its dotted path, and returns a Dataset over member and whatever else. It is vectorised over members.
"""

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from pydantic import BaseModel

from testsite_sim.configuration.base import quantities
from testsite_sim.errors import ConfigurationError, nearest

Floats = NDArray[np.float64]
Draws = Mapping[str, Floats]
Values = Callable[[str], Floats]
PERCENTILES = (10, 50, 90)
MOST_EVALUATIONS = 256  # members that are evaluated at a time for the ranking
_LIKELY, _RANKING = 0, 1  # purposes of random numbers


@dataclass(frozen=True)
class Assumption:
    """A quantity with a range: where it stands, its value and range in SI, how it was written, and its standing."""

    path: str
    value: float
    low: float
    high: float
    units: str
    text: str
    range_text: str
    source: str
    standing: str  # verified, or assumption


def study_assumptions(configuration: BaseModel) -> list[Assumption]:
    """Return every quantity of a configuration that has a range, in the order of its fields.

    A quantity counts as an assumption where it says so or has no source, as verified otherwise. What the configuration
    holds (`HELD` of a study) is left out; `held_assumptions` returns it.
    """
    held = getattr(configuration, "HELD", ())
    return [each for each in _with_ranges(configuration) if not (held and each.path.startswith(held))]


def held_assumptions(configuration: BaseModel) -> list[Assumption]:
    """Return the quantities with a range that keep their values in every member."""
    held = getattr(configuration, "HELD", ())
    return [each for each in _with_ranges(configuration) if held and each.path.startswith(held)]


def _with_ranges(configuration: BaseModel) -> list[Assumption]:
    """Return every quantity that has a range, in the order of the fields."""
    found = []
    for path, quantity in quantities(configuration):
        if quantity.range is None:
            continue
        source = quantity.source or ""
        unproven = quantity.assumption or not source or source.startswith("assumption")
        low, high = quantity.range_text or quantity.range
        found.append(
            Assumption(
                path=path,
                value=float(quantity),
                low=quantity.range[0],
                high=quantity.range[1],
                units=quantity.si or "1",
                text=_text(quantity.text),
                range_text=_range(_text(low), _text(high)),
                source=source.removeprefix("assumption").removeprefix(":").strip(),
                standing="assumption" if unproven else "verified",
            )
        )
    return found


def _text(value: str | float) -> str:
    """Return a value as it was written; numbers without a trailing zero."""
    return value if isinstance(value, str) else f"{value:g}"


def _range(low: str, high: str) -> str:
    """Return a range as text; the unit once, where both ends have the same."""
    (first, _, unit), (_, _, other) = low.partition(" "), high.partition(" ")
    return f"{first} – {high}" if unit == other else f"{low} – {high}"


def draw(assumptions: Sequence[Assumption], members: int, seed: int) -> dict[str, Floats]:
    """Return a Latin hypercube of the assumptions; member 0 has the central values.

    Each assumption follows a triangular distribution over its range with the mode at its value, independent of the
    others, and is drawn from a stream of its own, which does not depend on what else is sampled.

    Parameters
    ----------
    assumptions : sequence of Assumption
        What to sample.
    members : int
        How many, the central one included.
    seed : int
        Root seed; the same seed gives the same bits.

    Returns
    -------
    dict of str to array, (member,)
        SI values by dotted path.

    References
    ----------
    McKay, Beckman and Conover (1979), Technometrics 21, 239-245 (Latin hypercube).
    """
    from scipy.stats import qmc

    if members < 1:
        raise ConfigurationError(f"uncertainty: found {members} members; wanted at least 1.")
    names = [assumption.path for assumption in assumptions]
    unit = np.zeros((members, len(names)))
    for column, name in enumerate(names if members > 1 else ()):
        # Each assumption has a stream of its own: one more assumption leaves the members of the others as they are.
        key = (_LIKELY, zlib.crc32(name.encode()))
        generator = np.random.Generator(np.random.Philox(np.random.SeedSequence(seed, spawn_key=key)))
        unit[1:, column] = qmc.LatinHypercube(1, rng=generator).random(members - 1)[:, 0]
    values = _values(assumptions, unit)
    for column, assumption in enumerate(assumptions):
        values[0, column] = assumption.value
    return dict(zip(names, np.ascontiguousarray(values.T), strict=True))


def _values(assumptions: Sequence[Assumption], unit: Floats) -> Floats:
    """Return the values of the assumptions at probabilities, both (member, assumption)."""
    values = np.empty_like(unit)
    for column, assumption in enumerate(assumptions):
        values[:, column] = triangular_quantile(unit[:, column], assumption.low, assumption.value, assumption.high)
    return values


def triangular_quantile(probability: Floats, low: float, mode: float, high: float) -> Floats:
    """Return the value below which a triangular distribution has a probability, (member,)."""
    width = high - low
    if width <= 0.0:
        return np.full_like(probability, mode)
    below = (mode - low) / width
    rising = low + np.sqrt(probability * width * (mode - low))
    falling = high - np.sqrt((1.0 - probability) * width * (high - mode))
    return np.clip(np.where(probability < below, rising, falling), low, high)


def sampled(configuration: BaseModel, draws: Draws) -> Values:
    """Return a function from the dotted path of a quantity to its value in every member, (member,).

    A quantity that is not drawn has its configured value in every member.

    Raises
    ------
    ConfigurationError
        By the returned function, when there is no such quantity; the nearest paths are offered.
    """
    fixed = {path: float(quantity) for path, quantity in quantities(configuration)}
    members = next((array.size for array in draws.values()), 1)

    def value(path: str) -> Floats:
        if path in draws:
            return np.asarray(draws[path], dtype=np.float64)
        if path not in fixed:
            raise ConfigurationError(f"study: there is no quantity {path!r}. {nearest(path, fixed)}")
        return np.full(members, fixed[path])

    return value


def percentiles(dataset: xr.Dataset) -> xr.Dataset:
    """Return P10, P50 and P90 over `member` of every variable that has members, dims (percentile, …).

    The quantiles are values that occur, without interpolation between members, so that what never happens (an
    infinite pay-back) stays infinite; P50 is not the central member.
    """
    numbers = [
        name for name, variable in dataset.data_vars.items() if "member" in variable.dims and variable.dtype.kind == "f"
    ]
    result = xr.Dataset(attrs=dataset.attrs)
    for name in numbers:
        variable = dataset[name]
        axis = variable.get_axis_num("member")
        found = np.quantile(variable.to_numpy(), np.array(PERCENTILES) / 100.0, axis=axis, method="inverted_cdf")
        dims = ("percentile", *[dim for dim in variable.dims if dim != "member"])
        result[name] = (dims, found, variable.attrs)
    coordinates = {name: dataset[name] for name in dataset.coords if "member" not in dataset[name].dims}
    return result.assign_coords(coordinates).assign_coords(percentile=list(PERCENTILES))


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
        scenario that the attribute `scenario` of the Dataset names is taken.
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
        value_central (headline).

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
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as design

    count = len(varied)
    problem = {"num_vars": count, "names": [each.path for each in varied], "bounds": [[0.0, 1.0]] * count}
    number = int(np.random.SeedSequence(seed, spawn_key=(_RANKING,)).generate_state(1)[0])
    unit = design.sample(problem, base_samples, calc_second_order=False, seed=number)
    outputs = _evaluate(simulate, varied, _values(varied, unit), headlines)
    one_at_a_time = np.tile([each.value for each in varied], (2 * count + 1, 1))
    for k, each in enumerate(varied):
        one_at_a_time[1 + 2 * k, k] = each.low
        one_at_a_time[2 + 2 * k, k] = each.high
    swings = _evaluate(simulate, varied, one_at_a_time, headlines)
    first, total, confidence = np.full((3, len(headlines), count), np.nan)
    for row, output in enumerate(outputs):
        if not np.isfinite(output).all():
            continue
        spread = np.ptp(output)
        if spread <= 1e-12 * max(float(np.abs(output).max()), 1e-300):
            first[row] = total[row] = confidence[row] = 0.0
            continue
        # SALib's estimators divide by the spread of resamples, which a nearly constant output makes zero.
        found = analysis.analyze(problem, output / spread, calc_second_order=False, seed=number)
        first[row], total[row], confidence[row] = found["S1"], found["ST"], found["ST_conf"]
    dims = ("headline", "assumption")
    fraction = {"units": "1"}
    return xr.Dataset(
        {
            "sobol_first": (dims, first, {**fraction, "long_name": "share of variance, first order"}),
            "sobol_total": (dims, total, {**fraction, "long_name": "share of variance, with interactions"}),
            "sobol_total_confidence": (dims, confidence, {**fraction, "long_name": "half width of its 95 % interval"}),
            "value_at_low": (dims, swings[:, 1::2], {"long_name": "output with the assumption at its low end"}),
            "value_at_high": (dims, swings[:, 2::2], {"long_name": "output with the assumption at its high end"}),
            "value_central": ("headline", swings[:, 0], {"long_name": "output with all assumptions central"}),
        },
        coords={"headline": list(headlines), "assumption": problem["names"]},
    )


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
