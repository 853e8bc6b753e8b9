"""Several stores: each within its own limits, filled and emptied in their order, and together the store."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from testsite_kernels.plant.machines import Reserve

import testsite_sim as ts
from tests.plant.halle import by_product, halle, run, traded
from tests.plant.random_plants import DEMAND, electrolysers, fuel_cells, tank
from tests.plant.test_step import GRIDS, MWH, closes, placed
from testsite_sim.chain import prepare
from testsite_sim.chain.sizing import scaled, size_plant
from testsite_sim.configuration.grid import Grid
from testsite_sim.configuration.hydrogen import Tank
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.configuration.storage import HydrogenStore
from testsite_sim.configuration.strategy import RollingHorizon, strategy
from testsite_sim.dispatch import Trade, carry_out
from testsite_sim.dispatch.capacity import Offer, Reserves, hydrogen_rates, margins_for, reserves
from testsite_sim.dispatch.forecasts import Forecast
from testsite_sim.dispatch.reduced import is_exact, left_out, reduced_plant
from testsite_sim.dispatch.rolling import rolled
from testsite_sim.dispatch.trade import earned
from testsite_sim.plant.compression import specific_electricity
from testsite_sim.plant.kept import Margins, Usable, kept_for
from testsite_sim.plant.stores import capacity_of, initial_content, kernel_stores

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
    assert left_out(halves) == ["what each store will hold, which it takes from the plan before it"]


def vessels(title: str = "vessels") -> HydrogenStore:
    """Return a store of a bank of 200 bar behind a compressor."""
    found = halle().store
    assert isinstance(found, HydrogenStore)
    return found.model_copy(update={"title": title})


def offers_of(product: str, power: float) -> list[Offer]:
    """Return a product that ships as an offer, called by the frequency or by the system's imbalance."""
    called = {"fcr": {"deviation": 0.5, "persistence": 0.5}}.get(product, {"volume": 117.0})
    up, down = product != "afrr-down", product != "afrr-up"
    return [Offer(product, power, up, down, 15 / MWH, 0.0, 100 / MWH, 900.0, **called)]


def with_reserves(whole: Trade, offers: list[Offer]) -> Trade:
    """Return a trade with reserves that a random system orders."""
    reduced = reduced_plant(whole.plant, whole.grid, Margins())
    system = np.random.default_rng(5).normal(0.0, 150.0, whole.around.price.size)
    kept = margins_for(reduced, offers)
    return replace(whole, margins=kept, reserves=reserves(reduced, offers, system, 1, seed=3))


PRODUCTS = {"fcr": ["fcr"], "afrr-up": ["afrr-up"], "afrr-down": ["afrr-down"], "all": ["fcr", "afrr-up", "afrr-down"]}
CONNECTION = Grid.model_validate({"import_limit": "1 MW", "export_limit": "3 MW"})


