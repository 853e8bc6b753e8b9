"""The event log is audited: what it says must be possible at sea."""

import numpy as np
import pytest

from tests.operations.fleets import open_sea, reference_case
from testsite_sim.operations import maintenance_history
from testsite_sim.operations.maintenance_tables import Workable

HOUR = np.timedelta64(3600, "s")
SLACK = np.timedelta64(2, "s")  # stamps are rounded to seconds


@pytest.fixture(scope="module", params=["one job a shift", "further jobs", "own technicians", "sailing twice"])
def audit(request):
    rules = {
        "one job a shift": {},
        "further jobs": {"further_jobs_in_shift": True},
        "own technicians": {"technicians_shared": False},
        "sailing twice": {"minimum_window": "0 hour", "sailings_per_vessel_and_shift": 2},
    }
    sea, case = open_sea(2 * 365), reference_case(crews={"turbines_per_vessel_and_shift": 9, **rules[request.param]})
    log = maintenance_history(case, sea, 60, member=1).drop_dims(["time", "turbine", "task", "vessel"]).to_dataframe()
    return sea, case, log


def hours(sea, moments):
    return (moments - sea.time[0]) / HOUR


def test_no_vessel_is_in_two_places(audit):
    _, _, log = audit
    moves = log[log.event_kind.isin(["travel", "transfer", "pick-up", "return"])]
    assert len(moves) > 1000
    for _, mine in moves.groupby(["event_vessel", "event_vessel_number"]):
        mine = mine.sort_values("event_start")
        assert (mine.event_start.to_numpy()[1:] >= mine.event_end.to_numpy()[:-1] - SLACK).all()


def test_no_turbine_has_two_crews(audit):
    _, _, log = audit
    for _, mine in log[log.event_kind == "work"].groupby("event_turbine"):
        mine = mine.sort_values("event_start")
        assert (mine.event_start.to_numpy()[1:] >= mine.event_end.to_numpy()[:-1] - SLACK).all()


def test_crews_work_within_shift_and_limits_and_are_fetched(audit):
    sea, case, log = audit
    ok = (sea.significant_wave_height <= 1.5) & Workable(sea).in_shift(case)
    mine = log[log.event_vessel == "crew-transfer"]
    for kind in ("transfer", "work", "pick-up"):
        rows = mine[mine.event_kind == kind]
        first = np.floor(hours(sea, rows.event_start.to_numpy()) + 1e-3).astype(int)
        last = np.ceil(hours(sea, rows.event_end.to_numpy()) - 1e-3).astype(int)
        for a, b in zip(first, last, strict=True):
            assert ok[a:b].all(), (kind, a, b)
    ended = mine[mine.event_end < sea.time[-1] - 24 * HOUR]
    assert (ended.event_kind == "work").sum() == (ended.event_kind == "pick-up").sum()


def test_no_more_technicians_are_out_than_there_are(audit):
    _, case, log = audit
    trips = log[(log.event_kind == "travel") & (log.event_vessel == "crew-transfer")]
    trips = trips.assign(day=trips.event_start.dt.date)
    sailings = trips.groupby(["day", "event_vessel_number"]).event_technicians
    assert sailings.count().max() <= case.crews.sailings_per_vessel_and_shift
    assert sailings.first().groupby("day").sum().max() <= case.technicians  # who sails again has been counted
    visits = log[(log.event_kind == "transfer") & (log.event_vessel == "crew-transfer")]
    seats = 12 if case.crews.technicians_shared else case.technicians // 3
    out = visits.groupby([visits.event_start.dt.date, "event_vessel_number"]).event_technicians.sum()
    if not case.crews.further_jobs_in_shift:
        assert out.max() <= seats


def test_every_repair_takes_its_work(audit):
    _, case, log = audit
    work = log[log.event_kind == "work"].groupby(["event_turbine", "event_task"]).event_work.sum()
    for (_, task), seconds in work.items():
        whole = float(case.tasks[task].duration)
        repairs = seconds / whole
        assert repairs > 0.0
        if task == "manual-reset":
            assert abs(repairs - round(repairs)) * whole < 3 * 3600.0 + 2.0


def test_heavy_lifts_work_in_good_hours_only(audit):
    sea, _, log = audit
    ok = (sea.significant_wave_height <= 2.0) & (sea.wind_speed <= 10.0)
    before = np.concatenate([[0], np.cumsum(ok)])
    rows = log[(log.event_kind == "work") & (log.event_vessel == "heavy-lift")]
    assert len(rows) > 3
    for start, end, done in zip(rows.event_start, rows.event_end, rows.event_work, strict=True):
        a, b = (float(hours(sea, np.datetime64(moment))) for moment in (start, end))
        good = np.interp([a, b], np.arange(before.size), before)
        assert done / 3600.0 == pytest.approx(good[1] - good[0], abs=2e-3)
