"""A farm in its wind, read and checked once: the sweep of its hours, with neighbours only where they can matter."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats, Integers, Truths

from testsite_sim.common.errors import DataError
from testsite_sim.common.user_warnings import warn_user
from testsite_sim.wind.farm import Farm, Turbine
from testsite_sim.wind.inflow import (
    Inflow,
    check_deflection,
    mean_direction,
    read_inflow,
    rows_of,
    with_neighbours,
)
from testsite_sim.wind.models import WakeModel
from testsite_sim.wind.reach import reached_hours
from testsite_sim.wind.sweeping import Found, check_workers, sweep_farm

Kinds = tuple[Farm, Integers]  # one turbine of each type, and the type of every turbine


@dataclass(frozen=True, eq=False)
class FarmInWind:
    """A farm in its wind, see `farm_in_wind`.

    Attributes
    ----------
    farm
        The turbines.
    own
        Their wind.
    model
        The wake model.
    workers
        Threads; None: one a processor.
    neighbours
        Turbines of other farms, whose wakes and induction count.
    others
        Their wind; None: that of the farm.
    """

    farm: Farm
    own: Inflow
    model: WakeModel
    workers: int | None = None
    neighbours: Farm | None = None
    others: Inflow | None = None

    def simulate(
        self,
        *,
        factor: float = 1.0,
        limit: Floats | None = None,
        hours: Integers | None = None,
        blockage: str = "none",
        alone: bool = False,
        only_power: bool = False,
        meanwhile: Callable[[Found], None] | None = None,
    ) -> Found:
        """Find what every turbine of the farm gives.

        Parameters
        ----------
        factor : float
            On its wind speed; that of neighbours with a wind of their own stays as it is.
        limit : ndarray, shape (time, turbines), optional
            Power that each turbine may give [W], instead of that of the inflow.
        hours : ndarray, optional
            Rows of the hours to simulate, in order; None: all.
        blockage : str
            As in `simulate_farm`.
        alone : bool
            Without the neighbours.
        only_power : bool
            Only the power is asked for: the rest of what is returned has no meaning.
        meanwhile : callable, optional
            As in `sweep_farm`.

        Returns
        -------
        Found
            Each of shape (hours, turbines).
        """
        own = self.own if factor == 1.0 else replace(self.own, speed=self.own.speed * factor)
        own = own if limit is None else replace(own, limit=limit)
        if self.neighbours is None:
            direction = self.own.mean_direction
            if hours is not None:
                own, direction = rows_of(own, hours), direction[hours]
            return sweep_farm(
                self.farm,
                own,
                self.model,
                self.workers,
                blockage=blockage,
                mean_direction=direction,
                only_power=only_power,
                meanwhile=meanwhile,
            )
        direction, reached = self.own.mean_direction, self._count_neighbours(blockage, alone)
        at = np.arange(reached.size) if hours is None else hours
        if hours is not None:
            own, direction, reached = rows_of(own, hours), direction[hours], reached[hours]
        gives = np.ones(reached.size, np.bool_)
        if only_power and blockage == "none":
            gives = _gives_power(self.farm, own)
        found = sweep_farm(
            self.farm,
            own,
            self.model,
            self.workers,
            blockage="none" if reached.any() else blockage,
            hours=np.flatnonzero(gives & ~reached),
            mean_direction=direction,
            only_power=only_power,
            meanwhile=meanwhile,
        )
        rows = np.flatnonzero(gives & reached)
        if rows.size > 0:
            with_others = self._with_neighbours(rows_of(own, rows), at[rows], blockage, only_power)
            for data, more in zip(found[: 1 if only_power else None], with_others, strict=False):
                if data.flags.writeable:  # else it is the ambient turbulence
                    data[rows] = more[:, : data.shape[1]]
        found.power[~gives] = 0.0
        return found

    def _count_neighbours(self, blockage: str, alone: bool) -> Truths:
        """Return in which hours neighbours are simulated: by their induction they matter in all."""
        if alone or self.neighbours is None:
            return np.zeros(self.own.direction.shape[0], np.bool_)
        return self.reached if blockage == "none" else np.ones(self.own.direction.shape[0], np.bool_)

    def _with_neighbours(self, own: Inflow, hours: Integers, blockage: str, only_power: bool) -> Found:
        """Find what every turbine gives in some hours, those of the neighbours behind the farm."""
        return sweep_farm(
            self.both,
            self._joined(own, hours),
            self.model,
            self.workers,
            blockage=blockage,
            mean_direction=self._direction_of_both[hours] if blockage == "none" else None,
            only_power=only_power,
        )

    def _joined(self, own: Inflow, hours: Integers) -> Inflow:
        """Return the wind of the farm in some hours with that of its neighbours behind it."""
        if self.neighbours is None:
            return own
        others = None if self.others is None else rows_of(self.others, hours)
        return with_neighbours(own, others, self.farm, self.neighbours)

    @cached_property
    def both(self) -> Farm:
        """The farm with its neighbours behind it."""
        farm, neighbours = self.farm, self.neighbours
        if neighbours is None:
            return farm
        return Farm(
            np.concatenate([np.asarray(farm.x), np.asarray(neighbours.x)]),
            np.concatenate([np.asarray(farm.y), np.asarray(neighbours.y)]),
            [*farm.turbines, *neighbours.turbines],
        )

    @cached_property
    def reached(self) -> Truths:
        """In which hours a wake of the neighbours can matter; in all others the farm stands as if there were none."""
        if self.neighbours is None:
            return np.zeros(self.own.direction.shape[0], np.bool_)
        return reached_hours(self.farm, self.neighbours, self.model, self.own, self.others)

    @cached_property
    def _direction_of_both(self) -> Floats:
        """The mean direction of all turbines, those of the neighbours among them, shape (time,) [degree]."""
        if self.neighbours is None or self.others is None:
            return self.own.mean_direction
        counts = len(self.farm.turbines), len(self.neighbours.turbines)
        return mean_direction((self.own.direction, self.others.direction), counts)

    def together(self, hours: Integers) -> Inflow:
        """Return the wind of the farm with that of its neighbours behind it, in some hours."""
        return self._joined(rows_of(self.own, hours), hours)

    @property
    def yaw(self) -> Floats:
        """How the turbines of the farm are turned out of the wind [degree], see `Inflow`."""
        if self.own.yaw.size > 0 or not self.is_yawed:
            return self.own.yaw
        return np.zeros((1, len(self.farm.turbines)))

    @cached_property
    def is_yawed(self) -> bool:
        """Whether any turbine, of the farm or of its neighbours, is ever turned out of the wind."""
        theirs = None if self.neighbours is None else self.neighbours.yaw
        if self.own.yaw.size > 0 or (self.others is not None and self.others.yaw.size > 0):
            return True
        return theirs is not None and self.together(np.arange(self.own.direction.shape[0])).yaw.size > 0


def farm_in_wind(
    farm: Farm,
    inflow: xr.Dataset,
    model: WakeModel,
    workers: int | None = None,
    *,
    neighbours: Farm | None = None,
    neighbour_inflow: xr.Dataset | None = None,
    kinds: Kinds | None = None,
    neighbour_kinds: Kinds | None = None,
) -> FarmInWind:
    """Return a farm in its wind, all of it checked.

    Parameters
    ----------
    farm, inflow, workers, neighbours, neighbour_inflow
        As in `simulate_farm`.
    model : WakeModel
        The wake model.
    kinds, neighbour_kinds : tuple of Farm and ndarray, optional
        One turbine of each type, and the type of every turbine, as `types_of` gives them: the inflow is then that of
        the types, whose turbines have the same wind.

    Raises
    ------
    ConfigurationError, DataError
        As `simulate_farm`.

    Warns
    -----
    UserWarning
        When two turbines stand nearer to each other than the larger of their rotor diameters; when the turbulence
        intensity looks like a percentage.
    """
    check_workers(workers)
    own, others = _of_kinds(read_inflow(inflow, farm if kinds is None else kinds[0], model), kinds), None
    if neighbours is not None and neighbour_inflow is not None:
        theirs = neighbours if neighbour_kinds is None else neighbour_kinds[0]
        others = _of_kinds(_of_neighbours(neighbour_inflow, theirs, model, inflow), neighbour_kinds)
    found = FarmInWind(farm, own, model, workers, neighbours, others)
    if own.yaw.size > 0 or neighbours is not None:
        # Of what is yawed all hours count; else it is seen that the inflows agree.
        hours = own.direction.shape[0] if found.is_yawed else 0
        check_deflection(found.together(np.arange(hours)), model)
    if near := near_turbines(farm if neighbours is None else found.both, len(farm.turbines)):
        warn_user(near)
    return found


def _of_kinds(inflow: Inflow, kinds: Kinds | None) -> Inflow:
    """Return an inflow of types as one of the turbines."""
    return inflow if kinds is None else replace(inflow, column=kinds[1])


def _gives_power(farm: Farm, inflow: Inflow) -> Truths:
    """Return in which hours any turbine could give power: in the others the wind itself is too weak for all.

    What wakes leave of it is no more. Turbines that have cut out in a storm count as giving.
    """
    calm = {turbine: calm_below(turbine) for turbine in farm.types[0]}
    limit = np.array([calm[turbine] for turbine in farm.turbines])
    limit = limit.min(keepdims=True) if inflow.speed.shape[1] == 1 else limit
    if inflow.column is not None and inflow.speed.shape[1] > 1:
        lowest = np.full(inflow.speed.shape[1], np.inf)
        np.minimum.at(lowest, inflow.column, limit)
        limit = lowest
    speed = inflow.speed * np.maximum(inflow.density_factor, 1.0)
    return np.asarray((speed >= limit).any(axis=1))


def calm_below(turbine: Turbine) -> float:
    """Return the wind speed below which the curve of a turbine is nothing but zero [m/s]."""
    first = int(np.argmax(np.asarray(turbine.power) != 0.0))
    return float(np.asarray(turbine.wind_speed)[max(first - 1, 0)])


def _of_neighbours(inflow: xr.Dataset, neighbours: Farm, model: WakeModel, own: xr.Dataset) -> Inflow:
    """Return the inflow of neighbours at the times of that of the farm."""
    if isinstance(inflow, xr.Dataset) and "power_limit" in inflow:
        raise DataError("neighbour_inflow: has a power_limit, but neighbours are never held down; leave it out.")
    time = own["time"].to_numpy() if "time" in own.coords else np.arange(own.sizes["time"])
    return read_inflow(inflow, neighbours, model, "neighbour_inflow", time)


def near_turbines(farm: Farm, own: int) -> str:
    """Say where two turbines that cast wakes stand nearer to each other than the larger of their rotor diameters.

    Parameters
    ----------
    farm : Farm
        The turbines, those of neighbours behind them.
    own : int
        How many of them are of the farm itself.

    Returns
    -------
    str
        A sentence; empty where none do.
    """
    nearest, one, other = farm.nearest
    if nearest >= 1.0:
        return ""
    which = "two turbines" if (one < own) == (other < own) else "a turbine and one of the neighbours"
    return f"farm: {which} stand {nearest:.2f} rotor diameters apart; wake models hold from about two on."
