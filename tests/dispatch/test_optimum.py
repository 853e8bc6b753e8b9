import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dispatch.plants import plants
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.dispatch import ReducedPlant
from testsite_sim.dispatch.general import HorizonLimits, general_optimum
from testsite_sim.dispatch.highs import SilentHighs
from testsite_sim.dispatch.market import MarketCurve, deviation_market, energy_market
from testsite_sim.dispatch.objective import Objective
from testsite_sim.dispatch.optimum import Search, optimum
from testsite_sim.plant.load_table import LoadTable
from tools.processes import ended_in_time

MWH = 3.6e9


def inputs(seed, steps=72):
    rng = np.random.default_rng(seed)
    wind = 60e6 * rng.beta(0.6, 0.6, steps)
    price = (60 + 40 * np.sin(np.arange(steps) / 4) + rng.normal(0, 30, steps)) / MWH
    return wind, price, 0.04 * rng.random(steps)


def assert_balances(found, wind, demand, step, plant):
    e, f, m, h, delivered, stored, sold, curtailed, bought = found.flows[:, :9].T
    np.testing.assert_allclose(wind + f + bought, e + sold + curtailed, atol=1.0)
    before = np.concatenate([[plant.tank_initial], stored[:-1]])
    np.testing.assert_allclose(stored - before, (m - delivered - h) * step, atol=1e-8 * max(plant.tank_capacity, 1.0))
    assert stored.min() >= plant.tank_minimum - 1e-9
    assert stored.max() <= plant.tank_capacity + 1e-9
    assert np.all(delivered <= demand + 1e-12)


@given(plants(convex=True), st.integers(0, 2**32 - 1), st.sampled_from([900.0, 3600.0]))
@settings(deadline=None, max_examples=25)
def test_a_convex_plant_meets_its_bound_and_equals_the_general_path(plant, seed, step):
    wind, price, demand = inputs(seed, 48)
    market = energy_market(np.abs(price), plant, purchase_fee=10 / MWH)
    objective = Objective(penalty=8.0, end_value=1.0)
    found = optimum(wind, demand, step, plant, market, objective)
    assert found.method == "convex"
    assert found.gap <= 1e-9
    assert_balances(found, wind, demand, step, plant)
    general = general_optimum(wind, [demand], step, [plant], market, objective)
    assert general.objective == pytest.approx(found.value, rel=1e-7, abs=1e-2)


@given(plants(), st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=40)
def test_minimum_loads_and_starts_give_a_feasible_operation_below_the_bound(plant, seed):
    wind, price, demand = inputs(seed)
    market = energy_market(price, plant, purchase_fee=20 / MWH)
    found = optimum(wind, demand, 3600.0, plant, market, Objective(), search=Search(nodes=30))
    assert found.value <= found.bound + 1e-9 * abs(found.bound) + 1e-6
    assert_balances(found, wind, demand, 3600.0, plant)
    e, f = found.flows[found.states == 2, 0], found.flows[:, 1]
    assert np.all(e >= plant.electrolyser_minimum_load * plant.electrolyser_capacity * (1 - 1e-9))
    assert np.all(f[f > 1e-3] >= plant.fuel_cell_minimum_load * plant.fuel_cell_capacity * (1 - 1e-9))


@pytest.mark.parametrize("start_energy", [0.0, 5e9])
def test_the_discrete_path_is_within_two_hundredths_of_a_per_cent_of_the_mixed_integer_optimum(start_energy):
    plant = ReducedPlant(
        electrolyser_capacity=20e6,
        electrolyser_minimum_load=0.2,
        electrolyser_start_energy=start_energy,
        tank_capacity=4000.0,
        tank_initial=2000.0,
        fuel_cell_capacity=4e6,
        export_limit=50e6,
    )
    wind, price, demand = inputs(11, 96)
    market = energy_market(np.abs(price), plant)
    found = optimum(wind, demand, 3600.0, plant, market, Objective(end_minimum=2000.0))
    general = general_optimum(wind, [demand], 3600.0, [plant], market, Objective(end_minimum=2000.0))
    assert found.method == "discrete"
    assert found.value <= general.bound * (1 + 1e-7)
    assert found.value >= general.objective * (1 - 2e-4)
    assert found.bound >= general.objective * (1 - 1e-9)


