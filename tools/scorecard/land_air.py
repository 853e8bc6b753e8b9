"""The air temperature over the sea, hour by hour, of a year without a measured one: from the days of a station on land.

The climate of air and sea knows season, hour and wind; what it lacks is whether this winter is a warm one. The days of
KNMI's station 340, Woensdrecht, 95 km east of the zone, say so: how far the air of a day is from what is usual, less
what the sea has followed by then. Of that the air over the sea has a share, estimated on a platform at sea and tested
in another year of it and in gusts (`tools/fit_land_air.py`, decision 010). No meter of wind power is read.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.constants import ZERO_CELSIUS

from testsite_sim.configuration.air_sea import AirSeaClimate
from testsite_sim.configuration.loading import load_component
from testsite_sim.weather.air_sea import climatological_difference, sea_temperature

CLIMATE = "southern-north-sea"
DAYS = "etmgeg_340.txt"  # daily values of station 340, Woensdrecht, as KNMI publishes them (daggegevens, CC BY 4.0)
PLACE = "Woensdrecht (KNMI 340), 95 km away"
USUAL = ("2005", "2022")  # years that say what is usual
SHARE = 0.32  # of the air over the sea in what is unusual on land: tools/fit_land_air.py
# Time in which the sea follows the air, density x heat capacity x depth / exchange of heat: 20 to 30 m of mixed water
# and 30 to 40 W/(m2 K) give 24 to 47 days (assumption).
MEMORY = 30.0  # [day]
WARM_UP = 90  # [day] before a period, after which the memory holds nothing of its start
Floats = NDArray[np.float64]


def read_days(data: Path) -> pd.Series | None:
    """Return the mean air temperature [°C] of each day from 2005 on; None where the file is not there."""
    path = data / DAYS
    if not path.exists():
        return None
    lines = (line.split(",") for line in path.read_text(encoding="utf-8", errors="replace").splitlines())
    rows = [each for each in lines if each[0].strip() == "340" and each[1] >= USUAL[0] and each[11].strip()]
    return pd.Series([float(each[11]) / 10.0 for each in rows], index=pd.to_datetime([each[1] for each in rows]))


def unusual(days: pd.Series) -> pd.Series:
    """Return how far each day is from the usual one of its season, the mean and two waves of a year [K]."""
    angle = 2.0 * np.pi * pd.DatetimeIndex(days.index).day_of_year.to_numpy() / 365.25
    rows = np.stack([np.ones_like(angle), *(f(k * angle) for k in (1, 2) for f in (np.cos, np.sin))], axis=1)
    usual = (days.index >= USUAL[0]) & (days.index < str(int(USUAL[1]) + 1))
    fitted = np.linalg.lstsq(rows[usual], days.to_numpy()[usual], rcond=None)[0]
    return pd.Series(days.to_numpy() - rows @ fitted, index=days.index)


def parts(days: pd.Series, hours: pd.DatetimeIndex, memory: float = MEMORY) -> tuple[Floats, Floats]:
    """Return what is unusual on land in each hour [K], straight from noon to noon, and what the sea has followed of it.

    Parameters
    ----------
    days : pandas.Series
        Mean temperatures of days, from `WARM_UP` days before the hours on.
    hours : pandas.DatetimeIndex
        Stamps in UTC.
    memory : float
        In which the sea follows [day].
    """
    apart = unusual(days)
    noon = (apart.index + pd.Timedelta("12h")).to_numpy().astype("datetime64[s]").astype(np.float64)
    whole = pd.date_range(hours[0] - pd.Timedelta(days=WARM_UP), hours[-1], freq="h")
    fast = np.interp(whole.to_numpy().astype("datetime64[s]").astype(np.float64), noon, apart.to_numpy())
    followed = pd.Series(fast).ewm(alpha=1.0 - np.exp(-1.0 / (24.0 * memory))).mean().to_numpy()
    return fast[-hours.size :], np.asarray(followed[-hours.size :], np.float64)


def of_climate(speed: pd.Series, direction: pd.Series) -> pd.Series:
    """Return the air temperature over the sea [°C] that the climate gives to winds at 10 m [m/s], [degree]."""
    climate = load_component("air-sea", CLIMATE, AirSeaClimate)
    wind = {
        name: (("time", "height"), values.to_numpy()[:, None])
        for name, values in (("wind_speed", speed), ("wind_direction", direction))
    }
    record = xr.Dataset(wind, coords={"time": speed.index.to_numpy(), "height": [10.0]})
    made = sea_temperature(speed.index.to_numpy(), climate) + climatological_difference(record, climate)
    return pd.Series(made, index=speed.index)


def over_sea(speed: pd.Series, direction: pd.Series, days: pd.Series) -> pd.Series:
    """Return the air temperature over the sea at 1 m [K] of each hour: that of the climate and a share of the days.

    What the sea has followed is left out of both: the sea of the runs is that of the climate.
    """
    fast, followed = parts(days, pd.DatetimeIndex(speed.index))
    return of_climate(speed, direction) + SHARE * (fast - followed) + ZERO_CELSIUS
