"""What a process for members does: it begins as one of the program's own, and runs the cases that it is given.

What runs members is imported when it has begun: it imports no more than they need, which takes most of its start.
"""

import multiprocessing
import os
import pickle
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from testsite_sim.common.ending import ignore_terminal
from testsite_sim.common.own_process import expect_plain_arrays, own_process

if TYPE_CHECKING:
    from testsite_sim.ensemble.members import MemberRunner
    from testsite_sim.ensemble.store import Finished

ENSEMBLE, TABLES = "ensemble", "tables"  # files for the processes
_WORKER: list["MemberRunner"] = []
_FOLDER: list[Path] = []


def begin(folder: Path) -> None:
    """Prepare a process: interrupts and closed terminals are its parent's business, and it ends when its parent does.

    Parameters
    ----------
    folder : Path
        Of the files for the processes.
    """
    ignore_terminal()
    own_process()
    expect_plain_arrays()
    from testsite_sim.ensemble.members import MemberRunner
    from testsite_sim.ensemble.memory import keep_memory

    keep_memory()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _FOLDER[:] = [folder]
    _WORKER[:] = [MemberRunner(*pickle.loads((folder / ENSEMBLE).read_bytes()))]


def _end_with_parent() -> None:
    """End this process once its parent has ended, even by a kill."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def begun() -> None:
    """Do nothing: the first task of a pool makes it start its processes."""


def work(numbers: list[int], outputs: tuple[str, ...]) -> "tuple[float, list[Finished]]":
    """Run cases; return how long they took, and them."""
    runner = _WORKER[0]
    if not runner.tables:
        from testsite_sim.ensemble.table_file import read_tables

        runner.tables = read_tables(_FOLDER[0] / TABLES)
    began = time.perf_counter()
    finished = [runner.run(number, outputs) for number in numbers]
    return time.perf_counter() - began, finished
