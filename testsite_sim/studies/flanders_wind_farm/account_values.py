"""Numbers of the accounts as text, by the names that sentences and titles have for them."""

from collections.abc import Iterator, Mapping

import numpy as np
import xarray as xr

from testsite_sim.configuration.quantities import Quantity
from testsite_sim.studies.flanders_wind_farm.configuration.study import FlandersWindFarm
from testsite_sim.studies.flanders_wind_farm.model.today import counted_year
from testsite_sim.studies.framework.report.evidence import stated_amount
from testsite_sim.studies.framework.report.lines import quantiles
from testsite_sim.studies.framework.report.numbers import number, thousands
from testsite_sim.studies.framework.uncertainty import sampled
from testsite_sim.studies.framework.words import Words, label, listed

MILLION, GIGAWATT = 1e6, 1e9
LARGEST = 3  # segments that the first screen names
DECADE = 10  # years between those that the first screen names


def account_values(study: FlandersWindFarm, results: xr.Dataset, words: Words) -> dict[str, str]:
    """Return the numbers of the accounts as text."""
    found: dict[str, str] = {}

    def put(name: str, variable: xr.DataArray, factor: float = 1.0) -> None:
        for key, amount in zip(("p10", "p50", "p90"), quantiles(variable) * factor, strict=True):
            found[f"{name}_{key}"] = number(float(amount), words)

    reference = {"scenario": study.reference_scenario}
    for period in results["period"].to_numpy():
        opening = quantiles(results["opening_year"].sel(period=period))
        found |= {
            f"opening_{period}_{key}": f"{np.floor(year):.0f}"
            for key, year in zip(("p10", "p50", "p90"), opening, strict=True)
        }
    put("outlook", results["jobs_outlook"].sel(reference))
    market = results.attrs["outlook_market"]
    put("outlook_inputs", _last_inputs(results, reference).sel(outlook_market=market))
    found |= _outlook_values(results, reference, words)
    found["today_steps"] = ", ".join(
        words["narrative.step"].format(
            step=label(words, "step", name),
            year=moment(results["step_end"].sel(period="today", step=name)),
            leads=label(words, "participant", step.leads),
        )
        for name, step in study.roadmap.steps.items()
    )
    put("public_cost", results["public_cost"].sum("account_year"), 1.0 / MILLION)
    put("today_added", results["today_jobs_added"].sel(reference).isel(outlook_year=-1))
    put("today_balance", results["today_net_public_value"].sel(reference), 1.0 / MILLION)
    for name, variable, factor in _amounts(results, reference):
        put(name, variable, factor)
    for name, campaign in (("usual_days", "conventional"), ("lift_days", "single_lift")):
        found[f"{name}_p50"] = number(
            float(results[f"vessel_days_{campaign}"].median()), words
        )  # as the saving takes it
    found["spread"] = f"{float(results.attrs['spread']):.3f}".replace(".", words["decimal_mark"])
    chain = results["jobs_by_segment"].isel(year=-1).sum("segment")
    whole = chain.sum("phase")
    for phase in results["phase"].to_numpy():
        put(f"part_{phase}", chain.sel(phase=phase) / whole, 100.0)
    by_segment = {str(name): float(quantiles(whole_of)[1]) for name, whole_of in _jobs_of_segments(results)}
    largest = sorted(by_segment, key=lambda name: -by_segment[name])[:LARGEST]
    power = results["outlook_operating"].sel(outlook_market=market).isel(outlook_year=-1)
    counts = [count.title for count in study.hindcast.counts]
    return found | {
        "outlook_year": str(study.outlook.last_year),
        "outlook_power": number(float(quantiles(power)[1]) / GIGAWATT, words),
        "site_investment_p50": number(_paid(study, "test_site.investment") / MILLION, words),
        "site_running_p50": number(_paid(study, "test_site.operating_cost") / MILLION, words),
        "site_public": f"{100.0 * float(study.test_site.public_share):.0f}",
        "largest_segments": listed(
            [
                words["narrative.segment_jobs"].format(
                    jobs=number(by_segment[name], words), segment=label(words, "segment", name)
                )
                for name in largest
            ],
            words,
        ),
        "outlook_market": label(words, "outlook_market", market),
        "count_first_year": str(study.hindcast.counts[0].year),
        "count_first": thousands(float(study.hindcast.counts[0].jobs)),
        "count_last_year": str(study.hindcast.counts[-1].year),
        "count_last": thousands(float(study.hindcast.counts[-1].jobs)),
        "counts": ", ".join(counts),
        "today_paid": _share(results["today_net_public_value"].sel(reference) >= 0.0),
        "today_lost": _share(results["today_net_public_value"].sel(scenario=weakest(results)) >= 0.0),
        "weakest": label(words, "scenario", weakest(results)),
        "faster": _share(results["months_saved"] > 0.0),
        "capital": number(_paid(study, "fund.capital") / MILLION, words),
        "capital_said": stated_amount(study, "fund.capital", float(study.fund.capital), words),
        "start": f"{float(study.roadmap.start):.0f}",
        **_vessel_values(study, results),
        **_zone_values(study, words),
        **_zone_jobs(study, results, words),
        **_widths(results, reference, words),
        **(_who_pays(results, reference, words) | _time_tied_up(study, results, reference, words)),
        "today_start": f"{float(study.outlook.roadmap_start):.0f}",
        "segments_number": str(results.sizes["segment"]),
    }


