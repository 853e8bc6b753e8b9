"""The flow read from the table of a farm: the fast path of an ensemble."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.wind.farm_of_table import Turbines, Wind, make_room, power_of_farm

from testsite_sim.common.errors import DataError
from testsite_sim.wind.curve_losses import AfterLosses, group_of_turbines, loss_curves
from testsite_sim.wind.curves import power_alone
from testsite_sim.wind.farm import Farm, turbine_coordinates
from testsite_sim.wind.farm_table import FarmTable, cover, power_in_flows, table_wind, turbine_response
from testsite_sim.wind.flow import farm_direction, types_of
from testsite_sim.wind.inflow import Inflow, read_inflow
from testsite_sim.wind.mechanisms import Mechanisms
from testsite_sim.wind.models import wake_model
from testsite_sim.wind.storm import limits_in_storms
from testsite_sim.wind.yaw import ABOUT_YAW, yaw_of


class PowerOfFarm(NamedTuple):
    """What is read of the table in one pass [W].

    `whole` (time,): of all turbines running; `operating`: of the turbines while they run; `power` (time, turbine): of
    each, all of them running, or (0, turbine).
    """

    whole: Floats
    operating: AfterLosses
    power: Floats


@dataclass(frozen=True, eq=False)
class TabulatedFlow:
    """The flow read from the table of a farm.

    Next to what the table errs between its points, storms do not change the wakes, turbines that stand still for repair
    weaken the wakes of all others alike (kernel `power_of_farm`), and the air density counts as if it scaled the
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
    groups : tuple of str
        The farms whose power is found apart, as in `simulate`.
    each_turbine : bool
        Whether the power of every turbine is asked for.
    factors : tuple of float
        Of `power_in_wind`: those that will be asked for [1], which are read of the table together with the wind itself.
    """

    farm: Farm
    inflow: xr.Dataset
    mechanisms: Mechanisms
    step: float
    table: FarmTable
    groups: tuple[str, ...] = ()
    each_turbine: bool = True
    factors: tuple[float, ...] = ()

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
    def wind(self) -> Wind:
        """The wind as the table is read."""
        intensity, direction = self.inflow["turbulence_intensity"], self.direction.to_numpy()
        if intensity.dims not in ((), ("time",)):
            raise DataError(
                f"inflow: turbulence_intensity has dimensions {intensity.dims}; expected ('time',) or none, as the "
                "table of a farm is read."
            )
        values = np.array(np.broadcast_to(intensity.to_numpy(), direction.shape), np.float64)
        return table_wind(self.table, self.inflow, direction, values)

    @cached_property
    def apart(self) -> Inflow:
        """The inflow of the types: one turbine of each, standing alone; alone, all of a type are alike."""
        types, _ = types_of(self.farm)
        rows = xr.DataArray(
            np.searchsorted(self.inflow["height"].to_numpy(), types.per_turbine("hub_height")), dims="turbine"
        )
        found = self.inflow[["wind_speed", "air_density"]].isel(height=rows)
        return read_inflow(found.assign(wind_direction=self.direction.drop_vars("height")), types, wake_model("none"))

    @cached_property
    def count(self) -> NDArray[np.int64]:
        """How many turbines are of each type, shape (types, 1)."""
        return np.bincount(self.farm.types[1])[:, None]

    @cached_property
    def alone(self) -> Floats:
        """Power of the types, shape (types, time) [W]."""
        return self._alone(1.0)

    def _alone(self, factor: float) -> Floats:
        """Return the power of the types in a wind `factor` times as strong, shape (types, time) [W]."""
        return power_alone(self.farm.types[0], self.apart.speed, self.apart.density_factor, factor)

    @cached_property
    def limits(self) -> Floats:
        """What the types may give in storms, shape (types, time) [W]."""
        restart = self.mechanisms.storms
        if restart is None:
            return np.full_like(self.alone, np.inf)
        return np.ascontiguousarray(limits_in_storms(self.farm.types[0], self.apart.speed, float(restart)).T)

    @cached_property
    def found(self) -> PowerOfFarm:
        """What is read of the table in one pass."""
        acting, groups, (types, kind) = self.mechanisms, self.groups or ("",), self.farm.types
        hours, losses = self.direction.size, list(acting.curve_losses.values())
        turbines = Turbines(
            kind, group_of_turbines(self.farm, groups), self.alone, self.limits, float(acting.wake_loss)
        )
        share = acting.share.transpose("time", "turbine").to_numpy() if acting.share.ndim else acting.share.to_numpy()
        found = PowerOfFarm(
            np.empty(hours),
            AfterLosses(np.empty((hours, len(losses) + 1)), np.empty((hours, len(groups)))),
            np.empty((hours if self.each_turbine else 0, kind.size)),
        )
        if self.factors or len(self.table.flows) > 1:
            _ = self.in_winds  # which makes all that is missing of the table, and is read in any case
        else:
            cover(self.table, self.wind)
        response, curves = turbine_response(self.table), loss_curves(types, losses)
        power_of_farm(
            response,
            self.wind,
            turbines,
            np.require(np.atleast_2d(share), requirements="W"),
            curves,
            make_room(response, turbines, curves),
            found.whole,
            *found.operating,
            found.power,
        )
        return found

    @cached_property
    def power(self) -> xr.DataArray:
        """Power of every turbine with all mechanisms of the flow acting, all turbines running [W], (time, turbine)."""
        about = {"units": "W", "long_name": "power of the turbine"}
        coordinates = {"time": self.inflow["time"], **turbine_coordinates(self.farm)}
        return xr.DataArray(self.found.power, dims=("time", "turbine"), coords=coordinates, attrs=about, name="power")

    @cached_property
    def total_power(self) -> float:
        """The sum of that over times and turbines [W]."""
        return float(self.found.whole.sum())

    @property
    def operating(self) -> AfterLosses:
        """Power of the turbines while they run, before and after each loss on their curves, and by group [W]."""
        return self.found.operating

    @cached_property
    def energy_alone(self) -> Floats:
        """Energy of every turbine standing alone and always running, shape (turbines,) [J]."""
        return np.asarray(self.alone.sum(axis=1)[self.farm.types[1]] * self.step)

    @cached_property
    def in_winds(self) -> tuple[dict[str, Floats], Floats]:
        """Power of the farm in each of the flows of its table, (time,), and in the other winds, (factors, time) [W]."""
        return power_in_flows(self.table, self.wind, self.factors)

    @cached_property
    def total_in_table(self) -> float:
        """The sum of the power over times and turbines without storms [W]."""
        return self._total()

    def _total(self, left_out: str = "") -> float:
        """Return the sum of the power of another flow, without storms [W]."""
        return self._with_wake_loss(self.in_winds[0][left_out], 1.0)

    def _with_wake_loss(self, power: Floats, factor: float) -> float:
        """Return the sum of the power of the farm, with the factor on what wakes take, `factor` on the wind [W]."""
        if float(self.mechanisms.wake_loss) != 1.0:
            alone = self.alone if factor == 1.0 else self._alone(factor)
            power = self.mechanisms.with_wake_loss(power, (alone * self.count).sum(axis=0))
        return float(power.sum())

    def _less_storms(self, power: float) -> float:
        """Return the sum of the power of another flow [W], less what storms take from this one."""
        return power * self.total_power / max(self.total_in_table, 1e-300)

    def energy_after(self, mechanism: str) -> float:
        """Return the energy that one of `FLOW_MECHANISMS` and those before it leave [J]."""
        if mechanism == "storms":
            if self.mechanisms.storms is None:
                return float(self.energy_alone.sum())
            return float((np.minimum(self.alone, self.limits) * self.count).sum()) * self.step
        if mechanism == "wakes" and "neighbours" in self.table.flows:
            return self._less_storms(self._total("neighbours")) * self.step
        if mechanism != "blockage" and "blockage" in self.table.flows:
            return self._less_storms(self._total("blockage")) * self.step
        return self.total_power * self.step

    def power_in_wind(self, factor: float) -> float:
        """Return the sum of the power over times and turbines [W] in a wind `factor` times as strong, of `factors`."""
        power = self.in_winds[1][self.factors.index(factor)]
        return self._less_storms(self._with_wake_loss(power, factor))
