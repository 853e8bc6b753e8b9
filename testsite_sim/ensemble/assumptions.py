"""Quantities with a range: found in a configuration, drawn from a triangular distribution over it."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import BaseModel
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.quasi_random import quasi_random
from testsite_sim.configuration.base import quantities
from testsite_sim.configuration.quantities import Quantity

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
    standing: str  # decision, published (it names evidence), verified (it has a source), or assumption
    evidence: tuple[str, ...] = ()
    answered_by: str = ""
    price_factor: float = 1.0  # by which money is multiplied to be in the prices of a study

    @property
    def is_sourced(self) -> bool:
        """Return whether the quantity rests on a source."""
        return self.standing in ("published", "verified")

    @property
    def median(self) -> float:
        """The median of its distribution [SI]; a decision keeps its value."""
        if self.standing == "decision":
            return self.value
        return float(triangular_quantile(np.array([0.5]), self.low, self.value, self.high)[0])


def ranged_quantities(configuration: BaseModel) -> list[Assumption]:
    """Return every quantity that has a range, in the order of the fields."""
    found = []
    for path, quantity in quantities(configuration):
        if quantity.range is None:
            continue
        source = quantity.source or ""
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
                standing=_standing(quantity, source),
                evidence=quantity.evidence,
                answered_by=quantity.answered_by or "",
            )
        )
    return found


def _standing(quantity: Quantity, source: str) -> str:
    """Return what a quantity rests on."""
    if quantity.decision:
        return "decision"
    if quantity.evidence:
        return "published"
    unproven = quantity.assumption or not source or source.startswith("assumption")
    return "assumption" if unproven else "verified"


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
    names = [assumption.path for assumption in assumptions]
    if members < 1:
        raise ConfigurationError(f"uncertainty: found {members} members; expected at least 1.")
    unit = np.concatenate([np.zeros((1, len(names))), latin_hypercube(names, members - 1, seed)])
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


def latin_hypercube(names: Sequence[str], rows: int, seed: int) -> Floats:
    """Return probabilities of which each column fills every stratum once, (row, name).

    Each name has a random stream of its own: one more name leaves the columns of the others as they are.
    """
    unit, engine = np.zeros((rows, len(names))), quasi_random().LatinHypercube
    for column, name in enumerate(names if rows > 0 else ()):
        key = (_MEMBERS, zlib.crc32(name.encode()))
        generator = np.random.Generator(np.random.Philox(np.random.SeedSequence(seed, spawn_key=key)))
        unit[:, column] = engine(1, rng=generator).random(rows)[:, 0]
    return unit
