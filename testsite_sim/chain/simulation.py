"""Run the chain, step by step, each a function from Datasets and configuration to a Dataset."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import xarray as xr

from testsite_sim.balancing.series import step_seconds
from testsite_sim.chain.at_sea import budget, campaigns, certify, operate
from testsite_sim.chain.dispatching import count_money, dispatch
from testsite_sim.chain.preparation import Prepared
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.configuration.site import Site
from testsite_sim.configuration.wind import EnergyUncertainty
from testsite_sim.constants import SECONDS_PER_YEAR
from testsite_sim.weather import at_hub_heights
from testsite_sim.wind import (
    Farm,
    energy_uncertainty,
    loss_to_wakes,
    simulate_farm,
    storm_limits,
)


def simulate_scenario(prepared: Prepared) -> Iterator[tuple[str, xr.Dataset]]:
    """Yield each step of the chain, as it is done, with its Dataset.

    Yields
    ------
    tuple[str, xarray.Dataset]
        The name of the step, or a path below it, and what it gives; units in the attributes of each
        variable.
    """
    scenario = prepared.scenario
    shear = scenario.weather.shear_exponent
    weather = at_hub_heights(prepared.record, prepared.farm.per_turbine("hub_height"), shear)
    yield "weather", weather.assign_attrs(_distance(weather, scenario.site))
    inflow = _inflow(prepared.farm, scenario, weather)
    if prepared.neighbours is not None:
        around = at_hub_heights(prepared.record, prepared.neighbours.per_turbine("hub_height"), shear)
        beside = _inflow(prepared.neighbours, scenario, around).drop_vars("power_limit", errors="ignore")
        prepared = replace(prepared, neighbour_inflow=beside)
    wind = _wind(prepared, inflow, step_seconds(weather["time"], "weather"))
    yield "wind", wind

    def sweep_again(limits: xr.DataArray) -> xr.DataArray:
        held = limits if "power_limit" not in inflow else np.minimum(limits, inflow["power_limit"])
        return _flow(prepared, inflow.assign(power_limit=held))["power"]

    operations = operate(prepared.record, wind, scenario.operations, sweep_again)
    yield "operations", operations
    if scenario.operations.installation is not None:
        yield from campaigns(scenario.operations.installation).items()
    if scenario.operations.certification is not None:
        yield from certify(scenario.operations.certification).items()
    balancing = dispatch(prepared, operations["power_delivered"], weather["day_ahead_price"])
    yield "balancing", balancing
    losses = budget(wind, operations, balancing)
    yield "losses", losses
    if scenario.wind.uncertainty is not None:
        yield "uncertainty", _uncertainty(prepared, inflow, wind, losses, scenario.wind.uncertainty)
    yield "economics", count_money(prepared, balancing)


def power_at_connection(prepared: Prepared) -> tuple[xr.DataArray, xr.DataArray]:
    """Return the power of the fleet at its connection [W] and the day-ahead price [EUR/J], both over (time,)."""
    price: xr.DataArray | None = None
    for step, dataset in simulate_scenario(prepared):
        if step == "weather":
            price = dataset["day_ahead_price"]
        elif step == "operations" and price is not None:
            return dataset["power_delivered"], price
    raise ValueError("the chain yields weather, then operations")


def _distance(weather: xr.Dataset, site: Site) -> dict[str, float]:
    """Return how far the record's place is from the site [m] (sphere of 6,371 km), where the record says its place."""
    if not {"latitude", "longitude"} <= weather.attrs.keys():
        return {}
    north, north_site = np.radians(float(weather.attrs["latitude"])), np.radians(site.latitude)
    east = np.radians(float(weather.attrs["longitude"]) - site.longitude)
    half = np.sin((north - north_site) / 2.0) ** 2 + np.cos(north) * np.cos(north_site) * np.sin(east / 2.0) ** 2
    return {"distance_to_site": float(2.0 * 6.371e6 * np.arcsin(np.sqrt(half)))}


