"""Hours sorted by direction and cut into blocks, compared with plain NumPy."""

import numpy as np
import pytest
from testsite_kernels.numerics.arrays import Floats, Integers
from testsite_kernels.numerics.lane_mathematics import LANES

from testsite_sim.wind.sweeping import WIDEST_BLOCK, _blocks


def in_blocks(direction: Floats) -> tuple[Integers, list[int]]:
    """Return the hours in order, and the first place of each block and the end."""
    turned = direction % 360.0 + 0.0
    bits = max(direction.size.bit_length(), 1)
    times = np.lexsort((np.arange(direction.size), turned.view(np.int64) >> bits))
    starts, ordered = [0], turned[times]
    for place in range(1, direction.size):
        if place == starts[-1] + LANES or ordered[place] - ordered[starts[-1]] > WIDEST_BLOCK:
            starts.append(place)
    return times, [*starts, direction.size] if direction.size else [0]


RANDOM = np.random.default_rng(7)


@pytest.mark.parametrize(
    "direction",
    [
        RANDOM.uniform(0.0, 360.0, 3000),
        RANDOM.uniform(-360.0, 720.0, 500),
        np.repeat([10.0, 350.0, 10.0], 40),
        np.array([0.0, -0.0, 359.9, -0.0, 0.0]),
        np.array([0.0, WIDEST_BLOCK, np.nextafter(WIDEST_BLOCK, 9.0)]),
        np.array([360.0, 0.0, 720.0, -360.0, -1e-20]),
        np.array([123.0]),
        np.zeros(0),
    ],
    ids=["random", "turned", "equal", "zeros with a sign", "width", "whole turns", "one", "none"],
)
def test_hours_are_sorted_by_direction_and_cut_as_plain_numpy_does(direction: Floats) -> None:
    given = direction.copy()
    given.flags.writeable = False  # as an inflow may be
    times, starts = _blocks(given)
    expected, expected_starts = in_blocks(direction)
    np.testing.assert_array_equal(times, expected)
    assert starts.tolist() == expected_starts
