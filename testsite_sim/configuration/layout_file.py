"""Layouts in CSV: one turbine a line, by position or by latitude and longitude, grouped by farm and type.

The header names the columns, in any order: `x` and `y` [m], east and north, or `longitude` and `latitude` [°]; `type`,
the name of a turbine or the path of its file; and, optionally `farm` and `name`. The separator is a comma, a
semicolon or a tab; with one of the latter a comma may be the decimal mark.
"""

import csv
import math
from pathlib import Path
from typing import Any

from testsite_sim.common.errors import ConfigurationError, nearest
from testsite_sim.configuration.yaml_loader import Document, Path_, Place, read_text

_COLUMNS = ("x", "y", "longitude", "latitude", "type", "farm", "name")
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
    _check_header(path, header)
    rows = []
    problems: list[str] = []
    for number, cells in lines:
        row = dict(zip(header, cells, strict=False))
        faults = _faults(header, cells, row)
        problems.extend(f"{path}:{number}: {fault}" for fault in faults)
        if not faults:
            rows.append((number, row))
    if not lines:
        problems.append(f"{path}: the layout has no turbines; expected a line each after the header.")
    if problems:
        raise ConfigurationError(*problems)
    geographic = "latitude" in header
    if geographic:
        positions = east_and_north(
            [float(row["longitude"]) for _, row in rows], [float(row["latitude"]) for _, row in rows]
        )
    else:
        positions = [(float(row["x"]), float(row["y"])) for _, row in rows]
    return _document(path, rows, positions, geographic=geographic)


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
        _transverse_mercator(math.radians(a - middle), math.radians(b))
        for a, b in zip(longitude, latitude, strict=True)
    ]
    north = sum(y for _, y in projected) / len(projected)
    return [(x, y - north) for x, y in projected]


def _transverse_mercator(longitude: float, latitude: float) -> tuple[float, float]:
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


def _check_header(path: Path, header: list[str]) -> None:
    """Refuse columns that are unknown, doubled or missing, all at once."""
    problems = [
        f"{path}:1: unknown column {name!r}. {nearest(name, _COLUMNS)}" for name in header if name not in _COLUMNS
    ]
    problems += [
        f"{path}:1: the column {name!r} stands twice." for name in sorted(set(header)) if header.count(name) > 1
    ]
    plane, globe = ({"x", "y"} & set(header)), ({"longitude", "latitude"} & set(header))
    if len(plane) + len(globe) != 2 or len(plane) == 1:
        found = ", ".join(sorted(plane | globe)) or "neither"
        problems.append(
            f"{path}:1: expected the columns `x` and `y` [m], or `longitude` and `latitude`; found {found}."
        )
    if "type" not in header:
        problems.append(f"{path}:1: the column `type`, the turbine of each line, is missing.")
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
