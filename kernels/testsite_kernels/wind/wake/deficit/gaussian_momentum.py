"""IEA Wind Task 37 (2018), case studies of layout optimisation: a Gaussian by momentum theory, at the hub.

As Bastankhah and Porté-Agel (2014), Renewable Energy 70, 116-123, eq. 23: d(x, r) = (1 - √(1 - c)) exp(-r² / 2σ²),
c = Ct R² / 2σ².
"""

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_kernel, separate_part
from testsite_kernels.numerics.lane_mathematics import exp_of_minus
from testsite_kernels.wind.wake.bounds import Strongest, bound_gaussian, thrust_at_bend
from testsite_kernels.wind.wake.model import deficit_model
from testsite_kernels.wind.wake.state import (
    ABREAST,
    CROSSWIND,
    DOWNWIND,
    EXPANSION,
    THRUST,
    WIDTH,
    Pair,
    Parameters,
    Scratch,
    induction_momentum,
)


@bare_kernel
def bound(parameters: Parameters, source: Strongest, k: int, bounds: Floats) -> None:
    """Let the wake matter as far as its widths say."""
    weak = 2.0 * induction_momentum(thrust_at_bend(parameters, source))
    bound_gaussian(parameters, source, k, weak, False, bounds)


@separate_part
def deficit(pair: Pair, up: float, lanes: int, prepared: int, state: Floats, scratch: Scratch) -> None:
    """Fill the deficits of a pair, see `deficit_model`."""
    i, t = pair.source, pair.target
    for lane in range(lanes):
        distance = state[t, DOWNWIND, lane] - state[i, DOWNWIND, lane]
        across = state[t, CROSSWIND, lane] - state[i, CROSSWIND, lane]
        sigma = state[i, EXPANSION, lane] * max(distance, 0.0) + state[i, WIDTH, lane]
        inverse = 0.5 / (sigma * sigma)
        centre = 2.0 * induction_momentum(state[i, THRUST, lane] * inverse)
        profile = exp_of_minus((across * across + up * up) * inverse)
        scratch.deficit[lane] = min(1.0, centre) * profile if distance > ABREAST else 0.0


DEFICIT = deficit_model("gaussian-momentum", deficit=deficit, bound=bound)
