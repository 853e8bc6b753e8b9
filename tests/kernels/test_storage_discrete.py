import json

import numpy as np
import pytest
from testsite_kernels.dispatch.storage_discrete import operate_pieces
from testsite_kernels.dispatch.storage_optimum import OPERATION, SOLVED
from testsite_kernels.dispatch.storage_pieces import PRODUCE

from benchmarks.peers.storage_cases import decide
from tests.kernels.test_storage_optimum import ORACLES, assert_feasible, oracle_case
from testsite_sim.dispatch.decisions import Decisions, bound_between, hull_bound, improve


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


def test_pieces_that_are_filled_by_blocks_prove_the_same_bounds_and_improve_a_dispatch_as_well():
    """Hulls are numbered on from block to block, and the pieces that are held are those of one block alone."""
    problem = oracle_case(300)
    _, chosen, machines = decide(problem, 51)
    operation = np.empty((300, len(OPERATION)))
    operate_pieces(problem, machines, chosen, operation)
    flows, states = operation[:, :2].copy(), np.where(operation[:, 0] > 0.0, 2, 0).astype(np.int8)
    flows[::7, 1] = 0.0  # a dispatch that is not the best yet

    def found(block):
        decisions = Decisions(problem, machines, block)
        bound, prices = hull_bound(decisions)
        better = improve(decisions, flows, states)
        return bound, prices, bound_between(decisions, prices, operation[:, 6]), better.value, better.operation

    whole = found(None)
    assert np.isfinite(whole[0])
    assert whole[2] <= whole[0]
    for block in (1, 64, 299):
        for expected, other in zip(whole, found(block), strict=True):
            np.testing.assert_array_equal(other, expected)
