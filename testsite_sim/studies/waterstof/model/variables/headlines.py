"""The outputs on which the study is judged."""

from testsite_kernels.numerics.arrays import Floats

from testsite_sim.studies.framework.uncertainty import Values
from testsite_sim.studies.waterstof.configuration.markets import APPLICATIONS
from testsite_sim.studies.waterstof.configuration.study import Waterstof
from testsite_sim.studies.waterstof.model.horizon import Period
from testsite_sim.studies.waterstof.model.hydrogen_market import BUS
from testsite_sim.studies.waterstof.model.ownership import INCUMBENTS
from testsite_sim.studies.waterstof.model.variables.horizons import abatement_cost, net_benefit
from testsite_sim.studies.waterstof.model.variables.layout import Periods, Variable, attributes

BY_SCENARIO, BY_MEMBER = ("member", "scenario"), ("member",)
DIESEL, BATTERY = INCUMBENTS.index("diesel"), INCUMBENTS.index("battery")


def headlines(study: Waterstof, value: Values, periods: Periods) -> dict[str, Variable]:
    """Return the outputs on which the study is judged, (member,) or (member, scenario)."""
    names = list(study.horizons)
    first, last = periods[names[0]], periods[names[-1]]
    row = study.horizons[names[-1]].cluster_year - study.horizons[names[-1]].start
    jobs = first.accounts.turnover[:, :, -1].sum(axis=2) * value("industry.jobs_per_turnover")[:, None]
    return {
        **_cost_and_demand(first, last, row),
        **_balancing(first, last, row),
        **_vehicles(last, row),
        **_valleys(first, last),
        "abatement_cost_last": (
            BY_SCENARIO,
            abatement_cost(last),
            attributes("EUR kg-1", "cost of CO2 avoided over the last horizon"),
        ),
        "jobs_first": (
            BY_SCENARIO,
            jobs,
            attributes("1", "jobs in hydrogen at the end of the first horizon"),
        ),
        "net_benefit_last": (
            BY_SCENARIO,
            net_benefit(value, last),
            attributes("EUR", "net benefit of the last horizon against the baseline, discounted", 0.0),
        ),
        "ideal_cluster_worth_last": (
            BY_MEMBER,
            last.clusters.worth_of_best,
            attributes("EUR year-1", "worth of the ideal cluster of the last horizon", 0.0),
        ),
    }


def _cost_and_demand(first: Period, last: Period, row: int) -> dict[str, Variable]:
    """Return what hydrogen costs at the nozzle, and how much is asked for."""
    return {
        "bus_parity_price": (
            BY_MEMBER,
            last.bus_parity_reference,
            attributes("EUR kg-1", "price of hydrogen at which a bus of today costs as much as on diesel"),
        ),
        "nozzle_cost_first": (
            BY_SCENARIO,
            first.components[:, :, -1].sum(axis=2),
            attributes("EUR kg-1", "cost of hydrogen at the nozzle at the end of the first horizon"),
        ),
        "nozzle_cost_last": (
            BY_SCENARIO,
            last.components[:, :, row].sum(axis=2),
            attributes("EUR kg-1", "cost of hydrogen at the nozzle in the cluster year of the last horizon"),
        ),
        "demand_first": (
            BY_SCENARIO,
            first.taken.demand[..., -1].sum(axis=2),
            attributes("kg year-1", "hydrogen demand at the end of the first horizon"),
        ),
        "demand_last": (
            BY_SCENARIO,
            last.taken.demand[..., -1].sum(axis=2),
            attributes("kg year-1", "hydrogen demand at the end of the last horizon"),
        ),
    }


def _balancing(first: Period, last: Period, row: int) -> dict[str, Variable]:
    """Return the hydrogen plant that balances, and what it earns."""
    return {
        "balancing_power_first": (
            BY_SCENARIO,
            first.balancing.power()[..., -1],
            attributes("W", "hydrogen plant that balances at the end of the first horizon"),
        ),
        "balancing_power_last": (
            BY_SCENARIO,
            last.balancing.power()[..., row],
            attributes("W", "hydrogen plant that balances in the cluster year of the last horizon"),
        ),
        "balancing_margin_last": (
            BY_MEMBER,
            (last.balancing.best_income() - last.balancing.cost)[:, 0, row],
            attributes(
                "EUR W-1 year-1", "what an electrolyser earns by balancing alone less its cost, cluster year", 0.0
            ),
        ),
    }


def _vehicles(last: Period, row: int) -> dict[str, Variable]:
    """Return when trucks and buses break even with diesel, and how far they are from a battery."""

    def gap(application: str) -> Floats:
        """Return cost of ownership less that with a battery, without support, (member, scenario) [EUR/m]."""
        column = APPLICATIONS.index(application)
        rival = last.owned.incumbent[:, column, BATTERY, row][:, None]
        return (last.ownership_cost[:, :, column, row] - rival) / last.owned.service[:, column][:, None]

    return {
        "truck_break_even_year": (
            BY_SCENARIO,
            last.break_even[:, :, APPLICATIONS.index("truck"), DIESEL],
            attributes("1", "first year in which a truck costs no more than on diesel, without support"),
        ),
        "bus_break_even_year": (
            BY_SCENARIO,
            last.break_even[:, :, BUS, DIESEL],
            attributes("1", "first year in which a bus costs no more than on diesel, without support"),
        ),
        "bus_gap_battery": (
            BY_SCENARIO,
            gap("bus"),
            attributes("EUR m-1", "cost of a hydrogen bus less that of a battery bus, cluster year, no support", 0.0),
        ),
        "truck_gap_battery": (
            BY_SCENARIO,
            gap("truck"),
            attributes(
                "EUR m-1", "cost of a hydrogen truck less that of a battery truck, cluster year, no support", 0.0
            ),
        ),
    }


def _valleys(first: Period, last: Period) -> dict[str, Variable]:
    """Return depth and length of the valley of death."""
    return {
        "valley_depth_first": (
            BY_SCENARIO,
            first.valleys[1].depth,
            attributes("EUR", "depth of the valley of death in the first horizon"),
        ),
        "valley_depth_last": (
            BY_SCENARIO,
            last.valleys[1].depth,
            attributes("EUR", "depth of the valley of death in the last horizon"),
        ),
        "valley_length_last": (
            BY_SCENARIO,
            last.valleys[1].length,
            attributes("year", "length of the valley of death in the last horizon"),
        ),
    }
