"""Generated weather has the statistics of its climate and of eleven measured years."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gamma

from testsite_sim.cli import main
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.weather import Weather
from testsite_sim.configuration.weather_climate import WeatherClimate
from testsite_sim.weather import open_weather
from testsite_sim.weather.generator import generate_weather, score_autocorrelation
from testsite_sim.weather.netcdf import open_bounded
from testsite_sim.weather.statistics import combined, sampling_interval, yearly_statistics

CONFIGS = Path(__file__).resolve().parents[2] / "configs"
MEASURED = Path(__file__).resolve().parents[2] / "../shared/data/validate/westhinder_10min_2015_2025.parquet"


def climate(name: str) -> WeatherClimate:
    return load_component("climate", name, WeatherClimate)


@pytest.fixture(scope="module")
def flemish() -> xr.Dataset:
    return generate_weather(climate("flemish-site"), start="2001-01-01", years=60, seed=3)


def test_the_flemish_site_has_the_persistence_of_the_measured_stations(flemish):
    wind = flemish["wind_speed"].to_numpy()[:, 0]
    for lag, expected in ((1, 0.975), (6, 0.780), (24, 0.391)):
        assert np.corrcoef(wind[:-lag], wind[lag:])[0, 1] == pytest.approx(expected, abs=0.02), lag
    change = np.diff(wind)
    assert ((change - change.mean()) ** 4).mean() / change.var() ** 2 - 3.0 > 3.0


def test_sectors_have_their_frequency_mean_and_variation(flemish):
    wind = climate("flemish-site").wind
    speed, direction = flemish["wind_speed"].to_numpy()[:, 0], flemish["wind_direction"].to_numpy()[:, 0]
    sector = np.floor((direction + 15.0) / 30.0).astype(int) % 12
    for k in range(12):
        here = speed[sector == k]
        scale, shape = wind.scale.values[k], float(wind.shape[k])
        assert here.size / speed.size == pytest.approx(wind.frequency[k] / sum(wind.frequency), abs=0.01), k
        assert here.mean() == pytest.approx(scale * gamma(1 + 1 / shape), rel=0.04), k
        variation = np.sqrt(gamma(1 + 2 / shape) / gamma(1 + 1 / shape) ** 2 - 1)
        assert here.std() / here.mean() == pytest.approx(variation, rel=0.08), k


def test_temperature_waves_and_price_hang_on_the_wind(flemish):
    wind, waves = flemish["wind_speed"].to_numpy()[:, 0], flemish["significant_wave_height"].to_numpy()
    assert np.corrcoef(wind, waves)[0, 1] == pytest.approx(0.77, abs=0.04)
    assert waves.mean() == pytest.approx(1.1, rel=0.05)
    price = flemish["day_ahead_price"].to_numpy() * 3.6e9
    assert np.corrcoef(wind, price)[0, 1] == pytest.approx(-0.2, abs=0.08)
    assert 40.0 < price.mean() < 110.0
    assert 0.01 < (price < 0.0).mean() < 0.12
    monthly = flemish["air_temperature"].groupby("time.month").mean().to_numpy() - 273.15
    assert monthly.argmin() in (0, 1)
    assert monthly.argmax() in (6, 7)
    assert monthly.min() > 3.0
    assert monthly.max() < 21.0
    east = (flemish["wind_direction"].to_numpy()[:, 0] // 45 == 1) & (flemish["time"].dt.month.to_numpy() == 1)
    west = (flemish["wind_direction"].to_numpy()[:, 0] // 45 == 5) & (flemish["time"].dt.month.to_numpy() == 1)
    assert flemish["air_temperature"].to_numpy()[west].mean() > flemish["air_temperature"].to_numpy()[east].mean() + 2


@pytest.mark.skipif(not MEASURED.is_file(), reason="the measured years of Westhinder are not part of the repository")
def test_most_statistics_lie_within_the_sampling_error_of_eleven_measured_years():
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow", reason="Parquet is read through the extra `formats`")
    table = pandas.read_parquet(MEASURED).asfreq("10min")
    values = {
        "wind_speed": (("time", "height"), table["wind_speed_10m_ms"].to_numpy()[:, None]),
        "wind_direction": (("time", "height"), table["wind_dir_deg"].to_numpy()[:, None]),
    }
    stamps = table.index.tz_localize(None).to_numpy()
    intervals = sampling_interval(yearly_statistics(xr.Dataset(values, coords={"time": stamps, "height": [10.0]})))
    generated = generate_weather(climate("westhinder"), start="2001-01-01", years=44, step=600.0, seed=11)
    found = combined(yearly_statistics(generated))
    inside = {name for name, (low, high) in intervals.items() if low <= found[name] <= high}
    assert len(inside) >= 0.85 * len(intervals), sorted(set(intervals) - inside)
    for name in (
        "mean",
        "standard deviation",
        "95 % quantile",
        "99 % quantile",
        "highest of the year",
        "Weibull shape",
        "spread of the yearly means",
        "amplitude of the mean day",
        "mean of January",
        "mean of July",
        "autocorrelation 6 h",
        "autocorrelation 24 h",
        "autocorrelation 10 min",
        "standard deviation of 10-min changes",
        "spells above 15 m/s, mean hours",
        "frequency of sector 240",
        "mean speed of sector 240",
    ):
        assert name in inside, name


def test_an_hourly_record_is_the_average_of_the_ten_minute_record():
    fine, hourly = (
        generate_weather(climate("westhinder"), start="2003-05-01", years=1, step=step, seed=5)
        for step in (600.0, 3600.0)
    )
    averages = fine["wind_speed"].to_numpy().reshape(-1, 6).mean(axis=1)
    np.testing.assert_allclose(hourly["wind_speed"].to_numpy()[:, 0], averages, rtol=1e-12)
    assert str(hourly["time"].to_numpy()[-1])[:13] == "2004-04-30T23"


def test_the_same_seed_gives_the_same_bits_and_members_differ():
    first, again, other = (
        generate_weather(climate("flemish-site"), start="2001-01-01", years=1, seed=2, member=member)
        for member in (0, 0, 1)
    )
    xr.testing.assert_identical(first, again)
    assert abs(np.corrcoef(first["wind_speed"][:, 0], other["wind_speed"][:, 0])[0, 1]) < 0.2


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**31))
@settings(deadline=None, max_examples=10)
def test_any_seed_gives_believable_weather(seed, member):
    record = generate_weather(climate("flemish-site"), start="2024-01-01", years=1, seed=seed, member=member)
    assert record.sizes["time"] == 8784
    assert all(np.isfinite(values).all() for values in record.data_vars.values())
    assert float(record["wind_speed"].min()) >= 0.0
    assert float(record["wind_speed"].max()) < 60.0
    assert 0.0 <= float(record["wind_direction"].min()) <= float(record["wind_direction"].max()) <= 360.0


def test_the_stated_autocorrelation_of_the_score_begins_at_one_and_falls():
    lags = np.array([0.0, 600.0, 3600.0, 86_400.0, 864_000.0])
    found = score_autocorrelation(climate("westhinder").dynamics, lags)
    assert found[0] == pytest.approx(1.0)
    assert (np.diff(found) < 0.0).all()


def test_what_is_generated_can_be_the_weather_of_a_scenario(tmp_path):
    path = tmp_path / "made.nc"
    main(["weather", "generate", "flemish-site", "--years", "1", "--seed", "4", "-o", str(path)])
    record = open_weather(Weather(record=str(path)))
    assert record.attrs["repairs"] == "none"
    assert record["day_ahead_price"].attrs["units"] == "EUR J-1"
    with pytest.raises(SystemExit) as stopped:
        main(["weather", "generate", "flemish-sight", "-o", str(path)])
    assert stopped.value.code == 2


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"step": 700.0}, "multiple of 600 s"),
        ({"years": 0}, "0 years"),
        ({"start": "spring"}, "is not a day"),
        ({"start": "1500-01-01"}, "leave the calendar"),
    ],
)
def test_what_does_not_fit_is_reported(wrong, message):
    with pytest.raises(ConfigurationError, match=message):
        generate_weather(climate("westhinder"), **{"start": "2001-01-01", "years": 1, **wrong})


def test_every_climate_that_is_listed_can_be_generated(tmp_path, capsys):
    names = [path.stem for path in sorted((CONFIGS / "climate").glob("*.yaml"))]
    assert "belgian-zone" in names
    for name in names:
        main(["weather", "generate", name, "--years", "1", "-o", str(tmp_path / f"{name}.nc")])
        assert "8760 intervals of 3600 s" in capsys.readouterr().out
    record = open_bounded(tmp_path / "belgian-zone.nc")
    assert float(record["wind_speed"].mean()) == pytest.approx(9.6, abs=0.5)
    assert {"wind_speed", "significant_wave_height"} <= set(record.data_vars)
