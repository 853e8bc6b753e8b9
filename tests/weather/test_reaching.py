"""A fetch without a network is refused at once; a server that answers badly is left to its client."""

import errno
import socket
import time

import pytest

from testsite_sim.cli import main
from testsite_sim.common.errors import DataError
from testsite_sim.weather.reaching import check_route


@pytest.mark.parametrize("source", ["environment", "file"])
def test_a_name_that_is_not_known_ends_a_fetch_before_any_pause(source, tmp_path, monkeypatch, capsys) -> None:
    address = "https://store.invalid/api"
    (tmp_path / "rc").write_text(f"url: {address}\nkey: secret\n")
    monkeypatch.setenv("CDSAPI_RC", str(tmp_path / "rc"))
    for name in ("CDSAPI_KEY", "CDSAPI_URL", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    if source == "environment":
        monkeypatch.setenv("CDSAPI_KEY", "secret")
        monkeypatch.setenv("CDSAPI_URL", address)
    monkeypatch.setattr(time, "sleep", lambda seconds: pytest.fail(f"waits for {seconds} s"))
    arguments = ["--latitude", "51.5", "--longitude", "3", "--years", "2023", "-o", str(tmp_path / "a.nc")]
    with pytest.raises(SystemExit) as caught:
        main(["weather", "fetch", "era5", *arguments])
    assert caught.value.code == 3
    said = capsys.readouterr().err
    assert "The Climate Data Store cannot be reached: the name store.invalid is not known here" in said
    assert len(said.splitlines()) == 1
    assert not (tmp_path / "a.nc").exists()


def test_a_server_that_refuses_is_left_to_its_client_and_a_network_without_a_route_is_not(monkeypatch) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        check_route(f"http://127.0.0.1:{held.getsockname()[1]}/", "The store")  # bound, and does not listen

    def no_route(*_, **__):
        raise OSError(errno.ENETUNREACH, "Network is unreachable")

    monkeypatch.setattr(socket, "create_connection", no_route)
    with pytest.raises(DataError, match="no route leads to localhost"):
        check_route("http://localhost/", "The store")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy:3128")
    monkeypatch.setenv("NO_PROXY", "")
    check_route("http://store.invalid/", "The store")
    monkeypatch.delenv("HTTP_PROXY")
    with pytest.raises(DataError, match="cannot be reached"):
        check_route("http://store.invalid/", "The store")
    monkeypatch.setenv("ALL_PROXY", "http://proxy:3128")  # which the clients take for every scheme
    check_route("http://store.invalid/", "The store")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://store..invalid/api", "'store..invalid' is not the name of a machine"),
        (f"https://{'a' * 70}.invalid/api", "is not the name of a machine"),
        ("https://store.invalid:99999/api", "which is none .Port out of range"),
        ("https://[store/api", "which is none .Invalid IPv6"),
    ],
)
def test_an_address_that_is_none_is_refused_in_a_sentence(monkeypatch, address: str, said: str) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(DataError, match=said):
        check_route(address, "The store")
