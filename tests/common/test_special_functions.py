"""Special functions of scipy without its package: the same, and a run that uses them imports no more."""

import os
import subprocess
import sys
from pathlib import Path

import scipy.special

import testsite_sim
from testsite_sim.common import special_functions

ROOT = Path(testsite_sim.__file__).resolve().parents[1]
PATHS = os.pathsep.join([str(ROOT), str(ROOT / "kernels")])
CODE = """
import sys
from testsite_sim.common.own_process import expect_plain_arrays, own_process
own_process()
expect_plain_arrays()
from testsite_sim.common.special_functions import ndtri
few = len([name for name in sys.modules if name.startswith("scipy.special")])
from scipy.special import logsumexp, ndtri as same
print(few < 10, same is ndtri, logsumexp([0.0, 0.0]) > 0.69)
"""


def test_they_are_those_of_scipy() -> None:
    names = [name for name, value in vars(special_functions).items() if callable(value) and hasattr(value, "nin")]
    assert len(names) == 7
    for name in names:
        assert getattr(special_functions, name) is getattr(scipy.special, name)


def test_a_run_imports_the_rest_only_when_it_is_asked_for() -> None:
    result = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, check=False, env={"PYTHONPATH": PATHS}
    )
    assert result.stdout == "True True True\n", result.stderr