def test_standby_is_chosen_where_it_is_cheaper_than_a_start():
    plant = ReducedPlant(
        electrolyser_capacity=10e6,
        electrolyser_minimum_load=0.5,
        electrolyser_start_energy=2e11,
        electrolyser_standby_power=1e5,
        tank_capacity=2000.0,
    )
    price = np.where(np.arange(24) == 5, 300.0, 20.0) / MWH
    wind, demand = np.full(24, 80e6), np.full(24, 0.02)
    found = optimum(wind, demand, 3600.0, plant, energy_market(price, plant), Objective(penalty=20.0))
    assert found.states[5] == 1
    assert found.states[6] == 2
    dear = optimum(
        wind,
        demand,
        3600.0,
        replace(plant, electrolyser_standby_power=0.0),
        energy_market(price, plant),
        Objective(penalty=20.0),
    )
    assert dear.value < found.value


def test_being_paid_to_consume_with_curved_machines_is_no_convex_case():
    plant = ReducedPlant(
        electrolyser_capacity=10e6,
        electrolyser_production=LoadTable([0.5, 1.0], [6e-9, 5e-9]),
        tank_capacity=300.0,
        tank_initial=300.0,
        fuel_cell_capacity=10e6,
        fuel_cell_yield=LoadTable([0.5, 1.0], [7e7, 6e7]),
        import_limit=50e6,
    )
    price = np.array([50.0, -400.0, -300.0, 80.0]) / MWH
    found = optimum(np.zeros(4), np.zeros(4), 3600.0, plant, energy_market(price, plant), Objective())
    assert found.method in ("discrete", "general")
    assert "not convex" in found.reason
    assert found.gap <= 1e-6


def test_a_price_that_rises_with_the_export_is_no_convex_case():
    plant = ReducedPlant(electrolyser_capacity=10e6, tank_capacity=500.0, export_limit=30e6)
    edges, prices = np.array([[0.0, 20e6, 30e6]]), np.array([[10.0, 90.0]]) / MWH
    market = MarketCurve(edges, np.repeat(prices, 5, axis=0), np.zeros(1))
    found = optimum(np.full(5, 18e6), np.full(5, 0.01), 3600.0, plant, market, Objective(penalty=1.0))
    assert not market.is_concave().any()
    assert found.method in ("discrete", "general")
    assert found.gap <= 1e-6


def test_several_storages_share_one_connection_and_a_yearly_limit_binds():
    plant = ReducedPlant(electrolyser_capacity=5e6, tank_capacity=1000.0, fuel_cell_capacity=1e6, export_limit=20e6)
    wind, price, demand = inputs(3)
    market = energy_market(np.abs(price), plant)
    alone = general_optimum(wind, [demand], 3600.0, [plant], market, Objective())
    both = general_optimum(wind, [demand, demand], 3600.0, [plant, plant], market, Objective())
    energy = alone.electrolyser.sum() * 3600.0
    capped = general_optimum(
        wind,
        [demand],
        3600.0,
        [plant],
        market,
        Objective(),
        HorizonLimits(electrolyser_energy_maximum=0.5 * energy),
    )
    assert both.electrolyser.shape == (2, wind.size)
    np.testing.assert_allclose(
        wind - both.electrolyser.sum(0) + both.fuel_cell.sum(0) - both.curtailed, both.net_export, atol=10.0
    )
    assert capped.electrolyser.sum() * 3600.0 <= 0.5 * energy * (1 + 1e-6)
    assert capped.objective < alone.objective
    with pytest.raises(ConfigurationError, match="no operation meets"):
        general_optimum(
            wind,
            [demand],
            3600.0,
            [plant],
            market,
            Objective(),
            HorizonLimits(electrolyser_energy_maximum=0.0, delivered_minimum=100.0),
        )


