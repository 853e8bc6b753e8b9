"""No turbulence is added: that at a turbine is the ambient one."""

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_kernel
from testsite_kernels.wind.wake.bounds import Strongest
from testsite_kernels.wind.wake.model import Turbulence
from testsite_kernels.wind.wake.state import Layout, Near, Parameters, Scratch, Target, Turn


@bare_kernel
def bound(parameters: Parameters, source: Strongest, k: int, bounds: Floats) -> None:
    """Leave the bounds alone."""


@bare_kernel
def describe_ambient(parameters: Parameters, lanes: int, ambient: Floats, factor: Floats) -> None:
    """Describe nothing."""


@bare_kernel
def describe(k: int, lanes: int, parameters: Parameters, thrust: Floats, factor: Floats, state: Floats) -> None:
    """Describe nothing."""


@bare_kernel
def add(
    target: Target,
    turn: Turn,
    near: Near,
    layout: Layout,
    state: Floats,
    ambient: Floats,
    scratch: Scratch,
    total: Floats,
) -> None:
    """Add nothing."""


TURBULENCE = Turbulence("none", bound, describe_ambient, describe, add)
