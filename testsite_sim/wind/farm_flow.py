"""Farm flow with wakes: unwrap the inflow, call the sweep, wrap the answer."""

import numpy as np
import xarray as xr
from testsite_kernels.farm_flow import sweep_bastankhah

from testsite_sim.errors import ConfigurationError, DataError, nearest
from testsite_sim.wind.farm import Farm

MODELS = {"bastankhah": sweep_bastankhah, "bastankhah-2014": sweep_bastankhah}


def simulate_farm(farm: Farm, inflow: xr.Dataset, model: str = "bastankhah") -> xr.Dataset:
    """Simulate a farm in a series of undisturbed winds.

    Parameters
    ----------
    farm : Farm
        The turbines.
    inflow : xarray.Dataset, dims (time[, turbine])
        wind_speed [m/s] over (time) or (time, turbine), and wind_direction [degree, from] over (time).
    model : str
        One of `MODELS`; `bastankhah` is Bastankhah and Porté-Agel (2014).

    Returns
    -------
    xarray.Dataset, dims (time, turbine)
        power [W], wind_speed_effective [m/s], thrust_coefficient [1].

    Raises
    ------
    ConfigurationError
        When there is no such model.
    DataError
        When the inflow lacks a variable, has another shape, or holds a value that is not finite or negative.
    """
    if model not in MODELS:
        raise ConfigurationError(f"wind.model: there is no wake model {model!r}. {nearest(model, MODELS)}")
    turbines = farm.turbines
    speed = _inflow(inflow, "wind_speed")
    direction = _inflow(inflow, "wind_direction")
    if direction.ndim != 1 or speed.shape not in ((direction.size,), (direction.size, len(turbines))):
        raise DataError(
            f"inflow: wind_speed has shape {speed.shape}, wind_direction {direction.shape}; "
            f"wanted (time,) or (time, {len(turbines)}) and (time,)."
        )
    if speed.min() < 0.0:
        raise DataError(f"inflow: wind_speed falls to {speed.min():g} m/s; wanted zero or more.")
    at_hub = np.ascontiguousarray(np.broadcast_to(speed.reshape(direction.size, -1), (direction.size, len(turbines))))
    unique = list(dict.fromkeys(turbines))
    starts = np.concatenate([[0], np.cumsum([np.size(turbine.wind_speed) for turbine in unique])])
    rows = np.array([unique.index(turbine) for turbine in turbines])
    tables = [
        np.concatenate([getattr(turbine, name) for turbine in unique])
        for name in ("wind_speed", "power", "thrust_coefficient")
    ]
    effective, power, thrust = (np.zeros_like(at_hub) for _ in range(3))
    x, y = np.asarray(farm.x), np.asarray(farm.y)
    MODELS[model](
        x - x.mean(), y - y.mean(), farm.per_turbine("hub_height"), farm.per_turbine("rotor_diameter"),
        np.stack([starts[rows], starts[rows + 1]], axis=1).astype(np.int64), *tables, at_hub, direction,
        effective, power, thrust,
    )  # fmt: skip
    described = (
        ("power", power, "W", "power of the turbine"),
        ("wind_speed_effective", effective, "m s-1", "wind speed at the hub with wakes"),
        ("thrust_coefficient", thrust, "1", "thrust coefficient"),
    )
    return xr.Dataset(
        {name: (("time", "turbine"), data, {"units": u, "long_name": text}) for name, data, u, text in described},
        coords={
            "time": inflow["time"] if "time" in inflow.coords else np.arange(direction.size),
            "x": ("turbine", x, {"units": "m", "long_name": "position east"}),
            "y": ("turbine", y, {"units": "m", "long_name": "position north"}),
            "turbine_type": ("turbine", [turbine.name for turbine in turbines]),
        },
        attrs={"wake_model": model},
    )


def _inflow(inflow: xr.Dataset, name: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return a variable of the inflow as contiguous floats, time first."""
    if name not in inflow:
        raise DataError(f"inflow: there is no {name}. {nearest(name, map(str, inflow.data_vars))}")
    values = np.ascontiguousarray(inflow[name].transpose("time", ...).to_numpy(), dtype=np.float64)
    bad = int(np.count_nonzero(~np.isfinite(values)))
    if bad:
        raise DataError(f"inflow: {name} holds {bad} value(s) that are not finite; repair the record first.")
    return values
