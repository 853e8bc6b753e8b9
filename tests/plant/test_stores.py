"""Several stores by mass: each within its own limits, filled and emptied in their order, and together the store."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

import testsite_sim as ts
from tests.plant.halle import by_product, run
from tests.plant.random_plants import DEMAND, electrolysers, fuel_cells, tank
from tests.plant.test_step import GRIDS, closes, placed
from testsite_sim.configuration.grid import Grid
from testsite_sim.configuration.hydrogen import Tank
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.configuration.strategy import strategy
from testsite_sim.dispatch import carry_out
from testsite_sim.dispatch.reduced import is_exact, left_out, reduced_plant
from testsite_sim.plant.machines import Margins

HOUR = 3600.0


def store(title: str, capacity: float, least: float, first: float, filling: float, withdrawal: float) -> Tank:
    """Return a store by mass [kg] with its levels and its rates [1/h]."""
    values = {"title": title, "capacity": capacity, "minimum_level": least, "initial_level": first}
    rates = {"filling_per_capacity": filling / HOUR, "withdrawal_per_capacity": withdrawal / HOUR}
    return tank().model_copy(update=values | rates)


def test_stores_are_filled_and_emptied_in_their_order_within_their_own_limits_by_hand() -> None:
    """Aims at each edge: rate of filling, full, rate of withdrawal, minimum, empty."""
    first = store("tank", 20.0, 0.1, 0.5, 0.25, 0.5)  # 2 to 20 kg, from 10; takes 5 kg/h, gives 10 kg/h
    second = store("cavern", 100.0, 0.0, 0.2, 0.04, 0.1)  # 0 to 100 kg, from 20; takes 4 kg/h, gives 10 kg/h
    asked = {**DEMAND, "rate": "100 kg/day", "hourly_share": [0.0] * 3 + [0.25] * 4 + [0.0] * 17}
    plant = PlantConfiguration(by_product=by_product(), store=(first, second), demand=asked)
    offered = np.array([10.0] * 3 + [0.0] * 4) / HOUR
    found = run(plant, np.zeros(7), strategy=strategy("none"), by_product=offered)["plant"]
    each = found["hydrogen_in_each_store"]
    assert each["store"].to_numpy().tolist() == ["tank", "cavern"]
    contents = [[15, 24], [20, 28], [20, 32], [10, 22], [2, 12], [2, 2], [2, 0]]
    np.testing.assert_allclose(each, contents, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(found["hydrogen_stored"], np.sum(contents, axis=1), rtol=1e-12)
    np.testing.assert_allclose(found["hydrogen_by_product"] * HOUR, [9, 9, 4, 0, 0, 0, 0], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(found["hydrogen_delivered"] * HOUR, [0, 0, 0, 20, 18, 10, 2], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(found["hydrogen_unmet"] * HOUR, [0, 0, 0, 5, 7, 15, 23], rtol=1e-12, atol=1e-12)


def test_the_order_is_the_one_that_is_stated() -> None:
    one, other = store("a", 10.0, 0.0, 0.5, 1.0, 1.0), store("b", 10.0, 0.0, 0.5, 1.0, 1.0)
    asked = {**DEMAND, "rate": "16 kg/day", "hourly_share": [0.0, 0.0, 0.25, 0.75] + [0.0] * 20}
    for stores in ((one, other), (other, one)):
        plant = PlantConfiguration(by_product=by_product(), store=stores, demand=asked)
        offered = np.array([3.0, 4.0, 0.0, 0.0]) / HOUR
        found = run(plant, np.zeros(4), strategy=strategy("none"), by_product=offered)["plant"]
        contents = [[8.0, 5.0], [10.0, 7.0], [6.0, 7.0], [0.0, 1.0]]
        np.testing.assert_allclose(found["hydrogen_in_each_store"], contents, rtol=1e-12, atol=1e-12)
        assert found["store"].to_numpy().tolist() == [each.title for each in stores]


def plant_with(stores: Tank | tuple[Tank, ...]) -> PlantConfiguration:
    """Return a plant of machines by their curves with stores."""
    return PlantConfiguration(
        electrolysers=electrolysers()[:1], fuel_cells=fuel_cells()[:1], store=stores, demand=DEMAND
    )


STORES = st.lists(
    st.builds(
        lambda capacity, least, more, filling, withdrawal: store(
            "x", capacity, least, least + more * (1.0 - least), filling, withdrawal
        ),
        st.sampled_from([0.5, 5.0, 60.0]),
        st.sampled_from([0.0, 0.3]),
        st.sampled_from([0.0, 0.5, 1.0]),
        st.sampled_from([0.0, 0.05, 4.0]),
        st.sampled_from([0.0, 0.05, 4.0]),
    ),
    min_size=2,
    max_size=4,
)
NAMES = ("none", "surplus", "price-threshold", "self-consumption", "rolling-horizon", "perfect-foresight")


@settings(deadline=None, max_examples=40)
@given(STORES, st.sampled_from(NAMES), GRIDS, st.integers(0, 2**32 - 1))
def test_hydrogen_is_conserved_and_no_store_leaves_its_limits(stores, name, grid, seed) -> None:
    """Aims at stores that are full, empty, or without a rate, next to others that are not."""
    whole = placed(plant_with(tuple(stores)), seed, 24, HOUR, grid)
    result = carry_out(strategy(name), whole).result
    closes(result, whole, held=False)
    content = result["hydrogen_in_each_store"].to_numpy()
    size = np.array([each.capacity for each in stores])
    least = size * [each.minimum_level for each in stores]
    assert np.all(content >= least - 1e-9 * size)
    assert np.all(content <= size * (1.0 + 1e-9))
    before = np.vstack([size * [each.initial_level for each in stores], content[:-1]])
    change = (content - before) / size
    assert np.all(change <= [each.filling_per_capacity * HOUR + 1e-9 for each in stores])
    assert np.all(-change <= [each.withdrawal_per_capacity * HOUR + 1e-9 for each in stores])
    np.testing.assert_allclose(content.sum(axis=1), result["hydrogen_stored"], rtol=1e-12)


def test_a_store_split_in_two_halves_is_the_store() -> None:
    """Aims at stores that are full and empty; an hour is enough for either, so that no rate of a half binds."""
    whole, half = store("whole", 6.0, 0.1, 0.5, 4.0, 4.0), store("half", 3.0, 0.1, 0.5, 4.0, 4.0)
    grid = Grid.model_validate({"import_limit": "1 MW", "export_limit": "3 MW"})
    reached: list[float] = []
    for name in NAMES[:4]:
        one, listed, halves = (
            carry_out(strategy(name), placed(plant_with(stores), 1, 96, HOUR, grid)).result
            for stores in (whole, (whole,), (half, half))
        )
        xr.testing.assert_identical(one.drop_attrs(), listed.drop_attrs())
        for key, values in one.data_vars.items():
            np.testing.assert_allclose(halves[key], values, rtol=1e-12, atol=1e-12 * abs(values).max(), err_msg=key)
        reached += one["hydrogen_stored"].to_numpy().tolist()
    assert (min(reached), max(reached)) == (pytest.approx(0.6), pytest.approx(6.0))


def test_the_reduced_plant_is_their_sum_and_says_what_it_leaves_out() -> None:
    grid = Grid()
    single, halves = (
        plant_with(tank()),
        plant_with((store("a", 20.0, 0.1, 0.5, 1.0, 2.0), store("b", 40.0, 0.2, 0.3, 3.0, 1.0))),
    )
    reduced = reduced_plant(halves, grid, Margins())
    assert (reduced.tank_capacity, reduced.tank_minimum) == (60.0, pytest.approx(10.0))
    assert reduced.tank_initial == pytest.approx(22.0)
    assert reduced.charge_limit * HOUR == pytest.approx(140.0)
    assert reduced.discharge_limit * HOUR == pytest.approx(80.0)
    assert is_exact(single)
    assert is_exact(plant_with((tank(),)))
    assert not is_exact(halves)
    assert left_out(halves) == ["the limits of each store, of which it sees the sums"]


def test_reserves_are_kept_by_one_store() -> None:
    half = {"extends": "pressurised-5t", "capacity": "2.5 t"}
    with pytest.raises(ts.ConfigurationError, match="wants one `store` that answers its orders; found 2"):
        ts.load("waterstof/balancing-capacity", {"plant.store": [half, half]})
    alone = ts.load("waterstof/balancing-capacity", {"plant.store": [half]})
    assert len(alone.scenario.plant.stores) == 1


def test_stores_cost_what_each_of_them_costs() -> None:
    days = {"weather.start": "2023-02-01", "weather.end": "2023-02-03", "economics.scale_to_year": "by-repetition"}
    cavern = {"extends": "pressurised-5t", "title": "cavern", "capacity": "10 t"}
    cavern["cost"] = {"capital": "100 EUR/kg", "operating": "1 %/year"}
    case = ts.load("waterstof/balancing", {**days, "plant.store": ["pressurised-5t", cavern]})
    money = case.run().results["economics"].sel(component="store")
    first = case.scenario.plant.store[0]
    assert float(money["capital_cost"][0]) == pytest.approx(float(first.cost.capital) * 5000.0 + 100.0 * 10_000.0)
    yearly = float(first.cost.operating) * float(first.cost.capital) * 5000.0 + 0.01 * 100.0 * 10_000.0
    np.testing.assert_allclose(money["operating_cost"][1:], yearly, rtol=1e-12)
    with pytest.raises(
        ts.ConfigurationError, match="size: the scenario has no plant with one electrolyser and a store"
    ):
        case.size(electrolyser=["5 MW"], tank=["500 kg"]).run()
    again = case.changed({"plant.store.1.capacity": "20 t"}).scenario.plant
    assert [float(each.capacity) for each in again.stores] == [5000.0, 20_000.0]
