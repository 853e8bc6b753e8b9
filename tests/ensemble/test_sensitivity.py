"""The design of Saltelli, made at once, is that of the library."""

import numpy as np
import pytest

from testsite_sim.ensemble.sensitivity import sobol_design


@pytest.mark.parametrize("groups", [None, ["a", "b", "a", "c"]])
def test_the_design_is_that_of_salib(groups: list[str] | None) -> None:
    from SALib.sample import sobol

    names = ["w", "x", "y", "z"]
    problem = {"num_vars": 4, "names": names, "bounds": [[0.0, 1.0]] * 4} | ({"groups": groups} if groups else {})
    expected = sobol.sample(problem, 16, calc_second_order=False, seed=5)
    np.testing.assert_array_equal(sobol_design(names, 16, 5, groups), expected)
