"""What the figures of all studies share: the line of each scenario, quantiles, bands."""

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.report.style import DARK_BLUE, GREY, SKY_BLUE, VERMILION
from testsite_sim.studies.framework.words import Words, label

LINE_STYLES = ((DARK_BLUE, "-"), (VERMILION, "--"), (SKY_BLUE, "-."), (GREY, ":"))


def line_style(results: xr.Dataset, scenario: str) -> tuple[str, str]:
    """Return colour and dashes of a scenario."""
    names = results["scenario"].to_numpy().tolist()
    return LINE_STYLES[names.index(scenario) % len(LINE_STYLES)]


def quantiles(variable: xr.DataArray) -> Floats:
    """Return P10, P50 and P90 over the members, shape (3, …)."""
    axis = variable.get_axis_num("member")
    return np.asarray(np.quantile(variable.to_numpy(), [0.1, 0.5, 0.9], axis=axis, method="inverted_cdf"))


def quantile_table(variable: xr.DataArray, words: Words, factor: float = 1.0) -> pd.DataFrame:
    """Return P10, P50 and P90 of a variable as a table with its dimensions and its name."""
    rows = (variable * factor).quantile([0.1, 0.5, 0.9], "member", method="inverted_cdf")
    frame = rows.to_series().unstack("quantile").set_axis(["p10", "p50", "p90"], axis=1).reset_index()
    frame.insert(0, "quantity", label(words, "variable", str(variable.name)))
    return frame


def band(axes: Axes, x: Floats, variable: xr.DataArray, colour: str, factor: float = 1.0) -> None:
    """Draw the band between P10 and P90."""
    low, _, high = quantiles(variable) * factor
    axes.fill_between(x, low, high, color=colour, alpha=0.18, linewidth=0)
