"""Reanalyses: ERA5 as the Climate Data Store delivers it (NetCDF, zip of NetCDF, GRIB) and NEWA time series."""

from pathlib import Path

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.common.errors import DataError
from testsite_sim.common.temporary import temporary_folder
from testsite_sim.weather.bounded_text import read_text
from testsite_sim.weather.formats.grib import read_grib
from testsite_sim.weather.formats.options import ImportOptions
from testsite_sim.weather.formats.packed import Bounds, unpack
from testsite_sim.weather.formats.text import read_table, record, stamps_of
from testsite_sim.weather.netcdf import MOST_BYTES, open_bounded, reason
from testsite_sim.weather.tables import require_columns, strict_numbers

_ERA5 = {  # short name of the Climate Data Store: quantity, factor to SI
    "t2m": ("air_temperature", 1.0),
    "sp": ("air_pressure", 1.0),
    "msl": ("air_pressure", 1.0),
    "sst": ("sea_surface_temperature", 1.0),
    "swh": ("significant_wave_height", 1.0),
    "mwp": ("wave_period", 1.0),
    "fg10": ("wind_gust", 1.0),
    "i10fg": ("wind_gust", 1.0),
}
# A file a year and stream; packed files are packed inside already: deflate could give 1032 times.
ZIP = Bounds(files=200, bytes=MOST_BYTES, ratio=200, what="NetCDF or CSV, of 2 GB")
_AT_SEA = (
    "significant_wave_height",
    "wave_period",
    "sea_surface_temperature",
)  # missing at a point on land, and left out there
_NEWA = {"T2": ("air_temperature", 1.0), "PSFC": ("air_pressure", 1.0), "RHO": ("air_density", 1.0)}


def read_era5(path: Path, options: ImportOptions) -> xr.Dataset:
    """Read u and v at 10 and 100 m, t2m, sp or msl, swh, mwp of the grid point nearest to the position.

    Both time axes are known (`time`, and `valid_time` since 2024), the dimension `expver` of recent months (the final
    value where there is one), `number`, and the zip of one file per stream, or per year. So are the time series of one
    point (`reanalysis-era5-single-levels-timeseries`), NetCDF or CSV. GRIB wants the extra `formats`.

    Raises
    ------
    DataError
        When it cannot be read, is a grid and no position is given, or holds no wind and no series that is known.
    """
    datasets = opened_datasets(path)
    points = [point_of(on_time(dataset, path.name), options, path.name) for dataset in datasets]
    times = np.unique(np.concatenate([point["time"].to_numpy() for point in points]))
    levels: dict[float, dict[str, NDArray[np.float64]]] = {}
    series: dict[str, NDArray[np.float64]] = {}
    for point in points:
        if times.size != point.sizes["time"]:
            point = point.drop_duplicates("time").reindex(time=times)
        for height in (10.0, 100.0):
            names = (f"u{height:g}", f"v{height:g}")
            if all(name in point for name in names):
                u, v = (_column(point, name) for name in names)
                wind = {"wind_speed": np.hypot(u, v), "wind_direction": np.degrees(np.arctan2(-u, -v)) % 360.0}
                for quantity, values in wind.items():
                    fill(levels.setdefault(height, {}), quantity, values)
        seen: set[str] = set()
        for name, (quantity, factor) in _ERA5.items():
            if name in point and quantity not in seen:
                fill(series, quantity, _column(point, name) * factor)
                seen.add(quantity)
    series = {name: values for name, values in series.items() if np.isfinite(values).any() or name not in _AT_SEA}
    place = place_of(points[0], options)
    return record(
        path.stem,
        f"ERA5 (Copernicus Climate Change Service), {path.name}",
        times,
        series,
        levels,
        license="Copernicus licence; contains modified Copernicus Climate Change Service information",
        **place,
    )


def fill(held: dict[str, NDArray[np.float64]], name: str, values: NDArray[np.float64]) -> None:
    """Add values of a quantity to those of the files before, where these have none."""
    held[name] = np.where(np.isnan(held[name]), values, held[name]) if name in held else values


