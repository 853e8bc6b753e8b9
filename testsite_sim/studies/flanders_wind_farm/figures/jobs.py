"""Figures of jobs to the target year with the frontier, and of market shares."""

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.figure import Figure

from testsite_sim.report.style import DARK_BLUE, GREY, TWO_COLUMNS, VERMILION, new_figure
from testsite_sim.studies.flanders_wind_farm.figures.ticks import decimal_ticks
from testsite_sim.studies.framework.report.lines import LINE_STYLES, band, line_style, quantile_table, quantiles
from testsite_sim.studies.framework.report.numbers import thousands
from testsite_sim.studies.framework.words import Words, label


def draw_jobs(results: xr.Dataset, words: Words) -> tuple[Figure, pd.DataFrame]:
    """Draw the jobs by scenario, and the factor on the share that the target needs, by growth of productivity."""
    figure = new_figure(TWO_COLUMNS, 3.1)
    left, right = figure.subplots(1, 2)
    years = results["year"].to_numpy()
    target, known = results.attrs["target_jobs"], results.attrs["reference_jobs"]
    reference = results.attrs["scenario"]
    band(left, years, results["jobs"].sel(scenario=reference), line_style(results, reference)[0])
    for name in results["scenario"].to_numpy():
        colour, dashes = line_style(results, name)
        left.plot(
            years,
            quantiles(results["jobs"].sel(scenario=name))[1],
            dashes,
            color=colour,
            label=label(words, "scenario", name),
        )
    left.plot(years[0], known, "o", color="black", markersize=5, zorder=4)
    left.annotate(thousands(known), (years[0], known), (4, -12), textcoords="offset points")
    left.plot(years[-1], target, "*", color="black", markersize=10, zorder=4, clip_on=False)
    left.annotate(thousands(target), (years[-1], target), (9, -3), textcoords="offset points", annotation_clip=False)
    left.set(ylabel=words["axis.jobs"], ylim=(0, None))
    left.set_xticks(years[len(years) % 2 == 0 :: 2])
    left.yaxis.set_major_formatter(thousands)
    left.legend(loc="upper left", title=words["legend.with_site"])
    growth = 100.0 * results["productivity_growth"].to_numpy()
    rows = []
    for number, market in enumerate(results["market"].to_numpy()):
        low, factor, high = quantiles(results["frontier_factor"].sel(market=market))
        colour, dashes = LINE_STYLES[number % 2]
        right.plot(growth, factor, dashes, color=colour, label=label(words, "market", market))
        right.fill_between(growth, low, high, color=colour, alpha=0.15, linewidth=0.0)
        rows += [
            {"quantity": "frontier", "market": market, "productivity_growth": g, "factor": s}
            for g, s in zip(growth, factor, strict=True)
        ]
    kept = 1.0
    right.axhline(kept, color=GREY, linewidth=0.8, linestyle=":")
    right.annotate(
        words["legend.frontier"],
        (growth[-1], kept),
        (-4, -9),
        textcoords="offset points",
        color="#404040",
        fontsize=7,
        ha="right",
    )
    gain = 100.0 * float(results.attrs["productivity_growth"])
    for name in results["scenario"].to_numpy():
        reached = float(quantiles(results["reached_share_factor"].sel(scenario=name))[1])
        right.plot(gain, reached, "o", color=line_style(results, name)[0], markersize=5, zorder=4)
        right.annotate(
            label(words, "short", name),
            (gain, reached),
            (6, -2),
            textcoords="offset points",
            fontsize=7,
            bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "linewidth": 0.0, "alpha": 0.85},
            zorder=5,
        )
        rows.append({"quantity": "scenario", "market": name, "productivity_growth": gain, "factor": reached})
    right.set(xlabel=words["axis.productivity"], ylabel=words["axis.required"], xlim=(growth[0], growth[-1]))
    right.set_ylim(bottom=0)
    decimal_ticks(right, words, "xy")
    right.legend(loc="upper left", title=words["heading.frontier"].format(jobs=thousands(target)))
    return figure, pd.concat([quantile_table(results["jobs"], words), pd.DataFrame(rows)], ignore_index=True)


def draw_market_shares(results: xr.Dataset, words: Words) -> tuple[Figure, pd.DataFrame]:
    """Draw the share of the whole chain by scenario, with and without the site, and of each segment at the end."""
    figure = new_figure(TWO_COLUMNS, 3.1)
    left, right = figure.subplots(1, 2)
    years = results["year"].to_numpy()
    reference = results.attrs["scenario"]
    band(left, years, results["market_share"].sel(scenario=reference), line_style(results, reference)[0], 100.0)
    for name in results["scenario"].to_numpy():
        colour, dashes = line_style(results, name)
        left.plot(
            years,
            100.0 * quantiles(results["market_share"].sel(scenario=name))[1],
            dashes,
            color=colour,
            label=label(words, "scenario", name),
            linewidth=1.6,
        )
        left.plot(
            years,
            100.0 * quantiles(results["market_share_without_site"].sel(scenario=name))[1],
            dashes,
            color=colour,
            linewidth=0.7,
        )
    left.set(ylabel=words["axis.share"], ylim=(0, None))
    left.set_xticks(years[len(years) % 2 == 0 :: 2])
    left.legend(loc="lower left", title=words["legend.share"])
    segments = [str(name) for name in results["segment"].to_numpy()]
    place = np.arange(len(segments))
    chosen = {"scenario": reference, "year": years[-1]}
    first = 100.0 * quantiles(results["segment_share_without_site"].sel(scenario=reference, year=years[0]))[1]
    without = 100.0 * quantiles(results["segment_share_without_site"].sel(chosen))[1]
    low, middle, high = 100.0 * quantiles(results["segment_share"].sel(chosen))
    right.hlines(place, low, high, color=DARK_BLUE, alpha=0.35, linewidth=4)
    right.plot(first, place, "|", color="black", markersize=10, label=str(years[0]))
    right.plot(without, place, "o", color="white", markeredgecolor=VERMILION, label=words["legend.without_site"])
    right.plot(middle, place, "D", color=DARK_BLUE, markersize=4, label=words["legend.with_site"])
    right.set(
        yticks=place, yticklabels=[label(words, "segment", name) for name in segments], xlabel=words["axis.share"]
    )
    right.set_xlim(left=0)
    decimal_ticks(left, words)
    decimal_ticks(right, words, "x")
    right.invert_yaxis()
    right.grid(visible=False, axis="y")
    right.legend(loc="lower right", title=f"{years[-1]}, {label(words, 'short', reference)}")
    tables = [
        quantile_table(results[name], words)
        for name in ("market_share", "market_share_without_site", "segment_share", "segment_share_without_site")
    ]
    return figure, pd.concat(tables, ignore_index=True)
