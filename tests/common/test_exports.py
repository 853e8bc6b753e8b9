"""What a step exports is there when it is asked for, and costs nothing before."""

import doctest
import os
import pkgutil
import subprocess
import sys
from importlib import import_module

import pytest

from testsite_sim.common import exports

STEPS = ("weather", "operations", "wind", "dispatch", "economics", "ensemble")
LAZY = ("weather", "wind", "economics", "ensemble")


@pytest.mark.parametrize("name", STEPS)
def test_every_public_name_of_a_step_is_there_and_described(name: str) -> None:
    step = import_module(f"testsite_sim.{name}")
    assert step.__doc__ is not None
    assert len(step.__doc__.strip().splitlines()) >= 5
    assert step.__all__ == sorted(step.__all__, key=lambda each: (not each.isupper(), not each[0].isupper(), each))
    for each in step.__all__:
        assert getattr(step, each) is not None
        assert each in dir(step)


@pytest.mark.parametrize("name", LAZY)
def test_no_module_of_a_step_stands_for_a_public_name_of_it(name: str) -> None:
    step = import_module(f"testsite_sim.{name}")
    assert not {module.name for module in pkgutil.iter_modules(step.__path__)} & set(step.__all__)


def test_steps_are_imported_without_what_their_functions_need() -> None:
    code = "".join(f"import testsite_sim.{name}\n" for name in LAZY)
    code += "import sys\nassert not {'numba', 'xarray', 'pandas', 'scipy', 'numpy'} & set(sys.modules)\n"
    own = {**os.environ, "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=own, check=False)
    assert done.returncode == 0, done.stderr


def test_a_name_that_is_not_exported_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match=r"module 'testsite_sim\.economics' has no attribute 'levelized_cost'"):
        _ = import_module("testsite_sim.economics").levelized_cost
    assert doctest.testmod(exports).failed == 0
