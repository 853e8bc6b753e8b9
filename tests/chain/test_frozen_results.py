"""What the shipped scenarios give is frozen, and the tool that compares sees what a change of the code changed."""

import copy
import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from tools.freeze_results import compare_records, read_record, record_file, record_of, shipped, write_record

FROZEN = Path(__file__).resolve().parents[1] / "frozen"


def test_every_shipped_scenario_is_frozen_and_nothing_else() -> None:
    assert {path.name for path in FROZEN.iterdir()} == {record_file(FROZEN, name).name for name in shipped()}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Return a run directory with one figure, one table with a gap, and one row of names."""
    power = np.arange(12.0).reshape(4, 3)
    power[1, 1] = np.nan
    step = xr.Dataset(
        {"power": (("time", "turbine"), power, {"units": "W"})},
        coords={"turbine": ["Aa", "Bb", "Cc"], "time": range(4)},
    )
    summary = {"energy": {"value": 0.1, "units": "J", "description": "of the farm"}}
    return written(tmp_path / "run", step, summary)


def written(folder: Path, step: xr.Dataset, summary: dict) -> Path:
    folder.mkdir()
    (folder / "summary.json").write_text(json.dumps(summary))
    xr.DataTree.from_dict({"/wind": step}).to_netcdf(folder / "results.nc", engine="h5netcdf")
    return folder


def verdicts(frozen: dict, now: dict, **renamed: str) -> dict[str, str]:
    """Return what is not identical."""
    return {row.key: row.verdict for row in compare_records(frozen, now, renamed) if row.verdict != "identical"}


def test_a_record_read_again_is_identical(run: Path, tmp_path: Path) -> None:
    record = record_of(run)
    write_record(tmp_path / "record.json", record)
    assert read_record(tmp_path / "record.json") == record
    assert {row.key for row in compare_records(record, record)} == {
        "summary/energy",
        "wind/power",
        "wind/time",
        "wind/turbine",
    }
    assert verdicts(record, record) == {}


@pytest.mark.parametrize(("factor", "verdict"), [(1 + 4e-16, "equal"), (1 + 1e-11, "differs")])
def test_a_figure_is_held_to_rounding(run: Path, factor: float, verdict: str) -> None:
    record = record_of(run)
    other = copy.deepcopy(record)
    other["summary"]["summary/energy"]["value"] *= factor
    assert verdicts(record, other) == {"summary/energy": verdict}


def test_other_units_of_the_same_value_differ(run: Path) -> None:
    record = record_of(run)
    other = copy.deepcopy(record)
    other["summary"]["summary/energy"]["units"] = "Wh"
    other["results"]["wind/power"]["units"] = "kW"
    assert verdicts(record, other) == {"summary/energy": "differs", "wind/power": "differs"}


def test_a_percentile_and_a_sentence_of_a_figure_are_held_too(run: Path) -> None:
    record = record_of(run)
    record["summary"]["summary/energy"] |= {"p10": 0.05, "sentences": ["one year is left out"]}
    other = copy.deepcopy(record)
    other["summary"]["summary/energy"]["p10"] *= 1 + 1e-11
    assert verdicts(record, other) == {"summary/energy": "differs"}
    other["summary"]["summary/energy"] |= {"p10": 0.05, "sentences": []}
    assert verdicts(record, other) == {"summary/energy": "differs"}


def changed_power(run: Path, tmp_path: Path, change: object) -> dict[str, str]:
    with xr.open_datatree(run / "results.nc") as tree:
        step = tree["wind"].to_dataset().load()
    change(step["power"].values)
    return verdicts(
        record_of(run), record_of(written(tmp_path / "b", step, json.loads((run / "summary.json").read_text())))
    )


def test_values_that_change_places_between_the_samples_are_seen(run: Path, tmp_path: Path) -> None:
    def swap(power: np.ndarray) -> None:
        power[0, 1], power[1, 0] = power[1, 0], power[0, 1]  # neither is one of the values kept

    assert changed_power(run, tmp_path, swap) == {"wind/power": "differs"}


def test_a_gap_that_is_filled_is_seen(run: Path, tmp_path: Path) -> None:
    def fill(power: np.ndarray) -> None:
        power[1, 1] = 4.0

    assert changed_power(run, tmp_path, fill) == {"wind/power": "differs"}


def test_a_value_without_bound_is_counted_and_distinguished_from_a_gap(run: Path, tmp_path: Path) -> None:
    def unbound(power: np.ndarray) -> None:
        power[1, 1] = np.inf

    assert changed_power(run, tmp_path, unbound) == {"wind/power": "differs"}
    record = record_of(tmp_path / "b")
    assert record["results"]["wind/power"]["infinite"] == 1
    write_record(tmp_path / "record.json", record)
    assert "Infinity" not in (tmp_path / "record.json").read_text()


def test_the_last_bit_of_a_value_is_rounding(run: Path, tmp_path: Path) -> None:
    def nudge(power: np.ndarray) -> None:
        power[3, 0] = np.nextafter(power[3, 0], 99.0)

    assert changed_power(run, tmp_path, nudge) == {"wind/power": "equal"}


def test_what_is_renamed_is_compared_under_its_new_name(run: Path) -> None:
    record = record_of(run)
    other = copy.deepcopy(record)
    other["results"] = {key.replace("wind/", "farm/"): value for key, value in record["results"].items()}
    other["summary"] = {"summary/energy_of_farm": record["summary"]["summary/energy"]}
    assert set(verdicts(record, other).values()) == {"gone", "new"}
    assert verdicts(record, other, wind="farm", energy="energy_of_farm") == {}
