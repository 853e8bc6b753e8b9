"""The quality control finds each planted fault, names its rule, and the rule repairs it."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from testsite_sim.cli import main
from testsite_sim.common.errors import DataError
from testsite_sim.configuration.weather import Weather
from testsite_sim.weather import open_record, open_weather
from testsite_sim.weather.control import control_record, remove_faults, time_shift
from testsite_sim.weather.writing import write_record

RECORD = open_record("hollandse-kust-noord-2023")[["wind_speed", "wind_direction", "air_temperature"]]


def planted(quantity, rows, value):
    record = RECORD.copy(deep=True)
    values = record[quantity].to_numpy().copy()
    values[rows] = value
    record[quantity] = (record[quantity].dims, values, record[quantity].attrs)
    return record


def test_a_good_record_gives_no_finding():
    assert control_record(RECORD) == []


@pytest.mark.parametrize(
    ("quantity", "rows", "value", "check", "rule"),
    [
        ("wind_speed", 100, 99.0, "out of range", "remove-out-of-range"),
        ("air_temperature", 200, 300.0, "spike", "remove-spikes"),
        ("wind_speed", slice(300, 309), 7.3, "frozen sensor", "remove-frozen"),
        ("air_temperature", slice(400, 403), np.nan, "missing values", "interpolate-gaps-up-to-6-hours"),
    ],
)
def test_a_planted_fault_is_found_with_its_rule(quantity, rows, value, check, rule):
    findings = [each for each in control_record(planted(quantity, rows, value)) if each.check == check]
    assert [each.quantity for each in findings] == [quantity]
    assert findings[0].repair == rule


def test_doubled_hours_of_the_clock_are_named():
    sunday = int(np.flatnonzero(RECORD["time"].to_numpy() == np.datetime64("2023-10-29T01:00"))[0])
    twice = RECORD.isel(time=np.sort(np.r_[np.arange(8760), sunday]))
    (finding,) = control_record(twice)
    assert finding.check == "doubled"
    assert "clock change" in finding.detail
    assert finding.repair == "keep-first-of-duplicates"


def test_gaps_order_and_uneven_steps_are_found():
    gaps = control_record(RECORD.isel(time=np.r_[0:50, 60:8760]))
    assert [each.check for each in gaps] == ["gaps"]
    assert "10 missing stamps" in gaps[0].detail
    assert control_record(RECORD.isel(time=np.r_[1, 0, 2:100]))[0].repair == "sort-stamps"
    late = RECORD.isel(time=slice(0, 100)).copy()
    stamps = late["time"].to_numpy().copy()
    stamps[50] += np.timedelta64(20, "m")
    assert "step" in {each.check for each in control_record(late.assign_coords(time=stamps))}


@pytest.mark.parametrize("hours", [-2, 1, 6])
def test_a_time_shift_is_found_by_correlation(hours):
    noise = np.random.default_rng(3).normal(0.0, 0.5, RECORD["wind_speed"].shape)
    shifted = RECORD.assign(wind_speed=RECORD["wind_speed"] + noise)
    shifted = shifted.assign_coords(time=RECORD["time"] + np.timedelta64(hours, "h"))
    lag, correlation, unshifted = time_shift(shifted, RECORD)
    assert lag == -hours
    assert correlation > unshifted
    assert "time shift" in {each.check for each in control_record(shifted, RECORD)}
    assert "time shift" not in {each.check for each in control_record(RECORD, RECORD)}


def test_records_apart_cannot_be_compared():
    with pytest.raises(DataError, match="0 hours in common"):
        time_shift(RECORD, RECORD.assign_coords(time=RECORD["time"] + np.timedelta64(900, "D")))


def test_the_rules_repair_a_scenarios_weather(tmp_path, capsys):
    path = tmp_path / "faulty.nc"
    write_record(planted("wind_speed", 100, 99.0), path)
    with pytest.raises(DataError, match="believable"):
        open_weather(Weather(record=str(path)))
    rules = ("remove-out-of-range", "interpolate-gaps-up-to-6-hours")
    record = open_weather(Weather(record=str(path), repairs=rules))
    assert "remove-out-of-range: 5 value(s) of wind_speed" in record.attrs["repairs"]
    assert np.isfinite(record["wind_speed"]).all()
    main(["weather", "info", str(path)])
    printed = capsys.readouterr().out
    assert "out of range: wind_speed, 5 time(s)" in printed
    assert "rule: remove-out-of-range" in printed


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=2, max_size=60))
@settings(deadline=None, max_examples=80)
def test_any_values_are_controlled_and_what_is_removed_is_not_found_again(values):
    time = np.datetime64("2024-01-01", "ns") + np.arange(len(values)) * np.timedelta64(1, "h")
    record = xr.Dataset({"air_temperature": ("time", np.array(values))}, coords={"time": time})
    control_record(record)
    cleaned, _ = remove_faults(record, ("remove-out-of-range",))
    assert "out of range" not in {each.check for each in control_record(cleaned)}
