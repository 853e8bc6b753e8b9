"""What runs on a worker of a Dask cluster: the ensemble, kept once a process, and the cases of a task."""

import pickle
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from distributed import WorkerPlugin, get_worker

from testsite_sim.ensemble.memory import keep_memory

_CONTENTS: dict[str, bytes] = {}
_RUNNERS: dict[str, Any] = {}
_VERSIONS: dict[str, str] = {}
_LOCK = threading.Lock()  # a runner is not safe for several threads


class EnsembleOnWorker(WorkerPlugin):
    """Keeps the pickled plan and records on every worker, those that join later or begin anew among them."""

    def __init__(self, key: str, content: bytes) -> None:
        self.name, self.content = key, content

    def setup(self, worker: Any) -> None:
        """Keep it; it is read once the versions were found to be the same."""
        _CONTENTS[self.name] = self.content

    def teardown(self, worker: Any) -> None:
        """Forget it."""
        _CONTENTS.pop(self.name, None)
        _RUNNERS.pop(self.name, None)


@dataclass(frozen=True)
class Answer:
    """What a task gives: the worker; its versions where they differ; how long it took [s]; cases, or an error."""

    worker: str
    versions: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    finished: list[Any] = field(default_factory=list)
    error: Exception | None = None


def work(key: str, expected: dict[str, str], numbers: list[int], outputs: tuple[str, ...]) -> Answer:
    """Run cases. Nothing is run, nor unpickled, where a version differs."""
    with _LOCK:
        keep_memory()
        address = str(get_worker().address)
        if not _VERSIONS:
            from testsite_sim.ensemble.identity import versions

            _VERSIONS.update(versions())
        if expected != _VERSIONS:
            return Answer(address, dict(_VERSIONS))
        try:
            if key not in _RUNNERS:
                from testsite_sim.ensemble.members import MemberRunner

                _RUNNERS[key] = MemberRunner(*pickle.loads(_CONTENTS[key]))
            began = time.perf_counter()
            finished = [_RUNNERS[key].run(number, outputs) for number in numbers]
        except Exception as error:  # reported by the client, which knows what it means
            return Answer(address, error=error)
        return Answer(address, {}, time.perf_counter() - began, finished)
