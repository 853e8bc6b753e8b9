"""What reserves keep of several stores: offers are refused only where full orders could not be answered."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.plant.kept import Margins, Order, Usable, kept_for

PARTS = 64  # of a second: every time and mass below is a whole number of such pieces


def usable(first, capacity, draw, fill, of_store, through) -> Usable:
    """Return banks that begin with a content, drawn and filled in their order."""
    first, capacity = np.asarray(first, float), np.asarray(capacity, float)
    order = np.arange(first.size)
    labels = [f"half {b + 1}" for b in order]
    rates = (np.asarray(draw, float), np.asarray(fill, float))
    return Usable(first, 0.0 * first, capacity, *rates, order, order, np.asarray(of_store), np.asarray(through), labels)


def margins(up: list[Order], down: list[Order]) -> Margins:
    """Return what orders need [kg], each a flow [kg/s] for a time [s]."""
    content, room = (sum(flow * time for flow, time in orders) for orders in (up, down))
    return Margins(content=content, room=room, drawn=tuple(up), filled=tuple(down), step=1.0 / PARTS)


def answered(orders: list[Order], mass, rate, of_store, through) -> bool:
    """Walk full orders through banks in small pieces of time."""
    left = np.array(mass, float)
    for piece in range(PARTS * int(max((time for _, time in orders), default=0.0))):
        asked = sum(flow for flow, time in orders if time * PARTS > piece) / PARTS
        compressors = np.array(through) / PARTS
        for b, k in enumerate(of_store):
            moved = min(asked, rate[b] / PARTS, left[b], compressors[k])
            left[b], asked, compressors[k] = left[b] - moved, asked - moved, compressors[k] - moved
        if asked > 1e-9:
            return False
    return True


def test_two_halves_that_are_half_full_keep_what_the_store_does_by_hand() -> None:
    """Full stores would keep all of it in one of the halves, which begin with less."""
    halves = usable([5.0, 5.0], [10.0, 10.0], [2.0, 2.0], [2.0, 2.0], [0, 1], [1e30, 1e30])
    content, room = kept_for(margins([(2.0, 4.0)], [(1.0, 6.0)]), halves)
    np.testing.assert_allclose(content.mass, [5.0, 3.0], rtol=1e-12)
    np.testing.assert_allclose(content.rate, [2.0, 2.0], rtol=1e-12)
    np.testing.assert_allclose(room.mass, [5.0, 1.0], rtol=1e-12)
    with pytest.raises(ConfigurationError, match="half 2 begins with 5 kg; orders need it within 10 and 10 kg"):
        kept_for(margins([(2.0, 5.5)], []), halves)


BANKS = st.lists(
    st.tuples(
        st.sampled_from([4.0, 8.0, 16.0]),
        st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]),
        st.sampled_from([0.0, 1.0, 2.0, 8.0]),
        st.sampled_from([0.0, 1.0, 2.0, 8.0]),
        st.booleans(),
        st.sampled_from([1.0, 2.0, 1e30]),
    ),
    min_size=2,
    max_size=4,
)
ORDERS = st.lists(st.tuples(st.sampled_from([0.5, 1.0, 2.0]), st.sampled_from([1.0, 2.0, 4.0])), max_size=2)


@settings(max_examples=150, deadline=None)
@given(BANKS, ORDERS, ORDERS)
def test_offers_are_refused_exactly_where_the_stores_as_they_begin_do_not_answer_full_orders(banks, up, down) -> None:
    """Aims at stores without a rate, empty or full, and at compressors that banks share."""
    capacity, level, draw, fill, again, through = (list(column) for column in zip(*banks, strict=True))
    of_store = np.cumsum([0, *(not same for same in again[1:])])
    first = np.multiply(capacity, level)
    limits = [through[int(np.flatnonzero(of_store == k)[0])] for k in range(of_store[-1] + 1)]
    possible = answered(up, first, draw, of_store, np.full(len(limits), 1e30))
    possible = possible and answered(down, capacity - first, fill, of_store, limits)
    try:
        content, room = kept_for(margins(up, down), usable(first, capacity, draw, fill, of_store, limits))
    except ConfigurationError:
        assert not possible
        return
    assert possible
    assert np.all(content.mass <= first + 1e-9 * np.array(capacity))
    assert np.all(first <= capacity - room.mass + 1e-9 * np.array(capacity))
