"""The root of a function between two points: Brent's method, without the half second that importing SciPy's takes."""

import math
from collections.abc import Callable
from typing import NamedTuple

MOST_STEPS = 100
ABSOLUTE, RELATIVE = 2e-12, 8.881784197001252e-16  # the default tolerances of scipy.optimize.brentq


class _Point(NamedTuple):
    """An argument and the value of the function there."""

    at: float
    value: float


def bracketed_root(
    function: Callable[[float], float],
    low: float,
    high: float,
    *,
    absolute: float = ABSOLUTE,
    relative: float = RELATIVE,
) -> float:
    """Return where a continuous function is zero between two points at which its signs differ.

    Each step interpolates, by a parabola in the value where three points are known and else by a line, and halves the
    bracket where that would not shrink fast enough. The operations are those of `scipy.optimize.brentq`, in the same
    order, so that the root has the same bits; a test holds that.

    Parameters
    ----------
    function : callable
        Of a number; gives a number.
    low, high : float
        The two points.
    absolute, relative : float
        Tolerances of the root: absolute plus relative times the root.

    Raises
    ------
    ValueError
        When the signs at the two points do not differ.
    ArithmeticError
        When it is not found within 100 steps.

    References
    ----------
    Brent (1973), Algorithms for Minimization without Derivatives, chapter 4.

    Examples
    --------
    >>> round(bracketed_root(lambda x: x * x - 2.0, 0.0, 2.0), 9)
    1.414213562
    """
    before, now = (_Point(float(end), float(function(float(end)))) for end in (low, high))
    for end in (before, now):
        if end.value == 0.0:
            return end.at
    if math.copysign(1.0, before.value) == math.copysign(1.0, now.value):
        raise ValueError("the function has the same sign at both points")
    across, last, step = before, 0.0, 0.0  # the other side of the root, and the last two steps
    for _ in range(MOST_STEPS):
        if math.copysign(1.0, before.value) != math.copysign(1.0, now.value):
            across = before
            last = step = now.at - before.at
        if abs(across.value) < abs(now.value):
            before, now, across = now, across, now
        tolerance = (absolute + relative * abs(now.at)) / 2.0
        half = (across.at - now.at) / 2.0
        if now.value == 0.0 or abs(half) < tolerance:
            return now.at
        tried = math.inf
        if abs(last) > tolerance and abs(now.value) < abs(before.value):
            tried = _interpolated(before, now, across)
        if 2.0 * abs(tried) < min(abs(last), 3.0 * abs(half) - tolerance):
            last, step = step, tried
        else:
            last = step = half
        moved = step if abs(step) > tolerance else math.copysign(tolerance, half)
        before, now = now, _Point(now.at + moved, float(function(now.at + moved)))
    raise ArithmeticError(f"no root within {MOST_STEPS} steps")


def _interpolated(before: _Point, now: _Point, across: _Point) -> float:
    """Return the step from the best point to the root of the line, or of the parabola, through the points known."""
    if now.at in (before.at, across.at):
        return math.inf
    if before.at == across.at:
        return -now.value * (now.at - before.at) / (now.value - before.value)
    first = (before.value - now.value) / (before.at - now.at)
    second = (across.value - now.value) / (across.at - now.at)
    rise = second * first * (across.value - before.value)
    return -now.value * (across.value * second - before.value * first) / rise if rise != 0.0 else math.inf
