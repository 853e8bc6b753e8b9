"""Kill a run again and again: its directory is whole or not there, and the next run removes what was left.

    PYTHONPATH=.:kernels python -m tools.chaos_run [--kills 200] [--seed 0] [-o FOLDER]

Half of the kills come at any moment, half once the unfinished directory is there: results, figures, report, and its way
into its place. Every process of the run is sent SIGKILL, or its first one alone, whose copies must end with it.
Stopped and begun again with the same folder, it goes on: `--kills` are those of all starts.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from tests.ensemble.small import SHORT
from testsite_sim.cli import main as run_program
from tools.chaos_ensemble import LONGEST, digest
from tools.kills import Kills
from tools.processes import PAUSE, ended

AT_ANY_MOMENT, WHILE_WRITTEN = "at any moment", "while the directory is written"
COMMAND = ("run", "flanders-wind-farm/test-site", *(each for key in SHORT for each in ("--set", key)))


def begin(folder: Path) -> int:
    """Start a run in a process of its own, the first of its group, and return its number."""
    number = os.fork()
    if number:
        return number
    code = 1
    try:
        os.setpgid(0, 0)
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        run_program([*COMMAND, "-o", str(folder)])
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    finally:
        os._exit(code)


def copies_end(group: int) -> bool:
    """Return whether the processes of a group whose first one was killed have ended, given some time."""
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(PAUSE)
    return False


def main() -> None:
    """Kill, look, go on; exit with 1 at the first directory that is neither whole nor absent."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    outer = (options.output or Path(tempfile.mkdtemp())).resolve()
    base = outer / "work"
    shutil.rmtree(base, ignore_errors=True)  # what was going on when this was stopped
    base.mkdir(parents=True)
    run_program([*COMMAND, "-o", str(base / "first")])  # what it has imported and loaded, the others have as well
    shutil.rmtree(base / "first")
    kills = Kills(outer)
    target, generator = base / "run", np.random.default_rng((options.seed, kills.total()))
    began = time.monotonic()
    if ended(begin(target), LONGEST) != 0:
        raise SystemExit("the unbroken run failed")
    took, expected = time.monotonic() - began, digest(target)
    shutil.rmtree(target)
    print(f"unbroken: {took:.1f} s, {expected[:16]}", flush=True)
    while kills.total() < options.kills:
        kind = (AT_ANY_MOMENT, WHILE_WRITTEN)[int(generator.integers(2))]
        before = set(base.glob(".*.partial"))
        process, code = begin(target), None
        if kind == WHILE_WRITTEN:
            while code is None and before.issuperset(base.glob(".*.partial")):
                code = ended(process, PAUSE)
        if code is None:
            code = ended(process, float(generator.uniform(0.0, took * (1.0 if kind == AT_ANY_MOMENT else 0.5))))
        if code is None:
            (os.killpg if generator.integers(2) else os.kill)(process, signal.SIGKILL)
            kills.add(kind)
            code = ended(process, LONGEST)
        if code not in (0, -signal.SIGKILL):
            raise SystemExit(f"a run ended with {code}; see {base}")
        if not copies_end(process):
            raise SystemExit(f"copies of process {process} outlive it")
        left = [path.name for path in base.iterdir() if path != target]
        if len(left) > 1 or (code == 0 and left):
            raise SystemExit(f"{left} is left in {base}")
        if target.exists():
            if digest(target) != expected:
                raise SystemExit(f"{target} is not as the unbroken run")
            kills.add_whole()
            shutil.rmtree(target)
        if kills.total() % 5 == 0:
            print(f"{kills.total()} kills, {kills.whole} directories whole", flush=True)
    if ended(begin(target), LONGEST) != 0 or digest(target) != expected or [*base.iterdir()] != [target]:
        raise SystemExit(f"the last run did not end as the unbroken one, or left something; see {base}")
    print(kills)
    print(
        f"{kills.total()} kills, {kills.whole} directories whole, all {expected[:16]}; the others absent; nothing left"
    )
    shutil.rmtree(base if options.output else outer)


if __name__ == "__main__":
    sys.exit(main())
