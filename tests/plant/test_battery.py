"""Batteries: energy is conserved, ageing is that of Xu et al. (2018), nothing leaves its limits."""

import math

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from testsite_kernels.storage.battery import battery_series

from tests.reference import battery as reference
from testsite_sim.common.errors import DataError
from testsite_sim.configuration.battery import Battery
from testsite_sim.configuration.loading import load_component
from testsite_sim.plant.battery import kernel_battery, simulate_battery

HOUR, KWH = 3600.0, 3.6e6


def battery() -> Battery:
    return load_component("battery", "lithium-ion-1mwh", Battery)


def run(plant: Battery, requested, step=HOUR) -> np.ndarray:
    set_points = np.asarray(requested, float)
    flows = np.empty((set_points.size, 5))
    battery_series(kernel_battery(plant), float(plant.initial_level * plant.capacity), step, set_points, flows)
    return flows


set_points = st.lists(st.floats(-8e5, 8e5) | st.sampled_from([0.0, 5e5, -5e5]), min_size=2, max_size=120)


@settings(deadline=None, max_examples=60)
@given(set_points, st.sampled_from([600.0, 900.0, 3600.0]))
def test_energy_is_conserved_and_nothing_leaves_its_limits(requested: list[float], step: float) -> None:
    plant = battery()
    charge, discharge, loss, content, lost = run(plant, requested, step).T
    before = np.concatenate([[0.5e3 * KWH], content[:-1]])
    residual = before + (charge - discharge - loss) * step - content
    assert np.max(np.abs(residual)) <= 1e-9 * 1e3 * KWH
    assert np.all(loss >= -1e-9)
    assert np.all((charge == 0.0) | (discharge == 0.0))
    assert np.all(np.concatenate([charge, discharge]) <= plant.power * (1.0 + 1e-12))
    assert np.all(content <= 0.9e3 * KWH * (1.0 + 1e-9))
    assert np.all(content >= 0.1e3 * KWH * (1.0 - lost) * (1.0 - 1e-9))
    assert np.all(np.diff(lost) >= 0.0)  # ageing never heals


@settings(deadline=None, max_examples=30)
@given(set_points)
def test_flows_are_those_of_the_plain_reference_while_the_battery_is_new(requested: list[float]) -> None:
    plant = battery()
    young = plant.model_copy(
        update={"ageing": plant.ageing.model_copy(update={"calendar": 0.0, "alpha": 0.0, "k_delta1": 1e30})}
    )
    np.testing.assert_allclose(
        run(young, requested)[:, [0, 1, 3]], reference.run(plant, requested, HOUR), rtol=1e-9, atol=1e-3
    )


def test_the_ageing_is_that_of_the_whole_series_counted_afresh() -> None:
    plant = battery()
    rng = np.random.default_rng(3)
    requested = np.concatenate([rng.normal(0.0, 4e5, 2000), np.resize([5e5, -5e5], 2000)])
    flows = run(plant, requested)
    states = flows[:, 3] / (plant.capacity * (1.0 - np.concatenate([[0.0], flows[:-1, 4]])))
    f = reference.ageing_function(plant, states.tolist(), HOUR)
    # The reference counts the residue, which the kernel leaves open: a few half cycles of thousands.
    assert flows[-1, 4] == pytest.approx(reference.lost(plant, f), rel=5e-3)


def test_a_battery_that_rests_ages_by_time_alone() -> None:
    flows = run(battery(), np.zeros(8760))
    # The content stays, the capacity shrinks: the state of charge rises a little from 0.5.
    state = 0.5 / (1.0 - np.concatenate([[0.0], flows[:-1, 4]]))
    f = 4.14e-10 * HOUR * np.exp(1.04 * (state - 0.5)).sum()
    assert flows[-1, 4] == pytest.approx(1 - 0.0575 * math.exp(-121 * f) - 0.9425 * math.exp(-f), rel=1e-9)


def test_deep_cycles_age_more_than_shallow_ones_of_the_same_throughput() -> None:
    plant = battery()
    deep = run(plant, np.resize([*[5e5] * 2, *[-5e5] * 2], 4000))[-1, 4]
    shallow = run(plant, np.resize([1e5, -1e5, 1e5, -1e5], 20_000))[-1, 4] - run(plant, np.zeros(20_000))[-1, 4]
    assert deep - run(plant, np.zeros(4000))[-1, 4] > 2.0 * shallow


def test_a_round_trip_returns_the_product_of_both_efficiencies() -> None:
    flows = run(battery(), [2e5, -2e5, -2e5, -2e5, 2e5] * 3)
    charge, discharge, content = flows[:, 0].sum(), flows[:, 1].sum(), flows[:, 3]
    stored = (content[-1] - 0.5e3 * KWH) / HOUR
    assert discharge / 0.95 + stored == pytest.approx(charge * 0.95, rel=1e-9)


def test_a_worn_battery_is_replaced_and_its_content_kept() -> None:
    plant = battery()
    found = simulate_battery(_series(np.resize([4e5, -4e5], 60_000)), plant)
    assert found.attrs["replacements"] >= 1
    jumps = np.flatnonzero(np.diff(found["capacity_lost"]) < 0.0)
    assert jumps.size == found.attrs["replacements"]
    assert float(found["capacity_lost"].max()) < 0.2


def _series(values) -> xr.DataArray:
    time = np.datetime64("2023-01-01", "ns") + np.arange(len(values)) * np.timedelta64(1, "h")
    return xr.DataArray(np.asarray(values, float), dims="time", coords={"time": time})


def test_a_set_point_that_is_no_number_is_refused() -> None:
    with pytest.raises(DataError, match="no number"):
        simulate_battery(_series([1e5, math.nan]), battery())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"initial_level": 0.05}, "must stand in this order"),
        ({"charging_efficiency": 0.0}, "must lie above 0"),
        ({"charging_efficiency": 1.2}, "at most 1"),
        ({"capacity": "500 kW"}, "expected an energy"),
        ({"ageing": {"k_delta3": -2e5}}, "a healing"),
        ({"ageing": {"cell_temperature": "25 K"}}, "outside 233.15"),
    ],
)
def test_an_impossible_battery_is_refused(changes: dict, words: str) -> None:
    written = battery().model_dump(mode="json")
    for key, value in changes.items():
        written[key] = {**written[key], **value} if isinstance(value, dict) else value
    with pytest.raises(ValueError, match=words):
        Battery.model_validate(written)
