import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dispatch.plants import as_stated, plants, series, simulate_balancing, stated_strategy, trade
from tests.reference import dispatch as reference
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.dispatch import STRATEGIES, ReducedPlant, StrategySettings, carry_out
from testsite_sim.dispatch.surroundings import surroundings
from testsite_sim.plant.load_table import LoadTable

RULES = ("none", "surplus", "price-threshold", "firm-band", "imbalance")
EUR_PER_MWH = 1 / 3.6e9


def random_inputs(seed, n=150, step=3600):
    rng = np.random.default_rng(seed)
    wind = np.clip(100e6 * rng.beta(0.5, 0.5, n), 0, None)
    price = rng.normal(60, 70, n) * EUR_PER_MWH
    demand = 0.06 * rng.uniform(0, 1, n) * (rng.uniform(0, 1, n) < 0.8)
    return series(wind, step), series(price, step), series(demand, step)


def halle(**changes):
    values = {
        "electrolyser_capacity": 10e6,
        "electrolyser_minimum_load": 0.1,
        "tank_capacity": 1000.0,
        "tank_initial": 500.0,
        "fuel_cell_capacity": 1e6,
    }
    return ReducedPlant(**(values | changes))


@given(plants(), st.sampled_from(RULES), st.integers(0, 2**32 - 1), st.sampled_from([600, 900, 3600]))
@settings(deadline=None, max_examples=150)
def test_energy_and_hydrogen_close_and_every_limit_holds(plant, strategy, seed, step):
    wind, price, demand = random_inputs(seed, step=step)
    plant = as_stated(plant)
    result = simulate_balancing(wind, price, demand, plant, strategy=strategy)
    assert result.attrs["energy_balance_residual"] <= 1e-9
    assert result.attrs["hydrogen_balance_residual"] <= 1e-9
    stored = result.hydrogen_stored.to_numpy()
    assert stored.min() >= plant.tank_minimum
    assert stored.max() <= plant.tank_capacity
    for name, variable in result.data_vars.items():
        if name not in ("price", "revenue", "hydrogen_unmet"):
            assert variable.min() >= 0.0, name
    assert result.hydrogen_unmet.min() >= -1e-15
    assert result.power_imported.max() <= plant.import_limit + 1e-6
    assert result.power_exported.max() <= plant.export_limit + 1e-6
    assert result.power_missing.max() <= 1e-6
    if plant.electrolyser_capacity and (result.electrolyser_state == 3).any():
        load = result.electrolyser_power.where(result.electrolyser_state == 3)
        assert load.min() >= plant.electrolyser_minimum_load * plant.electrolyser_capacity * (1 - 1e-12)
    fuel_cell = result.power_fuel_cells.to_numpy()
    running = fuel_cell[fuel_cell > 0]
    assert np.all(running >= plant.fuel_cell_minimum_load * plant.fuel_cell_capacity * (1 - 1e-12))
    assert np.all(running <= plant.fuel_cell_capacity * (1 + 1e-12))


@given(plants(), st.sampled_from(RULES), st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=60)
def test_the_kernel_equals_the_plain_reference(plant, strategy, seed):
    wind, price, demand = random_inputs(seed, n=80)
    plant = as_stated(plant)
    settings_ = StrategySettings(
        produce_below=20 * EUR_PER_MWH,
        generate_above=100 * EUR_PER_MWH,
        promised_power=40e6,
        band=0.0,
        reserve_level=plant.tank_minimum + 0.1 * (plant.tank_capacity - plant.tank_minimum),
    )
    result = simulate_balancing(wind, price, demand, plant, strategy=strategy, settings=settings_)
    expected = reference.dispatch(
        plant,
        strategy,
        (settings_.produce_below, settings_.generate_above, settings_.band, settings_.reserve_level),
        3600.0,
        wind.to_numpy(),
        price.to_numpy(),
        price.to_numpy(),
        np.full(80, 40e6),
        demand.to_numpy(),
    )
    for k, name in enumerate(reference.FLOWS[:8]):
        scale = {"p": 1e6, "h": 0.01}[name[0]] if name != "hydrogen_stored" else plant.tank_capacity
        np.testing.assert_allclose(result[name].to_numpy() / scale, expected[:, k] / scale, atol=1e-12, err_msg=name)


def test_a_price_below_zero_curtails_what_the_electrolyser_cannot_take():
    wind, price, demand = series([50e6, 50e6]), series([-10 * EUR_PER_MWH] * 2), series([0.0, 0.0])
    result = simulate_balancing(wind, price, demand, halle(), strategy="price-threshold")
    assert result.power_exported.max() == 0.0
    np.testing.assert_allclose(result.power_electrolysers + result.power_curtailed, 50e6)
    assert float(result.revenue.sum()) == 0.0


def test_support_moves_the_price_at_which_curtailment_pays():
    wind, price, demand = series([50e6, 50e6]), series([-10 * EUR_PER_MWH] * 2), series([0.0, 0.0])
    result = simulate_balancing(wind, price, demand, halle(), strategy="none", support=107 * EUR_PER_MWH)
    assert result.power_curtailed.max() == 0.0
    assert float(result.revenue.sum()) == pytest.approx(97 * 100.0)


