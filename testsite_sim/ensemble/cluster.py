"""Members on the workers of a Dask cluster; the plan goes to each once, and what a dead one had is run again."""

import logging
import pickle
import re
import socket
import ssl
import time
import uuid
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.ensemble.chunks import Chunks
from testsite_sim.ensemble.execution import Finish
from testsite_sim.ensemble.identity import versions
from testsite_sim.ensemble.members import Records
from testsite_sim.ensemble.plan import Plan
from testsite_sim.ensemble.store import Finished

if TYPE_CHECKING:
    from testsite_sim.ensemble.cluster_worker import Answer

CONNECT_SECONDS = 10.0  # that a scheduler may take to answer
PROBE_SECONDS = 3.0  # that it may take to answer in TLS, once Dask has waited in vain
WITHOUT_WORKERS = 60.0  # [s] that are waited for a worker, at the beginning and once all are gone
TASKS_A_THREAD = 3  # that are in flight
MOST_DEATHS = 5  # times in a row that Dask gives up members whose workers died, without one finished in between
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
ENCRYPTED = ("tls", "wss")
POLL_SECONDS = 0.005
ASK_SECONDS = 0.5  # between checks of which workers there are
_ADDRESS = re.compile(r"(tcp|tls|ws|wss)://(\[[0-9a-fA-F:]+\]|[^\s:/\[\]]+):([0-9]{1,5})")


class ClusterLostError(DataError):
    """The cluster is gone; what had finished is kept."""


