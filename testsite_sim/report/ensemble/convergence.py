"""Convergence of the percentiles with the number of members."""

import numpy as np
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from testsite_sim.ensemble.statistics import percentile_errors
from testsite_sim.report.ensemble.headlines import label_of, plain_ticks, scale_of, shown_headlines
from testsite_sim.report.style import DARK_BLUE, SKY_BLUE, TWO_COLUMNS, VERMILION, new_figure

LEVELS = (5, 50, 95)
FIRST = 20  # members: with fewer, P5 and P95 mean little
CHECKPOINTS = 40  # numbers of members at which the percentiles are drawn


def first_of(members: int) -> int:
    """Return the number of members at which percentiles begin: 20, or a quarter of fewer than 80.

    Examples
    --------
    >>> [first_of(members) for members in (1000, 80, 20, 2, 1)]
    [20, 20, 5, 2, 1]
    """
    return min(FIRST, max(2, members // 4), members)


def draw_convergence(results: xr.DataTree) -> tuple[Figure, xr.Dataset]:
    """Draw P5, P50, P95 and the mean of each headline output against the number of members.

    Parameters
    ----------
    results : xarray.DataTree
        Group `members`.

    Returns
    -------
    tuple[matplotlib.figure.Figure, xarray.Dataset]
        The figure, and its data over (members, output).
    """
    members = results["members"].to_dataset()
    names = shown_headlines(results)
    count = members.sizes["member"] - 1
    checkpoints = np.unique(np.round(np.geomspace(first_of(count), count, CHECKPOINTS)).astype(int))
    table = np.full((checkpoints.size, len(names), 2 * len(LEVELS) + 2), np.nan)
    for column, name in enumerate(names):
        values = members[name].to_numpy()[1:]
        for row, number in enumerate(checkpoints):
            known = np.sort(values[:number][np.isfinite(values[:number])])
            if known.size < 2:
                continue
            levels, errors = percentile_errors(known, LEVELS)
            table[row, column] = [*levels, *errors, known.mean(), known.std(ddof=1) / np.sqrt(known.size)]
    mark = "." if checkpoints.size == 1 else None  # a line of one point is not seen
    rows = -(-len(names) // 2)
    figure = new_figure(TWO_COLUMNS, 0.5 + 1.75 * rows)
    panels = figure.subplots(rows, 2, squeeze=False, sharex=True).ravel()
    if not np.isfinite(table).any():  # of one member: nothing says which numbers of members are shown
        panels[0].set_xlim(0.5 * count, 2.0 * count)
    for column, (axes, name) in enumerate(zip(panels, names, strict=False)):
        units = str(members[name].attrs["units"])
        data = table[:, column] * scale_of(units)[1]
        for k, level in enumerate(LEVELS):
            line, error = data[:, k], data[:, len(LEVELS) + k]
            axes.fill_between(checkpoints, line - error, line + error, color=SKY_BLUE, alpha=0.5, linewidth=0.0)
            axes.plot(checkpoints, line, color=DARK_BLUE, linestyle="-" if level == 50 else "--", marker=mark)
            axes.annotate(
                f"P{level}",
                (1.0, line[-1]),
                (2, 0),
                xycoords=("axes fraction", "data"),
                textcoords="offset points",
                va="center",
                fontsize=6.5,
                annotation_clip=False,
            )
        axes.plot(checkpoints, data[:, -2], color=VERMILION, linewidth=1.0, marker=mark)
        axes.set(xscale="log", ylabel=label_of(name, units).replace(" [", "\n["))
        axes.xaxis.set_tick_params(labelbottom=True)
        plain_ticks(axes, "y")
        # Fewer than ten times as many at the end as at the start have one power of ten, or none, between them.
        axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axes.xaxis.set_minor_formatter(NullFormatter())
        plain_ticks(axes)
    for axes in panels[max(0, len(names) - 2) : len(names)]:
        axes.set_xlabel("members")
    for axes in panels[len(names) :]:
        axes.set_visible(False)
    figure.legend(
        handles=[
            panels[0].plot([], [], color=DARK_BLUE, label="P50; P5 and P95 dashed")[0],
            panels[0].fill_between([], [], [], color=SKY_BLUE, alpha=0.5, label="± standard error"),
            panels[0].plot([], [], color=VERMILION, label="mean")[0],
        ],
        loc="outside lower center",
        ncols=3,
    )
    labels = [f"P{level}" for level in LEVELS]
    kinds = [*labels, *[f"error_of_{each}" for each in labels], "mean", "error_of_mean"]
    data_set = xr.Dataset(
        {kind: (("members", "output"), table[:, :, k]) for k, kind in enumerate(kinds)},
        coords={"members": checkpoints, "output": names},
    )
    return figure, data_set
