"""Yes or no: hydrogen against its strongest rival in every lead market, to both horizons."""

import numpy as np
import pandas as pd
import xarray as xr

from testsite_sim.studies.framework.report import Table
from testsite_sim.studies.framework.report.claims import claim, claims_of
from testsite_sim.studies.framework.report.lines import quantiles
from testsite_sim.studies.framework.report.narrative import calendar, interval
from testsite_sim.studies.framework.report.numbers import number
from testsite_sim.studies.framework.words import Words, label, listed
from testsite_sim.studies.waterstof.figures.frame import horizons

KILOMETRE = 1e3
ON_ROADS = ("bus", "truck")
RIVALS = {"battery": "rival.battery", "diesel": "rival.diesel"}  # of them
BALANCING = {"yes": "narrative.balancing_yes", "open": "narrative.balancing_open", "no": "narrative.balancing_no"}
JUDGED = ("forklift", *ON_ROADS)  # a megawatt that balances has no owner who chooses it by its cost alone


def even_share(period: xr.Dataset, scenario: str, application: str, rival: str) -> float:
    """Return in which share of the draws hydrogen costs no more than a rival in a horizon; nan without that rival."""
    year = period["break_even_year"].sel(scenario=scenario, application=application, incumbent=rival)
    return float("nan") if bool(np.isnan(year).any()) else float(np.isfinite(year).mean())


def rivals_of(period: xr.Dataset, scenario: str, application: str) -> dict[str, float]:
    """Return the rivals of an application with the share of the draws in which hydrogen beats them, strongest first."""
    names = [str(name) for name in period["incumbent"].to_numpy()]
    shares = {name: even_share(period, scenario, application, name) for name in names}
    known = {name: share for name, share in shares.items() if not np.isnan(share)}
    dearer = {name: float(dearness(period, scenario, application, name).median()) for name in known}
    return dict(sorted(known.items(), key=lambda each: (each[1], -dearer[each[0]])))


def dearness(period: xr.Dataset, scenario: str, application: str, rival: str, year: int | None = None) -> xr.DataArray:
    """Return how much dearer hydrogen is than a rival without support, over the rival's cost [1], (member,).

    In the cluster year, where no other is named.
    """
    year = int(period["cluster_year"]) if year is None else year
    cost = period["ownership_cost"].sel(scenario=scenario, application=application, year=year)
    return cost / period["incumbent_cost"].sel(application=application, incumbent=rival, year=year) - 1.0


def judged(period: xr.Dataset, names: tuple[str, ...] = JUDGED) -> list[str]:
    """Return the applications that are judged: of those named, what has units that could run on hydrogen."""
    return [name for name in names if float(period["fleet"].sel(application=name).max()) > 0.0]


def verdict(results: xr.Dataset, words: Words) -> dict[str, str]:
    """Return for which applications yes, open and no, and the shares of the draws of the strongest rivals, as text."""
    scenario = str(results.attrs["scenario"])
    _, last = horizons(results)[-1]
    shares: dict[str, float] = {}
    said = []
    for name in judged(last):
        rival, shares[name] = next(iter(rivals_of(last, scenario, name).items()))
        said.append(
            words["narrative.strongest"].format(
                names=label(words, "plural", name),
                often=f"{100.0 * shares[name]:.0f}",
                rival=label(words, "against", rival),
            )
        )
    alone = last["balancing_competing"].sel(option="electrolyser", year=int(last["cluster_year"])) > 0.0
    return {
        "verdict": claims_of(shares, words, "plural") if shares else words["claim.nothing"],
        "strongest": listed(said, words) if said else words["short.none"],
        "balancing_claim": words[BALANCING[claim(float(alone.mean()))]],
    }


