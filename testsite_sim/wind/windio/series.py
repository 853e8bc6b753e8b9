"""A series of winds over time."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.wind.farm import Farm
from testsite_sim.wind.windio.document import Part, shown
from testsite_sim.wind.windio.selection import Selection
from testsite_sim.wind.windio.variables import NEAR, at_hubs, coordinate, turbine_order, variable

NAMES = {
    "wind_speed": "wind_speed",
    "wind_direction": "wind_direction",
    "turbulence_intensity": "turbulence_intensity",
    "density": "air_density",
}


def read_series(
    part: Part, farm: Farm, has_names: bool, profile: NDArray[np.float64] | None, selection: Selection
) -> xr.Dataset:
    """Return a series of winds at the hubs, over (time) or (time, turbine).

    A profile over heights is linear between them; turbines are aligned by their labels; `operating` of zero holds a
    turbine down for that time.

    Raises
    ------
    Unusable
        When a variable is missing or over other dimensions; why is among the problems of the document.
    """
    for name, value in (("speeds", selection.speeds), ("directions", selection.directions)):
        if value is not None:
            key = {"speeds": "wind_speeds_run", "directions": "directions_run"}[name]
            selection.part.part(key).fail("specific_values", "is for statistics; the times of a series are times_run.")
    stamps = part.take("time")
    stamps = stamps if isinstance(stamps, list) else [stamps]
    time = _times(part, stamps)
    order = turbine_order(part, farm, has_names)
    _check_places(part, farm, order)
    sizes = {"time": time.size, "height": 0 if profile is None else profile.size, "wind_turbine": len(farm.turbines)}
    if profile is None and "height" in part:
        sizes["height"] = coordinate(part, "height").size
    found: dict[str, xr.DataArray] = {}
    needed = [name for name in NAMES if name in ("wind_speed", "wind_direction") or _needed(part, name)]
    for name in needed:
        values = variable(part, name, ("time",), ("time", "height", "wind_turbine"), sizes)
        if "wind_turbine" in values.dims:
            values = values.isel(wind_turbine=order).rename(wind_turbine="turbine")
        if "height" in values.dims:
            if profile is None:
                values = values.isel(height=0)
            else:
                values = at_hubs(values, profile, farm, angle=name == "wind_direction")
        found[NAMES[name]] = values if "time" in values.dims else values.expand_dims(time=time.size)
    if profile is not None and not any("height" in _dims(part, name) for name in needed):
        part.fail("height", "is a profile, but no variable is over it.")
    if "operating" in part:
        flags = variable(part, "operating", ("time",), ("time", "wind_turbine"), sizes)
        if not np.isin(flags.to_numpy(), (0.0, 1.0)).all():
            part.fail("operating", "expected 1 where a turbine runs and 0 where it stands still.")
        if "wind_turbine" in flags.dims:
            flags = flags.isel(wind_turbine=order)
        flags = flags.rename({"wind_turbine": "turbine"} if "wind_turbine" in flags.dims else {})
        shape = xr.DataArray(np.ones((time.size, len(farm.turbines))), dims=("time", "turbine"))
        running = (flags * shape).transpose("time", "turbine")
        found["power_limit"] = running.copy(data=np.where(running.to_numpy() > 0.0, np.inf, 0.0))
    series = xr.Dataset(found).assign_coords(time=time)
    chosen = selection.chosen_times(stamps)
    return series if selection.is_whole else series.isel(time=chosen)


def _needed(part: Part, name: str) -> bool:
    """Return whether a variable is stated and has an effect."""
    return name in part and (*part.path, name) not in part.document.read


def _dims(part: Part, name: str) -> Sequence[str]:
    """Return the dimensions that a variable names."""
    stated = part.data.get(name)
    return stated.get("dims") or () if isinstance(stated, dict) else ()


def _times(part: Part, stamps: Sequence[Any]) -> NDArray[np.generic]:
    """Return the times, UTC; some plants number their times instead of dating them."""
    if all(isinstance(stamp, int | float) for stamp in stamps):
        return np.arange(len(stamps))
    found = []
    for stamp in stamps:
        try:
            moment = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", str(stamp)))  # of nanoseconds, to micro
        except ValueError:
            part.fail("time", f"holds {shown(stamp)}; expected dates and times, or numbers.")
        moment = moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)
        found.append(np.datetime64(moment, "ns"))
    return np.array(found)


def _check_places(part: Part, farm: Farm, order: NDArray[np.int64]) -> None:
    """Hold the places of the resource, where it states them turbine by turbine, against those of the layout."""
    for axis, places in (("x", farm.x), ("y", farm.y)):
        if axis not in part:
            continue
        stated = variable(part, axis, ("wind_turbine",), ("wind_turbine",), {"wind_turbine": len(farm.turbines)})
        if stated.ndim == 0:
            part.fail(axis, "is one number; expected the place of each turbine.")
        if np.abs(stated.to_numpy()[order] - np.asarray(places)).max() > NEAR:
            part.fail(axis, "a resource at other places than the turbines is not modelled.")
        part.ignore(axis, "are the places of the layout")
