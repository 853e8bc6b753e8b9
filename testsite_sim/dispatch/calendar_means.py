"""Mean prices of calendar months and years, which contracts and supports refer to."""

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats

CALENDAR = {"month": "datetime64[M]", "year": "datetime64[Y]"}


def calendar_means(price: Floats, time: xr.DataArray, period: str, prices: xr.DataArray | None = None) -> Floats:
    """Return the mean price of the calendar month or year (UTC) that each interval lies in, shape (intervals,).

    Parameters
    ----------
    price : ndarray, shape (intervals,)
        Day-ahead [EUR/J].
    time : xarray.DataArray, dims (time,)
        Stamps.
    period : str
        `month` or `year`.
    prices : xarray.DataArray, dims (time,), optional
        Those of the whole record, of which `price` is a part; None: that is all there is.

    Examples
    --------
    >>> days = np.datetime64("2023-01-30", "ns") + np.arange(4) * np.timedelta64(1, "D")
    >>> whole = xr.DataArray([1.0, 3.0, 5.0, 9.0], dims="time", coords={"time": days})
    >>> calendar_means(np.array([3.0, 5.0]), whole["time"][1:3], "month", whole).tolist()
    [2.0, 7.0]
    """
    known, stamps = (price, time) if prices is None else (prices.to_numpy(), prices["time"])
    periods, inverse = np.unique(stamps.to_numpy().astype(CALENDAR[period]), return_inverse=True)
    means = np.bincount(inverse, known) / np.bincount(inverse)
    return np.asarray(means[np.searchsorted(periods, time.to_numpy().astype(CALENDAR[period]))])
