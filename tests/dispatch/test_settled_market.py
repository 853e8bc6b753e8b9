"""After a nomination: the best operation earns what the optimum says, and nobody sees a price before it is known."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dispatch.plants import (
    as_stated,
    series,
    simulate_balancing,
    simulate_perfect_foresight,
    simulate_rolling_horizon,
)
from testsite_sim.configuration.imbalance import Imbalance
from testsite_sim.configuration.loading import load_component
from testsite_sim.dispatch import Objective, ReducedPlant, StrategySettings, earned
from testsite_sim.dispatch.settlement import REGIMES, QuarterPrices
from testsite_sim.dispatch.strategies import RULES

HOURS = 48
PLANT = ReducedPlant(
    electrolyser_capacity=8e6,
    tank_capacity=3000.0,
    tank_initial=500.0,
    fuel_cell_capacity=2e6,
    export_limit=25e6,
    import_limit=3e6,
)
LOADED = replace(PLANT, electrolyser_minimum_load=0.1, electrolyser_start_energy=2e8, fuel_cell_minimum_load=0.1)
OBJECTIVE = Objective(penalty=8.0, end_value=8.0)
SUPPORT, FEE = 5.0 / 3.6e9, 12.0 / 3.6e9


def case(seed: int, regime: str, step: int = 3600):
    """Return wind, price, demand, nomination, and prices of deviations in the order that the regime gives them."""
    generator = np.random.default_rng(seed)
    parts, count = step // 900, HOURS * 3600 // step
    wind = 30e6 * np.clip(0.5 + generator.normal(0.0, 0.3, count), 0.0, 1.0)
    price = (60.0 + generator.normal(0.0, 40.0, count)) / 3.6e9
    marginal = generator.normal(60.0, 80.0, count * parts)
    alpha = generator.uniform(0.0, 30.0, marginal.size)
    single = regime == "single_2020"
    long_price, short_price = (marginal, marginal) if single else (marginal - alpha, marginal)
    quarters = QuarterPrices(
        regime, parts, generator.normal(0.0, 120.0, marginal.size), long_price, short_price, marginal
    )
    nominated = generator.uniform(-3e6, 28e6, count)
    return *(series(each, step) for each in (wind, price, np.full(count, 40.0 / 3600.0), nominated)), quarters


@settings(deadline=None, max_examples=40)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from(sorted(REGIMES)),
    st.sampled_from([900, 3600]),
    st.sampled_from([PLANT, LOADED]),
)
def test_the_optimum_after_a_nomination_is_what_its_dispatch_is_settled_for(
    seed: int, regime: str, step: int, plant: ReducedPlant
) -> None:
    wind, price, demand, nominated, quarters = case(seed, regime, step)
    paid = simulate_perfect_foresight(
        wind,
        price,
        demand,
        as_stated(plant),
        OBJECTIVE,
        nomination=nominated,
        quarters=quarters,
        support=SUPPORT,
        purchase_fee=FEE,
    )
    assert earned(paid, OBJECTIVE) == pytest.approx(paid.attrs["value"], rel=1e-9, abs=1e-3)
    assert earned(paid, OBJECTIVE) <= paid.attrs["bound"] + 1e-9 * abs(paid.attrs["bound"]) + 1e-3
    assert paid.attrs["cash_balance_residual"] <= 1e-9
    assert paid.attrs["energy_balance_residual"] <= 1e-9
    assert paid.attrs["hydrogen_balance_residual"] <= 1e-9


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 2**32 - 1), st.sampled_from(sorted(REGIMES)))
def test_no_strategy_earns_more_after_the_same_nomination(seed: int, regime: str) -> None:
    wind, price, demand, nominated, quarters = case(seed, regime)
    paid = {"nomination": nominated, "quarters": quarters, "support": SUPPORT, "purchase_fee": FEE}
    bound = simulate_perfect_foresight(wind, price, demand, PLANT, OBJECTIVE, **paid).attrs["bound"]
    tried = [simulate_balancing(wind, price, demand, PLANT, strategy=name, **paid) for name in RULES]
    tried.append(simulate_rolling_horizon(wind, price, demand, PLANT, OBJECTIVE, imbalance=lasting(0.5), **paid))
    for result in tried:
        assert earned(result, OBJECTIVE) <= bound + 1e-6 * abs(bound)


def lasting(persistence: float) -> Imbalance:
    """Return an imbalance whose prices last so much from quarter-hour to quarter-hour."""
    stated = load_component("imbalance", "single-2020", Imbalance)
    return stated.model_copy(update={"persistence": persistence})


@pytest.mark.parametrize("parts", [1, 4])
def test_the_price_that_is_known_is_that_of_the_quarter_hour_that_has_ended(parts: int) -> None:
    prices = np.arange(4.0 * parts)
    quarters = QuarterPrices("single_2020", parts, np.zeros(4 * parts), prices, prices, prices)
    known = quarters.known(np.full(4, 50.0 / 3.6e9)) * 3.6e9
    np.testing.assert_allclose(known, [50.0, *(parts * np.arange(1.0, 4.0) - 1.0)])


@pytest.mark.parametrize("name", ["imbalance", "rolling-horizon"])
def test_a_later_imbalance_price_does_not_change_what_was_done_before(name: str) -> None:
    wind, price, demand, nominated, quarters = case(7, "single_2020", 900)

    def run(prices: np.ndarray) -> xr.Dataset:
        known = QuarterPrices("single_2020", 1, quarters.system, prices, prices, prices)
        paid = {"nomination": nominated, "quarters": known}
        if name == "rolling-horizon":
            return simulate_rolling_horizon(wind, price, demand, PLANT, OBJECTIVE, imbalance=lasting(0.7), **paid)
        thresholds = {"produce_below": 40.0 / 3.6e9, "generate_above": 90.0 / 3.6e9}
        return simulate_balancing(
            wind, price, demand, PLANT, strategy=name, settings=StrategySettings(**thresholds), **paid
        )

    changed = quarters.long_price.copy()
    changed[100:] = 500.0 - changed[100:]
    one, two = run(quarters.long_price), run(changed)
    for key in ("power_electrolysers", "power_fuel_cells", "hydrogen_stored"):
        np.testing.assert_array_equal(one[key][:101], two[key][:101])
    assert not np.array_equal(one["power_electrolysers"][101:], two["power_electrolysers"][101:])
