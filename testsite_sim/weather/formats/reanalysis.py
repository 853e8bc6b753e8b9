"""Any reanalysis by a mapping of its names: those of `configs/reanalysis`, or a file of one's own."""

import re
from pathlib import Path

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.common.errors import DataError, nearest
from testsite_sim.configuration.catalogue import names
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.quantities import parse_quantity
from testsite_sim.configuration.reanalysis import Reanalysis, ReanalysisSeries, ReanalysisWind
from testsite_sim.weather.formats.gridded import fill, great_circle, on_time, opened_datasets, place_of, point_of
from testsite_sim.weather.formats.options import ImportOptions
from testsite_sim.weather.formats.text import record
from testsite_sim.weather.intervals import interval_lengths
from testsite_sim.weather.reading import QUANTITIES

KIND = "reanalysis"
FARTHEST = 100e3  # of the nearest grid point from the position [m]: the file does not cover it
OWN = "levels_"  # begin of the names of dimensions of heights, while they are read
_POWER = re.compile(r"(?<=[A-Za-z])\^?(-?\d)")

Levels = dict[float, dict[str, NDArray[np.float64]]]


def read_reanalysis(path: Path, options: ImportOptions) -> xr.Dataset:
    """Read the grid point nearest to the position from NetCDF, GRIB or a zip of NetCDF, by a mapping of its names.

    Raises
    ------
    ConfigurationError
        When the mapping is wrong.
    DataError
        When no mapping is named, or the file does not hold what it says.
    """
    if options.mapping is None:
        raise DataError(
            f"weather: {path.name} is read by a mapping of its names; name one with --mapping: "
            f"{', '.join(names('configs', KIND))}, or a YAML file of your own."
        )
    mapping = load_component(KIND, str(options.mapping), Reanalysis)
    points = [
        _point(_with_axis(each, mapping, path.name), mapping, options, path.name) for each in opened_datasets(path)
    ]
    times = np.unique(np.concatenate([point["time"].to_numpy() for point in points]))
    levels: Levels = {}
    series: dict[str, NDArray[np.float64]] = {}
    held: set[str] = set()
    for point in points:
        if times.size != point.sizes["time"]:
            point = point.drop_duplicates("time").reindex(time=times)
        held |= set(map(str, point.data_vars))
        for wind in mapping.winds:
            _add_wind(levels, point, wind, path.name)
        for entry in mapping.series:
            if entry.variable in point:
                fill(series, entry.quantity, _converted(point[entry.variable], entry, path.name))
    if not levels and not series:
        expected = [entry.variable for entry in mapping.series]
        expected += [name for wind in mapping.winds for name in (wind.speed, wind.eastward, wind.northward) if name]
        raise DataError(
            f"weather: {path.name} holds none of {', '.join(expected)}. {nearest(expected[0], held)} It holds "
            f"{', '.join(sorted(held)[:30])}."
        )
    return record(
        path.stem,
        f"{mapping.title}, {path.name}",
        _starts(times, mapping.marks),
        series,
        levels,
        license=mapping.license,
        **place_of(points[0], options),
    )


def _with_axis(dataset: xr.Dataset, mapping: Reanalysis, name: str) -> xr.Dataset:
    """Return a dataset over `time`, with its coordinates as `latitude` and `longitude`."""
    renamed = {mapping.latitude: "latitude", mapping.longitude: "longitude"}
    if mapping.time not in ("time", "valid_time"):
        renamed[mapping.time] = "time"
    # Heights get a name of their own: `on_time` takes the first of some dimensions that ERA5 has one of.
    renamed |= {wind.levels: OWN + wind.levels for wind in mapping.winds if wind.levels is not None}
    held = {*map(str, dataset.variables), *map(str, dataset.dims)}
    present = {old: new for old, new in renamed.items() if old in held and old != new}
    return on_time(dataset.rename(present), name)


def _point(dataset: xr.Dataset, mapping: Reanalysis, options: ImportOptions, name: str) -> xr.Dataset:
    """Return the grid point nearest to the position, on a grid of degrees or any other; dimensions of one dropped."""
    if "latitude" in dataset.variables and dataset["latitude"].ndim == 2:
        dataset = _nearest(dataset, options, name)
    else:
        dataset = point_of(dataset, options, name)
    own = {OWN + str(wind.levels) for wind in mapping.winds}
    single = [dim for dim, size in dataset.sizes.items() if size == 1 and dim != "time" and dim not in own]
    return dataset.isel(dict.fromkeys(single, 0))


