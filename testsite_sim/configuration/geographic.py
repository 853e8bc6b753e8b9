"""Latitude and longitude: degrees as everyone writes them, with or without a unit or a letter."""

import math
import re
from typing import Annotated, Any

from testsite_sim.configuration.quantities import Quantity, Unit

_WRITTEN = re.compile(r"([-+]?\d+(?:\.\d+)?)\s*(?:°|deg|degrees?)?\s*([NSEW]?)", re.IGNORECASE)


class Geographic(Unit):
    """The pydantic annotation of an angle on the globe: a number of degrees, `51.5 degree`, `51.5° N` or `51.5 N`."""

    def _number(self, value: Any) -> Quantity:
        """Return the angle in degrees, north and east positive."""
        found = _WRITTEN.fullmatch(str(value).strip()) if isinstance(value, int | float | str) else None
        if found is None or isinstance(value, bool):
            raise self._error(f"found {value!r}")
        letter = found[2].upper()
        if letter not in ("", *("NS" if self.maximum == 90.0 else "EW")):
            raise self._error(f"found {value!r}, which ends in {letter}")
        if letter and found[1].startswith("-"):
            raise self._error(f"found {value!r}, which has a minus and a letter")
        degrees = float(found[1]) * (-1.0 if letter in ("S", "W") else 1.0)
        if not self.minimum <= degrees <= self.maximum:
            raise self._error(f"found {value!r}, out of bounds")
        quantity = Quantity(degrees, value)
        quantity.si = self.si
        return quantity


Latitude = Annotated[float, Geographic("degree", "a latitude, north positive", "51.5", -90.0, 90.0)]
Longitude = Annotated[float, Geographic("degree", "a longitude, east positive", "2.8", -180.0, 180.0)]

_EARTH = 6.371e6  # mean radius [m]


def distance_between(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Return the distance of two places [m], each latitude and longitude [degree], on a sphere (haversine).

    Examples
    --------
    >>> round(distance_between((51.5, 2.8), (51.5, 3.8)) / 1e3)
    69
    """
    (north, east), (other_north, other_east) = (tuple(map(math.radians, place)) for place in (first, second))
    across = math.cos(north) * math.cos(other_north) * math.sin(0.5 * (other_east - east)) ** 2
    return 2.0 * _EARTH * math.asin(math.sqrt(min(math.sin(0.5 * (other_north - north)) ** 2 + across, 1.0)))
