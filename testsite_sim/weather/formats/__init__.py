"""Weather in the formats of others: a file and a format's name in; a record in SI and UTC, interval starts, out."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import xarray as xr

from testsite_sim.common.errors import DataError, TestsiteError, nearest
from testsite_sim.common.text import shortened
from testsite_sim.weather.formats.gridded import read_era5, read_newa
from testsite_sim.weather.formats.knmi import read_knmi
from testsite_sim.weather.formats.mapped import read_mapped
from testsite_sim.weather.formats.markets import read_elia, read_entsoe
from testsite_sim.weather.formats.meetnet import read_meetnet
from testsite_sim.weather.formats.options import ImportOptions
from testsite_sim.weather.formats.reanalysis import read_reanalysis
from testsite_sim.weather.intervals import interval_lengths, onto

__all__ = ["FORMATS", "ImportOptions", "import_record", "join_records"]

FORMATS: dict[str, Callable[[Path, ImportOptions], xr.Dataset]] = {
    "era5": read_era5,
    "newa": read_newa,
    "meetnet-vlaamse-banken": read_meetnet,
    "knmi": read_knmi,
    "elia": read_elia,
    "entsoe": read_entsoe,
    "mapped": read_mapped,
    "reanalysis": read_reanalysis,
}


def import_record(path: Path, form: str, options: ImportOptions | None = None) -> xr.Dataset:
    """Read a file of a named format.

    Parameters
    ----------
    path : Path
        The file.
    form : str
        A name of `FORMATS`.
    options : ImportOptions, optional
        What the file does not say itself.

    Returns
    -------
    xarray.Dataset, dims (time[, height])
        In SI, UTC, in the order of the file; gaps and doubled stamps are left for the quality control.

    Raises
    ------
    DataError
        When the format does not exist or the file is not of it.
    """
    if form not in FORMATS:
        raise DataError(f"weather import: there is no format {form!r}. {nearest(form, FORMATS)}")
    if not (path.is_file() or path.is_dir()):  # a pipe would be waited for, a device read without end
        raise DataError(f"weather: {path}: there is no such file.")
    try:
        found = FORMATS[form](path, options or ImportOptions())
    except TestsiteError:
        raise
    except (ValueError, TypeError, KeyError, IndexError, OverflowError, ArithmeticError, RecursionError) as error:
        reason = shortened(str(error)) or type(error).__name__
        raise DataError(f"weather: {path}: is not of the format {form} ({reason}).") from error
    return found.assign_coords(time=found["time"].astype("datetime64[ns]"))


def join_records(first: xr.Dataset, second: xr.Dataset) -> xr.Dataset:
    """Return the first record with the series of the second that it lacks, over their common time.

    Of a finer series means are taken, of directions those of unit vectors; of a coarser one the price of an interval
    is that of its parts, and the rest goes straight from value to value. An interval of which the second record does
    not know every part is missing.

    Raises
    ------
    DataError
        When the records have no time in common, or the second has nothing that the first lacks.
    """
    time, other = (each["time"].to_numpy().astype("datetime64[ns]") for each in (first, second))
    if time.size < 2 or other.size < 2:
        raise DataError("weather: a record of fewer than two intervals cannot be joined.")
    if any(np.any(np.diff(each) <= np.timedelta64(0, "ns")) for each in (time, other)):
        raise DataError("weather: a record with stamps that do not rise, or are doubled, cannot be joined; sort it.")
    added = [str(n) for n in second.data_vars if n not in first and second[n].dims[:1] == ("time",)]
    lengths = interval_lengths(time)
    common = (time >= other[0]) & (time < other[-1] + interval_lengths(other)[-1])
    if not common.any() or not added:
        raise DataError("weather: the records have no time in common, or the second has nothing that the first lacks.")
    kept = first.isel(time=common)
    series = onto(second[added], kept["time"].to_numpy().astype("datetime64[ns]"), lengths[common])
    if "height" in series.dims and "height" in kept.coords:
        series = _at_levels(series, kept)
    sources = f"{first.attrs.get('source', '?')}; {', '.join(added)}: {second.attrs.get('source', '?')}"
    place = {k: second.attrs[k] for k in ("latitude", "longitude") if k in second.attrs and k not in first.attrs}
    return kept.assign({name: series[name] for name in added}).assign_attrs(place, source=sources)


def _at_levels(series: xr.Dataset, kept: xr.Dataset) -> xr.Dataset:
    """Return series by height at the levels of the record that they join: a direction is that of the nearest level."""
    levels, own = kept["height"].to_numpy(), series["height"].to_numpy()
    for name in map(str, series.data_vars):
        if "height" in series[name].dims and name != "wind_direction" and not np.isin(levels, own).all():
            there, here = (", ".join(f"{each:g}" for each in some) for some in (own, levels))
            raise DataError(
                f"weather: {name} to be joined is at {there} m, the record at {here} m; expected the same levels."
            )
    return series.sel(height=levels, method="nearest").assign_coords(height=kept["height"])
