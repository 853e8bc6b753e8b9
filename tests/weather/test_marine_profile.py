"""The marine wind profile: against COARE 3.5 of others, a plain reference, and the physics of its limits."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from testsite_kernels.numerics.constants import STANDARD_GRAVITY
from testsite_kernels.weather.marine_profile import Air, Layer, Measured, Spread, speed_ratios, surface_layer
from testsite_kernels.weather.stability import heat_stability, momentum_stability, stable_excess

from tests.reference import marine_profile as plain

ORACLE = json.loads((Path(__file__).parents[1] / "oracles" / "coare_35.json").read_text())
FIXED = ORACLE["fixed"]
SPEED, AIR, SEA, HUMIDITY = (
    np.array(ORACLE[name]) for name in ("speed", "air_temperature_degC", "sea_temperature_degC", "relative_humidity")
)
CORIOLIS = 1.14e-4


def ratios(speed, air, sea, *, heights, humidity=0.8, depth=0.15, spread=0.0, level=10.0, roughness=1.0):
    """Return the ratios of a few states, and 1/L."""
    speed, air, sea = (np.atleast_1d(np.array(v, float)) for v in np.broadcast_arrays(speed, air, sea))
    nodes, weights = (np.array([-spread, spread]), np.array([0.5, 0.5])) if spread else (np.zeros(1), np.ones(1))
    found, inverse = np.empty((speed.size, len(heights))), np.empty(speed.size)
    same = np.ones(speed.size)
    measured = Measured(speed, level, air, 2.0, humidity * same, sea, 1014.0 * same)
    layer, unknown = Layer(CORIOLIS, depth, roughness), Spread(nodes, weights)
    speed_ratios(measured, layer, unknown, np.array(heights, float), found, inverse)
    return found, inverse


def test_stability_functions_are_those_of_coare():
    zeta = np.array(ORACLE["zeta"])
    assert [momentum_stability(z) for z in zeta] == pytest.approx(ORACLE["psi_momentum"], rel=2e-4)
    assert [heat_stability(z) for z in zeta] == pytest.approx(ORACLE["psi_heat"], rel=2e-4)
    assert plain.momentum(zeta) == pytest.approx([momentum_stability(z) for z in zeta], rel=1e-12)
    assert plain.heat(zeta) == pytest.approx([heat_stability(z) for z in zeta], rel=1e-12)


def test_bulk_fluxes_are_those_of_coare_35():
    found = [
        surface_layer(
            Air(u, FIXED["height"], t, FIXED["temperature_height"], rh, s, FIXED["pressure_hpa"], FIXED["gravity"]), 1.0
        )
        for u, t, rh, s in zip(SPEED, AIR, HUMIDITY, SEA, strict=True)
    ]
    assert [each.friction for each in found] == pytest.approx(ORACLE["friction_velocity"], rel=2e-4)
    assert [each.roughness for each in found] == pytest.approx(ORACLE["roughness"], rel=2e-3)
    assert [each.inverse_length for each in found] == pytest.approx(1.0 / np.array(ORACLE["obukhov_length"]), rel=2e-3)


def test_kernel_equals_the_plain_reference():
    found, inverse = ratios(SPEED, AIR, SEA, heights=[1.0, 50.0, 100.0, 200.0])
    friction, z0, length = plain.surface(SPEED, AIR, SEA, 0.8, 10.0, 2.0, 1014.0, STANDARD_GRAVITY)
    assert inverse == pytest.approx(length, rel=1e-3)
    for k, height in enumerate((1.0, 50.0, 100.0, 200.0)):
        expected = plain.ratio(height, 10.0, friction, z0, length, CORIOLIS, 0.15)
        assert found[:, k] == pytest.approx(expected, rel=1e-4)


@settings(max_examples=200, deadline=None)
@given(st.floats(-9.0, 2.5), st.floats(0.0, 1.0))
def test_the_excess_of_stable_air_is_that_of_a_quadrature(exponent, share):
    """Aimed at ζ near 0, where the closed form cancels, and at d ζ = 1, where it begins."""
    top = 10.0**exponent
    zeta = max(share * top, 1e-12)
    found = -momentum_stability(zeta) - stable_excess(zeta) / top
    expected = float(plain.stable_term(np.array(zeta), np.array(1.0), np.array(top)))
    assert found == pytest.approx(expected, rel=1e-10, abs=1e-13)
    assert stable_excess(1.0 / 0.35 * (1 - 1e-15)) == pytest.approx(stable_excess(1.0 / 0.35 * (1 + 1e-15)), rel=1e-14)


def test_a_linear_function_of_stability_gives_the_factor_of_pena():
    """Near neutral φ_m is 1 + 5.2 ζ: the factor on its term is then 1 - z/(2 z_i)."""
    zeta, top = 1e-5, 1.6e-5
    found = -momentum_stability(zeta) - stable_excess(zeta) / top
    assert found == pytest.approx((0.7 + 0.75 * 6) * zeta * (1 - 0.5 * zeta / top), rel=1e-4)


def test_a_neutral_profile_is_logarithmic_with_a_shear_of_seven_to_ten_hundredths():
    found, inverse = ratios(9.0, 10.0 - 0.0196, 10.0, heights=[100.0], humidity=0.98)
    assert abs(float(inverse[0])) < 2e-3
    assert 0.07 < np.log10(found[0, 0]) < 0.10


@settings(max_examples=60, deadline=None)
@given(st.floats(4.0, 20.0), st.floats(2.0, 20.0), st.floats(-6.0, 0.0), st.floats(0.2, 1.0))
def test_less_unstable_air_shears_more(speed, sea, difference, step):
    """Aimed at the change to neutral; above, a shallow boundary layer takes the shear of the warmest air away again."""
    found, inverse = ratios(speed, [sea + difference - step, sea + difference], sea, heights=[60.0])
    assert inverse[1] >= inverse[0]
    assert found[1, 0] >= found[0, 0] - 1e-6


@settings(max_examples=60, deadline=None)
@given(st.floats(0.0, 35.0), st.floats(-2.0, 25.0), st.floats(-15.0, 15.0))
def test_a_profile_is_finite_and_nowhere_below_its_level_for_any_weather(speed, sea, difference):
    """Aimed at calms under warm air, where 1/L has no bound of its own."""
    found, inverse = ratios(speed, sea + difference, sea, heights=[10.0, 30.0, 100.0, 250.0])
    assert np.all(np.isfinite(found))
    assert np.isfinite(inverse[0])
    assert found[0, 0] == pytest.approx(1.0)
    assert np.all(np.diff(found[0]) > -1e-9)
    assert found[0, -1] < 4.0


def test_a_shallow_boundary_layer_limits_the_shear_of_warm_air():
    deep, _ = ratios(8.0, 13.0, 10.0, heights=[100.0], depth=1e6)
    shallow, _ = ratios(8.0, 13.0, 10.0, heights=[100.0], depth=0.15)
    cold, _ = ratios(8.0, 7.0, 10.0, heights=[100.0], depth=1e6)
    assert shallow[0, 0] < deep[0, 0]
    assert ratios(8.0, 7.0, 10.0, heights=[100.0], depth=0.15)[0] == pytest.approx(cold)


def test_a_spread_of_the_temperature_gives_the_mean_of_its_profiles():
    low, _ = ratios(8.0, 9.0, 10.0, heights=[90.0])
    high, _ = ratios(8.0, 11.0, 10.0, heights=[90.0])
    assert ratios(8.0, 10.0, 10.0, heights=[90.0], spread=1.0)[0] == pytest.approx(0.5 * (low + high))
