"""Plants in the format of IEA Wind Task 37 (windIO, schema 2.1): read, and written."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from ruamel.yaml import YAML

from testsite_sim.configuration.yaml_loader import load_document
from testsite_sim.errors import ConfigurationError, DataError, nearest
from testsite_sim.wind.farm import Farm, Turbine
from testsite_sim.wind.models import MODELS, WakeModel

Floats = NDArray[np.float64]
DEFICITS = {"Jensen": "noj", "Bastankhah2014": "bastankhah", "TurbOPark": "turbopark"}
SUPERPOSITIONS = {"Linear": "linear", "Squared": "squared", "Max": "maximum"}
TURBULENCES = {"None": "none", "CrespoHernandez": "crespo-hernandez", "STF2017": "frandsen"}
BLOCKAGES = {"None": "none", "SelfSimilarityDeficit": "self-similar-2017"}
FINE_STEP = 0.05  # of a power curve that is stated by its rated speed alone [m/s]


@dataclass(frozen=True, eq=False)
class Plant:
    """A plant as read: its farm, its wind resource as `annual_energy_production` takes it, and how it is modelled."""

    name: str
    farm: Farm
    resource: xr.Dataset
    model: WakeModel
    blockage: str
    data: Mapping[str, Any]


def read_windio(path: Path) -> Plant:
    """Read a windIO plant: wind farm, turbines, wind resource and model.

    Includes are resolved beside the plant and in the folders next to its own, as windIO lays them out, nowhere else.

    Parameters
    ----------
    path : Path
        The file of the wind energy system.

    Raises
    ------
    ConfigurationError
        When the file does not follow the schema, an include leaves the study, or a model is asked for that we have not.
    DataError
        When the wind resource is neither a series, nor sector Weibull statistics, nor probabilities of directions and
        speeds.
    """
    data = _load(path, path.resolve().parent.parent, ())
    _validate(data, path)
    farm = _farm(data["wind_farm"], path)
    model, blockage = _model(data.get("attributes", {}).get("analysis", {}), path)
    resource = _resource(data["site"]["energy_resource"]["wind_resource"], farm, path)
    return Plant(str(data["name"]), farm, resource, model, blockage, data)


def _load(path: Path, root: Path, above: tuple[Path, ...]) -> Any:
    """Read a file with what it includes, within the root."""
    if path.resolve() in above:
        raise ConfigurationError(f"{path}: includes itself.")

    def include(name: str) -> Any:
        target = (path.parent / name).resolve()
        if not target.is_relative_to(root):
            raise ConfigurationError(f"{path}: the include {name!r} leaves the folder of the study, {root}.")
        if not target.is_file():
            raise ConfigurationError(f"{path}: the include {name!r} is no file.")
        if target.suffix == ".nc":
            return _netcdf(target)
        return _load(target, root, (*above, path.resolve()))

    return load_document(path, include).data


def _netcdf(path: Path) -> dict[str, Any]:
    """Return a NetCDF file as windIO writes it in YAML: coordinates as lists, variables with data and dimensions."""
    try:
        with xr.open_dataset(path, engine="h5netcdf") as dataset:
            loaded = dataset.load()
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read as NetCDF-4 ({error}).") from error
    coordinates = {str(name): values.to_numpy().tolist() for name, values in loaded.coords.items()}
    if "time" in loaded.coords and loaded["time"].dtype.kind == "M":
        coordinates["time"] = np.datetime_as_string(loaded["time"].to_numpy(), unit="s").tolist()
    variables = {
        str(name): {"data": values.to_numpy().tolist(), "dims": [str(dim) for dim in values.dims]}
        for name, values in loaded.data_vars.items()
    }
    return {**coordinates, **variables}


def _validate(data: Any, path: Path) -> None:
    """Hold a plant against windIO's own schema."""
    try:
        import windIO
    except ImportError as error:
        raise ConfigurationError(
            f"{path}: windIO plants want its package: pip install 'testsite-sim[windio]'."
        ) from error
    try:
        windIO.validate(data, "plant/wind_energy_system", restrictive=False)
    except Exception as error:
        problem = " ".join(str(error).split())[:300]
        raise ConfigurationError(f"{path}: does not follow windIO's schema: {problem}") from error


