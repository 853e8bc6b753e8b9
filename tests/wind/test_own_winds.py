"""Turbines with winds of their own: each wake goes where the wind at its source blows to, whatever the order.

Held against a plain reference that looks at every pair. Where the turbines can be ordered from upstream to downstream,
each by its own wind, results equal it; where some stand in each other's wakes, results are what every turbine finds in
the wakes of the others as they are found: one more step of the reference changes nothing.
"""

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reference.own_winds import Found, Hour
from testsite_sim.wind import MODELS, Farm, Turbine, WakeModel, simulate_farm

pytestmark = pytest.mark.filterwarnings("ignore:farm. two turbines", "ignore:farm. a turbine")
ORACLE = Path(__file__).resolve().parents[1] / "oracles" / "own_winds_pywake.json"
APART = [44.0, 46.0, 89.0, 90.0, 91.0, 135.0, 180.0]  # degrees between two records
# Curves without a jump, at which the last bit of a wind speed would decide.
SPEEDS = np.array([0.0, 4.0, 8.0, 12.0, 16.0, 30.0, 60.0])
POWERS = 1e6 * np.array([0.0, 0.3, 1.0, 3.0, 4.0, 4.0, 4.0])
SHAPE = np.array([0.9, 1.0, 1.0, 0.9, 0.4, 0.1, 0.05])
NAMES = sorted(set(MODELS) - {"none", "niayifar_lit", "turbopark"})  # those two are others by another name


def turbine(diameter: float = 150.0, height: float = 110.0, thrust: float = 0.8) -> Turbine:
    return Turbine("own", diameter, height, SPEEDS, POWERS, thrust * SHAPE)


SIZES = [turbine(), turbine(90.0, 80.0, 0.6), turbine(240.0, 150.0, 0.9), turbine(20.0, 11.3, 0.7)]


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    """Compile every model before cases are drawn: hypothesis takes a compiler for a slow case."""
    for name in NAMES:
        simulate_farm(Farm([0.0, 500.0], [0.0, 0.0], turbine()), winds([9.0, 9.0], [0.0, 90.0]), name)


def winds(speed, direction, intensity=0.08) -> xr.Dataset:
    """Return the winds of turbines, shape (turbines,) in one hour or (hours, turbines)."""
    direction = np.atleast_2d(np.asarray(direction, np.float64))
    parts = {"wind_speed": speed, "wind_direction": direction % 360.0, "turbulence_intensity": intensity}
    return xr.Dataset({name: (("time", "turbine"), np.broadcast_to(v, direction.shape)) for name, v in parts.items()})


def assert_solved(found: xr.Dataset, hour: Hour, tolerance: float = 1e-9) -> None:
    """Assert that an hour is the one of the reference, and that it depends on nothing but itself."""
    speed, thrust = found["wind_speed_effective"].to_numpy(), found["thrust_coefficient"].to_numpy()
    intensity = found["turbulence_intensity_effective"].to_numpy()
    assert np.isfinite(speed).all()
    assert np.isfinite(found["power"]).all()
    again = hour.step(Found(speed, thrust, intensity))
    expected = hour.in_order() or again
    for one in (again, expected):
        np.testing.assert_allclose(speed, one.speed, rtol=tolerance, atol=tolerance)
        np.testing.assert_allclose(intensity, one.intensity, rtol=10.0 * tolerance)
    power = hour.curve(speed, "power")
    np.testing.assert_allclose(found["power"], power, rtol=1e-9, atol=1e-9 * POWERS.max())


def hour_of(farm: Farm, inflow: xr.Dataset, hour: int, model: str | WakeModel) -> Hour:
    """Return an hour of an inflow for the reference."""
    x, y = np.asarray(farm.x), np.asarray(farm.y)
    names = ("wind_speed", "wind_direction", "turbulence_intensity")
    speed, direction, intensity = (inflow[name].to_numpy()[hour] for name in names)
    model = MODELS[model] if isinstance(model, str) else model
    return Hour(x - x.mean(), y - y.mean(), list(farm.turbines), speed, direction, intensity, model)


