"""Plans of several stores next to an own linear programme of all of them; what each store shall hold."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from testsite_kernels.storage.stores import draw_stores, drawable, fill_stores, takeable

from tests.dispatch.plants import configured, mass_tank, series
from tests.reference import several_stores as reference
from testsite_sim.chain.summary import plan_warnings
from testsite_sim.configuration.hydrogen import Tank
from testsite_sim.configuration.strategy import strategy
from testsite_sim.dispatch import Objective, ReducedPlant, Surroundings, Trade, carry_out
from testsite_sim.dispatch.forecasts import Forecast
from testsite_sim.dispatch.foresight import _planned
from testsite_sim.dispatch.general import general_optimum
from testsite_sim.dispatch.highs import SilentHighs
from testsite_sim.dispatch.program import Program
from testsite_sim.dispatch.stores import MOVED
from testsite_sim.dispatch.trade import earned
from testsite_sim.plant.kept import Margins
from testsite_sim.plant.load_table import LoadTable
from testsite_sim.plant.stores import initial_content, kernel_stores

HOUR, MWH = 3600.0, 3.6e9
MADE, USED = 1.0 / (50.0 * 3.6e6), 1.0 / (16.0 * 3.6e6)  # [kg/J]
FORESIGHT, ROLLING = strategy("perfect-foresight"), strategy("rolling-horizon", horizon="24 hour")


def tank(name: str, least: float, size: float, first: float, filling: float, withdrawal: float) -> Tank:
    """Return a store by mass: contents [kg], rates [kg/h]."""
    one = mass_tank(ReducedPlant(tank_capacity=size, tank_minimum=least, tank_initial=first))
    rates = {"filling_per_capacity": filling / HOUR / size, "withdrawal_per_capacity": withdrawal / HOUR / size}
    return one.model_copy(update={"title": name, **rates})


def traded(
    stores: tuple[Tank, ...],
    price,
    demand,
    *,
    wind=0.0,
    machines: tuple[float, float] = (1e6, 0.0),
    objective: Objective = Objective(penalty=10.0),  # noqa: B008 (never changed)
    minimum: float = 0.0,
) -> Trade:
    """Return machines of constant yields [W] at several stores, on hours of prices [EUR/MWh] and demand [kg/h]."""
    plant = ReducedPlant(
        electrolyser_capacity=machines[0],
        electrolyser_production=LoadTable.constant(MADE),
        electrolyser_minimum_load=minimum,
        tank_capacity=1.0,
        fuel_cell_capacity=machines[1],
        fuel_cell_yield=LoadTable.constant(1.0 / USED),
        import_limit=1e6,
        export_limit=3e6,
    )
    parts, grid = configured(plant)
    price, demand = np.asarray(price, float) / MWH, np.asarray(demand, float) / HOUR
    power, nothing = np.broadcast_to(np.asarray(wind, float), price.shape).copy(), np.zeros(price.size)
    around = Surroundings(series(price)["time"], HOUR, power, nothing, nothing, demand, price, nothing, 0.0)
    return Trade(parts.model_copy(update={"store": stores}), grid, around, objective)


def limits_of(each: Tank) -> tuple[float, ...]:
    """Return least, most and first content [kg], most in and out [kg/s] of a store."""
    levels = (each.minimum_level, 1.0, each.initial_level, each.filling_per_capacity, each.withdrawal_per_capacity)
    return tuple(float(level) * float(each.capacity) for level in levels)


def of_program(whole: Trade) -> float:
    """Return what the programme of the reference earns [EUR]."""
    around, plant, objective = whole.around, whole.reduced, whole.objective
    machines = (plant.electrolyser_capacity, MADE, plant.fuel_cell_capacity, USED)
    value, _ = reference.optimum(
        around.wind,
        around.demand,
        around.price,
        around.price,
        around.step,
        machines,
        [limits_of(each) for each in whole.plant.stores],
        (1e6, 3e6),
        (objective.penalty, objective.end_value),
    )
    return value


@st.composite
def trades(draw, minimum: float = 0.0) -> Trade:
    """Draw stores of which one has little of content or rate where another has much; prices above zero."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    stores = []
    for k in range(draw(st.integers(2, 4))):
        size, least = draw(st.sampled_from([3.0, 10.0, 40.0])), draw(st.sampled_from([0.0, 0.2]))
        first = size * (least + (1.0 - least) * draw(st.sampled_from([0.0, 0.5, 1.0])))
        rates = [size * draw(st.sampled_from([0.03, 0.2, 2.0])) for _ in range(2)]
        stores.append(tank(f"s{k}", least * size, size, first, *rates))
    demand = rng.uniform(0.0, 8.0, 48) * (rng.random(48) < draw(st.sampled_from([0.2, 1.0])))
    return traded(
        tuple(stores),
        rng.uniform(5.0, 150.0, 48),
        demand,
        wind=6e5 * rng.random(48) - draw(st.sampled_from([0.0, 5e4])),  # turbines that stand are a load
        machines=(5e5, draw(st.sampled_from([0.0, 1e5]))),
        objective=Objective(penalty=draw(st.sampled_from([8.0, 20.0])), end_value=draw(st.sampled_from([0.0, 3.0]))),
        minimum=minimum,
    )


