"""Fetching month by month from a local server that answers as the real ones do, interrupted and resumed."""

import io
import json
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from tests.weather.formats import samples
from testsite_sim.cli import main
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.weather import fetch as fetching
from testsite_sim.weather.fetch import fetch, fetch_point
from testsite_sim.weather.formats import ImportOptions, import_record
from testsite_sim.weather.formats.recognition import recognise
from testsite_sim.weather.formats.several import import_records

TOKEN = "secret-token"
SERIES = """<TimeSeries><mRID>1</mRID><businessType>A62</businessType><curveType>A01</curveType><Period><timeInterval>
<start>{start}</start><end>{end}</end></timeInterval><resolution>PT60M</resolution>{points}</Period></TimeSeries>"""


@pytest.fixture
def server(monkeypatch):
    asked = []

    class Answer(BaseHTTPRequestHandler):
        fails = False
        month = b""  # what the Climate Data Store gives

        def do_POST(self):
            asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["inputs"])
            assert self.headers["PRIVATE-TOKEN"] == TOKEN
            self._send(201, json.dumps(self._job("accepted")).encode())

        def do_HEAD(self):
            self.send_response(200)
            self.send_header("Content-Length", str(len(Answer.month)))
            self.end_headers()

        def _job(self, status):
            address = f"http://{self.headers['Host']}/retrieve/v1"
            links = [
                {"rel": rel, "href": f"{address}/jobs/1{more}"}
                for rel, more in (("self", ""), ("monitor", ""), ("results", "/results"))
            ]
            now = "2024-01-01T00:00:00"
            return {
                "jobID": "1",
                "processID": "reanalysis-era5-single-levels",
                "type": "process",
                "status": status,
                "created": now,
                "started": now,
                "finished": now,
                "updated": now,
                "links": links,
                "metadata": {"request": {"ids": {}}, "log": []},
            }

        def _climate_data_store(self, path):
            address = f"http://{self.headers['Host']}"
            if path.endswith("/results"):
                value = {"type": "application/netcdf", "href": f"{address}/file/1.nc", "file:size": len(Answer.month)}
                return {"asset": {"value": value}}
            if "/jobs/" in path:
                return self._job("successful")
            link = {"rel": "execute", "href": f"{address}{path}/execution"}
            return {"id": "1", "links": [{"rel": "self", "href": f"{address}{path}"}, link]}

        def do_GET(self):
            parts, query = urlparse(self.path), parse_qs(urlparse(self.path).query)
            asked.append(query)
            if Answer.fails:
                self._send(500, b"down")
            elif parts.path.startswith("/file/"):
                self._send(200, Answer.month)
            elif parts.path.startswith(("/catalogue", "/retrieve")):
                self._send(200, json.dumps(self._climate_data_store(parts.path)).encode())
            elif "exports/json" in parts.path:
                begin, end = (text.split("'")[1] for text in query["where"][0].split(" AND "))
                stamps = pd.date_range(begin, end, freq="15min", inclusive="left")
                rows = [{"datetime": stamp.isoformat(), "imbalanceprice": 10.0 + stamp.hour} for stamp in stamps]
                self._send(200, json.dumps(rows).encode())
            else:
                begin, end = (pd.Timestamp(query[key][0]) for key in ("periodStart", "periodEnd"))
                hours = int((end - begin) / pd.Timedelta("1h"))
                points = "".join(
                    f"<Point><position>{k + 1}</position><price.amount>{k % 24}</price.amount></Point>"
                    for k in range(hours)
                )
                body = SERIES.format(start=f"{begin:%Y-%m-%dT%H:%MZ}", end=f"{end:%Y-%m-%dT%H:%MZ}", points=points)
                self._send(200, f"<Publication_MarketDocument>{body}</Publication_MarketDocument>".encode())

        def _send(self, code, content):
            self.send_response(code)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *arguments):
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{running.server_port}/"
    monkeypatch.setenv("ELIA_URL", address)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    running.asked, running.answer, running.address = asked, Answer, address
    yield running
    running.shutdown()
    running.server_close()


