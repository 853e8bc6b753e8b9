import numpy as np
import pytest
import xarray as xr

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.configuration.climate import Climate
from testsite_sim.configuration.loading import load_component
from testsite_sim.operations import generate_metocean, generate_waves, sea_state
from testsite_sim.weather import open_record


@pytest.fixture(scope="module")
def climate():
    return load_component("climate", "belgian-zone", Climate)


@pytest.fixture(scope="module")
def record(climate):
    return generate_metocean(climate, start="2001-01-01", years=20, seed=1)


def test_the_record_has_the_statistics_of_its_climate(record, climate):
    wind = record["wind_speed"].to_numpy()[:, 0]
    waves = record["significant_wave_height"].to_numpy()
    assert wind.mean() == pytest.approx(9.6, rel=0.02)
    assert waves.mean() == pytest.approx(1.1, rel=0.03)
    assert 0.70 < (waves < 1.5).mean() < 0.78
    assert 4.0 < waves.max() < 9.0
    assert np.corrcoef(wind, waves)[0, 1] == pytest.approx(0.77, abs=0.005)
    for lag, expected in zip(climate.persistence.lags, climate.persistence.autocorrelation, strict=True):
        hours = round(lag / 3600.0)
        assert np.corrcoef(wind[:-hours], wind[hours:])[0, 1] == pytest.approx(float(expected), abs=0.04), hours


def test_winter_is_rougher_than_summer(record):
    monthly = record["significant_wave_height"].groupby("time.month").mean()
    assert float(monthly.sel(month=1)) > 1.3 * float(monthly.sel(month=6))


def test_the_same_seed_gives_the_same_record_and_members_differ(climate):
    first, again, other = (generate_metocean(climate, start="2001-01-01", years=1, seed=2, member=m) for m in (0, 0, 1))
    xr.testing.assert_identical(first, again)
    assert not np.allclose(first["wind_speed"], other["wind_speed"])


def test_ten_minute_steps_keep_the_statistics(climate):
    fine = generate_metocean(climate, start="2001-01-01", years=8, step=600.0)
    assert float(fine["wind_speed"].mean()) == pytest.approx(9.6, rel=0.04)
    assert float(fine["significant_wave_height"].mean()) == pytest.approx(1.1, rel=0.06)
    assert sea_state(fine).step == 600.0


def test_waves_follow_a_measured_wind(climate):
    wind = open_record("hollandse-kust-noord-2023")["wind_speed"].sel(height=100.0)
    waves = generate_waves(wind, climate)["significant_wave_height"]
    assert np.corrcoef(wind, waves)[0, 1] == pytest.approx(0.77, abs=0.01)
    assert float(waves.mean()) == pytest.approx(1.1, rel=0.1)


def test_a_wind_with_gaps_and_an_empty_record_are_refused(climate):
    wind = open_record("hollandse-kust-noord-2023")["wind_speed"].sel(height=100.0)
    with pytest.raises(DataError, match="without gaps"):
        generate_waves(wind.where(wind > 3.0), climate)
    with pytest.raises(ConfigurationError, match="0 years"):
        generate_metocean(climate, start="2001-01-01", years=0)
