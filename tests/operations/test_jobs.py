"""What maintenance reports: jobs done and open, vessels, costs, work that piles up, and what can never be done."""

import numpy as np
import pytest
import xarray as xr

from tests.operations.fleets import calm, open_sea, reference_case
from testsite_sim.api import load
from testsite_sim.chain.sea_summary import sea_entries, sea_warnings
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.maintenance import Task
from testsite_sim.operations import maintenance_history, simulate_maintenance
from testsite_sim.report.sea_tables import sea_tables

TURBINES = 40


@pytest.fixture(scope="module")
def year():
    return open_sea(365)


@pytest.fixture(scope="module")
def history(year):
    return maintenance_history(reference_case(), year, TURBINES, member=1)


def summary(case, sea):
    results = {"operations": maintenance_history(case, sea, TURBINES)}
    return sea_entries(results), list(sea_warnings(results))


def test_jobs_are_those_of_the_log_and_of_the_replica(history, year):
    replica = simulate_maintenance(reference_case(), year, TURBINES, members=[1]).isel(member=0)
    for name in ("failures", "completed", "open", "stopped", "cost_vessel", "hired_duration", "cost_total"):
        np.testing.assert_array_equal(history[name], replica[name])
    np.testing.assert_array_equal(history["open"], history["failures"] - history["completed"])
    log = history["event_kind"].to_numpy()
    tasks = history["event_task"].to_numpy()
    for task in ("manual-reset", "major-repair"):
        assert ((log == "failure") & (tasks == task)).sum() == int(history["failures"].sel(task=task))
    stopped = 1.0 - history["availability"].to_numpy().astype(float)
    assert stopped.sum() * 3600.0 == pytest.approx(float(history["stopped"].sum()), rel=1e-4)


def test_downtime_by_tasks_that_several_vessels_serve_stands_once_under_all_of_them(history):
    served = history["task_vessel"].where(history["task_vessel"] != "crew-transfer", "crew-transfer or field-support")
    operations = history.assign(task_vessel=served)
    names = sea_entries({"operations": operations})
    down = names["downtime_served_by_crew_transfer_or_field_support"][2]
    assert "downtime_served_by_crew_transfer" not in names
    assert all(name.isidentifier() for name in names)
    vessels = next(t for t in sea_tables(xr.DataTree.from_dict({"operations": operations})) if t["title"] == "Vessels")
    column = next(k for k, head in enumerate(vessels["head"]) if head.startswith("downtime"))
    shown = {row[0]: row[column] for row in vessels["rows"]}
    assert shown["crew-transfer"] == ""
    assert shown["crew-transfer or field-support"] == f"{down:,.1f}"
    total = sum(float(text.replace(",", "")) for text in shown.values() if text)
    assert total == pytest.approx(names["downtime"][2], abs=0.05 * len(shown))


def test_the_summary_counts_jobs_days_and_costs_by_hand(history):
    found = sea_entries({"operations": history})
    value = {name: entry[2] for name, entry in found.items()}
    assert value["jobs_done"] + value["jobs_open"] == float(history["failures"].sum())
    tasks = reference_case().tasks
    assert value["downtime"] == pytest.approx(sum(value[f"downtime_{name.replace('-', '_')}"] for name in tasks))
    vessels = reference_case().vessels
    served = [value[f"downtime_served_by_{name.replace('-', '_')}"] for name in vessels]
    assert value["downtime"] == pytest.approx(sum(served))
    assert value["vessel_days_crew_transfer"] == 3 * 365
    cost = 3 * 365 * 2100.0 + 20 * 96000.0
    for name, item in vessels.items():
        if item.vessel.hire == "charter":
            key = name.replace("-", "_")
            hired = float(item.vessel.day_rate) * value[f"vessel_days_{key}"]
            mobilised = float(history["mobilisations"].sel(vessel=name)) * float(item.vessel.mobilisation_cost)
            cost += hired + mobilised
    cost += sum(float(history["completed"].sel(task=name)) * float(task.parts) for name, task in tasks.items())
    assert value["maintenance_cost"] == pytest.approx(cost, rel=1e-9)


def test_a_warning_comes_where_work_piles_up_and_not_in_a_calm(year):
    _, scarce = summary(reference_case(numbers={"crew-transfer": 1}, technicians=3), year)
    assert any("work piles up" in line and "annual-service" in line for line in scarce)
    _, enough = summary(reference_case(numbers={"crew-transfer": 6}, technicians=60), calm(year))
    assert enough == []


def test_a_class_without_vessels_is_named(year):
    _, lines = summary(reference_case(numbers={"heavy-lift": 0}), year)
    assert any("there is no heavy-lift" in line and "major-replacement" in line for line in lines)


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ("major-repair", r"48000 h of work are never done in the record: \d+ of its 8760 h lie within the limits"),
        ("minor-repair", r"48000 h of work are never done in the record: \d+ of its 8760 h lie within .* the shifts"),
    ],
)
def test_a_repair_longer_than_the_record_is_refused_by_name(year, task, words):
    case = reference_case(tasks={task: {"duration": "48000 hour"}})
    with pytest.raises(ConfigurationError, match=f"task '{task}'.*{words}"):
        simulate_maintenance(case, year, TURBINES)


def test_work_from_afar_longer_than_the_record_is_refused(year):
    case = reference_case(tasks={"manual-reset": {"duration": "9000 hour", "vessel": None}})
    with pytest.raises(ConfigurationError, match="'manual-reset': 9000 h of work from afar do not end"):
        simulate_maintenance(case, year, TURBINES)


def test_what_runs_during_repair_is_as_stated(year):
    def available(**changes):
        case = reference_case(only="minor-repair", tasks={"minor-repair": changes})
        return float(simulate_maintenance(case, year, TURBINES)["availability_time"][0])

    stops, runs_on, runs_through = (
        available(),
        available(stops_turbine=False),
        available(stops_turbine=False, runs_during_work=True),
    )
    assert stops < runs_on < runs_through == 1.0
    work = simulate_maintenance(
        reference_case(only="minor-repair", tasks={"minor-repair": {"stops_turbine": False}}), year, TURBINES
    )
    standing = float(work["technician_time"].sum()) / 2.0 / (TURBINES * 8760.0 * 3600.0)
    assert 1.0 - runs_on == pytest.approx(standing, rel=0.02)  # it stands exactly while two people work


def test_a_scheduled_task_has_nothing_to_stop_before_people_come():
    written = reference_case().tasks["annual-service"].model_dump(mode="json")
    with pytest.raises(ValueError, match="`stops_turbine: false` belongs to failures"):
        Task.model_validate(written | {"stops_turbine": False})
    assert Task.model_validate(written | {"runs_during_work": True}).runs_during_work
    with pytest.raises(ValueError, match="`runs_during_work` belongs to work that a vessel brings people for"):
        Task.model_validate(written | {"runs_during_work": True, "vessel": None})


def test_a_task_of_a_vessel_where_there_are_none_is_refused_in_one_sentence():
    with pytest.raises(ConfigurationError, match=r"wants vessel 'crew-transfer', which is not among the vessels\.$"):
        load("flanders-wind-farm/maintenance", {"operations.maintenance.vessels": {}})
