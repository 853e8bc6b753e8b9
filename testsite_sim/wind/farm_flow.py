"""Farm flow with wakes: unwrap the inflow, call the sweep, wrap the answer."""

import itertools
import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.farm_flow import LANES, sweep
from testsite_kernels.turbine_curves import BINS_PER_SPEED

from testsite_sim.constants import STANDARD_AIR_DENSITY
from testsite_sim.errors import DataError, nearest
from testsite_sim.wind.farm import Farm
from testsite_sim.wind.models import WakeModel, wake_model

# Turbines nearer than this many rotor diameters could matter to each other side by side, where their order turns.
SHORTEST_SPACING = 3.0
WIDEST_BLOCK = 2.0  # [degree]


def simulate_farm(
    farm: Farm, inflow: xr.Dataset, model: str | WakeModel = "bastankhah", workers: int | None = None
) -> xr.Dataset:
    """Simulate a farm in a series of undisturbed winds.

    Parameters
    ----------
    farm : Farm
        The turbines.
    inflow : xarray.Dataset, dims (time[, turbine])
        wind_speed [m/s] over (time) or (time, turbine), wind_direction [degree, from] over (time), and, optional,
        air_density [kg/m³] like wind_speed: the power curve is read at the wind speed times the cube root of the
        density over 1.225 kg/m³ (IEC 61400-12-1, eq. 14, for turbines with active control). Models with turbulence need
        turbulence_intensity [1], a number or like wind_speed. power_limit [W], over (turbine) or (time, turbine), holds
        turbines down: at zero one stands still and casts no wake, derated it casts the smaller one of momentum theory.
    model : str or WakeModel
        One of `MODELS` by name, or a model of your own parts.
    workers : int, optional
        Threads; None: one a processor. The result is the same, bit by bit, for any number.

    Returns
    -------
    xarray.Dataset, dims (time, turbine)
        power [W], wind_speed_effective [m/s], thrust_coefficient [1]; where the inflow has turbulence also
        turbulence_intensity_effective [1].

    Raises
    ------
    ConfigurationError
        When there is no such model.
    DataError
        When the inflow lacks a variable, has another shape, or holds a value that is not finite or negative.
    """
    chosen = wake_model(model)
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
    shape = (direction.size, len(turbines))
    factor = np.ones((1, 1))
    if "air_density" in inflow:
        density = _inflow(inflow, "air_density")
        if density.shape not in ((direction.size,), shape) or density.min() <= 0.0:
            raise DataError(f"inflow: air_density has shape {density.shape}, lowest {density.min():g}; wanted above 0.")
        factor = np.cbrt(density / STANDARD_AIR_DENSITY).reshape(direction.size, -1)
    has_turbulence = "turbulence_intensity" in inflow
    intensity = np.zeros((direction.size, 1))
    if has_turbulence:
        stated = _inflow(inflow, "turbulence_intensity")
        if stated.shape not in ((), (direction.size,), shape) or stated.min() <= 0.0 or stated.max() > 1.0:
            raise DataError(
                f"inflow: turbulence_intensity has shape {stated.shape}, from {stated.min():g} to {stated.max():g}; "
                "wanted a fraction above 0, up to 1."
            )
        column = np.full(direction.size, float(stated)) if stated.ndim == 0 else stated
        intensity = np.ascontiguousarray(column.reshape(direction.size, -1))
    elif chosen.needs_turbulence:
        raise DataError(f"inflow: the wake model {model!r} needs turbulence_intensity; add it to the inflow.")
    limit = np.full((1, 1), np.inf)
    if "power_limit" in inflow:
        stated = np.asarray(inflow["power_limit"].transpose(..., "turbine").to_numpy(), dtype=np.float64)
        if stated.shape not in (shape, shape[1:]) or not stated.min() >= 0.0:
            raise DataError(
                f"inflow: power_limit has shape {stated.shape}, lowest {stated.min():g}; wanted ({shape[1]},) or "
                f"{shape}, "
                "zero or more."
            )
        limit = np.ascontiguousarray(stated.reshape(-1, shape[1]))
    unique = list(dict.fromkeys(turbines))
    starts = np.concatenate([[0], np.cumsum([np.size(turbine.wind_speed) for turbine in unique])])
    rows = np.array([unique.index(turbine) for turbine in turbines])
    tables = [
        np.concatenate([getattr(turbine, name) for turbine in unique])
        for name in ("wind_speed", "power", "thrust_coefficient")
    ]
    effective, power, thrust = (np.empty(shape) for _ in range(3))
    # Without wakes that add to it, the turbulence is everywhere the ambient one.
    adds_turbulence = chosen.turbulence != "none"
    turbulence = np.empty(shape) if adds_turbulence else np.broadcast_to(intensity, shape)
    bins = _table_bins([np.asarray(turbine.wind_speed) for turbine in unique], starts)[rows]
    x, y = np.asarray(farm.x), np.asarray(farm.y)
    diameter = farm.per_turbine("rotor_diameter")
    casts = np.array([bool(np.any(np.asarray(turbine.thrust_coefficient) > 0.0)) for turbine in unique])[rows]
    times, blocks = _blocks(direction, 0.0 if _is_dense(x, y, diameter, casts) else WIDEST_BLOCK)
    threads = workers or min(os.cpu_count() or 1, 8)
    bounds = np.linspace(0, blocks.size - 1, threads + 1).astype(int)

    def part(first: int, last: int) -> None:
        sweep(
            chosen.kernel_model, x - x.mean(), y - y.mean(), farm.per_turbine("hub_height"), diameter,
            np.stack([starts[rows], starts[rows + 1]], axis=1).astype(np.int64), *tables, bins,
            speed.reshape(direction.size, -1), direction, intensity, factor, limit,
            times[blocks[first] : blocks[last]], blocks[first : last + 1] - blocks[first],
            effective, power, thrust, turbulence if adds_turbulence else np.empty((0, 0)),
        )  # fmt: skip

    parts = [(first, last) for first, last in itertools.pairwise(bounds) if last > first]
    if len(parts) == 1:
        part(*parts[0])
    else:
        with ThreadPoolExecutor(len(parts)) as pool:
            list(pool.map(lambda bound: part(*bound), parts))
    described = (
        ("power", power, "W", "power of the turbine"),
        ("wind_speed_effective", effective, "m s-1", "wind speed at the hub with wakes"),
        ("thrust_coefficient", thrust, "1", "thrust coefficient"),
        ("turbulence_intensity_effective", turbulence, "1", "turbulence intensity at the hub with wakes"),
    )[: 4 if has_turbulence else 3]
    return xr.Dataset(
        {name: (("time", "turbine"), data, {"units": u, "long_name": text}) for name, data, u, text in described},
        coords={
            "time": inflow["time"] if "time" in inflow.coords else np.arange(direction.size),
            "x": ("turbine", x, {"units": "m", "long_name": "position east"}),
            "y": ("turbine", y, {"units": "m", "long_name": "position north"}),
            "turbine": ("turbine", list(farm.names or ()), {"long_name": "name of the turbine"}),
            "farm": ("turbine", list(farm.farms or ()), {"long_name": "farm that the turbine belongs to"}),
            "turbine_type": ("turbine", [turbine.name for turbine in turbines]),
            "thrust_source": ("turbine", [turbine.thrust_source for turbine in turbines]),
            **{
                name: ("turbine", farm.per_turbine(name), {"units": units, "long_name": name.replace("_", " ")})
                for name, units in (("hub_height", "m"), ("rotor_diameter", "m"), ("rated_power", "W"))
            },
        },
        attrs={"wake_model": chosen.source},
    )


