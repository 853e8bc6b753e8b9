"""Kernels of the electrolysis plant against the plain reference, and what their tables cost in accuracy."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from testsite_kernels.electrolysis.ageing import Ageing, voltage_rise
from testsite_kernels.electrolysis.stack import STARTS, current_at
from testsite_kernels.electrolysis.stacks import electrolysis_series

from tests.plant.electrolysers import plant
from tests.reference import electrolysis as reference
from tests.reference import rainflow
from testsite_sim.common.units import HOUR

PEM = plant("pem-10mw")
ALKALINE = plant("alkaline-9mw")
NO_LIMIT = np.inf


def run(one, step, power, most=None):
    """Return flows, modes, series (power, current, temperature, rise) and the final state."""
    state, flows = one.new_stacks(), np.empty((power.size, 7))
    modes, series = np.empty((power.size, one.stacks), np.int8), np.empty((4, power.size, one.stacks))
    limit = np.full(power.size, NO_LIMIT) if most is None else most
    kernel = one.kernel_plant(step)
    electrolysis_series(kernel, state, np.arange(one.stacks), power, limit, flows, modes, series)
    return flows, modes, series, state


def wave(n, seed=3):
    """Return loads between 0 and 1 that wander and fall to zero now and then."""
    noise = np.random.default_rng(seed).normal(size=n + 40)
    return np.clip(np.convolve(noise, np.exp(-np.arange(40) / 8), "same")[:n] * 0.25 + 0.45, 0.0, 1.0)


@pytest.mark.parametrize("step", [HOUR, 900.0])
def test_a_stack_does_what_the_reference_says(step):
    """Hydrogen to 2e-4, the error of the tables and of one mean temperature per interval; temperature to 0.02 K."""
    single = plant("pem-10mw", stacks=1, sharing="equal", rotation_period=None, ramp_up=None, standby=None)
    power = wave(160) * 1e6
    _, _, series, _ = run(single, step, power)
    flows = run(single, step, power)[0]
    made, temperature, rise = reference.Plant(single, step).run(power)
    np.testing.assert_allclose(flows[:, 1], made, rtol=2e-4, atol=1e-9)
    assert flows[:, 1].sum() == pytest.approx(made.sum(), rel=3e-5)
    np.testing.assert_allclose(series[2, :, 0], temperature, atol=0.02)
    np.testing.assert_allclose(series[3, :, 0], rise, rtol=1e-4, atol=1e-9)


@pytest.mark.parametrize("one", [PEM, ALKALINE], ids=["pem", "alkaline"])
def test_the_tables_are_exact_to_two_hundred_thousandths(one):
    """Current at every load, temperature and age compared with the exact root of i (V + d) = p."""
    kernel, cell = one.kernel_plant(HOUR), one.cell
    first = float(one.tables.temperature[0])
    axes = np.geomspace(0.04, 1.0, 60) * one.tables.density[-1], np.linspace(first, cell.operating_temperature, 7)
    density, temperature, rise = np.meshgrid(*axes, [0.0, 0.05, one.end_of_life])
    exact = cell.current_at(density, temperature, rise)
    found = [current_at(kernel, *point) for point in zip(density.flat, temperature.flat, rise.flat, strict=True)]
    error = np.abs(np.reshape(found, exact.shape) / exact - 1.0)
    assert error[..., 0].max() < 2e-5
    assert error.max() < 3e-5


@settings(deadline=None)
@given(st.lists(st.one_of(st.just(0.0), st.floats(1.4, 2.2)), min_size=1, max_size=60))
def test_half_the_way_of_the_voltage_is_the_rainflow_sum(voltages):
    rates = Ageing(1e-10, 3e-7, 1.5e-4, np.inf)
    rise = np.empty((len(voltages), 3))
    voltage_rise(rates, np.array(voltages), 3600.0, rise)
    running = [v for v in voltages if v > 0.0]
    counted = sum(size * count for size, _, count in rainflow.count(running))
    assert rise[-1, 1] == pytest.approx(3e-7 * counted, rel=1e-9, abs=1e-20)
    assert rise[-1, 0] == pytest.approx(1e-10 * sum(running) * 3600.0, rel=1e-12)
    stops = sum(a > 0.0 and b == 0.0 for a, b in pairwise(voltages))
    assert rise[-1, 2] == pytest.approx(1.5e-4 * stops)


def test_a_start_from_cold_takes_its_time_and_its_power_whatever_the_step():
    slow = plant(
        "pem-10mw",
        stacks=1,
        sharing="equal",
        rotation_period=None,
        thermal=None,
        ramp_up=None,
        standby=None,
        ageing=None,
        start={"cold_time": "50 min", "hot_time": "1 min", "power": 0.03},
    )
    made = []
    for step in (3600.0, 1200.0, 600.0, 300.0):
        flows, modes, _, state = run(slow, step, np.full(int(2 * HOUR / step), 5e5))
        made.append(flows[:, 1].sum() * step)
        energy = flows[:, 0].sum() * step
        assert energy == pytest.approx(0.03e6 * 3000.0 + 5e5 * 4200.0, rel=1e-12)
        assert state[0, STARTS] == 1
        assert modes[0, 0] == (3 if step == HOUR else 1)
    np.testing.assert_allclose(made, made[0], rtol=1e-12)


def test_a_stack_stands_hot_as_long_as_it_may_and_starts_quickly_from_there():
    hot = plant(
        "alkaline-9mw",
        stacks=1,
        sharing="equal",
        rotation_period=None,
        ramp_up=None,
        ramp_down=None,
        standby={"power": 0.02, "longest": "2 hour"},
    )
    power = np.concatenate([[2e6], [1e5] * 4, [2e6], [1e5, 2e6]])
    flows, modes, _, _ = run(hot, HOUR, power)
    np.testing.assert_array_equal(modes[:, 0], [3, 2, 2, 0, 0, 3, 2, 3])
    np.testing.assert_allclose(flows[[1, 2, 3], 0], [6e4, 6e4, 0.0])
    # 20 minutes from cold at 5 % of 3 MW, one minute from hot.
    assert flows[5, 0] == pytest.approx((40 * 2e6 + 20 * 1.5e5) / 60)
    assert flows[7, 0] == pytest.approx((59 * 2e6 + 1.5e5) / 60)


def test_power_rises_and_falls_within_the_ramps_and_a_faster_fall_trips():
    slow = plant(
        "pem-10mw",
        stacks=1,
        sharing="equal",
        rotation_period=None,
        ramp_up="0.001 1/s",
        ramp_down="0.001 1/s",
        start={"cold_time": "0 s", "hot_time": "0 s", "power": 0.02},
        standby=None,
    )
    power = np.array([1e6] * 12 + [0.95e6, 0.9e6, 0.5e6, 0.5e6])
    flows, modes, _, _ = run(slow, 100.0, power)
    np.testing.assert_allclose(flows[:10, 0], np.arange(1, 11) * 1e5, rtol=1e-12)
    np.testing.assert_array_equal(modes[12:, 0], [3, 3, 0, 3])
    assert flows[15, 0] == pytest.approx(1e5)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.sampled_from(["equal", "sequential", "rotating", "best-efficiency"]))
def test_power_and_hydrogen_are_balanced_and_within_their_limits(seed, sharing):
    rng = np.random.default_rng(seed)
    one = SHARINGS[sharing]
    power = rng.choice([0.0, 1.0], 200, p=[0.2, 0.8]) * rng.random(200) * 1.3 * one.capacity
    most = np.where(rng.random(200) < 0.5, np.inf, rng.random(200) * 0.06)
    flows, modes, series, state = run(one, HOUR, power, most)
    heating = 285830.0 / 2.01588e-3
    gone = flows[:, 1] * heating + flows[:, 2:].sum(axis=1)
    np.testing.assert_allclose(gone, flows[:, 0], rtol=1e-9, atol=1e-3)
    assert np.all(flows[:, 0] <= np.minimum(power, one.capacity) * (1 + 1e-9))
    assert np.all(flows[:, 1] <= most * (1 + 1e-12))
    assert np.all(flows[:, [0, 1, 2, 5, 6]] >= -1e-9)
    # Faraday: all current makes hydrogen at most.
    faraday = series[1].sum(axis=1) * one.tables.area * 2.01588e-3 / (2 * 96485.33212331)
    assert np.all(flows[:, 1] <= faraday * (1 + 1e-12) + 1e-15)
    producing = modes == 3
    assert np.all((series[1] > 0.0) == producing)
    rise = series[3]
    renewed = np.diff(rise, axis=0) < 0.0
    assert np.all(rise[1:][renewed] == 0.0)  # ageing heals by replacement only
    assert np.all(rise < one.end_of_life)
    assert np.all(series[2] <= one.cell.operating_temperature)
    assert state[:, 11].sum() >= (producing[1:] & ~producing[:-1]).sum()


SHARINGS = {
    name: plant(
        "pem-10mw",
        sharing=name,
        stacks=4,
        rotation_period=None if name in ("equal", "sequential") else "24 hour",
        ageing={"steady": "1e-8 1/s"},
    )
    for name in ("equal", "sequential", "rotating", "best-efficiency")
}


def test_the_order_of_the_stacks_does_not_matter_under_equal_sharing():
    one = SHARINGS["equal"]
    power = wave(300) * one.capacity
    worn = one.new_stacks()
    worn[:, 5] = [0.05, 0.0, 0.1, 0.02]
    made = []
    for order in ([0, 1, 2, 3], [3, 1, 0, 2]):
        state = worn[order].copy()
        flows, modes = np.empty((300, 7)), np.empty((300, 4), np.int8)
        electrolysis_series(
            one.kernel_plant(HOUR),
            state,
            np.arange(4),
            power,
            np.full(300, np.inf),
            flows,
            modes,
            np.empty((4, 300, 4)),
        )
        made.append((flows[:, 1], state[np.argsort(order)]))
    np.testing.assert_allclose(made[0][0], made[1][0], rtol=1e-13)
    np.testing.assert_array_equal(made[0][1], made[1][1])


def test_sequential_sharing_calls_one_after_the_other():
    one = SHARINGS["sequential"]
    flows, _, series, _ = run(one, HOUR, np.array([2.5e6] * 3))
    np.testing.assert_allclose(series[0, -1], [1e6, 1e6, 5e5, 0.0])
    # The rest of 0.02 MW is less than a stack runs on: the one before spares it.
    _, _, series, _ = run(one, HOUR, np.array([2.02e6] * 3))
    np.testing.assert_allclose(series[0, -1], [1e6, 0.97e6, 5e4, 0.0])
    assert flows[-1, 0] == pytest.approx(2.5e6)


def test_rotation_evens_out_the_wear():
    power = wave(2000, 5) * 4e6
    spread = {}
    for name in ("sequential", "rotating"):
        _, _, series, _ = run(SHARINGS[name], HOUR, power)
        spread[name] = np.ptp(series[0].sum(axis=0)) / series[0].sum()
    assert spread["rotating"] < 0.2 * spread["sequential"]


@settings(deadline=None, max_examples=30)
@given(st.floats(0.02, 1.0))
def test_best_efficiency_makes_at_least_as_much_as_any_number_of_stacks(load):
    """New, warm stacks at work; the last of four intervals of a day."""
    made = {}
    for name, one in SHARINGS.items():
        kernel = one.kernel_plant(6 * HOUR)._replace(ageing=Ageing(0.0, 0.0, 0.0, np.inf))
        flows = np.empty((40, 7))
        electrolysis_series(
            kernel,
            one.new_stacks(),
            np.arange(4),
            np.full(40, load * 4e6),
            np.full(40, np.inf),
            flows,
            np.empty((40, 4), np.int8),
            np.empty((4, 40, 4)),
        )
        made[name] = flows[-1, 1]
    assert made["best-efficiency"] >= made["equal"] * (1 - 1e-3)
    assert made["best-efficiency"] >= made["sequential"] * (1 - 1e-3)


def test_hydrogen_that_nobody_takes_is_not_made():
    flows, modes, _, _ = run(SHARINGS["equal"], HOUR, np.full(5, 4e6), np.array([np.inf, 0.01, 0.01, 0.0, np.inf]))
    np.testing.assert_allclose(flows[1:4, 1], [0.01, 0.01, 0.0], rtol=1e-12)
    assert np.all(modes[3] != 3)
