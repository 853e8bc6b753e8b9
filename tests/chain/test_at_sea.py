"""What a scenario does at sea reaches the results, the summary, the figures and the event log."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from tests.shared_folders import ShippedRun
from testsite_sim.cases.scenario import load_scenario
from testsite_sim.chain import prepare, simulate_scenario, summarise
from testsite_sim.cli import main

MONTH = ("weather.start=2023-02-01", "weather.end=2023-03-01")
SHORT = [part for each in MONTH for part in ("--set", each)]


def run(folder: Path, name: str, *more: str) -> tuple[Path, dict[str, dict[str, object]]]:
    main(["run", f"flanders-wind-farm/{name}", "-o", str(folder / name), *SHORT, *more])
    return folder / name, json.loads((folder / name / "summary.json").read_text())


@pytest.fixture(scope="module")
def zone(shipped_run: ShippedRun) -> tuple[Path, dict[str, dict[str, object]]]:
    folder = shipped_run("flanders-wind-farm/belgian-zone", *MONTH)
    return folder, json.loads((folder / "summary.json").read_text())


def test_the_belgian_zone_runs_with_simulated_availability_and_keeps_its_event_log(zone) -> None:
    folder, summary = zone
    with xr.open_datatree(folder / "results.nc") as tree:
        share = tree["operations"]["availability"].to_numpy()
        power = tree["wind"]["power"].to_numpy()
        delivered = tree["wind"]["power_delivered"].to_numpy()
        rated = float(tree["wind"]["rated_power"].sum())
        wind = tree["weather"]["wind_speed"].to_numpy().min(axis=1)
    assert share.shape == power.shape
    assert 0.0 <= share.min() <= share.max() <= 1.0
    # Turbines that stand still cast no wake, so that the others give a little more than with all running. Losses of
    # 2.5 % on the curve take up to three times as much just above cut-in, where it is steep, less over the month, and
    # nothing at rated power.
    running = (power * share).sum(axis=1)
    steep, least, most = (
        np.maximum(each - rated * (0.002 + 0.022 * (each / rated) ** 2), 0.0)
        for each in (running * 0.92, running * 0.985 * 0.99, running * 1.02)
    )
    assert np.all((delivered >= steep)[wind > 5.0])
    # Near cut-in one that starts in the freer wind casts a wake of its own, which can cost more than it gives.
    assert np.all(delivered >= steep - 1e-4 * rated)
    assert least.sum() < delivered.sum() < most.sum()
    left = 1.0
    for term in ("performance", "environmental", "electrical"):
        left *= 1.0 - summary[f"loss_{term}"]["value"]
    weighted = delivered.sum() / left / power.sum(dtype=float)
    assert summary["availability_energy"]["value"] == pytest.approx(weighted, rel=1e-5)
    assert summary["availability_time"]["value"] == pytest.approx(share.mean(dtype=float), rel=1e-6)
    assert "61400-26-1" in summary["availability_time"]["description"]
    events = pd.read_csv(folder / "events.csv")
    assert {"event_kind", "event_turbine", "event_start", "event_end"} <= set(events.columns)
    assert len(events) > 1000


def test_fewer_vessels_keep_fewer_turbines_running(zone) -> None:
    _, twelve = zone
    six = summarise(dict(simulate_scenario(prepare(load_scenario("flanders-wind-farm/maintenance", MONTH)))))
    for name in ("availability_energy", "availability_time"):
        assert six[name]["value"] < twelve[name]["value"]


@pytest.mark.usefixtures("unprinted_figures")
def test_both_strategies_of_installation_are_compared_and_drawn(tmp_path: Path) -> None:
    folder, summary = run(tmp_path, "installation")
    days = {
        strategy: summary[f"installation_duration_p50_{strategy}"]["value"]
        for strategy in ("conventional", "single_lift")
    }
    assert 0.0 < days["single_lift"] < days["conventional"]
    for figure in ("campaign-conventional", "campaign-single-lift", "installation-sweep", "weather-windows"):
        assert (folder / "figures" / f"{figure}.png").is_file()
    with xr.open_datatree(folder / "results.nc") as tree:
        assert {"conventional", "single-lift", "sweep"} == set(tree["installation"].children)
        assert tree["weather-windows"]["start_probability"].dims == ("duration", "month")


@pytest.mark.usefixtures("unprinted_figures")
def test_the_test_site_states_months_to_a_certificate(tmp_path: Path) -> None:
    members = ["--set", "operations.certification.members=20", "--set", "operations.certification.fleet.members=2"]
    _, summary = run(tmp_path, "certification", *members)
    assert summary["failure_rate_after"]["value"] < summary["failure_rate_before"]["value"]
    assert summary["value_of_test_site"]["value"] > 0.0
    assert 1.0 < summary["months_to_certificate"]["value"] < 60.0
    assert 0.0 < summary["berth_utilisation"]["value"] <= 1.0


def events_of(seed: str) -> np.ndarray:
    """Return when the events of the zone begin, simulated up to its operations."""
    prepared = prepare(load_scenario("flanders-wind-farm/belgian-zone", (*MONTH, seed)))
    operations = next(dataset for step, dataset in simulate_scenario(prepared) if step == "operations")
    return operations["event_start"].to_numpy()


@pytest.mark.usefixtures("unprinted_figures")
def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(zone, tmp_path: Path) -> None:
    first, _ = zone
    again, _ = run(tmp_path / "b", "belgian-zone")
    events = {seed: events_of(f"operations.seed={seed}") for seed in (1, 2)}
    with xr.open_datatree(first / "results.nc") as tree:
        np.testing.assert_array_equal(events[1], tree["operations"]["event_start"].to_numpy())
    assert (first / "results.nc").read_bytes() == (again / "results.nc").read_bytes()
    assert (first / "events.csv").read_bytes() == (again / "events.csv").read_bytes()
    assert not np.array_equal(events[1], events[2])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("operations.maintenance=null", "either `availability` or `maintenance`"),
        ("operations.seed=null", "wants a `seed`"),
    ],
)
def test_operations_that_contradict_themselves_are_refused(capsys, change: str, words: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["check", "flanders-wind-farm/belgian-zone", "--set", change])
    assert caught.value.code == 2
    assert words in capsys.readouterr().err
