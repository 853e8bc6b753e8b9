"""Accounts of the report, as tables: every element of the brochure, roadmap, vessel, fund, hindcast, outlook."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import xarray as xr

from testsite_sim.studies.flanders_wind_farm.account_values import moment, plain
from testsite_sim.studies.flanders_wind_farm.configuration.study import FlandersWindFarm
from testsite_sim.studies.flanders_wind_farm.model.hindcast import STEPS
from testsite_sim.studies.framework.report.lines import quantiles
from testsite_sim.studies.framework.report.narrative import Interval, Table, interval
from testsite_sim.studies.framework.words import Words, label

MILLION, GIGAWATT, PER_KILOWATT = 1e6, 1e9, 1e3
OF_CAMPAIGNS = ("days_usual", "days_lift")  # one a year of the sea, not one a draw
OUTLOOK_STEP = 5  # years between the columns of the outlook


def account_tables(
    study: FlandersWindFarm, results: xr.Dataset, words: Words, values: Mapping[str, str]
) -> list[Table]:
    """Return the tables of the accounts; `values` fills in their titles."""
    made = (
        ("brochure", brochure(words, values), ()),
        ("method", method_of_2012(results, words), ("hindcast_jobs", "counted_jobs", "counted_share_factor")),
        ("roadmap", roadmap(study, results, words), ("step_begin", "step_end")),
        ("vessel", vessel(results, words), ("vessel_days_conventional", "vessel_days_single_lift", "vessel_saving")),
        ("fund", fund(results, words), ("fund_drawn", "fund_returned", "fund_additional", "fund_revolved")),
        ("outlook", outlook(results, words), ("outlook_operating", "outlook_jobs", "outlook_jobs_inputs")),
        ("segments", segments(results, words), ("outlook_jobs_by_segment",)),
        ("zone", zone(study, results, words), ("zone_job_years", "zone_job_years_learned", "zone_permanent_jobs")),
        ("targets", targets(study, words), ()),
        ("sites", sites_elsewhere(study, words), ()),
    )
    return [Table(words[f"title.{name}"].format(**values), rows, variables) for name, rows, variables in made]


def brochure(words: Words, values: Mapping[str, str]) -> pd.DataFrame:
    """Return what became of every element of the brochure."""
    elements = ("test_site", "chain", "phases", "share", "vessel", "fund", "roadmap")
    return pd.DataFrame(
        {
            words["column.element"]: [words[f"brochure.{name}.name"] for name in elements],
            words["column.account"]: [words[f"brochure.{name}.account"].format(**values) for name in elements],
        }
    )


def method_of_2012(results: xr.Dataset, words: Words) -> pd.DataFrame:
    """Return what the method would have said, step by step, next to what was counted."""
    rows = []
    for k, count in enumerate(results["count"].to_numpy()):
        one = results.isel(count=k)
        row: dict[str, object] = {words["column.count"]: f"{count}, {int(results['count_year'][k])}"}
        for step in STEPS:
            row[words[f"column.method.{step}"]] = interval(one["hindcast_jobs"].sel(known=step))
        row[words["column.counted"]] = interval(one["counted_jobs"])
        row[words["column.off"]] = interval(one["hindcast_jobs"].sel(known="then") / one["counted_jobs"])
        row[words["column.share_factor"]] = interval(one["counted_share_factor"])
        rows.append(row)
    return pd.DataFrame(rows)


def roadmap(study: FlandersWindFarm, results: xr.Dataset, words: Words) -> pd.DataFrame:
    """Return who does what when, then and today; the last rows follow from the test_site."""
    rows = []
    for name, step in study.roadmap.steps.items():
        row: dict[str, object] = {
            words["column.step"]: label(words, "step", name),
            words["column.leads"]: label(words, "participant", step.leads),
            words["column.takes_part"]: ", ".join(label(words, "participant", each) for each in step.takes_part),
        }
        for period in results["period"].to_numpy():
            begin, end = (moment(results[each].sel(period=period, step=name)) for each in ("step_begin", "step_end"))
            row[words[f"column.period.{period}"]] = f"{begin} – {end}"
        rows.append(row)
    certificate = results["opening_year"] + results["months_to_certificate"] / 12.0
    reference = {"scenario": study.reference_scenario}
    paid = {"then": results["payback_year"].sel(reference), "today": results["today_payback_year"].sel(reference)}
    follows = (
        ("certificate", "knowledge", {period: certificate.sel(period=period) for period in paid}),
        ("payback", "government", paid),
    )
    for name, leads, dates in follows:
        rows.append(
            {
                words["column.step"]: words[f"step.{name}"],
                words["column.leads"]: label(words, "participant", leads),
                words["column.takes_part"]: "",
                **{words[f"column.period.{period}"]: _when(variable, words) for period, variable in dates.items()},
            }
        )
    return pd.DataFrame(rows)


def _when(variable: xr.DataArray, words: Words) -> str:
    """Return median, P10 and P90 of a moment as calendar years."""
    low, middle, high = (
        f"{np.floor(each):.0f}" if np.isfinite(each) else words["never"] for each in quantiles(variable)
    )
    return f"{middle} ({low} – {high})"


def vessel(results: xr.Dataset, words: Words) -> pd.DataFrame:
    """Return the account of the single-lift vessel."""
    days = {name: results[f"vessel_days_{name}"].rename(campaign="member") for name in ("conventional", "single_lift")}
    rows = {
        "days_usual": (days["conventional"], 1.0),
        "days_lift": (days["single_lift"], 1.0),
        "saving": (results["vessel_saving"], PER_KILOWATT),
        "saving_share": (results["vessel_saving_share"], 100.0),
        "even": (results["vessel_rate_even"], 1e-3),
        "capacity": (results["vessel_capacity"], 1.0 / MILLION),
        "won": (results["vessel_jobs_won"], 1.0),
        "crews": (results["vessel_jobs_of_crews"], 1.0),
    }
    return _listed("vessel", rows, words)


def fund(results: xr.Dataset, words: Words) -> pd.DataFrame:
    """Return the account of the fund."""
    rows = {
        "drawn": (results["fund_drawn"], 1.0 / MILLION),
        "drawn_share": (results["fund_drawn_share"], 100.0),
        "returned": (results["fund_returned"], 1.0 / MILLION),
        "revolved": (results["fund_revolved"], 100.0),
        "additional": (results["fund_additional"], 1.0 / MILLION),
    }
    return _listed("fund", rows, words)


def _listed(kind: str, rows: Mapping[str, tuple[xr.DataArray, float]], words: Words) -> pd.DataFrame:
    """Return quantities one below the other, with whose each is."""
    return pd.DataFrame(
        {
            words["column.quantity"]: [words[f"{kind}.{name}.label"] for name in rows],
            words["column.computed"]: [
                _interval(variable, factor, name in OF_CAMPAIGNS) for name, (variable, factor) in rows.items()
            ],
            words["column.whose"]: [words[f"{kind}.{name}.whose"] for name in rows],
        }
    )


def _interval(variable: xr.DataArray, factor: float, is_of_campaigns: bool) -> Interval:
    """Return P10, P50 and P90; of campaigns, of which there are few, the middle is the median that the saving takes."""
    found = interval(variable, factor)
    return replace(found, p50=float(variable.median()) * factor) if is_of_campaigns else found


def outlook(results: xr.Dataset, words: Words) -> pd.DataFrame:
    """Return power and jobs of every market of the outlook by scenario, in 2030 and at the end."""
    rows = []
    for name in results["outlook_market"].to_numpy():
        for scenario in results["scenario"].to_numpy():
            row: dict[str, object] = {
                words["column.market"]: label(words, "outlook_market", str(name)),
                words["column.verdict.scenario"]: label(words, "scenario", str(scenario)),
            }
            for year in _years(results)[1::4]:
                at = {"outlook_market": name, "outlook_year": year}
                jobs = {**at, "scenario": scenario}
                row[words["column.operating"].format(year=year)] = interval(
                    results["outlook_operating"].sel(at), 1.0 / GIGAWATT
                )
                row[words["column.inputs"].format(year=year)] = interval(results["outlook_jobs_inputs"].sel(jobs))
                row[words["column.with_error"].format(year=year)] = interval(results["outlook_jobs"].sel(jobs))
            rows.append(row)
    return pd.DataFrame(rows)


def segments(results: xr.Dataset, words: Words) -> pd.DataFrame:
    """Return the jobs of every segment over the outlook, with the error of the hindcast."""
    jobs = results["outlook_jobs_by_segment"]
    rows = []
    for segment in results["segment"].to_numpy():
        row: dict[str, object] = {words["column.segment"]: label(words, "segment", str(segment))}
        row |= {str(year): interval(jobs.sel(segment=segment, outlook_year=year)) for year in _years(results)}
        rows.append(row)
    rows.append(
        {
            words["column.segment"]: words["column.all"],
            **{str(year): interval(jobs.sel(outlook_year=year).sum("segment")) for year in _years(results)},
        }
    )
    return pd.DataFrame(rows)


def _years(results: xr.Dataset) -> list[int]:
    """Return the years of the outlook that tables show, from the first to the last."""
    years = [int(year) for year in results["outlook_year"].to_numpy()]
    return [*years[:-1:OUTLOOK_STEP], years[-1]]


def zone(study: FlandersWindFarm, results: xr.Dataset, words: Words) -> pd.DataFrame:
    """Return the lots of the Belgian zone: power, years, and the jobs that its federation counts per power."""
    stated = study.outlook.zone
    return pd.DataFrame(
        [
            {
                words["column.lot"]: label(words, "lot", name),
                words["column.power"]: float(lot.power) / MILLION,
                words["column.planned"]: f"{float(lot.planned):.0f}",
                words["column.expected"]: f"{float(lot.expected):.0f}",
                words["column.job_years"]: interval(results["zone_job_years"].sel(lot=name)),
                words["column.job_years_learned"]: interval(results["zone_job_years_learned"].sel(lot=name)),
                words["column.permanent"]: interval(results["zone_permanent_jobs"].sel(lot=name)),
                words["column.source"]: label(words, "source", lot.source),
            }
            for name, lot in stated.lots.items()
        ]
    )


def targets(study: FlandersWindFarm, words: Words) -> pd.DataFrame:
    """Return what governments have declared."""
    return pd.DataFrame(
        [
            {
                words["column.who"]: label(words, "source", target.title),
                words["column.target_year"]: f"{target.year}",
                words["column.gigawatt"]: plain(float(target.power) / GIGAWATT, words),
                words["column.source"]: label(words, "source", target.source),
            }
            for target in study.outlook.targets
        ]
    )


def sites_elsewhere(study: FlandersWindFarm, words: Words) -> pd.DataFrame:
    """Return the test sites of today elsewhere."""
    return pd.DataFrame(
        [
            {
                words["column.test_site"]: label(words, "source", test_site.title),
                words["column.place"]: words[f"place.{test_site.place}"],
                words["column.since"]: f"{test_site.year}",
                words["column.berths"]: f"{float(test_site.berths):.0f}",
                words["column.source"]: label(words, "source", test_site.source),
            }
            for test_site in study.outlook.test_sites
        ]
    )
