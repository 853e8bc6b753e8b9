"""Plans see by-product, station and own consumption; none is worse than a rule, and each names what it does not see."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import testsite_sim as ts
from tests.dispatch.plants import series, simulate_perfect_foresight, simulate_rolling_horizon
from tests.plant.halle import by_product, fuel_cell, halle
from tests.plant.random_plants import DEMAND, electrolysers, fuel_cells, tank, whole_plants
from tests.plant.test_step import GRIDS, MWH, placed
from tests.reference import balancing_optimum as reference
from testsite_sim.chain.summary import plan_warnings
from testsite_sim.configuration.grid import Grid
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.configuration.strategy import strategy as stated
from testsite_sim.dispatch import Objective, ReducedPlant, Trade, carry_out, earned, is_exact
from testsite_sim.dispatch.execution import execute_rolling
from testsite_sim.dispatch.forecasts import Forecast
from testsite_sim.dispatch.strategies import RULES
from testsite_sim.plant.load_table import LoadTable

FORESIGHT, ROLLING = stated("perfect-foresight"), stated("rolling-horizon", horizon="8 hour")
GRID = Grid.model_validate({"import_limit": "1 MW", "export_limit": "3 MW"})
OBJECTIVE = Objective(penalty=8.0, end_value=5.0, by_product_price=1.0)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(whole_plants(), GRIDS, st.integers(0, 2**32 - 1), st.sampled_from([900.0, 3600.0]))
def test_perfect_foresight_is_never_worse_than_a_rule_or_a_rolling_horizon(plant, grid, seed, step) -> None:
    whole = replace(placed(plant, seed, 30, step, grid), objective=OBJECTIVE)
    best = carry_out(FORESIGHT, whole).result
    value = earned(best, OBJECTIVE)
    near = 1e-9 * max(abs(value), 1.0)
    for name in RULES:
        assert earned(carry_out(stated(name), whole).result, OBJECTIVE) <= value + near, name
    if "plan_gap" in best.attrs:  # else there is nothing that a plan could set
        assert best.attrs["strategy"] == "perfect-foresight"
        gap = (best.attrs["value"] - value) / abs(best.attrs["value"])
        assert best.attrs["plan_gap"] == pytest.approx(gap, rel=1e-9, abs=1e-12)
        assert best.attrs["carried_out"] in {"plan", "rolling-horizon", *RULES}
        assert "plan_leaves_out" in best.attrs or is_exact(plant)
        sure = earned(carry_out(stated("rolling-horizon"), whole, Forecast("perfect")).result, OBJECTIVE)
        assert sure <= value + near  # the fault: a plan made again met what a plan made once did not see
    if "plan_gap" in best.attrs and is_exact(plant):
        assert value <= best.attrs["bound"] + near


def lone(fuel_cells=(), **parts) -> PlantConfiguration:
    """Return a plant on by-product hydrogen."""
    return PlantConfiguration(by_product=by_product(), fuel_cells=fuel_cells, **parts)


def on_by_product(plant: PlantConfiguration, price, offered, objective: Objective) -> Trade:
    """Return a plant that by-product alone feeds, in a market."""
    whole = placed(plant, 1, len(price), 3600.0, GRID)
    around = replace(
        whole.around, wind=np.zeros(len(price)), price=np.asarray(price) / MWH, by_product=np.asarray(offered, float)
    )
    return replace(whole, around=around, objective=objective)


@pytest.mark.parametrize("strategy", [FORESIGHT, ROLLING])
def test_by_product_runs_a_fuel_cell_where_electricity_is_worth_more(strategy) -> None:
    plant = lone((fuel_cells()[0],))
    price = [80.0, 20.0, -30.0, 120.0]
    whole = on_by_product(plant, price, [0.01] * 4, Objective(by_product_price=1.0))
    result = carry_out(strategy, whole).result
    assert list(result["power_fuel_cells"].to_numpy() > 0.0) == [True, False, False, True]
    np.testing.assert_allclose(result["hydrogen_by_product"], result["hydrogen_to_fuel_cells"], rtol=1e-12)


@pytest.mark.parametrize("strategy", [FORESIGHT, ROLLING])
def test_by_product_is_stored_for_the_dear_hour(strategy) -> None:
    empty = tank().model_copy(update={"initial_level": tank().minimum_level})
    plant = lone((fuel_cells()[0],), store=empty)
    price = [30.0, 30.0, 30.0, 400.0, 400.0, 400.0]
    whole = on_by_product(plant, price, [1e-3] * 3 + [0.0] * 3, Objective())
    result = carry_out(strategy, whole).result
    assert float(result["power_fuel_cells"][:3].max()) == 0.0
    assert float(result["power_fuel_cells"][3:].min()) > 0.0


def test_a_plan_of_a_free_by_product_earns_what_it_planned() -> None:
    plant = lone((fuel_cells()[0],), store=tank(), demand=DEMAND)
    price = 80.0 + 60.0 * np.sin(np.arange(48) / 3.0)
    whole = on_by_product(plant, price, 1e-3 * (np.arange(48) % 5), Objective(penalty=10.0))
    best = carry_out(FORESIGHT, whole).result
    assert abs(best.attrs["plan_gap"]) <= 1e-9
    assert best.attrs["gap"] <= 1e-6


@pytest.mark.parametrize("due", [0.5, 3.0, 6.0, 12.0])
def test_a_plan_buys_the_by_product_that_a_program_buys(due: float) -> None:
    """Aimed at the price at which it no longer pays to store it, to serve the demand, or to take any."""
    plant = lone((fuel_cells()[0],), store=tank(), demand=DEMAND)
    objective = Objective(penalty=8.0, end_value=2.0, by_product_price=due)
    price = 80.0 + 60.0 * np.sin(np.arange(12) / 2.0)
    whole = on_by_product(plant, price, 2e-3 * (np.arange(12) % 3), objective)
    around = whole.around
    expected = reference.optimum(
        whole.power, around.demand, around.step, whole.reduced, whole.market, objective, around.by_product
    )
    best = carry_out(FORESIGHT, whole).result
    assert earned(best, objective) == pytest.approx(expected, rel=1e-6, abs=1e-3)
    assert best.attrs["carried_out"] == "plan"
    assert abs(best.attrs["plan_gap"]) <= 1e-9
    bought = float(best["hydrogen_by_product"].sum())
    rule = float(carry_out(stated("none"), whole).result["hydrogen_by_product"].sum())
    if due < 2.0:
        assert bought >= rule * (1.0 - 1e-9)  # all that finds room, and the plan makes room by its fuel cell
    elif due > 8.0:
        assert bought == 0.0 < rule  # dearer than going without
    else:
        assert 0.0 < bought < rule


def test_a_rolling_horizon_leaves_by_product_that_costs_more_than_it_is_worth() -> None:
    plant = lone((fuel_cells()[0],), store=tank(), demand=DEMAND)
    whole = on_by_product(plant, [50.0] * 24, [2e-3] * 24, Objective(penalty=8.0, by_product_price=12.0))
    assert float(carry_out(ROLLING, whole).result["hydrogen_by_product"].sum()) == 0.0


def test_by_product_serves_the_demand_before_the_electrolyser_does() -> None:
    plant = PlantConfiguration(by_product=by_product(), electrolysers=(electrolysers()[1],), demand=DEMAND)
    whole = on_by_product(plant, [50.0] * 4, [1.0] * 4, Objective(penalty=10.0))
    result = carry_out(FORESIGHT, whole).result
    assert float(result["hydrogen_produced"].sum()) == 0.0
    assert float(result["hydrogen_unmet"].sum()) == 0.0


@pytest.mark.parametrize("minimum", [0.0, 0.1])
def test_a_plan_buys_the_own_consumption_of_a_calm(minimum: float) -> None:
    plant = ReducedPlant(
        electrolyser_capacity=5e6,
        electrolyser_minimum_load=minimum,
        tank_capacity=500.0,
        tank_initial=400.0,
        fuel_cell_capacity=1e6,
        fuel_cell_yield=LoadTable.constant(16.65 * 3.6e6),
        import_limit=8e6,
        export_limit=20e6,
    )
    hours = np.arange(48)
    wind, price = series(np.where(hours % 9 < 4, -4e5, 6e6)), series((60.0 + 50.0 * np.sin(hours / 4.0)) / MWH)
    objective = Objective(penalty=8.0, end_value=2.0)
    inputs = (wind, price, series(np.full(48, 1e-3)), plant, objective)
    best = simulate_perfect_foresight(*inputs, purchase_fee=30.0 / MWH)
    assert abs(best.attrs["plan_gap"]) <= 1e-9
    assert best.attrs["gap"] <= 1e-6
    calm_and_dear = (wind < 0.0) & (price > 90.0 / MWH)
    assert float(best["power_imported"].where(calm_and_dear).max()) == 0.0, "the fuel cell serves the turbines"
    rolled = simulate_rolling_horizon(*inputs, purchase_fee=30.0 / MWH)
    assert earned(rolled, objective) <= best.attrs["bound"] * (1.0 + 1e-9)
    assert float(rolled["power_imported"].where(calm_and_dear).max()) == 0.0


@pytest.mark.parametrize("strategy", [FORESIGHT, ROLLING])
def test_a_plan_serves_the_vehicles_of_the_station(strategy) -> None:
    whole = replace(placed(halle().model_copy(update={"battery": None}), 3, 96, 3600.0, GRID), objective=OBJECTIVE)
    result = carry_out(strategy, whole).result
    asked = float(result["hydrogen_requested"].sum())
    assert asked > 0.0
    assert float(result["hydrogen_unserved"].sum()) <= 0.05 * asked
    assert "refuelling station" in result.attrs["plan_leaves_out"]
    rule = carry_out(stated("price-threshold"), whole).result
    assert earned(result, OBJECTIVE) > earned(rule, OBJECTIVE)


def test_what_a_plan_does_not_see_is_named() -> None:
    plant = halle()
    whole = replace(placed(plant, 4, 48, 3600.0, GRID), objective=OBJECTIVE)
    names = carry_out(FORESIGHT, whole).result.attrs["plan_leaves_out"]
    for part in ("stacks", "first machine of a kind", "pressures", "compressor", "refuelling station"):
        assert part in names
    assert ("battery" in names) == (plant.battery is not None)
    alone = lone((fuel_cell(),))
    assert (
        "stacks"
        in carry_out(FORESIGHT, on_by_product(alone, [90.0] * 4, [0.02] * 4, OBJECTIVE)).result.attrs["plan_leaves_out"]
    )


@pytest.mark.parametrize("strategy", [FORESIGHT, ROLLING])
def test_a_plan_that_can_set_nothing_says_so(strategy) -> None:
    whole = replace(placed(PlantConfiguration(battery=halle().battery), 5, 48, 3600.0, GRID), objective=OBJECTIVE)
    found, none = (carry_out(each, whole).result for each in (strategy, stated("none")))
    assert earned(found, OBJECTIVE) == earned(none, OBJECTIVE)
    assert found.attrs["carried_out"] == "none"
    assert "the battery, which follows its rule" in found.attrs["plan_leaves_out"]
    (sentence,) = plan_warnings(found)
    assert f"{strategy.name} finds no electrolyser or fuel cell left to set, and the plan does not see the" in sentence


@pytest.mark.parametrize(("horizon", "runs"), [("48 hour", 1), ("60 hour", 1), ("47 hour", 2)])
def test_a_rolling_horizon_on_true_forecasts_that_is_known_is_not_run_again(
    horizon: str, runs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Aims at both horizons that foresight tries itself: 48 h, and the whole period of 60 h."""
    plant = PlantConfiguration(electrolysers=electrolysers()[:2], store=tank(), fuel_cells=fuel_cells()[:1])
    assert not is_exact(plant)
    whole = replace(placed(plant, 3, 60, 3600.0, GRID), objective=OBJECTIVE)
    ahead: list[int] = []

    def counted(*arguments: Any) -> Any:
        ahead.append(arguments[5].wind_error.size)
        return execute_rolling(*arguments)

    monkeypatch.setattr("testsite_sim.dispatch.rolling.execute_rolling", counted)
    sure = carry_out(stated("rolling-horizon", horizon=horizon), whole, Forecast("perfect"))
    alone = carry_out(FORESIGHT, whole)
    assert ahead == [sure.true_ahead, 48, 60]
    ahead.clear()
    found = carry_out(FORESIGHT, whole, known=[sure])
    assert len(ahead) == runs
    assert earned(found.result, OBJECTIVE) >= earned(alone.result, OBJECTIVE)
    if runs == 1:
        xr.testing.assert_identical(found.result, alone.result)


def test_the_plan_of_a_strategy_on_true_forecasts_is_made_once_in_the_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    ahead: list[int] = []

    def counted(*arguments: Any) -> Any:
        ahead.append(arguments[5].wind_error.size)
        return execute_rolling(*arguments)

    monkeypatch.setattr("testsite_sim.dispatch.rolling.execute_rolling", counted)
    perfect = {"kind": "perfect", "title": "x"}
    two = [{"extends": "pem-10mw", "title": name, "capacity": "5 MW"} for name in ("first", "second")]
    days = {"weather.start": "2023-02-01", "weather.end": "2023-02-03", "economics.scale_to_year": "by-repetition"}
    case = ts.load("waterstof/balancing", {**days, "plant.electrolysers": two})
    for kind, count in ((None, 2), (perfect, 1)):
        ahead.clear()
        strategy = {"name": "rolling-horizon", **({} if kind is None else {"forecast": kind})}
        run = case.changed({"dispatch.strategy": strategy}).run()
        assert ahead == [48] * count
        assert "value_of_forecast_quality" in run.summary
    assert run.summary["value_of_forecast_quality"].value == 0.0
