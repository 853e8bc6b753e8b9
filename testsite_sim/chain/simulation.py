"""Run the chain, step by step, each a function from Datasets and configuration to a Dataset."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from testsite_sim.chain.annual import annual_of
from testsite_sim.chain.at_sea import budget, campaigns, certify, operate
from testsite_sim.chain.dispatching import contracts_of, dispatch
from testsite_sim.chain.flow import near_in, needs_more_flows, simulate_wind, wind_at_connection, with_sensitivity
from testsite_sim.chain.preparation import Prepared
from testsite_sim.configuration.contracts import offtake_of
from testsite_sim.configuration.location import Location
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.economics import Annual, simulate_economics
from testsite_sim.weather import wind_at_hubs
from testsite_sim.wind import energy_uncertainty

OF_DISPATCH = ("lifetime", "hydrogen_price", "scale_to_year")  # what of the economics a plant is run by
NEAR = "turbines_near"  # attribute of the wind: a sentence for the summary
BEFORE_THE_PLANT = ("location", "weather", "farm", "wind", "operations")  # what a scenario states of it


def simulate_scenario(prepared: Prepared) -> Iterator[tuple[str, xr.Dataset]]:
    """Yield each step of the chain, as it is done, with its Dataset.

    Yields
    ------
    tuple[str, xarray.Dataset]
        The name of the step, or a path below it, and what it gives; units in the attributes of each
        variable.
    """
    found: dict[str, xr.Dataset] = {}
    for step, dataset in simulate_farm(prepared):
        found[step] = dataset
        yield step, dataset
    yield from simulate_plant(prepared, found)


def simulate_farm(prepared: Prepared, operations: xr.Dataset | None = None) -> Iterator[tuple[str, xr.Dataset]]:
    """Yield the steps up to the power of the farm at its connection: weather, and of turbines operations and wind.

    Campaigns at sea and certification follow, where they are stated. Without turbines there is the weather alone.

    Parameters
    ----------
    prepared : Prepared
        The scenario, opened and checked.
    operations : xarray.Dataset, optional
        The step of operations of a scenario that `has_same_operations`: it is not simulated again.
    """
    scenario = prepared.scenario
    if scenario.farm is None:
        record = prepared.record
        yield "weather", record_alone(record).assign_attrs(_origin(record, scenario.location))
        return
    weather = wind_at_hubs(scenario.weather, prepared.record, prepared.farm.per_turbine("hub_height"))
    yield "weather", weather.assign_attrs(_origin(weather, scenario.location))
    stated = scenario.wind_farm
    if operations is None:
        operations = operate(prepared.record, stated.operations, prepared.farm, prepared.log)
    yield "operations", operations
    simulate = simulate_wind if prepared.losses or not needs_more_flows(prepared) else wind_at_connection
    wind = simulate(prepared, weather, _availability(operations))
    near = near_in(prepared)
    yield "wind", wind.assign_attrs({NEAR: near}) if near else wind
    if stated.operations.installation is not None:
        yield from campaigns(stated.operations.installation).items()
    if stated.operations.certification is not None:
        yield from certify(stated.operations.certification).items()


def with_uncertainty(prepared: Prepared, farm: Mapping[str, xr.Dataset]) -> dict[str, xr.Dataset]:
    """Return the steps of `simulate_farm` that left the sensitivity of the energy out, with it."""
    found = with_sensitivity(prepared, farm["weather"], _availability(farm["operations"]), farm["wind"])
    return {**farm, "wind": found}


def lacks_losses(farm: Mapping[str, xr.Dataset]) -> bool:
    """Return whether the steps of `simulate_farm` left out what each loss takes."""
    return "wind" in farm and "energy_after" not in farm["wind"]


def with_losses(prepared: Prepared, farm: Mapping[str, xr.Dataset]) -> dict[str, xr.Dataset]:
    """Return the steps of `simulate_farm` that left out what each loss takes, with it."""
    found = simulate_wind(prepared, farm["weather"], _availability(farm["operations"]), farm["wind"])
    kept = {name: farm["wind"].attrs[name] for name in (NEAR,) if name in farm["wind"].attrs}
    return {**farm, "wind": found.assign_attrs(kept)}


def _availability(operations: xr.Dataset) -> xr.DataArray:
    """Return the availability of the turbines [1], one or over (time, turbine)."""
    return operations["availability"].drop_vars("time", errors="ignore")


def has_same_farm(first: Scenario, second: Scenario) -> bool:
    """Return whether two scenarios differ only in what follows the wind: `simulate_farm` gives both the same.

    The price of the market, which stands among the weather, is not compared: see `with_price_of`.
    """
    return all(getattr(first, name) == getattr(second, name) for name in BEFORE_THE_PLANT)


def has_same_operations(first: Prepared, second: Prepared) -> bool:
    """Return whether two scenarios have the same step of operations: it asks for no positions of the turbines."""
    if first.turbines is None or second.turbines is None:
        return False
    stated = ("location", "weather", "operations")
    return (
        first.log == second.log
        and all(getattr(first.scenario, name) == getattr(second.scenario, name) for name in stated)
        and all(getattr(first.turbines, name) == getattr(second.turbines, name) for name in ("names", "farms"))
    )


def has_same_plant(first: Scenario, second: Scenario) -> bool:
    """Return whether two scenarios differ in costs alone: `simulate_plant` gives both the same but for the money."""
    if (first.economics is None) != (second.economics is None):
        return False
    others = [name for name in Scenario.model_fields if name not in ("title", "description", "plant", "economics")]
    return (
        all(getattr(first, name) == getattr(second, name) for name in others)
        and all(getattr(first.economics, name, None) == getattr(second.economics, name, None) for name in OF_DISPATCH)
        and _without_costs(first.machines.model_dump()) == _without_costs(second.machines.model_dump())
    )


def _without_costs(part: Any) -> Any:
    """Return a part of a plant without the costs of its machines, which nothing but the money asks for."""
    if isinstance(part, dict):
        return {name: _without_costs(each) for name, each in part.items() if name != "cost"}
    return [_without_costs(each) for each in part] if isinstance(part, list | tuple) else part


def with_money_of(prepared: Prepared, steps: Mapping[str, xr.Dataset]) -> dict[str, xr.Dataset]:
    """Return the steps of a scenario that `has_same_plant`, with the money of this one."""
    scenario = prepared.scenario
    annual = annual_of(scenario, prepared.turbines, prepared.record, steps["weather"], prepared.reference)
    if annual is None or scenario.economics is None:
        return dict(steps)
    money = money_of(prepared, steps, annual, steps.get("operations"))
    return {**steps, "economics": costs_alone(money) if scenario.market is None else money}


def with_price_of(prepared: Prepared, farm: Mapping[str, xr.Dataset]) -> dict[str, xr.Dataset]:
    """Return the steps of `simulate_farm` of a scenario that `has_same_farm`, with the price of this one."""
    weather, price = farm["weather"], prepared.record.get("day_ahead_price")
    if price is None or weather.get("day_ahead_price") is price:
        return dict(farm)
    return {**farm, "weather": weather.assign(day_ahead_price=price)}


def simulate_plant(prepared: Prepared, farm: Mapping[str, xr.Dataset]) -> Iterator[tuple[str, xr.Dataset]]:
    """Yield the steps from the power of the farm on: plant, its life, losses, uncertainty, economics.

    Parameters
    ----------
    prepared : Prepared
        The scenario, opened and checked.
    farm : mapping of str to xarray.Dataset
        The steps of `simulate_farm`, of this scenario or of one that `has_same_farm`.
    """
    scenario, weather = prepared.scenario, farm["weather"]
    wind, operations = farm.get("wind"), farm.get("operations")
    annual = annual_of(scenario, prepared.turbines, prepared.record, weather, prepared.reference)
    power = None if wind is None else wind["power_delivered"]
    found: dict[str, xr.Dataset] = {}
    of_farms = None if wind is None else wind.get("power_delivered_of_farm")
    for name, dataset in dispatch(prepared, power, weather["day_ahead_price"], annual, of_farms):
        found[name] = dataset
        yield name, dataset
    plant = found["plant"]
    if wind is not None and not lacks_losses(farm):
        losses = losses_of(wind, plant)
        yield "losses", losses
        uncertainty = None if annual is None else _uncertainty(scenario, wind, losses, plant, annual)
        if uncertainty is not None:
            yield "uncertainty", uncertainty
    if annual is None or scenario.economics is None:
        return
    money = money_of(prepared, found, annual, operations)
    yield "economics", costs_alone(money) if scenario.market is None else money


def with_uncertainty_of(prepared: Prepared, steps: Mapping[str, xr.Dataset]) -> dict[str, xr.Dataset]:
    """Return the steps of a scenario that lacked the sensitivity of its wind alone, with how sure its energy is."""
    scenario, found = prepared.scenario, dict[str, xr.Dataset]()
    annual = annual_of(scenario, prepared.turbines, prepared.record, steps["weather"], prepared.reference)
    for name, step in steps.items():
        found[name] = step
        if name == "losses" and annual is not None:
            uncertainty = _uncertainty(scenario, steps["wind"], step, steps["plant"], annual)
            found |= {} if uncertainty is None else {"uncertainty": uncertainty}
    return found


def losses_of(wind: xr.Dataset, plant: xr.Dataset) -> xr.Dataset:
    """Return the losses of a farm, of its flow and its operation, with what its connection curtails."""
    return budget(wind, float(curtailed_wind(plant).sum()) * float(plant.attrs["step"]))


def money_of(
    prepared: Prepared, found: Mapping[str, xr.Dataset], annual: Annual, operations: xr.Dataset | None
) -> xr.Dataset:
    """Return the cash flow of a scenario, from its steps `plant` and `lifetime`; see `simulate_economics`."""
    plant, scenario = found["plant"], prepared.scenario
    return simulate_economics(
        found["lifetime"],
        plant,
        scenario.machines,
        float(plant.attrs["wind_capacity"]),
        scenario.money,
        annual,
        maintenance_cost(operations),
        offtake_of(contracts_of(prepared)),
    )


def record_alone(record: xr.Dataset) -> xr.Dataset:
    """Return the weather of a plant without turbines: what the record holds over time."""
    return record[[name for name in record.data_vars if record[name].dims == ("time",)]]


def curtailed_wind(plant: xr.Dataset) -> xr.DataArray:
    """Return what is curtailed of the wind [W], which bears it by its share of wind and panels."""
    curtailed = plant["power_curtailed"]
    if "power_photovoltaics" in plant:
        renewable = plant["power_wind"] + plant["power_photovoltaics"]
        curtailed = curtailed * (plant["power_wind"] / renewable.where(renewable > 0.0, np.inf)).fillna(0.0)
    return curtailed


def maintenance_cost(operations: xr.Dataset | None) -> float | None:
    """Return the yearly cost of simulated maintenance [EUR], None where it is not simulated."""
    return None if operations is None or "cost_total" not in operations else float(operations["cost_total"])


def costs_alone(money: xr.Dataset) -> xr.Dataset:
    """Return the money of what is not sold: costs and the levelised cost of energy, no cash flow and its figures."""
    figures = ("internal_rate", "net_present_value", "break_even")
    costs = money.drop_vars([name for name in money.data_vars if "revenue" in str(name) or name == "cash_flow"])
    costs.attrs = {name: value for name, value in money.attrs.items() if not str(name).startswith(figures)}
    return costs


def until_wind(prepared: Prepared) -> dict[str, xr.Dataset]:
    """Return the steps of weather, operations and wind, and simulate nothing after them."""
    found: dict[str, xr.Dataset] = {}
    for step, dataset in simulate_farm(prepared):
        found[step] = dataset
        if step == "wind":
            return found
    raise ValueError("the chain yields weather, operations and wind")


def _origin(weather: xr.Dataset, location: Location) -> dict[str, Any]:
    """Return the record's file, without the folders of this machine, and how far its place is from the location [m].

    The distance, on a sphere of 6,371 km, is left out where the record does not say its place.
    """
    found: dict[str, Any] = {"file": Path(weather.attrs["file"]).name} if "file" in weather.attrs else {}
    if not {"latitude", "longitude"} <= weather.attrs.keys():
        return found
    north, to = np.radians(float(weather.attrs["latitude"])), np.radians(location.latitude)
    east = np.radians(float(weather.attrs["longitude"]) - location.longitude)
    half = np.sin((north - to) / 2.0) ** 2 + np.cos(north) * np.cos(to) * np.sin(east / 2.0) ** 2
    return {**found, "distance_to_location": float(2.0 * 6.371e6 * np.arcsin(np.sqrt(half)))}


def _uncertainty(
    scenario: Scenario, wind: xr.Dataset, losses: xr.Dataset, plant: xr.Dataset, annual: Annual
) -> xr.Dataset | None:
    """Return how sure the net energy of a year is; None where that is not stated, or the sensitivity is not found."""
    stated = scenario.wind_farm.wind.uncertainty
    if stated is None or "energy_sensitivity" not in wind:
        return None
    net = annual.total((plant["power_wind"] - curtailed_wind(plant)).to_numpy()) * float(plant.attrs["step"])
    terms = dict(zip(losses["term"].to_numpy().tolist(), losses["loss"].to_numpy().tolist(), strict=True))
    return energy_uncertainty(stated, net, float(wind["energy_sensitivity"]), terms)