@st.composite
def cases(draw) -> tuple[Farm, xr.Dataset, str]:
    """Draw two groups, each in a wind of its own, of which some stand in the wakes of others by those' winds."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    model = draw(st.sampled_from(NAMES))
    count, first = draw(st.integers(2, 9)), generator.uniform(0.0, 360.0)
    of_second = generator.random(count) < draw(st.sampled_from([0.2, 0.5, 0.8]))
    apart = draw(st.sampled_from([*APART, 0.0, 1.0, 20.0])) * generator.choice([-1.0, 1.0])
    direction = first + np.where(of_second, apart, 0.0)
    if draw(st.booleans()):  # a record of its own for each
        direction = direction + generator.uniform(-20.0, 20.0, count)
    places = generator.uniform(-3000.0, 3000.0, (count, 2))
    for t in range(1, count):  # in the wake of one before, by its own wind, about an edge or on the axis
        i, heading = generator.integers(t), 0.0
        heading = np.radians(270.0 - direction[i])
        along, aside = np.array([np.cos(heading), np.sin(heading)]), np.array([-np.sin(heading), np.cos(heading)])
        x = 10.0 ** generator.uniform(1.0, 3.7)
        off = generator.choice([0.0, 1.0, 1.0]) * generator.uniform(-1.0, 1.0) * (300.0 + 0.1 * x)
        if generator.random() < 0.8:
            places[t] = places[i] + x * along + off * aside
    types = [SIZES[draw(st.sampled_from([0, 0, 1, 2, 3]))] for _ in range(count)]
    hours = draw(st.sampled_from([1, 1, 2, 12]))  # of one block, which then turn a little
    turns = np.linspace(0.0, draw(st.sampled_from([0.0, 0.5, 2.9])), hours)[:, None]
    speed = generator.uniform(5.0, 15.0, (hours, 1)) * generator.uniform(0.8, 1.2, count)
    intensity = generator.uniform(0.03, 0.2, (hours, 1)) * generator.uniform(0.7, 1.3, count)
    return Farm(*places.T, types), winds(speed, direction + turns, intensity), model


@settings(deadline=None, max_examples=300)
@given(cases())
def test_every_wake_goes_where_the_wind_at_its_source_blows_to(case: tuple[Farm, xr.Dataset, str]) -> None:
    farm, inflow, model = case
    found = simulate_farm(farm, inflow, model, 1)
    for hour in {0, inflow.sizes["time"] // 2, inflow.sizes["time"] - 1}:
        expected = hour_of(farm, inflow, hour, model)
        if np.abs(expected.downwind).min() > 1e-6:  # in the plane of a rotor the last bit of a place decides
            assert_solved(found.isel(time=hour), expected, 1e-8)


@settings(deadline=None, max_examples=150)
@given(cases(), st.integers(1, 8))
def test_neighbours_with_winds_of_their_own_count_by_these(case: tuple[Farm, xr.Dataset, str], split: int) -> None:
    farm, inflow, model = case
    split = min(split, farm.x.size - 1)
    both = Farm(farm.x, farm.y, farm.turbines)
    own, others = (Farm(farm.x[at], farm.y[at], list(farm.turbines)[at]) for at in (slice(split), slice(split, None)))
    found = simulate_farm(
        own,
        inflow.isel(turbine=slice(split)),
        model,
        1,
        neighbours=others,
        neighbour_inflow=inflow.isel(turbine=slice(split, None)),
    )
    together = simulate_farm(both, inflow, model, 1).isel(turbine=slice(split))
    for name in ("wind_speed_effective", "turbulence_intensity_effective"):
        np.testing.assert_allclose(found[name], together[name], rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("apart", APART)
@pytest.mark.parametrize("model", NAMES)
def test_the_wakes_of_the_smaller_group_count_as_those_of_the_larger(model: str, apart: float) -> None:
    """The fault: a row of two in a wind that is not the mean one stood in no wake."""
    crowd = [(20000.0 + 900.0 * k, 30000.0) for k in range(6)]
    heading = np.radians(270.0 - apart)
    pair = [(0.0, 0.0), (600.0 * np.cos(heading), 600.0 * np.sin(heading))]
    found = simulate_farm(Farm(*np.array(pair + crowd).T, turbine()), winds(9.0, [apart] * 2 + [0.0] * 6), model)
    alone = simulate_farm(Farm(*np.array(pair).T, turbine()), winds(9.0, [apart] * 2), model)
    assert float(alone["power"][0, 1]) < 0.8 * float(alone["power"][0, 0])
    np.testing.assert_allclose(found["power"][:, :2], alone["power"], rtol=1e-9)


@pytest.mark.parametrize("model", NAMES)
def test_a_neighbour_far_off_whose_wind_blows_across_takes_nothing(model: str) -> None:
    """The fault: the mean of a narrow wake over a wide rotor, far off its axis, was no number, and the power zero."""
    curves = (SPEEDS, POWERS, 0.8 * SHAPE)
    farm, small = (
        Farm([0.0, 400.0], [0.0, -300.0], Turbine("own", 80.0, 70.0, *curves)),
        Turbine("n", 20.0, 11.3, *curves),
    )
    inflow, others = (winds(9.0, [direction]).isel(turbine=0) for direction in (146.48, 236.48))
    neighbours = {"neighbours": Farm([11060.3], [-16715.7], small), "neighbour_inflow": others}
    found, alone = simulate_farm(farm, inflow, model, **neighbours), simulate_farm(farm, inflow, model)
    np.testing.assert_allclose(found["power"], alone["power"], rtol=1e-9)


@pytest.mark.parametrize("diameter", [20.0, 25.0, 30.0, 40.0])
@pytest.mark.parametrize("off", [2e4, 1.2e5, 1e6])
def test_a_wake_is_nothing_at_any_distance_off_its_axis(diameter: float, off: float) -> None:
    small = Turbine("small", diameter, 70.0, SPEEDS, POWERS, 0.8 * SHAPE)
    farm = Farm([0.0, 0.01], [0.0, off], [small, Turbine("own", 80.0, 70.0, SPEEDS, POWERS, 0.8 * SHAPE)])
    for model in ("niayifar-2016", "nygaard-2022"):
        found = simulate_farm(farm, winds(9.0, [270.0, 180.0]), model)
        assert found["wind_speed_effective"].to_numpy().tolist() == [[9.0, 9.0]]


@pytest.mark.parametrize("model", ["niayifar-2016", "nygaard-2022"])
def test_the_mean_over_a_rotor_much_wider_than_the_wake_is_exact(model: str) -> None:
    farm = Farm([0.0, 60.0, 250.0], [0.0, 20.0, -90.0], [SIZES[3], SIZES[0], SIZES[2]])
    inflow = winds(9.0, [270.0] * 3)
    for hours in (1, 12):
        several = xr.concat([inflow] * hours, "time")
        found = simulate_farm(farm, several, model)
        for hour in range(hours):
            assert_solved(found.isel(time=hour), hour_of(farm, several, hour, model))


CIRCLES = {
    "two": ([0.0, 700.0], [0.0, 20.0], [270.0, 90.0]),
    "three": ([0.0, 700.0, 350.0], [0.0, 0.0, 600.0], [270.0, 150.3, 30.3]),
    "a row against a row": (
        [0.0, 600.0, 1200.0, 2400.0, 3000.0],
        [0.0, 10.0, 0.0, -10.0, 0.0],
        [270.0] * 3 + [90.0] * 2,
    ),
}


@pytest.mark.parametrize("circle", CIRCLES)
@pytest.mark.parametrize("model", NAMES)
def test_turbines_in_each_others_wakes_find_what_the_others_leave(model: str, circle: str) -> None:
    x, y, direction = (np.array(each) for each in CIRCLES[circle])
    inflow = winds(np.array([[6.0], [9.0], [13.0]]), np.tile(direction, (3, 1)))
    farm = Farm(x, y, turbine())
    found = simulate_farm(farm, inflow, model)
    for hour in range(3):
        assert hour_of(farm, inflow, hour, model).order() is None
        assert_solved(found.isel(time=hour), hour_of(farm, inflow, hour, model))
    turned = simulate_farm(Farm(x[::-1], y[::-1], turbine()), inflow.isel(turbine=slice(None, None, -1)), model, 2)
    np.testing.assert_allclose(turned["power"][:, ::-1], found["power"], rtol=1e-8)
    assert float(found["wind_speed_effective"][1].max()) < 9.0


def stepped(cut_in: float) -> Turbine:
    """Return a turbine whose thrust jumps at cut-in."""
    return Turbine("stepped", 150.0, 110.0, [cut_in, 60.0], [1e6, 1e6], [0.8, 0.8])


def test_of_two_that_stop_each_other_one_runs_whatever_their_order() -> None:
    x, y, direction = np.array([0.0, 600.0]), np.array([0.0, 60.0]), np.array([[270.0, 89.0]])
    farm = Farm(x, y, stepped(8.0))
    found = simulate_farm(farm, winds(9.0, direction), "bastankhah").isel(time=0)
    assert sorted(found["power"].to_numpy()) == [0.0, 1e6]
    turned = simulate_farm(Farm(x[::-1], y[::-1], stepped(8.0)), winds(9.0, direction[:, ::-1]), "bastankhah")
    assert turned["power"].to_numpy()[0, ::-1].tolist() == found["power"].to_numpy().tolist()


def test_three_of_which_each_stops_the_next_have_no_solution_and_warn() -> None:
    x, y, direction = CIRCLES["three"]
    hours = winds(np.array([[9.0], [14.0]]), np.tile(direction, (2, 1)))
    with pytest.warns(UserWarning, match="wakes: in 1 of 2 hours"):
        found = simulate_farm(Farm(x, y, stepped(8.5)), hours, "bastankhah", 1)
    assert np.isfinite(found["wind_speed_effective"]).all()
    assert (found["power"][1] == 1e6).all()


@pytest.mark.parametrize("apart", APART)
def test_the_wakes_of_two_records_are_those_of_pywake(apart: float) -> None:
    oracle = json.loads(ORACLE.read_text())
    farm = Farm(
        oracle["x"], oracle["y"], Turbine("linear", 80.0, 70.0, *(oracle["curve"][k] for k in ("u", "p", "ct")))
    )
    for case in (each for each in oracle["cases"] if each["apart"] == apart):
        found = simulate_farm(farm, winds(oracle["wind_speed"], case["wind_direction"], 0.1), case["model"])
        np.testing.assert_allclose(found["wind_speed_effective"][0], case["wind_speed_effective"], rtol=1e-9)
