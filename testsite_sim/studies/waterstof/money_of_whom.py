"""Who pays, who gains, and how long money is tied up: of the first screen, in text."""

import numpy as np
import xarray as xr

from testsite_sim.studies.framework.report.lines import quantiles
from testsite_sim.studies.framework.report.numbers import number
from testsite_sim.studies.framework.words import Words, label, listed
from testsite_sim.studies.waterstof.configuration.study import Waterstof
from testsite_sim.studies.waterstof.figures.frame import MILLION, horizons


def who_pays(results: xr.Dataset, words: Words) -> dict[str, str]:
    """Return who pays and who gains by the reference scenario against the baseline in the last horizon, as text."""
    _, last = horizons(results)[-1]
    benefit = last["net_benefit_by_party"].sel(scenario=str(results.attrs["scenario"]))
    sides: dict[str, list[str]] = {"payers": [], "gainers": []}
    for name in map(str, results["party"].to_numpy()):
        gained = benefit.sel(party=name)
        side, sign = ("gainers", 1.0) if float(quantiles(gained)[1]) > 0.0 else ("payers", -1.0)
        low, middle, high = (number(float(each) / MILLION, words) for each in quantiles(sign * gained))
        sides[side].append(
            words["narrative.of_party"].format(party=label(words, "party", name), p10=low, p50=middle, p90=high)
        )
    return {side: listed(said, words) if said else words["narrative.nobody"] for side, said in sides.items()}


def time_tied_up(study: Waterstof, results: xr.Dataset, words: Words) -> dict[str, str]:
    """Return how many years the cash of the cluster stays below zero, and when the fund has its loans back, as text."""
    _, last = horizons(results)[-1]
    found = {}
    for name, scenario in (("tied", results.attrs["scenario"]), ("tied_without", results.attrs["baseline"])):
        years = last["valley_length"].sel(scenario=str(scenario), support="with")
        found[name] = _years(years, f"{words['narrative.over']} {last.sizes['year'] - 1}", words)
    return found | {"fund_back": _fund_back(study, last, str(results.attrs["scenario"]), words)}


def _fund_back(study: Waterstof, last: xr.Dataset, scenario: str, words: Words) -> str:
    """Return from when on the fund has back what it lent, over the draws in which it lends, as text."""
    flow = last["public_flow"].sel(scenario=scenario)
    lent = flow.sel(public_item="fund")
    owed = (lent + flow.sel(public_item="fund-repayment")).cumsum("year")
    draws = (lent > 0.0).any("year").to_numpy()
    if not draws.any():
        return words["narrative.nothing_lent"]
    # The first year after the last in which more was lent than has come back.
    is_owed, calendar = (owed.transpose("member", "year").to_numpy() > 0.0)[draws], last["year"].to_numpy()
    back = np.where(is_owed[:, -1], np.inf, calendar[-1] - np.argmax(is_owed[:, ::-1], axis=1) + 1.0)
    return words["narrative.fund_back"].format(
        years=_years(xr.DataArray(back, dims="member"), words["never"], words),
        first=study.fund.grace + 1,
        last=study.fund.grace + study.fund.term,
    )


def _years(years: xr.DataArray, infinite: str, words: Words) -> str:
    """Return P50 with P10 to P90 of years or numbers of them, as text."""
    low, middle, high = (f"{each:.0f}" if np.isfinite(each) else infinite for each in quantiles(years))
    return middle if low == high else f"{middle} ({low} {words['range.to']} {high})"
