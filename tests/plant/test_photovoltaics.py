"""Photovoltaic power: that of pvlib's own chain of models, at the hour of the sun, within what panels can."""

import numpy as np
import pandas as pd
import pvlib
import pytest
import xarray as xr

from testsite_sim.common.errors import DataError
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.photovoltaics import Photovoltaics
from testsite_sim.plant.photovoltaics import photovoltaic_power
from testsite_sim.weather import open_record

# pvlib 0.16 takes the day of the year from stamps by a name that pandas gives up.
pytestmark = pytest.mark.filterwarnings("ignore:DatetimeIndex.dayofyear")


def panels(**changes) -> Photovoltaics:
    return load_component("photovoltaics", "halle-800kwp", Photovoltaics).model_copy(update=changes)


@pytest.fixture(scope="module")
def record() -> xr.Dataset:
    return open_record("hollandse-kust-noord-2023")


@pytest.fixture(scope="module")
def clear_sky() -> xr.Dataset:
    """Three days of June under a clear sky, quarter-hours stamped at their start, with all that a record has."""
    time = pd.date_range("2023-06-20", "2023-06-23", freq="15min", inclusive="left")
    place = pvlib.location.Location(50.7, 4.2, altitude=0)
    sky = place.get_clearsky((time + pd.Timedelta("450s")).tz_localize("UTC"), model="ineichen", linke_turbidity=3.0)
    names = {"ghi": "global_horizontal", "dni": "direct_normal", "dhi": "diffuse_horizontal"}
    data = {f"{name}_irradiance": ("time", sky[key].to_numpy()) for key, name in names.items()}
    data["air_temperature"] = ("time", np.full(time.size, 285.15))
    data["wind_speed"] = (("time", "height"), np.full((time.size, 1), 3.0))
    coords = {"time": time.to_numpy("datetime64[ns]"), "height": [10.0]}
    return xr.Dataset(data, coords=coords, attrs={"latitude": 50.7, "longitude": 4.2})


def test_the_power_is_that_of_pvlibs_own_chain_of_models(clear_sky: xr.Dataset) -> None:
    plant = panels(tilt=30.0, azimuth=160.0)
    array = pvlib.pvsystem.Array(
        pvlib.pvsystem.FixedMount(30.0, 160.0),
        albedo=0.2,
        module_parameters={"pdc0": 8e5, "gamma_pdc": -0.004},
        temperature_model_parameters={"u0": 25.0, "u1": 6.84},
    )
    shares = ("soiling", "shading", "snow", "mismatch", "wiring", "connections", "lid", "nameplate_rating", "age")
    system = pvlib.pvsystem.PVSystem(
        [array],
        inverter_parameters={"pdc0": 7e5 / 0.96, "eta_inv_nom": 0.96},
        losses_parameters=dict.fromkeys(shares, 0.0) | {"availability": 14.0},
    )
    place = pvlib.location.Location(50.7, 4.2, altitude=0)
    chain = pvlib.modelchain.ModelChain(
        system,
        place,
        dc_model="pvwatts",
        ac_model="pvwatts",
        aoi_model="physical",
        spectral_model="no_loss",
        temperature_model="faiman",
        losses_model="pvwatts",
        transposition_model="haydavies",
    )
    middle = (pd.DatetimeIndex(clear_sky["time"].to_numpy()) + pd.Timedelta("450s")).tz_localize("UTC")
    weather = pd.DataFrame(
        {
            "ghi": clear_sky["global_horizontal_irradiance"].to_numpy(),
            "dni": clear_sky["direct_normal_irradiance"].to_numpy(),
            "dhi": clear_sky["diffuse_horizontal_irradiance"].to_numpy(),
            "temp_air": 12.0,
            "wind_speed": 3.0,
        },
        index=middle,
    )
    chain.run_model(weather)
    found = photovoltaic_power(clear_sky, plant)
    assert found.attrs["irradiance_offset"] == 450.0
    np.testing.assert_allclose(found, chain.results.ac.to_numpy(), rtol=1e-9, atol=1e-6 * 8e5)


def test_a_year_of_the_north_sea_yields_what_flemish_panels_yield(record: xr.Dataset) -> None:
    """About 950 to 1,050 kWh/kWp on land at 15 to 35 degrees; the record's sea has a tenth more sun than Brussels."""
    power = photovoltaic_power(record, panels())
    full_load_hours = float(power.sum()) / 8e5
    assert 950.0 < full_load_hours < 1150.0
    assert float(power.max()) <= 7e5


def test_irradiance_stamped_at_the_end_of_its_hour_is_found_and_put_into_it(record: xr.Dataset) -> None:
    power = photovoltaic_power(record, panels())
    assert power.attrs["irradiance_offset"] == -1800.0
    hour = power["time"].dt.hour.to_numpy() + 0.5
    noon = float((power * hour).sum() / power.sum())
    assert noon == pytest.approx(12.0 - 4.293 / 15.0, abs=0.15)  # solar noon at the record's longitude


def test_a_late_stamp_gives_the_same_power_an_interval_earlier(clear_sky: xr.Dataset) -> None:
    late = clear_sky.assign_coords(time=clear_sky["time"] + np.timedelta64(15, "m"))
    on_time, found = photovoltaic_power(clear_sky, panels()), photovoltaic_power(late, panels())
    assert found.attrs["irradiance_offset"] == -450.0
    np.testing.assert_allclose(found[:-1], on_time[1:], rtol=1e-9, atol=1e-3)


def test_no_sun_no_power_and_never_more_than_the_inverter(record: xr.Dataset) -> None:
    small = panels(inverter_power=2e5)
    power = photovoltaic_power(record.isel(time=slice(0, 4000)), small)
    assert float(power.min()) >= 0.0
    assert float(power.max()) == pytest.approx(2e5, rel=1e-9)
    night = record["global_horizontal_irradiance"].to_numpy()[1:4000] == 0.0
    assert np.all(power.to_numpy()[:-1][night] == 0.0)


def test_a_record_without_irradiance_or_place_is_refused(record: xr.Dataset) -> None:
    with pytest.raises(DataError, match="no global_horizontal_irradiance"):
        photovoltaic_power(record.drop_vars("global_horizontal_irradiance"), panels())
    placeless = record.isel(time=slice(0, 48)).drop_attrs(deep=False)
    with pytest.raises(DataError, match="no place"):
        photovoltaic_power(placeless, panels())
    assert photovoltaic_power(placeless, panels(), latitude=52.7, longitude=4.3).size == 48


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"tilt": "120 degree"}, "0 \\(flat\\)"),
        ({"capacity": "800 kWh"}, "a power"),
        ({"temperature_coefficient": "0.004 1/K"}, "out of bounds"),
    ],
)
def test_impossible_panels_are_refused(changes: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Photovoltaics.model_validate({**panels().model_dump(mode="json"), **changes})


def test_a_gap_in_the_irradiance_is_refused_and_no_night(clear_sky: xr.Dataset) -> None:
    gap = clear_sky["global_horizontal_irradiance"].copy(deep=True)
    gap[40] = np.nan
    with pytest.raises(DataError, match=r"photovoltaics: global_horizontal_irradiance holds 1 value\(s\) that are not"):
        photovoltaic_power(clear_sky.assign(global_horizontal_irradiance=gap), panels())
    celsius = (clear_sky["air_temperature"] - 273.15).assign_attrs(units="K")
    with pytest.raises(DataError, match="air_temperature falls to 12 K"):
        photovoltaic_power(clear_sky.assign(air_temperature=celsius), panels())
