"""The inputs of a step, held against a table of what it takes: names, dimensions, labels, units and bounds.

A step declares its variables once, as `Variable`; `aligned_inputs` then uses or refuses, by name, whatever a Dataset
holds. Nothing is taken by its shape, and nothing is left out in silence.
"""

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.common.errors import DataError, TestsiteError, nearest

# Units as CF writes them: how messages write them, and other spellings of the same.
SPELLINGS: dict[str, tuple[str, ...]] = {
    "m s-1": ("m/s", "m s**-1", "m s^-1", "m.s-1", "m·s-1", "m s⁻¹", "meter/second", "metre/second"),
    "degree": ("degree", "degrees", "deg", "°", "degree_true", "degrees_true"),
    "kg m-3": ("kg/m³", "kg/m3", "kg/m^3", "kg/m**3", "kg m**-3", "kg m^-3", "kg.m-3", "kg m⁻³"),
    "W": ("W", "watt"),
    "m": ("m", "meter", "metre", "meters", "metres"),
    "K": ("K", "kelvin"),
    "Pa": ("Pa", "pascal"),
    "W m-2": ("W/m²", "W/m2", "W/m^2", "W m**-2", "W m^-2"),
    "1": ("1", "", "-", "dimensionless", "fraction"),
}
# Attributes that say that the values are packed, or are not all values.
UNDECODED = ("scale_factor", "add_offset", "_FillValue", "missing_value")
CHECKED_ATTRIBUTES = ("units", "standard_name")
SAME_TEXT = 0.8  # likeness of two names from which on one is taken for a slip of the other


@dataclass(frozen=True)
class Variable:
    """What a step takes of a variable.

    Parameters
    ----------
    units : str
        As CF writes them; one of `SPELLINGS`.
    dims : tuple of tuple of str
        The dimensions that it may have, in the order of the array that the step gets.
    least, most : float
        Bounds of its values.
    above : bool
        `least` itself is not a value.
    required : bool
        It must be there.
    infinite : bool
        It may be infinite, which then says "no limit".
    standard_name : str
        The CF name, where another one would change what is meant; empty: any.
    scanned : bool
        Its values are looked at; not for large tables, of which a step reads a small part and checks what it reads.
    """

    units: str
    dims: tuple[tuple[str, ...], ...]
    least: float = -math.inf
    most: float = math.inf
    above: bool = False
    required: bool = False
    infinite: bool = False
    standard_name: str = ""
    scanned: bool = True


class Aligned(NamedTuple):
    """A variable in the order of the labels that the step wants: its dimensions, its values."""

    dims: tuple[str, ...]
    values: NDArray[np.float64]


def aligned_inputs(
    data: xr.Dataset,
    where: str,
    variables: Mapping[str, Variable],
    *,
    labels: Mapping[str, Sequence[object]] | None = None,
    coordinates: Mapping[str, object] | None = None,
    hints: Mapping[str, str] | None = None,
) -> dict[str, Aligned]:
    """Return the variables of a Dataset, checked against a table and put in the order of the labels.

    Parameters
    ----------
    data : xarray.Dataset
        What a user gave.
    where : str
        What messages call it.
    variables : mapping
        Name to `Variable`: all that is taken.
    labels : mapping, optional
        Dimension to the labels expected along it, in order. A dimension with a coordinate is aligned by it; one without
        has only its size to agree.
    coordinates : mapping, optional
        Further coordinates that are taken: name to the values that they must have, one or one for each label of the
        dimension; None where any value will do. The coordinates of the dimensions are always taken.
    hints : mapping, optional
        Name of a variable to a sentence for where its dimensions are wrong.

    Raises
    ------
    DataError
        With all faults at once: an unknown variable, coordinate, dimension or attribute, other labels than those
        expected, other units, a value that is not finite or out of bounds, a variable that is missing.
    """
    if not isinstance(data, xr.Dataset):
        raise DataError(f"{where}: is a {type(data).__name__}; expected an xarray.Dataset.")
    faults: list[str] = []
    expected, names, held = labels or {}, [str(name) for name in data.data_vars], data.variables
    for name, variable in variables.items():
        if variable.required and name not in names:
            close = nearest(name, [other for other in names if other not in variables])
            faults.append(f"there is no {name}. {close}".rstrip())
    for found in names:
        if found not in variables:
            faults.append(f"there is no use for the variable {found!r}. {nearest(found, variables)}")
    for attribute, value in data.attrs.items():
        if attribute in variables and not isinstance(value, str):
            faults.append(f"{attribute} is an attribute, which is not read; expected it as a variable.")
    orders = {dim: _order(data, dim, expected[dim], faults) for dim in map(str, data.dims) if dim in expected}
    described = [str(name) for name in held if name not in names]
    _check_coordinates({name: held[name] for name in described}, variables, orders, coordinates or {}, faults)
    result: dict[str, Aligned] = {}
    for name, variable in variables.items():
        if name in names:
            aligned = _aligned(held[name], name, variable, orders, (hints or {}).get(name, ""), faults)
            if aligned is not None:
                result[name] = aligned
    refuse(where, faults)
    return result


