"""The cash flow of a wind farm and its plant, year by year: costs, sales, side streams, replacements."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.constants import OXYGEN_PER_HYDROGEN

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.units import SECONDS_PER_YEAR
from testsite_sim.configuration.contracts import HydrogenOfftake
from testsite_sim.configuration.economics import Economics
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.economics.components import component_costs, components_of
from testsite_sim.economics.finance import (
    internal_rate_of_return,
    internal_rates_of_return,
    levelised_cost,
    present_value,
)
from testsite_sim.economics.period import Annual


def simulate_economics(
    lifetime: xr.Dataset,
    passage: xr.Dataset,
    plant: PlantConfiguration,
    wind_power: float,
    economics: Economics,
    annual: Annual,
    maintenance: float | None = None,
    offtake: HydrogenOfftake | None = None,
) -> xr.Dataset:
    """Turn the years of a wind farm and its plant into a cash flow and its figures of merit; amounts are real.

    Stacks and batteries are paid again in the year in which they are replaced (those of machines without an ageing
    when their operating life has passed), and not in the last year. `docs/methods/economics.md` defines each cost.

    The levelised cost of energy is that of wind and panels over their energy after curtailment. The levelised cost of
    hydrogen is electrolysers, store, water, by-product hydrogen and electricity (of electrolysers and compressor) over
    the hydrogen made and taken, less what was vented. Own electricity counts at what its export would have earned
    (`day-ahead`): nothing beyond the room under the export limit, nothing where price and support are below zero; or
    at the levelised cost of energy. Bought electricity counts at price and fee.

    Hydrogen is stock-neutral: the first filling is bought at the hydrogen price in year 0 and sold in the last year;
    what a year leaves in store and station more, or less, than it found there is sold or bought at that price.

    A contract for hydrogen sells what the demand takes at its price; the buyer pays for what it is bound to take and
    does not ask for, the plant the penalty of what was asked for within the quantity and not delivered.

    The break-even price of hydrogen is the price at which the hydrogen sold pays for everything that the other sales
    do not. Where no hydrogen is sold, the cost of the fuel cells' electricity follows in the same way.

    Parameters
    ----------
    lifetime : xarray.Dataset, dims (year, electrolyser, fuel_cell)
        One entry for each year of the project, as the chain gives it.
    passage : xarray.Dataset, dims (time,)
        The step `plant`: what electricity is worth; attributes `purchase_fee` [EUR/J] and, where there is one,
        `export_limit` [W].
    plant : PlantConfiguration
        What is built.
    wind_power : float
        Installed wind power [W].
    economics : Economics
        Lifetime, discount rate, cost of wind, price of hydrogen.
    annual : Annual
        How the period of `passage` stands for a year.
    maintenance : float, optional
        The yearly cost of simulated maintenance of the turbines [EUR].
    offtake : HydrogenOfftake, optional
        What sells the hydrogen that the demand takes; without it, it is sold at the hydrogen price.

    Returns
    -------
    xarray.Dataset, dims (year, component)
        Costs per component and year, revenues, cash_flow [EUR], hydrogen and energy; attributes net_present_value
        [EUR], internal_rate_of_return, internal_rates_of_return (all of them), levelised_cost_of_energy [EUR/J],
        levelised_cost_of_hydrogen, break_even_hydrogen_price [EUR/kg], levelised_cost_of_fuel_cell_energy [EUR/J],
        first_filling [kg], price_year; an attribute is absent where it has no value.

    Raises
    ------
    ConfigurationError
        When there is wind power and no cost of it.
    """
    if wind_power > 0.0 and economics.wind is None:
        raise ConfigurationError("economics: there are wind turbines, and `wind` states no cost of them.")
    rate, price = float(economics.discount_rate), float(economics.hydrogen_price or 0.0)
    rows = components_of(plant, wind_power)
    capital, operating, replacement = component_costs(lifetime, plant, rows, wind_power, economics, maintenance)
    salvage = np.zeros_like(capital)
    salvage[:, -1] = float(economics.salvage or 0.0) * capital[:, 0]
    costs = capital + operating + replacement - salvage
    stock = _stock(lifetime)
    sold = _of(lifetime, "hydrogen_dispensed") + _of(lifetime, "hydrogen_delivered")
    revenues = _revenues(lifetime, plant, stock, price, offtake)
    expenses = _expenses(lifetime, plant, offtake)
    spent = costs.sum(axis=0) + sum(amount for amount, _ in expenses.values())
    cash_flow = np.sum([amount for amount, _ in revenues.values()], axis=0) - spent
    energy = _of(lifetime, "energy_wind") + _of(lifetime, "energy_photovoltaics") - _of(lifetime, "energy_curtailed")
    renewable = [rows.index(name) for name in ("wind", "photovoltaics") if name in rows]
    energy_cost = levelised_cost(costs[renewable].sum(axis=0), energy, rate) if renewable else None
    made = _of(lifetime, "hydrogen_produced") + _of(lifetime, "hydrogen_by_product") - _of(lifetime, "hydrogen_vented")
    electricity = _electricity_cost(lifetime, passage, economics, energy_cost, annual)
    of_hydrogen = [rows.index(name) for name in ("electrolysers", "store") if name in rows]
    bought = sum(amount for name, (amount, _) in expenses.items() if name in ("water_cost", "by_product_cost"))
    others = sum(amount for name, (amount, _) in revenues.items() if not name.startswith("hydrogen"))
    streams = sum(
        revenues[name][0] for name in ("oxygen_revenue", "heat_revenue", "hydrogen_stock_value") if name in revenues
    )
    dated = {} if economics.price_year is None else {"price_year": int(economics.price_year)}
    of_years = {**revenues, **expenses, "cash_flow": (cash_flow, "revenues minus costs")}
    series = [("energy_delivered", energy, "J", "energy of wind and panels after curtailment")] if renewable else []
    if "store" in rows or "electrolysers" in rows or "station" in rows or plant.by_product is not None:
        series += [
            ("hydrogen_made", made, "kg", "hydrogen made or taken, less that vented"),
            ("hydrogen_sold", sold, "kg", "hydrogen dispensed and delivered"),
            ("hydrogen_stock_change", stock, "kg", "what the contents gain; in year 0 less the first filling"),
            ("electrolyser_electricity_cost", electricity, "EUR", "electricity of electrolysers and compressor"),
        ]
    series = [(name, amount, "EUR", text) for name, (amount, text) in of_years.items()] + series
    of_components = {"capital": capital, "operating": operating, "replacement": replacement, "salvage": salvage}
    result = _dataset(rows, lifetime.sizes["year"], of_components, series, dated)
    sells = bool(np.any(sold))
    figures: Mapping[str, float | None] = {
        "net_present_value": present_value(cash_flow, rate),
        "internal_rate_of_return": internal_rate_of_return(cash_flow, rate),
        "levelised_cost_of_energy": energy_cost,
        "levelised_cost_of_hydrogen": levelised_cost(costs[of_hydrogen].sum(axis=0) + electricity + bought, made, rate)
        if plant.electrolysers or plant.by_product
        else None,
        "break_even_hydrogen_price": levelised_cost(spent - others, sold + stock, rate) if sells else None,
        "levelised_cost_of_fuel_cell_energy": levelised_cost(spent - streams, _of(lifetime, "energy_fuel_cells"), rate)
        if plant.fuel_cells and not sells and wind_power == 0.0
        else None,
        "first_filling": float(lifetime.attrs["first_filling"]),
    }
    result.attrs.update({name: value for name, value in figures.items() if value is not None})
    rates = internal_rates_of_return(cash_flow)
    return result.assign_attrs(dated, internal_rates_of_return=rates, scaling=annual.method)


def _of(lifetime: xr.Dataset, name: str) -> Floats:
    """Return an amount by year, with a year 0 of nothing; zeros where the plant has none."""
    years = lifetime.sizes["year"]
    return np.concatenate([[0.0], lifetime.variables[name].to_numpy() if name in lifetime else np.zeros(years)])


def _stock(lifetime: xr.Dataset) -> Floats:
    """Return what is sold of the contents in each year, above what they were at its start [kg]."""
    first = float(lifetime.attrs["first_filling"])
    names = [name for name in ("hydrogen_stored", "hydrogen_in_station", "hydrogen_in_pipeline") if name in lifetime]
    if "hydrogen_gained" in lifetime:  # each year begins with the first filling
        gained = lifetime["hydrogen_gained"].to_numpy()
    elif names:
        gained = np.diff(np.sum([lifetime[name].to_numpy() for name in names], axis=0), prepend=first)
    else:
        return np.zeros(lifetime.sizes["year"] + 1)
    stock = np.concatenate([[-first], gained])
    stock[-1] += first
    return stock


def _revenues(
    lifetime: xr.Dataset, plant: PlantConfiguration, stock: Floats, price: float, offtake: HydrogenOfftake | None
) -> dict[str, tuple[Floats, str]]:
    """Return what is earned by year [EUR], of what the plant has, each with its description."""
    found = {
        "electricity_revenue": (_of(lifetime, "electricity_revenue"), "electricity sold minus bought, with support")
    }
    if "contract_revenue" in lifetime:
        found["contract_revenue"] = (_of(lifetime, "contract_revenue"), "paid by contracts for power")
    if plant.demand is not None or plant.refuelling is not None:
        dispensed, delivered = _of(lifetime, "hydrogen_dispensed"), _of(lifetime, "hydrogen_delivered")
        agreed = price if offtake is None else float(offtake.price)
        sales = (dispensed + delivered) * price if offtake is None else dispensed * price + delivered * agreed
        found["hydrogen_revenue"] = (sales, "hydrogen sold to customers")
    if offtake is not None:
        bound = float(offtake.take_or_pay) * float(offtake.quantity) * SECONDS_PER_YEAR
        amount = np.maximum(bound - _asked(lifetime), 0.0) * float(offtake.price)
        amount[0] = 0.0
        found["take_or_pay_revenue"] = (amount, "hydrogen paid for that the demand did not ask for")
    if any(part is not None for part in (plant.store, plant.refuelling, plant.pipeline)):
        text = "what the contents gain, at the hydrogen price; less the first filling"
        found["hydrogen_stock_value"] = (stock * price, text)
    streams = plant.side_streams
    if streams is not None and streams.oxygen is not None:
        made = _of(lifetime, "hydrogen_produced") * OXYGEN_PER_HYDROGEN
        found["oxygen_revenue"] = (made * float(streams.oxygen.sold * streams.oxygen.price), "oxygen sold")
    if streams is not None and streams.heat is not None:
        found["heat_revenue"] = (_of(lifetime, "heat_sold") * float(streams.heat.price), "heat sold")
    return found


def _asked(lifetime: xr.Dataset) -> Floats:
    """Return what the demand asks for by year [kg]."""
    return _of(lifetime, "hydrogen_delivered") + _of(lifetime, "hydrogen_unmet")


def _expenses(
    lifetime: xr.Dataset, plant: PlantConfiguration, offtake: HydrogenOfftake | None
) -> dict[str, tuple[Floats, str]]:
    """Return what water, by-product hydrogen and a shortfall cost by year [EUR], each with its description."""
    found: dict[str, tuple[Floats, str]] = {}
    if offtake is not None:
        due = np.minimum(float(offtake.quantity) * SECONDS_PER_YEAR, _asked(lifetime))
        lacking = np.maximum(due - _of(lifetime, "hydrogen_delivered"), 0.0)
        text = "penalty of hydrogen asked for within the contract and not delivered"
        found["shortfall_penalty"] = (lacking * float(offtake.shortfall_penalty), text)
    if plant.side_streams is not None and plant.side_streams.water is not None:
        cost = _of(lifetime, "water_consumed") * float(plant.side_streams.water.price)
        found["water_cost"] = (cost, "water bought")
    if plant.by_product is not None:
        cost = _of(lifetime, "hydrogen_by_product") * float(plant.by_product.price)
        found["by_product_cost"] = (cost, "by-product hydrogen bought")
    return found


def _dataset(
    rows: list[str],
    years: int,
    of_components: Mapping[str, Floats],
    series: Sequence[tuple[str, Floats, str, str]],
    dated: Mapping[str, int],
) -> xr.Dataset:
    """Return the costs by component and year, and series by year: name, values, units, description."""
    texts = {
        "capital": ("capital_cost", "capital cost"),
        "operating": ("operating_cost", "operating cost"),
        "replacement": ("replacement_cost", "replacement cost"),
        "salvage": ("salvage_value", "what comes back of the capital at the end of the life"),
    }
    variables: dict[str, Any] = {
        texts[kind][0]: (("component", "year"), amounts, {"units": "EUR", "long_name": texts[kind][1], **dated})
        for kind, amounts in of_components.items()
    }
    variables |= {
        name: ("year", values, {"units": units, "long_name": text, **(dated if units == "EUR" else {})})
        for name, values, units, text in series
    }
    coordinates = {
        "year": ("year", np.arange(years + 1), {"long_name": "year of operation; 0 is the investment"}),
        "component": ("component", np.array(rows, dtype=str)),
    }
    return xr.Dataset(variables, coords=coordinates)


def _electricity_cost(
    lifetime: xr.Dataset, passage: xr.Dataset, economics: Economics, energy_cost: float | None, annual: Annual
) -> Floats:
    """Return the value of the electricity that makes and compresses hydrogen, by year [EUR].

    Every year pays per energy what the simulated period pays.
    """
    held = passage.variables
    flow = {str(name): held[name].to_numpy() for name in passage.data_vars if held[name].dims == ("time",)}
    zero = np.zeros(passage.sizes["time"])
    used = flow.get("power_electrolysers", zero) + flow.get("power_compressor", zero)
    uses = used + flow.get("power_station", zero) + flow.get("power_pipeline", zero)
    share = np.divide(used, uses, out=np.zeros_like(used), where=uses > 0.0)
    bought = np.minimum(flow["power_imported"] * share, used)  # by its share of all uses in the interval
    own = used - bought
    if economics.electricity_valuation == "levelised-cost":
        value = own * (energy_cost or 0.0)
    else:
        room = np.maximum(float(passage.attrs.get("export_limit", np.inf)) - flow["power_exported"], 0.0)
        value = np.minimum(own, room) * np.maximum(flow["price"] + flow["support"], 0.0)
    paid = annual.total(value + bought * (flow["price"] + float(passage.attrs["purchase_fee"])))
    per_energy = paid / max(annual.total(used), 1e-300)
    return (_of(lifetime, "energy_electrolysers") + _of(lifetime, "energy_compressor")) * per_energy
