"""No turbulence is added: that at a turbine is the ambient one."""

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_kernel, separate_part
from testsite_kernels.wind.wake.bounds import Strongest
from testsite_kernels.wind.wake.model import turbulence_model
from testsite_kernels.wind.wake.state import Pair, Parameters, Scratch


@bare_kernel
def bound(parameters: Parameters, source: Strongest, k: int, bounds: Floats) -> None:
    """Leave the bounds alone."""


@separate_part
def added(pair: Pair, up: float, lanes: int, state: Floats, ambient: Floats, scratch: Scratch) -> None:
    """Add nothing."""
    for lane in range(lanes):
        scratch.deficit[lane] = 0.0


TURBULENCE = turbulence_model("none", added=added, bound=bound)
