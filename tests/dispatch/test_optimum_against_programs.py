"""No schedule of any plant that can be written is better than its optimum, and no optimum better than its bound."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dispatch.plants import as_stated, by_schedule, configured, series, stated_strategy
from tests.reference import balancing_optimum as reference
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.dispatch import ReducedPlant, Surroundings, Trade, carry_out
from testsite_sim.dispatch.foresight import flows_of
from testsite_sim.dispatch.general import general_optimum
from testsite_sim.dispatch.market import MarketCurve, energy_market
from testsite_sim.dispatch.objective import Objective
from testsite_sim.dispatch.optimum import Search, optimum
from testsite_sim.dispatch.strategies import RULES
from testsite_sim.plant.load_table import LoadTable

MWH = 3.6e9
ORACLES = Path(__file__).parents[1] / "oracles"
PEM_10MW = LoadTable(  # the part-load curve of configs/electrolyser/pem-10mw: a hump at a fifth of the load
    [0.1, 0.2, 0.5, 0.7, 1.0], 1.0 / (np.array([49.08, 45.57, 47.61, 50.63, 55.0]) * 3.6e6)
)


@st.composite
def cases(draw):
    """Draw series, a plant with humps, minimum loads, starts, small tanks and limits, a market, an objective."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    steps = draw(st.integers(1, 7))
    tank = draw(st.sampled_from([0.0, 1e-6, 1e-3, 50.0, 400.0, 5000.0]))
    low = tank * draw(st.sampled_from([0.0, 0.1])) if tank > 1.0 else 0.0

    def load():
        points = np.append(np.sort(rng.uniform(0.02, 0.95, rng.integers(1, 4))), 1.0)
        return np.unique(np.round(points, 2))

    loads, others = load(), load()
    electricity, yields = rng.uniform(46.0, 60.0, loads.size), rng.uniform(14.0, 20.0, others.size)
    try:
        plant = ReducedPlant(
            electrolyser_capacity=draw(st.sampled_from([0.0, 5e6, 40e6])),
            electrolyser_production=LoadTable(loads, 1.0 / (electricity * 3.6e6)),
            electrolyser_minimum_load=draw(st.sampled_from([0.0, 0.05, 0.3, 1.0])),
            electrolyser_start_energy=draw(st.sampled_from([0.0, 0.0, 2e9, 2e10])),
            electrolyser_standby_power=draw(st.sampled_from([0.0, 0.0, 1e5])),
            tank_capacity=tank,
            tank_minimum=low,
            tank_initial=low + (tank - low) * draw(st.sampled_from([0.0, 0.5, 1.0])),
            charge_limit=draw(st.sampled_from([np.inf, 0.05, 0.2])),
            discharge_limit=draw(st.sampled_from([np.inf, 0.05, 0.2])),
            fuel_cell_capacity=draw(st.sampled_from([0.0, 1e6, 10e6])),
            fuel_cell_yield=LoadTable(others, yields * 3.6e6),
            fuel_cell_minimum_load=draw(st.sampled_from([0.0, 0.1, 0.4])),
            export_limit=draw(st.sampled_from([np.inf, 30e6, 60e6])),
            import_limit=draw(st.sampled_from([0.0, 20e6])),
        )
    except ConfigurationError:  # a curve on which more power makes less hydrogen
        plant = ReducedPlant(electrolyser_capacity=5e6, tank_capacity=tank, tank_minimum=low, tank_initial=low)
    wind = 60e6 * rng.beta(0.6, 0.6, steps)
    wind = np.maximum(wind - draw(st.sampled_from([0.0, 0.0, 10e6])), -plant.import_limit)  # below zero a load
    price = np.round(rng.normal(30.0, 70.0, steps)) / MWH
    market = energy_market(price, plant, purchase_fee=draw(st.sampled_from([0.0, 20.0])) / MWH)
    if draw(st.booleans()) and draw(st.booleans()):  # a price that may rise with the export
        most = min(plant.export_limit, 1e8)
        middle = rng.uniform(0.0, 30e6, steps)
        edges = np.stack([np.full(steps, -plant.import_limit), middle, np.full(steps, most)], 1)
        market = MarketCurve(edges, np.round(rng.normal(30.0, 70.0, (steps, 2))) / MWH, np.zeros(1))
    demand = rng.uniform(0.0, 400.0, steps) / 3600.0 * (rng.random(steps) < 0.7)
    end = low + (tank - low) * draw(st.sampled_from([0.0, 0.0, 0.5])) if tank > 1.0 else low
    by_product = draw(st.sampled_from([0.0, 1.0])) * rng.uniform(0.0, 300.0, steps) / 3600.0 * (rng.random(steps) < 0.7)
    objective = Objective(
        draw(st.sampled_from([10.0, 3.0, 0.5])),
        end,
        draw(st.sampled_from([0.0, 4.0])),
        draw(st.sampled_from([0.0, 1.2, 4.0])),
    )
    return wind, demand, by_product, plant, market, objective


