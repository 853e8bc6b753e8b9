import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from testsite_kernels.dispatch.storage_optimum import INFEASIBLE, OPERATION, SOLVED, storage_optimum, storage_value
from testsite_kernels.dispatch.storage_stage import StorageProblem

from benchmarks.peers.storage_cases import MWH, holland_coast_case, oracle_case
from tests.reference import storage_optimum as reference

ORACLES = Path(__file__).parents[1] / "oracles"
CHANGING = -1.0  # a limit of flow of its own in every interval


def solve(problem):
    operation = np.full((problem.wind.size, len(OPERATION)), np.nan)
    status, optimum, relaxed = storage_optimum(problem, operation)
    return status, optimum, relaxed, operation


def assert_feasible(problem, operation):
    e, f, unmet, curtailed, export, content, _, by_product = operation.T
    p = problem
    small = 1e-9 * max(1.0, p.tank_capacity)
    before = np.concatenate([[p.initial], content[:-1]])
    produced = reference.machine_flow(p, e, f) * p.step
    np.testing.assert_allclose(content - before, produced - p.demand + unmet + by_product, atol=small)
    np.testing.assert_allclose(p.wind + f - e - curtailed - export, 0.0, atol=1e-3)
    assert content.min() >= p.tank_minimum
    assert content.max() <= p.tank_capacity
    assert content[-1] >= p.end_minimum - small
    for value, low, high in (
        (e, p.electrolyser_low, p.electrolyser_high),
        (f, p.fuel_cell_low, p.fuel_cell_high),
        (curtailed, 0.0, np.maximum(p.wind, 0.0)),
        (by_product, 0.0, p.by_product),
        (unmet, 0.0, p.demand),
        (export, p.edges[:, 0], p.edges[:, -1]),
    ):
        assert np.all(value >= low - 1e-3)
        assert np.all(value <= high + 1e-3)
    assert np.all(content - before <= p.charge_limit * p.step + small)
    assert np.all(content - before >= -p.discharge_limit * p.step - small)


def flow_limit(limit, rng, steps):
    """Return a limit of flow into or out of the tank [kg/s], the same always or with intervals of less, or of none."""
    if limit == CHANGING:
        return rng.choice([0.0, 0.05, 0.2, 1e30], steps)
    return np.array([limit])


