"""The week that a figure shows, and the axis of its months."""

from collections.abc import Callable

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats

WEEK = np.timedelta64(7, "D")


def week_of_highest(plant: xr.Dataset, score: Callable[[NDArray[np.int64], int], Floats]) -> xr.Dataset:
    """Return the week, from midnight on, of the highest score; all there is where no whole week is.

    Parameters
    ----------
    plant : xarray.Dataset
        Over `time`.
    score : callable
        Takes the rows at which weeks begin and their length [rows], and returns the score of each, as an array.
    """
    stamps = plant["time"].to_numpy()
    length = int(min(WEEK // (stamps[1] - stamps[0]), stamps.size))
    starts = np.flatnonzero(stamps == stamps.astype("datetime64[D]"))
    starts = starts[starts + length <= stamps.size]
    best = starts[int(np.argmax(score(starts, length)))] if starts.size > 0 else 0
    return plant.isel(time=slice(best, best + length))


def label_months(axes: Axes, place: NDArray[np.int64], months: NDArray[np.datetime64]) -> None:
    """Write the months below their places, as many as can be read."""
    every = max(1, months.size // 24)
    axes.set_xticks(place[::every], months.astype(str)[::every], rotation=90 if months.size > 12 else 0, fontsize=7)
    axes.set_xlabel("month")