def test_orders_are_answered_in_the_order_of_the_stores_within_the_rates_that_dispatch_has_left_by_hand() -> None:
    """Aims at each edge: the rate of the first, of which the demand had its part; its minimum; the second alone."""
    first, second = store("a", 10.0, 0.1, 0.8, 0.0, 0.3), store("b", 10.0, 0.0, 0.5, 0.0, 0.2)  # give 3 and 2 kg/h
    asked = {**DEMAND, "rate": "48 kg/day", "hourly_share": [1 / 24] * 24}  # 2 kg/h
    cell = fuel_cells()[0].model_copy(update={"minimum_load": 0.0})
    plant = PlantConfiguration(by_product=by_product(), fuel_cells=(cell,), store=(first, second), demand=asked)
    whole = traded(plant, np.zeros(4), price=np.full(4, 50 / MWH), by_product=0.0, step=HOUR, grid=CONNECTION)
    _, consumption = hydrogen_rates(reduced_plant(plant, CONNECTION, Margins()))
    ordered = np.zeros((4, 2))
    ordered[:, 0] = 2.5 / HOUR / consumption  # 2.5 kg/h
    kept = Reserves(Reserve(0.0, consumption), ordered, 0.0, np.zeros((4, 2)), np.zeros((4, 2)))
    found = carry_out(strategy("none"), replace(whole, reserves=kept)).result
    # The demand takes 2 kg of a, the order the third kilogram that a gives and 1.5 of b; then a holds 1 kg more than
    # it may give.
    contents = [[5.0, 3.5], [2.0, 2.0], [1.0, 0.0], [1.0, 0.0]]
    np.testing.assert_allclose(found["hydrogen_in_each_store"], contents, rtol=1e-12, atol=1e-12)
    given = found["power_activated_up"] * consumption * HOUR
    np.testing.assert_allclose(given, [2.5, 2.5, 1.0, 0.0], rtol=1e-12, atol=1e-12)
    assert found.attrs["hydrogen_balance_residual"] <= 1e-9


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.builds(
            lambda capacity, first, filling, withdrawal: store("x", capacity, 0.1, first, filling, withdrawal),
            st.sampled_from([0.5, 5.0, 60.0]),
            st.sampled_from([0.1, 0.5, 1.0]),
            st.sampled_from([0.0, 0.05, 4.0]),
            st.sampled_from([0.0, 0.05, 4.0]),
        ),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from([None, 0, 1]),
    st.sampled_from(NAMES[:4]),
    st.integers(0, 2**32 - 1),
)
def test_orders_keep_the_limits_of_every_store(stores, banks, name, seed) -> None:
    """Aims at orders that no margin was kept for: stores empty, full, without a rate, one of banks among them."""
    listed: list[Tank | HydrogenStore] = list(stores)
    if banks is not None:
        listed.insert(banks, vessels())
    whole = placed(plant_with(tuple(listed)), seed, 24, 900.0, CONNECTION)
    production, consumption = hydrogen_rates(whole.reduced)
    ordered = np.random.default_rng(seed).choice([0.0, 2e4, 1e5], (24, 2))
    kept = Reserves(Reserve(production, consumption), ordered, 0.0, np.zeros((24, 2)), np.zeros((24, 2)))
    held = replace(whole, margins=Margins(electrolysers=0.5, fuel_cells=0.8), reserves=kept)
    result = carry_out(strategy(name), held).result
    assert result.attrs["energy_balance_residual"] <= 1e-9
    assert result.attrs["hydrogen_balance_residual"] <= 1e-9
    assert float(result["power_imported"].max()) <= 1e6 * (1.0 + 1e-12)
    kernel = kernel_stores(whole.plant, Margins())
    content = result["hydrogen_in_each_store" if len(listed) > 1 else "hydrogen_stored"].to_numpy().reshape(24, -1)
    size = np.bincount(kernel.of_store, kernel.banks.capacity)
    least = np.bincount(kernel.of_store, kernel.banks.minimum)
    first = np.bincount(kernel.of_store, initial_content(whole.plant))
    assert np.all(content >= np.minimum(least, first) - 1e-9 * size)
    assert np.all(content <= size * (1.0 + 1e-9))
    change = np.diff(np.vstack([first, content]), axis=0)
    most = np.minimum(np.bincount(kernel.of_store, kernel.banks.fill_limit), kernel.compressor_capacity)
    assert np.all(change <= most * 900.0 + 1e-9 * size)
    assert np.all(-change <= np.bincount(kernel.of_store, kernel.banks.draw_limit) * 900.0 + 1e-9 * size)
    for k, way in enumerate(("up", "down")):
        assert np.all(result[f"power_activated_{way}"] <= ordered[:, k] * (1.0 + 1e-12))


@pytest.mark.parametrize("product", PRODUCTS)
def test_two_halves_are_one_store_with_every_reserve(product: str) -> None:
    offers = [offer for each in PRODUCTS[product] for offer in offers_of(each, 2e4)]
    whole, half = store("whole", 6.0, 0.1, 0.5, 40.0, 40.0), store("half", 3.0, 0.1, 0.5, 40.0, 40.0)
    delivered = 0.0
    for name in NAMES[:4]:
        one, listed, halves = (
            carry_out(
                strategy(name), with_reserves(placed(plant_with(stores), 1, 96, 900.0, CONNECTION), offers)
            ).result
            for stores in (whole, (whole,), (half, half))
        )
        xr.testing.assert_identical(one.drop_attrs(), listed.drop_attrs())
        for key, values in one.data_vars.items():
            np.testing.assert_allclose(halves[key], values, rtol=1e-12, atol=1e-12 * abs(values).max(), err_msg=key)
        delivered += float((one["power_activated_up"] + one["power_activated_down"]).sum())
    assert delivered > 0.0


SIDES = st.lists(
    st.tuples(st.sampled_from([1.0, 5.0, 50.0]), st.sampled_from([0.0, 0.5, 2.0, 20.0])), min_size=1, max_size=4
)


