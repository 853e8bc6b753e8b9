"""What a new user gets wrong is answered by one sentence with place and remedy, exit code 2 or 3, and no file."""

from pathlib import Path

import numpy as np
import pytest

from testsite_sim.cli import main
from testsite_sim.weather import open_record

BASE = "extends: flanders-wind-farm/test-site\n"


def refused(capsys: pytest.CaptureFixture[str], *arguments: str, faults: int = 1) -> tuple[int, str]:
    with pytest.raises(SystemExit) as caught:
        main(list(arguments))
    captured = capsys.readouterr()
    sentences = [line for line in captured.err.splitlines() if line.startswith("testsite-sim: ")]
    assert len(sentences) == faults
    assert "Traceback" not in captured.err
    return int(caught.value.code or 0), sentences[0]


def scenario(folder: Path, text: str) -> str:
    path = folder / "mine.yaml"
    path.write_text(text)
    return str(path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BASE + "title: [unclosed\n", ("mine.yaml:", "does not parse")),
        (BASE + "wnid: {}\n", ("mine.yaml:2", "unknown key 'wnid'", "Nearest: wind")),
        (BASE + "grid:\n  export_limit: 80\n", ("mine.yaml:3", "grid.export_limit", "without a unit", "10 MW")),
        (
            BASE + "plant:\n  electrolysers:\n    - extends: pem-10mw\n      capacity: 10 bar\n",
            ("mine.yaml:5", "plant.electrolysers.0.capacity", "10 bar", "a power"),
        ),
        (
            BASE + "plant:\n  store:\n    extends: pressurised-5t\n    capacity: -5 kg\n",
            ("mine.yaml:5", "plant.store.capacity", "-5 kg", "at least 0"),
        ),
        (BASE + "title: a\ntitle: b\n", ("mine.yaml:3", "'title' stands twice", "line 2")),
        (BASE + "farm: belgian-zon\n", ("mine.yaml:2", "farm 'belgian-zon'", "Nearest: belgian-zone")),
        (BASE + "wind: {wake_model: bastanka}\n", ("wake_model", "Nearest: bastankhah")),
        (BASE + "dispatch: {strategy: {name: firmband}}\n", ("firmband", "Nearest: firm-band")),
    ],
)
def test_a_wrong_scenario(tmp_path: Path, capsys, text: str, words: tuple[str, ...]) -> None:
    target = tmp_path / "out" / "run"
    code, sentence = refused(capsys, "run", scenario(tmp_path, text), "-o", str(target))
    assert code == 2
    for word in words:
        assert word in sentence
    assert [path.name for path in tmp_path.iterdir() if any(path.rglob("*"))] == []


def test_an_unknown_scenario_offers_the_nearest(capsys) -> None:
    code, sentence = refused(capsys, "run", "flanders-wind-farm/test-sight")
    assert code == 2
    assert "flanders-wind-farm/test-site" in sentence


def test_turbines_that_coincide_are_named(tmp_path: Path, capsys) -> None:
    text = BASE + "farm:\n  extends: test-site\n  groups:\n    certification:\n      x: [1100]\n"
    code, sentence = refused(capsys, "check", scenario(tmp_path, text))
    assert code == 2
    assert "'certification berth 4' and 'serial berth 5' coincide" in sentence
    assert "mine.yaml" in sentence


def _with_weather(folder: Path, change) -> str:
    record = open_record("hollandse-kust-noord-2023").isel(time=slice(0, 96))
    record = change(record[["wind_speed", "wind_direction", "day_ahead_price"]])
    record.drop_encoding().to_netcdf(folder / "mine.nc", engine="h5netcdf")
    return scenario(folder, BASE + "weather: {record: mine.nc}\n")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda r: r.where(r["time"] != r["time"][5]), ("missing (NaN)", "2023-01-01T05:00", "interpolate-gaps")),
        (lambda r: r.isel(time=[*range(9), *range(11, 96)]), ("1 gap(s)", "2023-01-01T08:00", "interpolate-gaps")),
        (lambda r: r.isel(time=slice(0, 3)), ("too short", "a day or more")),
        (
            lambda r: r.assign(wind_speed=(r["wind_speed"] * 1.944).assign_attrs(units="knots")),
            ("'knots'", "expected m s-1"),
        ),
        (lambda r: r.drop_vars("day_ahead_price"), ("no day_ahead_price",)),
        (lambda r: r.assign(wind_speed=-r["wind_speed"].assign_attrs(units="m s-1")), ("believable",)),
    ],
)
def test_a_wrong_weather_record(tmp_path: Path, capsys, change, words: tuple[str, ...]) -> None:
    target = tmp_path / "out" / "run"
    path = _with_weather(tmp_path, lambda r: _keeping_attributes(change, r))
    faults = 3 if "missing (NaN)" in words else 1  # each variable that misses the hour has its sentence
    code, sentence = refused(capsys, "run", path, "-o", str(target), faults=faults)
    assert code == 3
    for word in ("mine.nc", *words):
        assert word in sentence
    assert not target.exists()
    assert list((tmp_path / "out").rglob("*")) == []


def _keeping_attributes(change, record):
    changed = change(record)
    for name in changed.data_vars:
        changed[name].attrs = {**record[name].attrs, **changed[name].attrs}
        assert changed[name].dtype == np.float64
    return changed


@pytest.mark.parametrize("seed", ["-1", "9223372036854775808"])
def test_a_seed_that_the_kernels_cannot_count_with_is_refused(tmp_path: Path, capsys, seed: str) -> None:
    with pytest.raises(SystemExit) as leaving:
        main(
            ["run", "flanders-wind-farm/belgian-zone", "-o", str(tmp_path / "run"), "--set", f"operations.seed={seed}"]
        )
    assert leaving.value.code == 2
    assert "operations.seed" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()
