"""Inflow that varies over the farm, blockage and neighbours."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from testsite_kernels.wind.blockage import hyperbolic_secant_to_alpha

from tests.reference.farm_flow import bastankhah_case
from tests.wind.test_farm_flow import ANY_SPACING, POWERS, SPEEDS, THRUSTS, TURBINE, inflow
from testsite_sim import load
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.wind import Farm, Turbine, inflow_at_turbines, simulate_farm

# Nine turbines V80 (as PyWake 2.6.20 has it), Bastankhah with squared sum, SelfSimilarityDeficit upstream only with
# linear sum, All2AllIterative to 1e-10: effective wind speeds at 9 m/s from 300 degrees and 12 m/s from 45 degrees.
NEAR = pd.DataFrame({"x": [0.0, 0.14, 2000.0], "y": [0.0, 0.0, 0.0], "type": ["vestas-v90-3.0"] * 3})
V80 = Turbine(
    "V80",
    80.0,
    70.0,
    np.arange(3.0, 26.0),
    1e3 * np.array([0.0, 66.6, 154, 282, 460, 696, 996, 1341, 1661, 1866, 1958, 1988, 1997, 1999, *[2000.0] * 9]),
    [
        0,
        0.818,
        0.806,
        0.804,
        0.805,
        0.806,
        0.807,
        0.793,
        0.739,
        0.709,
        0.409,
        0.314,
        0.249,
        0.202,
        0.167,
        0.140,
        0.119,
        0.102,
        0.088,
        0.077,
        0.067,
        0.060,
        0.053,
    ],
)
NINE = Farm(
    [0.0, 400.0, 800.0, 0.0, 420.0, 790.0, -150.0, 100.0, 1500.0],
    [0.0, 30.0, -20.0, 400.0, 380.0, 430.0, 820.0, -500.0, 200.0],
    V80,
)
BLOCKED = [
    [
        8.97565619162624,
        8.970281787479692,
        8.035954490168228,
        8.96532456958617,
        8.820712555370266,
        8.940978479487512,
        8.976822205650004,
        8.998446422386,
        8.996720060510366,
    ],
    [
        9.920513144045897,
        9.230769699863254,
        11.98134275222238,
        11.984593995312533,
        11.95912463076913,
        11.957304160323845,
        11.992484042010298,
        11.986723731141621,
        11.987848153367999,
    ],
]


def test_blockage_agrees_with_pywake_to_one_in_a_hundred_million() -> None:
    found = simulate_farm(NINE, inflow([9.0, 12.0], [300.0, 45.0]), blockage="self-similar-2017")
    np.testing.assert_allclose(found["wind_speed_effective"], BLOCKED, rtol=1e-8)


@settings(deadline=None)
@given(st.floats(0.0, 40.0))
def test_the_shape_of_the_induction_is_the_hyperbolic_secant(z: float) -> None:
    assert hyperbolic_secant_to_alpha(z) == pytest.approx(np.cosh(z) ** (-8.0 / 9.0), abs=3e-10)


@ANY_SPACING
@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**32 - 1), st.floats(0.0, 360.0))
def test_blockage_takes_little_and_never_gives(seed: int, direction: float) -> None:
    x, y = np.random.default_rng(seed).uniform(-1500.0, 1500.0, (2, 8))
    farm, weather = Farm(x, y, TURBINE), inflow([9.0, 14.0], [direction, direction])
    without = simulate_farm(farm, weather)["wind_speed_effective"]
    with_it = simulate_farm(farm, weather, blockage="self-similar-2017")["wind_speed_effective"]
    assert float(with_it.min()) >= 0.0
    again = simulate_farm(farm, weather, blockage="self-similar-2017", workers=2)["wind_speed_effective"]
    np.testing.assert_array_equal(with_it, again)
    # the least affected turbine is the one that stands farthest downstream: it sees no other's induction
    assert float((with_it - without).min()) < 1e-12


@ANY_SPACING
@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32 - 1), st.floats(0.0, 360.0), st.floats(0.0, 15.0))
def test_a_direction_of_its_own_at_each_turbine_turns_its_wake(seed: int, direction: float, spread: float) -> None:
    generator = np.random.default_rng(seed)
    x, y = np.meshgrid(np.arange(4) * 450.0, np.arange(3) * 450.0)
    x, y = (axis.ravel() + generator.uniform(-60.0, 60.0, 12) for axis in (x, y))
    x, y = x - x.mean(), y - y.mean()
    own = (direction + generator.uniform(-spread, spread, 12)) % 360.0
    weather = xr.Dataset({"wind_speed": ("time", [9.0]), "wind_direction": (("time", "turbine"), own[None])})
    found = simulate_farm(Farm(x, y, TURBINE), weather).isel(time=0)
    speed, power, _ = bastankhah_case(x, y, 80.0, SPEEDS, POWERS, THRUSTS, 9.0, own)
    np.testing.assert_allclose(found["wind_speed_effective"], speed, rtol=1e-9)
    np.testing.assert_allclose(found["power"], power, rtol=1e-7, atol=1e-2)


def test_the_same_direction_everywhere_gives_the_same_result() -> None:
    weather = inflow([7.0, 9.0, 12.0], [10.0, 200.0, 300.0])
    everywhere = weather.assign(
        wind_direction=weather["wind_direction"].expand_dims(turbine=9).transpose("time", "turbine")
    )
    for model in ("bastankhah", "noj", "niayifar_crespo", "niayifar_stf", "niayifar-2016", "turbopark"):
        one, many = (
            simulate_farm(NINE, each.assign(turbulence_intensity=0.08), model)["wind_speed_effective"]
            for each in (weather, everywhere)
        )
        np.testing.assert_allclose(one, many, rtol=1e-9)


def _field(x, y, dims) -> xr.Dataset:
    """Return a wind that grows to the east and turns to the north, on a grid or on points."""
    grid = dims == ("time", "y", "x")
    east, north = np.meshgrid(x, y) if grid else (np.asarray(x), np.asarray(y))
    time = np.arange(2)[(slice(None), *[None] * east.ndim)]
    coords = {"x": x, "y": y} if grid else {"x": ("point", x), "y": ("point", y)}
    return xr.Dataset(
        {
            "wind_speed": (dims, 8.0 + time + 1e-4 * east),
            "wind_direction": (dims, (355.0 + 5e-3 * north + 0.0 * time) % 360.0),
            "turbulence_intensity": ("time", [0.08, 0.1]),
        },
        coords=coords,
    )


@pytest.mark.parametrize("form", ["grid", "points"])
def test_a_field_is_linear_between_its_points(form: str) -> None:
    if form == "grid":
        field = _field([-1000.0, 0.0, 2000.0], [-1000.0, 1000.0], ("time", "y", "x"))
    else:
        field = _field([-1000.0, 3000.0, 3000.0, -1000.0], [-1000.0, -1000.0, 1500.0, 1500.0], ("time", "point"))
    found = inflow_at_turbines(NINE, field)
    np.testing.assert_allclose(found["wind_speed"][1], 9.0 + 1e-4 * np.asarray(NINE.x), rtol=1e-12)
    expected = (355.0 + 5e-3 * np.asarray(NINE.y)) % 360.0
    turned = (found["wind_direction"][0] - expected + 180.0) % 360.0 - 180.0
    assert float(np.abs(turned).max()) < 0.05  # unit vectors of directions 12 degrees apart at most
    assert simulate_farm(NINE, found, "niayifar-2016").sizes == {"time": 2, "turbine": 9}


def test_beyond_its_points_a_field_is_that_of_the_nearest_and_a_grid_must_cover_the_farm() -> None:
    found = inflow_at_turbines(NINE, _field([0.0, 100.0], [0.0, 0.0], ("time", "point")))
    assert set(np.unique(found["wind_speed"][0])) == {8.0, 8.01}
    with pytest.raises(DataError, match=r"outside the grid, which reaches from -1000 to 1000 m"):
        inflow_at_turbines(NINE, _field([-1000.0, 1000.0], [-1000.0, 1000.0], ("time", "y", "x")))
    with pytest.raises(DataError, match=r"expected \(time, y, x\) or \(time, point\)"):
        inflow_at_turbines(NINE, inflow(9.0, 270.0))


def test_neighbours_take_energy_and_are_left_out_of_the_result() -> None:
    neighbours = Farm(np.asarray(NINE.x) - 3000.0, NINE.y, V80)
    weather = inflow([9.0, 9.0], [270.0, 90.0])
    alone, with_neighbours = simulate_farm(NINE, weather), simulate_farm(NINE, weather, neighbours=neighbours)
    assert with_neighbours.sizes == alone.sizes
    assert float(with_neighbours["power"][0].sum()) < float(alone["power"][0].sum())  # the neighbours stand upwind
    np.testing.assert_allclose(with_neighbours["power"][1], alone["power"][1], rtol=1e-12)
    still = weather.assign(power_limit=("turbine", np.where(np.arange(9) == 0, 0.0, np.inf)))
    held = simulate_farm(NINE, still, neighbours=neighbours)
    assert float(held["power"][0, 0]) == 0.0
    with pytest.raises(DataError, match="neighbours then want their own"):
        simulate_farm(
            NINE, weather.assign(wind_speed=(("time", "turbine"), np.full((2, 9), 9.0))), neighbours=neighbours
        )
    own = weather.assign(wind_speed=(("time", "turbine"), np.full((2, 9), 9.0)))
    given = simulate_farm(NINE, own, neighbours=neighbours, neighbour_inflow=weather)
    np.testing.assert_allclose(given["power"], with_neighbours["power"], rtol=1e-12)
    with pytest.raises(ConfigurationError, match="coincide"):
        simulate_farm(NINE, weather, neighbours=NINE)


def test_turbines_closer_than_their_rotor_are_warned_about() -> None:
    with pytest.warns(UserWarning, match=r"two turbines stand 0\.75 rotor diameters apart"):
        simulate_farm(Farm([0.0, 60.0], [0.0, 0.0], V80), inflow(9.0, 270.0))


def test_a_warning_names_the_line_of_the_user_and_no_file_of_the_program_or_of_python() -> None:
    case = load(
        "flanders-wind-farm/test-site",
        {"weather.start": "2023-02-01", "weather.end": "2023-02-03", "weather.climate": None, "plant": None}
        | {"dispatch": None, "market": None, "economics": None, "farm": NEAR},
    )
    with pytest.warns(UserWarning, match=r"two turbines stand 0\.\d+ rotor diameters apart") as caught:
        run = case.run()
    assert {each.filename for each in caught} == {__file__}
    assert len({str(each.message) for each in caught}) == 1
    assert str(caught[0].message) in run.summary["warnings"].more["sentences"]


def test_an_unknown_blockage_is_reported() -> None:
    with pytest.raises(ConfigurationError, match=r"no blockage 'self-similar'. Nearest: self-similar-2017"):
        simulate_farm(NINE, inflow(9.0, 270.0), blockage="self-similar")


# Nearly full thrust from 3 m/s to rated, without a jump at cut-in: the wakes change at once with the induction.
WINDS = np.arange(0.0, 31.0)
BLUNT = Turbine(
    "blunt",
    80.0,
    70.0,
    WINDS,
    2e6 * np.clip((WINDS - 3.0) / 9.0, 0.0, 1.0) ** 3,
    np.where(WINDS < 3.0, 0.0, 0.82 * np.minimum(1.0, 12.0 / np.maximum(WINDS, 1.0)) ** 3),
)


def dense_grid() -> Farm:
    x, y = np.meshgrid(np.arange(8) * 1.2 * 80.0, np.arange(8) * 1.2 * 80.0)
    return Farm(x.ravel(), y.ravel(), BLUNT)


@pytest.mark.parametrize(
    ("model", "speeds", "directions"),
    [("noj", [6.0, 9.0, 8.0], [30.0, 300.0, 35.0]), ("bastankhah", [15.0, 20.0, 12.0], [300.0, 200.0, 285.0])],
)
def test_blockage_is_iterated_until_more_rounds_change_nothing(
    model: str, speeds: list[float], directions: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    """So near, twelve rounds were too few; each hour has its own number of them, whatever the others need."""
    farm, weather = dense_grid(), inflow(speeds, directions)
    found = simulate_farm(farm, weather, model, blockage="self-similar-2017")["wind_speed_effective"]
    for hour in range(3):
        alone = simulate_farm(farm, weather.isel(time=[hour]), model, blockage="self-similar-2017")
        np.testing.assert_allclose(found[hour], alone["wind_speed_effective"][0], rtol=1e-9)
    monkeypatch.setattr("testsite_sim.wind.sweeping.MOST_ROUNDS", 1000)
    monkeypatch.setattr("testsite_sim.wind.sweeping.CONVERGED", 1e-10)
    exact = simulate_farm(farm, weather, model, blockage="self-similar-2017")["wind_speed_effective"]
    np.testing.assert_allclose(found, exact, rtol=1e-7)


def test_blockage_that_has_not_converged_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("testsite_sim.wind.sweeping.MOST_ROUNDS", 6)
    message = (
        r"blockage: wakes and induction of 1 of 2 hours did not converge in 6 rounds, hour 1 the first; their wind "
        r"speeds are uncertain by about [0-9.e-]+ m/s"
    )
    with pytest.warns(UserWarning, match=message):
        simulate_farm(dense_grid(), inflow([60.0, 15.0], [300.0, 300.0]), blockage="self-similar-2017")
