"""The shadow of a mast is found by its gusts, corrected to the free wind, and not seen where there is none."""

import numpy as np
import pytest
import xarray as xr

from testsite_sim.weather.control import control_record
from testsite_sim.weather.mast_shadow import correct_mast_shadow, mast_shadow


def record(shadow: float, days: int = 180, seed: int = 1) -> xr.Dataset:
    """Return hours of wind whose means are weakened from 190 to 220 degrees, the gusts a fourth as much."""
    draw = np.random.default_rng(seed)
    hours = days * 24
    speed, direction = draw.weibull(2.2, hours) * 9.0, draw.uniform(0.0, 360.0, hours)
    gust = speed * draw.normal(1.16, 0.03, hours)
    inside = (direction >= 190.0) & (direction < 220.0)
    mean = np.where(inside, speed * (1.0 - shadow), speed)
    time = np.datetime64("2023-01-01", "ns") + np.arange(hours) * np.timedelta64(1, "h")
    return xr.Dataset(
        {
            "wind_speed": (("time", "height"), mean[:, None], {"units": "m s-1"}),
            "wind_direction": (("time", "height"), direction[:, None]),
            "wind_gust": ("time", gust),
            "true": ("time", speed),
        },
        coords={"time": time, "height": [10.0]},
    )


def test_a_shadow_is_corrected_to_the_free_wind() -> None:
    shaded = record(0.2)
    found, notes = correct_mast_shadow(shaded)
    inside = (shaded["wind_direction"][:, 0] >= 190.0) & (shaded["wind_direction"][:, 0] < 220.0)
    inside = inside & (shaded["true"] > 6.0)
    ratio = float(found["wind_speed"][:, 0].where(inside).sum() / shaded["true"].where(inside).sum())
    assert ratio == pytest.approx(1.0, abs=0.02)
    assert "sectors from 190, 200, 210 degree" in notes[0]
    np.testing.assert_array_equal(found["wind_speed"].where(~inside), found["wind_speed"].where(~inside))
    outside = (shaded["wind_direction"][:, 0] < 190.0).to_numpy()
    np.testing.assert_array_equal(found["wind_speed"].to_numpy()[outside], shaded["wind_speed"].to_numpy()[outside])


@pytest.mark.parametrize("shadow", [0.0, 0.05])
def test_free_sectors_and_weak_distortions_are_left_alone(shadow: float) -> None:
    plain = record(shadow)
    assert mast_shadow(plain) is None
    assert correct_mast_shadow(plain)[0] is plain


def test_a_record_without_gusts_has_no_shadow() -> None:
    assert mast_shadow(record(0.3).drop_vars("wind_gust")) is None


def test_the_quality_control_names_the_shadow_and_its_rule() -> None:
    found = [each for each in control_record(record(0.25).drop_vars("true")) if each.check == "mast shadow"]
    assert found[0].repair == "correct-mast-shadow"
