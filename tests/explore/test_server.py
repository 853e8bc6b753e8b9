"""The page is served on this machine alone."""

import socket

import pytest

from testsite_sim.cli import main
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.explore.server import check_address, free_port


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
