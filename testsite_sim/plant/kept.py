"""What reserves keep of the stores, so that full orders are answered in the order in which stores are used."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.limits import UNLIMITED

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.units import HOUR

ROUNDING = 1e-9  # relative: of contents and rates of which sums are compared
Order = tuple[float, float]  # of a reserve: hydrogen [kg/s], and for how long it may last [s]


@dataclass(frozen=True)
class Margins:
    """What is kept out of dispatch for reserves: shares of the machines, content and room of the stores [kg].

    `drawn` and `filled`: the full orders of each offer, up and down, that the content and the room are for, answered in
    intervals of a `step` [s], within which flows are averages; 0 of a plant that meets every moment.
    """

    electrolysers: float = 0.0
    fuel_cells: float = 0.0
    content: float = 0.0
    room: float = 0.0
    drawn: tuple[Order, ...] = ()
    filled: tuple[Order, ...] = ()
    step: float = 0.0

    def without_stores(self) -> "Margins":
        """Return the margins of the machines alone."""
        return replace(self, content=0.0, room=0.0, drawn=(), filled=())


@dataclass(frozen=True)
class Kept:
    """What reserves keep of each bank b, mass [kg] and rate [kg/s], and of the compressor of each store k [kg/s]."""

    mass: Floats
    rate: Floats
    through: Floats


@dataclass(frozen=True)
class Usable:
    """The banks (b) of all stores, with what each begins with and gives down to [kg], and the orders of their use.

    `of_store` (b): the store that a bank is of; `through` (k): what the compressor of a store lets through [kg/s].
    `labels` (b) are for messages.
    """

    first: Floats
    least: Floats
    capacity: Floats
    draw_limit: Floats
    fill_limit: Floats
    draw_order: NDArray[np.int64]
    fill_order: NDArray[np.int64]
    of_store: NDArray[np.int64]
    through: Floats
    labels: Sequence[str]


@dataclass(frozen=True)
class _Side:
    """What orders of one direction may use: mass [kg] and rate [kg/s] of each bank, in an order; its compressors.

    `step` [s]: the intervals in which they are answered; see `Margins`.
    """

    mass: Floats
    rate: Floats
    order: NDArray[np.int64]
    of_store: NDArray[np.int64]
    through: Floats
    step: float


def kept_for(margins: Margins, usable: Usable) -> tuple[Kept, Kept]:
    """Return what reserves keep of the stores for orders up, and for orders down.

    What is kept lets the stores answer all full orders at once, each for as long as it may last, by the order in which
    they are drawn or filled, whatever dispatch has left of the rest; see `_answered`. Content is kept at the end of
    the drawing order and room in the first stores of the filling order, where both fit so; else the other way round;
    else what full orders would use of what the stores begin with, and of the room that they begin with. As more in any
    store never answers less, that last one fits wherever anything does.

    Raises
    ------
    ConfigurationError
        When the stores cannot, or begin outside what is left for dispatch.
    """
    span, of_store = np.maximum(usable.capacity - usable.least, 0.0), usable.of_store
    none, step = np.full(usable.through.size, UNLIMITED), margins.step
    up = _Side(span, usable.draw_limit, usable.draw_order, of_store, none, step)
    down = _Side(span, usable.fill_limit, usable.fill_order, of_store, usable.through, step)
    if span.size == 1:  # to the last digit
        content, room = _alone(up, margins.content, margins.drawn), _alone(down, margins.room, margins.filled)
        if content is not None and room is not None:
            return _begun(usable, content, room)
    tried = []
    for back_up, back_down in ((True, False), (False, True), (False, False), (True, True)):
        content = _kept(up, margins.drawn, back_up)
        room = None if content is None else _kept(replace(down, mass=span - content.mass), margins.filled, back_down)
        if content is not None and room is not None:
            tried.append((content, room))
    fitting = [each for each in tried if not _outside(usable, *each)] or _as_begun(usable, up, down, margins)
    if not tried and not fitting:
        raise ConfigurationError(_too_much(up, down, margins))
    return _begun(usable, *(fitting or tried)[0])


def _as_begun(usable: Usable, up: _Side, down: _Side, margins: Margins) -> list[tuple[Kept, Kept]]:
    """Return what full orders use of the content and of the room that the banks begin with; empty where they do not do.

    Both fit next to each other, whatever they are: the content lies below the beginning and the room above it.
    """
    content = np.clip(usable.first - usable.least, 0.0, up.mass)
    room = np.clip(usable.capacity - usable.first, 0.0, down.mass)
    given = _kept(replace(up, mass=content), margins.drawn, False)
    taken = _kept(replace(down, mass=room), margins.filled, False)
    return [] if given is None or taken is None else [(given, taken)]


def _outside(usable: Usable, content: Kept, room: Kept) -> list[str]:
    """Return which banks begin outside what is left for dispatch, and within which contents they must begin."""
    low, high = usable.least + content.mass, usable.capacity - room.mass
    slack = ROUNDING * usable.capacity
    return [
        f"{label} begins with {usable.first[b]:g} kg; orders need it within {low[b]:g} and {high[b]:g} kg"
        for b, label in enumerate(usable.labels)
        if not low[b] - slack[b] <= usable.first[b] <= high[b] + slack[b]
    ]


def _begun(usable: Usable, content: Kept, room: Kept) -> tuple[Kept, Kept]:
    """Return what is kept, where every bank begins within the rest."""
    wrong = _outside(usable, content, room)
    if wrong:
        raise ConfigurationError(f"dispatch.reserves: the store {'; '.join(wrong)}; begin there or offer less power")
    return content, room


def _alone(side: _Side, mass: float, orders: Sequence[Order]) -> Kept | None:
    """Return what is kept of a single bank; None where its rate or its content does not do."""
    rate = sum(flow for flow, _ in orders)
    if rate > min(side.rate[0], side.through[0]) * (1.0 + ROUNDING) or mass > side.mass[0] * (1.0 + ROUNDING):
        return None
    return Kept(np.array([mass]), np.array([rate]), np.array([rate]))


def _too_much(up: _Side, down: _Side, margins: Margins) -> str:
    """Return what the stores cannot answer, and what they could by their rates alone."""
    for side, orders, verb, noun in (
        (up, margins.drawn, "give", "content"),
        (down, margins.filled, "take", "room"),
    ):
        flow, mass = sum(flow for flow, _ in orders), sum(flow * time for flow, time in orders)
        if _kept(side, orders, False) is None and _kept(side, orders, True) is None:
            most = sum(min(side.rate[side.of_store == k].sum(), side.through[k]) for k in range(side.through.size))
            return (
                f"dispatch.reserves: full orders want the stores to {verb} {flow * HOUR:g} kg/h, {mass:g} kg in all; "
                f"all together they {verb} at most {most * HOUR:g} kg/h and have {side.mass.sum():g} kg of {noun}, and "
                f"less per hour once the first of their order is {'empty' if verb == 'give' else 'full'}: offer less "
                "power, or state larger rates or stores"
            )
    return (
        "dispatch.reserves: the stores have no place for both what orders up and what orders down need of them: "
        f"{margins.content:g} kg of content and {margins.room:g} kg of room, as they begin; offer less power, or state "
        "larger stores"
    )


def _kept(side: _Side, orders: Sequence[Order], from_the_end: bool) -> Kept | None:
    """Return what must be kept so that all full orders are answered; None where no such part of the stores does.

    Either what orders use of stores that are full, walked through in their order; or, `from_the_end`, the last stores
    of the order as far as needed, where these alone can answer.
    """
    if not orders:
        none = np.zeros(side.mass.size)
        return Kept(none, none, np.zeros(side.through.size))
    if not from_the_end:
        return _answered(side, orders)
    needed, mass = sum(flow * time for flow, time in orders), np.zeros(side.mass.size)
    for b in side.order[::-1]:
        mass[b] = min(side.mass[b], needed)
        needed -= mass[b]
    return _answered(replace(side, mass=mass), orders)


def _answered(side: _Side, orders: Sequence[Order]) -> Kept | None:
    """Return what full orders use of banks that hold so much, and the largest rates; None where they are not answered.

    Banks are called in their order, each at its rate until it is empty; in an interval, for no more than is in it. With
    more in any of them each lasts longer and the later ones are called for less, so that what answers from the least
    content answers from every other.
    """
    left, used, most = side.mass.copy(), np.zeros(side.mass.size), np.zeros(side.mass.size)
    through_most = np.zeros(side.through.size)
    ends, now = sorted({time for _, time in orders if time > 0.0}), 0.0
    gone = ROUNDING * max(float(side.mass.max()), 1e-300)
    while ends:
        flow = rest = sum(flow for flow, time in orders if time > now)
        lasts = ends[0] - now
        if side.step > 0.0:
            lasts = min(lasts, (np.floor(now / side.step + ROUNDING) + 1.0) * side.step - now)
        rate, through = np.zeros(left.size), side.through.copy()
        for b in side.order:
            if left[b] > gone:
                most_left = left[b] / lasts if side.step > 0.0 else UNLIMITED
                rate[b] = min(rest, side.rate[b], through[side.of_store[b]], most_left)
                rest -= rate[b]
                through[side.of_store[b]] -= rate[b]
        if rest > ROUNDING * flow:
            return None
        working = rate > 0.0
        lasts = min([lasts, *(left[working] / rate[working])])
        left, used = np.maximum(left - rate * lasts, 0.0), used + rate * lasts
        most = np.maximum(most, rate)
        through_most = np.maximum(through_most, np.bincount(side.of_store, rate, side.through.size))
        now += lasts
        if ends[0] - now <= ROUNDING * ends[0]:
            now = ends.pop(0)
    return Kept(used, most, through_most)
