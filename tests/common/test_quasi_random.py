"""Quasi-random points are scipy's, and a process of the program's own imports nothing else of its statistics."""

import subprocess
import sys

import numpy as np
import pytest

CODE = """
import sys
from testsite_sim.common.own_process import expect_plain_arrays, own_process
if {own}:
    own_process()
    expect_plain_arrays()
from testsite_sim.common.quasi_random import quasi_random
import numpy as np
found = [quasi_random().Sobol(3, rng=np.random.default_rng(1)).random(8)]
found.append(quasi_random().LatinHypercube(2, rng=np.random.default_rng(2)).random(5))
print("scipy.stats" in sys.modules, "scipy.spatial" in sys.modules)
from scipy.stats import norm, qmc
from scipy.spatial import Voronoi
import scipy.special
print(float(norm.cdf(0.0)), Voronoi is not None, float(scipy.special.gammainc(1.0, 1.0)) > 0.6)
print(qmc.discrepancy(found[0]) > 0.0, qmc.MultivariateNormalQMC([0.0], rng=np.random.default_rng(3)).random(2).shape)
print(repr([each.tolist() for each in found]))
"""


@pytest.mark.parametrize("own", [True, False])
def test_points_are_those_of_scipy_whatever_is_imported_of_it(own: bool) -> None:
    from scipy.stats import qmc

    done = subprocess.run([sys.executable, "-c", CODE.format(own=own)], capture_output=True, text=True, check=True)
    imported, others, engines, points = done.stdout.splitlines()
    assert imported == ("False False" if own else "True True")
    assert others == "0.5 True True"
    assert engines == "True (2, 1)"
    sobol, latin = eval(points, {"__builtins__": {}})
    np.testing.assert_array_equal(sobol, qmc.Sobol(3, rng=np.random.default_rng(1)).random(8))
    np.testing.assert_array_equal(latin, qmc.LatinHypercube(2, rng=np.random.default_rng(2)).random(5))
