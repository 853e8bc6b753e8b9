"""What the study Flanders Wind Farm says, in Dutch and English; every number is computed."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from testsite_sim.configuration.study_wind import FlandersWindFarm
from testsite_sim.report.study.lines import quantiles
from testsite_sim.report.study.story import Interval, Story, Table, number, thousands
from testsite_sim.report.study_wind.telling import TEXTS

THOUSAND, MILLION, GIGAWATT = 1e3, 1e6, 1e9
PUBLISHED_YEAR = 2020
HINDCAST = ("jobs_of_market", "jobs_per_power", "segment_share_without_site", "jobs_without_site", "jobs_kept", "scope")


def tell(study: FlandersWindFarm, results: xr.Dataset, words: Mapping[str, str]) -> Story:
    """Return question, answer, method, limits and tables of the study."""
    texts = TEXTS[study.language]
    values = _values(study, results, words)
    known = study.jobs.target_year == PUBLISHED_YEAR  # for which figures were published
    return Story(
        question=texts["question"].format(**values),
        answer=[paragraph.format(**values) for paragraph in texts["answer"].split("\n")],
        method=[paragraph.format(**values) for paragraph in texts["method"].split("\n")],
        limits=[paragraph.format(**values) for paragraph in texts["limits"].split("\n")],
        tables=[
            Table(
                texts["chain.title"].format(**values),
                _value_chain(study, results, words, texts),
                ("segment_share", "jobs_by_segment", "jobs_by_buyer"),
            ),
            Table(
                texts["per_power.title"].format(**values),
                _per_power(study, results, words, texts),
                ("jobs_of_market", "worked_on", "operating", "scope", "value_added_per_job"),
            ),
            Table(
                texts["apart.title"].format(**values),
                _apart(results, words, texts),
                ("jobs", "indirect_jobs", "direct_value_added", "indirect_value_added"),
            ),
            *(
                [Table(texts["hindcast.title"].format(**values), _hindcast(results, words, texts), HINDCAST)]
                if known
                else []
            ),
            Table(
                texts["frontier.title"].format(**values),
                _frontier(results, words, texts),
                ("frontier_factor", "market_share"),
            ),
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
    put("share", results["market_share_without_site"].sel(scenario=reference).isel(year=0), 100.0)
    put("per_euro", results["job_years_per_public_money"].sel(scenario=reference), MILLION)
    put("balance", results["net_public_value"].sel(scenario=reference), 1.0 / MILLION)
    found["discount_p50"] = number(100.0 * float(study.returns.discount_rate), words)
    put("months", results["months_saved"])
    put("rate_before", results["failure_rate_before"])
    put("rate_after", results["failure_rate_after"])
    put("scope", results["scope"])
    fragments = []
    for market in sorted(results["market"].to_numpy().tolist(), key=lambda name: name != study.market):
        put("here", results["required_share_ratio"].sel(market=market))
        label = words.get(f"market.{market}", market)
        year = str(study.jobs.reference_year)
        fragments.append(TEXTS[study.language]["factor"].format(market=label, reference_year=year, **found))
    target = study.jobs.target_jobs
    reached = (jobs >= target).mean("member")
    for scenario in results["scenario"].to_numpy():
        found[f"reached_{scenario}"] = f"{100.0 * float(reached.sel(scenario=scenario)):.0f}"
    found["reached"] = found[f"reached_{reference}"]
    paid = float((results["net_public_value"].sel(scenario=reference) >= 0.0).mean())
    by_target = float((results["net_public_value_target"].sel(scenario=reference) >= 0.0).mean())
    payback = float(quantiles(results["payback_year"].sel(scenario=reference))[1])
    by_mechanism = results["jobs_added_by_mechanism"].median("member")
    first = str(by_mechanism["mechanism"].to_numpy()[int(np.argmax(by_mechanism.to_numpy()))])
    bought = results["jobs_by_buyer"].mean("member").sum("phase").isel(buyer=slice(None, -1))
    row, column = np.unravel_index(int(np.argmax(bought.to_numpy())), bought.shape)
    supplier, buyer = (str(results["segment"].to_numpy()[k]) for k in (row, column))
    example = TEXTS[study.language]["example"].format(
        supplier=words.get(supplier, supplier), buyer=words.get(buyer, buyer)
    )
    found |= {
        "example": example if float(bought.max()) > 0.0 else "",
        "paid": f"{100.0 * paid:.0f}",
        "paid_target": f"{100.0 * by_target:.0f}",
        "payback": f"{payback:.0f}" if np.isfinite(payback) else words["never"],
        "target": thousands(float(target)),
        "reference_jobs": thousands(float(study.jobs.reference_jobs)),
        "reference_year": str(study.jobs.reference_year),
        "target_year": str(study.jobs.target_year),
        "members": str(results.sizes["member"]),
        "scenario": words.get(reference, reference),
        "factors": TEXTS[study.language]["and"].join(fragments),
        "mechanism": words[f"mechanism.{first}"],
        "site_opening": f"{float(study.test_site.opening):.0f}",
    }
    return found


def _interval(variable: xr.DataArray, factor: float = 1.0) -> Interval:
    """Return P10, P50 and P90 of a variable over the members."""
    return Interval(*(float(amount) for amount in quantiles(variable) * factor))


def _value_chain(
    study: FlandersWindFarm, results: xr.Dataset, words: Mapping[str, str], texts: Mapping[str, str]
) -> pd.DataFrame:
    """Return the Flemish share of every segment, its Flemish jobs by phase, and those that serve other segments."""
    rows = []
    years = results["year"].to_numpy()
    share = results["segment_share"].sel(scenario=study.reference_scenario)
    by_buyer = results["jobs_by_buyer"].sum("phase")
    for segment in results["segment"].to_numpy():
        row: dict[str, object] = {texts["segment"]: words.get(str(segment), str(segment))}
        for year in years[[0, -1]]:
            row[texts["share"].format(year=year)] = _interval(share.sel(segment=segment, year=year), 100.0)
        ours = results["jobs_by_segment"].sel(segment=segment, year=years[-1])
        for phase in results["phase"].to_numpy():
            row[texts[f"ours.{phase}"].format(year=years[-1])] = _interval(ours.sel(phase=phase))
        row[texts["for_segments"]] = _interval(by_buyer.sel(segment=segment).isel(buyer=slice(None, -1)).sum("buyer"))
        rows.append(row)
    return pd.DataFrame(rows)


def _per_power(
    study: FlandersWindFarm, results: xr.Dataset, words: Mapping[str, str], texts: Mapping[str, str]
) -> pd.DataFrame:
    """Return jobs and value added per power of every segment of the whole market in the first year."""
    rows = []
    for segment in results["segment"].to_numpy():
        row: dict[str, object] = {texts["segment"]: words.get(str(segment), str(segment))}
        for phase, power in {"investment": "worked_on", "operation": "operating"}.items():
            whole = results[power].sel(market=study.market).isel(year=0) / MILLION
            market = results["jobs_of_market"].sel(segment=segment, phase=phase).isel(year=0) / results["scope"]
            per_power = market / whole
            row[texts[f"jobs.{phase}"]] = _interval(per_power)
            row[texts[f"value.{phase}"]] = _interval(per_power * results["value_added_per_job"], 1.0 / THOUSAND)
        rows.append(row)
    return pd.DataFrame(rows)


def _apart(results: xr.Dataset, words: Mapping[str, str], texts: Mapping[str, str]) -> pd.DataFrame:
    """Return direct and indirect jobs and value added of the target year by scenario."""
    columns = {
        "direct": ("jobs", 1.0),
        "indirect": ("indirect_jobs", 1.0),
        "direct_value": ("direct_value_added", 1.0 / MILLION),
        "indirect_value": ("indirect_value_added", 1.0 / MILLION),
    }
    rows = []
    for name in results["scenario"].to_numpy():
        row: dict[str, object] = {texts["apart.scenario"]: words.get(str(name), str(name))}
        for column, (variable, factor) in columns.items():
            row[texts[f"apart.{column}"]] = _interval(results[variable].sel(scenario=name).isel(year=-1), factor)
        rows.append(row)
    return pd.DataFrame(rows)


def _hindcast(results: xr.Dataset, words: Mapping[str, str], texts: Mapping[str, str]) -> pd.DataFrame:
    """Return what the model says of the target year beside what has been published."""
    market = (results["jobs_of_market"] / results["scope"]).isel(year=-1).sum(["segment", "phase"])
    per_power = (results["jobs_per_power"] / results["scope"]).isel(year=-1) * MILLION
    chosen = {"scenario": results.attrs["scenario"], "year": results["year"][-1]}
    shares = results["segment_share_without_site"].sel(chosen)
    found = {
        "market": market,
        "per_installed": per_power.sel(phase="investment"),
        "per_operating": per_power.sel(phase="operation"),
        **({"share": 100.0 * shares.sel(segment="foundations")} if "foundations" in shares["segment"] else {}),
        "jobs": results["jobs_without_site"].sel(chosen),
    }
    kept = {str(name): results["jobs_kept"].sel(market=name).isel(year=-1) for name in results["market"].to_numpy()}
    power = {name: results["operating"].sel(market=name).isel(year=-1, member=0) / GIGAWATT for name in kept}
    rows = {texts[f"hindcast.{key}"]: (variable, texts[f"hindcast.{key}.known"]) for key, variable in found.items()}
    for name, jobs in kept.items():
        label = words.get(f"market.{name}", name)
        rows[texts["hindcast.kept"].format(market=label)] = (
            jobs, texts["hindcast.kept.known"].format(power=number(float(power[name]), words)),
        )  # fmt: skip
    return pd.DataFrame(
        {
            texts["quantity"]: list(rows),
            texts["computed"]: [_interval(variable) for variable, _ in rows.values()],
            texts["published"]: [known for _, known in rows.values()],
        }
    )


def _frontier(results: xr.Dataset, words: Mapping[str, str], texts: Mapping[str, str]) -> pd.DataFrame:
    """Return the factor on the share of the first year that the target needs, by market and growth of productivity."""
    growth = results["productivity_growth"].to_numpy()
    columns: dict[str, object] = {texts["growth"]: 100.0 * growth[::5]}
    for market in results["market"].to_numpy():
        label = words.get(f"market.{market}", market)
        factors = results["frontier_factor"].sel(market=market).isel(productivity_growth=slice(None, None, 5))
        columns[label] = [
            _interval(factors.isel(productivity_growth=k)) for k in range(factors.sizes["productivity_growth"])
        ]
    return pd.DataFrame(columns)
