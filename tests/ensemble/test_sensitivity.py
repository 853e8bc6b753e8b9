"""The design of Saltelli, made at once, and the indices from it, are those of the library."""

import numpy as np
import pytest

from testsite_sim.ensemble.sensitivity import sobol_design, sobol_indices


@pytest.mark.parametrize("groups", [None, ["a", "b", "a", "c"]])
def test_the_design_is_that_of_salib(groups: list[str] | None) -> None:
    from SALib.sample import sobol

    names = ["w", "x", "y", "z"]
    problem = {"num_vars": 4, "names": names, "bounds": [[0.0, 1.0]] * 4} | ({"groups": groups} if groups else {})
    expected = sobol.sample(problem, 16, calc_second_order=False, seed=5)
    np.testing.assert_array_equal(sobol_design(names, 16, 5, groups), expected)


RAW = np.random.default_rng(3).normal(3e7, 1e6, 64 * 5)
OUTPUTS = {
    "varies": RAW,
    "of either kind": np.less(np.quantile(RAW, 0.99), RAW).astype(np.float64),
    "is constant but in one row": (np.arange(RAW.size) == 7).astype(np.float64),
    "is a rank": np.argsort(np.argsort(RAW)) / RAW.size,
    "does not vary in the base samples": np.where(np.arange(RAW.size) % 5 == 2, RAW, 3e7),
}


@pytest.mark.filterwarnings("ignore:Constant values encountered")
@pytest.mark.parametrize("output", OUTPUTS.values(), ids=list(OUTPUTS))
def test_the_indices_are_those_of_salib_to_the_bit(output: np.ndarray) -> None:
    from SALib.analyze import sobol

    names = ["x", "y", "z"]
    problem = {"num_vars": 3, "names": names, "bounds": [[0.0, 1.0]] * 3}
    expected = sobol.analyze(problem, output / np.ptp(output), calc_second_order=False, seed=11)
    for found, name in zip(sobol_indices(names, output, 11), ("S1", "S1_conf", "ST", "ST_conf"), strict=True):
        np.testing.assert_array_equal(found, np.asarray(expected[name]))


def test_an_output_that_does_not_vary_has_indices_of_zero() -> None:
    assert not np.any(sobol_indices(["x", "y"], np.full(16 * 4, 5.0), 1))
