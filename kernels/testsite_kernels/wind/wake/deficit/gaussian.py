"""Bastankhah and Porté-Agel (2014), Renewable Energy 70, 116-123, eq. 23: a Gaussian, read at the hub of the target.

d(x, r) = 2 a(c) exp(-r² / 2σ²),  c = Ct R² / 2σ²,  σ = σ₀ + k x, with the induction a of Madsen et al. (2020)
"""

import math

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_kernel, separate_part
from testsite_kernels.numerics.lane_mathematics import LANES, exp_of_minus
from testsite_kernels.wind.wake.bounds import (
    BELOW_ONE,
    CLEAR,
    ROUNDING,
    Strongest,
    bound_gaussian,
    least_expansion,
    narrowest,
    thrust_at_bend,
)
from testsite_kernels.wind.wake.model import deficit_model
from testsite_kernels.wind.wake.reach import PLAIN
from testsite_kernels.wind.wake.state import (
    ABREAST,
    CROSSWIND,
    DOWNWIND,
    EXPANSION,
    MADSEN,
    THRUST,
    WIDTH,
    Pair,
    Parameters,
    Scratch,
    induction_madsen,
)


@bare_kernel
def bound(parameters: Parameters, source: Strongest, k: int, bounds: Floats) -> None:
    """Let the wake matter as far as its widths say; far enough downstream its deficit stays below the whole wind."""
    weak = 2.0 * induction_madsen(thrust_at_bend(parameters, source))
    bound_gaussian(parameters, source, k, weak, False, bounds)
    least, reduced = least_expansion(parameters, source), source.radius * source.radius * source.thrust
    shortfall = math.sqrt(0.5 * reduced / BELOW_ONE) - narrowest(parameters, source)
    if shortfall > 0.0:
        bounds[CLEAR, k] = shortfall / least + ABREAST + ROUNDING if least > 0.0 else math.inf


@separate_part
def gaussian(pair: Pair, up: float, lanes: int, careful: bool, state: Floats, scratch: Scratch) -> None:
    """Fill the deficits; where it need not be `careful`, the target stands downstream, and all are below one."""
    i, t = pair.source, pair.target
    for lane in range(lanes):
        distance = state[t, DOWNWIND, lane] - state[i, DOWNWIND, lane]
        across = state[t, CROSSWIND, lane] - state[i, CROSSWIND, lane]
        sigma = state[i, EXPANSION, lane] * (max(distance, 0.0) if careful else distance) + state[i, WIDTH, lane]
        inverse = 0.5 / (sigma * sigma)
        c = state[i, THRUST, lane] * inverse
        centre = c * (0.4920 + c * (0.1172 + c * 0.1766))
        profile = exp_of_minus((across * across + up * up) * inverse)
        value = centre * profile
        if careful:
            value = min(1.0, centre) * profile if distance > ABREAST else 0.0
        scratch.deficit[lane] = value


@separate_part
def deficit(pair: Pair, up: float, lanes: int, prepared: int, state: Floats, scratch: Scratch) -> None:
    """Fill the deficits of a pair, see `deficit_model`."""
    if lanes == LANES and pair.code & PLAIN:
        gaussian(pair, up, lanes, False, state, scratch)
    else:
        gaussian(pair, up, lanes, True, state, scratch)


DEFICIT = deficit_model("gaussian", deficit=deficit, bound=bound, induction=MADSEN)
