"""Files of others become records in SI, UTC, interval starts."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from tests.weather.formats import samples
from testsite_sim.cli import main
from testsite_sim.cli.weather.file_options import FORMATS as OFFERED
from testsite_sim.common.errors import DataError
from testsite_sim.configuration.weather import Weather
from testsite_sim.weather import open_weather
from testsite_sim.weather.formats import FORMATS, ImportOptions, import_record, join_records
from testsite_sim.weather.writing import write_record

VALIDATE = Path(__file__).resolve().parents[3] / "../shared/data/validate"
POINT = ImportOptions(latitude=51.6, longitude=2.9)


def test_the_command_line_offers_every_format():
    assert list(OFFERED) == list(FORMATS)


@pytest.mark.parametrize("axis", ["time", "valid_time"])
def test_era5_of_both_time_axes_gives_wind_from_its_components(tmp_path, axis):
    record = import_record(samples.era5(tmp_path / "era5.nc", axis), "era5", POINT)
    np.testing.assert_allclose(record["wind_speed"].sel(height=10.0), np.hypot(samples.U10, samples.V10), rtol=1e-5)
    expected = (270.0 - np.degrees(np.arctan2(samples.V10, samples.U10))) % 360.0
    np.testing.assert_allclose(record["wind_direction"].sel(height=100.0), expected, rtol=1e-4)
    assert set(record.data_vars) >= {"air_temperature", "air_pressure", "significant_wave_height", "wave_period"}
    assert record.attrs["latitude"] == 51.5
    assert record.attrs["longitude"] == 3.0


def test_recent_months_of_era5_take_the_final_value_where_there_is_one(tmp_path):
    record = import_record(samples.era5(tmp_path / "era5.nc", "time", expver=True), "era5", POINT)
    assert np.isfinite(record["wind_speed"]).all()
    assert record.sizes["time"] == 48


def test_a_zip_of_streams_is_merged(tmp_path):
    whole = xr.open_dataset(samples.era5(tmp_path / "all.nc", points=1), engine="h5netcdf").load()
    waves, air = whole[["swh", "mwp"]].isel(valid_time=slice(None, None, 3)), whole.drop_vars(["swh", "mwp"])
    with zipfile.ZipFile(tmp_path / "download.zip", "w") as packed:
        for name, part in (("data_stream-oper.nc", air), ("data_stream-wave.nc", waves)):
            part.to_netcdf(tmp_path / name, engine="h5netcdf")
            packed.write(tmp_path / name, name)
    record = import_record(tmp_path / "download.zip", "era5")
    assert record.sizes["time"] == 48
    assert int(np.isfinite(record["significant_wave_height"]).sum()) == 16


def test_a_grid_wants_a_point_that_it_covers(tmp_path):
    path = samples.era5(tmp_path / "era5.nc")
    with pytest.raises(DataError, match="choose a point with --latitude"):
        import_record(path, "era5")
    with pytest.raises(DataError, match="does not cover the latitude 40"):
        import_record(path, "era5", ImportOptions(latitude=40.0, longitude=2.9))


def test_era5_in_grib_is_read_through_cfgrib(tmp_path):
    pytest.importorskip("eccodes", reason="GRIB is read through the extra `formats`")
    pytest.importorskip("cfgrib")
    path = samples.grib(tmp_path / "era5.grib")
    record = import_record(path, "era5")
    np.testing.assert_allclose(record["wind_speed"].sel(height=10.0), 10.0, rtol=1e-3)
    np.testing.assert_allclose(record["wind_direction"].sel(height=100.0), 323.13, atol=0.1)
    assert record.sizes["time"] == 3


def test_newa_keeps_its_heights(tmp_path):
    record = import_record(samples.newa(tmp_path / "newa.nc"), "newa")
    assert list(record["height"].to_numpy()) == [50.0, 75.0, 100.0, 150.0, 200.0, 250.0, 500.0]
    np.testing.assert_allclose(record["wind_speed"].sel(height=100.0), 9.0)


def test_an_hour_of_knmi_ends_at_its_number(tmp_path):
    record = import_record(samples.knmi(tmp_path / "knmi.txt"), "knmi")
    assert record["time"].to_numpy()[0] == np.datetime64("2024-03-30T00:00")
    assert float(record["wind_speed"][0, 0]) == 8.0
    assert float(record["air_temperature"][0]) == pytest.approx(282.65)
    assert float(record["air_pressure"][0]) == 101_300.0
    assert list(np.flatnonzero(np.isnan(record["wind_direction"][:, 0]))) == [3, 4]  # calm, variable


@pytest.mark.skipif(not VALIDATE.is_dir(), reason="the measured series are not part of the repository")
def test_the_real_file_of_borssele_alpha_is_read():
    record = import_record(VALIDATE / "knmi_317_borssele_alpha_2023_2025.txt", "knmi")
    assert record.sizes["time"] == 22_224
    assert str(record["time"].to_numpy()[0])[:16] == "2023-06-15T00:00"
    assert float(record["wind_speed"].mean()) == pytest.approx(6.45, abs=0.01)  # inside wakes
    assert float(record["air_pressure"].mean()) == pytest.approx(101_435.0, abs=10.0)


def test_stations_of_knmi_are_distinguished(tmp_path):
    path = samples.knmi(tmp_path / "knmi.txt")
    path.write_text(path.read_text() + path.read_text().splitlines()[-1].replace("317", "320") + "\n")
    with pytest.raises(DataError, match="holds the stations 317, 320"):
        import_record(path, "knmi")
    assert import_record(path, "knmi", ImportOptions(station="317")).sizes["time"] == 48


def test_a_table_of_the_meetnet_is_read_by_its_headers(tmp_path):
    record = import_record(samples.meetnet_csv(tmp_path / "whi.csv"), "meetnet-vlaamse-banken")
    np.testing.assert_allclose(record["wind_speed"].isel(height=0), 8.0 + np.arange(48) / 10.0)
    np.testing.assert_allclose(record["significant_wave_height"], 1.1)


@pytest.mark.parametrize(("name", "quantity"), [("WHIWVC.txt", "wind_speed"), ("WHIWRS.txt", "wind_direction")])
def test_older_text_of_the_meetnet_takes_its_parameter_from_its_name(tmp_path, name, quantity):
    record = import_record(samples.meetnet_text(tmp_path / name, 12.5), "meetnet-vlaamse-banken")
    np.testing.assert_allclose(record[quantity], 12.5)


def test_an_answer_of_the_meetnet_interface_is_read(tmp_path):
    values = [{"Timestamp": f"{stamp:%Y-%m-%dT%H:%M:%S}+00:00", "Value": 9.5} for stamp in samples.HOURS]
    path = tmp_path / "answer.json"
    path.write_text(json.dumps({"Values": [{"ID": "WHIWVC", "Values": values}, {"ID": "WHIHM0", "Values": values}]}))
    record = import_record(path, "meetnet-vlaamse-banken")
    np.testing.assert_allclose(record["wind_speed"], 9.5)
    np.testing.assert_allclose(record["significant_wave_height"], 0.095)


def test_offshore_regions_of_elia_add_up_in_the_order_of_time(tmp_path):
    record = import_record(samples.elia_csv(tmp_path / "ods031.csv"), "elia")
    np.testing.assert_allclose(record["wind_power"], 1e9)
    assert (np.diff(record["time"].to_numpy()) == np.timedelta64(15, "m")).all()


@pytest.mark.parametrize("shape", ["results", "list"])
def test_prices_of_elia_are_read_from_json(tmp_path, shape):
    rows = [{"datetime": f"{s:%Y-%m-%dT%H:%M:%S}+02:00", "imbalanceprice": 50.0} for s in samples.HOURS]
    path = tmp_path / "ods047.json"
    path.write_text(json.dumps({"total_count": 48, "results": rows} if shape == "results" else rows))
    record = import_record(path, "elia")
    np.testing.assert_allclose(record["imbalance_price"], 50.0 / 3.6e9)
    assert str(record["time"].to_numpy()[0])[:16] == "2024-03-29T22:00"


@pytest.mark.parametrize("marks", [True, False])
def test_the_doubled_hour_of_entsoe_prices_is_distinguished(tmp_path, marks):
    record = import_record(samples.entsoe(tmp_path / "prices.csv", marks), "entsoe")
    expected = pd.date_range("2024-10-25 22:00", periods=72, freq="h")
    np.testing.assert_array_equal(record["time"], expected.to_numpy())
    np.testing.assert_allclose(record["day_ahead_price"] * 3.6e9, np.arange(72.0))


def test_the_hour_that_does_not_exist_is_left_out(tmp_path):
    lines = ["MTU (CET/CEST),Day-ahead Price [EUR/MWh]"]
    lines += [f"31.03.2024 {h:02d}:00 - 31.03.2024 {(h + 1) % 24:02d}:00,{'n/e' if h == 2 else h}" for h in range(24)]
    (tmp_path / "old.csv").write_text("\n".join(lines))
    record = import_record(tmp_path / "old.csv", "entsoe")
    assert record.sizes["time"] == 23
    assert np.isfinite(record["day_ahead_price"]).all()
    assert (np.diff(record["time"].to_numpy()) == np.timedelta64(1, "h")).all()


MAPPING = """
time: {column: stamp, zone: UTC, marks: start}
columns:
  - {column: v, quantity: wind_speed, units: knot, height: 100 m}
  - {column: t, quantity: air_temperature, units: degC}
