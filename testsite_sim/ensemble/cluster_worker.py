"""What runs on a worker of a Dask cluster: the ensemble, kept once a process, and the cases of a task."""

import pickle
import threading
import time
from typing import Any

from distributed import WorkerPlugin, get_worker

from testsite_sim.ensemble.memory import keep_memory

_PAYLOADS: dict[str, bytes] = {}
_RUNNERS: dict[str, tuple[Any, tuple[str, ...]]] = {}
_VERSIONS: dict[str, str] = {}
_LOCK = threading.Lock()  # a runner is not safe for several threads


class EnsembleOnWorker(WorkerPlugin):
    """Keeps the pickled plan, records and outputs on every worker, those that join later or begin anew among them."""

    def __init__(self, key: str, payload: bytes) -> None:
        self.name, self.payload = key, payload

    def setup(self, worker: Any) -> None:
        """Keep it; it is read once the versions were found to be the same."""
        _PAYLOADS[self.name] = self.payload

    def teardown(self, worker: Any) -> None:
        """Forget it."""
        _PAYLOADS.pop(self.name, None)
        _RUNNERS.pop(self.name, None)


def work(key: str, wanted: dict[str, str], numbers: list[int]) -> tuple[str, dict[str, str], float, list[Any]]:
    """Run cases; return the worker's address, its versions where they differ, how long it took, and the cases.

    Nothing is run, nor unpickled, where a version differs.
    """
    with _LOCK:
        keep_memory()
        address = str(get_worker().address)
        if not _VERSIONS:
            from testsite_sim.ensemble.identity import versions
            from testsite_sim.kernel_cache import prepare_kernel_cache

            prepare_kernel_cache()
            _VERSIONS.update(versions())
        if wanted != _VERSIONS:
            return address, dict(_VERSIONS), 0.0, []
        if key not in _RUNNERS:
            from testsite_sim.ensemble.members import MemberRunner

            plan, records, outputs = pickle.loads(_PAYLOADS[key])
            _RUNNERS[key] = MemberRunner(plan, records), outputs
        runner, outputs = _RUNNERS[key]
        began = time.perf_counter()
        finished = [runner.run(number, outputs) for number in numbers]
        return address, {}, time.perf_counter() - began, finished
