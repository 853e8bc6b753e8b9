"""Members on the workers of a Dask cluster; the plan goes to each once, and what a dead one had is run again."""

import logging
import pickle
import re
import time
import uuid
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from testsite_sim.ensemble.chunks import Chunks
from testsite_sim.ensemble.execution import Finish
from testsite_sim.ensemble.identity import versions
from testsite_sim.ensemble.members import Records
from testsite_sim.ensemble.plan import Plan
from testsite_sim.ensemble.store import Finished
from testsite_sim.errors import ConfigurationError, DataError

CONNECT_SECONDS = 10.0  # that a scheduler may take to answer
WITHOUT_WORKERS = 60.0  # [s] that are waited for a worker, at the beginning and once all are gone
TASKS_A_THREAD = 3  # that are in flight
MOST_DEATHS = 5  # times in a row that Dask gives up members whose workers died, without one finished in between
POLL_SECONDS = 0.01
_ADDRESS = re.compile(r"(tcp|tls|ws|wss)://(\[[0-9a-fA-F:]+\]|[^\s:/\[\]]+):([0-9]{1,5})")


class ClusterLostError(DataError):
    """The cluster is gone; what had finished is kept."""


@contextmanager
def connected(address: str | None, say: Callable[[str], None]) -> Iterator[Any]:
    """Connect to a scheduler; give its client, None without an address.

    Parameters
    ----------
    address : str or None
        As `tcp://host:8786`.
    say : callable
        Told the address of the dashboard, where there is one.

    Raises
    ------
    ConfigurationError
        When the address is none, Dask is not installed, or no scheduler answers within `CONNECT_SECONDS`.
    """
    if address is None:
        yield None
        return
    found = _ADDRESS.fullmatch(address)
    if found is None or not 0 < int(found[3]) < 65536:
        raise ConfigurationError(f"--scheduler: found {address!r}; wanted an address as tcp://host:8786.")
    try:
        from distributed import Client
    except ImportError as error:
        raise ConfigurationError("--scheduler: needs Dask; `pip install testsite-sim[cluster]`.") from error
    _quiet()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"distributed\..*")  # versions are compared by ourselves
        try:
            make: Any = Client  # is untyped
            client = make(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, RuntimeError) as error:
            raise ConfigurationError(
                f"--scheduler: nothing answers at {address} within {CONNECT_SECONDS:g} s; start `dask scheduler` there "
                "and workers by `dask worker`, or correct the address."
            ) from error
        _quiet()
        try:
            port = client.scheduler_info()["services"].get("dashboard")
            if port:
                say(f"dashboard of the cluster: {client.dashboard_link}")
            yield client
        finally:
            with suppress(Exception):  # of a scheduler that is gone
                client.close(timeout=2.0)


def _quiet() -> None:
    """Silence the loggers of Dask: what matters is told in a sentence."""
    for name in list(logging.root.manager.loggerDict):
        if name.split(".")[0] in ("distributed", "tornado", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def run_on_cluster(plan: Plan, records: Records, outputs: tuple[str, ...], client: Any) -> Finish:
    """Return what runs cases on the workers of a cluster.

    Parameters
    ----------
    plan : Plan
        The ensemble.
    records : list of tuples
        As `MemberRunner` takes them; each worker is sent them once, also one that joins later.
    outputs : tuple of str
        The figures of a member, in their order.
    client : distributed.Client
        Of `connected`.
    """

    def run(numbers: Sequence[int]) -> Iterator[list[Finished]]:
        from distributed.client import FutureCancelledError
        from distributed.scheduler import KilledWorker

        from testsite_sim.ensemble.cluster_worker import EnsembleOnWorker, work

        address, wanted = client.scheduler.address, versions()
        key = f"testsite-sim-{uuid.uuid4().hex}"
        chunks, deaths = Chunks(numbers), 0
        running: dict[Any, list[int]] = {}
        seen = time.monotonic()
        try:
            client.register_plugin(EnsembleOnWorker(key, pickle.dumps((plan, records, outputs))))
            while chunks or running:
                if client.status != "running":
                    raise ClusterLostError(f"the scheduler at {address} is gone")
                threads = _threads(client)
                if threads:
                    seen = time.monotonic()
                elif time.monotonic() - seen > WITHOUT_WORKERS:
                    raise ClusterLostError(
                        f"the scheduler at {address} had no worker for {WITHOUT_WORKERS:g} s; start some by "
                        f"`dask worker {address} --nthreads 1`"
                    )
                while chunks and len(running) < TASKS_A_THREAD * threads:
                    chunk = chunks.next()
                    running[client.submit(work, key, wanted, chunk, pure=False)] = chunk
                done = [future for future in running if future.status not in ("pending", "lost")]
                if not done:
                    time.sleep(POLL_SECONDS)
                for future in done:
                    try:
                        worker, other, seconds, finished = future.result(timeout=WITHOUT_WORKERS)
                    except KilledWorker as error:
                        deaths += 1
                        if deaths >= MOST_DEATHS:
                            raise DataError(
                                f"member {min(running[future]) // plan.points} or one near it ended its workers again "
                                "and again, perhaps for want of memory; see what `--workers 1` says."
                            ) from error
                        chunks.give_back(running.pop(future))
                        continue
                    except FutureCancelledError:
                        chunks.give_back(running.pop(future))
                        continue
                    if other:
                        raise ConfigurationError(_difference(worker, other, wanted))
                    del running[future]
                    chunks.took(seconds, len(finished))
                    deaths = 0
                    yield finished
        except (ImportError, AttributeError, pickle.UnpicklingError) as error:
            raise ConfigurationError(
                f"--scheduler: a worker or the scheduler at {address} cannot load this testsite-sim "
                f"({str(error).splitlines()[0]}); install version {wanted['testsite-sim']} on all."
            ) from error
        except OSError as error:  # of Dask's connections; the store's do not pass here
            raise ClusterLostError(f"the scheduler at {address} does not answer any more") from error
        finally:
            if client.status == "running":
                with suppress(Exception):  # of a scheduler that goes in this moment
                    client.cancel(list(running), force=True)
                    client.unregister_worker_plugin(key)

    return run


def _threads(client: Any) -> int:
    """Return how many threads the workers have, by what the scheduler told last."""
    return sum(int(each["nthreads"]) for each in client.scheduler_info(n_workers=-1)["workers"].values())


def _difference(worker: str, found: dict[str, str], wanted: dict[str, str]) -> str:
    """Say which versions of a worker differ."""
    differ = "; ".join(
        f"{name} is {found.get(name, 'none')} there, {value} here"
        for name, value in wanted.items()
        if found.get(name) != value
    )
    return f"--scheduler: the worker {worker} would not give the same bits: {differ}; install the same on both."
