"""The table of a farm with hubs at several heights is exact at its points and near the exact path between them."""

from functools import cache

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from testsite_kernels.wind.farm_of_table import Wind
from testsite_kernels.wind.response_table import Tiles, interpolate_response, mark_read

from tests.wind.test_inflow import NINE, V80
from testsite_sim.wind import Farm, Turbine, simulate_farm
from testsite_sim.wind.farm_table import (
    FarmTable,
    cover,
    power_in_flows,
    table_wind,
    tabulate_farm,
    turbine_response,
)

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
    np.testing.assert_allclose(power_in_flows(table(), wind)[0][""], each.sum(axis=1), rtol=1e-5, atol=10.0)


def group_power(table: FarmTable, wind: Wind, factor: float) -> dict[str, np.ndarray]:
    """Return the power of the farm in each flow, the groups read one by one as turbines are."""
    flows = len(table.flows)
    totals = table.totals.reshape(*table.totals.shape[:3], -1)
    response = turbine_response(table)._replace(power=totals, starts=np.arange(table.height.size + 1) * flows)
    power = np.empty((wind.direction.size, totals.shape[-1]))
    interpolate_response(response, wind.direction, wind.speed * factor, wind.intensity, power)
    return {name: power[:, flow::flows].sum(axis=1) for flow, name in enumerate(table.flows)}


@pytest.mark.parametrize("factors", [(), (0.99,), (0.9, 1.03, 2.0)])
def test_the_farm_in_a_flow_is_the_sum_of_its_groups_also_in_other_winds(factors: tuple[float, ...]) -> None:
    wind = edges(whole(), np.random.default_rng(4), 2000)
    flows, scaled = power_in_flows(whole(), wind, factors)
    for name, power in group_power(whole(), wind, 1.0).items():
        np.testing.assert_allclose(flows[name], power, rtol=1e-13, atol=1e-6)
    assert scaled.shape == (len(factors), 2000)
    for found, factor in zip(scaled, factors, strict=True):
        np.testing.assert_allclose(found, group_power(whole(), wind, factor)[""], rtol=1e-13, atol=1e-6)


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
    all_of_it, no_blockage, alone = power_in_flows(response, wind)[0].values()
    assert (all_of_it < no_blockage).all()
    assert (no_blockage < alone).all()
    assert all_of_it[0] < all_of_it[1]  # turbulence lets wakes recover


POINTS = [0.05, 0.1, 0.15]
OTHERS = Farm([0.0, 500.0], [-2400.0, -2400.0], V80)


def made(complete: bool, model: str = "nygaard-2022") -> FarmTable:
    """Return the table of a farm of two groups with neighbours to the south, which reach it from there alone."""
    around = {"neighbours": OTHERS, "neighbour_share": np.full(2, 0.96)}
    intensities = {"turbulence_intensities": POINTS}
    return tabulate_farm(MIXED, SHARE, model, **intensities, **around, complete=complete)


@cache
def whole() -> FarmTable:
    return made(True)


def edges(table: FarmTable, random: np.random.Generator, hours: int) -> Wind:
    """Return winds among which are the ends of tiles in every direction, calm, cut-out and what lies beyond."""
    speeds = table.table.shape[2]
    ends = np.array([0, table.first - 1, table.first, table.first + 31, table.first + 32, speeds - 2, speeds - 1]) / 4.0
    ends = np.concatenate([ends, np.nextafter(ends, 99.0), np.nextafter(ends, 0.0), [25.0, 26.04, 80.0]])
    speed = np.where(
        random.random((hours, 2)) < 0.5, random.choice(ends, (hours, 2)), random.uniform(0, 33, (hours, 2))
    )
    direction = random.choice([0.0, 1.5, 29.0, 29.5, 30.0, 31.5, 359.0, 359.999, 360.0, -0.5, 177.3], hours)
    return Wind(direction, random.choice([0.0, 0.05, 0.07, 0.1, 0.1001, 0.15, 0.3], hours), speed)