def earned(flows, demand, market, objective):
    """Return what flows of hours earn [EUR]."""
    cash = market.cash(flows[:, 6] - flows[:, 8]).sum() * 3600.0
    paid = (objective.penalty * (demand - flows[:, 4]) + objective.by_product_price * flows[:, 9]).sum() * 3600.0
    return cash - paid + objective.end_value * flows[-1, 5]


@settings(deadline=None, max_examples=150, derandomize=True)
@given(cases(), st.integers(0, 2**32 - 1))
def test_the_optimum_is_that_of_a_program_and_no_schedule_is_better(case, seed):
    wind, demand, by_product, plant, market, objective = case
    plant = as_stated(plant)
    expected = reference.optimum(wind, demand, 3600.0, plant, market, objective, by_product)
    if expected is None:
        with pytest.raises(ConfigurationError, match=r"out of reach|no operation meets"):
            optimum(wind, demand, 3600.0, plant, market, objective, by_product=by_product)
        return
    found = optimum(wind, demand, 3600.0, plant, market, objective, by_product=by_product)
    near = 1e-6 * max(abs(expected), 1000.0)
    assert found.value == pytest.approx(expected, abs=near)
    assert found.bound >= expected - near
    # the stated gap is at most ten times the true one, up to what the program itself resolves
    assert found.bound - found.value <= 10.0 * max(expected - found.value, 0.0) + near
    assert earned(found.flows, demand, market, objective) == pytest.approx(found.value, abs=1e-3)
    assert not np.any((found.flows[:, 2] > 0.0) & (found.flows[:, 1] > 0.0))
    for flows in schedules(case, seed):
        if flows[-1, 5] >= objective.end_minimum:
            assert earned(flows, demand, market, objective) <= found.bound + near


@settings(deadline=None, max_examples=40, derandomize=True)
@given(cases(), st.integers(0, 2**32 - 1))
def test_the_optimum_within_limits_of_every_interval_is_that_of_a_program(case, seed):
    """Aims at intervals in which the tank takes, or gives, nothing."""
    wind, demand, by_product, plant, market, objective = case
    plant = as_stated(plant)
    rng = np.random.default_rng(seed)
    limits = tuple(rng.choice([0.0, 0.02, 0.2, 1e30], wind.size) for _ in range(2))
    expected = reference.optimum(wind, demand, 3600.0, plant, market, objective, by_product, limits)
    if expected is None:
        with pytest.raises(ConfigurationError, match=r"out of reach|no operation meets"):
            optimum(wind, demand, 3600.0, plant, market, objective, by_product, Search(nodes=0), limits)
        return
    found = optimum(wind, demand, 3600.0, plant, market, objective, by_product, Search(nodes=0), limits)
    near = 1e-6 * max(abs(expected), 1000.0)
    assert found.value <= expected + near
    assert found.bound >= expected - near
    change = np.diff(np.concatenate([[plant.tank_initial], found.flows[:, 5]]))
    assert np.all(change <= limits[0] * 3600.0 + 1e-9 * (1.0 + plant.tank_capacity))
    assert np.all(-change <= limits[1] * 3600.0 + 1e-9 * (1.0 + plant.tank_capacity))


def schedules(case, seed):
    """Yield the dispatch of all rules, and of random set-points."""
    wind, demand, by_product, plant, market, _ = case
    price = np.broadcast_to(market.prices, (wind.size, market.prices.shape[1]))[:, -1]
    nothing = np.zeros(wind.size)
    around = Surroundings(series(wind)["time"], 3600.0, wind, nothing, by_product, demand, price, nothing, 0.0)
    whole = Trade(*configured(plant), around, Objective())
    for name in RULES:
        executed = carry_out(stated_strategy(name), whole).executed
        assert executed is not None
        yield flows_of(executed)[0]
    rng = np.random.default_rng(seed)
    schedule = np.stack(
        [
            rng.uniform(0.0, plant.electrolyser_capacity, wind.size),
            rng.uniform(0.0, plant.fuel_cell_capacity, wind.size),
            rng.random(wind.size) < 0.5,
        ],
        axis=1,
    )
    yield flows_of(by_schedule(whole, schedule))[0]


@settings(deadline=None, max_examples=40, derandomize=True)
@given(cases())
def test_the_general_program_is_that_of_the_reference(case):
    wind, demand, by_product, plant, market, objective = case
    expected = reference.optimum(wind, demand, 3600.0, plant, market, objective, by_product)
    if expected is None or 0.0 < plant.tank_capacity < 1.0:  # below what HiGHS resolves
        return
    found = general_optimum(wind, [demand], 3600.0, [plant], market, objective, by_products=[by_product])
    near = 1e-6 * max(abs(expected), 1000.0)
    assert found.objective == pytest.approx(expected, abs=near)
    assert found.bound >= expected - near


