"""Profiles beyond the levels of a record: each method, what it asks for, and the climate of air and sea."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.configuration.air_sea import AirSeaClimate
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.weather import Weather
from testsite_sim.weather import Profile, at_hub_heights, open_record
from testsite_sim.weather.air_sea import air_and_sea, climatological_difference, sea_temperature
from tools.fit_air_sea import fit

WHOLE = open_record("hollandse-kust-noord-2023")
CLIMATE = load_component("air-sea", "southern-north-sea", AirSeaClimate)
TOP = WHOLE["wind_speed"].sel(height=10.0, method="nearest")


def station(hours: int = 96, **series: float) -> xr.Dataset:
    """Return a record of one level at 10 m, with series that are the same at all times."""
    rows = WHOLE.isel(time=slice(2000, 2000 + hours))
    found = rows[["wind_speed", "wind_direction"]].sel(height=[50.0]).assign_coords(height=[10.0])
    found["wind_speed"] = found["wind_speed"] * 0.0 + np.linspace(3.0, 18.0, hours)[:, None]
    return found.assign({name: ("time", np.full(hours, value)) for name, value in series.items()})


def ratio(record: xr.Dataset, profile: Profile | str, height: float = 100.0) -> np.ndarray:
    """Return the wind at a height over that of the record's only level."""
    return (
        at_hub_heights(record, [height], profile=profile)["wind_speed"].to_numpy()[:, 0]
        / record["wind_speed"].to_numpy()[:, 0]
    )


def test_colder_air_over_the_sea_shears_less_than_neutral_and_warmer_air_more() -> None:
    neutral = ratio(station(), "logarithmic")
    cold = ratio(station(air_temperature=279.15, sea_surface_temperature=283.15), "monin-obukhov")
    warm = ratio(station(air_temperature=284.65, sea_surface_temperature=283.15), "monin-obukhov")
    assert np.all(cold < neutral)
    assert np.all(warm[20:] > neutral[20:])  # light winds under warm air have a shallow boundary layer
    assert np.all(np.diff(neutral[30:]) > 0.0)  # rougher in more wind, above the smooth sea of light winds


def test_stability_is_among_the_results() -> None:
    found = at_hub_heights(
        station(air_temperature=279.15, sea_surface_temperature=283.15), [100.0], profile="monin-obukhov"
    )
    assert np.all(found["inverse_obukhov_length"] < 0.0)
    np.testing.assert_allclose(found["air_sea_temperature_difference"], -4.0 + 0.0098 * 2.0)
    assert "COARE 3.5" in found.attrs["hub_height_method"]
    assert "inverse_obukhov_length" not in at_hub_heights(station(), [100.0], 0.08)


def test_an_hourly_exponent_is_used_each_hour() -> None:
    record = station()
    exponent = np.linspace(0.0, 0.2, record.sizes["time"])
    found = ratio(record.assign(shear_exponent=("time", exponent)), "hourly-power-law")
    np.testing.assert_allclose(found, 10.0**exponent, rtol=1e-12)


def test_an_hourly_exponent_of_two_levels_returns_a_third_that_follows_it() -> None:
    levels, exponent = np.array([20.0, 80.0]), np.linspace(0.02, 0.3, 48)
    rows = WHOLE.isel(time=slice(0, 48))[["wind_speed", "wind_direction"]].sel(height=[50.0, 200.0])
    record = rows.assign_coords(height=levels)
    record["wind_speed"] = (("time", "height"), 8.0 * (levels / 20.0) ** exponent[:, None])
    found = at_hub_heights(record, [10.0, 160.0], profile="hourly-power-law")["wind_speed"].to_numpy()
    np.testing.assert_allclose(found, 8.0 * (np.array([10.0, 160.0]) / 20.0) ** exponent[:, None], rtol=1e-12)


@pytest.mark.parametrize(
    ("record", "profile", "expected"),
    [
        (station(), "monin-obukhov", "no air_temperature and no sea_surface_temperature"),
        (station(air_temperature=280.0), "monin-obukhov", "no sea_surface_temperature"),
        (station(), "hourly-power-law", "shear_exponent, or two levels"),
    ],
)
def test_a_profile_refuses_a_record_that_lacks_what_it_asks_for(record, profile, expected) -> None:
    with pytest.raises(DataError, match=expected):
        at_hub_heights(record, [100.0], profile=profile)


