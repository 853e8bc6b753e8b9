"""Run the chain, step by step, each a function from Datasets and configuration to a Dataset."""

from collections.abc import Iterator

import numpy as np
import xarray as xr

from testsite_sim.chain.annual import annual_of
from testsite_sim.chain.at_sea import budget, campaigns, certify, operate
from testsite_sim.chain.dispatching import dispatch
from testsite_sim.chain.flow import simulate_wind
from testsite_sim.chain.preparation import Prepared
from testsite_sim.configuration.site import Site
from testsite_sim.configuration.wind import EnergyUncertainty
from testsite_sim.economics import simulate_economics
from testsite_sim.weather import at_hub_heights
from testsite_sim.wind import energy_uncertainty


def simulate_scenario(prepared: Prepared) -> Iterator[tuple[str, xr.Dataset]]:
    """Yield each step of the chain, as it is done, with its Dataset.

    Yields
    ------
    tuple[str, xarray.Dataset]
        The name of the step, or a path below it, and what it gives; units in the attributes of each
        variable.
    """
    scenario = prepared.scenario
    if scenario.farm is None:
        record = prepared.record
        yield "weather", record_alone(record).assign_attrs(_distance(record, scenario.site))
        yield from _plant_and_money(prepared, record["day_ahead_price"], record, None, None)
        return
    shear = scenario.weather.shear_exponent
    weather = at_hub_heights(prepared.record, prepared.farm.per_turbine("hub_height"), shear)
    yield "weather", weather.assign_attrs(_distance(weather, scenario.site))
    stated = scenario.wind_farm
    operations = operate(prepared.record, stated.operations, prepared.farm, prepared.log)
    yield "operations", operations
    wind = simulate_wind(prepared, weather, operations["availability"].drop_vars("time", errors="ignore"))
    yield "wind", wind
    if stated.operations.installation is not None:
        yield from campaigns(stated.operations.installation).items()
    if stated.operations.certification is not None:
        yield from certify(stated.operations.certification).items()
    yield from _plant_and_money(prepared, weather["day_ahead_price"], weather, wind, operations)


def _plant_and_money(
    prepared: Prepared,
    price: xr.DataArray,
    weather: xr.Dataset,
    wind: xr.Dataset | None,
    operations: xr.Dataset | None,
) -> Iterator[tuple[str, xr.Dataset]]:
    """Yield the steps from power on: plant, its life, losses, uncertainty, economics."""
    scenario = prepared.scenario
    annual = annual_of(scenario, prepared.turbines, weather, prepared.reference)
    power = None if wind is None else wind["power_delivered"]
    found: dict[str, xr.Dataset] = {}
    for name, dataset in dispatch(prepared, power, price, annual):
        found[name] = dataset
        yield name, dataset
    plant = found["plant"]
    if wind is not None:
        curtailed = curtailed_wind(plant)
        losses = budget(wind, float(curtailed.sum()) * float(plant.attrs["step"]))
        yield "losses", losses
        uncertainty = scenario.wind_farm.wind.uncertainty
        if annual is not None and uncertainty is not None:
            energy = annual.total((plant["power_wind"] - curtailed).to_numpy()) * float(plant.attrs["step"])
            yield "uncertainty", _uncertainty(wind, losses, uncertainty, energy)
    if annual is None or scenario.economics is None:
        return
    money = simulate_economics(
        found["lifetime"],
        plant,
        scenario.machines,
        float(plant.attrs["wind_capacity"]),
        scenario.money,
        annual,
        maintenance_cost(operations),
    )
    yield "economics", costs_alone(money) if scenario.market is None else money


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
    for step, dataset in simulate_scenario(prepared):
        found[step] = dataset
        if step == "wind":
            return found
    raise ValueError("the chain yields weather, operations and wind")


def _distance(weather: xr.Dataset, site: Site) -> dict[str, float]:
    """Return how far the record's place is from the site [m] (sphere of 6,371 km), where the record says its place."""
    if not {"latitude", "longitude"} <= weather.attrs.keys():
        return {}
    north, north_site = np.radians(float(weather.attrs["latitude"])), np.radians(site.latitude)
    east = np.radians(float(weather.attrs["longitude"]) - site.longitude)
    half = np.sin((north - north_site) / 2.0) ** 2 + np.cos(north) * np.cos(north_site) * np.sin(east / 2.0) ** 2
    return {"distance_to_site": float(2.0 * 6.371e6 * np.arcsin(np.sqrt(half)))}


def _uncertainty(wind: xr.Dataset, losses: xr.Dataset, stated: EnergyUncertainty, net: float) -> xr.Dataset:
    """Return how sure the net energy of a year [J] is."""
    terms = dict(zip(losses["term"].to_numpy().tolist(), losses["loss"].to_numpy().tolist(), strict=True))
    return energy_uncertainty(stated, net, float(wind["energy_sensitivity"]), terms)
