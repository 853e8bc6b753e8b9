"""Run the chain, step by step, each a function from Datasets and configuration to a Dataset."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from testsite_sim.balancing import (
    BalancingPlant,
    Forecast,
    earned,
    simulate_balancing,
    simulate_perfect_foresight,
    simulate_rolling_horizon,
)
from testsite_sim.balancing.forecasts import day_ahead_forecast
from testsite_sim.balancing.series import step_seconds
from testsite_sim.balancing.settlement import settle_nomination
from testsite_sim.balancing.strategies import PERFECT_FORESIGHT, ROLLING_HORIZON, check_strategy
from testsite_sim.chain.at_sea import budget, campaigns, certify, operate
from testsite_sim.chain.plant import demand_series, forecast_as, forecast_of, objective_of, plant_of, settings_of
from testsite_sim.configuration.balancing import Strategy
from testsite_sim.configuration.economics import Economics
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.configuration.site import Site
from testsite_sim.configuration.wind import EnergyUncertainty
from testsite_sim.constants import DAY, SECONDS_PER_YEAR
from testsite_sim.economics import Assets, simulate_economics
from testsite_sim.errors import ConfigurationError, DataError, nearest
from testsite_sim.weather import at_hub_heights, open_weather
from testsite_sim.wind import (
    BLOCKAGES,
    Farm,
    build_farm,
    energy_uncertainty,
    loss_to_wakes,
    simulate_farm,
    storm_limits,
    wake_model,
)

LOOKS_AHEAD = 2.0 * DAY  # of a rolling horizon that is not told how far [s]


@dataclass(frozen=True)
class Prepared:
    """What a scenario names, found and checked: the opened record, the farm, the plant."""

    scenario: Scenario
    record: xr.Dataset
    farm: Farm
    plant: BalancingPlant
    neighbours: Farm | None = None
    neighbour_inflow: xr.Dataset | None = None


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
    if scenario.wind.blockage not in BLOCKAGES:
        found = scenario.wind.blockage
        raise ConfigurationError(f"wind.blockage: there is no blockage {found!r}. {nearest(found, BLOCKAGES)}")
    neighbours = None if scenario.wind.neighbours is None else build_farm(scenario.wind.neighbours)
    plant = plant_of(scenario.balancing, scenario.grid)
    return Prepared(scenario, record, build_farm(scenario.farm), plant, neighbours)


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
    balancing = _balancing(prepared, operations["power_delivered"], weather["day_ahead_price"])
    yield "balancing", balancing
    losses = budget(wind, operations, balancing)
    yield "losses", losses
    if scenario.wind.uncertainty is not None:
        yield "uncertainty", _uncertainty(prepared, inflow, wind, losses, scenario.wind.uncertainty)
    yield "economics", _economics(prepared, balancing)


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
    left = {"storms": energy_of(free), "blockage": energy_of(with_wakes)}
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


def _balancing(prepared: Prepared, power: xr.DataArray, price: xr.DataArray) -> xr.Dataset:
    """Dispatch the plant; without one, sell what pays and curtail the rest."""
    scenario, balancing = prepared.scenario, prepared.scenario.balancing
    support = float(scenario.market.support)
    fee = 0.0 if scenario.grid.purchase_fee is None else float(scenario.grid.purchase_fee)
    demand = demand_series(None if balancing is None else balancing.demand, power["time"])

    def dispatched(wind: xr.DataArray) -> xr.Dataset:
        if balancing is None:
            return simulate_balancing(
                wind, price, demand, prepared.plant, strategy="none", support=support, purchase_fee=fee
            )
        return _dispatch(wind, price, demand, prepared.plant, balancing.strategy, scenario.economics, support, fee)

    result = dispatched(power)
    if scenario.market.imbalance is not None and scenario.market.forecast is not None:
        seed = scenario.market.imbalance.seed
        ahead = day_ahead_forecast(
            forecast_as(scenario.market.forecast), power.to_numpy(), float(result.attrs["step"]), seed
        )
        planned = dispatched(power.copy(data=ahead))
        nominated, net = (each["power_exported"] - each["power_imported"] for each in (planned, result))
        settled = settle_nomination(nominated, net, price, scenario.market.imbalance)
        sold_as_it_comes = net * price * float(result.attrs["step"])
        result["revenue"] = (
            result["revenue"] - sold_as_it_comes + settled["revenue_day_ahead"] + settled["revenue_imbalance"]
        ).assign_attrs(result["revenue"].attrs)
        result = result.merge(settled, combine_attrs="no_conflicts")
    return result.assign_attrs(
        support=support, purchase_fee=fee, electrolyser_capacity=float(prepared.plant.electrolyser_capacity)
    )


def _dispatch(
    power: xr.DataArray,
    price: xr.DataArray,
    demand: xr.DataArray,
    plant: BalancingPlant,
    strategy: Strategy,
    economics: Economics,
    support: float,
    fee: float,
) -> xr.Dataset:
    """Dispatch by the strategy, and beside it with perfect foresight, which says what it could have earned."""
    objective = objective_of(economics, plant)
    best = simulate_perfect_foresight(power, price, demand, plant, objective, support=support, purchase_fee=fee)
    forecast = forecast_of(strategy)
    horizon = float(strategy.horizon or LOOKS_AHEAD)

    def roll(how: Forecast) -> xr.Dataset:
        return simulate_rolling_horizon(
            power, price, demand, plant, objective, forecast=how, horizon=horizon, seed=strategy.seed,
            support=support, purchase_fee=fee,
        )  # fmt: skip

    if strategy.name == PERFECT_FORESIGHT:
        result = best
    elif strategy.name == ROLLING_HORIZON:
        result = roll(forecast)
        known = earned(roll(replace(forecast, kind="perfect")), objective)
        result = result.assign_attrs(value_of_forecast_quality=known - earned(result, objective))
    else:
        result = simulate_balancing(
            power,
            price,
            demand,
            plant,
            strategy=strategy.name,
            settings=settings_of(strategy),
            support=support,
            purchase_fee=fee,
        )
    return result.assign_attrs(
        earned=earned(result, objective), earned_optimum=float(best.attrs["value"]), bound=float(best.attrs["bound"])
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
