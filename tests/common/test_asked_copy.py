"""A copy of a process that does what it is asked for, shares objects, and only helps: without it all goes on."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.common.copies import killed_and_its_copies_ended, nothing_left
from testsite_sim.common import asked_copy as module
from testsite_sim.common.asked_copy import Asked, AskedCopy, SharedObjects

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="copies are made on Linux alone")


def doubles(asked: Asked) -> None:
    """Double an array in place, and answer with its sum."""
    for what, values in asked:
        values *= 2.0
        asked.answer(f"{what} {values.sum():g}")


def test_a_copy_does_what_it_is_asked_for_on_objects_of_its_own() -> None:
    copy, values = AskedCopy(doubles), np.arange(5.0)
    try:
        assert copy.ask("first", values)
        assert copy.ask("second", np.ones(100_000))
        assert copy.answers("first 20")
        assert copy.answers("second 200000")
    finally:
        copy.end()
    assert values.tolist() == [0.0, 1.0, 2.0, 3.0, 4.0]


def test_objects_are_read_as_they_were_written_whatever_their_arrays() -> None:
    objects = SharedObjects(os.memfd_create("objects"))
    content = {"empty": np.empty((0, 3)), "text": np.array(["a", "bc"]), "turned": np.arange(6.0).reshape(2, 3).T}
    first, second = objects.write(content), objects.write([content, "end"])
    for found in (objects.read(first), objects.read(second)[0]):
        for name, values in content.items():
            np.testing.assert_array_equal(found[name], values)
    objects.close()


def gives_back(asked: Asked) -> None:
    """Give what it is asked for, twice as large."""
    for _, values in asked:
        asked.give({"values": values * 2.0, "text": "a line\nand another" * 50_000})


def test_a_copy_gives_objects_of_any_size() -> None:
    copy = AskedCopy(gives_back)
    try:
        assert copy.ask("first", np.arange(3.0))
        assert copy.ask("second", np.ones(100_000))
        first, second = copy.gives(), copy.gives()
    finally:
        copy.end()
    assert first["values"].tolist() == [0.0, 2.0, 4.0]
    assert second["values"].sum() == 200_000.0
    assert first["text"] == second["text"] == "a line\nand another" * 50_000


def test_a_copy_that_is_gone_gives_nothing() -> None:
    copy = AskedCopy(fails)
    try:
        copy.ask("first", None)
        assert copy.gives() is None
        assert not copy.ask("second", None)
    finally:
        copy.end()


def fails(asked: Asked) -> None:
    """Fail at what is asked for."""
    for _ in asked:
        raise ValueError("cannot be done")


def stands_still(asked: Asked) -> None:
    """Do nothing of what is asked for."""
    time.sleep(60.0)


def ends_at_once(asked: Asked) -> None:
    """Be gone before anything is asked for."""


@pytest.mark.parametrize("serve", [fails, stands_still, ends_at_once])
def test_a_copy_that_does_not_answer_is_gone(serve: Callable[[Asked], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST_WAIT", 0.2)
    copy = AskedCopy(serve)
    copy.ask("something", None)
    assert not copy.answers("done")
    assert not copy.ask("something else", None)
    copy.end()


@pytest.mark.parametrize("name", ["fork", "memfd_create"])
def test_a_copy_that_cannot_be_made_is_none(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> int:
        raise OSError(12, "no memory")

    before = sorted(os.listdir("/proc/self/fd"))
    with monkeypatch.context() as patch:
        patch.setattr(os, name, fail)
        copy = AskedCopy(doubles)
    assert not copy.ask("first", 1)
    copy.end()
    assert sorted(os.listdir("/proc/self/fd")) == before


def test_a_full_memory_leaves_the_process_without_the_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> int:
        raise OSError(28, "no space")

    copy = AskedCopy(doubles)
    monkeypatch.setattr(os, "pwrite", fail)
    assert not copy.ask("first", np.ones(3))
    assert not copy.answers("first 6")


def test_no_copy_and_no_descriptor_is_left() -> None:
    with nothing_left():
        copy = AskedCopy(stands_still)
        copy.ask("something", np.ones(10))
        copy.end()


def test_a_copy_ends_with_a_process_that_is_killed(tmp_path: Path) -> None:
    program = f"""
import os, pathlib, signal, time
from testsite_sim.common.asked_copy import AskedCopy
def serve(asked):
    pathlib.Path({str(tmp_path)!r}, str(os.getpid())).touch()
    time.sleep(60.0)
copy = AskedCopy(serve)
while not os.listdir({str(tmp_path)!r}):
    time.sleep(0.01)
os.kill(os.getpid(), signal.SIGKILL)
"""
    killed_and_its_copies_ended(program, tmp_path)