def test_a_profile_that_does_not_exist_and_an_exponent_that_is_not_used_are_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"no profile 'monin-obukov'.*monin-obukhov"):
        at_hub_heights(station(), [100.0], profile="monin-obukov")
    with pytest.raises(ConfigurationError, match="leave it out of logarithmic"):
        at_hub_heights(station(), [100.0], 0.1, profile="logarithmic")
    with pytest.raises(ValueError, match="profile: logarithmic"):
        Weather.model_validate({"record": "x.nc", "profile": "logarithmic", "shear_exponent": 0.1})


def test_what_a_record_measures_comes_before_the_climate() -> None:
    profile = Profile("monin-obukhov", air_sea=CLIMATE)
    both = station(air_temperature=282.0, sea_surface_temperature=283.0)
    np.testing.assert_array_equal(
        ratio(both.assign_attrs(latitude=51.6), profile).round(12),
        ratio(both.assign_attrs(latitude=51.6), Profile("monin-obukhov", air_sea=CLIMATE)).round(12),
    )
    assert air_and_sea(both, CLIMATE).spread == 0.0
    assert air_and_sea(station(air_temperature=282.0), CLIMATE).spread == pytest.approx(0.8)
    neither = air_and_sea(station(), CLIMATE)
    assert neither.spread == pytest.approx(1.48)
    assert neither.height == 1.0
    assert "of the climate" in neither.method


def test_the_climate_of_air_and_sea_is_what_the_record_gives() -> None:
    _, (mean, swing, cold), coefficients, spread, whole = fit(WHOLE)
    form, sea = CLIMATE.difference, CLIMATE.sea
    assert float(sea.mean) - 273.15 == pytest.approx(mean, abs=0.01)
    assert float(sea.amplitude) == pytest.approx(swing, abs=0.01)
    assert float(sea.coldest) / 86400.0 == pytest.approx(cold, abs=1.0)
    stated = [*form.year, *form.north, *form.east, *form.day_north, *form.day_east]
    assert stated == pytest.approx(coefficients, abs=0.01)
    assert float(form.spread) == pytest.approx(spread, abs=0.02)
    assert spread < 0.75 * whole  # of blocks that the fit has not seen


def test_the_climate_is_coldest_in_february_and_unstable_in_autumn() -> None:
    time = np.datetime64("2023-01-01") + np.arange(0, 8760) * np.timedelta64(1, "h")
    sea = sea_temperature(time, CLIMATE)
    assert str(time[np.argmin(sea)])[:7] == "2023-02"
    difference = climatological_difference(WHOLE, CLIMATE)
    month = WHOLE["time"].dt.month.to_numpy()
    assert difference[(month >= 10) & (month <= 11)].mean() < -2.0
    assert abs(difference[(month >= 3) & (month <= 6)].mean()) < 1.0


def test_the_density_takes_the_temperature_of_the_climate_where_the_record_has_none() -> None:
    found = at_hub_heights(station(), [100.0], profile=Profile("monin-obukhov", air_sea=CLIMATE))
    assert "of the climate" in found.attrs["air_density_method"]
    assert 1.23 < float(found["air_density"].mean()) < 1.27  # March, near 7 degC


def test_the_profile_holds_against_levels_of_the_record_that_it_does_not_see() -> None:
    """From the 50 m of the Dutch record, with its air temperature: 100, 150 and 200 m by the sign of stability."""
    record = WHOLE.sel(height=[50.0])
    record["air_temperature"].attrs["height"] = 1.0
    heights = [100.0, 150.0, 200.0]
    made = at_hub_heights(record, heights, profile=Profile("monin-obukhov", air_sea=CLIMATE))
    true = WHOLE["wind_speed"].sel(height=heights).to_numpy()
    error = made["wind_speed"].to_numpy().mean(axis=0) / true.mean(axis=0) - 1.0
    assert np.all(np.abs(error) < [0.03, 0.05, 0.06]), error
    stable = made["inverse_obukhov_length"].to_numpy() > 0.005
    power = at_hub_heights(record, heights, 0.08)["wind_speed"].to_numpy()
    spread = [np.abs(np.log(each[stable] / true[stable])).mean() for each in (made["wind_speed"].to_numpy(), power)]
    assert spread[0] < spread[1], (Path(__file__).name, spread)
