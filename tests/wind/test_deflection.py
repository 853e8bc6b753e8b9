"""Turbines turned out of the wind: their wakes go where others say, and their own power falls as others have it."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reference.wake_deflection import gaussian, jimenez, yawed_case
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.wind import MODELS, Farm, Turbine, WakeModel, joined_yaw, simulate_farm
from testsite_sim.wind.averaging import flow_map
from testsite_sim.wind.models import DEFICITS, DEFLECTIONS, TURBULENCES

pytestmark = pytest.mark.filterwarnings("ignore:farm. two turbines", "ignore:blockage")
ORACLE = json.loads((Path(__file__).resolve().parents[1] / "oracles" / "wake_deflection.json").read_text("utf-8"))
CURVES = tuple(np.array(ORACLE["turbine"][name]) for name in ("wind_speed", "power", "thrust_coefficient"))
TURBINE = Turbine("reference", 80.0, 70.0, *CURVES)
BASTANKHAH = MODELS["bastankhah"]
SMOOTH = Turbine("smooth", 150.0, 110.0, [0.0, 8.0, 16.0, 60.0], [0.0, 1e6, 4e6, 4e6], [0.8, 0.8, 0.4, 0.05])


def inflow(speed, direction, yaw=None, intensity=0.08) -> xr.Dataset:
    speed, direction = np.broadcast_arrays(np.atleast_1d(speed) * 1.0, np.atleast_1d(direction) * 1.0)
    winds = {"wind_speed": ("time", speed), "wind_direction": ("time", direction % 360.0)}
    if yaw is not None:
        yaw = np.asarray(yaw, np.float64)
        winds["yaw"] = ("turbine", yaw) if yaw.ndim == 1 else (("time", "turbine"), yaw)
    return xr.Dataset({**winds, "turbulence_intensity": intensity})


def test_the_plain_reference_is_the_deflection_of_floris() -> None:
    gauss = ORACLE["gauss"]
    for case in gauss["cases"]:
        stated = [case[name] for name in ("yaw", "thrust_coefficient", "rotor_diameter", "turbulence_intensity")]
        found = [gaussian(x, *stated) for x in gauss["x"]]
        np.testing.assert_allclose(found, -np.array(case["deflection"]), rtol=1e-12, atol=1e-12)


def test_a_farm_with_deflected_wakes_is_that_of_pywake() -> None:
    """PyWake integrates over 12,000 points, which errs by some 5e-10."""
    case = ORACLE["jimenez"]
    turbine = replace(TURBINE, yaw_power_exponent=0.0, yaw_thrust_exponent=0.0)
    winds = inflow(case["wind_speed"], case["wind_direction"], case["yaw"])
    found = simulate_farm(Farm(case["x"], case["y"], turbine), winds, BASTANKHAH)["wind_speed_effective"]
    np.testing.assert_allclose(found, case["wind_speed_effective"], rtol=2e-9)
    straight = simulate_farm(Farm(case["x"], case["y"], turbine), winds, replace(BASTANKHAH, deflection="none"))
    assert np.abs(straight["wind_speed_effective"] - found).max() > 0.5


def test_power_and_thrust_of_a_turbine_in_yaw_are_those_of_pywake_with_its_exponents() -> None:
    case = ORACLE["own_power"]
    turbine = replace(TURBINE, yaw_power_exponent=3.0, yaw_thrust_exponent=2.0)
    for yaw, power, thrust in zip(case["yaw"], case["power"], case["thrust_coefficient"], strict=True):
        found = simulate_farm(Farm([0.0], [0.0], turbine), inflow(case["wind_speed"], 270.0, [yaw]))
        np.testing.assert_allclose(found["power"][:, 0], power, rtol=1e-12)
        np.testing.assert_allclose(found["thrust_coefficient"][:, 0], thrust, rtol=1e-12)


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from(sorted(DEFLECTIONS)),
    st.sampled_from([(1.88, 1.0), (3.0, 2.0), (0.0, 0.0)]),
    st.floats(0.0, 30.0),
)
def test_the_kernel_equals_the_plain_reference(seed: int, model: str, exponents, speed: float) -> None:
    generator = np.random.default_rng(seed)
    x, y = generator.uniform(-1500.0, 1500.0, (2, 7))
    x, y = x - x.mean(), y - y.mean()
    yaw = generator.uniform(-40.0, 40.0, 7) * generator.integers(0, 2, 7)
    direction, intensity = generator.uniform(0.0, 360.0), generator.uniform(0.02, 0.2)
    turbine = replace(TURBINE, yaw_power_exponent=exponents[0], yaw_thrust_exponent=exponents[1])
    chosen = replace(BASTANKHAH, deflection=model)
    found = simulate_farm(Farm(x, y, turbine), inflow(speed, direction, yaw, intensity), chosen).isel(time=0)
    effective, power, thrust = yawed_case(x, y, 80.0, CURVES, exponents, yaw, (speed, direction, intensity), model)
    np.testing.assert_allclose(found["wind_speed_effective"], effective, rtol=1e-10, atol=1e-12)
    felt = effective * np.cos(np.radians(yaw)) ** (exponents[0] / 3.0)
    ends = CURVES[0][[0, -1]]
    clear = np.all(np.abs(np.stack([effective, felt])[..., None] - ends) > 1e-8, axis=(0, 2))
    np.testing.assert_allclose(found["power"][clear], power[clear], rtol=1e-8, atol=1e-2)
    np.testing.assert_allclose(found["thrust_coefficient"][clear], thrust[clear], rtol=1e-8, atol=1e-10)


def wake_edge(model: WakeModel, x: float, thrust: float) -> float:
    """Return how far off its centre a wake of `SMOOTH` has its edge [m], or 6.5 widths where it has none."""
    root = np.sqrt(1.0 - min(thrust, model.largest_thrust))
    width = model.width_factor * 150.0 * np.sqrt((1.0 + root) / (2.0 * root))
    rate = model.expansion_rate + 0.08 * model.expansion_rate_per_intensity
    return 75.0 + rate * x if model.deficit.startswith("top-hat") else 6.5 * (width + rate * x)


@pytest.mark.parametrize("deflection", sorted(set(DEFLECTIONS) - {"none"}))
@pytest.mark.parametrize("deficit", sorted(set(DEFICITS) - {"none"}))
def test_the_bounds_leave_nothing_out_of_a_deflected_wake(deficit: str, deflection: str) -> None:
    """Targets stand about the edges of a deflected wake in the outlier of a block: the series equals each hour."""
    generator = np.random.default_rng(7)
    for crowd in (2, 12, 31):
        for within in (-30.0, -1e-2, 1e-2):
            turbulence = str(generator.choice(sorted(TURBULENCES)))
            model = WakeModel(
                "own", deficit, "linear", turbulence, expansion_rate=0.04, deflection=deflection, largest_thrust=0.9
            )
            yaw, x = float(generator.choice([-35.0, 25.0])), float(generator.uniform(300.0, 9000.0))
            if deflection == "jimenez-2010":
                way = jimenez(x, yaw, 0.8, 150.0)
            else:
                way = gaussian(x, yaw, 0.8 * np.cos(np.radians(yaw)), 150.0, 0.08)
            edge = wake_edge(model, x, 0.8) + (75.0 if "overlap" in deficit or deficit == "turbopark" else 0.0) + within
            farm = Farm([0.0, x, x, 2.0 * x], [0.0, -way - edge, -way + edge, 0.0], SMOOTH)
            directions = np.concatenate([[270.0], np.full(crowd, 272.99)])
            turned = np.zeros((crowd + 1, 4))
            turned[0, 0], turned[1::2, 1] = yaw, 20.0
            winds = inflow(8.0, directions, turned)
            together = simulate_farm(farm, winds, model)
            for hour in (0, 1, crowd):
                alone = simulate_farm(farm, winds.isel(time=[hour]), model)
                for name in ("wind_speed_effective", "power", "turbulence_intensity_effective"):
                    np.testing.assert_allclose(together[name][hour], alone[name][0], rtol=2e-9, atol=1e-9)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["niayifar_crespo", "niayifar_stf", "noj", "turbopark"]))
def test_a_series_equals_each_of_its_hours_in_any_farm_and_yaw(seed: int, name: str) -> None:
    generator = np.random.default_rng(seed)
    x, y = generator.uniform(-1500.0, 1500.0, (2, 8))
    yaw = generator.uniform(-30.0, 30.0, (12, 8)) * generator.integers(0, 2, (12, 8))
    winds = inflow(generator.uniform(5.0, 15.0, 12), 200.0 + generator.uniform(0.0, 3.0, 12), yaw)
    own = generator.uniform(-5.0, 5.0, (12, 8)) * int(generator.integers(0, 2))
    winds["wind_direction"] = winds["wind_direction"] + xr.DataArray(own, dims=("time", "turbine"))
    model = replace(MODELS[name], deflection=str(generator.choice(sorted(DEFLECTIONS))))
    together = simulate_farm(Farm(x, y, SMOOTH), winds, model)
    for hour in range(0, 12, 3):
        alone = simulate_farm(Farm(x, y, SMOOTH), winds.isel(time=[hour]), model)
        for each in ("wind_speed_effective", "power"):
            np.testing.assert_allclose(together[each][hour], alone[each][0], rtol=2e-9, atol=1e-9)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**32 - 1), st.sampled_from(sorted(DEFLECTIONS)))
def test_a_mirrored_farm_of_opposite_yaw_has_the_same_winds(seed: int, deflection: str) -> None:
    generator = np.random.default_rng(seed)
    x, y = generator.uniform(-1500.0, 1500.0, (2, 8))
    yaw, model = generator.uniform(-30.0, 30.0, 8), replace(BASTANKHAH, deflection=deflection)
    one = simulate_farm(Farm(x, y, SMOOTH), inflow(9.0, 270.0, yaw), model)
    other = simulate_farm(Farm(x, -y, SMOOTH), inflow(9.0, 270.0, -yaw), model)
    np.testing.assert_allclose(one["wind_speed_effective"], other["wind_speed_effective"], rtol=1e-12)


def test_yaw_to_the_left_sends_the_wake_to_the_right_and_takes_of_the_own_power() -> None:
    farm = Farm([0.0], [0.0], TURBINE)
    y = np.arange(-200.0, 201.0, 1.0)
    thrust = np.interp(9.0 * np.cos(np.radians(20.0)) ** (1.88 / 3.0), CURVES[0], CURVES[2])
    for yaw, side in ((20.0, -1.0), (-20.0, 1.0)):
        speed = flow_map(farm, inflow(9.0, 270.0, [yaw]), [560.0], y, 70.0)["wind_speed"].to_numpy().ravel()
        assert y[speed.argmin()] == pytest.approx(side * jimenez(560.0, 20.0, thrust, 80.0), abs=0.5)
    straight, turned = (simulate_farm(farm, inflow(9.0, 270.0, [yaw]))["power"].item() for yaw in (0.0, 20.0))
    assert turned < straight


def test_a_yaw_of_zero_gives_the_same_bits_as_none() -> None:
    generator = np.random.default_rng(8)
    x, y = generator.uniform(-1500.0, 1500.0, (2, 12))
    plain = inflow(generator.uniform(0.0, 27.0, 200), generator.uniform(0.0, 360.0, 200))
    for name in ("bastankhah", "niayifar_crespo", "turbopark"):
        one = simulate_farm(Farm(x, y, TURBINE), plain, name)
        other = simulate_farm(Farm(x, y, TURBINE), plain.assign(yaw=("turbine", np.zeros(12))), name)
        xr.testing.assert_identical(one, other)
    # An hour with yaw changes none of the others.
    yaw = np.zeros((200, 12))
    yaw[100] = 20.0
    turned = simulate_farm(Farm(x, y, TURBINE), plain.assign(yaw=(("time", "turbine"), yaw)))
    straight = simulate_farm(Farm(x, y, TURBINE), plain)
    rest = np.arange(200) != 100
    np.testing.assert_allclose(turned["power"][rest], straight["power"][rest], rtol=1e-8, atol=1e-2)


def test_a_yawed_turbine_stops_where_the_wind_itself_exceeds_its_curve() -> None:
    found = simulate_farm(Farm([0.0], [0.0], TURBINE), inflow([24.9, 25.5], 270.0, [30.0]))
    assert found["power"][:, 0].to_numpy().tolist() == [2e6, 0.0]
    assert found["thrust_coefficient"][1, 0] == 0.0


SECTORS = xr.Dataset(
    {
        "yaw": (("sector", "turbine"), [[20.0, 0.0, 0.0], [0.0, -15.0, 0.0]]),
        "from_direction": ("sector", [350.0, 255.0]),
        "to_direction": ("sector", [10.0, 285.0]),
    },
    coords={"turbine": ["A", "C", "B"]},
)
ROW = Farm([0.0, 500.0, 1000.0], [0.0, 0.0, 0.0], TURBINE, names=["A", "B", "C"])


def test_yaw_by_sectors_is_that_of_each_hour_by_its_direction_and_label() -> None:
    directions = np.array([349.99, 350.0, 0.0, 9.99, 10.0, 255.0, 270.0, 285.0, 100.0])
    stated = np.zeros((9, 3))
    stated[1:4, 0], stated[5:7, 2] = 20.0, -15.0
    by_sector = simulate_farm(replace(ROW, yaw=SECTORS), inflow(9.0, directions))
    by_hour = simulate_farm(ROW, inflow(9.0, directions, stated))
    np.testing.assert_array_equal(by_sector["yaw"], stated)
    xr.testing.assert_identical(by_sector, by_hour)
    labelled = inflow(9.0, directions).assign(yaw=("turbine", [5.0, 7.0, 9.0])).assign_coords(turbine=["C", "A", "B"])
    np.testing.assert_array_equal(simulate_farm(ROW, labelled)["yaw"][0], [7.0, 9.0, 5.0])


def test_where_each_turbine_has_its_own_wind_its_own_direction_decides() -> None:
    winds = inflow(9.0, [270.0]).assign(wind_direction=(("time", "turbine"), [[0.0, 270.0, 300.0]]))
    found = simulate_farm(replace(ROW, yaw=SECTORS), winds)
    np.testing.assert_array_equal(found["yaw"][0], [20.0, 0.0, 0.0])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda yaw: yaw.drop_vars("to_direction"), "over sector, without to_direction"),
        (lambda yaw: yaw.isel(sector=0), "no use for|expected \\(sector\\)"),
        (lambda yaw: yaw.assign_coords(turbine=["A", "B", "X"]), "'C' is missing"),
        (lambda yaw: yaw.assign(yaw=4.0 * yaw["yaw"]), "yaw"),
        (lambda yaw: yaw.assign(to_direction=yaw["from_direction"]), "from 350 to 350 degrees; expected a width"),
        (
            lambda yaw: yaw.assign(yaw=yaw["yaw"] + 1.0, to_direction=("sector", [300.0, 285.0])),
            "has two angles at 255",
        ),
        (lambda yaw: yaw.assign(yaws=yaw["yaw"]), "no use for the variable 'yaws'. Nearest: .?yaw"),
        (lambda yaw: yaw.assign(yaw=yaw["yaw"].assign_attrs(units="rad")), "yaw is in 'rad'"),
    ],
)
def test_a_wrong_table_is_refused_by_name(change, message: str) -> None:
    with pytest.raises(DataError, match=message):
        replace(ROW, yaw=change(SECTORS))


def test_a_wrong_yaw_of_an_inflow_is_refused_by_name() -> None:
    with pytest.raises(DataError, match=r"yaw is over \(\) as one number; expected \(turbine\)"):
        simulate_farm(ROW, inflow(9.0, 270.0).assign(yaw=20.0))
    with pytest.raises(DataError, match=r"yaw .*70"):
        simulate_farm(ROW, inflow(9.0, 270.0, [70.0, 0.0, 0.0]))
    with pytest.raises(DataError, match="states a yaw, and so does the farm"):
        simulate_farm(replace(ROW, yaw=SECTORS), inflow(9.0, 270.0, [20.0, 0.0, 0.0]))
    model = replace(BASTANKHAH, deflection="gaussian-2016")
    bare = inflow(9.0, 270.0, [20.0, 0.0, 0.0]).drop_vars("turbulence_intensity")
    with pytest.raises(DataError, match="deflection 'gaussian-2016' needs turbulence_intensity"):
        simulate_farm(ROW, bare, model)
    simulate_farm(ROW, bare.drop_vars("yaw"), model)
    with pytest.raises(ConfigurationError, match=r"there is no deflection 'jimenez'\. Nearest: .?jimenez-2010"):
        WakeModel("own", "gaussian", deflection="jimenez")
    with pytest.raises(ConfigurationError, match="both 0; expected a growth above 0"):
        replace(model, deflection_expansion_rate=0.0, deflection_expansion_rate_per_intensity=0.0)
    with pytest.raises(ConfigurationError, match="yaw_power_exponent is -1"):
        replace(TURBINE, yaw_power_exponent=-1.0)
    for name in ("yaw_thrust_exponent", "rotor_diameter"):
        for value in (True, np.True_):
            with pytest.raises(ConfigurationError, match=f"{name} is True; expected a number"):
                replace(TURBINE, **{name: value})


def test_neighbours_that_are_yawed_steer_their_wakes_too() -> None:
    own, others = Farm([800.0], [0.0], TURBINE), Farm([0.0, 400.0], [0.0, 0.0], TURBINE)
    table = xr.Dataset({"yaw": ("turbine", [25.0, 10.0])})
    both = Farm([800.0, 0.0, 400.0], [0.0, 0.0, 0.0], TURBINE)
    expected = simulate_farm(both, inflow(9.0, 270.0, [0.0, 25.0, 10.0]))["power"][:, :1]
    found = simulate_farm(own, inflow(9.0, 270.0), neighbours=replace(others, yaw=table))["power"]
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert float(simulate_farm(own, inflow(9.0, 270.0), neighbours=others)["power"].sum()) < float(found.sum())
    whole = joined_yaw(None, replace(others, yaw=table).yaw, (1, 2))
    xr.testing.assert_equal(simulate_farm(replace(both, yaw=whole), inflow(9.0, 270.0))["power"][:, :1], expected)
