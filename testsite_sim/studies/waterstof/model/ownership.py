"""Total cost of ownership of each application on hydrogen and on what is there today, and the price of parity.

On hydrogen a unit costs `fixed + mass x price` a year; what is there today costs `incumbent`. The price of parity makes
them equal. A unit is a vehicle, or a megawatt of fuel cells that balances wind.
"""

from dataclasses import dataclass

import numpy as np
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.constants import LOWER_HEATING_VALUE

from testsite_sim.common.units import HOUR
from testsite_sim.studies.framework.annuity import annuity
from testsite_sim.studies.framework.calendar import Years, over_years
from testsite_sim.studies.framework.uncertainty import Values
from testsite_sim.studies.waterstof.configuration.markets import APPLICATIONS
from testsite_sim.studies.waterstof.configuration.study import Waterstof
from testsite_sim.studies.waterstof.model.chain_runs import PlantYear
from testsite_sim.studies.waterstof.model.nozzle import Energy
from testsite_sim.studies.waterstof.model.technology import Experience

INCUMBENTS = ("diesel", "battery", "lead-acid", "grid")
RIVALS = {
    "forklift": ("lead-acid",),
    "truck": ("diesel", "battery"),
    "bus": ("diesel", "battery"),
    "balancing": ("grid", "battery"),
}
REACHED = ("truck", "bus")  # those of which a battery can do only a part
MEGAWATT = 1e6


@dataclass(frozen=True)
class Ownership:
    """Yearly cost and emissions of one unit of each application; nan where an application has no such rival.

    The unit of service is a kilometre, or for forklifts a shift, for balancing a joule of electricity.
    """

    fixed: Floats  # (member, application, year) on hydrogen, without the hydrogen [EUR/year]
    investment: Floats  # (member, application, year) of what is bought because it is hydrogen [EUR]
    mass: Floats  # (member, application) hydrogen [kg/year]
    service: Floats  # (member, application) [m/year], [1/year] or [J/year]
    incumbent: Floats  # (member, application, incumbent, year) [EUR/year]
    emissions: Floats  # (member, application, incumbent, year) [kg/year]
    rival_share: Floats  # (member, application, incumbent, year): part of the fleet whose cheapest choice it is

    def of_rivals(self, what: Floats, shares: Floats | None = None) -> Floats:
        """Return cost or emissions (member, application, incumbent, year) of the rivals, weighted by shares.

        Shares are (member, …, application, incumbent, year); those of the whole fleet where none are given.
        """
        weights = self.rival_share if shares is None else shares
        known = np.where(np.isnan(what), 0.0, what)
        known = known.reshape(known.shape[0], *(1,) * (weights.ndim - known.ndim), *known.shape[1:])
        found = known[..., 0, :] * weights[..., 0, :]
        for column in range(1, len(INCUMBENTS)):
            found += known[..., column, :] * weights[..., column, :]
        return np.asarray(found)

    @property
    def lead_parity(self) -> Floats:
        """The price of parity where hydrogen does best: against the dearest rival that part of the fleet has."""
        return np.asarray(np.where(self.rival_share > 0.0, self.parity, -np.inf).max(axis=2))

    @property
    def parity(self) -> Floats:
        """The price of hydrogen at which it costs the same, (member, application, incumbent, year) [EUR/kg]."""
        return np.asarray((self.incumbent - self.fixed[:, :, None]) / self.mass[:, :, None, None])


def ownership(
    study: Waterstof,
    value: Values,
    years: Years,
    energy: Energy,
    fuel_cell: Experience,
    bus: Experience,
    balancing: PlantYear,
) -> Ownership:
    """Return cost, mass and emissions of every application.

    Parameters
    ----------
    study : Waterstof
        The configuration.
    value : callable
        Values of the members by dotted path.
    years : array, (year,)
        Calendar years.
    energy : Energy
        Prices and emissions.
    fuel_cell, bus : Experience
        What they cost.
    balancing : PlantYear
        The simulated year of a plant that balances wind: hours and efficiency of its fuel cell.
    """
    rate = value("markets.cost_of_capital")
    battery_cost = over_years(study.energy.battery, value, "energy.battery", years)
    carbon = over_years(study.energy.carbon_price, value, "energy.carbon_price", years)
    diesel_emissions = value("energy.diesel_emissions")[:, None]
    diesel = value("energy.diesel")[:, None] + carbon * diesel_emissions
    prices = _Prices(rate, energy, battery_cost, diesel, diesel_emissions)
    parts = {
        "forklift": _forklift(value, prices, fuel_cell),
        "truck": _truck(value, prices, fuel_cell),
        "bus": _bus(value, prices, bus),
        "balancing": _balancing(study, value, prices, fuel_cell, balancing, years),
    }
    members = rate.size
    incumbent, emissions = np.full((2, members, len(APPLICATIONS), len(INCUMBENTS), years.size), np.nan)
    for row, application in enumerate(APPLICATIONS):
        for name, (cost, emitted) in parts[application].rivals.items():
            start = getattr(study.markets, application).battery.from_year if name == "battery" else years[0]
            incumbent[:, row, INCUMBENTS.index(name)] = np.where(years >= start, cost, np.nan)
            emissions[:, row, INCUMBENTS.index(name)] = np.where(years >= start, emitted, np.nan)

    def stacked(name: str) -> Floats:
        return np.stack([getattr(parts[application], name) for application in APPLICATIONS], axis=1)

    return Ownership(
        stacked("fixed"),
        stacked("investment"),
        stacked("mass"),
        stacked("service"),
        incumbent,
        emissions,
        _rival_share(value, incumbent),
    )


