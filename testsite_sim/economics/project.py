"""The cash flow of a fleet and its balancing plant over their lifetime, from one simulated period."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.configuration.economics import Economics
from testsite_sim.configuration.hydrogen import Electrolyser, FuelCell, Tank
from testsite_sim.economics.finance import (
    internal_rate_of_return,
    internal_rates_of_return,
    levelised_cost,
    present_value,
    replacements,
)
from testsite_sim.economics.period import Annual, repeated

COMPONENTS = ("wind", "electrolyser", "tank", "fuel_cell")
Years = NDArray[np.float64]


@dataclass(frozen=True)
class Assets:
    """What is built: installed wind power [W], and the machines of the balancing plant, where there are any.

    `maintenance`: the yearly cost of simulated maintenance [EUR], None where it is not simulated.
    """

    wind_power: float
    electrolyser: Electrolyser | None = None
    tank: Tank | None = None
    fuel_cell: FuelCell | None = None
    maintenance: float | None = None


@dataclass(frozen=True)
class Wear:
    """What stacks that were followed through the years make and need, shape (years,).

    `hydrogen` is a share of what the stacks make in the simulated period; `replaced` the share of the stacks replaced,
    None where they do not age: they are then replaced by their operating life.
    """

    hydrogen: Years
    replaced: Years | None


def simulate_economics(
    balancing: xr.Dataset, assets: Assets, economics: Economics, wear: Wear | None = None, annual: Annual | None = None
) -> xr.Dataset:
    """Turn a simulated period into a yearly cash flow and its figures of merit.

    Every year of operation is the simulated period, scaled to 8,760 h; amounts are real (without inflation), in euros
    of `economics.price_year`.

    The levelised cost of energy is that of the wind fleet over the energy that it delivers after curtailment. The
    levelised cost of hydrogen is electrolyser, tank and electricity over the hydrogen made. Electricity from the fleet
    counts at what its export would have earned (`day-ahead`): nothing beyond the room under the export limit, nothing
    where price and support are below zero, since export stops there; or at the levelised cost of energy. What the
    electrolyser takes of bought electricity counts at price and fee.

    Hydrogen is stock-neutral: the first filling of the tank is bought at the hydrogen price in year 0 and sold in the
    last; what a year leaves in the tank more, or less, than it found there is sold or bought at that price. So no year
    lives on the filling of the one before.

    With `wear` hydrogen differs from year to year: what worn stacks do not make is missing to customers first, then to
    the fuel cell, which sells as much less; stacks are paid again in the year of their replacement, not in the last.

    Parameters
    ----------
    balancing : xarray.Dataset, dims (time,)
        As `testsite_sim.dispatch.simulate_balancing` returns it, with the attributes `step` [s], `purchase_fee`
        [EUR/J] and, where there is one, `export_limit` [W].
    assets : Assets
        What is built.
    economics : Economics
        Lifetime, discount rate, costs, price of hydrogen.
    wear : Wear, optional
        Of the stacks; None: every year is the simulated one, and stacks are replaced by their operating life.
    annual : Annual, optional
        How the period stands for a year; None: it is repeated.

    Returns
    -------
    xarray.Dataset, dims (year, component)
        Costs per component and year, revenues, hydrogen and energy, cash_flow [EUR]; attributes net_present_value
        [EUR], internal_rate_of_return, internal_rates_of_return (all of them), levelised_cost_of_energy [EUR/J],
        levelised_cost_of_hydrogen [EUR/kg], break_even_hydrogen_price [EUR/kg], first_filling [kg], price_year; an
        attribute is absent where it has no value (no hydrogen; no rate of return).
    """
    years = round(economics.lifetime)
    rate = float(economics.discount_rate)
    if annual is None:
        annual = repeated(balancing.sizes["time"], float(balancing.attrs["step"]))
    step = float(balancing.attrs["step"])

    def yearly(values: xr.DataArray) -> float:
        return annual.total(values.to_numpy()) * step

    capital, operating, replacement = _costs(balancing, assets, economics, years, annual)
    if wear is not None and wear.replaced is not None and assets.electrolyser is not None:
        replacement[1] = assets.electrolyser.cost.replacement * capital[1, 0] * _yearly_before_the_last(wear.replaced)
    salvage = np.zeros_like(capital)
    salvage[:, -1] = float(economics.salvage or 0.0) * capital[:, 0]
    costs = capital + operating + replacement - salvage
    energy = yearly(balancing["power_available"] - balancing["power_curtailed"])
    energy_cost = levelised_cost(costs[0], _every_year(energy, years), rate)
    made, delivered, to_fuel_cell = (
        _every_year(yearly(balancing[f"hydrogen_{name}"]), years) for name in ("produced", "delivered", "to_fuel_cell")
    )
    gained = made - delivered - to_fuel_cell  # by the tank, in every year
    sold = _every_year(annual.total(balancing["revenue"].to_numpy()), years)
    if wear is not None:
        missing = np.append(0.0, 1.0 - wear.hydrogen) * made
        # A year may also bring a little more than the period did: after a replacement, or a period of other length.
        customers_miss = np.where(missing >= 0.0, np.minimum(missing, delivered), missing * (delivered[-1] > 0.0))
        fuel_cell_misses = np.minimum(missing - customers_miss, to_fuel_cell)
        generated = balancing["power_fuel_cell"] * np.maximum(balancing["price"] + balancing["support"], 0.0)
        per_hydrogen = yearly(generated) / max(float(to_fuel_cell[-1]), 1e-300)
        delivered, to_fuel_cell = delivered - customers_miss, to_fuel_cell - fuel_cell_misses
        made = made - missing
        sold = sold - fuel_cell_misses * per_hydrogen
    first = 0.0 if assets.tank is None else float(assets.tank.initial_level * assets.tank.capacity)
    stock = gained.copy()
    stock[0], stock[-1] = -first, stock[-1] + first
    price = float(economics.hydrogen_price)
    electricity = _electricity_cost(balancing, economics, energy_cost, annual) * step
    hydrogen_cost = levelised_cost(costs[1:3].sum(axis=0) + _every_year(electricity, years), made, rate)
    cash_flow = sold + (delivered + stock) * price - costs.sum(axis=0)
    dated = {} if economics.price_year is None else {"price_year": int(economics.price_year)}
    per_component = {
        "capital_cost": (capital, "capital cost"),
        "operating_cost": (operating, "operating cost"),
        "replacement_cost": (replacement, "replacement cost"),
        "salvage_value": (salvage, "what comes back of the capital at the end of the life"),
    }
    result = xr.Dataset(
        {
            **{
                name: (("component", "year"), amounts, {"units": "EUR", "long_name": text, **dated})
                for name, (amounts, text) in per_component.items()
            },
            "electricity_revenue": _series(sold, "EUR", "electricity sold minus bought, with support", dated),
            "hydrogen_revenue": _series(delivered * price, "EUR", "hydrogen sold to customers", dated),
            "hydrogen_stock_value": _series(
                stock * price, "EUR", "what the tank gains, at the hydrogen price; less the first filling", dated
            ),
            "cash_flow": _series(cash_flow, "EUR", "revenues minus costs", dated),
            "energy_delivered": _series(_every_year(energy, years), "J", "wind energy after curtailment"),
            "electrolyser_electricity_cost": _series(
                _every_year(electricity, years),
                "EUR",
                "electricity of the electrolyser, in the cost of hydrogen",
                dated,
            ),
            "hydrogen_made": _series(made, "kg", "hydrogen made"),
            "hydrogen_withdrawn": _series(delivered + to_fuel_cell, "kg", "hydrogen withdrawn from the tank"),
            "hydrogen_stock_change": _series(stock, "kg", "what the tank gains; in year 0 less its first filling"),
        },
        coords={
            "year": ("year", np.arange(years + 1), {"long_name": "year of operation; 0 is the investment"}),
            "component": ("component", list(COMPONENTS)),
        },
    )
    rates = internal_rates_of_return(cash_flow)
    figures: Mapping[str, float | None] = {
        "net_present_value": present_value(cash_flow, rate),
        "internal_rate_of_return": internal_rate_of_return(cash_flow, rate),
        "levelised_cost_of_energy": energy_cost,
        "levelised_cost_of_hydrogen": hydrogen_cost if assets.electrolyser is not None else None,
        "break_even_hydrogen_price": levelised_cost(costs.sum(axis=0) - sold, delivered + stock, rate)
        if delivered.any()
        else None,
        "first_filling": first,
    }
    result.attrs.update({name: value for name, value in figures.items() if value is not None})
    result.attrs.update(dated, internal_rates_of_return=rates, scaling=annual.method)
    return result


def _series(
    values: Years, units: str, long_name: str, more: Mapping[str, int] | None = None
) -> tuple[str, Years, dict[str, str | int]]:
    """Return a variable over the years with its attributes."""
    return "year", values, {"units": units, "long_name": long_name, **(more or {})}


def _every_year(amount: float, years: int) -> Years:
    """Return the same amount in every year of operation, none in year 0."""
    values = np.full(years + 1, amount)
    values[0] = 0.0
    return values


def _yearly_before_the_last(values: Years) -> Years:
    """Return yearly values with a year 0 before them, and none in the last year."""
    return np.concatenate([[0.0], values[:-1], [0.0]])


def _costs(
    balancing: xr.Dataset, assets: Assets, economics: Economics, years: int, annual: Annual
) -> tuple[Years, Years, Years]:
    """Return capital, operating and replacement costs [EUR], each of shape (component, year)."""
    capital, operating, replacement = (np.zeros((len(COMPONENTS), years + 1)) for _ in range(3))
    step = float(balancing.attrs["step"])
    if economics.wind is not None:
        capital[0, 0] = economics.wind.capital * assets.wind_power
        operating[0, 1:] = economics.wind.yearly(assets.wind_power, assets.maintenance)
    machines = ((1, assets.electrolyser, "power_electrolyser"), (3, assets.fuel_cell, "power_fuel_cell"))
    for row, machine, power in machines:
        if machine is None:
            continue
        invested = machine.cost.capital * machine.capacity
        running = annual.total(balancing[power].to_numpy() > 0.0) * step
        worn = replacements(running, machine.cost.operating_life, years)
        capital[row, 0] = invested
        operating[row, 1:] = machine.cost.operating * invested
        replacement[row] = machine.cost.replacement * invested * np.array(worn)
    if assets.tank is not None:
        capital[2, 0] = assets.tank.cost.capital * assets.tank.capacity
        operating[2, 1:] = assets.tank.cost.operating * capital[2, 0]
    return capital, operating, replacement


def _electricity_cost(balancing: xr.Dataset, economics: Economics, energy_cost: float | None, annual: Annual) -> float:
    """Return the value of the electrolyser's electricity, summed over the intervals of a year [EUR/s]."""
    price, support, imported, electrolyser, exported = (
        balancing[name].to_numpy()
        for name in ("price", "support", "power_imported", "power_electrolyser", "power_exported")
    )
    bought = np.minimum(imported, electrolyser)
    own = electrolyser - bought
    if economics.electricity_valuation == "levelised-cost":
        value = own * (energy_cost or 0.0)
    else:
        room = np.maximum(float(balancing.attrs.get("export_limit", np.inf)) - exported, 0.0)
        value = np.minimum(own, room) * np.maximum(price + support, 0.0)
    return annual.total(value + bought * (price + balancing.attrs["purchase_fee"]))
