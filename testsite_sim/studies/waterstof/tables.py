"""The tables in the report of the study Waterstof."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from testsite_sim.common.units import DAY, KILOWATT_HOUR
from testsite_sim.studies.framework.report.narrative import Table, calendar, interval
from testsite_sim.studies.framework.words import Words, label
from testsite_sim.studies.waterstof.accounts import accounts_table, are_converted, balancing_table
from testsite_sim.studies.waterstof.configuration.study import Waterstof
from testsite_sim.studies.waterstof.figures.cluster import combination_label
from testsite_sim.studies.waterstof.figures.frame import MILLION, THOUSAND, TONNE, horizons

MOST_COMBINATIONS = 6


def tables(study: Waterstof, results: xr.Dataset, words: Words, values: Mapping[str, str]) -> list[Table]:
    """Return the tables of the report; `values` are those of the narrative that the accounts say as well."""
    return [
        accounts_table(results, words, values),
        balancing_table(results, words),
        Table(
            words["title.markets"],
            _markets(results, words),
            ("stock", "fleet", "demand", "price", "co2_avoided"),
        ),
        Table(words["title.parity"], _break_even(results, words), ("parity_price", "break_even_year")),
        Table(
            words["title.scenarios"],
            _scenarios(results, words),
            ("demand", "valley_depth", "valley_length", "public_cost_total", "abatement_cost", "net_benefit"),
        ),
        Table(
            words["title.clusters"],
            _clusters(results, words),
            ("cluster_worth", "cluster_is_best", "cluster_plants"),
        ),
        Table(
            words["title.plants"],
            _plants(results, words),
            ("plant_dispensing", "plant_fuel_cell", "ideal_cluster_plants"),
        ),
        Table(
            words["title.simulated" if are_converted(results, words) else "title.simulated_own"],
            _simulated(results, words),
            (
                "plant_hydrogen_produced",
                "plant_hydrogen_by_product",
                "plant_hydrogen_delivered",
                "plant_electrolyser_hours",
                "plant_consumption",
                "plant_fuel_cell_hours",
                "plant_cost_of_hydrogen",
            ),
            has_own_prices=not are_converted(results, words),
        ),
        Table(
            words["title.milestones"].format(scenario=label(words, "scenario", study.reference_scenario)),
            _milestones(results, words),
            ("milestone_year",),
        ),
        Table(words["title.hindcast"], _hindcast(study, results, words), ("stock", "jobs", "observed")),
    ]


def _markets(results: xr.Dataset, words: Words) -> pd.DataFrame:
    """Return adoption, demand, cost and CO2 of every application at the end of every horizon, reference scenario."""
    rows = []
    for horizon, period in horizons(results):
        chosen = period.sel(scenario=results.attrs["scenario"])
        end = chosen.isel(year=-1)
        for name in results["application"].to_numpy():
            one = end.sel(application=name)
            rows.append(
                {
                    words["column.horizon"]: label(words, "horizon", horizon),
                    words["column.application"]: words[f"plural.{name}"],
                    words["column.units"]: interval(one["stock"]),
                    words["column.of_fleet"]: interval(100.0 * one["stock"] / one["fleet"]),
                    words["column.demand"]: interval(one["demand"], 1.0 / TONNE),
                    words["column.price"]: interval(one["price"]),
                    words["column.co2"]: interval(one["co2_avoided"], 1.0 / TONNE),
                }
            )
    return pd.DataFrame(rows)


def _break_even(results: xr.Dataset, words: Words) -> pd.DataFrame:
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
                        words["column.horizon"]: label(words, "horizon", horizon),
                        words["column.application"]: label(words, "application", str(name)),
                        words["column.incumbent"]: label(words, "power", str(rival)),
                        words["column.year"]: f"{year}",
                        words["column.parity"]: interval(parity),
                        words["column.even"]: calendar(even, words),
                        words["column.even_often"]: 100.0 * float(np.isfinite(even).mean()),
                    }
                )
    return pd.DataFrame(rows)


def _scenarios(results: xr.Dataset, words: Words) -> pd.DataFrame:
    """Return what every implementation scenario brings and costs in every horizon."""
    rows = []
    for horizon, period in horizons(results):
        for name in results["scenario"].to_numpy():
            one = period.sel(scenario=name)
            rows.append(
                {
                    words["column.horizon"]: label(words, "horizon", horizon),
                    words["column.scenario"]: label(words, "scenario", str(name)),
                    words["column.demand"]: interval(one["demand"].isel(year=-1).sum("application"), 1.0 / TONNE),
                    words["column.depth"]: interval(one["valley_depth"].sel(support="with"), 1.0 / MILLION),
                    words["column.length"]: interval(one["valley_length"].sel(support="with")),
                    words["column.public"]: interval(one["public_cost_total"], 1.0 / MILLION),
                    words["column.abatement"]: interval(one["abatement_cost"], THOUSAND, words["none_avoided"]),
                    words["column.benefit"]: interval(one["net_benefit"], 1.0 / MILLION),
                }
            )
    return pd.DataFrame(rows)


def _clusters(results: xr.Dataset, words: Words) -> pd.DataFrame:
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
                    words["column.horizon"]: label(words, "horizon", horizon),
                    words["column.combination"]: combination_label(names[k], words),
                    words["column.worth"]: interval(period["cluster_worth"].isel(combination=k), 1.0 / MILLION),
                    words["column.best"]: float(often[k]),
                    words["column.with_plants"]: ", ".join(label(words, "plant", each) for each in used) or "–",
                }
            )
    return pd.DataFrame(rows)


def _plants(results: xr.Dataset, words: Words) -> pd.DataFrame:
    """Return the lead plants: where, whose, when, how large, and how often the ideal cluster has them."""
    rows = []
    for name in results["plant"].to_numpy():
        one = results.sel(plant=name)
        row: dict[str, object] = {
            words["column.plant"]: label(words, "plant", str(name)),
            words["column.place"]: label(words, "place", str(one["plant_place"].item())),
            words["column.owner"]: label(words, "owner", str(one["plant_owner"].item())),
            words["column.from"]: f"{int(one['plant_year'])}",
            words["column.dispensing"]: float(one["plant_dispensing"]) * DAY,
            words["column.fuel_cell"]: float(one["plant_fuel_cell"]) / MILLION,
        }
        for _, period in horizons(results):
            chosen = 100.0 * float(period["ideal_cluster_plants"].sel(plant=name).mean("member"))
            row[words["column.ideal"].format(year=int(period["cluster_year"]))] = chosen
        rows.append(row)
    return pd.DataFrame(rows)


def _simulated(results: xr.Dataset, words: Words) -> pd.DataFrame:
    """Return what the simulation of the chain says of every lead plant: of the parts that are its own.

    Plants that stand together share a run: a depot shows what it is delivered, not the electrolyser that makes it.
    """
    rows = []
    for name in results["plant"].to_numpy():
        one = results.sel(plant=name)
        source = str(one["plant_source"].item())
        made = {"electrolysis": "plant_hydrogen_produced", "by-product": "plant_hydrogen_by_product"}.get(source)
        electrolysis, delivers = source == "electrolysis", float(one["plant_dispensing"]) > 0.0

        def own(variable: str, is_own: bool, factor: float = 1.0, one: xr.Dataset = one) -> float:
            return float(one[variable]) / factor if is_own else float("nan")

        rows.append(
            {
                words["column.plant"]: label(words, "plant", str(name)),
                words["column.simulated"]: str(one["plant_scenario"].item()),
                words["column.produced"]: float("nan") if made is None else own(made, True, TONNE),
                words["column.delivered"]: own("plant_hydrogen_delivered", delivers, TONNE),
                words["column.hours"]: own("plant_electrolyser_hours", electrolysis),
                words["column.consumption"]: own("plant_consumption", electrolysis, KILOWATT_HOUR),
                words["column.fuel_cell_hours"]: own("plant_fuel_cell_hours", float(one["plant_fuel_cell"]) > 0.0),
                words["column.cost"]: own("plant_cost_of_hydrogen", electrolysis),
            }
        )
    return pd.DataFrame(rows)


def _milestones(results: xr.Dataset, words: Words) -> pd.DataFrame:
    """Return the milestones of the roadmap with their dates."""
    rows = []
    for name in results["milestone"].to_numpy():
        row: dict[str, object] = {words["column.milestone"]: label(words, "milestone", str(name))}
        for horizon, period in horizons(results):
            found = period["milestone_year"].sel(scenario=results.attrs["scenario"], milestone=name)
            title = label(words, "horizon", horizon)
            row[title] = calendar(xr.ufuncs.floor(found), words)
            row[f"{title}, {words['column.reached']}"] = 100.0 * float(np.isfinite(found).mean())
        rows.append(row)
    return pd.DataFrame(rows)


def _hindcast(study: Waterstof, results: xr.Dataset, words: Words) -> pd.DataFrame:
    """Return what was observed next to what the model gives without policy and in the reference scenario."""
    rows = []
    for name, seen in study.observed.items():
        if seen.year not in results["year"].to_numpy():
            continue
        of_year = results.sel(year=seen.year)
        known = str(name) in results["application"].to_numpy()
        variable = of_year["stock"].sel(application=name) if known else of_year["jobs"].sum("place")
        row: dict[str, object] = {words["column.quantity"]: f"{words.get(f'observed.{name}', seen.title)}, {seen.year}"}
        for scenario in (str(results.attrs["baseline"]), study.reference_scenario):
            row[label(words, "scenario", scenario)] = interval(variable.sel(scenario=scenario))
        rows.append(
            row | {words["column.seen"]: float(seen.value), words["column.source"]: label(words, "source", seen.source)}
        )
    return pd.DataFrame(rows)