def test_an_end_content_out_of_reach_is_named():
    plant = ReducedPlant(electrolyser_capacity=1e6, tank_capacity=1000.0)
    wind, price, demand = inputs(1, 4)
    with pytest.raises(ConfigurationError, match=r"end content of 900 kg is out of reach"):
        optimum(wind, demand, 3600.0, plant, energy_market(price, plant), Objective(end_minimum=900.0))


def test_the_cash_of_a_settled_deviation_is_nomination_plus_deviation():
    plant = ReducedPlant(export_limit=50e6, import_limit=5e6)
    nomination = np.array([20e6, 20e6, 60e6])
    day_ahead, long, short = (np.full(3, x / MWH) for x in (50.0, 30.0, 80.0))
    market = deviation_market(plant, nomination, day_ahead, long, short)
    cash = market.cash(np.array([25e6, 10e6, 50e6])) * 3600
    np.testing.assert_allclose(cash, [20 * 50 + 5 * 30, 20 * 50 - 10 * 80, 60 * 50 - 10 * 80])
    assert market.is_concave().all()
    np.testing.assert_allclose(market.marginal(np.array([25e6, 10e6, 49e6])), np.array([30.0, 80.0, 80.0]) / MWH)


def test_the_general_path_prints_nothing(capfd):
    """Aimed at the banner of HiGHS, which stands on standard output before an option can be set."""
    plant = ReducedPlant(electrolyser_capacity=10e6, tank_capacity=500.0, export_limit=30e6)
    wind, price, demand = inputs(1, 4)
    general_optimum(wind, [demand], 3600.0, [plant], energy_market(np.abs(price), plant), Objective())
    assert capfd.readouterr() == ("", "")


def test_what_is_found_depends_on_no_clock(monkeypatch):
    plant = ReducedPlant(electrolyser_capacity=20e6, electrolyser_minimum_load=0.2, tank_capacity=4000.0)
    wind, price, demand = inputs(5, 24)
    asked = []
    monkeypatch.setattr(SilentHighs, "setOptionValue", lambda highs, name, value: asked.append(name))
    general_optimum(wind, [demand], 3600.0, [plant], energy_market(np.abs(price), plant), Objective())
    assert "mip_max_nodes" in asked
    assert "time_limit" not in asked


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system makes no copies of processes")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_copy_of_a_process_that_ran_the_general_path_runs_it_as_well():
    """HiGHS waited for threads that the copy does not have, and did not end."""
    plant = ReducedPlant(electrolyser_capacity=20e6, electrolyser_minimum_load=0.2, tank_capacity=4000.0)
    wind, price, demand = inputs(5, 24)

    def objective():
        market = energy_market(np.abs(price), plant)
        return general_optimum(wind, [demand], 3600.0, [plant], market, Objective()).objective

    expected = objective()
    copy = os.fork()
    if copy == 0:
        code = 1
        try:
            code = int(objective() != expected)
        finally:
            os._exit(code)
    assert ended_in_time(copy, 120.0) == 0


OTHERS_BEFORE = """
import os, sys
import highspy
import numpy as np

others = highspy.Highs()
others.addVars(3, np.zeros(3), np.ones(3))
others.run()
copy = os.fork()
if copy == 0:
    from testsite_sim.dispatch.program import Program

    program = Program()
    columns = program.add(3, 0.0, 1.0, 1.0, integer=True)
    program.require(1, [(columns, 1.0)], 0.0, 2.5)
    os._exit(int(program.solve(10)[1] != 2.0))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system makes no copies of processes")
def test_a_copy_of_a_process_in_which_others_ran_highs_solves_as_well():
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", OTHERS_BEFORE]
    assert subprocess.run(command, timeout=120.0, check=False, capture_output=True).returncode == 0
