"""What the study Waterstof says, in Dutch and English; every number is computed."""

import numpy as np
import xarray as xr

from testsite_sim.studies.framework.report.lines import quantiles
from testsite_sim.studies.framework.report.narrative import Narrative, paragraphs
from testsite_sim.studies.framework.report.numbers import number
from testsite_sim.studies.framework.words import Words, label
from testsite_sim.studies.waterstof.configuration.study import Waterstof
from testsite_sim.studies.waterstof.figures.cluster import combination_label
from testsite_sim.studies.waterstof.figures.frame import MILLION, TONNE, horizons
from testsite_sim.studies.waterstof.tables import tables


def write_narrative(study: Waterstof, results: xr.Dataset, words: Words) -> Narrative:
    """Return question, answer, method, limits and tables of the study."""
    values = _values(study, results, words)
    return Narrative(
        question=words["narrative.question"],
        answer=paragraphs(words["narrative.answer"], values),
        method=paragraphs(words["narrative.method"], values),
        limits=paragraphs(words["narrative.limits"], values),
        tables=tables(study, results, words),
    )


def _values(study: Waterstof, results: xr.Dataset, words: Words) -> dict[str, str]:
    """Return the numbers of the narrative as text."""
    found: dict[str, str] = {}
    reference, baseline = study.reference_scenario, str(results.attrs["baseline"])

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
    put("parity", results["bus_parity_price"])
    _, last = horizons(results)[-1]
    put("depth_without", last["valley_depth"].sel(scenario=reference, support="without"), 1.0 / MILLION)
    put("public", last["public_cost_total"].sel(scenario=reference), 1.0 / MILLION)
    score = {str(name): quantiles(last["market_score"].sel(market=name))[1] for name in results["market"].to_numpy()}
    lead, second = sorted(score, key=lambda name: -float(score[name]))[:2]
    _, first = horizons(results)[0]
    early = {str(name): quantiles(first["market_score"].sel(market=name))[1] for name in results["market"].to_numpy()}
    lead_first, second_first = sorted(early, key=lambda name: -float(early[name]))[:2]
    put("score_first", first["market_score"].sel(market=lead_first))
    put("score_second_first", first["market_score"].sel(market=second_first))
    put("score_second", last["market_score"].sel(market=second))
    often = last["cluster_is_best"].mean("member")
    best = str(results["combination"].to_numpy()[int(np.argmax(often.to_numpy()))])
    put("score", last["market_score"].sel(market=lead))
    by_market = last["demand_by_market"].sel(scenario=reference).isel(year=-1)
    shares = by_market / by_market.sum("market")
    largest = max(score, key=lambda name: float(shares.sel(market=name).median()))
    put("largest", shares.sel(market=largest), 100.0)
    found |= _break_even_shares(last.sel(scenario=reference))
    put("demand_first_without", results["demand_first"].sel(scenario=baseline), 1.0 / TONNE)
    put("nozzle_without", results["nozzle_cost_last"].sel(scenario=baseline))
    put("valley_without", results["valley_depth_last"].sel(scenario=baseline), 1.0 / MILLION)
    put("development", -last["cash_flow"].sel(scenario=baseline, cash_item="development").sum("year"), 1.0 / MILLION)
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
    return found | {
        "members": str(results.sizes["member"]),
        "scenario": label(words, "scenario", reference),
        "baseline": label(words, "scenario", baseline),
        "lead": label(words, "market", lead),
        "largest": label(words, "market", largest),
        "best": combination_label(best, words),
        "best_often": _percent(float(often.max())),
        "lead_first": label(words, "market", lead_first),
        "second_first": label(words, "market", second_first),
        "second": label(words, "market", second),
        "dearer": _percent(float(dearer)),
        "worthwhile": _percent(float(worth)),
        "gate": _percent(float(last["fund_gate"].mean("member"))),
        "gate_first": _percent(float(first["fund_gate"].mean("member"))),
    }


def _break_even_shares(end: xr.Dataset) -> dict[str, str]:
    """Return in which share of the draws buses and trucks break even, against diesel and against batteries."""
    shares = {}
    for vehicle in ("bus", "truck"):
        for suffix, rival in (("", "diesel"), ("_battery", "battery")):
            year = end["break_even_year"].sel(application=vehicle, incumbent=rival)
            shares[f"{vehicle}_even{suffix}"] = _percent(float(np.isfinite(year).mean()))
    return shares


def _percent(share: float) -> str:
    """Return a share of the draws as a whole percentage."""
    return f"{100.0 * share:.0f}"
