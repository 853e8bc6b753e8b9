"""Farms and resources as plants in the format of windIO, and plants as files that run again."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from ruamel.yaml import YAML

from testsite_sim.common.errors import DataError
from testsite_sim.wind.farm import Farm, Turbine
from testsite_sim.wind.windio.includes import plain

MOST_NUMBERS = 5000  # of a resource that is written in the YAML file itself
RESOURCE_FILE = "wind_resource.nc"


class _Include(str):
    """The name of a file that is included."""


def write_windio(path: Path, name: str, farm: Farm, resource: Mapping[str, Any]) -> None:
    """Write a farm and a wind resource as one windIO plant.

    Parameters
    ----------
    path : Path
        The YAML file to write.
    name : str
        Of the plant.
    farm : Farm
        Turbines and positions.
    resource : mapping
        The wind resource as windIO has it, for example from `Plant.data["site"]["energy_resource"]["wind_resource"]`,
        or from `windio_resource`.

    Raises
    ------
    DataError
        When the farm is yawed, which windIO 2.1 has no place for.
    """
    if farm.yaw is not None:
        raise DataError("write_windio: the farm is yawed, which windIO 2.1 has no place for; take its yaw out.")
    types, kind = farm.types
    x, y = (np.asarray(values, np.float64).tolist() for values in (farm.x, farm.y))
    corners = {"x": [min(x), max(x), max(x), min(x)], "y": [min(y), min(y), max(y), max(y)]}
    data = {
        "name": name,
        "site": {
            "name": name,
            "boundaries": {"polygons": [corners]},
            "energy_resource": {"name": name, "wind_resource": dict(resource)},
        },
        "wind_farm": {
            "name": name,
            "layouts": [
                {
                    "coordinates": {"x": x, "y": y},
                    "turbine_types": kind.tolist(),
                    "turbine_identifiers": [str(each) for each in farm.names or ()],
                }
            ],
            "turbine_types": {str(number): _written(turbine) for number, turbine in enumerate(types)},
        },
    }
    path.write_text(windio_yaml(data), encoding="utf-8")


def windio_yaml(data: Mapping[str, Any]) -> str:
    """Return a plant as the text of one YAML file."""
    return _dumped(plain(data))


def write_plant(data: Mapping[str, Any], folder: Path, name: str) -> list[str]:
    """Write a plant as it was read, without includes; a resource of many numbers as NetCDF next to it.

    Parameters
    ----------
    data : mapping
        `Plant.data`.
    folder : Path
        Where to.
    name : str
        Of the YAML file.

    Returns
    -------
    list of str
        The names of the files; read from the first, the plant gives the same results.
    """
    site = data["site"]
    energy = site["energy_resource"]
    resource = energy["wind_resource"]
    files = [name]
    if _numbers(resource) > MOST_NUMBERS and (dataset := _as_dataset(resource)) is not None:
        dataset.to_netcdf(folder / RESOURCE_FILE, engine="h5netcdf")
        inner = {**energy, "wind_resource": _Include(RESOURCE_FILE)}
        data = {**data, "site": {**site, "energy_resource": inner}}
        files.append(RESOURCE_FILE)
    (folder / name).write_text(_dumped(plain(data)), encoding="utf-8")
    return files


def _numbers(value: Any) -> int:
    """Return how many values there are."""
    if isinstance(value, Mapping):
        return sum(_numbers(each) for each in value.values())
    return (
        int(np.size(value))
        if isinstance(value, np.ndarray)
        else (sum(_numbers(each) for each in value) if isinstance(value, list) else 1)
    )


def _as_dataset(resource: Mapping[str, Any]) -> xr.Dataset | None:
    """Return a resource as a Dataset; None where it holds more than coordinates and variables."""
    coordinates: dict[str, Any] = {}
    variables: dict[str, Any] = {}
    for name, stated in resource.items():
        if isinstance(stated, Mapping):
            if "data" not in stated or not set(stated) <= {"data", "dims", "attrs"}:
                return None
            variables[name] = (tuple(stated.get("dims") or ()), np.asarray(stated["data"]), stated.get("attrs") or {})
        elif isinstance(stated, list):
            coordinates[name] = (name, np.asarray(stated))
        else:
            coordinates[name] = ((), stated)
    try:
        return xr.Dataset(variables, coordinates)
    except ValueError:
        return None


def _dumped(data: Mapping[str, Any]) -> str:
    """Return plain data as YAML."""
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = None
    writer.width = 120
    writer.representer.ignore_aliases = lambda data: True
    writer.representer.add_representer(
        _Include, lambda representer, name: representer.represent_scalar("!include", str(name))
    )
    stream = io.StringIO()
    writer.dump(dict(data), stream)
    return stream.getvalue()


def _written(turbine: Turbine) -> dict[str, Any]:
    """Return a turbine as windIO has it."""
    speed = np.asarray(turbine.wind_speed, np.float64).tolist()
    return {
        "name": turbine.name,
        "performance": {
            "rated_power": float(turbine.rated_power),
            "power_curve": {"power_values": np.asarray(turbine.power).tolist(), "power_wind_speeds": speed},
            "Ct_curve": {"Ct_values": np.asarray(turbine.thrust_coefficient).tolist(), "Ct_wind_speeds": speed},
        },
        "hub_height": float(turbine.hub_height),
        "rotor_diameter": float(turbine.rotor_diameter),
    }


def windio_resource(resource: xr.Dataset) -> dict[str, Any]:
    """Return a wind resource as windIO has it: a series over (time), or Weibull statistics over (sector).

    Raises
    ------
    DataError
        When it is neither.
    """

    def convert(name: str) -> list[float]:
        return list(np.asarray(resource[name], np.float64).tolist())

    if "weibull_scale" in resource:
        sectors = resource.sizes["sector"]
        names = {"sector_probability": "sector_frequency", "weibull_a": "weibull_scale", "weibull_k": "weibull_shape"}
        middles = convert("sector") if "sector" in resource.coords else (np.arange(sectors) * 360.0 / sectors).tolist()
        written: dict[str, Any] = {"wind_direction": middles}
        written |= {theirs: {"data": convert(ours), "dims": ["wind_direction"]} for theirs, ours in names.items()}
        if "turbulence_intensity" in resource and resource["turbulence_intensity"].ndim == 0:
            written["turbulence_intensity"] = {"data": float(resource["turbulence_intensity"]), "dims": []}
        return written
    if "time" not in resource.dims or resource["wind_speed"].dims != ("time",):
        raise DataError("windIO: expected a resource over (time) alone, or Weibull statistics over (sector).")
    stamps = np.datetime_as_string(resource["time"].to_numpy().astype("datetime64[s]"))
    written = {"time": [f"{stamp}Z" for stamp in stamps]}
    theirs = {"wind_speed": "wind_speed", "wind_direction": "wind_direction"}
    theirs |= {"air_density": "density"}
    if "turbulence_intensity" in resource:
        dims = [str(dim) for dim in resource["turbulence_intensity"].dims]
        written["turbulence_intensity"] = {"data": convert("turbulence_intensity"), "dims": dims}
    return written | {
        other: convert(name) if name == other else {"data": convert(name), "dims": ["time"]}
        for name, other in theirs.items()
        if name in resource
    }