def read_newa(path: Path, options: ImportOptions) -> xr.Dataset:
    """Read a mesoscale time series of the New European Wind Atlas: WS, WD (time, height), T2, PSFC, RHO.

    Raises
    ------
    DataError
        When it cannot be read, is a grid and no position is given, or holds no WS.
    """
    (dataset,) = opened_datasets(path)[:1]
    point = point_of(on_time(dataset, path.name), options, path.name)
    if "WS" not in point:
        raise DataError(f"weather: {path.name} has no variable WS, as time series of NEWA have.")
    levels: dict[float, dict[str, NDArray[np.float64]]] = {}
    for name, quantity in (("WS", "wind_speed"), ("WD", "wind_direction")):
        if name not in point:
            continue
        if "height" in point[name].dims:
            for k, height in enumerate(point["height"].to_numpy().astype(float)):
                values = point[name].isel(height=k)
                levels.setdefault(float(height), {})[quantity] = _values(values, path.name)
        else:
            levels.setdefault(options.height or 100.0, {})[quantity] = _values(point[name], path.name)
    series = {
        quantity: _column(point, name) * factor
        for name, (quantity, factor) in _NEWA.items()
        if name in point and point[name].dims == ("time",)
    }
    return record(
        path.stem,
        f"New European Wind Atlas, {path.name}",
        point["time"].to_numpy(),
        series,
        levels,
        license="CC BY 4.0 (New European Wind Atlas)",
        **place_of(point, options),
    )


def opened_datasets(path: Path) -> list[xr.Dataset]:
    """Return the datasets of a file: one of NetCDF, several of a zip or of GRIB."""
    try:
        with path.open("rb") as opened:
            head = opened.read(1000)
    except OSError as error:
        raise DataError(f"weather: {path}: cannot be read ({error.strerror}).") from error
    magic = head[:4]
    if magic == b"GRIB":
        return read_grib(path)
    if b"valid_time" in head.split(b"\n")[0] and head[:1].isascii() and b"\0" not in head:
        return [_opened_table(path)]  # the time series of a point, as CSV
    if magic != b"PK\x03\x04":
        return [open_bounded(path)]
    with temporary_folder() as folder:
        targets = unpack(path, folder, lambda found: [each for each in found if _is_kept(each.filename)], ZIP)
        try:
            return [_opened_table(each) if each.suffix == ".csv" else open_bounded(each) for each in targets]
        except DataError:
            raise
        except Exception as error:
            raise DataError(f"weather: {path}: cannot be read ({reason(error)}).") from error


def _is_kept(name: str) -> bool:
    """Return whether a packed file is one of the Climate Data Store."""
    return name.endswith((".nc", ".csv"))


def _opened_table(path: Path) -> xr.Dataset:
    """Return the time series of one point of the Climate Data Store, a column a variable, latitude and longitude."""
    table = read_table(read_text(path), path.name)
    require_columns(table, ["valid_time"], path.name)
    times = stamps_of(table["valid_time"], f"{path.name}: column 'valid_time'", "UTC")
    columns = {name: strict_numbers(table[name], name, path.name) for name in table.columns if name != "valid_time"}
    place = {}
    for name in ("latitude", "longitude"):
        values = columns.pop(name, np.array([]))
        if values.size and not np.all(values == values[0]):
            raise DataError(f"weather: {path.name}: holds several {name}s; expected a time series of one point.")
        if values.size:
            place[name] = float(values[0])
    return xr.Dataset({name: ("time", values) for name, values in columns.items()}, coords={"time": times, **place})


def on_time(dataset: xr.Dataset, name: str) -> xr.Dataset:
    """Return the dataset over `time`, whatever its axis is called, without `expver` and `number`."""
    if "valid_time" in dataset.dims and "time" not in dataset.dims:
        dataset = dataset.drop_vars("time", errors="ignore").rename(valid_time="time")
    elif "valid_time" in dataset.coords and "time" in dataset.dims:
        dataset = dataset.drop_vars("valid_time")
    if "time" not in dataset.dims and "time" in dataset.coords:
        dataset = dataset.drop_vars("time").expand_dims(time=[dataset["time"].to_numpy()])
    if "time" not in dataset.dims or not np.issubdtype(dataset["time"].dtype, np.datetime64):
        raise DataError(f"weather: {name} has no axis `time` or `valid_time` with CF time units.")
    if "expver" in dataset.dims:
        merged = dataset.isel(expver=0, drop=True)
        for k in range(1, dataset.sizes["expver"]):
            merged = merged.fillna(dataset.isel(expver=k, drop=True))
        dataset = merged
    for spare in ("number", "step", "surface", "heightAboveGround", "expver"):
        dataset = (
            dataset.isel({spare: 0}, drop=True) if spare in dataset.dims else dataset.drop_vars(spare, errors="ignore")
        )
    return dataset.assign_coords(time=dataset["time"].astype("datetime64[ns]"))


