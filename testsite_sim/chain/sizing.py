"""The size of a plant that is worth most, or whose hydrogen costs least, in given weather and prices."""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.optimize import Bounds, NonlinearConstraint, minimize

from testsite_sim.chain.annual import REMEDY, annual_of
from testsite_sim.chain.dispatching import dispatch
from testsite_sim.chain.preparation import Prepared
from testsite_sim.chain.simulation import money_of, until_wind
from testsite_sim.common.errors import ConfigurationError, nearest
from testsite_sim.common.units import HOUR
from testsite_sim.configuration.hydrogen import Electrolyser, Tank
from testsite_sim.configuration.plant import AnyStore, PlantConfiguration
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.economics import Annual
from testsite_sim.plant.stores import of_capacity

OBJECTIVES = {"npv": "net_present_value", "lcoh": "levelised_cost_of_hydrogen"}
TOLERANCE = 0.005  # of the logarithm of a size, relative to the range that is searched
MOST_TRIALS = 60  # of one start
MOST_STARTS = 3  # where something is required: of the best tanks of the grid, each with its best electrolyser
MOST_MARGIN = 10.0  # that a search sees of a requirement, relative to its limit
SAFE = 1e-4  # margin that a search keeps of a requirement, relative to its limit
MOST_EXTENSIONS = 4  # of the grid
HOPELESS = 1e30  # [EUR] or [EUR/kg], beyond every figure that is met
NOTHING_TO_SIZE = "size: the scenario has no plant with one electrolyser and a store, and at most one fuel cell."
# What may be required: its unit, and what it means.
MEASURES = {
    "hydrogen_unmet": ("%", "hydrogen not delivered, of that asked for"),
    "energy_curtailed": ("%", "wind energy not used, of that at the connection"),
    "electrolyser_full_load_hours": ("h", "in a year"),
    "levelised_cost_of_hydrogen": ("EUR/kg", "of the project"),
    "net_present_value": ("EUR", "of the project"),
}
_REQUIREMENT = re.compile(r"\s*(\w+)\s*([<>])\s*([-+]?\d+\.?\d*(?:[eE][-+]?\d+)?)\s*(\S*)\s*")
_SUMMED = ("hydrogen_delivered", "hydrogen_unmet", "power_curtailed", "power_wind", "power_electrolysers")


def scaled(
    scenario: Scenario, electrolyser: float, tank: float, fuel_cell: float, number: int | None = None
) -> Scenario:
    """Return a scenario with other capacities of its plant [W], [kg], [W]; what belongs to a size grows with it.

    Of a list of stores the one of a `number` is sized, from 0; see `store_to_size`.
    """
    plant, machine = _sized(scenario)
    place, store = store_to_size(plant, number)
    resized = of_capacity(store, tank)
    stacks = machine.stacks and machine.stacks.resized(electrolyser)
    changed: dict[str, object] = {
        "electrolysers": (machine.model_copy(update={"capacity": electrolyser, "stacks": stacks}),),
        "store": resized if place is None else (*plant.stores[:place], resized, *plant.stores[place + 1 :]),
        "fuel_cells": tuple(cell.model_copy(update={"capacity": fuel_cell}) for cell in plant.fuel_cells),
    }
    return scenario.model_copy(update={"plant": plant.model_copy(update=changed)})


def _sized(scenario: Scenario) -> tuple[PlantConfiguration, Electrolyser]:
    """Return the plant of a scenario and its electrolyser, where these are what can be sized."""
    plant = scenario.machines
    if len(plant.electrolysers) != 1 or not plant.stores or len(plant.fuel_cells) > 1:
        raise ConfigurationError(NOTHING_TO_SIZE)
    return plant, plant.electrolysers[0]


