"""What the study Waterstof says, in Dutch and English; every number is computed."""

import numpy as np
import xarray as xr

from testsite_sim.studies.framework.report.claims import claim
from testsite_sim.studies.framework.report.evidence import drawn_together, price_base, sourced_range, stated_amount
from testsite_sim.studies.framework.report.lines import quantiles
from testsite_sim.studies.framework.report.narrative import Narrative, paragraphs
from testsite_sim.studies.framework.report.numbers import number, thousands
from testsite_sim.studies.framework.report.rankings import thresholds
from testsite_sim.studies.framework.uncertainty import study_assumptions
from testsite_sim.studies.framework.words import Words, label, rate_text
from testsite_sim.studies.waterstof.accounts import accounts_of, lead_plants_of, runs_of_chain, worth_of_brochure
from testsite_sim.studies.waterstof.answer import (
    gaps_to_rivals,
    largest_user,
    parity_with_rivals,
    verdict,
    verdict_table,
)
from testsite_sim.studies.waterstof.configuration.study import Waterstof
from testsite_sim.studies.waterstof.figures.cluster import combination_label
from testsite_sim.studies.waterstof.figures.frame import MILLION, TONNE, horizons
from testsite_sim.studies.waterstof.money_of_whom import time_tied_up, who_pays
from testsite_sim.studies.waterstof.tables import tables

KILOTONNE = 1e6
BEST = {  # that one is the best of its kind, and that none clearly is
    "market": ("narrative.market_clear", "narrative.market_open"),
    "cluster": ("narrative.cluster_clear", "narrative.cluster_open"),
}


def write_narrative(study: Waterstof, results: xr.Dataset, words: Words) -> Narrative:
    """Return question, answer, method, limits and tables of the study."""
    values = _values(study, results, words)
    return Narrative(
        question=words["narrative.question"],
        answer=paragraphs(words["narrative.answer"], values),
        short=paragraphs(words["narrative.short"], values),
        method=paragraphs(words["narrative.method"], values),
        limits=paragraphs(words["narrative.limits"], values),
        tables=tables(study, results, words, {"fund_said": values["fund_said"]}),
        verdict=verdict_table(results, words),
    )


def _values(study: Waterstof, results: xr.Dataset, words: Words) -> dict[str, str]:
    """Return the numbers of the narrative as text."""
    found: dict[str, str] = {}
    reference, baseline = study.reference_scenario, str(results.attrs["baseline"])
    _, first = horizons(results)[0]
    _, last = horizons(results)[-1]

    def put(name: str, variable: xr.DataArray, factor: float = 1.0) -> None:
        for key, amount in zip(("p10", "p50", "p90"), quantiles(variable) * factor, strict=True):
            found[f"{name}_{key}"] = number(float(amount), words)

    for name, factor in (
        ("demand_first", 1.0 / TONNE),
        ("demand_last", 1.0 / TONNE),
        ("nozzle_cost_last", 1.0),
        ("valley_depth_last", 1.0 / MILLION),
        ("net_benefit_last", 1.0 / MILLION),
    ):
        put(name, results[name].sel(scenario=reference), factor)
    put("demand_without", results["demand_last"].sel(scenario=baseline), 1.0 / TONNE)
    put("demand_first_without", results["demand_first"].sel(scenario=baseline), 1.0 / TONNE)
    put("nozzle_without", results["nozzle_cost_last"].sel(scenario=baseline))
    put("valley_without", results["valley_depth_last"].sel(scenario=baseline), 1.0 / MILLION)
    development = -last["cash_flow"].sel(scenario=baseline, cash_item="development").sum("year")
    put("development_without", development, 1.0 / MILLION)
    put("jobs_first", results["jobs_first"].sel(scenario=reference))
    put("co2", last["co2_avoided"].sel(scenario=reference).isel(year=-1).sum("application"), 1.0 / KILOTONNE)
    avoided = float(quantiles(results["abatement_cost_last"].sel(scenario=reference))[1]) * TONNE
    cost = words["narrative.tonne_avoided"].format(cost=number(avoided, words))
    found["abatement"] = cost if np.isfinite(avoided) else ""
    for name, scenario in (("jobs_last", reference), ("jobs_last_without", baseline)):
        put(name, last["jobs"].sel(scenario=scenario).isel(year=-1).sum("place"))
    put("jobs_first_without", results["jobs_first"].sel(scenario=baseline))
    put("public_first", first["public_cost_total"].sel(scenario=reference), 1.0 / MILLION)
    put("public", last["public_cost_total"].sel(scenario=reference), 1.0 / MILLION)
    for name, scenario in (("crossed", reference), ("crossed_without", baseline)):
        found[name] = _percent(float(np.isfinite(results["valley_length_last"].sel(scenario=scenario)).mean()))
    for prefix, period in (("first", first), ("last", last)):
        found |= _lead_market(prefix, period, results, words)
        found[f"gate_{prefix}"] = _percent(float(period["fund_gate"].mean("member")))
    often = last["cluster_is_best"].mean("member")
    best = str(results["combination"].to_numpy()[int(np.argmax(often.to_numpy()))])
    worth = (results["net_benefit_last"].sel(scenario=reference) > 0.0).mean()
    assumptions = study_assumptions(study)
    return (
        found
        | verdict(results, words)
        | accounts_of(results, words)
        | sourced_range(results, words)
        | price_base(study, words)
        | drawn_together(study, words)
        | {
            "members": str(results.sizes["member"]),
            "hindcast": _hindcast(study, results, words),
            "jobs_lacking": _jobs_lacking(study, results, words),
            "lead_plants": lead_plants_of(results, words),
            **_of_runs(results, words),
            "gaps": gaps_to_rivals(results, words),
            "parities": parity_with_rivals(results, words),
            "largest_user": largest_user(results, words),
            "runs_of_chain": runs_of_chain(results, words),
            **who_pays(results, words),
            **time_tied_up(study, results, words),
            "brochure_worth": worth_of_brochure(results, words),
            "fund_share": f"{100.0 * float(study.fund.hydrogen_share):.0f}",
            "scenario": label(words, "scenario", reference),
            "baseline": label(words, "scenario", baseline),
            "best_cluster": _leads("cluster", combination_label(best, words), float(often.max()), words),
            "fund_said": stated_amount(study, "fund.capital", float(study.fund.capital), words),
            "discount": rate_text(study.industry.discount_rate, words),
            "seen_jobs": thousands(float(study.observed["jobs"].value)) if "jobs" in study.observed else "–",
            "worthwhile": _percent(float(worth)),
            "turns_benefit": thresholds(results, words, assumptions, "net_benefit_last"),
            "turns_bus": thresholds(results, words, assumptions, "bus_gap_battery"),
            "turns_truck": thresholds(results, words, assumptions, "truck_gap_battery"),
        }
    )