def test_months_of_elia_are_fetched_once_and_resumed(server, tmp_path):
    pytest.importorskip("elia_opendata", reason="fetching wants the extra `fetch`")
    said = []
    record = fetch("elia", "2024-01", "2024-02", tmp_path, "ods134", said.append)
    assert record.sizes["time"] == (31 + 29) * 96
    assert (np.diff(record["time"].to_numpy()) == np.timedelta64(15, "m")).all()
    assert float(record["imbalance_price"][4]) == pytest.approx(11.0 / 3.6e9)
    server.answer.fails = True
    (tmp_path / "elia-ods134-2024-02.part").write_text("half")
    again = fetch("elia", "2024-01", "2024-02", tmp_path, "ods134", said.append)
    assert again.identical(record)
    assert said[2:] == ["2024-01: kept", "2024-02: kept"]
    with pytest.raises(DataError, match="Elia did not answer for ods134"):
        fetch("elia", "2024-02", "2024-03", tmp_path, "ods134", said.append)
    assert not list(tmp_path.glob("*2024-03*"))
    server.answer.fails = False
    assert fetch("elia", "2024-02", "2024-03", tmp_path, "ods134", said.append).sizes["time"] == (29 + 31) * 96
    assert len(server.asked) == 4


def test_prices_of_entsoe_need_a_key_and_do_not_show_it(server, tmp_path, monkeypatch):
    entsoe = pytest.importorskip("entsoe.entsoe", reason="fetching wants the extra `fetch`")
    monkeypatch.delenv("ENTSOE_API_KEY", raising=False)
    with pytest.raises(ConfigurationError, match="ENTSOE_API_KEY"):
        fetch("entsoe", "2024-01", "2024-01", tmp_path, "BE")
    monkeypatch.setenv("ENTSOE_API_KEY", TOKEN)
    monkeypatch.setattr(entsoe, "URL", server.address + "api")
    record = fetch("entsoe", "2024-01", "2024-01", tmp_path, "BE", lambda line: None)
    assert record.sizes["time"] == 31 * 24
    assert record["day_ahead_price"].to_numpy()[5] * 3.6e9 == pytest.approx(5.0, abs=24.0)
    assert server.asked[0]["securityToken"] == [TOKEN]
    assert all(TOKEN not in path.read_text() for path in tmp_path.iterdir())
    server.answer.fails = True
    with pytest.raises(DataError, match="ENTSO-E did not answer") as refusal:
        fetch("entsoe", "2024-02", "2024-02", tmp_path, "BE", lambda line: None)
    assert TOKEN not in str(refusal.value)


def test_a_month_of_era5_is_asked_for_and_read(server, tmp_path, monkeypatch):
    pytest.importorskip("cdsapi", reason="fetching wants the extra `fetch`")
    point = ImportOptions(latitude=51.5, longitude=3.0)
    monkeypatch.delenv("CDSAPI_KEY", raising=False)
    monkeypatch.setenv("CDSAPI_RC", str(tmp_path / "none"))
    with pytest.raises(ConfigurationError, match="CDSAPI_KEY"):
        fetch("era5", "2024-03", "2024-03", tmp_path, "site", options=point)
    monkeypatch.setenv("CDSAPI_KEY", TOKEN)
    monkeypatch.setenv("CDSAPI_URL", server.address.rstrip("/"))
    with pytest.raises(ConfigurationError, match="wants --latitude"):
        fetch("era5", "2024-03", "2024-03", tmp_path, "site")
    server.answer.month = samples.era5(tmp_path / "sample.nc").read_bytes()
    record = fetch("era5", "2024-03", "2024-03", tmp_path / "kept", "site", lambda line: None, point)
    np.testing.assert_allclose(record["wind_speed"].sel(height=10.0), np.hypot(samples.U10, samples.V10), rtol=1e-5)
    request = next(each for each in server.asked if "variable" in each)
    assert request["month"] == ["03"]
    assert len(request["day"]) == 31
    assert request["area"] == [52.0, 2.5, 51.0, 3.5]
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["era5-site-2024-03.nc"]