def largest_user(results: xr.Dataset, words: Words) -> str:
    """Return why the vehicles that use most hydrogen at the end do so, where the answer to them is not yes, as text."""
    scenario = str(results.attrs["scenario"])
    _, last = horizons(results)[-1]
    end = last.sel(scenario=scenario).isel(year=-1)
    parts = end["demand"] / np.maximum(end["demand"].sum("application"), 1e-9)
    names = judged(last, ON_ROADS)
    if not names:
        return ""
    largest = max(names, key=lambda name: float(quantiles(parts.sel(application=name))[1]))
    rival, share = next(iter(rivals_of(last, scenario, largest).items()))
    if rival != "battery" or claim(share) == "yes":
        return ""
    one = end.sel(application=largest)
    over = quantiles(100.0 * dearness(last, scenario, largest, "diesel", int(last["year"][-1])))
    low, middle, high = (number(float(each), words) for each in over)
    return words["narrative.largest_user"].format(
        names=label(words, "plural", largest),
        part=number(float(quantiles(100.0 * parts.sel(application=largest))[1]), words),
        share=number(float(quantiles(100.0 * one["stock"] / one["fleet"])[1]), words),
        beyond=number(float(quantiles(100.0 * one["chosen_against"].sel(incumbent="diesel"))[1]), words),
        over=middle,
        over_p10=low,
        over_p90=high,
    )


def gaps_to_rivals(results: xr.Dataset, words: Words) -> str:
    """Return what a kilometre with a bus and a truck on hydrogen costs more or less than their strongest rival."""
    scenario = str(results.attrs["scenario"])
    _, last = horizons(results)[-1]
    year = int(last["cluster_year"])
    found = []
    for name in judged(last, ON_ROADS):
        rival = next(iter(rivals_of(last, scenario, name)))
        cost = last["ownership_cost"].sel(scenario=scenario, application=name, year=year)
        other = last["incumbent_cost"].sel(application=name, incumbent=rival, year=year)
        gap = (cost - other) / last["service_per_unit"].sel(application=name) * KILOMETRE
        is_dearer = float(quantiles(gap)[1]) >= 0.0
        low, middle, high = (number(float(each), words) for each in quantiles(gap if is_dearer else -gap))
        found.append(
            words["narrative.gap"].format(
                than=words["narrative.more" if is_dearer else "narrative.less"],
                application=words[f"single.{name}"],
                rival=words[RIVALS[rival]],
                p10=low,
                p50=middle,
                p90=high,
            )
        )
    return listed(found, words) if found else words["short.none"]


def verdict_table(results: xr.Dataset, words: Words) -> Table:
    """Return hydrogen against every rival: how often and from when it is the cheaper choice, and how much dearer."""
    scenario = str(results.attrs["scenario"])
    periods = horizons(results)
    _, last = periods[-1]
    rows = []
    for name in judged(last):
        for rival in rivals_of(last, scenario, name):
            row: dict[str, object] = {
                words["column.application"]: words[f"plural.{name}"],
                words["column.incumbent"]: label(words, "against", rival),
            }
            for horizon, period in periods:
                share = even_share(period, scenario, name, rival)
                row[words["column.cheaper"].format(horizon=label(words, "horizon", horizon))] = 100.0 * share
            year = int(last["cluster_year"])
            even = last["break_even_year"].sel(scenario=scenario, application=name, incumbent=rival)
            row[words["column.cheaper_from"]] = calendar(even, words)
            row[words["column.dearer"].format(year=year)] = interval(dearness(last, scenario, name, rival), 100.0)
            rows.append(row)
    return Table(words["title.verdict"], pd.DataFrame(rows), ("break_even_year", "ownership_cost", "incumbent_cost"))


def parity_with_rivals(results: xr.Dataset, words: Words) -> str:
    """Return the price of hydrogen at which buses and trucks equal each rival in the cluster year, as text."""
    _, last = horizons(results)[-1]
    found = []
    for name in judged(last, ON_ROADS):
        prices = {
            rival: number(
                float(
                    quantiles(
                        last["parity_price"].sel(application=name, incumbent=rival, year=int(last["cluster_year"]))
                    )[1]
                ),
                words,
            )
            for rival in RIVALS
        }
        found.append(words["narrative.parity"].format(application=words[f"single.{name}"], **prices))
    return listed(found, words) if found else words["short.none"]