def _inflow(farm: Farm, scenario: Scenario, weather: xr.Dataset) -> xr.Dataset:
    """Return the undisturbed wind at every turbine of a farm."""
    heights = farm.per_turbine("hub_height")
    rows = np.searchsorted(weather["height"].to_numpy(), heights)
    at_turbines = weather[["wind_speed", "air_density"]].isel(height=xr.DataArray(rows, dims="turbine"))
    # One direction for the whole farm, that of the level nearest to its mean hub height: wakes are straight.
    direction = weather["wind_direction"].isel(
        height=int(np.argmin(np.abs(weather["height"].to_numpy() - heights.mean())))
    )
    inflow = at_turbines.assign(
        wind_direction=direction.drop_vars("height"),
        turbulence_intensity=weather.get("turbulence_intensity", float(scenario.site.turbulence_intensity)),
    )
    restart = scenario.wind.restart_below_cut_out
    if restart is None:
        return inflow
    return inflow.assign(power_limit=storm_limits(farm, inflow["wind_speed"], float(restart)))


def _flow(prepared: Prepared, inflow: xr.Dataset, blockage: str | None = None) -> xr.Dataset:
    """Simulate the farm as the scenario models it, or with another blockage."""
    return simulate_farm(
        prepared.farm, inflow, prepared.scenario.wind.wake_model,
        blockage=blockage or prepared.scenario.wind.blockage, neighbours=prepared.neighbours,
        neighbour_inflow=prepared.neighbour_inflow,
    )  # fmt: skip


def _wind(prepared: Prepared, inflow: xr.Dataset, step: float) -> xr.Dataset:
    """Simulate the farm with its wakes, and beside it every turbine as if it stood alone."""
    farm, model = prepared.farm, prepared.scenario.wind.wake_model

    def energy_of(flow: xr.Dataset) -> float:
        return float(flow["power"].sum()) * step

    with_wakes = _flow(prepared, inflow)
    free = simulate_farm(farm, inflow.drop_vars("power_limit", errors="ignore"), "none")
    alone = free["power"].sum("time").to_numpy() * step
    # What each mechanism leaves, one after the other; one that the scenario leaves out takes nothing.
    left = {"storms": float(alone.sum()), "blockage": energy_of(with_wakes)}
    if "power_limit" in inflow:
        left["storms"] = energy_of(simulate_farm(farm, inflow, "none"))
    without_blockage = left["blockage"]
    if prepared.scenario.wind.blockage != "none":
        without_blockage = energy_of(_flow(prepared, inflow, blockage="none"))
    left["neighbours"] = left["wakes"] = without_blockage
    if prepared.neighbours is not None:
        left["wakes"] = energy_of(simulate_farm(farm, inflow, model))
    energy = with_wakes["power"].sum("time").to_numpy() * step
    loss = loss_to_wakes(energy, alone)
    result = with_wakes[["power"]].assign(
        energy=("turbine", energy, {"units": "J", "long_name": "energy of the turbine, with wakes"}),
        energy_without_wakes=("turbine", alone, {"units": "J", "long_name": "energy of the turbine standing alone"}),
        wake_loss=("turbine", loss, {"units": "1", "long_name": "energy lost to the wakes of others"}),
    )
    attribution = prepared.scenario.farm.attribution
    kept = {f"energy_with_{name}": energy for name, energy in left.items()}
    return result.assign_attrs(step=step, **kept, **({"attribution": attribution} if attribution else {}))


def _uncertainty(
    prepared: Prepared, inflow: xr.Dataset, wind: xr.Dataset, losses: xr.Dataset, stated: EnergyUncertainty
) -> xr.Dataset:
    """Return how sure the net energy of a year is; the sensitivity is to a wind one per cent stronger or weaker."""
    ends = [float(_flow(prepared, inflow.assign(wind_speed=inflow["wind_speed"] * factor))["power"].sum())
            for factor in (0.99, 1.01)]  # fmt: skip
    sensitivity = (ends[1] - ends[0]) / float(wind["power"].sum()) / 0.02
    seconds = wind.sizes["time"] * float(wind.attrs["step"])
    terms = dict(zip(losses["term"].to_numpy().tolist(), losses["loss"].to_numpy().tolist(), strict=True))
    net = float(losses.attrs["net"]) * SECONDS_PER_YEAR / seconds
    return energy_uncertainty(stated, net, sensitivity, terms)
