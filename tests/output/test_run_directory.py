"""A run directory is whole or not there, also when the process is killed while it writes."""

import contextlib
import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from testsite_sim import __version__
from testsite_sim.cases.opening import open_run
from testsite_sim.cases.run import copy_files
from testsite_sim.common import hdf5_probe
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.output import RunDirectory, check_target, read_summary
from testsite_sim.output.results import in_shown_units, read_results, results_tree, write_results

WRITER = """
import sys, pathlib
from testsite_sim.output import RunDirectory
while True:
    with RunDirectory(pathlib.Path(sys.argv[1]), force=True) as folder:
        folder.write_json("summary.json", {"name": {"value": 1}})
        for k in range(20):
            folder.write_text(f"part-{k}.txt", "x" * 100_000)
            if k == 10 and "hold" in sys.argv:
                print("half way", flush=True)
                sys.stdin.read()
        folder.write_json("run.json", {"versions": {}, "files_sha256": folder.digests()})
    print("written", flush=True)
"""


def sign(folder: RunDirectory) -> None:
    """Write what makes a folder one of a run."""
    folder.write_json("run.json", {"versions": {}, "files_sha256": folder.digests()})


def test_a_folder_appears_when_all_is_written(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "run"
    with RunDirectory(target) as folder:
        folder.write_json("summary.json", {"a": {"value": 1}})
        assert not target.exists()
    assert read_summary(target) == {"a": {"value": 1}}
    assert [path.name for path in target.parent.iterdir()] == ["run"]


def test_an_error_while_writing_leaves_nothing_and_the_old_run_in_place(tmp_path: Path) -> None:
    target = tmp_path / "run"
    with RunDirectory(target) as folder:
        folder.write_json("summary.json", {"a": {"value": 1}})
        sign(folder)
    with pytest.raises(ValueError, match="half way"), RunDirectory(target, force=True) as folder:  # noqa: PT012
        folder.write_json("summary.json", {"a": {"value": 2}})
        raise ValueError("half way")
    assert read_summary(target) == {"a": {"value": 1}}
    assert list(tmp_path.iterdir()) == [target]


def test_a_path_that_cannot_be_made_leaves_no_folder_above_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be written"), RunDirectory(tmp_path / "a" / ("b" * 300) / "c"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_numbers_that_are_not_finite_are_not_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="JSON"), RunDirectory(tmp_path / "run") as folder:
        folder.write_json("summary.json", {"a": float("nan")})
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_run_has_no_summary(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="is not a run directory"):
        read_summary(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": {"value": NaN}}',
        '{"a": {"value": -Infinity}}',
        '{"a": {"value": 1e999}}',
        '{"a": {"value": 1, "p90": 1e999}}',
        f'{{"a": {{"value": 1{"0" * 400}}}}}',
        '{"a": {"value": true}}',
        '{"a": {"units": "1"}}',
        '{"a": {"value": 1, "description": null}}',
        '{"a": {"value": 1, "units": []}}',
        '{"a": [1]}',
    ],
)
def test_a_summary_that_no_run_writes_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "summary.json").write_text(text)
    with pytest.raises(ConfigurationError) as refusal:
        read_summary(tmp_path)
    assert len(str(refusal.value)) < 300


def test_results_that_end_or_hang_their_library_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_results(
        results_tree({"plant": xr.Dataset({"power": ("time", np.ones(3))})}, "small"), tmp_path / "results.nc"
    )
    monkeypatch.setattr(hdf5_probe, "_read_to_the_end", set())
    with monkeypatch.context() as patch:
        patch.setattr(hdf5_probe, "_PROBE", "import os; os.abort()")
        with pytest.raises(DataError, match=r"results\.nc: cannot be read as NetCDF-4 \(it ends HDF5 by signal 6\)"):
            read_results(tmp_path)
    assert read_results(tmp_path)["plant"]["power"].sum() == 3.0


