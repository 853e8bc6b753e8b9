import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from testsite_sim.economics import internal_rate_of_return, levelised_cost, present_value, replacements

CASE = json.loads((Path(__file__).parents[1] / "oracles" / "hydrogen_levelised_cost.json").read_text())


def _costs(with_replacement: bool) -> np.ndarray:
    years = CASE["years"]
    costs = np.full(years + 1, CASE["fom_EUR_y"] + CASE["elec_EUR_per_kg"] * CASE["kg_per_y"])
    costs[0] = CASE["capex_EUR"]
    if with_replacement:
        costs[CASE["stack_replacement_years"]] += CASE["stack_replacement_EUR"]
    return costs


def _produced() -> np.ndarray:
    produced = np.full(CASE["years"] + 1, CASE["kg_per_y"])
    produced[0] = 0.0
    return produced


@pytest.mark.parametrize(("with_replacement", "key"), [(True, "LCOH_EUR_per_kg"), (False, "LCOH_without_replacement")])
def test_the_levelised_cost_equals_the_published_closed_form(with_replacement: bool, key: str) -> None:
    found = levelised_cost(_costs(with_replacement), _produced(), CASE["rate"])
    assert found == pytest.approx(CASE[key], rel=1e-12)


def test_value_and_return_equal_the_published_closed_form() -> None:
    cash_flow = 7.0 * _produced() - _costs(True)
    assert present_value(cash_flow, CASE["rate"]) == pytest.approx(CASE["NPV_at_7EUR_kg"], rel=1e-10)
    assert internal_rate_of_return(cash_flow) == pytest.approx(CASE["IRR_at_7EUR_kg"], rel=1e-9)


def test_selling_at_the_levelised_cost_is_worth_nothing() -> None:
    price = levelised_cost(_costs(True), _produced(), 0.05)
    assert price is not None
    assert present_value(price * _produced() - _costs(True), 0.05) == pytest.approx(0.0, abs=1e-5)


def test_without_output_there_is_no_levelised_cost_and_without_gain_no_return() -> None:
    assert levelised_cost([1.0, 1.0], [0.0, 0.0], 0.07) is None
    assert internal_rate_of_return([-1.0, -1.0]) is None


def test_a_life_that_ends_with_a_year_is_replaced_in_that_year_and_never_in_the_last() -> None:
    assert replacements(10.0, 20.0, 6) == [0, 0, 1, 0, 1, 0, 0]
    assert replacements(0.0, 20.0, 3) == [0, 0, 0, 0]


@given(st.floats(0.1, 8760.0), st.floats(100.0, 1e5), st.integers(1, 40))
def test_replacements_count_the_lives_that_have_ended(per_year: float, life: float, years: int) -> None:
    counts = replacements(per_year, life, years)
    assert len(counts) == years + 1
    assert sum(counts) == int((years - 1) * per_year / life * (1.0 + 1e-12))
