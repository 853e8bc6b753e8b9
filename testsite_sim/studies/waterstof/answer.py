"""Yes or no: hydrogen against its strongest rival in every lead market, to both horizons."""

import numpy as np
import pandas as pd
import xarray as xr

from testsite_sim.studies.framework.report import Table
from testsite_sim.studies.framework.report.claims import claims_of
from testsite_sim.studies.framework.report.lines import quantiles
from testsite_sim.studies.framework.report.narrative import calendar, interval
from testsite_sim.studies.framework.report.numbers import number
from testsite_sim.studies.framework.words import Words, label
from testsite_sim.studies.waterstof.figures.frame import horizons

KILOMETRE = 1e3
ON_ROADS = ("bus", "truck")
RIVALS = {"battery": "rival.battery", "diesel": "rival.diesel"}  # of them
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


def dearness(period: xr.Dataset, scenario: str, application: str, rival: str) -> xr.DataArray:
    """Return how much dearer hydrogen is than a rival in the cluster year, over the rival's cost [1], (member,)."""
    year = int(period["cluster_year"])
    cost = period["ownership_cost"].sel(scenario=scenario, application=application, year=year)
    return cost / period["incumbent_cost"].sel(application=application, incumbent=rival, year=year) - 1.0


def verdict(results: xr.Dataset, words: Words) -> tuple[str, dict[str, str]]:
    """Return for which applications yes, open and no, and the shares of the draws of the strongest rivals as text."""
    scenario = str(results.attrs["scenario"])
    _, last = horizons(results)[-1]
    shares: dict[str, float] = {}
    found: dict[str, str] = {}
    for name in JUDGED:
        rival, share = next(iter(rivals_of(last, scenario, name).items()))
        shares[name] = share
        found |= {f"{name}_rival": label(words, "against", rival), f"{name}_strongest": f"{100.0 * share:.0f}"}
    return claims_of(shares, words, "plural"), found


def gaps_to_rivals(results: xr.Dataset, words: Words) -> dict[str, str]:
    """Return what a kilometre with a bus and a truck on hydrogen costs more or less than their strongest rival."""
    scenario = str(results.attrs["scenario"])
    _, last = horizons(results)[-1]
    year = int(last["cluster_year"])
    found = {}
    for name in ON_ROADS:
        rival = next(iter(rivals_of(last, scenario, name)))
        cost = last["ownership_cost"].sel(scenario=scenario, application=name, year=year)
        other = last["incumbent_cost"].sel(application=name, incumbent=rival, year=year)
        gap = (cost - other) / last["service_per_unit"].sel(application=name) * KILOMETRE
        is_dearer = float(quantiles(gap)[1]) >= 0.0
        low, middle, high = (number(float(each), words) for each in quantiles(gap if is_dearer else -gap))
        found[f"{name}_gap"] = words["narrative.gap"].format(
            than=words["narrative.more" if is_dearer else "narrative.less"],
            application=words[f"single.{name}"],
            rival=words[RIVALS[rival]],
            p10=low,
            p50=middle,
            p90=high,
        )
    return found


def verdict_table(results: xr.Dataset, words: Words) -> Table:
    """Return hydrogen against every rival: how often and from when it is the cheaper choice, and how much dearer."""
    scenario = str(results.attrs["scenario"])
    periods = horizons(results)
    _, last = periods[-1]
    rows = []
    for name in JUDGED:
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


def parity_with_rivals(results: xr.Dataset, words: Words) -> dict[str, str]:
    """Return the price of hydrogen at which buses and trucks equal each rival in the cluster year, as text."""
    _, last = horizons(results)[-1]
    found = {}
    for name in ON_ROADS:
        for rival in ("battery", "diesel"):
            price = last["parity_price"].sel(application=name, incumbent=rival, year=int(last["cluster_year"]))
            for key, amount in zip(("p10", "p50", "p90"), quantiles(price), strict=True):
                found[f"{name}_{rival}_parity_{key}"] = number(float(amount), words)
    return found
