"""Uncertainty of a study: which quantities have a range, members drawn from them, quantiles; `ranking` goes on.

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
_MEMBERS = 0  # the purpose of random numbers; that of the ranking is 1


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
    written_range: tuple[str, str]
    source: str
    standing: str  # verified, or assumption


def study_assumptions(configuration: BaseModel) -> list[Assumption]:
    """Return every quantity of a configuration that has a range, in the order of its fields.

    A quantity counts as an assumption where it says so or has no source, as verified otherwise. What the configuration
    holds (`HELD` of a study) is left out.
    """
    held = getattr(configuration, "HELD", ())
    return [each for each in _with_ranges(configuration) if not (held and each.path.startswith(held))]


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
                written_range=(_text(low), _text(high)),
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
        key = (_MEMBERS, zlib.crc32(name.encode()))
        generator = np.random.Generator(np.random.Philox(np.random.SeedSequence(seed, spawn_key=key)))
        unit[1:, column] = qmc.LatinHypercube(1, rng=generator).random(members - 1)[:, 0]
    values = values_at(assumptions, unit)
    for column, assumption in enumerate(assumptions):
        values[0, column] = assumption.value
    return dict(zip(names, np.ascontiguousarray(values.T), strict=True))


def values_at(assumptions: Sequence[Assumption], unit: Floats) -> Floats:
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


def in_written_units(assumption: Assumption, value: float) -> tuple[float, str]:
    """Return a value of an assumption in the unit in which its range is written, and that unit.

    A percentage stays one: a fraction written `10 %` is returned in per cent.
    """
    low, high = assumption.written_range
    (first, unit), (last, other) = _number_and_unit(low), _number_and_unit(high)
    if unit != other:
        return value, assumption.units
    return first + (value - assumption.low) / (assumption.high - assumption.low) * (last - first), unit


def _number_and_unit(text: str) -> tuple[float, str]:
    """Return number and unit of a quantity as written."""
    head = text.strip()
    size = next((k for k in range(len(head), 0, -1) if _is_number(head[:k])), 0)
    return float(head[:size].replace("_", "")), head[size:].strip()


def _is_number(text: str) -> bool:
    """Tell a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True
