"""The step of wind, simulated: the farm with its wakes, and what each mechanism of the flow takes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.chain.preparation import Prepared
from testsite_sim.common.time_axis import step_seconds
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.weather import at_hub_heights, height_rows
from testsite_sim.wind import Farm, loss_to_wakes, simulate_farm, storm_limits


@dataclass(frozen=True)
class Flow:
    """The wind step of a run, and how the later steps ask for it again.

    `wind`, dims (time, turbine): power [W], energy [J] with wakes and without, flow_loss [1]; attributes
    `energy_with_…` [J], what each mechanism leaves. `running`: from the availability of the turbines [1], one or over
    (time, turbine), to the power of those that run [W], over (time); a turbine that stands still through an interval
    casts no wake in it. `power_with_wind`: the sum of the power [W] in a wind so many times as strong.
    """

    wind: xr.Dataset
    running: Callable[[xr.DataArray], xr.DataArray]
    power_with_wind: Callable[[float], float]


def exact_flow(prepared: Prepared, weather: xr.Dataset) -> Flow:
    """Simulate the flow of every interval.

    Parameters
    ----------
    prepared : Prepared
        The scenario.
    weather : xarray.Dataset, dims (time, height)
        At the hub heights of the farm.
    """
    scenario = prepared.scenario
    inflow = _inflow(prepared.farm, scenario, weather)
    if prepared.neighbours is not None:
        heights = prepared.neighbours.per_turbine("hub_height")
        around = at_hub_heights(prepared.record, heights, scenario.weather.shear_exponent)
        beside = _inflow(prepared.neighbours, scenario, around).drop_vars("power_limit", errors="ignore")
        prepared = replace(prepared, neighbour_inflow=beside)

    wind = _wind(prepared, inflow, step_seconds(weather["time"], "weather", "the record"))

    def running(share: xr.DataArray) -> xr.DataArray:
        if share.ndim == 0:
            return (wind["power"] * share).sum("turbine")
        limits = share.copy(data=np.where(share.to_numpy() > 0.0, np.inf, 0.0)).drop_attrs()
        if "power_limit" in inflow:
            limits = limits.where(limits < inflow["power_limit"], inflow["power_limit"])
        held = inflow.assign(power_limit=limits.assign_attrs(units="W"))
        return (_flow(prepared, held)["power"] * share).sum("turbine")

    def power_with_wind(factor: float) -> float:
        return float(_flow(prepared, inflow.assign(wind_speed=inflow["wind_speed"] * factor))["power"].sum())

    return Flow(wind, running, power_with_wind)


def farm_direction(farm: Farm, weather: xr.Dataset) -> xr.DataArray:
    """Return the wind direction of the whole farm, that of the level nearest to its mean hub: wakes are straight."""
    mean = farm.per_turbine("hub_height").mean()
    return weather["wind_direction"].isel(height=int(np.argmin(np.abs(weather["height"].to_numpy() - mean))))


def _inflow(farm: Farm, scenario: Scenario, weather: xr.Dataset) -> xr.Dataset:
    """Return the undisturbed wind at every turbine of a farm."""
    rows = height_rows(weather, farm.per_turbine("hub_height"))
    at_turbines = weather[["wind_speed", "air_density"]].isel(height=xr.DataArray(rows, dims="turbine"))
    inflow = at_turbines.assign(
        wind_direction=farm_direction(farm, weather).drop_vars("height"),
        turbulence_intensity=weather.get("turbulence_intensity", float(scenario.site.turbulence_intensity)),
    )
    restart = scenario.fleet.wind.restart_below_cut_out
    if restart is None:
        return inflow
    return inflow.assign(power_limit=storm_limits(farm, inflow["wind_speed"], float(restart)))


def _flow(prepared: Prepared, inflow: xr.Dataset, blockage: str | None = None) -> xr.Dataset:
    """Simulate the farm as the scenario models it, or with another blockage."""
    return simulate_farm(
        prepared.farm, inflow, prepared.scenario.fleet.wind.wake_model, prepared.threads,
        blockage=blockage or prepared.scenario.fleet.wind.blockage, neighbours=prepared.neighbours,
        neighbour_inflow=prepared.neighbour_inflow,
    )  # fmt: skip


def _wind(prepared: Prepared, inflow: xr.Dataset, step: float) -> xr.Dataset:
    """Simulate the farm with its wakes, and beside it every turbine as if it stood alone."""
    farm, model, threads = prepared.farm, prepared.scenario.fleet.wind.wake_model, prepared.threads

    def energy_of(flow: xr.Dataset) -> float:
        return float(flow["power"].sum()) * step

    with_wakes = _flow(prepared, inflow)
    free = simulate_farm(farm, inflow.drop_vars("power_limit", errors="ignore"), "none", threads)
    alone = free["power"].sum("time").to_numpy() * step
    # What each mechanism leaves, one after the other; one that the scenario leaves out takes nothing.
    left = {"storms": float(alone.sum()), "blockage": energy_of(with_wakes)}
    if "power_limit" in inflow:
        left["storms"] = energy_of(simulate_farm(farm, inflow, "none", threads))
    without_blockage = left["blockage"]
    if prepared.scenario.fleet.wind.blockage != "none":
        without_blockage = energy_of(_flow(prepared, inflow, blockage="none"))
    left["neighbours"] = left["wakes"] = without_blockage
    if prepared.neighbours is not None:
        left["wakes"] = energy_of(simulate_farm(farm, inflow, model, threads))
    return described_wind(with_wakes[["power"]], alone, left, step, prepared.scenario.fleet.farm.attribution)


def described_wind(
    power: xr.Dataset, alone: NDArray[np.float64], left: Mapping[str, float], step: float, attribution: str | None
) -> xr.Dataset:
    """Return the Dataset of the wind step.

    Parameters
    ----------
    power : xarray.Dataset, dims (time, turbine)
        power [W], with the coordinates of the turbines.
    alone : ndarray, shape (turbines,)
        Energy of each turbine standing alone [J].
    left : mapping
        What each mechanism leaves [J].
    step : float
        [s].
    attribution : str or None
        Where the positions come from.
    """
    energy = power["power"].to_numpy().sum(axis=0) * step
    loss = loss_to_wakes(energy, alone)
    result = power.assign(
        energy=("turbine", energy, {"units": "J", "long_name": "energy of the turbine, with wakes"}),
        energy_without_wakes=("turbine", alone, {"units": "J", "long_name": "energy of the turbine standing alone"}),
        flow_loss=("turbine", loss, {"units": "1", "long_name": "energy lost to all wakes, blockage and storms"}),
    )
    kept = {f"energy_with_{name}": energy for name, energy in left.items()}
    return result.assign_attrs(step=step, **kept, **({"attribution": attribution} if attribution else {}))