def point_of(dataset: xr.Dataset, options: ImportOptions, name: str) -> xr.Dataset:
    """Return the grid point nearest to the position; a file of one point needs none."""
    for axis, asked, aliases in (
        ("latitude", options.latitude, ("lat", "south_north", "y")),
        ("longitude", options.longitude, ("lon", "west_east", "x")),
    ):
        present = next((each for each in (axis, *aliases) if each in dataset.dims), None)
        if present is None:
            continue
        if dataset.sizes[present] == 1:
            dataset = dataset.isel({present: 0})
        elif asked is None:
            raise DataError(
                f"weather: {name} is a grid of {dataset.sizes[present]} {axis}s; choose a point with --{axis}."
            )
        elif present not in dataset.coords or not np.issubdtype(dataset[present].dtype, np.number):
            raise DataError(f"weather: {name}: its axis {present} has no {axis}s to choose from.")
        else:
            values = dataset[present].to_numpy().astype(float)
            offset = (values - asked + 180.0) % 360.0 - 180.0
            if not np.nanmin(np.abs(offset)) <= 2.0:
                raise DataError(f"weather: {name} does not cover the {axis} {asked:g}.")
            dataset = (
                _between(dataset, present, offset, axis, asked, name)
                if options.interpolate
                else dataset.isel({present: int(np.nanargmin(np.abs(offset)))})
            )
    return dataset


def _between(
    dataset: xr.Dataset, dim: str, offset: NDArray[np.float64], axis: str, asked: float, name: str
) -> xr.Dataset:
    """Return a grid between the two rows about the position, linear in degrees; winds as components."""
    below, above = np.flatnonzero(offset <= 0.0), np.flatnonzero(offset >= 0.0)
    if below.size == 0 or above.size == 0:
        raise DataError(
            f"weather: {name} does not surround the {axis} {asked:g}, so that nothing can be interpolated there; take "
            "the nearest point (without --interpolate), or a larger area."
        )
    low, high = below[np.argmax(offset[below])], above[np.argmin(offset[above])]
    span = offset[high] - offset[low]
    share = 0.0 if span == 0.0 else float(-offset[low] / span)
    one, two = (dataset.isel({dim: int(k)}, drop=True) for k in (low, high))
    numeric = [str(key) for key, item in dataset.data_vars.items() if item.dtype.kind in "fiu" and dim in item.dims]
    mixed = one.assign({key: one[key] + share * (two[key] - one[key]) if share else one[key] for key in numeric})
    return mixed.assign_coords({axis: asked})


def place_of(dataset: xr.Dataset, options: ImportOptions) -> dict[str, str | float]:
    """Return the place of a grid point as attributes, and how far it is from the position that was asked for."""
    place = {key: float(dataset[key]) for key in ("latitude", "longitude") if key in dataset.coords}
    if len(place) < 2 or options.latitude is None or options.longitude is None:
        return dict(place)
    east = (place["longitude"] + 180.0) % 360.0 - 180.0
    asked = f"{options.latitude:g} N {options.longitude:g} E"
    if options.interpolate:
        return {**place, "longitude": east, "grid_point": f"interpolated between the grid points about {asked}"}
    away = great_circle(place["latitude"], east, options.latitude, options.longitude)
    text = f"nearest grid point {place['latitude']:g} N {east:g} E, {away / 1000.0:.1f} km from {asked}"
    return {**place, "grid_point": text, "grid_point_distance": away}


def great_circle(north: float, east: float, other_north: float, other_east: float) -> float:
    """Return the distance of two places [m], on a sphere of 6,371 km; degrees."""
    first, second = np.radians(north), np.radians(other_north)
    turn = np.radians(other_east - east)
    half = np.sin((second - first) / 2.0) ** 2 + np.cos(first) * np.cos(second) * np.sin(turn / 2.0) ** 2
    return float(2.0 * 6.371e6 * np.arcsin(np.sqrt(half)))


def _column(dataset: xr.Dataset, name: str) -> NDArray[np.float64]:
    """Return a variable over (time,)."""
    return _values(dataset[name], name)


def _values(variable: xr.DataArray, name: str) -> NDArray[np.float64]:
    """Return a variable that has nothing left but time as floats."""
    if variable.dims != ("time",) or variable.dtype.kind not in "fiu":
        raise DataError(
            f"weather: {variable.name or name} has the dimensions {variable.dims}; expected numbers over time."
        )
    return np.asarray(variable.to_numpy(), dtype=np.float64)
