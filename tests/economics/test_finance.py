import json
from pathlib import Path

import numpy as np
import numpy_financial
import pytest
from hypothesis import given
from hypothesis import strategies as st

from testsite_sim.common.errors import DataError
from testsite_sim.economics import (
    internal_rate_of_return,
    internal_rates_of_return,
    levelised_cost,
    present_value,
    replacements,
)

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


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_an_amount_or_a_rate_that_is_not_a_finite_number_is_refused(wrong: float) -> None:
    with pytest.raises(DataError, match=r"economics: amounts is not finite in 1 of 3 value\(s\), .* at 1"):
        present_value([-1.0, wrong, 2.0], 0.05)
    with pytest.raises(DataError, match="economics: discount_rate is"):
        present_value([-1.0, 2.0], wrong)
    with pytest.raises(DataError, match="economics: amounts is not finite"):
        levelised_cost([1.0, wrong], [0.0, 1.0], 0.05)
    with pytest.raises(DataError, match="economics: amounts is not finite"):
        levelised_cost([1.0, 1.0], [0.0, wrong], 0.05)
    for function in (internal_rates_of_return, internal_rate_of_return):
        with pytest.raises(DataError, match="economics: cash_flow is not finite"):
            function([-1.0, wrong, 2.0])
    with pytest.raises(DataError, match="economics: operating_time_per_year is"):
        replacements(wrong, 1.0, 20)


@pytest.mark.parametrize("wrong", [[[1.0], [2.0]], [[1.0, 2.0]], 3.0, ["x"], [1j], None])
def test_amounts_that_are_not_one_number_a_year_are_refused(wrong: object) -> None:
    """The fault: a column of amounts was spread over years of its own, and gave a number."""
    for figure in (present_value, internal_rate_of_return):
        with pytest.raises(DataError, match="one number a year"):
            figure(wrong, 0.05)


def test_a_rate_that_discounts_everything_and_a_life_of_nothing_are_refused() -> None:
    with pytest.raises(DataError, match="discount_rate is -1; expected above -1"):
        present_value([-1.0, 2.0], -1.0)
    with pytest.raises(DataError, match="operating_life is 0 s; expected above zero"):
        replacements(1.0, 0.0, 20)


def test_a_life_that_ends_with_a_year_is_replaced_in_that_year_and_never_in_the_last() -> None:
    assert replacements(10.0, 20.0, 6) == [0, 0, 1, 0, 1, 0, 0]
    assert replacements(0.0, 20.0, 3) == [0, 0, 0, 0]


@given(st.floats(0.1, 8760.0), st.floats(100.0, 1e5), st.integers(1, 40))
def test_replacements_count_the_lives_that_have_ended(per_year: float, life: float, years: int) -> None:
    counts = replacements(per_year, life, years)
    assert len(counts) == years + 1
    assert sum(counts) == int((years - 1) * per_year / life * (1.0 + 1e-12))


def test_of_several_rates_of_return_the_one_that_agrees_with_the_value_is_given() -> None:
    cash_flow = [-50.0, -100.0, 600.0, 300.0, -100.0]
    assert internal_rates_of_return(cash_flow) == pytest.approx([-0.768895, 1.854418], abs=1e-6)
    assert internal_rate_of_return(cash_flow, 0.06) == pytest.approx(1.854418, abs=1e-6)
    assert present_value(cash_flow, 0.06) == pytest.approx(562.33, abs=0.01)
    # The textbook pump of Lorie and Savage (1955): 25 % and 400 %; at 10 % it is worth less than nothing.
    pump = [-1600.0, 10_000.0, -10_000.0]
    assert internal_rates_of_return(pump) == pytest.approx([0.25, 4.0], abs=1e-12)
    assert internal_rate_of_return(pump, 0.10) is None
    assert internal_rate_of_return(pump, 1.0) == pytest.approx(4.0, abs=1e-12)
    assert internal_rates_of_return([1.0, -3.0, 2.5]) == []  # complex roots only
    assert internal_rate_of_return([0.0, -1.0, 1.1], 0.0) == pytest.approx(0.1, abs=1e-12)


FLOWS = st.lists(st.floats(-1e9, 1e9).map(lambda amount: round(amount, 2)), min_size=2, max_size=40)


@given(FLOWS, st.floats(0.0, 0.3))
def test_every_rate_of_return_is_worth_nothing_and_the_chosen_one_agrees_with_the_value(flow, discount) -> None:
    """Aimed at cash flows whose sign changes several times, where one rate alone says nothing."""
    rates = internal_rates_of_return(flow)
    for rate in (each for each in rates if each > -0.9):  # nearer to -1 the rate itself has too few digits
        terms = np.abs(np.asarray(flow) * (1.0 + rate) ** -np.arange(len(flow)))
        assert abs(present_value(flow, rate)) <= 1e-9 * terms.sum()
    signs = np.sign([amount for amount in flow if amount])
    changes = int(np.sum(signs[1:] != signs[:-1]))
    assert len(rates) <= changes
    chosen = internal_rate_of_return(flow, discount)
    if chosen is not None:
        assert (chosen >= discount) == (present_value(flow, discount) >= 0.0)


@given(st.floats(1.0, 1e9), st.lists(st.integers(0, 10**8), min_size=1, max_size=40))
def test_an_investment_that_pays_back_has_the_rate_that_numpy_financial_finds(cost, income) -> None:
    flow = [-cost, *income]
    if sum(income) < 1e-3 * cost:
        return
    found = internal_rates_of_return(flow)
    assert len(found) == 1
    assert found[0] == internal_rate_of_return(flow) or found[0] < 0.0
    known = float(numpy_financial.irr(flow))
    if np.isfinite(known):
        assert found[0] == pytest.approx(known, rel=1e-6, abs=1e-6)
