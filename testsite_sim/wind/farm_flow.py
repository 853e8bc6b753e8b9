"""Farm flow with wakes: unwrap the inflow, call the sweep, wrap the answer."""

import itertools
import os
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.wind import sweep as kernel_sweep
from testsite_kernels.wind.block import Turbines, cut_blocks
from testsite_kernels.wind.blockage import self_similar_blockage
from testsite_kernels.wind.curves import Curves, Yaw
from testsite_kernels.wind.wake.functions import Functions
from testsite_kernels.wind.wake.state import Parameters

from testsite_sim.common.errors import ConfigurationError, DataError, nearest
from testsite_sim.wind.curves import read_curves
from testsite_sim.wind.farm import Farm, turbine_coordinates
from testsite_sim.wind.inflow import Inflow, check_deflection, read_inflow, with_neighbours
from testsite_sim.wind.models import WakeModel, wake_model
from testsite_sim.wind.yaw import ABOUT_YAW

Floats = NDArray[np.float64]
WIDEST_BLOCK = 3.0  # [degree]
PARTS_PER_THREAD = 4
BLOCKAGES = {
    "none": "none",
    "self-similar-2017": "Troldborg and Meyer Forsting (2017), Wind Energy 20, 2011-2020, upstream of the rotors",
}
# Wakes and induction are iterated hour by hour: until what the induction takes at every turbine changes by less [m/s],
# in at most MOST_ROUNDS; where it has found no new smallest one in PATIENCE of them, the next take half the step.
CONVERGED, MOST_ROUNDS, PATIENCE, SMALLEST_STEP = 1e-9, 200, 10, 1.0 / 32.0


def simulate_farm(
    farm: Farm,
    inflow: xr.Dataset,
    model: str | WakeModel = "bastankhah",
    workers: int | None = None,
    *,
    blockage: str = "none",
    neighbours: Farm | None = None,
    neighbour_inflow: xr.Dataset | None = None,
) -> xr.Dataset:
    """Simulate a farm in a series of undisturbed winds.

    Parameters
    ----------
    farm : Farm
        The turbines.
    inflow : xarray.Dataset, dims (time[, turbine])
        wind_speed [m/s] and wind_direction [degree, from] over (time) or (time, turbine): a wake goes straight where
        the wind at its source blows to. Optional: air_density [kg/m³], a number or alike: the power curve is read at
        the wind speed times the cube root of the density over 1.225 kg/m³ (IEC 61400-12-1, eq. 14, for turbines with
        active control). Models with turbulence need turbulence_intensity [1], a number or alike; above 1, as in light
        winds, it is taken as stated, up to a standard deviation of 60 m/s. power_limit [W], over (turbine) or
        (time, turbine), holds turbines down: at zero one stands still and casts no wake, derated it casts the smaller
        one of momentum theory. yaw [degree], over (turbine) or (time, turbine), turns turbines out of the wind, above
        zero counter-clockwise seen from above (as in PyWake and FLORIS): it takes of their own power and thrust, see
        `Turbine`, and their wakes are deflected as the model says; the yaw of a farm (`Farm.yaw`) does the same
        by sectors of the wind direction at each turbine. The coordinate `turbine` holds the names of the farm, in any
        order; the other coordinates of a result must be those of the farm, `height` the hub height. A field on a grid
        or on points: see `inflow_at_turbines`.
    model : str or WakeModel
        One of `MODELS` by name, or a model of your own parts.
    workers : int, optional
        Threads; None: one a processor. The result is the same, bit by bit, for any number.
    blockage : str
        One of `BLOCKAGES`: `self-similar-2017`, the induction upstream of all turbines, found by iteration with wakes
        and thrust, or `none`.
    neighbours : Farm, optional
        Turbines of other farms, whose wakes and induction count and whose results are left out; they are not held down.
    neighbour_inflow : xarray.Dataset, optional
        Their inflow, over (time) or (time, turbine); None: that of the farm, which is then over (time) alone.

    Returns
    -------
    xarray.Dataset, dims (time, turbine)
        power [W], wind_speed_effective [m/s], thrust_coefficient [1]; where the inflow has turbulence also
        turbulence_intensity_effective [1], where turbines are yawed yaw [degree].

    Raises
    ------
    ConfigurationError
        When there is no such model, or a neighbour stands where a turbine does.
    DataError
        When the inflow lacks a variable, holds one that is not listed above, or has other dimensions, labels, units or
        values.

    Warns
    -----
    UserWarning
        When two turbines stand nearer to each other than the larger of their rotor diameters; when the turbulence
        intensity looks like a percentage; when wakes and blockage of some hours do not converge, which are counted.
    """
    chosen = wake_model(model)
    if blockage not in BLOCKAGES:
        raise ConfigurationError(f"wind.blockage: there is no blockage {blockage!r}. {nearest(blockage, BLOCKAGES)}")
    check_workers(workers)
    count = np.asarray(farm.x).size
    given, everything = read_inflow(inflow, farm, chosen), farm
    if neighbours is not None:
        everything = _both(farm, neighbours)
        others = None
        if neighbour_inflow is not None:
            others = _of_neighbours(neighbour_inflow, neighbours, chosen, inflow)
        given = with_neighbours(given, others, farm, neighbours)
    elif neighbour_inflow is not None:
        raise ConfigurationError("simulate_farm: neighbour_inflow is given without neighbours.")
    check_deflection(given, chosen)
    series = _sweep(everything, given, chosen, workers, blockage)
    shown = len(series) if given.has_turbulence else 3
    described = (
        ("power", "W", "power of the turbine"),
        ("wind_speed_effective", "m s-1", "wind speed at the hub with wakes"),
        ("thrust_coefficient", "1", "thrust coefficient"),
        ("turbulence_intensity_effective", "1", "turbulence intensity at the hub with wakes"),
    )
    hours = given.direction.shape[0]
    found = {
        name: (("time", "turbine"), data[:, :count], {"units": units, "long_name": text})
        for (name, units, text), data in zip(described, series[:shown], strict=False)
    }
    if given.yaw.size > 0:
        yaw = np.broadcast_to(given.yaw, (hours, given.yaw.shape[1]))[:, :count]
        found["yaw"] = (("time", "turbine"), yaw, ABOUT_YAW)
    return xr.Dataset(
        found,
        coords={"time": inflow["time"] if "time" in inflow.coords else np.arange(hours), **turbine_coordinates(farm)},
        attrs={"wake_model": chosen.source, "blockage": BLOCKAGES[blockage]},
    )


