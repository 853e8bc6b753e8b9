"""Small windIO plants for tests: one that is complete, changed at dotted paths."""

import copy
from pathlib import Path
from typing import Any

from testsite_sim.wind.windio import windio_yaml

TURBINE: dict[str, Any] = {
    "name": "ten",
    "hub_height": 90.0,
    "rotor_diameter": 120.0,
    "performance": {
        "power_curve": {"power_values": [0.0, 4.0e6, 5.0e6, 5.0e6], "power_wind_speeds": [3.0, 11.0, 13.0, 25.0]},
        "Ct_curve": {"Ct_values": [0.8, 0.8, 0.4, 0.05], "Ct_wind_speeds": [3.0, 11.0, 13.0, 25.0]},
    },
}
SERIES: dict[str, Any] = {
    "time": ["2023-01-01T00:00:00Z", "2023-01-01T01:00:00Z", "2023-01-01T02:00:00Z"],
    "wind_speed": [8.0, 9.0, 10.0],
    "wind_direction": [270.0, 271.0, 90.0],
    "turbulence_intensity": {"data": [0.06, 0.08, 0.1], "dims": ["time"]},
}
ROSE: dict[str, Any] = {
    "wind_direction": [0.0, 90.0, 180.0, 270.0],
    "sector_probability": {"data": [0.1, 0.2, 0.3, 0.4], "dims": ["wind_direction"]},
    "weibull_a": {"data": [9.0, 8.0, 10.0, 11.0], "dims": ["wind_direction"]},
    "weibull_k": {"data": [2.0, 2.1, 2.2, 1.9], "dims": ["wind_direction"]},
    "turbulence_intensity": {"data": 0.08, "dims": []},
}
CASES: dict[str, Any] = {
    "wind_direction": [0.0, 90.0, 270.0],
    "wind_speed": [7.0, 9.0],
    "probability": {"data": [[0.1, 0.2], [0.1, 0.1], [0.2, 0.3]], "dims": ["wind_direction", "wind_speed"]},
    "turbulence_intensity": {"data": 0.08, "dims": []},
}
RESOURCE = "site.energy_resource.wind_resource"
ANALYSIS = "attributes.analysis"


def row_of(resource: dict[str, Any], count: int = 4, spacing: float = 600.0) -> dict[str, Any]:
    """Return a plant of a number of turbines in a row from west to east."""
    x = [spacing * number for number in range(count)]
    return {
        "name": "row",
        "site": {
            "name": "sea",
            "boundaries": {"polygons": [{"x": [0.0, 1.0, 1.0], "y": [0.0, 0.0, 1.0]}]},
            "energy_resource": {"name": "wind", "wind_resource": copy.deepcopy(resource)},
        },
        "wind_farm": {
            "name": "farm",
            "layouts": [{"coordinates": {"x": x, "y": [0.0] * count}}],
            "turbines": copy.deepcopy(TURBINE),
        },
    }


def changed(plant: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return a plant with values at dotted paths, such as `wind_farm.layouts.0.turbine_types`; None takes one out."""
    plant = copy.deepcopy(plant)
    for dotted, value in changes.items():
        *above, last = dotted.split(".")
        place: Any = plant
        for key in above:
            place = place[int(key)] if isinstance(place, list) else place.setdefault(key, {})
        if value is None:
            del place[last]
        else:
            place[int(last) if isinstance(place, list) else last] = copy.deepcopy(value)
    return plant


def write(folder: Path, plant: dict[str, Any]) -> Path:
    """Write a plant into a folder."""
    path = folder / "plant.yaml"
    path.write_text(windio_yaml(plant), encoding="utf-8")
    return path