def _farm(wind_farm: Mapping[str, Any], path: Path) -> Farm:
    """Return the turbines of the first layout at their positions."""
    layouts = wind_farm["layouts"]
    if isinstance(layouts, Mapping):
        layout = layouts if "coordinates" in layouts else next(iter(layouts.values()))
    else:
        layout = layouts[0]
    x, y = layout["coordinates"]["x"], layout["coordinates"]["y"]
    types = {str(key): _turbine(value, path) for key, value in wind_farm.get("turbine_types", {}).items()}
    numbers = layout.get("turbine_types")
    if numbers is None:
        if "turbines" not in wind_farm:
            raise ConfigurationError(f"{path}: wind_farm states neither `turbines` nor turbine_types of the layout.")
        one = _turbine(wind_farm["turbines"], path)
        return Farm(x, y, one, names=layout.get("turbine_identifiers"), farms=[wind_farm["name"]] * len(x))
    unknown = next((str(number) for number in numbers if str(number) not in types), None)
    if unknown is not None:
        raise ConfigurationError(f"{path}: there is no turbine type {unknown!r}. {nearest(unknown, types)}")
    turbines = [types[str(number)] for number in numbers]
    return Farm(x, y, turbines, names=layout.get("turbine_identifiers"), farms=[wind_farm["name"]] * len(x))


def _turbine(data: Mapping[str, Any], path: Path) -> Turbine:
    """Return a turbine from its power or power-coefficient curve, or from its rated speed, and its thrust curve."""
    performance, diameter = data["performance"], float(data["rotor_diameter"])
    thrust_speed = np.array(performance["Ct_curve"]["Ct_wind_speeds"], np.float64)
    thrust = np.array(performance["Ct_curve"]["Ct_values"], np.float64)
    if "power_curve" in performance:
        speed = np.array(performance["power_curve"]["power_wind_speeds"], np.float64)
        power = np.array(performance["power_curve"]["power_values"], np.float64)
    elif "Cp_curve" in performance:
        speed = np.array(performance["Cp_curve"]["Cp_wind_speeds"], np.float64)
        coefficient = np.array(performance["Cp_curve"]["Cp_values"], np.float64)
        power = coefficient * 0.5 * 1.225 * 0.25 * np.pi * diameter**2 * speed**3
        power = np.minimum(power, float(performance.get("rated_power", np.inf)))
    else:
        low, full, high, rated = (
            float(performance[name])
            for name in ("cutin_wind_speed", "rated_wind_speed", "cutout_wind_speed", "rated_power")
        )
        speed = np.append(np.arange(low, high, FINE_STEP), high)
        power = rated * np.clip((speed - low) / (full - low), 0.0, 1.0) ** 3
    if np.any(np.diff(speed) <= 0.0) or np.any(np.diff(thrust_speed) <= 0.0):
        raise ConfigurationError(f"{path}: turbine {data['name']!r}: the wind speeds of a curve must rise.")
    both = np.union1d(speed, thrust_speed)
    return Turbine(
        str(data["name"]), diameter, float(data["hub_height"]), both,
        np.interp(both, speed, power, left=0.0, right=0.0),
        np.interp(both, thrust_speed, thrust, left=0.0, right=0.0),
        nominal_power=float(performance["rated_power"]) if "rated_power" in performance else None,
    )  # fmt: skip


