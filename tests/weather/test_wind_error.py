"""The error of a record's wind: what it does to the wind, that an ensemble draws it, and what is refused."""

import numpy as np
import pytest
import xarray as xr
from pydantic import ValidationError

from testsite_sim.cases.scenario import load_scenario
from testsite_sim.chain import prepare, simulate_scenario
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.weather import WindError
from testsite_sim.ensemble.members import MemberRunner
from testsite_sim.ensemble.plan import plan_members
from testsite_sim.weather import month_factors, with_wind_error

ONES = [1.0] * 12


def error(record=1.0, months=None):
    return WindError(title="of a test", record=record, months=ONES if months is None else months)


def hours(start, count):
    return np.datetime64(start, "ns") + np.arange(count) * np.timedelta64(1, "h")


def test_each_hour_has_the_factor_of_its_month_in_every_year():
    months = [1.0 + 0.01 * k for k in range(12)]
    stamps = np.concatenate([hours("1969-12-31T23:00", 2), hours("2016-02-29T23:00", 2), hours("2023-12-31T23:00", 2)])
    found = month_factors(xr.DataArray(stamps, dims="time"), error(1.1, months))
    np.testing.assert_allclose(found, 1.1 * np.array([1.11, 1.0, 1.01, 1.02, 1.11, 1.0]), rtol=1e-15)


def test_the_wind_is_multiplied_at_every_height_and_nothing_else_is_changed():
    time = hours("2023-01-31T22:00", 4)
    speed = np.arange(8.0).reshape(4, 2)
    weather = xr.Dataset(
        {
            "wind_speed": (("time", "height"), speed, {"units": "m s-1"}),
            "wind_direction": (("time", "height"), speed + 200.0),
        },
        coords={"time": time, "height": [10.0, 100.0]},
        attrs={"location": "here"},
    )
    found = with_wind_error(weather, error(2.0, [1.0, 0.25, *ONES[2:]]))
    np.testing.assert_array_equal(found["wind_speed"], speed * np.array([2.0, 2.0, 0.5, 0.5])[:, None])
    xr.testing.assert_identical(found["wind_direction"], weather["wind_direction"])
    assert found["wind_speed"].attrs == {"units": "m s-1"}
    assert found.attrs == weather.attrs


def test_no_error_and_factors_of_one_leave_every_bit_of_the_wind():
    weather = xr.Dataset({"wind_speed": ("time", [0.1, 7.3])}, coords={"time": hours("2023-05-01", 2)})
    assert with_wind_error(weather, None) is weather
    xr.testing.assert_identical(with_wind_error(weather, error()), weather)


@pytest.mark.parametrize("months", [ONES[:11], [*ONES, 1.0]])
def test_anything_but_twelve_months_is_refused(months):
    with pytest.raises(ValidationError, match="12"):
        error(months=months)


@pytest.mark.parametrize("factor", [0.0, -1.0, 2.5])
def test_a_factor_that_is_no_error_of_a_wind_is_refused(factor):
    with pytest.raises(ValidationError, match="factor"):
        error(record=factor)


SHORT = ["weather.start=2023-03-30", "weather.end=2023-04-03", "weather.climate=null"]


def scenario(*overrides):
    return load_scenario("flanders-wind-farm/test-site", [*SHORT, *overrides])


def test_the_wind_of_a_run_is_that_of_the_record_times_the_factors():
    stated = "{title: of a test, record: 1.05, months: [1, 1, 0.9, 1.1, 1, 1, 1, 1, 1, 1, 1, 1]}"
    plain, wrong = (
        next(dataset for step, dataset in simulate_scenario(prepare(one)) if step == "weather")
        for one in (scenario(), scenario(f"weather.wind_error={stated}"))
    )
    ratio = (wrong["wind_speed"] / plain["wind_speed"]).to_numpy()
    march = (plain["time"] < np.datetime64("2023-04-01")).to_numpy()
    np.testing.assert_allclose(ratio[march], 1.05 * 0.9, rtol=1e-12)
    np.testing.assert_allclose(ratio[~march], 1.05 * 1.1, rtol=1e-12)


def test_members_draw_the_error_and_member_zero_has_none():
    one = scenario("weather.wind_error=coastal-station", "ensemble={members: 2, weather: {kind: record}}")
    runner = MemberRunner(plan_members(one))
    drawn = [runner.member(number).scenario.weather.wind_error for number in range(3)]
    assert drawn[0].record == 1.0
    assert list(drawn[0].months) == ONES
    for each in drawn[1:]:
        assert len({float(month) for month in each.months}) == 12
        assert 0.915 <= each.record <= 1.085


def test_the_shipped_ranges_are_the_standard_deviations_of_their_sources():
    """A triangle over 1 ± w has the standard deviation w / sqrt(6)."""
    shipped = load_component("wind-error", "coastal-station", WindError)
    record = np.hypot(0.05 / np.sqrt(3.0), 0.027 / np.sqrt(2.0))
    month = np.hypot(0.033 / np.sqrt(2.0), 0.023)
    assert (shipped.record.range[1] - 1.0) / np.sqrt(6.0) == pytest.approx(record, rel=0.03)
    for each in shipped.months:
        assert (each.range[1] - 1.0) / np.sqrt(6.0) == pytest.approx(month, rel=0.03)


def test_an_unknown_error_is_refused_with_the_nearest_name():
    with pytest.raises(ConfigurationError, match="coastal-station"):
        scenario("weather.wind_error=coastal-statoin")
