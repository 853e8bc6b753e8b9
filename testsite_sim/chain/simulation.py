"""Run the chain, step by step, each a function from Datasets and configuration to a Dataset."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr

from testsite_sim.balancing import BalancingPlant, simulate_balancing
from testsite_sim.balancing.series import step_seconds
from testsite_sim.balancing.strategies import check_strategy
from testsite_sim.chain.at_sea import campaigns, certify, operate
from testsite_sim.chain.plant import demand_series, plant_of, settings_of
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.configuration.site import Site
from testsite_sim.economics import Assets, simulate_economics
from testsite_sim.errors import DataError
from testsite_sim.weather import at_hub_heights, open_weather
from testsite_sim.wind import Farm, build_farm, loss_to_wakes, simulate_farm, wake_model


@dataclass(frozen=True)
class Prepared:
    """What a scenario names, found and checked: the opened record, the farm, the plant."""

    scenario: Scenario
    record: xr.Dataset
    farm: Farm
    plant: BalancingPlant


def prepare(scenario: Scenario) -> Prepared:
    """Open and check everything that a scenario names, and simulate nothing.

    Parameters
    ----------
    scenario : Scenario
        The checked scenario.

    Raises
    ------
    ConfigurationError
        When a strategy or a wake model does not exist, or parts contradict each other.
    DataError
        When the weather record is not usable, or carries no price.
    """
    wake_model(scenario.wind.wake_model)
    if scenario.balancing is not None:
        check_strategy(scenario.balancing.strategy.name)
    record = open_weather(scenario.weather)
    if "day_ahead_price" not in record:
        raise DataError(
            f"weather: {scenario.weather.record} carries no day_ahead_price, which the market needs; "
            "take a record that has one, or add the column to your file."
        )
    return Prepared(scenario, record, build_farm(scenario.farm), plant_of(scenario.balancing, scenario.grid))


def simulate_scenario(prepared: Prepared) -> Iterator[tuple[str, xr.Dataset]]:
    """Yield each step of the chain, as it is done, with its Dataset.

    Yields
    ------
    tuple[str, xarray.Dataset]
        The name of the step, or a path below it, and what it gives; units in the attributes of each
        variable.
    """
    scenario = prepared.scenario
    weather = at_hub_heights(prepared.record, prepared.farm.per_turbine("hub_height"), scenario.weather.shear_exponent)
    yield "weather", weather.assign_attrs(_distance(weather, scenario.site))
    inflow = _inflow(prepared, weather)
    wind = _wind(prepared, inflow, step_seconds(weather["time"], "weather"))
    yield "wind", wind

    def sweep_again(limits: xr.DataArray) -> xr.DataArray:
        return simulate_farm(prepared.farm, inflow.assign(power_limit=limits), scenario.wind.wake_model)["power"]

    operations = operate(prepared.record, wind, scenario.operations, sweep_again)
    yield "operations", operations
    if scenario.operations.installation is not None:
        yield from campaigns(scenario.operations.installation).items()
    if scenario.operations.certification is not None:
        yield from certify(scenario.operations.certification).items()
    balancing = _balancing(prepared, operations["power_delivered"], weather["day_ahead_price"])
    yield "balancing", balancing
    yield "economics", _economics(prepared, balancing)


def _distance(weather: xr.Dataset, site: Site) -> dict[str, float]:
    """Return how far the record's place is from the site [m] (sphere of 6,371 km), where the record says its place."""
    if not {"latitude", "longitude"} <= weather.attrs.keys():
        return {}
    north, north_site = np.radians(float(weather.attrs["latitude"])), np.radians(site.latitude)
    east = np.radians(float(weather.attrs["longitude"]) - site.longitude)
    half = np.sin((north - north_site) / 2.0) ** 2 + np.cos(north) * np.cos(north_site) * np.sin(east / 2.0) ** 2
    return {"distance_to_site": float(2.0 * 6.371e6 * np.arcsin(np.sqrt(half)))}


def _inflow(prepared: Prepared, weather: xr.Dataset) -> xr.Dataset:
    """Return the undisturbed wind at every turbine."""
    farm = prepared.farm
    heights = farm.per_turbine("hub_height")
    rows = np.searchsorted(weather["height"].to_numpy(), heights)
    at_turbines = weather[["wind_speed", "air_density"]].isel(height=xr.DataArray(rows, dims="turbine"))
    # One direction for the whole farm, that of the level nearest to its mean hub height: wakes are straight.
    direction = weather["wind_direction"].isel(
        height=int(np.argmin(np.abs(weather["height"].to_numpy() - heights.mean())))
    )
    return at_turbines.assign(
        wind_direction=direction.drop_vars("height"),
        turbulence_intensity=weather.get("turbulence_intensity", float(prepared.scenario.site.turbulence_intensity)),
    )


def _wind(prepared: Prepared, inflow: xr.Dataset, step: float) -> xr.Dataset:
    """Simulate the farm with its wakes, and beside it every turbine as if it stood alone."""
    farm, model = prepared.farm, prepared.scenario.wind.wake_model
    with_wakes = simulate_farm(farm, inflow, model)
    alone = simulate_farm(farm, inflow, "none")["power"].sum("time").to_numpy() * step
    energy = with_wakes["power"].sum("time").to_numpy() * step
    loss = loss_to_wakes(energy, alone)
    result = with_wakes[["power"]].assign(
        energy=("turbine", energy, {"units": "J", "long_name": "energy of the turbine, with wakes"}),
        energy_without_wakes=("turbine", alone, {"units": "J", "long_name": "energy of the turbine standing alone"}),
        wake_loss=("turbine", loss, {"units": "1", "long_name": "energy lost to the wakes of others"}),
    )
    attribution = prepared.scenario.farm.attribution
    return result.assign_attrs(step=step, **({"attribution": attribution} if attribution else {}))


def _balancing(prepared: Prepared, power: xr.DataArray, price: xr.DataArray) -> xr.Dataset:
    """Dispatch the plant; without one, sell what pays and curtail the rest."""
    scenario, balancing = prepared.scenario, prepared.scenario.balancing
    support = float(scenario.market.support)
    fee = 0.0 if scenario.grid.purchase_fee is None else float(scenario.grid.purchase_fee)
    result = simulate_balancing(
        power,
        price,
        demand_series(None if balancing is None else balancing.demand, power["time"]),
        prepared.plant,
        strategy="none" if balancing is None else balancing.strategy.name,
        settings=None if balancing is None else settings_of(balancing.strategy),
        support=support,
        purchase_fee=fee,
    )
    return result.assign_attrs(
        support=support, purchase_fee=fee, electrolyser_capacity=float(prepared.plant.electrolyser_capacity)
    )


def _economics(prepared: Prepared, balancing: xr.Dataset) -> xr.Dataset:
    """Count the money."""
    plant = prepared.scenario.balancing
    assets = Assets(
        wind_power=float(prepared.farm.per_turbine("rated_power").sum()),
        electrolyser=None if plant is None else plant.electrolyser,
        tank=None if plant is None else plant.tank,
        fuel_cell=None if plant is None else plant.fuel_cell,
    )
    return simulate_economics(balancing, assets, prepared.scenario.economics)
