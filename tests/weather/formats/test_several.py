"""Many files are one record: years, one parameter a file, folders, zips; formats are recognised; grid points said."""

import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from tests.weather.formats import samples
from testsite_sim.cli import main
from testsite_sim.common.errors import DataError
from testsite_sim.weather.formats import ImportOptions, import_record
from testsite_sim.weather.formats.gridded import great_circle
from testsite_sim.weather.formats.recognition import open_any, recognise
from testsite_sim.weather.formats.several import gaps_text, import_records

TEN = pd.date_range("2024-01-01", periods=432, freq="10min")
SPEED, TURN = np.arange(432) % 17 / 1.0, np.arange(432) * 7 % 360 / 1.0


def series(path: Path, stamps: pd.DatetimeIndex, values: np.ndarray) -> Path:
    path.write_text("\n".join(f"{s:%Y-%m-%d %H:%M:%S} {v:g}" for s, v in zip(stamps, values, strict=True)))
    return path


def meetnet(folder: Path) -> list[Path]:
    """One file a parameter, the speed in two files that overlap by a day, waves by the half hour in cm."""
    folder.mkdir(exist_ok=True)
    half = pd.date_range("2024-01-01", periods=144, freq="30min")
    return [
        series(folder / "WHIWVC.2.txt", TEN[144:], SPEED[144:]),
        series(folder / "WHIWVC.txt", TEN[:288], SPEED[:288]),
        series(folder / "WHIWRS.txt", TEN, TURN),
        series(folder / "WHIGHA.txt", half, 100.0 + np.arange(144)),
    ]


def packed(folder: Path, files: list[Path]) -> Path:
    target = folder / "all.zip"
    with zipfile.ZipFile(target, "w") as written:
        for path in files:
            written.write(path, f"station/{path.name}")
    return target


@pytest.mark.parametrize("how", ["files", "folder", "zip"])
def test_one_parameter_a_file_is_joined_into_a_record(tmp_path, how) -> None:
    files = meetnet(tmp_path / "in")
    given = {"files": files, "folder": [tmp_path / "in"], "zip": [packed(tmp_path, files)]}[how]
    found = import_records(given, "meetnet-vlaamse-banken")
    np.testing.assert_array_equal(found["time"], TEN)
    np.testing.assert_allclose(found["wind_speed"][:, 0], SPEED)
    np.testing.assert_allclose(found["wind_direction"][:, 0], TURN)
    waves = found["significant_wave_height"].to_numpy()
    np.testing.assert_allclose(waves[:7], 1.0 + np.arange(7) * 0.01 / 3.0)


def test_overlaps_that_differ_are_refused_with_both_files(tmp_path) -> None:
    files = meetnet(tmp_path)
    series(files[0], TEN[144:], SPEED[144:] + (np.arange(288) == 10))
    with pytest.raises(DataError, match=r"WHIWVC.*different values of wind_speed for 1 same .* 2024-01-02T01:40"):
        import_records(files, "meetnet-vlaamse-banken")


def test_a_gap_between_files_is_named(tmp_path, capsys) -> None:
    one = series(tmp_path / "WHIWVC.1.txt", TEN[:100], SPEED[:100])
    two = series(tmp_path / "WHIWVC.2.txt", TEN[130:], SPEED[130:])
    assert gaps_text(import_records([two, one], "meetnet-vlaamse-banken")) == "1 gap(s): 5 h from 2024-01-01T16:40"
    main(["weather", "import", str(two), str(one), "--format", "meetnet-vlaamse-banken", "-o", str(tmp_path / "a.nc")])
    assert "1 gap(s): 5 h from 2024-01-01T16:40" in capsys.readouterr().out


def test_prices_of_two_years_with_the_change_of_the_market_are_one_series_of_steps(tmp_path) -> None:
    hours, quarters = (
        pd.date_range("2024-12-29", "2025-01-01", freq="h", inclusive="left"),
        pd.date_range("2025-01-01", periods=192, freq="15min"),
    )
    folder = tmp_path / "prices"
    folder.mkdir()
    for name, stamps in (("2025.csv", quarters), ("2024.csv", hours)):
        lines = ["MTU (UTC),Day-ahead Price (EUR/MWh)", *(f"{s:%d/%m/%Y %H:%M},{s.day}" for s in stamps)]
        (folder / name).write_text("\n".join(lines))
    prices = import_records([folder], "entsoe")
    assert prices.sizes["time"] == 72 + 192
    winds = pd.date_range("2024-12-30", periods=288, freq="15min")
    wind, target = tmp_path / "WHIWVC.txt", tmp_path / "joined.nc"
    series(wind, winds, np.ones(288))
    form = "meetnet-vlaamse-banken"
    main(["weather", "import", str(wind), "--format", form, "--join", str(folder), "-o", str(target)])
    with xr.open_dataset(target, engine="h5netcdf") as joined:
        day = pd.DatetimeIndex(joined["time"].to_numpy()).day
        np.testing.assert_allclose(joined["day_ahead_price"] * 3.6e9, day)


