"""The call of the sweep: a farm and its inflow laid out for the kernels, its hours in blocks, its blocks on threads."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from testsite_kernels.numerics.arrays import Floats, Integers
from testsite_kernels.numerics.shared_counter import IS_SHARED
from testsite_kernels.wind import sweep as kernel_sweep
from testsite_kernels.wind.block import Turbines, make_rounds
from testsite_kernels.wind.blockage import self_similar_blockage
from testsite_kernels.wind.curves import Curves, Yaw
from testsite_kernels.wind.dependence import MOST_ROUNDS as MOST_ROUNDS_OF_WAKES
from testsite_kernels.wind.hours import COUNTERS, FILLED, KNOWN, TAKEN, UNSETTLED, Hours
from testsite_kernels.wind.wake.functions import Functions
from testsite_kernels.wind.wake.state import Parameters

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.user_warnings import warn_user
from testsite_sim.wind.curves import read_curves
from testsite_sim.wind.farm import Farm
from testsite_sim.wind.inflow import Inflow
from testsite_sim.wind.models import WakeModel
from testsite_sim.wind.threads import do_together, in_parts, threads_of

WIDEST_BLOCK = 3.0  # [degree]
PER_LINE = 8  # numbers of a line of the cache
PAUSE = 1e-4  # [s] of a thread that would help where the blocks are not known yet
# Wakes and induction are iterated hour by hour: until what the induction takes at every turbine changes by less [m/s],
# in at most MOST_ROUNDS; where it has found no new smallest one in PATIENCE of them, the next take half the step.
CONVERGED, MOST_ROUNDS, PATIENCE, SMALLEST_STEP = 1e-9, 200, 10, 1.0 / 32.0


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


class Found(NamedTuple):
    """What is found of every turbine, each of shape (time, turbines).

    `power` [W], effective wind `speed` [m/s], `thrust` coefficient and turbulence `intensity` with wakes [1]; the last
    is the ambient one, which cannot be written to, where wakes add nothing to it.
    """

    power: Floats
    speed: Floats
    thrust: Floats
    intensity: Floats


def sweep_farm(
    farm: Farm,
    inflow: Inflow,
    model: WakeModel,
    workers: int | None,
    *,
    blockage: str = "none",
    hours: Integers | None = None,
    mean_direction: Floats | None = None,
    only_power: bool = False,
    meanwhile: Callable[[Found], None] | None = None,
) -> Found:
    """Find what every turbine gives in every hour.

    Parameters
    ----------
    farm : Farm
        The turbines.
    inflow : Inflow
        Their wind.
    model : WakeModel
        The wake model.
    workers : int, optional
        Threads; None: one a processor.
    blockage : str
        As in `simulate_farm`.
    hours : ndarray, optional
        Which hours to fill; the others are left as they are. None: all, as it must be with blockage.
    mean_direction : ndarray, shape (time,), optional
        That of the inflow [degree], where it is known already.
    only_power : bool
        Only the power is asked for: the rest of what is returned has no meaning.
    meanwhile : callable, optional
        Called once, with the arrays that are returned, on another thread where there is one: they are being filled.

    Warns
    -----
    UserWarning
        When wakes and blockage of some hours do not converge, or the wakes alone, of turbines with winds of their own
        that stand in each other's.
    """
    types, kind = farm.types
    turbines = Turbines(*farm.laid_out, kind)
    # Without wakes that add to it, the turbulence is everywhere the ambient one.
    parameters, shape = model.parameters, (inflow.direction.shape[0], kind.size)
    # In one piece, which the system hands out again: the first touch of fresh pages takes as long as the wakes.
    only_power = only_power and blockage == "none"
    keeps_turbulence, none = bool(parameters.adds_turbulence) and not only_power, np.empty((0, 0))
    series = _in_lines(((1 if only_power else 3) + (1 if keeps_turbulence else 0), *shape))
    power, effective, thrust = (series[0], none, none) if only_power else series[:3]
    turbulence = series[3] if keeps_turbulence else _spread(inflow.intensity, kind.size)
    yaw = None
    if inflow.yaw.size > 0:
        exponents = (farm.per_turbine(name) for name in ("yaw_power_exponent", "yaw_thrust_exponent"))
        yaw = Yaw(_writable(inflow.yaw), *exponents)
    flow = _Flow(
        model.functions(yaw is not None),
        parameters,
        model.has_discs,
        turbines,
        read_curves(types),
        kernel_sweep.Inflow(
            np.arange(kind.size) if inflow.column is None else inflow.column,
            _writable(inflow.speed),
            _writable(inflow.direction),
            _writable(inflow.intensity),
            _writable(inflow.density_factor),
            _writable(inflow.limit),
            none,
            yaw,
        ),
        kernel_sweep.Results(effective, power, thrust, turbulence if keeps_turbulence else none),
        inflow.mean_direction if mean_direction is None else mean_direction,
        workers,
    )
    found = Found(power, effective, thrust, turbulence)
    unsettled = _fill(flow, hours, None if meanwhile is None else lambda: meanwhile(found))
    if unsettled > 0:
        warn_user(
            f"wakes: in {unsettled} of {shape[0] if hours is None else hours.size} hours, turbines with winds of their "
            f"own stand in each other's wakes and did not settle in {MOST_ROUNDS_OF_WAKES} rounds; their results are "
            "those of the last one. A jump of a thrust curve may leave no solution."
        )
    if blockage != "none":
        _fill_with_induction(flow)
    return found


def _writable(values: Floats) -> Floats:
    """Return an array in one piece that may be written to: any other has a type of its own, for which numba compiles.

    What is given as one value for all hours, or by another library, is often read-only; the sweep takes seconds then.
    """
    flags = values.flags
    return values if flags.c_contiguous and flags.writeable else np.array(values, order="C")


def _spread(values: Floats, turbines: int) -> Floats:
    """Return values, shape (time, turbines) or (time, 1), at all turbines, which cannot be written to.

    What `numpy.broadcast_to` gives, which takes 26 µs of a call of 4 ms on two threads.
    """
    if values.shape[1] > 1 or not values.flags.c_contiguous:
        return np.broadcast_to(values, (values.shape[0], turbines))
    spread: Floats = np.ndarray((values.shape[0], turbines), values.dtype, values, 0, (values.itemsize, 0))
    spread.flags.writeable = False
    return spread


def _in_lines(shape: tuple[int, ...]) -> Floats:
    """Return room, of unknown values, that begins with a line of the cache: writing across two of them takes longer."""
    numbers = math.prod(shape)
    room = np.empty(numbers + PER_LINE)
    begin = -(room.__array_interface__["data"][0] // room.itemsize) % PER_LINE
    return room[begin : begin + numbers].reshape(shape)


def _fill(flow: _Flow, chosen: Integers | None, meanwhile: Callable[[], None] | None = None) -> int:
    """Fill the results of hours, in any order, or of all; return in how many of them the wakes did not settle.

    Each thread takes a block, and when it has filled that the next, until none is left. What is done meanwhile holds
    the interpreter's lock: a thread that helps begins with it, while this one is in the kernel, where it first sorts
    the hours.
    """
    size = flow.mean_direction.size if chosen is None else chosen.size
    if size == 0:  # else an empty choice were all hours
        if meanwhile is not None:
            meanwhile()
        return 0
    hours = Hours(
        _writable(flow.mean_direction),
        np.empty(0, np.int64) if chosen is None else chosen,
        WIDEST_BLOCK,
        np.empty(size, np.int64),
        np.empty(size + 1, np.int64),
        np.zeros(COUNTERS, np.int64),
    )
    shared, own_winds = hours.shared, flow.inflow.direction.shape[1] > 1
    threads = min(threads_of(flow.workers), size) if IS_SHARED else 1
    left_to_do = [] if meanwhile is None else [meanwhile]

    def work(leads: bool = True) -> bool:
        found: bool = kernel_sweep.sweep(
            flow.functions,
            flow.parameters,
            flow.discs,
            flow.turbines,
            flow.curves,
            flow.inflow,
            hours,
            leads,
            flow.results,
            make_rounds(flow.turbines.x.size) if own_winds else None,
        )
        return found

    def help_out() -> bool:
        while not work(leads=False):
            time.sleep(PAUSE)
        return True

    def help_first() -> bool:
        if meanwhile is not None:
            meanwhile()
            left_to_do.clear()
        return help_out()

    def stop() -> None:
        shared[TAKEN] = np.iinfo(np.int32).max  # more than there are
        shared[KNOWN] = max(shared[KNOWN], 1)

    def is_done() -> bool:
        return not left_to_do and bool(shared[FILLED] == shared[KNOWN] - 1)

    if threads > 1:
        do_together([work, help_first, *[help_out] * (threads - 2)], stop=stop, is_done=is_done)
    else:
        if meanwhile is not None:
            meanwhile()
        work()
    return int(shared[UNSETTLED])


def _induced(flow: _Flow, hours: Integers) -> Floats:
    """Return the wind speed that the induction of the others takes at every turbine [m/s], shape (hours, turbines)."""
    speed, direction, thrust = flow.inflow.speed[hours], flow.inflow.direction[hours], flow.results.thrust[hours]
    if speed.shape[1] > 1:
        speed = np.ascontiguousarray(speed[:, flow.inflow.column])
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
        _fill(flow, active)
    warn_user(
        f"blockage: wakes and induction of {active.size} of {hours} hours did not converge in {MOST_ROUNDS} "
        f"rounds, hour {active[0]} the first; their wind speeds are uncertain by about {left.max():.2g} m/s. "
        "Turbines that stand so near, or a jump of the thrust curve, may leave no solution."
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
