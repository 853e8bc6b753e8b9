"""A user's weather is read in SI and UTC; every fault is one sentence, and repaired only by a named rule."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from testsite_sim.common.errors import DataError
from testsite_sim.configuration.weather import Weather
from testsite_sim.weather import open_record, open_weather
from testsite_sim.weather.quality import repair_stamps

RECORD = open_record("hollandse-kust-noord-2023").isel(time=slice(0, 72))
COLUMNS = [
    {"column": "v100", "quantity": "wind_speed", "units": "m/s", "height": "100 m"},
    {"column": "dir", "quantity": "wind_direction", "units": "degree", "height": "100 m"},
    {"column": "t", "quantity": "air_temperature", "units": "degC"},
    {"column": "p", "quantity": "day_ahead_price", "units": "EUR/MWh"},
]


def table() -> pd.DataFrame:
    level = RECORD.sel(height=100.0)
    return pd.DataFrame(
        {
            "stamp": pd.DatetimeIndex(RECORD["time"].to_numpy()).strftime("%Y-%m-%dT%H:%M"),
            "v100": level["wind_speed"].to_numpy(),
            "dir": level["wind_direction"].to_numpy(),
            "t": RECORD["air_temperature"].to_numpy() - 273.15,
            "p": RECORD["day_ahead_price"].to_numpy() * 3.6e9,
        }
    )


def opened(folder: Path, data: pd.DataFrame, zone: str = "UTC", columns=COLUMNS, marks="start", **more) -> xr.Dataset:
    data.to_csv(folder / "mine.csv", index=False)
    time = {"column": "stamp", "zone": zone, "marks": marks}
    weather = Weather.model_validate({"record": str(folder / "mine.csv"), "time": time, "columns": columns, **more})
    return open_weather(weather)


def test_a_csv_file_is_read_as_the_record_that_it_came_from(tmp_path: Path) -> None:
    found = opened(tmp_path, table())
    np.testing.assert_allclose(found["wind_speed"].sel(height=100.0), RECORD["wind_speed"].sel(height=100.0))
    np.testing.assert_allclose(found["air_temperature"], RECORD["air_temperature"])
    np.testing.assert_allclose(found["day_ahead_price"], RECORD["day_ahead_price"])
    assert found.attrs["repairs"] == "none"


def test_declared_knots_are_converted(tmp_path: Path) -> None:
    data = table()
    data["v100"] /= 0.514444444444444
    columns = [{**COLUMNS[0], "units": "knot"}, *COLUMNS[1:]]
    found = opened(tmp_path, data, columns=columns)
    np.testing.assert_allclose(found["wind_speed"].sel(height=100.0), RECORD["wind_speed"].sel(height=100.0), rtol=1e-9)


def test_undeclared_knots_are_noticed(tmp_path: Path) -> None:
    year = open_record("hollandse-kust-noord-2023").sel(height=100.0)
    data = pd.DataFrame(
        {
            "stamp": pd.DatetimeIndex(year["time"].to_numpy()).strftime("%Y-%m-%dT%H:%M"),
            "v100": year["wind_speed"].to_numpy() / 0.514444444444444,
        }
    )
    with pytest.raises(DataError, match=r"mean wind_speed of .*mine.csv is 17\.\d m/s.*units: knot"):
        opened(tmp_path, data, columns=COLUMNS[:1])


def test_local_time_with_its_clock_change_becomes_utc(tmp_path: Path) -> None:
    stamps = pd.date_range("2023-10-28 00:00", periods=72, freq="h", tz="Europe/Brussels")
    data = table().assign(stamp=stamps.strftime("%Y-%m-%dT%H:%M"))
    found = opened(tmp_path, data, zone="Europe/Brussels")
    assert str(found["time"].to_numpy()[0])[:16] == "2023-10-27T22:00"
    assert "Europe/Brussels" in found.attrs["repairs"]
    with pytest.raises(DataError, match=r"1 doubled stamp.*local time"):
        opened(tmp_path, data)


@pytest.mark.parametrize(("day", "words"), [("2023-03-26", "nonexistent time"), ("2023-10-29", "dst time")])
def test_an_hour_that_does_not_fit_the_clock_is_named_without_the_words_of_a_library(
    tmp_path: Path, day: str, words: str
) -> None:
    stamps = pd.date_range(day, periods=72, freq="h")
    data = table().assign(stamp=stamps.strftime("%Y-%m-%dT%H:%M"))
    with pytest.raises(DataError, match=f"{words}.*export the file in UTC") as found:
        opened(tmp_path, data, zone="Europe/Brussels")
    assert "argument" not in str(found.value)


def test_stamps_at_the_end_of_the_interval_are_moved_to_its_start(tmp_path: Path) -> None:
    found = opened(tmp_path, table(), marks="end")
    assert found["time"].to_numpy()[0] == RECORD["time"].to_numpy()[0] - np.timedelta64(1, "h")


@pytest.mark.parametrize(
    ("fault", "message", "rule", "repaired"),
    [
        (
            lambda d: d.drop(index=[5, 6]),
            r"1 gap\(s\), 2 missing interval",
            "interpolate-gaps-up-to-6-hours",
            "inserted 2",
        ),
        (lambda d: pd.concat([d, d.iloc[[-1]]]), "1 doubled stamp", "keep-first-of-duplicates", "dropped 1"),
        (
            lambda d: d.iloc[[1, 0, *range(2, 72)]],
            "runs back in time after 2023-01-01T01:00",
            "sort-stamps",
            "sorted 1",
        ),
        (
            lambda d: d.assign(v100=d["v100"].where(d.index != 7)),
            r"wind_speed of .*mine.csv is missing \(NaN\) 1 time\(s\), first at 2023-01-01T07:00",
            "interpolate-gaps-up-to-6-hours",
            "interpolated 1",
        ),
    ],
)
def test_a_fault_is_refused_with_its_rule_and_repaired_by_it(tmp_path, fault, message, rule, repaired) -> None:
    with pytest.raises(DataError, match=message) as refusal:
        opened(tmp_path, fault(table()))
    assert rule in str(refusal.value)
    found = opened(tmp_path, fault(table()), repairs=[rule])
    assert repaired in found.attrs["repairs"]
    assert found.sizes["time"] == 72
    assert np.isfinite(found["wind_speed"]).all()


def test_a_gap_longer_than_six_hours_is_refused_even_with_the_rule(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="lasts 8 h, more than may be interpolated"):
        opened(tmp_path, table().drop(index=range(5, 13)), repairs=["interpolate-gaps-up-to-6-hours"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"columns": [{**COLUMNS[0], "column": "v10"}, *COLUMNS[1:]]}, "no column 'v10'. Nearest: v100"),
        (
            {"columns": [{**COLUMNS[0], "units": "bar"}, *COLUMNS[1:]]},
            "'bar', which is not a unit of wind_speed; expected m/s, km/h or knot.",
        ),
        ({"columns": COLUMNS[1:]}, "holds no wind_speed"),
        ({"start": "2023-02-01"}, "not within .*mine.csv"),
        ({"end": "2023-01-01T05:00"}, "too short: 5 interval"),
    ],
)
def test_what_does_not_fit_is_reported_in_one_sentence(tmp_path: Path, change: dict, message: str) -> None:
    with pytest.raises(DataError, match=message.replace("(", r"\(")):
        opened(tmp_path, table(), **change)


def test_text_among_the_numbers_is_named_with_its_row(tmp_path: Path) -> None:
    data = table().astype({"v100": object})
    data.loc[3, "v100"] = "n/v"
    with pytest.raises(DataError, match="'n/v' in column 'v100', data row 4"):
        opened(tmp_path, data)


def test_a_period_is_cut_out(tmp_path: Path) -> None:
    found = opened(tmp_path, table(), start="2023-01-02", end="2023-01-03")
    assert found.sizes["time"] == 24


def test_a_day_of_several_steps_is_refused_for_its_steps_and_not_for_its_length(tmp_path: Path) -> None:
    fine = pd.date_range("2023-01-01T12:00", periods=72, freq="10min")
    stamps = pd.date_range("2023-01-01", periods=12, freq="h").append(fine)
    data = table().reindex(range(stamps.size), method="ffill").assign(stamp=stamps.strftime("%Y-%m-%dT%H:%M"))
    with pytest.raises(DataError, match=r"stamps that are 600, 3600 s apart and keeps no step for a day"):
        opened(tmp_path, data)


def test_an_uneven_step_is_refused(tmp_path: Path) -> None:
    data = table()
    data.loc[10, "stamp"] = "2023-01-01T10:20"
    with pytest.raises(DataError, match=r"step of .*mine.csv is not constant"):
        opened(tmp_path, data)


def _netcdf(folder: Path, units: str | None) -> Weather:
    record = RECORD[["wind_speed", "wind_direction", "day_ahead_price"]].copy()
    record["wind_speed"].attrs.pop("units")
    if units:
        record["wind_speed"].attrs["units"] = units
    record.drop_encoding().to_netcdf(folder / "mine.nc", engine="h5netcdf")
    return Weather(record=str(folder / "mine.nc"))


def test_a_netcdf_file_is_read(tmp_path: Path) -> None:
    found = open_weather(_netcdf(tmp_path, "m s-1"))
    np.testing.assert_array_equal(found["wind_speed"], RECORD["wind_speed"])
    np.testing.assert_allclose(found["day_ahead_price"], RECORD["day_ahead_price"], rtol=1e-15)


@pytest.mark.parametrize(("units", "message"), [("knots", "is in 'knots'; expected m s-1"), (None, "states no units")])
def test_a_netcdf_file_in_knots_or_without_units_is_refused(tmp_path: Path, units, message: str) -> None:
    with pytest.raises(DataError, match=message):
        open_weather(_netcdf(tmp_path, units))


def test_files_that_are_not_there_or_not_netcdf_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        open_weather(Weather(record=str(tmp_path / "mine.nc")))
    (tmp_path / "mine.nc").write_text("time,wind\n")
    with pytest.raises(DataError, match="cannot be read as NetCDF-4"):
        open_weather(Weather(record=str(tmp_path / "mine.nc")))


@given(st.permutations(range(24)))
def test_sorting_restores_any_shuffled_record(order: list[int]) -> None:
    day = RECORD.isel(time=slice(0, 24))
    found, _ = repair_stamps(day.isel(time=order), "shuffled", ["sort-stamps"], [])
    xr.testing.assert_identical(found, day)


def test_hdf5_whose_axes_have_no_names_is_refused_by_what_it_lacks(tmp_path: Path) -> None:
    import h5py

    from testsite_sim.weather.netcdf import open_bounded
    from testsite_sim.weather.reading import read_netcdf

    with h5py.File(tmp_path / "plain.nc", "w") as file:
        file["time"], file["wind_speed"] = np.arange(48), np.full(48, 8.0)
    assert open_bounded(tmp_path / "plain.nc")["wind_speed"].shape == (48,)
    with pytest.raises(DataError, match="has no axis `time`"):
        read_netcdf(tmp_path / "plain.nc")
