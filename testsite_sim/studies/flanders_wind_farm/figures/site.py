"""Figures of the test site: time to a certificate, what each mechanism adds, the public budget."""

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.figure import Figure

from testsite_sim.report.style import DARK_BLUE, ONE_COLUMN, SKY_BLUE, VERMILION, new_figure
from testsite_sim.studies.framework.report.lines import band, line_style, quantile_table, quantiles
from testsite_sim.studies.framework.words import Words, label

MILLION = 1e6


def draw_certification(results: xr.Dataset, words: Words) -> tuple[Figure, pd.DataFrame]:
    """Draw how many prototypes, or members, have their certificates within a number of months."""
    figure = new_figure(ONE_COLUMN, 3.1)
    axes = figure.subplots()
    tables = []
    for name, colour, dashes in (
        ("months_to_certificate", DARK_BLUE, "-"),
        ("months_of_histories", SKY_BLUE, "-."),
        ("months_elsewhere", VERMILION, "--"),
    ):
        months = np.sort(results[name].to_numpy())
        share = (np.arange(months.size) + 1.0) / months.size
        axes.step(months, 100.0 * share, dashes, color=colour, where="post", label=words[f"variable.{name}"])
        tables.append(pd.DataFrame({"quantity": name, "months": months, "share": share}))
    axes.set(xlabel=words["axis.months"], ylabel=words["axis.within"], ylim=(0, 100))
    axes.set_xlim(left=0)
    figure.legend(loc="outside lower center")
    return figure, pd.concat(tables, ignore_index=True)


def draw_mechanisms(results: xr.Dataset, words: Words) -> tuple[Figure, pd.DataFrame]:
    """Draw the jobs that each mechanism of the test site adds alone, and all together."""
    figure = new_figure(ONE_COLUMN, 2.2)
    axes = figure.subplots()
    together = results["jobs_added_target"].sel(scenario=results.attrs["scenario"])
    rows = [
        (str(name), quantiles(results["jobs_added_by_mechanism"].sel(mechanism=name)))
        for name in results["mechanism"].to_numpy()
    ]
    rows.append(("together", quantiles(together)))
    place = np.arange(len(rows))
    middle = np.array([found[1] for _, found in rows])
    spread = np.array([(found[1] - found[0], found[2] - found[1]) for _, found in rows]).T
    colours = [SKY_BLUE] * (len(rows) - 1) + [DARK_BLUE]
    axes.barh(place, middle, color=colours, height=0.6)
    axes.errorbar(middle, place, xerr=spread, fmt="none", ecolor="black", elinewidth=0.9, capsize=2.5)
    labels = [label(words, "mechanism", name) for name, _ in rows]
    axes.set(yticks=place, yticklabels=labels, xlabel=words["axis.added"])
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    frame = pd.DataFrame(
        [{"mechanism": name, "p10": found[0], "p50": found[1], "p90": found[2]} for name, found in rows]
    )
    return figure, frame


def draw_public_balance(results: xr.Dataset, words: Words) -> tuple[Figure, pd.DataFrame]:
    """Draw the cumulative balance of the public budget to the end of the site."""
    figure = new_figure(ONE_COLUMN, 2.5)
    axes = figure.subplots()
    years = results["account_year"].to_numpy()
    reference = results.attrs["scenario"]
    band(
        axes, years, results["public_balance"].sel(scenario=reference), line_style(results, reference)[0], 1.0 / MILLION
    )
    for name in results["scenario"].to_numpy():
        colour, dashes = line_style(results, name)
        path = quantiles(results["public_balance"].sel(scenario=name))[1] / MILLION
        axes.plot(years, path, dashes, color=colour, label=label(words, "scenario", name))
    axes.axhline(0.0, color="black", linewidth=0.8)
    closing = float(results["closing_year"].median())
    axes.axvline(closing, color="black", linewidth=0.8, linestyle=":")
    axes.annotate(
        words["legend.site_closes"],
        (closing, 0.02),
        (3, 0),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        fontsize=7,
    )
    last = int(np.ceil(quantiles(results["closing_year"])[2])) + 1
    axes.set(ylabel=words["axis.balance"], xlim=(years[0], last))
    axes.set_xticks([year for year in years[::6] if year <= last])
    axes.legend(loc="upper left")
    return figure, quantile_table(results["public_balance"], words, 1.0 / MILLION)