@contextmanager
def connected(
    address: str | None, say: Callable[[str], None], certificates: tuple[Path, Path, Path] | None = None
) -> Iterator[Any]:
    """Connect to a scheduler; give its client, None without an address.

    Parameters
    ----------
    address : str or None
        As `tcp://host:8786`.
    say : callable
        Called with the address of the dashboard, where there is one.
    certificates : (Path, Path, Path), optional
        For TLS: of the authority, of this client, and its key; None: those of Dask's own configuration.

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
        raise ConfigurationError(
            f"scheduler: found {address!r}; expected an address as tcp://host:8786 or tls://host:8786, or local."
        )
    try:
        from distributed import Client
    except ImportError as error:
        raise ConfigurationError("scheduler: needs Dask; `pip install testsite-sim[cluster]`.") from error
    _quiet()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"distributed\..*")  # versions are compared by ourselves
        try:
            make: Any = Client  # is untyped
            before = set(make._instances)
            security = _security(found[1], certificates)
            if security is None and found[2] not in LOOPBACK:
                say(f"{address} is neither encrypted nor authenticated: whoever reaches it can run code")
            client = make(address, timeout=CONNECT_SECONDS, set_as_default=False, security=security)
        except ConfigurationError:
            raise
        except Exception as error:  # what Dask makes of an answer that is none of a scheduler is of any kind
            for each in set(make._instances) - before:
                each.status = "closed"  # it would wait for its scheduler when it is collected, and print a traceback
            raise ConfigurationError(
                f"scheduler: {_encryption_fault(found[1], found[2], int(found[3]), security) or _silence(address)}"
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


@contextmanager
def started_here(workers: int, say: Callable[[str], None]) -> Iterator[Any]:
    """Start a cluster on this machine and give its client; it ends with this context.

    It speaks TLS with certificates made for it alone, which stay in memory, so that no other user of the machine can
    reach it, and listens on 127.0.0.1 alone.

    Parameters
    ----------
    workers : int
        Processes, each of one thread.
    say : callable
        Called with the address of the cluster.

    Raises
    ------
    ConfigurationError
        When Dask or the package cryptography is not installed, or the cluster does not start.
    """
    try:
        from distributed import Client, LocalCluster
        from distributed.security import Security

        temporary: Any = Security.temporary  # is untyped
        security = temporary()
    except ImportError as error:
        raise ConfigurationError("scheduler: needs Dask; `pip install testsite-sim[cluster]`.") from error
    _quiet()
    make: Any = LocalCluster
    try:
        cluster = make(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            protocol="tls://",
            security=security,
            dashboard_address=None,
            silence_logs=logging.CRITICAL,
        )
    except Exception as error:
        raise ConfigurationError(f"scheduler: the local cluster does not start ({str(error)[:150]}).") from error
    with cluster:
        client_of: Any = Client
        client = client_of(cluster, timeout=WITHOUT_WORKERS, set_as_default=False)
        _quiet()
        say(f"cluster of {workers} on this machine: {client.scheduler.address}")
        try:
            yield client
        finally:
            with suppress(Exception):  # of a scheduler that is gone
                client.close(timeout=2.0)


def _security(protocol: str, certificates: tuple[Path, Path, Path] | None) -> Any:
    """Return the security of a connection, None for one that has none.

    Raises
    ------
    ConfigurationError
        When the address and the certificates do not go together, or these cannot be read.
    """
    if protocol not in ENCRYPTED:
        if certificates is not None:
            raise ConfigurationError(
                f"certificates: an address that begins with {protocol}:// is not encrypted; take tls://."
            )
        return None
    from distributed.security import Security

    if certificates is None:
        security: Any = Security()
        if not (security.tls_ca_file and security.tls_client_cert and security.tls_client_key):
            raise ConfigurationError(
                f"scheduler: {protocol}:// needs certificates; name them by `certificates` (CA, certificate, key), or "
                "in Dask's configuration (distributed.comm.tls)."
            )
    else:
        missing = [str(each) for each in certificates if not each.is_file()]
        if missing:
            raise ConfigurationError(
                f"certificates: there is no file {', '.join(missing)}; name CA, certificate and key."
            )
        names = ("tls_ca_file", "tls_client_cert", "tls_client_key")
        security = Security(require_encryption=True, **dict(zip(names, map(str, certificates), strict=True)))
    try:
        security.get_connection_args("client")
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"certificates: the certificates cannot be used ({str(error)[:150]}).") from error
    return security


def _silence(address: str) -> str:
    """Return the sentence on a scheduler that does not answer."""
    return (
        f"nothing answers at {address} within {CONNECT_SECONDS:g} s; start `dask scheduler` there and workers by "
        "`dask worker`, or correct the address."
    )


def _encryption_fault(protocol: str, host: str, port: int, security: Any) -> str | None:
    """Return why a connection of Dask failed, where encryption or a certificate is the reason; else None.

    Dask itself says only that it waited in vain. A scheduler is the first to speak once it trusts its client, and in
    TLS 1.3 it refuses a certificate no sooner than then.
    """
    if protocol not in ("tcp", "tls"):
        return None
    if security is None:
        context = ssl.SSLContext(
            ssl.PROTOCOL_TLS_CLIENT
        )  # asks only whether the scheduler answers by TLS, and trusts nobody
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    else:
        context = security.get_connection_args("client")["ssl_context"]
    place = host.strip("[]")
    try:
        with (
            socket.create_connection((place, port), timeout=PROBE_SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=place) as encrypted,
        ):
            encrypted.recv(1)
    except ssl.SSLCertVerificationError as error:
        return (
            f"the certificate of the scheduler at {host}:{port} is not trusted by the CA of `certificates` "
            f"({error.verify_message}); take the CA that signed it."
        )
    except ssl.SSLError as error:
        reason = str(error.reason or error).replace("_", " ").lower()
        if security is None and "wrong version" not in reason:
            return _speaks_tls(host, port)
        if "wrong version" in reason or "record layer" in reason:
            return None if security is None else f"{host}:{port} is not encrypted; take tcp:// without `certificates`."
        refused = f"the scheduler at {host}:{port} refuses the certificate of `certificates` ({reason})"
        return f"{refused}; take one of its own CA."
    except OSError:
        return None
    return _speaks_tls(host, port) if security is None else None


def _speaks_tls(host: str, port: int) -> str:
    """Return the sentence on a scheduler that is asked without encryption."""
    encrypted = f"the scheduler at {host}:{port} is encrypted"
    return f"{encrypted}; take tls://{host}:{port} with `certificates` (CA, certificate, key)."


def _quiet() -> None:
    """Silence the loggers of Dask: what matters is reported in a sentence."""
    for name in list(logging.root.manager.loggerDict):
        if name.split(".")[0] in ("distributed", "tornado", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


class OnCluster:
    """The members of an ensemble on the workers of a cluster.

    Plan and records are sent to each worker once, also to one that joins later or is begun anew.

    Parameters
    ----------
    client : distributed.Client
        Of `connected`.
    plan : Plan
        The ensemble.
    records : list of tuples
        As in `MemberRunner`.
    """

    def __init__(self, client: Any, plan: Plan, records: Records) -> None:
        self.client, self.plan = client, plan
        self.address, self.versions = str(client.scheduler.address), versions()
        self.key = f"testsite-sim-{uuid.uuid4().hex}"
        self._content = pickle.dumps((plan, records))

    def __enter__(self) -> "OnCluster":
        from testsite_sim.ensemble.cluster_worker import EnsembleOnWorker

        with self._reported():
            self.client.register_plugin(EnsembleOnWorker(self.key, self._content))
        return self

    def __exit__(self, *error: object) -> None:
        if self.client.status == "running":
            with suppress(Exception):  # of a scheduler that goes in this moment
                self.client.unregister_worker_plugin(self.key)

    def run(self, outputs: tuple[str, ...]) -> Finish:
        """Return what runs cases on the cluster; `outputs`: the figures of a member, in their order."""

        def run(numbers: Sequence[int]) -> Iterator[list[Finished]]:
            from distributed import as_completed
            from distributed.scheduler import KilledWorker

            from testsite_sim.ensemble.cluster_worker import Answer, work

            chunks, deaths = Chunks(numbers), 0
            running: dict[Any, list[int]] = {}
            completed = as_completed(loop=self.client.loop, with_results=True, raise_errors=False)
            seen, threads, asked = time.monotonic(), 0, -np.inf
            try:
                while chunks or running:
                    now = time.monotonic()
                    if now - asked > ASK_SECONDS:
                        threads, asked = self._threads(), now
                        seen = now if threads else seen
                    if now - seen > WITHOUT_WORKERS:
                        raise ClusterLostError(
                            f"the scheduler at {self.address} had no worker for {WITHOUT_WORKERS:g} s; start some by "
                            f"`dask worker {self.address} --nthreads 1`"
                        )
                    while chunks and len(running) < TASKS_A_THREAD * threads:
                        chunk = chunks.next()
                        with self._reported():
                            future = self.client.submit(work, self.key, self.versions, chunk, outputs, pure=False)
                        running[future] = chunk
                        completed.add(future)
                    batch = completed.next_batch(block=False)
                    if not batch:
                        time.sleep(POLL_SECONDS)
                    for future, answer in batch:
                        chunk = running.pop(future)
                        if isinstance(answer, Answer):
                            self._check(answer)
                            chunks.took(answer.seconds, len(answer.finished))
                            deaths = 0
                            yield answer.finished
                            continue
                        chunks.give_back(chunk)
                        if future.status != "error":  # cancelled, as when the scheduler lost it
                            continue
                        error = answer[1]
                        if not isinstance(error, KilledWorker):
                            with self._reported():
                                raise error
                        deaths += 1
                        if deaths >= MOST_DEATHS:
                            raise DataError(
                                f"member {min(chunk) // self.plan.points} or one near it ended its workers again and "
                                "again, perhaps for want of memory; see what `--workers 1` says."
                            ) from error
            finally:
                if self.client.status == "running":
                    with suppress(Exception):  # of a scheduler that goes in this moment
                        self.client.cancel(list(running), force=True)

        return run

    def _check(self, answer: "Answer") -> None:
        """Raise what a worker refused or could not do."""
        if answer.versions:
            raise ConfigurationError(_difference(answer.worker, answer.versions, self.versions))
        if answer.error is not None:
            raise answer.error

    def _threads(self) -> int:
        """Return how many threads the workers have, by what the scheduler reported last."""
        if self.client.status != "running":
            raise ClusterLostError(f"the scheduler at {self.address} is gone")
        known = self.client.scheduler_info(n_workers=-1)["workers"].values()
        return sum(int(each["nthreads"]) for each in known)

    @contextmanager
    def _reported(self) -> Iterator[None]:
        """Report in a sentence what Dask raises; what members raise comes as a value."""
        try:
            yield
        except (ImportError, AttributeError, pickle.UnpicklingError) as error:
            raise ConfigurationError(
                f"scheduler: a worker or the scheduler at {self.address} cannot load this testsite-sim "
                f"({str(error).splitlines()[0]}); install version {self.versions['testsite-sim']} on all."
            ) from error
        except OSError as error:
            raise ClusterLostError(f"the scheduler at {self.address} does not answer any more") from error


def _difference(worker: str, found: dict[str, str], expected: dict[str, str]) -> str:
    """Say which versions of a worker differ."""
    differ = "; ".join(
        f"{name} is {found.get(name, 'none')} there, {value} here"
        for name, value in expected.items()
        if found.get(name) != value
    )
    return f"scheduler: the worker {worker} would not give the same bits: {differ}; install the same on both."
