"""A record in finer steps than it was made: prices hold, wind and weather go straight from value to value."""

import numpy as np
import xarray as xr

from testsite_sim.common.errors import DataError
from testsite_sim.common.time_axis import step_of
from testsite_sim.weather.intervals import divide

MOST_PARTS = 60  # of one interval: an hour in minutes


def divide_intervals(record: xr.Dataset, step: float, name: str) -> xr.Dataset:
    """Return a record in steps of `step` seconds.

    The price of an interval is that of all its parts, as an hourly product is traded, and so are metered flows.
    Everything else is linear in time between the values of the record (directions along the shorter arc), and holds
    after the last: no fluctuation is added that the record does not have.

    Parameters
    ----------
    record : xarray.Dataset, dims (time, …)
        Rising stamps at a constant step, no gaps.
    step : float
        Expected interval [s]; a whole fraction of that of the record.
    name : str
        Of the record, for the message.

    Raises
    ------
    DataError
        When the step of the record is not a whole multiple of the requested one.
    """
    stamps = record["time"].to_numpy().astype("datetime64[ns]")
    own = step_of(stamps)
    parts = round(own / step)
    if parts < 1 or parts > MOST_PARTS or abs(parts * step - own) > 1e-6 * own:
        raise DataError(
            f"weather: {name} has a step of {own:g} s, which cannot be divided into {step:g} s; "
            f"expected {own:g} s over a whole number of at most {MOST_PARTS}."
        )
    if parts == 1:
        return record
    lengths = np.full(stamps.size, stamps[1] - stamps[0])
    fine = divide(record, lengths, np.timedelta64(round(step * 1e9), "ns"))
    return fine.assign_attrs(division=f"intervals of {own:g} s divided into {parts}: prices hold, the rest is linear")