def store_to_size(plant: PlantConfiguration, number: int | None) -> tuple[int | None, AnyStore]:
    """Return the store whose capacity is sized, and its place in the list of stores, None where there is no list.

    Parameters
    ----------
    plant : PlantConfiguration
        With a store.
    number : int or None
        The place that is asked for, from 0; None: that of the only store, or of the only one by mass.

    Raises
    ------
    ConfigurationError
        When there is no such store, or several could be meant and none is named.
    """
    stores = plant.stores
    meant = [k for k, store in enumerate(stores) if isinstance(store, Tank)] or list(range(len(stores)))
    of_all = number is not None or not any(isinstance(store, Tank) for store in stores)
    named = range(len(stores)) if of_all else meant
    keys = " or ".join(f"{k} ({', '.join(size_keys(plant, k))}, {stores[k].title})" for k in named)
    if number is None and len(meant) > 1:
        kind = "of banks" if of_all else "by mass"
        raise ConfigurationError(f"size: {len(meant)} stores of the list are {kind}; state which is sized: {keys}.")
    place = meant[0] if number is None else number
    if not 0 <= place < len(stores):
        raise ConfigurationError(f"size: found the store {place}; expected {keys}.")
    return place if isinstance(plant.store, tuple) else None, stores[place]


def size_keys(plant: PlantConfiguration, place: int | None) -> list[str]:
    """Return the keys of a scenario that state the size of a store: its capacity, or the volumes of its banks."""
    listed = isinstance(plant.store, tuple)
    store = plant.stores[place or 0]
    key = f"plant.store.{place or 0}" if listed else "plant.store"
    if isinstance(store, Tank):
        return [f"{key}.capacity"]
    return [f"{key}.cascade.banks.{b}.volume" for b in range(len(store.cascade.banks))]


def check_sizing(scenario: Scenario, store: int | None = None) -> None:
    """Refuse a scenario that has nothing to size, or not the store that is asked for.

    Raises
    ------
    ConfigurationError
        Says what is expected.
    """
    plant, _ = _sized(scenario)
    store_to_size(plant, store)


@dataclass(frozen=True)
class Requirement:
    """What a size must keep: a figure of `MEASURES` below, or above, a limit in its SI unit."""

    name: str
    below: bool
    limit: float

    def margin(self, found: Mapping[str, float]) -> float:
        """Return by how much a size keeps it, relative to the limit; below 0 where it is missed."""
        value = found[self.name]
        kept = self.limit - value if self.below else value - self.limit
        return kept / max(abs(self.limit), 1e-12)

    def excess(self, found: Mapping[str, float]) -> float:
        """Return by how much a size misses it, relative to the limit; 0 where it is met."""
        return max(-self.margin(found), 0.0)


def parse_requirement(text: str) -> Requirement:
    """Read `hydrogen_unmet < 5 %`, `electrolyser_full_load_hours > 3000 h` or `levelised_cost_of_hydrogen < 6 EUR/kg`.

    Raises
    ------
    ConfigurationError
        When it cannot be read, there is no such figure, or the unit is another one.

    Examples
    --------
    >>> parse_requirement("hydrogen_unmet < 5 %")
    Requirement(name='hydrogen_unmet', below=True, limit=0.05)
    """
    match = _REQUIREMENT.fullmatch(text)
    if match is None:
        raise ConfigurationError(
            f"require {text!r}: expected a figure, < or >, and a value with its unit: `hydrogen_unmet < 5 %`."
        )
    name, sign, number, unit = match.groups()
    if name not in MEASURES:
        raise ConfigurationError(f"require: there is no figure {name!r}. {nearest(name, MEASURES)}")
    expected = MEASURES[name][0]
    if unit != expected:
        raise ConfigurationError(f"require {text!r}: found the unit {unit!r}; {name} wants {expected!r}.")
    return Requirement(name, sign == "<", float(number) * (0.01 if unit == "%" else 1.0))


