"""The money of a hydrogen site: parts add up, replacements fall in their years, the break-even price pays for all."""

import numpy as np
import pytest

from tests.plant.sites import halle, run
from testsite_sim.cases.scenario import load_scenario
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.economics.site import simulate_site_economics

WIND = 4e5 * (1.0 + np.sin(np.arange(8760) / 9.0))


@pytest.fixture(scope="module")
def lifetime():
    return run(halle(), WIND, price=3e-8, years=8)["lifetime"]


def economics():
    return load_scenario("waterstof/halle-station").economics


def test_the_cash_flow_is_what_its_parts_add_up_to(lifetime) -> None:
    found = simulate_site_economics(lifetime, halle(), 1.5e6, economics())
    income = sum(found[f"{name}_revenue"] for name in ("electricity", "hydrogen", "oxygen", "heat"))
    income = income + found["hydrogen_stock_value"]
    spent = sum(found[f"{name}_cost"].sum("component") for name in ("capital", "operating", "replacement"))
    spent = spent + found["water_cost"] + found["by_product_cost"]
    np.testing.assert_allclose(found["cash_flow"], income - spent, rtol=1e-12, atol=1e-6)
    assert float(found["water_cost"][1]) == pytest.approx(0.004 * float(lifetime["water_consumed"][0]), rel=1e-12)
    assert float(found["heat_revenue"][1]) == pytest.approx(30.0 / 3.6e9 * float(lifetime["heat_sold"][0]), rel=1e-12)


def test_the_break_even_price_is_that_at_which_the_site_is_worth_nothing(lifetime) -> None:
    first = simulate_site_economics(lifetime, halle(), 1.5e6, economics())
    at_cost = economics().model_copy(update={"hydrogen_price": first.attrs["break_even_hydrogen_price"]})
    again = simulate_site_economics(lifetime, halle(), 1.5e6, at_cost)
    assert abs(again.attrs["net_present_value"]) < 1e-6 * float(first["capital_cost"].sum())


def test_stacks_are_paid_in_the_year_in_which_they_are_worn(lifetime) -> None:
    found = simulate_site_economics(lifetime, halle(), 1.5e6, economics())
    paid = found["replacement_cost"].sel(component="electrolysers").to_numpy()
    worn = lifetime["stacks_replaced"].sum("electrolyser").to_numpy()
    np.testing.assert_array_equal(paid[1:-1] > 0.0, worn[:-1] > 0.0)
    assert paid[0] == paid[-1] == 0.0


def test_turbines_without_a_cost_are_refused(lifetime) -> None:
    with pytest.raises(ConfigurationError, match="states no cost"):
        simulate_site_economics(lifetime, halle(), 1.5e6, economics().model_copy(update={"wind": None}))