@settings(deadline=None, max_examples=60, derandomize=True)
@given(trades())
def test_perfect_foresight_is_the_optimum_of_the_programme_of_all_stores_and_nothing_is_better(whole) -> None:
    expected = of_program(whole)
    near = 1e-6 * max(abs(expected), 100.0)
    best = carry_out(FORESIGHT, whole).result
    done = earned(best, whole.objective)
    if not whole.plant.fuel_cells:
        assert done == pytest.approx(expected, abs=near)
        assert abs(best.attrs["plan_gap"]) <= 1e-6
    assert done <= expected + near  # the programme may run a fuel cell next to the electrolyser, which no plant does
    most = 2.0 * whole.reduced.electrolyser_table[-1] * HOUR * 48 + whole.reduced.tank_initial
    assert expected - near <= best.attrs["bound"] <= expected + MOVED * most + near
    assert best.attrs["hydrogen_balance_residual"] <= 1e-9
    assert best.attrs["energy_balance_residual"] <= 1e-9
    for name in ("price-threshold", "rolling-horizon"):
        assert earned(carry_out(strategy(name), whole).result, whole.objective) <= expected + near


def test_a_plan_leaves_the_fast_store_full_for_the_hour_that_wants_it_by_hand() -> None:
    """The fault: a plan on sums empties the fast store first, as it is listed first, and 10 of 11 kg lack.

    The last hour takes all that both stores can give in it, so that one plan alone does without a lack; were it a
    kilogram less, the fast store might hold 9 kg or 10 kg before it, which one being for HiGHS to choose.
    """
    fast, slow = tank("fast", 0.0, 10.0, 10.0, 1.0, 10.0), tank("slow", 0.0, 11.0, 11.0, 1.0, 1.0)
    whole = traded((fast, slow), [50.0] * 11, [1.0] * 10 + [11.0], machines=(1e-3, 0.0))
    on_sums = _planned(whole).result
    assert float(on_sums["hydrogen_unmet"].sum()) * HOUR == pytest.approx(10.0, rel=1e-9)
    best = carry_out(FORESIGHT, whole).result
    assert float(best["hydrogen_unmet"].sum()) * HOUR == pytest.approx(0.0, abs=1e-6)  # what HiGHS resolves
    held = best["hydrogen_in_each_store"].to_numpy()
    np.testing.assert_allclose(held[:10, 0], 10.0, rtol=1e-7)
    np.testing.assert_allclose(held[:10, 1], np.arange(10.0, 0.0, -1.0), atol=1e-6)
    assert best.attrs["carried_out"] == "plan"


