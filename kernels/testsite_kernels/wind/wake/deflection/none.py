"""No deflection: a wake goes straight, however its turbine is turned."""

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_kernel, bare_part
from testsite_kernels.wind.wake.bounds import OFFSET, OFFSET_GROWTH
from testsite_kernels.wind.wake.model import deflection_model
from testsite_kernels.wind.wake.state import Pair, Parameters, Steered


@bare_kernel
def describe(
    k: int, lanes: int, parameters: Parameters, radius: float, thrust: Floats, intensity: Floats, steered: Steered
) -> None:
    """Describe nothing."""


@bare_kernel
def bound(k: int, lanes: int, radius: float, steered: Steered, bounds: Floats) -> None:
    """Let the wake stay on its axis."""
    bounds[OFFSET, k] = bounds[OFFSET_GROWTH, k] = 0.0


@bare_part
def deflection(pair: Pair, lanes: int, state: Floats, steered: Steered, offset: Floats) -> None:
    """Leave the wake on its axis."""
    for lane in range(lanes):
        offset[pair.source, lane] = 0.0


DEFLECTION = deflection_model("none", deflection=deflection, describe=describe, bound=bound)
