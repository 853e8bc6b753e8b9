"""The comparison catches a kernel that became slower, and stays quiet about one that did not."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from testsite_sim.benchmarking import compare, measure, read_ratios
from testsite_sim.benchmarking.__main__ import main
from testsite_sim.common.errors import ConfigurationError

BENCHMARK = """
import numpy as np
from testsite_sim.wind import Farm, Turbine, simulate_farm
import xarray as xr

def test_farm(gauge):
    turbine = Turbine("t", 80.0, 70.0, [3.0, 25.0], [0.0, 2e6], [0.8, 0.1])
    farm = Farm(np.arange(20) * 400.0, np.zeros(20), turbine)
    speed, direction = np.full(500, 9.0), np.linspace(0.0, 359.0, 500)
    inflow = xr.Dataset({"wind_speed": ("time", speed), "wind_direction": ("time", direction)})
    gauge(lambda: [simulate_farm(farm, inflow, "bastankhah", 1) for _ in range(TIMES)], rounds=3)
"""


def write_files(folder: Path, **times: int) -> list[Path]:
    """Run pytest-benchmark as a user does, on benchmarks of one name that do their work so often; a file each."""
    benchmarks = Path(__file__).resolve().parents[2] / "benchmarks"
    (folder / "conftest.py").write_text((benchmarks / "conftest.py").read_text())
    for name, number in times.items():
        (folder / name).mkdir()
        (folder / name / "test_it.py").write_text(BENCHMARK.replace("TIMES", str(number)))
    # A worker of pytest-xdist hands its own marks down, by which pytest-benchmark would switch itself off.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_XDIST")}
    environment = {**inherited, "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)}
    options = ["-q", "--import-mode=importlib", "-p", "no:zarr", "--benchmark-only", "--benchmark-json=all.json"]
    command = [sys.executable, "-m", "pytest", *times, *options]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    measured = json.loads((folder / "all.json").read_text())
    files = []
    for name in times:
        prefix = f"{name}/"
        own = [each for each in measured["benchmarks"] if each["fullname"].startswith(prefix)]
        assert len(own) == 1
        renamed = [each | {"fullname": each["fullname"].removeprefix(prefix)} for each in own]
        files.append(folder / f"{name}.json")
        files[-1].write_text(json.dumps(measured | {"benchmarks": renamed}))
    return files


def test_a_kernel_that_does_twice_the_work_fails_and_the_same_work_does_not(tmp_path: Path, capsys) -> None:
    once, again, twice = write_files(tmp_path, once=1, again=1, twice=2)
    with pytest.raises(SystemExit) as caught:
        _run("compare", once, twice)
    assert caught.value.code == 1
    assert "SLOWER" in capsys.readouterr().out
    _run("compare", once, again, "--margin", "1.6")
    assert "no benchmark is worse" in capsys.readouterr().out
    _run("compare", once, twice, again, "--margin", "1.6")  # the best of a repeated measurement counts


def _run(*arguments: object) -> None:
    before, sys.argv = sys.argv, ["benchmarking", *map(str, arguments)]
    try:
        main()
    finally:
        sys.argv = before


def test_what_is_gone_fails_and_what_is_new_does_not() -> None:
    verdict = compare({"a": 1.0, "b": 2.0}, {"b": 2.4, "c": 9.0}, 1.25)
    assert verdict.failures == ["a"]
    assert "GONE" in verdict.table
    assert "new" in verdict.table
    assert compare({"b": 2.0}, {"b": 2.6}, 1.25).failures == ["b"]


def test_the_kept_baseline_holds_the_ratios_alone(tmp_path: Path) -> None:
    rows = [{"fullname": "x::y", "extra_info": {"ratio": 1.23456789}, "stats": {"min": 1.0}}]
    (tmp_path / "new.json").write_text(json.dumps({"benchmarks": rows, "machine_info": {"node": "somewhere"}}))
    _run("keep", tmp_path / "new.json", tmp_path / "baseline.json")
    assert read_ratios(tmp_path / "baseline.json") == {"x::y": 1.2346}
    assert "somewhere" not in (tmp_path / "baseline.json").read_text()


@pytest.mark.parametrize("content", ["[]", "{", '{"benchmarks": [{"fullname": "a", "extra_info": {}}]}'])
def test_a_file_without_ratios_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(ConfigurationError, match=r"x\.json"):
        read_ratios(tmp_path / "x.json")


def test_the_ratio_is_that_of_the_smallest_times() -> None:
    ticks = iter([0.0, 1.0, 1.0, 2.5, 2.5, 3.5, 4.0, 6.0] * 100)
    measured = measure(lambda: None, clock=lambda: next(ticks))
    assert measured.ratio == pytest.approx(2.0)
