import matplotlib
import numpy as np
import pytest

from tests.operations.fleets import open_sea
from testsite_sim.configuration.installation import Installation
from testsite_sim.configuration.loading import load_component
from testsite_sim.operations import installation_log, sweep_limits, weather_windows
from testsite_sim.report.sea import draw_campaign, draw_limit_sweep, draw_weather_windows
from testsite_sim.report.style import SETTINGS, save


@pytest.fixture(scope="module")
def sea():
    return open_sea()


@pytest.fixture(autouse=True)
def look():
    with matplotlib.rc_context(SETTINGS):
        yield


def test_weather_windows_are_drawn_with_their_limits(sea, tmp_path):
    windows = weather_windows(sea, [6 * 3600.0, 24 * 3600.0], wave_limit=1.5)
    figure, data = draw_weather_windows(windows)
    assert figure.get_suptitle() == "Weather windows within 1.5 m"
    assert [len(axes.lines) for axes in figure.axes] == [2, 2]
    np.testing.assert_allclose(data["waiting_time_mean"], windows["waiting_time_mean"] / 3600.0)
    assert save(figure, tmp_path, "windows", ["svg"])[0].stat().st_size > 5000


def test_a_campaign_has_one_row_for_each_vessel_of_each_phase(sea, tmp_path):
    log = installation_log(load_component("installation", "conventional", Installation), sea, 8, 2005)
    figure, _ = draw_campaign(log)
    labels = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert labels == list(dict.fromkeys(log["phase"].to_numpy()))
    assert len(figure.axes[0].collections) == 4 * len(labels)
    assert save(figure, tmp_path, "campaign", ["png"])[0].stat().st_size > 5000


def test_the_sweep_shows_every_pair_of_limits(sea):
    installation = load_component("installation", "single-lift", Installation)
    sweep = sweep_limits(installation, sea, 8, "turbines", "lift", [8.0, 12.0, 15.0], [1.0, 2.0])
    figure, data = draw_limit_sweep(sweep)
    assert len(figure.axes[0].texts) == 6
    assert data["duration_p50"].attrs["units"] == "day"
