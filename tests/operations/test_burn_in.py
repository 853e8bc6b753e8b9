"""A fleet in service begins with turbines that stand still and jobs that wait: the first month is like later years."""

import numpy as np
import pytest

from tests.operations.fleets import open_sea, reference_case
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.units import DAY
from testsite_sim.operations import maintenance_history, simulate_maintenance
from testsite_sim.operations.maintenance import before_record

MONTH, MEMBERS, TURBINES = 30, 60, 40


def test_the_first_month_is_as_available_as_the_same_month_of_later_years() -> None:
    sea = open_sea(MONTH)
    case = reference_case(drop=["annual-service"])
    later = before_record(sea, 24 * MONTH * 30)  # the same month, thirty times, and then once more
    late = simulate_maintenance(case, later, TURBINES, members=MEMBERS)
    late_all = float(late["availability_time"].mean())
    steady = float(
        simulate_maintenance(case, sea, TURBINES, members=MEMBERS, burn_in=MONTH * 30 * DAY)["availability_time"].mean()
    )
    fresh = float(simulate_maintenance(case, sea, TURBINES, members=MEMBERS)["availability_time"].mean())
    assert steady == pytest.approx(late_all, abs=0.006)  # late_all has the fresh months in it, one of thirty
    assert fresh > steady + 0.01


def test_what_is_counted_is_what_a_longer_run_counts_in_its_last_part() -> None:
    sea, days = open_sea(60), 90
    longer = before_record(sea, 24 * days)
    case = reference_case()
    whole = maintenance_history(case, longer, 20, seed=3)
    part = maintenance_history(case, sea, 20, seed=3, burn_in=days * DAY)
    np.testing.assert_array_equal(part["availability"].to_numpy(), whole["availability"].to_numpy()[24 * days :])
    lost = (1.0 - part["availability"].to_numpy()).sum() * sea.step
    assert float(part["stopped"].sum()) == pytest.approx(lost, rel=1e-5)
    begins = whole["event_start"].to_numpy() >= sea.time[0]
    fails = whole["event_kind"].to_numpy() == "failure"
    assert int((part["event_kind"] == "failure").sum()) == int((begins & fails).sum())
    assert part["event_start"].to_numpy().min() >= sea.time[0]


def test_jobs_open_at_the_start_are_counted_and_none_is_finished_twice() -> None:
    part = maintenance_history(reference_case(), open_sea(60), 20, seed=3, burn_in=365 * DAY)
    assert (part["open"].to_numpy() >= 0.0).all()
    assert (part["completed"].to_numpy() <= part["failures"].to_numpy()).all()
    days = float(part.attrs["years"]) * 365.25
    assert (part["charter_duration"].to_numpy() <= days * DAY * part["vessels"].to_numpy() + 1e-6).all()


def test_without_a_burn_in_a_fleet_begins_new() -> None:
    history = maintenance_history(reference_case(), open_sea(30), 20, seed=3)
    assert (history["availability"].to_numpy()[0] > 0.9).all()


def test_a_negative_burn_in_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="burn_in is -1 s"):
        simulate_maintenance(reference_case(), open_sea(30), 2, burn_in=-1.0)
