"""Weather in the formats of others: a file and a format's name in; a record in SI and UTC, interval starts, out."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import xarray as xr

from testsite_sim.errors import DataError, TestsiteError, nearest
from testsite_sim.weather.formats.gridded import read_era5, read_newa
from testsite_sim.weather.formats.knmi import read_knmi
from testsite_sim.weather.formats.mapped import read_mapped
from testsite_sim.weather.formats.markets import read_elia, read_entsoe
from testsite_sim.weather.formats.meetnet import read_meetnet
from testsite_sim.weather.formats.options import ImportOptions

__all__ = ["FORMATS", "ImportOptions", "import_record", "join_records"]

FORMATS: dict[str, Callable[[Path, ImportOptions], xr.Dataset]] = {
    "era5": read_era5,
    "newa": read_newa,
    "meetnet-vlaamse-banken": read_meetnet,
    "knmi": read_knmi,
    "elia": read_elia,
    "entsoe": read_entsoe,
    "mapped": read_mapped,
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
    except TestsiteError as error:
        if len(str(error).splitlines()) < 2:
            raise
        raise DataError(" ".join(str(error).split())) from error  # what was quoted from the file held a line's end
    except (ValueError, TypeError, KeyError, IndexError, OverflowError, ArithmeticError, RecursionError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0][:120]
        raise DataError(f"weather: {path}: is not of the format {form} ({reason}).") from error
    return found.assign_coords(time=found["time"].astype("datetime64[ns]"))


def join_records(first: xr.Dataset, second: xr.Dataset) -> xr.Dataset:
    """Return the first record with the series of the second that it lacks, over their common time.

    The second record's step may be finer (averages are taken) or coarser (values are held).

    Raises
    ------
    DataError
        When the records have no time in common.
    """
    added = [name for name in second.data_vars if name not in first and second[name].dims == ("time",)]
    time, other = (each["time"].to_numpy().astype("datetime64[ns]") for each in (first, second))
    if time.size < 2 or other.size < 2:
        raise DataError("weather: a record of fewer than two intervals cannot be joined.")
    steps = [np.median(np.diff(each).astype("int64")) for each in (time, other)]
    if min(steps) <= 0:
        raise DataError("weather: a record with stamps that do not rise cannot be joined; sort it first.")
    end = other[-1] + np.timedelta64(int(steps[1]), "ns")
    kept = first.isel(time=(time >= other[0]) & (time < end))
    if kept.sizes["time"] == 0 or not added:
        raise DataError("weather: the records have no time in common, or the second has nothing that the first lacks.")
    stamps = kept["time"].to_numpy().astype("datetime64[ns]")
    row = np.searchsorted(stamps, other, side="right") - 1
    if steps[1] < steps[0]:
        inside = (row >= 0) & (other < stamps[np.maximum(row, 0)] + np.timedelta64(int(steps[0]), "ns"))
        for name in added:
            values = second[name].to_numpy()
            known = inside & np.isfinite(values)
            sums = np.bincount(row[known], values[known], stamps.size)
            counts = np.bincount(row[known], minlength=stamps.size)
            means = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
            kept[name] = ("time", means, second[name].attrs)
    else:
        at = np.searchsorted(other, stamps, side="right") - 1
        fresh = stamps < other[at] + np.timedelta64(int(steps[1]), "ns")
        for name in added:
            kept[name] = ("time", np.where(fresh, second[name].to_numpy()[at], np.nan), second[name].attrs)
    sources = f"{first.attrs.get('source', '?')}; {', '.join(map(str, added))}: {second.attrs.get('source', '?')}"
    return kept.assign_attrs(source=sources)
