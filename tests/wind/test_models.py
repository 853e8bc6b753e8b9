"""Every wake model equals what others computed or published, and obeys the symmetries of a farm."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.wind import MODELS, Farm, Turbine, WakeModel, annual_energy_production, simulate_farm

ANY_SPACING = pytest.mark.filterwarnings("ignore:farm. two turbines")  # of random layouts
pytestmark = ANY_SPACING
ORACLES = Path(__file__).resolve().parents[1] / "oracles"
HORNS_REV_1 = ORACLES / "horns_rev_1_wakes.nc"
TASK_37 = json.loads((ORACLES / "iea_task_37.json").read_text(encoding="utf-8"))
# PyWake averages over the rotor by a coarse table for these two; ours is exact.
TOLERANCES = {"niayifar_lit": 1.2e-5, "turbopark": 1.2e-5}
SMOOTH = sorted(set(MODELS) - {"noj_noavg"})  # a top hat at the hub jumps at its edge
PRESETS = ["noj", "noj_noavg", "bastankhah", "niayifar_crespo", "niayifar_stf", "niayifar_lit", "turbopark"]

SPEEDS = np.arange(3.0, 26.0)
TURBINE = Turbine(
    "reference",
    80.0,
    70.0,
    SPEEDS,
    2e6 * np.clip((SPEEDS - 3.0) / 10.0, 0.0, 1.0) ** 2,
    np.clip(0.9 - 0.002 * SPEEDS**2 / 1.5, 0.05, 0.85),
)


def inflow(speed, direction, intensity=0.08) -> xr.Dataset:
    speed, direction = np.atleast_1d(speed) * 1.0, np.atleast_1d(direction) * 1.0
    return xr.Dataset(
        {"wind_speed": ("time", speed), "wind_direction": ("time", direction), "turbulence_intensity": intensity}
    )


@pytest.mark.parametrize("model", PRESETS)
def test_every_preset_equals_pywake_on_horns_rev_1(model: str) -> None:
    with xr.open_dataset(HORNS_REV_1) as oracle:
        turbine = Turbine("V80", 80.0, 70.0, oracle["ws_tab"], oracle["power_curve"], oracle["ct_curve"])
        cases = inflow(oracle["ws"].to_numpy(), oracle["wd"].to_numpy(), 0.1)
        result = simulate_farm(Farm(oracle["x"], oracle["y"], turbine), cases, model)
        expected = oracle.sel(model=model).load()
    tolerance = TOLERANCES.get(model, 1e-9)
    np.testing.assert_allclose(result["wind_speed_effective"], expected["ws_eff"], rtol=tolerance)
    if np.isfinite(expected["ti_eff"]).all():
        np.testing.assert_allclose(result["turbulence_intensity_effective"], expected["ti_eff"], rtol=10 * tolerance)


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("noj", (6.483217354555, 6.939748767315)),
        ("bastankhah", (6.316130204764, 7.417360124906)),
        ("niayifar_crespo", (6.883484604511, 7.546556324381)),
        ("niayifar_stf", (6.883484604511, 7.538976679608)),
    ],
)
def test_three_turbines_by_hand(model: str, expected: tuple[float, float]) -> None:
    with xr.open_dataset(HORNS_REV_1) as oracle:
        turbine = Turbine("V80", 80.0, 70.0, oracle["ws_tab"], oracle["power_curve"], oracle["ct_curve"])
    farm = Farm([0.0, 400.0, 800.0], [0.0, 20.0, -30.0], turbine)
    found = simulate_farm(farm, inflow(9.0, 270.0, 0.1), model)["wind_speed_effective"].to_numpy()[0]
    np.testing.assert_allclose(found, (9.0, *expected), rtol=1e-10)


def test_turbopark_equals_the_reference_of_its_authors() -> None:
    case = json.loads((ORACLES / "turbopark_authors_row.json").read_text())
    power = np.array(case["power_kw"]) * 1e3
    turbine = Turbine("row", case["D"], case["hub_height"], case["u_tab"], power, case["ct"])
    speed = np.array(case["u0_at_90m"]) * (case["hub_height"] / 90.0) ** case["shear_exponent"]
    cases = inflow(speed, np.full(3, case["wd"])).drop_vars("turbulence_intensity")
    cases["turbulence_intensity"] = ("time", case["TI"])
    result = simulate_farm(Farm(case["x"], case["y"], turbine), cases, "nygaard-2022")
    np.testing.assert_allclose(result["wind_speed_effective"].T, case["ws_eff"], rtol=1e-6)
    np.testing.assert_allclose(result["power"].T / 1e3, case["power_ref_kw"], rtol=1e-5)


def _task_37_power(speed: np.ndarray, rated: float, rated_speed: float) -> np.ndarray:
    """Return the power [MW]: a cube between 4 m/s and the rated speed, nothing from 25 m/s on."""
    power = rated * np.clip((speed - 4.0) / (rated_speed - 4.0), 0.0, 1.0) ** 3
    return np.where(speed < 25.0, power, 0.0)


@pytest.mark.parametrize("layout", sorted(TASK_37["layouts"]))
def test_the_energy_of_task_37_case_studies_1_and_2_is_the_published_one(layout: str) -> None:
    published, wind = TASK_37["layouts"][layout], TASK_37["wind_rose"]
    directions, frequency = wind["direction"], np.array(wind["frequency"])
    turbine = Turbine("3.35 MW", 130.0, 110.0, [0.0, 50.0], [0.0, 0.0], [8 / 9, 8 / 9])
    result = simulate_farm(Farm(published["x"], published["y"], turbine), inflow(np.full(16, 9.8), directions), "iea37")
    speed = result["wind_speed_effective"].to_numpy()
    binned = _task_37_power(speed, 3.35, 9.8).sum(axis=1) * frequency * 8760.0
    np.testing.assert_allclose(binned, published["binned"], rtol=1e-9, atol=6e-6)
    assert binned.sum() == pytest.approx(published["published"], rel=1e-9, abs=6e-6)


def test_the_energy_of_task_37_case_study_3_is_the_published_one() -> None:
    published = TASK_37["case_study_3"]
    speeds, directions = np.meshgrid(published["speed"], published["direction"])
    turbine = Turbine("10 MW", 198.0, 119.0, [0.0, 50.0], [0.0, 0.0], [8 / 9, 8 / 9])
    result = simulate_farm(
        Farm(published["x"], published["y"], turbine), inflow(speeds.ravel(), directions.ravel()), "iea37"
    )
    power = _task_37_power(result["wind_speed_effective"].to_numpy(), 10.0, 11.0).sum(axis=1).reshape(speeds.shape)
    share = np.array(published["speed_frequency"]) * np.array(published["direction_frequency"])[:, None]
    binned = (power * share).sum(axis=1) * 8760.0
    np.testing.assert_allclose(binned, published["binned"], rtol=1e-9, atol=6e-6)
    assert binned.sum() == pytest.approx(published["published"], rel=1e-9, abs=6e-5)


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(SMOOTH), st.integers(0, 2**32 - 1), st.floats(0.0, 360.0), st.floats(1.0, 359.0))
def test_turning_farm_and_wind_together_changes_nothing(model: str, seed: int, direction: float, turn: float) -> None:
    x, y = np.random.default_rng(seed).uniform(-3000.0, 3000.0, (2, 8))
    angle = np.radians(-turn)
    turned = Farm(x * np.cos(angle) - y * np.sin(angle), x * np.sin(angle) + y * np.cos(angle), TURBINE)
    first = simulate_farm(Farm(x, y, TURBINE), inflow(9.0, direction), model)
    second = simulate_farm(turned, inflow(9.0, (direction + turn) % 360.0), model)
    np.testing.assert_allclose(first["wind_speed_effective"], second["wind_speed_effective"], rtol=1e-7)


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(SMOOTH), st.integers(0, 2**32 - 1), st.floats(0.0, 360.0))
def test_order_is_irrelevant_mirrors_agree_and_wakes_only_take(model: str, seed: int, direction: float) -> None:
    generator = np.random.default_rng(seed)
    x, y = generator.uniform(-3000.0, 3000.0, (2, 10))
    shuffle = generator.permutation(10)
    first = simulate_farm(Farm(x, y, TURBINE), inflow(9.0, direction), model)
    shuffled = simulate_farm(Farm(x[shuffle], y[shuffle], TURBINE), inflow(9.0, direction), model)
    speed = first["wind_speed_effective"].to_numpy()[0]
    np.testing.assert_allclose(speed[shuffle], shuffled["wind_speed_effective"].to_numpy()[0], rtol=1e-9)
    mirrored = simulate_farm(Farm(-x, y, TURBINE), inflow(9.0, (360.0 - direction) % 360.0), model)
    np.testing.assert_allclose(speed, mirrored["wind_speed_effective"].to_numpy()[0], rtol=1e-7)
    free = float(np.interp(9.0, SPEEDS, np.asarray(TURBINE.power))) * 10
    assert 0.0 <= float(first["power"].sum()) <= free * (1.0 + 1e-12)
    assert np.all(first["turbulence_intensity_effective"] >= 0.08 - 1e-15)


@settings(deadline=None, max_examples=20)
@given(st.sampled_from(sorted(MODELS)), st.integers(0, 2**32 - 1), st.floats(100.0, 5000.0))
def test_a_turbine_further_downstream_never_changes_those_upstream(model: str, seed: int, further: float) -> None:
    x, y = np.random.default_rng(seed).uniform(-2000.0, 2000.0, (2, 8))
    last = int(np.argmax(x))  # the wind comes from the west
    before = simulate_farm(Farm(x, y, TURBINE), inflow(9.0, 270.0), model)["power"].to_numpy()[0]
    x[last] += further
    after = simulate_farm(Farm(x, y, TURBINE), inflow(9.0, 270.0), model)["power"].to_numpy()[0]
    others = np.arange(8) != last
    np.testing.assert_allclose(before[others], after[others], rtol=1e-9)


@pytest.mark.parametrize("model", sorted(MODELS))
def test_blocks_of_like_direction_equal_hours_alone(model: str) -> None:
    generator = np.random.default_rng(5)
    x, y = np.meshgrid(np.arange(5) * 560.0, np.arange(4) * 420.0)
    farm = Farm(x.ravel(), y.ravel(), TURBINE)
    weather = inflow(generator.uniform(3.0, 25.0, 3000), generator.uniform(0.0, 360.0, 3000))
    together = simulate_farm(farm, weather, model)
    for t in generator.integers(0, 3000, 30):
        alone = simulate_farm(farm, weather.isel(time=[t]), model)
        np.testing.assert_allclose(
            together["wind_speed_effective"][int(t)], alone["wind_speed_effective"][0], rtol=2e-9
        )
    assert together["power"].equals(simulate_farm(farm, weather, model, workers=3)["power"])


def test_a_model_of_own_parts_superposes_as_stated() -> None:
    farm = Farm([0.0, 500.0, 1000.0], [0.0, 0.0, 0.0], TURBINE)
    speeds = {
        how: simulate_farm(farm, inflow(9.0, 270.0), WakeModel("own", "gaussian", how, expansion_rate=0.03))
        for how in ("linear", "squared", "maximum")
    }
    last = {how: float(result["wind_speed_effective"][0, 2]) for how, result in speeds.items()}
    assert last["linear"] < last["squared"] < last["maximum"] < 9.0


def test_wrong_parts_and_missing_turbulence_are_reported() -> None:
    with pytest.raises(ConfigurationError, match=r"no deficit 'gausian'. Nearest: gaussian"):
        WakeModel("own", "gausian")
    with pytest.raises(ConfigurationError, match=r"'gaussian' has no mirror at the ground; expected one of gaus"):
        WakeModel("own", "gaussian", mirrors=True)
    farm = Farm([0.0], [0.0], TURBINE)
    with pytest.raises(DataError, match="needs turbulence_intensity"):
        simulate_farm(farm, inflow(9.0, 0.0).drop_vars("turbulence_intensity"), "turbopark")
    with pytest.raises(DataError, match="expected a fraction above 0"):
        simulate_farm(farm, inflow(9.0, 0.0, 8.0), "turbopark")


@pytest.mark.parametrize("value", [-0.01, float("nan"), float("inf")])
@pytest.mark.parametrize(
    "name", ["expansion_rate", "expansion_rate_per_intensity", "width_factor", "largest_thrust", "crespo_factor"]
)
def test_a_coefficient_out_of_its_range_is_refused_by_name(name: str, value: float) -> None:
    with pytest.raises(ConfigurationError, match=rf"wake model: {name} is {value:g}; expected 0 or more"):
        WakeModel("own", "gaussian", **{name: value})
    with pytest.raises(ConfigurationError, match=rf"wake model: {name} is {value:g}; expected"):
        replace(MODELS["niayifar_crespo"], **{name: value})


def test_a_wake_without_width_and_a_thrust_of_one_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="width_factor is 0; expected a width above 0"):
        WakeModel("own", "gaussian", width_factor=0.0)
    with pytest.raises(ConfigurationError, match="largest_thrust is 1; expected 0 or more, below 1"):
        WakeModel("own", "gaussian", largest_thrust=1.0)
    with pytest.raises(ConfigurationError, match="crespo_induction is nan; expected a finite number"):
        WakeModel("own", "gaussian", crespo_induction=float("nan"))
    assert WakeModel("own", "gaussian", crespo_intensity=-0.0325).expansion_rate == 0.0


def test_energy_from_statistics_equals_energy_from_the_series_that_they_describe() -> None:
    generator = np.random.default_rng(3)
    scale, shape = np.array([9.0, 11.0, 8.0, 10.0]), np.array([2.0, 2.2, 1.9, 2.4])
    frequency = np.array([0.2, 0.3, 0.1, 0.4])
    sector = generator.choice(4, 200_000, p=frequency)
    direction = (sector * 90.0 + generator.uniform(-45.0, 45.0, sector.size)) % 360.0
    speed = scale[sector] * generator.weibull(shape[sector])
    statistics = xr.Dataset(
        {
            "sector_frequency": ("sector", frequency),
            "weibull_scale": ("sector", scale),
            "weibull_shape": ("sector", shape),
        }
    )
    farm = Farm([0.0, 500.0, 1000.0], [0.0, 100.0, 0.0], TURBINE)
    series = annual_energy_production(farm, inflow(speed, direction).drop_vars("turbulence_intensity"))
    weibull = annual_energy_production(farm, statistics)
    np.testing.assert_allclose(weibull["annual_energy_production"], series["annual_energy_production"], rtol=5e-3)
    assert weibull.attrs["cases"] == 360 * (45 + 2)  # the ends of 44 classes, and both sides of the curve
    with pytest.raises(DataError, match=r"add up to 0.9"):
        annual_energy_production(farm, statistics.assign(sector_frequency=("sector", frequency * 0.9)))
