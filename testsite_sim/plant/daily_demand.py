"""What customers of hydrogen ask for through the day."""

import numpy as np
import xarray as xr

from testsite_sim.configuration.hydrogen import HydrogenDemand


def daily_demand(demand: HydrogenDemand | None, time: xr.DataArray) -> xr.DataArray:
    """Return a demand for hydrogen over time [kg/s]: the daily mass, spread by the hour of the day (UTC)."""
    flow = np.zeros(time.size)
    if demand is not None:
        share = np.array([float(share) for share in demand.hourly_share])
        flow = float(demand.rate) * 24.0 * (share / share.sum())[time.dt.hour.to_numpy()]  # shares are written rounded
    return xr.DataArray(
        flow, coords={"time": time}, dims="time", attrs={"units": "kg s-1", "long_name": "hydrogen demand"}
    )
