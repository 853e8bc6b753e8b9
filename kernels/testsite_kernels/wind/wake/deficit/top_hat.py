"""Jensen (1983), Risø-M-2411: a top hat that widens by the expansion rate, read at the hub of the target.

d(x) = 2 a (R / (R + k x))²  within R + k x of the axis, with the induction a of Madsen et al. (2020)
"""

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_kernel, separate_part
from testsite_kernels.wind.wake.bounds import Strongest, bound_straight, largest_expansion
from testsite_kernels.wind.wake.model import deficit_model
from testsite_kernels.wind.wake.state import (
    ABREAST,
    CROSSWIND,
    DOWNWIND,
    EXPANSION,
    OWN,
    Pair,
    Parameters,
    Scratch,
    induction_madsen,
)

STRENGTH = OWN  # the deficit at the rotor times R² [m²]


@bare_kernel
def bound(parameters: Parameters, source: Strongest, k: int, bounds: Floats) -> None:
    """Let the wake matter up to its edge."""
    bound_straight(k, source.radius, largest_expansion(parameters, source), 1.0, bounds)


@bare_kernel
def describe(
    k: int, lanes: int, parameters: Parameters, radius: float, thrust: Floats, ambient: Floats, state: Floats
) -> None:
    """Write the strength."""
    for lane in range(lanes):
        state[k, STRENGTH, lane] = 2.0 * radius * radius * induction_madsen(thrust[lane])


@separate_part
def deficit(pair: Pair, up: float, lanes: int, prepared: int, state: Floats, scratch: Scratch) -> None:
    """Fill the deficits of a pair, see `deficit_model`."""
    i, t = pair.source, pair.target
    for lane in range(lanes):
        distance = state[t, DOWNWIND, lane] - state[i, DOWNWIND, lane]
        across = state[t, CROSSWIND, lane] - state[i, CROSSWIND, lane]
        wake_radius = state[i, EXPANSION, lane] * max(distance, 0.0) + pair.source_radius
        centre = state[i, STRENGTH, lane] / (wake_radius * wake_radius)
        centre = centre if across * across + up * up < wake_radius * wake_radius else 0.0
        scratch.deficit[lane] = centre if distance > ABREAST else 0.0


DEFICIT = deficit_model("top-hat", deficit=deficit, bound=bound, describe=describe)
