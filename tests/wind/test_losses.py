"""Losses multiply up from gross to net, and the uncertainty of the net adds by squares."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.wind import EnergyUncertainty
from testsite_sim.wind import energy_uncertainty, loss_budget

STATED = load_component("energy-uncertainty", "offshore", EnergyUncertainty)


@given(st.lists(st.floats(0.0, 0.9), min_size=1, max_size=10))
def test_the_terms_multiply_up_to_the_net(losses: list[float]) -> None:
    left = 1e15 * np.cumprod(1.0 - np.array(losses))
    found = loss_budget(1e15, [(f"term {k}", float(energy)) for k, energy in enumerate(left)])
    np.testing.assert_allclose(found["loss"], losses, atol=1e-9)
    net = found.attrs["gross"] * float(np.prod(1.0 - found["loss"].to_numpy()))
    assert net == pytest.approx(found.attrs["net"], rel=1e-12)


def test_a_farm_that_gives_nothing_loses_nothing() -> None:
    assert loss_budget(0.0, [("wakes", 0.0)])["loss"].to_numpy().tolist() == [0.0]


def test_components_add_by_squares_and_the_energy_exceeded_falls() -> None:
    found = energy_uncertainty(STATED, 1e15, 1.5, {"wakes": 0.1})
    parts = found["relative_uncertainty"]
    assert found.attrs["total"] == pytest.approx(float(np.sqrt((parts**2).sum())))
    assert float(parts.sel(component="wind measurement")) == pytest.approx(0.03 * 1.5)
    assert float(parts.sel(component="wake model")) == pytest.approx(0.25 * 0.1 / 0.9)
    exceeded = found["energy_exceeded"]
    assert float(exceeded.sel(percentile=50)) == pytest.approx(1e15)
    assert float(exceeded.sel(percentile=90)) == pytest.approx(1e15 * (1.0 - 1.281552 * found.attrs["total"]), rel=1e-6)
    without = energy_uncertainty(STATED, 1e15, 1.5, {})
    assert float(without["relative_uncertainty"].sel(component="wake model")) == 0.0
