"""The valley of death of cash flows that are worked out by hand."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from testsite_sim.studies.waterstof.model.valley import first_year, valley_of_death

YEARS = np.arange(2012, 2020)


def test_a_valley_has_the_depth_and_length_of_the_hand_calculation() -> None:
    #         cumulative: 0, -10, -30, -35, -15, 5, -1, 9
    found = valley_of_death(np.array([0.0, -10.0, -20.0, -5.0, 20.0, 20.0, -6.0, 10.0]), YEARS)
    assert float(found.depth) == 35.0
    assert float(found.deepest) == 2015.0
    assert float(found.payback) == 2019.0
    assert float(found.length) == 6.0


def test_a_valley_that_is_not_left_has_no_end() -> None:
    found = valley_of_death(np.array([[-10.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]]), YEARS)
    assert found.depth.tolist() == [10.0]
    assert np.isinf(found.length).all()
    assert np.isinf(found.payback).all()


def test_a_cash_flow_without_loss_has_no_valley() -> None:
    found = valley_of_death(np.full((2, 8), 1.0), YEARS)
    assert found.depth.tolist() == [0.0, 0.0]
    assert found.length.tolist() == [0.0, 0.0]
    assert found.payback.tolist() == [2012.0, 2012.0]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.floats(-1e6, 1e6), min_size=8, max_size=8), st.floats(0.0, 1e6))
def test_support_never_deepens_or_lengthens_a_valley(flow: list[float], support: float) -> None:
    cash = np.array(flow)
    alone, helped = (valley_of_death(each, YEARS) for each in (cash, cash + support))
    assert float(helped.depth) <= float(alone.depth) + 1e-6
    assert float(helped.payback) <= float(alone.payback) or float(alone.length) == 0.0


def test_the_first_year_for_good_is_that_after_the_last_relapse() -> None:
    happens = np.array([False, True, False, True, True, True, True, True])
    assert float(first_year(happens, YEARS)) == 2013.0
    assert float(first_year(happens, YEARS, for_good=True)) == 2015.0
    assert np.isinf(first_year(~happens, YEARS, for_good=True))
