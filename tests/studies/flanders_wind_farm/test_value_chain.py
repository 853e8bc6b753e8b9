"""Segments supply each other, and what they win at home brings more."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testsite_sim.studies.flanders_wind_farm.model.value_chain import (
    Graph,
    home_share,
    jobs_by_buyer,
    shares_elsewhere,
    whole_shares,
)

# Three segments: parts -> turbines -> wind farms, parts -> service.
ORDER = (1, 2, 0)


def edges(part: float, other: float, odds: float, members: int = 1) -> Graph:
    sold = np.zeros((members, 2, 3, 3))
    sold[:, :, 0, 1], sold[:, :, 0, 2] = part, other
    return Graph(sold, np.full(members, odds), ORDER)


@settings(deadline=None, max_examples=200)
@given(
    shares=st.lists(st.floats(0.01, 0.95), min_size=3, max_size=3),
    part=st.floats(0.0, 0.7),
    other=st.floats(0.0, 0.3),
    odds=st.floats(1.0, 20.0),
)
def test_the_share_of_all_work_is_the_one_that_is_known(
    shares: list[float], part: float, other: float, odds: float
) -> None:
    graph = edges(part, other, odds)
    known = np.array([shares])
    elsewhere = shares_elsewhere(graph, known)
    assert ((elsewhere > 0.0) & (elsewhere <= known[:, None] * (1.0 + 1e-12))).all()
    found = whole_shares(graph, elsewhere[:, None, :, None, :])[:, 0, :, 0, :]
    np.testing.assert_allclose(found, np.broadcast_to(known[:, None], found.shape), rtol=1e-12)


@settings(deadline=None, max_examples=100)
@given(share=st.floats(0.001, 0.999), odds=st.floats(1.0, 50.0))
def test_a_preference_for_home_multiplies_the_odds(share: float, odds: float) -> None:
    at_home = float(home_share(np.array(share), np.array(odds)))
    assert at_home / (1.0 - at_home) == pytest.approx(odds * share / (1.0 - share), rel=1e-9)


def test_work_by_buyer_adds_up_to_all_of_it() -> None:
    graph = edges(0.5, 0.2, 4.0)
    known = np.array([[0.2, 0.3, 0.1]])
    elsewhere = shares_elsewhere(graph, known)
    whole = np.broadcast_to(known[:, None], (1, 2, 3))
    jobs = np.array([[[100.0, 300.0, 50.0], [10.0, 0.0, 80.0]]])
    found = jobs_by_buyer(graph, elsewhere, whole, jobs)
    np.testing.assert_allclose(found.sum(axis=3), whole * jobs, rtol=1e-12)
    assert (found >= 0.0).all()
    assert found[0, 0, 0, 0] == 0.0
    # Of the parts that turbines buy, those of the region hold more than of the parts that others buy.
    bought = found[0, 0, 0, 1] / (0.5 * 100.0)
    assert bought > elsewhere[0, 0, 0]


def test_orders_of_a_buyer_bring_orders_to_its_suppliers() -> None:
    graph = edges(0.5, 0.0, 4.0)
    elsewhere = shares_elsewhere(graph, np.array([[0.2, 0.3, 0.1]]))[:, None, :, None, :]
    more = elsewhere.copy()
    more[..., 1] = 0.6
    gained = whole_shares(graph, more) - whole_shares(graph, elsewhere)
    assert (gained[..., 0] > 0.02).all()
    assert (gained[..., 2] == 0.0).all()
    alone = edges(0.5, 0.0, 1.0)
    np.testing.assert_array_equal(whole_shares(alone, more)[..., 0], elsewhere[..., 0])
