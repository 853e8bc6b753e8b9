"""Years that a market does not state are filled in so that they add up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testsite_sim.cases.study import read_study
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.loading import load_component
from testsite_sim.studies.flanders_wind_farm.configuration.offshore_jobs import OffshoreJobs
from testsite_sim.studies.flanders_wind_farm.model.market import build_out, learned, work_of_years
from testsite_sim.studies.flanders_wind_farm.model.simulation import _costs
from testsite_sim.studies.framework.uncertainty import sampled

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


def test_after_the_last_stated_year_the_market_grows_and_adds_up() -> None:
    installed, operating = build_out(JOBS, "forecast-2009", sampled(JOBS, {}), "markets", last=2023)
    np.testing.assert_allclose(installed[0, -3:] / installed[0, -4], 1.08 ** np.arange(1, 4), rtol=1e-14)
    np.testing.assert_allclose(np.diff(operating[0, -4:]), installed[0, -3:], rtol=1e-12)
    shorter, _ = build_out(JOBS, "forecast-2009", sampled(JOBS, {}), "markets", last=2022)
    np.testing.assert_array_equal(shorter, installed[:, :14])


def test_a_stated_year_beyond_the_last_one_is_on_the_way() -> None:
    years = [
        {"year": year, "installed": installed, "operating": operating}
        for year, installed, operating in ((2009, "1 GW", "1 GW"), (2020, "1 GW", "12 GW"), (2030, "3 GW", "32 GW"))
    ]
    data = JOBS.model_dump()
    data["markets"] = {"one": {"title": "one", "source": "one", "years": years}}
    jobs = OffshoreJobs.model_validate(data)
    installed, operating = build_out(jobs, "one", sampled(jobs, {}), "markets", last=2025)
    assert installed.shape == (1, 17)
    assert 12e9 < operating[0, -1] < 32e9
    assert (np.diff(installed[0, 11:]) > 0.0).all()


def spread_by_hand(duration: float, samples: int = 4000) -> list[float]:
    """Return the part of the work on wind farms of one year in that year and in each of the four before."""
    installed = (np.arange(samples) + 0.5) / samples
    parts = []
    for ahead in range(5):
        overlap = np.minimum(installed, 1.0 - ahead) - np.maximum(installed - duration, -ahead)
        parts.append(float(np.clip(overlap, 0.0, None).mean() / duration))
    return parts


@settings(deadline=None, max_examples=30)
@given(duration=st.floats(0.01, 3.9))
def test_the_work_is_spread_over_the_years_before_and_adds_up(duration: float) -> None:
    installed = np.zeros((1, 9))
    installed[0, 4] = 1.0
    work = work_of_years(installed, np.array([duration]), 5)[0]
    np.testing.assert_allclose(work[::-1], spread_by_hand(duration), atol=2e-4 / duration)
    assert work.sum() == pytest.approx(1.0, rel=1e-12)
    steady = work_of_years(np.full((1, 9), 7.0), np.array([duration]), 5)
    np.testing.assert_allclose(steady, 7.0, rtol=1e-12)


def test_work_that_takes_no_time_is_done_in_the_year() -> None:
    installed = np.array([[1.0, 5.0, 2.0]])
    np.testing.assert_allclose(work_of_years(installed, np.array([1e-13]), 2), [[1.0, 5.0]], rtol=1e-12)


def test_learning_follows_the_doublings() -> None:
    operating = np.array([[1.0, 2.0, 4.0, 8.0]])
    np.testing.assert_allclose(learned(operating, np.array([0.1])), [[1.0, 0.9, 0.81, 0.729]])
    np.testing.assert_allclose(learned(operating, np.array([0.0])), 1.0)
    assert learned(operating, np.array([0.1]))[0, 0] == pytest.approx(1.0)


def test_without_discounting_the_cost_of_a_wind_farm_is_spread_evenly_over_its_life() -> None:
    stated = {"returns.discount_rate": 0.0, "costs.life": 25.0, "costs.investment": 3.0, "costs.operation": 0.07}
    values = {**stated, "learning.cost": 0.05}
    found = _costs(lambda path: np.array([values[path]]), np.array([[1.0, 2.0]]))
    np.testing.assert_allclose(found["lifetime"], 3.0 / 25.0 + 0.07, rtol=1e-12)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("jobs.reference_jobs=0", "a number of jobs"),
        ("jobs.target_jobs=-5", "a number of jobs"),
        ("test_site.investment=-5 MEUR", "an amount of money"),
        ("vessel.day_rate=0 EUR", "an amount of money"),
        ("fund.capital=0 MEUR", "an amount of money"),
    ],
)
def test_amounts_that_mean_nothing_are_refused_with_what_is_expected(change: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=f"out of bounds; expected {message}"):
        read_study("flanders-wind-farm/study", [change])
