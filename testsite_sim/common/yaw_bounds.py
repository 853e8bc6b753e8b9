"""How far a turbine may be turned out of the wind, and in which sectors, as configuration, farm and inflow have it."""

from collections.abc import Sequence

# Of a turbine out of the wind [degree]: beyond it nothing was measured that models could be held against (assumption).
LARGEST_YAW = 60.0
LARGEST_YAW_EXPONENT = 10.0  # of the cosine of a yaw; published ones are 1 to 3 (assumption, catches a slip)


def sector_width(begin: float, end: float) -> float:
    """Return the width of a sector from `begin` clockwise to `end` [degree]; through north where that is smaller.

    Examples
    --------
    >>> sector_width(255.0, 285.0), sector_width(350.0, 10.0), sector_width(0.0, 360.0)
    (30.0, 20.0, 360.0)
    """
    return end - begin if end > begin else end - begin + 360.0


def overlapping(sectors: Sequence[tuple[float, float]]) -> list[tuple[int, int]]:
    """Return the pairs of sectors of the wind direction that overlap: one, and another that begins in it.

    Parameters
    ----------
    sectors : sequence of tuple of float
        From a direction, which lies in it, clockwise to another, which does not [degree].

    Examples
    --------
    >>> overlapping([(255.0, 285.0), (285.0, 300.0), (280.0, 290.0)])
    [(0, 2), (2, 1)]
    """
    return [
        (one, other)
        for one, (begin, end) in enumerate(sectors)
        for other, (within, _) in enumerate(sectors)
        if one != other and (within - begin) % 360.0 < sector_width(begin, end)
    ]
