"""The wind of a station at its sensor's height and averaged in time: against sums written out, and what is refused."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from testsite_sim.cases.scenario import load_scenario
from testsite_sim.chain import prepare, simulate_scenario
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.configuration.weather import Weather
from testsite_sim.ensemble.members import MemberRunner
from testsite_sim.ensemble.plan import plan_members
from testsite_sim.weather import Profile, at_hub_heights, at_sensor_height, averaged_over, wind_at_hubs


def record(speed, direction=None, heights=(10.0,)):
    speed = np.asarray(speed, float)
    if speed.ndim == 1:
        speed = np.repeat(speed[:, None], len(heights), axis=1)
    turned = np.full(speed.shape, 230.0) if direction is None else np.repeat(np.asarray(direction)[:, None], 1, axis=1)
    stamps = np.datetime64("2023-01-01", "ns") + np.arange(speed.shape[0]) * np.timedelta64(1, "h")
    return xr.Dataset(
        {
            "wind_speed": (("time", "height"), speed, {"units": "m s-1"}),
            "wind_direction": (("time", "height"), turned, {"units": "degree"}),
        },
        coords={"time": stamps, "height": ("height", list(heights), {"units": "m"})},
        attrs={"location": "here"},
    )


@settings(deadline=None, max_examples=40)
@given(st.integers(5, 30), st.floats(1.01, 5.0), st.integers(0, 2**31))
def test_the_mean_is_that_of_the_wind_held_through_its_hours_over_a_window_cut_at_both_ends(hours, window, seed):
    """Each hour is sampled a thousand times, and what of it lies in the window is averaged."""
    speed = np.random.default_rng(seed).uniform(0.0, 25.0, hours)
    found = averaged_over(record(speed), window * 3600.0)["wind_speed"].to_numpy()[:, 0]
    fine = (np.arange(hours * 1000) + 0.5) / 1000.0
    for k in range(hours):
        inside = np.abs(fine - (k + 0.5)) <= 0.5 * window
        assert found[k] == pytest.approx(speed[(fine[inside]).astype(int)].mean(), abs=0.05)


def test_directions_are_averaged_as_the_vectors_of_the_wind():
    found = averaged_over(record([1.0, 3.0, 1.0], [350.0, 10.0, 350.0]), 3.0 * 3600.0)
    east = (np.sin(np.radians(350.0)) * 2.0 + np.sin(np.radians(10.0)) * 3.0) / 5.0
    north = (np.cos(np.radians(350.0)) * 2.0 + np.cos(np.radians(10.0)) * 3.0) / 5.0
    expected = np.degrees(np.arctan2(east, north)) % 360.0
    assert found["wind_direction"].to_numpy()[1, 0] == pytest.approx(expected, rel=1e-12)
    assert found["wind_direction"].attrs == {"units": "degree"}
    assert found.attrs == {"location": "here"}


def test_a_wind_that_does_not_change_stays_as_it_is():
    steady = record(np.full(12, 9.5))
    found = averaged_over(steady, 4.0 * 3600.0)
    np.testing.assert_allclose(found["wind_speed"], steady["wind_speed"], rtol=1e-14)
    np.testing.assert_allclose(found["wind_direction"], steady["wind_direction"], rtol=1e-12)


def test_nothing_stated_leaves_the_record_itself():
    same = record([4.0, 5.0])
    assert averaged_over(same, None) is same
    assert at_sensor_height(same, None) is same


def test_from_the_sensor_a_neutral_profile_goes_where_it_went_from_the_level():
    """The neutral profile is undone by itself: carried to the sensor and on, the hub has the same wind."""
    low = record(np.linspace(3.0, 20.0, 30))
    straight = at_hub_heights(low, [100.0], profile=Profile("logarithmic"))["wind_speed"]
    by_sensor = at_hub_heights(at_sensor_height(low, 25.0), [100.0], profile=Profile("logarithmic"))["wind_speed"]
    np.testing.assert_allclose(by_sensor, straight, rtol=2e-3)


def test_of_a_stable_hour_less_is_added_from_the_sensor_than_from_ten_metres():
    """In warm air over cold water the wind rises more from 10 to 25 m than the neutral profile that was taken off."""
    calm = record(np.full(4, 8.0)).assign(
        air_temperature=("time", np.full(4, 288.15), {"units": "K", "height": 2.0}),
        sea_surface_temperature=("time", np.full(4, 283.15), {"units": "K"}),
    )
    cold = calm.assign(air_temperature=calm["air_temperature"] - 10.0)

    def hub(weather):
        return float(at_hub_heights(weather, [95.0], profile=Profile("monin-obukhov"))["wind_speed"].mean())

    assert hub(at_sensor_height(calm, 25.0)) < 0.97 * hub(calm)
    assert hub(at_sensor_height(cold, 25.0)) > 1.005 * hub(cold)


@pytest.mark.parametrize("height", [10.0, 5.0])
def test_a_sensor_that_is_not_above_the_level_is_refused(height):
    with pytest.raises(ConfigurationError, match="not above the 10 m"):
        at_sensor_height(record([5.0, 6.0]), height)


def test_a_record_of_several_levels_or_of_none_has_no_sensor_height():
    with pytest.raises(DataError, match="2 level"):
        at_sensor_height(record([5.0, 6.0], heights=(10.0, 50.0)), 25.0)
    hub = record([5.0, 6.0]).drop_vars("wind_speed").assign(wind_speed_at_hub=("time", [5.0, 6.0]))
    with pytest.raises(DataError, match="0 level"):
        at_sensor_height(hub, 25.0)


@pytest.mark.parametrize("hours", [0.5, 1.0, 5.0])
def test_a_window_that_averages_nothing_or_more_than_there_is_is_refused(hours):
    with pytest.raises(ConfigurationError, match="averaging_time"):
        averaged_over(record([5.0, 6.0, 7.0, 8.0]), hours * 3600.0)


def test_the_wind_of_a_scenario_is_averaged_and_raised_before_the_profile_acts():
    stated = Weather.model_validate(
        {"record": "x.nc", "profile": "logarithmic", "sensor_height": "25 m", "averaging_time": "3 hour"}
    )
    low = record([4.0, 10.0, 7.0, 12.0, 6.0])
    expected = at_hub_heights(
        at_sensor_height(averaged_over(low, 10800.0), 25.0), [90.0], profile=Profile("logarithmic")
    )
    xr.testing.assert_identical(wind_at_hubs(stated, low, [90.0]), expected)


SHORT = ["weather.start=2023-03-30", "weather.end=2023-04-03", "weather.climate=null"]


def test_a_run_has_the_averaged_wind_and_members_draw_the_time():
    stated = "weather.averaging_time={value: 4 hour, source: of a test, range: [3 hour, 6 hour]}"
    one = load_scenario("flanders-wind-farm/test-site", [*SHORT, stated])
    plain = load_scenario("flanders-wind-farm/test-site", SHORT)
    slow, quick = (
        next(dataset for step, dataset in simulate_scenario(prepare(each)) if step == "weather")
        for each in (one, plain)
    )
    assert float(np.abs(slow["wind_speed"].diff("time")).mean()) < float(
        np.abs(quick["wind_speed"].diff("time")).mean()
    )
    both = load_scenario("flanders-wind-farm/test-site", [*SHORT, stated, "ensemble={weather: {kind: record}}"])
    runner = MemberRunner(plan_members(both, members=3))
    drawn = {float(runner.member(number).scenario.weather.averaging_time) for number in range(3)}
    assert len(drawn) == 3
    assert min(drawn) >= 10800.0
    assert len(runner.records) == 1
