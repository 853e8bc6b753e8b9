"""Underperformance, soiling and ice act on the curve below rated power, and take nothing at rated power."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.turbine import TurbineConfiguration
from testsite_sim.wind import Farm, Turbine, build_turbine
from testsite_sim.wind.curve_losses import after_curve_losses, degraded_power, rising_part

V164 = build_turbine(load_component("turbine", "vestas-v164-8.4", TurbineConfiguration))
NREL = build_turbine(load_component("turbine", "nrel-5mw", TurbineConfiguration))
CUBE = Turbine(
    "cube", 100.0, 90.0, np.linspace(3.0, 12.0, 400), 3e6 * (np.linspace(3.0, 12.0, 400) / 12.0) ** 3, np.full(400, 0.8)
)


@settings(deadline=None)
@given(loss=st.floats(0.0, 0.3), share=st.floats(0.05, 0.999))
def test_a_rotor_of_constant_power_coefficient_loses_its_share_below_rated(loss: float, share: float) -> None:
    left = degraded_power(CUBE, loss, np.array([share * 3e6]))[0]
    assert left == pytest.approx(share * 3e6 * (1.0 - loss), rel=2e-4)


@settings(deadline=None)
@given(loss=st.floats(0.0, 0.3), at=st.floats(3.0, 30.0))
def test_what_is_left_is_the_power_of_a_weaker_wind_and_all_of_rated_power(loss: float, at: float) -> None:
    speed, power = rising_part(V164)
    given_power = np.interp(at, speed, power)
    left = degraded_power(V164, loss, np.array([given_power]))[0]
    if given_power >= power[-1] * (1.0 - 1e-9):
        assert left == given_power
    else:
        expected = np.interp(at * np.cbrt(1.0 - loss), speed, power)
        assert left == pytest.approx(min(expected, given_power), rel=1e-6, abs=1.0)


@pytest.mark.parametrize("losses", [{"performance": 0.015}, {"performance": 0.02, "environmental": 0.01}])
def test_the_kernel_agrees_with_a_plain_reference_turbine_by_turbine(losses: dict[str, float]) -> None:
    farm = Farm([0.0, 1e3, 2e3], [0.0, 0.0, 0.0], [V164, NREL, V164], farms=["a", "b", "b"])
    random = np.random.default_rng(4)
    power = random.uniform(-0.01, 1.05, (500, 3)) * farm.per_turbine("rated_power")
    power = np.minimum(power, [float(np.max(turbine.power)) for turbine in farm.turbines])
    share = xr.DataArray(random.uniform(0.0, 1.0, (500, 3)), dims=("time", "turbine"))
    found = after_curve_losses(farm, power, share, losses, ("a", "b"))
    left, all_lost = power, 1.0
    for n, loss in enumerate(losses.values()):
        all_lost *= 1.0 - loss
        columns = [degraded_power(turbine, 1.0 - all_lost, power[:, k]) for k, turbine in enumerate(farm.turbines)]
        left = np.where(power > 0.0, np.stack(columns, axis=1), power)
        np.testing.assert_allclose(found.total[:, n + 1], (left * share.to_numpy()).sum(axis=1), rtol=2e-6)
    np.testing.assert_allclose(found.total[:, 0], (power * share.to_numpy()).sum(axis=1), rtol=1e-12)
    np.testing.assert_allclose(found.by_group.sum(axis=1), found.total[:, -1], rtol=1e-12)
    np.testing.assert_allclose(found.by_group[:, 0], left[:, 0] * share.to_numpy()[:, 0], rtol=1e-5, atol=1.0)


def test_standby_power_is_none_of_the_losses() -> None:
    farm = Farm([0.0], [0.0], V164)
    found = after_curve_losses(farm, np.array([[-5e4]]), xr.DataArray(1.0), {"performance": 0.2})
    assert found.total.tolist() == [[-5e4, -5e4]]


def test_no_loss_changes_nothing() -> None:
    farm = Farm([0.0], [0.0], V164)
    power = np.linspace(0.0, 8.4e6, 300)[:, None]
    found = after_curve_losses(farm, power, xr.DataArray(1.0), {"performance": 0.0, "environmental": 0.0})
    np.testing.assert_allclose(found.total, np.repeat(power, 3, axis=1), rtol=1e-12, atol=1e-6)


@settings(deadline=None, max_examples=40)
@given(first=st.floats(0.0, 0.5), second=st.floats(0.0, 1.0))
def test_at_every_point_of_a_curve_and_one_number_off_it_the_row_is_the_right_one(first: float, second: float) -> None:
    """The edges of the search: points of the curve, standby, calm, rated power, and bins that hold several points."""
    standby = Turbine("standby", 100.0, 90.0, [2.0, 3.0, 12.0, 25.0], [-5e4, 2e4, 3e6, 3e6], [0.1, 0.8, 0.8, 0.1])
    losses = {"performance": first, "environmental": second}
    for turbine in (V164, NREL, standby):
        points = np.unique(np.asarray(turbine.power, np.float64))
        edges = np.concatenate([points, np.nextafter(points, -np.inf), np.nextafter(points[:-1], np.inf)])
        power = np.concatenate([edges, [0.0, -1e3, 1.0], np.linspace(0.0, points[-1], 200)])
        found = after_curve_losses(Farm([0.0], [0.0], turbine), power[:, None], xr.DataArray(1.0), losses).total
        np.testing.assert_array_equal(found[:, 0], power)
        whole = 1.0 - np.cumprod([1.0 - first, 1.0 - second])
        for n, loss in enumerate(whole):
            expected = np.where(power > 0.0, degraded_power(turbine, loss, power), power)
            np.testing.assert_allclose(found[:, n + 1], expected, rtol=1e-9, atol=1e-9 * points[-1])
