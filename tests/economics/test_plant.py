"""The money of a plant that ages: parts add up, replacements fall in their years, the break-even price pays for all."""

import numpy as np
import pytest

from testsite_sim.cases.scenario import load_scenario
from testsite_sim.chain import prepare, simulate_scenario
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.economics import simulate_economics
from testsite_sim.economics.period import repeated

MONTH = (
    "weather.start=2023-02-01",
    "weather.end=2023-03-01",
    "economics.scale_to_year=by-repetition",
    "economics.lifetime=25 year",
    "plant.battery=lithium-ion-1mwh",
)


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("waterstof/halle-station", MONTH)


@pytest.fixture(scope="module")
def results(scenario):
    return dict(simulate_scenario(prepare(scenario)))


def money(scenario, results, **changed):
    plant = results["plant"]
    annual = repeated(plant.sizes["time"], float(plant.attrs["step"]), "by-repetition")
    stated = scenario.economics.model_copy(update=changed)
    return simulate_economics(results["lifetime"], plant, scenario.machines, 1.5e6, stated, annual)


def test_the_cash_flow_is_what_its_parts_add_up_to(scenario, results) -> None:
    found, life = money(scenario, results), results["lifetime"]
    income = sum(found[f"{name}_revenue"] for name in ("electricity", "hydrogen", "oxygen", "heat"))
    income = income + found["hydrogen_stock_value"]
    spent = sum(found[f"{name}_cost"].sum("component") for name in ("capital", "operating", "replacement"))
    spent = spent + found["water_cost"]
    np.testing.assert_allclose(found["cash_flow"], income - spent, rtol=1e-12, atol=1e-6)
    np.testing.assert_allclose(found["cash_flow"], results["economics"]["cash_flow"], rtol=1e-12)
    assert float(found["water_cost"][1]) == pytest.approx(0.004 * float(life["water_consumed"][0]), rel=1e-12)
    assert float(found["heat_revenue"][1]) == pytest.approx(30.0 / 3.6e9 * float(life["heat_sold"][0]), rel=1e-12)


def test_the_break_even_price_is_that_at_which_the_plant_is_worth_nothing(scenario, results) -> None:
    first = money(scenario, results)
    again = money(scenario, results, hydrogen_price=first.attrs["break_even_hydrogen_price"])
    assert abs(again.attrs["net_present_value"]) < 1e-6 * float(first["capital_cost"].sum())


def test_stacks_are_paid_in_the_year_in_which_they_are_worn(scenario, results) -> None:
    found = money(scenario, results)
    paid = found["replacement_cost"].sel(component="electrolysers").to_numpy()
    worn = results["lifetime"]["stacks_replaced"].sum("electrolyser").to_numpy()
    np.testing.assert_array_equal(paid[1:-1] > 0.0, worn[:-1] > 0.0)
    assert worn.sum() > 0.0
    assert paid[0] == paid[-1] == 0.0


def test_turbines_without_a_cost_are_refused(scenario, results) -> None:
    with pytest.raises(ConfigurationError, match="states no cost"):
        money(scenario, results, wind=None)
