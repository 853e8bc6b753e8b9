"""How turbines are turned out of the wind: by turbine, or by turbine and sector of the wind direction.

The yaw of a turbine is the angle by which its rotor is turned out of the wind at its place, above zero
counter-clockwise, seen from above, as in PyWake and FLORIS: its wake then goes to the right, looking downwind.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.errors import DataError
from testsite_sim.common.inputs import Variable, aligned_inputs, refuse
from testsite_sim.common.yaw_bounds import LARGEST_YAW, overlapping, sector_width

YAW = Variable("degree", (("turbine",), ("time", "turbine")), -LARGEST_YAW, LARGEST_YAW)
ABOUT_YAW = {"units": "degree", "long_name": "yaw of the turbine out of the wind, counter-clockwise from above"}
EDGES = ("from_direction", "to_direction")
TABLE: Mapping[str, Variable] = {
    "yaw": Variable("degree", (("turbine",), ("sector", "turbine")), -LARGEST_YAW, LARGEST_YAW, required=True),
    **{name: Variable("degree", (("sector",),), -360.0, 720.0) for name in EDGES},
}


def read_yaw(given: xr.Dataset, names: Sequence[str]) -> xr.Dataset:
    """Return the yaw of a farm, checked and in the order of its turbines.

    Parameters
    ----------
    given : xarray.Dataset, dims ([sector,] turbine)
        yaw [degree] over (turbine), or over (sector, turbine) with from_direction and to_direction over (sector)
        [degree]: a sector reaches from the first, which lies in it, clockwise to the second, which does not; through
        north where the second is the smaller. In no sector, a turbine is not turned; in two of them, not in both. The
        coordinate `turbine` holds the names of the farm, in any order.
    names : sequence of str
        The turbines.

    Raises
    ------
    DataError
        When a variable is missing, unknown, or of other dimensions, labels, units or values; when a sector has no
        width, or a turbine two angles in one direction.

    Examples
    --------
    >>> import xarray as xr
    >>> table = {"yaw": (("sector", "turbine"), [[20.0, 0.0]]), "from_direction": ("sector", [255.0])}
    >>> table["to_direction"] = ("sector", [285.0])
    >>> found = read_yaw(xr.Dataset(table, coords={"turbine": ["B", "A"]}), ["A", "B"])
    >>> yaw_at(found, np.array([[270.0], [285.0]]))
    array([[ 0., 20.],
           [ 0.,  0.]])
    """
    found = aligned_inputs(given, "yaw", TABLE, labels={"turbine": list(names)})
    sectors = "sector" in found["yaw"].dims
    refuse(
        "yaw",
        [f"it is over sector, without {name}." for name in EDGES if sectors and name not in found]
        + [f"it is over turbine alone; leave {name} out." for name in EDGES if not sectors and name in found],
    )
    if sectors:
        begin, end = (found[name].values for name in EDGES)
        _check_sectors(begin, end, found["yaw"].values, names)
    return xr.Dataset({name: (part.dims, part.values, {"units": "degree"}) for name, part in found.items()})


def _widths(begin: Floats, end: Floats) -> Floats:
    """Return the width of sectors [degree]; the whole circle where one ends a turn after it begins."""
    return np.array([sector_width(*each) for each in zip(begin.tolist(), end.tolist(), strict=True)])


def _check_sectors(begin: Floats, end: Floats, angles: Floats, names: Sequence[str]) -> None:
    """Refuse sectors without a width, or wider than the circle, and two angles of a turbine in one direction."""
    width = _widths(begin, end)
    wrong = np.flatnonzero((width <= 0.0) | (width > 360.0) | (begin == end))
    if wrong.size:
        first, last = begin[wrong[0]], end[wrong[0]]
        raise DataError(f"yaw: a sector reaches from {first:g} to {last:g} degrees; expected a width of up to 360.")
    for k, m in overlapping(list(zip(begin.tolist(), end.tolist(), strict=True))):
        both = np.flatnonzero((angles[k] != 0.0) & (angles[m] != 0.0))
        if both.size:
            raise DataError(
                f"yaw: turbine {names[both[0]]!r} has two angles at {begin[m] % 360.0:g} degrees, of the sectors "
                f"{k} and {m}; expected one."
            )


def yaw_at(table: xr.Dataset, direction: Floats) -> Floats:
    """Return the yaw of the turbines [degree], shape (hours, turbines), or (1, turbines) where it has no sectors.

    Parameters
    ----------
    table : xarray.Dataset
        As `read_yaw` returns it.
    direction : ndarray, shape (hours, turbines) or (hours, 1)
        The undisturbed wind at the turbines [degree].
    """
    angles = table["yaw"].to_numpy()
    if angles.ndim == 1:
        return np.array(angles[None, :])
    begin, end = (table[name].to_numpy() for name in EDGES)
    found = np.zeros((direction.shape[0], angles.shape[1]))
    for k, width in enumerate(_widths(begin, end)):
        found += np.where((direction - begin[k]) % 360.0 < width, angles[k], 0.0)
    return found


def yaw_of(table: xr.Dataset | None, stated: Floats | None, direction: Floats, where: str) -> Floats:
    """Return the yaw of the turbines [degree], shape (hours or 1, turbines); (0, 0) where none is ever turned.

    Parameters
    ----------
    table : xarray.Dataset, optional
        Of the farm, as `read_yaw` returns it.
    stated : ndarray, shape (hours, turbines) or (turbines,), optional
        Of the inflow.
    direction : ndarray, shape (hours, turbines) or (hours, 1)
        The undisturbed wind [degree].
    where : str
        What messages call the inflow.

    Raises
    ------
    DataError
        When both the farm and its inflow state it.
    """
    if table is not None and stated is not None:
        raise DataError(f"{where}: states a yaw, and so does the farm; expected one of them.")
    if stated is not None:
        found = np.atleast_2d(stated)
    elif table is not None:
        found = yaw_at(table, direction)
    else:
        return np.empty((0, 0))
    return found if found.any() else np.empty((0, 0))


def same_yaw(one: xr.Dataset | None, other: xr.Dataset | None) -> bool:
    """Return whether two farms are yawed alike, as `read_yaw` returns it."""
    if one is None or other is None:
        return one is other
    return one.equals(other)


def joined_yaw(one: xr.Dataset | None, other: xr.Dataset | None, counts: tuple[int, int]) -> xr.Dataset | None:
    """Return the yaw of two farms, the turbines of the second behind those of the first; None where none is turned.

    Parameters
    ----------
    one, other : xarray.Dataset, optional
        As `read_yaw` returns it.
    counts : tuple of int
        How many turbines they have.
    """
    if one is None and other is None:
        return None
    angles, edges = [], []
    for table, before, after in ((one, 0, counts[1]), (other, counts[0], 0)):
        if table is not None:
            own = np.atleast_2d(table["yaw"].to_numpy())
            angles.append(np.pad(own, ((0, 0), (before, after))))
            whole = np.array([[0.0], [360.0]])
            edges.append(np.stack([table[name].to_numpy() for name in EDGES]) if EDGES[0] in table else whole)
    begin, end = np.concatenate(edges, axis=1)
    parts = {"yaw": (("sector", "turbine"), np.concatenate(angles)), EDGES[0]: ("sector", begin)}
    return xr.Dataset({**parts, EDGES[1]: ("sector", end)})
