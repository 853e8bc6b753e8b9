"""The curves of a turbine are read for the lanes of a block at once as for any number of wind speeds one by one."""

import numpy as np
import pytest
from testsite_kernels.numerics.lane_mathematics import LANES
from testsite_kernels.wind.curves import Curve, Operation, read_curves

from testsite_sim.wind import Turbine
from testsite_sim.wind.curves import power_alone
from testsite_sim.wind.curves import read_curves as lay_out_curves

REGULAR = [3.0, 4.0, 4.5, 12.0, 25.0]
IRREGULAR = [3.0, 4.1, 4.57, 12.3, 25.0]


@pytest.mark.parametrize("points", [REGULAR, IRREGULAR], ids=["regular", "irregular"])
@pytest.mark.parametrize("lanes", [8, LANES])
def test_lanes_of_a_block_read_what_each_wind_speed_alone_does(points: list[float], lanes: int) -> None:
    turbine = Turbine("one", 100.0, 90.0, points, [0.0, 1e5, 2e5, 3e6, 3e6], [0.8, 0.8, 0.79, 0.4, 0.1])
    start, segments, bins, per_speed = lay_out_curves([turbine])
    curve = Curve(segments[start[0] : start[1]], bins[0], per_speed)
    operation = Operation(np.ones((1, 1)), np.full((1, 1), np.inf), 0, 0)
    edges = [0.0, 2.999999, *points, np.nextafter(25.0, 26.0), 26.0, 60.0]
    speeds = np.concatenate([edges, np.random.default_rng(1).uniform(0.0, 27.0, 4 * LANES - len(edges))])
    for first in range(0, speeds.size, lanes):
        speed = speeds[first : first + lanes].copy()
        power, thrust, hours = np.empty(lanes), np.empty(lanes), np.arange(lanes)
        read_curves(lanes, hours, curve, operation, speed, power, thrust)
        for lane in range(lanes):
            one_power, one_thrust = np.empty(1), np.empty(1)
            read_curves(1, hours, curve, operation, speed[lane : lane + 1].copy(), one_power, one_thrust)
            assert (power[lane], thrust[lane]) == (one_power[0], one_thrust[0])


@pytest.mark.parametrize("points", [REGULAR, IRREGULAR], ids=["regular", "irregular"])
@pytest.mark.parametrize("alike", [False, True], ids=["density-of-each", "one-density"])
def test_the_power_alone_is_that_of_the_curve_in_a_denser_and_stronger_wind(points: list[float], alike: bool) -> None:
    powers = [0.0, 1e5, 2e5, 3e6, 3e6]
    types = [Turbine(str(k), 100.0, 90.0, points, np.multiply(powers, k), [0.8, 0.8, 0.79, 0.4, 0.1]) for k in (1, 2)]
    random = np.random.default_rng(1)
    edges = np.array([0.0, 2.999999, *points, np.nextafter(25.0, 26.0), 26.0, 60.0])
    speed = np.concatenate([np.stack([edges, edges[::-1]], axis=1), random.uniform(0.0, 27.0, (90, 2))])
    density = np.full((1, 1), 0.98) if alike else random.uniform(0.9, 1.1, speed.shape)
    for factor in (1.0, 1.25):
        own = speed * factor
        power = np.interp(np.clip(own * density, 3.0, 25.0), points, powers) * [1.0, 2.0]
        power[(own < 3.0) | (own > 25.0)] = 0.0
        np.testing.assert_allclose(power_alone(types, speed, density, factor), power.T, rtol=1e-12, atol=1e-6)
