"""The wind of a record as it may be at the farm: wrong as a whole, and by month of the year."""

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.configuration.weather import WindError


def month_factors(time: xr.DataArray, error: WindError) -> NDArray[np.float64]:
    """Return the factor on the wind speed at each time [1], shape (time,).

    Parameters
    ----------
    time : xarray.DataArray, dims (time,)
        Stamps in UTC.
    error : WindError
        The factor of the record and those of the twelve months of the year.

    Examples
    --------
    >>> import numpy as np, xarray as xr
    >>> from testsite_sim.configuration.weather import WindError
    >>> error = WindError(title="of an example", record=1.1, months=[1.0, 0.5, *[1.0] * 10])
    >>> stamps = xr.DataArray(np.array(["2015-01-31T23:00", "2015-02-01T00:00"], "datetime64[ns]"), dims="time")
    >>> month_factors(stamps, error).round(2)
    array([1.1 , 0.55])
    """
    months = time.to_numpy().astype("datetime64[M]").astype(np.int64) % 12  # counted from January 1970
    return float(error.record) * np.array([float(each) for each in error.months])[months]


def with_wind_error(weather: xr.Dataset, error: WindError | None) -> xr.Dataset:
    """Return weather whose wind speed is multiplied by the factors of an error; as it is where there is none.

    Parameters
    ----------
    weather : xarray.Dataset, dims (time, ...)
        With wind_speed [m/s] over time.
    error : WindError, optional
        The factors; all of them 1 leave the wind as it is.
    """
    if error is None:
        return weather
    factors = xr.DataArray(month_factors(weather["time"], error), dims="time", coords={"time": weather["time"]})
    speed = weather["wind_speed"]
    moved = (speed * factors).transpose(*speed.dims).assign_attrs(speed.attrs)
    return weather.assign(wind_speed=moved)
