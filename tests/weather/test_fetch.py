"""Fetching month by month from a local server that answers as the real ones do, interrupted and resumed."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

import numpy as np
import pandas as pd
import pytest

from testsite_sim.errors import ConfigurationError, DataError
from testsite_sim.weather.fetch import fetch

TOKEN = "secret-token"
SERIES = """<TimeSeries><mRID>1</mRID><businessType>A62</businessType><curveType>A01</curveType><Period><timeInterval>
<start>{start}</start><end>{end}</end></timeInterval><resolution>PT60M</resolution>{points}</Period></TimeSeries>"""


@pytest.fixture
def server(monkeypatch):
    asked = []

    class Answer(BaseHTTPRequestHandler):
        fails = False

        def do_GET(self):
            parts, query = urlparse(self.path), parse_qs(urlparse(self.path).query)
            asked.append(query)
            if Answer.fails:
                self._send(500, b"down")
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


def test_prices_of_entsoe_want_a_key_and_do_not_tell_it(server, tmp_path, monkeypatch):
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


@pytest.mark.parametrize(("first", "last"), [("2024-13", "2025-01"), ("2024-02", "2024-01")])
def test_wrong_months_are_refused(tmp_path, first, last):
    with pytest.raises(ConfigurationError, match="weather fetch"):
        fetch("elia", first, last, tmp_path, "ods134")
