"""Years that a market does not state are filled in so that they add up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.offshore_jobs import OffshoreJobs
from testsite_sim.studies.uncertainty import sampled
from testsite_sim.studies.wind.market import build_out, learned

JOBS = load_component("study-data", "flemish-offshore-jobs", OffshoreJobs)


def test_a_market_that_states_every_year_is_kept() -> None:
    installed, operating = build_out(JOBS, "actual", sampled(JOBS, {}), "markets")
    assert installed.shape == (1, 12)
    assert installed[0, [0, 6, 11]].tolist() == [577e6, 3018.5e6, 2918e6]
    assert operating[0, -1] == 25e9


@settings(deadline=None, max_examples=40)
@given(last=st.floats(3.6e9, 7.5e9))
def test_a_path_meets_its_ends_rises_and_adds_up(last: float) -> None:
    draws = {"markets.forecast-2009.years.1.installed": np.array([last, 6.9e9])}
    installed, operating = build_out(JOBS, "forecast-2009", sampled(JOBS, draws), "markets")
    np.testing.assert_allclose(operating[:, -1], 40e9)
    np.testing.assert_allclose(operating[:, 0] + installed[:, 1:].sum(axis=1), 40e9, rtol=1e-12)
    np.testing.assert_allclose(np.diff(operating, axis=1), installed[:, 1:], rtol=1e-9)
    np.testing.assert_allclose(installed[:, -1], [last, 6.9e9], rtol=2e-3)
    assert (np.diff(installed, axis=1) > 0.0).all()


def test_learning_follows_the_doublings() -> None:
    operating = np.array([[1.0, 2.0, 4.0, 8.0]])
    np.testing.assert_allclose(learned(operating, np.array([0.1])), [[1.0, 0.9, 0.81, 0.729]])
    np.testing.assert_allclose(learned(operating, np.array([0.0])), 1.0)
    assert learned(operating, np.array([0.1]))[0, 0] == pytest.approx(1.0)
