"""Niayifar and Porté-Agel (2016), Energies 9, 741: a Gaussian by momentum theory, averaged over the target's rotor."""

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_kernel, separate_part
from testsite_kernels.wind.wake.bounds import Strongest, bound_gaussian, thrust_at_bend
from testsite_kernels.wind.wake.model import deficit_model
from testsite_kernels.wind.wake.rotor_average import fill_rotor_mean, prepare_linear_width
from testsite_kernels.wind.wake.state import Pair, Parameters, Scratch, induction_momentum


@bare_kernel
def bound(parameters: Parameters, source: Strongest, k: int, bounds: Floats) -> None:
    """Let the wake matter as far as its widths say, and a rotor beyond."""
    weak = 2.0 * induction_momentum(thrust_at_bend(parameters, source))
    bound_gaussian(parameters, source, k, weak, True, bounds)


@separate_part
def deficit(pair: Pair, up: float, lanes: int, prepared: int, state: Floats, scratch: Scratch) -> None:
    """Fill the deficits of a pair, see `deficit_model`; `prepared`: terms of the mean."""
    fill_rotor_mean(pair, up, lanes, prepared, state, scratch)


DEFICIT = deficit_model("gaussian-overlap", deficit=deficit, bound=bound, prepare=prepare_linear_width, may_mirror=True)
