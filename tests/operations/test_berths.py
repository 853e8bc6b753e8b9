import numpy as np
import pytest

from tests.operations.fleets import open_sea, reference_case
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.configuration.berths import OffshoreTestSite
from testsite_sim.configuration.loading import load_component
from testsite_sim.operations import (
    FailureRates,
    certification_time,
    certified_energy,
    sea_state,
    simulate_berths,
    simulate_reliability_growth,
    value_of_reliability,
)
from testsite_sim.weather import open_record


@pytest.fixture(scope="module")
def place():
    record = open_record("us-east-coast-2003-2012")
    direction = record["wind_direction"].to_numpy()[:, 0]
    return sea_state(record), direction, record["air_density"].to_numpy()


def site(**changes):
    written = load_component("test-site", "flanders", OffshoreTestSite).model_dump(mode="json")
    for path, value in changes.items():
        head, key = path.split("__")
        written[head][key] = value
    return OffshoreTestSite.model_validate(written)


def test_disturbed_sectors_and_poor_availability_take_longer(place):
    durations = certification_time(site(), *place)
    mean = durations["power_performance"].mean("time")
    order = np.argsort(durations["valid_share"].to_numpy())
    assert (np.diff(mean.to_numpy()[order]) < 0.0).all()
    worse = OffshoreTestSite.model_validate(site().model_dump(mode="json") | {"prototype_availability": 0.5})
    slower = certification_time(worse, *place)["power_performance"].mean("time")
    assert (slower > mean).all()


def test_a_campaign_takes_its_hours_at_least(place):
    durations = certification_time(site(), *place)["power_performance"]
    assert float(durations.min()) >= 180.0 * 3600.0 / 0.8
    assert 180.0 * 3600.0 / 0.8 < float(durations.median()) < 90.0 * 86400.0


def test_a_bin_that_is_never_seen_is_named(place):
    with pytest.raises(DataError, match=r"the bin at \d+(\.5)? m/s was seen for 0 h of the 1 h"):
        certification_time(site(power_performance__speed_at_85_percent="35 m/s"), *place)
    with pytest.raises(DataError, match="wind_direction does not fit"):
        certification_time(site(), place[0], place[1][:-1])


def test_turbulence_bins_make_a_capture_matrix_take_longer(place):
    with_bins = certification_time(site(), *place)["load_measurement"]
    without = certification_time(site(load_measurement__turbulence=None), *place)["load_measurement"]
    assert (with_bins.fillna(np.inf) >= without.fillna(np.inf)).all()
    assert float(with_bins.median()) > float(without.median())
    rare = site().load_measurement.turbulence.model_dump(mode="json") | {"least_share": 0.0}
    with pytest.raises(DataError, match=r"load measurement on berth 'west'.*m/s and turbulence \d+ % was seen for"):
        certification_time(site(load_measurement__turbulence=rare), *place)
    with pytest.raises(ValueError, match="intensity must be 3 fractions"):
        site(load_measurement__turbulence=rare | {"intensity": [0.1, 0.2]})


def test_a_certified_curve_gives_the_energy_of_the_turbine_within_its_uncertainty(place):
    times = certification_time(site(), *place)
    speed = np.arange(3.0, 25.5, 0.5)
    power = 10e6 * np.clip((speed - 3.0) / 9.0, 0.0, 1.0) ** 2.5
    sea, direction, density = place
    found = certified_energy(site(), sea, times, speed, power, direction, density, members=8)
    error = found["energy_extrapolated"] / found["energy_of_curve"] - 1.0
    share = found["uncertainty"] / found["energy_extrapolated"]
    assert float(np.abs(error).sel(mean_wind_speed=10.0).max()) < 0.03
    assert 0.01 < float(share.sel(mean_wind_speed=10.0).mean()) < 0.06
    assert (found["uncertainty_a"] < found["uncertainty_b"]).all()
    np.testing.assert_allclose(np.hypot(found["uncertainty_a"], found["uncertainty_b"]), found["uncertainty"])
    sure = site(power_performance__speed_uncertainty=0.0, power_performance__power_uncertainty=0.0)
    exact = certified_energy(sure, sea, times, speed, power, direction, density, members=8)
    np.testing.assert_allclose(exact["uncertainty_b"], 0.0, atol=1e-3)
    np.testing.assert_array_equal(exact["energy_extrapolated"], found["energy_extrapolated"])


