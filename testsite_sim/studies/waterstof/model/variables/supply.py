"""Variables of the supply: technologies, cost of hydrogen, sources, stations, CO2."""

import numpy as np
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.studies.waterstof.configuration.markets import APPLICATIONS
from testsite_sim.studies.waterstof.model.horizon import Period
from testsite_sim.studies.waterstof.model.technology import TECHNOLOGIES
from testsite_sim.studies.waterstof.model.variables.layout import Periods, Variable, attributes, over_years

UNITS = {"electrolyser": ("EUR W-1", "W"), "fuel_cell": ("EUR W-1", "W"), "station": ("EUR", "1"), "bus": ("EUR", "1")}


def of_supply(periods: Periods) -> dict[str, Variable]:
    """Return technologies, cost of hydrogen, where it comes from, stations and CO2."""
    over_time = "member scenario year"
    found: dict[str, Variable] = {}
    for name in TECHNOLOGIES:
        cost, world = UNITS[name]
        label = name.replace("_", " ")
        costs = [period.learnt[name].cost for period in periods.values()]
        numbers = [period.learnt[name].world for period in periods.values()]
        dims = ("member", "year")
        found[f"{name}_cost"] = dims, np.concatenate(costs, axis=1), attributes(cost, f"cost: {label}")
        found[f"{name}_world"] = dims, np.concatenate(numbers, axis=1), attributes(world, f"in the world: {label}")
    return {
        **found,
        "electricity_price_paid": over_years(
            periods, lambda p: p.energy.wind_price, "member year", "EUR J-1", "price that the electrolyser pays"
        ),
        "electrolyser_consumption": over_years(
            periods, lambda p: p.energy.consumption, "member year", "J kg-1", "electricity per hydrogen, at part load"
        ),
        "nozzle_cost": over_years(
            periods,
            lambda p: p.components,
            "member scenario year component",
            "EUR kg-1",
            "cost of hydrogen at the nozzle of a station used as planned",
        ),
        "source_cost": over_years(
            periods,
            lambda p: p.by_source,
            "member scenario year source component",
            "EUR kg-1",
            "the same, of hydrogen from one source alone",
        ),
        "hydrogen_by_product": over_years(
            periods, lambda p: p.supply.by_product, over_time, "kg year-1", "hydrogen bought from industry"
        ),
        "hydrogen_electrolysis": over_years(
            periods, lambda p: p.supply.electrolysis, over_time, "kg year-1", "hydrogen from electrolysis"
        ),
        "electrolyser_power": over_years(
            periods, lambda p: p.supply.electrolysers, over_time, "W", "power of electrolysers that stands"
        ),
        "stations": over_years(periods, lambda p: p.supply.stations, over_time, "1", "stations that stand"),
        "station_utilisation": over_years(
            periods, _utilisation, over_time, "1", "demand of the stations over what they are planned for"
        ),
        "coverage": over_years(
            periods, lambda p: p.taken.coverage, over_time, "1", "part of the trucks that find a station"
        ),
        "hydrogen_emissions": over_years(
            periods, lambda p: p.hydrogen_emissions, over_time, "kg kg-1", "CO2 per hydrogen at the nozzle"
        ),
        "co2_avoided": over_years(
            periods, lambda p: p.avoided, "member scenario application year", "kg year-1", "CO2 avoided"
        ),
    }


def _utilisation(period: Period) -> Floats:
    """Return how full the stations are, relative to what is planned; nan without stations."""
    mobile = period.taken.demand[:, :, : APPLICATIONS.index("balancing")].sum(axis=2)
    planned = period.supply.stations * period.planned_mass[:, None, None]
    return np.asarray(np.divide(mobile, planned, out=np.full_like(mobile, np.nan), where=planned > 0.0))
