"""Tasks that share their work, on threads that wait for it."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest
import xarray as xr

from testsite_sim.wind import Farm, Turbine, simulate_farm, threads
from testsite_sim.wind.threads import do_together


@pytest.fixture
def no_helper(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Leave no thread that could help: the only one has other work until the test ends."""
    ends = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(ends.wait)
        monkeypatch.setattr(threads, "_helpers", lambda: pool)
        yield
        ends.set()


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


@pytest.mark.usefixtures("no_helper")
def test_a_farm_is_the_same_where_no_thread_helps() -> None:
    """The frame of the result is made by the first thread that helps, else at the end."""
    turbine = Turbine("even", 100.0, 90.0, [3.0, 12.0, 25.0], [0.0, 3e6, 3e6], [0.8, 0.8, 0.1])
    farm = Farm([0.0, 600.0, 1200.0], [0.0, 30.0, 0.0], turbine)
    winds = {
        "wind_speed": ("time", np.linspace(4.0, 14.0, 40)),
        "wind_direction": ("time", np.linspace(0.0, 350.0, 40)),
    }
    one, two = (simulate_farm(farm, xr.Dataset(winds), "noj", workers=n) for n in (1, 2))
    xr.testing.assert_identical(one, two)