def _rival_share(value: Values, incumbent: Floats) -> Floats:
    """Return the part of each fleet whose cheapest choice an incumbent is; what no battery reaches takes another."""
    cost = np.where(np.isnan(incumbent), np.inf, incumbent)
    cheapest = np.argmin(cost, axis=2)[:, :, None]
    battery = INCUMBENTS.index("battery")
    cost[:, :, battery] = np.inf
    otherwise = np.argmin(cost, axis=2)[:, :, None]
    reach = np.stack(
        [
            value(f"markets.{name}.battery.reach") if name in REACHED else np.ones(incumbent.shape[0])
            for name in APPLICATIONS
        ],
        axis=1,
    )[..., None, None]
    row = np.arange(len(INCUMBENTS))[:, None]
    return np.asarray((cheapest == row) * reach + (otherwise == row) * (1.0 - reach))


@dataclass(frozen=True)
class _Prices:
    """What every application pays."""

    rate: Floats  # (member,)
    energy: Energy
    battery: Floats  # (member, year) [EUR/J]
    diesel: Floats  # (member, year) with the price of its carbon [EUR/m3]
    diesel_emissions: Floats  # (member, 1) [kg/m3]


@dataclass(frozen=True)
class _Part:
    """Cost of one application; rivals: cost and emissions a year, both (member, year)."""

    fixed: Floats
    investment: Floats
    mass: Floats
    service: Floats
    rivals: dict[str, tuple[Floats, Floats]]


def _forklift(value: Values, prices: _Prices, fuel_cell: Experience) -> _Part:
    """Return forklifts: the truck itself costs the same on either side and is left out."""
    path = "markets.forklift"
    shifts = value(f"{path}.shifts")
    investment = value(f"{path}.hydrogen.fuel_cell")[:, None] * fuel_cell.cost + _column(
        value, f"{path}.hydrogen.tank_and_balance"
    )
    labour = shifts * value(f"{path}.hydrogen.labour_per_shift") + value(f"{path}.hydrogen.maintenance")
    charge = annuity(prices.rate, value(f"{path}.life"))[:, None]
    used = shifts * value(f"{path}.lead_acid.energy_per_shift")
    batteries = value(f"{path}.lead_acid.batteries") * annuity(prices.rate, value(f"{path}.lead_acid.battery_life"))
    work = shifts * value(f"{path}.lead_acid.labour_per_shift") + value(f"{path}.lead_acid.room")
    lead_acid = used[:, None] * prices.energy.retail_price + (batteries + work)[:, None]
    return _Part(
        investment * charge + labour[:, None],
        investment,
        shifts * value(f"{path}.hydrogen.mass_per_shift"),
        shifts,
        {"lead-acid": (lead_acid, used[:, None] * prices.energy.grid_emissions)},
    )


def _truck(value: Values, prices: _Prices, fuel_cell: Experience) -> _Part:
    """Return trucks."""
    path = "markets.truck"
    distance = value(f"{path}.distance")
    cell = value(f"{path}.hydrogen.fuel_cell")[:, None] * fuel_cell.cost
    tank = value(f"{path}.hydrogen.tank") * value(f"{path}.tank_cost")
    price = cell + (tank + value(f"{path}.hydrogen.price_without_fuel_cell"))[:, None]
    charge = annuity(prices.rate, value(f"{path}.life"))
    return _Part(
        price * charge[:, None] + (distance * value(f"{path}.hydrogen.maintenance"))[:, None],
        price,
        distance * value(f"{path}.hydrogen.consumption") / LOWER_HEATING_VALUE,
        distance,
        {name: _vehicle(value, prices, path, name, distance, charge) for name in RIVALS["truck"]},
    )


