"""What the figures of the study share: its horizons, the colours of markets and applications, stacks."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.report.style import DARK_BLUE, GREY, LIGHT_GREY, SKY_BLUE, VERMILION, YELLOW
from testsite_sim.studies.framework.report.lines import band, line_style, quantiles
from testsite_sim.studies.framework.words import Words, label

# By name of an application, a market, or a source: colours that differ in lightness, and a hatch.
PARTS = {
    "forklift": (DARK_BLUE, ""),
    "truck": (SKY_BLUE, ""),
    "bus": (VERMILION, ""),
    "balancing": (YELLOW, "\\\\\\\\"),
    "logistics": (DARK_BLUE, ""),
    "public-transport": (VERMILION, ""),
    "hydrogen_by_product": (LIGHT_GREY, "////"),
    "hydrogen_electrolysis": (SKY_BLUE, ""),
}
THOUSAND, MILLION, TONNE = 1e3, 1e6, 1e3
KILOMETRE = 1e3  # [m]


def horizons(results: xr.Dataset) -> list[tuple[str, xr.Dataset]]:
    """Return name and Dataset of every horizon, with its years."""
    belongs = results["horizon_of_year"].to_numpy()
    found = []
    for number, name in enumerate(str(name) for name in results["horizon"].to_numpy()):
        years = np.flatnonzero(belongs == name)
        # The years of a horizon follow each other: a slice of them copies nothing.
        found.append((name, results.isel(year=slice(int(years[0]), int(years[-1]) + 1), horizon=number)))
    return found


def fill_style(name: str, number: int = 0) -> tuple[str, str]:
    """Return colour and hatch of a part; by its number, where it is not known."""
    others = ((DARK_BLUE, ""), (SKY_BLUE, ""), (VERMILION, ""), (YELLOW, "\\\\\\\\"), (GREY, "////"))
    return PARTS.get(name, others[number % len(others)])


def draw_scenarios(
    axes: Axes, years: Floats, values: xr.DataArray, results: xr.Dataset, named: Callable[[str], str]
) -> None:
    """Draw the median of every scenario over the years, and the band of the reference scenario.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        Drawn on.
    years : array, (year,)
        Calendar years.
    values : xarray.DataArray, dims (member, scenario, year)
        What is drawn.
    results : xarray.Dataset
        Of the study: its scenarios, and which of them is the reference.
    named : callable
        From a scenario to its text in the legend.
    """
    reference = results.attrs["scenario"]
    band(axes, years, values.sel(scenario=reference), line_style(results, reference)[0])
    for scenario in results["scenario"].to_numpy():
        colour, dashes = line_style(results, scenario)
        axes.plot(years, quantiles(values.sel(scenario=scenario))[1], dashes, color=colour, label=named(scenario))


def stack(axes: Axes, x: Floats, parts: Mapping[str, Floats], words: Words, kind: str) -> None:
    """Draw parts on top of each other, each with its colour and its label as one of a kind, over x."""
    below = np.zeros(len(x))
    for number, (name, size) in enumerate(parts.items()):
        colour, hatch = fill_style(name, number)
        edge = "#404040" if hatch else colour
        axes.fill_between(
            x,
            below,
            below + size,
            facecolor=colour,
            hatch=hatch,
            edgecolor=edge,
            linewidth=0.0,
            label=label(words, kind, name),
        )
        below = below + size


def spread(variable: xr.DataArray, factor: float = 1.0) -> tuple[float, float, float]:
    """Return P10, P50 and P90 of a variable over members alone."""
    low, middle, high = quantiles(variable) * factor
    return float(low), float(middle), float(high)


def row_of(found: tuple[float, float, float], **names: object) -> dict[str, object]:
    """Return a row of the data of a figure: what it is, P10, P50, P90."""
    return {**names, "p10": found[0], "p50": found[1], "p90": found[2]}


def whisker(axes: Axes, at: float, found: tuple[float, float, float], *, upright: bool = True) -> None:
    """Draw the range from P10 to P90 as a whisker; what has an end that is not finite has none."""
    if not np.isfinite(found).all():
        return
    spans = [[found[1] - found[0]], [found[2] - found[1]]]
    if upright:
        axes.errorbar([at], [found[1]], yerr=spans, fmt="none", ecolor="black", elinewidth=0.9, capsize=2.0)
    else:
        axes.errorbar([found[1]], [at], xerr=spans, fmt="none", ecolor="black", elinewidth=0.9, capsize=2.0)


def year_ticks(axes: Axes, years: NDArray[np.int64], most: int = 5) -> None:
    """Put whole years under an axis, its last one among them."""
    step = max(1, int(np.ceil((len(years) - 1) / most)))
    axes.set_xticks(years[::-1][::step][::-1])
    axes.set_xlim(years[0], years[-1])


def slanted_ticks(axes: Axes, ticks: Sequence[tuple[float, str]]) -> None:
    """Write names below their places under an axis, at a slant, so that long ones fit."""
    places, names = [place for place, _ in ticks], [name for _, name in ticks]  # there may be none
    axes.set_xticks(places, names, rotation=60, ha="right", rotation_mode="anchor", fontsize=7)


def wrapped(text: str, width: int) -> str:
    """Return a text in lines of at most `width` letters, broken between words."""
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def frame(rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Return the data of a figure as a table."""
    return pd.DataFrame(list(rows))
