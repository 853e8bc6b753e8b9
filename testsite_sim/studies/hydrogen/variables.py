"""The variables of the study, with their dimensions, units and names; those over years join both horizons."""

from collections.abc import Callable

import numpy as np
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.configuration.hydrogen_markets import APPLICATIONS
from testsite_sim.configuration.study_hydrogen import PARTICIPANTS, PHASES, Waterstof
from testsite_sim.studies.hydrogen.horizon import BUS, Period
from testsite_sim.studies.hydrogen.ownership import INCUMBENTS
from testsite_sim.studies.hydrogen.roadmap import phases
from testsite_sim.studies.hydrogen.score import market_matrix
from testsite_sim.studies.hydrogen.technology import TECHNOLOGIES
from testsite_sim.studies.uncertainty import Values

Variable = tuple[tuple[str, ...], Floats, dict[str, object]]
Periods = dict[str, Period]
UNITS = {"electrolyser": ("EUR W-1", "W"), "fuel_cell": ("EUR W-1", "W"), "station": ("EUR", "1"), "bus": ("EUR", "1")}


def _over_years(periods: Periods, get: Callable[[Period], Floats], dims: str, units: str, text: str) -> Variable:
    """Return a variable over the years of all horizons; `dims` name those of one, year among them."""
    names = tuple(dims.split())
    whole = np.concatenate([get(period) for period in periods.values()], axis=names.index("year"))
    return names, whole, {"units": units, "long_name": text}


def _by_horizon(
    periods: Periods, get: Callable[[Period], Floats], dims: str, units: str, text: str, threshold: float | None = None
) -> Variable:
    """Return a variable of which every horizon has one; `horizon` is the last dimension."""
    names = tuple(dims.split())
    whole = np.stack([get(period) for period in periods.values()], axis=len(names))
    return (*names, "horizon"), whole, _attributes(units, text, threshold)


def _attributes(units: str, text: str, threshold: float | None = None) -> dict[str, object]:
    """Return the attributes of a variable; where the answer of the study turns is its threshold."""
    attributes: dict[str, object] = {"units": units, "long_name": text}
    return attributes if threshold is None else {**attributes, "threshold": threshold}


def of_markets(periods: Periods) -> dict[str, Variable]:
    """Return cost of ownership, prices of parity, fleets, purchases and demand of the applications."""
    by_application = "member scenario application year"
    matrix = market_matrix()
    return {
        "fleet": _over_years(
            periods, lambda p: p.taken.fleet, "member application year", "1", "units that could run on hydrogen"
        ),
        "stock": _over_years(periods, lambda p: p.taken.stock, by_application, "1", "units on hydrogen at year's end"),
        "sales": _over_years(periods, lambda p: p.taken.sales, by_application, "year-1", "units on hydrogen bought"),
        "ordered": _over_years(
            periods, lambda p: p.taken.ordered, by_application, "year-1", "of these, added by public order"
        ),
        "attraction": _over_years(
            periods, lambda p: p.taken.attraction, by_application, "1", "share that would choose hydrogen by its cost"
        ),
        "demand": _over_years(periods, lambda p: p.taken.demand, by_application, "kg year-1", "hydrogen demand"),
        "demand_by_market": _over_years(
            periods, lambda p: np.einsum("msay,ak->msky", p.taken.demand, matrix), "member scenario market year",
            "kg year-1", "hydrogen demand of a lead market",
        ),
        "price": _over_years(
            periods, lambda p: p.price, by_application, "EUR kg-1", "price of hydrogen, at a plant used as planned"
        ),
        "price_paid": _over_years(
            periods, lambda p: p.paid, by_application, "EUR kg-1", "price of hydrogen that users pay"
        ),
        "ownership_cost": _over_years(
            periods, lambda p: p.ownership_cost, by_application, "EUR year-1",
            "cost of ownership of a unit on hydrogen, without support",
        ),
        "incumbent_cost": _over_years(
            periods, lambda p: p.owned.incumbent, "member application incumbent year", "EUR year-1",
            "cost of ownership of a unit as it is today",
        ),
        "parity_price": _over_years(
            periods, lambda p: p.owned.parity, "member application incumbent year", "EUR kg-1",
            "price of hydrogen at which it costs the same as the incumbent",
        ),
        "mass_per_unit": (
            ("member", "application"), next(iter(periods.values())).owned.mass,
            _attributes("kg year-1", "hydrogen that a unit uses"),
        ),
        "service_per_unit": (
            ("member", "application"), next(iter(periods.values())).owned.service,
            _attributes("see service_unit, year-1", "distance, shifts or energy that a unit gives"),
        ),
        "hourly_demand": _by_horizon(
            periods, lambda p: p.hourly_demand, "member application hour", "kg s-1",
            "hydrogen drawn by the hour of the day in the last year, reference scenario",
        ),
    }  # fmt: skip


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
        found[f"{name}_cost"] = dims, np.concatenate(costs, axis=1), _attributes(cost, f"cost: {label}")
        found[f"{name}_world"] = dims, np.concatenate(numbers, axis=1), _attributes(world, f"in the world: {label}")
    return {
        **found,
        "electricity_price_paid": _over_years(
            periods, lambda p: p.energy.wind_price, "member year", "EUR J-1", "price that the electrolyser pays"
        ),
        "electrolyser_consumption": _over_years(
            periods, lambda p: p.energy.consumption, "member year", "J kg-1", "electricity per hydrogen, at part load"
        ),
        "nozzle_cost": _over_years(
            periods, lambda p: p.components, "member scenario year component", "EUR kg-1",
            "cost of hydrogen at the nozzle of a station used as planned",
        ),
        "source_cost": _over_years(
            periods, lambda p: p.by_source, "member scenario year source component", "EUR kg-1",
            "the same, of hydrogen from one source alone",
        ),
        "hydrogen_by_product": _over_years(
            periods, lambda p: p.supply.by_product, over_time, "kg year-1", "hydrogen bought from industry"
        ),
        "hydrogen_electrolysis": _over_years(
            periods, lambda p: p.supply.electrolysis, over_time, "kg year-1", "hydrogen from electrolysis"
        ),
        "electrolyser_power": _over_years(
            periods, lambda p: p.supply.electrolysers, over_time, "W", "power of electrolysers that stands"
        ),
        "stations": _over_years(periods, lambda p: p.supply.stations, over_time, "1", "stations that stand"),
        "station_utilisation": _over_years(
            periods, _utilisation, over_time, "1", "demand of the stations over what they are planned for"
        ),
        "coverage": _over_years(
            periods, lambda p: p.taken.coverage, over_time, "1", "part of the trucks that find a station"
        ),
        "hydrogen_emissions": _over_years(
            periods, lambda p: p.hydrogen_emissions, over_time, "kg kg-1", "CO2 per hydrogen at the nozzle"
        ),
        "co2_avoided": _over_years(
            periods, lambda p: p.avoided, "member scenario application year", "kg year-1", "CO2 avoided"
        ),
    }  # fmt: skip


