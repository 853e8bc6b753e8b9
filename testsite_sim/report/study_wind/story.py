"""What the study Flanders Wind Farm says, in Dutch and English; every number is computed."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from testsite_sim.configuration.study_wind import FlandersWindFarm
from testsite_sim.report.study.story import Story, Table, number, thousands
from testsite_sim.report.study_wind.lines import quantiles
from testsite_sim.report.study_wind.telling import TEXTS

MILLION = 1e6


def tell(study: FlandersWindFarm, results: xr.Dataset, words: Mapping[str, str]) -> Story:
    """Return question, answer, method, limits and tables of the study."""
    texts = TEXTS[study.language]
    values = _values(study, results, words)
    return Story(
        question=texts["question"].format(**values),
        answer=[paragraph.format(**values) for paragraph in texts["answer"].split("\n")],
        method=[paragraph.format(**values) for paragraph in texts["method"].split("\n")],
        limits=[paragraph.format(**values) for paragraph in texts["limits"].split("\n")],
        tables=[
            Table(texts["chain.title"].format(**values), _value_chain(study, results, words, texts)),
            Table(texts["hindcast.title"].format(**values), _hindcast(results, texts)),
            Table(texts["frontier.title"].format(**values), _frontier(results, words, texts)),
        ],
    )


def _values(study: FlandersWindFarm, results: xr.Dataset, words: Mapping[str, str]) -> dict[str, str]:
    """Return the numbers of the story as text."""
    found: dict[str, str] = {}

    def put(name: str, variable: xr.DataArray, factor: float = 1.0) -> None:
        for key, amount in zip(("p10", "p50", "p90"), quantiles(variable) * factor, strict=True):
            found[f"{name}_{key}"] = number(float(amount), words)

    reference = study.reference_scenario
    jobs = results["jobs_target"]
    for scenario in results["scenario"].to_numpy():
        put(f"jobs_{scenario}", jobs.sel(scenario=scenario))
    put("jobs", jobs.sel(scenario=reference))
    put("added", results["jobs_added_target"].sel(scenario=reference))
    put("factor", results["required_share_factor"])
    put("per_euro", results["job_years_per_public_money"].sel(scenario=reference), MILLION)
    put("balance", results["net_public_value"].sel(scenario=reference), 1.0 / MILLION)
    put("months", results["months_saved"])
    put("rate_before", results["failure_rate_before"])
    put("rate_after", results["failure_rate_after"])
    put("scope", results["scope"])
    if "forecast-2009" in results["market"]:
        put("forecast_factor", results["required_share_ratio"].sel(market="forecast-2009"))
        put("forecast_jobs", results["jobs_kept"].sel(market="forecast-2009").isel(year=-1))
    target = study.jobs.target_jobs
    reached = (jobs >= target).mean("member")
    for scenario in results["scenario"].to_numpy():
        found[f"reached_{scenario}"] = f"{100.0 * float(reached.sel(scenario=scenario)):.0f}"
    found["reached"] = found[f"reached_{reference}"]
    paid = float((results["net_public_value"].sel(scenario=reference) >= 0.0).mean())
    by_mechanism = results["jobs_added_by_mechanism"].median("member")
    first = str(by_mechanism["mechanism"].to_numpy()[int(np.argmax(by_mechanism.to_numpy()))])
    found |= {
        "paid": f"{100.0 * paid:.0f}",
        "target": thousands(float(target)),
        "reference_jobs": thousands(float(study.jobs.reference_jobs)),
        "reference_year": str(study.jobs.reference_year),
        "target_year": str(study.jobs.target_year),
        "members": str(results.sizes["member"]),
        "scenario": words.get(reference, reference),
        "mechanism": words[f"mechanism.{first}"],
        "share": number(100.0 * float(results["calibrated_share"].sel(market=study.market)), words),
        "site_opening": f"{float(study.test_site.opening):.0f}",
    }
    return found


def _value_chain(
    study: FlandersWindFarm, results: xr.Dataset, words: Mapping[str, str], texts: Mapping[str, str]
) -> pd.DataFrame:
    """Return share, jobs and value added per power of every segment, P50, in the first and in the last year."""
    rows = []
    per_job = float(study.returns.value_added_per_job)
    reference = study.reference_scenario
    year = results["year"].to_numpy()[-1]
    market = results["jobs_of_market"] / results["scope"]
    powers = {"investment": "installed", "operation": "operating"}
    for segment in results["segment"].to_numpy():
        share = results["segment_share"].sel(segment=segment, scenario=reference)
        row: dict[str, object] = {texts["segment"]: words[str(segment)]}
        row[texts["share"].format(year=results["year"].to_numpy()[0])] = 100.0 * quantiles(share.isel(year=0))[1]
        row[texts["share"].format(year=year)] = 100.0 * quantiles(share.isel(year=-1))[1]
        for phase, power in powers.items():
            whole = results[power].sel(market=study.market).isel(year=0) / MILLION
            per_power = market.sel(segment=segment, phase=phase).isel(year=0) / whole
            middle = quantiles(per_power.transpose("member"))[1]
            row[texts[f"jobs.{phase}"]] = middle
            row[texts[f"value.{phase}"]] = middle * per_job / 1000.0
        ours = results["jobs_by_segment"].sel(segment=segment, year=year)
        for phase in powers:
            row[texts[f"ours.{phase}"].format(year=year)] = quantiles(ours.sel(phase=phase))[1]
        rows.append(row)
    return pd.DataFrame(rows)


def _hindcast(results: xr.Dataset, texts: Mapping[str, str]) -> pd.DataFrame:
    """Return what the model says of the target year beside what has been published."""
    market = (results["jobs_of_market"] / results["scope"]).isel(year=-1).sum(["segment", "phase"])
    per_operating = (results["jobs_per_power"].sel(phase="operation") / results["scope"]).isel(year=-1) * MILLION
    per_installed = (results["jobs_per_power"].sel(phase="investment") / results["scope"]).isel(year=-1) * MILLION
    chosen = {"scenario": results.attrs["scenario"], "year": results["year"][-1]}
    share = 100.0 * results["segment_share_without_site"].sel(chosen).sel(segment="foundations")
    jobs = results["jobs_without_site"].sel(chosen)
    rows = [
        ("hindcast.market", market, texts["hindcast.market.known"]),
        ("hindcast.per_installed", per_installed, texts["hindcast.per_installed.known"]),
        ("hindcast.per_operating", per_operating, texts["hindcast.per_operating.known"]),
        ("hindcast.share", share, texts["hindcast.share.known"]),
        ("hindcast.jobs", jobs, texts["hindcast.jobs.known"]),
    ]
    found = []
    for key, variable, known in rows:
        low, middle, high = quantiles(variable)
        found.append({texts["quantity"]: texts[key], "P10": low, "P50": middle, "P90": high, texts["published"]: known})
    return pd.DataFrame(found)


def _frontier(results: xr.Dataset, words: Mapping[str, str], texts: Mapping[str, str]) -> pd.DataFrame:
    """Return the share that the target takes, by market and growth of productivity."""
    growth = results["productivity_growth"].to_numpy()
    columns = {texts["growth"]: 100.0 * growth[::5]}
    for market in results["market"].to_numpy():
        label = words.get(f"market.{market}", market)
        columns[f"{label} [%]"] = 100.0 * results["frontier_share"].sel(market=market).to_numpy()[::5]
    return pd.DataFrame(columns)
