"""Weather-window statistics of 29 years, 6 durations: `pytest benchmarks/test_weather_windows.py --benchmark-only`."""

import pytest

from testsite_sim.operations import sea_state, weather_windows
from testsite_sim.weather import open_record


@pytest.fixture(scope="module")
def sea():
    return sea_state(open_record("north-sea-58n-1994-2023"))


def test_window_statistics(gauge, sea):
    durations = [hours * 3600.0 for hours in (3, 6, 12, 24, 48, 72)]
    gauge(lambda: weather_windows(sea, durations, wave_limit=1.5, wind_limit=12.0))
