"""In which hours the wakes of neighbours can reach a farm: in all others it stands as if there were none.

A wake matters at a target that stands x > 0 downstream of its source, y off its axis, only where |y| < a + b x, with a
line of the model's own (`testsite_kernels.wind.wake.bounds`). A target at the distance D is so within an angle δ of the
heading of the wind, sin δ D < a + b cos δ D, which is δ < arctan b + arcsin(a / (D √(1 + b²))).
"""

from typing import NamedTuple

import numpy as np
from testsite_kernels.numerics.arrays import Floats, Truths
from testsite_kernels.wind.wake.bounds import (
    BEND,
    BEYOND,
    BEYOND_GROWTH,
    BOUNDS,
    CLOSE,
    CLOSE_GROWTH,
    FAR,
    FAR_GROWTH,
    Strongest,
    left_out_of_one,
    round_bounds,
    start_bounds,
)
from testsite_kernels.wind.wake.state import LINEAR, SQUARED

from testsite_sim.wind.farm import Farm, Turbine
from testsite_sim.wind.inflow import Inflow
from testsite_sim.wind.models import DEFICITS, TURBULENCES, WakeModel

# Parts of kernels, called as plain Python: compiled for it they would take a second.
START, ROUND, LEFT_OUT = (getattr(part, "py_func", part) for part in (start_bounds, round_bounds, left_out_of_one))
ROUNDING = 1e-9  # [radian], far above the rounding of an angle
LINES = ((FAR, FAR_GROWTH), (BEYOND, BEYOND_GROWTH), (CLOSE, CLOSE_GROWTH))


class _Lines(NamedTuple):
    """How far off its axis the wake of a turbine can matter, each at the rotor [m] and its growth with the distance.

    `far` holds up to `bend` [m] downstream, `beyond` further on; `close`, of the turbulence that it adds, everywhere.
    """

    far: tuple[float, float]
    beyond: tuple[float, float]
    close: tuple[float, float]
    bend: float


def reached_hours(farm: Farm, neighbours: Farm, model: WakeModel, own: Inflow, others: Inflow | None) -> Truths:
    """Return in which hours a wake of a neighbour can matter at a turbine of the farm, shape (hours,).

    Where nothing bounds the wakes before the flow is known, it is all hours: where turbines are turned out of the wind,
    and where the wakes grow with a turbulence that they add to.

    Parameters
    ----------
    farm, neighbours : Farm
        The turbines.
    model : WakeModel
        The wake model.
    own, others : Inflow
        The wind of the farm and of the neighbours; None: that of the farm.
    """
    winds = [own] if others is None else [own, others]
    hours, column, parameters = own.direction.shape[0], winds[-1].direction, model.parameters
    if not parameters.casts:
        return np.zeros(hours, np.bool_)
    yawed = neighbours.yaw is not None or any(each.yaw.size > 0 for each in winds)
    if yawed or (parameters.adds_turbulence and parameters.expansion_per_intensity != 0.0):
        return np.ones(hours, np.bool_)
    intensities = min(each.intensity.min() for each in winds), max(each.intensity.max() for each in winds)
    lines = _lines(farm, neighbours, model, *map(float, intensities))
    begin, width = _angles(farm, neighbours, lines)
    heading = np.radians((270.0 - column) % 360.0)
    if column.shape[1] == 1:
        return _covered(begin.ravel(), width.ravel(), heading[:, 0])
    found = np.zeros(hours, np.bool_)
    for n in range(column.shape[1]):
        found |= _covered(begin[n], width[n], heading[:, n])
    return found


def _lines(
    farm: Farm, neighbours: Farm, model: WakeModel, weakest: float, strongest: float
) -> dict[Turbine, _Lines | None]:
    """Return the lines of each type of the neighbours, between two turbulence intensities [1]."""
    parameters = model.parameters
    everything = [*farm.turbines, *neighbours.turbines]
    thrust = {turbine: float(np.max(turbine.thrust_coefficient)) for turbine in dict.fromkeys(everything)}
    sources = sum(thrust[turbine] > 0.0 for turbine in everything)
    squared, linear = parameters.superposition == SQUARED, parameters.superposition == LINEAR
    left_out = LEFT_OUT(max(sources, 1), linear, squared)
    largest = 0.5 * max(float(turbine.rotor_diameter) for turbine in everything)
    found: dict[Turbine, _Lines | None] = {}
    for turbine in neighbours.types[0]:
        if thrust[turbine] <= 0.0:
            found[turbine] = None
            continue
        radius = 0.5 * float(turbine.rotor_diameter)
        source, bounds = (
            Strongest(radius, largest, thrust[turbine], weakest, strongest, left_out),
            np.zeros((BOUNDS, 1)),
        )
        START(0, bounds)
        DEFICITS[model.deficit].bound(parameters, source, 0, bounds)
        TURBULENCES[model.turbulence].bound(parameters, source, 0, bounds)
        ROUND(0, parameters.adds_turbulence, bounds)
        far, beyond, close = ((float(bounds[at, 0]), float(bounds[growth, 0])) for at, growth in LINES)
        found[turbine] = _Lines(far, beyond, close, BEND * 2.0 * radius)
    return found


def _angles(farm: Farm, neighbours: Farm, lines: dict[Turbine, _Lines | None]) -> tuple[Floats, Floats]:
    """Return where the headings begin at which each neighbour reaches each turbine, and their width [radian].

    Both of shape (neighbours, turbines); a width below zero: none.
    """
    east = np.asarray(farm.x)[None, :] - np.asarray(neighbours.x)[:, None]
    north = np.asarray(farm.y)[None, :] - np.asarray(neighbours.y)[:, None]
    distance, half = np.hypot(east, north), np.full(east.shape, -np.inf)
    kind = np.array([list(lines).index(turbine) for turbine in neighbours.turbines])
    for number, of_kind in enumerate(lines.values()):
        rows = kind == number
        if of_kind is not None and rows.any():
            half[rows] = _largest_angle(distance[rows], of_kind)
    half = np.minimum(half, 0.5 * np.pi) + ROUNDING
    return np.arctan2(north, east) - half, 2.0 * half


def _largest_angle(distance: Floats, lines: _Lines) -> Floats:
    """Return the largest angle to the heading of the wind at which a target at a distance [m] is reached [radian]."""
    far, beyond, close = (
        np.arctan(growth) + np.arcsin(np.clip(at_rotor / (distance * np.hypot(1.0, growth)), -1.0, 1.0))
        for at_rotor, growth in (lines.far, lines.beyond, lines.close)
    )
    is_past = distance * np.cos(far) > lines.bend * (1.0 + ROUNDING)  # wherever the first line reaches it
    found = np.where(is_past, beyond, np.maximum(far, beyond))
    return np.asarray(np.maximum(found, close) if lines.close != (0.0, 0.0) else found)


def _covered(begin: Floats, width: Floats, heading: Floats) -> Truths:
    """Return which headings lie within any of the arcs [radian]; those of a width below zero are none."""
    begin, width = begin[width >= 0.0] % (2.0 * np.pi), width[width >= 0.0]
    if begin.size == 0:
        return np.zeros(heading.size, np.bool_)
    order = np.argsort(begin)
    begin, end = begin[order], np.maximum.accumulate((begin + width)[order])
    before = np.searchsorted(begin, heading, side="right") - 1
    found = (before >= 0) & (end[np.maximum(before, 0)] >= heading)
    return np.asarray(found | (end[-1] >= heading + 2.0 * np.pi))
