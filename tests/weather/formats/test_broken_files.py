"""No broken file makes a reader crash: it is a record or one sentence (a longer search: tools/fuzz_weather.py)."""

import base64
import contextlib
import gzip
import json
import os
import resource
import tracemalloc
import warnings
import zipfile
import zlib
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.weather.formats import samples
from testsite_sim.common import hdf5_probe, reading_apart
from testsite_sim.common.errors import DataError, TestsiteError
from testsite_sim.configuration.weather import Weather
from testsite_sim.weather import bounded_text, open_weather
from testsite_sim.weather.control import control_record
from testsite_sim.weather.formats import FORMATS, ImportOptions, import_record
from testsite_sim.weather.formats.several import import_records

MAPPING = (
    "time: {column: stamp, zone: UTC, marks: end}\n"
    "columns: [{column: v, quantity: wind_speed, units: knot, height: 100 m}]\n"
)
NETCDF = ("era5", "newa", "reanalysis")
FEW = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def good(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("good")
    table = "stamp,v\n" + "".join(f"{stamp.isoformat()},{k}\n" for k, stamp in enumerate(samples.HOURS))
    (folder / "mine.csv").write_text(table)
    (folder / "mapping.yaml").write_text(MAPPING)
    return {
        "era5": samples.era5(folder / "era5.nc", points=1),
        "newa": samples.newa(folder / "newa.nc"),
        "knmi": samples.knmi(folder / "knmi.txt"),
        "meetnet-vlaamse-banken": samples.meetnet_csv(folder / "whi.csv"),
        "elia": samples.elia_csv(folder / "elia.csv"),
        "entsoe": samples.entsoe(folder / "entsoe.csv", True),
        "mapped": folder / "mine.csv",
        "reanalysis": samples.merra(folder / "merra.nc"),
    }


def read(path: Path, form: str, mapping: Path) -> None:
    mapping = Path("merra-2") if form == "reanalysis" else mapping
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            control_record(import_record(path, form, ImportOptions(mapping=mapping)))
        except TestsiteError as error:
            assert "\n" not in str(error)


@pytest.mark.parametrize("form", [form for form in FORMATS if form not in NETCDF])
@FEW
@given(data=st.data())
def test_a_damaged_file_is_a_record_or_one_sentence(form, good, tmp_path, data):
    content = bytearray(good[form].read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        content[at : at + data.draw(st.integers(0, 40))] = data.draw(
            st.one_of(
                st.binary(max_size=40), st.sampled_from([b"nan", b"\0", b'"', b"1e999", b"2024-02-30", b",,,", b"\n"])
            )
        )
    path = tmp_path / good[form].name
    path.write_bytes(bytes(content))
    read(path, form, good["mapped"].with_name("mapping.yaml"))


@pytest.mark.parametrize("form", [form for form in FORMATS if form not in NETCDF])
@FEW
@given(content=st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)))
def test_any_bytes_are_a_record_or_one_sentence(form, good, tmp_path, content):
    path = tmp_path / good[form].name
    path.write_bytes(content)
    read(path, form, good["mapped"].with_name("mapping.yaml"))


@pytest.mark.parametrize("form", NETCDF)
@settings(FEW, max_examples=10)
@given(data=st.data())
def test_damaged_netcdf_is_a_record_or_one_sentence(form, good, tmp_path, data):
    content = bytearray(good[form].read_bytes())
    at = data.draw(st.integers(0, len(content)))
    content[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=40))
    path = tmp_path / good[form].name
    path.write_bytes(bytes(content) if data.draw(st.booleans()) else data.draw(st.binary(max_size=100)))
    read(path, form, good["mapped"].with_name("mapping.yaml"))


def test_a_file_that_makes_the_library_hang_or_crash_is_refused(good, tmp_path, monkeypatch):
    monkeypatch.setattr(hdf5_probe, "_read_to_the_end", set())  # another test may have read the same content
    monkeypatch.setattr(hdf5_probe, "PROBE_SECONDS", 0.1)
    monkeypatch.setattr(hdf5_probe, "_PROBE", "while True: pass")
    with pytest.raises(DataError, match="makes HDF5 hang"):
        import_record(good["era5"], "era5", ImportOptions())
    monkeypatch.setattr(reading_apart, "ELAPSED_SECONDS", 0.5)
    monkeypatch.setattr(hdf5_probe, "_PROBE", "import time; time.sleep(60)")
    with pytest.raises(DataError, match="makes HDF5 hang"):
        import_record(good["newa"], "newa")
    monkeypatch.setattr(reading_apart, "ELAPSED_SECONDS", 60.0)
    monkeypatch.setattr(hdf5_probe, "_PROBE", "import os; os.abort()")
    with pytest.raises(DataError, match="by signal 6"):
        import_record(good["newa"], "newa")


