"""The turbulence that wakes add at a target, for all hours of a block at once. Arguments as in `wake_deficit`.

Sources: Crespo and Hernández (1996), J. Wind Eng. Ind. Aerodyn. 61, 71-85; Frandsen (2007), Risø-R-1188, as corrected
in IEC 61400-1 (2019), annex E, with the shape of the wake of the 2017 version (STF2017).
"""

import math

from numpy import float64, int64
from numpy.typing import NDArray

from testsite_kernels.compile_options import contracted_kernel
from testsite_kernels.lane_mathematics import arc_tangent, disc_overlap, exp_of_minus
from testsite_kernels.wake_deficit import SLOPE, STRENGTH, THRUST, WIDTH

Floats = NDArray[float64]
Integers = NDArray[int64]

DECAY = -0.32  # exponent of the downstream distance in Crespo and Hernández
LARGEST_SERIES = 1.02  # more than 0.95 to the power of the decay
NARROW = 0.05  # relative spread of the distances in a block up to which the series below holds to 1e-12


@contracted_kernel
def add_crespo(
    near: Integers, count: int, j: int, x: Floats, y: Floats, hub_height: Floats, diameter: Floats, lanes: int,
    along: float, sideways: float, turn: float, cosine: Floats, sine: Floats, source: Floats, largest: Floats,
    full: Integers, added: Floats,
) -> None:  # fmt: skip
    """Raise `largest` [1], shape (lanes,), to the turbulence that the sources add, where one of them adds more.

    The strength row holds what does not depend on the distance. The power of the distance is that of the middle of the
    block, whose direction has the cosine `along` and the sine `sideways`, times a binomial series in the small
    difference of each hour from it; `turn` is the sine of the largest angle between an hour and that middle. `full`,
    shape (count,), says that the rotor lies in the disc of the wake in every hour. The nearest source comes first: one
    that cannot add more than what is there in every hour is left out.
    """
    target_radius, least = 0.5 * diameter[j], 0.0
    for m in range(count - 1, -1, -1):
        i = near[m]
        r = min(i, cosine.shape[0] - 1)
        east, north, up = x[j] - x[i], y[j] - y[i], hub_height[j] - hub_height[i]
        middle = along * east + sideways * north
        if middle <= 0.0:
            continue
        at_middle = (middle / diameter[i]) ** DECAY
        strongest = 0.0
        for lane in range(lanes):
            strongest = max(strongest, source[i, STRENGTH, lane])
        narrow = turn * (abs(along * north - sideways * east) / middle + turn) <= NARROW
        if narrow and strongest * at_middle * LARGEST_SERIES <= least:
            continue
        if narrow:
            for lane in range(lanes):
                distance = cosine[r, lane] * east + sine[r, lane] * north
                e = distance / middle - 1.0
                series = 1.0 + e * (-0.32 + e * (0.2112 + e * (-0.163328 + e * (0.13556224 + e * (-0.11712577536 + e * (
                    0.103851520819 + e * (-0.093763087368 + e * 0.085793224942)))))))  # fmt: skip
                added[lane] = source[i, STRENGTH, lane] * at_middle * series
            if not full[m]:
                for lane in range(lanes):
                    distance = cosine[r, lane] * east + sine[r, lane] * north
                    across = cosine[r, lane] * north - sine[r, lane] * east
                    sigma = source[i, SLOPE, lane] * distance + source[i, WIDTH, lane]
                    added[lane] *= disc_overlap(2.0 * sigma, target_radius, math.sqrt(across * across + up * up))
            for lane in range(lanes):
                largest[lane] = max(largest[lane], added[lane])
        else:
            for lane in range(lanes):
                distance = cosine[r, lane] * east + sine[r, lane] * north
                across = cosine[r, lane] * north - sine[r, lane] * east
                if distance > 0.0:
                    sigma = source[i, SLOPE, lane] * distance + source[i, WIDTH, lane]
                    share = disc_overlap(2.0 * sigma, target_radius, math.sqrt(across * across + up * up))
                    strength = source[i, STRENGTH, lane] * (distance / diameter[i]) ** DECAY
                    largest[lane] = max(largest[lane], strength * share)
        least = largest[0]
        for lane in range(1, lanes):
            least = min(least, largest[lane])


@contracted_kernel
def add_frandsen(
    near: Integers, count: int, j: int, x: Floats, y: Floats, hub_height: Floats, diameter: Floats, lanes: int,
    cosine: Floats, sine: Floats, source: Floats, ambient: Floats, total: Floats,
) -> None:  # fmt: skip
    """Add to `total` [1], shape (lanes,), the turbulence that the sources add to the ambient one."""
    degree = 180.0 / math.pi
    for m in range(count):
        i = near[m]
        r = min(i, cosine.shape[0] - 1)
        east, north, up = x[j] - x[i], y[j] - y[i], hub_height[j] - hub_height[i]
        for lane in range(lanes):
            distance = cosine[r, lane] * east + sine[r, lane] * north
            across = cosine[r, lane] * north - sine[r, lane] * east
            ahead = max(distance, 1e-6 * diameter[i])
            aside = math.sqrt(across * across + up * up)
            root = math.sqrt(source[i, THRUST, lane])
            span = math.sqrt(ahead * ahead + aside * aside) / diameter[i]
            own = root / max(1.5 * root + 0.8 * span, 1e-300)
            half_angle = 0.5 * (arc_tangent(diameter[i] / ahead) * degree + 10.0)
            angle = arc_tangent(aside / ahead) * degree
            ratio = angle / half_angle
            weight = exp_of_minus(min(ratio * ratio, 1.0))
            added = weight * (math.sqrt(own * own + ambient[lane] * ambient[lane]) - ambient[lane])
            added = added if angle < half_angle else 0.0
            total[lane] += added if distance > 1e-10 else 0.0
