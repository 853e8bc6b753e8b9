"""Which format a file is of, by its first bytes and words; any record that can be imported is opened by its path."""

import json
import re
from pathlib import Path

import xarray as xr

from testsite_sim.common.errors import DataError, nearest
from testsite_sim.configuration.catalogue import names
from testsite_sim.weather.bounded_text import read_text
from testsite_sim.weather.formats.meetnet import parameter_of
from testsite_sim.weather.formats.options import ImportOptions
from testsite_sim.weather.formats.several import files_of, first_packed, import_records
from testsite_sim.weather.formats.text import OTHERS, read_table
from testsite_sim.weather.netcdf import open_bounded
from testsite_sim.weather.reading import QUANTITIES, read_netcdf
from testsite_sim.weather.record import open_record, record_names

RECORD = "record"  # NetCDF as this program writes it
_NETCDF = (b"\x89HDF", b"CDF\x01", b"CDF\x02", b"CDF\x05")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")  # with files, and without
_ERA5 = {"u10", "u100", "t2m", "swh", "msl", "sp"}


def open_any(name: str, form: str | None = None, options: ImportOptions | None = None) -> xr.Dataset:
    """Open a packaged record by name, or a file, folder or zip of any format, recognised where none is stated.

    Raises
    ------
    DataError
        When there is none of that name, or its format cannot be recognised; the message says how to describe it.
    """
    path, chosen = Path(name), options or ImportOptions()
    if form is None and not path.exists():
        if name in record_names():
            return open_record(name)
        looks_like_a_file = path.suffix or len(path.parts) > 1
        near = "" if looks_like_a_file else f" {nearest(name, record_names())}"
        raise DataError(f"weather: {name!r}: there is no such file, and no packaged record of that name.{near}")
    found = form or recognise(path, chosen)
    return _own(path) if found == RECORD else import_records([path], found, chosen)


def _own(path: Path) -> xr.Dataset:
    """Return a record with all that this program writes, that which no scenario takes among it."""
    record = read_netcdf(path)
    whole = open_bounded(path)
    more = {name: whole[name] for name in OTHERS if name in whole and whole[name].attrs.get("units") == OTHERS[name][0]}
    return record.assign(more)


def recognise(path: Path, options: ImportOptions | None = None) -> str:
    """Return the name of the format of a file, or `record` for NetCDF with the names of the packaged records.

    Raises
    ------
    DataError
        When it cannot be recognised; for a table with its columns and a mapping to begin with.
    """
    if options is not None and options.mapping is not None:
        return "reanalysis" if str(options.mapping) in names("configs", "reanalysis") else "mapped"
    if path.is_dir():
        held = [] if path.suffix == ".zarr" else files_of(path)
        if path.suffix == ".zarr" or not held:
            raise DataError(f"weather: {path}: the format cannot be recognised; name it with --format or --mapping.")
        return recognise(held[0], options)
    if not path.is_file():
        raise DataError(f"weather: {path}: there is no such file.")
    try:
        with path.open("rb") as opened:
            magic = opened.read(4)
    except OSError as error:
        raise DataError(f"weather: {path}: cannot be read ({error.strerror}).") from error
    if magic in _NETCDF:
        return _of_netcdf(path)
    if magic == b"GRIB":
        return "era5"
    packed = first_packed(path) if magic in _ZIP else None
    if packed is not None and not packed[1].startswith((*_NETCDF, b"GRIB", b"PK")):
        return _of_text(packed[1].decode("utf-8", errors="replace"), Path(packed[0]))
    if magic in _ZIP or path.suffix.lower() in (".parquet", ".pq"):
        raise DataError(
            f"weather: {path}: the format of its content is not stated; name it with --format or --mapping."
        )
    return _of_text(read_text(path), path)


def _of_netcdf(path: Path) -> str:
    """Return the format of NetCDF by its variables."""
    names = set(map(str, open_bounded(path).variables))
    if names & _ERA5:
        return "era5"
    if "WS" in names:
        return "newa"
    if names & {*QUANTITIES, *OTHERS, "wind_speed_at_hub"}:
        return RECORD
    raise DataError(
        f"weather: {path.name} holds none of the variables of a record, of ERA5 or of NEWA; it holds "
        f"{', '.join(sorted(names)[:30])}. Describe it in a mapping file: --mapping FILE.yaml (docs/guide.md)."
    )


def _of_text(text: str, path: Path) -> str:
    """Return the format of text by its first lines."""
    head = text[:20_000]
    if re.search(r"^[# ]*STN *,", head, re.MULTILINE):
        return "knmi"
    if head.lstrip()[:1] in ("{", "["):
        return _of_json(text, path)
    lines = [line for line in head.splitlines() if line.strip() and not line.startswith("#")][:50]
    if not lines:
        raise DataError(f"weather: {path} is empty.")
    if re.match(r'"?MTU\b', lines[0]):
        return "entsoe"
    if parameter_of(path.stem) is not None and re.match(r"\s*\d", lines[0]):
        return "meetnet-vlaamse-banken"
    table = read_table("\n".join(lines), path.name)
    plain = {re.sub(r"[^a-z0-9]", "", str(name).lower()) for name in table.columns}
    if "validtime" in plain and plain & _ERA5:
        return "era5"
    if "datetime" in plain and plain & {"imbalanceprice", "measured", "realtime", "dayaheadprice"}:
        return "elia"
    if any(parameter_of(str(name)) is not None for name in table.columns[1:]) and not re.match(r"\s*\d", lines[0]):
        return "meetnet-vlaamse-banken"
    columns = list(map(str, table.columns))
    raise DataError(
        f"weather: {path.name} is a table of the columns {', '.join(columns[:30])}, whose quantities and units it does "
        "not state; describe them in a mapping file, named with --mapping. Begin with: " + draft_mapping(columns)
    )


def _of_json(text: str, path: Path) -> str:
    """Return the format of JSON by the names in it."""
    try:
        json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DataError(f"weather: {path}: is not JSON ({type(error).__name__}).") from error
    return "meetnet-vlaamse-banken" if '"Values"' in text[:20_000] else "elia"


def draft_mapping(columns: list[str]) -> str:
    """Return a mapping in one line, to be corrected by who knows the file."""
    time, rest = columns[0], columns[1:] or ["…"]
    is_clock = bool(re.fullmatch(r"time|tijd|uur|hour|clock", rest[0].strip().lower()))
    clock, rest = (f", clock: {rest[0]!r}", rest[1:] or ["…"]) if is_clock else ("", rest)
    parts = []
    for name in rest[:3]:
        word = name.lower()
        if re.search(r"dir|richting|^wd|^d\d", word):
            parts.append(f"{{column: {name!r}, quantity: wind_direction, units: degree, height: 100 m}}")
        elif re.search(r"price|prijs|eur", word):
            parts.append(f"{{column: {name!r}, quantity: day_ahead_price, units: EUR/MWh}}")
        elif re.search(r"temp", word):
            parts.append(f"{{column: {name!r}, quantity: air_temperature, units: degC}}")
        else:
            parts.append(f"{{column: {name!r}, quantity: wind_speed, units: m/s, height: 100 m}}")
    return f"{{time: {{column: {time!r}{clock}, zone: UTC, marks: start}}, columns: [{', '.join(parts)}]}}"