@st.composite
def problems(draw, most=60):
    """Draw storage problems of every shape that the kernel claims to solve."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    steps = draw(st.integers(1, most))
    step = draw(st.sampled_from([600.0, 900.0, 3600.0]))
    n_fuel, n_electrolyser = draw(st.sampled_from([(1, 1), (1, 1), (0, 0), (0, 1), (1, 0), (2, 3), (1, 4), (3, 1)]))
    fuel = np.sort(rng.uniform(15, 22, n_fuel))  # kWh/kg, falling with load
    k_f = 1 / (fuel * 3.6e6)
    k_e = np.sort(1 / (rng.uniform(48, 60, n_electrolyser) * 3.6e6))[::-1]
    w_f = rng.uniform(1e6, 10e6, n_fuel)
    w_e = rng.uniform(5e6, 20e6, n_electrolyser)
    tank = draw(st.sampled_from([0.0, 200.0, 5000.0, 40000.0]))
    low = tank * draw(st.sampled_from([0.0, 0.1]))
    kind = draw(st.sampled_from(["sale", "trade", "dual", "ladder"]))
    level = np.round(rng.normal(60, 60, steps), 1 if draw(st.booleans()) else 6)
    export = draw(st.sampled_from([1e30, 90e6, 30e6]))
    if kind == "sale":
        edges, prices = np.array([[0.0, export]]), level[:, None]
    elif kind == "trade":
        edges, prices = np.array([[-20e6, 0.0, export]]), np.stack([level + 35, level], 1)
    elif kind == "dual":
        middle = rng.uniform(0, 25e6, steps)
        edges = np.stack([np.full(steps, -10e6), middle, np.full(steps, min(export, 80e6))], 1)
        prices = np.stack([level + rng.uniform(0, 40, steps), level], 1)
    else:
        edges = np.array([[-20e6, -5e6, 5e6, 20e6, min(export, 60e6)]])
        prices = -np.sort(-(level[:, None] + rng.uniform(-50, 50, (steps, 4))), axis=1)
    initial = low + (tank - low) * rng.random()
    limits = st.sampled_from([1e30, 1e30, 0.05, 0.2, CHANGING])
    return StorageProblem(
        step=step,
        wind=100e6 * rng.beta(0.6, 0.6, steps) - draw(st.sampled_from([0.0, 0.0, 5e6])),
        demand=rng.uniform(0, 400, steps) * step / 3600 * (rng.random(steps) < 0.7),
        by_product=draw(st.sampled_from([0.0, 1.0])) * rng.uniform(0, 400, steps) * (rng.random(steps) < 0.7),
        edges=edges,
        prices=prices / MWH,
        electrolyser_low=np.zeros(1),
        electrolyser_high=np.array([w_e.sum()]),
        fuel_cell_low=np.zeros(1),
        fuel_cell_high=np.array([w_f.sum()]),
        machine_slope=np.concatenate([np.sort(k_f)[::-1], k_e]),
        machine_width=np.concatenate([w_f, w_e]),
        fuel_segments=n_fuel,
        penalty=draw(st.sampled_from([10.0, 3.0, 0.5])),
        by_product_price=draw(st.sampled_from([0.0, 1.2, 4.0])),
        charge_limit=flow_limit(draw(limits), rng, steps),
        discharge_limit=flow_limit(draw(limits), rng, steps),
        tank_minimum=low,
        tank_capacity=tank,
        initial=initial,
        end_minimum=draw(st.sampled_from([0.0, initial, low + 0.9 * (tank - low)])),
        end_value=draw(st.sampled_from([0.0, 0.0, 2.0])),
    )


@given(problems())
@settings(deadline=None, max_examples=300)
def test_the_optimum_is_that_of_highs_and_its_operation_earns_it(problem):
    status, optimum, relaxed, operation = solve(problem)
    expected = reference.solve(problem)
    if expected is None:
        assert status == INFEASIBLE
        return
    assert status == SOLVED
    scale = max(1.0, abs(expected), np.abs(problem.prices).max() * problem.step * 1e8)
    assert_feasible(problem, operation)
    if relaxed > 0.0:
        assert optimum >= expected - 1e-9 * scale
        assert reference.cash(problem, operation) <= optimum + 1e-9 * scale
        return
    assert optimum == pytest.approx(expected, abs=1e-9 * scale)
    assert reference.cash(problem, operation) == pytest.approx(expected, abs=1e-9 * scale)


@given(problems(most=40))
@settings(deadline=None, max_examples=60)
def test_the_water_value_is_the_gain_from_one_more_kilogram(problem):
    status, optimum, _ = storage_value(problem)
    assume(status == SOLVED)
    operation = np.empty((problem.wind.size, len(OPERATION)))
    storage_optimum(problem, operation)
    small = 1e-3 * (problem.tank_capacity - problem.tank_minimum)
    assume(small > 0)
    more = problem._replace(initial=min(problem.initial + small, problem.tank_capacity))
    less = problem._replace(initial=max(problem.initial - small, problem.tank_minimum))
    value = operation[0, 6]
    gain = storage_value(more)[1] - optimum
    status_less, optimum_less, _ = storage_value(less)
    tolerance = 1e-9 * (abs(optimum) + 1e6)
    assert gain <= value * (more.initial - problem.initial) + tolerance
    if status_less == SOLVED:
        assert optimum - optimum_less >= value * (problem.initial - less.initial) - tolerance


@given(problems(most=40))
@settings(deadline=None, max_examples=40)
def test_the_water_value_changes_only_where_the_tank_is_full_or_empty(problem):
    status, _, _, operation = solve(problem)
    assume(status == SOLVED)
    content, value = operation[:, 5], operation[:, 6]
    inner = (content > problem.tank_minimum + 1e-6) & (content < problem.tank_capacity - 1e-6)
    change = np.abs(np.diff(value))
    unlimited = (
        problem.charge_limit.min() > 1e29
        and problem.discharge_limit.min() > 1e29
        and problem.end_minimum <= problem.tank_minimum
    )
    if unlimited:
        assert np.all(change[inner[:-1]] == 0.0)


@pytest.mark.parametrize("steps", [168, 744, 8760])
def test_the_dispatch_case_with_imports_has_its_published_objective(steps):
    expected = json.loads((ORACLES / "hydrogen_dispatch_objectives.json").read_text())["LP"][str(steps)]["objective"]
    problem = oracle_case(steps)
    status, optimum, relaxed, operation = solve(problem)
    assert (status, relaxed) == (SOLVED, 0.0)
    assert optimum == pytest.approx(expected, rel=1e-12)
    assert reference.cash(problem, operation) == pytest.approx(expected, rel=1e-12)
    assert_feasible(problem, operation)


def test_the_real_year_has_the_objective_of_highs_to_all_printed_digits():
    problem = holland_coast_case()
    status, optimum, relaxed, operation = solve(problem)
    assert (status, relaxed) == (SOLVED, 0.0)
    assert round(optimum, 6) == pytest.approx(25_045_441.519848, abs=1.5e-6)
    assert reference.cash(problem, operation) == pytest.approx(25_045_441.519848, rel=1e-12)
    assert storage_value(problem)[1] == optimum
    assert_feasible(problem, operation)


def test_an_end_level_out_of_reach_is_infeasible():
    problem = oracle_case(3)._replace(end_minimum=19000.0)
    assert solve(problem)[0] == INFEASIBLE
    assert storage_value(problem)[0] == INFEASIBLE


def test_a_large_tank_keeps_all_its_segments():
    problem = oracle_case(744)._replace(tank_capacity=1e7, initial=0.0, end_minimum=0.0, end_value=1.5)
    status, optimum, _, operation = solve(problem)
    assert status == SOLVED
    assert optimum == pytest.approx(reference.solve(problem), rel=1e-10)
    assert_feasible(problem, operation)
