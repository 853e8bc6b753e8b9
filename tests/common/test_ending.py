"""Processes that begin do not hear their terminal: their parent ends them."""

import signal
import subprocess
import sys

import pytest

from testsite_sim.common.ending import ENDING, heard, held, ignore_terminal, of_parents

BEGINS = f"""
import signal
from {held.__module__} import {ignore_terminal.__name__}, {of_parents.__name__}

input()
waits = signal.pthread_sigmask(signal.SIG_BLOCK, []) >= set(of_parents()) and signal.sigpending() == set(of_parents())
ignore_terminal()
print(waits, set(of_parents()) & signal.pthread_sigmask(signal.SIG_BLOCK, []))
"""


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="the system cannot let signals wait")
def test_a_process_that_begins_hears_no_terminal() -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    with held():
        process = subprocess.Popen(
            [sys.executable, "-c", BEGINS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
    assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == before
    for number in of_parents():
        process.send_signal(number)
    assert process.communicate("\n", timeout=60.0)[0] == "True set()\n"
    assert process.returncode == 0


def test_what_a_terminal_sends_is_heard_unless_it_was_ignored() -> None:
    assert set(of_parents()) <= set(ENDING)
    assert signal.SIGTERM not in of_parents()
    assert signal.SIGINT in heard()