def refuse(where: str, faults: Sequence[str], error: type[TestsiteError] = DataError) -> None:
    """Raise an error that lists all faults; none where there are none."""
    if faults:
        raise error(f"{where}: " + " ".join(dict.fromkeys(faults)))


def checked_number(
    where: str,
    value: object,
    error: type[TestsiteError],
    *,
    least: float = -math.inf,
    most: float = math.inf,
    above: bool = False,
    units: str = "",
) -> float:
    """Return a number that a user gave as an argument; `where` names it.

    Raises
    ------
    TestsiteError
        Of the class `error`, when it is not a number, not finite, or out of bounds.
    """
    number = np.asarray(value)
    fits = number.ndim == 0 and number.dtype.kind in "iuf" and np.isfinite(number)
    if not (fits and (least < number if above else least <= number) and number <= most):
        bounds = _bounds(least, most, above, units)
        raise error(f"{where} is {value!r}; expected a number{', ' + bounds if bounds else ''}.")
    return float(number)


def _bounds(least: float, most: float, above: bool, units: str) -> str:
    """Return the bounds of a value in words."""
    unit = f" {units}" if units and units != "1" else ""
    words = []
    if least > -math.inf:
        words.append(f"above {least:g}{unit}" if above else f"{least:g}{unit} or more")
    if most < math.inf:
        words.append(f"at most {most:g}{unit}")
    return ", ".join(words)


def _order(data: xr.Dataset, dim: str, expected: Sequence[object], faults: list[str]) -> NDArray[np.intp] | None:
    """Return where each expected label stands in the data; None where they stand so already."""
    size = data.sizes[dim]
    if dim not in data.coords:
        if size != len(expected):
            faults.append(f"there are {size} along {dim}; expected {len(expected)}, or labels.")
        return None
    found, required = _comparable(data.variables[dim].to_numpy()), _comparable(np.asarray(expected))
    if found == required:
        return None
    for labels, whose in ((found, "given"), (required, "expected")):
        if len(set(labels)) < len(labels):
            faults.append(
                f"the labels of {dim} {whose} repeat, so that they cannot be aligned; expected the same order."
            )
            return None
    position = {label: place for place, label in enumerate(found)}
    missing = [label for label in required if label not in position]
    known = set(required)
    surplus = [label for label in found if label not in known]
    for labels, what in ((missing, "is missing"), (surplus, "is none of those expected")):
        if labels:
            more = f" and {len(labels) - 1} more" if len(labels) > 1 else ""
            faults.append(f"along {dim}, {labels[0]!r}{more} {what}.")
    if missing or surplus:
        if surplus and isinstance(surplus[0], str):
            faults.append(nearest(surplus[0], [str(label) for label in required]))
        return None
    return np.array([position[label] for label in required], np.intp)


def _comparable(labels: NDArray[np.generic]) -> list[object]:
    """Return labels as they are compared: text and whole numbers alike, stamps of time at one resolution."""
    if labels.dtype.kind == "M":
        return list(labels.astype("datetime64[ns]").astype(np.int64).tolist())
    if labels.dtype.kind in "iuUO":
        return [str(label) for label in labels.tolist()]
    return list(labels.tolist())


def _check_coordinates(
    given: Mapping[str, xr.Variable],
    variables: Mapping[str, Variable],
    orders: Mapping[str, NDArray[np.intp] | None],
    coordinates: Mapping[str, object],
    faults: list[str],
) -> None:
    """Note coordinates that are not taken, and those that contradict what they describe."""
    if not given:
        return
    dims = {dim for variable in variables.values() for each in variable.dims for dim in each}
    for name, coordinate in given.items():
        if name in variables:
            faults.append(f"{name} is a coordinate; expected it as a variable (reset_coords).")
        elif name not in dims and name not in coordinates:
            faults.append(
                f"there is no use for the coordinate {name!r}. {nearest(name, [*dims, *coordinates])} Leave it out by "
                "drop_vars where it means nothing."
            )
        elif name in coordinates and coordinates[name] is not None:
            values, expected = coordinate.to_numpy(), np.asarray(coordinates[name])
            if coordinate.ndim == 1:
                order = orders.get(str(coordinate.dims[0]))
                values = values if order is None else values[order]
            _check_described(name, values, expected, faults)


