"""Kill an ensemble again and again, resume it each time, and see that it ends with the bits of an unbroken one.

    PYTHONPATH=.:kernels python -m tools.chaos_ensemble [--kills 200] [--members 500] [--seed 0] [-o FOLDER]

Three kinds of kill, at random: of the process at any moment, from its start to the writing of its results; of one of
its two workers, which it replaces; and of the process within a write, at a random step of a transaction of the
database. After each the members on disk are counted: none that was there may be missing.
Stopped and begun again with the same folder, it goes on: `--kills` are those of all starts.
"""

import argparse
import hashlib
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests.ensemble.small import COMPARED, run
from testsite_sim.ensemble import database, execution
from tools.kills import Kills
from tools.processes import ended

KINDS = ("process", "worker", "within a write")
SMALL = 100  # members of an ensemble, below which it is
STEPS_A_MEMBER = 12  # at least, of the virtual machine of SQLite
LONGEST = 900.0  # [s] that a run may take


def digest(folder: Path) -> str:
    """Return the digest of everything that a run directory holds but `run.json`."""
    found = hashlib.sha256()
    for name in COMPARED:
        found.update((folder / name).read_bytes())
    return found.hexdigest()


def begin(folder: Path, members: int, workers: int, flush_after: float, last_write: tuple[int, int] | None) -> int:
    """Start a run in a process of its own and return its number; `last_write`: which write kills it, and how."""
    number = os.fork()
    if number:
        return number
    code = 1
    try:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        execution.FLUSH_AFTER = flush_after
        if last_write is not None:
            _kill_within_write(*last_write)
        run(folder, members=members, workers=workers, resume=True)
        code = 0
    finally:
        os._exit(code)


def _kill_within_write(which: int, step: int) -> None:
    """Let a write of members be the last, and end the process at a step of it."""
    left = [which]
    insert = database.Database.insert

    def inserted(self: database.Database, members: Any) -> None:
        left[0] -= 1
        if left[0] < 0:
            self._connection.set_progress_handler(_killing_after(step), 1)
        insert(self, members)

    database.Database.insert = inserted  # type: ignore[method-assign]


def _killing_after(steps: int) -> Callable[[], int]:
    """Return a handler that the virtual machine of SQLite calls at each step, and that ends the process at one."""
    left = [steps]

    def step() -> int:
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return 0

    return step


def children(process: int) -> list[int]:
    """Return the processes that a process has started for members."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
            command = (path.parent / "cmdline").read_text()
        except OSError:
            continue
        if int(fields[1]) == process and "spawn_main" in command:
            found.append(int(path.parent.name))
    return sorted(found)


def kept(folder: Path) -> dict[int, bytes]:
    """Return the members that are on disk, with their figures."""
    path = folder / database.DATABASE
    return {number: values.tobytes() for number, values in database.read_members(path).items()} if path.exists() else {}


def main() -> None:
    """Kill, resume, compare; exit with 1 at the first ensemble that ends otherwise."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--members", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    outer = (options.output or Path(tempfile.mkdtemp())).resolve()
    base = outer / "work"
    shutil.rmtree(base, ignore_errors=True)  # what was going on when this was stopped
    base.mkdir(parents=True)
    run(base / "first", members=2)  # what it has imported and loaded, the processes begun from here have as well
    kills = Kills(outer)
    generator = np.random.default_rng((options.seed, kills.total()))
    process = begin(base / "unbroken", options.members, 1, 1.0, None)
    began = time.monotonic()
    if ended(process, LONGEST) != 0:
        raise SystemExit("the unbroken run failed")
    took = time.monotonic() - began
    expected = digest(base / "unbroken")
    print(f"unbroken: {options.members} members in {took:.1f} s, {expected[:16]}", flush=True)
    folder = base / "run"
    partial = folder.with_name("run.partial")
    known: dict[int, bytes] = {}
    # Small ensembles are written at once, in few steps: none of them would be within 600.
    writes, steps = (4, 600) if options.members >= SMALL else (1, STEPS_A_MEMBER * options.members)
    while kills.total() < options.kills or partial.exists():
        finish = kills.total() >= options.kills
        kind = "none" if finish else KINDS[int(generator.integers(len(KINDS)))]
        cut = (int(generator.integers(writes)), int(generator.integers(steps))) if kind == KINDS[2] else None
        process = begin(folder, options.members, 2 if kind == "worker" else 1, float(generator.uniform(0.05, 1.0)), cut)
        code = None
        if kind == "worker":
            workers: list[int] = []
            while len(workers) < 2 and code is None:
                code, workers = ended(process, 0.02), children(process)
            code = code if code is not None else ended(process, float(generator.uniform(0.0, 3.0)))
            alive = children(process) if code is None else []
            if alive:
                os.kill(int(generator.choice(alive)), signal.SIGKILL)
                kills.add(kind)
                code = ended(process, float(generator.uniform(0.0, 2.0)))
            if code is None:  # the parent has gone on with another worker; now it is killed as well
                os.kill(process, signal.SIGKILL)
                kills.add("process")
                code = ended(process, LONGEST)
        elif kind == "process":
            code = ended(process, float(generator.uniform(0.0, 0.7 * took)))
            if code is None:
                os.kill(process, signal.SIGKILL)
                kills.add(kind)
                code = ended(process, LONGEST)
        else:
            code = ended(process, LONGEST)
            if kind != "none" and code == -signal.SIGKILL:
                kills.add(kind)
        if code not in (0, -signal.SIGKILL):
            raise SystemExit(f"a run ended with {code}; see {folder}")
        if code == 0:
            if digest(folder) != expected:
                raise SystemExit(f"{folder} is not as the unbroken run")
            kills.add_whole()
            known = {}
            shutil.rmtree(folder)
            print(f"{kills.total()} kills, {kills.whole} ensembles ended with the same bits", flush=True)
            continue
        now = kept(partial)
        if any(now.get(number) != content for number, content in known.items()) and partial.exists():
            raise SystemExit(f"a member that was on disk is missing in {partial}")
        known = now
    print(kills)
    print(f"{kills.total()} kills, {kills.whole} ensembles, all {expected[:16]}; no member lost or doubled")
    shutil.rmtree(base if options.output else outer)


if __name__ == "__main__":
    sys.exit(main())
