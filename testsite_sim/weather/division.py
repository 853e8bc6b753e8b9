"""A record in finer steps than it was made: prices hold, wind and weather go straight from value to value."""

import numpy as np
import xarray as xr

from testsite_sim.errors import DataError

MOST_PARTS = 60  # of one interval: an hour in minutes


def divide_intervals(record: xr.Dataset, step: float, name: str) -> xr.Dataset:
    """Return a record in steps of `step` seconds.

    The price of an interval is that of all its parts, as an hourly product is traded. Everything else is linear in time
    between the values of the record (directions along the shorter arc), and holds after the last: no fluctuation
    is added that the record does not have.

    Parameters
    ----------
    record : xarray.Dataset, dims (time, …)
        Rising stamps at a constant step, no gaps.
    step : float
        Wanted interval [s]; a whole fraction of that of the record.
    name : str
        Of the record, for the message.

    Raises
    ------
    DataError
        When the step of the record is no whole multiple of the wanted one.
    """
    stamps = record["time"].to_numpy().astype("datetime64[ns]")
    own = float((stamps[1] - stamps[0]) / np.timedelta64(1, "s"))
    parts = round(own / step)
    if parts < 1 or parts > MOST_PARTS or abs(parts * step - own) > 1e-6 * own:
        raise DataError(
            f"weather: {name} has a step of {own:g} s, which cannot be divided into {step:g} s; "
            f"wanted {own:g} s over a whole number of at most {MOST_PARTS}."
        )
    if parts == 1:
        return record
    fine = (stamps[:, None] + np.arange(parts) * np.timedelta64(round(step * 1e9), "ns")).ravel()
    weight = np.tile(np.arange(parts) / parts, stamps.size)
    before = np.repeat(np.arange(stamps.size), parts)
    after = np.minimum(before + 1, stamps.size - 1)

    def divided(series: xr.DataArray) -> xr.DataArray:
        if "time" not in series.dims:
            return series
        axis = series.get_axis_num("time")
        values = series.to_numpy()
        one, two = (np.take(values, index, axis=axis) for index in (before, after))
        if series.name == "day_ahead_price":
            mixed = one
        else:
            share = weight.reshape([-1 if k == axis else 1 for k in range(values.ndim)])
            change = two - one
            if "direction" in str(series.name):
                change = (change + 180.0) % 360.0 - 180.0
            mixed = one + share * change
            if "direction" in str(series.name):
                mixed = mixed % 360.0
        coords = {key: item for key, item in series.coords.items() if "time" not in item.dims}
        return xr.DataArray(mixed, dims=series.dims, coords={**coords, "time": fine}, attrs=series.attrs)

    result = xr.Dataset({str(key): divided(item) for key, item in record.data_vars.items()}, attrs=record.attrs)
    result["time"].attrs.update(record["time"].attrs)
    return result.assign_attrs(division=f"intervals of {own:g} s divided into {parts}: prices hold, the rest is linear")
