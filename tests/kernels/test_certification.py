import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from testsite_kernels.operations.certification import berth_campaigns, completion_steps
from testsite_kernels.operations.reliability_growth import reliability_growth

from tests.reference import certification as reference


@settings(deadline=None)
@given(
    st.lists(st.integers(-1, 3), min_size=1, max_size=60),
    st.lists(st.integers(0, 3), min_size=4, max_size=4),
    st.integers(0, 20),
)
def test_completion_equals_a_count_from_every_start(bins, required, total):
    found = np.empty(len(bins), np.int32)
    completion_steps(np.array(bins, np.int16), np.array(required, float), float(total), found)
    assert list(found) == reference.completion(bins, required, total)


def test_prototypes_take_the_free_berth_and_wait_when_there_is_none():
    size = 100
    steps = np.arange(size, dtype=np.int32)

    def after(duration):
        return np.where(steps + duration < size, steps + duration, -1).astype(np.int32)

    berth, moments = np.empty((1, 5), np.int32), np.empty((1, 5, 4))
    arrivals = np.array([[0.0, 1.5, 3.0, 60.0, 95.0]])
    berth_campaigns(arrivals, after(2), np.stack([after(10), after(20)]), after(3), np.full(2, np.inf), berth, moments)
    assert list(berth[0]) == [0, 1, 0, 1, -1]
    assert moments[0, 0].tolist() == [0, 2, 12, 15]
    assert moments[0, 1].tolist() == [2, 4, 24, 27]
    assert moments[0, 2].tolist() == [15, 17, 27, 30]
    assert np.isnan(moments[0, 4]).all()


def test_a_berth_without_permit_is_not_used():
    steps = np.arange(100, dtype=np.int32)
    berth, moments = np.empty((1, 3), np.int32), np.empty((1, 3, 4))
    closes = np.array([0.0, 25.0])
    berth_campaigns(np.zeros((1, 3)), steps, np.stack([steps, steps + 10]), steps, closes, berth, moments)
    assert list(berth[0]) == [1, 1, -1]


def test_the_failure_rate_falls_as_the_thinned_poisson_process_says():
    rates, moments = np.array([0.002, 0.0005, 0.0001]), np.linspace(0.0, 4000.0, 9)
    remaining, strikes = np.empty((4000, 9)), np.empty((4000, 9))
    reliability_growth(3, np.arange(4000), rates, 2.0, 0.6, 0.0, moments, remaining, strikes)
    expected = (rates * np.exp(-rates * 2.0 * 0.6 * moments[:, None])).sum(axis=1)
    np.testing.assert_allclose(remaining.mean(axis=0), expected, rtol=0.05)
    # a mode strikes 1 / p times until it is removed, if there is time
    assert strikes[:, -1].mean() == pytest.approx(((1 - np.exp(-rates * 1.2 * 4000.0)) / 0.6).sum(), rel=0.05)