@pytest.mark.parametrize(("first", "last"), [("2024-13", "2025-01"), ("2024-02", "2024-01")])
def test_wrong_months_are_refused(tmp_path, first, last):
    with pytest.raises(ConfigurationError, match="weather fetch"):
        fetch("elia", first, last, tmp_path, "ods134")


def point_series(path, years=("2023",), form="netcdf"):
    """Write a download of the time series of a point: a zip of a file of the atmosphere and one of waves."""
    stamps = pd.date_range(f"{years[0]}-01-01", f"{years[-1]}-12-31T23:00", freq="6h")
    hours = np.arange(stamps.size)
    even = np.ones(stamps.size)
    wind = {"u10": 3.0 + hours % 5, "v10": -4.0 * even, "u100": 6.0 * even, "v100": 8.0 * even}
    atmosphere = {**wind, "t2m": 283.0 + hours % 3, "sp": 101300.0 * even}
    waves = {"swh": 1.0 + 0.1 * (hours % 7), "mwp": 5.0 * even}
    with zipfile.ZipFile(path, "w") as packed:
        for stream, columns, place in (("sfc", atmosphere, (51.5, 3.0)), ("wav", waves, (51.5, 3.0))):
            name = f"reanalysis-era5-single-levels-timeseries-{stream}abcdefg"
            if form == "csv":
                table = pd.DataFrame({"valid_time": stamps, **columns, "latitude": place[0], "longitude": place[1]})
                packed.writestr(f"{name}.csv", table.to_csv(index=False))
                continue
            made = {key: ("valid_time", values.astype("float32")) for key, values in columns.items()}
            at = {"valid_time": stamps, "latitude": place[0], "longitude": place[1]}
            xr.Dataset(made, coords=at).to_netcdf(path.with_suffix(".nc"), engine="h5netcdf")
            packed.write(path.with_suffix(".nc"), f"{name}.nc")
    path.with_suffix(".nc").unlink(missing_ok=True)
    return path


@pytest.mark.parametrize("form", ["netcdf", "csv"])
def test_the_time_series_of_a_point_is_read_from_its_zip(tmp_path, form):
    path = point_series(tmp_path / "download.zip", form=form)
    record = import_record(path, "era5", ImportOptions(latitude=51.6, longitude=2.9))
    assert record["height"].to_numpy().tolist() == [10.0, 100.0]
    np.testing.assert_allclose(record["wind_speed"].sel(height=100.0), 10.0, rtol=1e-6)
    np.testing.assert_allclose(record["wind_direction"].sel(height=100.0)[0], 216.8699, rtol=1e-5)
    assert float(record["significant_wave_height"][1]) == pytest.approx(1.1)
    assert "nearest grid point 51.5 N 3 E, 13" in record.attrs["grid_point"]
    if form == "csv":
        with zipfile.ZipFile(path) as packed:
            packed.extractall(tmp_path / "files")
        assert recognise(next(each for each in sorted((tmp_path / "files").iterdir()))) == "era5"


def test_a_zip_and_a_folder_of_years_are_one_record(tmp_path):
    (tmp_path / "years").mkdir()
    for year in ("2021", "2022"):
        point_series(tmp_path / "years" / f"{year}.zip", (year,))
    whole = import_records([tmp_path / "years"], "era5")
    assert whole.sizes["time"] == 2 * 365 * 4
    assert bool(whole["wind_speed"].notnull().all())
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as packed:
        for year in ("2021", "2022"):
            with zipfile.ZipFile(tmp_path / "years" / f"{year}.zip") as inner:
                for name in inner.namelist():
                    packed.writestr(f"{year}-{name}", inner.read(name))
    packed = import_records([tmp_path / "all.zip"], "era5")
    xr.testing.assert_allclose(packed["wind_speed"], whole["wind_speed"])
    xr.testing.assert_allclose(packed["significant_wave_height"], whole["significant_wave_height"])


