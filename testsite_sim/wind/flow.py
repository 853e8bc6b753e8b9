"""How the power of a farm in its wind is found: the protocol, and the flow that simulates every interval."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.common.errors import DataError
from testsite_sim.common.inputs import aligned_inputs
from testsite_sim.weather import height_rows
from testsite_sim.wind.farm import Farm
from testsite_sim.wind.farm_flow import simulate_farm
from testsite_sim.wind.mechanisms import Mechanisms
from testsite_sim.wind.storm import storm_limits
from testsite_sim.wind.yaw import YAW

Floats = NDArray[np.float64]


class Running(NamedTuple):
    """Power of every turbine while it runs [W], (time, turbine), and by what that of the farm differs [1], (time,).

    The sum of power times share, times `factor`, is the power of the farm.
    """

    power: Floats
    factor: Floats


class Flow(Protocol):
    """The flow through a farm in a series of winds: `ExactFlow` simulates it, `TabulatedFlow` reads it from a table."""

    @property
    def power(self) -> xr.DataArray:
        """Power of every turbine with all mechanisms of the flow acting, all turbines running [W], (time, turbine)."""

    @property
    def yaw(self) -> xr.DataArray | None:
        """How the turbines are turned out of the wind [degree], (time, turbine); None where none ever is."""

    @property
    def energy_alone(self) -> Floats:
        """Energy of every turbine standing alone in the wind and always running, shape (turbines,) [J]."""

    def energy_after(self, mechanism: str) -> float:
        """Return the energy that one of `FLOW_MECHANISMS` and those before it leave [J]."""

    def running(self, share: xr.DataArray) -> "Running":
        """Return the power of the turbines while they run.

        `share`: of each interval in which a turbine runs [1], one or over (time, turbine).
        """

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
    """

    farm: Farm
    inflow: xr.Dataset
    mechanisms: Mechanisms
    step: float
    workers: int | None = None

    @cached_property
    def in_wind(self) -> Farm:
        """The farm with its turbines turned into the wind: what yaw takes of them counts as lost to wakes."""
        return replace(self.farm, yaw=None)

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
        return self.free.assign(power_limit=storm_limits(self.farm, self.free["wind_speed"], float(restart)))

    def _turned(self, inflow: xr.Dataset) -> xr.Dataset:
        """Return an inflow at the turbines with the yaw that is stated."""
        return inflow.assign(yaw=self.at_turbines["yaw"]) if "yaw" in self.at_turbines else inflow

    @cached_property
    def yaw(self) -> xr.DataArray | None:
        """How the turbines are turned out of the wind [degree], (time, turbine); None where none ever is."""
        found = simulate_farm(self.farm, self._turned(self.free), "none", self.workers)
        return found.get("yaw")

    @cached_property
    def neighbour_inflow(self) -> xr.Dataset | None:
        """The inflow at the turbines of the neighbours."""
        neighbours, inflow = self.mechanisms.neighbours, self.mechanisms.neighbour_inflow
        return None if neighbours is None or inflow is None else at_hubs(neighbours, inflow)

    def _flow(self, inflow: xr.Dataset, blockage: str | None = None) -> xr.DataArray:
        """Return the power of the farm with its neighbours, as it is modelled, or with another blockage."""
        acting = self.mechanisms
        power = simulate_farm(
            self.farm,
            self._turned(inflow),
            acting.wakes,
            self.workers,
            blockage=blockage or acting.blockage,
            neighbours=acting.neighbours,
            neighbour_inflow=self.neighbour_inflow,
        )["power"]
        return self._with_loss(power, inflow)

    def _with_loss(self, power: xr.DataArray, inflow: xr.Dataset) -> xr.DataArray:
        """Return the power with the factor on what wakes take."""
        if float(self.mechanisms.wake_loss) == 1.0:
            return power
        alone = simulate_farm(self.farm, self._turned(inflow), "none", self.workers)["power"].transpose(*power.dims)
        return power.copy(data=self.mechanisms.with_wake_loss(power.to_numpy(), alone.to_numpy()))

    def _energy(self, power: xr.DataArray) -> float:
        return float(power.sum()) * self.step

    @cached_property
    def power(self) -> xr.DataArray:
        """Power of every turbine with all mechanisms of the flow acting, all turbines running [W], (time, turbine)."""
        return self._flow(self.limited)

    @cached_property
    def energy_alone(self) -> Floats:
        """Energy of every turbine standing alone in the wind and always running, shape (turbines,) [J]."""
        alone = simulate_farm(self.in_wind, self.free, "none", self.workers)["power"]
        return np.asarray(alone.sum("time").to_numpy() * self.step)

    def energy_after(self, mechanism: str) -> float:
        """Return the energy that one of `FLOW_MECHANISMS` and those before it leave [J]."""
        acting = self.mechanisms
        if mechanism == "storms":
            if acting.storms is None:
                return float(self.energy_alone.sum())
            return self._energy(simulate_farm(self.in_wind, self.limited, "none", self.workers)["power"])
        if mechanism == "wakes" and acting.neighbours is not None:
            power = simulate_farm(self.farm, self._turned(self.limited), acting.wakes, self.workers)["power"]
            return self._energy(self._with_loss(power, self.limited))
        if mechanism != "blockage" and acting.blockage != "none":
            return self._energy(self._flow(self.limited, blockage="none"))
        return self._energy(self.power)

    def running(self, share: xr.DataArray) -> Running:
        """Return the power of the turbines while they run; one that stands still casts no wake."""
        one = np.ones(self.power.shape[0])
        if share.ndim == 0:
            return Running(self.power.to_numpy(), one)
        limits = share.copy(data=np.where(share.to_numpy() > 0.0, np.inf, 0.0)).drop_attrs()
        if "power_limit" in self.limited:
            limits = limits.where(limits < self.limited["power_limit"], self.limited["power_limit"])
        held = self.limited.assign(power_limit=limits.assign_attrs(units="W"))
        return Running(self._flow(held).to_numpy(), one)

    def power_in_wind(self, factor: float) -> float:
        """Return the sum of the power over times and turbines [W] in a wind `factor` times as strong."""
        return float(self._flow(self.limited.assign(wind_speed=self.limited["wind_speed"] * factor)).sum())


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
