"""Lanes read four numbers of a table side by side, each from its own row."""

import numpy as np
import pytest
from testsite_kernels.numerics.compile_options import bare_kernel
from testsite_kernels.numerics.lane_rows import FOUR, GROUP, read_rows


@bare_kernel
def read(table, begin, found):
    for lane in range(0, begin.size, GROUP):
        read_rows(table, begin, lane, found[0], found[1], found[2], found[3])


@pytest.mark.parametrize("lanes", [8, 32])
@pytest.mark.parametrize(("columns", "column"), [(4, 0), (6, 2), (9, 1)])
def test_every_lane_has_the_numbers_of_its_row(lanes: int, columns: int, column: int) -> None:
    table = np.arange(11.0 * columns).reshape(11, columns)
    row = np.random.default_rng(lanes).integers(0, 11, lanes)
    found = np.full((FOUR, lanes), -1.0)
    read(table, (row * columns + column).astype(np.float64), found)
    np.testing.assert_array_equal(found, table[row, column : column + FOUR].T)
