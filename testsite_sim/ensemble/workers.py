"""Members on several processes of this machine; one that dies is replaced, and what it had is run again."""

import multiprocessing
import pickle
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack

from testsite_sim.common import unguarded
from testsite_sim.common.ending import held
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.common.temporary import temporary_folder
from testsite_sim.ensemble import own_worker
from testsite_sim.ensemble.chunks import Chunks
from testsite_sim.ensemble.execution import Finish
from testsite_sim.ensemble.members import MemberRunner
from testsite_sim.ensemble.own_worker import ENSEMBLE, TABLES
from testsite_sim.ensemble.store import Finished
from testsite_sim.ensemble.table_file import write_tables

MOST_DEATHS = 5  # of processes in a row without a member finished in between


class Processes:
    """Processes of this machine for the members of an ensemble, each of one thread.

    They are started at the beginning, so that they import what they need while member 0 is run.

    Parameters
    ----------
    runner : MemberRunner
        Of this process; its plan, its records and the tables that it has made go to the others, by files: what is sent
        along when a process starts keeps the next from starting.
    workers : int
        How many.
    """

    def __init__(self, runner: MemberRunner, workers: int) -> None:
        self.runner, self.plan, self.workers = runner, runner.plan, workers
        with ExitStack() as exits:
            self._path = exits.enter_context(temporary_folder())
            content = pickle.dumps((runner.plan, runner.records), pickle.HIGHEST_PROTOCOL)
            (self._path / ENSEMBLE).write_bytes(content)
            self._start()
            self._exits = exits.pop_all()

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, *error: object) -> None:
        _end(self._pool)
        self._exits.close()

    def _start(self) -> None:
        """Start the processes."""
        context = multiprocessing.get_context("spawn")
        with held():  # begins what looks after semaphores, and lets interrupts through again once it has
            self._pool = ProcessPoolExecutor(self.workers, context, own_worker.begin, (self._path,))
        try:
            with held():
                self._pool.submit(own_worker.begun)
        except BaseException:
            _end(self._pool)
            raise
        self._started = list((self._pool._processes or {}).values())

    def run(self, outputs: tuple[str, ...]) -> Finish:
        """Return what runs cases on the processes; `outputs`: the figures of a member, in their order."""
        if not (self._path / TABLES).exists():
            write_tables(self._path / TABLES, self.runner.tables)

        def run(numbers: Sequence[int]) -> Iterator[list[Finished]]:
            chunks = Chunks(numbers)
            deaths = 0
            running: dict[Future[tuple[float, list[Finished]]], list[int]] = {}
            while chunks or running:
                try:
                    while chunks and len(running) < 2 * self.workers:
                        chunk = chunks.next()
                        try:
                            with held():  # a task may begin a process
                                running[self._pool.submit(own_worker.work, chunk, outputs)] = chunk
                        except BrokenProcessPool:
                            chunks.give_back(chunk)
                            raise
                    done, _ = wait(running, return_when=FIRST_COMPLETED)
                    for future in done:
                        seconds, finished = future.result()
                        chunks.took(seconds, len(finished))
                        del running[future]
                        deaths = 0
                        yield finished
                except BrokenProcessPool as error:
                    _end(self._pool)
                    if unguarded.EXIT_CODE in [process.exitcode for process in self._started]:
                        raise ConfigurationError(unguarded.SENTENCE) from None
                    deaths += 1
                    if deaths >= MOST_DEATHS:
                        first = min((min(chunk) for chunk in running.values()), default=0) // self.plan.points
                        raise DataError(
                            f"member {first} or one near it ended {deaths} processes in a row, perhaps for want of "
                            "memory; take fewer `workers`, or see what `workers=1` says."
                        ) from error
                    for chunk in reversed(list(running.values())):
                        chunks.give_back(chunk)
                    running.clear()
                    self._start()

        return run


def _end(pool: ProcessPoolExecutor) -> None:
    """End the processes of a pool at once."""
    processes = list((pool._processes or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
    for process in processes:
        process.join()
