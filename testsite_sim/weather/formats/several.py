"""Several files in one import: years in order, one file a parameter, a folder, a zip; overlaps equal or refused."""

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import reduce
from pathlib import Path, PurePosixPath

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.common.errors import DataError
from testsite_sim.common.temporary import temporary_folder
from testsite_sim.common.text import shortened
from testsite_sim.weather import bounded_text
from testsite_sim.weather.formats import import_record, join_records
from testsite_sim.weather.formats.options import ImportOptions
from testsite_sim.weather.formats.packed import Bounds, Members, last_name, unpack
from testsite_sim.weather.intervals import interval_lengths

MOST_FILES = 2000
TEXT_RATIO = 1032  # the most that deflate gives
SAME = 1e-6  # relative: files of one series may round it differently in the last digit
LOOKED_AT = 100_000  # bytes of a packed file, to recognise it


def import_records(paths: Sequence[Path], form: str, options: ImportOptions | None = None) -> xr.Dataset:
    """Read files of one format, folders and zips of such, as one record.

    Files of the same series follow each other in time, in whatever order they are named. Where two of them hold one
    interval they must agree. Files of different series are joined: in the same steps over all time that one of them
    has, in different steps over their common time, in the steps of the wind where there is one, else in the finest.

    Parameters
    ----------
    paths : sequence of Path
        Files, folders, zips.
    form : str
        A name of `FORMATS`.
    options : ImportOptions, optional
        What the files do not say themselves.

    Returns
    -------
    xarray.Dataset, dims (time[, height])
        Attribute `files`: how many were read, where there were several.

    Raises
    ------
    DataError
        When a file cannot be read, or two files contradict each other.
    """
    with _files(paths, form) as found:
        if len(found) == 1:
            return import_record(found[0], form, options)
        parts = [(path.name, import_record(path, form, options)) for path in found]
    return combine(parts)


def combine(parts: Sequence[tuple[str, xr.Dataset]]) -> xr.Dataset:
    """Return the records of several files as one; see `import_records`.

    Raises
    ------
    DataError
        When two files hold different values for the same interval.
    """
    groups: dict[int, list[tuple[str, xr.Dataset]]] = {}
    for name, part in parts:
        stamps = np.unique(part["time"].to_numpy())
        step = int(interval_lengths(stamps).min().astype(np.int64)) if stamps.size > 1 else 0
        groups.setdefault(step, []).append((name, part))
    by_series: list[xr.Dataset] = []
    for step in sorted(groups):
        merged = reduce(_merged, groups[step])[1]
        same = next((k for k, each in enumerate(by_series) if set(each.data_vars) & set(merged.data_vars)), None)
        if same is None:
            by_series.append(merged)
        else:  # the same series in another step, as prices before and after a change of the market
            by_series[same] = _merged(("the files before", by_series[same]), ("the coarser files", merged))[1]
    winds = [each for each in by_series if "wind_speed" in each or "wind_speed_at_hub" in each]
    first = winds[0] if winds else by_series[0]
    for other in by_series:
        if other is not first:
            first = join_records(first, other)
    names = [name for name, _ in parts]
    listed = names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more files"
    return first.assign_attrs(source=shortened(str(first.attrs.get("source", "?")), 300), files=listed)


def _merged(one: tuple[str, xr.Dataset], two: tuple[str, xr.Dataset]) -> tuple[str, xr.Dataset]:
    """Return two records with all that either has, and the name of the second; equal where they overlap."""
    (first_name, first), (second_name, second) = ((name, _once(name, each)) for name, each in (one, two))
    time = np.union1d(first["time"].to_numpy(), second["time"].to_numpy())
    heights = [each["height"].to_numpy() for each in (first, second) if "height" in each.coords]
    axes = {"time": time} | ({"height": np.unique(np.concatenate(heights))} if heights else {})
    made: dict[str, xr.DataArray] = {}
    for name in dict.fromkeys([*map(str, first.data_vars), *map(str, second.data_vars)]):
        held = [each[name] for each in (first, second) if name in each]
        wide = [each.reindex({dim: axes[str(dim)] for dim in each.dims}) for each in held]
        if len(wide) == 2:
            left, right = (each.to_numpy() for each in wide)
            _refuse_contradiction(left, right, time, name, (first_name, second_name))
            made[name] = wide[0].copy(data=np.where(np.isnan(left), right, left))
        else:
            made[name] = wide[0]
    result = xr.Dataset(made, attrs=second.attrs | first.attrs)
    result["time"].attrs.update(first["time"].attrs)
    if heights:
        result["height"].attrs.update(next(each for each in (first, second) if "height" in each.coords)["height"].attrs)
    sources = dict.fromkeys(str(each.attrs.get("source", "?")) for each in (first, second))
    return second_name, result.assign_attrs(source="; ".join(sources))


def _once(name: str, record: xr.Dataset) -> xr.Dataset:
    """Return a record with rising stamps; a doubled one must hold the same twice."""
    record = record.sortby("time")
    time = record["time"].to_numpy()
    twice = np.flatnonzero(time[1:] == time[:-1])
    for variable in record.data_vars:
        values = record[variable].transpose("time", ...).to_numpy()
        _refuse_contradiction(values[twice], values[twice + 1], time[twice], str(variable), (name, name))
    return record.isel(time=np.concatenate([[True], time[1:] != time[:-1]])) if time.size else record


