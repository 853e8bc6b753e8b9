import numpy as np
import pytest
from testsite_kernels.electrolysis.stacks import TALLY
from testsite_kernels.numerics.tables import points_per_watt, table_flow, table_power
from testsite_kernels.plant.machines import RATES

from tests.dispatch.plants import series, trade
from testsite_sim.dispatch import ReducedPlant, execute
from testsite_sim.dispatch.execution import NO_RULE
from testsite_sim.plant.load_table import LoadTable


def plant():
    return ReducedPlant(
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
    return 30e6 * rng.random(n), rng.normal(2e-8, 2e-8, n), rng.random(n) * 0.02


@pytest.mark.parametrize("number", range(5))
def test_totals_are_the_sums_of_the_series(number):
    whole = trade(*(series(each, 900) for each in inputs()), plant(), purchase_fee=1e-9)
    rule = NO_RULE._replace(number=number, produce_below=1e-8, generate_above=4e-8, band=1e6, reserve_level=50.0)
    control = whole.control(rule)
    control.promised[:] = 12e6
    out = execute(whole.plant, whole.grid, whole.around, control).output
    rates, totals = dict(zip(RATES, out.rates.T, strict=True)), dict(zip(RATES, out.totals[0], strict=True))
    for name, values in rates.items():
        assert totals[name] == pytest.approx(values.sum() * 900.0, rel=1e-12), name
    np.testing.assert_array_equal(out.last_levels[0], out.levels[-1])
    price = whole.around.price
    assert totals["sales"] == pytest.approx((rates["power_exported"] * price).sum() * 900.0, rel=1e-12)
    bought = (rates["power_imported"] * (price + 1e-9)).sum() * 900.0
    assert totals["purchases"] == pytest.approx(bought, rel=1e-12)
    states = out.electrolysers[:, 0, 3]
    tally = dict(zip(TALLY, out.curve_tallies[0, 0, 0], strict=True))
    assert tally["starts"] == np.sum((states == 3) & (np.concatenate([[0], states[:-1]]) != 3))
    assert tally["running"] == np.sum(states == 3) * 900.0
    for column, name in ((0, "power_electrolysers"), (1, "hydrogen_produced")):
        assert out.electrolyser_totals[0, 0, column] == pytest.approx(totals[name], rel=1e-12)


def test_the_table_is_its_own_inverse():
    table = plant().electrolyser_table
    scale = points_per_watt(table, 10e6)
    for power in np.linspace(0.0, 10e6, 77):
        flow = table_flow(table, scale, power)
        assert flow == pytest.approx(np.interp(power, np.linspace(0, 10e6, 101), table), rel=1e-12)
        assert table_power(table, scale, flow) == pytest.approx(power, rel=1e-12, abs=1e-6)
