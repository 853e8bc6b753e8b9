"""Variables of the markets: ownership, parity, fleets, purchases, demand."""

import numpy as np

from testsite_sim.studies.waterstof.model.score import market_matrix
from testsite_sim.studies.waterstof.model.variables.layout import Periods, Variable, attributes, by_horizon, over_years


def of_markets(periods: Periods) -> dict[str, Variable]:
    """Return cost of ownership, prices of parity, fleets, purchases and demand of the applications."""
    by_application = "member scenario application year"
    matrix = market_matrix()
    return {
        "fleet": over_years(
            periods, lambda p: p.taken.fleet, "member application year", "1", "units that could run on hydrogen"
        ),
        "stock": over_years(periods, lambda p: p.taken.stock, by_application, "1", "units on hydrogen at year's end"),
        "sales": over_years(periods, lambda p: p.taken.sales, by_application, "year-1", "units on hydrogen bought"),
        "ordered": over_years(
            periods, lambda p: p.taken.ordered, by_application, "year-1", "of these, added by public order"
        ),
        "attraction": over_years(
            periods, lambda p: p.taken.attraction, by_application, "1", "share that would choose hydrogen by its cost"
        ),
        "demand": over_years(periods, lambda p: p.taken.demand, by_application, "kg year-1", "hydrogen demand"),
        "demand_by_market": over_years(
            periods,
            lambda p: np.einsum("msay,ak->msky", p.taken.demand, matrix),
            "member scenario market year",
            "kg year-1",
            "hydrogen demand of a lead market",
        ),
        "price": over_years(
            periods, lambda p: p.price, by_application, "EUR kg-1", "price of hydrogen, at a plant used as planned"
        ),
        "price_paid": over_years(
            periods, lambda p: p.paid, by_application, "EUR kg-1", "price of hydrogen that users pay"
        ),
        "ownership_cost": over_years(
            periods,
            lambda p: p.ownership_cost,
            by_application,
            "EUR year-1",
            "cost of ownership of a unit on hydrogen, without support",
        ),
        "incumbent_cost": over_years(
            periods,
            lambda p: p.owned.incumbent,
            "member application incumbent year",
            "EUR year-1",
            "cost of ownership of a unit as it is today",
        ),
        "parity_price": over_years(
            periods,
            lambda p: p.owned.parity,
            "member application incumbent year",
            "EUR kg-1",
            "price of hydrogen at which it costs the same as the incumbent",
        ),
        "mass_per_unit": (
            ("member", "application"),
            next(iter(periods.values())).owned.mass,
            attributes("kg year-1", "hydrogen that a unit uses"),
        ),
        "service_per_unit": (
            ("member", "application"),
            next(iter(periods.values())).owned.service,
            attributes("see service_unit, year-1", "distance, shifts or energy that a unit gives"),
        ),
        "hourly_demand": by_horizon(
            periods,
            lambda p: p.hourly_demand,
            "member application hour",
            "kg s-1",
            "hydrogen drawn by the hour of the day in the last year, reference scenario",
        ),
    }
