"""Tasks that share their work, on threads that wait for it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest
import xarray as xr

from testsite_sim.wind import Farm, Turbine, simulate_farm, threads
from testsite_sim.wind.threads import do_together, in_parts


@pytest.fixture
def no_helper(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave no thread that could help: the system gives none."""

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threads, "_helpers", threads._Helpers())
    monkeypatch.setattr(threading.Thread, "start", refuse)


@pytest.fixture
def fresh_helpers(monkeypatch: pytest.MonkeyPatch) -> threads._Helpers:
    """Begin with no thread made."""
    helpers = threads._Helpers()
    monkeypatch.setattr(threads, "_helpers", helpers)
    return helpers


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so, which another thread brings about."""
    ends = time.monotonic() + 60.0
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(1e-4)


def test_tasks_are_done_at_the_same_time_and_answered_in_their_order() -> None:
    """Each waits for all others: one after the other they would never end."""
    meet = threading.Barrier(3, timeout=60.0)

    def task(number: int) -> tuple[int, int]:
        meet.wait()
        return number, threading.get_ident()

    answers = do_together([partial(task, number) for number in range(3)])
    assert [number for number, _ in answers] == [0, 1, 2]
    assert answers[0][1] == threading.get_ident()
    assert len({thread for _, thread in answers}) == 3


@pytest.mark.usefixtures("no_helper")
def test_what_no_other_thread_has_begun_is_done_by_the_one_that_asks() -> None:
    assert do_together([threading.get_ident] * 3) == [threading.get_ident()] * 3


@pytest.mark.parametrize("failing", [0, 1])
def test_the_error_of_a_task_is_raised(failing: int) -> None:
    def fail() -> None:
        raise ValueError("of a task")

    tasks = [lambda: None, lambda: None]
    tasks[failing] = fail
    with pytest.raises(ValueError, match="of a task"):
        do_together(tasks)


def test_a_task_that_has_begun_is_waited_for_when_another_fails() -> None:
    """It writes to what is the caller's, who may go on as soon as the error is raised."""
    begun, ended, stopped = threading.Event(), threading.Event(), threading.Event()

    def fail() -> None:
        begun.wait(60.0)
        raise ValueError("of a task")

    def go_on() -> None:
        begun.set()
        stopped.wait(60.0)  # asked to stop, it takes its time
        time.sleep(0.02)
        ended.set()

    with pytest.raises(ValueError, match="of a task"):
        do_together([fail, go_on], stop=stopped.set)
    assert stopped.is_set()
    assert ended.is_set()


def test_a_task_that_fails_on_another_thread_stops_the_first() -> None:
    begun, stopped = threading.Event(), threading.Event()

    def fail() -> None:
        begun.set()
        raise ValueError("of a task")

    def go_on() -> None:
        begun.wait(60.0)
        assert stopped.wait(60.0)

    with pytest.raises(ValueError, match="of a task"):
        do_together([go_on, fail], stop=stopped.set)


def test_a_task_is_done_once_whoever_does_it() -> None:
    done: list[int] = []
    for _ in range(500):
        done.clear()
        do_together([partial(done.append, number) for number in range(3)])
        assert sorted(done) == [0, 1, 2]


def test_an_interrupt_waits_for_what_has_begun_and_leaves_the_rest(fresh_helpers: threads._Helpers) -> None:
    begun, ended, done = threading.Event(), threading.Event(), []

    def interrupted() -> None:
        begun.wait(60.0)
        raise KeyboardInterrupt

    def go_on() -> None:
        begun.set()
        time.sleep(0.02)
        ended.set()

    keeps = threading.Thread(target=fresh_helpers._help, daemon=True)  # the only one, once it counts as made
    fresh_helpers.threads.extend([keeps] * 2)
    keeps.start()
    with pytest.raises(KeyboardInterrupt):
        do_together([interrupted, go_on, lambda: done.append("begun late")])
    assert ended.is_set()
    do_together([lambda: None, lambda: None])
    until(fresh_helpers.tasks.empty)
    assert done == []


@pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="the system interrupts no thread")
def test_an_interrupt_that_comes_while_it_waits_stops_the_others() -> None:
    begun, stopped, ended = threading.Event(), threading.Event(), threading.Event()

    def go_on() -> None:
        begun.set()
        time.sleep(0.02)  # until the other waits
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        stopped.wait(60.0)
        ended.set()

    with pytest.raises(KeyboardInterrupt):
        do_together([lambda: begun.wait(60.0), go_on], stop=stopped.set)
    assert ended.is_set()


def test_threads_are_kept_and_as_many_as_have_work_at_once(fresh_helpers: threads._Helpers) -> None:
    for _ in range(20):
        do_together([threading.get_ident] * 3)
        in_parts(lambda first, last: None, 100, 3)
    assert len(fresh_helpers.threads) == 2
    assert all(thread.is_alive() for thread in fresh_helpers.threads)
    assert fresh_helpers.asked == set()


def test_tasks_may_ask_for_help_themselves(fresh_helpers: threads._Helpers) -> None:
    def ask() -> list[int]:
        return do_together([lambda: 1, lambda: 2])

    assert do_together([ask] * 3) == [[1, 2]] * 3
    assert len(fresh_helpers.threads) <= 5


