"""Power kept ready for the grid: dispatch leaves it alone, orders move hydrogen, and everything is paid or due."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dispatch.plants import (
    as_stated,
    configured,
    plants,
    series,
    simulate_balancing,
    simulate_perfect_foresight,
    simulate_rolling_horizon,
)
from tests.reference import dispatch as reference
from testsite_sim.cases.scenario import load_scenario
from testsite_sim.chain import prepare
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.dispatch import Objective, ReducedPlant, StrategySettings, earned
from testsite_sim.dispatch.capacity import Offer, margins_for, reserves
from testsite_sim.dispatch.reduced import reduced_plant
from testsite_sim.dispatch.strategies import RULES, SELF_CONSUMPTION, rule_of

MWH = 3.6e9
PLANT = ReducedPlant(
    electrolyser_capacity=8e6,
    electrolyser_minimum_load=0.1,
    tank_capacity=3000.0,
    tank_initial=1200.0,
    fuel_cell_capacity=2e6,
    export_limit=25e6,
    import_limit=3e6,
)
FCR = Offer("fcr", 0.5e6, True, True, 15 / MWH, 0.0, 100 / MWH, 1800.0, deviation=0.3, persistence=0.5)
UP = Offer("afrr-up", 1e6, True, False, 20 / MWH, 20 / MWH, 120 / MWH, 3600.0, volume=117.0)
DOWN = Offer("mfrr-down", 2e6, False, True, 5 / MWH, 40 / MWH, 90 / MWH, 3600.0, begins=117.0, volume=300.0)
OFFERS = (FCR, UP, DOWN)
OBJECTIVE = Objective(penalty=8.0, end_value=8.0)
REDUCED_RULES = [name for name in RULES if name != SELF_CONSUMPTION]  # of the plain loop


def case(seed: int, step: int = 900, count: int = 192):
    generator = np.random.default_rng(seed)
    wind = 20e6 * np.clip(generator.normal(0.4, 0.4, count), 0.0, 1.0)
    price = generator.normal(60.0, 50.0, count) / MWH
    system = generator.normal(0.0, 150.0, count * step // 900)
    inputs = [series(each, step) for each in (wind, price, generator.uniform(0.0, 0.02, count))]
    return inputs, system


def kept(plant: ReducedPlant, system, step: int = 900, offers=OFFERS) -> dict:
    """Return what offers keep out of dispatch, and their orders."""
    whole = as_stated(plant)
    return {"margins": margins_for(whole, offers), "reserves": reserves(whole, offers, system, step // 900, seed=3)}


def run(name: str, inputs, plant: ReducedPlant, held: dict):
    if name == "rolling-horizon":
        return simulate_rolling_horizon(*inputs, plant, OBJECTIVE, horizon=12 * 3600.0, **held)
    if name == "perfect-foresight":
        return simulate_perfect_foresight(*inputs, plant, OBJECTIVE, **held)
    return simulate_balancing(*inputs, plant, strategy=name, **held)


@settings(deadline=None, max_examples=25)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([*RULES, "rolling-horizon", "perfect-foresight"]),
    st.sampled_from([900, 3600]),
)
def test_orders_keep_the_balances_and_what_is_paid_is_what_was_delivered(seed: int, name: str, step: int) -> None:
    inputs, system = case(seed, step)
    found = run(name, inputs, PLANT, kept(PLANT, system, step))
    assert found.attrs["energy_balance_residual"] <= 1e-9
    assert found.attrs["hydrogen_balance_residual"] <= 1e-9
    stored = found["hydrogen_stored"].to_numpy()
    assert PLANT.tank_minimum - 1e-6 <= stored.min() <= stored.max() <= PLANT.tank_capacity + 1e-6
    for way in ("up", "down"):
        given_, requested = found[f"power_activated_{way}"].to_numpy(), found[f"power_ordered_{way}"].to_numpy()
        assert np.all(given_ >= 0.0)
        assert np.all(given_ <= requested * (1.0 + 1e-12))
    power = 15 * 0.5 + 20 * 1.0 + 5 * 2.0  # EUR per hour
    np.testing.assert_allclose(found["revenue_availability"], power * step / 3600.0, rtol=1e-12)
    trade = ((found["power_exported"] - found["power_imported"]) * found["price"]).to_numpy() * step
    capacity = found["revenue_availability"] + found["revenue_activation"] - found["penalty_activation"]
    np.testing.assert_allclose(found["revenue"], trade + capacity, rtol=1e-9, atol=1e-6)


@settings(deadline=None, max_examples=40)
@given(plants(), st.integers(0, 2**32 - 1), st.sampled_from(REDUCED_RULES))
def test_the_kernel_agrees_with_the_plain_loop(plant: ReducedPlant, seed: int, name: str) -> None:
    inputs, system = case(seed, count=96)
    offers = tuple(
        replace(each, power=0.1 * min(plant.electrolyser_capacity, plant.fuel_cell_capacity), endurance=60.0)
        for each in OFFERS
    )
    usable = as_stated(replace(plant, tank_initial=0.5 * (plant.tank_minimum + plant.tank_capacity)))
    held = kept(usable, system, offers=offers)
    left = reduced_plant(*configured(usable), held["margins"])
    wind, price, demand = (each.to_numpy() for each in inputs)
    found = simulate_balancing(*inputs, usable, strategy=name, **held)
    rule, promised = rule_of(name, StrategySettings(), left, wind, price, demand)
    stated = (rule.produce_below, rule.generate_above, rule.band, rule.reserve_level)
    flows, given_ = reference.dispatch(
        left,
        name,
        stated,
        900.0,
        wind,
        price,
        price,
        np.full(wind.size, promised),
        demand,
        reference.Held(
            held["reserves"].ordered,
            held["reserves"].kernel,
            usable.tank_minimum,
            usable.tank_capacity,
            usable.charge_limit,
            usable.discharge_limit,
        ),
    )
    for k, key in enumerate(reference.FLOWS):
        scale = max(float(np.abs(flows[:, k]).max()), 1e-9)
        least = 1e-9 * scale if "hydrogen" in key else 1e-3  # W
        np.testing.assert_allclose(found[key], flows[:, k], rtol=1e-9, atol=least, err_msg=key)
    np.testing.assert_allclose(found["power_activated_up"], given_[:, 0], rtol=1e-9, atol=1e-3)
    np.testing.assert_allclose(found["power_activated_down"], given_[:, 1], rtol=1e-9, atol=1e-3)


def test_with_room_content_and_wind_every_order_is_delivered_and_moves_its_hydrogen() -> None:
    inputs, system = case(1)
    plant = replace(PLANT, tank_capacity=1e6, tank_initial=5e5, export_limit=1e12, import_limit=1e9)
    held = kept(plant, system)
    still = simulate_balancing(*inputs, plant, strategy="none", margins=held["margins"])
    found = simulate_balancing(*inputs, plant, strategy="none", **held)
    rates = held["reserves"].kernel
    assert float(found["power_ordered_up"].sum()) > 0.0
    for way in ("up", "down"):
        np.testing.assert_allclose(found[f"power_activated_{way}"], found[f"power_ordered_{way}"], rtol=1e-12)
    moved = (found["power_activated_down"] * rates.production).sum() - (
        found["power_activated_up"] * rates.consumption
    ).sum()
    change = found["hydrogen_stored"][-1] - still["hydrogen_stored"][-1]
    assert float(change) == pytest.approx(float(moved) * 900.0, rel=1e-9)
    assert float(found["penalty_activation"].sum()) == 0.0


def test_perfect_foresight_of_orders_earns_at_least_what_the_other_strategies_earn() -> None:
    for seed in range(5):
        inputs, system = case(seed)
        held = kept(PLANT, system)
        best = earned(run("perfect-foresight", inputs, PLANT, held), OBJECTIVE)
        for name in (*RULES, "rolling-horizon"):
            assert earned(run(name, inputs, PLANT, held), OBJECTIVE) <= best * (1.0 + 1e-3), (seed, name)


def test_orders_by_the_imbalance_earn_the_price_of_regulation_instead_of_the_day_ahead_price() -> None:
    system = np.array([-117.0, -58.5, 0.0, 0.0, 267.0, 267.0, 0.0, 0.0])
    spread = np.array([100.0, 60.0, 1.0, 1.0, -50.0, -30.0, 1.0, 1.0]) / MWH
    held = reserves(PLANT, [UP, DOWN], system, 4, 0, spread)
    np.testing.assert_allclose(held.ordered, [[0.375e6, 0.0], [0.0, 0.5e6]])
    up, down = (100.0 * 1.0 + 60.0 * 0.5 + 20.0 * 1.5) / 4.0, (50.0 + 30.0 + 2 * 40.0) / 4.0
    np.testing.assert_allclose(held.paid * MWH, [[up * 1e6, 0.0], [0.0, down * 1e6]], atol=1e-3)
    np.testing.assert_allclose(held.due * MWH, [[0.375e6 * 120.0, 0.0], [0.0, 0.5e6 * 90.0]], atol=1e-3)


def test_frequency_and_imbalance_call_as_stated() -> None:
    system = np.array([-58.5, 58.5, 300.0, -1000.0])
    np.testing.assert_allclose(UP.called(system, 0, 0), [[0.5, 0.0], [0.0, 0.0], [0.0, 0.0], [1.0, 0.0]])
    np.testing.assert_allclose(DOWN.called(system, 0, 0), [[0.0, 0.0], [0.0, 0.0], [0.0, 0.61], [0.0, 0.0]])
    calls = FCR.called(np.zeros(200_000), 1, 0)
    assert np.all(calls.min(axis=1) == 0.0)
    net = calls[:, 0] - calls[:, 1]
    assert net.mean() == pytest.approx(0.0, abs=0.005)
    assert net.std() == pytest.approx(0.3, rel=0.02)
    assert np.corrcoef(net[1:], net[:-1])[0, 1] == pytest.approx(0.5, abs=0.02)


def test_what_the_plant_cannot_keep_ready_is_reported() -> None:
    with pytest.raises(ConfigurationError, match=r"2.5 MW offered up exceed the 2 MW of the fuel cells"):
        margins_for(PLANT, [replace(UP, power=2.5e6)])
    with pytest.raises(ConfigurationError, match=r"9 MW offered down exceed the 8 MW of the electrolysers"):
        margins_for(PLANT, [replace(DOWN, power=9e6)])
    with pytest.raises(ConfigurationError, match="kg of room in the store, more than the 3000 kg"):
        margins_for(PLANT, [replace(DOWN, endurance=1e6)])
    with pytest.raises(ConfigurationError, match="the store begins with 0 kg; orders need it within"):
        margins_for(replace(PLANT, tank_initial=0.0), OFFERS)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("plant.fuel_cells.0.response_time=2 minute", "wants full power within 30 s; the fuel_cells take 120 s"),
        (
            "plant.electrolysers.0.response_time=10 minute",
            "wants full power within 30 s; the electrolysers take 600 s",
        ),
        ("plant.fuel_cells.0.response_time=null", "wants `fuel_cells` with their `response_time`"),
        ("market={extends: day-ahead}", "is called with the system's imbalance"),
    ],
)
def test_a_plant_that_is_too_slow_or_an_order_that_nothing_calls_is_reported(setting: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        prepare(load_scenario("waterstof/balancing-capacity", (setting,)))
