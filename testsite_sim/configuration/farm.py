"""Farms: which turbines stand where."""

from collections import deque
from typing import Annotated

from pydantic import Field, model_validator

from testsite_sim.common.errors import nearest
from testsite_sim.common.yaw_bounds import overlapping
from testsite_sim.configuration.base import Component, Configuration, SourcedConfiguration
from testsite_sim.configuration.geographic import Latitude, Longitude
from testsite_sim.configuration.quantities import Direction, Yaw
from testsite_sim.configuration.turbine import TurbineConfiguration

SMALLEST_DISTANCE = 1e-3  # [m] below it, two turbines stand in one place
_APART: deque[dict[str, "Group"]] = deque(maxlen=8)  # the last that were checked: a draw checks a scenario anew


class YawSector(Configuration):
    """Turbines that are turned out of the wind, in a sector of the wind direction or, without one, at all directions.

    `turbines`: the yaw of each by its name, above zero counter-clockwise seen from above, as in PyWake and FLORIS: the
    wake then goes to the right, looking downwind. The sector reaches from `from_direction`, which lies in it, clockwise
    to `to_direction`, which does not.
    """

    turbines: Annotated[dict[str, Yaw], Field(min_length=1)]
    from_direction: Direction | None = None
    to_direction: Direction | None = None

    @model_validator(mode="after")
    def _sector(self) -> "YawSector":
        if (self.from_direction is None) != (self.to_direction is None):
            raise ValueError("from_direction and to_direction want each other; state both, or none for all directions")
        if self.from_direction is not None and self.from_direction == self.to_direction:
            raise ValueError("from_direction and to_direction are the same; leave both out for all directions")
        return self

    @property
    def directions(self) -> tuple[float, float]:
        """From where the sector reaches, clockwise to where [degree]; the whole circle without any."""
        if self.from_direction is None or self.to_direction is None:
            return 0.0, 360.0
        return float(self.from_direction), float(self.to_direction)


class Group(Configuration):
    """Turbines of one type: names, and positions east and north [m] in the farm's coordinates.

    `commissioned` is the year in which they entered service. `yaw`: which of them are turned out of the wind.
    """

    commissioned: int | None = Field(default=None, ge=1980, le=2100)
    turbine: Annotated[TurbineConfiguration, Component("turbine")]
    layout: str = ""
    names: Annotated[tuple[str, ...], Field(strict=False, min_length=1)]
    x: Annotated[tuple[float, ...], Field(strict=False, min_length=1)]
    y: Annotated[tuple[float, ...], Field(strict=False, min_length=1)]
    yaw: Annotated[tuple[YawSector, ...], Field(strict=False)] | None = None

    @model_validator(mode="after")
    def _same_length(self) -> "Group":
        lengths = (len(self.names), len(self.x), len(self.y))
        if len(set(lengths)) != 1:
            raise ValueError(f"{lengths[0]} names, {lengths[1]} x and {lengths[2]} y; expected one of each per turbine")
        for number, sector in enumerate(self.yaw or ()):
            for name in sector.turbines:
                if name not in self.names:
                    near = nearest(name, self.names)
                    raise ValueError(f"yaw.{number}.turbines: there is no turbine {name!r}. {near}".rstrip())
        return self

    @model_validator(mode="after")
    def _turned_once(self) -> "Group":
        sectors = self.yaw or ()
        for one, other in overlapping([sector.directions for sector in sectors]):
            for name, angle in sectors[one].turbines.items():
                if angle != 0.0 and sectors[other].turbines.get(name, 0.0) != 0.0:
                    raise ValueError(
                        f"yaw.{max(one, other)} turns {name!r}, as yaw.{min(one, other)} does, at "
                        f"{sectors[other].directions[0] % 360.0:g} degrees; expected one angle in each direction: let "
                        "a sector begin where the other ends, or leave the turbine out of one of them"
                    )
        return self


class FarmConfiguration(SourcedConfiguration):
    """Groups of turbines by farm or berth.

    `coordinates` says what x and y are, the `layout` of a group where its positions come from. With `year` only the
    groups stand that were commissioned in that year or before. `latitude` and `longitude` say where the point lies from
    which x and y are counted; a layout by longitude and latitude states them itself.
    """

    title: str = "farm of the scenario"
    coordinates: str = "east and north in m"
    attribution: str | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    year: int | None = Field(default=None, ge=1980, le=2100)
    groups: dict[str, Group]

    @property
    def standing(self) -> dict[str, Group]:
        """The groups that stand in the year of the farm; all of them where it has none."""
        if self.year is None:
            return self.groups
        return {name: each for name, each in self.groups.items() if (each.commissioned or self.year) <= self.year}

    @model_validator(mode="after")
    def _apart(self) -> "FarmConfiguration":
        if not self.groups:
            raise ValueError("groups is empty; expected at least one group of turbines")
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("latitude and longitude want each other; state both, or none")
        if self.year is not None:
            undated = [name for name, group in self.groups.items() if group.commissioned is None]
            if undated:
                raise ValueError(f"year is {self.year}, and {undated[0]!r} does not say when it was `commissioned`")
            if not self.standing:
                first = min(group.commissioned or 0 for group in self.groups.values())
                raise ValueError(f"no group stands in {self.year}; the first was commissioned in {first}")
        if any(groups is self.groups for groups in _APART):
            return self
        seen: dict[tuple[int, int], tuple[str, float, float]] = {}
        names: set[str] = set()
        for farm, group in self.groups.items():
            for name, x, y in zip(group.names, group.x, group.y, strict=True):
                label = f"{farm} {name}"
                if label in names:
                    raise ValueError(f"the name {label!r} stands twice")
                names.add(label)
                key = (round(x / SMALLEST_DISTANCE), round(y / SMALLEST_DISTANCE))
                if key in seen:
                    raise ValueError(
                        f"turbines {seen[key][0]!r} and {label!r} coincide at x {x:g} m, y {y:g} m; move one"
                    )
                seen[key] = (label, x, y)
        _APART.append(self.groups)
        return self