def test_several_threads_ask_at_once() -> None:
    found = np.zeros((8, 40, 1000), np.int64)

    def ask(caller: int) -> None:
        for turn in range(40):

            def add(first: int, last: int, row: np.ndarray = found[caller, turn]) -> None:
                row[first:last] += 1

            in_parts(add, 1000, 3)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(8)))
    assert np.all(found == 1)


def test_work_that_is_done_is_not_waited_for() -> None:
    begun, goes_on = threading.Event(), threading.Event()

    def help_out() -> None:
        begun.set()
        goes_on.wait(60.0)

    assert do_together([lambda: begun.wait(60.0), help_out], is_done=lambda: True) == [True]
    assert not goes_on.is_set()
    goes_on.set()


@pytest.mark.parametrize("workers", [1, 2, 5])
@pytest.mark.parametrize("size", [0, 1, 3, 1000])
def test_parts_cover_all_once(workers: int, size: int) -> None:
    found = np.zeros(size, np.int64)

    def add(first: int, last: int) -> None:
        found[first:last] += 1

    in_parts(add, size, workers)
    assert np.all(found == 1)


@pytest.mark.parametrize("workers", [1, 2])
def test_no_part_is_begun_after_one_has_failed(workers: int) -> None:
    done: list[int] = []

    def fail(first: int, last: int) -> None:
        done.append(first)
        raise ValueError("of a part")

    with pytest.raises(ValueError, match="of a part"):
        in_parts(fail, 1000, workers)
    assert len(done) <= workers


@pytest.mark.parametrize("ends_by", ["", "raise SystemExit(0)", "import atexit; atexit.register(work)"])
def test_a_process_ends_while_its_threads_wait(ends_by: str) -> None:
    code = f"""
from testsite_sim.wind.threads import do_together, in_parts
def work():
    assert do_together([lambda: 1, lambda: 2]) == [1, 2]
work()
{ends_by}
"""
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=120.0)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system makes no copies of a process")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of copies of processes with threads
def test_a_copy_of_the_process_has_threads_of_its_own() -> None:
    do_together([threading.get_ident] * 2)
    process = os.fork()
    if process == 0:
        try:
            meet = threading.Barrier(2, timeout=60.0)
            do_together([meet.wait, meet.wait])  # broken where no other thread begins
        except BaseException:
            os._exit(1)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0


@pytest.fixture
def small() -> tuple[Farm, xr.Dataset]:
    """Return a farm of three turbines and forty hours."""
    turbine = Turbine("even", 100.0, 90.0, [3.0, 12.0, 25.0], [0.0, 3e6, 3e6], [0.8, 0.8, 0.1])
    winds = {
        "wind_speed": ("time", np.linspace(4.0, 14.0, 40)),
        "wind_direction": ("time", np.linspace(0.0, 350.0, 40)),
    }
    return Farm([0.0, 600.0, 1200.0], [0.0, 30.0, 0.0], turbine), xr.Dataset(winds)


@pytest.mark.usefixtures("no_helper")
def test_a_farm_is_the_same_where_no_thread_helps(small: tuple[Farm, xr.Dataset]) -> None:
    """The frame of the result is made by the first thread that helps, else at the end."""
    xr.testing.assert_identical(*(simulate_farm(*small, "noj", workers=n) for n in (1, 2)))


@pytest.mark.parametrize("before", [True, False])
def test_a_farm_is_the_same_whenever_a_thread_helps(
    monkeypatch: pytest.MonkeyPatch, small: tuple[Farm, xr.Dataset], before: bool
) -> None:
    """Before the hours are sorted it has to wait; after all blocks are filled it finds none."""
    one = simulate_farm(*small, "noj", workers=1)

    def in_turn(tasks: list[Callable[[], object]], **_: object) -> None:
        with ThreadPoolExecutor(1) as pool:
            first, last = reversed(tasks) if before else tasks
            helps = pool.submit(first)
            if before:
                time.sleep(0.02)  # longer than it looks within the kernel
                assert not helps.done()
            else:
                helps.result(60.0)
            last()
            helps.result(60.0)

    monkeypatch.setattr("testsite_sim.wind.sweeping.do_together", in_turn)
    xr.testing.assert_identical(one, simulate_farm(*small, "noj", workers=2))


def test_a_thread_that_helps_ends_where_the_hours_are_never_sorted(
    monkeypatch: pytest.MonkeyPatch, small: tuple[Farm, xr.Dataset]
) -> None:
    """The thread that asks may be interrupted before it is in the kernel."""

    def interrupted(tasks: list[Callable[[], object]], **about: Callable[[], object]) -> None:
        def interrupt() -> None:
            time.sleep(0.01)
            raise KeyboardInterrupt

        do_together([interrupt, *tasks[1:]], stop=about["stop"])

    simulate_farm(*small, "noj", workers=1)
    monkeypatch.setattr("testsite_sim.wind.sweeping.do_together", interrupted)
    with pytest.raises(KeyboardInterrupt):
        simulate_farm(*small, "noj", workers=2)