def _of_runs(results: xr.Dataset, words: Words) -> dict[str, str]:
    """Return what the runs of the chain give to all draws, as text: from it the method can be computed again."""
    of = results.attrs
    return {
        "run_hours": number(float(of["supply_hours"]), words),
        "run_price": number(100.0 * float(of["supply_price_ratio"]), words),
        "run_part_load": number(100.0 * float(of["supply_part_load"]), words),
        "run_store": number(100.0 * float(of["supply_store_share"]), words),
        "run_deviation": number(float(of["imbalance_deviation"]) / MILLION, words),
        "run_rare": number(float(of["imbalance_rare"]) / MILLION, words),
        "run_error": number(100.0 * float(of["wind_forecast_error"]), words),
    }


def _hindcast(study: Waterstof, results: xr.Dataset, words: Words) -> str:
    """Return what was seen next to what is computed without policy, in text."""
    parts = []
    for name, seen in study.observed.items():
        if seen.year not in results["year"].to_numpy():
            continue
        of_year = results.sel(year=seen.year, scenario=str(results.attrs["baseline"]))
        known = name in results["application"].to_numpy()
        variable = of_year["stock"].sel(application=name) if known else of_year["jobs"].sum("place")
        low, middle, high = (number(float(amount), words) for amount in quantiles(variable))
        parts.append(
            words["narrative.seen"].format(
                what=words.get(f"observed.{name}", seen.title),
                year=seen.year,
                p10=low,
                p50=middle,
                p90=high,
                seen=thousands(float(seen.value)),
            )
        )
    return "; ".join(parts) or words["narrative.nothing_seen"]


def _jobs_lacking(study: Waterstof, results: xr.Dataset, words: Words) -> str:
    """Return what turnover the jobs would take that were counted and are not computed without policy, as text."""
    seen = study.observed.get("jobs")
    if seen is None or seen.year not in results["year"].to_numpy():
        return ""
    of_year = results.sel(year=seen.year, scenario=str(results.attrs["baseline"]))
    jobs, turnover = (of_year[name].sum("place") for name in ("jobs", "turnover"))
    lacking = float(quantiles((float(seen.value) - jobs) * turnover / jobs)[1])
    if lacking <= 0.0:
        return ""
    return words["narrative.jobs_lacking"].format(turnover=number(lacking / MILLION, words))


def _lead_market(prefix: str, period: xr.Dataset, results: xr.Dataset, words: Words) -> dict[str, str]:
    """Return the best lead market of a horizon by its median score, and in which share of the draws it is, as text."""
    scores = {str(name): quantiles(period["market_score"].sel(market=name)) for name in results["market"].to_numpy()}
    best = max(scores, key=lambda name: float(scores[name][1]))
    highest = period["market_score"].sel(market=best) >= period["market_score"].max("market")
    return {f"lead_{prefix}": _leads("market", label(words, "market", best), float(highest.mean()), words)}


def _leads(kind: str, name: str, share: float, words: Words) -> str:
    """Return that something is the best of its kind and how often; that none clearly is, where it is not likely."""
    return words[BEST[kind][claim(share) != "yes"]].format(name=name, often=_percent(share))


def _percent(share: float) -> str:
    """Return a share of the draws as a whole percentage."""
    return f"{100.0 * share:.0f}"
