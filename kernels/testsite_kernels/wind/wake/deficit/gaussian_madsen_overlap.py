"""A Gaussian of twice the induction of Madsen et al. (2020), averaged over the target's rotor.

Madsen et al. (2020), Wind Energ. Sci. 5, 1-27, eq. 8, for the deficit of Bastankhah and Porté-Agel (2014): what windIO
composes of a Gaussian deficit and an average over the rotor.
"""

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_kernel, bare_part, lane_part
from testsite_kernels.wind.wake.bounds import Strongest, bound_gaussian, thrust_at_bend
from testsite_kernels.wind.wake.model import deficit_model
from testsite_kernels.wind.wake.rotor_average import fill_rotor_mean, prepare_linear_width
from testsite_kernels.wind.wake.state import MADSEN, THRUST, Pair, Parameters, Scratch, induction_madsen


@bare_kernel
def bound(parameters: Parameters, source: Strongest, k: int, bounds: Floats) -> None:
    """Let the wake matter as far as its widths say, and a rotor beyond."""
    weak = 2.0 * induction_madsen(thrust_at_bend(parameters, source))
    bound_gaussian(parameters, source, k, weak, True, bounds)


@lane_part
def prepare(pair: Pair, lanes: int, state: Floats, scratch: Scratch) -> int:
    """Prepare a wake of this induction whose width grows by the expansion rate."""
    terms = prepare_linear_width(pair, lanes, state, scratch)
    for lane in range(lanes):
        induction = induction_madsen(state[pair.source, THRUST, lane] * scratch.inverse[lane])
        scratch.centre[lane] = min(1.0, 2.0 * induction)
    return terms


@bare_part
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