def _inflow(inflow: xr.Dataset, name: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return a variable of the inflow as contiguous floats, time first."""
    if name not in inflow:
        raise DataError(f"inflow: there is no {name}. {nearest(name, map(str, inflow.data_vars))}")
    variable = inflow[name]
    if "time" in variable.dims:
        variable = variable.transpose("time", ...)
    values = np.asarray(variable.to_numpy(), dtype=np.float64, order="C")
    bad = int(np.count_nonzero(~np.isfinite(values)))
    if bad:
        raise DataError(f"inflow: {name} holds {bad} value(s) that are not finite; repair the record first.")
    return values


def _table_bins(speeds: list[NDArray[np.float64]], starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each type and bin of wind speed the row of the joined tables to look from, see `table_row`."""
    highest = max(float(table[-1]) for table in speeds)
    edges = np.arange(int(highest * BINS_PER_SPEED) + 2) / BINS_PER_SPEED
    rows = [
        np.searchsorted(table, edges, side="right") - 1 + start for table, start in zip(speeds, starts, strict=False)
    ]
    joined: NDArray[np.int64] = np.maximum(np.stack(rows), 0).astype(np.int64)
    return joined


def _blocks(direction: NDArray[np.float64], widest: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Sort the times by direction and cut them into blocks of at most `LANES`, no wider than `widest` [degree]."""
    turned = direction % 360.0
    times = np.argsort(turned, kind="stable")
    ordered = turned[times]
    starts = [0]
    while starts[-1] < ordered.size:
        begin = starts[-1]
        end = int(np.searchsorted(ordered, ordered[begin] + widest, side="right"))
        starts.append(min(end, begin + LANES))
    return times.astype(np.int64), np.array(starts, dtype=np.int64)


def _is_dense(
    x: NDArray[np.float64], y: NDArray[np.float64], diameter: NDArray[np.float64], casts: NDArray[np.bool_]
) -> bool:
    """Tell whether two turbines that cast wakes stand so near that wakes side by side could matter."""
    from scipy.spatial import cKDTree

    if casts.sum() < 2:
        return False
    tree = cKDTree(np.stack([x[casts], y[casts]], axis=1))
    distance, neighbour = tree.query(tree.data, k=2)
    largest = np.maximum(diameter[casts], diameter[casts][neighbour[:, 1]])
    return bool(np.any(distance[:, 1] < SHORTEST_SPACING * largest))
