"""The accounts of what the brochure names: plants, station, roadmap, fund, side streams, balancing; in sentences."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from testsite_sim.common.units import GIGAWATT_HOUR, KILOWATT_HOUR, MEGAWATT_HOUR
from testsite_sim.studies.framework.report import Table
from testsite_sim.studies.framework.report.lines import quantiles
from testsite_sim.studies.framework.report.narrative import interval
from testsite_sim.studies.framework.report.numbers import number
from testsite_sim.studies.framework.words import Words, label, listed
from testsite_sim.studies.waterstof.figures.frame import MILLION, THOUSAND, TONNE, horizons

POWER_PLANT, STATION = "lillo-fuel-cell", "halle-station"  # the two that the brochure names
ELEMENTS = (
    "chain",
    "power-plant",
    "station",
    "plants",
    "cluster",
    "roadmap",
    "pull",
    "fund",
    "symbiosis",
    "balancing",
)
OFTEN = 0.5  # share of the draws from which on the ideal cluster is said to have a plant


def accounts_table(results: xr.Dataset, words: Words, said: Mapping[str, str]) -> Table:
    """Return what becomes of every element of the brochure, one sentence each; `said` are values of the narrative."""
    values = accounts_of(results, words) | dict(said)
    rows = [
        {
            words["column.element"]: words[f"element.{name}"],
            words["column.outcome"]: words[f"account.{name}"].format(**values),
        }
        for name in ELEMENTS
        if _is_there(name, results)
    ]
    variables = (
        "jobs",
        "jobs_abroad",
        "plant_electricity_given",
        "plant_net_present_value",
        "milestone_year",
        "fund_drawn",
        "fund_additional",
        "symbiosis_worth",
    )
    return Table(words["title.accounts"], pd.DataFrame(rows), variables)


def _is_there(element: str, results: xr.Dataset) -> bool:
    """Return whether the study has what an account is about."""
    needs = {"power-plant": POWER_PLANT, "station": STATION}
    return element not in needs or needs[element] in results["plant"].to_numpy()


def accounts_of(results: xr.Dataset, words: Words) -> dict[str, str]:
    """Return the numbers of the accounts as text."""
    found = {
        **_of_plant("power", POWER_PLANT, results, words),
        **_of_plant("station", STATION, results, words),
        **_of_cluster(results, words),
        "plant_prices": words["money"] if are_converted(results, words) else words["narrative.own_prices"],
    }
    for prefix, (_, period) in zip(
        ("first", "last"), horizons(results)[:: len(horizons(results)) - 1 or 1], strict=False
    ):
        found |= _of_horizon(prefix, period, results, words)
    return found


def are_converted(results: xr.Dataset, words: Words) -> bool:
    """Return whether the money of all lead plants is in the prices of the study: it has a year, and so have theirs."""
    has_money = results["plant_net_present_value"].notnull() | (results["plant_heat_revenue"] > 0.0)
    return bool(words["money"]) and bool((results["plant_price_year"].notnull() | ~has_money).all())


def runs_of_chain(results: xr.Dataset, words: Words) -> str:
    """Return in whose prices the money of the lead plants is, as text."""
    if not are_converted(results, words):
        return words["narrative.runs_own"]
    years = sorted({f"{year:.0f}" for year in results["plant_price_year"].dropna("plant").to_numpy()})
    return words["narrative.runs_converted"].format(years=listed(years, words)) if years else ""


def _of_plant(prefix: str, plant: str, results: xr.Dataset, words: Words) -> dict[str, str]:
    """Return what the simulated year of a plant gives, as text; nothing where the study has no such plant."""
    if plant not in results["plant"].to_numpy():
        return {}
    one = results.sel(plant=plant)
    amounts = {
        "electricity": float(one["plant_electricity_given"]) / GIGAWATT_HOUR,
        "hours": float(one["plant_fuel_cell_hours"]),
        "used": float(one["plant_hydrogen_by_product"]) / TONNE,
        "heat": float(one["plant_heat_sold"]) / GIGAWATT_HOUR,
        "heat_revenue": float(one["plant_heat_revenue"]) / THOUSAND,
        "electricity_cost": float(one["plant_cost_of_electricity"]) * MEGAWATT_HOUR,
        "made": float(one["plant_hydrogen_produced"]) / TONNE,
        "delivered": float(one["plant_hydrogen_delivered"]) / TONNE,
        "served": 100.0 * float(one["plant_served"]),
        "consumption": float(one["plant_consumption"]) / KILOWATT_HOUR,
        "cost": float(one["plant_cost_of_hydrogen"]),
        "value": float(one["plant_net_present_value"]) / MILLION,
    }
    return {f"{prefix}_{name}": number(amount, words) for name, amount in amounts.items()}


def _of_cluster(results: xr.Dataset, words: Words) -> dict[str, str]:
    """Return what the lead plants make in their simulated years, as text."""
    made = results["plant_hydrogen_produced"] + results["plant_hydrogen_by_product"]
    return {
        "plants": str(results.sizes["plant"]),
        "plants_made": number(float(made.where(results["plant_source"] != "none", 0.0).sum()) / TONNE, words),
    }


def _of_horizon(prefix: str, period: xr.Dataset, results: xr.Dataset, words: Words) -> dict[str, str]:
    """Return the accounts of a horizon in the reference scenario, as text."""
    scenario = str(results.attrs["scenario"])
    chosen = period.sel(scenario=scenario)
    cluster = chosen.sel(year=int(period["cluster_year"]))
    end = chosen.isel(year=-1)
    repaid = chosen["public_flow"].sel(public_item="fund-repayment")
    jobs, abroad = end["jobs"], end["jobs_abroad"]
    competing = cluster["balancing_competing"]
    found = {
        "at": f"{int(period['cluster_year'])}",
        "jobs_all": _middle(jobs.sum("place"), words),
        "jobs_home": _middle(jobs.sel(place=["home", "development"]).sum("place"), words),
        "jobs_operation": _middle(jobs.sel(place="operation"), words),
        "jobs_references": _middle(jobs.sel(place="references"), words),
        **{
            f"jobs_{name}": _middle(abroad.sel(technology=name), words)
            for name in map(str, abroad["technology"].values)
        },
        "worth": _middle(period["ideal_cluster_worth"], words, 1.0 / MILLION),
        "public": _middle(chosen["public_cost_total"], words, 1.0 / MILLION),
        "benefit": _middle(chosen["net_benefit"], words, 1.0 / MILLION),
        "drawn": _middle(chosen["fund_drawn"], words, 1.0 / MILLION),
        "additional": _middle(chosen["fund_additional"], words, 1.0 / MILLION),
        "repaid": _middle(-repaid.sum("year"), words, 1.0 / MILLION),
        "gate": f"{100.0 * float(period['fund_gate'].mean('member')):.0f}",
        "matched": _middle(end["symbiosis_matched"].isel(stream=slice(0, 2)).sum("stream"), words, 1.0 / TONNE),
        "matched_heat": _middle(end["symbiosis_matched"].isel(stream=2), words, 1.0 / GIGAWATT_HOUR),
        "streams": _middle(end["symbiosis_worth"].sum("stream"), words, 1.0 / MILLION),
        "independence": _middle(end["symbiosis_independence"], words, 100.0),
        "need": _middle(cluster["balancing_need"], words, 1.0 / MILLION),
        "balancing": _middle(cluster["balancing_power"], words, 1.0 / MILLION),
        "standing": _middle(cluster["balancing_standing"], words, 1.0 / MILLION),
        "standing_worth": _middle(cluster["balancing_standing_worth"], words, THOUSAND),
        "alone_often": _often(cluster["balancing_alone"].sel(option="electrolyser")),
        "competing_often": _often(competing.sel(option="electrolyser")),
        "cell_often": _often(competing.sel(option="fuel-cell")),
        "battery": _middle(competing.sel(option="battery"), words, 1.0 / MILLION),
        "line": _middle(competing.sel(option="interconnector"), words, 1.0 / MILLION),
        "electrolyser_cost": _middle(cluster["electrolyser_cost"], words, THOUSAND),
        "capital": _middle(cluster["balancing_threshold_capital"], words, THOUSAND),
        "price": _middle(cluster["balancing_threshold_worth"], words),
    }
    for name in map(str, results["milestone"].to_numpy()):
        years = chosen["milestone_year"].sel(milestone=name)
        middle = float(quantiles(years)[1])
        found[f"date_{name.replace('-', '_')}"] = f"{np.floor(middle):.0f}" if np.isfinite(middle) else words["never"]
    return {f"{prefix}_{name}": text for name, text in found.items()}


def lead_plants_of(results: xr.Dataset, words: Words) -> str:
    """Return the plants that the ideal cluster of the last horizon has in most draws, with place and dates, as text."""
    (_, first), (_, last) = horizons(results)[0], horizons(results)[-1]
    often = last["ideal_cluster_plants"].mean("member")
    said = []
    for name in map(str, results["plant"].to_numpy()[np.argsort(-often.to_numpy(), kind="stable")]):
        share, standing = float(often.sel(plant=name)), int(results["plant_year"].sel(plant=name))
        if share < OFTEN:
            continue
        stands = standing <= int(first["horizon_start"])  # the roadmaps open the others
        opening = last["plant_opening_year"].sel(plant=name)
        opens = float(np.floor(quantiles(opening.where(np.isfinite(opening), drop=True))[1]))
        said.append(
            words["narrative.plant_stands" if stands else "narrative.plant_opens"].format(
                plant=label(words, "plant", name),
                year=f"{standing if stands else opens:.0f}",
                often=f"{100.0 * share:.0f}",
            )
        )
    return listed(said, words) if said else words["short.none"]


def worth_of_brochure(results: xr.Dataset, words: Words) -> str:
    """Return what the plants that the brochure names and the platform for side streams are worth, as text."""
    values = accounts_of(results, words)
    said = [
        words[f"narrative.worth_{element}"].format(value=values[f"{prefix}_value"])
        for element, prefix in (("power-plant", "power"), ("station", "station"))
        if _is_there(element, results)
    ]
    said.append(
        words["narrative.worth_symbiosis"].format(
            first=values["first_streams"], last=values["last_streams"], independence=values["last_independence"]
        )
    )
    return words["narrative.brochure_worth"].format(parts="; ".join(said))


def _often(power: xr.DataArray) -> str:
    """Return in which share of the draws a power is above zero, as a whole percentage."""
    return f"{100.0 * float((power > 0.0).mean()):.0f}"


def _middle(variable: xr.DataArray, words: Words, factor: float = 1.0) -> str:
    """Return P50 with P10 to P90 in text, P50 alone where they are the same."""
    low, middle, high = (number(float(amount) * factor, words) for amount in quantiles(variable))
    return middle if low == high else f"{middle} ({low} {words['range.to']} {high})"


def balancing_table(results: xr.Dataset, words: Words) -> Table:
    """Return what every option earns and costs by flexibility, and the power that earns its cost."""
    rows = []
    for _, period in horizons(results):
        chosen = period.sel(year=int(period["cluster_year"]))
        for option in map(str, results["option"].to_numpy()):
            one = chosen.sel(option=option)
            income = one["balancing_income"]
            traded = income.sel(service=["day-ahead", "imbalance"]).sum("service")
            rows.append(
                {
                    words["column.year"]: f"{int(period['cluster_year'])}",
                    words["column.option"]: label(words, "option", option),
                    words["column.trading"]: interval(traded, THOUSAND),
                    words["column.reserve"]: interval(income.sel(service="reserve"), THOUSAND),
                    words["column.yearly_cost"]: interval(one["balancing_cost"], THOUSAND),
                    words["column.alone"]: interval(one["balancing_alone"], 1.0 / MILLION),
                    words["column.competing"]: interval(one["balancing_competing"], 1.0 / MILLION),
                }
            )
    return Table(
        words["title.balancing"], pd.DataFrame(rows), ("balancing_income", "balancing_cost", "balancing_competing")
    )
