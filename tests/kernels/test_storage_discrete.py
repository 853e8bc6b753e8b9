import json

import numpy as np
import pytest
from testsite_kernels.storage_discrete import COLD, HOT, discrete_modes
from testsite_kernels.storage_optimum import OPERATION, SOLVED, storage_optimum

from tests.kernels.test_storage_optimum import ORACLES, assert_feasible, oracle_case


def decide(problem, contents, block=2048):
    """Return the value on the grid, the modes, and the problem with a minimum load of 10 % within them."""
    zero, low = np.zeros(1), np.array([4e6])
    idle = problem._replace(electrolyser_high=zero, fuel_cell_high=zero)
    produce = problem._replace(electrolyser_low=low)
    problems = (idle, problem._replace(electrolyser_high=zero), produce, produce, idle)
    modes = np.empty(problem.wind.size, np.int8)
    come_from, lead_to = np.array([0, 3, 3, 0, 0]), np.array([COLD, COLD, COLD, HOT, HOT])
    value = discrete_modes(problems, come_from, lead_to, contents, block, 100.0, modes)
    on = modes == 2
    within = problem._replace(
        electrolyser_low=np.where(on, low, 0.0),
        electrolyser_high=np.where(on, problem.electrolyser_high, 0.0),
    )
    return value, modes, within


@pytest.mark.parametrize("steps", [168, 744, 8760])
def test_minimum_load_is_within_two_hundredths_of_a_per_cent_of_the_mixed_integer_optimum(steps):
    published = json.loads((ORACLES / "hydrogen_dispatch_objectives.json").read_text())
    exact = published["MILP_A_min_load_10pct"][str(steps)]["objective"]
    bound = published["LP"][str(steps)]["objective"]
    problem = oracle_case(steps)
    value, _, within = decide(problem, 101)
    operation = np.empty((steps, len(OPERATION)))
    status, optimum, _ = storage_optimum(within, operation)
    assert status == SOLVED
    assert exact * (1 - 5e-5) <= optimum <= exact * (1 + 1e-8)
    assert optimum <= bound
    assert value <= exact * (1 + 1e-8)
    assert operation[:, 2].sum() <= 1e-6, "avoidable unmet demand"
    assert_feasible(within, operation)


def test_the_length_of_a_block_does_not_change_the_modes():
    problem = oracle_case(500)
    value, modes, _ = decide(problem, 51, block=1000)
    for block in (1, 64, 499, 500):
        other_value, other_modes, _ = decide(problem, 51, block=block)
        assert other_value == value
        np.testing.assert_array_equal(other_modes, modes)