"""


@pytest.mark.parametrize("form", ["csv", "nc", "parquet", "zarr"])
def test_any_table_is_read_by_a_mapping_file(tmp_path, form):
    (tmp_path / "mapping.yaml").write_text(MAPPING)
    table = pd.DataFrame({"stamp": samples.HOURS, "v": np.full(48, 20.0), "t": np.full(48, 9.0)})
    path = tmp_path / f"mine.{form}"
    if form == "csv":
        table.to_csv(path, index=False)
    elif form == "parquet":
        pytest.importorskip("pyarrow", reason="Parquet is read through the extra `formats`")
        table.to_parquet(path)
    else:
        made = table.set_index("stamp").to_xarray()
        if form == "zarr":
            pytest.importorskip("zarr", reason="Zarr is read through the extra `formats`")
            made.to_zarr(path, zarr_format=2)
        else:
            made.to_netcdf(path, engine="h5netcdf")
    record = import_record(path, "mapped", ImportOptions(mapping=tmp_path / "mapping.yaml"))
    np.testing.assert_allclose(record["wind_speed"], 20.0 * 0.5144444444)
    np.testing.assert_allclose(record["air_temperature"], 282.15)


def test_an_imported_record_joined_with_prices_is_a_scenarios_weather(tmp_path):
    prices, record = tmp_path / "prices.nc", tmp_path / "record.nc"
    lines = ["MTU (UTC),Day-ahead Price (EUR/MWh)"]
    lines += [
        f"{s:%d/%m/%Y %H:%M} - {s:%d/%m/%Y %H:%M},40" for s in pd.date_range("2024-03-30", periods=192, freq="15min")
    ]
    (tmp_path / "prices.csv").write_text("\n".join(lines))
    main(["weather", "import", str(tmp_path / "prices.csv"), "--format", "entsoe", "-o", str(prices)])
    era5 = samples.era5(tmp_path / "era5.nc")
    arguments = ["--format", "era5", "--latitude", "51.5", "--longitude", "2.9", "--join", str(prices)]
    main(["weather", "import", str(era5), *arguments, "-o", str(record)])
    found = open_weather(Weather(record=str(record)))
    np.testing.assert_allclose(found["day_ahead_price"] * 3.6e9, 40.0)
    assert found.sizes["time"] == 48


def test_a_coarser_series_is_held_and_strangers_are_not_joined(tmp_path):
    fine = import_record(samples.newa(tmp_path / "newa.nc"), "newa")
    coarse = xr.Dataset(
        {"day_ahead_price": ("time", np.arange(48.0), {"units": "EUR J-1"})},
        coords={"time": pd.date_range("2018-01-01", periods=48, freq="h")},
    )
    joined = join_records(fine, coarse)
    np.testing.assert_allclose(joined["day_ahead_price"], np.repeat(np.arange(48.0), 2))
    with pytest.raises(DataError, match="no time in common"):
        join_records(fine, coarse.assign_coords(time=coarse["time"] + np.timedelta64(900, "D")))


@pytest.mark.parametrize("form", list(FORMATS))
def test_a_file_of_another_kind_is_reported_in_one_sentence(tmp_path, form):
    (tmp_path / "mapping.yaml").write_text(MAPPING)
    path = tmp_path / "novel.txt"
    path.write_text("It was a dark and stormy night; the rain fell in torrents, except at intervals.\n")
    mapping = Path("merra-2") if form == "reanalysis" else tmp_path / "mapping.yaml"
    with pytest.raises(DataError) as refusal:
        import_record(path, form, ImportOptions(mapping=mapping))
    assert "\n" not in str(refusal.value)
    with pytest.raises(DataError, match="no such file"):
        import_record(tmp_path / "nothing", form)


def test_unknown_formats_and_names_are_refused(tmp_path):
    with pytest.raises(DataError, match="Nearest: era5"):
        import_record(tmp_path, "era 5")
    with pytest.raises(DataError, match=r"ends in \.nc"):
        write_record(xr.Dataset(), tmp_path / "record.txt")
