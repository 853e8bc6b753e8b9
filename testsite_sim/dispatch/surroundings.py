"""What a plant works in, from series with stamps: every one checked."""

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.errors import DataError
from testsite_sim.common.time_axis import aligned_series
from testsite_sim.dispatch.contracts import PaidContract
from testsite_sim.dispatch.execution import Surroundings


def surroundings(
    wind_power: xr.DataArray,
    price: xr.DataArray,
    demand: xr.DataArray,
    *,
    photovoltaic_power: xr.DataArray | None = None,
    by_product: xr.DataArray | None = None,
    support: float | Floats = 0.0,
    purchase_fee: float = 0.0,
    contracts: tuple[PaidContract, ...] = (),
    step: float | None = None,
) -> Surroundings:
    """Return what a plant works in.

    Parameters
    ----------
    wind_power : xarray.DataArray, dims (time,)
        At the connection of the plant [W]; below zero is the standby power of turbines in a calm.
    price : xarray.DataArray, dims (time,)
        Market price [EUR/J].
    demand : xarray.DataArray, dims (time,)
        Hydrogen that customers ask for [kg/s].
    photovoltaic_power, by_product : xarray.DataArray, dims (time,), optional
        Power of panels [W], by-product hydrogen on offer [kg/s]; None: zero.
    support : float or ndarray, shape (intervals,)
        Paid per energy sold on top of the price [EUR/J].
    purchase_fee : float
        Paid per energy bought on top of the price [EUR/J].
    contracts : tuple of PaidContract
        Whose margins `support` holds.
    step : float, optional
        Expected step of the series [s]; None takes it from the stamps.

    Raises
    ------
    DataError
        When the series do not fit together, have gaps, or a flow or the power of panels is negative.
    """
    none = xr.zeros_like(wind_power)
    panels = none if photovoltaic_power is None else photovoltaic_power
    offered = none if by_product is None else by_product
    series = {
        "wind_power": wind_power,
        "price": price,
        "demand": demand,
        "photovoltaic_power": panels,
        "by_product": offered,
    }
    seconds, values = aligned_series("dispatch", series, step=step)
    for name in ("demand", "photovoltaic_power", "by_product"):
        below = values[name] < 0.0
        if below.any():
            raise DataError(
                f"dispatch: {name} is negative in {int(below.sum())} interval(s), lowest {values[name].min():g}; "
                "expected zero or more."
            )
    paid = np.array(np.broadcast_to(np.asarray(support, np.float64), values["price"].shape))
    if not (np.all(np.isfinite(paid)) and np.isfinite(purchase_fee)):
        raise DataError("dispatch: support or purchase_fee is not finite; expected finite numbers.")
    return Surroundings(
        time=wind_power["time"],
        step=seconds,
        wind=values["wind_power"],
        photovoltaics=values["photovoltaic_power"],
        by_product=values["by_product"],
        demand=values["demand"],
        price=values["price"],
        support=paid,
        purchase_fee=float(purchase_fee),
        contracts=contracts,
    )
