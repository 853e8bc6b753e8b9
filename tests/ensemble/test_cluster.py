"""On a Dask cluster an ensemble has the bits of one process, whatever dies."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.ensemble.local_cluster import Cluster
from tests.ensemble.small import MEMBERS, bits, run
from testsite_sim.cases.ensemble_members import begin
from testsite_sim.cli import main
from testsite_sim.common.errors import ConfigurationError, DataError, Stopped

pytestmark = pytest.mark.usefixtures("unprinted_in_module")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path)
    yield made
    made.end()


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write every member as it finishes, and give one at a time."""
    monkeypatch.setattr("testsite_sim.ensemble.execution.FLUSH_AFTER", 0.0)
    monkeypatch.setattr("testsite_sim.ensemble.chunks.LARGEST_CHUNK", 1)


def _with_an_output_less(*everything: Any) -> Any:
    return begin(*everything)[1:]


def at_first(act: Callable[[], Any]) -> Any:
    """Return a counter that acts once the first member of the cluster is on disk."""

    @contextmanager
    def count(total: int, done: int, what: str) -> Iterator[Callable[[int], None]]:
        left = [act]

        def count(more: int) -> None:
            if left:
                left.pop()()

        yield count

    return count


@pytest.mark.slow
@pytest.mark.usefixtures("at_once")
def test_a_killed_worker_is_replaced_by_one_that_joins_late_and_no_bit_changes(
    cluster: Cluster, tmp_path: Path, unbroken: dict[str, bytes]
) -> None:
    first = cluster.worker()

    def act() -> None:
        first.send_signal(signal.SIGKILL)
        cluster.worker()

    said: list[str] = []
    run(tmp_path / "run", scheduler=cluster.address, count=at_first(act), say=said.append)
    assert bits(tmp_path / "run") == unbroken
    assert [line for line in said if line.startswith("dashboard of the cluster: http://")]


@pytest.mark.slow
@pytest.mark.usefixtures("at_once")
def test_what_one_process_began_a_cluster_goes_on_with(
    cluster: Cluster, tmp_path: Path, unbroken: dict[str, bytes]
) -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(Stopped):
        run(tmp_path / "run", count=at_first(stop))
    cluster.start("worker", cluster.address, "--nthreads", "2", "--nworkers", "1", "--no-dashboard")  # with a nanny
    cluster.worker()
    run(tmp_path / "run", scheduler=cluster.address, resume=True)
    assert bits(tmp_path / "run") == unbroken


@pytest.mark.slow
@pytest.mark.usefixtures("at_once")
def test_a_member_that_cannot_be_simulated_is_named(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.worker()
    monkeypatch.setattr("testsite_sim.cases.ensemble.begin", _with_an_output_less)
    with pytest.raises(RuntimeError, match=r"member \d has an output that member 0 lacks"):
        run(tmp_path / "run", scheduler=cluster.address)


@pytest.mark.slow
@pytest.mark.usefixtures("at_once")
def test_a_scheduler_that_dies_leaves_the_members_and_one_process_goes_on(
    cluster: Cluster, tmp_path: Path, unbroken: dict[str, bytes]
) -> None:
    cluster.worker()
    with pytest.raises(DataError, match=rf"the scheduler at tcp://.* of {MEMBERS + 1} runs .* are kept .*resume=True"):
        run(tmp_path / "run", scheduler=cluster.address, count=at_first(cluster.scheduler.kill))
    run(tmp_path / "run", resume=True)
    assert bits(tmp_path / "run") == unbroken


@pytest.mark.slow
def test_a_worker_of_another_version_is_refused(cluster: Cluster, tmp_path: Path) -> None:
    shim = tmp_path / "shim"
    shim.mkdir()
    (shim / "sitecustomize.py").write_text("from testsite_sim.common import version\nversion.__version__ = '0.0.1'\n")
    cluster.worker(path=str(shim))
    with pytest.raises(ConfigurationError, match=r"the worker tcp://\S+ would .* testsite-sim is 0\.0\.1 there, "):
        run(tmp_path / "run", scheduler=cluster.address)


@pytest.mark.parametrize(
    ("address", "words"),
    [("tcp://127.0.0.1:1", "nothing answers at tcp://127.0.0.1:1"), ("cluster", "expected an address as tcp://host")],
)
def test_a_scheduler_that_is_not_there_is_reported(
    tmp_path: Path, address: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("testsite_sim.ensemble.cluster.CONNECT_SECONDS", 2.0)
    with pytest.raises(ConfigurationError, match=words):
        run(tmp_path / "run", scheduler=address)


@pytest.mark.slow
def test_without_a_worker_it_ends(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("testsite_sim.ensemble.cluster.WITHOUT_WORKERS", 1.0)
    with pytest.raises(DataError, match=r"had no worker for 1 s; start some by `dask worker .* are kept"):
        run(tmp_path / "run", scheduler=cluster.address)


def test_a_scheduler_and_processes_of_this_machine_do_not_go_together(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--members", "2", "--workers", "2", "--scheduler", "tcp://127.0.0.1:1"]
    with pytest.raises(SystemExit) as caught:
        main(["run", "flanders-wind-farm/test-site", *options])
    assert caught.value.code == 2
    assert "`--scheduler` and `--workers` do not go together" in capsys.readouterr().err
