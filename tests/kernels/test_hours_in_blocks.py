"""Hours sorted by direction and cut into blocks, compared with plain NumPy."""

import numpy as np
import pytest
from testsite_kernels.numerics.arrays import Floats, Integers
from testsite_kernels.numerics.lane_mathematics import LANES
from testsite_kernels.wind.hours import COUNTERS, Hours, order_hours

from testsite_sim.wind.sweeping import WIDEST_BLOCK


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


def ordered(direction: Floats, chosen: Integers) -> tuple[Integers, list[int]]:
    """Return what the kernel finds, in room that holds no zeros."""
    size = chosen.size or direction.size
    times, starts, shared = (np.full(n, 77, np.int64) for n in (size, size + 1, COUNTERS))
    hours = Hours(direction, chosen, WIDEST_BLOCK, times, starts, shared)
    room = np.full(size, np.nan), np.full(size, 77, np.int64), np.full(size // 2 + 2, 77, np.int64)
    blocks = order_hours(hours, *room)
    return times, starts[: blocks + 1].tolist()


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
        np.append(RANDOM.uniform(100.0, 100.1, 3000), 0.0),
        np.linspace(100.1, 100.0, 3000),
        RANDOM.integers(0, 360, 3000) * 1.0,
    ],
    ids=[
        "random",
        "turned",
        "equal",
        "zeros with a sign",
        "width",
        "whole turns",
        "one",
        "none",
        "in one bin",
        "falling",
        "whole degrees",
    ],
)
def test_hours_are_sorted_by_direction_and_cut_as_plain_numpy_does(direction: Floats) -> None:
    times, starts = ordered(direction, np.empty(0, np.int64))
    expected, expected_starts = in_blocks(direction)
    np.testing.assert_array_equal(times, expected)
    assert starts == expected_starts


def test_chosen_hours_are_sorted_alone() -> None:
    direction, chosen = RANDOM.uniform(-360.0, 720.0, 500), RANDOM.permutation(500)[:200]
    times, starts = ordered(direction, chosen)
    expected, expected_starts = in_blocks(direction[chosen])
    np.testing.assert_array_equal(times, chosen[expected])
    assert starts == expected_starts