def _utilisation(period: Period) -> Floats:
    """Return how full the stations are, relative to what is planned; nan without stations."""
    mobile = period.taken.demand[:, :, : APPLICATIONS.index("balancing")].sum(axis=2)
    planned = period.supply.stations * period.planned_mass[:, None, None]
    return np.asarray(np.divide(mobile, planned, out=np.full_like(mobile, np.nan), where=planned > 0.0))


def of_money(value: Values, periods: Periods) -> dict[str, Variable]:
    """Return cash flows, public money, turnover and jobs."""
    over_time = "member scenario year"
    jobs = value("industry.jobs_per_turnover")[:, None, None, None]
    return {
        "cash_flow": _over_years(
            periods, lambda p: p.accounts.cash, "member scenario year cash_item", "EUR year-1",
            "cash flow of the cluster by item",
        ),
        "cash_flow_total": _over_years(periods, lambda p: p.cash, over_time, "EUR year-1", "cash flow of the cluster"),
        "cumulative_cash": _over_years(
            periods, lambda p: np.stack([np.cumsum(p.cash_unsupported, axis=2), np.cumsum(p.cash, axis=2)], axis=3),
            "member scenario year support", "EUR", "cumulative cash flow of the cluster, without and with support",
        ),
        "public_flow": _over_years(
            periods, lambda p: p.accounts.public, "member scenario year public_item", "EUR year-1", "public money paid"
        ),
        "public_cost": _over_years(
            periods, lambda p: p.accounts.public.sum(axis=3), over_time, "EUR year-1", "public money paid, net"
        ),
        "turnover": _over_years(
            periods, lambda p: p.accounts.turnover, "member scenario year place", "EUR year-1",
            "turnover of Flemish firms in hydrogen",
        ),
        "jobs": _over_years(
            periods, lambda p: p.accounts.turnover * jobs, "member scenario year place", "1", "jobs in hydrogen"
        ),
    }  # fmt: skip


