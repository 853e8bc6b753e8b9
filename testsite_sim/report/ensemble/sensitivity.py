"""The factors that matter most to the headline outputs."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from testsite_sim.output import units_text
from testsite_sim.report.ensemble.headlines import scale_of, shown_headlines
from testsite_sim.report.style import DARK_BLUE, SKY_BLUE, TWO_COLUMNS, new_figure

MOST_BARS = 8


def draw_sensitivity(results: xr.DataTree) -> tuple[Figure, xr.Dataset]:
    """Draw the factors of each headline output as bars with their 95 % intervals, the most important first.

    Parameters
    ----------
    results : xarray.DataTree
        Groups `members`, `sensitivity`.

    Returns
    -------
    tuple[matplotlib.figure.Figure, xarray.Dataset]
        The figure, and the indices of what it shows.
    """
    sensitivity = results["sensitivity"].to_dataset()
    is_sobol = sensitivity.attrs["design"] == "sobol"
    main, error, second = (
        ("sobol_total", "sobol_total_confidence", "sobol_first")
        if is_sobol
        else ("morris_mean", "morris_mean_confidence", "morris_spread")
    )
    names = [name for name in shown_headlines(results) if np.isfinite(sensitivity[main].sel(output=name)).all()]
    bars = min(MOST_BARS, sensitivity.sizes["factor"])
    figure = new_figure(TWO_COLUMNS, 0.5 + len(names) * (0.5 + 0.19 * bars))
    panels = figure.subplots(max(len(names), 1), 1, squeeze=False)[:, 0]
    words = ("total, with interactions", "by itself") if is_sobol else ("mean absolute effect", "spread of the effect")
    for axes, name in zip(panels, names, strict=False):
        chosen = sensitivity.sel(output=name)
        order = np.argsort(-chosen[main].to_numpy(), kind="stable")[:bars]
        units = "1" if is_sobol else str(chosen["units"].item())
        shown, factor = ("%", 100.0) if is_sobol else scale_of(units)
        place = np.arange(bars)
        values, half, other = (chosen[key].to_numpy()[order] * factor for key in (main, error, second))
        error_bars: dict[str, Any] = {"linewidth": 0.8, "ecolor": "#404040"}
        axes.barh(place - 0.2, values, 0.4, xerr=half, color=DARK_BLUE, label=words[0], error_kw=error_bars)
        axes.barh(place + 0.2, np.maximum(other, 0.0), 0.4, color=SKY_BLUE, hatch="///", label=words[1])
        axes.set(yticks=place, yticklabels=[str(chosen["factor"].to_numpy()[k]) for k in order])
        what = "share of the variance" if is_sobol else "change over the whole range of the factor"
        axes.set_xlabel(f"{name.replace('_', ' ')}: {what} [{shown or units_text(units)}]".replace(" []", ""))
        axes.set_xlim(left=0.0)
        axes.invert_yaxis()
        axes.grid(visible=False, axis="y")
    if names:
        panels[0].legend(loc="lower right")
    return figure, sensitivity.sel(output=names).drop_vars("units")
