import numpy as np
import pytest
import xarray as xr

from tests.operations.fleets import calm, finer, open_sea, reference_case, scaled
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.maintenance import Maintenance
from testsite_sim.operations import maintenance_history, simulate_maintenance


@pytest.fixture(scope="module")
def year():
    return open_sea(365)


def mean_availability(maintenance, sea, members=6):
    return float(simulate_maintenance(maintenance, sea, 30, members=members)["availability_time"].mean())


def test_without_failures_everything_runs(year):
    case = reference_case(drop=["annual-service"], rates=0.0)
    assert mean_availability(case, year, 1) == 1.0


def test_the_same_seed_gives_the_same_bits_for_any_number_of_workers(year):
    one = simulate_maintenance(reference_case(), year, 30, members=20, seed=5)
    four = simulate_maintenance(reference_case(), year, 30, members=20, seed=5, workers=4)
    xr.testing.assert_identical(one, four)
    part = simulate_maintenance(reference_case(), year, 30, members=[17, 3], seed=5)
    xr.testing.assert_identical(one.sel(member=[17, 3]), part)
    assert len(set(one["availability_time"].to_numpy())) == 20


def test_a_remote_reset_stops_the_turbine_for_its_duration(year):
    reset = {"manual-reset": {"vessel": None, "rate": "50 1/year", "duration": "20 hour"}}
    case = reference_case(only="manual-reset", tasks=reset, vessels={}, clocks="operating")
    found = simulate_maintenance(case, year, 80, members=20)["availability_time"]
    analytic = 1.0 / (1.0 + 50.0 * 20.0 / 8760.0)
    assert float(found.mean()) == pytest.approx(analytic, abs=4.0 * float(found.std()) / np.sqrt(20))


def test_without_weather_a_chartered_repair_takes_mobilisation_travel_and_work():
    sea = calm(open_sea())
    case = reference_case(only="major-replacement", rates=10.0, clocks="operating", thresholds={"heavy-lift": 1})
    written = case.model_dump(mode="json")
    vessel = written["vessels"]["heavy-lift"]["vessel"]
    vessel["transfer_duration"] = "0 hour"
    vessel["charter_duration"] = "2 hour"
    with pytest.raises(ConfigurationError, match="ends before the vessel is at work"):
        simulate_maintenance(type(case).model_validate(written), sea, 1)
    vessel["charter_duration"] = "5 hour"
    found = simulate_maintenance(type(case).model_validate(written), sea, 1, members=200)["availability_time"]
    downtime = 60.0 * 24.0 + 50.0 / (11.0 * 1.852) + 52.0
    analytic = 1.0 / (1.0 + 0.8 * downtime / 8760.0)
    assert float(found.mean()) == pytest.approx(analytic, abs=4.0 * float(found.std()) / np.sqrt(200) + 0.002)


def test_availability_falls_when_failures_rise_vessels_vanish_or_waves_grow(year):
    base = mean_availability(reference_case(), year)
    assert mean_availability(reference_case(rates=3.0), year) < base
    assert mean_availability(reference_case(numbers={"crew-transfer": 0}), year) < base - 0.1
    assert mean_availability(reference_case(numbers={"heavy-lift": 0}), year) < base
    assert (
        mean_availability(reference_case(), scaled(year, 1.3)) < base < mean_availability(reference_case(), calm(year))
    )


def test_ten_minute_weather_gives_the_same_as_the_hourly_weather_it_repeats(year):
    hourly = mean_availability(reference_case(), year)
    assert mean_availability(reference_case(), finer(year, 6)) == pytest.approx(hourly, abs=0.01)


def test_condition_monitoring_repairs_before_the_turbine_stops(year):
    warned = {"manual-reset": {"warning": "30 day", "detected": 0.9}}
    blind = mean_availability(reference_case(only="manual-reset", clocks="operating"), year)
    seen = mean_availability(reference_case(only="manual-reset", tasks=warned, clocks="operating"), year)
    assert 1.0 - seen < 0.6 * (1.0 - blind)
    never = {"manual-reset": {"warning": "30 day", "detected": 0.0}}
    assert mean_availability(reference_case(only="manual-reset", tasks=never, clocks="operating"), year) == blind


