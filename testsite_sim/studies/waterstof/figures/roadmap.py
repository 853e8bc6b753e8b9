"""The figure of the roadmap: phases, who takes part in them, and milestones with their dates."""

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from testsite_sim.report.style import DARK_BLUE, GREY, SKY_BLUE, TWO_COLUMNS, VERMILION, new_figure
from testsite_sim.studies.framework.words import Words, label
from testsite_sim.studies.waterstof.figures.frame import frame, horizons, row_of, spread

LEADS, TAKES_PART = 2.0, 1.0
NARROWEST = 0.3  # part of a panel that the words on what is seldom reached need


def draw_roadmap(results: xr.Dataset, words: Words) -> tuple[Figure, pd.DataFrame]:
    """Draw phases by participants and milestones over the years of every horizon, reference scenario."""
    periods = horizons(results)
    reference = results.attrs["scenario"]
    phases, milestones, participants = (
        [str(name) for name in results[dim].to_numpy()] for dim in ("phase", "milestone", "participant")
    )
    lines = len(phases) + len(milestones)
    figure = new_figure(TWO_COLUMNS, 0.19 * lines * len(periods) + 1.0)
    panels = figure.subplots(len(periods), 2, squeeze=False, sharey="row", width_ratios=[5, 1])
    rows: list[dict[str, object]] = []
    for (axes, roles), (horizon, period) in zip(panels, periods, strict=True):
        chosen = period.sel(scenario=reference)
        first, last = int(period["horizon_start"]), int(period["horizon_end"]) + 1
        axes.set_xlim(first, last)
        for place, name in enumerate(phases):
            start = spread(chosen["phase_start"].sel(phase=name))
            end = spread(chosen["phase_end"].sel(phase=name))
            rows += [
                row_of(start, horizon=horizon, kind="phase start", name=name),
                row_of(end, horizon=horizon, kind="phase end", name=name),
            ]
            if start[1] < last:
                axes.barh(place, min(end[1], last) - start[1], left=start[1], height=0.6, color=SKY_BLUE)
                axes.plot([start[0], min(start[2], last)], [place, place], color=DARK_BLUE, linewidth=1.2)
            else:
                _not_reached(axes, place, last, words)
            for column, who in enumerate(participants):
                role = float(results["role"].sel(phase=name, participant=who))
                if role >= TAKES_PART:
                    filled = DARK_BLUE if role == LEADS else "white"
                    roles.plot(column, place, "o", markersize=6, markerfacecolor=filled, markeredgecolor=DARK_BLUE)
        for number, name in enumerate(milestones):
            place = len(phases) + number
            found = spread(chosen["milestone_year"].sel(milestone=name))
            reached = 100.0 * float(np.isfinite(chosen["milestone_year"].sel(milestone=name)).mean())
            rows.append(
                row_of(found, horizon=horizon, kind="milestone", name=name, reached_in_percent_of_draws=reached)
            )
            if found[0] < last:
                axes.plot([found[0], min(found[2], last)], [place, place], color=VERMILION, linewidth=1.4)
            if found[1] < last:
                axes.plot(
                    found[1],
                    place,
                    "D",
                    color=VERMILION,
                    markersize=4.5,
                    markeredgecolor="black",
                    markeredgewidth=0.4,
                    clip_on=False,
                    zorder=3,
                )
            else:
                _not_reached(axes, place, min(found[0], last), words, reached)
        labels = [label(words, "phase", name) for name in phases]
        labels += [label(words, "milestone", name) for name in milestones]
        axes.set_yticks(range(lines), labels, fontsize=6.8)
        axes.set_ylim(lines - 0.4, -0.6)
        step = 1 if last - first <= 10 else 4
        axes.set_xticks(range(first, last + 1, step))
        axes.axhline(len(phases) - 0.5, color=GREY, linewidth=0.8)
        axes.grid(visible=False, axis="y")
        roles.set_xlim(-0.6, len(participants) - 0.4)
        roles.axis("off")
        for column, who in enumerate(participants):
            roles.annotate(
                label(words, "participant", who),
                (column, len(phases) - 0.3),
                rotation=90,
                ha="center",
                va="top",
                fontsize=6.5,
            )
    return figure, frame(rows)


def _not_reached(axes: Axes, place: int, end: float, words: Words, reached: float = 0.0) -> None:
    """Write that something is not reached in most draws, up to where the line of those that reach it begins."""
    first, last = axes.get_xlim()
    right = end > first + NARROWEST * (last - first)  # there is room at its left
    text = words["roadmap.never"] if reached < 0.5 else words["roadmap.seldom"].format(reached=f"{reached:.0f}")
    axes.annotate(
        text,
        (end if right else last, place),
        (-2, 0 if right else 2),
        textcoords="offset points",
        ha="right",
        va="center" if right else "bottom",
        fontsize=6,
        color="#505050",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
    )