def plain_tiles(table: FarmTable, wind: Wind) -> np.ndarray:
    """Return the tiles that are read: those of the points around each wind, in plain NumPy."""
    read, steps, speeds = np.zeros_like(table.made), POINTS[1] - POINTS[0], table.table.shape[2]
    for direction, intensity, row in zip(wind.direction, wind.intensity, wind.speed, strict=True):
        place = np.clip((intensity - POINTS[0]) / steps, 0.0, len(POINTS) - 1.0)
        low = min(int(place), len(POINTS) - 2)
        begin = int(direction % 360.0) % 360
        for speed in row:
            if speed > 0.25 * (speeds - 1):
                continue
            before = min(int(speed / 0.25), speeds - 2)
            for v in (before, before + 1):
                for c in {low, low + 1} if place > low else {low}:
                    for d in (begin, (begin + 1) % 360):
                        if before + 1 >= table.first:
                            read[c, d * table.made.shape[1] // 360, max(v - table.first, 0) // 32] = True
    return read


@settings(deadline=None, max_examples=80)
@given(seed=st.integers(0, 2**31), hours=st.sampled_from([1, 2, 40]))
def test_the_tiles_that_are_read_are_marked_and_no_others(seed: int, hours: int) -> None:
    """Aimed at: both sides of the end of a sector, a block, the points of turbulence; north, calm, past the end."""
    wind = edges(whole(), np.random.default_rng(seed), hours)
    read = np.zeros_like(whole().made)
    tiles = Tiles(360 // read.shape[1], 32, whole().first)
    mark_read(turbine_response(whole()), wind.direction, wind.speed, wind.intensity, tiles, read)
    np.testing.assert_array_equal(read, plain_tiles(whole(), wind))


@pytest.mark.parametrize("model", ["nygaard-2022", "niayifar-2016"])
def test_a_table_made_as_it_is_read_gives_the_bits_of_a_whole_one_in_any_order(model: str) -> None:
    random, lazy, complete = np.random.default_rng(3), made(False, model), made(True, model)
    lazy.table[:, :, lazy.first :], lazy.totals[:, :, lazy.first :] = np.nan, np.nan  # what is read unmade is seen
    assert not lazy.made.any()
    for hours in (1, 1, 3, 200):
        wind = edges(lazy, random, hours)
        (flows, scaled), (every, expected) = (power_in_flows(each, wind, (0.9, 1.03)) for each in (lazy, complete))
        assert flows.keys() == every.keys()
        for name, power in flows.items():
            np.testing.assert_array_equal(power, every[name])
        np.testing.assert_array_equal(scaled, expected)
        np.testing.assert_array_equal(turbine_power(lazy, wind), turbine_power(complete, wind))
    only_marked = made(False, model)
    cover(only_marked, wind, (1.0, 0.9, 1.03))
    assert not (only_marked.made & ~lazy.made).any()
    assert lazy.made.any()
    assert not lazy.made.all()
    kept = np.repeat(np.repeat(lazy.made, 360 // lazy.made.shape[1], axis=1), 32, axis=2)
    kept = kept[:, :, : lazy.table.shape[2] - lazy.first]
    for ours, theirs in ((lazy.table, complete.table), (lazy.totals, complete.totals)):
        np.testing.assert_array_equal(ours[:, :, lazy.first :][kept], theirs[:, :, lazy.first :][kept])


def test_neighbours_that_reach_the_farm_from_one_side_are_left_out_there_alone() -> None:
    none = tabulate_farm(MIXED, SHARE, "nygaard-2022", turbulence_intensities=POINTS)
    np.testing.assert_allclose(whole().totals[..., 1], none.totals[..., 0], rtol=1e-11, atol=1e-3)
    less = whole().totals[..., 0] < whole().totals[..., 1] * (1.0 - 1e-6)
    assert less[:, 180].any()
    assert not less[:, 0].any()
    assert (whole().table[:, :, : whole().first] == 0.0).all()
    calm = xr.Dataset(
        {
            "wind_speed": (("time", "turbine"), 0.25 * np.arange(whole().first)[:, None] * SHARE),
            "wind_direction": ("time", np.full(whole().first, 270.0)),
            "turbulence_intensity": 0.1,
        }
    )
    assert (simulate_farm(MIXED, calm, "nygaard-2022")["power"] == 0.0).all()
