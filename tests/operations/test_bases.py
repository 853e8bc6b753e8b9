"""A fleet that several bases serve: each as if it were alone, all together one fleet."""

import numpy as np
import pytest

from testsite_sim.cases.scenario import load_scenario
from testsite_sim.cli import main
from testsite_sim.configuration.climate import Climate
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.maintenance import Maintenance
from testsite_sim.operations import availability_of_bases, fleet_availability, maintenance, maintenance_history
from testsite_sim.operations.fleet_availability import sea_of
from testsite_sim.operations.maintenance import Service, history_in
from testsite_sim.operations.maintenance_tables import Workable
from testsite_sim.weather import open_record

FARMS = ["near"] * 7 + ["far", "other"] * 5
NAMES = [f"{farm} {k}" for k, farm in enumerate(FARMS)]
FAR = np.array([farm == "far" for farm in FARMS])
SUMS = ("cost_parts", "cost_technicians", "cost_total", "turbines_visited")


@pytest.fixture(scope="module")
def parts():
    climate = load_component("climate", "belgian-zone", Climate)
    record = open_record("hollandse-kust-noord-2023").isel(time=slice(0, 24 * 180))
    from_port, at_sea = (
        load_component("maintenance", name, Maintenance) for name in ("belgian-zone", "belgian-zone-gangway")
    )
    return record, climate, from_port, at_sea


@pytest.fixture(scope="module")
def together(parts):
    record, climate, from_port, at_sea = parts
    return availability_of_bases(
        record, from_port, {"sea": (at_sea, ["far"])}, dict(zip(NAMES, FARMS, strict=True)), climate=climate, seed=3
    )


def test_farms_without_a_base_fare_as_if_they_were_alone(parts, together):
    """Aimed at rows that are mixed up: the farm of the base stands between turbines of another."""
    record, climate, from_port, _ = parts
    names = [name for name, far in zip(NAMES, FAR, strict=True) if not far]
    alone = fleet_availability(record, from_port, names, climate=climate, seed=3)
    found = together["availability"].to_numpy()
    assert np.array_equal(found[:, ~FAR], alone["availability"].to_numpy())
    assert together["turbine"].to_numpy().tolist() == NAMES
    events = together["event_turbine"].to_numpy()
    mine = np.isin(events, names)
    assert mine.sum() == np.isin(alone["event_turbine"].to_numpy(), names).sum()
    for name in NAMES:  # a turbine stands where its log says that people worked on it
        rows = (events == name) & (together["event_kind"].to_numpy() == "work")
        for start, end in zip(together["event_start"].values[rows], together["event_end"].values[rows], strict=True):
            hours = (together["time"].values >= start) & (together["time"].values + np.timedelta64(1, "h") <= end)
            assert not together["availability"].sel(turbine=name).to_numpy()[hours].any()


def test_jobs_vessels_and_costs_add_up(parts, together):
    record, climate, from_port, at_sea = parts
    bases = {"sea": (at_sea, ["far"])}
    others = [farm if farm == "far" else "" for farm in FARMS]
    alone = fleet_availability(record, from_port, NAMES[:12], climate=climate, seed=3)  # as many as no base serves
    whole = availability_of_bases(
        record, from_port, bases, dict(zip(NAMES, others, strict=True)), climate=climate, seed=3
    )
    far = {name: float(whole[name]) - float(alone[name]) for name in SUMS}
    assert all(value > 0.0 for value in far.values())
    assert far["cost_technicians"] == pytest.approx(at_sea.technicians * float(at_sea.technician_cost))
    assert whole["vessels"].sel(vessel="service-operation") == 1.0
    assert whole["vessels"].sel(vessel="heavy-lift") == 2.0
    assert float(whole["cost_total"]) == pytest.approx(
        float(whole["cost_parts"] + whole["cost_technicians"] + whole["cost_vessel"].sum())
    )
    assert str(whole["task_vessel"].sel(task="manual-reset").item()) == "crew-transfer or service-operation"
    assert np.all(np.diff(whole["event_start"].values) >= np.timedelta64(0, "ns"))
    numbers = whole["event_vessel_number"].values[whole["event_vessel"].values == "heavy-lift"]
    assert set(numbers) <= {0, 1}
    stopped = float(whole["stopped"].sum()) / (len(NAMES) * record["time"].size * 3600.0)
    assert float(whole["availability_time"]) == pytest.approx(1.0 - stopped, abs=1e-5)


