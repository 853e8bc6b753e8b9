"""Stores of banks: balances, orders, limits, against a plain reference."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from tests.plant.plants import hours, store
from tests.reference.hydrogen_banks import simulate_store
from testsite_sim.common.errors import DataError
from testsite_sim.configuration.storage import Bank
from testsite_sim.plant.compression import specific_electricity
from testsite_sim.plant.properties import hydrogen_pressure
from testsite_sim.plant.storage import PARTS, simulate_storage, storage_cost

KG_PER_HOUR = 1.0 / 3600.0
FLOWS = st.lists(st.floats(0.0, 200.0), min_size=2, max_size=24)


def run(supply, demand, **changes):
    return simulate_storage(
        hours(np.array(supply) * KG_PER_HOUR), hours(np.array(demand) * KG_PER_HOUR), store(**changes)
    )


@pytest.mark.parametrize("name", ["cascade-200bar", "buffer-30bar"])
def test_a_store_follows_the_plain_reference(name: str) -> None:
    rng = np.random.default_rng(4)
    supply, demand = 80.0 * rng.random(30) * KG_PER_HOUR, 80.0 * rng.random(30) * KG_PER_HOUR
    supply[:8] *= 3.0
    demand[10:18] *= 4.0
    requested = simulate_store(store(name), supply, demand, 3600.0, PARTS)
    found = simulate_storage(hours(supply), hours(demand), store(name))
    np.testing.assert_allclose(found["hydrogen_taken"], requested[:, 0], rtol=1e-5, atol=1e-8)
    np.testing.assert_allclose(found["hydrogen_delivered"], requested[:, 1], rtol=1e-5, atol=1e-8)
    np.testing.assert_allclose(found["power_compressor"], requested[:, 2], rtol=1e-4, atol=1e-2)
    np.testing.assert_allclose(found["bank_mass"], requested[:, 3:], rtol=1e-5)


@given(FLOWS, FLOWS, st.sampled_from(["cascade-200bar", "buffer-30bar"]))
@settings(max_examples=60, deadline=None)
def test_banks_stay_between_their_limits_and_no_hydrogen_is_lost(supply, demand, name) -> None:
    n = min(len(supply), len(demand))
    result = run(supply[:n], demand[:n], name=name)
    assert result.attrs["hydrogen_balance_residual"] < 1e-9
    assert np.all(result["bank_mass"] <= result["bank_capacity"] * (1 + 1e-12))
    assert np.all(result["bank_mass"] >= result["bank_minimum"] * (1 - 1e-12))
    assert np.all(result["bank_pressure"] <= result["bank_rating"] * (1 + 1e-5))
    np.testing.assert_allclose(result["hydrogen_taken"] + result["hydrogen_rejected"], hours(supply[:n]) * KG_PER_HOUR)
    np.testing.assert_allclose(result["hydrogen_delivered"] + result["hydrogen_unmet"], hours(demand[:n]) * KG_PER_HOUR)


@given(FLOWS, st.floats(0.0, 100.0))
@settings(max_examples=40, deadline=None)
def test_more_supply_never_serves_less(supply, more) -> None:
    demand = np.full(len(supply), 90.0)
    less = run(supply, demand)["hydrogen_delivered"].sum()
    assert run(np.array(supply) + more, demand)["hydrogen_delivered"].sum() >= less * (1 - 1e-9)


def test_an_empty_bank_gives_nothing() -> None:
    changes = {f"cascade__banks__{b}__initial_pressure": "20 bar" for b in range(2)}
    result = run([0.0] * 5, [50.0] * 5, **changes)
    assert float(result["hydrogen_delivered"].sum()) == 0.0


def test_banks_stop_at_the_pressure_of_the_receiver() -> None:
    result = run([0.0] * 30, [100.0] * 30, delivery_pressure="60 bar")
    assert float(result["bank_pressure"][-1].min()) == pytest.approx(60e5, rel=1e-6)


def test_a_store_without_demand_and_supply_uses_no_energy() -> None:
    result = run([0.0] * 5, [0.0] * 5)
    assert float(result["power_compressor"].sum()) == 0.0
    assert np.ptp(result["bank_mass"].to_numpy(), axis=0) == pytest.approx(0.0)


def test_banks_fill_and_draw_in_their_order() -> None:
    filled = run([60.0] * 2, [0.0] * 2)
    assert float(filled["bank_mass"][0, 1]) > float(filled["bank_mass"][0, 0])  # the last first
    filled = run([60.0] * 2, [0.0] * 2, cascade__filling_order=[1, 2])
    assert float(filled["bank_mass"][0, 0]) > float(filled["bank_mass"][0, 1])
    drawn = run([0.0] * 2, [50.0] * 2)
    assert float(drawn["bank_mass"][0, 0]) < float(drawn["bank_mass"][0, 1])  # the first first


def test_a_store_without_compressor_fills_to_the_pressure_of_its_supply() -> None:
    result = run([500.0] * 10, [0.0] * 10, name="buffer-30bar", supply_pressure="25 bar")
    assert float(result["bank_pressure"][-1, 0]) == pytest.approx(25e5, rel=1e-6)
    assert float(result["power_compressor"].sum()) == 0.0


def test_filling_takes_the_work_between_first_and_last_pressure() -> None:
    result = run([50.0] * 4, [0.0] * 4)
    masses = (np.arange(400) + 0.5) / 400.0
    first = store()
    initial = float(result["bank_mass"][0, 1]) - 50.0
    density = (initial + 50.0 * masses) / float(first.cascade.banks[1].volume)
    pressure = hydrogen_pressure(density, float(first.cascade.banks[1].temperature))
    exact = 50.0 * specific_electricity(first.compressor, 30e5, pressure).mean()
    assert float(result["power_compressor"][0]) * 3600.0 == pytest.approx(exact, rel=1e-4)


def test_the_cost_of_a_store_is_that_of_its_parts() -> None:
    cost = storage_cost(store())
    assert set(cost) == {"bank_1", "bank_2", "compressor"}
    assert cost["bank_1"][0] == pytest.approx(416.0 * 149.4, rel=1e-3)
    assert cost["bank_1"][1] == pytest.approx(0.01 * cost["bank_1"][0])


def test_negative_demand_and_other_stamps_are_refused() -> None:
    with pytest.raises(DataError, match="demand is negative in 1 interval"):
        run([1.0, 1.0], [1.0, -1.0])
    with pytest.raises(DataError, match="supply is not a number"):
        run([1.0, np.nan], [1.0, 1.0])
    with pytest.raises(DataError, match="stamps of demand differ"):
        simulate_storage(hours([1.0, 1.0]), hours([1.0, 1.0, 1.0]), store())


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("maximum_pressure", "2000 bar", "1 to 1000 bar"),
        ("maximum_pressure", "200", "without a unit"),
        ("maximum_pressure", "200 m", "dimension"),
        ("minimum_pressure", "300 bar", "does not lie below"),
        ("initial_pressure", "250 bar", "above the rating of 200 bar"),
        ("initial_pressure", "10 bar", "below minimum_pressure"),
        ("temperature", "15 K", "230 to 400 K"),
        ("volume", "0 m^3", "out of bounds"),
    ],
)
def test_an_impossible_bank_is_refused(path: str, value: str, said: str) -> None:
    written = store().cascade.banks[0].model_dump(mode="json")
    with pytest.raises(ValueError, match=said):
        Bank.model_validate(written | {path: value})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"delivery_pressure": "300 bar"}, "above the 200 bar that the compressor reaches"),
        ({"supply_pressure": "5 bar"}, "below minimum_suction_pressure"),
        ({"cascade__drawing_order": [1, 1]}, "each of the banks"),
        ({"compressor__isentropic_efficiency": 1.1}, "out of bounds"),
        ({"compressor__isentropic_efficiency": 0}, "above 0"),
        ({"compressor__minimum_suction_pressure": "40 bar"}, "above rated_suction_pressure"),
        ({"compressor__maximum_discharge_pressure": "20 bar"}, "does not lie below"),
    ],
)
def test_an_impossible_store_is_refused(changes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        store(**changes)


def test_half_the_step_changes_a_fortnight_by_little() -> None:
    rng = np.random.default_rng(7)
    supply, demand = 60.0 * rng.random(336) * KG_PER_HOUR, 55.0 * rng.random(336) * KG_PER_HOUR
    whole = simulate_storage(hours(supply), hours(demand), store())
    half = simulate_storage(hours(np.repeat(supply, 2), 1800.0), hours(np.repeat(demand, 2), 1800.0), store())
    for name in ("hydrogen_taken", "hydrogen_delivered", "power_compressor"):
        assert float(half[name].sum()) * 1800.0 == pytest.approx(float(whole[name].sum()) * 3600.0, rel=2e-4), name