def _nearest(dataset: xr.Dataset, options: ImportOptions, name: str) -> xr.Dataset:
    """Return the point of a grid whose latitude and longitude are over two dimensions."""
    if options.interpolate:
        raise DataError(
            f"weather: {name} is no grid of degrees, between whose points nothing is interpolated; leave "
            "--interpolate out for the nearest point."
        )
    north, east = (dataset[axis].to_numpy().astype(np.float64) for axis in ("latitude", "longitude"))
    rows, columns = dataset["latitude"].dims
    if north.size == 1:
        return dataset.isel({rows: 0, columns: 0})
    if options.latitude is None or options.longitude is None:
        raise DataError(f"weather: {name} is a grid; choose a point with --latitude and --longitude.")
    half = np.sin(np.radians(north - options.latitude) / 2.0) ** 2 + np.cos(np.radians(north)) * np.cos(
        np.radians(options.latitude)
    ) * (np.sin(np.radians(east - options.longitude) / 2.0) ** 2)
    row, column = np.unravel_index(int(np.nanargmin(half)), half.shape)
    away = great_circle(north[row, column], east[row, column], options.latitude, options.longitude)
    if away > FARTHEST:
        raise DataError(
            f"weather: {name} does not cover {options.latitude:g} N {options.longitude:g} E: its nearest grid point "
            f"is {away / 1000.0:.0f} km away."
        )
    return dataset.isel({rows: int(row), columns: int(column)})


def _add_wind(levels: Levels, point: xr.Dataset, wind: ReanalysisWind, name: str) -> None:
    """Add the wind of an entry of the mapping at its heights, where the file holds it."""
    asked = [each for each in (wind.speed, wind.direction, wind.eastward, wind.northward) if each is not None]
    present = [each for each in asked if each in point]
    if not present or (wind.speed is not None and wind.speed not in point):
        return
    if wind.speed is None and len(present) < len(asked):
        raise DataError(f"weather: {name} holds {present[0]} and not the other component; add it.")
    dimension = OWN + str(wind.levels)
    heights = [float(wind.height)] if wind.height is not None else _heights(point, dimension, name)
    for k, height in enumerate(heights):
        at = point.isel({dimension: k}) if dimension in point.dims else point
        found = {each: _over_time(at[each], "m/s" if each != wind.direction else "degree", name) for each in present}
        if wind.speed is not None:
            made = {"wind_speed": found[wind.speed]}
            if wind.direction in found:
                made["wind_direction"] = found[str(wind.direction)] % 360.0
        else:
            u, v = found[str(wind.eastward)], found[str(wind.northward)]
            made = {"wind_speed": np.hypot(u, v), "wind_direction": np.degrees(np.arctan2(-u, -v)) % 360.0}
        for quantity, values in made.items():
            fill(levels.setdefault(height, {}), quantity, values)


def _heights(point: xr.Dataset, dimension: str, name: str) -> list[float]:
    """Return the heights of a dimension [m], or of the one level that a file states as a coordinate."""
    if dimension not in point.coords or point[dimension].dtype.kind not in "fiu":
        raise DataError(
            f"weather: {name}: its heights, `{dimension.removeprefix(OWN)}`, are not stated as numbers [m]."
        )
    return [float(each) for each in np.atleast_1d(point[dimension].to_numpy())]


def _converted(variable: xr.DataArray, entry: ReanalysisSeries, name: str) -> NDArray[np.float64]:
    """Return a series in SI."""
    si = QUANTITIES[entry.quantity][0]
    try:
        zero = parse_quantity(f"0 {entry.units}", si)
        factor = parse_quantity(f"1 {entry.units}", si) - zero
    except ValueError as error:
        raise DataError(
            f"weather: the mapping states {entry.units!r} for {entry.variable}, which is no unit of {entry.quantity}; "
            f"expected one such as {si}."
        ) from error
    return _over_time(variable, entry.units, name) * factor + zero


def _over_time(variable: xr.DataArray, units: str, name: str) -> NDArray[np.float64]:
    """Return a variable that has nothing left but time; units that the file states must be those of the mapping."""
    if variable.dims != ("time",) or variable.dtype.kind not in "fiu":
        raise DataError(
            f"weather: {name}: {variable.name} is {variable.dtype} over {variable.dims}; expected numbers over time."
        )
    written = re.sub(r"(?i)degrees?( true)?$", "degree", str(variable.attrs.get("units", "")).replace("**", ""))
    stated = _POWER.sub(r"**\1", written)
    if stated:
        try:
            same = all(
                abs(parse_quantity(f"{value} {stated}", units) - value) <= 1e-9 * max(value, 1) for value in (0, 1)
            )
        except ValueError:
            same = False
        if not same:
            raise DataError(
                f"weather: {name}: {variable.name} is in {variable.attrs['units']!r}, and the mapping takes it to be "
                f"in {units!r}; correct the mapping."
            )
    return np.asarray(variable.to_numpy(), np.float64)


def _starts(times: NDArray[np.datetime64], marks: str) -> NDArray[np.datetime64]:
    """Return the starts of the intervals that stamps mark."""
    if marks == "start" or times.size < 2:
        return times
    lengths = interval_lengths(times)
    return times - (lengths // 2 if marks == "middle" else lengths)
