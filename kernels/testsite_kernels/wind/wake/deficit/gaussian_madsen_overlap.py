"""A Gaussian of twice the induction of Madsen et al. (2020), averaged over the target's rotor.

Madsen et al. (2020), Wind Energ. Sci. 5, 1-27, eq. 8, for the deficit of Bastankhah and Porté-Agel (2014): what windIO
composes of a Gaussian deficit and an average over the rotor.
"""

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_kernel, separate_part
from testsite_kernels.wind.wake.bounds import Strongest, bound_gaussian, thrust_at_bend
from testsite_kernels.wind.wake.model import deficit_model
from testsite_kernels.wind.wake.rotor_average import fill_rotor_mean, terms_of
from testsite_kernels.wind.wake.state import (
    ABREAST,
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
    """Let the wake matter as far as its widths say, and a rotor beyond."""
    weak = 2.0 * induction_madsen(thrust_at_bend(parameters, source))
    bound_gaussian(parameters, source, k, weak, True, bounds)


@separate_part
def prepare(pair: Pair, lanes: int, state: Floats, scratch: Scratch) -> int:
    """Prepare a wake of this induction whose width grows by the expansion rate."""
    i, t = pair.source, pair.target
    for lane in range(lanes):
        distance = state[t, DOWNWIND, lane] - state[i, DOWNWIND, lane]
        sigma = state[i, EXPANSION, lane] * max(distance, 0.0) + state[i, WIDTH, lane]
        inverse = 0.5 / (sigma * sigma)
        centre = min(1.0, 2.0 * induction_madsen(state[i, THRUST, lane] * inverse))
        scratch.inverse[lane], scratch.centre[lane] = inverse, centre if distance > ABREAST else 0.0
    return terms_of(pair, lanes, scratch)


@separate_part
def deficit(pair: Pair, up: float, lanes: int, prepared: int, state: Floats, scratch: Scratch) -> None:
    """Fill the deficits of a pair, see `deficit_model`; `prepared`: terms of the mean."""
    fill_rotor_mean(pair, up, lanes, prepared, state, scratch)


DEFICIT = deficit_model(
    "gaussian-madsen-overlap",
    deficit=deficit,
    bound=bound,
    prepare=prepare,
    induction=MADSEN,
    may_mirror=True,
)
