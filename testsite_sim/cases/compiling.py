"""Kernels compiled before they are needed: those of scenarios and studies, by processes that share one cache."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import zip_longest
from threading import Lock

from testsite_sim.common.errors import ConfigurationError, TestsiteError
from testsite_sim.common.own_process import expect_plain_arrays, own_process
from testsite_sim.common.processors import usable_processors

START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from testsite_sim.cases.compiling import serve; serve()"
)


def compile_kernels(names: Sequence[str], processes: int | None, log: Callable[[str], None]) -> None:
    """Compile what scenarios and studies need, into the cache of this user, side by side.

    A scenario is compiled by its first two days in memory, a study by its members; nothing is written but the cache.

    Parameters
    ----------
    names : sequence of str
        Of scenarios and studies, or paths of their files.
    processes : int, optional
        That compile side by side; None: as many as there are processors.
    log : callable
        Given a line for each that is done.

    Raises
    ------
    ConfigurationError
        Naming those that cannot be compiled, and why; the others are.
    """
    count = min(processes or usable_processors(), len(names))
    waiting, lock = iter(_from_both_ends(names)), Lock()

    def next_name() -> Iterator[str]:
        while True:
            with lock:
                name = next(waiting, None)
            if name is None:
                return
            yield name

    def work(_: int) -> list[str]:
        return _work(next_name(), log)

    with ThreadPoolExecutor(max(count, 1)) as pool:
        faults = [fault for found in pool.map(work, range(count)) for fault in found]
    if faults:
        raise ConfigurationError(*faults)


def _from_both_ends(names: Sequence[str]) -> list[str]:
    """Return names in another order: neighbours need the same kernels, for which processes would wait."""
    first, last = names[: (len(names) + 1) // 2], names[::-1][: len(names) // 2]
    return [name for pair in zip_longest(first, last) for name in pair if name is not None]


def _work(names: Iterator[str], log: Callable[[str], None]) -> list[str]:
    """Let one process compile scenario after scenario; return what went wrong, a sentence each."""
    faults: list[str] = []
    command = [sys.executable, "-P", "-c", START, json.dumps(sys.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            for name in names:
                process.stdin.write(name + "\n")
                process.stdin.flush()
                reply = process.stdout.readline()
                if not reply:
                    faults.append(f"{name}: the process that compiled it ended.")
                    break
                found = json.loads(reply)
                faults += found["faults"]
                log(f"{name}  {found['seconds']:.1f} s")
            process.stdin.close()
        except BaseException:
            process.kill()
            raise
    return faults


def compile_case(name: str) -> None:
    """Compile what a scenario or a study needs, in this process.

    Raises
    ------
    TestsiteError
        When it cannot be read or simulated.
    """
    from testsite_sim.cases.reading import read_case
    from testsite_sim.cases.scenario import ScenarioCase
    from testsite_sim.cases.study import StudyCase

    case = read_case(name)
    if isinstance(case, StudyCase):
        case.members()
    elif isinstance(case, ScenarioCase):
        from testsite_sim.chain.ahead import compile_steps

        compile_steps(case.scenario)
    else:
        raise ConfigurationError(f"compile: {name} is a windIO plant; name a scenario or a study.")


def serve() -> None:
    """Compile each case that standard input names, a line each, and answer with a line of JSON."""
    own_process()
    expect_plain_arrays()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # a solver that prints would stand between the answers
    for line in sys.stdin:
        began, faults = time.perf_counter(), []
        try:
            compile_case(line.rstrip("\n"))
        except TestsiteError as error:
            faults = list(error.problems)
        answers.write(json.dumps({"seconds": time.perf_counter() - began, "faults": faults}) + "\n")
        answers.flush()
