"""The power of a farm is read from its table in one pass as plain NumPy finds it step by step, at every edge."""

from functools import cache

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from testsite_kernels.wind.curve_losses import BEGIN, NEXT, power_after_losses
from testsite_kernels.wind.farm_of_table import LANES, Turbines, Wind, make_room, power_of_farm
from testsite_kernels.wind.response_table import interpolate_response

from tests.wind.test_curve_losses import NREL, V164
from tests.wind.test_inflow import NINE
from tests.wind.test_simulation import HOURS, shares, weather
from testsite_sim.wind import Farm, Mechanisms, simulate, tabulate_farm
from testsite_sim.wind.curve_losses import degraded_power, loss_curves
from testsite_sim.wind.farm_table import FarmTable, turbine_response

TYPES = (V164, NREL)


def farm_of(turbines: int) -> Farm:
    """Return a row of turbines of two types."""
    east = np.arange(turbines) * 900.0
    return Farm(east, np.zeros(turbines), [TYPES[k % 2] for k in range(turbines)])


@cache
def table_of(turbines: int) -> FarmTable:
    """Return the table of such a row, with three points of turbulence."""
    points = [0.05, 0.08, 0.11]
    return tabulate_farm(farm_of(turbines), np.ones(turbines), "niayifar-2016", turbulence_intensities=points)


def winds(hours: int, table: FarmTable, random: np.random.Generator) -> Wind:
    """Return winds among which are calm, cut-in, cut-out, storms and both ends of the directions and intensities."""
    speed = random.uniform(0.0, 32.0, hours)
    ends = [float(np.asarray(turbine.wind_speed)[at]) for turbine in TYPES for at in (0, -1)]
    edges = np.array([0.0, *ends, *np.nextafter(ends, 99.0), *np.nextafter(ends, 0.0), 60.0])
    at = random.integers(0, edges.size, hours)
    speed = np.where(random.random(hours) < 0.5, edges[at], speed)
    direction = random.choice([0.0, 359.9999, 360.0, 89.5, 271.3], hours)
    of_groups = np.repeat(speed[:, None], table.height.size, axis=1)
    return Wind(direction, random.uniform(0.0, 0.2, hours), of_groups)


