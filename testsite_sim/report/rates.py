"""The rates of a plant for figures: what it does not have is zero."""

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats


def rate(plant: xr.Dataset, name: str) -> Floats:
    """Return a rate or content over time, zeros where the plant has none."""
    return np.asarray(plant[name].to_numpy(), np.float64) if name in plant else np.zeros(plant.sizes["time"])