def test_no_electrolyser_runs_below_its_minimum_load_beyond_a_hump():
    plant = ReducedPlant(
        electrolyser_capacity=60e6,
        electrolyser_production=PEM_10MW,
        electrolyser_minimum_load=0.05,
        tank_capacity=40e3,
        tank_initial=2000.0,
    )
    market = energy_market(np.zeros(3), plant)
    objective = Objective(penalty=6.0, end_value=6.0)
    wind, demand = np.full(3, 1e6), np.zeros(3)
    general = general_optimum(wind, [demand], 3600.0, [plant], market, objective)
    assert general.objective == pytest.approx(12_000.0, abs=1e-6)
    assert general.bound == pytest.approx(12_000.0, abs=1e-6)
    assert not general.electrolyser.any()
    found = optimum(wind, demand, 3600.0, plant, market, objective)
    assert found.value == found.bound == pytest.approx(12_000.0, abs=1e-9)


def test_a_plant_without_a_tank_serves_its_demand_from_production():
    plant = ReducedPlant(electrolyser_capacity=10e6, electrolyser_production=LoadTable.constant(1.0 / (50 * 3.6e6)))
    for minimum in (0.0, 0.1):  # convex, and not
        found = optimum(
            np.full(5, 10e6),
            np.full(5, 100.0 / 3600.0),
            3600.0,
            replace(plant, electrolyser_minimum_load=minimum),
            energy_market(np.full(5, 50.0 / MWH), plant),
            Objective(penalty=10.0),
        )
        assert found.value == pytest.approx(1250.0, abs=1e-9)
        assert found.gap <= 1e-12


@pytest.mark.parametrize("tank", [1e-3, 1e-6, 1e-9])
def test_a_tiny_tank_costs_no_more_time_and_is_as_good_as_none(tank):
    plant = ReducedPlant(
        electrolyser_capacity=10e6,
        electrolyser_production=PEM_10MW,
        electrolyser_minimum_load=0.1,
        electrolyser_start_energy=1e9,
        tank_capacity=tank,
        fuel_cell_capacity=1e6,
        fuel_cell_minimum_load=0.1,
    )
    rng = np.random.default_rng(2)
    wind, demand = 20e6 * rng.random(8760), 200.0 / 3600.0 * rng.random(8760)
    market = energy_market(50.0 / MWH * rng.random(8760), plant)
    found = optimum(wind, demand, 3600.0, plant, market, Objective(penalty=10.0))
    none = optimum(wind, demand, 3600.0, replace(plant, tank_capacity=0.0), market, Objective(penalty=10.0))
    assert none.gap <= 1e-9
    near = 1e-9 * abs(none.value)
    assert none.value - near <= found.value <= none.value + 8760 * 10.0 * tank + near
    assert found.gap <= 1e-6


def real_year(steps, start=0.0):
    """Return series and plant of the published part-load curve on measured wind and prices."""
    data = np.load(ORACLES / "hydrogen_dispatch_series.npz")
    plant = ReducedPlant(
        electrolyser_capacity=60e6,
        electrolyser_production=PEM_10MW,
        electrolyser_minimum_load=0.05,
        electrolyser_start_energy=start,
        tank_capacity=40e3,
        export_limit=90e6,
    )
    wind, demand = 100e6 * data["wind_cf"][:steps], np.full(steps, 500.0 / 3600.0)
    return wind, demand, 3600.0, plant, energy_market(data["price"][:steps] / MWH, plant), Objective(penalty=50.0)


@pytest.mark.parametrize("start", [0.0, 1.728e9])
@pytest.mark.parametrize("steps", [744, 8760])
def test_humps_on_real_data_are_within_two_hundred_thousandths_of_a_proven_bound(steps, start):
    found = optimum(*real_year(steps, start))
    assert found.method == "discrete"
    assert found.gap <= 2e-5


def test_a_day_of_real_data_has_the_optimum_of_the_program():
    wind, demand, step, plant, market, objective = real_year(24)
    found = optimum(wind, demand, step, plant, market, objective)
    program = general_optimum(wind, [demand], step, [plant], market, objective)
    assert program.bound == pytest.approx(found.value, rel=1e-8)
    assert found.gap <= 1e-8


@pytest.mark.parametrize("minimum", [0.0, 0.1])
def test_no_optimum_burns_hydrogen_to_make_it_again_at_once(minimum):
    plant = ReducedPlant(
        electrolyser_capacity=10e6,
        electrolyser_minimum_load=minimum,
        fuel_cell_capacity=4e6,
        fuel_cell_minimum_load=minimum,
        tank_capacity=500.0,
        tank_initial=500.0,
        import_limit=20e6,
    )
    market = energy_market(np.full(3, -100.0 / MWH), plant)
    found = optimum(np.zeros(3), np.zeros(3), 3600.0, plant, market, Objective())
    assert not np.any((found.flows[:, 0] > 0.0) & (found.flows[:, 1] > 0.0))
    expected = reference.optimum(np.zeros(3), np.zeros(3), 3600.0, plant, market, Objective())
    assert found.value == pytest.approx(expected, abs=1e-6)
