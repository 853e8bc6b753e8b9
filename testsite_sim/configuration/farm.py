"""Farms: which turbines stand where."""

from typing import Annotated

from pydantic import Field, model_validator

from testsite_sim.configuration.base import Component, Configuration, SourcedConfiguration
from testsite_sim.configuration.turbine import TurbineConfiguration

SMALLEST_DISTANCE = 1e-3  # [m] below it, two turbines stand in one place


class Group(Configuration):
    """Turbines of one type: names, and positions east and north [m] in the farm's coordinates."""

    turbine: Annotated[TurbineConfiguration, Component("turbine")]
    layout: str = ""
    names: Annotated[tuple[str, ...], Field(strict=False, min_length=1)]
    x: Annotated[tuple[float, ...], Field(strict=False, min_length=1)]
    y: Annotated[tuple[float, ...], Field(strict=False, min_length=1)]

    @model_validator(mode="after")
    def _same_length(self) -> "Group":
        lengths = (len(self.names), len(self.x), len(self.y))
        if len(set(lengths)) != 1:
            raise ValueError(f"{lengths[0]} names, {lengths[1]} x and {lengths[2]} y; expected one of each per turbine")
        return self


class FarmConfiguration(SourcedConfiguration):
    """Groups of turbines by farm or berth.

    `coordinates` says what x and y are, the `layout` of a group where its positions come from.
    """

    title: str = "farm of the scenario"
    coordinates: str = "east and north in m"
    attribution: str | None = None
    groups: dict[str, Group]

    @model_validator(mode="after")
    def _apart(self) -> "FarmConfiguration":
        if not self.groups:
            raise ValueError("groups is empty; expected at least one group of turbines")
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
        return self
