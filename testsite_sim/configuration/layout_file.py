"""Layouts in CSV: one turbine a line, by position or by latitude and longitude, grouped by farm and type.

The header names the columns, in any order: `x` and `y` [m], east and north, or `longitude` and `latitude` [°]; `type`,
the name of a turbine or the path of its file; and, optionally `farm` and `name`. The separator is a comma, a
semicolon or a tab; with one of the latter a comma may be the decimal mark.
"""

import csv
import math
from os.path import isfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from testsite_sim.common.errors import ConfigurationError, nearest
from testsite_sim.configuration.yaml_loader import Document, Path_, Place, read_text

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = ("x", "y", "longitude", "latitude", "type", "farm", "name")
_UNNAMED = ("", "unnamed: 0")  # what pandas calls the index that it wrote along
_INDEX = "Is it the index of a table? Write that by `to_csv(…, index=False)`."
# WGS 84: equatorial radius [m] and flattening.
_RADIUS, _FLATTENING = 6378137.0, 1.0 / 298.257223563


def is_layout_file(name: str) -> bool:
    """Return whether a name is that of a layout in CSV."""
    return name.lower().endswith(".csv")


def load_layout(path: Path) -> Document:
    """Read a layout as a farm's configuration, with the line of every turbine.

    Raises
    ------
    ConfigurationError
        When the file cannot be read or is too large, a column is missing or unknown, or values of a line are not what
        the column wants; all of them at once.
    """
    header, lines = _table(path)
    return _read(path, header, lines)


def layout_of_table(table: "pd.DataFrame", label: str) -> dict[str, Any]:
    """Return the farm of a table in memory, a turbine a row, with the columns of a file; an index with a name is one.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns as in a file: `type`, and `x` and `y` [m] or `longitude` and `latitude`; `farm` and `name` may be left
        out. Its types that are paths start from the working folder.
    label : str
        What messages call it; they count its rows from 1.

    Raises
    ------
    ConfigurationError
        As `load_layout`.
    """
    of_index = _index_columns(table, label)
    header = [str(name).strip().lower() for name in (*of_index, *table.columns)]
    missing = table.isna().to_numpy()
    rows = [
        [*labels, *("" if none else str(cell) for cell, none in zip(row, empty, strict=True))]
        for *labels, row, empty in zip(*of_index.values(), table.itertuples(index=False), missing, strict=True)
    ]
    kind = header.index("type") if "type" in header else None
    for row in rows:
        if kind is not None and Path(row[kind]).suffix and isfile(row[kind]):  # False also of a name too long
            row[kind] = str(Path(row[kind]).resolve())
    made = _read(Path("layout"), header, list(enumerate(rows, 1)), label)
    return {**made.data, "source": "a table of turbines in Python"}


def _index_columns(table: "pd.DataFrame", label: str) -> dict[str, list[str]]:
    """Return the levels of the index that have a name, which are columns that a user has set aside.

    Raises
    ------
    ConfigurationError
        When the index has no name and holds text, which nothing would use.
    """
    index = table.index
    if index.nlevels == 1 and index.name is None and index.inferred_type in ("string", "mixed", "categorical"):
        raise ConfigurationError(
            f"{label}: the index holds text such as {str(index[0])!r} and has no name; where these are the names of "
            "the turbines, give `….rename_axis('name')`, else `….reset_index(drop=True)`."
        )
    levels = {str(name): index.get_level_values(k) for k, name in enumerate(index.names) if name is not None}
    return {
        name: ["" if none else str(each) for each, none in zip(level, level.isna(), strict=True)]
        for name, level in levels.items()
    }


def _read(path: Path, header: list[str], lines: list[tuple[int, list[str]]], label: str = "") -> Document:
    """Return the farm of a header and its lines, or refuse them, all at once."""
    _check_header(label or f"{path}:1", header)
    rows = []
    problems: list[str] = []
    for number, cells in lines:
        row = dict(zip(header, cells, strict=False))
        faults = _faults(header, cells, row)
        problems.extend(f"{f'{label}: row {number}' if label else f'{path}:{number}'}: {fault}" for fault in faults)
        if not faults:
            rows.append((number, row))
    if not lines:
        after = "a row each" if label else "a line each after the header"
        problems.append(f"{label or path}: the layout has no turbines; expected {after}.")
    if problems:
        raise ConfigurationError(*problems)
    geographic = "latitude" in header
    if geographic:
        positions = east_and_north(
            [float(row["longitude"]) for _, row in rows], [float(row["latitude"]) for _, row in rows]
        )
    else:
        positions = [(float(row["x"]), float(row["y"])) for _, row in rows]
    made = _document(path, rows, positions, geographic=geographic)
    if geographic:  # of the point from which x and y are counted
        for name in ("latitude", "longitude"):
            made.data[name] = round(sum(float(row[name]) for _, row in rows) / len(rows), 6)  # to 0.1 m
    return made


def east_and_north(longitude: list[float], latitude: list[float]) -> list[tuple[float, float]]:
    """Return positions [m] east and north of the middle of the farm.

    A transverse Mercator projection about the mean meridian without a scale factor, so that distances and directions
    are those on the ground to 1e-5 within 30 km (Krüger's series to the third order; Karney 2011, J. Geodesy 85, 475).

    Examples
    --------
    >>> [(round(x), round(y)) for x, y in east_and_north([3.0, 3.0], [51.5, 51.6])]
    [(0, -5563), (0, 5563)]
    """
    middle = sum(longitude) / len(longitude)
    projected = [
        transverse_mercator(math.radians(a - middle), math.radians(b)) for a, b in zip(longitude, latitude, strict=True)
    ]
    north = sum(y for _, y in projected) / len(projected)
    return [(x, y - north) for x, y in projected]