def test_failures_that_do_not_stop_the_turbine_cost_less_availability(year):
    running = {name: {"stops_turbine": False} for name in ("manual-reset", "minor-repair", "medium-repair")}
    assert mean_availability(reference_case(tasks=running), year) > mean_availability(reference_case(), year) + 0.01


def test_worn_parts_fail_later_and_more_together():
    sea = calm(open_sea())
    life = {"minor-repair": {"rate": None, "life": "3 year", "weibull_shape": 4.0}}
    young = simulate_maintenance(reference_case(only="minor-repair", tasks=life), sea, 30, members=5)
    # in ten years a part of mean life 2.72 years is renewed about 3.2 times
    assert float(young["failures"].mean()) / 30 == pytest.approx(3.2, abs=0.2)


def test_a_larger_threshold_charters_less_often():
    sea = open_sea()
    written = reference_case(only="major-replacement").model_dump(mode="json")
    often = simulate_maintenance(reference_case(only="major-replacement"), sea, 80, members=3)
    written["vessels"]["heavy-lift"]["charter_threshold"] = 4
    seldom = simulate_maintenance(type(reference_case()).model_validate(written), sea, 80, members=3)
    assert (seldom["mobilisations"] < often["mobilisations"]).all()
    assert (seldom["availability_time"] < often["availability_time"]).all()


def test_energy_is_lost_when_the_wind_blows(year):
    power = np.where(year.wind_speed > 8.0, 3e6, 0.0)
    found = simulate_maintenance(reference_case(), year, 30, members=4, power=power)
    history = maintenance_history(reference_case(), year, 30, member=2, power=power)
    energy = float((history["availability"] * xr.DataArray(power, dims="time")).sum()) / (30 * power.sum())
    assert float(found["availability_energy"].sel(member=2)) == pytest.approx(energy, abs=1e-5)
    mean = float(history["availability"].mean())
    assert float(found["availability_time"].sel(member=2)) == pytest.approx(mean, abs=1e-5)
    with pytest.raises(DataError, match="shape"):
        simulate_maintenance(reference_case(), year, 30, power=power[1:])


def test_without_a_power_nothing_is_said_of_energy(year):
    without = simulate_maintenance(reference_case(), year, 30, members=2)
    given = simulate_maintenance(reference_case(), year, 30, members=2, power=np.where(year.wind_speed > 8.0, 3e6, 0.0))
    assert set(given) - set(without) == {"availability_energy", "energy_lost"}
    xr.testing.assert_identical(given.drop_vars(["availability_energy", "energy_lost"]), without)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"port_distance": "300 km"}, "unreachable within a shift"),
        ({"technicians": 5, "crews": {"technicians_shared": False}}, "wants 2 technicians, found 1 aboard"),
        ({"tasks": {"major-replacement": {"uninterrupted": True, "duration": "900 hour"}}}, "900 h never fit any"),
        ({"tasks": {"medium-repair": {"uninterrupted": True}}}, "do not fit into a shift"),
    ],
)  # fmt: skip
def test_what_can_never_be_done_is_refused(year, changes, said):
    with pytest.raises(ConfigurationError, match=said):
        simulate_maintenance(reference_case(**changes), year, 30)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"tasks": {"manual-reset": {"vessel": "crew-transfr"}}}, "Nearest: crew-transfer"),
        ({"vessels": {"crew-transfer": {"vessel": "no", "number": 1}}}, "valid"),
        ({"tasks": {"manual-reset": {"rate": "-1 1/year"}}}, "could not convert|out of bounds"),
        ({"tasks": {"manual-reset": {"every": "1 year"}}}, "expected one of"),
    ],
)
def test_a_wrong_configuration_is_refused(changes, said):
    with pytest.raises(ValueError, match=said):
        reference_case(**changes)


def test_a_vessel_that_no_repair_uses_is_refused():
    written = reference_case().model_dump(mode="json")
    written["tasks"]["major-replacement"]["vessel"] = "field-support"
    with pytest.raises(ValueError, match="vessel 'heavy-lift' serves no task"):
        type(reference_case()).model_validate(written)


def test_the_same_machinery_maintains_hydrogen_plants():
    plant = load_component("maintenance", "hydrogen-plant", Maintenance)
    found = simulate_maintenance(plant, open_sea(), 6, members=20)
    assert 0.96 < float(found["availability_time"].mean()) < 0.99
    assert (found["completed"].sum("member") > 0).all()