def _model(analysis: Mapping[str, Any], path: Path) -> tuple[WakeModel, str]:
    """Return the wake model and the blockage that a plant asks for; Bastankhah's where it asks for none."""

    def chosen(part: str, known: Mapping[str, str], default: str) -> str:
        name = str(analysis.get(part, {}).get("name", default))
        if name not in known:
            raise ConfigurationError(f"{path}: analysis.{part}: {name!r} is not among ours. {nearest(name, known)}")
        return known[name]

    deficit = analysis.get("wind_deficit_model", {})
    model = MODELS[chosen("wind_deficit_model", DEFICITS, "Bastankhah2014")]
    expansion = deficit.get("wake_expansion_coefficient", {})
    if "k_a" in expansion or "k_b" in expansion:
        model = replace(
            model, slope=float(expansion.get("k_a", 0.0)), slope_per_intensity=float(expansion.get("k_b", 0.0))
        )
    if "ceps" in deficit:
        model = replace(model, width_factor=float(deficit["ceps"]))
    if "use_effective_ws" in deficit:
        model = replace(model, refers_to_source=bool(deficit["use_effective_ws"]))
    superposition = str(analysis.get("superposition_model", {}).get("ws_superposition", ""))
    if superposition:
        if superposition not in SUPERPOSITIONS:
            raise ConfigurationError(
                f"{path}: analysis.superposition_model: {superposition!r} is not among ours. "
                f"{nearest(superposition, SUPERPOSITIONS)}"
            )
        model = replace(model, superposition=SUPERPOSITIONS[superposition])
    turbulence = chosen("turbulence_model", TURBULENCES, "None")
    return replace(model, turbulence=turbulence), chosen("blockage_model", BLOCKAGES, "None")


def _resource(resource: Mapping[str, Any], farm: Farm, path: Path) -> xr.Dataset:
    """Return the wind resource: a series, sector statistics, or cases with their probability."""
    if "time" in resource:
        return _series(resource, farm, path)
    if "weibull_a" in resource:
        return _statistics(resource, farm, path)
    return _cases(resource, path)  # the schema wants one of the three


def _array(resource: Mapping[str, Any], name: str, default_dims: tuple[str, ...]) -> xr.DataArray:
    """Return a variable of a resource, written as a list, a number, or with data and dimensions."""
    written = resource[name]
    if isinstance(written, Mapping):
        return xr.DataArray(np.asarray(written["data"], np.float64), dims=tuple(written.get("dims", ())))
    values = np.asarray(written, np.float64)
    return xr.DataArray(values, dims=default_dims if values.ndim else ())


def _series(resource: Mapping[str, Any], farm: Farm, path: Path) -> xr.Dataset:
    """Return a series of winds, at the height nearest to the hubs where it has several."""
    stamps = resource["time"]
    # Some plants number their hours instead of dating them.
    dated = all(isinstance(stamp, str) for stamp in stamps)
    time = np.array([stamp.rstrip("Z") for stamp in stamps], "datetime64[ns]") if dated else np.arange(len(stamps))
    found: dict[str, xr.DataArray] = {}
    names = {"turbulence_intensity": "turbulence_intensity", "density": "air_density"}
    for name, ours in {"wind_speed": "wind_speed", "wind_direction": "wind_direction", **names}.items():
        if name not in resource:
            continue
        variable = _array(resource, name, ("time",)).rename({})
        if "height" in variable.dims:
            heights = np.asarray(resource["height"], np.float64)
            variable = variable.isel(height=int(np.abs(heights - farm.per_turbine("hub_height").mean()).argmin()))
        if "wind_turbine" in variable.dims:
            variable = variable.rename(wind_turbine="turbine")
        if not set(variable.dims) <= {"time", "turbine"}:
            raise DataError(f"{path}: {name} is over {variable.dims}; wanted time, height, wind_turbine.")
        found[ours] = variable
    missing = [name for name in ("wind_speed", "wind_direction") if name not in found]
    if missing:
        raise DataError(f"{path}: the series of winds has no {missing[0]}.")
    return xr.Dataset(found).assign_coords(time=time)


def _statistics(resource: Mapping[str, Any], farm: Farm, path: Path) -> xr.Dataset:
    """Return sector Weibull statistics."""
    directions = np.asarray(resource["wind_direction"], np.float64)
    sectors = directions.size - 1 if directions[-1] - directions[0] == 360.0 else directions.size
    found: dict[str, xr.DataArray] = {}
    names = {"sector_probability": "sector_frequency", "weibull_a": "weibull_scale", "weibull_k": "weibull_shape"}
    for name, ours in names.items():
        variable = _array(resource, name, ("wind_direction",))
        if variable.dims != ("wind_direction",):
            raise DataError(f"{path}: {name} is over {variable.dims}; wanted one value for each wind_direction.")
        found[ours] = variable.rename(wind_direction="sector").isel(sector=slice(0, sectors))
    found["sector_frequency"] = found["sector_frequency"] / found["sector_frequency"].sum()
    if "turbulence_intensity" in resource:
        intensity = _array(resource, "turbulence_intensity", ("wind_speed",))
        if intensity.dims == ("wind_speed",):
            speeds = np.asarray(resource["wind_speed"], np.float64)
            intensity = intensity.rename(wind_speed="speed").assign_coords(speed=speeds)
        found["turbulence_intensity"] = intensity
    if "shear" in resource:
        found["shear_exponent"] = xr.DataArray(float(resource["shear"]["alpha"]))
        found["reference_height"] = xr.DataArray(float(resource["shear"]["h_ref"]))
    return xr.Dataset(found)


