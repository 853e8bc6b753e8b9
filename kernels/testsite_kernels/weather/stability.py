"""How stability changes the mean profiles of the surface layer: integrated functions of z/L, as in COARE.

Stable: Beljaars and Holtslag (1991), J. Applied Meteorology 30, 327-341. Unstable: Fairall et al. (1996), J.
Geophysical Research 101 C2, 3747-3764, with the constants of Grachev et al. (2000), Boundary-Layer Meteorology 94,
495-515: near neutral of the Businger-Dyer form, which goes over into free convection by the weight ζ²/(1 + ζ²).
"""

import math

from testsite_kernels.numerics.compile_options import part

_ROOT_3 = math.sqrt(3.0)
SERIES = 18  # terms of the series of the incomplete gamma functions, to 1e-16 where d ζ is below 1


@part
def free_convection(steepness: float, zeta: float) -> float:
    """Return 3/2 ln((1 + x + x²)/3) - √3 atan((1 + 2x)/√3) + π/√3 with x = (1 - steepness ζ)^(1/3), ζ below 0."""
    x = (1.0 - steepness * zeta) ** (1.0 / 3.0)
    return 1.5 * math.log((1.0 + x + x * x) / 3.0) - _ROOT_3 * math.atan((1.0 + 2.0 * x) / _ROOT_3) + math.pi / _ROOT_3


@part
def momentum_stability(zeta: float) -> float:
    """Return the integrated stability function of momentum, ψ_m(ζ): U = u*/κ (ln(z/z0) - ψ_m(z/L)).

    Stable: -(0.7 ζ + 3/4 (ζ - 5/0.35) exp(-0.35 ζ) + 3/4 · 5/0.35).
    """
    if zeta >= 0.0:
        return -(0.7 * zeta + 0.75 * (zeta - 5.0 / 0.35) * math.exp(-min(50.0, 0.35 * zeta)) + 0.75 * 5.0 / 0.35)
    x = math.sqrt(math.sqrt(1.0 - 15.0 * zeta))
    near = 2.0 * math.log(0.5 * (1.0 + x)) + math.log(0.5 * (1.0 + x * x)) - 2.0 * math.atan(x) + 2.0 * math.atan(1.0)
    weight = zeta * zeta / (1.0 + zeta * zeta)
    return (1.0 - weight) * near + weight * free_convection(10.15, zeta)


@part
def stable_excess(zeta: float) -> float:
    """Return the integral of φ_m - 1 from 0 to ζ, ζ above 0: φ_m = 1 + ζ (a + b exp(-d ζ) (1 + c - d ζ)).

    That is a ζ²/2 + b/d² ((1 + c) γ(2, dζ) - γ(3, dζ)) with a = 0.7, b = 0.75, c = 5, d = 0.35 and the lower incomplete
    gamma functions, near 0 by their series (Abramowitz and Stegun 1964, 6.5.4 and 6.5.29), which cancels nothing.
    """
    x = 0.35 * zeta
    if x < 1.0:
        second, third, of_second, of_third = 0.0, 0.0, 0.5, 1.0 / 3.0
        for k in range(SERIES):
            second += of_second
            third += of_third
            of_second *= x / (3.0 + k)
            of_third *= x / (4.0 + k)
        decay = x * x * math.exp(-x)
        second *= decay
        third *= decay * x
    else:
        decay = math.exp(-min(50.0, x))
        second = 1.0 - decay * (1.0 + x)
        third = 2.0 - decay * (2.0 + x * (2.0 + x))
    return 0.35 * zeta * zeta + 0.75 / (0.35 * 0.35) * (6.0 * second - third)


@part
def heat_stability(zeta: float) -> float:
    """Return the integrated stability function of heat and moisture, ψ_h(ζ).

    Stable: -((1 + 2/3 ζ)^1.5 + 2/3 (ζ - 5/0.35) exp(-0.35 ζ) + 2/3 · 5/0.35 - 1).
    """
    if zeta >= 0.0:
        base = 1.0 + 2.0 / 3.0 * zeta
        decay = 2.0 / 3.0 * (zeta - 5.0 / 0.35) * math.exp(-min(50.0, 0.35 * zeta))
        return -(base * math.sqrt(base) + decay + 2.0 / 3.0 * 5.0 / 0.35 - 1.0)
    near = 2.0 * math.log(0.5 * (1.0 + math.sqrt(1.0 - 15.0 * zeta)))
    weight = zeta * zeta / (1.0 + zeta * zeta)
    return (1.0 - weight) * near + weight * free_convection(34.15, zeta)