def _vessel_values(study: FlandersWindFarm, results: xr.Dataset) -> dict[str, str]:
    """Return what the campaigns of the vessels rest on, and how often one lift saves, as text."""
    return {
        "lift_saves": _share(results["vessel_saving"] > 0.0),
        "turbines": str(study.vessel.turbines),
        "sea_years": str(results.sizes["campaign"]),
    }


def _paid(study: FlandersWindFarm, path: str) -> float:
    """Return an amount of money as stated, in the prices of the study [EUR]."""
    return float(sampled(study, {})(path)[0])


def _band(name: str, variable: xr.DataArray, words: Words, factor: float = 1.0) -> dict[str, str]:
    """Return P10, P50 and P90 by name, as text."""
    bounds = zip(("p10", "p50", "p90"), quantiles(variable) * factor, strict=True)
    return {f"{name}_{key}": number(float(amount), words) for key, amount in bounds}


def _whole(name: str, variable: xr.DataArray, words: Words) -> dict[str, str]:
    """Return P10, P50 and P90 of years by name, as text; the word for never where they are infinite."""
    bounds = zip(("p10", "p50", "p90"), quantiles(variable), strict=True)
    return {f"{name}_{key}": f"{year:.0f}" if np.isfinite(year) else words["never"] for key, year in bounds}


def _who_pays(results: xr.Dataset, reference: Mapping[str, str], words: Words) -> dict[str, str]:
    """Return what industry pays over the life of the site, what comes back as taxes and what others keep, as text."""
    added, returned = (results[name].sel(reference).sum("account_year") for name in ("value_added", "public_return"))
    return {
        **_band("industry", results["industry_cost"].sum("account_year"), words, 1.0 / MILLION),
        **_band("returned", returned, words, 1.0 / MILLION),
        **_band("kept", added - returned, words, 1.0 / MILLION),
    }


def _time_tied_up(
    study: FlandersWindFarm, results: xr.Dataset, reference: Mapping[str, str], words: Words
) -> dict[str, str]:
    """Return when public money is back and how many years after the first is spent, and that of the fund, as text."""
    found = {}
    for name, prefix in (("then", ""), ("today", "today_")):
        years = results[f"{prefix}payback_year"].sel(reference)
        spent = results[f"{prefix}public_cost"] > 0.0
        tied = years - results["account_year"].isel(account_year=spent.argmax("account_year"))
        values = _whole("payback", years, words) | _whole("tied", tied, words)
        is_back = bool(np.isfinite(quantiles(years)[1]))
        found[f"is_back_{name}"] = words["narrative.back" if is_back else "narrative.not_back"].format(**values)
        found |= {} if prefix else {"payback": values["payback_p50"]}
    ends = study.fund.exit.range if isinstance(study.fund.exit, Quantity) else None
    exits = [plain(float(years), words) for years in (study.fund.exit, *(ends or ()))]
    return found | {
        "fund_exit": exits[0] if ends is None else f"{exits[0]} ({exits[1]} {words['narrative.to']} {exits[2]})"
    }


def _zone_jobs(study: FlandersWindFarm, results: xr.Dataset, words: Words) -> dict[str, str]:
    """Return the job-years of building the Belgian zone, as counted and with what is learnt until then, as text."""
    counted, learned = (results[name].sum("lot") for name in ("zone_job_years", "zone_job_years_learned"))
    low, middle, high = (number(float(each), words) for each in quantiles(learned))
    return {
        "zone_counted": number(float(quantiles(counted)[1]), words),
        "zone_year": str(counted_year(study)),
        "zone_learned": middle,
        "zone_learned_p10": low,
        "zone_learned_p90": high,
    }


def _widths(results: xr.Dataset, reference: Mapping[str, str], words: Words) -> dict[str, str]:
    """Return how wide the band of the last year is, P90 over P10, with the error and by the inputs alone, as text."""
    inputs = _last_inputs(results, reference).sel(outlook_market=results.attrs["outlook_market"])
    bands = {"outlook_width": results["jobs_outlook"].sel(reference), "outlook_width_inputs": inputs}
    found = {}
    for name, variable in bands.items():
        low, _, high = quantiles(variable)
        found[name] = number(float(high / low), words) if low > 0.0 else "–"
    return found


def _last_inputs(results: xr.Dataset, reference: Mapping[str, str]) -> xr.DataArray:
    """Return the jobs by inputs in the last year of the outlook, by market."""
    return results["outlook_jobs_inputs"].sel(reference).isel(outlook_year=-1)


