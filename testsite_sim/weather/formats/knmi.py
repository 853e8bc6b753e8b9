"""Hourly text of KNMI: HH is the end of the hour (UT), values in tenths."""

import io
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from testsite_kernels.numerics.constants import ZERO_CELSIUS

from testsite_sim.common.errors import DataError
from testsite_sim.common.text import shortened
from testsite_sim.common.units import HOUR
from testsite_sim.weather.bounded_text import MOST_COLUMNS, read_text
from testsite_sim.weather.formats.options import ImportOptions
from testsite_sim.weather.formats.text import numbers, record

_SERIES = {
    "T": ("air_temperature", 0.1, ZERO_CELSIUS),
    "P": ("air_pressure", 10.0, 0.0),
    "U": ("relative_humidity", 0.01, 0.0),
    "FX": ("wind_gust", 0.1, 0.0),
}


def read_knmi(path: Path, options: ImportOptions) -> xr.Dataset:
    """Read one station: wind FH [0.1 m/s, mean of the hour], DD, T [0.1 degC], P [0.1 hPa], U [%], FX.

    A direction of 0 is a calm and of 990 a variable wind: both are missing. Hour 24 ends the day.

    Raises
    ------
    DataError
        When there is no header, several stations and none chosen, or a date cannot be read.
    """
    lines = read_text(path).replace("\0", "").splitlines()
    header = next((k for k, line in enumerate(lines) if line.lstrip("# ").startswith("STN") and "," in line), None)
    if header is None:
        raise DataError(f"weather: {path.name} has no header `# STN,YYYYMMDD,   HH, …` as hourly text of KNMI has.")
    names = [name.strip() for name in lines[header].lstrip("# ").split(",")]
    hour = next((name for name in ("HH", "H") if name in names), None)
    if "STN" not in names or hour is None or len(names) > MOST_COLUMNS or len(set(names)) != len(names):
        raise DataError(f"weather: {path.name}: the header of KNMI text wants STN, YYYYMMDD and HH, each once.")
    body = "\n".join(line for line in lines[header + 1 :] if line.strip() and not line.startswith("#"))
    if not body:
        raise DataError(f"weather: {path.name} holds a header and no hour.")
    try:
        table = pd.read_csv(io.StringIO(body), names=names, dtype=str, skipinitialspace=True, index_col=False)
    except (ValueError, pd.errors.ParserError, pd.errors.ParserWarning) as error:
        raise DataError(f"weather: {path.name}: is not a table of one width ({shortened(str(error))}).") from error
    stations = table["STN"].str.strip()
    if options.station is not None:
        table = table[stations == options.station]
    elif stations.nunique() > 1:
        raise DataError(
            f"weather: {path.name} holds the stations {', '.join(map(str, stations.unique()[:8]))}; choose one with "
            "--station."
        )
    if table.empty:
        raise DataError(f"weather: {path.name} holds no hour of station {options.station}.")
    day = pd.to_datetime(table["YYYYMMDD"].str.strip(), format="%Y%m%d", errors="coerce")
    hours = numbers(table[hour])
    if day.isna().any() or not (np.isfinite(hours) & (hours >= 1) & (hours <= 24)).all():
        raise DataError(f"weather: {path.name}: a date or an hour (1 to 24) cannot be read.")
    times = day.to_numpy().astype("datetime64[ns]") + ((hours - 1.0) * (HOUR * 1e9)).astype("timedelta64[ns]")
    wind = {}
    if "FH" in names:
        wind["wind_speed"] = 0.1 * numbers(table["FH"])
    if "DD" in names:
        direction = numbers(table["DD"])
        wind["wind_direction"] = np.where((direction > 0.0) & (direction <= 360.0), direction % 360.0, np.nan)
    series = {
        quantity: numbers(table[column]) * factor + offset
        for column, (quantity, factor, offset) in _SERIES.items()
        if column in names and np.isfinite(numbers(table[column])).any()
    }
    station = str(table["STN"].iloc[0]).strip()
    return record(
        f"KNMI station {station}",
        f"KNMI hourly data, {path.name}",
        times,
        series,
        {options.height or 10.0: wind},
        license="CC BY 4.0 (KNMI)",
    )