def check_workers(workers: int | None) -> None:
    """Refuse a number of threads that is none.

    Raises
    ------
    ConfigurationError
        When it is not a whole number above zero, or None.
    """
    if workers is not None and (not isinstance(workers, int | np.integer) or isinstance(workers, bool) or workers < 1):
        raise ConfigurationError(f"workers is {workers!r}; expected a whole number of threads, 1 or more, or None.")


def _both(farm: Farm, neighbours: Farm) -> Farm:
    """Return the farm with its neighbours behind it."""
    return Farm(
        np.concatenate([np.asarray(farm.x), np.asarray(neighbours.x)]),
        np.concatenate([np.asarray(farm.y), np.asarray(neighbours.y)]),
        [*farm.turbines, *neighbours.turbines],
    )


def _of_neighbours(inflow: xr.Dataset, neighbours: Farm, model: WakeModel, own: xr.Dataset) -> Inflow:
    """Return the inflow of neighbours at the times of that of the farm."""
    if isinstance(inflow, xr.Dataset) and "power_limit" in inflow:
        raise DataError("neighbour_inflow: has a power_limit, but neighbours are never held down; leave it out.")
    time = own["time"].to_numpy() if "time" in own.coords else np.arange(own.sizes["time"])
    return read_inflow(inflow, neighbours, model, "neighbour_inflow", time)


@dataclass(frozen=True)
class _Flow:
    """A farm in its wind, for the kernels, and where they write."""

    functions: Functions
    parameters: Parameters
    discs: bool
    turbines: Turbines
    curves: Curves
    inflow: kernel_sweep.Inflow
    results: kernel_sweep.Results
    mean_direction: Floats
    workers: int | None


