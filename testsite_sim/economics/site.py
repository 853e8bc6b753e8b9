"""The cash flow of a hydrogen site, year by year as its machines age: costs, sales, side streams, replacements."""

from collections.abc import Mapping

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.constants import OXYGEN_PER_HYDROGEN

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.economics import Economics
from testsite_sim.configuration.hydrogen import PlantCost
from testsite_sim.configuration.hydrogen_site import HydrogenSite
from testsite_sim.economics.finance import (
    internal_rate_of_return,
    internal_rates_of_return,
    levelised_cost,
    present_value,
    replacements,
)
from testsite_sim.plant.station import station_cost
from testsite_sim.plant.storage import storage_cost

SITE_COMPONENTS = ("wind", "photovoltaics", "electrolysers", "store", "station", "fuel_cell", "battery")
Years = NDArray[np.float64]


def simulate_site_economics(
    lifetime: xr.Dataset,
    site: HydrogenSite,
    wind_power: float,
    economics: Economics,
    passage: xr.Dataset | None = None,
    maintenance: float | None = None,
) -> xr.Dataset:
    """Turn the years of a hydrogen site into a cash flow and its figures of merit; amounts are real.

    Stacks and batteries are paid again in the year in which they are replaced (those of machines without an ageing
    when their operating life has passed), and not in the last year. The first filling of store and station is bought
    at the hydrogen price in year 0, and what they hold at the end of the life is sold at it.

    The levelised cost of hydrogen is that of a balancing plant: electrolysers, store, water, by-product hydrogen and
    electricity (of electrolysers and compressor, own electricity at what its export would have earned under the export
    limit, or at the levelised cost of wind and panels), over the hydrogen made and taken, less what was vented. The
    break-even price of hydrogen is the price at which the hydrogen sold pays for everything that the other sales do
    not: (costs - electricity - oxygen - heat) / hydrogen, discounted. Where no hydrogen is sold, the cost of the fuel
    cell's electricity follows in the same way.

    Parameters
    ----------
    lifetime : xarray.Dataset, dims (year, electrolyser)
        As `testsite_sim.plant.site.simulate_hydrogen_site` returns it, one entry per year of the lifetime.
    site : HydrogenSite
        What is built.
    wind_power : float
        Installed wind power [W].
    economics : Economics
        Lifetime, discount rate, cost of wind, price of hydrogen.
    passage : xarray.Dataset, optional
        The first passage through the record, dims (time,), with the attribute `export_limit` [W] where there is one:
        what electricity is worth; None: no levelised cost of hydrogen.
    maintenance : float, optional
        The yearly cost of simulated maintenance of the turbines [EUR].

    Returns
    -------
    xarray.Dataset, dims (year, component)
        Costs per component and year, revenues, cash_flow [EUR], hydrogen_sold [kg]; attributes net_present_value
        [EUR], internal_rate_of_return, internal_rates_of_return (all of them), levelised_cost_of_hydrogen [EUR/kg],
        break_even_hydrogen_price [EUR/kg], levelised_cost_of_fuel_cell_energy [EUR/J], first_filling [kg], price_year;
        an attribute is absent where it has no value.

    Raises
    ------
    ConfigurationError
        When there is wind power and no cost of it.
    """
    years = lifetime.sizes["year"]
    rate, price = float(economics.discount_rate), float(economics.hydrogen_price)
    capital, operating, replacement = _component_costs(lifetime, site, wind_power, economics, maintenance)
    salvage = np.zeros_like(capital)
    salvage[:, -1] = float(economics.salvage or 0.0) * capital[:, 0]

    def yearly(values: xr.DataArray | Years) -> Years:
        return np.concatenate([[0.0], np.asarray(values, np.float64)])

    streams = _side_streams(lifetime, site)
    sold = yearly(lifetime["hydrogen_dispensed"] + lifetime["hydrogen_delivered"])
    first = float(lifetime.attrs["first_filling"])
    stock = np.zeros(years + 1)
    stock[0] = -first
    stock[-1] += float(lifetime["hydrogen_stored"][-1] + lifetime["hydrogen_in_station"][-1])
    revenues = {
        "electricity_revenue": (yearly(lifetime["electricity_revenue"]), "electricity sold minus bought, with support"),
        "hydrogen_revenue": (sold * price, "hydrogen sold to customers"),
        "hydrogen_stock_value": (stock * price, "the last content at the hydrogen price; in year 0 less the first"),
        "oxygen_revenue": (yearly(streams["oxygen"]), "oxygen sold"),
        "heat_revenue": (yearly(streams["heat"]), "heat sold"),
    }
    expenses = {
        "water_cost": (yearly(streams["water"]), "water bought"),
        "by_product_cost": (yearly(streams["by_product"]), "by-product hydrogen bought"),
    }
    costs = capital + operating + replacement - salvage
    spent = costs.sum(axis=0)
    for amount, _ in expenses.values():
        spent = spent + amount
    cash_flow = np.sum([amount for amount, _ in revenues.values()], axis=0) - spent
    dated = {} if economics.price_year is None else {"price_year": int(economics.price_year)}
    result = xr.Dataset(
        coords={
            "year": ("year", np.arange(years + 1), {"long_name": "year of operation; 0 is the investment"}),
            "component": ("component", list(SITE_COMPONENTS)),
        }
    )
    for name, amounts, text in (
        ("capital_cost", capital, "capital cost"),
        ("operating_cost", operating, "operating cost"),
        ("replacement_cost", replacement, "replacement cost"),
        ("salvage_value", salvage, "what comes back of the capital at the end of the life"),
    ):
        result[name] = (("component", "year"), amounts, {"units": "EUR", "long_name": text, **dated})
    for name, (amount, text) in {**revenues, **expenses}.items():
        result[name] = ("year", amount, {"units": "EUR", "long_name": text, **dated})
    result["cash_flow"] = ("year", cash_flow, {"units": "EUR", "long_name": "revenues minus costs", **dated})
    made = yearly(lifetime["hydrogen_produced"] + lifetime["hydrogen_by_product"] - lifetime["hydrogen_vented"])
    result["hydrogen_made"] = ("year", made, {"units": "kg", "long_name": "hydrogen made or taken, less that vented"})
    result["hydrogen_sold"] = ("year", sold, {"units": "kg", "long_name": "hydrogen dispensed and delivered"})
    result["hydrogen_stock_change"] = (
        "year",
        stock,
        {"units": "kg", "long_name": "the last content; in year 0 less the first filling"},
    )
    others = sum(revenues[name][0] for name in ("electricity_revenue", "oxygen_revenue", "heat_revenue"))
    generated = yearly(lifetime["energy_fuel_cell"])
    hydrogen_cost = None
    if passage is not None:
        electricity = yearly(_electricity_cost(lifetime, passage, costs, economics))
        text = "electricity of electrolysers and compressor, in the cost of hydrogen"
        result["electrolyser_electricity_cost"] = ("year", electricity, {"units": "EUR", "long_name": text, **dated})
        of_hydrogen = costs[[SITE_COMPONENTS.index(name) for name in ("electrolysers", "store")]].sum(axis=0)
        bought = expenses["water_cost"][0] + expenses["by_product_cost"][0]
        hydrogen_cost = levelised_cost(of_hydrogen + electricity + bought, made, rate)
    rates = internal_rates_of_return(cash_flow)
    figures: Mapping[str, float | None] = {
        "net_present_value": present_value(cash_flow, rate),
        "internal_rate_of_return": internal_rate_of_return(cash_flow, rate),
        "levelised_cost_of_hydrogen": hydrogen_cost,
        "break_even_hydrogen_price": levelised_cost(spent - others, sold + stock, rate) if sold.any() else None,
        "levelised_cost_of_fuel_cell_energy": None
        if sold.any()
        else levelised_cost(
            spent - sum(revenues[name][0] for name in ("oxygen_revenue", "heat_revenue", "hydrogen_stock_value")),
            generated,
            rate,
        ),
        "first_filling": first,
    }
    result.attrs.update({name: value for name, value in figures.items() if value is not None})
    result.attrs.update(dated, internal_rates_of_return=rates)
    return result


