"""A run, as its user makes it: a folder that is whole, the same again, and balanced."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from tests.shared_folders import ShippedRun, copy_of
from testsite_sim.cli import main
from testsite_sim.configuration.catalogue import names

PERIOD = ("weather.start=2023-02-01", "weather.end=2023-03-01", "economics.scale_to_year=by-repetition")
SHORT = [part for each in PERIOD for part in ("--set", each)]
ASKED = (
    "capacity_factor",
    "wake_loss",
    "annual_energy_production",
    "energy_exported",
    "energy_curtailed",
    "hydrogen_produced",
    "hydrogen_delivered",
    "hydrogen_unmet",
    "electrolyser_full_load_hours",
    "fuel_cell_energy",
    "levelised_cost_of_energy",
    "levelised_cost_of_hydrogen",
    "energy_balance_residual",
    "hydrogen_balance_residual",
)


@pytest.fixture(scope="module")
def run(shipped_run: ShippedRun) -> Path:
    return shipped_run("flanders-wind-farm/test-site", *PERIOD, pictures=True)


def test_the_folder_holds_what_the_design_names(run: Path) -> None:
    found = {path.relative_to(run).as_posix() for path in run.rglob("*") if path.is_file()}
    assert {"scenario.yaml", "results.nc", "summary.json", "run.json", "report.html"} <= found
    for figure in ("wind-rose", "farm-layout", "dispatch-week", "monthly-energy", "load-duration"):
        assert {f"figures/{figure}.{form}" for form in ("svg", "png", "csv")} <= found
    assert sorted(run.parent.iterdir()) == [run.with_name("digest"), run]  # the digest is that of the shared folder


def test_the_summary_has_every_name_with_a_number_a_unit_and_a_meaning(run: Path) -> None:
    summary = json.loads((run / "summary.json").read_text())
    for name in ASKED:
        assert isinstance(summary[name]["value"], float | int), name
        assert summary[name]["units"]
        assert summary[name]["description"]


def test_energy_and_hydrogen_balance_to_one_in_a_billion(run: Path) -> None:
    with xr.open_datatree(run / "results.nc") as tree:
        balance = tree["plant"].to_dataset().load()
    step, initial = balance.attrs["step"], 2500.0
    sources = balance["power_wind"] + balance["power_fuel_cells"] + balance["power_imported"]
    uses = balance["power_exported"] + balance["power_curtailed"] + balance["power_electrolysers"]
    assert abs(float((sources - uses).sum())) <= 1e-9 * float(sources.sum())
    net = (
        balance["hydrogen_produced"] - balance["hydrogen_to_fuel_cells"] - balance["hydrogen_delivered"]
    ).sum() * step
    produced = float(balance["hydrogen_produced"].sum()) * step
    assert abs(initial + float(net) - float(balance["hydrogen_stored"][-1])) <= 1e-9 * produced
    summary = json.loads((run / "summary.json").read_text())
    assert summary["energy_balance_residual"]["value"] <= 1e-9
    assert summary["hydrogen_balance_residual"]["value"] <= 1e-9


def test_the_results_are_one_group_per_step_with_units(run: Path) -> None:
    with xr.open_datatree(run / "results.nc") as tree:
        assert set(tree.children) == {"weather", "wind", "operations", "plant", "lifetime", "losses", "economics"}
        for group in tree.children.values():
            for name, variable in group.data_vars.items():
                assert "units" in variable.attrs or "flag_values" in variable.attrs, (group.name, name)


def test_the_distance_from_the_record_to_the_site_is_that_of_the_published_153_kilometres(run: Path) -> None:
    with xr.open_datatree(run / "results.nc") as tree:
        assert tree["weather"].attrs["distance_to_location"] == pytest.approx(153e3, rel=0.01)
        assert tree["weather"].attrs["file"] == "hollandse-kust-noord-2023.nc"  # no folder of this machine


def test_the_power_at_the_connection_is_that_of_the_turbines_after_losses(run: Path) -> None:
    with xr.open_datatree(run / "results.nc") as tree:
        turbines = tree["wind"]["power"].sum("turbine").to_numpy()
        delivered = tree["wind"]["power_delivered"].to_numpy()
        np.testing.assert_array_equal(tree["plant"]["power_wind"], delivered)
    np.testing.assert_allclose(delivered, turbines * 0.94 * 0.97, rtol=1e-6)  # single precision in the file


def test_the_resolved_scenario_runs_again_to_the_same_bytes(run: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    main(["run", str(run / "scenario.yaml"), "-o", str(again)])
    files = [path.relative_to(run) for path in run.rglob("*") if path.is_file() and path.name != "run.json"]
    assert len(files) >= 19
    for file in files:
        assert (run / file).read_bytes() == (again / file).read_bytes(), file


@pytest.mark.usefixtures("unprinted_figures")
def test_a_run_on_a_users_own_weather_runs_again_from_its_folder(tmp_path: Path) -> None:
    from testsite_sim.weather import open_record

    record = open_record("hollandse-kust-noord-2023").isel(time=slice(0, 96))
    record[["wind_speed", "wind_direction", "day_ahead_price"]].drop_encoding().to_netcdf(
        tmp_path / "mast.nc", engine="h5netcdf"
    )
    (tmp_path / "mine.yaml").write_text("extends: waterstof/balancing\nweather: {record: mast.nc}\n")
    main(["run", str(tmp_path / "mine.yaml"), "-o", str(tmp_path / "first")])
    main(["run", str(tmp_path / "first" / "scenario.yaml"), "-o", str(tmp_path / "again")])
    for file in ("results.nc", "scenario.yaml", "summary.json", "report.html"):
        assert (tmp_path / "first" / file).read_bytes() == (tmp_path / "again" / file).read_bytes()


def test_run_json_holds_versions_hashes_and_times(run: Path) -> None:
    facts = json.loads((run / "run.json").read_text())
    assert facts["versions"]["numba"]
    assert len(facts["weather_record_sha256"]) == 64
    assert set(facts["wall_time_seconds"]) >= {"weather", "wind", "plant", "economics", "figures", "report"}


@pytest.mark.usefixtures("unprinted_figures")
def test_an_existing_folder_is_refused_and_replaced_only_by_force(run: Path, tmp_path: Path, capsys) -> None:
    target = copy_of(run, tmp_path / "run")
    command = ["run", "flanders-wind-farm/test-site", "-o", str(target), *SHORT]
    before = (target / "run.json").stat().st_mtime_ns
    with pytest.raises(SystemExit) as caught:
        main(command)
    assert caught.value.code == 2
    assert "--force" in capsys.readouterr().err
    assert (target / "run.json").stat().st_mtime_ns == before
    main([*command, "--force"])
    assert (target / "run.json").stat().st_mtime_ns > before
    assert list(tmp_path.iterdir()) == [target]


def test_force_does_not_replace_a_folder_that_is_no_run(tmp_path: Path, capsys) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("keep me")
    with pytest.raises(SystemExit) as caught:
        main(["run", "flanders-wind-farm/test-site", "-o", str(tmp_path / "letters"), "--force", *SHORT])
    assert caught.value.code == 2
    assert "is not a run directory" in capsys.readouterr().err
    assert (tmp_path / "letters" / "dear.txt").read_text() == "keep me"


def test_a_place_that_cannot_be_written_is_refused_before_anything_is_computed(tmp_path: Path, capsys) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SystemExit) as caught:
        main(["run", "flanders-wind-farm/test-site", "-o", str(tmp_path / "file" / "run"), *SHORT])
    assert caught.value.code == 2
    error = capsys.readouterr().err
    assert "is a file, not a folder" in error
    assert "weather " not in error


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_is_stopped_leaves_nothing_behind(tmp_path: Path, number: signal.Signals) -> None:
    target = tmp_path / "runs" / "stopped"
    code = "import sys; from testsite_sim.cli import main; main(sys.argv[1:])"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)}
    process = subprocess.Popen(
        [sys.executable, "-c", code, "run", "flanders-wind-farm/belgian-zone", "-o", str(target)],
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert process.stderr is not None
    while not process.stderr.readline().startswith("prepare"):  # the simulation begins
        assert process.poll() is None
    process.send_signal(number)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "stopped; nothing was written" in error
    assert "Traceback" not in error
    assert not target.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("scenario", names("scenarios"))
def test_every_scenario_that_ships_is_valid_and_prints_itself(scenario: str, capsys, tmp_path: Path) -> None:
    main(["check", scenario])
    text = capsys.readouterr().out
    (tmp_path / "again.yaml").write_text(text)
    main(["check", str(tmp_path / "again.yaml")])
    assert capsys.readouterr().out == text


def test_figures_are_drawn_again_in_another_format(run: Path, tmp_path: Path, capsys) -> None:
    main(["figures", str(run), "-o", str(tmp_path / "pdf"), "--format", "pdf"])
    drawn = {path.stem for path in (run / "figures").glob("*.svg")}
    assert capsys.readouterr().out.count(".pdf\n") == len(drawn) > 7
    assert {path.stem for path in (tmp_path / "pdf").glob("*.pdf")} == drawn
    assert (tmp_path / "pdf" / "wind-rose.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.usefixtures("unprinted_figures")
def test_compare_shows_what_differs(run: Path, tmp_path: Path, capsys) -> None:
    other = tmp_path / "other"
    main(["run", "flanders-wind-farm/test-site", "-o", str(other), *SHORT, "--set", "operations.availability=0.5"])
    capsys.readouterr()
    main(["compare", str(run), str(other)])
    lines = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()[1:]}
    assert "-46.81 %" in lines["annual_energy_production"]
    assert "0" in lines["wake_loss"].split()


def test_the_schema_knows_the_scenario(capsys) -> None:
    main(["schema"])
    schema = json.loads(capsys.readouterr().out)
    assert set(schema["anyOf"][0]["required"]) >= {"title", "weather", "location"}
    # A farm, by name or inline; a hydrogen site may have none.
    assert "string" in [option.get("type") for option in schema["properties"]["farm"]["anyOf"]]
    assert {"farm", "wind", "operations", "plant", "dispatch"} <= schema["properties"].keys()
