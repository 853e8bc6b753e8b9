"""A record in finer steps keeps its values at their stamps; prices hold, directions take the shorter arc."""

import numpy as np
import pytest
import xarray as xr

from testsite_sim.common.errors import DataError
from testsite_sim.configuration.weather import Weather
from testsite_sim.weather import open_weather
from testsite_sim.weather.division import divide_intervals

HOURS = {"record": "hollandse-kust-noord-2023", "start": "2023-02-01", "end": "2023-02-03"}


def opened(**more: str) -> xr.Dataset:
    return open_weather(Weather.model_validate({**HOURS, **more}))


def test_quarter_hours_hold_the_hourly_price_and_join_the_hourly_winds() -> None:
    hourly, quarters = opened(), opened(step="15 minute")
    assert quarters.sizes["time"] == 4 * hourly.sizes["time"]
    for name in hourly.data_vars:
        np.testing.assert_allclose(quarters[name][::4], hourly[name], rtol=1e-12, err_msg=str(name))
        assert quarters[name].attrs == hourly[name].attrs
    np.testing.assert_array_equal(quarters["day_ahead_price"], np.repeat(hourly["day_ahead_price"], 4))
    speed = hourly["wind_speed"].to_numpy()
    np.testing.assert_allclose(quarters["wind_speed"][2:-4:4], 0.5 * (speed[:-1] + speed[1:]))
    assert "divided into 4" in quarters.attrs["division"]


def test_a_direction_turns_through_north() -> None:
    time = np.datetime64("2023-01-01", "ns") + np.arange(3) * np.timedelta64(1, "h")
    record = xr.Dataset({"wind_direction": ("time", [350.0, 10.0, 200.0])}, coords={"time": time})
    found = divide_intervals(record, 1800.0, "mine")["wind_direction"].to_numpy()
    np.testing.assert_allclose(found, [350.0, 0.0, 10.0, 285.0, 200.0, 200.0])


@pytest.mark.parametrize("step", ["25 minute", "2 hour", "1 second"])
def test_a_step_that_does_not_divide_the_hour_is_refused(step: str) -> None:
    with pytest.raises(DataError, match="has a step of 3600 s, which cannot be divided into"):
        opened(step=step)
