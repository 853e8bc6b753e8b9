"""The table of a farm with hubs at several heights is exact at its points and near the exact path between them."""

from functools import cache

import numpy as np
import pytest
import xarray as xr
from testsite_kernels.wind.farm_of_table import Wind
from testsite_kernels.wind.response_table import interpolate_response

from tests.wind.test_inflow import NINE, V80
from testsite_sim.wind import Farm, Turbine, simulate_farm
from testsite_sim.wind.farm_table import FarmTable, group_power, table_wind, tabulate_farm, turbine_response

HIGH = Turbine("high", 90.0, 100.0, V80.wind_speed, np.asarray(V80.power) * 1.2, V80.thrust_coefficient)
MIXED = Farm(NINE.x, NINE.y, [V80] * 4 + [HIGH] * 5)
SHARE = np.where(MIXED.per_turbine("hub_height") == 100.0, 1.0, 0.96)


@cache
def table() -> FarmTable:
    return tabulate_farm(MIXED, SHARE, "bastankhah", turbulence_intensities=[0.06])


def weather(reference: np.ndarray, low: np.ndarray, density: float = 1.225) -> xr.Dataset:
    speed = np.stack([low, reference], axis=1)
    return xr.Dataset(
        {"wind_speed": (("time", "height"), speed), "air_density": (("time", "height"), np.full_like(speed, density))},
        coords={"height": [70.0, 100.0]},
    )


def exact(reference: np.ndarray, low: np.ndarray, direction: np.ndarray) -> np.ndarray:
    rows = (MIXED.per_turbine("hub_height") == 100.0).astype(int)
    speed = np.stack([low, reference], axis=1)[:, rows]
    inflow = xr.Dataset({"wind_speed": (("time", "turbine"), speed), "wind_direction": ("time", direction)})
    return simulate_farm(MIXED, inflow)["power"].to_numpy()


def turbine_power(response: FarmTable, wind: Wind) -> np.ndarray:
    """Return the power of every turbine."""
    power = np.empty((wind.direction.size, response.table.shape[-1]))
    interpolate_response(turbine_response(response), wind.direction, wind.speed, wind.intensity, power)
    return power


def test_at_its_points_the_table_is_exact_to_single_precision() -> None:
    generator = np.random.default_rng(1)
    speed, direction = 0.25 * generator.integers(0, 100, 200), generator.integers(0, 360, 200).astype(float)
    wind = table_wind(table(), weather(speed, 0.96 * speed), direction, np.full(200, 0.06))
    np.testing.assert_allclose(turbine_power(table(), wind), exact(speed, 0.96 * speed, direction), rtol=1e-6, atol=1.0)


def test_with_a_shear_of_its_own_in_every_hour_the_energy_is_near_the_exact_one() -> None:
    generator = np.random.default_rng(2)
    speed, direction = 9.5 * generator.weibull(2.1, 4000), generator.uniform(0.0, 360.0, 4000)
    low = speed * np.clip(generator.normal(0.96, 0.03, 4000), 0.85, 1.05)
    wind = table_wind(table(), weather(speed, low), direction, np.full(4000, 0.06))
    found, expected = turbine_power(table(), wind), exact(speed, low, direction)
    assert found.sum() == pytest.approx(expected.sum(), rel=2e-3)
    assert found[:, :4].sum() == pytest.approx(expected[:, :4].sum(), rel=4e-3)


def test_groups_stand_side_by_side_and_their_totals_are_sums() -> None:
    assert table().starts.tolist() == [0, 4, 9]
    speed = np.linspace(0.0, 30.0, 500)
    wind = table_wind(table(), weather(speed, 0.95 * speed), np.linspace(0.0, 720.0, 500), np.full(500, 0.06))
    each = turbine_power(table(), wind)
    sums = np.stack([each[:, :4].sum(axis=1), each[:, 4:].sum(axis=1)], axis=1)
    np.testing.assert_allclose(group_power(table(), wind)[""], sums, rtol=1e-5, atol=10.0)


def test_blockage_turbulence_and_neighbours_are_tables_of_their_own() -> None:
    few = Farm(NINE.x[:4], NINE.y[:4], V80)
    others = Farm([0.0, 500.0], [-900.0, -900.0], V80)
    response = tabulate_farm(
        few,
        np.ones(4),
        "niayifar-2016",
        turbulence_intensities=[0.05, 0.1],
        blockage="self-similar-2017",
        neighbours=others,
        neighbour_share=np.ones(2),
    )
    south = xr.Dataset(
        {"wind_speed": (("time", "height"), [[9.0], [9.0]]), "air_density": (("time", "height"), [[1.225], [1.225]])},
        coords={"height": [70.0]},
    )
    wind = table_wind(response, south, np.array([180.0, 180.0]), np.array([0.05, 0.1]))
    flows = group_power(response, wind)
    all_of_it, no_blockage, alone = (flows[name].sum(axis=1) for name in ("", "blockage", "neighbours"))
    assert (all_of_it < no_blockage).all()
    assert (no_blockage < alone).all()
    assert all_of_it[0] < all_of_it[1]  # turbulence lets wakes recover
