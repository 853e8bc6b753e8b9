"""GRIB, read by a process of its own: what its library makes of a damaged message can end the process that calls it.

That process writes the values of the fields into a file, arrays and what they are called alone, which this one reads.
"""

import json
import logging
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

import numpy as np
import xarray as xr

from testsite_sim.common.errors import DataError
from testsite_sim.common.hdf5_safety import refuse_claim
from testsite_sim.common.reading_apart import last_words, read_apart, refusals_reported
from testsite_sim.common.temporary import temporary_folder
from testsite_sim.weather.netcdf import MOST_BYTES, reason

RATIO = 1032  # as for HDF5; a field of one value takes no bytes at all, and is borne up to 64 MB
START_SECONDS = 10.0  # of CPU time, to import the libraries
SECONDS_A_BYTE = 1e-4  # a message takes 100 bytes and more, and about 5 ms
ELAPSED = 12.0  # times the CPU time that a file may take, by the clock of a machine that others use as well
_READ = """
from testsite_sim.weather.formats.grib import write_fields
write_fields(sys.argv[1], sys.argv[4])
"""


def read_grib(path: Path) -> list[xr.Dataset]:
    """Return the datasets of GRIB messages, without an index next to the file.

    Raises
    ------
    DataError
        When they cannot be read, state more than their bytes can hold, or hang or end the library.
    """
    with path.open("rb") as opened:
        opened.seek(-min(64, path.stat().st_size), 2)
        if not opened.read().rstrip(b"\0").endswith(b"7777"):  # ends every message; the library would drop a cut one
            raise DataError(f"weather: {path}: cannot be read as GRIB (it ends within a message); fetch it again.")
    seconds = START_SECONDS + SECONDS_A_BYTE * path.stat().st_size
    limits: dict[str, Any] = {"name": f"weather: {path}", "seconds": seconds, "elapsed": ELAPSED * seconds}
    with temporary_folder() as folder:
        fields = folder / "fields"
        done = read_apart(_READ, path, str(fields), kind="GRIB", library="ecCodes", **limits)
        if done.returncode:
            raise DataError(f"weather: {path}: cannot be read as GRIB ({reason(RuntimeError(last_words(done)))}).")
        with fields.open("rb") as opened:
            return list(_loaded(opened))


def write_fields(source: str, target: str) -> None:
    """Be the process that reads: write the datasets of a file of GRIB into another, or leave with what is wrong."""
    path = Path(source)
    with refusals_reported(lambda error: f"weather: {path}: cannot be read as GRIB ({reason(error)})."):
        datasets = _opened(path)
        with open(target, "wb") as written:
            for each in datasets:
                _write(each, written)


def _opened(path: Path) -> list[xr.Dataset]:
    """Return the datasets of a file, by the library."""
    try:
        import cfgrib
    except (ImportError, RuntimeError) as error:
        raise DataError(f"weather: {path.name} is GRIB, which wants `pip install 'testsite-sim[formats]'`.") from error
    refuse_claim(f"weather: {path.name}", _stated(path), path.stat().st_size, MOST_BYTES, ratio=RATIO)
    try:
        logging.getLogger("cfgrib").setLevel(logging.CRITICAL + 1)  # it logs the traceback of whatever is broken
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # cfgrib merges with defaults that xarray is about to change
            found: Iterable[xr.Dataset] = cfgrib.open_datasets(str(path), backend_kwargs={"indexpath": ""})
            return [each.load() for each in found if each.nbytes <= MOST_BYTES]
    except Exception as error:
        raise DataError(f"weather: {path}: cannot be read as GRIB ({reason(error)}).") from error


def _stated(path: Path) -> float:
    """Return what the fields of all messages take in memory [byte], by their headers alone."""
    import eccodes

    total = 0.0
    try:
        with path.open("rb") as opened:
            while (message := eccodes.codes_grib_new_from_file(opened, headers_only=True)) is not None:
                try:
                    total += 8.0 * eccodes.codes_get_long(message, "numberOfDataPoints")
                finally:
                    eccodes.codes_release(message)
                if total > MOST_BYTES:
                    break
    except Exception as error:
        raise DataError(f"weather: {path}: cannot be read as GRIB ({reason(error)}).") from error
    return total


def _write(dataset: xr.Dataset, written: IO[bytes]) -> None:
    """Write a line that names the variables of a dataset, and their values."""
    names = [[str(name), list(map(str, each.dims)), _text_of(each.attrs)] for name, each in dataset.variables.items()]
    about = {"variables": names, "coords": list(map(str, dataset.coords))}
    written.write(json.dumps(about).encode() + b"\n")
    for each in dataset.variables.values():
        np.lib.format.write_array(written, np.asarray(each.values), allow_pickle=False)


def _text_of(attributes: dict[Any, Any]) -> dict[str, str]:
    """Return the attributes that are text, such as units."""
    return {str(name): value for name, value in attributes.items() if isinstance(value, str)}


def _loaded(opened: IO[bytes]) -> Iterable[xr.Dataset]:
    """Yield what `_write` wrote."""
    while line := opened.readline():
        about = json.loads(line)
        found = {
            name: (dims, np.lib.format.read_array(opened, allow_pickle=False), attributes)
            for name, dims, attributes in about["variables"]
        }
        yield xr.Dataset(found).set_coords(about["coords"])
