"""What the study Waterstof says, in Dutch and English; every number is computed."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from testsite_sim.common.units import DAY, KILOWATT_HOUR
from testsite_sim.configuration.study_hydrogen import Waterstof
from testsite_sim.report.study.lines import quantiles
from testsite_sim.report.study.story import Interval, Story, Table, number
from testsite_sim.report.study_hydrogen.cluster import combination_label
from testsite_sim.report.study_hydrogen.frame import MILLION, THOUSAND, TONNE, horizons
from testsite_sim.report.study_hydrogen.telling import TEXTS

MOST_COMBINATIONS = 6
Texts = Mapping[str, str]
Words = Mapping[str, str]


def tell(study: Waterstof, results: xr.Dataset, words: Words) -> Story:
    """Return question, answer, method, limits and tables of the study."""
    texts = TEXTS[study.language]
    values = _values(study, results, words)
    years = study.wording

    def paragraphs(name: str) -> list[str]:
        return [paragraph.format(**years, **values) for paragraph in texts[name].split("\n")]

    return Story(
        question=texts["question"].format(**years),
        answer=paragraphs("answer"),
        method=paragraphs("method"),
        limits=paragraphs("limits"),
        tables=[
            Table(
                texts["markets.title"],
                _markets(results, words, texts),
                ("stock", "fleet", "demand", "price", "co2_avoided"),
            ),
            Table(texts["parity.title"], _break_even(results, words, texts), ("parity_price", "break_even_year")),
            Table(
                texts["scenarios.title"],
                _scenarios(results, words, texts),
                ("demand", "valley_depth", "valley_length", "public_cost_total", "abatement_cost", "net_benefit"),
            ),
            Table(
                texts["clusters.title"],
                _clusters(results, words, texts),
                ("cluster_worth", "cluster_is_best", "cluster_plants"),
            ),
            Table(
                texts["plants.title"],
                _plants(results, texts),
                ("plant_production", "plant_dispensing", "plant_fuel_cell", "ideal_cluster_plants"),
            ),
            Table(
                texts["simulated.title"],
                _simulated(results, texts),
                (
                    "plant_hydrogen_produced",
                    "plant_hydrogen_delivered",
                    "plant_electrolyser_hours",
                    "plant_consumption",
                    "plant_fuel_cell_hours",
                    "plant_cost_of_hydrogen",
                ),
            ),
            Table(
                texts["milestones.title"].format(scenario=values["scenario"]),
                _milestones(results, words, texts),
                ("milestone_year",),
            ),
            Table(texts["hindcast.title"], _hindcast(study, results, words, texts), ("stock", "jobs", "observed")),
        ],
    )


def _values(study: Waterstof, results: xr.Dataset, words: Words) -> dict[str, str]:
    """Return the numbers of the story as text."""
    found: dict[str, str] = {}
    reference, baseline = study.reference_scenario, str(results.attrs["baseline"])

    def put(name: str, variable: xr.DataArray, factor: float = 1.0) -> None:
        for key, amount in zip(("p10", "p50", "p90"), quantiles(variable) * factor, strict=True):
            found[f"{name}_{key}"] = number(float(amount), words)

    for name, factor in (
        ("demand_first", 1.0 / TONNE), ("demand_last", 1.0 / TONNE), ("nozzle_cost_last", 1.0),
        ("valley_depth_last", 1.0 / MILLION), ("net_benefit_last", 1.0 / MILLION),
    ):  # fmt: skip
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
        "scenario": words.get(reference, reference),
        "baseline": words.get(baseline, baseline),
        "lead": words.get(lead, lead),
        "largest": words.get(largest, largest),
        "best": combination_label(best, words),
        "best_often": _percent(float(often.max())),
        "lead_first": words.get(lead_first, lead_first),
        "second_first": words.get(second_first, second_first),
        "second": words.get(second, second),
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


def _interval(variable: xr.DataArray, factor: float = 1.0) -> Interval:
    """Return P10, P50 and P90 of a variable over the members."""
    return Interval(*(float(amount) for amount in quantiles(variable) * factor))


def _markets(results: xr.Dataset, words: Words, texts: Texts) -> pd.DataFrame:
    """Return adoption, demand, cost and CO2 of every application at the end of every horizon, reference scenario."""
    rows = []
    for horizon, period in horizons(results):
        chosen = period.sel(scenario=results.attrs["scenario"])
        end = chosen.isel(year=-1)
        for name in results["application"].to_numpy():
            one = end.sel(application=name)
            rows.append(
                {
                    texts["horizon"]: words.get(horizon, horizon),
                    texts["application"]: words[f"units.{name}"],
                    texts["units"]: _interval(one["stock"]),
                    texts["of_fleet"]: _interval(100.0 * one["stock"] / one["fleet"]),
                    texts["demand"]: _interval(one["demand"], 1.0 / TONNE),
                    texts["price"]: _interval(one["price"]),
                    texts["co2"]: _interval(one["co2_avoided"], 1.0 / TONNE),
                }
            )
    return pd.DataFrame(rows)


def _break_even(results: xr.Dataset, words: Words, texts: Texts) -> pd.DataFrame:
    """Return price of parity and year of break-even of every application against every incumbent."""
    rows = []
    for horizon, period in horizons(results):
        year = int(period["cluster_year"])
        for name in results["application"].to_numpy():
            for rival in results["incumbent"].to_numpy():
                one = period.sel(application=name, incumbent=rival)
                parity = one["parity_price"].sel(year=year)
                even = one["break_even_year"].sel(scenario=results.attrs["scenario"])
                if not np.isfinite(parity).all() or np.isnan(even).any():
                    continue
                rows.append(
                    {
                        texts["horizon"]: words.get(horizon, horizon),
                        texts["application"]: words.get(str(name), str(name)),
                        texts["incumbent"]: words.get(str(rival), str(rival)),
                        texts["in"]: f"{year}",
                        texts["parity"]: _interval(parity),
                        texts["even"]: _calendar(even, words),
                        texts["even_often"]: 100.0 * float(np.isfinite(even).mean()),
                    }
                )
    return pd.DataFrame(rows)


def _calendar(years: xr.DataArray, words: Words) -> str:
    """Return P50 with P10 and P90 of calendar years in text; the word for never where they are infinite."""
    low, middle, high = (f"{year:.0f}" if np.isfinite(year) else words["never"] for year in quantiles(years))
    return middle if low == high else f"{middle} ({low} – {high})"


def _scenarios(results: xr.Dataset, words: Words, texts: Texts) -> pd.DataFrame:
    """Return what every implementation scenario brings and costs in every horizon."""
    rows = []
    for horizon, period in horizons(results):
        for name in results["scenario"].to_numpy():
            one = period.sel(scenario=name)
            rows.append(
                {
                    texts["horizon"]: words.get(horizon, horizon),
                    texts["scenario"]: words.get(str(name), str(name)),
                    texts["demand"]: _interval(one["demand"].isel(year=-1).sum("application"), 1.0 / TONNE),
                    texts["depth"]: _interval(one["valley_depth"].sel(support="with"), 1.0 / MILLION),
                    texts["length"]: _interval(one["valley_length"].sel(support="with")),
                    texts["public"]: _interval(one["public_cost_total"], 1.0 / MILLION),
                    texts["abatement"]: _interval(one["abatement_cost"], THOUSAND),
                    texts["benefit"]: _interval(one["net_benefit"], 1.0 / MILLION),
                }
            )
    return pd.DataFrame(rows)


def _clusters(results: xr.Dataset, words: Words, texts: Texts) -> pd.DataFrame:
    """Return the best combinations of lead fleets, how often they are best, and their plants."""
    rows = []
    plants = [str(name) for name in results["plant"].to_numpy()]
    for horizon, period in horizons(results):
        often = 100.0 * period["cluster_is_best"].mean("member")
        worth = period["cluster_worth"].median("member")
        names = [str(name) for name in results["combination"].to_numpy()]
        order = sorted(range(len(names)), key=lambda k: (-float(often[k]), -float(worth[k])))
        for k in order[:MOST_COMBINATIONS]:
            part = period["cluster_plants"].isel(combination=k).mean("member")
            used = [name for name in plants if float(part.sel(plant=name)) >= 0.5]
            rows.append(
                {
                    texts["horizon"]: words.get(horizon, horizon),
                    texts["combination"]: combination_label(names[k], words),
                    texts["worth"]: _interval(period["cluster_worth"].isel(combination=k), 1.0 / MILLION),
                    texts["best"]: float(often[k]),
                    texts["with_plants"]: ", ".join(used) or "–",
                }
            )
    return pd.DataFrame(rows)


def _plants(results: xr.Dataset, texts: Texts) -> pd.DataFrame:
    """Return the lead plants: where, whose, when, how large, and how often the ideal cluster has them."""
    rows = []
    for name in results["plant"].to_numpy():
        one = results.sel(plant=name)
        row: dict[str, object] = {
            texts["plant"]: str(name),
            texts["place"]: str(one["plant_place"].item()),
            texts["owner"]: str(one["plant_owner"].item()),
            texts["from"]: f"{int(one['plant_year'])}",
            texts["production"]: float(one["plant_production"]) * DAY,
            texts["dispensing"]: float(one["plant_dispensing"]) * DAY,
            texts["fuel_cell"]: float(one["plant_fuel_cell"]) / MILLION,
        }
        for _, period in horizons(results):
            chosen = 100.0 * float(period["ideal_cluster_plants"].sel(plant=name).mean("member"))
            row[texts["ideal"].format(year=int(period["cluster_year"]))] = chosen
        rows.append(row)
    return pd.DataFrame(rows)


def _simulated(results: xr.Dataset, texts: Texts) -> pd.DataFrame:
    """Return what the simulation of the chain says of every lead plant."""
    rows = []
    for name in results["plant"].to_numpy():
        one = results.sel(plant=name)
        rows.append(
            {
                texts["plant"]: str(name),
                texts["simulated"]: str(one["plant_scenario"].item()),
                texts["produced"]: float(one["plant_hydrogen_produced"]) / TONNE,
                texts["delivered"]: float(one["plant_hydrogen_delivered"]) / TONNE,
                texts["hours"]: float(one["plant_electrolyser_hours"]),
                texts["consumption"]: float(one["plant_consumption"]) / KILOWATT_HOUR,
                texts["burnt"]: float(one["plant_fuel_cell_hours"]),
                texts["cost"]: float(one["plant_cost_of_hydrogen"]),
            }
        )
    return pd.DataFrame(rows)


def _milestones(results: xr.Dataset, words: Words, texts: Texts) -> pd.DataFrame:
    """Return the milestones of the roadmap with their dates."""
    rows = []
    for name in results["milestone"].to_numpy():
        row: dict[str, object] = {texts["milestone"]: words.get(f"milestone.{name}", str(name))}
        for horizon, period in horizons(results):
            found = period["milestone_year"].sel(scenario=results.attrs["scenario"], milestone=name)
            label = words.get(horizon, horizon)
            row[label] = _calendar(xr.ufuncs.floor(found), words)
            row[f"{label}, {texts['reached']}"] = 100.0 * float(np.isfinite(found).mean())
        rows.append(row)
    return pd.DataFrame(rows)


def _hindcast(study: Waterstof, results: xr.Dataset, words: Words, texts: Texts) -> pd.DataFrame:
    """Return what was seen beside what the model gives without policy and in the reference scenario."""
    rows = []
    for name, seen in study.observed.items():
        if seen.year not in results["year"].to_numpy():
            continue
        of_year = results.sel(year=seen.year)
        known = str(name) in results["application"].to_numpy()
        variable = of_year["stock"].sel(application=name) if known else of_year["jobs"].sum("place")
        row: dict[str, object] = {texts["quantity"]: f"{words.get(f'observed.{name}', seen.title)}, {seen.year}"}
        for scenario in (str(results.attrs["baseline"]), study.reference_scenario):
            row[words.get(scenario, scenario)] = _interval(variable.sel(scenario=scenario))
        rows.append(row | {texts["seen"]: float(seen.value), texts["source"]: seen.source})
    return pd.DataFrame(rows)
