"""The page is served on this machine alone."""

import asyncio
import contextlib
import http.client
import queue
import socket
import threading

import pytest

from testsite_sim.cli import main
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.explore.server import check_address, free_port, refuse_other_hosts
from testsite_sim.output.run_directory import check_target


@pytest.mark.parametrize(
    "address", ["0.0.0.0", "::", "192.168.1.2", "8.8.8.8", "example.org", "", "127.0.0.1.evil.org"]
)
def test_an_address_that_others_reach_is_refused(address, capsys):
    with pytest.raises(SystemExit) as left:
        main(["explore", "flanders-wind-farm/test-site", "--address", address])
    assert left.value.code == 2
    assert "expected an address of this machine alone" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("address", "found"),
    [("127.0.0.1", "127.0.0.1"), ("127.1.2.3", "127.1.2.3"), ("localhost", "127.0.0.1"), ("::1", "::1")],
)
def test_an_address_of_this_machine_is_taken(address, found):
    assert check_address(address) == found


def test_a_port_that_is_taken_is_refused_and_zero_gives_one_that_is_free():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError, match="choose another, or 0"):
            free_port("127.0.0.1", port)
    assert free_port("127.0.0.1", 0) > 1023


def test_a_request_that_names_another_host_is_refused():
    server_of = pytest.importorskip("bokeh.server.server").Server
    made: queue.Queue = queue.Queue()

    def serve() -> None:
        asyncio.set_event_loop(asyncio.new_event_loop())
        server = server_of({"/": lambda document: None}, address="127.0.0.1", port=0)
        refuse_other_hosts(server, {"127.0.0.1", "localhost"})
        server.start()
        made.put(server)
        server.io_loop.start()
        server.stop()
        server.unlisten()
        server.io_loop.close(all_fds=True)

    serving = threading.Thread(target=serve, daemon=True)
    serving.start()
    server = made.get(timeout=60)
    codes = {}
    for host in ("127.0.0.1", f"localhost:{server.port}", "evil.example", "127.0.0.1.evil.example:5006", ""):
        for path in ("/", "/static/js/bokeh.min.js", "/autoload.js?bokeh-autoload-element=1"):
            asked = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
            asked.request("GET", path, headers={"Host": host})
            with contextlib.closing(asked.getresponse()) as answer:
                codes.setdefault(host, set()).add(answer.status)
            asked.close()
    server.io_loop.add_callback(server.io_loop.stop)
    serving.join()
    assert list(codes.values()) == [{200}, {200}, {403}, {403}, {403}]


@pytest.mark.parametrize(
    "name", ["", "..", ".", "../x", "/etc/x", "a/b", "a\\b", ".hidden", "a\0b", "a\nb", "\x1b[2J", "\ud800", "x" * 300]
)
def test_a_name_of_a_run_directory_that_leaves_its_folder_or_is_none_is_refused(name, tmp_path):
    writing = pytest.importorskip("testsite_sim.explore.page.writing")
    named = writing.Writing.__new__(writing.Writing)
    named._folder, named._stem = tmp_path, "x"
    with pytest.raises(ConfigurationError):
        check_target(named._target(name), False)


@pytest.mark.parametrize("name", ["a\0b", "\ud800"])
def test_a_run_into_a_folder_that_no_system_has_is_refused(name, tmp_path):
    with pytest.raises(ConfigurationError, match="no file can have this name"):
        check_target(tmp_path / name, False)


@pytest.mark.parametrize("change", ["ensemble={members: 3, seed: 1}"])
def test_what_the_page_does_not_simulate_is_refused_with_the_way_out(change, capsys):
    with pytest.raises(SystemExit) as left:
        main(["explore", "flanders-wind-farm/test-site", "--set", change])
    assert left.value.code == 2
    assert "`--set ensemble=null`" in capsys.readouterr().err


def test_a_wrong_scenario_is_refused_before_anything_is_served(capsys):
    with pytest.raises(SystemExit) as left:
        main(["explore", "flanders-wind-farm/test-site", "--set", "plant.store.capacity=8 kW"])
    assert left.value.code == 2
    assert "plant.store.capacity" in capsys.readouterr().err