def test_more_berths_wait_less_and_a_busy_site_is_used(place):
    durations = certification_time(site(), *place)
    three = simulate_berths(site(), place[0], durations, members=20)
    written = site().model_dump(mode="json")
    one = OffshoreTestSite.model_validate(written | {"berths": written["berths"][:1]})
    alone = simulate_berths(one, place[0], durations.isel(berth=[0]), members=20)
    assert float(alone["waiting"].mean()) > 3.0 * float(three["waiting"].mean())
    assert float(alone["berth_utilisation"].mean()) > float(three["berth_utilisation"].mean())
    assert float(three["berth_utilisation"].max()) <= 1.0
    for b in range(3):
        assert (three["berth"] == b).any()
    assert float(three["months_to_certificate"].mean()) > 12.0


def test_berths_are_the_same_for_the_same_seed(place):
    durations = certification_time(site(), *place)
    first, again = (simulate_berths(site(), place[0], durations, members=5, seed=4) for _ in range(2))
    assert first.identical(again)


def test_a_move_that_never_fits_is_refused(place):
    durations = certification_time(site(), *place)
    with pytest.raises(ConfigurationError, match=r"2000 h never fits any window.*longest found"):
        simulate_berths(site(installation__duration="2000 hour"), place[0], durations)


def test_hours_at_sea_make_the_fleet_more_reliable():
    growth = site().reliability_growth
    one = simulate_reliability_growth(growth, members=2000)
    four = simulate_reliability_growth(growth, prototypes=4, members=2000)
    np.testing.assert_allclose(one["failure_rate"].mean("member"), one["expected_failure_rate"], rtol=0.03)
    assert float(four["failure_rate"][:, -1].mean()) < float(one["failure_rate"][:, -1].mean())
    assert float(one["growth_exponent"].mean()) < 1.0
    none = simulate_reliability_growth(site(reliability_growth__fix_probability=0.0).reliability_growth, members=500)
    assert (none["failure_rate"] == none["failure_rate"][0, 0]).all()


def test_a_more_reliable_fleet_saves_money():
    sea = open_sea(2 * 365)
    power = np.where(sea.wind_speed > 8.0, 3e6, 1e6)
    found = value_of_reliability(
        reference_case(clocks="operating"),
        sea,
        40,
        FailureRates(20.0, 14.5, 10.8),
        power=power,
        price=60.0 / 3.6e9,
        members=5,
    )
    assert float(found["value"].mean()) > 0.0
    assert (found["availability_energy"].sel(fleet="after") > found["availability_energy"].sel(fleet="before")).all()
    with pytest.raises(ConfigurationError, match="expected none"):
        value_of_reliability(reference_case(), sea, 40, FailureRates(-1.0, 1.0, 1.0), power=power, price=0.0)


def test_berths_without_grid_depth_or_permit_are_not_used(place):
    durations = certification_time(site(), *place)
    large = simulate_berths(site(prototype__rated_power="12 MW"), place[0], durations, members=5)
    assert set(np.unique(large["berth"])) <= {-1, 2}
    with pytest.raises(ConfigurationError, match=r"no berth suits a prototype of 20 MW.*east \(15 MW, 25 m\)"):
        simulate_berths(site(prototype__rated_power="20 MW"), place[0], durations)
    written = site().model_dump(mode="json")
    for berth in written["berths"]:
        berth["permit_duration"] = "3 year"
    short = simulate_berths(OffshoreTestSite.model_validate(written), place[0], durations, members=5)
    whole = simulate_berths(site(), place[0], durations, members=5)
    assert (short["berth"] >= 0).sum() < (whole["berth"] >= 0).sum()
