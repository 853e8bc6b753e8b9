"""What the study Waterstof says, in Dutch and English; every number is computed."""

import numpy as np
import xarray as xr

from testsite_sim.studies.framework.report.evidence import sourced_range
from testsite_sim.studies.framework.report.lines import quantiles
from testsite_sim.studies.framework.report.narrative import Narrative, paragraphs
from testsite_sim.studies.framework.report.numbers import number, thousands
from testsite_sim.studies.framework.report.rankings import thresholds
from testsite_sim.studies.framework.uncertainty import study_assumptions
from testsite_sim.studies.framework.words import Words, label
from testsite_sim.studies.waterstof.answer import parity_with_battery, verdict, verdict_table
from testsite_sim.studies.waterstof.configuration.study import Waterstof
from testsite_sim.studies.waterstof.figures.cluster import combination_label
from testsite_sim.studies.waterstof.figures.frame import MILLION, TONNE, horizons
from testsite_sim.studies.waterstof.tables import tables

KILOMETRE = 1e3


def write_narrative(study: Waterstof, results: xr.Dataset, words: Words) -> Narrative:
    """Return question, answer, method, limits and tables of the study."""
    values = _values(study, results, words)
    return Narrative(
        question=words["narrative.question"],
        answer=paragraphs(words["narrative.answer"], values),
        method=paragraphs(words["narrative.method"], values),
        limits=paragraphs(words["narrative.limits"], values),
        tables=tables(study, results, words),
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
        ("bus_gap_battery", KILOMETRE),
        ("truck_gap_battery", KILOMETRE),
    ):
        put(name, results[name].sel(scenario=reference), factor)
    put("demand_without", results["demand_last"].sel(scenario=baseline), 1.0 / TONNE)
    put("demand_first_without", results["demand_first"].sel(scenario=baseline), 1.0 / TONNE)
    put("nozzle_without", results["nozzle_cost_last"].sel(scenario=baseline))
    put("valley_without", results["valley_depth_last"].sel(scenario=baseline), 1.0 / MILLION)
    put("parity", results["bus_parity_price"])
    put("depth_without", last["valley_depth"].sel(scenario=reference, support="without"), 1.0 / MILLION)
    put("public", last["public_cost_total"].sel(scenario=reference), 1.0 / MILLION)
    put("discount", _discount(results, study), 100.0)
    put("development", -last["cash_flow"].sel(scenario=baseline, cash_item="development").sum("year"), 1.0 / MILLION)
    for prefix, period in (("first", first), ("last", last)):
        found |= _lead_markets(prefix, period, results, words)
        chosen = period.sel(scenario=reference)
        for vehicle in ("bus", "truck"):
            year = chosen["break_even_year"].sel(application=vehicle, incumbent="diesel")
            found[f"{vehicle}_diesel_{prefix}"] = _percent(float(np.isfinite(year).mean()))
        found[f"gate_{prefix}"] = _percent(float(period["fund_gate"].mean("member")))
    by_market = last["demand_by_market"].sel(scenario=reference).isel(year=-1)
    shares = by_market / by_market.sum("market")
    largest = max(map(str, results["market"].to_numpy()), key=lambda name: float(shares.sel(market=name).median()))
    put("largest", shares.sel(market=largest), 100.0)
    often = last["cluster_is_best"].mean("member")
    best = str(results["combination"].to_numpy()[int(np.argmax(often.to_numpy()))])
    for name, scenario in (("bus_year", reference), ("bus_year_without", baseline)):
        middle = float(quantiles(results["bus_break_even_year"].sel(scenario=scenario))[1])
        found[f"{name}_p50"] = f"{middle:.0f}" if np.isfinite(middle) else words["never"]
    in_year = last.sel(year=int(last["cluster_year"]))
    made = in_year["hydrogen_electrolysis"] / (in_year["hydrogen_electrolysis"] + in_year["hydrogen_by_product"])
    put("made", made.sel(scenario=reference), 100.0)
    put("made_without", made.sel(scenario=baseline), 100.0)
    nozzle = results["nozzle_cost_last"]
    dearer = (nozzle.sel(scenario=reference) > nozzle.sel(scenario=baseline)).mean()
    worth = (results["net_benefit_last"].sel(scenario=reference) > 0.0).mean()
    yes_or_no, strongest = verdict(results, words)
    assumptions = study_assumptions(study)
    return (
        found
        | strongest
        | parity_with_battery(results, words)
        | sourced_range(results, words)
        | {
            "members": str(results.sizes["member"]),
            "hindcast": _hindcast(study, results, words),
            "verdict": yes_or_no,
            "scenario": label(words, "scenario", reference),
            "baseline": label(words, "scenario", baseline),
            "largest": label(words, "market", largest),
            "best": combination_label(best, words),
            "best_often": _percent(float(often.max())),
            "dearer": _percent(float(dearer)),
            "worthwhile": _percent(float(worth)),
            "turns_benefit": thresholds(results, words, assumptions, "net_benefit_last"),
            "turns_bus": thresholds(results, words, assumptions, "bus_gap_battery"),
            "turns_truck": thresholds(results, words, assumptions, "truck_gap_battery"),
        }
    )


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
    return "; ".join(parts)


def _discount(results: xr.Dataset, study: Waterstof) -> xr.DataArray:
    """Return the social discount rate as stated."""
    return xr.DataArray(np.full(results.sizes["member"], float(study.industry.discount_rate)), dims="member")


def _lead_markets(prefix: str, period: xr.Dataset, results: xr.Dataset, words: Words) -> dict[str, str]:
    """Return the best and the second-best lead market of a horizon with their scores, as text."""
    scores = {str(name): quantiles(period["market_score"].sel(market=name)) for name in results["market"].to_numpy()}
    lead, second = sorted(scores, key=lambda name: -float(scores[name][1]))[:2]
    low, middle, high = (number(float(amount), words) for amount in scores[lead])
    return {
        f"lead_{prefix}": label(words, "market", lead),
        f"second_{prefix}": label(words, "market", second),
        f"score_{prefix}_p10": low,
        f"score_{prefix}_p50": middle,
        f"score_{prefix}_p90": high,
        f"score_second_{prefix}": number(float(scores[second][1]), words),
    }


def _percent(share: float) -> str:
    """Return a share of the draws as a whole percentage."""
    return f"{100.0 * share:.0f}"
