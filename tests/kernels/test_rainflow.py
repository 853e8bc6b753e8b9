from collections import Counter

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from testsite_kernels.numerics.rainflow import count_cycles

from tests.reference import rainflow as reference


def counted(series):
    values = np.asarray(series, float)
    cycles = np.empty((values.size + 1, 3))
    return cycles[: count_cycles(values, cycles)]


def test_the_example_of_the_standard_has_its_published_counts():
    """ASTM E1049-85, figure 6: A -2, B 1, C -3, D 5, E -1, F 3, G -4, H 4, I -2."""
    found = Counter()
    for size, _, count in counted([-2, 1, -3, 5, -1, 3, -4, 4, -2]):
        found[size] += count
    assert found == {3: 0.5, 4: 1.5, 6: 0.5, 8: 1.0, 9: 0.5}


@settings(deadline=None, max_examples=150)
@given(st.lists(st.floats(0.0, 1.0) | st.sampled_from([0.0, 0.25, 0.5, 1.0]), max_size=80))
@example([1.0, 0.0, 1.5749111893051137e-96, 1.1721570117365339e-262, 0.0])
def test_the_stream_counts_what_the_standard_counts(series):
    found = sorted(map(tuple, counted(series)))
    expected = sorted(reference.count(series))
    assert len(found) == len(expected)
    assert np.allclose(found, expected, rtol=1e-12, atol=0.0)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=60))
def test_steps_in_between_and_standing_still_change_nothing(series):
    finer = np.interp(np.arange(0, len(series) - 0.75, 0.25), np.arange(len(series)), series)
    assert sorted(map(tuple, counted(finer))) == sorted(map(tuple, counted(series)))
