"""Jobs follow the market and the share, and meet the figures that are known."""

import numpy as np
import pytest

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.loading import load_component
from testsite_sim.studies.flanders_wind_farm.configuration.offshore_jobs import OffshoreJobs
from testsite_sim.studies.flanders_wind_farm.model import calibrated_share, required_share, simulate_jobs


@pytest.fixture(scope="module")
def study() -> OffshoreJobs:
    return load_component("study-data", "flemish-offshore-jobs", OffshoreJobs)


def test_3175_jobs_in_2009_are_an_effective_share_of_a_third(study: OffshoreJobs) -> None:
    assert calibrated_share(study) == pytest.approx(3175 / 9535.1, rel=1e-9)
    jobs = simulate_jobs(study)["jobs"].sum("phase")
    assert float(jobs.sel(year=2009)) == pytest.approx(3175, rel=1e-12)
    assert float(jobs.sel(year=2020)) == pytest.approx(18_000, rel=1e-3)


def test_the_frontier_to_13000_jobs_meets_the_hand_calculation(study: OffshoreJobs) -> None:
    frontier = required_share(study, [0.0, 0.05])["required_share"]
    at_rest = frontier.sel(productivity_growth=0.0)
    assert float(at_rest.sel(market="actual")) == pytest.approx(0.2405, abs=5e-4)
    assert float(at_rest.sel(market="forecast-2009")) == pytest.approx(0.1082, abs=5e-4)
    np.testing.assert_allclose(frontier.sel(productivity_growth=0.05), at_rest * 1.05**11, rtol=1e-12)


@pytest.mark.parametrize("growth", [0.0, 0.03])
def test_the_share_on_the_frontier_gives_the_target(study: OffshoreJobs, growth: float) -> None:
    growing = study.model_copy(update={"productivity_growth": growth})
    share = float(required_share(growing, growth)["required_share"].sel(market="actual").squeeze())
    jobs = simulate_jobs(growing, share=share)["jobs"]
    assert float(jobs.sel(year=2020).sum()) == pytest.approx(13_000, rel=1e-12)


def test_jobs_double_with_the_share_and_vanish_without_one(study: OffshoreJobs) -> None:
    once, twice = (simulate_jobs(study, share=share)["jobs"] for share in (0.2, 0.4))
    np.testing.assert_allclose(twice, 2.0 * once, rtol=1e-14)
    assert float(simulate_jobs(study, share=0.0)["jobs"].sum()) == 0.0


def test_a_market_without_power_has_no_jobs(study: OffshoreJobs) -> None:
    data = study.model_dump()
    data["markets"]["none"] = {
        "title": "none",
        "source": "none",
        "years": [{"year": 2020, "installed": "0 MW", "operating": "0 MW"}],
    }
    empty = OffshoreJobs.model_validate(data)
    assert float(simulate_jobs(empty, "none", share=0.5)["jobs"].sum()) == 0.0
    with pytest.raises(ConfigurationError, match="without power in 2020"):
        required_share(empty, 0.0)


def test_wrong_markets_years_and_shares_are_named(study: OffshoreJobs) -> None:
    with pytest.raises(ConfigurationError, match="Nearest: actual"):
        simulate_jobs(study, "actuel")
    with pytest.raises(ConfigurationError, match="at most 1"):
        simulate_jobs(study, share=1.1)
    with pytest.raises(ConfigurationError, match="does not state the year 2031"):
        required_share(study.model_copy(update={"target_year": 2031}), 0.0)
    with pytest.raises(ConfigurationError, match="calibrated on 20000 jobs in 2009 is 2"):
        calibrated_share(study.model_copy(update={"reference_jobs": 20_000.0}))
