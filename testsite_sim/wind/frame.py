"""The frame of a result over (time, turbine): its coordinates and what its variables are, made once for a farm.

Who simulates a farm in many winds of the same times takes a copy each time: a Dataset takes as long to put together as
a tenth of the wakes of 80 turbines.
"""

from collections.abc import Mapping
from weakref import WeakKeyDictionary

import numpy as np
import xarray as xr
from pandas import RangeIndex
from xarray.indexes import PandasIndex

from testsite_sim.wind.farm import Farm

About = Mapping[str, Mapping[str, str]]
_LAST: WeakKeyDictionary[Farm, xr.Dataset] = WeakKeyDictionary()


def frame_of(farm: Farm, data: xr.Dataset, hours: int, about: About) -> xr.Dataset:
    """Return a Dataset of a farm at the times of some data, without values.

    Parameters
    ----------
    farm : Farm
        The turbines.
    data : xarray.Dataset
        What may have a coordinate `time`, with which its scalar coordinates go; without one, times are numbers from 0.
    hours : int
        How many times there are.
    about : mapping
        Name of each variable to its attributes.
    """
    last = _LAST.get(farm)
    if last is None or not _fits(farm, last, data, hours, about):
        last = _LAST[farm] = _made(farm, data, hours, about)
    return last


def _fits(farm: Farm, frame: xr.Dataset, data: xr.Dataset, hours: int, about: About) -> bool:
    """Return whether a frame is that of these times and variables: their index is the very same."""
    if frame.sizes["time"] != hours or frame.data_vars.keys() != about.keys():
        return False
    if len(frame.coords) != len(farm.coordinates) + 1:
        return False  # it has scalar coordinates
    if "time" not in data.coords:
        index = frame.get_index("time")
        return (
            isinstance(index, RangeIndex) and (index.start, index.step) == (0, 1) and not frame.variables["time"].attrs
        )
    if "time" not in data.xindexes or not set(data.coords) <= {"time", "turbine"}:
        return False
    one, other = data.variables["time"], frame.variables["time"]
    is_same = data.get_index("time") is frame.get_index("time")
    return is_same and one.attrs == other.attrs and one.encoding == other.encoding


def _made(farm: Farm, data: xr.Dataset, hours: int, about: About) -> xr.Dataset:
    """Return the frame of a farm."""
    if "time" not in data.coords:
        time = xr.Coordinates.from_xindex(PandasIndex(RangeIndex(hours), "time"))
    elif "time" not in data.xindexes:
        time = xr.Coordinates({"time": data.variables["time"]})
    else:
        time = data["time"].coords
    turbines = farm.coordinates
    coordinates = xr.Coordinates(
        {**time.variables, **turbines.variables}, indexes={**time.xindexes, **turbines.xindexes}
    )
    empty = np.broadcast_to(0.0, (hours, len(farm.turbines)))
    variables = {name: (("time", "turbine"), empty, dict(attributes)) for name, attributes in about.items()}
    return xr.Dataset(variables, coords=coordinates)
