"""What the cells of both kinds share: Faraday efficiency, pressure of water vapour."""

import math
from typing import NamedTuple

from testsite_kernels.numerics.compile_options import part
from testsite_kernels.numerics.constants import ZERO_CELSIUS


class CurrentEfficiency(NamedTuple):
    """Ulleberg (2003), equation 15: f2 i²/(f1 + i²), both linear in temperature [°C]; f1 [A²/m⁴], f2 [1]."""

    f1: float
    f1_slope: float
    f2: float
    f2_slope: float


@part
def current_efficiency(parameters: CurrentEfficiency, i: float, temperature: float) -> float:
    """Return the share of the current i [A/m²] that makes hydrogen, at a temperature [K]."""
    celsius = temperature - ZERO_CELSIUS
    square = i * i
    f1 = parameters.f1 + parameters.f1_slope * celsius
    return (parameters.f2 + parameters.f2_slope * celsius) * square / (f1 + square)


@part
def saturation_pressure(temperature: float) -> float:
    """Return the vapour pressure of water [Pa] at a temperature [K]: Buck (1981), as revised in 1996."""
    celsius = temperature - ZERO_CELSIUS
    return 611.21 * math.exp((18.678 - celsius / 234.5) * (celsius / (257.14 + celsius)))
