"""The turbines of a windIO plant at their places: one wind farm, or several as one plant."""

from collections import Counter
from typing import Any

import numpy as np

from testsite_sim.common.errors import ConfigurationError, nearest
from testsite_sim.wind.farm import Farm, Turbine
from testsite_sim.wind.windio.document import Part
from testsite_sim.wind.windio.turbines import read_turbine

NO_CABLES = "the energy is that of the turbines, before cables and substations"


def read_farms(plant: Part) -> Farm:
    """Return the turbines of all wind farms of a plant; turbines of every farm stand in the wakes of the others.

    Raises
    ------
    Unusable
        When a farm cannot be read; why is among the problems of the document.
    """
    found = [_farm(part) for part in plant.parts("wind_farm")]
    columns: list[list[Any]] = [[value for farm in found for value in farm[place]] for place in range(5)]
    x, y, turbines, names, farms = columns
    double = {name for name, count in Counter(names).items() if count > 1}
    names = [f"{farm} {name}" if name in double else name for name, farm in zip(names, farms, strict=True)]
    try:
        return Farm(x, y, turbines, names=names, farms=farms)
    except ConfigurationError as error:
        plant.fail("wind_farm", str(error))


def _farm(part: Part) -> tuple[list[float], list[float], list[Turbine], list[str], list[str]]:
    """Return position, type, name and farm of each turbine of one wind farm."""
    name = part.text("name")
    for key in ("electrical_substations", "electrical_collection_array"):
        part.ignore(key, NO_CABLES)
    layouts = part.parts("layouts")
    if len(layouts) > 1:
        part.fail("layouts", f"holds {len(layouts)} layouts; keep the one to run.")
    layout = layouts[0]
    x, y = _coordinates(layout.part("coordinates"))
    turbines = _types(part, layout, len(x))
    names = [str(number + 1) for number in range(len(x))]
    if "turbine_identifiers" in layout:
        stated = layout.take("turbine_identifiers")
        if not isinstance(stated, list) or len(stated) not in (0, len(x)):
            layout.fail("turbine_identifiers", f"expected a list of {len(x)} names, one for each position.")
        names = [str(each) for each in stated] or names
    return x, y, turbines, names, [name] * len(x)


def _coordinates(part: Part) -> tuple[list[float], list[float]]:
    """Return the positions east and north [m]."""
    x, y = part.numbers("x"), part.numbers("y")
    if x.size != y.size or x.size == 0:
        part.fail("y", f"has {y.size} values, x {x.size}; expected one for each turbine.")
    if "z" in part:
        if np.any(part.numbers("z") != 0.0):
            part.refuse("z", "turbines on different heights of the ground are not modelled; expected zeros.")
        else:
            part.ignore("z", "is zero for every turbine")
    if "crs" in part:
        crs = part.text("crs").lower()
        if any(word in crs for word in ("longlat", "latlong", "epsg:4326", "units=ft", "units=us-ft", "units=km")):
            part.refuse("crs", f"is {crs!r}; expected coordinates in metres east and north.")
        else:
            part.ignore("crs", "the coordinates are metres east and north in any projection")
    return x.tolist(), y.tolist()


def _types(part: Part, layout: Part, count: int) -> list[Turbine]:
    """Return the turbine at each position."""
    if "turbine_types" not in layout:
        if "turbines" not in part:
            part.document.fail(part.path, "states neither `turbines` nor turbine_types of the layout.")
        part.ignore("turbine_types", "the layout states no types, so each turbine is that of `turbines`")
        return [read_turbine(part.part("turbines"))] * count
    part.ignore("turbines", "the layout states types, so each turbine is one of `turbine_types`")
    types = part.part("turbine_types")
    numbers = layout.take("turbine_types")
    if not isinstance(numbers, list) or len(numbers) != count:
        layout.fail("turbine_types", f"expected a list of {count} types, one for each position.")
    used = list(dict.fromkeys(str(number) for number in numbers))
    unknown = [number for number in used if number not in types]
    if unknown:
        layout.fail("turbine_types", f"there is no turbine type {unknown[0]!r}. {nearest(unknown[0], types)}")
    for key in types:
        if key not in used:
            types.ignore(key, "no position has a turbine of this type")
    read = {number: read_turbine(types.part(number)) for number in used}
    return [read[str(number)] for number in numbers]