def test_another_base_changes_no_failure_of_the_first_and_has_its_own(parts):
    record, climate, from_port, at_sea = parts
    one = {"sea": (at_sea, ["far"])}
    two = {"more": (at_sea, ["near"]), **one}
    first, second = (
        availability_of_bases(record, from_port, each, dict(zip(NAMES, FARMS, strict=True)), climate=climate, seed=3)
        for each in (one, two)
    )
    share, other = first["availability"].to_numpy(), second["availability"].to_numpy()
    assert np.array_equal(share[:, FAR], other[:, FAR])
    assert not np.array_equal(other[:, FAR][:, :5], other[:, :5])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("operations.bases.gangway.farms=[Rentl]", "there is no farm 'Rentl'. Nearest: Rentel"),
        ("operations.bases.gangway.farms=[Belwind]", "two are to serve 'Belwind'"),
        ("operations.bases.gangway.farms=[]", "operations.bases.gangway.farms"),
        ("operations.maintenance=null", "`bases` belong to `maintenance`"),
    ],
)
def test_bases_that_contradict_the_fleet_are_refused(capsys, change, words):
    with pytest.raises(SystemExit) as caught:
        main(["check", "flanders-wind-farm/belgian-zone", "--set", change])
    assert caught.value.code == 2
    assert words in capsys.readouterr().err


def test_maintenance_that_serves_no_farm_is_refused(capsys):
    farms = "[C-Power 1 (demo), C-Power 2, C-Power 3, Northwind, Norther, Northwester 2, Belwind Haliade demo]"
    change = f"operations.bases.rest={{farms: {farms}, maintenance: belgian-zone}}"
    with pytest.raises(SystemExit) as caught:
        main(["check", "flanders-wind-farm/belgian-zone", "--set", change])
    assert caught.value.code == 2
    assert "serves no farm" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["flanders-wind-farm/belgian-zone", "flanders-wind-farm/belgian-zone-2015"])
def test_no_base_of_the_zone_waits_for_more_repairs_than_the_reference_case_before_it_charters(name):
    """Aimed at a number of the whole zone that goes on to a base by `extends`: four major repairs take a year there."""
    reference = load_component("maintenance", "dinwoodie-2015", Maintenance).vessels
    operations = load_scenario(name).operations
    bases = {"coast": operations.maintenance} | {key: base.maintenance for key, base in operations.bases.items()}
    assert len(bases) >= 2
    for base in bases.values():
        for kind in ("field-support", "heavy-lift"):
            assert base.vessels[kind].charter_threshold <= reference[kind].charter_threshold


def test_turbines_of_a_fleet_fare_the_same_however_its_shares_lie_in_memory(parts):
    """Aimed at the place and stride of shares: columns apart from each other, rows and columns either way round."""
    record, climate, from_port, _ = parts
    sea = sea_of(record, climate, 3, 0)
    service = Service(from_port, sea, 0, Workable(sea))
    columns = np.array([1, 4, 5, 9])
    alone = maintenance_history(from_port, sea, 4, seed=3, log=False)["availability"].to_numpy()
    for order in ("C", "F"):
        shares = np.ones((sea.time.size, 11), np.float32, order)
        history_in(service, shares, columns, NAMES[:4], member=0, seed=3, log=False)
        assert np.array_equal(shares[:, columns], alone)
        assert (np.delete(shares, columns, axis=1) == 1.0).all()
    assert 0.0 <= alone.min() < 0.5 < alone.max() == 1.0


def test_a_log_without_enough_room_is_written_again_and_lowers_no_share_twice(parts, monkeypatch):
    record, climate, from_port, _ = parts
    sea = sea_of(record, climate, 3, 0)
    found = [maintenance_history(from_port, sea, 4, seed=3)]
    monkeypatch.setattr(maintenance, "ROOM", 16 - int(128.0 * 4 * sea.years))
    found.append(maintenance_history(from_port, sea, 4, seed=3))
    assert found[0].sizes["event"] > 16
    assert found[0].identical(found[1])


def test_windows_are_looked_at_once_for_all_who_have_the_same_limits_and_shift(parts):
    """Aimed at a key that leaves out the shift: who works by day alone has fewer good steps in the same sea."""
    record, climate, from_port, _ = parts
    sea = sea_of(record, climate, 3, 0)
    workable = Workable(sea)
    vessel = from_port.vessels["heavy-lift"].vessel
    day, night = (vessel.model_copy(update={"around_the_clock": each}) for each in (False, True))
    by_day, always = workable.windows(from_port, day), workable.windows(from_port, night)
    assert by_day is workable.windows(from_port, day)
    assert by_day[0] is not always[0]
    for windows, one in ((by_day, day), (always, night)):
        wind = sea.wind_limit(one.wind_limit, one.wind_limit_height)
        good = (sea.significant_wave_height <= float(one.wave_limit)) & (sea.wind_speed <= wind)
        if not one.around_the_clock:
            good &= workable.in_shift(from_port)
        assert np.array_equal(windows[0] > 0, good)
        assert windows[2][-1] == good.sum()
        assert np.array_equal(windows[3][: good.sum()], np.flatnonzero(good))
