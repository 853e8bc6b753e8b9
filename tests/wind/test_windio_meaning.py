"""What the keys of a windIO plant mean, held against plain NumPy: wakes, curves, sectors, profiles, flags, farms."""

import math
import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from numpy.typing import NDArray

from tests.wind.windio_plants import ANALYSIS, CASES, RESOURCE, ROSE, SERIES, TURBINE, changed, row_of, write
from testsite_sim.cases.windio import WindioCase
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.wind import annual_energy_production
from testsite_sim.wind.windio import Plant, read_windio
from testsite_sim.wind.windio.reading import load_plant, read_document

GWH = 3.6e12
CURVE = TURBINE["performance"]["power_curve"]
THRUST = TURBINE["performance"]["Ct_curve"]
DIAMETER = TURBINE["rotor_diameter"]
DEFICIT = f"{ANALYSIS}.wind_deficit_model"
EXPANSION = f"{DEFICIT}.wake_expansion_coefficient"


def read(folder: Path, resource: dict[str, object], changes: dict[str, object], count: int = 4) -> Plant:
    """Return a row of turbines with changes, as read."""
    return read_windio(write(folder, changed(row_of(resource, count), changes)))


def energy(plant: Plant) -> NDArray[np.float64]:
    """Return the energy of each turbine [J]."""
    found = annual_energy_production(plant.farm, plant.resource, plant.model, blockage=plant.blockage)
    return np.asarray(found["annual_energy_production"].to_numpy())


