"""From a weather record to what vessels and crews look at: wind at working height, waves, and the calendar."""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.common.errors import DataError
from testsite_sim.common.time_axis import hours_of_day, months
from testsite_sim.common.units import DAY

WORKING_HEIGHT = 100.0  # [m] the height to which every wind is carried


@dataclass(frozen=True)
class SeaState:
    """Series (time,): wind_speed [m/s], significant_wave_height [m], stamps; step [s]; month 0 … 11; hour of day.

    Made by `sea_state`; the arrays are contiguous, without gaps. The wind is that at `height` [m]; the power law with
    `shear_exponent` carries limits of the wind from other heights to it.
    """

    time: NDArray[np.datetime64]
    step: float
    wind_speed: NDArray[np.float64]
    significant_wave_height: NDArray[np.float64]
    month: NDArray[np.int8]
    hour: NDArray[np.float64]
    height: float = WORKING_HEIGHT
    shear_exponent: float = 0.1

    def wind_limit(self, limit: float | None, height: float) -> float:
        """Return the limit of the wind speed at this sea state's height for one that holds at `height` [m/s]."""
        return np.inf if limit is None else float(limit) * (self.height / float(height)) ** self.shear_exponent

    @property
    def years(self) -> float:
        """Length of the record [years of 365.25 days]."""
        return self.time.size * self.step / (365.25 * DAY)


def sea_state(record: xr.Dataset, *, shear_exponent: float = 0.1) -> SeaState:
    """Return wind and waves of a record, checked.

    Parameters
    ----------
    record : xarray.Dataset, dims (time, …)
        With significant_wave_height [m] and wind_speed_at_hub, or wind_speed (time, height) [m/s].
    shear_exponent : float
        Of the power law that carries the wind of the nearest level to 100 m, and limits of the wind to 100 m.

    Returns
    -------
    SeaState

    Raises
    ------
    DataError
        When waves or wind are missing, have gaps or are negative, or the step is not constant.
    """
    if "significant_wave_height" not in record:
        raise DataError(
            "sea state: the weather record has no significant_wave_height; expected a record with waves, for example "
            "`north-sea-58n-1994-2023`, or `generate_metocean`."
        )
    wind = working_wind(record, shear_exponent)
    return sea_of_series(wind, record["significant_wave_height"], shear_exponent=shear_exponent)


def sea_of_series(wind: xr.DataArray, waves: xr.DataArray, *, shear_exponent: float = 0.1) -> SeaState:
    """Return the wind at 100 m [m/s] and the significant wave height [m], dims (time,), as `sea_state` does."""
    time = wind["time"].to_numpy().astype("datetime64[ns]")
    if time.size < 2:
        raise DataError(f"sea state: found {time.size} stamp(s); expected at least two.")
    steps = np.diff(time) / np.timedelta64(1, "s")
    if not np.all(steps == steps[0]) or steps[0] <= 0.0:
        worst = int(np.argmax(steps != steps[0]))
        raise DataError(f"sea state: the step is not constant, found {steps[worst]:g} s after {time[worst]}.")
    series = {"wind_speed": wind, "significant_wave_height": waves}
    arrays = {name: np.ascontiguousarray(item.to_numpy(), dtype=np.float64) for name, item in series.items()}
    for name, array in arrays.items():
        wrong = ~(array >= 0.0)
        if wrong.any():
            raise DataError(
                f"sea state: {name} is missing or negative in {int(wrong.sum())} interval(s), first at "
                f"{time[int(np.argmax(wrong))]}; repair the record."
            )
    return SeaState(
        time,
        float(steps[0]),
        arrays["wind_speed"],
        arrays["significant_wave_height"],
        months(time),
        hours_of_day(time),
        shear_exponent=shear_exponent,
    )


def working_wind(record: xr.Dataset, shear_exponent: float = 0.1) -> xr.DataArray:
    """Return the wind speed of a record at 100 m, from its nearest level, or the only one without a height [m/s].

    Raises
    ------
    DataError
        When it has none.
    """
    if "wind_speed_at_hub" in record:
        return record["wind_speed_at_hub"]
    if "wind_speed" not in record:
        raise DataError("sea state: the weather record has neither wind_speed_at_hub nor wind_speed.")
    wind = record["wind_speed"]
    if "height" not in wind.dims:
        return wind
    wind = wind.sel(height=WORKING_HEIGHT, method="nearest")
    factor: float = (WORKING_HEIGHT / float(wind["height"])) ** shear_exponent
    return wind * factor