def test_a_cold_start_draws_its_energy_and_standby_avoids_it():
    wind, demand = series([50e6] * 4), series([0.0] * 4)
    price = series(np.array([10.0, 60.0, 10.0, 10.0]) * EUR_PER_MWH)
    rule = StrategySettings(produce_below=20 * EUR_PER_MWH, generate_above=1.0, reserve_level=0.0)
    cold = simulate_balancing(
        wind,
        price,
        demand,
        halle(tank_capacity=5000.0, electrolyser_start_energy=3.6e9),
        settings=rule,
        strategy="price-threshold",
    )
    np.testing.assert_allclose(cold.power_electrolysers, [11e6, 0.0, 11e6, 10e6], rtol=1e-12)
    hot = simulate_balancing(
        wind,
        price,
        demand,
        halle(tank_capacity=5000.0, electrolyser_start_energy=3.6e9, electrolyser_standby_power=2e5),
        settings=rule,
    )
    assert list(hot.electrolyser_state[:, 0].to_numpy()) == [3, 2, 3, 3]
    assert float(hot.power_electrolysers[2]) == pytest.approx(float(cold.power_electrolysers[3]), rel=0.2)


def test_a_full_tank_leaves_the_electrolyser_on_standby_not_producing_by_rounding():
    plant = halle(
        electrolyser_minimum_load=0.0,
        electrolyser_standby_power=1e5,
        electrolyser_start_energy=3.6e9,
        tank_capacity=0.3,
        tank_initial=0.1,
    )
    wind, price, demand = series([50e6] * 9), series([EUR_PER_MWH] * 9), series([0.0, 1e-5] + [0.0] * 7)
    result = simulate_balancing(wind, price, demand, plant, strategy="price-threshold")
    assert list(result.electrolyser_state[:, 0].to_numpy()) == [3, 3] + [2] * 7


def test_an_unknown_strategy_is_refused_with_the_nearest_name():
    wind, price, demand = random_inputs(1)
    with pytest.raises(ConfigurationError, match="price-threshold"):
        carry_out(stated_strategy("price-treshold"), trade(wind, price, demand, halle()))
    assert "none" in STRATEGIES


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda w, p, d: (w, p[:-1], d), "stamps of price differ.* 149 stamps .* expected 150"),
        (
            lambda w, p, d: (w, series(p.to_numpy(), 900), d),
            "stamps of price differ.* every 900 s; expected .* every 3600 s",
        ),
        (lambda w, p, d: (w, series(p.to_numpy(), start="2024-01-01"), d), "stamps of price differ.* from 2024-01-01"),
        (lambda w, p, d: (w, p.where(p.time != p.time[7]), d), "price is not a number in 1 interval.* 2023-01-01T07"),
        (lambda w, p, d: (w, p, d - 1.0), "demand is negative"),
        (lambda w, p, d: (w.isel(time=[0, 1, 3]), p[:3], d[:3]), "step of wind_power changes"),
        (lambda w, p, d: (w.drop_vars("time"), p, d), "wind_power has dimensions"),
    ],
)
def test_series_that_do_not_fit_are_named(change, message):
    with pytest.raises(DataError, match=message):
        surroundings(*change(*random_inputs(2)))


def test_a_step_other_than_the_expected_one_is_refused():
    with pytest.raises(DataError, match=r"3600 s; the run expects 900 s"):
        surroundings(*random_inputs(3), step=900.0)


def test_a_negative_flow_or_a_support_that_is_no_number_is_refused():
    wind, price, demand = random_inputs(3)
    with pytest.raises(DataError, match=r"by_product is negative in 150 interval"):
        surroundings(wind, price, demand, by_product=-1.0 - demand)
    with pytest.raises(DataError, match=r"photovoltaic_power is negative"):
        surroundings(wind, price, demand, photovoltaic_power=-1.0 - demand)
    with pytest.raises(DataError, match=r"support or purchase_fee is not finite"):
        surroundings(wind, price, demand, support=np.nan)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tank_capacity": -1.0}, "tank_capacity is -1"),
        ({"tank_initial": 2000.0}, "tank_initial 2000"),
        ({"electrolyser_minimum_load": 1.2}, "fraction from 0 to 1"),
        ({"electrolyser_capacity": float("nan")}, "electrolyser_capacity is nan"),
    ],
)
def test_an_impossible_plant_is_refused(changes, message):
    with pytest.raises(ConfigurationError, match=message):
        halle(**changes)


@pytest.mark.parametrize(
    ("load", "value", "message"),
    [
        ([0.0, 1.0], [1.0], "one length"),
        ([0.5, 0.4, 1.0], [1.0, 1.0, 1.0], "must rise"),
        ([0.0, 0.9], [1.0, 1.0], "exactly 1"),
        ([0.0, 1.0], [1.0, -1.0], "above zero"),
    ],
)
def test_a_bad_part_load_table_is_refused(load, value, message):
    with pytest.raises(ConfigurationError, match=message):
        LoadTable(load, value)


def test_a_flow_that_falls_with_power_is_refused():
    with pytest.raises(ConfigurationError, match="flow falls while the power rises"):
        halle(electrolyser_production=LoadTable([0.0, 0.5, 1.0], [2e-8, 2e-8, 0.5e-8]))


def test_a_band_wider_than_the_plant_and_crossed_thresholds_are_refused():
    inputs = random_inputs(4)
    with pytest.raises(ConfigurationError, match="wider than the plant"):
        simulate_balancing(*inputs, halle(), strategy="firm-band", settings=StrategySettings(band=50e6))
    with pytest.raises(ConfigurationError, match="both at once"):
        simulate_balancing(*inputs, halle(), settings=StrategySettings(produce_below=1.0, generate_above=0.0))
