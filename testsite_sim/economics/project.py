"""The cash flow of a fleet and its balancing plant over their lifetime, from one simulated period."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.configuration.economics import Economics
from testsite_sim.configuration.hydrogen import Electrolyser, FuelCell, Tank
from testsite_sim.constants import SECONDS_PER_YEAR
from testsite_sim.economics.finance import (
    internal_rate_of_return,
    levelised_cost,
    present_value,
    replacements,
)

COMPONENTS = ("wind", "electrolyser", "tank", "fuel_cell")
Years = NDArray[np.float64]


@dataclass(frozen=True)
class Assets:
    """What is built: installed wind power [W], and the machines of the balancing plant, where there are any."""

    wind_power: float
    electrolyser: Electrolyser | None = None
    tank: Tank | None = None
    fuel_cell: FuelCell | None = None


@dataclass(frozen=True)
class Wear:
    """What stacks that were followed through the years make and need, shape (years,).

    `hydrogen` is a share of what dispatch counted with; `replaced` the share of the stacks replaced, None where they do
    not age: they are then replaced by their operating life.
    """

    hydrogen: Years
    replaced: Years | None


def simulate_economics(
    balancing: xr.Dataset, assets: Assets, economics: Economics, wear: Wear | None = None
) -> xr.Dataset:
    """Turn a simulated period into a yearly cash flow and its figures of merit.

    Every year of operation repeats the simulated period, scaled to 8,760 h; amounts are real (without inflation).
    The levelised cost of energy is that of the wind fleet over the energy that it delivers after curtailment. The
    levelised cost of hydrogen is electrolyser, tank and electricity over the hydrogen withdrawn from the tank,
    by customers or by the fuel cell; electricity from the fleet counts at what its export would have earned
    (`day-ahead`, never below zero since export stops there) or at the levelised cost of energy.

    With `wear` hydrogen differs from year to year: what worn stacks do not make is missing to customers first, then to
    the fuel cell, which sells as much less; stacks are paid again in the year of their replacement, not in the last.

    Parameters
    ----------
    balancing : xarray.Dataset, dims (time,)
        As `testsite_sim.balancing.simulate_balancing` returns it, with the attributes `step` [s] and
        `purchase_fee` [EUR/J].
    assets : Assets
        What is built.
    economics : Economics
        Lifetime, discount rate, costs, price of hydrogen.
    wear : Wear, optional
        Of the stacks; None: every year is the simulated one, and stacks are replaced by their operating life.

    Returns
    -------
    xarray.Dataset, dims (year, component)
        Costs per component and year, revenues, hydrogen and energy, cash_flow [EUR]; attributes net_present_value
        [EUR], internal_rate_of_return, levelised_cost_of_energy [EUR/J], levelised_cost_of_hydrogen [EUR/kg];
        an attribute is absent where it has no value (no hydrogen; no rate of return).
    """
    years = round(economics.lifetime)
    rate = float(economics.discount_rate)
    step = float(balancing.attrs["step"])
    scale = SECONDS_PER_YEAR / (step * balancing.sizes["time"])

    def yearly(values: xr.DataArray) -> float:
        return float(values.to_numpy().sum()) * step * scale

    capital, operating, replacement = _costs(balancing, assets, economics, years, step * scale)
    if wear is not None and wear.replaced is not None and assets.electrolyser is not None:
        replacement[1] = assets.electrolyser.cost.replacement * capital[1, 0] * _yearly_before_the_last(wear.replaced)
    costs = capital + operating + replacement
    energy = yearly(balancing["power_available"] - balancing["power_curtailed"])
    energy_cost = levelised_cost(costs[0], _every_year(energy, years), rate)
    delivered, to_fuel_cell = (
        _every_year(yearly(balancing[name]), years) for name in ("hydrogen_delivered", "hydrogen_to_fuel_cell")
    )
    sold = _every_year(float(balancing["revenue"].sum()) * scale, years)
    if wear is not None:
        missing = np.append(0.0, (1.0 - wear.hydrogen) * yearly(balancing["hydrogen_produced"]))
        customers_miss = np.minimum(missing, delivered)
        fuel_cell_misses = np.minimum(missing - customers_miss, to_fuel_cell)
        generated = (balancing["power_fuel_cell"] * np.maximum(balancing["price"] + balancing["support"], 0.0)).sum()
        per_hydrogen = float(generated) / max(float(balancing["hydrogen_to_fuel_cell"].sum()), 1e-300)
        delivered, to_fuel_cell = delivered - customers_miss, to_fuel_cell - fuel_cell_misses
        sold = sold - fuel_cell_misses * per_hydrogen
    withdrawn = delivered + to_fuel_cell
    electricity = _electricity_cost(balancing, economics, energy_cost) * step * scale
    hydrogen_cost = levelised_cost(
        costs[1:3].sum(axis=0) + _every_year(electricity, years),
        withdrawn,
        rate,
    )
    hydrogen_revenue = delivered * economics.hydrogen_price
    cash_flow = sold + hydrogen_revenue - costs.sum(axis=0)
    per_component = {"capital_cost": capital, "operating_cost": operating, "replacement_cost": replacement}
    result = xr.Dataset(
        {
            **{
                name: (("component", "year"), amounts, {"units": "EUR", "long_name": name.replace("_", " ")})
                for name, amounts in per_component.items()
            },
            "electricity_revenue": _series(sold, "EUR", "electricity sold minus bought, with support"),
            "hydrogen_revenue": _series(hydrogen_revenue, "EUR", "hydrogen sold"),
            "cash_flow": _series(cash_flow, "EUR", "revenues minus costs"),
            "energy_delivered": _series(_every_year(energy, years), "J", "wind energy after curtailment"),
            "hydrogen_withdrawn": _series(withdrawn, "kg", "hydrogen withdrawn from the tank"),
        },
        coords={
            "year": ("year", np.arange(years + 1), {"long_name": "year of operation; 0 is the investment"}),
            "component": ("component", list(COMPONENTS)),
        },
    )
    figures: Mapping[str, float | None] = {
        "net_present_value": present_value(cash_flow, rate),
        "internal_rate_of_return": internal_rate_of_return(cash_flow),
        "levelised_cost_of_energy": energy_cost,
        "levelised_cost_of_hydrogen": hydrogen_cost if assets.electrolyser is not None else None,
    }
    result.attrs.update({name: value for name, value in figures.items() if value is not None})
    return result


def _series(values: Years, units: str, long_name: str) -> tuple[str, Years, dict[str, str]]:
    """Return a variable over the years with its attributes."""
    return "year", values, {"units": units, "long_name": long_name}


def _every_year(amount: float, years: int) -> Years:
    """Return the same amount in every year of operation, none in year 0."""
    values = np.full(years + 1, amount)
    values[0] = 0.0
    return values


def _yearly_before_the_last(values: Years) -> Years:
    """Return yearly values with a year 0 before them, and none in the last year."""
    return np.concatenate([[0.0], values[:-1], [0.0]])


def _costs(
    balancing: xr.Dataset, assets: Assets, economics: Economics, years: int, seconds_per_interval: float
) -> tuple[Years, Years, Years]:
    """Return capital, operating and replacement costs [EUR], each of shape (component, year)."""
    capital, operating, replacement = (np.zeros((len(COMPONENTS), years + 1)) for _ in range(3))
    if economics.wind is not None:
        capital[0, 0] = economics.wind.capital * assets.wind_power
        operating[0, 1:] = economics.wind.operating * assets.wind_power
    machines = ((1, assets.electrolyser, "power_electrolyser"), (3, assets.fuel_cell, "power_fuel_cell"))
    for row, machine, power in machines:
        if machine is None:
            continue
        invested = machine.cost.capital * machine.capacity
        running = float((balancing[power] > 0.0).sum()) * seconds_per_interval
        worn = replacements(running, machine.cost.operating_life, years)
        capital[row, 0] = invested
        operating[row, 1:] = machine.cost.operating * invested
        replacement[row] = machine.cost.replacement * invested * np.array(worn)
    if assets.tank is not None:
        capital[2, 0] = assets.tank.cost.capital * assets.tank.capacity
        operating[2, 1:] = assets.tank.cost.operating * capital[2, 0]
    return capital, operating, replacement


def _electricity_cost(balancing: xr.Dataset, economics: Economics, energy_cost: float | None) -> float:
    """Return the value of the electrolyser's electricity, summed over the intervals [EUR/s]."""
    price, support, imported, electrolyser = (
        balancing[name].to_numpy() for name in ("price", "support", "power_imported", "power_electrolyser")
    )
    bought = np.minimum(imported, electrolyser)
    own = electrolyser - bought
    if economics.electricity_valuation == "levelised-cost":
        value = own * (energy_cost or 0.0)
    else:
        value = own * np.maximum(price + support, 0.0)
    return float((value + bought * (price + balancing.attrs["purchase_fee"])).sum())