@pytest.mark.parametrize("form", ["knmi", "elia", "entsoe", "meetnet-vlaamse-banken", "mapped"])
@pytest.mark.parametrize(
    "content",
    [b"," * 1_000_000, b"\n" * 1_000_000, b"[" * 1_000_000, b'{"a":' * 200_000, b'"' * 1_000_000, b"9" * 1_000_000],
    ids=["commas", "lines", "brackets", "braces", "quotes", "digits"],
)
def test_a_megabyte_of_one_letter_is_refused(form, content, good, tmp_path):
    path = tmp_path / "large.csv"
    path.write_bytes(content)
    with pytest.raises(DataError):
        import_record(path, form, ImportOptions(mapping=good["mapped"].with_name("mapping.yaml")))


def test_a_gzip_bomb_is_refused_within_bounded_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(bounded_text, "MOST_BYTES", 8 * 1024**2)
    path = tmp_path / "bomb.csv"
    with gzip.open(path, "wb") as packed:
        for _ in range(200):
            packed.write(b"0" * 1024**2)
    assert path.stat().st_size < 1_000_000
    tracemalloc.start()
    with pytest.raises(DataError, match="more than 8 MB of text"):
        import_record(path, "knmi")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64 * 1024**2


def own(path):
    """Open a file as the weather of a scenario."""
    columns = [{"column": "v", "quantity": "wind_speed", "units": "m/s", "height": "100 m"}]
    time = {"column": "stamp", "zone": "UTC", "marks": "start"}
    csv = {"time": time, "columns": columns} if ".csv" in path.name else {}
    return open_weather(Weather.model_validate({"record": str(path), **csv}))


def test_a_scenario_s_own_file_is_bounded_too(tmp_path, monkeypatch):
    monkeypatch.setattr(bounded_text, "MOST_BYTES", 8 * 1024**2)
    bomb = tmp_path / "bomb.csv.gz"
    with gzip.open(bomb, "wb") as packed:
        for _ in range(200):
            packed.write(b"0" * 1024**2)
    wide = tmp_path / "wide.csv"
    wide.write_text("stamp,v" + "," * 400_000 + "\n")
    ragged = tmp_path / "ragged.csv"
    ragged.write_text("stamp,v\n2024-01-01,1\n2024-01-02" + ",2" * 500 + "\n")
    for path, said in ((bomb, "more than 8 MB"), (wide, "more than 1000 columns"), (ragged, "wa|one width|CSV")):
        with pytest.raises(DataError, match=said):
            own(path)


def test_rows_that_are_wider_than_the_first_line_are_refused(tmp_path):
    path = tmp_path / "whi.csv"  # found by the fuzzer: 500 surplus fields made an index of as many levels, slowly
    path.write_text("Tijdstip;v\n" + "\n".join(";".join(str(k + j) for j in range(500)) for k in range(20)))
    with pytest.raises(DataError, match="one width"):
        import_record(path, "meetnet-vlaamse-banken")


def test_arrays_larger_than_memory_are_refused_before_they_are_read(tmp_path):
    path = tmp_path / "huge.nc"
    with h5py.File(path, "w") as made:
        time = made.create_dataset("time", data=np.arange(2.0))
        time.make_scale("time")
        time.attrs["units"] = "hours since 2024-01-01"
        level = made.create_dataset("height", shape=(10**9,), dtype="f8", chunks=(1024,))
        level.make_scale("height")
        wind = made.create_dataset("WS", shape=(2, 10**9), dtype="f8", chunks=(1, 1024))
        wind.dims[0].attach_scale(time)
        wind.dims[1].attach_scale(level)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(DataError, match="GB; expected 2 at most"):
        import_record(path, "newa")


