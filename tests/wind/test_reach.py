"""Neighbours count in the hours in which their wakes can reach the farm, and in no other."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wind.test_inflow import V80
from testsite_sim.wind import Farm, simulate_farm, wake_model
from testsite_sim.wind.farm_in_wind import FarmInWind, farm_in_wind
from testsite_sim.wind.sweeping import sweep_farm

BOUNDED = ("nygaard-2022", "bastankhah", "noj", "jensen-1983", "iea37")  # before the flow is known
MODELS = (*BOUNDED, "niayifar-2016")
LEFT_OUT = 3e-10  # of the wind: what the sweep itself leaves out


def winds(direction: np.ndarray, speed: float | np.ndarray = 9.0, intensity: float = 0.06) -> xr.Dataset:
    """Return winds from some directions."""
    speeds = np.broadcast_to(speed, direction.shape)
    return xr.Dataset(
        {
            "wind_speed": ("time", speeds),
            "wind_direction": ("time", direction),
            "turbulence_intensity": ("time", np.full(direction.shape, intensity)),
        }
    )


def with_all_neighbours(flow: FarmInWind) -> np.ndarray:
    """Return the effective wind speed of the farm with its neighbours simulated in every hour."""
    hours = np.arange(flow.own.direction.shape[0])
    found = sweep_farm(flow.both, flow.together(hours), flow.model, 1)
    return np.asarray(found.speed[:, : len(flow.farm.turbines)])


@settings(max_examples=60, deadline=None)
@given(
    model=st.sampled_from(BOUNDED),
    seed=st.integers(0, 2**32 - 1),
    distance=st.floats(300.0, 60_000.0),
    intensity=st.floats(0.02, 0.3),
)
def test_outside_their_reach_neighbours_change_nothing_also_just_beyond_its_edge(
    model: str, seed: int, distance: float, intensity: float
) -> None:
    generator = np.random.default_rng(seed)
    places = np.arange(6) % 3 * 1500.0, np.arange(6) // 3 * 1500.0
    farm = Farm(*(each + generator.uniform(0.0, 900.0, 6) for each in places), V80)
    east, north = (each + generator.uniform(0.0, 900.0, 6) for each in places)
    larger = replace(V80, name="larger", rotor_diameter=164.0, hub_height=110.0)
    neighbours = Farm(east - 4200.0 - distance, north, larger)
    whole = winds(np.arange(0.0, 360.0, 2.0), intensity=intensity)
    reached = farm_in_wind(farm, whole, wake_model(model), neighbours=neighbours).reached
    edges = np.flatnonzero(reached != np.roll(reached, 1))
    close = (2.0 * edges[:, None] - np.linspace(0.0, 2.0, 41)).ravel()  # of which some lie just beyond the edge
    flow = farm_in_wind(
        farm,
        winds(np.concatenate([np.arange(0.0, 360.0, 2.0), close]), intensity=intensity),
        wake_model(model),
        neighbours=neighbours,
    )
    assert 0 < flow.reached.sum() < flow.reached.size
    difference = flow.simulate(alone=True).speed - with_all_neighbours(flow)
    assert np.abs(difference[~flow.reached]).max() <= 2.0 * LEFT_OUT * 9.0
    np.testing.assert_allclose(flow.simulate().speed, with_all_neighbours(flow), atol=2.0 * LEFT_OUT * 9.0, rtol=0.0)


@pytest.mark.parametrize("model", MODELS)
def test_where_they_matter_they_count(model: str) -> None:
    farm, neighbours = Farm([0.0, 0.0], [0.0, 700.0], V80), Farm([-1500.0], [0.0], V80)
    inflow = winds(np.array([270.0, 90.0, 0.0]))
    found = simulate_farm(farm, inflow, model, neighbours=neighbours)["power"].to_numpy()
    alone = simulate_farm(farm, inflow, model)["power"].to_numpy()
    assert found[0, 0] < 0.95 * alone[0, 0]
    np.testing.assert_allclose(found[1:], alone[1:], rtol=1e-9)


def test_most_directions_are_beyond_the_reach_of_neighbours_far_away() -> None:
    flow = farm_in_wind(
        Farm([0.0], [0.0], V80),
        winds(np.arange(0.0, 360.0)),
        wake_model("nygaard-2022"),
        neighbours=Farm([-20_000.0], [0.0], V80),
    )
    assert flow.reached[270]
    assert flow.reached.sum() < 10


@pytest.mark.parametrize("yawed", ["farm", "neighbours"])
def test_wakes_that_are_deflected_may_reach_in_any_hour(yawed: str) -> None:
    yaw = xr.Dataset({"yaw": ("turbine", [20.0])})
    farm = Farm([0.0], [0.0], V80, yaw=yaw if yawed == "farm" else None)
    neighbours = Farm([-20_000.0], [0.0], V80, yaw=yaw if yawed == "neighbours" else None)
    flow = farm_in_wind(farm, winds(np.arange(0.0, 360.0, 30.0)), wake_model("bastankhah"), neighbours=neighbours)
    assert flow.reached.all()


def test_wakes_that_grow_with_what_they_add_may_reach_in_any_hour() -> None:
    farm, neighbours = Farm([0.0], [0.0], V80), Farm([-20_000.0], [0.0], V80)
    flow = farm_in_wind(farm, winds(np.arange(0.0, 360.0, 30.0)), wake_model("niayifar-2016"), neighbours=neighbours)
    assert flow.reached.all()


def test_the_wind_of_the_neighbours_says_where_their_wakes_go() -> None:
    farm, neighbours = Farm([0.0], [0.0], V80), Farm([-5000.0], [0.0], V80)
    own, others = winds(np.array([240.0, 270.0])), winds(np.array([270.0, 300.0]))
    flow = farm_in_wind(farm, own, wake_model("nygaard-2022"), neighbours=neighbours, neighbour_inflow=others)
    assert flow.reached.tolist() == [True, False]


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), density=st.floats(1.0, 1.4), factor=st.sampled_from([1.0, 0.99, 1.01]))
def test_the_power_alone_is_that_of_all_results_also_at_the_edge_of_calm(
    seed: int, density: float, factor: float
) -> None:
    generator = np.random.default_rng(seed)
    first = float(np.asarray(V80.wind_speed)[int(np.argmax(np.asarray(V80.power) > 0.0)) - 1])
    edge = np.nextafter(first / np.cbrt(density / 1.225), [0.0, np.inf])
    speed = np.concatenate([generator.uniform(2.0, 6.0, 20), edge, edge / factor, [first, 0.0, 24.9, 25.0, 26.0]])
    direction = generator.uniform(0.0, 360.0, speed.size)
    inflow = winds(direction, speed).assign(air_density=("time", np.full(speed.size, density)))
    farm = Farm([0.0, 600.0, 1200.0], [0.0, 0.0, 300.0], V80)
    flow = farm_in_wind(farm, inflow, wake_model("nygaard-2022"), neighbours=Farm([-900.0], [0.0], V80))
    whole, alone = flow.simulate(factor=factor).power, flow.simulate(factor=factor, only_power=True).power
    np.testing.assert_allclose(alone, whole, rtol=1e-9, atol=1e-6 * 2e6 * 1e-6)
    hours = np.array([3, 1, 21, 24])
    some = flow.simulate(factor=factor, hours=hours, only_power=True).power
    np.testing.assert_allclose(some, whole[hours], rtol=1e-9, atol=1e-6)