def of_horizons(study: Waterstof, value: Values, periods: Periods) -> dict[str, Variable]:
    """Return valleys, break-even, milestones, phases and balances of each horizon."""
    by_scenario = "member scenario"
    found: dict[str, Variable] = {}
    for name, units, text in (
        ("depth", "EUR", "deepest point of the cumulative cash flow"),
        ("deepest", "1", "year of the deepest point"),
        ("length", "year", "from the first loss to the pay-back"),
        ("payback", "1", "year from which the cumulative cash flow stays above zero"),
    ):
        found[f"valley_{name}"] = _by_horizon(
            periods, lambda p, n=name: np.stack([getattr(v, n) for v in p.valleys], axis=2),  # type: ignore[misc]
            f"{by_scenario} support", units, f"valley of death: {text}",
        )  # fmt: skip
    starts, ends = (
        np.stack([phases(study.horizons[name], period.milestones)[k] for name, period in periods.items()], axis=3)
        for k in range(2)
    )
    roles = np.array([[_role(study, phase, who) for who in PARTICIPANTS] for phase in PHASES])
    return {
        **found,
        "break_even_year": _by_horizon(
            periods, lambda p: p.break_even, "member scenario application incumbent", "1",
            "first year in which hydrogen costs no more, without support",
        ),
        "milestone_year": _by_horizon(
            periods, lambda p: p.milestones, "member scenario milestone", "1", "year of a milestone"
        ),
        "phase_start": (("member", "scenario", "phase", "horizon"), starts, _attributes("1", "start of a phase, year")),
        "phase_end": (("member", "scenario", "phase", "horizon"), ends, _attributes("1", "end of a phase, year")),
        "role": (("phase", "participant"), roles, _attributes("1", "0 none, 1 takes part, 2 leads")),
        "fund_gate": _by_horizon(periods, lambda p: p.levers.gate, "member", "1", "1 where the fund opens its gate"),
        "co2_avoided_total": _by_horizon(
            periods, lambda p: p.avoided.sum(axis=(2, 3)), by_scenario, "kg", "CO2 avoided over the horizon"
        ),
        "public_cost_total": _by_horizon(
            periods, lambda p: p.accounts.public.sum(axis=(2, 3)), by_scenario, "EUR", 
            "public money over the horizon, net",
        ),
        "abatement_cost": _by_horizon(
            periods, lambda p: _abatement(p), by_scenario, "EUR kg-1",
            "extra cost of ownership over CO2 avoided, both over the horizon; infinite where none is avoided",
        ),
        "abatement_cost_by_application": _by_horizon(
            periods, lambda p: _abatement(p, (3,)), f"{by_scenario} application", "EUR kg-1", "the same, by application"
        ),
        "net_benefit": _by_horizon(
            periods, lambda p: _net_benefit(value, p), by_scenario, "EUR",
            "benefit to users, suppliers, climate and industry against the baseline, discounted", threshold=0.0,
        ),
    }  # fmt: skip


def _role(study: Waterstof, phase: str, participant: str) -> float:
    """Return 2 for who leads a phase, 1 for who takes part, 0 for others."""
    stated = study.roadmap.phases[phase]
    return 2.0 if stated.leads == participant else float(participant in stated.takes_part)


def _abatement(period: Period, over: tuple[int, ...] = (2, 3)) -> Floats:
    """Return extra cost over CO2 avoided of a horizon [EUR/kg], summed over applications and years or years alone."""
    rivals = period.owned.of_rivals(period.owned.incumbent, period.taken.rival_share)
    extra = (period.ownership_cost - rivals) * period.taken.stock
    cost, avoided = extra.sum(axis=over), period.avoided.sum(axis=over)
    return np.asarray(np.divide(cost, avoided, out=np.full_like(cost, np.inf), where=avoided > 0.0))


def _opening(period: Period, plants: int) -> Floats:
    """Return when the plants of the ideal cluster open, infinite for the others, (member, plant)."""
    chosen = period.clusters.has_plant(plants) > 0.0
    return np.where(chosen, period.levers.opening[:, None], np.inf)


def _net_benefit(value: Values, period: Period) -> Floats:
    """Return the benefit of every scenario against the first, discounted to the start [EUR], (member, scenario)."""
    discount = (1.0 + value("industry.discount_rate"))[:, None] ** -(period.years - period.years[0])
    gained = period.accounts.social - period.accounts.social[:, :1]
    return np.asarray((gained * discount[:, None]).sum(axis=2))


