"""Figures of the scorecard."""

from pathlib import Path

import matplotlib
import numpy as np

from testsite_sim.report.style import DARK_BLUE, GREY, SETTINGS, SKY_BLUE, TWO_COLUMNS, VERMILION, new_figure, save
from tools.scorecard.hindcast import Hindcast
from tools.scorecard.rows import OnRows, Row, label
from tools.scorecard.statistics import by_class
from tools.scorecard.zone import MAIN, Months, classes, scored

STYLES = (("-", DARK_BLUE), ("--", GREY), ("-.", SKY_BLUE), ("-", VERMILION), (":", DARK_BLUE))


def draw_months(periods: list[Months], folder: Path) -> None:
    """Draw the metered months and the P10 to P90 of the ensemble."""
    names = [name for each in periods for name in each.names]
    low, middle, high, simulated = (
        np.concatenate([getattr(each, name) / each.measured for each in periods])
        for name in ("low", "middle", "high", "simulated")
    )
    place = np.arange(len(names))
    with matplotlib.rc_context(SETTINGS):
        figure = new_figure(TWO_COLUMNS, 2.8)
        axes = figure.add_subplot()
        axes.bar(place, high - low, 0.7, bottom=low, color=SKY_BLUE, label="P10 to P90 of the ensemble")
        axes.plot(place, middle, "_", color=DARK_BLUE, markersize=12, label="P50")
        axes.plot(place, simulated, "x", color=VERMILION, label="scenario")
        axes.axhline(1.0, color="black", linewidth=0.8, label="metered")
        axes.set_xticks(place, names, rotation=60)
        axes.set_ylim(min(0.95, float(low.min())) - 0.05, float(high.max()) + 0.05)
        axes.set_ylabel("mean power over the metered [1]")
        axes.legend(ncols=4, loc="upper center", bbox_to_anchor=(0.5, 1.2))
        save(figure, folder, "scorecard-months", ("png",))


def draw_zone(hindcasts: list[Hindcast], folder: Path) -> None:
    """Draw simulated over metered power, and the error by direction and by wind speed."""
    with matplotlib.rc_context(SETTINGS):
        figure = new_figure(TWO_COLUMNS, 2.6 * len(hindcasts))
        grid = figure.subplots(len(hindcasts), 3, squeeze=False)
        for (cloud, direction, speed), hindcast in zip(grid, hindcasts, strict=True):
            period, meter, power = hindcast.measured.period, scored(hindcast), hindcast.power[MAIN]
            known = meter.notna()
            cloud.hexbin(power[known], meter[known], gridsize=40, bins="log", cmap="Greys", mincnt=1)
            cloud.plot([0, period.capacity], [0, period.capacity], "--", color=VERMILION, linewidth=0.8)
            cloud.set_xlabel("simulated [MW]")
            cloud.set_ylabel(f"{period.name}\nmetered [MW]")
            by = classes(hindcast)
            for axes, name, axis in (
                (direction, "wind direction", "wind direction [degree]"),
                (speed, "wind speed at 10 m", "wind speed at 10 m [m/s]"),
            ):
                found = by_class(power, meter, by[name].astype(str)).sort_index()
                middle = [
                    float(each[:3].strip("° t")) + (0.0 if name == "wind direction" else 1.0) for each in found.index
                ]
                apart = (found["simulated"] - found["measured"]) / period.capacity
                axes.plot(middle, 100.0 * apart, "o-", color=DARK_BLUE, markersize=3)
                axes.axhline(0.0, color=GREY, linewidth=0.8)
                axes.set_xlabel(axis)
                axes.set_ylabel("error [% of capacity]")
        save(figure, folder, "scorecard-zone", ("png",))


def draw_rows(rows: list[Row], found: list[OnRows], folder: Path) -> None:
    """Draw the measured rows and what this project's models give."""
    ours = [each for each in found if each.program == "testsite-sim"]
    with matplotlib.rc_context(SETTINGS):
        figure = new_figure(TWO_COLUMNS, 4.6)
        grid = figure.subplots(2, 3).ravel()
        for axes, row in zip(grid, rows, strict=False):
            place = np.arange(1, row.power.size + 1)
            axes.plot(place, row.power, "ko", markersize=3, label="measured")
            for (style, colour), each in zip(STYLES, ours, strict=True):
                axes.plot(place, each.rows[label(row)], linestyle=style, color=colour, label=each.model)
            axes.set_title(label(row))
            axes.set_xlabel("turbine in the row")
            axes.set_ylabel("power over the first [1]")
        for spare in grid[len(rows) :]:
            spare.set_axis_off()
        handles, names = grid[0].get_legend_handles_labels()
        grid[-1].legend(handles, names, loc="center")
        save(figure, folder, "scorecard-rows", ("png",))
