"""No wakes: every turbine stands alone."""

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_kernel, separate_part
from testsite_kernels.wind.wake.bounds import Strongest, bound_straight
from testsite_kernels.wind.wake.model import deficit_model
from testsite_kernels.wind.wake.state import Pair, Parameters, Scratch


@bare_kernel
def bound(parameters: Parameters, source: Strongest, k: int, bounds: Floats) -> None:
    """Let nothing matter."""
    bound_straight(k, 0.0, 0.0, 0.0, bounds)


@separate_part
def deficit(pair: Pair, up: float, lanes: int, prepared: int, state: Floats, scratch: Scratch) -> None:
    """Take nothing."""
    for lane in range(lanes):
        scratch.deficit[lane] = 0.0


DEFICIT = deficit_model("none", deficit=deficit, bound=bound)