def _bus(value: Values, prices: _Prices, bus: Experience) -> _Part:
    """Return buses."""
    path = "markets.bus"
    distance = value(f"{path}.distance")
    charge = annuity(prices.rate, value(f"{path}.life"))
    return _Part(
        bus.cost * charge[:, None] + (distance * value(f"{path}.hydrogen.maintenance"))[:, None],
        bus.cost,
        distance * value(f"{path}.hydrogen.consumption") / LOWER_HEATING_VALUE,
        distance,
        {name: _vehicle(value, prices, path, name, distance, charge) for name in RIVALS["bus"]},
    )


def bus_parity(value: Values, cost_of_bus: Floats) -> Floats:
    """Return the price of hydrogen at which a bus of a given cost [EUR] costs as much as on diesel [EUR/kg], (member,).

    The price of carbon is left out: with the figures of RHEIA (Belgium) this is the known parity of about 5.2 EUR/kg.
    """
    path = "markets.bus"
    charge = annuity(value("markets.cost_of_capital"), value(f"{path}.life"))
    distance = value(f"{path}.distance")
    saved = (value(f"{path}.diesel.price") - cost_of_bus) * charge / distance
    saved = saved + value(f"{path}.diesel.maintenance") - value(f"{path}.hydrogen.maintenance")
    fuel = value(f"{path}.diesel.consumption") * value("energy.diesel")
    return np.asarray((saved + fuel) / (value(f"{path}.hydrogen.consumption") / LOWER_HEATING_VALUE))


def _vehicle(
    value: Values, prices: _Prices, path: str, name: str, distance: Floats, charge: Floats
) -> tuple[Floats, Floats]:
    """Return cost and emissions a year of a vehicle on diesel or with a battery."""
    if name == "diesel":
        fuel = (distance * value(f"{path}.diesel.consumption"))[:, None]
        owned = value(f"{path}.diesel.price") * charge + distance * value(f"{path}.diesel.maintenance")
        return owned[:, None] + fuel * prices.diesel, fuel * prices.diesel_emissions
    used = (distance * value(f"{path}.battery.consumption"))[:, None]
    cells = value(f"{path}.battery.battery") * annuity(prices.rate, value(f"{path}.battery.battery_life"))
    owned = (value(f"{path}.battery.price_without_battery") + value(f"{path}.battery.charger")) * charge
    vehicle = (owned[:, None] + cells[:, None] * prices.battery) * _column(value, f"{path}.battery.fleet_factor")
    running = (distance * value(f"{path}.battery.maintenance"))[:, None] + used * prices.energy.retail_price
    return vehicle + running, used * prices.energy.grid_emissions


def _balancing(
    study: Waterstof, value: Values, prices: _Prices, fuel_cell: Experience, plant: PlantYear, years: Years
) -> _Part:
    """Return a megawatt that fills shortfalls for the hours of the simulated plant."""
    path = "markets.balancing"
    given = MEGAWATT * plant.fuel_cell_hours * HOUR  # [J/year]
    investment = MEGAWATT * fuel_cell.cost
    worn = plant.fuel_cell_hours / value(f"{path}.hydrogen.operating_life")
    upkeep = value(f"{path}.hydrogen.operating") + value(f"{path}.hydrogen.replacement") * worn
    charge = annuity(prices.rate, value(f"{path}.life"))
    grid = given * over_years(study.markets.balancing.grid_price, value, f"{path}.grid_price", years)
    stored = MEGAWATT * value(f"{path}.battery.duration")[:, None] * HOUR * prices.battery
    yearly = annuity(prices.rate, value(f"{path}.battery.life")) + value(f"{path}.battery.operating")
    charged = given / _column(value, f"{path}.battery.round_trip")
    members = prices.rate.size
    return _Part(
        investment * (charge + upkeep)[:, None],
        investment,
        np.full(members, given / (plant.fuel_cell_efficiency * LOWER_HEATING_VALUE)),
        np.full(members, given),
        {
            "grid": (grid, np.broadcast_to(given * _column(value, f"{path}.grid_emissions"), grid.shape)),
            "battery": (
                stored * yearly[:, None] + charged * prices.energy.wind_price,
                np.broadcast_to(charged * _column(value, "energy.wind_emissions"), grid.shape),
            ),
        },
    )


def _column(value: Values, path: str) -> Floats:
    """Return a quantity, (member, 1)."""
    return value(path)[:, None]
