"""Read a user's weather from CSV or NetCDF into SI, UTC, interval starts."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from testsite_sim.common.errors import DataError
from testsite_sim.common.units import MEGAWATT_HOUR
from testsite_sim.configuration.quantities import parse_quantity
from testsite_sim.configuration.weather import Column, Stamps, Weather
from testsite_sim.weather.bounded_text import read_text
from testsite_sim.weather.intervals import lengths_before
from testsite_sim.weather.netcdf import open_bounded
from testsite_sim.weather.stamps import utc_stamps
from testsite_sim.weather.tables import read_table, require_columns, strict_numbers

# SI unit as pint writes it, CF unit, long name, standard name
QUANTITIES: dict[str, tuple[str, str, str, str | None]] = {
    "wind_speed": ("m/s", "m s-1", "wind speed", "wind_speed"),
    "wind_direction": ("degree", "degree", "wind direction", "wind_from_direction"),
    "air_temperature": ("K", "K", "air temperature", "air_temperature"),
    "air_pressure": ("Pa", "Pa", "air pressure", "air_pressure"),
    "air_density": ("kg/m^3", "kg m-3", "air density", "air_density"),
    "sea_surface_temperature": ("K", "K", "temperature of the sea's surface", "sea_surface_temperature"),
    "relative_humidity": ("1", "1", "relative humidity", "relative_humidity"),
    "wind_gust": ("m/s", "m s-1", "wind gust", "wind_speed_of_gust"),
    "shear_exponent": ("1", "1", "exponent of the power law of the wind profile", None),
    "day_ahead_price": ("EUR/J", "EUR J-1", "day-ahead price of electricity", None),
    "significant_wave_height": ("m", "m", "significant wave height", "sea_surface_wave_significant_height"),
    "global_horizontal_irradiance": (
        "W/m^2", "W m-2", "global horizontal irradiance", "surface_downwelling_shortwave_flux_in_air",
    ),
    "direct_normal_irradiance": ("W/m^2", "W m-2", "direct normal irradiance", None),
    "diffuse_horizontal_irradiance": (
        "W/m^2", "W m-2", "diffuse horizontal irradiance", "surface_diffuse_downwelling_shortwave_flux_in_air",
    ),
    "by_product_hydrogen": ("kg/s", "kg s-1", "by-product hydrogen on offer", None),
}  # fmt: skip
USUAL_UNITS = {  # of files of users, where the SI unit is not the one that is written
    "wind_speed": "m/s, km/h or knot",
    "wind_gust": "m/s, km/h or knot",
    "air_temperature": "degC or K",
    "sea_surface_temperature": "degC or K",
    "air_pressure": "hPa, mbar or Pa",
    "day_ahead_price": "one such as EUR/MWh",
    "relative_humidity": "% or 1",
    "by_product_hydrogen": "one such as kg/hour",
}
AT_HEIGHTS = ("wind_speed", "wind_direction")
# What a NetCDF file may state: the CF spellings of the SI unit, and of the price as markets quote it.
CF_UNITS: dict[str, dict[str, float]] = {
    "wind_speed": {"m s-1": 1.0, "m/s": 1.0, "m s**-1": 1.0},
    "wind_direction": {"degree": 1.0, "degrees": 1.0},
    "air_temperature": {"K": 1.0, "kelvin": 1.0},
    "air_pressure": {"Pa": 1.0, "hPa": 100.0},
    "air_density": {"kg m-3": 1.0, "kg/m3": 1.0, "kg m**-3": 1.0},
    "sea_surface_temperature": {"K": 1.0, "kelvin": 1.0},
    "relative_humidity": {"1": 1.0, "%": 0.01},
    "wind_gust": {"m s-1": 1.0, "m/s": 1.0, "m s**-1": 1.0},
    "shear_exponent": {"1": 1.0},
    "day_ahead_price": {"EUR J-1": 1.0, "EUR MWh-1": 1.0 / MEGAWATT_HOUR, "EUR/MWh": 1.0 / MEGAWATT_HOUR},
    "significant_wave_height": {"m": 1.0},
    "global_horizontal_irradiance": {"W m-2": 1.0, "W/m2": 1.0, "W m**-2": 1.0},
    "direct_normal_irradiance": {"W m-2": 1.0, "W/m2": 1.0, "W m**-2": 1.0},
    "diffuse_horizontal_irradiance": {"W m-2": 1.0, "W/m2": 1.0, "W m**-2": 1.0},
    "by_product_hydrogen": {"kg s-1": 1.0, "kg/s": 1.0},
}


def read_csv(path: Path, configuration: Weather) -> xr.Dataset:
    """Read the columns that the configuration names.

    Raises
    ------
    DataError
        When the file or a column cannot be read, a unit does not fit, or local stamps are ambiguous.
    """
    if configuration.time is None or configuration.columns is None:
        raise ValueError("the model asks for time and columns with a CSV file")
    table = read_table(read_text(path), str(path), comment="#")
    return record_of_table(table, path, configuration.time, configuration.columns)


def record_of_table(table: pd.DataFrame, path: Path, stamps: Stamps, columns: Iterable[Column]) -> xr.Dataset:
    """Return the columns of a table that are described, in SI and UTC.

    Raises
    ------
    DataError
        When a column cannot be read, a unit does not fit, or local stamps are ambiguous.
    """
    table.columns = [str(column) for column in table.columns]
    columns = tuple(columns)
    of_time = [stamps.column] if stamps.clock is None else [stamps.column, stamps.clock]
    require_columns(table, [*of_time, *(column.column for column in columns)], path.name)
    times, note = _utc(_written_stamps(table, of_time), stamps, path)
    levels: dict[str, list[tuple[float, np.ndarray]]] = {}
    record = xr.Dataset(
        attrs={"title": path.name, "location": path.stem, "source": f"user file {path.name}", "license": "not stated"}
    )
    for column in columns:
        values = strict_numbers(table[column.column], column.column, path.name)
        try:
            values = values * _factor(column.units, column.quantity) + _offset(column.units, column.quantity)
        except ValueError as error:
            usual = USUAL_UNITS.get(column.quantity, f"one such as {QUANTITIES[column.quantity][0]}")
            raise DataError(
                f"weather: column {column.column!r} of {path.name} is said to be in {column.units!r}, which is "
                f"not a unit of {column.quantity}; expected {usual}."
            ) from error
        if column.quantity in AT_HEIGHTS:
            levels.setdefault(column.quantity, []).append((float(column.height or 0.0), values))
        else:
            attributes = _attributes(column.quantity)
            if column.height is not None:
                attributes["height"] = float(column.height)
            record[column.quantity] = ("time", values, attributes)
    heights = sorted({height for pairs in levels.values() for height, _ in pairs})
    for quantity, pairs in levels.items():
        at = dict(pairs)
        missing = [height for height in heights if height not in at]
        if missing and quantity == "wind_speed":
            raise DataError(
                f"weather: {path.name} has wind_direction but no wind_speed at {missing[0]:g} m (it has wind_speed at "
                f"{', '.join(f'{height:g}' for height in at)} m); add it, or state the height of the nearest "
                "anemometer for a vane that stands a little below or above it."
            )
        data = np.stack([at.get(height, np.full(times.size, np.nan)) for height in heights], axis=1)
        record[quantity] = (("time", "height"), data, _attributes(quantity))
    if heights:
        record = record.assign_coords(height=("height", heights, {"units": "m", "standard_name": "height"}))
        if "wind_direction" in record:  # levels of the speed that have no direction take that of the nearest level
            known = [height for height, _ in levels["wind_direction"]]
            closest = [min(known, key=lambda k, h=height: abs(k - h)) for height in heights]  # type: ignore[misc]
            record["wind_direction"] = (
                ("time", "height"),
                record["wind_direction"].sel(height=closest).to_numpy(),
                _attributes("wind_direction"),
            )
    record = record.assign_coords(time=("time", times))
    return record.assign_attrs(repairs=note) if note else record


def read_netcdf(path: Path) -> xr.Dataset:
    """Read a NetCDF file with the variables and units of CF that the packaged records use.

    Raises
    ------
    DataError
        When it cannot be read, has no time axis, or a variable states no unit or another one.
    """
    found = open_bounded(path)
    if "time" not in found.dims or not np.issubdtype(found["time"].dtype, np.datetime64):
        raise DataError(f"weather: {path.name} has no axis `time` with CF time units; expected one, in UTC.")
    if found.sizes["time"] == 0 or np.isnat(found["time"].to_numpy()).any():
        raise DataError(f"weather: {path.name} has no interval, or one without a stamp; remove what has none.")
    if "height" in found.dims and ("height" not in found.coords or found["height"].dtype.kind not in "fiu"):
        raise DataError(f"weather: {path.name}: its dimension `height` has no numbers [m]; add them.")
    record = xr.Dataset(
        attrs={"location": path.stem, "source": f"user file {path.name}", "license": "not stated", **found.attrs}
    )
    for name in (*QUANTITIES, "wind_speed_at_hub"):
        if name not in found:
            continue
        variable = found[name]
        quantity = "wind_speed" if name == "wind_speed_at_hub" else name
        stated = str(variable.attrs.get("units", ""))
        if stated not in CF_UNITS[quantity]:
            expected = next(iter(CF_UNITS[quantity]))
            problem = f"is in {stated!r}" if stated else "states no units"
            raise DataError(
                f"weather: {name} of {path.name} {problem}; expected {expected}: convert it, or export it as CSV and "
                "state its "
                "unit under weather.columns."
            )
        if name in AT_HEIGHTS and "height" not in variable.dims:
            raise DataError(
                f"weather: {name} of {path.name} has no dimension `height` [m]; add it, even for one level."
            )
        allowed = ("time", "height") if name in AT_HEIGHTS else ("time",)
        if variable.dtype.kind not in "fiu" or not set(variable.dims) <= set(allowed) or "time" not in variable.dims:
            raise DataError(
                f"weather: {name} of {path.name} is {variable.dtype} over ({', '.join(map(str, variable.dims))}); "
                f"expected numbers over ({', '.join(allowed)})."
            )
        record[name] = (variable * CF_UNITS[quantity][stated]).assign_attrs(
            variable.attrs, units=QUANTITIES[quantity][1]
        )
    return record.assign_coords(time=found["time"])


def _factor(units: str, quantity: str) -> float:
    """Return what one of a unit is in SI."""
    si = QUANTITIES[quantity][0]
    if si == "1":
        return _plain_factor(units)
    return parse_quantity(f"1 {units}", si) - parse_quantity(f"0 {units}", si)


def _plain_factor(units: str) -> float:
    """Return what one of a unit is of a plain number, which pint has no name for."""
    factors = CF_UNITS["relative_humidity"]
    if units not in factors:
        raise ValueError(f"found {units!r}")
    return factors[units]


def _offset(units: str, quantity: str) -> float:
    """Return what zero of a unit is in SI (degrees Celsius)."""
    if QUANTITIES[quantity][0] == "1":
        return 0.0
    return parse_quantity(f"0 {units}", QUANTITIES[quantity][0])


def _attributes(quantity: str) -> dict[str, str | float]:
    """Return the CF attributes of a quantity."""
    _, units, long_name, standard_name = QUANTITIES[quantity]
    return {"units": units, "long_name": long_name, **({"standard_name": standard_name} if standard_name else {})}


def _written_stamps(table: pd.DataFrame, columns: list[str]) -> pd.Series:
    """Return the stamps as they are written, in one column or in two: a date and a time of the day."""
    if len(columns) == 1:
        return table[columns[0]]
    date, clock = (table[name].astype("string").str.strip() for name in columns)
    return date + " " + clock


def _utc(column: pd.Series, stamps: Stamps, path: Path) -> tuple[np.ndarray, str]:
    """Return the stamps in UTC at the start of their intervals, and what was done to them."""
    times, note = utc_stamps(column, f"{path.name}: column {stamps.column!r}", stamps.zone, stamps.format)
    if stamps.marks == "end" and times.size > 1:
        times = times - lengths_before(times)
        note = "; ".join(part for part in (note, "stamps moved from the end to the start of the interval") if part)
    return times, note
