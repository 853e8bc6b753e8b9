"""What a scenario does at sea reaches the results, the summary, the figures and the event log."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from testsite_sim.cli import main

SHORT = ["--set", "weather.start=2023-02-01", "--set", "weather.end=2023-03-01"]


def run(folder: Path, name: str, *more: str) -> tuple[Path, dict[str, dict[str, object]]]:
    main(["run", f"flanders-wind-farm/{name}", "-o", str(folder / name), *SHORT, *more])
    return folder / name, json.loads((folder / name / "summary.json").read_text())


def test_the_belgian_zone_runs_with_simulated_availability_and_keeps_its_event_log(tmp_path: Path) -> None:
    folder, summary = run(tmp_path, "belgian-zone")
    with xr.open_datatree(folder / "results.nc") as tree:
        share = tree["operations"]["availability"].to_numpy()
        power = tree["wind"]["power"].to_numpy()
        delivered = tree["wind"]["power_delivered"].to_numpy()
        rated = float(tree["wind"]["rated_power"].sum())
        wind = tree["weather"]["wind_speed"].to_numpy().min(axis=1)
    assert share.shape == power.shape
    assert 0.0 <= share.min() <= share.max() <= 1.0
    # Turbines that stand still cast no wake, so that the others give a little more than with all running.
    with_all_wakes = (power * share).sum(axis=1) * 0.985 * 0.99
    with_all_wakes = np.maximum(with_all_wakes - rated * (0.004 + 0.035 * (with_all_wakes / rated) ** 2), 0.0)
    assert np.all((delivered >= with_all_wakes * (1.0 - 1e-6))[wind > 5.0])
    # Near cut-in one that starts in the freer wind casts a wake of its own, which can cost more than it gives.
    assert np.all(delivered >= with_all_wakes - 1e-4 * rated)
    assert delivered.sum() == pytest.approx(with_all_wakes.sum(), rel=0.02)
    left = 1.0
    for term in ("performance", "environmental", "electrical"):
        left *= 1.0 - summary[f"loss_{term}"]["value"]
    weighted = delivered.sum() / left / power.sum(dtype=float)
    assert summary["availability_energy"]["value"] == pytest.approx(weighted, rel=1e-5)
    events = pd.read_csv(folder / "events.csv")
    assert {"event_kind", "event_turbine", "event_start", "event_end"} <= set(events.columns)
    assert len(events) > 1000


def test_fewer_vessels_keep_fewer_turbines_running(tmp_path: Path) -> None:
    _, twelve = run(tmp_path, "belgian-zone")
    _, six = run(tmp_path, "maintenance")
    assert six["availability_energy"]["value"] < twelve["availability_energy"]["value"]


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


def test_the_test_site_states_months_to_a_certificate(tmp_path: Path) -> None:
    members = ["--set", "operations.certification.members=20", "--set", "operations.certification.fleet.members=2"]
    _, summary = run(tmp_path, "certification", *members)
    assert summary["failure_rate_after"]["value"] < summary["failure_rate_before"]["value"]
    assert summary["value_of_test_site"]["value"] > 0.0
    assert 1.0 < summary["months_to_certificate"]["value"] < 60.0
    assert 0.0 < summary["berth_utilisation"]["value"] <= 1.0


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(tmp_path: Path) -> None:
    first, _ = run(tmp_path / "a", "belgian-zone")
    again, _ = run(tmp_path / "b", "belgian-zone")
    other, _ = run(tmp_path / "c", "belgian-zone", "--set", "operations.seed=2")
    assert (first / "results.nc").read_bytes() == (again / "results.nc").read_bytes()
    assert (first / "events.csv").read_bytes() == (again / "events.csv").read_bytes()
    assert (first / "events.csv").read_bytes() != (other / "events.csv").read_bytes()


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