def test_a_zip_that_lies_about_its_size_or_climbs_out_is_refused(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("../../escaped.nc", b"\0" * 50_000_000)
    with pytest.raises(DataError):
        import_record(path, "era5")
    assert not (tmp_path.parent.parent / "escaped.nc").exists()
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("readme.txt", "nothing")
    with pytest.raises(DataError, match="1 to 200 files, NetCDF or CSV"):
        import_record(path, "era5")


def test_a_number_of_hundreds_of_digits_is_refused(tmp_path):
    path = tmp_path / "huge.csv"
    path.write_text("stamp,v\n" + "".join(f"2024-01-{d:02d},{'9' * 400}\n" for d in range(1, 8)))
    with pytest.raises(DataError):
        own(path)


def test_broken_grib_is_refused_without_a_traceback_on_standard_error(tmp_path, caplog, capsys):
    pytest.importorskip("cfgrib", reason="GRIB is read through the extra `formats`")
    content = samples.grib(tmp_path / "era5.grib").read_bytes()
    for cut in (40, 200, len(content) - 7):
        (tmp_path / "era5.grib").write_bytes(content[:cut])
        with pytest.raises(DataError):
            import_record(tmp_path / "era5.grib", "era5")
    assert "Traceback" not in caplog.text + capsys.readouterr().err


def test_grib_that_ends_its_library_by_a_signal_is_refused(tmp_path):
    pytest.importorskip("cfgrib", reason="GRIB is read through the extra `formats`")
    content = bytearray(samples.grib(tmp_path / "era5.grib").read_bytes())
    content[53:61] = b"\xff" * 8  # of which the library makes a text: a segmentation fault
    (tmp_path / "era5.grib").write_bytes(content)
    with contextlib.suppress(DataError):  # or read, by a version of the library that bears it
        assert import_record(tmp_path / "era5.grib", "era5").sizes["time"] == 3


def test_pipes_devices_and_links_in_a_circle_are_no_files(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "endless.csv").symlink_to("/dev/zero")
    (tmp_path / "circle.csv").symlink_to(tmp_path / "circle.csv")
    for name in ("pipe", "endless", "circle"):
        for form in FORMATS:
            with pytest.raises(DataError, match="no such file"):
                import_record(tmp_path / f"{name}.csv", form)
        with pytest.raises(DataError, match="no such file"):
            own(tmp_path / f"{name}.csv")


def test_a_zip_whose_names_are_not_what_they_state_is_refused(tmp_path):
    path = tmp_path / "mine.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("é.csv", "stamp,v\n2024-01-01T00:00,5\n")
    path.write_bytes(path.read_bytes().replace("é".encode(), b"\xff\xfe"))  # stated to be UTF-8
    for form in ("mapped", "knmi", "era5"):
        with pytest.raises(DataError):
            import_record(path, form, mapped(tmp_path, "stamp", "v"))
        with pytest.raises(DataError):
            import_records([path], form, mapped(tmp_path, "stamp", "v"))


def test_parquet_with_text_that_is_not_utf8_is_refused(tmp_path):
    pytest.importorskip("pyarrow", reason="Parquet is read through the extra `formats`")
    path = tmp_path / "mine.parquet"
    stamps = [f"2024-01-01T{hour:02d}:00:00" for hour in range(24)]
    pd.DataFrame({"stamp": stamps, "v": 9.0}).to_parquet(path, compression=None)
    path.write_bytes(path.read_bytes().replace(b"2024-01-01T07:00", b"2024-01-01\xff07:00"))
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(
        "time: {column: stamp, zone: UTC, marks: start}\n"
        "columns:\n  - {column: v, quantity: wind_speed, units: m/s, height: 100 m}\n"
    )
    with pytest.raises(DataError, match="cannot be read as Parquet"):
        import_record(path, "mapped", ImportOptions(mapping=mapping))


# 491 bytes, one bit of which is turned: Arrow 26 takes the sizes of its levels for wrong, and ends its process.
ENDS_ARROW = zlib.decompress(
    base64.b85decode(
        b"c-oawO>2Wd5S`U!5y`;_v$!Bs3N98js5Bvm9MZdo&~q;mg!a(Jn$%wV!+PwoKd8r!2C-iRy3Fp(&c}QE*v-{-"
        b"h8&l;EXaWiU;{v&=9fvDk$t=62<W04Q>TLhg};Ev9;@CMXVWPS8niiMrqK^L1sXlWah<P!qIuR(86yeNAK9<y9FVKk96Yh#-"
        b"d6V|QeqMs9y^3k_|$`TXnL##$(65S4L(lP9E78&1t}}v7@5A&)@ePednup+bU5TzGEzcm;Kb3P+5>9aqrNgS{lWA*`=7F3JQo9td"
        b"@&{07CDH5x@;bwszb7^>!fU&-E+`Z&Hirp5af$lI?Gf{;ye9k3}8dw{0X*QIPL"
    )
)


def test_parquet_that_ends_its_library_does_not_end_the_program(tmp_path):
    pytest.importorskip("pyarrow", reason="Parquet is read through the extra `formats`")
    (tmp_path / "mine.parquet").write_bytes(ENDS_ARROW)
    with contextlib.suppress(DataError):  # older libraries do not look at the sizes
        import_record(tmp_path / "mine.parquet", "mapped", mapped(tmp_path, "t", "v"))


def test_parquet_with_one_long_text_in_every_row_is_refused(tmp_path):
    arrow = pytest.importorskip("pyarrow", reason="Parquet is read through the extra `formats`")
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = arrow.DictionaryArray.from_arrays(np.zeros(20_000, np.int32), ["2024" + "0" * 4_000_000])  # 80 GB as text
    parquet.write_table(arrow.table({"t": rows, "v": np.zeros(20_000)}), tmp_path / "a.parquet", store_schema=False)
    assert (tmp_path / "a.parquet").stat().st_size < 500_000
    with pytest.raises(DataError, match="cannot be read as Parquet") as refusal:
        import_record(tmp_path / "a.parquet", "mapped", mapped(tmp_path, "t", "v"))
    assert len(str(refusal.value).splitlines()) == 1


def mapped(folder, time, column):
    path = folder / "mapping.yaml"
    path.write_text(
        f"time: {{column: {time}, zone: UTC, marks: start}}\n"
        f"columns:\n  - {{column: {column}, quantity: wind_speed, units: m/s, height: 100 m}}\n"
    )
    return ImportOptions(mapping=path)


def zarr_store(folder, about, chunk):
    """Write a store of two days whose variable has metadata and a chunk of one's own."""
    for name, more, content in (("stamp", {"dtype": "<i8"}, np.arange(1, 49).tobytes()), ("v", about, chunk)):
        (folder / name).mkdir(parents=True)
        plain = {"zarr_format": 2, "shape": [48], "chunks": [48], "compressor": None, "filters": None, "order": "C"}
        (folder / name / ".zarray").write_text(json.dumps({**plain, "fill_value": 0, **more}))
        units = {"units": "hours since 2024-01-01"} if name == "stamp" else {}
        (folder / name / ".zattrs").write_text(json.dumps({"_ARRAY_DIMENSIONS": ["stamp"], **units}))
        (folder / name / "0").write_bytes(content)
    (folder / ".zgroup").write_text('{"zarr_format": 2}')
    return folder


def test_a_chunk_of_zarr_that_unpacks_to_more_than_it_states_is_refused_within_bounded_memory(tmp_path):
    pytest.importorskip("zarr", reason="Zarr is read through the extra `formats`")
    numcodecs = pytest.importorskip("numcodecs")
    good = zarr_store(tmp_path / "good.zarr", {"dtype": "<f8"}, np.full(48, 9.0).tobytes())
    assert import_record(good, "mapped", mapped(tmp_path, "stamp", "v"))["wind_speed"].size == 48
    chunk = numcodecs.Zstd(level=9).encode(np.zeros(2**31 - 2**20, np.uint8))
    bomb = zarr_store(tmp_path / "bomb.zarr", {"dtype": "<f8", "compressor": {"id": "zstd", "level": 9}}, chunk)
    assert len(chunk) < 100_000
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    with pytest.raises(DataError, match="cannot be read as Zarr") as refusal:
        import_record(bomb, "mapped", mapped(tmp_path, "stamp", "v"))
    assert len(str(refusal.value).splitlines()) == 1
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss <= max(before, 1_400_000)  # [kB]


@pytest.mark.parametrize(
    "about",
    [
        {"dtype": "|O", "filters": [{"id": "vlen-utf8"}, {"id": "pickle"}], "fill_value": ""},
        {"dtype": "<f8", "compressor": {"id": "Pickle", "protocol": 5}},
    ],
)
def test_zarr_whose_values_are_programs_is_refused_before_anything_is_read(about, tmp_path):
    pytest.importorskip("zarr", reason="Zarr is read through the extra `formats`")
    store = zarr_store(tmp_path / "a.zarr", about, b"cos\nsystem\n(S'true'\ntR.")
    with pytest.raises(DataError, match="asks for the codec pickle"):
        import_record(store, "mapped", mapped(tmp_path, "stamp", "v"))


def test_a_chunk_of_hdf5_that_unpacks_to_more_than_it_states_is_refused(good, tmp_path, monkeypatch):
    path = tmp_path / "a.nc"
    path.write_bytes(good["newa"].read_bytes())
    with h5py.File(path, "a") as opened:
        # Of 512 bytes: for less, HDF5 before 2.0 has no room for the length of what is written here.
        made = opened.create_dataset("more", (64,), np.float64, chunks=(64,), compression="gzip")
        made.id.write_direct_chunk((0,), zlib.compress(bytes(2**29), 9))
    assert path.stat().st_size < 2**22
    monkeypatch.setattr(hdf5_probe, "_PROBE", hdf5_probe._PROBE.replace("2**30", "2**28"))
    with pytest.raises(DataError, match="do not unpack, or to more than 1 GB"):
        import_record(path, "newa")