def _electricity_cost(lifetime: xr.Dataset, passage: xr.Dataset, costs: Years, economics: Economics) -> Years:
    """Return the value of the electricity that makes and compresses hydrogen, by year [EUR].

    Every year pays per energy what the first passage through the record pays.
    """
    flow = {name: passage[name].to_numpy() for name in passage.data_vars if passage[name].dims == ("time",)}
    used = flow["power_electrolysers"] + flow["power_compressor"]
    uses = used + flow["power_station"]
    share = np.divide(used, uses, out=np.zeros_like(used), where=uses > 0.0)
    bought = np.minimum(flow["power_imported"] * share, used)  # by its share of all uses in the interval
    own = used - bought
    if economics.electricity_valuation == "levelised-cost":
        energy = lifetime["energy_wind"] + lifetime["energy_photovoltaics"] - lifetime["energy_curtailed"]
        renewable = costs[[SITE_COMPONENTS.index(name) for name in ("wind", "photovoltaics")]].sum(axis=0)
        cost = levelised_cost(renewable, np.append(0.0, energy.to_numpy()), float(economics.discount_rate))
        value = own * (cost or 0.0)
    else:
        room = np.maximum(float(passage.attrs.get("export_limit", np.inf)) - flow["power_exported"], 0.0)
        value = np.minimum(own, room) * np.maximum(flow["price"] + flow["support"], 0.0)
    paid = float((value + bought * (flow["price"] + float(passage.attrs["purchase_fee"]))).sum())
    per_energy = paid / max(float(used.sum()), 1e-300)
    return (lifetime["energy_electrolysers"] + lifetime["energy_compressor"]).to_numpy() * per_energy


