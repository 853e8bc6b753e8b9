"""Distribution of the headline outputs over the members."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from testsite_sim.report.ensemble.headlines import differs, label_of, plain_ticks, scale_of, shown_headlines
from testsite_sim.report.style import DARK_BLUE, SKY_BLUE, TWO_COLUMNS, VERMILION, new_figure

SHOWN = (5, 50, 95)


def draw_distributions(results: xr.DataTree) -> tuple[Figure, xr.Dataset]:
    """Draw the members of each headline output as a histogram with P5, P50 and P95, their errors, and member 0.

    Parameters
    ----------
    results : xarray.DataTree
        Groups `members`, `statistics`.

    Returns
    -------
    tuple[matplotlib.figure.Figure, xarray.Dataset]
        The figure, and the members of what it shows.
    """
    members, statistics = results["members"].to_dataset(), results["statistics"].to_dataset().isel(point=0)
    names = shown_headlines(results)
    rows = -(-len(names) // 2)
    figure = new_figure(TWO_COLUMNS, 0.5 + 1.75 * rows)
    panels = figure.subplots(rows, 2, squeeze=False).ravel()
    for axes, name in zip(panels, names, strict=False):
        units = str(members[name].attrs["units"])
        _, factor = scale_of(units)
        values = members[name].to_numpy()[1:] * factor
        chosen = statistics.sel(output=name)
        known = values[np.isfinite(values)]
        if differs(known):
            axes.hist(known, bins="auto" if values.size < 20_000 else 80, color=SKY_BLUE)
        else:  # no bin is as narrow as what rounding leaves between them
            axes.hist(np.full(known.size, np.mean(known)), bins=1, color=SKY_BLUE)
        for level in SHOWN:
            at, error = (
                float(chosen[key].sel(percentile=level)) * factor for key in ("percentile_value", "percentile_error")
            )
            axes.axvspan(at - error, at + error, color=DARK_BLUE, alpha=0.25, linewidth=0.0)
            axes.axvline(at, color=DARK_BLUE, linewidth=1.0, linestyle="-" if level == 50 else "--")
            place: dict[str, Any] = {
                "xycoords": ("data", "axes fraction"),
                "textcoords": "offset points",
                "ha": "center",
            }
            axes.annotate(f"P{level}", (at, 1.0), (0, 2), fontsize=6.5, **place)
        central = float(chosen["central"]) * factor
        axes.axvline(central, color=VERMILION, linewidth=1.2, linestyle=":")
        axes.set(xlabel=label_of(name, units), ylabel="members")
        axes.grid(visible=False, axis="x")
        plain_ticks(axes)
        axes.locator_params(axis="x", nbins=6)
    for axes in panels[len(names) :]:
        axes.set_visible(False)
    figure.legend(
        handles=[
            panels[0].plot([], [], color=DARK_BLUE, linestyle="-", label="P50, with its standard error")[0],
            panels[0].plot([], [], color=DARK_BLUE, linestyle="--", label="P5 and P95")[0],
            panels[0].plot([], [], color=VERMILION, linestyle=":", label="scenario without variation")[0],
        ],
        loc="outside lower center",
        ncols=3,
    )
    return figure, members[names]