@pytest.mark.parametrize("machines", [(0.0, 1e5), (1e5, 0.0), (1e4, 1e5)])
def test_a_load_is_bought_next_to_what_electrolysers_draw(machines) -> None:
    """The fault: no more was bought than electrolysers draw, so that a fuel cell had to serve turbines that stand."""
    stores = (tank("a", 0.0, 10.0, 5.0, 5.0, 5.0), tank("b", 0.0, 10.0, 10.0, 5.0, 5.0))
    objective = Objective(penalty=10.0, end_value=2.0)
    whole = traded(
        stores, [50.0, 300.0, -20.0, 80.0], [0.0, 0.0, 1.0, 1.0], wind=-2e4, machines=machines, objective=objective
    )
    best, expected = carry_out(FORESIGHT, whole).result, of_program(whole)
    assert earned(best, whole.objective) == pytest.approx(expected, abs=1e-4)
    assert expected - 1e-6 <= best.attrs["bound"] <= expected + 1e-3
    one = stores[0].model_copy(update={"capacity": 20.0, "initial_level": 0.75})
    alone = replace(whole, plant=whole.plant.model_copy(update={"store": one}))
    inputs = (alone.power, [alone.around.demand], HOUR, [alone.reduced], alone.market, objective)
    assert general_optimum(*inputs).bound == pytest.approx(carry_out(FORESIGHT, alone).result.attrs["bound"], abs=1e-4)


def test_a_rolling_horizon_does_not_count_on_the_rate_of_a_store_that_is_empty_by_hand() -> None:
    """The fault: by their sum the stores give 20 kg/h, so that nothing was made and 10 kg lacked.

    A rolling horizon makes them in the dear hour, which costs less than the lack; perfect foresight, which sees that
    the fast store may be filled before, in the cheap one.
    """
    slow, fast = tank("slow", 0.0, 40.0, 40.0, 5.0, 5.0), tank("fast", 0.0, 20.0, 0.0, 20.0, 15.0)
    price = [20.0, 200.0, 200.0]
    whole = traded((slow, fast), price, [0.0, 15.0, 0.0], objective=Objective(penalty=30.0, end_value=0.1))
    for name, made in ((ROLLING, [0.0, 10.0, 0.0]), (FORESIGHT, [10.0, 0.0, 0.0])):
        found = carry_out(name, whole, Forecast("perfect") if name is ROLLING else None).result
        assert float(found["hydrogen_unmet"].sum()) == pytest.approx(0.0, abs=1e-9)
        np.testing.assert_allclose(found["hydrogen_produced"] * HOUR, made, rtol=1e-6, atol=1e-6)


def test_a_plan_that_misses_the_end_content_is_not_taken_for_what_it_saves() -> None:
    """The fault: a plan on sums filled stores late by rates that the full one no longer had, and was paid less for."""
    quick, slow = tank("quick", 0.0, 10.0, 0.0, 10.0, 10.0), tank("slow", 0.0, 10.0, 0.0, 1.0, 1.0)
    price = np.linspace(150.0, 50.0, 12)
    whole = traded((quick, slow), price, [0.0] * 12, objective=Objective(penalty=10.0, end_minimum=20.0))
    assert float(_planned(whole).result["hydrogen_stored"][-1]) < 19.0
    best = carry_out(FORESIGHT, whole).result
    assert float(best["hydrogen_stored"][-1]) == pytest.approx(20.0, rel=1e-6)


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.tuples(st.sampled_from([1.0, 4.0]), st.sampled_from([0.0, 0.5, 1.0]), st.sampled_from([0.0, 0.3, 9.0])),
        min_size=2,
        max_size=4,
    ),
    st.integers(0, 2**32 - 1),
    st.sampled_from([0.0, 0.2, 2.0, 50.0]),
)
def test_aims_change_where_hydrogen_goes_and_not_how_much(parts, seed: int, requested: float) -> None:
    """Aims at stores that are full, empty, without a rate, and at aims outside of what a store can hold."""
    stores = tuple(tank(f"s{k}", 0.0, size, level * size, rate, rate) for k, (size, level, rate) in enumerate(parts))
    plant = traded(stores, [1.0], [0.0]).plant
    kernel, first, none = kernel_stores(plant, Margins()), initial_content(plant), np.zeros(0)
    pressure = np.zeros(first.size)
    size = np.array([each[0] for each in parts])
    aims = np.random.default_rng(seed).uniform(-0.5, 1.5, size.size) * size
    rate = np.array([each[2] for each in parts])
    for move, most, sign in (
        (lambda aims, mass: fill_stores(kernel, aims, mass, pressure, requested, HOUR)[0], "in", 1.0),
        (lambda aims, mass: draw_stores(kernel, aims, mass, pressure, requested, HOUR), "out", -1.0),
    ):
        room = takeable(kernel, False, first, HOUR) * HOUR if most == "in" else drawable(kernel, first, pressure, HOUR)
        listed, aimed = first.copy(), first.copy()
        amounts = move(none, listed), move(aims, aimed)
        assert amounts[1] == pytest.approx(min(requested, room), rel=1e-9, abs=1e-9)
        assert amounts[0] == pytest.approx(amounts[1], rel=1e-9, abs=1e-9)
        change = sign * (aimed - first)
        assert change.sum() == pytest.approx(amounts[1], rel=1e-9, abs=1e-9)
        assert np.all(change >= -1e-12)
        assert np.all(change <= rate * (1.0 + 1e-9))
        assert np.all(aimed >= -1e-12)
        assert np.all(aimed <= size * (1.0 + 1e-12))
        # no store is moved beyond its aim while another that could is short of its own
        able = np.clip(sign * (aims - first), 0.0, np.minimum(rate, sign * (np.where(sign > 0, size, 0.0) - first)))
        if np.any(change > able + 1e-9):
            assert np.all(change >= able - 1e-9)


