"""The flow read from the table of a farm: the fast path of an ensemble."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats, Integers
from testsite_kernels.wind.running_power import running_power

from testsite_sim.common.errors import DataError
from testsite_sim.wind.farm import Farm, turbine_coordinates
from testsite_sim.wind.farm_flow import simulate_farm
from testsite_sim.wind.farm_table import FarmTable, TableWind, group_power, table_wind, turbine_power
from testsite_sim.wind.flow import Running, farm_direction, types_of
from testsite_sim.wind.mechanisms import Mechanisms
from testsite_sim.wind.storm import storm_limits
from testsite_sim.wind.yaw import ABOUT_YAW, yaw_of


@dataclass(frozen=True, eq=False)
class TabulatedFlow:
    """The flow read from the table of a farm.

    Next to what the table errs between its points, storms do not change the wakes, turbines that stand still for repair
    weaken the wakes of all others alike (kernel `running_power`), and the air density counts as if it scaled the
    undisturbed wind. Wakes, neighbours, blockage and the yaw by sectors (`Farm.yaw`) are those that the table was made
    with; what yaw takes of a turbine's own power counts as if wakes took it. A yaw by hour has no place in a table.

    Parameters
    ----------
    farm : Farm
        The turbines.
    inflow : xarray.Dataset, dims (time, height)
        As in `simulate`, at the hub heights of the farm, with turbulence_intensity and air_density.
    mechanisms : Mechanisms
        What acts.
    step : float
        [s].
    table : FarmTable
        Of the farm.
    """

    farm: Farm
    inflow: xr.Dataset
    mechanisms: Mechanisms
    step: float
    table: FarmTable

    @cached_property
    def direction(self) -> xr.DataArray:
        """The wind direction of the farm [degree], over (time,)."""
        if "height" not in self.inflow.dims:
            raise DataError(
                "inflow: the table of a farm is read at its hub heights; expected wind over (time, height)."
            )
        if "yaw" in self.inflow:
            raise DataError(
                "inflow: the table of a farm knows no yaw by hour; state it by sectors of the wind direction (`yaw` of "
                "the farm) and make the table anew, or simulate the flow itself."
            )
        return farm_direction(self.farm, self.inflow)

    @cached_property
    def yaw(self) -> xr.DataArray | None:
        """How the turbines are turned out of the wind [degree], (time, turbine); None where none ever is."""
        yaw = yaw_of(self.farm.yaw, None, self.direction.to_numpy()[:, None], "inflow")
        if yaw.size == 0:
            return None
        whole = np.broadcast_to(yaw, (self.direction.size, yaw.shape[1]))
        return xr.DataArray(whole, dims=("time", "turbine"), attrs=ABOUT_YAW)

    @cached_property
    def wind(self) -> TableWind:
        """The wind as the table is read."""
        intensity = xr.broadcast(self.inflow["turbulence_intensity"], self.direction)[0]
        return table_wind(self.table, self.inflow, self.direction.to_numpy(), intensity.to_numpy())

    @cached_property
    def types(self) -> tuple[Farm, Integers]:
        """One turbine of each type, standing alone, and the type of every turbine: alone, all of a type are alike."""
        return types_of(self.farm)

    @cached_property
    def apart(self) -> xr.Dataset:
        """The inflow of the types."""
        heights = self.types[0].per_turbine("hub_height")
        rows = xr.DataArray(np.searchsorted(self.inflow["height"].to_numpy(), heights), dims="turbine")
        found = self.inflow[["wind_speed", "air_density"]].isel(height=rows)
        return found.assign(wind_direction=self.direction.drop_vars("height"))

    @cached_property
    def alone(self) -> Floats:
        """Power of the types, shape (time, types) [W]."""
        return np.asarray(simulate_farm(self.types[0], self.apart, "none", 1)["power"].to_numpy())

    @cached_property
    def limits(self) -> Floats | None:
        """What the types may give in storms, shape (time, types) [W]; None without storms."""
        restart = self.mechanisms.storms
        if restart is None:
            return None
        return np.asarray(storm_limits(self.types[0], self.apart["wind_speed"], float(restart)).to_numpy())

    @cached_property
    def alone_in_storms(self) -> Floats:
        """Power of the types, which stand still in storms, shape (time, types) [W]."""
        return self.alone if self.limits is None else np.minimum(self.alone, self.limits)

    @cached_property
    def power(self) -> xr.DataArray:
        """Power of every turbine with all mechanisms of the flow acting, all turbines running [W], (time, turbine)."""
        power = turbine_power(self.table, self.wind)
        if float(self.mechanisms.wake_loss) != 1.0:
            power = self.mechanisms.with_wake_loss(power, self.alone[:, self.types[1]])
        if self.limits is not None:
            stormy = np.flatnonzero((self.limits == 0.0).any(axis=1))
            power[stormy] = np.minimum(power[stormy], self.limits[stormy][:, self.types[1]])
        about = {"units": "W", "long_name": "power of the turbine"}
        coordinates = {"time": self.inflow["time"], **turbine_coordinates(self.farm)}
        return xr.DataArray(power, dims=("time", "turbine"), coords=coordinates, attrs=about, name="power")

    @cached_property
    def energy_alone(self) -> Floats:
        """Energy of every turbine standing alone and always running, shape (turbines,) [J]."""
        return np.asarray(self.alone.sum(axis=0)[self.types[1]] * self.step)

    @cached_property
    def energy(self) -> float:
        """Energy with all mechanisms of the flow acting [J]."""
        return float(self.power.to_numpy().sum()) * self.step

    @cached_property
    def energy_in_table(self) -> float:
        """The same without storms [J]."""
        return float(self._total().sum()) * self.step

    def _total(self, left_out: str = "", factor: float = 1.0) -> Floats:
        """Return power without storms [W], whose sum is that of the farm: of another flow, or of a stronger wind."""
        power = group_power(self.table, self.wind, left_out, factor)
        if float(self.mechanisms.wake_loss) == 1.0:
            return power
        alone = self.alone
        if factor != 1.0:
            stronger = self.apart.assign(wind_speed=self.apart["wind_speed"] * factor)
            alone = simulate_farm(self.types[0], stronger, "none", 1)["power"].to_numpy()
        return self.mechanisms.with_wake_loss(power.sum(axis=1), (alone * np.bincount(self.types[1])).sum(axis=1))

    def _less_storms(self, power: Floats) -> float:
        """Return the energy [J] of another flow, less what storms take from this one."""
        return float(power.sum()) * self.step * self.energy / max(self.energy_in_table, 1e-300)

    def energy_after(self, mechanism: str) -> float:
        """Return the energy that one of `FLOW_MECHANISMS` and those before it leave [J]."""
        if mechanism == "storms":
            if self.limits is None:
                return float(self.energy_alone.sum())
            return float((self.alone_in_storms * np.bincount(self.types[1])).sum()) * self.step
        if mechanism == "wakes" and "neighbours" in self.table.totals:
            return self._less_storms(self._total("neighbours"))
        if mechanism != "blockage" and "blockage" in self.table.totals:
            return self._less_storms(self._total("blockage"))
        return self.energy

    def running(self, share: xr.DataArray) -> Running:
        """Return the power of the turbines while they run, and the factor by which the weaker wakes raise it."""
        power = self.power.to_numpy()
        if share.ndim == 0:
            return Running(power, np.ones(power.shape[0]))
        total = np.empty(power.shape[0])
        by_turbine = np.ascontiguousarray(share.transpose("turbine", "time").to_numpy(), np.float32)
        running_power(by_turbine, power, self.alone_in_storms, self.types[1], total)
        together = np.einsum("ti,it->t", power, by_turbine, dtype=np.float64)
        return Running(power, np.divide(total, together, out=np.ones_like(total), where=together > 0.0))

    def power_in_wind(self, factor: float) -> float:
        """Return the sum of the power over times and turbines [W] in a wind `factor` times as strong."""
        return self._less_storms(self._total(factor=factor)) / self.step
