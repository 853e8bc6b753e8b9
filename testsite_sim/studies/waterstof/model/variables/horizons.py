"""Variables of each horizon: valleys, break-even, milestones, phases, balances."""

import numpy as np
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.studies.framework.uncertainty import Values
from testsite_sim.studies.waterstof.configuration.study import PARTICIPANTS, PHASES, Waterstof
from testsite_sim.studies.waterstof.model.horizon import Period
from testsite_sim.studies.waterstof.model.roadmap import phases
from testsite_sim.studies.waterstof.model.variables.layout import Periods, Variable, attributes, by_horizon


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
        found[f"valley_{name}"] = by_horizon(
            periods,
            lambda p, n=name: np.stack([getattr(v, n) for v in p.valleys], axis=2),  # type: ignore[misc]
            f"{by_scenario} support",
            units,
            f"valley of death: {text}",
        )
    starts, ends = (
        np.stack([phases(study.horizons[name], period.milestones)[k] for name, period in periods.items()], axis=3)
        for k in range(2)
    )
    roles = np.array([[_role(study, phase, who) for who in PARTICIPANTS] for phase in PHASES])
    return {
        **found,
        "break_even_year": by_horizon(
            periods,
            lambda p: p.break_even,
            "member scenario application incumbent",
            "1",
            "first year in which hydrogen costs no more, without support",
        ),
        "chosen_against": by_horizon(
            periods,
            lambda p: p.taken.rival_share[..., -1],
            "member scenario application incumbent",
            "1",
            "part of those who choose hydrogen whose cheapest rival it is, last year",
        ),
        "milestone_year": by_horizon(
            periods, lambda p: p.milestones, "member scenario milestone", "1", "year of a milestone"
        ),
        "phase_start": (("member", "scenario", "phase", "horizon"), starts, attributes("1", "start of a phase, year")),
        "phase_end": (("member", "scenario", "phase", "horizon"), ends, attributes("1", "end of a phase, year")),
        "role": (("phase", "participant"), roles, attributes("1", "0 none, 1 takes part, 2 leads")),
        "fund_gate": by_horizon(periods, lambda p: p.levers.gate, "member", "1", "1 where the fund opens its gate"),
        "co2_avoided_total": by_horizon(
            periods, lambda p: p.avoided.sum(axis=(2, 3)), by_scenario, "kg", "CO2 avoided over the horizon"
        ),
        "public_cost_total": by_horizon(
            periods,
            lambda p: p.accounts.public.sum(axis=(2, 3)),
            by_scenario,
            "EUR",
            "public money over the horizon, net",
        ),
        "abatement_cost": by_horizon(
            periods,
            lambda p: abatement_cost(p),
            by_scenario,
            "EUR kg-1",
            "extra cost of ownership over CO2 avoided, both over the horizon; infinite where none is avoided",
        ),
        "abatement_cost_by_application": by_horizon(
            periods,
            lambda p: abatement_cost(p, (3,)),
            f"{by_scenario} application",
            "EUR kg-1",
            "the same, by application",
        ),
        **_net_benefits(value, periods),
    }


def _net_benefits(value: Values, periods: Periods) -> dict[str, Variable]:
    """Return the net benefit of each horizon, and whose it is."""
    return {
        "net_benefit": by_horizon(
            periods,
            lambda p: net_benefit(value, p),
            "member scenario",
            "EUR",
            "benefit to users, suppliers, climate and industry against the baseline, discounted",
            threshold=0.0,
        ),
        "net_benefit_by_party": by_horizon(
            periods,
            lambda p: net_benefit_by_party(value, p),
            "member scenario party",
            "EUR",
            "whose the net benefit is, transfers with them: it adds up over the parties",
        ),
    }


def _role(study: Waterstof, phase: str, participant: str) -> float:
    """Return 2 for who leads a phase, 1 for who takes part, 0 for others."""
    stated = study.roadmap.phases[phase]
    return 2.0 if stated.leads == participant else float(participant in stated.takes_part)


def abatement_cost(period: Period, over: tuple[int, ...] = (2, 3)) -> Floats:
    """Return extra cost over CO2 avoided of a horizon [EUR/kg], summed over applications and years or years alone."""
    rivals = period.owned.of_rivals(period.owned.incumbent, period.taken.rival_share)
    extra = (period.ownership_cost - rivals) * period.taken.stock
    cost, avoided = extra.sum(axis=over), period.avoided.sum(axis=over)
    return np.asarray(np.divide(cost, avoided, out=np.full_like(cost, np.inf), where=avoided > 0.0))


def net_benefit(value: Values, period: Period) -> Floats:
    """Return the benefit of every scenario against the first, discounted to the start [EUR], (member, scenario)."""
    gained = period.accounts.social - period.accounts.social[:, :1]
    return np.asarray((gained * _discount(value, period)[:, None]).sum(axis=2))


def net_benefit_by_party(value: Values, period: Period) -> Floats:
    """Return whose that benefit is [EUR], (member, scenario, party); it adds up to it over the parties."""
    gained = period.accounts.parties - period.accounts.parties[:, :1]
    return np.asarray(np.einsum("msyp,my->msp", gained, _discount(value, period)))


def _discount(value: Values, period: Period) -> Floats:
    """Return what an amount of a year is worth at the start, (member, year)."""
    return np.asarray((1.0 + value("industry.discount_rate"))[:, None] ** -(period.years - period.years[0]))