def test_a_plan_with_minimum_loads_states_its_gap_and_is_no_worse_than_one_on_sums() -> None:
    rng = np.random.default_rng(3)
    stores = (tank("a", 0.0, 3.0, 1.5, 6.0, 0.3), tank("b", 0.0, 20.0, 10.0, 0.6, 4.0))
    whole = traded(
        stores,
        rng.uniform(5.0, 150.0, 96),
        rng.uniform(0.0, 8.0, 96),
        wind=6e5 * rng.random(96),
        machines=(5e5, 1e5),
        minimum=0.2,
    )
    best = carry_out(FORESIGHT, whole).result
    done = earned(best, whole.objective)
    assert done >= _planned(whole).earned(whole)
    assert done <= of_program(replace(whole))
    assert "bound" not in best.attrs
    assert best.attrs["plan_gap"] == pytest.approx((best.attrs["value"] - done) / abs(best.attrs["value"]), rel=1e-9)


def test_where_highs_gives_up_the_plan_on_sums_stands_and_is_named(monkeypatch) -> None:
    """The fault: a run was refused for an end content out of reach, and what an unfinished HiGHS held was a bound."""
    fast, slow = tank("fast", 0.0, 10.0, 10.0, 1.0, 10.0), tank("slow", 0.0, 10.0, 10.0, 1.0, 1.0)
    whole = traded((fast, slow), [50.0] * 11, [1.0] * 10 + [10.0], machines=(1e-3, 0.0))
    solve = Program.solve
    monkeypatch.setattr(Program, "solve", lambda self: None)
    found = carry_out(FORESIGHT, whole).result
    assert earned(found, whole.objective) >= _planned(whole).earned(whole)
    assert "bound" not in found.attrs
    assert any("no plan that sees what each store holds" in sentence for sentence in plan_warnings(found))
    monkeypatch.setattr(Program, "solve", lambda self: (*solve(self)[:2], np.inf))
    found = carry_out(FORESIGHT, whole).result
    assert "bound" not in found.attrs
    assert not list(plan_warnings(found))


def test_a_linear_program_that_is_not_solved_to_its_end_has_no_bound_and_is_not_called_infeasible(monkeypatch) -> None:
    def added() -> Program:
        program = Program()
        column = program.add(400, 0.0, 1.0, np.random.default_rng(1).random(400))
        program.require_change(column, [(column, 2.0)], -0.1, 0.1)
        return program

    whole = added()
    _, value, bound = whole.solve()
    assert bound == value
    begun = SilentHighs.__init__

    def few(self) -> None:
        begun(self)
        self.setOptionValue("simplex_iteration_limit", 2)
        self.setOptionValue("presolve", "off")

    monkeypatch.setattr(SilentHighs, "__init__", few, raising=False)
    cut = added()
    solved = cut.solve()
    assert solved is None or solved[2] == np.inf
    assert not cut.is_infeasible
    never = added()
    never.require(1, [(np.arange(400), 1.0)], 500.0, np.inf)
    monkeypatch.undo()
    assert never.solve() is None
    assert never.is_infeasible