def _measures(plant: xr.Dataset, money: Mapping[str, Any], annual: Annual) -> dict[str, float]:
    """Return every figure that a requirement may name, of one trial."""
    step = float(plant.attrs["step"])
    sums = {name: annual.total(plant[name].to_numpy()) * step if name in plant else 0.0 for name in _SUMMED}
    asked = sums["hydrogen_delivered"] + sums["hydrogen_unmet"]
    capacity = float(plant.attrs["electrolyser_capacity"])
    return {
        "hydrogen_unmet": sums["hydrogen_unmet"] / asked if asked > 0.0 else 0.0,
        "energy_curtailed": sums["power_curtailed"] / max(sums["power_wind"], 1e-300),
        "electrolyser_full_load_hours": sums["power_electrolysers"] / capacity / HOUR,
        "levelised_cost_of_hydrogen": float(money.get("levelised_cost_of_hydrogen", np.inf)),
        "net_present_value": float(money["net_present_value"]),
    }


class _Trials:
    """Simulates sizes, each once; the worth of one is what the search makes least."""

    def __init__(
        self,
        prepared: Prepared,
        objective: str,
        requirements: Sequence[Requirement],
        store: int | None,
        tried: Callable[[int], None] | None,
        timed: Callable[[float], None] | None = None,
    ) -> None:
        steps = until_wind(prepared)
        power, price = steps["wind"]["power_delivered"], steps["weather"]["day_ahead_price"]
        annual = annual_of(prepared.scenario, prepared.farm, prepared.record, steps["weather"], prepared.reference)
        if annual is None:
            raise ConfigurationError(f"size: the period is not a whole year, which its figures are of; {REMEDY}.")
        # No figure is next to the best operation, which takes several times as long as a year of a rule.
        self.prepared = replace(prepared, optimum=False)
        self.power, self.price, self.annual = power, price, annual
        self.operations = steps["operations"]
        self.column, self.sign = OBJECTIVES[objective], -1.0 if objective == "npv" else 1.0
        self.requirements, self.store, self.tried, self.timed = requirements, store, tried, timed
        self.known: dict[tuple[float, ...], dict[str, float]] = {}

    def figures(self, *sizes: float) -> dict[str, float]:
        """Return the figures of a size: electrolyser [W], tank [kg], fuel cell [W]."""
        if sizes not in self.known:
            begun = time.monotonic()
            electrolyser, tank, fuel_cell = sizes
            tried = scaled(self.prepared.scenario, electrolyser, tank, fuel_cell, self.store)
            one = replace(self.prepared, scenario=tried, optimum=False)  # a trial is not set next to the best dispatch
            found = dict(dispatch(one, self.power, self.price, self.annual))
            money = money_of(one, found, self.annual, self.operations)
            self.known[sizes] = _measures(found["plant"], money.attrs, self.annual)
            if self.tried is not None:
                self.tried(len(self.known))
            if self.timed is not None and len(self.known) == 2:  # the first one compiles and imports
                self.timed(time.monotonic() - begun)
        return self.known[sizes]

    def missed(self, *sizes: float) -> float:
        """Return by how much a size misses the requirements, relative; 0 where it meets them all."""
        return sum(each.excess(self.figures(*sizes)) for each in self.requirements)

    def worth(self, *sizes: float) -> float:
        """Return what the search makes least; a size that misses a requirement is worse than all that do not."""
        missed = self.missed(*sizes)
        return self.sign * self.figures(*sizes)[self.column] if missed == 0.0 else HOPELESS * (1.0 + missed)


def _extend(axes: list[list[float]], best: Callable[[], tuple[int, ...]]) -> None:
    """Add sizes where the best of the grid lies on its edge, in the ratio of the last two, as often as allowed.

    An axis of one size is fixed.
    """
    for _ in range(MOST_EXTENSIONS):
        place = best()
        grown = False
        for axis, index in zip(axes, place, strict=True):
            if len(axis) > 1 and index == len(axis) - 1:
                axis.append(axis[-1] * axis[-1] / axis[-2])
                grown = True
            elif len(axis) > 1 and index == 0:
                axis.insert(0, axis[0] * axis[0] / axis[1])
                grown = True
        if not grown:
            return