def transverse_mercator(longitude: float, latitude: float) -> tuple[float, float]:
    """Return east and north [m] of a point, from the central meridian [rad] and the equator."""
    n = _FLATTENING / (2.0 - _FLATTENING)
    radius = _RADIUS / (1.0 + n) * (1.0 + n**2 / 4.0 + n**4 / 64.0)
    alpha = (
        n / 2.0 - 2.0 * n**2 / 3.0 + 5.0 * n**3 / 16.0,
        13.0 * n**2 / 48.0 - 3.0 * n**3 / 5.0,
        61.0 * n**3 / 240.0,
    )
    e = 2.0 * math.sqrt(n) / (1.0 + n)
    sine = math.sin(latitude)
    t = math.sinh(math.atanh(sine) - e * math.atanh(e * sine))
    xi = math.atan2(t, math.cos(longitude))
    eta = math.asinh(math.sin(longitude) / math.hypot(t, math.cos(longitude)))
    east = eta + sum(a * math.cos(2 * k * xi) * math.sinh(2 * k * eta) for k, a in enumerate(alpha, 1))
    north = xi + sum(a * math.sin(2 * k * xi) * math.cosh(2 * k * eta) for k, a in enumerate(alpha, 1))
    return radius * east, radius * north


def _table(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the header in lower case, and the cells of every line that is not empty with its number."""
    lines = read_text(path).removeprefix("\ufeff").splitlines()  # spreadsheets put a byte order mark first
    first = lines[0] if lines else ""
    separator = max(";\t,", key=first.count)
    try:
        rows = [
            (number, [cell.strip() for cell in row])
            for number, row in enumerate(csv.reader(lines, delimiter=separator), 1)
            if any(cell.strip() for cell in row)
        ]
    except csv.Error as error:
        raise ConfigurationError(f"{path}: is not a table ({error}).") from error
    if not rows:
        raise ConfigurationError(f"{path}: is empty; expected a header with {', '.join(_COLUMNS)}.")
    if separator != ",":
        rows = [
            (number, [cell.replace(",", ".") if _is_number(cell.replace(",", ".")) else cell for cell in row])
            for number, row in rows
        ]
    return [name.lower() for name in rows[0][1]], rows[1:]


def _check_header(place: str, header: list[str]) -> None:
    """Refuse columns that are unknown, doubled or missing, all at once."""
    problems = [
        f"{place}: unknown column {name!r}. {_INDEX if name in _UNNAMED else nearest(name, _COLUMNS)}"
        for name in header
        if name not in _COLUMNS
    ]
    problems += [
        f"{place}: the column {name!r} stands twice." for name in sorted(set(header)) if header.count(name) > 1
    ]
    plane, globe = ({"x", "y"} & set(header)), ({"longitude", "latitude"} & set(header))
    if len(plane) + len(globe) != 2 or len(plane) == 1:
        found = ", ".join(sorted(plane | globe)) or "neither"
        problems.append(f"{place}: expected the columns `x` and `y` [m], or `longitude` and `latitude`; found {found}.")
    if "type" not in header:
        problems.append(f"{place}: the column `type`, the turbine of each line, is missing.")
    if problems:
        raise ConfigurationError(*problems)


def _faults(header: list[str], cells: list[str], row: dict[str, str]) -> list[str]:
    """Return what is wrong with a line."""
    if len(cells) != len(header):
        return [f"{len(cells)} values for {len(header)} columns ({', '.join(header)})."]
    limits = {"x": 1e9, "y": 1e9, "longitude": 180.0, "latitude": 90.0}
    faults = [
        f"{name} is {row[name]!r}; expected a number{f' of at most {limit:g}' if limit < 1e9 else ''}."
        for name, limit in limits.items()
        if name in row and not (_is_number(row[name]) and abs(float(row[name])) <= limit)
    ]
    return faults + ([] if row["type"] else ["the type is empty; expected the name of a turbine."])


def _is_number(text: str) -> bool:
    """Return whether a text is a finite number."""
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _document(
    path: Path, rows: list[tuple[int, dict[str, str]]], positions: list[tuple[float, float]], *, geographic: bool
) -> Document:
    """Return the farm's configuration: a group for each farm, or for each of its types where it has several."""
    types: dict[str, list[str]] = {}
    for _, row in rows:
        kinds = types.setdefault(row.get("farm") or path.stem, [])
        if row["type"] not in kinds:
            kinds.append(row["type"])
    groups: dict[str, dict[str, Any]] = {}
    places: dict[Path_, Place] = {(): Place(str(path), 1)}
    for (number, row), (x, y) in zip(rows, positions, strict=True):
        farm = row.get("farm") or path.stem
        key = farm if len(types[farm]) == 1 else f"{farm} ({row['type']})"
        group = groups.setdefault(
            key, {"turbine": row["type"], "layout": f"as in {path.name}", "names": [], "x": [], "y": []}
        )
        index = len(group["names"])
        for name, value in (("names", row.get("name") or f"{index + 1:02d}"), ("x", x), ("y", y)):
            group[name].append(value)
            places[("groups", key, name, index)] = Place(str(path), number)
        places.setdefault(("groups", key), Place(str(path), number))
    data = {
        "title": path.stem,
        "source": path.name,
        "coordinates": "east and north in m of the middle of the farm" if geographic else "east and north in m",
        "groups": groups,
    }
    return Document(data, places)
