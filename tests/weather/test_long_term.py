"""A record mapped to a climate has its sectors, Weibull distributions, shear and turbulence."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from testsite_sim.cases.scenario import load_scenario
from testsite_sim.chain import prepare, simulate_scenario
from testsite_sim.common.errors import DataError
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.weather import Weather
from testsite_sim.configuration.weather_climate import WeatherClimate
from testsite_sim.weather import open_record, open_weather
from testsite_sim.weather.long_term import (
    map_directions,
    map_speeds,
    map_to_climate,
    mapping_of,
    predict_long_term,
)

CLIMATE = load_component("climate", "flemish-site", WeatherClimate)
RECORD = open_record("hollandse-kust-noord-2023")


@pytest.fixture(scope="module")
def mapped() -> xr.Dataset:
    return open_weather(Weather(record="hollandse-kust-noord-2023", climate=CLIMATE))


def test_the_default_record_takes_the_sectors_of_the_flemish_site(mapped):
    level = mapped.sel(height=119.0)
    sector = np.floor((level["wind_direction"].to_numpy() + 15.0) / 30.0).astype(int) % 12
    for k in range(12):
        speed = level["wind_speed"].to_numpy()[sector == k]
        assert speed.size / sector.size == pytest.approx(CLIMATE.wind.frequency[k], abs=0.001), k
        shape, _, scale = stats.weibull_min.fit(speed, floc=0.0)
        assert scale == pytest.approx(CLIMATE.wind.scale.values[k], rel=0.01), k
        assert shape == pytest.approx(CLIMATE.wind.shape[k], rel=0.02), k
    assert "mapped by sectors at 119 m" in mapped.attrs["climate"]


def test_shear_and_turbulence_are_those_of_the_climate(mapped):
    means = mapped["wind_speed"].mean("time")
    for height in (50.0, 100.0, 150.0, 200.0):
        expected = float(means.sel(height=119.0)) * (height / 119.0) ** 0.08
        assert float(means.sel(height=height)) == pytest.approx(expected, rel=1e-9), height
    at_13 = int(np.argmin(np.abs(mapped["wind_speed"].sel(height=119.0).to_numpy() - 13.0)))
    assert float(mapped["turbulence_intensity"][at_13]) == pytest.approx(0.065, abs=0.001)


def test_a_mapping_serves_another_shear_of_the_same_wind_alone():
    record = RECORD.isel(time=slice(0, 2000))
    known, steeper = mapping_of(record, CLIMATE.wind), CLIMATE.wind.model_copy(update={"shear_exponent": 0.2})
    assert known.serves(record.assign_attrs(note="priced"), steeper)
    xr.testing.assert_identical(known.applied(record, steeper), map_to_climate(record, steeper))
    stronger = CLIMATE.wind.scale.model_copy(update={"values": tuple(2.0 * x for x in CLIMATE.wind.scale.values)})
    assert not known.serves(record, CLIMATE.wind.model_copy(update={"scale": stronger}))
    assert not known.serves(record, CLIMATE.wind.model_copy(update={"turbulence": None}))
    assert not known.serves(record.assign(wind_speed=record["wind_speed"] * 1.0), steeper)
    assert not known.serves(record.assign_coords(height=record["height"] + 1.0), steeper)


def test_storms_and_calms_stay_where_they_were(mapped):
    before = RECORD["wind_speed"].sel(height=100.0).to_numpy()
    after = mapped["wind_speed"].sel(height=119.0).to_numpy()
    assert np.corrcoef(before, after)[0, 1] > 0.93
    xr.testing.assert_identical(mapped["day_ahead_price"], RECORD["day_ahead_price"])


def test_a_scenario_runs_in_the_climate_and_keeps_it_in_its_resolved_form():
    scenario = load_scenario(
        "flanders-wind-farm/test-site",
        ("weather.climate=flemish-site", "weather.start=2023-02-01", "weather.end=2023-03-01"),
    )
    assert scenario.weather.climate is not None
    assert scenario.weather.climate.title == CLIMATE.title
    steps = dict(simulate_scenario(prepare(scenario)))
    assert "mapped by sectors" in steps["weather"].attrs["climate"]
    assert float(steps["wind"]["power"].sum()) > 0.0


def test_a_month_in_the_climate_is_that_month_of_the_whole_record():
    climate = ("weather.climate=flemish-site",)
    month = ("weather.start=2023-02-01", "weather.end=2023-03-01")
    whole, cut = (
        open_weather(load_scenario("flanders-wind-farm/test-site", overrides).weather)
        for overrides in (climate, (*climate, *month))
    )
    xr.testing.assert_equal(cut["wind_speed"], whole["wind_speed"].sel(time=cut["time"]))


@given(st.lists(st.floats(0.0, 360.0), min_size=30, max_size=200), st.integers(0, 11))
@settings(deadline=None, max_examples=50)
def test_any_directions_take_any_frequencies_in_their_order(directions, calm):
    frequency = np.full(12, 1.0 / 11.0)
    frequency[calm] = 0.0
    directions = np.array(directions)
    if np.ptp((directions + 15.0) % 360.0) == 0.0:
        return
    turned = map_directions(directions, frequency)
    sector = np.floor((turned + 15.0) / 30.0).astype(int) % 12
    counts = np.bincount(sector, minlength=12)
    assert np.abs(counts - directions.size * frequency).max() <= 2.0


def test_a_sector_with_few_values_borrows_from_its_neighbours():
    direction = np.r_[np.full(5, 0.0), np.full(500, 30.0), np.full(500, 330.0)]
    speed = np.random.default_rng(0).weibull(2.0, direction.size) * 8.0
    found = map_speeds(speed, direction, np.full(12, 10.0), np.full(12, 2.0))
    assert np.isfinite(found).all()
    assert found[5:].mean() == pytest.approx(10.0 * 0.886, rel=0.02)


def test_a_record_without_direction_cannot_be_mapped():
    with pytest.raises(DataError, match="no wind_direction"):
        map_to_climate(RECORD.drop_vars("wind_direction"), CLIMATE.wind)
    still = RECORD.assign(wind_direction=RECORD["wind_direction"] * 0.0)
    with pytest.raises(DataError, match="one direction only"):
        map_to_climate(still, CLIMATE.wind)


@pytest.fixture(scope="module")
def pair() -> tuple[xr.Dataset, xr.Dataset, xr.Dataset]:
    long = open_record("north-sea-58n-1994-2023").isel(time=slice(0, 5 * 8766))
    long = long[["wind_speed", "wind_direction"]].isel(height=[0])
    noise = np.random.default_rng(1).normal(0.0, 0.7, long["wind_speed"].shape)
    truth = long.assign(wind_speed=np.maximum(1.2 * long["wind_speed"] + 0.5 + noise, 0.0))
    truth["wind_direction"] = (long["wind_direction"] + 12.0) % 360.0
    return truth.isel(time=slice(0, 8766)), long, truth


def test_measure_correlate_predict_finds_the_long_term_mean_and_spread(pair):
    short, long, truth = pair
    found = predict_long_term(short, long)
    expected = truth["wind_speed"].to_numpy()
    assert float(found["wind_speed"].mean()) == pytest.approx(expected.mean(), rel=0.01)
    assert float(found["wind_speed"].std()) == pytest.approx(expected.std(), rel=0.02)
    turn = (found["wind_direction"] - long["wind_direction"]).to_numpy() % 360.0
    np.testing.assert_allclose(turn, 12.0, atol=1e-6)
    assert found.attrs["correlation"] > 0.95


def test_least_squares_is_closer_and_narrower_than_the_variance_ratio(pair):
    short, long, truth = pair
    found = {name: predict_long_term(short, long, method=name) for name in ("variance-ratio", "least-squares")}
    error = {name: float(((each["wind_speed"] - truth["wind_speed"]) ** 2).mean()) for name, each in found.items()}
    assert error["least-squares"] <= error["variance-ratio"]
    assert float(found["least-squares"]["wind_speed"].std()) < float(found["variance-ratio"]["wind_speed"].std())


def test_records_without_common_time_and_unknown_methods_are_refused(pair):
    short, long, _ = pair
    with pytest.raises(DataError, match="in common; expected 500"):
        predict_long_term(short.isel(time=slice(0, 400)), long)
    with pytest.raises(DataError, match="Nearest: variance-ratio"):
        predict_long_term(short, long, method="varianceratio")
