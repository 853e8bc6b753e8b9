"""The steps of the chain of a hydrogen site: the site through its life, its losses of wind, its money."""

from collections.abc import Iterator

import numpy as np
import xarray as xr

from testsite_sim.chain.annual import annual_of, not_counted, scaling_of
from testsite_sim.chain.at_sea import budget
from testsite_sim.chain.dispatching import maintenance_cost, support_of
from testsite_sim.chain.preparation import Prepared
from testsite_sim.configuration.hydrogen_site import HydrogenSite
from testsite_sim.economics.site import simulate_site_economics
from testsite_sim.plant.photovoltaics import photovoltaic_power
from testsite_sim.plant.site import by_product_series, simulate_hydrogen_site


def simulate_site(
    prepared: Prepared,
    site: HydrogenSite,
    wind: xr.Dataset | None = None,
    operations: xr.Dataset | None = None,
    weather: xr.Dataset | None = None,
) -> Iterator[tuple[str, xr.Dataset]]:
    """Yield the steps of a hydrogen site from its power on.

    Parameters
    ----------
    prepared : Prepared
        The scenario, with a hydrogen site.
    site : HydrogenSite
        The site.
    wind, operations : xarray.Dataset, optional
        The step of wind and that of operations; None for a site without turbines.
    weather : xarray.Dataset, optional
        At hub heights; likewise.

    A period that is no whole year, and is not scaled to one, has neither lifetime nor economics.
    """
    scenario, record = prepared.scenario, prepared.record
    price = record["day_ahead_price"]
    none = xr.zeros_like(price).assign_attrs(units="W")
    delivered = none if wind is None else wind["power_delivered"]
    panels = none
    if site.photovoltaics is not None:
        place = {"latitude": float(scenario.site.latitude), "longitude": float(scenario.site.longitude)}
        panels = photovoltaic_power(record, site.photovoltaics, **place)
    fee = 0.0 if scenario.grid.purchase_fee is None else float(scenario.grid.purchase_fee)
    annual = annual_of(scenario, prepared.turbines, record if weather is None else weather, prepared.reference)
    found = simulate_hydrogen_site(
        site, scenario.grid, delivered, panels, price, by_product_series(site.by_product, record),
        support=support_of(scenario.sale, price), purchase_fee=fee,
        years=0 if annual is None else round(scenario.money.lifetime),
    )  # fmt: skip
    rated = float(prepared.farm.per_turbine("rated_power").sum()) if prepared.turbines else 0.0
    grid = scenario.grid
    limit = {} if grid.export_limit is None else {"export_limit": float(grid.export_limit)}
    limit["import_limit"] = 0.0 if grid.import_limit is None else float(grid.import_limit)
    stated = _capacities(site, rated) | limit | scaling_of(annual) | not_counted(scenario, annual)
    hydrogen = found["hydrogen"].assign_attrs(stated)
    yield "hydrogen", hydrogen
    if "refuelling" in found:
        yield "refuelling", found["refuelling"]
    if annual is not None:
        yield "lifetime", found["lifetime"]
    if wind is not None:
        yield "losses", budget(wind, _curtailed_wind(hydrogen))
    if annual is not None:
        yield (
            "economics",
            simulate_site_economics(
                found["lifetime"], site, rated, scenario.money, hydrogen, maintenance_cost(operations)
            ),
        )


def record_alone(record: xr.Dataset) -> xr.Dataset:
    """Return the weather of a site without turbines: what the record holds over time."""
    kept = [name for name in record.data_vars if record[name].dims == ("time",)]
    return record[kept]


def _curtailed_wind(hydrogen: xr.Dataset) -> float:
    """Return what is curtailed of the wind [J], which bears it by its share of wind and panels."""
    renewable = hydrogen["power_wind"] + hydrogen["power_photovoltaics"]
    share = (hydrogen["power_wind"] / renewable.where(renewable > 0.0, np.inf)).fillna(0.0)
    return float((hydrogen["power_curtailed"] * share).sum()) * float(hydrogen.attrs["step"])


def _capacities(site: HydrogenSite, wind_power: float) -> dict[str, float]:
    """Return what is installed [W], for the summary."""
    cell, panels, battery = site.fuel_cell, site.photovoltaics, site.battery
    return {
        "wind_capacity": wind_power,
        "photovoltaic_capacity": 0.0 if panels is None else float(panels.capacity),
        "electrolyser_capacity": float(sum(machine.capacity for machine in site.electrolysers)),
        "fuel_cell_capacity": 0.0 if cell is None else float(cell.capacity),
        "battery_capacity": 0.0 if battery is None else float(battery.capacity),
    }