def size_plant(
    prepared: Prepared,
    electrolysers: Sequence[float],
    tanks: Sequence[float],
    *,
    objective: str = "npv",
    fuel_cell: float | Sequence[float] | None = None,
    requirements: Sequence[Requirement] = (),
    store: int | None = None,
    tried: Callable[[int], None] | None = None,
    timed: Callable[[float, int], None] | None = None,
) -> xr.Dataset:
    """Try sizes of electrolyser and tank on a grid, then search on from the best by the simplex of Nelder and Mead.

    Weather, fleet and prices are simulated once; every trial dispatches by the scenario's strategy and counts the money
    of the whole project. Where the best of the grid lies on its edge the grid grows there, up to `MOST_EXTENSIONS`
    times; where the best lies on the edge still, it is said. An axis of one size is fixed.

    Parameters
    ----------
    prepared : Prepared
        The scenario, opened and checked.
    electrolysers, tanks : sequence of float
        Capacities of the grid, rising [W], [kg].
    objective : str
        `npv`, the net present value, or `lcoh`, the levelised cost of hydrogen.
    fuel_cell : float or sequence of float, optional
        Its capacity [W]; of several it is searched for from the least to the largest; None: from half of that of the
        scenario to twice it, where it has one.
    requirements : sequence of Requirement
        What the size must keep.
    store : int, optional
        Place in the list of stores of the one that is sized, from 0; None: that of the only store, or of the only one
        by mass. Banks grow in volume all alike; their compressor stays as it is.
    tried : callable, optional
        Takes how many sizes were tried, after each.
    timed : callable, optional
        Takes what one size took [s], measured at the second, and how many more may be tried.

    Returns
    -------
    xarray.Dataset, dims (electrolyser, tank)
        net_present_value [EUR] and levelised_cost_of_hydrogen [EUR/kg] on the grid as it grew, and `meets` the
        requirements; attributes best_electrolyser [W], best_tank [kg], best_fuel_cell [W], best_value, trials, `edge`
        (what of the best lies on an edge of what was searched; empty where nothing does), and of each requirement its
        figure.

    Raises
    ------
    ConfigurationError
        When there is no such objective, a size is not above zero, the scenario has no plant to size, the period stands
        for no year, or no size meets the requirements.
    """
    if objective not in OBJECTIVES:
        raise ConfigurationError(f"size: there is no objective {objective!r}. {nearest(objective, OBJECTIVES)}")
    axes = [[float(value) for value in values] for values in (electrolysers, tanks)]
    if any(not axis or axis[0] <= 0.0 or any(b <= a for a, b in pairwise(axis)) for axis in axes):
        raise ConfigurationError("size: the sizes must be above zero and rise.")
    check_sizing(prepared.scenario, store)
    plant = prepared.scenario.machines
    own = float(plant.fuel_cells[0].capacity) if plant.fuel_cells else 0.0
    cells = _cells_to_try(own, fuel_cell)
    middle = min(max(own, cells[0]), cells[1])
    is_searched = cells[1] > cells[0] or any(len(axis) > 1 for axis in axes)
    most = len(axes[0]) * len(axes[1]) + MOST_TRIALS * (MOST_STARTS if requirements else 1) * is_searched
    trials = _Trials(
        prepared, objective, requirements, store, tried, timed and (lambda seconds: timed(seconds, max(most - 2, 0)))
    )

    def best_of_grid() -> tuple[int, ...]:
        worth = np.array([[trials.worth(a, b, middle) for b in axes[1]] for a in axes[0]])
        return tuple(int(k) for k in np.unravel_index(int(np.argmin(worth)), worth.shape))

    _extend(axes, best_of_grid)
    start = best_of_grid()
    ranges = {"electrolyser": (axes[0][0], axes[0][-1]), "tank": (axes[1][0], axes[1][-1])}
    at = {"electrolyser": axes[0][start[0]], "tank": axes[1][start[1]], "fuel_cell": middle}
    ranges["fuel_cell"] = cells
    free = [name for name, (low, high) in ranges.items() if high > low]
    searched = {name: ranges[name] for name in free}
    if requirements:
        best = _search_within(trials, _starts(trials, axes, middle), searched)
    else:
        best = _search(trials, at, searched)
    values = tuple(best[name] for name in ("electrolyser", "tank", "fuel_cell"))
    if trials.missed(*values) > 0.0:
        found = ", ".join(f"{each.name} {trials.figures(*values)[each.name]:.4g}" for each in requirements)
        raise ConfigurationError(
            f"size: no size that was tried meets what is required; the nearest, {values[0] / 1e6:.4g} MW and "
            f"{values[1]:.4g} kg, has {found}. Try larger sizes, or require less."
        )
    edges = [
        f"{name.replace('_', ' ')} at its {'least' if best[name] <= ranges[name][0] * 1.01 else 'largest'}"
        for name in free
        if not ranges[name][0] * 1.01 < best[name] < ranges[name][1] / 1.01
    ]
    return _surface(trials, axes, middle).assign_attrs(
        objective=OBJECTIVES[objective],
        best_electrolyser=values[0],
        best_tank=values[1],
        best_fuel_cell=values[2],
        best_value=trials.figures(*values)[OBJECTIVES[objective]],
        trials=len(trials.known),
        edge="; ".join(edges),
        **{f"required_{each.name}": trials.figures(*values)[each.name] for each in requirements},
    )