def test_formats_are_recognised_and_a_plain_table_says_how_it_is_described(tmp_path, capsys) -> None:
    assert recognise(meetnet(tmp_path)[0]) == "meetnet-vlaamse-banken"
    assert recognise(samples.era5(tmp_path / "era5.nc")) == "era5"
    assert recognise(samples.newa(tmp_path / "newa.nc")) == "newa"
    (tmp_path / "mast.csv").write_text("stamp;v100;dir\n2024-01-01T00:00;8,5;270\n2024-01-01T01:00;8,6;271\n")
    with pytest.raises(SystemExit) as left:
        main(["weather", "info", str(tmp_path / "mast.csv")])
    assert left.value.code == 3
    said = capsys.readouterr().err
    assert "stamp, v100, dir" in said
    assert "quantity: wind_direction" in said
    mapping = said[said.index("Begin with: ") + len("Begin with: ") :].strip()
    (tmp_path / "mast.yaml").write_text(mapping)
    main(["weather", "info", str(tmp_path / "mast.csv"), "--mapping", str(tmp_path / "mast.yaml")])
    assert "wind_speed [m s-1]: 8.5 to 8.6" in capsys.readouterr().out
    with pytest.raises(DataError, match="there is no such file"):
        open_any(str(tmp_path / "none.csv"))


def test_the_grid_point_is_said_with_its_distance_and_interpolated_on_request(tmp_path, capsys) -> None:
    path = samples.era5(tmp_path / "era5.nc")
    nearest = import_record(path, "era5", ImportOptions(latitude=51.6, longitude=2.9))
    away = great_circle(51.5, 3.0, 51.6, 2.9)
    assert away == pytest.approx(np.hypot(0.1 * 111.195e3, 0.1 * 111.195e3 * np.cos(np.radians(51.55))), rel=1e-3)
    assert nearest.attrs["grid_point_distance"] == pytest.approx(away)
    assert nearest.attrs["grid_point"] == f"nearest grid point 51.5 N 3 E, {away / 1000:.1f} km from 51.6 N 2.9 E"
    main(
        [
            "weather",
            "import",
            str(path),
            "--format",
            "era5",
            "--latitude",
            "51.6",
            "--longitude",
            "2.9",
            "-o",
            str(tmp_path / "a.nc"),
        ]
    )
    assert "nearest grid point 51.5 N 3 E" in capsys.readouterr().out


def test_between_grid_points_the_components_are_bilinear(tmp_path) -> None:
    time = pd.date_range("2024-01-01", periods=48, freq="h")
    north, east = np.array([52.0, 51.5]), np.array([2.5, 3.0])
    plane = north[:, None] * 2.0 - 100.0 + east[None, :]
    grid = xr.Dataset(
        {
            name: (("time", "latitude", "longitude"), np.broadcast_to(sign * plane, (48, 2, 2)).copy())
            for name, sign in (("u100", 1.0), ("v100", -0.5))
        },
        coords={"time": time, "latitude": north, "longitude": east},
    )
    grid.to_netcdf(tmp_path / "grid.nc", engine="h5netcdf")
    found = import_record(tmp_path / "grid.nc", "era5", ImportOptions(latitude=51.6, longitude=2.8, interpolate=True))
    u = 2.0 * 51.6 - 100.0 + 2.8
    np.testing.assert_allclose(found["wind_speed"][:, 0], np.hypot(u, 0.5 * u))
    assert "interpolated" in found.attrs["grid_point"]
    assert found.attrs["latitude"] == pytest.approx(51.6)
    with pytest.raises(DataError, match=r"does not surround the latitude 51.4"):
        import_record(tmp_path / "grid.nc", "era5", ImportOptions(latitude=51.4, longitude=2.8, interpolate=True))


def test_a_zip_is_recognised_by_its_first_file(tmp_path, capsys) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as packed:
        for each in meetnet(tmp_path / "files"):
            packed.write(each, each.name)
    assert recognise(tmp_path / "all.zip") == "meetnet-vlaamse-banken"
    assert not main(["weather", "info", str(tmp_path / "all.zip")])
    assert "significant_wave_height [m]" in capsys.readouterr().out
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    with pytest.raises(DataError, match="not stated"):
        recognise(tmp_path / "empty.zip")


def test_a_link_out_of_a_folder_is_refused_and_nothing_behind_it_is_shown(tmp_path, capsys) -> None:
    (tmp_path / "secret").write_text("user:password\n")
    folder = tmp_path / "files"
    meetnet(folder)
    (folder / "WHILTD.txt").symlink_to(tmp_path / "secret")
    for arguments in (
        ["info", str(folder)],
        ["import", str(folder), "--format", "meetnet-vlaamse-banken", "-o", str(tmp_path / "x.nc")],
    ):
        with pytest.raises(SystemExit) as left:
            main(["weather", *arguments])
        said = capsys.readouterr()
        assert left.value.code == 3
        assert "WHILTD.txt: is a link to a file outside its folder" in said.err
        assert "password" not in said.out + said.err
    (folder / "WHILTD.txt").unlink()
    (folder / "again-WHIWRS.txt").symlink_to(folder / "WHIWRS.txt")  # within it is what it is
    assert "wind_direction" in open_any(str(folder))


def test_info_prints_prices_as_people_read_them(capsys) -> None:
    assert not main(["weather", "info", "hollandse-kust-noord-2023"])
    assert "day_ahead_price [EUR/MWh]: -500 to 463.8, mean 95.82" in capsys.readouterr().out
