import json

import numpy as np
import pytest
from testsite_kernels.dispatch.storage_discrete import operate_pieces
from testsite_kernels.dispatch.storage_optimum import OPERATION, SOLVED
from testsite_kernels.dispatch.storage_pieces import PRODUCE

from benchmarks.peers.storage_cases import decide
from tests.kernels.test_storage_optimum import ORACLES, assert_feasible, oracle_case


@pytest.mark.parametrize("steps", [168, 744, 8760])
def test_minimum_load_is_within_two_hundredths_of_a_per_cent_of_the_mixed_integer_optimum(steps):
    published = json.loads((ORACLES / "hydrogen_dispatch_objectives.json").read_text())
    exact = published["MILP_A_min_load_10pct"][str(steps)]["objective"]
    bound = published["LP"][str(steps)]["objective"]
    problem = oracle_case(steps)
    value, pieces, machines = decide(problem, 101)
    operation = np.empty((steps, len(OPERATION)))
    status, optimum = operate_pieces(problem, machines, pieces, operation)
    assert status == SOLVED
    assert exact * (1 - 5e-5) <= optimum <= exact * (1 + 1e-8)
    assert optimum <= bound
    assert value <= exact * (1 + 1e-8)
    assert operation[:, 2].sum() <= 1e-6, "avoidable unmet demand"
    on = pieces.mode == PRODUCE
    low, high = np.where(on, 4e6, 0.0), np.where(on, problem.electrolyser_high, 0.0)
    assert_feasible(problem._replace(electrolyser_low=low, electrolyser_high=high), operation)


def test_the_length_of_a_block_does_not_change_the_modes():
    problem = oracle_case(500)
    value, pieces, _ = decide(problem, 51, block=1000)
    for block in (1, 64, 499, 500):
        other_value, other, _ = decide(problem, 51, block=block)
        assert other_value == value
        np.testing.assert_array_equal(other.mode, pieces.mode)
        np.testing.assert_array_equal(other.low, pieces.low)
