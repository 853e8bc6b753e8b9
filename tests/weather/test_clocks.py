"""Clocks that change, steps that change, periods, separators: a table means what it says, or the message says so."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from testsite_sim.common.errors import DataError
from testsite_sim.common.text import shortened
from testsite_sim.configuration.weather import Weather
from testsite_sim.weather import open_record, open_weather
from testsite_sim.weather.control import control_record
from testsite_sim.weather.formats import join_records
from testsite_sim.weather.intervals import interval_lengths, onto
from testsite_sim.weather.quality import clock_changes, clock_hint, zone_that_fits

HOUR, QUARTER = np.timedelta64(3600, "s"), np.timedelta64(900, "s")
WIND = {"column": "v", "quantity": "wind_speed", "units": "m/s", "height": "100 m"}
PRICE = {"column": "p", "quantity": "day_ahead_price", "units": "EUR/MWh"}


def opened(folder: Path, text: str, zone="UTC", form=None, columns=(WIND,), marks="start", **more) -> xr.Dataset:
    (folder / "mine.csv").write_text(text)
    time = {"column": "stamp", "zone": zone, "marks": marks, **({"format": form} if form else {})}
    return open_weather(
        Weather.model_validate({"record": str(folder / "mine.csv"), "time": time, "columns": list(columns), **more})
    )


def rows(stamps, values, separator=",", head="stamp,v") -> str:
    return "\n".join([head, *(f"{s}{separator}{v}" for s, v in zip(stamps, values, strict=True))]) + "\n"


@pytest.mark.parametrize("zone", ["UTC", "Europe/Brussels", "America/New_York"])
@pytest.mark.parametrize("day", ["2023-10-28", "2023-03-25"])
def test_stamps_with_their_offsets_are_read_over_a_change_of_the_clock_in_any_zone(tmp_path, zone, day) -> None:
    local = pd.date_range(day, periods=72, freq="h", tz="Europe/Brussels")
    found = opened(tmp_path, rows((stamp.isoformat() for stamp in local), np.arange(72) % 9), zone)
    np.testing.assert_array_equal(found["time"], local.tz_convert("UTC").tz_localize(None).to_numpy())
    assert ("own offsets" in found.attrs["repairs"]) == (zone != "UTC")


def test_stamps_of_which_only_some_have_an_offset_are_refused_with_the_first_row(tmp_path) -> None:
    stamps = [f"2023-06-01T{hour:02d}:00{'Z' if hour != 5 else ''}" for hour in range(24)]
    with pytest.raises(DataError, match=r"'2023-06-01T05:00' in data row 6 lacks an offset"):
        opened(tmp_path, rows(stamps, np.ones(24)))


def test_dates_with_the_day_first_are_read_by_a_stated_format_and_otherwise_the_message_shows_it(tmp_path) -> None:
    stamps = pd.date_range("2023-01-01", periods=48, freq="h")
    text = rows(stamps.strftime("%d/%m/%Y %H:%M"), np.arange(48) % 7)
    found = opened(tmp_path, text, form="%d/%m/%Y %H:%M")
    np.testing.assert_array_equal(found["time"], stamps.to_numpy())
    with pytest.raises(DataError, match=r"'01/01/2023 00:00' in data row 1.*`format: .%d/%m/%Y %H:%M.`"):
        opened(tmp_path, text)
    with pytest.raises(DataError, match=r"'01/01/2023 00:00' in data row 1; expected `%Y%m%d`"):
        opened(tmp_path, text, form="%Y%m%d")


def test_semicolons_and_decimal_commas_are_found(tmp_path) -> None:
    stamps = pd.date_range("2023-01-01", periods=48, freq="h").strftime("%Y-%m-%d %H:%M")
    values = [f"{k % 9},5" for k in range(48)]
    found = opened(tmp_path, "# of the mast\n" + rows(stamps, values, ";", "stamp;v"))
    np.testing.assert_allclose(found["wind_speed"][:, 0], np.arange(48) % 9 + 0.5)
    with pytest.raises(DataError, match=r"wider than the first line; are its decimals commas\?.*semicolons"):
        opened(tmp_path, rows(stamps, values))
    values[3] = "1.234,5"
    with pytest.raises(DataError, match=r"'1.234,5' in column 'v', data row 4, is not a number .a point and a comma"):
        opened(tmp_path, rows(stamps, values, ";", "stamp;v"))


def test_all_columns_that_are_not_there_are_named_with_those_that_are(tmp_path) -> None:
    text = rows(pd.date_range("2023-01-01", periods=48, freq="h"), np.ones(48), head="time,speed")
    with pytest.raises(DataError, match=r"no column 'stamp', no column 'v', no column 'p'\..*Its columns: time, speed"):
        opened(tmp_path, text, columns=[WIND, PRICE])


@given(st.text(st.characters(codec="ascii", categories=["L", "N", "P", "Zs"]), max_size=400), st.integers(20, 200))
@settings(max_examples=200)
def test_a_message_is_never_cut_in_a_word(text: str, most: int) -> None:
    found = shortened(text, most)
    line = (text.splitlines() or [""])[0]
    if found != line:
        cut = found.removesuffix(" …")
        assert len(cut) <= most
        assert line.startswith(cut)
        assert line[len(cut) :][:1].isspace() or " " not in line[:most].strip()


def mixed(change: str = "2025-10-01", first: str = "2025-09-29", days: int = 4) -> pd.DatetimeIndex:
    """Return stamps by the hour, from a change on by the quarter, as those of the day-ahead market in 2025."""
    until = pd.date_range(first, change, freq="h", inclusive="left")
    return until.append(
        pd.date_range(change, periods=(days - (pd.Timestamp(change) - pd.Timestamp(first)).days) * 96, freq="15min")
    )


@pytest.mark.parametrize("marks", ["start", "end"])
def test_a_price_that_changes_from_hours_to_quarters_is_one_of_steps(tmp_path, marks) -> None:
    stamps = mixed()
    prices = np.random.default_rng(1).normal(80.0, 40.0, stamps.size).round(2)
    lengths = np.where(stamps < "2025-10-01", HOUR, QUARTER)
    shown = stamps + lengths if marks == "end" else stamps
    (tmp_path / "mine.csv").write_text(rows(shown.strftime("%Y-%m-%dT%H:%M"), prices, head="stamp,p"))
    time = {"column": "stamp", "zone": "UTC", "marks": marks}
    from testsite_sim.weather.opening import open_as_measured

    weather = Weather.model_validate({"record": str(tmp_path / "mine.csv"), "time": time, "columns": [PRICE]})
    found = open_as_measured(weather, wind=False)
    np.testing.assert_array_equal(found["time"], pd.date_range("2025-09-29", periods=4 * 96, freq="15min"))
    held = np.repeat(prices, np.where(lengths == HOUR, 4, 1))
    np.testing.assert_allclose(found["day_ahead_price"] * 3.6e9, held, rtol=1e-12)
    assert "divided 48 coarser interval(s)" in found.attrs["repairs"]


def test_winds_whose_step_changes_want_the_rule_and_then_go_straight_while_prices_hold(tmp_path) -> None:
    stamps = mixed()
    values = np.arange(stamps.size) % 11
    text = rows(stamps, [f"{v},{v}" for v in values], head="stamp,v,p")
    with pytest.raises(DataError, match=r"the step of .* changes, first at 2025-10-01.*divide-coarser-intervals"):
        opened(tmp_path, text, columns=[WIND, PRICE])
    found = opened(tmp_path, text, columns=[WIND, PRICE], repairs=["divide-coarser-intervals"])
    np.testing.assert_allclose(found["wind_speed"][:5, 0], [0.0, 0.25, 0.5, 0.75, 1.0])
    np.testing.assert_allclose(found["day_ahead_price"][:5] * 3.6e9, [0.0, 0.0, 0.0, 0.0, 1.0], atol=1e-12)


def test_a_gap_of_prices_is_held_and_one_of_winds_is_straight(tmp_path) -> None:
    stamps = pd.date_range("2023-01-01", periods=48, freq="h")
    text = rows(
        stamps, [f"{'' if k in (5, 6) else k % 12},{'' if k in (5, 6) else k}" for k in range(48)], head="stamp,v,p"
    )
    found = opened(tmp_path, text, columns=[WIND, PRICE], repairs=["interpolate-gaps-up-to-6-hours"])
    np.testing.assert_allclose(found["day_ahead_price"][4:8] * 3.6e9, [4, 4, 4, 7])
    np.testing.assert_allclose(found["wind_speed"][4:8, 0], [4, 5, 6, 7])


@pytest.mark.parametrize("climate", [None, "flemish-site"])
def test_what_is_wrong_outside_the_period_needs_no_repair(tmp_path, climate) -> None:
    stamps = pd.date_range("2023-01-01", periods=60 * 24, freq="h")
    noise = np.random.default_rng(2).weibull(2.0, stamps.size) * 9.0
    table = pd.DataFrame({"stamp": stamps, "v": noise, "d": np.random.default_rng(3).uniform(0, 360, stamps.size)})
    table.loc[30, "v"] = np.nan
    table.loc[40, "v"] = 300.0
    table = pd.concat([table.drop(index=range(100, 300)), table.iloc[[50]]])
    table = table.iloc[np.r_[1, 0, 2 : len(table)]]
    direction = {"column": "d", "quantity": "wind_direction", "units": "degree", "height": "100 m"}
    more = {} if climate is None else {"climate": _climate(climate)}
    found = opened(
        tmp_path, table.to_csv(index=False), columns=[WIND, direction], start="2023-02-01", end="2023-02-11", **more
    )
    assert found.sizes["time"] == 240
    assert np.isfinite(found["wind_speed"]).all()
    if climate is None:
        np.testing.assert_allclose(found["wind_speed"][:, 0], noise[31 * 24 : 41 * 24])
        assert found.attrs["repairs"] == "none"
    else:
        assert "2 faulty interval(s) outside the period" in found.attrs["repairs"]
    with pytest.raises(DataError, match="runs back"):
        opened(tmp_path, table.to_csv(index=False), columns=[WIND, direction], **more)


def _climate(name: str):
    from testsite_sim.configuration.loading import load_component
    from testsite_sim.configuration.weather_climate import WeatherClimate

    return load_component("climate", name, WeatherClimate)


def test_a_period_that_begins_or_ends_in_a_gap_is_refused(tmp_path) -> None:
    stamps = pd.date_range("2023-01-01", periods=240, freq="h")
    table = pd.DataFrame({"stamp": stamps, "v": 8.0}).drop(index=range(60, 100)).to_csv(index=False)
    with pytest.raises(DataError, match=r"weather.start: .* gap of 28 h at 2023-01-04T00:00; choose 2023-01-05T04:00"):
        opened(tmp_path, table, start="2023-01-04")
    with pytest.raises(DataError, match=r"weather.end: .* gap of 12 h at 2023-01-04T00:00; choose 2023-01-03T12:00"):
        opened(tmp_path, table, end="2023-01-04")


def test_a_period_with_an_offset_is_one_of_utc(tmp_path) -> None:
    table = rows(pd.date_range("2023-06-01", periods=96, freq="h"), np.ones(96))
    found = opened(tmp_path, table, start="2023-06-02T02:00+02:00")
    assert str(found["time"].to_numpy()[0])[:16] == "2023-06-02T00:00"


@pytest.mark.parametrize("unit", [1.0, 0.514444])
def test_winds_in_whole_numbers_are_not_frozen_but_a_stuck_sensor_is(unit) -> None:
    record = open_record("north-sea-58n-1994-2023").isel(time=slice(0, 5 * 8766))[["wind_speed_at_hub"]]
    rounded = np.round(record["wind_speed_at_hub"].to_numpy() / unit) * unit
    record["wind_speed_at_hub"] = ("time", rounded.copy(), record["wind_speed_at_hub"].attrs)
    assert "frozen sensor" not in {each.check for each in control_record(record)}
    rounded[1000:1060] = 10 * unit
    record["wind_speed_at_hub"] = ("time", rounded, record["wind_speed_at_hub"].attrs)
    assert "frozen sensor" in {each.check for each in control_record(record)}


def plain(values: np.ndarray, starts: np.ndarray, ends: np.ndarray, begin: int, end: int) -> float:
    """Return the mean over [begin, end) of values that hold within their intervals; missing where a part is."""
    total = covered = 0.0
    for value, first, last in zip(values, starts, ends, strict=True):
        part = max(min(last, end) - max(first, begin), 0)
        if part and np.isfinite(value):
            total, covered = total + part * value, covered + part
    return total / covered if covered >= (end - begin) * (1 - 1e-9) else np.nan


@given(
    st.lists(st.sampled_from([900, 3600]), min_size=2, max_size=3),
    st.sampled_from([600, 900, 1800, 3600]),
    st.integers(0, 99),
)
@settings(max_examples=40)
def test_prices_on_other_intervals_are_the_means_of_what_holds(sections, expected, seed) -> None:
    steps = np.repeat(sections, [2 * 86400 // each for each in sections])
    starts = np.concatenate([[0], np.cumsum(steps)[:-1]])
    generator = np.random.default_rng(seed)
    values = np.where(generator.random(starts.size) < 0.05, np.nan, generator.normal(size=starts.size))
    origin = np.datetime64("2025-01-01", "ns")
    record = xr.Dataset(
        {"day_ahead_price": ("time", values)},
        coords={"time": origin + starts * np.timedelta64(1, "s").astype("m8[ns]")},
    )
    np.testing.assert_array_equal(interval_lengths(record["time"].to_numpy()) / np.timedelta64(1, "s"), steps)
    begins = np.arange(0, len(sections) * 2 * 86400, expected)
    stamps = origin + begins * np.timedelta64(1, "s").astype("m8[ns]")
    found = onto(record, stamps, np.full(begins.size, np.timedelta64(expected, "s").astype("m8[ns]")))
    some = generator.choice(begins.size, 25)
    expected = [plain(values, starts, starts + steps, begins[k], begins[k] + expected) for k in some]
    np.testing.assert_allclose(found["day_ahead_price"].to_numpy()[some], expected, rtol=1e-12)


@pytest.mark.parametrize(("steps", "expected"), [
    ([3600] * 240 + [900] * 8, [3600] * 240 + [900] * 8),  # a month in UTC whose last hours are of the next one
    ([3600] * 10 + [900] * 500, [3600] * 10 + [900] * 500),
    ([3600] * 3 + [900] * 500, [900] * 503),  # gaps
    ([900] * 200 + [3600] * 10 + [900] * 200, [900] * 410),
    ([3600] * 240 + [1000] * 8, [3600] * 248),  # no step that divides the other
])  # fmt: skip
def test_a_step_that_changes_within_a_day_of_an_end_of_the_file_is_a_step_and_no_gap(steps, expected) -> None:
    starts = np.concatenate([[0], np.cumsum(steps)[:-1]])
    stamps = np.datetime64("2025-09-20", "ns") + starts * np.timedelta64(1, "s").astype("m8[ns]")
    np.testing.assert_array_equal(interval_lengths(stamps) / np.timedelta64(1, "s"), expected)


def test_directions_are_joined_as_unit_vectors_and_levels_as_they_are() -> None:
    time = pd.date_range("2024-01-01", periods=24, freq="h")
    fine = pd.date_range("2024-01-01", periods=48, freq="30min")
    first = xr.Dataset({"day_ahead_price": ("time", np.ones(24))}, coords={"time": time})
    second = xr.Dataset(
        {"wind_direction": (("time", "height"), np.tile([[350.0], [20.0]], (24, 1)))},
        coords={"time": fine, "height": [10.0]},
    )
    joined = join_records(first, second)
    np.testing.assert_allclose(joined["wind_direction"][:, 0], 5.0, atol=1e-9)
    other = xr.Dataset(
        {"wind_speed": (("time", "height"), np.full((24, 2), 8.0))}, coords={"time": time, "height": [10.0, 100.0]}
    )
    np.testing.assert_allclose(join_records(other, second)["wind_direction"], np.full((24, 2), 5.0))
    with pytest.raises(DataError, match=r"wind_speed to be joined is at 50, 100 m, the record at 10 m"):
        join_records(second.isel(time=slice(None, None, 2)), other.assign_coords(height=[50.0, 100.0]))


@pytest.mark.parametrize("first", ["2025-09-29", "2025-09-30"])
@pytest.mark.parametrize("marks", ["start", "end"])
def test_a_change_a_day_from_the_end_or_the_start_of_a_file_is_one(tmp_path, first, marks) -> None:
    stamps = mixed(first=first, days=(pd.Timestamp("2025-10-02") - pd.Timestamp(first)).days)
    lengths = np.where(stamps < "2025-10-01", HOUR, QUARTER)
    shown = stamps + lengths if marks == "end" else stamps
    text = rows(
        shown.strftime("%Y-%m-%dT%H:%M"), [f"{k % 7 + 5},{k % 5}" for k in range(stamps.size)], head="stamp,v,p"
    )
    found = opened(tmp_path, text, columns=[WIND, PRICE], marks=marks, repairs=["divide-coarser-intervals"])
    assert found.sizes["time"] == 96 * (pd.Timestamp("2025-10-02") - pd.Timestamp(first)).days


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_unicode_text_of_spreadsheets_is_read(tmp_path, encoding) -> None:
    from testsite_sim.weather.bounded_text import read_text

    (tmp_path / "mine.csv").write_text("stamp\tv°\n1\t2\n", encoding=encoding)
    assert read_text(tmp_path / "mine.csv") == "stamp\tv°\n1\t2\n"
    (tmp_path / "mine.csv").write_bytes(b"\xff\xfea")
    with pytest.raises(DataError, match="begins as UTF-16 and is none"):
        read_text(tmp_path / "mine.csv")


def test_a_date_and_a_time_in_two_columns_are_one_stamp(tmp_path) -> None:
    hours = pd.date_range("2023-05-01", periods=48, freq="h")
    table = pd.DataFrame({"Date": hours.strftime("%d/%m/%Y"), "Time": hours.strftime("%H:%M"), "ws": 8.0})
    table.to_csv(tmp_path / "mast.csv", index=False, sep=";")
    stated = {
        "record": str(tmp_path / "mast.csv"),
        "time": {"column": "Date", "clock": "Time", "zone": "UTC", "marks": "start", "format": "%d/%m/%Y %H:%M"},
        "columns": [{"column": "ws", "quantity": "wind_speed", "units": "m/s", "height": "100 m"}],
    }
    found = open_weather(Weather.model_validate(stated))
    np.testing.assert_array_equal(found["time"].to_numpy(), hours.to_numpy())
    stated["time"]["clock"] = "Tim"
    with pytest.raises(DataError, match="no column 'Tim'"):
        open_weather(Weather.model_validate(stated))


def test_hours_that_a_clock_leaves_out_and_doubles_are_named_with_the_zone_that_has_them() -> None:
    hours = pd.date_range("2023-01-01", "2023-12-31", freq="h", tz="UTC")
    for zone, missing, doubled in (
        ("Europe/Brussels", "2023-03-26T02:00", "2023-10-29T02:00"),
        ("Europe/London", "2023-03-26T01:00", "2023-10-29T01:00"),
    ):
        local = hours.tz_convert(zone).tz_localize(None).to_numpy()
        assert clock_changes(local) == [f"the hour from {missing} is missing", f"the hour from {doubled} is double"]
        assert zone_that_fits(local) == zone
        assert f"the local time of {zone}" in clock_hint(local)
    assert clock_changes(hours.tz_localize(None).to_numpy()) == []
    gap = np.delete(hours.tz_localize(None).to_numpy(), np.arange(500, 507))
    assert clock_hint(gap) == ""


def test_all_faults_of_a_record_are_named_at_once(tmp_path) -> None:
    hours = pd.date_range("2023-05-01", periods=96, freq="h").delete([30, 31])
    table = pd.DataFrame({"time": hours.strftime("%Y-%m-%dT%H:%M"), "ws": 8.0, "t": 10.0})
    table.loc[10, "ws"] = np.nan
    table.loc[20, "ws"] = 99.9
    table.loc[40, "t"] = 400.0
    table.iloc[[50, 51]] = table.iloc[[51, 50]].to_numpy()
    table.to_csv(tmp_path / "mast.csv", index=False)
    stated = {
        "record": str(tmp_path / "mast.csv"),
        "time": {"column": "time", "zone": "UTC", "marks": "start"},
        "columns": [
            {"column": "ws", "quantity": "wind_speed", "units": "m/s", "height": "100 m"},
            {"column": "t", "quantity": "air_temperature", "units": "degC"},
        ],
    }
    with pytest.raises(DataError) as refused:
        open_weather(Weather.model_validate(stated))
    said = " | ".join(refused.value.problems)
    for words in ("runs back in time", "1 gap(s), 2 missing", "missing (NaN) 1 time(s)", "is 99.9", "air_temperature"):
        assert words in said, words
    assert len(refused.value.problems) == 5