@settings(max_examples=200)
@given(SIDES, st.lists(st.tuples(st.floats(0.1, 3.0), st.sampled_from([1.0, 2.5, 6.0])), min_size=1, max_size=3))
def test_what_is_kept_answers_full_orders_whatever_dispatch_leaves_of_the_rest(sides, orders) -> None:
    """Walks from what is kept, and from more of it, in fine steps with what is left of the rates."""
    size, rate = np.array([each[0] for each in sides]), np.array([each[1] for each in sides])
    count, order = size.size, np.arange(size.size)
    usable = Usable(0.5 * size, 0.0 * size, size, rate, rate, order, order, order, np.full(count, 1e30), [""] * count)
    content = sum(flow * time for flow, time in orders)
    step = 0.05
    up = Margins(content=content, drawn=tuple(orders), step=step)
    for margins in (up, Margins(room=content, filled=tuple(orders), step=step)):
        try:
            kept = kept_for(margins, usable)[0 if margins.drawn else 1]
        except ts.ConfigurationError:
            continue
        assert kept.mass.sum() == pytest.approx(content, rel=1e-9)
        assert np.all(kept.rate <= rate * (1.0 + 1e-12))
        for more in (0.0, 0.5, 1.0):
            left, now = kept.mass + more * (size - kept.mass), 0.0
            while now < 6.0 - 1e-9:
                asked = sum(flow for flow, time in orders if time > now + 1e-9) * step
                for b in range(count):
                    given = min(asked, kept.rate[b] * step, left[b])
                    left[b], asked = left[b] - given, asked - given
                assert asked <= 1e-9
                now += step


def test_reserves_that_the_stores_cannot_answer_are_refused() -> None:
    slow = {"extends": "pressurised-5t", "capacity": "2.5 t", "withdrawal_per_capacity": "0.1 %/hour"}
    case = "waterstof/balancing-capacity"
    with pytest.raises(ts.ConfigurationError, match=r"want the stores to give 30.* kg/h.* at most 5 kg/h"):
        ts.load(case, {"plant.store": [slow, slow]}).check()
    with pytest.raises(ts.ConfigurationError, match=r"want the stores to give 30.* kg/h.* at most 2.5 kg/h"):
        ts.load(case, {"plant.store": slow}).check()
    ts.load(case, {"plant.store": [slow, "pressurised-5t"]}).check()


@pytest.mark.parametrize("name", NAMES[:4])
def test_a_store_that_takes_nothing_and_has_nothing_changes_nothing_next_to_one_of_banks(name: str) -> None:
    idle, offers = store("idle", 5.0, 0.1, 0.1, 0.0, 0.0), offers_of("fcr", 1e3) + offers_of("afrr-down", 1e3)
    trades = [
        placed(plant_with(stores), 3, 60, 900.0, CONNECTION)
        for stores in (vessels(), (vessels(),), (idle, vessels()), (vessels(), idle))
    ]
    for held in (False, True):
        alone, *others = (carry_out(strategy(name), with_reserves(t, offers) if held else t).result for t in trades)
        assert name == "none" or float(alone["power_compressor"].max()) > 0.0
        xr.testing.assert_identical(alone.drop_attrs(), others[0].drop_attrs())
        for other in others[1:]:
            assert float(other["hydrogen_in_each_store"].sel(store="idle").max()) == 0.5
            for key, values in alone.drop_vars("hydrogen_stored").data_vars.items():
                np.testing.assert_allclose(other[key], values, rtol=1e-12, atol=1e-12 * abs(values).max(), err_msg=key)