def _component_costs(
    lifetime: xr.Dataset, site: HydrogenSite, wind_power: float, economics: Economics, maintenance: float | None
) -> tuple[Years, Years, Years]:
    """Return capital, operating and replacement costs [EUR], each of shape (component, year)."""
    years = lifetime.sizes["year"]
    capital, operating, replacement = (np.zeros((len(SITE_COMPONENTS), years + 1)) for _ in range(3))

    def build(component: str, invested: float, running: float) -> None:
        row = SITE_COMPONENTS.index(component)
        capital[row, 0] += invested
        operating[row, 1:] += running

    def renew(component: str, amounts: Years) -> None:
        replacement[SITE_COMPONENTS.index(component), 1:-1] += amounts[:-1]  # never in the last year

    if wind_power > 0.0:
        if economics.wind is None:
            raise ConfigurationError("economics: the site has wind turbines, and `wind` states no cost of them.")
        running = economics.wind.yearly(wind_power, maintenance)
        build("wind", float(economics.wind.capital) * wind_power, running)
    if site.photovoltaics is not None:
        invested = float(site.photovoltaics.cost.capital * site.photovoltaics.capacity)
        build("photovoltaics", invested, invested * float(site.photovoltaics.cost.operating))
    for number, machine in enumerate(site.electrolysers):
        invested = float(machine.cost.capital * machine.capacity)
        build("electrolysers", invested, invested * float(machine.cost.operating))
        if machine.stacks is not None and machine.stacks.ageing is not None:
            shares = lifetime["stacks_replaced"].to_numpy()[:, number] / float(machine.stacks.stacks)
        else:
            shares = _by_life(lifetime["stack_running_time"].to_numpy()[:, number], machine.cost)
        renew("electrolysers", shares * invested * float(machine.cost.replacement))
    if site.store is not None:
        for invested, running in storage_cost(site.store).values():
            build("store", invested, running)
    if site.refuelling is not None:
        for invested, running in station_cost(site.refuelling.station).values():
            build("station", invested, running)
    if site.fuel_cell is not None:
        cell = site.fuel_cell
        invested = float(cell.cost.capital * cell.capacity)
        build("fuel_cell", invested, invested * float(cell.cost.operating))
        times = lifetime["fuel_cell_replacements"].to_numpy()
        if cell.stacks is None:
            times = _by_life(lifetime["fuel_cell_running_time"].to_numpy(), cell.cost)
        renew("fuel_cell", times * invested * float(cell.cost.replacement))
    if site.battery is not None:
        battery = site.battery
        cells = float(battery.cost.storage * battery.capacity)
        invested = cells + float(battery.cost.converter * battery.power)
        build("battery", invested, invested * float(battery.cost.operating))
        renew("battery", lifetime["battery_replacements"].to_numpy() * cells * float(battery.cost.replacement))
    return capital, operating, replacement


def _by_life(running: Years, cost: PlantCost) -> Years:
    """Return how often stacks of a stated operating life are replaced in each year, from the time that they run."""
    mean = float(running.mean())
    return np.array(replacements(mean, float(cost.operating_life), running.size)[1:], np.float64)


def _side_streams(lifetime: xr.Dataset, site: HydrogenSite) -> dict[str, Years]:
    """Return what side streams earn and cost in each year [EUR]."""
    zero = np.zeros(lifetime.sizes["year"])
    found = {"oxygen": zero, "heat": zero, "water": zero, "by_product": zero}
    streams = site.side_streams
    if site.by_product is not None:
        found["by_product"] = lifetime["hydrogen_by_product"].to_numpy() * float(site.by_product.price)
    if streams is None:
        return found
    if streams.oxygen is not None:
        made = lifetime["hydrogen_produced"].to_numpy() * OXYGEN_PER_HYDROGEN
        found["oxygen"] = made * float(streams.oxygen.sold * streams.oxygen.price)
    if streams.heat is not None:
        heat = lifetime["heat_sold"].to_numpy()
        found["heat"] = heat * float(streams.heat.price)
    if streams.water is not None:
        found["water"] = lifetime["water_consumed"].to_numpy() * float(streams.water.price)
    return found
