import numpy as np
import pytest
import xarray as xr
from scipy import stats

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.configuration.climate import Climate
from testsite_sim.configuration.loading import load_component
from testsite_sim.operations import generate_metocean, generate_waves, metocean, sea_state
from testsite_sim.weather import open_record
from tools import compare_waves


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


def test_waves_of_a_record_have_their_season_once(climate):
    """The record has waves of its own: of its wind and its statistics alone, each month has them again.

    Were the ranks of the wind taken over the whole year, its season would be in the waves twice: January a third too
    high, July a quarter too low.
    """
    record = open_record("north-sea-58n-1994-2023").isel(height=0).sel(time=slice("2004", "2023"))
    wind, measured = record["wind_speed"], record["significant_wave_height"]
    months = wind.groupby("time.month").mean()
    own = climate.model_copy(
        update={
            "monthly_share": tuple((months / months.mean()).to_numpy()),
            "mean_wave_height": float(measured.mean()),
            "wave_wind_correlation": float(np.corrcoef(wind, measured)[0, 1]),
        }
    )
    found = generate_waves(wind, own)["significant_wave_height"]
    ratio = found.groupby("time.month").mean() / measured.groupby("time.month").mean()
    assert ratio.to_numpy() == pytest.approx(np.ones(12), abs=0.11)


def test_a_part_of_a_year_has_the_waves_of_its_months(climate):
    wind = open_record("hollandse-kust-noord-2023")["wind_speed"].sel(height=100.0)
    share = np.array(climate.monthly_share) ** 1.5
    for months in ((1, 2), (6, 7)):
        part = wind.sel(time=slice(f"2023-{months[0]:02d}", f"2023-{months[1]:02d}"))
        found = float(generate_waves(part, climate)["significant_wave_height"].mean())
        expected = 1.1 * share[np.array(months) - 1].mean() / share.mean()
        assert found == pytest.approx(expected, rel=0.1), months


def test_a_day_with_a_window_has_hours_enough_in_a_row_within_its_shift():
    hours = np.full(72, 2.0)
    hours[6:14] = 1.5  # eight from the first hour of the shift
    hours[24 + 11 : 24 + 24] = 1.0  # seven within the shift, the rest after it
    hours[48 + 6 : 48 + 17] = 1.0
    hours[48 + 12] = 1.6  # six and four
    sea = xr.DataArray(hours, coords={"time": np.datetime64("2015-01-01", "h") + np.arange(72)}, dims="time")
    assert compare_waves.window_days(sea).to_numpy().tolist() == [True, False, False]


def test_a_wind_with_gaps_and_an_empty_record_are_refused(climate):
    wind = open_record("hollandse-kust-noord-2023")["wind_speed"].sel(height=100.0)
    with pytest.raises(DataError, match="without gaps"):
        generate_waves(wind.where(wind > 3.0), climate)
    with pytest.raises(ConfigurationError, match="0 years"):
        generate_metocean(climate, start="2001-01-01", years=0)


def test_the_curve_of_wave_heights_decides_as_the_heights_themselves(climate, monkeypatch):
    """With a bound that no difference reaches, every correlation is that of the heights: no bit differs."""
    errors = list[float]()
    roughly = metocean._rough_correlation

    def watched(filtered, swell, stated, season, wind):
        found = roughly(filtered, swell, stated, season, wind)
        for weight in (0.0, 0.6, 0.9, 1.0):
            both = weight * filtered + np.sqrt(1.0 - weight**2) * swell
            height = season * (-stats.norm.logsf(both)) ** (1.0 / stated.wave_weibull_shape)
            errors.append(abs(found(weight) - np.corrcoef(height, wind)[0, 1]))
        return found

    wind = open_record("hollandse-kust-noord-2023")["wind_speed"].sel(height=100.0).isel(time=slice(0, 4000))
    for shape, correlation in ((1.4, 0.85), (1.8, 0.7), (1.6, 0.2)):
        drawn = {"wave_weibull_shape": shape, "wave_wind_correlation": correlation}
        other = climate.model_copy(update=drawn)
        monkeypatch.setattr(metocean, "_rough_correlation", watched)
        found = generate_waves(wind, other, seed=3)
        monkeypatch.setattr(metocean, "_CLEARLY", 9.0)
        xr.testing.assert_identical(found, generate_waves(wind, other, seed=3))
        monkeypatch.undo()
    assert max(errors) < 1e-9