def test_each_store_has_its_own_pressures_and_compressor() -> None:
    """The tank is filled first without work, then the vessels at theirs; an order of its own empties them first."""
    mass, cascade = store("tank", 4.0, 0.0, 0.0, 1.0, 1.0), vessels()
    asked = {**DEMAND, "rate": "24 kg/day", "hourly_share": [0.0] * 4 + [0.25] * 4 + [0.0] * 16}
    offered = np.array([3.0] * 4 + [0.0] * 4) / HOUR
    found = {}
    for title, stores in (("tank first", (mass, cascade)), ("vessels first", (cascade, mass))):
        plant = PlantConfiguration(by_product=by_product(), store=stores, demand=asked)
        found[title] = run(plant, np.zeros(8), strategy=strategy("none"), by_product=offered)["plant"]
        each = found[title]["hydrogen_in_each_store"]
        np.testing.assert_allclose(each.sum("store"), found[title]["hydrogen_stored"], rtol=1e-12)
        np.testing.assert_allclose(each.sel(store="vessels"), found[title]["bank_mass"].sum("bank"), rtol=1e-12)
    content = found["tank first"]["hydrogen_in_each_store"]
    begun = initial_content(PlantConfiguration(by_product=by_product(), store=(cascade,), demand=asked))[0]
    np.testing.assert_allclose(content.sel(store="tank")[:4], [3.0, 4.0, 4.0, 4.0], rtol=1e-12)
    np.testing.assert_allclose(content.sel(store="vessels")[:4], begun + np.array([0.0, 2.0, 5.0, 8.0]), rtol=1e-12)
    work = found["tank first"]["power_compressor"].to_numpy()
    assert work[0] == 0.0
    assert np.all(work[1:4] > 0.0)
    pressures = found["tank first"]["bank_pressure"].to_numpy()[:, 0]
    middle = 0.5 * (pressures[1] + pressures[2])
    expected = 3.0 * float(specific_electricity(cascade.compressor, cascade.supply_pressure, middle)) / HOUR
    assert work[2] == pytest.approx(expected, rel=1e-9)
    assert found["tank first"]["bank_store"].to_numpy().tolist() == [2]
    assert found["vessels first"]["bank_store"].to_numpy().tolist() == [1]
    assert float(found["vessels first"]["hydrogen_in_each_store"].sel(store="tank")[0]) == 0.0


def test_stores_of_one_title_have_labels_of_their_own() -> None:
    one = store("tank", 10.0, 0.0, 0.5, 1.0, 1.0)
    plant = PlantConfiguration(
        by_product=by_product(), store=(one, one.model_copy(update={"title": "cavern"}), one), demand=DEMAND
    )
    found = run(plant, np.zeros(4), strategy=strategy("none"))["plant"]
    assert found["store"].to_numpy().tolist() == ["tank (1)", "cavern", "tank (3)"]
    assert found["hydrogen_in_each_store"].sel(store="tank (3)").sizes == {"time": 4}


@pytest.mark.parametrize("seed", [1, 2])
def test_perfect_foresight_of_a_list_states_its_gap_and_is_no_worse_than_plans_made_again(seed: int) -> None:
    stores = (store("a", 20.0, 0.1, 0.5, 0.1, 0.1), store("b", 40.0, 0.0, 0.5, 0.05, 0.3))
    whole = placed(plant_with(stores), seed, 96, HOUR, Grid.model_validate({"import_limit": "500 kW"}))
    found = carry_out(strategy("perfect-foresight"), whole).result
    value, done = found.attrs["value"], earned(found, whole.objective)
    assert found.attrs["plan_gap"] == pytest.approx((value - done) / abs(value), rel=1e-9, abs=1e-12)
    assert abs(found.attrs["plan_gap"]) <= 2e-3
    assert found.attrs["plan_leaves_out"] == "what each store will hold, which it takes from the plan before it"
    again = rolled(RollingHorizon.model_validate({"name": "rolling-horizon"}), whole, Forecast("perfect"))
    assert done >= earned(again.result, whole.objective)


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
    again = case.changed({"plant.store.1.capacity": "20 t"}).scenario.plant
    assert [float(each.capacity) for each in again.stores] == [5000.0, 20_000.0]