def _outlook_values(results: xr.Dataset, reference: Mapping[str, str], words: Words) -> dict[str, str]:
    """Return the jobs of the outlook as text: in the other markets in its last year, and decade by decade."""
    market, jobs_of = results.attrs["outlook_market"], results["outlook_jobs"].sel(reference)
    others = [str(name) for name in results["outlook_market"].to_numpy() if name != market]
    path, last = jobs_of.sel(outlook_market=market), jobs_of.isel(outlook_year=-1)
    *years, last_year = map(int, path["outlook_year"].to_numpy())
    named = [*(year for year in years if year % DECADE == 0), last_year]
    of_decades = {year: float(quantiles(path.sel(outlook_year=year))[1]) for year in named}
    return {
        "outlook_others": f" {words['answer.and']} ".join(
            words["narrative.other_market"].format(
                market=label(words, "outlook_market", name),
                jobs=number(float(quantiles(last.sel(outlook_market=name))[1]), words),
            )
            for name in others
        ),
        "outlook_path": listed(
            [
                words["narrative.outlook_jobs"].format(year=year, jobs=number(jobs, words))
                for year, jobs in of_decades.items()
            ],
            words,
        ),
    }


def _amounts(results: xr.Dataset, reference: Mapping[str, str]) -> Iterator[tuple[str, xr.DataArray, float]]:
    """Yield what the hindcast, the vessel, the fund and the test sites come to: name, variable, factor of the unit."""
    ratio = results["hindcast_jobs"].sel(known="then") / results["counted_jobs"]
    yield "then_jobs", results["hindcast_jobs"].sel(known="then").isel(count=-1), 1.0
    yield "built_jobs", results["hindcast_jobs"].sel(known="market").isel(count=-1), 1.0
    yield "counted", results["counted_jobs"].isel(count=-1), 1.0
    yield "counted_first", results["counted_jobs"].isel(count=0), 1.0
    yield "share_counted", results["counted_share_factor"].isel(count=-1), 1.0
    yield "off", ratio.isel(count=-1), 1.0
    yield "off_first", ratio.isel(count=0), 1.0
    yield "counts_ratio", results["counted_jobs"].isel(count=-1) / results["counted_jobs"].isel(count=0), 1.0
    yield "usual_days", results["vessel_days_conventional"].rename(campaign="member"), 1.0
    yield "lift_days", results["vessel_days_single_lift"].rename(campaign="member"), 1.0
    yield "lift_saving", results["vessel_saving_share"], 100.0
    yield "lift_even", results["vessel_rate_even"] / 1000.0, 1.0
    yield "lift_won", results["vessel_jobs_won"], 1.0
    yield "lift_crews", -results["vessel_jobs_of_crews"], 1.0
    yield "drawn", results["fund_drawn"], 1.0 / MILLION
    yield "drawn_share", results["fund_drawn_share"], 100.0
    yield "revolved", results["fund_revolved"], 100.0
    yield "additional", results["fund_additional"], 1.0 / MILLION
    yield "elsewhere", results["months_elsewhere"], 1.0
    yield "here", results["months_to_certificate"], 1.0
    yield "value_per_euro", results["benefit_cost_ratio"].sel(reference), 1.0


def _jobs_of_segments(results: xr.Dataset) -> Iterator[tuple[str, xr.DataArray]]:
    """Yield the Flemish jobs of every segment in the last year, with the test site."""
    jobs = results["jobs_by_segment"].isel(year=-1).sum("phase")
    for name in jobs["segment"].to_numpy():
        yield str(name), jobs.sel(segment=name)


def _zone_values(study: FlandersWindFarm, words: Words) -> dict[str, str]:
    """Return power and years of the lots of the Belgian zone as text."""
    lots = study.outlook.zone.lots.values()
    years = {
        f"{kind}_{end}": f"{of(float(getattr(lot, kind)) for lot in lots):.0f}"
        for kind in ("planned", "expected")
        for end, of in (("first", min), ("last", max))
    }
    return {"zone_power": plain(sum(float(lot.power) for lot in lots) / GIGAWATT, words), **years}


def _share(true: xr.DataArray) -> str:
    """Return in which share of the draws something holds, in per cent."""
    return f"{100.0 * float(true.mean()):.0f}"


def weakest(results: xr.Dataset) -> str:
    """Return the scenario with the fewest jobs in the target year."""
    jobs = results["jobs_target"].median("member")
    return str(results["scenario"].to_numpy()[int(np.argmin(jobs.to_numpy()))])


def moment(variable: xr.DataArray) -> str:
    """Return the median of a moment as a calendar year."""
    return f"{np.floor(quantiles(variable)[1]):.0f}"


def plain(value: float, words: Words) -> str:
    """Return a stated number as it was stated."""
    return f"{value:g}".replace(".", words["decimal_mark"])
