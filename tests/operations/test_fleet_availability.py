import numpy as np
import pytest
import xarray as xr

from testsite_sim.common.errors import DataError
from testsite_sim.configuration.climate import Climate
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.maintenance import Maintenance
from testsite_sim.operations import fleet_availability, generate_waves
from testsite_sim.operations.fleet_availability import sea_of
from testsite_sim.operations.sea_state import working_wind
from testsite_sim.weather import open_record

NAMES = [f"A{i:03d}" for i in range(399)]


@pytest.fixture(scope="module")
def zone():
    climate = load_component("climate", "belgian-zone", Climate)
    return load_component("maintenance", "belgian-zone", Maintenance), climate


def test_the_belgian_zone_is_as_available_as_published(zone):
    maintenance, climate = zone
    found = fleet_availability(open_record("hollandse-kust-noord-2023"), maintenance, NAMES, climate=climate)
    assert 0.90 < float(found["availability_time"]) < 0.97
    assert found["availability"].dims == ("time", "turbine")
    assert found["turbine"].to_numpy().tolist() == NAMES
    assert float(found["availability"].min()) >= 0.0
    assert float(found["availability"].max()) <= 1.0
    assert (found["availability"] == 0.0).any("time").mean() > 0.9


def test_energy_is_weighed_by_each_turbine_s_power(zone):
    maintenance = zone[0]
    record = open_record("us-east-coast-2003-2012").isel(time=slice(0, 8760))
    power = xr.DataArray(np.ones((8760, 20)), dims=("time", "turbine"), coords={"time": record["time"]})
    found = fleet_availability(record, maintenance, NAMES[:20], power=power)
    assert float(found["availability_energy"]) == pytest.approx(float(found["availability_time"]), abs=1e-5)
    with pytest.raises(DataError, match=r"expected \(20, 8760\)"):
        fleet_availability(record, maintenance, NAMES[:20], power=power[:-1])


def test_a_record_without_waves_needs_a_climate(zone):
    with pytest.raises(DataError, match="no significant_wave_height"):
        fleet_availability(open_record("hollandse-kust-noord-2023"), zone[0], NAMES[:5])


def test_waves_are_those_of_the_wind_the_climate_and_the_member_whatever_was_asked_before(zone):
    climate = zone[1]
    record = open_record("hollandse-kust-noord-2023").isel(time=slice(0, 720))
    windier = record.assign(wind_speed=record["wind_speed"][::-1].assign_coords(time=record["time"]))
    calmer = climate.model_copy(update={"mean_wave_height": 0.5 * climate.mean_wave_height})
    asked = [(record, climate, 0, 0), (windier, climate, 0, 0), (record, calmer, 0, 0), (record, climate, 1, 0)]
    asked.append((record, climate, 0, 1))
    found = [sea_of(*each).significant_wave_height for each in asked]
    for k, (wind, of_climate, seed, member) in enumerate(asked):
        waves = generate_waves(working_wind(wind), of_climate, seed=seed, member=member)["significant_wave_height"]
        np.testing.assert_array_equal(found[k], waves)
        np.testing.assert_array_equal(sea_of(*asked[k]).significant_wave_height, waves)
    assert len({each.tobytes() for each in found}) == len(asked)