def test_a_point_on_land_has_no_waves(tmp_path):
    path = point_series(tmp_path / "download.zip", form="csv")
    with zipfile.ZipFile(path) as packed:
        texts = {name: packed.read(name).decode() for name in packed.namelist()}
    with zipfile.ZipFile(path, "w") as packed:
        for name, text in texts.items():
            table = pd.read_csv(io.StringIO(text))
            for column in {"swh", "mwp"} & set(table):
                table[column] = np.nan
            packed.writestr(name, table.to_csv(index=False))
    record = import_record(path, "era5")
    assert "significant_wave_height" not in record
    assert "air_pressure" in record


def test_years_of_a_point_are_asked_for_in_the_documented_form_and_kept(server, tmp_path, monkeypatch):
    pytest.importorskip("cdsapi", reason="fetching wants the extra `fetch`")
    monkeypatch.setenv("CDSAPI_KEY", TOKEN)
    monkeypatch.setenv("CDSAPI_URL", server.address.rstrip("/"))
    server.answer.month = point_series(tmp_path / "sample.zip").read_bytes()
    point, kept = ImportOptions(latitude=51.6, longitude=2.9), tmp_path / "kept"
    record = fetch_point("2023", kept, lambda line: None, point)
    assert record.sizes["time"] == 365 * 4
    (request,) = [each for each in server.asked if "variable" in each]
    assert request["location"] == {"longitude": pytest.approx(2.9), "latitude": 51.6}
    assert request["date"] == ["2023-01-01/2023-12-31"]
    assert request["data_format"] == "netcdf"
    assert {"100m_u_component_of_wind", "significant_height_of_combined_wind_waves_and_swell"} <= set(
        request["variable"]
    )
    assert [path.name for path in kept.iterdir()] == ["era5-point-51.600_2.900-2023.zip"]
    fetch_point("2023", kept, lambda line: None, point)
    assert sum("variable" in each for each in server.asked) == 1
    server.answer.fails = True
    monkeypatch.setattr(fetching, "PAUSE", 0.1)
    with pytest.raises(DataError, match="did not answer") as refusal:
        fetch_point("2022", kept, lambda line: None, point)
    assert TOKEN not in str(refusal.value)
    assert len(list(kept.iterdir())) == 1


@pytest.mark.parametrize(
    ("years", "options", "said"),
    [
        ("23", {"latitude": 51.6, "longitude": 2.9}, "expected such as 2023 or 2014-2023"),
        ("2023-2022", {"latitude": 51.6, "longitude": 2.9}, "the first before the last"),
        ("1939", {"latitude": 51.6, "longitude": 2.9}, "from 1940"),
        ("2023", {"latitude": 51.6}, "--latitude and --longitude"),
        ("2023", {"latitude": 95.0, "longitude": 2.9}, "expected a latitude from -90 to 90"),
        ("2023", {"latitude": 51.6, "longitude": 2.9, "interpolate": True}, "--interpolate has no grid"),
        ("2023", {"latitude": 51.6, "longitude": 2.9}, "CDSAPI_KEY"),
    ],
)
def test_wrong_years_places_and_a_missing_key_get_one_sentence(tmp_path, monkeypatch, years, options, said):
    monkeypatch.delenv("CDSAPI_KEY", raising=False)
    monkeypatch.setenv("CDSAPI_RC", str(tmp_path / "none"))
    with pytest.raises(ConfigurationError, match=said):
        fetch_point(years, tmp_path / "kept", lambda line: None, ImportOptions(**options))
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["era5"], "--first, --last, --name (or --years)"),
        (["elia", "--years", "2023"], "does not go with elia"),
        (["era5", "--years", "2023", "--name", "site"], "does not go with --name"),
        (["entsoe", "--first", "2024-01", "--name", "BE"], "takes --last; add"),
    ],
)
def test_options_of_fetch_that_do_not_go_together_are_refused(tmp_path, arguments, said, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["weather", "fetch", *arguments, "-o", str(tmp_path / "record.nc")])
    assert caught.value.code == 2
    assert said in capsys.readouterr().err
