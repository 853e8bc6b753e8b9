"""Strategies that look ahead are feasible, and no strategy earns more than perfect foresight."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from testsite_kernels.dispatch.horizon import fill_noise

from tests.dispatch.plants import (
    as_stated,
    complete,
    plants,
    simulate_balancing,
    simulate_perfect_foresight,
    simulate_rolling_horizon,
    stated_strategy,
    trade,
)
from tests.plant.random_plants import whole_plants
from tests.plant.test_step import placed
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.grid import Grid
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.configuration.strategy import strategy
from testsite_sim.dispatch import Forecast, Objective, ReducedPlant, carry_out, earned
from testsite_sim.dispatch.ruling import by_every_rule
from testsite_sim.dispatch.strategies import RULES
from testsite_sim.plant.load_table import LoadTable

TIME = np.datetime64("2023-03-01T00", "ns") + np.arange(24 * 14) * np.timedelta64(1, "h")
PLANT = ReducedPlant(
    electrolyser_capacity=8e6,
    electrolyser_production=LoadTable.constant(1.0 / (52.5 * 3.6e6)),
    tank_capacity=3000.0,
    tank_initial=500.0,
    fuel_cell_capacity=2e6,
    export_limit=25e6,
)
LOADED = replace(
    PLANT,
    electrolyser_minimum_load=0.1,
    electrolyser_start_energy=2e8,
    electrolyser_standby_power=5e4,
    fuel_cell_minimum_load=0.1,
)
OBJECTIVE = Objective(penalty=8.0, end_value=8.0)


def series(values) -> xr.DataArray:
    return xr.DataArray(np.asarray(values, float), coords={"time": TIME[: len(values)]}, dims="time")


def case(seed: int, hours: int = TIME.size) -> tuple[xr.DataArray, xr.DataArray, xr.DataArray]:
    generator = np.random.default_rng(seed)
    wind = 30e6 * np.clip(0.5 + 0.3 * np.sin(np.arange(hours) / 17.0) + generator.normal(0.0, 0.15, hours), 0.0, 1.0)
    price = (60.0 + 40.0 * np.sin(np.arange(hours) * 2.0 * np.pi / 24.0) + generator.normal(0.0, 20.0, hours)) / 3.6e9
    return series(wind), series(price), series(np.full(hours, 60.0 / 3600.0))


def check(result: xr.Dataset, plant: ReducedPlant) -> None:
    assert result.attrs["energy_balance_residual"] <= 1e-9
    assert result.attrs["hydrogen_balance_residual"] <= 1e-9
    assert float(result["hydrogen_stored"].min()) >= plant.tank_minimum - 1e-6
    assert float(result["hydrogen_stored"].max()) <= plant.tank_capacity + 1e-6
    starting = plant.electrolyser_start_energy / 3600.0  # in addition to what the stacks take
    assert float(result["power_electrolysers"].max()) <= (plant.electrolyser_capacity + starting) * (1.0 + 1e-9)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 2**32 - 1), st.sampled_from([PLANT, LOADED]))
def test_no_strategy_exceeds_the_bound_and_all_keep_the_balances(seed: int, plant: ReducedPlant) -> None:
    winds = case(seed)
    best = simulate_perfect_foresight(*winds, plant, OBJECTIVE)
    check(best, plant)
    assert earned(best, OBJECTIVE) == pytest.approx(best.attrs["value"], rel=1e-9)
    assert abs(best.attrs["plan_gap"]) <= 1e-9
    assert best.attrs["value"] <= best.attrs["bound"] * (1.0 + 1e-12)
    for kind in ("perfect", "modelled", "persistence"):
        rolled = simulate_rolling_horizon(*winds, plant, OBJECTIVE, forecast=Forecast(kind), seed=seed % 1000)
        check(rolled, plant)
        assert earned(rolled, OBJECTIVE) <= best.attrs["bound"] * (1.0 + 1e-9)
    for rule in RULES:
        ruled = simulate_balancing(*winds, plant, strategy=rule)
        assert earned(ruled, OBJECTIVE) <= best.attrs["bound"] * (1.0 + 1e-9)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_plant_that_may_run_at_any_load_is_worth_no_less_than_one_with_a_minimum(seed: int) -> None:
    """The fault: planned to stay on at a load of zero, the plant stopped, and paid for the next start."""
    value = {}
    for minimum in (0.0, 1e-6):
        plant = replace(PLANT, electrolyser_minimum_load=minimum, electrolyser_start_energy=2.4e9)
        best = simulate_perfect_foresight(*case(seed, 200), plant, OBJECTIVE)
        assert abs(best.attrs["plan_gap"]) <= 1e-9
        value[minimum] = best.attrs["value"]
    assert value[0.0] >= value[1e-6] * (1.0 - 1e-9)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 2**32 - 1))
def test_perfect_forecasts_over_the_whole_time_give_the_optimum(seed: int) -> None:
    winds = case(seed, 120)
    best = simulate_perfect_foresight(*winds, PLANT, OBJECTIVE)
    rolled = simulate_rolling_horizon(*winds, PLANT, OBJECTIVE, forecast=Forecast("perfect"), horizon=120 * 3600.0)
    assert earned(rolled, OBJECTIVE) == pytest.approx(best.attrs["value"], rel=1e-7)


def test_better_forecasts_earn_more_and_a_rolling_horizon_more_than_a_rule() -> None:
    winds = case(5)
    forecasts = {
        "perfect": Forecast("perfect"),
        "poor": Forecast(price_error=80.0 / 3.6e9, wind_error=0.3),
        "persistence": Forecast("persistence"),
    }
    value = {
        name: earned(simulate_rolling_horizon(*winds, PLANT, OBJECTIVE, forecast=forecast, seed=3), OBJECTIVE)
        for name, forecast in forecasts.items()
    }
    assert value["perfect"] > max(value["poor"], value["persistence"])
    rule = earned(simulate_balancing(*winds, PLANT, strategy="price-threshold"), OBJECTIVE)
    assert min(value.values()) > rule


def test_the_same_seed_gives_the_same_bits_and_another_one_others() -> None:
    winds = case(7, 96)
    one, two = (simulate_rolling_horizon(*winds, PLANT, OBJECTIVE, seed=4) for _ in range(2))
    assert one.identical(two)
    other = simulate_rolling_horizon(*winds, PLANT, OBJECTIVE, seed=5)
    assert not one["power_electrolysers"].equals(other["power_electrolysers"])


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.9])
def test_the_noise_of_forecasts_is_standard_and_correlated_as_stated(correlation: float) -> None:
    noise = np.empty(200_000)
    fill_noise(3, 10, 0, correlation, noise)
    assert noise.std() == pytest.approx(1.0, abs=0.03)
    assert np.corrcoef(noise[1:], noise[:-1])[0, 1] == pytest.approx(correlation, abs=0.01)


def test_wrong_forecasts_and_horizons_are_reported() -> None:
    winds = case(1, 48)
    with pytest.raises(ConfigurationError, match=r"no kind 'persistance'. Nearest: persistence"):
        Forecast("persistance")
    with pytest.raises(ConfigurationError, match="correlation is 1; expected 0 or more, below 1"):
        Forecast(correlation=1.0)
    with pytest.raises(ConfigurationError, match="zero or more, growth above zero"):
        Forecast(wind_error=-0.1)
    with pytest.raises(ConfigurationError, match="shorter than two intervals of 3600 s"):
        simulate_rolling_horizon(*winds, PLANT, OBJECTIVE, horizon=3600.0)
    with pytest.raises(ConfigurationError, match="end content of 9000 kg is out of reach"):
        simulate_perfect_foresight(*winds, PLANT, Objective(end_minimum=9000.0))


@settings(deadline=None, max_examples=20, derandomize=True)
@given(plants(), st.integers(0, 2**32 - 1))
def test_regret_is_never_below_zero(plant: ReducedPlant, seed: int) -> None:
    winds = case(seed, 120)
    plant = as_stated(plant)
    whole = trade(*winds, plant, OBJECTIVE)
    known = [carry_out(stated_strategy(rule), whole) for rule in RULES]
    rolling = strategy("rolling-horizon", seed=seed % 1000)
    known.append(carry_out(rolling, whole))
    best = complete(carry_out(strategy("perfect-foresight"), whole, known=known), plant)
    check(best, plant)
    for each in known:
        assert earned(each.result, OBJECTIVE) <= earned(best, OBJECTIVE) + 1e-6


@settings(deadline=None, max_examples=15)
@given(whole_plants(), st.integers(0, 2**32 - 1))
def test_what_a_rule_earns_is_the_same_without_its_dataset(plant: PlantConfiguration, seed: int) -> None:
    whole = placed(plant, seed, 30, 3600.0, Grid.model_validate({"import_limit": "500 kW", "export_limit": "3 MW"}))
    whole = replace(whole, objective=replace(whole.objective, penalty=7.0, end_value=3.0, by_product_price=0.5))
    for each in by_every_rule(whole):
        alone = each.earned(whole)
        assert "result" not in vars(each)
        assert alone == earned(each.result, whole.objective)
