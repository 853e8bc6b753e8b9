import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testsite_sim.operations.censoring import censored_quantile, censored_weights

DURATIONS = st.lists(st.floats(1.0, 1e3), min_size=2, max_size=30).map(np.array)


@settings(max_examples=60, deadline=None)
@given(DURATIONS, st.floats(0.0, 1.0))
def test_without_censoring_percentiles_are_those_of_numpy(duration, share):
    weights = censored_weights(duration, np.empty(0))
    np.testing.assert_allclose(weights, 1.0 / duration.size)
    found = censored_quantile(duration, weights, duration.size, share)
    assert found == pytest.approx(np.quantile(duration, share), rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(DURATIONS, st.lists(st.floats(1.0, 1e3), max_size=20).map(np.array))
def test_weights_are_the_product_limit_of_kaplan_and_meier(duration, cut_off):
    weights = censored_weights(duration, cut_off)
    surviving = 1.0
    for moment in np.unique(duration):
        died = int((duration == moment).sum())
        at_risk = int((duration >= moment).sum() + (cut_off >= moment).sum())
        surviving *= 1.0 - died / at_risk
        assert 1.0 - weights[duration <= moment].sum() == pytest.approx(surviving, abs=1e-9)


def test_a_percentile_among_the_cut_off_is_not_reached():
    duration, cut_off = np.array([100.0, 110.0, 120.0, 130.0]), np.full(6, 140.0)
    weights = censored_weights(duration, cut_off)
    assert weights.sum() == pytest.approx(0.4)
    assert np.isnan(censored_quantile(duration, weights, 10, 0.5))
    assert np.isnan(censored_quantile(duration, weights, 10, 0.9))
    assert censored_quantile(duration, weights, 10, 0.2) == pytest.approx(118.0)
    # the mistake of leaving them out: a median of 115 days where six of ten campaigns take more than 140
    assert np.quantile(duration, 0.5) == pytest.approx(115.0)