def _refuse_contradiction(
    left: NDArray[np.float64],
    right: NDArray[np.float64],
    time: NDArray[np.datetime64],
    name: str,
    files: tuple[str, str],
) -> None:
    """Refuse two values for one interval."""
    if left.size == 0:
        return
    apart = np.abs(left - right) > SAME * np.maximum(np.abs(left), np.abs(right))
    rows = np.flatnonzero(apart.reshape(apart.shape[0], -1).any(axis=1))
    if rows.size == 0:
        return
    at = rows[0]
    one, two = (each.reshape(each.shape[0], -1)[at][apart.reshape(apart.shape[0], -1)[at]][0] for each in (left, right))
    where = f"{files[0]} holds" if files[0] == files[1] else f"{files[0]} and {files[1]} hold"
    raise DataError(
        f"weather: {where} different values of {name} for {rows.size} same interval(s), first {one:g} and {two:g} at "
        f"{str(time[at])[:16]}; leave one of them out, or correct the stamps (a clock set back doubles an hour)."
    )


def files_of(folder: Path) -> list[Path]:
    """Return the files of a folder in the order of their names, without hidden ones.

    Raises
    ------
    DataError
        When one is a link to a file elsewhere: a folder from a stranger must not read what it likes.
    """
    own = folder.resolve()
    held = sorted(each for each in folder.iterdir() if each.is_file() and not each.name.startswith("."))
    for each in held:
        if not each.resolve().is_relative_to(own):
            raise DataError(f"weather: {each}: is a link to a file outside its folder; copy what it names.")
    return held


def first_packed(path: Path) -> tuple[str, bytes] | None:
    """Return the name of the first file of a zip, and its first bytes; None where it is none of text."""
    if not _is_plain_zip(path, ""):
        return None
    try:
        with zipfile.ZipFile(path) as packed:
            members = sorted(each.filename for each in packed.infolist() if not each.is_dir() and _kept(each.filename))
            if not members:
                return None
            with packed.open(members[0]) as opened:
                return last_name(members[0]), opened.read(LOOKED_AT)
    except Exception:  # a damaged zip raises errors of many kinds; who reads it says so
        return None


@contextmanager
def _files(paths: Sequence[Path], form: str) -> Iterator[list[Path]]:
    """Yield the files that are named, those of folders and of zips among them, in the order of their names."""
    with ExitStack() as until_read:
        found: list[Path] = []
        for k, path in enumerate(paths):
            if path.is_dir() and path.suffix != ".zarr" and not (path / ".zgroup").exists():
                held = files_of(path)
                if not held:
                    raise DataError(f"weather: {path}: the folder holds no file.")
                found += held
            elif _is_plain_zip(path, form):
                found += _unpacked(path, until_read.enter_context(temporary_folder()) / str(k))
            else:
                found.append(path)
        if len(found) > MOST_FILES:
            raise DataError(f"weather: {len(found)} files; expected {MOST_FILES} at most in one import.")
        yield found


def _is_plain_zip(path: Path, form: str) -> bool:
    """Return whether a file is a zip of text; a zip of NetCDF is one download of ERA5, which has its own reader."""
    try:
        with path.open("rb") as opened:
            if opened.read(4) != b"PK\x03\x04":
                return False
        with zipfile.ZipFile(path) as packed:
            return not (form == "era5" and any(name.endswith(".nc") for name in packed.namelist()))
    except Exception:  # a damaged zip raises errors of many kinds; who reads it says so
        return False


def _unpacked(path: Path, folder: Path) -> list[Path]:
    """Return the files of a zip, unpacked under their last names; what they state and unpack to is bounded."""
    most = bounded_text.MOST_BYTES
    bounds = Bounds(MOST_FILES, most, TEXT_RATIO, f"of {most // 1024**2} MB at most")
    return unpack(path, folder, _chosen, bounds)


def _chosen(members: Members) -> Members:
    """Return what is read of a zip, by name."""
    kept = [each for each in members if not each.is_dir() and _kept(each.filename)]
    return sorted(kept, key=lambda each: each.filename)


def _kept(name: str) -> bool:
    """Return whether a packed file is one of data: neither hidden nor what a Mac adds."""
    last = PurePosixPath(name.replace("\\", "/"))
    return bool(last.name.strip(".")) and not last.name.startswith(".") and "__MACOSX" not in last.parts


def gaps_text(record: xr.Dataset) -> str:
    """Return the missing stretches of a record in a line, the longest first; empty where there is none."""
    stamps = np.unique(record["time"].to_numpy().astype("datetime64[ns]"))
    if stamps.size < 2:
        return ""
    lengths = interval_lengths(stamps)[:-1]
    missing = np.diff(stamps) - lengths
    at = np.flatnonzero(missing > np.timedelta64(0, "ns"))
    longest = at[np.argsort(-missing[at].astype(np.int64), kind="stable")]
    parts = [f"{missing[k] / np.timedelta64(1, 'h'):g} h from {str(stamps[k] + lengths[k])[:16]}" for k in longest[:5]]
    more = f", and {at.size - 5} more" if at.size > 5 else ""
    return f"{at.size} gap(s): {', '.join(parts)}{more}" if at.size else ""
