"""The outputs on which the study is judged."""

from testsite_kernels.numerics.arrays import Floats

from testsite_sim.studies.framework.uncertainty import Values
from testsite_sim.studies.waterstof.configuration.markets import APPLICATIONS
from testsite_sim.studies.waterstof.configuration.study import Waterstof
from testsite_sim.studies.waterstof.model.hydrogen_market import BUS
from testsite_sim.studies.waterstof.model.ownership import INCUMBENTS
from testsite_sim.studies.waterstof.model.variables.horizons import abatement_cost, net_benefit
from testsite_sim.studies.waterstof.model.variables.layout import Periods, Variable, attributes


def headlines(study: Waterstof, value: Values, periods: Periods) -> dict[str, Variable]:
    """Return the outputs on which the study is judged, (member,) or (member, scenario)."""
    names = list(study.horizons)
    first, last = periods[names[0]], periods[names[-1]]
    row = study.horizons[names[-1]].cluster_year - study.horizons[names[-1]].start
    by_scenario = ("member", "scenario")
    diesel, battery = INCUMBENTS.index("diesel"), INCUMBENTS.index("battery")

    def gap(application: str) -> Floats:
        """Return cost of ownership less that with a battery, without support, (member, scenario) [EUR/m]."""
        column = APPLICATIONS.index(application)
        rival = last.owned.incumbent[:, column, battery, row][:, None]
        return (last.ownership_cost[:, :, column, row] - rival) / last.owned.service[:, column][:, None]

    benefit = net_benefit(value, last)
    return {
        "bus_parity_price": (
            ("member",),
            last.bus_parity_reference,
            attributes("EUR kg-1", "price of hydrogen at which a bus of today costs as much as on diesel"),
        ),
        "nozzle_cost_first": (
            by_scenario,
            first.components[:, :, -1].sum(axis=2),
            attributes("EUR kg-1", "cost of hydrogen at the nozzle at the end of the first horizon"),
        ),
        "nozzle_cost_last": (
            by_scenario,
            last.components[:, :, row].sum(axis=2),
            attributes("EUR kg-1", "cost of hydrogen at the nozzle in the cluster year of the last horizon"),
        ),
        "demand_first": (
            by_scenario,
            first.taken.demand[..., -1].sum(axis=2),
            attributes("kg year-1", "hydrogen demand at the end of the first horizon"),
        ),
        "demand_last": (
            by_scenario,
            last.taken.demand[..., -1].sum(axis=2),
            attributes("kg year-1", "hydrogen demand at the end of the last horizon"),
        ),
        "truck_break_even_year": (
            by_scenario,
            last.break_even[:, :, APPLICATIONS.index("truck"), diesel],
            attributes("1", "first year in which a truck costs no more than on diesel, without support"),
        ),
        "bus_break_even_year": (
            by_scenario,
            last.break_even[:, :, BUS, diesel],
            attributes("1", "first year in which a bus costs no more than on diesel, without support"),
        ),
        "bus_gap_battery": (
            by_scenario,
            gap("bus"),
            attributes("EUR m-1", "cost of a hydrogen bus less that of a battery bus, cluster year, no support", 0.0),
        ),
        "truck_gap_battery": (
            by_scenario,
            gap("truck"),
            attributes(
                "EUR m-1", "cost of a hydrogen truck less that of a battery truck, cluster year, no support", 0.0
            ),
        ),
        "valley_depth_first": (
            by_scenario,
            first.valleys[1].depth,
            attributes("EUR", "depth of the valley of death in the first horizon"),
        ),
        "valley_depth_last": (
            by_scenario,
            last.valleys[1].depth,
            attributes("EUR", "depth of the valley of death in the last horizon"),
        ),
        "valley_length_last": (
            by_scenario,
            last.valleys[1].length,
            attributes("year", "length of the valley of death in the last horizon"),
        ),
        "abatement_cost_last": (
            by_scenario,
            abatement_cost(last),
            attributes("EUR kg-1", "cost of CO2 avoided over the last horizon"),
        ),
        "jobs_first": (
            by_scenario,
            first.accounts.turnover[:, :, -1].sum(axis=2) * value("industry.jobs_per_turnover")[:, None],
            attributes("1", "jobs in hydrogen at the end of the first horizon"),
        ),
        "net_benefit_last": (
            by_scenario,
            benefit,
            attributes("EUR", "net benefit of the last horizon against the baseline, discounted", 0.0),
        ),
        "ideal_cluster_worth_last": (
            ("member",),
            last.clusters.worth_of_best,
            attributes("EUR year-1", "worth of the ideal cluster of the last horizon", 0.0),
        ),
    }