def plain(
    read: np.ndarray, turbines: Turbines, share: np.ndarray, losses: list[float], groups: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what every turbine gives, the sums before and after each loss, and those of groups."""
    alone, limit = turbines.alone.T[:, turbines.kind], turbines.limit.T[:, turbines.kind]
    power = np.maximum(alone - turbines.wake_loss * (alone - read), np.minimum(alone, 0.0))
    power = np.minimum(power if turbines.wake_loss != 1.0 else read, limit)
    still = (share == 0.0).mean(axis=1)
    together = (share * power).sum(axis=1)
    weaker = (1.0 - still) * together + still * (share * np.minimum(alone, limit)).sum(axis=1)
    weaker = np.divide(weaker, together, out=np.ones_like(weaker), where=together > 0.0)
    left, totals, kept = power, [together * weaker], 1.0
    for loss in losses:
        kept *= 1.0 - loss
        columns = [degraded_power(TYPES[k], 1.0 - kept, power[:, j]) for j, k in enumerate(turbines.kind)]
        left = np.where(power > 0.0, np.stack(columns, axis=1), power)
        totals.append((share * left).sum(axis=1) * weaker)
    of_groups = [(share * left)[:, turbines.group == g].sum(axis=1) * weaker for g in range(groups)]
    return power, np.stack(totals, axis=1), np.stack(of_groups, axis=1)


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 2**31),
    hours=st.sampled_from([1, 7, 8, 9, LANES - 1, LANES, LANES + 1, 2 * LANES + 3]),
    count=st.sampled_from([1, 5]),
    wake_loss=st.sampled_from([0.0, 0.7, 1.0, 2.0]),
    losses=st.sampled_from([[0.0, 0.0], [0.02, 0.01], [0.3, 0.0], [0.05]]),
    form=st.sampled_from(["one", "hours first", "turbines first", "single precision"]),
)
def test_one_pass_gives_what_plain_steps_do(
    seed: int,
    hours: int,
    count: int,
    wake_loss: float,
    losses: list[float],
    form: str,
) -> None:
    """Aimed at: cut-in, cut-out, storms, none or all running, one turbine, ends of blocks of hours."""
    random, table = np.random.default_rng(seed), table_of(count)
    wind = winds(hours, table, random)
    groups = min(count, 2)
    kind = np.arange(count) % 2
    types = 1 if count == 1 else 2
    response, read = turbine_response(table), np.empty((hours, count))
    interpolate_response(response, wind.direction, wind.speed, wind.intensity, read)
    of_types = np.stack([read[:, kind == k].max(axis=1) for k in range(types)])
    largest = np.array([[float(np.max(np.asarray(turbine.power)))] for turbine in TYPES[:types]])
    alone = of_types + random.uniform(0.0, 1.0, of_types.shape) * (largest - of_types)  # wakes only take
    standby = (of_types == 0.0) & (random.random(of_types.shape) < 0.3)
    alone[standby] = -1e4
    limit = np.where(random.random((types, hours)) < 0.2, 0.0, np.inf)
    turbines = Turbines(kind, np.arange(count) % groups, alone, limit, wake_loss)
    share = random.choice([0.0, 0.25, 1.0], (hours, count), p=[0.3, 0.2, 0.5])
    share[random.random(hours) < 0.2] = 0.0
    given = share
    if form == "one":
        given = np.full((1, 1), 0.9)
        share = np.full((hours, count), 0.9)
    elif form == "turbines first":
        given = np.asfortranarray(share)
    elif form == "single precision":
        given = share.astype(np.float32)
    whole, total = np.empty(hours), np.empty((hours, len(losses) + 1))
    by_group, power = np.empty((hours, groups)), np.empty((hours, count))
    curves = loss_curves(TYPES[:types], losses)
    room = make_room(response, turbines, curves)
    power_of_farm(response, wind, turbines, given, curves, room, whole, total, by_group, power)
    each, sums, of_groups = plain(read, turbines, share, losses, groups)
    close = {"rtol": 1e-9, "atol": 1e-3}
    np.testing.assert_allclose(power, each, rtol=1e-12, atol=1e-6)
    np.testing.assert_allclose(whole, each.sum(axis=1), rtol=1e-12, atol=1e-6)
    np.testing.assert_allclose(total, sums, **close)
    np.testing.assert_allclose(by_group, of_groups, **close)
    again = total.copy()
    power_of_farm(response, wind, turbines, given, curves, room, whole, total, by_group, np.empty((0, count)))
    np.testing.assert_array_equal(total, again)  # whether each turbine is asked for changes no bit


@settings(deadline=None, max_examples=40)
@given(
    seed=st.integers(0, 2**31),
    losses=st.sampled_from([[0.015, 0.01], [1e-9, 1e-9], [0.0, 0.02], [0.3, 0.0]]),
    still=st.sampled_from([0.0, 0.3, 1.0]),
)
def test_losses_are_those_of_the_curve_at_its_points_and_next_to_them(
    seed: int, losses: list[float], still: float
) -> None:
    """Aimed at: ends of the rows of a curve, also several in a bin; cut-in, rated power; all turbines down."""
    random, count = np.random.default_rng(seed), LANES + 3  # the second lanes are filled up
    curves, kind = loss_curves(TYPES, losses), np.arange(count) % 2
    points = [random.choice(rows[: int(np.isinf(rows[:, NEXT]).argmax()) + 1, BEGIN], 50) for rows in curves.rows]
    at = np.stack(points)
    alone = np.stack([at, np.nextafter(at, np.inf), np.nextafter(at, -np.inf), at * random.random(at.shape)])
    alone = np.ascontiguousarray(np.concatenate(list(alone), axis=1))
    alone[:, ::17] = -1e4  # on standby
    hours = alone.shape[1]
    table = table_of(count)
    turbines = Turbines(kind, np.arange(count) // 9 % 3, alone, np.full_like(alone, np.inf), 0.0)  # no wakes
    share = (random.random((hours, count)) >= still).astype(np.float64)
    whole, total, by_group = np.empty(hours), np.empty((hours, 3)), np.empty((hours, 3))
    response, wind = turbine_response(table), winds(hours, table, random)
    room = make_room(response, turbines, curves)
    power_of_farm(response, wind, turbines, share, curves, room, whole, total, by_group, np.empty((0, count)))
    power = np.ascontiguousarray(alone.T[:, kind])
    expected, of_groups = np.empty((hours, 3)), np.empty((hours, 3))
    power_after_losses(power, share, kind, curves, turbines.group, expected, of_groups)
    close = {"rtol": 1e-12, "atol": 1e-6}
    np.testing.assert_allclose(total, expected, **close)  # without wakes none become weaker
    np.testing.assert_allclose(by_group, of_groups, **close)
    np.testing.assert_allclose(whole, power.sum(axis=1), **close)


@pytest.mark.parametrize("availability", [0.0, 0.95, shares()])
def test_what_the_farm_gives_does_not_depend_on_whether_each_turbine_is_asked_for(
    availability: float | xr.DataArray,
) -> None:
    table = tabulate_farm(NINE, np.ones(9), "bastankhah", turbulence_intensities=[0.08])
    acting = Mechanisms(storms=3.0, wakes="bastankhah", availability=availability, performance=0.02, wake_loss=0.8)
    for read_from in (None, table):
        asked = {"table": read_from, "sensitivity": True}
        whole, farm = (simulate(NINE, weather(), acting, **asked, each_turbine=each) for each in (True, False))
        assert set(whole.data_vars) - set(farm.data_vars) == {
            "power",
            "energy",
            "energy_without_wakes",
            "flow_loss",
        }
        assert set(farm.coords) == set(whole.coords)
        for name in farm.data_vars:
            np.testing.assert_array_equal(farm[name].to_numpy(), whole[name].to_numpy(), err_msg=str(name))
        assert farm.sizes["time"] == HOURS
