"""Generated waves as a Dataset: height and period with their CF attributes."""

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats


def waves_of_heights(time: NDArray[np.datetime64], height: Floats, period_factor: float) -> xr.Dataset:
    """Return significant wave height and wave period over (time,): the period goes with the root of the height.

    Parameters
    ----------
    time : ndarray of datetime64, shape (time,)
        Stamps, UTC.
    height : ndarray, shape (time,)
        Significant wave height [m].
    period_factor : float
        Period over the root of the height [s m-1/2].
    """
    described = {
        "significant_wave_height": (height, "m", "sea_surface_wave_significant_height"),
        "wave_period": (period_factor * np.sqrt(height), "s", "sea_surface_wave_zero_upcrossing_period"),
    }
    return xr.Dataset(
        {
            name: ("time", values, {"units": units, "long_name": name.replace("_", " "), "standard_name": standard})
            for name, (values, units, standard) in described.items()
        },
        coords={"time": time},
    )