def _sweep(
    farm: Farm, inflow: Inflow, model: WakeModel, workers: int | None, blockage: str
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return power, effective wind speed, thrust and turbulence, each of shape (time, turbines)."""
    unique = list(dict.fromkeys(farm.turbines))
    number = {turbine: kind for kind, turbine in enumerate(unique)}
    kind = np.array([number[turbine] for turbine in farm.turbines])
    x, y = (values - values.mean() for values in (np.asarray(farm.x), np.asarray(farm.y)))
    turbines = Turbines(x, y, farm.per_turbine("hub_height"), farm.per_turbine("rotor_diameter"), kind)
    casts = np.array([bool(np.any(np.asarray(turbine.thrust_coefficient) > 0.0)) for turbine in unique])[kind]
    _warn_of_near(x[casts], y[casts], turbines.diameter[casts])
    # Without wakes that add to it, the turbulence is everywhere the ambient one.
    parameters, shape = model.parameters, (inflow.direction.shape[0], kind.size)
    # In one piece, which the system hands out again: the first touch of fresh pages takes as long as the wakes.
    series = np.empty((4 if parameters.adds_turbulence else 3, *shape))
    power, effective, thrust = series[:3]
    turbulence = series[3] if parameters.adds_turbulence else np.broadcast_to(inflow.intensity, shape)
    none = np.empty((0, 0))
    yaw = None
    if inflow.yaw.size > 0:
        exponents = (farm.per_turbine(name) for name in ("yaw_power_exponent", "yaw_thrust_exponent"))
        yaw = Yaw(np.ascontiguousarray(inflow.yaw), *exponents)
    flow = _Flow(
        model.functions(yaw is not None),
        parameters,
        model.has_discs,
        turbines,
        read_curves(unique),
        kernel_sweep.Inflow(
            inflow.speed, inflow.direction, inflow.intensity, inflow.density_factor, inflow.limit, none, yaw
        ),
        kernel_sweep.Results(effective, power, thrust, turbulence if parameters.adds_turbulence else none),
        inflow.mean_direction,
        workers,
    )
    _fill(flow, *_blocks(inflow.mean_direction))
    if blockage != "none":
        _fill_with_induction(flow)
    return power, effective, thrust, turbulence


def _fill(flow: _Flow, times: NDArray[np.int64], blocks: NDArray[np.int64]) -> None:
    """Fill the results of the times."""

    def part(first: int, last: int) -> None:
        kernel_sweep.sweep(
            flow.functions,
            flow.parameters,
            flow.discs,
            flow.turbines,
            flow.curves,
            flow.inflow,
            times[blocks[first] : blocks[last]],
            blocks[first : last + 1] - blocks[first],
            flow.results,
        )

    in_parts(part, blocks.size - 1, flow.workers)


def _induced(flow: _Flow, hours: NDArray[np.int64]) -> Floats:
    """Return the wind speed that the induction of the others takes at every turbine [m/s], shape (hours, turbines)."""
    speed, direction, thrust = flow.inflow.speed[hours], flow.inflow.direction[hours], flow.results.thrust[hours]
    found = np.empty(thrust.shape)

    def part(first: int, last: int) -> None:
        self_similar_blockage(
            flow.turbines, speed[first:last], direction[first:last], thrust[first:last], found[first:last]
        )

    in_parts(part, hours.size, flow.workers)
    return found


def _fill_with_induction(flow: _Flow) -> None:
    """Fill the results with wakes and induction, iterated.

    Each hour goes its own way, whatever the others do, and leaves when it has converged.
    """
    hours, count = flow.results.thrust.shape
    blocked, active, left = np.zeros((hours, count)), np.arange(hours), np.zeros(0)
    flow = replace(flow, inflow=flow.inflow._replace(blocked=blocked))
    step, least, waited = np.ones(hours), np.full(hours, np.inf), np.zeros(hours, np.int64)
    for _ in range(MOST_ROUNDS):
        change = _induced(flow, active) - blocked[active]
        left = np.abs(change).max(axis=1)
        stays = left >= CONVERGED
        active, change, left = active[stays], change[stays], left[stays]
        if active.size == 0:
            return
        waited[active] = np.where(left < least[active], 0, waited[active] + 1)
        least[active] = np.minimum(left, least[active])
        stuck = active[waited[active] >= PATIENCE]
        step[stuck], waited[stuck] = np.maximum(0.5 * step[stuck], SMALLEST_STEP), 0
        blocked[active] += step[active, None] * change
        times, blocks = _blocks(flow.mean_direction[active])
        _fill(flow, active[times], blocks)
    warnings.warn(
        f"blockage: wakes and induction of {active.size} of {hours} hours did not converge in {MOST_ROUNDS} "
        f"rounds, hour {active[0]} the first; their wind speeds are uncertain by about {left.max():.2g} m/s. "
        "Turbines that stand so near, or a jump of the thrust curve, may leave no solution.",
        UserWarning,
        stacklevel=4,
    )


def in_parts(work: Callable[[int, int], None], size: int, workers: int | None) -> None:
    """Do work on 0 … size, cut into parts for threads (None: one a processor); where they are cut changes no result."""
    threads = workers or min(os.cpu_count() or 1, 8)
    # Several parts a thread, as some take longer than others.
    bounds = np.linspace(0, size, (PARTS_PER_THREAD * threads if threads > 1 else 1) + 1).astype(int)
    parts = [(first, last) for first, last in itertools.pairwise(bounds) if last > first]
    if len(parts) == 1:
        work(*parts[0])
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda bound: work(*bound), parts))


def _blocks(direction: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Sort the times by direction and cut them into blocks of at most `LANES`, no wider than `WIDEST_BLOCK`."""
    turned = direction % 360.0 + 0.0
    # The last bits of a direction give way to its time: numbers that all differ sort fast, and one way only.
    bits = max(int(turned.size).bit_length(), 1)
    key = (turned.view(np.int64) >> bits << bits) | np.arange(turned.size)
    key.sort()
    times = key & ((1 << bits) - 1)
    return times, cut_blocks(turned[times], WIDEST_BLOCK)


def _warn_of_near(x: NDArray[np.float64], y: NDArray[np.float64], diameter: NDArray[np.float64]) -> None:
    """Warn where two turbines that cast wakes stand nearer to each other than the larger of their rotor diameters."""
    order = np.argsort(x, kind="stable")
    x, y, diameter = x[order], y[order], diameter[order]
    nearest = np.inf
    for further in range(1, x.size):  # each with the one that stands `further` places further east
        along = x[further:] - x[:-further]
        if along.min() > diameter.max():
            break
        apart = np.hypot(along, y[further:] - y[:-further]) / np.maximum(diameter[further:], diameter[:-further])
        nearest = min(nearest, float(apart.min()))
    if nearest < 1.0:
        warnings.warn(
            f"farm: two turbines stand {nearest:.2f} rotor diameters apart; wake models hold from about two on.",
            UserWarning,
            stacklevel=4,
        )
