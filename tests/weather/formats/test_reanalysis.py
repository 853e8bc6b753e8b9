"""Reanalyses that ship as a mapping, and one of one's own: small files of the form that each is published in."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from tests.weather.formats.samples import HOURS, merra
from testsite_sim.cli import main
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.configuration.catalogue import names
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.reanalysis import Reanalysis
from testsite_sim.weather.formats import ImportOptions, import_record
from testsite_sim.weather.formats.recognition import open_any
from testsite_sim.weather.formats.several import import_records

SPEED = 5.0 + np.arange(48.0) % 7


def options(mapping: str, latitude: float = 51.6, longitude: float = 2.9) -> ImportOptions:
    return ImportOptions(latitude=latitude, longitude=longitude, mapping=Path(mapping))


def curvilinear(path: Path, heights: tuple[float, ...] = (10.0, 100.0, 250.0), units: str = "m s-1") -> Path:
    """Write NORA3 as its monthly files are: a Lambert grid of 3 km, latitude and longitude over (y, x)."""
    shape = (48, len(heights), 4, 5)
    rows, columns = np.meshgrid(np.arange(4), np.arange(5), indexing="ij")
    place = {"latitude": 51.5 + 0.03 * rows + 0.01 * columns, "longitude": 2.8 + 0.04 * columns - 0.01 * rows}
    power = (np.array(heights) / 100.0) ** 0.1
    speed = SPEED[:, None, None, None] * power[None, :, None, None] + 0.1 * columns[None, None]
    data = xr.Dataset(
        {
            "wind_speed": (("time", "height", "y", "x"), speed, {"units": units}),
            "wind_direction": (("time", "height", "y", "x"), np.full(shape, 240.0), {"units": "degree"}),
        },
        coords={"time": HOURS, "height": np.array(heights), **{k: (("y", "x"), v) for k, v in place.items()}},
    )
    data.to_netcdf(path, engine="h5netcdf")
    return path


@pytest.mark.parametrize("name", names("configs", "reanalysis"))
def test_every_mapping_that_ships_states_its_source_and_licence(name: str) -> None:
    mapping = load_component("reanalysis", name, Reanalysis)
    assert mapping.source
    assert mapping.license != "not stated"


def test_nora3_is_read_at_the_nearest_point_of_its_own_grid(tmp_path: Path) -> None:
    record = import_record(curvilinear(tmp_path / "nora3.nc"), "reanalysis", options("nora3-wind", 51.56, 2.9))
    assert record["height"].to_numpy().tolist() == [10.0, 100.0, 250.0]
    column = 2  # of the point that lies nearest by hand: row 1, 51.55 N 2.87 E is 2.4 km away
    np.testing.assert_allclose(record["wind_speed"].sel(height=100.0), SPEED + 0.1 * (column + 1), rtol=1e-6)
    assert "51.56 N 2.91 E" in record.attrs["grid_point"]
    assert record["time"].to_numpy()[0] == np.datetime64("2024-03-30")


def test_merra_2_marks_the_middle_of_the_hour(tmp_path: Path) -> None:
    record = import_record(merra(tmp_path / "merra.nc"), "reanalysis", options("merra-2"))
    assert record["time"].to_numpy()[0] == np.datetime64("2024-03-30T00:00")
    np.testing.assert_allclose(record["wind_speed"].sel(height=50.0), 10.0)
    np.testing.assert_allclose(record["wind_direction"].sel(height=10.0), 323.130102, rtol=1e-8)
    assert float(record["air_pressure"][0]) == 101_000.0


def test_cerra_joins_heights_and_single_levels_of_two_files(tmp_path: Path) -> None:
    stamps = pd.date_range("2024-01-01", periods=8, freq="3h")
    place = {
        "latitude": (("y", "x"), [[51.5, 51.6], [51.7, 51.8]]),
        "longitude": (("y", "x"), [[2.8, 2.9], [2.8, 2.9]]),
    }
    full = np.full((8, 2, 2, 2), 9.0)
    xr.Dataset(
        {
            "ws": (("valid_time", "heightAboveGround", "y", "x"), full, {"units": "m s**-1"}),
            "wdir": (("valid_time", "heightAboveGround", "y", "x"), 20.0 * full, {"units": "Degree true"}),
        },
        coords={"valid_time": stamps, "heightAboveGround": [50.0, 100.0], **place},
    ).to_netcdf(tmp_path / "heights.nc", engine="h5netcdf")
    xr.Dataset(
        {
            "si10": (("valid_time", "y", "x"), full[:, 0], {"units": "m s**-1"}),
            "t2m": (("valid_time", "y", "x"), 31.0 * full[:, 0]),
        },
        coords={"valid_time": stamps, **place},
    ).to_netcdf(tmp_path / "single.nc", engine="h5netcdf")
    record = import_records([tmp_path / "heights.nc", tmp_path / "single.nc"], "reanalysis", options("cerra"))
    assert record["height"].to_numpy().tolist() == [10.0, 50.0, 100.0]
    assert float(record["wind_direction"].sel(height=50.0)[0]) == 180.0
    assert float(record["air_temperature"][0]) == 279.0


def test_a_mapping_of_ones_own_is_a_file_and_a_zip_of_years_is_one_record(tmp_path: Path) -> None:
    import zipfile

    mapping = tmp_path / "own.yaml"
    mapping.write_text(
        "title: my reanalysis\nmarks: end\nlatitude: lat\nlongitude: lon\n"
        "winds: [{height: 50 m, eastward: U50M, northward: V50M}]\n"
    )
    merra(tmp_path / "a.nc")
    later = xr.open_dataset(tmp_path / "a.nc", engine="h5netcdf").load()
    later.assign_coords(time=later["time"] + np.timedelta64(2, "D")).to_netcdf(tmp_path / "b.nc", engine="h5netcdf")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as packed:
        for name in ("a.nc", "b.nc"):
            packed.write(tmp_path / name, name)
    record = import_records([tmp_path / "all.zip"], "reanalysis", options(str(mapping)))
    assert record.sizes["time"] == 96
    assert record["time"].to_numpy()[0] == np.datetime64("2024-03-29T23:30")
    assert list(record.data_vars) == ["wind_speed", "wind_direction"]


@pytest.mark.parametrize(
    ("made", "chosen", "said"),
    [
        (merra, options("nora3-wind"), "holds none of wind_speed"),
        (curvilinear, options("nora3-wind", 60.0, 5.0), "does not cover 60 N 5 E"),
        (curvilinear, ImportOptions(mapping=Path("nora3-wind")), "choose a point"),
        (lambda path: curvilinear(path, units="knot"), options("nora3-wind"), "is in 'knot'"),
        (merra, ImportOptions(), "merra-2"),
    ],
)
def test_what_a_file_does_not_hold_is_refused_in_one_sentence(tmp_path: Path, made, chosen, said) -> None:
    with pytest.raises(DataError, match=said) as refusal:
        import_record(made(tmp_path / "file.nc"), "reanalysis", chosen)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("wind", "said"),
    [
        ("{height: 10 m, levels: height, speed: a}", "either `height`"),
        ("{height: 10 m, eastward: a}", "`eastward` and `northward`"),
        ("{height: 10 m, speed: a, eastward: b, northward: c}", "leave one of them out"),
    ],
)
def test_a_mapping_that_contradicts_itself_is_refused(tmp_path: Path, wind: str, said: str) -> None:
    mapping = tmp_path / "own.yaml"
    mapping.write_text(f"title: x\nmarks: start\nlatitude: lat\nlongitude: lon\nwinds: [{wind}]\n")
    with pytest.raises(ConfigurationError, match=said):
        import_record(merra(tmp_path / "file.nc"), "reanalysis", options(str(mapping)))
    with pytest.raises(ConfigurationError, match="Nearest: nora3-wind"):
        import_record(tmp_path / "file.nc", "reanalysis", options("nora3"))


def test_a_reanalysis_is_imported_by_the_command_and_recognised_by_its_mapping(tmp_path: Path) -> None:
    path = merra(tmp_path / "merra.nc")
    place = ["--latitude", "51.6", "--longitude", "2.9", "--mapping", "merra-2"]
    main(["weather", "import", str(path), "--format", "reanalysis", *place, "-o", str(tmp_path / "record.nc")])
    assert open_any(str(tmp_path / "record.nc")).sizes["time"] == 48
    assert open_any(str(path), None, options("merra-2")).sizes["time"] == 48
