"""How the power of a farm in its wind is found: the protocol, and the flow that simulates every interval."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats, Integers

from testsite_sim.common.errors import DataError
from testsite_sim.common.inputs import aligned_inputs
from testsite_sim.weather import height_rows
from testsite_sim.wind.curve_losses import AfterLosses, after_curve_losses
from testsite_sim.wind.farm import Farm, turbine_coordinates
from testsite_sim.wind.farm_flow import simulate_farm
from testsite_sim.wind.farm_in_wind import FarmInWind, Kinds, farm_in_wind
from testsite_sim.wind.inflow import read_limit
from testsite_sim.wind.mechanisms import Mechanisms
from testsite_sim.wind.models import wake_model
from testsite_sim.wind.storm import storm_limits
from testsite_sim.wind.yaw import YAW

APART = 1e5  # [m] between turbines that stand alone


class Flow(Protocol):
    """The flow through a farm in a series of winds: `ExactFlow` simulates it, `TabulatedFlow` reads it from a table."""

    @property
    def power(self) -> xr.DataArray:
        """Power of every turbine with all mechanisms of the flow acting, all turbines running [W], (time, turbine)."""

    @property
    def total_power(self) -> float:
        """The sum of that over times and turbines [W]."""

    @property
    def yaw(self) -> xr.DataArray | None:
        """How the turbines are turned out of the wind [degree], (time, turbine); None where none ever is."""

    @property
    def operating(self) -> AfterLosses:
        """Power of the turbines while they run, before and after each loss on their curves, and by group [W]."""

    @property
    def energy_alone(self) -> Floats:
        """Energy of every turbine standing alone in the wind and always running, shape (turbines,) [J]."""

    def energy_after(self, mechanism: str) -> float:
        """Return the energy that one of `FLOW_MECHANISMS` and those before it leave [J]."""

    def power_in_wind(self, factor: float) -> float:
        """Return the sum of the power over times and turbines [W] in a wind `factor` times as strong."""


@dataclass(frozen=True, eq=False)
class ExactFlow:
    """The flow of every interval, simulated.

    Parameters
    ----------
    farm : Farm
        The turbines.
    inflow : xarray.Dataset, dims (time,), (time, turbine) or (time, height)
        As in `simulate`.
    mechanisms : Mechanisms
        What acts.
    step : float
        [s].
    workers : int, optional
        Threads; None: one a processor.
    groups : tuple of str
        The farms whose power is found apart, as in `simulate`.
    """

    farm: Farm
    inflow: xr.Dataset
    mechanisms: Mechanisms
    step: float
    workers: int | None = None
    groups: tuple[str, ...] = ()

    @cached_property
    def at_turbines(self) -> xr.Dataset:
        """The inflow at the turbines, as it is stated."""
        return at_hubs(self.farm, self.inflow)

    @cached_property
    def free(self) -> xr.Dataset:
        """The inflow at the turbines, none of which is held down or turned out of the wind."""
        return self.at_turbines.drop_vars("yaw", errors="ignore")

    @cached_property
    def limited(self) -> xr.Dataset:
        """The inflow at the turbines, which stand still in storms."""
        restart = self.mechanisms.storms
        if restart is None:
            return self.free
        inflow = self.inflow.drop_vars("yaw", errors="ignore")
        if "turbine" in inflow.dims:
            return self.free.assign(power_limit=storm_limits(self.farm, self.free["wind_speed"], float(restart)))
        types, kind = types_of(self.farm)  # those of a type have the same wind
        limits = storm_limits(types, at_hubs(types, inflow)["wind_speed"], float(restart))
        return self.free.assign(power_limit=limits.isel(turbine=xr.DataArray(kind, dims="turbine")))

    def _turned(self, inflow: xr.Dataset) -> xr.Dataset:
        """Return an inflow at the turbines with the yaw that is stated."""
        return inflow.assign(yaw=self.at_turbines["yaw"]) if "yaw" in self.at_turbines else inflow

    @cached_property
    def yaw(self) -> xr.DataArray | None:
        """How the turbines are turned out of the wind [degree], (time, turbine); None where none ever is."""
        found = simulate_farm(self.farm, self._turned(self.free), "none", self.workers)
        return found.get("yaw")

    @cached_property
    def in_wind(self) -> FarmInWind:
        """The farm in its wind, with its neighbours."""
        acting = self.mechanisms
        neighbours, around = acting.neighbours, acting.neighbour_inflow
        kinds, their_kinds = _kinds_of(self.farm, self.inflow), None
        if neighbours is not None and around is not None:
            their_kinds = _kinds_of(neighbours, around)
            around = at_hubs(neighbours, around) if their_kinds is None else _at_types(their_kinds, neighbours, around)
        return farm_in_wind(
            self.farm,
            self._turned(self.limited) if kinds is None else self._of_types(kinds),
            wake_model(acting.wakes),
            self.workers,
            neighbours=neighbours,
            neighbour_inflow=None if neighbours is None else around,
            kinds=kinds,
            neighbour_kinds=their_kinds,
        )

    def _of_types(self, kinds: Kinds) -> xr.Dataset:
        """Return the inflow at one turbine of each type, which stands still in storms."""
        inflow, restart = _at_types(kinds, self.farm, self.inflow), self.mechanisms.storms
        if restart is None:
            return inflow
        return inflow.assign(power_limit=storm_limits(kinds[0], inflow["wind_speed"], float(restart)))

    def _power(
        self,
        *,
        factor: float = 1.0,
        limit: Floats | None = None,
        hours: Integers | None = None,
        blockage: str = "none",
        alone: bool = False,
    ) -> Floats:
        """Return the power of every turbine with the factor on what wakes take; see `FarmInWind.simulate`."""
        flow = self.in_wind
        power = flow.simulate(
            factor=factor, limit=limit, hours=hours, blockage=blockage, alone=alone, only_power=True
        ).power
        if float(self.mechanisms.wake_loss) == 1.0:
            return power
        undisturbed = replace(flow, model=wake_model("none"), neighbours=None, others=None)
        without_wakes = undisturbed.simulate(factor=factor, limit=limit, hours=hours).power
        return self.mechanisms.with_wake_loss(power, without_wakes)

    @cached_property
    def power(self) -> xr.DataArray:
        """Power of every turbine with all mechanisms of the flow acting, all turbines running [W], (time, turbine)."""
        time = self.inflow["time"]
        return xr.DataArray(
            self._power(blockage=self.mechanisms.blockage),
            dims=("time", "turbine"),
            coords={"time": time, **turbine_coordinates(self.farm)},
            attrs={"units": "W", "long_name": "power of the turbine"},
        )

    @cached_property
    def total_power(self) -> float:
        """The sum of that over times and turbines [W]."""
        return float(self.power.to_numpy().sum())

    @cached_property
    def operating(self) -> AfterLosses:
        """Power of the turbines while they run, before and after each loss on their curves, and by group [W]."""
        acting = self.mechanisms
        return after_curve_losses(
            self.farm, self._running(), acting.share, acting.curve_losses, self.groups or ("",), self.workers
        )

    @cached_property
    def without_blockage(self) -> Floats:
        """The same without blockage."""
        return self.power.to_numpy() if self.mechanisms.blockage == "none" else self._power()

    @cached_property
    def alone(self) -> Floats:
        """Power of every turbine standing alone, turned into the wind, and always running [W], (time, turbine)."""
        inflow = self.inflow.drop_vars("yaw", errors="ignore")
        if "turbine" in inflow.dims:
            farm = replace(self.farm, yaw=None)  # what yaw takes of the turbines counts as lost to wakes
            return np.asarray(simulate_farm(farm, self.free, "none", self.workers)["power"].to_numpy())
        types, kind = types_of(self.farm)  # those of a type have the same wind
        power = simulate_farm(types, at_hubs(types, inflow), "none", 1)["power"].to_numpy()
        return np.take(power, kind, axis=1)  # in the order of its hours in memory, as sums go

    @cached_property
    def energy_alone(self) -> Floats:
        """Energy of every turbine standing alone in the wind and always running, shape (turbines,) [J]."""
        return np.asarray(self.alone.sum(axis=0) * self.step)

    def energy_after(self, mechanism: str) -> float:
        """Return the energy that one of `FLOW_MECHANISMS` and those before it leave [J]."""
        acting = self.mechanisms
        if mechanism == "storms" and acting.storms is None:
            return float(self.energy_alone.sum())
        if mechanism == "storms":  # standing alone, a turbine gives what it may give and not more
            power = np.minimum(self.alone, self.in_wind.own.limit_of(len(self.farm.turbines)))
        elif mechanism == "wakes" and acting.neighbours is not None:
            power = self._without_neighbours()
        else:
            power = self.power.to_numpy() if mechanism == "blockage" else self.without_blockage
        return float(power.sum()) * self.step

    def _without_neighbours(self) -> Floats:
        """Return the power without neighbours and blockage [W]: without them it is another where they reach alone."""
        reached = np.flatnonzero(self.in_wind.reached)
        if reached.size == 0:
            return self.without_blockage
        return _with_rows(self.without_blockage, reached, self._power(hours=reached, alone=True))

    def _running(self) -> Floats:
        """Return the power of the turbines while they run [W]; one that stands still casts no wake."""
        share = self.mechanisms.share
        if share.ndim == 0:
            return self.power.to_numpy()
        runs = share.copy(data=np.where(share.to_numpy() > 0.0, np.inf, 0.0)).drop_attrs()
        frame = self.free if "turbine" in self.inflow.dims else xr.Dataset(coords={"time": self.inflow["time"]})
        runs = frame.assign(power_limit=runs.assign_attrs(units="W"))["power_limit"]
        before = self.in_wind.own.limit_of(len(self.farm.turbines))
        limit = np.minimum(read_limit(runs, self.farm), before)
        if not (limit < before).any():
            return self.power.to_numpy()
        return self._power(limit=limit, blockage=self.mechanisms.blockage)

    def power_in_wind(self, factor: float) -> float:
        """Return the sum of the power over times and turbines [W] in a wind `factor` times as strong."""
        return float(self._power(factor=factor, blockage=self.mechanisms.blockage).sum())


def _kinds_of(farm: Farm, inflow: xr.Dataset) -> Kinds | None:
    """Return one turbine of each type and the type of every turbine, where those of a type have the same wind.

    None where each has its own, or may be turned out of it.
    """
    own = "turbine" in inflow.dims or "yaw" in inflow or farm.yaw is not None
    return None if own else types_of(farm)


def _at_types(kinds: Kinds, farm: Farm, inflow: xr.Dataset) -> xr.Dataset:
    """Return the undisturbed wind at one turbine of each type of a farm, with the direction of the whole farm."""
    found = at_hubs(kinds[0], inflow)
    if "height" not in inflow.dims:
        return found
    return found.assign(wind_direction=farm_direction(farm, inflow).drop_vars("height"))


def _with_rows(power: Floats, rows: Integers, others: Floats) -> Floats:
    """Return a power with other rows in some hours."""
    if rows.size == power.shape[0]:
        return others
    found = power.copy()
    found[rows] = others
    return found


def types_of(farm: Farm) -> tuple[Farm, Integers]:
    """Return one turbine of each type, standing alone, and the type of every turbine: alone, all of a type are alike.

    Parameters
    ----------
    farm : Farm
        The turbines.
    """
    types, kind = farm.types
    return Farm(np.arange(len(types)) * APART, np.zeros(len(types)), types), kind


def at_hubs(farm: Farm, inflow: xr.Dataset) -> xr.Dataset:
    """Return the undisturbed wind at every turbine of a farm, from one over (time, height).

    Parameters
    ----------
    farm : Farm
        The turbines.
    inflow : xarray.Dataset
        wind_speed, and where it has them air_density, at the hub heights; wind_direction, of which the level nearest to
        the mean hub counts, as wakes are straight; yaw, which is then in the order of the turbines. Without the
        dimension `height` it is returned as it is.
    """
    if "height" not in inflow.dims:
        return inflow
    rows = xr.DataArray(height_rows(inflow, farm.per_turbine("hub_height")), dims="turbine")
    found = inflow[[name for name in ("wind_speed", "air_density") if name in inflow]].isel(height=rows)
    found = found.assign(wind_direction=farm_direction(farm, inflow).drop_vars("height"))
    rest = [name for name in inflow.data_vars if name not in ("wind_speed", "air_density", "wind_direction", "yaw")]
    over_height = [str(name) for name in rest if "height" in inflow[name].dims]
    if over_height:
        raise DataError(f"inflow: {', '.join(over_height)} over height is not supported; give it over (time).")
    if "yaw" in inflow:
        labels = {"turbine": list(farm.names or ()), "time": list(inflow["time"].to_numpy())}
        yaw = aligned_inputs(inflow[["yaw"]], "inflow", {"yaw": YAW}, labels=labels)["yaw"]
        found = found.assign(yaw=(yaw.dims, yaw.values, {"units": "degree"}))
    return found.assign({name: inflow[name].variable for name in rest})


def farm_direction(farm: Farm, inflow: xr.Dataset) -> xr.DataArray:
    """Return the wind direction of the whole farm, that of the level nearest to its mean hub: wakes are straight."""
    mean = farm.per_turbine("hub_height").mean()
    return inflow["wind_direction"].isel(height=int(np.argmin(np.abs(inflow["height"].to_numpy() - mean))))
