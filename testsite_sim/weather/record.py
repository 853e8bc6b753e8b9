"""The packaged weather records: opened by name, in SI, and described."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr

from testsite_sim.common.errors import DataError, nearest
from testsite_sim.common.netcdf_opening import read_packaged
from testsite_sim.common.units import MEGAWATT_HOUR

_FOLDER = Path(__file__).with_name("records")


@dataclass(frozen=True)
class RecordSummary:
    """What a packaged record holds.

    Heights in m; the mean wind speed [m/s] is that at the hub height of the source where it states no level near it,
    else that of the level nearest to 100 m; gaps counts missing stamps and missing wind speeds.
    """

    name: str
    location: str
    start: str
    end: str
    step_seconds: float
    heights: tuple[float, ...]
    source: str
    license: str
    mean_wind_speed: float
    gaps: int


def record_names() -> list[str]:
    """Return the names of the packaged records."""
    return sorted(path.stem for path in _FOLDER.glob("*.nc"))


def record_path(name: str) -> Path:
    """Return the file of a packaged record."""
    return _FOLDER / f"{name}.nc"


def open_record(name: str) -> xr.Dataset:
    """Open a packaged record.

    Parameters
    ----------
    name : str
        Such as `hollandse-kust-noord-2023`.

    Returns
    -------
    xarray.Dataset, dims (time, height)
        In memory, float64, SI: wind_speed [m/s] (wind_speed_at_hub where the height is not stated),
        wind_direction [degree, from], air_temperature [K],
        irradiances [W/m2], significant_wave_height [m], day_ahead_price [EUR/J]; what the record has. Time is UTC, the
        start of the interval.

    Raises
    ------
    DataError
        When there is no record of that name; the nearest are offered. When its file cannot be read.
    """
    names = record_names()
    if name not in names:
        raise DataError(f"weather record {name!r}: there is no such name. {nearest(name, names)}")
    record = read_packaged(record_path(name), f"weather record {name!r}")
    if "day_ahead_price" in record:
        price = record["day_ahead_price"]
        record["day_ahead_price"] = (price / MEGAWATT_HOUR).assign_attrs(price.attrs, units="EUR J-1")
    return record


def list_records() -> list[RecordSummary]:
    """Return a summary of every packaged record."""
    return [_summary(name) for name in record_names()]


def _summary(name: str) -> RecordSummary:
    """Read one record and count what is missing in it."""
    record = open_record(name)
    stamps = record["time"].to_numpy()
    steps = np.diff(stamps) / np.timedelta64(1, "s")
    step = float(np.median(steps))
    if "wind_speed_at_hub" in record:
        speed = record["wind_speed_at_hub"]
    else:
        speed = record["wind_speed"].sel(height=100.0, method="nearest")
    return RecordSummary(
        name=name,
        location=str(record.attrs["location"]),
        start=str(stamps[0])[:16],
        end=str(stamps[-1])[:16],
        step_seconds=step,
        heights=tuple(float(height) for height in record.get("height", [])),
        source=str(record.attrs["source"]),
        license=str(record.attrs["license"]),
        mean_wind_speed=float(speed.mean()),
        gaps=int(np.round(steps / step - 1.0).sum()) + int(speed.isnull().sum()),
    )
