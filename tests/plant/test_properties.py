"""Real-gas properties against the equation of state that they were tabulated from."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.interpolate import CubicSpline
from testsite_kernels.numerics.compile_options import kernel
from testsite_kernels.storage.properties import isotherm_density, isotherm_pressure

from tests.reference.compression import coolprop
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.plant.properties import (
    hydrogen_density,
    hydrogen_pressure,
    hydrogen_properties,
    isotherms_at,
    spline_slopes,
)

ORACLE = json.loads((Path(__file__).parents[1] / "oracles" / "hydrogen_compression.json").read_text(encoding="utf-8"))


def points(count=2000):
    rng = np.random.default_rng(3)
    return np.exp(rng.uniform(np.log(1e5), np.log(1000e5), count)), rng.uniform(230.0, 840.0, count)


def test_density_enthalpy_and_entropy_are_those_of_the_equation_of_state() -> None:
    pressure, temperature = points()
    density, enthalpy, entropy = hydrogen_properties(pressure, temperature)
    np.testing.assert_allclose(density, coolprop("D", "P", pressure, "T", temperature), rtol=1e-6)
    np.testing.assert_allclose(enthalpy, coolprop("H", "P", pressure, "T", temperature), rtol=0, atol=5.0)
    np.testing.assert_allclose(entropy, coolprop("S", "P", pressure, "T", temperature), rtol=0, atol=0.01)


def test_pressure_is_the_inverse_of_density() -> None:
    pressure, temperature = points()
    density = hydrogen_density(pressure, temperature)
    inside = density < 60.0
    np.testing.assert_allclose(hydrogen_pressure(density, temperature)[inside], pressure[inside], rtol=2e-6)


@pytest.mark.parametrize("row", ORACLE["density_kg_m3"], ids=lambda row: f"{row['p_bar']} bar, {row['T_K']} K")
def test_densities_of_the_oracle(row: dict[str, float]) -> None:
    assert hydrogen_density(row["p_bar"] * 1e5, row["T_K"]) == pytest.approx(row["rho"], abs=5.1e-6, rel=1.3e-6)


def test_full_tanks_hold_what_the_fuelling_standard_says() -> None:
    assert hydrogen_density([350e5, 700e5], 288.15) == pytest.approx([24.0, 40.2], rel=2e-3)  # SAE J2601


def test_density_rises_with_pressure_and_falls_with_temperature() -> None:
    pressure, temperature = np.geomspace(1e5, 1000e5, 800), np.linspace(230.0, 840.0, 400)
    density = hydrogen_density(pressure[:, None], temperature[None, :])
    assert np.all(np.diff(density, axis=0) > 0.0)
    assert np.all(np.diff(density, axis=1) < 0.0)


def test_isotherms_are_the_table_at_one_temperature() -> None:
    @kernel
    def both(isotherms, k, densities, pressures, back):
        for n in range(densities.size):
            pressures[n] = isotherm_pressure(isotherms, k, densities[n])
            back[n] = isotherm_density(isotherms, k, pressures[n])

    density = np.linspace(0.05, 55.0, 300)
    for k, temperature in enumerate((250.0, 288.15, 333.15)):
        found, back = np.empty(density.size), np.empty(density.size)
        both(isotherms_at([250.0, 288.15, 333.15]), k, density, found, back)
        np.testing.assert_allclose(found, hydrogen_pressure(density, temperature), rtol=1e-12)
        np.testing.assert_allclose(back, density, rtol=1e-11)


@pytest.mark.parametrize(("pressure", "temperature"), [(350.0, 288.15), (2000e5, 288.15), (1e6, 15.0), (np.nan, 300.0)])
def test_points_outside_the_table_are_refused(pressure: float, temperature: float) -> None:
    with pytest.raises(ConfigurationError, match="expected"):
        hydrogen_properties(pressure, temperature)


@pytest.mark.parametrize("axis", [0, 1])
def test_slopes_are_those_of_the_splines_of_scipy_to_the_last_bit(axis: int) -> None:
    values = np.random.default_rng(1).normal(size=(5, 40) if axis else (40, 5)) ** 3
    nodes = np.arange(40)
    expected = CubicSpline(nodes, values, axis=axis)(nodes, 1)
    np.testing.assert_array_equal(spline_slopes(values, axis), expected)
