import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from testsite_sim.common.errors import DataError
from testsite_sim.weather import at_hub_heights, fitted_shear, height_rows, open_record

RECORD = open_record("hollandse-kust-noord-2023").isel(time=slice(0, 48))


def test_a_level_of_the_record_is_returned_unchanged() -> None:
    found = at_hub_heights(RECORD, [100.0])
    np.testing.assert_allclose(found["wind_speed"].isel(height=0), RECORD["wind_speed"].sel(height=100.0), rtol=1e-14)
    np.testing.assert_allclose(
        found["wind_direction"].isel(height=0), RECORD["wind_direction"].sel(height=100.0) % 360.0, atol=1e-9
    )


@given(st.floats(50.0, 200.0))
def test_between_levels_the_speed_is_linear_in_the_logarithm_of_the_height(height: float) -> None:
    found = at_hub_heights(RECORD, [height])["wind_speed"].to_numpy()[:, 0]
    levels, speeds = RECORD["height"].to_numpy(), RECORD["wind_speed"].to_numpy()
    expected = [np.interp(np.log(height), np.log(levels), row) for row in speeds]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_beyond_the_levels_the_speed_follows_the_fitted_power_law_and_says_so() -> None:
    shear = fitted_shear(RECORD)
    found = at_hub_heights(RECORD, [260.0])
    expected = RECORD["wind_speed"].sel(height=200.0) * (260.0 / 200.0) ** shear
    np.testing.assert_allclose(found["wind_speed"].isel(height=0), expected, rtol=1e-12)
    assert f"exponent {shear:.4f} at 260 m" in found.attrs["hub_height_method"]
    assert 0.0 < shear < 0.3


def test_the_fitted_shear_recovers_an_exact_power_law() -> None:
    levels = np.array([10.0, 50.0, 100.0, 150.0])
    speeds = np.array([[8.0], [10.0]]) * (levels / 100.0) ** 0.11
    record = xr.Dataset({"wind_speed": (("time", "height"), speeds)}, coords={"height": levels})
    assert fitted_shear(record) == pytest.approx(0.11, abs=1e-12)


def test_directions_on_both_sides_of_north_meet_at_north() -> None:
    record = RECORD.isel(time=slice(0, 1)).sel(height=[50.0, 200.0]).copy(deep=True)
    record["wind_direction"][:] = [[350.0, 10.0]]
    middle = at_hub_heights(record, [100.0])["wind_direction"].item()
    assert min(middle, 360.0 - middle) == pytest.approx(0.0, abs=1e-9)


def test_the_air_density_is_that_of_windpowerlib() -> None:
    # Pressure falls by 1/8 hPa a metre, temperature by 6.5 K a kilometre, in the ideal gas of dry air.
    hub = 109.0
    temperature = RECORD["air_temperature"].to_numpy() - 0.0065 * (hub - 1.0)
    expected = (101325.0 / 100.0 - hub / 8.0) * 100.0 / (287.058 * temperature)
    found = at_hub_heights(RECORD, [hub])
    np.testing.assert_allclose(found["air_density"].isel(height=0), expected, rtol=1e-12)
    assert "standard atmosphere" in found.attrs["air_density_method"]


def test_a_record_with_its_own_density_and_an_unstated_hub_height_is_taken_as_it_is() -> None:
    record = open_record("us-east-coast-2003-2012").isel(time=slice(0, 24))
    found = at_hub_heights(record, [90.0, 120.0])
    np.testing.assert_array_equal(found["wind_speed"].sel(height=90.0), record["wind_speed_at_hub"])
    np.testing.assert_array_equal(found["air_density"].sel(height=120.0), record["air_density"])
    assert "does not state" in found.attrs["hub_height_method"]


def test_without_direction_or_with_one_level_alone_it_is_refused() -> None:
    with pytest.raises(DataError, match="no wind_direction"):
        at_hub_heights(open_record("alpha-ventus-2002-2014").isel(time=slice(0, 24)), [90.0])
    one = RECORD.sel(height=[100.0])
    with pytest.raises(DataError, match="shear_exponent"):
        at_hub_heights(one, [150.0])
    given_shear = at_hub_heights(one, [150.0], shear_exponent=0.1)["wind_speed"].to_numpy()[:, 0]
    np.testing.assert_allclose(given_shear, one["wind_speed"].to_numpy()[:, 0] * 1.5**0.1, rtol=1e-12)


def test_levels_are_taken_by_their_height_in_any_order() -> None:
    expected = at_hub_heights(RECORD, [70.0, 120.0, 230.0])
    found = at_hub_heights(RECORD.isel(height=[3, 0, 4, 2, 1]).transpose(), [120.0, 70.0, 230.0])
    xr.testing.assert_allclose(found[["wind_speed", "wind_direction"]], expected[["wind_speed", "wind_direction"]])
    np.testing.assert_array_equal(height_rows(expected, np.array([230.0, 70.0])), [2, 0])
    with pytest.raises(DataError, match=r"no level at 100 m; there are 70, 120, 230 m"):
        height_rows(expected, np.array([70.0, 100.0]))


def test_wind_that_is_not_what_its_name_says_is_refused() -> None:
    gap = RECORD["wind_speed"].copy(deep=True)
    gap[3, 1] = np.nan
    with pytest.raises(DataError, match=r"weather: wind_speed holds 1 value\(s\) that are not finite"):
        at_hub_heights(RECORD.assign(wind_speed=gap), [100.0])
    with pytest.raises(DataError, match="wind_speed is in 'knot'; expected 'm/s'"):
        at_hub_heights(RECORD.assign(wind_speed=gap.fillna(3.0).assign_attrs(units="knot")), [100.0])
    towards = RECORD["wind_direction"].assign_attrs(standard_name="wind_to_direction")
    with pytest.raises(DataError, match="'wind_to_direction'"):
        at_hub_heights(RECORD.assign(wind_direction=towards), [100.0])
    with pytest.raises(DataError, match="expected different heights above 0 m"):
        at_hub_heights(RECORD.assign_coords(height=[1.0, 50.0, 50.0, 150.0, 200.0]), [100.0])
