"""What a block found is copied to its hours, by tiles: of any number of turbines, in any number of lanes."""

import numpy as np
import pytest
from testsite_kernels.numerics.lane_mathematics import LANES
from testsite_kernels.wind.block import write_block


@pytest.mark.parametrize("turbines", [1, 7, 8, 9, 15, 16, 23, 80])
@pytest.mark.parametrize("count", [1, 5, 8, 9, 31, 32])
def test_every_number_comes_to_its_hour_and_turbine_and_nothing_else_changes(turbines: int, count: int) -> None:
    hours = np.random.default_rng(count).permutation(40)[:LANES]
    hours[count:] = hours[count - 1]
    found = np.arange(turbines * LANES, dtype=np.float64).reshape(turbines, LANES)
    found[:, count:] = found[:, count - 1 : count]  # the last hour once more
    result = np.full((40, turbines), -1.0)
    write_block(hours, count, found, result)
    expected = np.full_like(result, -1.0)
    expected[hours[:count]] = found[:, :count].T
    np.testing.assert_array_equal(result, expected)