def _cases(resource: Mapping[str, Any], path: Path) -> xr.Dataset:
    """Return every direction and speed with its probability."""
    axes = {name: np.atleast_1d(np.asarray(resource[name], np.float64)) for name in ("wind_direction", "wind_speed")}
    probability = _array(resource, "probability", ("wind_direction", "wind_speed")).assign_coords({})
    if not set(probability.dims) <= set(axes):
        raise DataError(f"{path}: probability is over {probability.dims}; wanted wind_direction and wind_speed.")
    grid = xr.Dataset(coords=axes)
    share = probability.assign_coords({str(dim): axes[str(dim)] for dim in probability.dims})
    if "wind_speed" not in probability.dims and axes["wind_speed"].size > 1:
        raise DataError(f"{path}: probability is over wind_direction alone, but there are several wind speeds.")
    full = share.broadcast_like(xr.DataArray(0.0, coords=grid.coords)).transpose("wind_direction", "wind_speed")
    direction, speed = np.meshgrid(axes["wind_direction"], axes["wind_speed"], indexing="ij")
    values = full.to_numpy().ravel()
    there = values > 0.0
    found = xr.Dataset(
        {
            "wind_speed": ("time", speed.ravel()[there]),
            "wind_direction": ("time", direction.ravel()[there]),
            "probability": ("time", values[there] / values.sum()),
        }
    )
    if "turbulence_intensity" in resource:
        intensity = _array(resource, "turbulence_intensity", ("wind_speed",))
        table = intensity.to_numpy() if intensity.ndim else np.full(axes["wind_speed"].size, float(intensity))
        if table.shape == axes["wind_speed"].shape:
            found["turbulence_intensity"] = ("time", np.interp(found["wind_speed"], axes["wind_speed"], table))
    return found


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
    ConfigurationError
        When what would be written does not follow windIO's schema.
    """
    unique = list(dict.fromkeys(farm.turbines))
    types = {turbine: number for number, turbine in enumerate(unique)}
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
                    "turbine_types": [types[turbine] for turbine in farm.turbines],
                    "turbine_identifiers": [str(each) for each in farm.names or ()],
                }
            ],
            "turbine_types": {str(number): _written(turbine) for turbine, number in types.items()},
        },
    }
    _validate(data, path)
    path.write_text(windio_yaml(data), encoding="utf-8")


def windio_yaml(data: Mapping[str, Any]) -> str:
    """Return a plant as the text of one YAML file."""
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = None
    writer.width = 120
    writer.representer.ignore_aliases = lambda data: True
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
    convert: Callable[[str], list[float]] = lambda name: np.asarray(resource[name], np.float64).tolist()  # noqa: E731
    if "weibull_scale" in resource:
        sectors = resource.sizes["sector"]
        names = {"sector_probability": "sector_frequency", "weibull_a": "weibull_scale", "weibull_k": "weibull_shape"}
        written: dict[str, Any] = {"wind_direction": (np.arange(sectors) * 360.0 / sectors).tolist()}
        written |= {theirs: {"data": convert(ours), "dims": ["wind_direction"]} for theirs, ours in names.items()}
        if "turbulence_intensity" in resource and resource["turbulence_intensity"].ndim == 0:
            written["turbulence_intensity"] = {"data": float(resource["turbulence_intensity"]), "dims": []}
        return written
    if "time" not in resource.dims or resource["wind_speed"].dims != ("time",):
        raise DataError("windIO: wanted a resource over (time) alone, or Weibull statistics over (sector).")
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