def power(speed: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Return the power of the turbine at a wind speed [W]."""
    table = CURVE["power_wind_speeds"], CURVE["power_values"]
    return np.asarray(np.interp(speed, *table, left=0.0, right=0.0))


def speeds_along(
    speed: float, count: int, k: float | list[float], spacing: float = 600.0, ceps: float = 0.2
) -> list[float]:
    """Return the wind speed at turbines in a row along the wind: Bastankhah's wakes, added up, of the source's wind."""
    found: list[float] = []
    for target in range(count):
        deficit = 0.0
        for source in range(target):
            thrust = float(np.interp(found[source], THRUST["Ct_wind_speeds"], THRUST["Ct_values"], left=0.0, right=0.0))
            root = math.sqrt(1.0 - min(0.899, thrust))
            growth = k if isinstance(k, float) else k[source]
            sigma = growth * (target - source) * spacing + ceps * math.sqrt((1.0 + root) / (2.0 * root)) * DIAMETER
            local = thrust * DIAMETER**2 / (8.0 * sigma**2)
            deficit += found[source] * min(1.0, 2.0 * local * (0.2460 + local * (0.0586 + local * 0.0883)))
        found.append(speed - deficit)
    return found


LINEAR = {f"{ANALYSIS}.superposition_model.ws_superposition": "Linear", f"{DEFICIT}.use_effective_ws": True}
BOTH = ["wind_direction", "wind_speed"]
ALONG = {f"{RESOURCE}.wind_direction": [270.0] * 3, f"{RESOURCE}.wind_speed": [8.0, 9.0, 10.0]}


@pytest.mark.parametrize(("k_a", "k_b"), [(0.0, 0.04), (0.38, 0.004)])
def test_a_wake_grows_by_k_a_times_the_turbulence_plus_k_b(tmp_path: Path, k_a: float, k_b: float) -> None:
    changes = {**ALONG, **LINEAR, f"{EXPANSION}.k_a": k_a, f"{EXPANSION}.k_b": k_b}
    plant = read(tmp_path, SERIES, changes)
    intensity = [0.06, 0.08, 0.1]
    expected = np.mean(
        [
            power(np.array(speeds_along(v, 4, k_a * ti + k_b)))
            for v, ti in zip([8.0, 9.0, 10.0], intensity, strict=True)
        ],
        axis=0,
    )
    np.testing.assert_allclose(energy(plant), expected * 8760 * 3600, rtol=1e-9)


@pytest.mark.parametrize(("stated", "missing"), [("k_a", "k_b"), ("k_b", "k_a")])
def test_one_coefficient_of_the_wakes_growth_alone_is_refused(tmp_path: Path, stated: str, missing: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"{stated}: stands without {missing}.*write both"):
        read(tmp_path, SERIES, {f"{EXPANSION}.{stated}": 0.04})


def test_free_stream_ti_takes_the_ambient_turbulence_for_the_wakes_growth(tmp_path: Path) -> None:
    changes = {
        **ALONG,
        **LINEAR,
        f"{EXPANSION}.k_a": 0.38,
        f"{EXPANSION}.k_b": 0.004,
        f"{ANALYSIS}.turbulence_model.name": "CrespoHernandez",
    }
    waked = energy(read(tmp_path, SERIES, changes))
    ambient = energy(read(tmp_path, SERIES, changes | {f"{EXPANSION}.free_stream_ti": True}))
    alone = energy(read(tmp_path, SERIES, changes | {f"{ANALYSIS}.turbulence_model.name": "None"}))
    np.testing.assert_array_equal(ambient, alone)
    assert waked[3] > 1.02 * ambient[3]  # the turbulence that wakes add widens them


def test_a_superposition_of_turbulence_is_refused_where_it_is_another(tmp_path: Path) -> None:
    changes = {f"{EXPANSION}.k_a": 0.38, f"{EXPANSION}.k_b": 0.004, f"{ANALYSIS}.turbulence_model.name": "STF2017"}
    superposition = f"{ANALYSIS}.superposition_model.ti_superposition"
    read(tmp_path, SERIES, changes | {superposition: "Linear"})
    with pytest.raises(
        ConfigurationError, match="ti_superposition: is 'Squared'; with STF2017 the turbulence is added up"
    ):
        read(tmp_path, SERIES, changes | {superposition: "Squared"})
    without = read(tmp_path, SERIES, {superposition: "Squared", f"{ANALYSIS}.turbulence_model.name": "GCL"})
    assert {superposition, f"{ANALYSIS}.turbulence_model.name"} <= set(without.ignored_without_effect)


def test_one_dimensional_induction_is_taken(tmp_path: Path) -> None:
    plant = read(
        tmp_path, SERIES, ALONG | {f"{ANALYSIS}.axial_induction_model": "1D", f"{RESOURCE}.wind_speed": [9.0] * 3}, 2
    )
    sigma = 0.0324555 * 600.0 + 0.2 * math.sqrt((1.0 + math.sqrt(0.2)) / (2.0 * math.sqrt(0.2))) * DIAMETER
    deficit = 1.0 - math.sqrt(1.0 - 0.8 * DIAMETER**2 / (8.0 * sigma**2))
    assert energy(plant)[1] == pytest.approx(float(power(9.0 * (1.0 - deficit))) * 8760 * 3600, rel=1e-9)
    with pytest.raises(ConfigurationError, match="Jensen with wake_averaging grid and 1D induction is not among ours"):
        read(tmp_path, SERIES, {f"{ANALYSIS}.axial_induction_model": "1D", f"{DEFICIT}.name": "Jensen"})


@pytest.mark.parametrize("induction", ["1D", "Madsen"])
def test_wake_averaging_over_the_rotor_is_the_mean_over_its_disc(tmp_path: Path, induction: str) -> None:
    averaging = f"{ANALYSIS}.rotor_averaging"
    abreast = ALONG | {"wind_farm.layouts.0.coordinates.y": [0.0, 60.0], f"{RESOURCE}.wind_speed": [9.0] * 3}
    changes = abreast | {f"{ANALYSIS}.axial_induction_model": induction, f"{averaging}.wake_averaging": "grid"}
    plant = read(tmp_path, SERIES, changes | {f"{averaging}.n_x_grid_points": 5}, 2)
    sigma = 0.0324555 * 600.0 + 0.2 * math.sqrt((1.0 + math.sqrt(0.2)) / (2.0 * math.sqrt(0.2))) * DIAMETER
    local = 0.8 * DIAMETER**2 / (8.0 * sigma**2)
    centre = 1.0 - math.sqrt(1.0 - local) if induction == "1D" else local * (0.492 + local * (0.1172 + local * 0.1766))
    grid = (np.arange(2000) + 0.5) / 1000.0 - 1.0
    across, up = np.meshgrid(grid * 0.5 * DIAMETER, grid * 0.5 * DIAMETER)
    inside = across**2 + up**2 < (0.5 * DIAMETER) ** 2
    mean = np.exp(-((across[inside] + 60.0) ** 2 + up[inside] ** 2) / (2.0 * sigma**2)).mean()
    assert energy(plant)[1] == pytest.approx(float(power(9.0 * (1.0 - centre * mean))) * 8760 * 3600, rel=2e-6)
    assert "its integral" in plant.ignored_without_effect[f"{averaging}.n_x_grid_points"]
    with pytest.raises(ConfigurationError, match="background_averaging: the undisturbed wind"):
        read(tmp_path, SERIES, changes | {f"{averaging}.background_averaging": "grid"}, 2)


def test_jensens_wake_is_taken_at_the_hub_or_over_the_rotor(tmp_path: Path) -> None:
    jensen = {f"{DEFICIT}.name": "Jensen"}
    assert read(tmp_path, SERIES, jensen).model.deficit == "top-hat-overlap"
    centre = read(tmp_path, SERIES, jensen | {f"{ANALYSIS}.rotor_averaging.wake_averaging": "center"})
    assert centre.model.deficit == "top-hat"


def _with_performance(performance: dict[str, object]) -> dict[str, object]:
    return {
        "wind_farm.turbines.performance": {"Ct_curve": THRUST} | performance,
        "wind_farm.turbines.rotor_diameter": 150.0,
    }


def test_a_power_coefficient_is_interpolated_before_the_cube(tmp_path: Path) -> None:
    curve = {"Cp_curve": {"Cp_values": [0.45, 0.45, 0.45], "Cp_wind_speeds": [3.0, 12.0, 25.0]}}
    changes = _with_performance(curve) | {f"{RESOURCE}.wind_speed": [9.0] * 3}
    found = float(energy(read(tmp_path, SERIES, changes, 1)).sum()) / GWH
    assert found == pytest.approx(0.5 * 1.225 * math.pi * 75.0**2 * 0.45 * 9.0**3 * 8760 / 1e9, rel=1e-9)
    assert found == pytest.approx(31.10, abs=0.005)
    sloped = {"Cp_curve": {"Cp_values": [0.3, 0.5], "Cp_wind_speeds": [4.0, 14.0]}, "rated_power": 9e6}
    found = float(
        energy(read(tmp_path, SERIES, _with_performance(sloped) | {f"{RESOURCE}.wind_speed": [9.003] * 3}, 1)).sum()
    )
    coefficient = 0.3 + 0.2 * 5.003 / 10.0
    assert found / 8760 / 3600 == pytest.approx(0.5 * 1.225 * math.pi * 75.0**2 * coefficient * 9.003**3, rel=2e-6)


@pytest.mark.parametrize(
    ("limits", "speed", "runs"),
    [
        ({"cutin_wind_speed": 10.0}, 9.0, False),
        ({"cutin_wind_speed": 10.0}, 10.0, True),
        ({"cutout_wind_speed": 20.0}, 20.0, True),
        ({"cutout_wind_speed": 20.0}, 20.5, False),
        ({}, 20.5, True),
    ],
)
def test_stated_limits_of_the_wind_speed_hold(
    tmp_path: Path, limits: dict[str, float], speed: float, runs: bool
) -> None:
    changes = {f"wind_farm.turbines.performance.{key}": value for key, value in limits.items()}
    found = energy(read(tmp_path, SERIES, changes | {f"{RESOURCE}.wind_speed": [speed] * 3}, 1))[0] / 8760 / 3600
    assert found == pytest.approx(float(power(speed)) if runs else 0.0, rel=1e-12)


def test_a_table_that_ends_before_the_other_ends_at_once(tmp_path: Path) -> None:
    thrust = {"Ct_values": [0.0, 0.8, 0.05, 0.0], "Ct_wind_speeds": [0.0, 3.0, 25.0, 40.0]}
    changes = {"wind_farm.turbines.performance.Ct_curve": thrust, f"{RESOURCE}.wind_speed": [25.1, 25.1, 25.1]}
    assert energy(read(tmp_path, SERIES, changes, 1))[0] == 0.0


def test_a_curve_may_fall_at_once_at_cut_out(tmp_path: Path) -> None:
    power_curve = {"power_values": [0.0, 5e6, 5e6, 0.0], "power_wind_speeds": [3.0, 11.0, 25.0, 25.0]}
    changes = {"wind_farm.turbines.performance.power_curve": power_curve}
    for speed, expected in ((24.9, 5e6), (25.0, 5e6), (25.001, 0.0)):
        plant = read(tmp_path, SERIES, changes | {f"{RESOURCE}.wind_speed": [speed] * 3}, 1)
        assert energy(plant)[0] / 8760 / 3600 == pytest.approx(expected, rel=1e-12)
    thrice = power_curve | {"power_wind_speeds": [3.0, 25.0, 25.0, 25.0]}
    with pytest.raises(
        ConfigurationError, match="power_wind_speeds: the wind speeds of a curve must rise; two at most"
    ):
        read(tmp_path, SERIES, {"wind_farm.turbines.performance.power_curve": thrice})


def test_a_turbine_may_take_power_on_standby(tmp_path: Path) -> None:
    curve = {"power_values": [-2e4, -2e4, 0.0, 5e6, 5e6], "power_wind_speeds": [0.0, 2.0, 3.0, 11.0, 25.0]}
    changes = {"wind_farm.turbines.performance.power_curve": curve, f"{RESOURCE}.wind_speed": [1.0, 1.0, 1.0]}
    assert energy(read(tmp_path, SERIES, changes, 1))[0] == pytest.approx(-2e4 * 8760 * 3600, rel=1e-12)


def test_blades_that_would_reach_below_the_sea_are_refused(tmp_path: Path) -> None:
    for height in (10.0, 60.0):
        with pytest.raises(
            ConfigurationError, match=rf"hub_height: is {height:g} m under a rotor_diameter of 120 m.*above 60 m"
        ):
            read(tmp_path, SERIES, {"wind_farm.turbines.hub_height": height})
    read(tmp_path, SERIES, {"wind_farm.turbines.hub_height": 60.1})


def test_kilowatts_and_efficiencies_are_refused(tmp_path: Path) -> None:
    performance = "wind_farm.turbines.performance"
    with pytest.raises(
        ConfigurationError, match=r"its largest power is 5000 W for a rotor of 120 m; windIO has power in W"
    ):
        read(tmp_path, SERIES, {f"{performance}.power_curve.power_values": [0.0, 4000.0, 5000.0, 5000.0]})
    with pytest.raises(ConfigurationError, match="generator_efficiency: it is not said"):
        read(tmp_path, SERIES, {f"{performance}.generator_efficiency": 0.95})
    read(tmp_path, SERIES, {f"{performance}.generator_efficiency": 1.0})


def _turned(x: list[float], degrees: float) -> dict[str, object]:
    """Return a row of turbines, turned as a compass needle is."""
    angle = math.radians(degrees)
    return {
        "wind_farm.layouts.0.coordinates.x": [value * math.cos(angle) for value in x],
        "wind_farm.layouts.0.coordinates.y": [-value * math.sin(angle) for value in x],
    }


def test_sectors_stand_at_their_stated_directions(tmp_path: Path) -> None:
    x = [0.0, 600.0, 1200.0, 1800.0]
    all_in_one = {f"{RESOURCE}.sector_probability": {"data": [0.0, 0.0, 0.0, 1.0], "dims": ["wind_direction"]}}
    aside = {f"{RESOURCE}.wind_direction": [45.0, 135.0, 225.0, 315.0]}
    between = energy(read(tmp_path, ROSE, all_in_one | aside))
    turned = energy(read(tmp_path, ROSE, all_in_one | _turned(x, -45.0)))
    along = energy(read(tmp_path, ROSE, all_in_one))
    np.testing.assert_allclose(between, turned, rtol=1e-9)
    assert between.sum() > 1.005 * along.sum()
    backwards = {
        f"{RESOURCE}.wind_direction": [315.0, 225.0, 135.0, 45.0],
        f"{RESOURCE}.sector_probability": {"data": [1.0, 0.0, 0.0, 0.0], "dims": ["wind_direction"]},
        f"{RESOURCE}.weibull_a": {"data": [11.0, 10.0, 8.0, 9.0], "dims": ["wind_direction"]},
        f"{RESOURCE}.weibull_k": {"data": [1.9, 2.2, 2.1, 2.0], "dims": ["wind_direction"]},
    }
    np.testing.assert_array_equal(energy(read(tmp_path, ROSE, backwards)), between)
    for directions, said in (
        ([0.0, 90.0, 180.0, 280.0], "expected the middles of sectors of one width"),
        ([0.0, 10.0, 20.0, 30.0], "expected the middles of sectors of one width"),
        ([0.0, 120.0, 240.0, 360.0], "the first and the last are the same sector"),
    ):
        with pytest.raises(DataError, match=said):
            read(tmp_path, ROSE, {f"{RESOURCE}.wind_direction": directions})


def test_the_air_density_holds_with_weibull_statistics(tmp_path: Path) -> None:
    speed = np.linspace(0.0, 40.0, 4_000_001)

    def expected(density: float) -> float:
        at = power(np.minimum(speed * (density / 1.225) ** (1.0 / 3.0), 25.0)) * (speed <= 25.0)
        total = 0.0
        for share, scale, shape in zip([0.1, 0.2, 0.3, 0.4], [9.0, 8.0, 10.0, 11.0], [2.0, 2.1, 2.2, 1.9], strict=True):
            relative = speed / scale
            total += share * float(
                np.trapezoid(at * shape / scale * relative ** (shape - 1.0) * np.exp(-(relative**shape)), speed)
            )
        return total * 8760 * 3600

    thin = float(energy(read(tmp_path, ROSE, {f"{RESOURCE}.density": {"data": 1.1, "dims": []}}, 1)).sum())
    standard = float(energy(read(tmp_path, ROSE, {}, 1)).sum())
    assert thin == pytest.approx(expected(1.1), rel=1e-6)
    assert thin / standard == pytest.approx(expected(1.1) / expected(1.225), rel=1e-6)
    assert 0.90 < thin / standard < 0.97


def test_turbines_that_do_not_operate_give_no_power_and_cast_no_wake(tmp_path: Path) -> None:
    flags = {"data": [[0, 1], [1, 1], [1, 0]], "dims": ["time", "wind_turbine"]}
    plant = read(tmp_path, SERIES, ALONG | LINEAR | {f"{RESOURCE}.operating": flags}, 2)
    waked = speeds_along(9.0, 2, 0.0324555)[1]
    first = (0.0 + power(9.0) + power(10.0)) / 3.0
    second = (power(8.0) + power(waked) + 0.0) / 3.0
    np.testing.assert_allclose(energy(plant), np.array([first, second]) * 8760 * 3600, rtol=1e-9)
    labelled = read(
        tmp_path,
        SERIES,
        ALONG
        | LINEAR
        | {
            f"{RESOURCE}.operating": {"data": [[1, 0], [1, 1], [0, 1]], "dims": ["time", "wind_turbine"]},
            f"{RESOURCE}.wind_turbine": [2, 1],
        },
        2,
    )
    np.testing.assert_array_equal(energy(labelled), energy(plant))
    with pytest.raises(DataError, match="operating: expected 1 where a turbine runs"):
        read(tmp_path, SERIES, {f"{RESOURCE}.operating": {"data": [0.5, 1.0, 1.0], "dims": ["time"]}})


@pytest.mark.usefixtures("unprinted_figures")
def test_turbines_that_all_stand_still_have_no_energy_and_no_loss(tmp_path: Path) -> None:
    standing = {f"{RESOURCE}.operating": {"data": [0.0, 0.0, 0.0], "dims": ["time"]}}
    path = write(tmp_path, changed(row_of(SERIES), standing))
    summary = WindioCase(path).run(tmp_path / "run").summary
    assert summary["annual_energy_production"].value == 0.0
    assert summary["flow_loss"].value is None
    with xr.open_datatree(tmp_path / "run" / "results.nc", engine="h5netcdf") as tree:
        np.testing.assert_array_equal(tree["wind/flow_loss"], 0.0)
    report = (tmp_path / "run" / "report.html").read_text()
    assert not re.search(r"\bnan\b", report)


@pytest.mark.parametrize(
    ("resource", "key", "value", "said"),
    [
        (ROSE, "weibull_a", {"data": [9.0, -8.0, 10.0, 11.0], "dims": ["wind_direction"]}, "is -8 at 2; expected"),
        (ROSE, "weibull_k", {"data": [2.0, 2.1, 0.0, 1.9], "dims": ["wind_direction"]}, "is 0 at 3; expected"),
        (ROSE, "sector_probability", {"data": [-0.1, 0.4, 0.3, 0.4], "dims": ["wind_direction"]}, r"is -0\.1 at 1"),
        (SERIES, "wind_speed", [8.0, 9.0, -10.0], "is -10 at 3; expected numbers of at least 0 and at most 500 m/s"),
        (SERIES, "density", {"data": 0.0, "dims": []}, "is 0; expected numbers above 0 and at most 3 kg/m3"),
        (SERIES, "turbulence_intensity", {"data": [0.1, -0.1, 0.1], "dims": ["time"]}, r"is -0\.1 at 2; expected"),
        (CASES, "wind_speed", [-7.0, 9.0], "is -7 at 1; expected"),
        (CASES, "probability", {"data": [[0.1, 0.2], [0.1, 0.1], [0.8, -0.3]], "dims": BOTH}, r"is -0\.3 at 3, 2; exp"),
    ],
)  # fmt: skip
def test_a_value_out_of_bounds_is_named_with_its_file_line_and_path(
    tmp_path: Path, resource: dict[str, object], key: str, value: object, said: str
) -> None:
    with pytest.raises(DataError, match=rf"plant\.yaml:\d+: {RESOURCE}\.{key}: {said}"):
        read(tmp_path, resource, {f"{RESOURCE}.{key}": value})


def test_turbulence_with_a_gap_is_refused_where_wakes_depend_on_it_and_listed_where_none_does(tmp_path: Path) -> None:
    def with_gap(changes: dict[str, object]) -> Plant:
        document = load_plant(write(tmp_path, changed(row_of(SERIES), changes)), None)
        resource = document.data["site"]["energy_resource"]["wind_resource"]
        resource["turbulence_intensity"]["data"][1] = float("nan")  # as a resource in NetCDF may hold it
        return read_document(document)

    with pytest.raises(DataError, match=rf"{RESOURCE}\.turbulence_intensity: has gaps"):
        with_gap({f"{EXPANSION}.k_a": 0.38, f"{EXPANSION}.k_b": 0.004})
    assert f"{RESOURCE}.turbulence_intensity" in with_gap({}).ignored_without_effect


@pytest.mark.parametrize(
    ("key", "value"), [(f"{EXPANSION}.k_a", -0.1), (f"{EXPANSION}.k_b", -0.1), (f"{DEFICIT}.ceps", 0.0)]
)
def test_a_coefficient_of_a_wake_out_of_its_range_is_named(tmp_path: Path, key: str, value: float) -> None:
    stated = {f"{EXPANSION}.k_a": 0.0, f"{EXPANSION}.k_b": 0.03, f"{DEFICIT}.ceps": 0.2, key: value}
    with pytest.raises(ConfigurationError, match=rf"plant\.yaml:\d+: {key}: is {value:g}; expected"):
        read(tmp_path, SERIES, stated)


def test_times_are_read_with_their_offsets(tmp_path: Path) -> None:
    stamps = ["2023-01-01T01:00:00+01:00", "2023-01-01T01:00:00.000000000Z", "2023-01-01 02:00:00.000000000"]
    found = read(tmp_path, SERIES, {f"{RESOURCE}.time": stamps}).resource["time"]
    np.testing.assert_array_equal(
        found, np.array(["2023-01-01T00", "2023-01-01T01", "2023-01-01T02"], "datetime64[ns]")
    )
    with pytest.raises(DataError, match="time: holds 'yesterday'; expected dates and times, or numbers"):
        read(tmp_path, SERIES, {f"{RESOURCE}.time": ["yesterday", *stamps[1:]]})


def test_turbines_of_a_resource_are_aligned_by_their_names(tmp_path: Path) -> None:
    speeds = {"data": [[8.0, 10.0]] * 3, "dims": ["time", "wind_turbine"]}
    changes = {f"{RESOURCE}.wind_speed": speeds, f"{RESOURCE}.wind_direction": [0.0] * 3}
    named = {"wind_farm.layouts.0.turbine_identifiers": ["A", "B"]}
    found = energy(read(tmp_path, SERIES, changes | named | {f"{RESOURCE}.wind_turbine": ["B", "A"]}, 2))
    np.testing.assert_allclose(found, power(np.array([10.0, 8.0])) * 8760 * 3600, rtol=1e-12)
    with pytest.raises(DataError, match="wind_turbine: has 2 labels, C, A"):
        read(tmp_path, SERIES, changes | named | {f"{RESOURCE}.wind_turbine": ["C", "A"]}, 2)


@pytest.mark.parametrize("resource", [SERIES, ROSE, CASES])
def test_a_shear_carries_the_wind_to_the_hub(tmp_path: Path, resource: dict[str, object]) -> None:
    sheared = {f"{RESOURCE}.shear": {"alpha": 0.1, "h_ref": 60.0}}
    factor = 1.5**0.1
    speed = resource.get("wind_speed")
    by_hand: dict[str, object] = (
        {f"{RESOURCE}.wind_speed": [value * factor for value in speed]}
        if isinstance(speed, list)
        else {
            f"{RESOURCE}.weibull_a": {"data": [v * factor for v in [9.0, 8.0, 10.0, 11.0]], "dims": ["wind_direction"]}
        }
    )
    found, expected = energy(read(tmp_path, resource, sheared)), energy(read(tmp_path, resource, by_hand))
    np.testing.assert_allclose(found, expected, rtol=1e-9 if speed else 1e-4)  # wakes of a rose: classes of 0.5 m/s
    assert found.sum() > 1.02 * energy(read(tmp_path, resource, {})).sum()


def test_a_height_that_is_not_the_hubs_wants_a_shear(tmp_path: Path) -> None:
    plain = energy(read(tmp_path, SERIES, {}))
    np.testing.assert_array_equal(energy(read(tmp_path, SERIES, {f"{RESOURCE}.reference_height": 90.0})), plain)
    for key, value in (("reference_height", 60.0), ("height", [60.0]), ("height", 100.0)):
        with pytest.raises(DataError, match=rf"{key}: the wind is stated at .* m, the hubs stand at 90 to 90 m"):
            read(tmp_path, SERIES, {f"{RESOURCE}.{key}": value})
    with pytest.raises(DataError, match=r"stated at different heights: reference_height 70 m, shear\.h_ref 60 m"):
        read(
            tmp_path, SERIES, {f"{RESOURCE}.reference_height": 70.0, f"{RESOURCE}.shear": {"alpha": 0.1, "h_ref": 60.0}}
        )


PROFILE = {
    f"{RESOURCE}.height": [10.0, 80.0, 100.0],
    f"{RESOURCE}.wind_speed": {"data": [[6.0, 8.0, 10.0]] * 3, "dims": ["time", "height"]},
    f"{RESOURCE}.wind_direction": {"data": [[340.0, 350.0, 10.0]] * 3, "dims": ["time", "height"]},
}


def test_a_profile_is_interpolated_to_each_hub(tmp_path: Path) -> None:
    plant = read(tmp_path, SERIES, PROFILE, 1)
    np.testing.assert_allclose(plant.resource["wind_speed"], [9.0] * 3, rtol=1e-12)
    np.testing.assert_allclose((plant.resource["wind_direction"] + 180.0) % 360.0, [180.0] * 3, rtol=1e-12)
    two = {
        "wind_farm.turbines": None,
        "wind_farm.turbine_types": {"0": TURBINE, "1": TURBINE | {"hub_height": 45.0, "rotor_diameter": 80.0}},
        "wind_farm.layouts.0.turbine_types": [1, 0],
    }
    plant = read(tmp_path, SERIES, PROFILE | two, 2)
    np.testing.assert_allclose(plant.resource["wind_speed"], [[7.0, 9.0]] * 3, rtol=1e-12)
    for heights in ([10.0, 60.0, 80.0], [100.0, 120.0, 140.0]):
        with pytest.raises(DataError, match="the hubs stand at 90 to 90 m; expected a profile around them"):
            read(tmp_path, SERIES, PROFILE | {f"{RESOURCE}.height": heights}, 1)


def test_several_wind_farms_are_one_plant_with_their_names(tmp_path: Path) -> None:
    whole = row_of(SERIES, 4)
    farms = []
    for name, first in (("west", 0), ("east", 2)):
        coordinates = {"x": [600.0 * first, 600.0 * (first + 1)], "y": [0.0, 0.0]}
        layout = {"coordinates": coordinates, "turbine_identifiers": ["A", "B"]}
        farms.append({"name": name, "layouts": [layout], "turbines": TURBINE})
    plant = read_windio(write(tmp_path, changed(whole, {"wind_farm": farms})))
    assert list(plant.farm.farms or ()) == ["west", "west", "east", "east"]
    assert list(plant.farm.names or ()) == ["west A", "west B", "east A", "east B"]
    one = read_windio(write(tmp_path, whole))
    np.testing.assert_array_equal(energy(plant), energy(one))


def test_turbulence_of_zero_or_above_one_matters_only_to_models_that_depend_on_it(tmp_path: Path) -> None:
    odd = {f"{RESOURCE}.turbulence_intensity": {"data": [0.0, 6.35, 0.1], "dims": ["time"]}}
    np.testing.assert_array_equal(energy(read(tmp_path, SERIES, odd)), energy(read(tmp_path, SERIES, {})))
    without = {f"{RESOURCE}.turbulence_intensity": None}
    np.testing.assert_array_equal(energy(read(tmp_path, SERIES, without)), energy(read(tmp_path, SERIES, {})))
    with pytest.raises(DataError, match="states no turbulence_intensity, which the growth of the wakes depends on"):
        read(tmp_path, SERIES, without | {f"{EXPANSION}.k_a": 0.38, f"{EXPANSION}.k_b": 0.004})


def test_the_winds_that_a_plant_chooses_alone_are_run(tmp_path: Path) -> None:
    run = "attributes.model_outputs_specification.run_configuration"
    times = {f"{run}.times_run": {"all_occurences": False, "subset": [0, 2]}}
    plant = read(tmp_path, SERIES, times, 1)
    assert not plant.is_whole
    assert energy(plant)[0] == pytest.approx(float(power(8.0) + power(10.0)) / 2.0 * 8760 * 3600, rel=1e-12)
    by_stamp = {f"{run}.times_run": {"subset": ["2023-01-01T00:00:00Z", "2023-01-01T02:00:00Z"]}}
    np.testing.assert_array_equal(energy(read(tmp_path, SERIES, by_stamp, 1)), energy(plant))
    everything = {f"{run}.times_run": {"all_occurences": True, "subset": [0]}}
    assert read(tmp_path, SERIES, everything).is_whole
    chosen = {f"{run}.wind_speeds_run.specific_values": [9.0], f"{run}.directions_run.specific_values": [90.0, 270.0]}
    plant = read(tmp_path, CASES, chosen, 1)
    np.testing.assert_allclose(plant.resource["probability"], [0.25, 0.75])
    assert energy(read(tmp_path, ROSE, chosen, 1))[0] == pytest.approx(float(power(9.0)) * 8760 * 3600, rel=1e-9)
    for changes, said in (
        ({f"{run}.times_run.subset": [7]}, "there is no time 7"),
        ({f"{run}.wind_speeds_run.specific_values": [9.0]}, "is for statistics"),
    ):
        with pytest.raises((ConfigurationError, DataError), match=said):
            read(tmp_path, SERIES, changes)
    with pytest.raises(ConfigurationError, match="wind_speed of the resource has no 8"):
        read(tmp_path, CASES, {f"{run}.wind_speeds_run.specific_values": [8.0]})


def test_probabilities_within_each_direction_are_weighted_with_its_own(tmp_path: Path) -> None:
    within = {
        f"{RESOURCE}.probability": {
            "data": [[0.5, 0.5], [0.2, 0.8], [1.0, 0.0]],
            "dims": ["wind_direction", "wind_speed"],
        }
    }
    sector = {f"{RESOURCE}.sector_probability": {"data": [0.1, 0.3, 0.6], "dims": ["wind_direction"]}}
    plant = read(tmp_path, CASES, within | sector, 1)
    np.testing.assert_allclose(plant.resource["probability"], [0.05, 0.05, 0.06, 0.24, 0.6])
    with pytest.raises(DataError, match="probability: adds up to 3; expected 1"):
        read(tmp_path, CASES, within)
    with pytest.raises(DataError, match="sector_probability: stands next to probabilities that neither add up"):
        read(tmp_path, CASES, sector)
    joint = {f"{RESOURCE}.sector_probability": {"data": [0.3, 0.2, 0.5], "dims": ["wind_direction"]}}
    listed = read(tmp_path, CASES, joint).ignored_without_effect
    assert f"{RESOURCE}.sector_probability" in listed


def test_statistics_next_to_one_chosen_wind_are_named_as_without_effect(tmp_path: Path) -> None:
    run = "attributes.model_outputs_specification.run_configuration"
    one = {f"{run}.wind_speeds_run.specific_values": [9.0], f"{run}.directions_run.specific_values": [90.0]}
    several = {**one, f"{run}.wind_speeds_run.specific_values": [8.0, 9.0]}
    rose = {f"{RESOURCE}.{name}" for name in ("weibull_a", "weibull_k", "sector_probability")}
    plant = read(tmp_path, ROSE, one, 1)
    assert rose <= set(plant.ignored_without_effect)
    other = {f"{RESOURCE}.weibull_a": {"data": [5.0, 6.0, 7.0, 8.0], "dims": ["wind_direction"]}}
    np.testing.assert_array_equal(energy(plant), energy(read(tmp_path, ROSE, one | other, 1)))
    assert f"{RESOURCE}.probability" in read(tmp_path, CASES, one, 1).ignored_without_effect
    listed = read(tmp_path, ROSE, several, 1).ignored_without_effect
    assert f"{RESOURCE}.sector_probability" in listed
    assert not {f"{RESOURCE}.weibull_a", f"{RESOURCE}.weibull_k"} & set(listed)
    assert not np.array_equal(
        energy(read(tmp_path, ROSE, several, 1)), energy(read(tmp_path, ROSE, several | other, 1))
    )
    both = {**one, f"{run}.directions_run.specific_values": [90.0, 270.0]}
    assert not rose & set(read(tmp_path, ROSE, both, 1).ignored_without_effect)
