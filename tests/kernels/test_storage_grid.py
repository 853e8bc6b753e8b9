"""Values of a store on a grid: what is left out of the search is never the best."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from testsite_kernels.dispatch.storage_grid import values_backwards
from testsite_kernels.dispatch.storage_pieces import LEADS_TO, MODES, Machines, come_from
from testsite_kernels.dispatch.storage_stage import StorageProblem, flow_limits

from testsite_sim.dispatch.decisions import Decisions, on_grid, room_for_values

MWH = 3.6e9
NEVER = -1e30
MOST = 1e15  # what is worth less than minus this cannot be done


def problem_of(price, **changed):
    """Return a store of 1 t next to 40 MW of electrolysers and 10 MW of fuel cells, sold at prices [EUR/MWh]."""
    price = np.asarray(price, float)
    given_ = {
        "step": 3600.0,
        "wind": np.full(price.size, 50e6),
        "demand": np.zeros(price.size),
        "by_product": np.zeros(price.size),
        "edges": np.array([[0.0, 90e6]]),
        "prices": price[:, None] / MWH,
        "electrolyser_low": np.zeros(1),
        "electrolyser_high": np.array([40e6]),
        "fuel_cell_low": np.zeros(1),
        "fuel_cell_high": np.array([10e6]),
        "machine_slope": np.array([1 / (16.665 * 3.6e6), 1 / (52.5 * 3.6e6)]),
        "machine_width": np.array([10e6, 40e6]),
        "fuel_segments": 1,
        "penalty": 10.0,
        "by_product_price": 1.0,
        "charge_limit": np.array([1e30]),
        "discharge_limit": np.array([1e30]),
        "tank_minimum": 0.0,
        "tank_capacity": 1000.0,
        "initial": 500.0,
        "end_minimum": 0.0,
        "end_value": 3.0,
    }
    return StorageProblem(**(given_ | changed))


def machines_of(least=0.1, start=0.0, standby=0.0, bend=0.0):
    """Return 40 MW of electrolysers and 10 MW of fuel cells; `bend`: how much worse they are at half load."""
    load = np.array([max(least, 0.0), 0.5, 1.0])
    worse = 1.0 - bend * np.array([0.0, 1.0, 0.0])
    return Machines(
        40e6 * load, 40e6 * load / (52.5 * 3.6e6) * worse, 10e6 * load, 10e6 * load / (16.665 * 3.6e6), start, standby
    )


def best_of_piece(stages, p, after, place, spacing, moved, limits):
    """Return max_y G(y) + after at the kinks and grid points of a piece, each tried."""
    y, value = stages.lowest[p, 0] - moved, stages.lowest[p, 1]
    best, n = NEVER, after.size
    smallest, largest = limits

    def take(y, value):
        at = place + y / spacing
        inside = -1e-9 <= at <= n - 1 + 1e-9 and smallest - 1e-9 * spacing <= y <= largest + 1e-9 * spacing
        return max(best, value + np.interp(at, np.arange(n), after)) if inside else best

    best = take(y, value)
    for i in range(stages.start[p], stages.start[p + 1]):
        upto = min(y + stages.length[i], largest)
        for k in range(n):
            to_point = (k - place) * spacing
            if y - 1e-9 * spacing <= to_point <= upto + 1e-9 * spacing:
                best = take(to_point, value - stages.sigma[i] * (to_point - y))
        value -= stages.sigma[i] * (upto - y)
        y = upto
        best = take(y, value)
        if y >= largest:
            break
    return best


def assert_all_tried(problem, machines, contents, origin, spacing, end):
    """Assert that values on a grid are those of every kink and grid point of every piece."""
    decisions, steps = Decisions(problem, machines), problem.wind.size
    pieces = decisions.pieces(0)
    values = room_for_values(steps, contents)
    values.rows[:2] = end
    values_backwards(
        problem, machines, 0, pieces, decisions.rest(0), spacing, origin, np.empty(MODES, np.int64), values
    )
    scale = np.abs(end).max() + np.abs(problem.prices).max() * 90e6 * 3600.0 * steps
    for s in range(steps):
        expected = np.full((2, contents), NEVER)
        moved = origin[s + 1] - origin[s]
        limits = np.array(flow_limits(problem, s)) - moved
        for p in range(pieces.first[s], pieces.first[s + 1]):
            mode = pieces.mode[p]
            after = values.rows[values.of[s + 1, LEADS_TO[mode]]]
            row = [best_of_piece(pieces.stages, p, after, i, spacing, moved, limits) for i in range(contents)]
            for state in range(2):
                if come_from(machines, mode) >> state & 1:
                    expected[state] = np.maximum(expected[state], row)
        found = values.rows[values.of[s]]
        can = expected > -MOST
        np.testing.assert_array_equal(found > -MOST, can)
        np.testing.assert_allclose(found[can], expected[can], rtol=0, atol=1e-11 * scale + 1e-9)
    return values


PRICES = {
    "constant": np.full(8, 60.0),
    "negative": np.array([-20.0, -20.0, -500.0, -1.0, -20.0, -20.0, -5.0, -20.0]),
    "zero": np.zeros(8),
    "ties": np.array([10.0, 200.0, 10.0, 200.0, 10.0, 200.0, 10.0, 200.0]),
    "rising": np.linspace(-10.0, 300.0, 8),
}
STORES = {
    "wide": {},
    "of one interval": {"tank_capacity": 150.0, "initial": 0.0},
    "smaller than the flow of an interval": {"tank_capacity": 20.0, "initial": 20.0},
    "slow": {"charge_limit": np.array([0.02]), "discharge_limit": np.array([0.01])},
    "with use": {"demand": np.full(8, 100.0), "by_product": np.full(8, 30.0)},
    "with import": {"edges": np.array([[-20e6, 0.0, 90e6]]), "wind": np.linspace(-5e6, 60e6, 8)},
}


@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize("price", PRICES)
def test_what_is_left_out_of_the_search_is_never_the_best(price, store):
    values, changed = PRICES[price], dict(STORES[store])
    problem = problem_of(values, **changed)
    if problem.edges.shape[1] > 2:
        problem = problem._replace(prices=np.stack([values + 10.0, values], 1) / MWH)
    for machines in (machines_of(0.1, 1e5, 0.0, 0.2), machines_of(0.0), machines_of(0.3, 1e5, 2e5)):
        spacing = problem.tank_capacity / 10
        end = problem.end_value * np.arange(11) * spacing
        assert_all_tried(problem, machines, 11, np.zeros(9), spacing, np.stack([end, end + 1.0]))


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 2**31),
    level=st.sampled_from([0.0, 40.0, 150.0]),
    spread=st.sampled_from([0.0, 1.0, 100.0]),
    width=st.sampled_from([5.0, 60.0, 900.0]),
    corridor=st.booleans(),
)
def test_in_a_corridor_about_a_path_what_is_left_out_is_never_the_best(seed, level, spread, width, corridor):
    """Values bend either way, and the corridor moves by all that the machines can, or not at all."""
    random = np.random.default_rng(seed)
    price = level + spread * random.standard_normal(5)
    machines = machines_of(random.choice([0.0, 0.1, 0.5]), random.choice([0.0, 1e5]), 0.0, random.choice([0.0, 0.3]))
    steps = random.choice([0.0, 40.0, -60.0, 76.19], 5) * corridor
    origin = np.concatenate([[0.0], np.cumsum(steps)])
    end = np.cumsum(random.choice([0.0, 1.0, 3.0, 9.0], 9)) * width / 8
    problem = problem_of(price, demand=random.choice([0.0, 0.0, 50.0], 5))
    assert_all_tried(problem, machines, 9, origin, width / 8, np.stack([end, end + random.choice([0.0, 20.0])]))


@pytest.mark.parametrize(
    ("price", "rests"), [(17.0, False), (37.0, False), (40.0, True), (59.0, True), (61.0, False), (500.0, False)]
)
def test_an_interval_rests_only_where_no_price_of_the_store_pays(price, rests):
    """Hydrogen worth 1 to 2 EUR/kg: made below 2 EUR/kg / 52.5 kWh/kg, turned into power above 1 / 16.665."""
    end = np.concatenate([[0.0], np.cumsum(np.linspace(2.0, 1.0, 8))]) * 125.0
    values = assert_all_tried(problem_of([price]), machines_of(), 9, np.zeros(2), 125.0, np.stack([end, end]))
    assert list(values.resting) == [rests]


def test_an_interval_does_not_rest_where_a_hot_electrolyser_is_worth_its_production():
    end = 1.0 * np.arange(9) * 125.0
    for hot, rests in ((0.0, True), (1e4, False)):
        ends = np.stack([end, end + hot])
        values = assert_all_tried(problem_of([40.0]), machines_of(0.1, 1e5), 9, np.zeros(2), 125.0, ends)
        assert list(values.resting) == [rests]


def test_a_store_that_holds_nothing_rests_or_serves():
    problem = problem_of(np.full(4, 50.0), tank_capacity=0.0, initial=0.0)
    value, chosen = on_grid(Decisions(problem, machines_of()), 5, 1.0, np.zeros(5), 100.0)
    assert np.isfinite(value)
    assert not chosen.mode.any()
