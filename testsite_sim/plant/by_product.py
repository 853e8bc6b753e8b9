"""By-product hydrogen on offer over time."""

import numpy as np
import xarray as xr

from testsite_sim.common.errors import DataError
from testsite_sim.common.time_axis import aligned_series
from testsite_sim.configuration.by_product import ByProduct

BY_PRODUCT = "by_product_hydrogen"


def by_product_series(by_product: ByProduct | None, record: xr.Dataset) -> xr.DataArray:
    """Return the by-product hydrogen on offer over a weather record [kg/s], dims (time,).

    Raises
    ------
    DataError
        When the record should carry it and does not, or carries a negative value.
    """
    time = record["time"]
    if by_product is None:
        flow = np.zeros(time.size)
    elif by_product.from_record:
        if BY_PRODUCT not in record:
            raise DataError(
                f"by-product hydrogen: the weather record carries no {BY_PRODUCT}; add the column, or state a `rate`."
            )
        aligned_series("by-product hydrogen", {BY_PRODUCT: record[BY_PRODUCT]}, least=0.0)
        flow = np.asarray(record[BY_PRODUCT].to_numpy(), np.float64)
    else:
        factor = np.ones(24) if by_product.hourly_factor is None else np.array(by_product.hourly_factor, np.float64)
        flow = float(by_product.rate or 0.0) * factor[time.dt.hour.to_numpy()]
    attributes = {"units": "kg s-1", "long_name": "by-product hydrogen on offer"}
    return xr.DataArray(flow, coords={"time": time}, dims="time", attrs=attributes)
