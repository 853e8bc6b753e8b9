"""Run the chain, step by step, each a function from Datasets and configuration to a Dataset."""

from collections.abc import Iterator

import numpy as np
import xarray as xr

from testsite_sim.chain.annual import annual_of, not_counted, scaling_of
from testsite_sim.chain.at_sea import budget, campaigns, certify, operate
from testsite_sim.chain.dispatching import costs_alone, count_money, dispatch_and_follow
from testsite_sim.chain.flow import simulate_wind
from testsite_sim.chain.preparation import Prepared
from testsite_sim.chain.site import record_alone, simulate_site
from testsite_sim.configuration.site import Site
from testsite_sim.configuration.wind import EnergyUncertainty
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
    if scenario.farm is None and scenario.hydrogen is not None:
        yield "weather", record_alone(prepared.record).assign_attrs(_distance(prepared.record, scenario.site))
        yield from simulate_site(prepared, scenario.hydrogen)
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
    if scenario.hydrogen is not None:
        yield from simulate_site(prepared, scenario.hydrogen, wind, operations, weather)
        return
    annual = annual_of(scenario, prepared.farm, weather, prepared.reference)
    balancing, stacks = dispatch_and_follow(
        prepared, wind["power_delivered"], weather["day_ahead_price"], annual is not None
    )
    powers = {"energy": balancing["power_available"], "electrolyser_energy": balancing["power_electrolyser"]}
    balancing = balancing.assign_attrs(scaling_of(annual, **powers) | not_counted(scenario, annual))
    yield "balancing", balancing
    if stacks is not None:
        yield "electrolysis", stacks
    losses = budget(wind, float(balancing["power_curtailed"].sum()) * float(balancing.attrs["step"]))
    yield "losses", losses
    if annual is None:
        return
    if stated.wind.uncertainty is not None:
        net = (balancing["power_available"] - balancing["power_curtailed"]).to_numpy()
        energy = annual.total(net) * float(balancing.attrs["step"])
        yield "uncertainty", _uncertainty(wind, losses, stated.wind.uncertainty, energy)
    if scenario.economics is not None:
        money = count_money(prepared, operations, balancing, stacks, annual)
        yield "economics", costs_alone(money) if scenario.market is None else money


def power_at_connection(prepared: Prepared) -> tuple[xr.DataArray, xr.DataArray]:
    """Return the power of the farm at its connection [W] and the day-ahead price [EUR/J], both over (time,)."""
    steps = until_wind(prepared)
    return steps["wind"]["power_delivered"], steps["weather"]["day_ahead_price"]


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