def test_a_copy_of_a_run_follows_no_link(tmp_path: Path) -> None:
    source = tmp_path / "run"
    source.mkdir()
    (tmp_path / "secret").write_text("secret")
    (source / "scenario.yaml").symlink_to(tmp_path / "secret")
    with pytest.raises(ConfigurationError, match="neither a file nor a folder"), RunDirectory(tmp_path / "b") as folder:
        copy_files(source, folder)
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize("text", ["[]", "5", "title\n"])
def test_a_run_whose_scenario_is_no_mapping_has_no_title(tmp_path: Path, text: str) -> None:
    (tmp_path / "summary.json").write_text(
        '{"\\u001b[2J": {"value": 1, "units": "\\u001b[3J", "description": "a\\nb"}}'
    )
    (tmp_path / "scenario.yaml").write_text(text)
    opened = open_run(tmp_path)
    with pytest.raises(ConfigurationError, match="is not the scenario of a run"):
        opened.title  # noqa: B018 (read for its error)
    assert repr(opened.summary).isprintable()


@pytest.mark.slow
def test_forty_kills_never_leave_a_folder_with_parts_missing(tmp_path: Path) -> None:
    target = tmp_path / "run"
    environment = {"PYTHONPATH": ":".join(entry for entry in sys.path if entry)}
    seen = 0
    for kill in range(40):
        command = [sys.executable, "-c", WRITER, str(target)]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "written\n"
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=0.002 * kill)
            process.kill()
        if target.exists():
            seen += 1
            assert len(list(target.iterdir())) == 22
            assert all(path.stat().st_size == 100_000 for path in target.glob("part-*"))
    assert seen > 20
    held = [sys.executable, "-c", WRITER, str(target), "hold"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(held, env=environment, text=True, **pipes) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "half way\n"
        process.kill()
    assert len(list(tmp_path.iterdir())) > 1  # what a kill leaves …
    check_target(target, force=True)
    assert list(tmp_path.iterdir()) == [target]  # … is cleared by the next run


def test_results_say_what_made_them_and_read_in_megawatts_and_euros_per_megawatt_hour(tmp_path: Path) -> None:
    """The date is not among it: the same run gives the same bytes."""
    flows = xr.Dataset(
        {
            "power": ("time", np.array([1e6, 2.5e6]), {"units": "W", "long_name": "power"}),
            "price": ("time", np.array([2e-8, -1e-8]), {"units": "EUR J-1", "long_name": "price"}),
            "share": ("time", np.array([0.5, 1.0]), {"units": "1", "long_name": "share"}),
        }
    )
    for name in ("a.nc", "b.nc"):
        write_results(results_tree({"plant": flows}, "A title", "title: A title\n"), tmp_path / name)
    assert (tmp_path / "a.nc").read_bytes() == (tmp_path / "b.nc").read_bytes()
    assert "shown_units" not in flows["power"].attrs
    with xr.open_datatree(tmp_path / "a.nc") as tree:
        root, read = tree.attrs, tree["plant"].to_dataset().load()
    assert root["Conventions"] == "CF-1.11, ACDD-1.3"
    assert root["product_version"] == __version__
    assert root["scenario"] == "title: A title\n"
    assert {"title", "source", "history", "references"} <= root.keys()
    shown = in_shown_units(read)
    np.testing.assert_allclose(shown["power"], [1.0, 2.5])
    np.testing.assert_allclose(shown["price"], [72.0, -36.0])
    np.testing.assert_array_equal(shown["share"], [0.5, 1.0])
    assert [shown[name].attrs["units"] for name in ("power", "price", "share")] == ["MW", "EUR/MWh", "1"]
    long = "x" * 100_000
    write_results(results_tree({"plant": flows}, "A title", long), tmp_path / "long.nc")
    with xr.open_datatree(tmp_path / "long.nc") as tree:
        assert hashlib.sha256(long.encode()).hexdigest() in tree.attrs["scenario"]
