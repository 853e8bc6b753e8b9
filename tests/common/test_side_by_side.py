"""Tasks that copies of a process help with: the same results, errors and warnings as of one process alone."""

import os
import sys
import time
import warnings
from pathlib import Path

import pytest

from tests.common.copies import killed_and_its_copies_ended, nothing_left
from testsite_sim.common import side_by_side as module
from testsite_sim.common.side_by_side import side_by_side

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="copies are made on Linux alone")
HERE = os.getpid()


def squares(count: int, processes: int | None) -> list[list[int]]:
    def task(number: int) -> list[int]:
        time.sleep(0.005)
        return [number**2, os.getpid()]

    with side_by_side([lambda number=number: task(number) for number in range(count)], processes) as work:
        return list(work.finish())


@pytest.mark.parametrize("processes", [1, 2, 3])
@pytest.mark.parametrize("count", [0, 1, 2, 40, 300])
def test_results_stand_in_the_order_of_the_tasks(count: int, processes: int) -> None:
    assert [result[0] for result in squares(count, processes)] == [number**2 for number in range(count)]


def test_copies_take_their_share(tmp_path: Path) -> None:
    def waits_for_all() -> int:
        (tmp_path / str(os.getpid())).touch()
        last = time.monotonic() + 300.0  # on a machine with much else to do, copies begin late
        while len(list(tmp_path.iterdir())) < 3 and time.monotonic() < last:
            time.sleep(0.005)
        return os.getpid()

    with side_by_side([waits_for_all] * 3, 3) as work:
        assert len(set(work.finish())) == 3


def fails_in_a_copy() -> str:
    if os.getpid() != HERE:
        os._exit(1)
    return "done here"


def stands_still_in_a_copy() -> str:
    if os.getpid() != HERE:
        time.sleep(60.0)
    return "done here"


@pytest.mark.parametrize("task", [fails_in_a_copy, stands_still_in_a_copy])
def test_what_a_copy_does_not_do_is_done_here(task: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST_WAIT", 0.2)
    with side_by_side([task] * 4, 3) as work:  # type: ignore[list-item]
        time.sleep(0.3)  # the copies take tasks
        assert work.finish() == ["done here"] * 4


def test_an_error_and_a_warning_are_those_of_this_process() -> None:
    def fails() -> None:
        raise ValueError("no such figure")

    def warns() -> int:
        warnings.warn("a figure is empty", UserWarning, stacklevel=1)
        return 1

    with side_by_side([warns] * 3, 3) as work:
        time.sleep(0.1)
        with pytest.warns(UserWarning, match="a figure is empty"):
            assert work.finish() == [1, 1, 1]
    with pytest.raises(ValueError, match="no such figure"), side_by_side([fails] * 3, 3) as work:
        work.finish()


def test_no_copy_and_no_descriptor_is_left() -> None:
    with nothing_left():
        squares(10, 3)
        with pytest.raises(KeyboardInterrupt), side_by_side([lambda: time.sleep(60.0)] * 3, 3):
            raise KeyboardInterrupt


def test_copies_end_with_a_process_that_is_killed(tmp_path: Path) -> None:
    program = f"""
import os, pathlib, signal, time
from testsite_sim.common.side_by_side import side_by_side
with side_by_side([lambda: [pathlib.Path({str(tmp_path)!r}, str(os.getpid())).touch(), time.sleep(60.0)]] * 3, 3):
    while len(os.listdir({str(tmp_path)!r})) < 2:
        time.sleep(0.01)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    killed_and_its_copies_ended(program, tmp_path)


def test_a_copy_that_works_longer_than_the_wait_does_its_task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = tmp_path / "begun"

    def works(processor_time: float) -> int:
        begun.touch()
        end = time.process_time() + processor_time
        while time.process_time() < end:
            pass
        return os.getpid()

    # On a loaded machine a copy that works gets its share of a processor within half a second.
    monkeypatch.setattr(module, "LONGEST_WAIT", 0.5)
    with side_by_side([lambda: works(1.5), lambda: works(0.0)], 2) as work:
        while not begun.exists():  # the copy takes the long task
            time.sleep(0.01)
        assert work.finish()[0] != HERE
