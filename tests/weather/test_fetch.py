"""Fetching month by month from a local server that answers as the real ones do, interrupted and resumed."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

import numpy as np
import pandas as pd
import pytest

from tests.weather.formats import samples
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.weather.fetch import fetch
from testsite_sim.weather.formats import ImportOptions

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