def test_a_store_of_a_list_is_sized_by_its_place_and_the_others_stay() -> None:
    days = {"weather.start": "2023-02-01", "weather.end": "2023-02-03", "economics.scale_to_year": "by-repetition"}
    name, trial = "flanders-wind-farm/test-site", {"electrolysers": [6e6], "tanks": [3000.0], "fuel_cell": 1e6}
    cavern = {"extends": "pressurised-5t", "title": "cavern", "capacity": "10 t"}
    found = {}
    for key, stores, number in (
        ("single", "pressurised-5t", None),
        ("alone", ["pressurised-5t"], None),
        ("first", ["pressurised-5t", cavern], 0),
        ("second", ["pressurised-5t", cavern], 1),
        ("next to banks", ["halle-200bar", "pressurised-5t"], None),
    ):
        case = ts.load(name, {**days, "plant.store": stores})
        found[key] = size_plant(prepare(case.scenario), **trial, store=number)
        assert (
            case.size(store=number).store_key
            == {
                "single": "plant.store.capacity",
                "alone": "plant.store.0.capacity",
                "first": "plant.store.0.capacity",
                "second": "plant.store.1.capacity",
                "next to banks": "plant.store.1.capacity",
            }[key]
        )
        size = scaled(case.scenario, 6e6, 3000.0, 1e6, number).machines.stores
        assert [float(each.capacity) for each in size if isinstance(each, Tank)] == {
            "first": [3000.0, 10_000.0],
            "second": [5000.0, 3000.0],
        }.get(key, [3000.0])
    xr.testing.assert_identical(found["single"], found["alone"])
    worth = [float(found[key]["net_present_value"].squeeze()) for key in ("single", "first", "second", "next to banks")]
    assert len(set(worth)) == 4
    both = ts.load(name, {**days, "plant.store": ["pressurised-5t", cavern]})
    with pytest.raises(
        ts.ConfigurationError, match=r"2 stores .* state which is sized: 0 \(plant\.store\.0\.capacity, "
    ):
        _ = both.size().store_key
    with pytest.raises(
        ts.ConfigurationError,
        match=r"found the store 2; expected 0 \(plant\.store\.0\.cascade.* or 1 \(plant\.store\.1\.capacity",
    ):
        _ = ts.load(name, {**days, "plant.store": ["halle-200bar", cavern]}).size(store=2).store_key
    with pytest.raises(ts.ConfigurationError, match="expected the number of a store"):
        both.size(store="1")


def test_a_capacity_in_a_list_is_swept_by_its_key() -> None:
    days = {"weather.start": "2023-02-01", "weather.end": "2023-02-03", "economics.scale_to_year": "by-repetition"}
    swept = {}
    for key, stores in (("plant.store", "pressurised-5t"), ("plant.store.0", ["pressurised-5t"])):
        case = ts.load("waterstof/balancing", {**days, "plant.store": stores})
        found = case.sweep({f"{key}.capacity": ["1 t", "8 t"]}).run()
        swept[key] = {name: value for name, value in found.results["members"].items() if value.dtype.kind == "f"}
    assert len(np.unique(swept["plant.store"]["levelised_cost_of_hydrogen"])) == 2
    for name, values in swept["plant.store"].items():
        np.testing.assert_array_equal(swept["plant.store.0"][name], values, err_msg=str(name))


def test_banks_are_sized_by_their_volumes_behind_the_compressor_that_is_stated() -> None:
    """Aims at a cascade of banks of several pressures, alone and in a list; the sizes found run as they are named."""
    days = {"weather.start": "2023-02-01", "weather.end": "2023-02-03", "economics.scale_to_year": "by-repetition"}
    case = ts.load("flanders-wind-farm/test-site", {**days, "plant.store": "cascade-200bar"})
    before = case.scenario.machines.stores[0]
    full = capacity_of(before)
    doubled = scaled(case.scenario, 6e6, 2.0 * full, 1e6).machines.stores[0]
    assert isinstance(before, HydrogenStore)
    assert isinstance(doubled, HydrogenStore)
    assert capacity_of(doubled) == pytest.approx(2.0 * full, rel=1e-12)
    for one, two in zip(before.cascade.banks, doubled.cascade.banks, strict=True):
        assert two.volume == pytest.approx(2.0 * one.volume, rel=1e-12)
        assert two.maximum_pressure == one.maximum_pressure
    assert doubled.compressor == before.compressor
    search = case.size(electrolyser="6 MW", tank=f"{full} kg, {2.0 * full} kg", fuel_cell="1 MW")
    assert search.store_key.startswith("plant.store.cascade.banks.0.volume")
    found = search.run()
    best = found.summary["best_tank"].value
    assert found.summary["best_fuel_cell"].value == 1.0
    again = case.changed(search.overrides_of(found.summary)).scenario.machines.stores[0]
    assert capacity_of(again) == pytest.approx(best, rel=1e-5)
    pair = ts.load("flanders-wind-farm/test-site", {**days, "plant.store": ["cascade-200bar", "halle-200bar"]})
    with pytest.raises(ts.ConfigurationError, match=r"2 stores of the list are of banks; state which is sized: 0 \("):
        pair.size().check()
    pair.size(store=1).check()
    with pytest.raises(ts.ConfigurationError, match="no fuel cell"):
        ts.load("flanders-wind-farm/test-site", {**days, "plant.fuel_cells": []}).size(
            electrolyser="6 MW", tank="1 t", fuel_cell="1 MW"
        ).run()