def of_cluster(study: Waterstof, periods: Periods) -> dict[str, Variable]:
    """Return the worth of every combination, the ideal cluster, and the score of each market."""
    plants = len(study.cluster.plants)
    return {
        "cluster_worth": _by_horizon(
            periods, lambda p: p.clusters.worth, "member combination", "EUR year-1",
            "worth of a combination with its best plants",
        ),
        "cluster_is_best": _by_horizon(
            periods, lambda p: (p.clusters.best[:, None] == np.arange(p.clusters.worth.shape[1])).astype(np.float64),
            "member combination", "1", "1 where a combination is worth most",
        ),
        "cluster_plants": _by_horizon(
            periods,
            lambda p: ((p.clusters.plants[..., None] >> np.arange(plants)) & 1).astype(np.float64),
            "member combination plant", "1", "1 where a plant belongs to the best plants of a combination",
        ),
        "ideal_cluster_worth": _by_horizon(
            periods, lambda p: p.clusters.worth_of_best, "member", "EUR year-1", "worth of the ideal cluster"
        ),
        "ideal_cluster_plants": _by_horizon(
            periods, lambda p: p.clusters.has_plant(plants), "member plant", "1", "1 where it has a plant"
        ),
        "plant_opening_year": _by_horizon(
            periods, lambda p: _opening(p, plants), "member plant", "1",
            "year in which a plant of the ideal cluster opens; infinite for a plant that it does without",
        ),
        "ideal_cluster_applications": _by_horizon(
            periods, lambda p: p.clusters.has_application(), "member application", "1", "1 where it has an application"
        ),
        "advantage_score": _by_horizon(
            periods, lambda p: p.advantages, "member market advantage", "1", "advantage of a lead market, 0 to 1"
        ),
        "market_score": _by_horizon(
            periods, lambda p: p.score, "member market", "1", "score of a lead market, 0 to 1"
        ),
    }  # fmt: skip


def headlines(study: Waterstof, value: Values, periods: Periods) -> dict[str, Variable]:
    """Return the outputs on which the study is judged, (member,) or (member, scenario)."""
    names = list(study.horizons)
    first, last = periods[names[0]], periods[names[-1]]
    row = study.horizons[names[-1]].cluster_year - study.horizons[names[-1]].start
    by_scenario = ("member", "scenario")
    diesel = INCUMBENTS.index("diesel")
    benefit = _net_benefit(value, last)
    return {
        "bus_parity_price": (
            ("member",), last.bus_parity_reference,
            _attributes("EUR kg-1", "price of hydrogen at which a bus of today costs as much as on diesel"),
        ),
        "nozzle_cost_first": (
            by_scenario, first.components[:, :, -1].sum(axis=2),
            _attributes("EUR kg-1", "cost of hydrogen at the nozzle at the end of the first horizon"),
        ),
        "nozzle_cost_last": (
            by_scenario, last.components[:, :, row].sum(axis=2),
            _attributes("EUR kg-1", "cost of hydrogen at the nozzle in the cluster year of the last horizon"),
        ),
        "demand_first": (
            by_scenario, first.taken.demand[..., -1].sum(axis=2),
            _attributes("kg year-1", "hydrogen demand at the end of the first horizon"),
        ),
        "demand_last": (
            by_scenario, last.taken.demand[..., -1].sum(axis=2),
            _attributes("kg year-1", "hydrogen demand at the end of the last horizon"),
        ),
        "truck_break_even_year": (
            by_scenario, last.break_even[:, :, APPLICATIONS.index("truck"), diesel],
            _attributes("1", "first year in which a truck costs no more than on diesel, without support"),
        ),
        "bus_break_even_year": (
            by_scenario, last.break_even[:, :, BUS, diesel],
            _attributes("1", "first year in which a bus costs no more than on diesel, without support"),
        ),
        "valley_depth_first": (
            by_scenario, first.valleys[1].depth, 
            _attributes("EUR", "depth of the valley of death in the first horizon"),
        ),
        "valley_depth_last": (
            by_scenario, last.valleys[1].depth, _attributes("EUR", "depth of the valley of death in the last horizon"),
        ),
        "valley_length_last": (
            by_scenario, last.valleys[1].length, 
            _attributes("year", "length of the valley of death in the last horizon"),
        ),
        "abatement_cost_last": (
            by_scenario, _abatement(last), _attributes("EUR kg-1", "cost of CO2 avoided over the last horizon"),
        ),
        "jobs_first": (
            by_scenario, first.accounts.turnover[:, :, -1].sum(axis=2) * value("industry.jobs_per_turnover")[:, None],
            _attributes("1", "jobs in hydrogen at the end of the first horizon"),
        ),
        "net_benefit_last": (
            by_scenario, benefit,
            _attributes("EUR", "net benefit of the last horizon against the baseline, discounted", 0.0),
        ),
        "ideal_cluster_worth_last": (
            ("member",), last.clusters.worth_of_best,
            _attributes("EUR year-1", "worth of the ideal cluster of the last horizon", 0.0),
        ),
    }  # fmt: skip
