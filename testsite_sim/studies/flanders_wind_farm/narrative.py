"""What the study Flanders Wind Farm says, in Dutch and English; every number is computed."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from testsite_sim.studies.flanders_wind_farm.account_values import account_values, weakest
from testsite_sim.studies.flanders_wind_farm.accounts import account_tables
from testsite_sim.studies.flanders_wind_farm.configuration.study import FlandersWindFarm
from testsite_sim.studies.framework.report.claims import claim
from testsite_sim.studies.framework.report.evidence import drawn_together, price_base, sourced_range
from testsite_sim.studies.framework.report.lines import quantiles
from testsite_sim.studies.framework.report.narrative import Narrative, Table, interval, paragraphs
from testsite_sim.studies.framework.report.numbers import number, thousands
from testsite_sim.studies.framework.report.rankings import thresholds
from testsite_sim.studies.framework.uncertainty import study_assumptions
from testsite_sim.studies.framework.words import Words, label, listed, rate_text

SITE = {"yes": "verdict.site_yes", "open": "verdict.site_open", "no": "verdict.site_no"}
THOUSAND, MILLION, GIGAWATT = 1e3, 1e6, 1e9
PUBLISHED_YEAR = 2020
HINDCAST = ("jobs_of_market", "jobs_per_power", "segment_share_without_site", "jobs_without_site", "jobs_kept", "scope")


def write_narrative(study: FlandersWindFarm, results: xr.Dataset, words: Words) -> Narrative:
    """Return question, answer, method, limits and tables of the study."""
    values = _values(study, results, words)
    known = study.jobs.target_year == PUBLISHED_YEAR  # for which figures were published
    return Narrative(
        question=words["narrative.question"].format(**values),
        answer=paragraphs(words["narrative.answer"], values),
        short=paragraphs(words["narrative.short"], values),
        method=paragraphs(words["narrative.method"], values),
        limits=paragraphs(words["narrative.limits"], values),
        verdict=_verdict_table(study, results, words, values),
        tables=[
            *account_tables(study, results, words, values),
            Table(
                words["title.chain"].format(**values),
                _value_chain(study, results, words),
                ("segment_share", "jobs_by_segment", "jobs_by_buyer"),
            ),
            Table(
                words["title.per_power"].format(**values),
                _per_power(study, results, words),
                ("jobs_of_market", "worked_on", "operating", "scope", "value_added_per_job"),
            ),
            Table(
                words["title.apart"].format(**values),
                _apart(results, words),
                ("jobs", "indirect_jobs", "direct_value_added", "indirect_value_added"),
            ),
            *([Table(words["title.hindcast"].format(**values), _hindcast(results, words), HINDCAST)] if known else []),
            Table(
                words["title.frontier"].format(**values),
                _frontier(results, words),
                ("frontier_factor", "market_share"),
            ),
        ],
    )


def _values(study: FlandersWindFarm, results: xr.Dataset, words: Words) -> dict[str, str]:
    """Return the numbers of the narrative as text."""
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
    found["discount"] = rate_text(study.returns.discount_rate, words)
    put("months", results["months_saved"])
    put("rate_before", results["failure_rate_before"])
    put("rate_after", results["failure_rate_after"])
    put("scope", results["scope"])
    fragments = []
    for market in sorted(results["market"].to_numpy().tolist(), key=lambda name: name != study.market):
        put("here", results["required_share_ratio"].sel(market=market))
        fragments.append(words["narrative.factor"].format(market=label(words, "market", market), **found))
    target = study.jobs.target_jobs
    reached = (jobs >= target).mean("member")
    for scenario in results["scenario"].to_numpy():
        found[f"reached_{scenario}"] = f"{100.0 * float(reached.sel(scenario=scenario)):.0f}"
    found["reached"] = found[f"reached_{reference}"]
    paid = float((results["net_public_value"].sel(scenario=reference) >= 0.0).mean())
    paid_lost = float((results["net_public_value"].sel(scenario=weakest(results)) >= 0.0).mean())
    by_target = float((results["net_public_value_target"].sel(scenario=reference) >= 0.0).mean())
    by_mechanism = results["jobs_added_by_mechanism"].median("member")
    first = str(by_mechanism["mechanism"].to_numpy()[int(np.argmax(by_mechanism.to_numpy()))])
    bought = results["jobs_by_buyer"].mean("member").sum("phase").isel(buyer=slice(None, -1))
    row, column = np.unravel_index(int(np.argmax(bought.to_numpy())), bought.shape)
    supplier, buyer = (str(results["segment"].to_numpy()[k]) for k in (row, column))
    example = words["narrative.example"].format(
        supplier=label(words, "segment", supplier), buyer=label(words, "segment", buyer)
    )
    assumptions = study_assumptions(study)
    found |= (
        sourced_range(results, words)
        | price_base(study, words)
        | drawn_together(study, words)
        | {
            "verdict": _verdict(study, results, words),
            "site_verdict": words[SITE[claim(paid)]],
            "odds": listed(
                [number(100.0 * float(each.odds_growth), words) for each in study.scenarios.values()], words
            ),
            "turns_jobs": thresholds(results, words, assumptions, "jobs_target"),
            "turns_balance": thresholds(results, words, assumptions, "net_public_value"),
            "example": example if float(bought.max()) > 0.0 else "",
            "paid": f"{100.0 * paid:.0f}",
            "paid_lost": f"{100.0 * paid_lost:.0f}",
            "known_year": str(results["outlook_year"].to_numpy()[0]),
            "paid_target": f"{100.0 * by_target:.0f}",
            "target": thousands(float(target)),
            "reference_jobs": thousands(float(study.jobs.reference_jobs)),
            "reference_year": str(study.jobs.reference_year),
            "target_year": str(study.jobs.target_year),
            "members": str(results.sizes["member"]),
            "scenario": label(words, "scenario", reference),
            "factors": words["narrative.and"].join(fragments),
            "mechanism": words[f"mechanism.{first}"],
            "by_mechanism": words["narrative.by_mechanism"].format(mechanism=words[f"mechanism.{first}"])
            if float(by_mechanism.max()) > 0.0
            else "",
        }
    )
    return found | account_values(study, results, words)


def _reached(study: FlandersWindFarm, results: xr.Dataset) -> dict[str, float]:
    """Return in which share of the draws the target is reached, by scenario."""
    reached = (results["jobs_target"] >= study.jobs.target_jobs).mean("member")
    return {str(name): float(reached.sel(scenario=name)) for name in results["scenario"].to_numpy()}


def _verdict(study: FlandersWindFarm, results: xr.Dataset, words: Words) -> str:
    """Return yes, no or open for the reference scenario, and in which others it is likely or open."""
    of = {name: claim(share) for name, share in _reached(study, results).items()}
    said = of[study.reference_scenario]
    if said == "yes":
        return words["verdict.yes"]
    others = {
        each: listed([f"“{label(words, 'scenario', name)}”" for name in of if of[name] == each], words)
        for each in ("yes", "open")
        if each in of.values()
    }
    if "yes" in others:
        return words["verdict.open_only" if said == "open" else "verdict.no_only"].format(won=others["yes"])
    if said == "open":
        return words["verdict.open"]
    return words["verdict.no_open"].format(open=others["open"]) if "open" in others else words["verdict.no"]


def _verdict_table(study: FlandersWindFarm, results: xr.Dataset, words: Words, values: Mapping[str, str]) -> Table:
    """Return what each scenario comes to: jobs, how often they reach the target, what the site adds and returns."""
    rows = []
    for name, share in _reached(study, results).items():
        one = results.sel(scenario=name)
        rows.append(
            {
                words["column.verdict.scenario"]: label(words, "scenario", name),
                words["column.verdict.jobs"].format(**values): interval(one["jobs_target"]),
                words["column.verdict.reached"].format(**values): 100.0 * share,
                words["column.verdict.added"]: interval(one["jobs_added_target"]),
                words["column.verdict.balance"]: interval(one["net_public_value"], 1.0 / MILLION),
                words["column.verdict.outlook"].format(**values): interval(one["jobs_outlook"]),
                words["column.verdict.today"]: interval(one["today_net_public_value"], 1.0 / MILLION),
            }
        )
    variables = ("jobs_target", "jobs_added_target", "net_public_value", "jobs_outlook", "today_net_public_value")
    return Table(words["title.verdict"].format(**values), pd.DataFrame(rows), variables)


def _value_chain(study: FlandersWindFarm, results: xr.Dataset, words: Words) -> pd.DataFrame:
    """Return the Flemish share of every segment, its Flemish jobs by phase, and those that serve other segments."""
    rows = []
    years = results["year"].to_numpy()
    share = results["segment_share"].sel(scenario=study.reference_scenario)
    by_buyer = results["jobs_by_buyer"].sum("phase")
    for segment in results["segment"].to_numpy():
        row: dict[str, object] = {words["column.segment"]: label(words, "segment", str(segment))}
        for year in years[[0, -1]]:
            row[words["column.share"].format(year=year)] = interval(share.sel(segment=segment, year=year), 100.0)
        ours = results["jobs_by_segment"].sel(segment=segment, year=years[-1])
        for phase in results["phase"].to_numpy():
            row[words[f"column.ours.{phase}"].format(year=years[-1])] = interval(ours.sel(phase=phase))
        for_segments = by_buyer.sel(segment=segment).isel(buyer=slice(None, -1)).sum("buyer")
        row[words["column.for_segments"]] = interval(for_segments)
        rows.append(row)
    return pd.DataFrame(rows)


def _per_power(study: FlandersWindFarm, results: xr.Dataset, words: Words) -> pd.DataFrame:
    """Return jobs and value added per power of every segment of the whole market in the first year."""
    rows = []
    for segment in results["segment"].to_numpy():
        row: dict[str, object] = {words["column.segment"]: label(words, "segment", str(segment))}
        for phase, power in {"investment": "worked_on", "operation": "operating"}.items():
            whole = results[power].sel(market=study.market).isel(year=0) / MILLION
            market = results["jobs_of_market"].sel(segment=segment, phase=phase).isel(year=0) / results["scope"]
            per_power = market / whole
            row[words[f"column.jobs.{phase}"]] = interval(per_power)
            row[words[f"column.value.{phase}"]] = interval(per_power * results["value_added_per_job"], 1.0 / THOUSAND)
        rows.append(row)
    return pd.DataFrame(rows)


def _apart(results: xr.Dataset, words: Words) -> pd.DataFrame:
    """Return direct and indirect jobs and value added of the target year by scenario."""
    columns = {
        "direct": ("jobs", 1.0),
        "indirect": ("indirect_jobs", 1.0),
        "direct_value": ("direct_value_added", 1.0 / MILLION),
        "indirect_value": ("indirect_value_added", 1.0 / MILLION),
    }
    rows = []
    for name in results["scenario"].to_numpy():
        row: dict[str, object] = {words["column.apart.scenario"]: label(words, "scenario", str(name))}
        for column, (variable, factor) in columns.items():
            row[words[f"column.apart.{column}"]] = interval(results[variable].sel(scenario=name).isel(year=-1), factor)
        rows.append(row)
    return pd.DataFrame(rows)


def _hindcast(results: xr.Dataset, words: Words) -> pd.DataFrame:
    """Return what the model says of the target year next to what has been published."""
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
    rows = {words[f"hindcast.{key}.label"]: (jobs, words[f"hindcast.{key}.known"]) for key, jobs in found.items()}
    for name, jobs in kept.items():
        rows[words["hindcast.kept.label"].format(market=label(words, "market", name))] = (
            jobs,
            words["hindcast.kept.known"].format(power=number(float(power[name]), words)),
        )
    return pd.DataFrame(
        {
            words["column.quantity"]: list(rows),
            words["column.computed"]: [interval(variable) for variable, _ in rows.values()],
            words["column.published"]: [known for _, known in rows.values()],
        }
    )


def _frontier(results: xr.Dataset, words: Words) -> pd.DataFrame:
    """Return the factor on the share of the first year that the target needs, by market and growth of productivity."""
    growth = results["productivity_growth"].to_numpy()
    columns: dict[str, object] = {words["column.growth"]: 100.0 * growth[::5]}
    for market in results["market"].to_numpy():
        factors = results["frontier_factor"].sel(market=market).isel(productivity_growth=slice(None, None, 5))
        columns[label(words, "market", market)] = [
            interval(factors.isel(productivity_growth=k)) for k in range(factors.sizes["productivity_growth"])
        ]
    return pd.DataFrame(columns)