def _check_described(name: str, found: NDArray[np.generic], expected: NDArray[np.generic], faults: list[str]) -> None:
    """Note a coordinate whose values are not those of what it describes."""
    try:
        one, other = np.broadcast_arrays(found, expected)
    except ValueError:
        faults.append(f"the coordinate {name!r} has shape {found.shape}; expected {expected.shape}.")
        return
    if expected.dtype.kind == "f":
        same = one.dtype.kind in "iuf" and bool(np.all(np.abs(one - other) <= 1e-6 * np.maximum(1.0, np.abs(other))))
    else:
        same = bool(np.all(one.astype(str) == other.astype(str)))
    if not same:
        place = 0 if one.ndim == 0 else int(np.argmax(one != other))
        faults.append(
            f"the coordinate {name!r} is {one.ravel()[place]}, but that of the turbine is {other.ravel()[place]}; "
            "expected the same."
        )


def _aligned(
    data: xr.Variable,
    name: str,
    variable: Variable,
    orders: Mapping[str, NDArray[np.intp] | None],
    hint: str,
    faults: list[str],
) -> Aligned | None:
    """Return a variable with its dimensions and labels in order, or note why not."""
    dims: tuple[str, ...] | None = next((each for each in variable.dims if each == data.dims), None)
    if dims is None:
        dims = next((each for each in variable.dims if set(each) == set(data.dims)), None)
    if dims is None:
        choices = " or ".join(_written(each) for each in variable.dims)
        known = {dim for each in variable.dims for dim in each}
        close = [nearest(str(dim), known) for dim in data.dims if dim not in known]
        close = [sentence for sentence in close if sentence.startswith("Nearest")]
        faults.append(" ".join([f"{name} is over {_written(data.dims)}; expected {choices}.", *close, hint]).rstrip())
        return None
    if data.attrs:
        _check_attributes(data, name, variable, faults)
    if data.dtype.kind not in "iuf":
        faults.append(f"{name} holds values of type {data.dtype}; expected numbers.")
        return None
    values = data.data if dims == data.dims else data.transpose(*dims).data
    if not isinstance(values, np.ndarray):  # such as one of dask
        values = data.transpose(*dims).to_numpy()
    for axis, dim in enumerate(dims):
        if (order := orders.get(dim)) is not None:
            values = np.take(values, order, axis=axis)
    if values.size == 0:
        empty = [dim for dim, size in zip(dims, values.shape, strict=True) if size == 0]
        faults.append(f"{name} holds no value along {', '.join(empty)}.")
        return None
    values = np.ascontiguousarray(values, np.float64)
    if variable.scanned:
        _check_values(values, name, variable, faults)
    return Aligned(dims, values.reshape(()) if not dims else values)


def _written(dims: Sequence[object]) -> str:
    """Return dimensions as messages write them."""
    return f"({', '.join(map(str, dims))})" if dims else "() as one number"


def _check_attributes(data: xr.Variable, name: str, variable: Variable, faults: list[str]) -> None:
    """Note attributes that say that the values are not what the step takes them for."""
    spellings = (variable.units, *SPELLINGS[variable.units])
    for attribute, value in data.attrs.items():
        if attribute == "units" and value not in spellings:
            faults.append(f"{name} is in {value!r}; expected {spellings[1]!r}, converted.")
        elif attribute == "standard_name" and variable.standard_name and value != variable.standard_name:
            faults.append(f"{name} has the standard_name {value!r}; expected {variable.standard_name!r}.")
        elif attribute in UNDECODED:
            faults.append(
                f"{name} has the attribute {attribute!r}: it is still packed; open it with xarray's decoding."
            )
        elif attribute not in CHECKED_ATTRIBUTES and difflib.get_close_matches(
            str(attribute).casefold(), CHECKED_ATTRIBUTES, n=1, cutoff=SAME_TEXT
        ):
            faults.append(f"{name} has the attribute {attribute!r}. {nearest(str(attribute), CHECKED_ATTRIBUTES)}")


def _check_values(values: NDArray[np.float64], name: str, variable: Variable, faults: list[str]) -> None:
    """Note values that are not finite or out of bounds."""
    low, high = float(values.min()), float(values.max())  # a NaN is the least and the largest of its array
    if math.isnan(low) or (math.inf in (-low, high) and not variable.infinite):
        bad = np.count_nonzero(np.isnan(values) if variable.infinite else ~np.isfinite(values))
        faults.append(f"{name} holds {bad} value(s) that are not finite; repair the record first.")
        return
    if variable.least < low and high <= variable.most:
        return
    shown = SPELLINGS[variable.units][0]
    bounds = _bounds(variable.least, variable.most, variable.above, shown)
    unit = "" if shown == "1" else f" {shown}"
    if low < variable.least or (variable.above and low <= variable.least):
        faults.append(f"{name} falls to {low:g}{unit}; expected {bounds}.")
    if high > variable.most:
        faults.append(f"{name} rises to {high:g}{unit}; expected {bounds}.")
