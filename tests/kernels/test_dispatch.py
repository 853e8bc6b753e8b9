import numpy as np
import pytest
from testsite_kernels.dispatch.plant import points_per_watt, table_flow, table_power
from testsite_kernels.dispatch.rules import Rule
from testsite_kernels.dispatch.series import FLOWS, TOTALS, dispatch_series, dispatch_totals

from testsite_sim.dispatch import BalancingPlant, LoadTable
from testsite_sim.dispatch.capacity import nothing_reserved


def plant():
    return BalancingPlant(
        electrolyser_capacity=10e6,
        electrolyser_production=LoadTable([0.05, 0.2, 1.0], np.array([0.8, 1.0, 0.9]) / (50 * 3.6e6)),
        electrolyser_minimum_load=0.05,
        electrolyser_start_energy=1e8,
        tank_capacity=800.0,
        tank_initial=100.0,
        fuel_cell_capacity=1e6,
    )


def inputs(n=500):
    rng = np.random.default_rng(5)
    return 30e6 * rng.random(n), rng.normal(2e-8, 2e-8, n), np.full(n, 12e6), rng.random(n) * 0.02


@pytest.mark.parametrize("number", range(5))
def test_totals_are_the_sums_of_the_series(number):
    wind, price, promised, demand = inputs()
    rule = Rule(number, 1e-8, 4e-8, 1e6, 50.0)
    flows, states = np.empty((wind.size, len(FLOWS))), np.empty(wind.size, np.int8)
    dispatch_series(
        plant().kernel_plant,
        nothing_reserved(plant()),
        rule,
        900.0,
        100.0,
        wind,
        np.where(price < 0, 0.0, 1e30),
        price,
        promised,
        demand,
        flows,
        states,
        np.empty((0, 2)),
    )
    totals = np.empty((2, len(TOTALS)))
    rows = [a[None] for a in (wind, price, price + 1e-9, price, promised, demand)]
    dispatch_totals(plant().kernel_plant, rule, 900.0, 100.0, *rows, totals)
    np.testing.assert_array_equal(totals[0], totals[1])
    by_name = dict(zip(TOTALS, totals[0], strict=True))
    for k, name in enumerate(FLOWS):
        if name != "hydrogen_stored":
            assert by_name[name] == pytest.approx(flows[:, k].sum() * 900.0, rel=1e-12), name
    assert by_name["end_level"] == flows[-1, 5]
    assert by_name["sales"] == pytest.approx((flows[:, 6] * price).sum() * 900.0, rel=1e-12)
    assert by_name["starts"] == np.sum((states == 2) & (np.concatenate([[0], states[:-1]]) != 2))


def test_the_table_is_its_own_inverse():
    table = plant().electrolyser_table
    scale = points_per_watt(table, 10e6)
    for power in np.linspace(0.0, 10e6, 77):
        flow = table_flow(table, scale, power)
        assert flow == pytest.approx(np.interp(power, np.linspace(0, 10e6, 101), table), rel=1e-12)
        assert table_power(table, scale, flow) == pytest.approx(power, rel=1e-12, abs=1e-6)
