"""A battery through time: what it takes, gives and loses, and how its capacity shrinks."""

import math

import numpy as np
import xarray as xr
from testsite_kernels.storage.battery import Battery as KernelBattery
from testsite_kernels.storage.battery import battery_series

from testsite_sim.common.errors import DataError
from testsite_sim.common.finite import finite_arguments
from testsite_sim.common.time_axis import step_of
from testsite_sim.configuration.battery import Battery


def kernel_battery(battery: Battery) -> KernelBattery:
    """Return a battery for the kernels."""
    ageing = battery.ageing
    temperature_rise = float(ageing.cell_temperature - ageing.reference_temperature)
    return KernelBattery(
        capacity=float(battery.capacity),
        charge_limit=float(battery.power),
        discharge_limit=float(battery.power),
        minimum=float(battery.minimum_level),
        maximum=float(battery.maximum_level),
        charge_efficiency=float(battery.charging_efficiency),
        discharge_efficiency=float(battery.discharging_efficiency),
        calendar=float(ageing.calendar),
        k1=float(ageing.k_delta1),
        k2=float(ageing.k_delta2),
        k3=float(ageing.k_delta3),
        k_state=float(ageing.k_sigma),
        state_reference=float(ageing.reference_state),
        # Xu et al. (2018), equation 15
        temperature_stress=math.exp(
            float(ageing.k_temperature)
            * temperature_rise
            * float(ageing.reference_temperature)
            / float(ageing.cell_temperature)
        ),
        alpha=float(ageing.alpha),
        beta=float(ageing.beta),
        end_of_life=float(ageing.end_of_life),
    )


@finite_arguments("hydrogen: simulate_battery")
def simulate_battery(requested: xr.DataArray, battery: Battery) -> xr.Dataset:
    """Run a battery through time, as far as it can do what is requested.

    Xu et al. (2018), IEEE Trans. Smart Grid 9(2), 1131-1140, for the ageing.

    Parameters
    ----------
    requested : xarray.DataArray, dims (time,)
        Power at the AC terminals [W], above zero to charge, below zero to discharge.
    battery : Battery
        The battery, new.

    Returns
    -------
    xarray.Dataset, dims (time,)
        charge, discharge and loss [W], content [J] and capacity_lost [1] at the end of the interval; attributes step
        [s] and replacements.

    Raises
    ------
    DataError
        When a set-point is not a number.
    """
    set_points = np.ascontiguousarray(requested.to_numpy(), np.float64)
    if not np.all(np.isfinite(set_points)):
        raise DataError("battery: the power asked for holds values that are no number; fill or cut the gap first.")
    step = step_of(requested["time"].to_numpy())
    flows = np.empty((set_points.size, 5))
    initial = float(battery.initial_level * battery.capacity)
    replacements = battery_series(kernel_battery(battery), initial, step, set_points, flows)
    described = {
        "charge": ("W", "power into the battery"),
        "discharge": ("W", "power out of the battery"),
        "loss": ("W", "power that cells and converter lose"),
        "content": ("J", "energy in the cells at the end of the interval"),
        "capacity_lost": ("1", "share of the capacity that is lost, at the end of the interval"),
    }
    data = {
        name: ("time", flows[:, k], {"units": units, "long_name": text})
        for k, (name, (units, text)) in enumerate(described.items())
    }
    return xr.Dataset(data, coords={"time": requested["time"]}, attrs={"step": step, "replacements": int(replacements)})
