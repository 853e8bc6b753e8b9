"""How the headline outputs follow the swept keys."""

import re
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.figure import Figure
from numpy.typing import NDArray

from testsite_sim.report.ensemble.headlines import label_of, plain_ticks, scale_of, shown_headlines
from testsite_sim.report.style import DARK_BLUE, GREY, SKY_BLUE, TWO_COLUMNS, VERMILION, new_figure

_NUMBER = re.compile(r"\s*([-+]?[\d.]+(?:[eE][-+]?\d+)?)\s*(.*)")
STYLES = ((DARK_BLUE, "-"), (VERMILION, "--"), (SKY_BLUE, "-."), (GREY, ":"))


def draw_sweep(results: xr.DataTree) -> tuple[Figure, xr.Dataset]:
    """Draw P50, with P5 to P95, of each headline output against the first key; one line for each value of the others.

    Without random members, the scenario of each point. Where there are more than four combinations of the other keys,
    the first four are drawn; the data next to the figure has all.

    Parameters
    ----------
    results : xarray.DataTree
        Group `statistics` of a sweep.

    Returns
    -------
    tuple[matplotlib.figure.Figure, xarray.Dataset]
        The figure, and its data over (point, output).
    """
    statistics = results["statistics"].to_dataset()
    names = followed_headlines(results)
    keys = [str(name) for name in statistics.coords if statistics[name].dims == ("point",)]
    first, others = keys[0], keys[1:]
    written = [str(text) for text in statistics[first].to_numpy()]
    place, unit, ticks = _places(written)
    series = [", ".join(f"{key} = {statistics[key].to_numpy()[k]}" for key in others) for k in range(len(written))]
    has_members = bool(np.isfinite(statistics["mean"]).any())
    rows = -(-len(names) // 2)
    figure = new_figure(TWO_COLUMNS, (0.8 if others else 0.4) + 1.9 * rows)
    panels = figure.subplots(rows, 2, squeeze=False).ravel()
    for axes, name in zip(panels, names, strict=False):
        chosen = statistics.sel(output=name)
        units = str(chosen["units"].item())
        factor = scale_of(units)[1]
        for label, (colour, style) in zip(dict.fromkeys(series), STYLES, strict=False):
            rows_of = [k for k in range(len(series)) if series[k] == label]
            at = place[rows_of]
            order = np.argsort(at, kind="stable")
            line = chosen["central"].to_numpy()
            if has_members:
                low, line, high = (chosen["percentile_value"].sel(percentile=p).to_numpy() for p in (5, 50, 95))
                low, high = (limit[rows_of][order] * factor for limit in (low, high))
                axes.fill_between(at[order], low, high, color=colour, alpha=0.15, linewidth=0.0)
            look: dict[str, Any] = {"color": colour, "linestyle": style, "marker": "o", "markersize": 3}
            axes.plot(at[order], line[rows_of][order] * factor, label=label or None, **look)
        axes.set_ylabel(label_of(name, units).replace(" [", "\n["))
        axes.set_xlabel(f"{first}{f' [{unit}]' if unit else ''}")
        if ticks is not None:
            axes.set_xticks(range(len(ticks)), ticks)
        plain_ticks(axes, "y")
    for axes in panels[len(names) :]:
        axes.set_visible(False)
    if others and names:
        handles, labels = panels[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=1 if len(others) > 1 else 2)
    table = statistics[["central", "mean", "percentile_value"]].sel(output=names, percentile=[5, 50, 95])
    return figure, table.drop_vars(["units", "description"])


def followed_headlines(results: xr.DataTree) -> list[str]:
    """Return the headline outputs of a sweep that change from point to point: none where the keys change nothing."""
    central = results["statistics"].to_dataset()["central"]
    return [name for name in shown_headlines(results) if _follows(central.sel(output=name).to_numpy())]


def _follows(values: NDArray[np.float64]) -> bool:
    """Return whether an output changes from point to point."""
    known = values[np.isfinite(values)]
    return bool(known.size) and float(np.ptp(known)) > 1e-6 * float(np.abs(known).max())


def _places(written: list[str]) -> tuple[NDArray[np.float64], str, list[str] | None]:
    """Return positions of a key's values on an axis, its unit, and the texts of its ticks where it is not a number."""
    matches = [_NUMBER.fullmatch(text) for text in written]
    units = {match[2] for match in matches if match}
    if all(matches) and len(units) == 1:
        return np.array([float(match[1]) for match in matches if match]), units.pop(), None
    names = list(dict.fromkeys(written))
    return np.array([float(names.index(text)) for text in written]), "", names
