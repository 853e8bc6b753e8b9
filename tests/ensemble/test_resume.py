"""An ensemble that is stopped, killed or out of disk goes on, and ends with the bits of an unbroken one."""

import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.ensemble.small import MEMBERS, SHORT, bits, run, silent
from testsite_sim.common.errors import ConfigurationError, DataError, Stopped
from testsite_sim.ensemble.database import DATABASE, read_members

pytestmark = pytest.mark.usefixtures("unprinted_in_module")


def stopping_after(runs: int) -> Callable[[int, int, str], object]:
    """Return a counter that interrupts once a number of runs is on disk."""

    @contextmanager
    def count(total: int, done: int, what: str) -> Iterator[Callable[[int], None]]:
        state = [done]

        def count(more: int) -> None:
            state[0] += more
            if state[0] >= runs:
                raise KeyboardInterrupt

        yield count

    return count


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write every member as it finishes."""
    monkeypatch.setattr("testsite_sim.ensemble.execution.FLUSH_AFTER", 0.0)


@pytest.mark.usefixtures("at_once")
def test_an_interrupt_keeps_what_had_finished_and_resume_goes_on(tmp_path: Path, unbroken: dict[str, bytes]) -> None:
    with pytest.raises(Stopped, match=rf"2 of {MEMBERS + 1} runs .* are kept .* go on with `resume=True`"):
        run(tmp_path / "run", count=stopping_after(2))
    assert not (tmp_path / "run").exists()
    with pytest.raises(ConfigurationError, match="an unfinished ensemble stands there; go on with it by `resume=True`"):
        run(tmp_path / "run")
    begun: list[int] = []

    @contextmanager
    def count(total: int, done: int, what: str) -> Iterator[Callable[[int], None]]:
        begun.append(done)
        yield lambda more: None

    run(tmp_path / "run", resume=True, count=count)
    assert begun == [2]
    assert bits(tmp_path / "run") == unbroken
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    assert run(tmp_path / "run", resume=True)  # finished: it is reported again, and nothing is run
    with pytest.raises(ConfigurationError, match="exists already"):
        run(tmp_path / "run")


@pytest.mark.usefixtures("at_once")
def test_a_changed_scenario_is_not_resumed_and_the_difference_is_shown(tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        run(tmp_path / "run", count=stopping_after(1))
    with pytest.raises(ConfigurationError) as caught:
        run(tmp_path / "run", "economics.lifetime=26 year", "ensemble.seed=7", resume=True)
    text = str(caught.value)
    assert "economics.lifetime was 25 year, is 26 year" in text
    assert "ensemble.seed was 0, is 7" in text
    assert "\n" not in text


@pytest.mark.usefixtures("at_once")
def test_other_code_does_not_resume_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Stopped):
        run(tmp_path / "run", count=stopping_after(1))
    monkeypatch.setattr("testsite_sim.ensemble.identity.cache_digest", lambda: "f" * 20)
    with pytest.raises(ConfigurationError, match=r"kernels was .*, is ffffffffffff"):
        run(tmp_path / "run", resume=True)


@pytest.mark.usefixtures("at_once")
def test_a_full_disk_is_reported_and_resume_goes_on_once_there_is_room(
    tmp_path: Path, unbroken: dict[str, bytes]
) -> None:
    with pytest.raises(Stopped):
        run(tmp_path / "run", count=stopping_after(3))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))  # a file cannot grow beyond
    try:
        with pytest.raises(ConfigurationError, match=r"cannot be written \(the disk is full or fails\); 3 of"):
            run(tmp_path / "run", resume=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    run(tmp_path / "run", resume=True)
    assert bits(tmp_path / "run") == unbroken


UNPRINTED = """
import sys
from testsite_sim.cli import main
from tests.unprinted import unprinted
from testsite_sim.ensemble import execution
execution.FLUSH_AFTER = 0.0
with unprinted():
    main(sys.argv[1:])
"""


def on_disk(folder: Path) -> int:
    """Return how many members are on disk."""
    with suppress(FileNotFoundError, DataError):  # of a copy made while it was begun, or written
        return len(read_members(folder / DATABASE))
    return 0


@pytest.mark.usefixtures("at_once")
def test_a_damaged_database_is_refused_and_begun_anew_by_force(tmp_path: Path, unbroken: dict[str, bytes]) -> None:
    with pytest.raises(Stopped):
        run(tmp_path / "run", count=stopping_after(3))
    path = tmp_path / "run.partial" / DATABASE
    content = bytearray(path.read_bytes())
    content[-4000:] = bytes(4000)
    path.write_bytes(content)
    for how in ({"resume": True}, {}):
        with pytest.raises(DataError, match=r"members\.sqlite: is damaged.* begin anew with `force=True`") as refusal:
            run(tmp_path / "run", **how)
        assert "\n" not in str(refusal.value)
        assert path.read_bytes() == content
    run(tmp_path / "run", force=True)
    assert bits(tmp_path / "run") == unbroken


@pytest.mark.slow
def test_stopped_or_killed_at_any_moment_it_ends_with_the_same_bits(tmp_path: Path, unbroken: dict[str, bytes]) -> None:
    command = [
        sys.executable,
        "-c",
        UNPRINTED,
        "run",
        "flanders-wind-farm/test-site",
        "--members",
        str(MEMBERS),
        "--workers",
        "2",
        "--resume",
        "-o",
        str(tmp_path / "run"),
        *(each for key in SHORT for each in ("--set", key)),
    ]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGKILL):
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        before = on_disk(tmp_path / "run.partial")
        end = time.monotonic() + 120.0
        while on_disk(tmp_path / "run.partial") <= before and time.monotonic() < end:
            if process.poll() is not None:
                break
            time.sleep(0.01)
        process.send_signal(number)
        if process.wait() != 0:  # it had not finished
            assert process.returncode == (-number if number == signal.SIGKILL else 130)
            if number != signal.SIGKILL:
                assert [path.name for path in tmp_path.iterdir()] == ["run.partial"]
    run(tmp_path / "run", resume=True, count=silent)
    assert bits(tmp_path / "run") == unbroken


@pytest.mark.slow
@pytest.mark.usefixtures("at_once")
def test_a_process_that_dies_is_replaced_and_no_bit_changes(
    tmp_path: Path, unbroken: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("testsite_sim.ensemble.chunks.LARGEST_CHUNK", 1)
    killed: list[int] = []

    @contextmanager
    def count(total: int, done: int, what: str) -> Iterator[Callable[[int], None]]:
        def count(more: int) -> None:
            if not killed:
                child = multiprocessing.active_children()[0]
                killed.append(int(child.pid or 0))
                child.kill()

        yield count

    run(tmp_path / "run", workers=2, count=count)
    assert killed
    assert bits(tmp_path / "run") == unbroken