def _cells_to_try(own: float, stated: float | Sequence[float] | None) -> tuple[float, float]:
    """Return the least and the largest capacity of the fuel cell [W], of which the scenario has its `own`.

    Raises
    ------
    ConfigurationError
        When one is stated that is not above zero, or there is no fuel cell.
    """
    if stated is None:
        return 0.5 * own, 2.0 * own
    sizes = [stated] if isinstance(stated, int | float) else list(stated)
    if own <= 0.0:
        raise ConfigurationError("size: the scenario has no fuel cell, so that none can be sized; leave fuel_cell out.")
    if not sizes or min(sizes) <= 0.0:
        raise ConfigurationError("size: the capacities of the fuel cell must be above zero.")
    return float(min(sizes)), float(max(sizes))


def _search(trials: _Trials, start: Mapping[str, float], ranges: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """Return the best size that the simplex finds from a start, in the logarithm of each size over its range."""
    names = list(ranges)
    low = np.log([ranges[name][0] for name in names])
    span = np.log([ranges[name][1] for name in names]) - low

    def sizes(place: NDArray[np.float64]) -> dict[str, float]:
        moved = np.exp(low + np.clip(place, 0.0, 1.0) * span)
        return {**start, **{name: float(value) for name, value in zip(names, moved, strict=True)}}

    def worth(place: NDArray[np.float64]) -> float:
        tried = sizes(place)
        return trials.worth(tried["electrolyser"], tried["tank"], tried["fuel_cell"])

    if not names:
        return dict(start)
    first = (np.log([start[name] for name in names]) - low) / span
    at_start = trials.worth(start["electrolyser"], start["tank"], start["fuel_cell"])
    found = minimize(
        worth,
        first,
        method="Nelder-Mead",
        bounds=[(0.0, 1.0)] * len(names),
        options={"maxfev": MOST_TRIALS, "xatol": TOLERANCE, "fatol": 1e-4 * abs(at_start) + 1e-9},
    )
    return sizes(found.x) if float(found.fun) < at_start else dict(start)


def _search_within(
    trials: _Trials, starts: Sequence[Mapping[str, float]], ranges: Mapping[str, tuple[float, float]]
) -> dict[str, float]:
    """Return the best size that keeps the requirements: from each start along their limits, by COBYQA.

    The best lies where a requirement just holds, an edge that a simplex runs into and does not follow. What it tries is
    the logarithm of each size over its range; of all trials the best that keeps every requirement is taken.
    """
    names = list(ranges)
    low = np.log([ranges[name][0] for name in names])
    span = np.log([ranges[name][1] for name in names]) - low
    order = ("electrolyser", "tank", "fuel_cell")

    def figures(start: Mapping[str, float], place: NDArray[np.float64]) -> dict[str, float]:
        moved = np.exp(low + np.clip(place, 0.0, 1.0) * span)
        tried = {**start, **{name: float(value) for name, value in zip(names, moved, strict=True)}}
        return trials.figures(*(tried[name] for name in order))

    def kept(start: Mapping[str, float]) -> NonlinearConstraint:
        def margins(place: NDArray[np.float64]) -> NDArray[np.float64]:
            found = figures(start, place)
            return np.clip([each.margin(found) for each in trials.requirements], -MOST_MARGIN, MOST_MARGIN)

        return NonlinearConstraint(margins, SAFE, np.inf)

    def objective(start: Mapping[str, float], scale: float) -> Callable[[NDArray[np.float64]], float]:
        return lambda place: float(np.clip(trials.sign * figures(start, place)[trials.column] / scale, -1e6, 1e6))

    for start in starts if names else ():
        at_start = trials.figures(*(start[name] for name in order))[trials.column]
        minimize(
            objective(start, abs(at_start) if np.isfinite(at_start) and at_start != 0.0 else 1.0),
            (np.log([start[name] for name in names]) - low) / span,
            method="COBYQA",
            bounds=Bounds(np.zeros(len(names)), np.ones(len(names))),
            constraints=kept(start),
            options={"maxfev": MOST_TRIALS, "initial_tr_radius": 0.25, "final_tr_radius": TOLERANCE},
        )
    inside = [
        sizes
        for sizes in trials.known
        if all(
            high == low or low * 0.999999 <= size <= high * 1.000001
            for size, (low, high) in zip(
                sizes, (ranges.get(name, (starts[0][name], starts[0][name])) for name in order), strict=True
            )
        )
    ]
    return dict(zip(order, min(inside, key=lambda sizes: trials.worth(*sizes)), strict=True))


def _starts(trials: _Trials, axes: list[list[float]], middle: float) -> list[dict[str, float]]:
    """Return the best electrolyser of the grid for each of the tanks that are best with theirs, best first."""
    columns = [min((trials.worth(a, b, middle), a, b) for a in axes[0]) for b in axes[1]]
    return [{"electrolyser": a, "tank": b, "fuel_cell": middle} for _, a, b in sorted(columns)[:MOST_STARTS]]


def _surface(trials: _Trials, axes: list[list[float]], middle: float) -> xr.Dataset:
    """Return the figures on the grid."""
    dims = ("electrolyser", "tank")
    grid = {
        name: np.array([[trials.figures(a, b, middle)[name] for b in axes[1]] for a in axes[0]])
        for name in OBJECTIVES.values()
    }
    meets = np.array([[trials.missed(a, b, middle) == 0.0 for b in axes[1]] for a in axes[0]], np.int8)
    cost = grid["levelised_cost_of_hydrogen"]
    value = {"units": "EUR", "long_name": "net present value"}
    of_hydrogen = {"units": "EUR kg-1", "long_name": "levelised cost of hydrogen"}
    kept = {"units": "1", "long_name": "whether the size meets what is required"}
    return xr.Dataset(
        {
            "net_present_value": (dims, grid["net_present_value"], value),
            "levelised_cost_of_hydrogen": (dims, np.where(np.isfinite(cost), cost, np.nan), of_hydrogen),
            "meets": (dims, meets, kept),
        },
        coords={
            "electrolyser": ("electrolyser", axes[0], {"units": "W", "long_name": "capacity of the electrolyser"}),
            "tank": ("tank", axes[1], {"units": "kg", "long_name": "capacity of the tank"}),
        },
    )
