"""Requests for memory that are refused within the solver: what it reports of them is an error, and no other plan."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.inject_faults import preloaded

ROOT = Path(__file__).resolve().parents[2]
TRIED = 24  # of the requests of a solution, evenly
SOLVE = """
import os, sys
import numpy as np
from testsite_sim.dispatch.program import Program
from tools.inject_faults import Faults, KINDS

def solved():
    generator = np.random.default_rng(0)
    program = Program()
    steps = 400
    power = program.add(steps, 0.0, 10.0, generator.normal(0.0, 1.0, steps))
    runs = program.add(steps, 0.0, 1.0, -2.0, integer=True)
    stored = program.add(steps, 0.0, 40.0)
    program.require(steps, [(power, 1.0), (runs, -10.0)], -np.inf, 0.0)
    program.require(steps, [(power, 1.0), (runs, -2.0)], 0.0, np.inf)
    used = generator.uniform(0.0, 6.0, steps)
    program.require_change(stored, [(stored, 1.0), (power, -1.0)], -used, -used * 0.5)
    return program.solve(20)

faults, kind = Faults(), KINDS["memory"][0]
expected = solved()
faults.arm(len(KINDS) + 1, 0, 0, "")
solved()
calls = faults.counts()["memory"]
numbers = sorted({round(1 + k * (calls - 1) / (TRIED - 1)) for k in range(TRIED)})
found = []
for number in numbers:
    process = os.fork()
    if not process:
        faults.arm(kind, number, 12, "")
        try:
            again = solved()
            code = 0 if again is not None and again[1:] == expected[1:] and (again[0] == expected[0]).all() else 1
        except MemoryError:
            code = 2
        except BaseException as error:
            print(repr(error), flush=True)
            code = 3
        os._exit(code)
    found.append(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))
print(calls, expected[1:], *found)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux" or shutil.which("gcc") is None, reason="the faults want Linux and gcc")
def test_memory_that_is_refused_within_the_solver_is_an_error(tmp_path: Path) -> None:
    with preloaded(tmp_path) as environment:
        environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "kernels")])
        command = [sys.executable, "-c", f"TRIED = {TRIED}\n{SOLVE}"]
        done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    codes = done.stdout.splitlines()[-1].split()[3:]
    # HiGHS 1.16 reports 893 of its 995 requests and does without 47; of 49 it reports nothing, 6 end it (the page of
    # reliability says so). Taken for plans, what it reports would leave a twentieth.
    assert len(codes) == TRIED, done.stdout
    assert "3" not in codes, done.stdout
    assert sum(code in ("0", "2") for code in codes) >= 0.75 * TRIED, done.stdout
    assert codes.count("2") >= 0.5 * TRIED, done.stdout
