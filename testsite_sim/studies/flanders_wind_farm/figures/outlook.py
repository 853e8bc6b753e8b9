"""Figures from today on: the market, the jobs with the error of the hindcast; the roadmap; the single-lift vessel."""

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from testsite_sim.report.style import DARK_BLUE, GREY, SKY_BLUE, TWO_COLUMNS, VERMILION, new_figure
from testsite_sim.studies.flanders_wind_farm.figures.ticks import decimal_ticks
from testsite_sim.studies.framework.report.lines import LINE_STYLES, band, quantile_table, quantiles
from testsite_sim.studies.framework.words import Words, label

GIGAWATT = 1e9
LEADS = {"industry": DARK_BLUE, "government": VERMILION, "knowledge": SKY_BLUE}


def draw_outlook(results: xr.Dataset, words: Words) -> tuple[Figure, pd.DataFrame]:
    """Draw the power of every market of the outlook, and the jobs of the reference scenario with their error."""
    figure = new_figure(TWO_COLUMNS, 3.4)
    left, right = figure.subplots(1, 2)
    years = results["outlook_year"].to_numpy()
    scenario, market = results.attrs["scenario"], results.attrs["outlook_market"]
    inputs = results["outlook_jobs_inputs"].sel(scenario=scenario)
    for number, name in enumerate(results["outlook_market"].to_numpy()):
        colour, dashes = LINE_STYLES[number % len(LINE_STYLES)]
        power = results["outlook_operating"].sel(outlook_market=name)
        if name == market:
            band(left, years, power, colour, 1.0 / GIGAWATT)
        shown = label(words, "outlook_market", str(name))
        left.plot(years, quantiles(power)[1] / GIGAWATT, dashes, color=colour, label=shown)
        right.plot(years, quantiles(inputs.sel(outlook_market=name))[1], dashes, color=colour, label=shown)
    low, _, high = quantiles(results["outlook_jobs"].sel(scenario=scenario, outlook_market=market))
    right.fill_between(years, low, high, color=GREY, alpha=0.18, linewidth=0.0, label=words["legend.with_error"])
    band(right, years, inputs.sel(outlook_market=market), LINE_STYLES[0][0])
    left.set(ylabel=words["axis.operating"], ylim=(0, None))
    right.set(ylabel=words["axis.jobs"], yscale="log")
    right.set_yticks([1e3, 3e3, 1e4, 3e4, 1e5, 3e5])
    right.minorticks_off()
    decimal_ticks(right, words)
    for axes in (left, right):
        axes.set_xticks(years[::5])
        axes.set_xlim(years[0], years[-1])
    left.set_title(words["legend.delivered"])
    # Bands fill the panels: the legend, which is that of both, stands below them.
    figure.legend(*right.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    names = ("outlook_operating", "outlook_jobs_inputs", "outlook_jobs")
    tables = [quantile_table(results[name], words) for name in names]
    return figure, pd.concat(tables, ignore_index=True)


def draw_roadmap(results: xr.Dataset, words: Words) -> tuple[Figure, pd.DataFrame]:
    """Draw the steps of the roadmap of then and of today, with what follows from the site."""
    periods = [str(name) for name in results["period"].to_numpy()]
    steps = [str(name) for name in results["step"].to_numpy()]
    follows = ("certificate", "payback")
    figure = new_figure(TWO_COLUMNS, 2.6)
    rows: list[dict[str, object]] = []
    certificate = results["opening_year"] + results["months_to_certificate"] / 12.0
    scenario = {"scenario": results.attrs["scenario"]}
    paid = {"then": results["payback_year"].sel(scenario), "today": results["today_payback_year"].sel(scenario)}
    for axes, period in zip(figure.subplots(1, len(periods), sharey=True), periods, strict=True):
        chosen = results.sel(period=period)
        for place, name in enumerate(steps):
            begin = quantiles(chosen["step_begin"].sel(step=name))
            end = quantiles(chosen["step_end"].sel(step=name))
            colour = LEADS[str(results["step_leads"].sel(step=name).item())]
            axes.barh(place, end[1] - begin[1], left=begin[1], height=0.6, color=colour)
            axes.plot([end[0], end[2]], [place, place], color="black", linewidth=1.0)
            for kind, found in (("begin", begin), ("end", end)):
                rows.append(_row(period, name, kind, found))
        for number, (name, dates) in enumerate(
            zip(follows, (certificate.sel(period=period), paid[period]), strict=True)
        ):
            found, place = quantiles(dates), len(steps) + number
            last = found[np.isfinite(found)]
            axes.plot([last.min(), last.max()], [place, place], color="black", linewidth=1.0)
            axes.plot(last[len(last) // 2], place, "D", color=GREY, markersize=5, markeredgecolor="black")
            rows.append(_row(period, name, "moment", found))
        axes.set_title(words[f"period.{period}"])
        axes.set_yticks(
            range(len(steps) + len(follows)),
            [*(label(words, "step", name) for name in steps), *(words[f"step.{name}"] for name in follows)],
        )
        axes.grid(visible=False, axis="y")
        axes.xaxis.get_major_locator().set_params(integer=True, nbins=6)
    used = dict.fromkeys(str(who) for who in results["step_leads"].to_numpy())
    handles = [Patch(color=LEADS[who], label=label(words, "participant", who)) for who in used]
    axes.set_ylim(len(steps) + len(follows) - 0.5, -0.6)
    axes.legend(handles=handles, loc="upper right", title=words["legend.leads"])
    return figure, pd.DataFrame(rows)


def _row(period: str, name: str, kind: str, found: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> dict[str, object]:
    """Return a row of the data of the roadmap."""
    return {"period": period, "step": name, "kind": kind, "p10": found[0], "p50": found[1], "p90": found[2]}


def draw_vessel(results: xr.Dataset, words: Words) -> tuple[Figure, pd.DataFrame]:
    """Draw the vessel days of both ways over the years of the sea, and what is saved against the hire of the vessel."""
    figure = new_figure(TWO_COLUMNS, 2.5)
    left, right = figure.subplots(1, 2)
    tables = []
    middle = {}
    for name, colour, dashes in (("conventional", DARK_BLUE, "-"), ("single_lift", VERMILION, "--")):
        days = results[f"vessel_days_{name}"].to_numpy()
        share = 100.0 * (np.arange(days.size) + 1.0) / days.size
        left.step(days, share, dashes, color=colour, where="post", label=words[f"legend.{name}"])
        middle[name] = float(np.median(days))
        tables.append(pd.DataFrame({"quantity": name, "x": days, "y": share}))
    left.set(xlabel=words["axis.vessel_days"], ylabel=words["axis.years_of_sea"], ylim=(0, 100), xlim=(0, None))
    left.legend(loc="upper left")
    ratio = np.linspace(1.0, 2.0, 21)
    saved = 100.0 * (1.0 - ratio * middle["single_lift"] / middle["conventional"])
    right.plot(ratio, saved, color=DARK_BLUE, label=words["legend.saved"])
    right.axhline(0.0, color="black", linewidth=0.8)
    even = middle["conventional"] / middle["single_lift"]
    right.plot(even, 0.0, "D", color=VERMILION, markersize=5, zorder=4)
    right.annotate(
        f"{even:.2f}".replace(".", words["decimal_mark"]), (even, 0.0), (5, 4), textcoords="offset points", fontsize=7
    )
    right.set(xlabel=words["axis.hire_ratio"], ylabel=words["axis.saved"], xlim=(ratio[0], ratio[-1]))
    decimal_ticks(right, words, "xy")
    tables.append(pd.DataFrame({"quantity": "saved", "x": ratio, "y": saved}))
    return figure, pd.concat(tables, ignore_index=True)
