import numpy as np
import pytest
import xarray as xr

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.operations import sea_state, weather_windows
from testsite_sim.weather import open_record


def record(waves, wind=None, step="1h", start="2001-01-01"):
    time = np.datetime64(start, "ns") + np.arange(len(waves)) * np.timedelta64(int(step[:-1]), step[-1])
    data = {"significant_wave_height": ("time", np.asarray(waves, float))}
    data["wind_speed_at_hub"] = ("time", np.zeros(len(waves)) if wind is None else np.asarray(wind, float))
    return xr.Dataset(data, coords={"time": time})


def test_a_calm_sea_never_waits():
    found = weather_windows(sea_state(record(np.zeros(8760))), [6 * 3600.0], wave_limit=1.5)
    assert np.all(found["start_probability"].to_numpy()[0, :11] == 1.0)
    assert np.all(found["waiting_time_p90"].to_numpy() == 0.0)


def test_statistics_equal_those_of_a_plain_count():
    rng = np.random.default_rng(3)
    waves = np.abs(np.cumsum(rng.normal(0, 0.2, 3000)) % 3.0)
    sea = sea_state(record(waves))
    found = weather_windows(sea, [5 * 3600.0], wave_limit=1.2)
    runs = np.lib.stride_tricks.sliding_window_view(waves <= 1.2, 5).all(axis=1)
    starts = np.flatnonzero(runs)
    waits = np.array([starts[starts >= t][0] - t if (starts >= t).any() else -1 for t in range(waves.size)])
    for month in range(1, 5):
        there = (sea.month == month - 1) & (waits >= 0)
        cell = found.sel(month=month, duration=5 * 3600.0)
        assert float(cell["waiting_time_mean"]) == pytest.approx(waits[there].mean() * 3600.0)
        assert float(cell["waiting_time_p90"]) == 3600.0 * np.quantile(waits[there], 0.9, method="inverted_cdf")
        assert float(cell["start_probability"]) == pytest.approx((waits[sea.month == month - 1] == 0).mean())


def test_the_same_weather_at_ten_minutes_gives_the_same_windows():
    waves = np.random.default_rng(4).random(900) * 3.0
    hourly = weather_windows(sea_state(record(waves)), [4 * 3600.0], wave_limit=2.0)
    fine = weather_windows(sea_state(record(np.repeat(waves, 6), step="10m")), [4 * 3600.0], wave_limit=2.0)
    xr.testing.assert_allclose(hourly["windows_per_year"], fine["windows_per_year"])
    xr.testing.assert_allclose(hourly["longest_window"], fine["longest_window"])


def test_higher_limits_and_shorter_work_start_more_often():
    sea = sea_state(open_record("us-east-coast-2003-2012"))
    low = weather_windows(sea, [6 * 3600.0, 24 * 3600.0], wave_limit=1.0)["start_probability"]
    high = weather_windows(sea, [6 * 3600.0, 24 * 3600.0], wave_limit=2.0)["start_probability"]
    assert (high > low).all()
    assert (low.isel(duration=0) > low.isel(duration=1)).all()
    winter, summer = (float(low.isel(duration=0).sel(month=month)) for month in (1, 7))
    assert summer > winter


def test_a_record_without_waves_is_refused():
    with pytest.raises(DataError, match="no significant_wave_height"):
        sea_state(open_record("hollandse-kust-noord-2023"))


@pytest.mark.parametrize("value", [np.nan, -1.0])
def test_gaps_and_negative_waves_are_refused(value):
    waves = np.ones(5)
    waves[2] = value
    with pytest.raises(DataError, match="missing or negative in 1"):
        sea_state(record(waves))


def test_a_duration_of_nothing_is_refused():
    with pytest.raises(ConfigurationError, match="above zero"):
        weather_windows(sea_state(record(np.ones(5))), [0.0])
