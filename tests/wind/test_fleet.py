from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.catalogue import names
from testsite_sim.configuration.farm import FarmConfiguration
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.turbine import TurbineConfiguration
from testsite_sim.wind import build_farm, build_turbine, library_types
from testsite_sim.wind.fleet import MOMENTUM_THEORY, library_curve, thrust_from_power


@pytest.mark.parametrize("name", names("configs", "turbine"))
def test_every_turbine_that_ships_is_physical(name: str) -> None:
    configuration = load_component("turbine", name, TurbineConfiguration)
    turbine = build_turbine(configuration)
    speed, power = np.asarray(turbine.wind_speed), np.asarray(turbine.power)
    area = 0.25 * np.pi * turbine.rotor_diameter**2
    assert np.all(power <= 16.0 / 27.0 * 0.5 * 1.225 * area * speed**3)
    assert power.max() == pytest.approx(turbine.rated_power, rel=0.021)
    assert np.all(np.asarray(turbine.thrust_coefficient) < 1.2)


def test_the_belgian_zone_has_its_399_turbines_and_2261_megawatts() -> None:
    farm = build_farm(load_component("farm", "belgian-zone", FarmConfiguration))
    assert len(farm.turbines) == 399
    assert farm.per_turbine("rated_power").sum() == pytest.approx(2261.2e6)
    assert len(set(farm.turbines)) == 10
    x, y = np.asarray(farm.x), np.asarray(farm.y)
    apart = np.hypot(x[:, None] - x, y[:, None] - y)[np.triu_indices(399, 1)]
    assert apart.min() > 370.0


def test_a_similar_turbine_keeps_the_power_coefficient() -> None:
    parent = build_turbine(load_component("turbine", "leanwind-8-164", TurbineConfiguration))
    scaled = build_turbine(load_component("turbine", "siemens-swt-7.0-154", TurbineConfiguration))

    def coefficients(turbine):
        return np.asarray(turbine.power) / (turbine.rotor_diameter**2 * np.asarray(turbine.wind_speed) ** 3)

    np.testing.assert_allclose(coefficients(scaled), coefficients(parent), rtol=1e-12)
    np.testing.assert_array_equal(scaled.thrust_coefficient, parent.thrust_coefficient)


def test_a_library_turbine_has_its_power_curve_up_to_its_rating_and_says_where_its_thrust_comes_from() -> None:
    configured = load_component("turbine", "vestas-v112-3.0", TurbineConfiguration)
    turbine, like = build_turbine(configured), build_turbine(configured.thrust_similar_to)
    assert turbine.thrust_source == "similar to NREL 5 MW reference turbine"
    scale = (3.0 / 112.0**2 / (5.0 / 125.88**2)) ** (1.0 / 3.0)
    at_eight = np.interp(8.0 / scale, like.wind_speed, like.thrust_coefficient)
    assert np.interp(8.0, turbine.wind_speed, turbine.thrust_coefficient) == pytest.approx(at_eight, rel=1e-12)
    derived = build_turbine(configured.model_copy(update={"thrust_similar_to": None}))
    assert derived.thrust_source == MOMENTUM_THEORY
    assert np.interp(8.0, derived.wind_speed, derived.thrust_coefficient) < at_eight
    _speed, power = library_curve("V112/3000")
    np.testing.assert_array_equal(turbine.power, np.minimum(power, 3.0e6))
    assert "V112/3000" in library_types()


def test_the_library_curve_that_breaks_the_betz_limit_is_refused() -> None:
    speed, power = library_curve("V164/8000")
    with pytest.raises(ConfigurationError, match="Betz limit"):
        thrust_from_power(speed, power, 164.0)


def test_an_unknown_library_type_names_the_nearest() -> None:
    with pytest.raises(ConfigurationError, match="V112/3000"):
        library_curve("V112/3001")


@given(st.floats(0.0, 0.999))
def test_the_derived_thrust_belongs_to_the_power_coefficient(induction_share: float) -> None:
    induction = induction_share / 3.0
    area = 0.25 * np.pi * 100.0**2
    power = 4.0 * induction * (1.0 - induction) ** 2 * 0.5 * 1.225 * area * 8.0**3
    thrust = thrust_from_power([8.0], [power], 100.0)[0]
    assert thrust == pytest.approx(4.0 * induction * (1.0 - induction), abs=1e-9)


def _farm(tmp_path: Path, x: str) -> Path:
    path = tmp_path / "farm.yaml"
    path.write_text(
        "title: t\nsource: s\ncoordinates: local\ngroups:\n  a:\n    turbine: nrel-5mw\n    layout: test\n"
        f"    names: [one, two]\n    x: {x}\n    y: [0, 0]\n"
    )
    return path


def test_turbines_that_coincide_are_named_with_file_and_line(tmp_path: Path) -> None:
    path = _farm(tmp_path, "[5, 5]")
    with pytest.raises(ConfigurationError, match=r"farm\.yaml:1: .*'a one' and 'a two' coincide at x 5 m, y 0 m"):
        load_component("farm", str(path), FarmConfiguration)


def test_lists_of_different_length_are_refused(tmp_path: Path) -> None:
    path = _farm(tmp_path, "[5]")
    with pytest.raises(ConfigurationError, match=r"farm\.yaml:8: groups\.a: 2 names, 1 x and 2 y"):
        load_component("farm", str(path), FarmConfiguration)


def test_a_power_curve_above_the_betz_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "turbine.yaml"
    path.write_text(
        "title: t\nsource: s\nrated_power: 5 MW\nrotor_diameter: 50 m\nhub_height: 90 m\ncurves:\n"
        "  wind_speed: {units: m/s, values: [4, 10]}\n  power: {units: kW, values: [100, 5000]}\n"
        '  thrust_coefficient: {units: "1", values: [0.8, 0.8]}\n'
    )
    with pytest.raises(ConfigurationError, match=r"turbine\.yaml:4: .*Betz limit"):
        load_component("turbine", str(path), TurbineConfiguration)


def test_a_turbine_may_ride_through_storms() -> None:
    written = load_component("turbine", "iea-10mw", TurbineConfiguration).model_dump(mode="json")
    plain = build_turbine(TurbineConfiguration.model_validate(written))
    end = float(plain.wind_speed[-1])
    riding = build_turbine(TurbineConfiguration.model_validate(written | {"ride_through": f"{end + 6.0} m/s"}))
    power = np.interp([end, end + 3.0, end + 6.0], riding.wind_speed, riding.power)
    np.testing.assert_allclose(power, float(plain.power[-1]) * np.array([1.0, 0.5, 0.0]), atol=1e-6)
    assert 0.0 <= float(np.asarray(riding.thrust_coefficient)[-1]) < 1e-6
    assert (np.diff(np.asarray(riding.thrust_coefficient)[-6:]) <= 1e-12).all()
    with pytest.raises(ConfigurationError, match="expected a speed above the end of the curve"):
        build_turbine(TurbineConfiguration.model_validate(written | {"ride_through": "20 m/s"}))


def test_a_cut_out_beyond_the_curve_holds_its_last_power() -> None:
    written = load_component("turbine", "iea-10mw", TurbineConfiguration).model_dump(mode="json")
    plain = build_turbine(TurbineConfiguration.model_validate(written))
    end = float(plain.wind_speed[-1])
    longer = build_turbine(TurbineConfiguration.model_validate(written | {"cut_out": f"{end + 5.0} m/s"}))
    assert longer.cut_out == end + 5.0
    assert np.interp([end, end + 2.2, end + 5.0], longer.wind_speed, longer.power) == pytest.approx(plain.power[-1])
    np.testing.assert_array_equal(np.asarray(longer.power)[: plain.wind_speed.size], plain.power)
    assert (np.diff(np.asarray(longer.thrust_coefficient)[plain.wind_speed.size :]) < 0.0).all()


def test_the_turbines_of_c_power_run_up_to_the_108_kilometres_an_hour_that_it_published() -> None:
    for name in ("repower-5m126", "senvion-6.2m126"):
        turbine = build_turbine(load_component("turbine", name, TurbineConfiguration))
        assert turbine.cut_out == pytest.approx(108.0 / 3.6)
        assert float(np.asarray(turbine.power)[-1]) == pytest.approx(turbine.rated_power)


@pytest.mark.parametrize("more", ["", "\ncut_out: 25 m/s"])
def test_a_written_curve_may_step_at_cut_out(tmp_path: Path, more: str) -> None:
    path = tmp_path / "turbine.yaml"
    text = (
        "title: t\nsource: s\nrated_power: 2 MW\nrotor_diameter: 90 m\nhub_height: 90 m\ncurves:\n"
        "  wind_speed: {units: m/s, values: [4, 12, 25, 25, 30]}\n"
        "  power: {units: kW, values: [100, 2000, 2000, 0, 0]}\n"
        '  thrust_coefficient: {units: "1", values: [0.8, 0.6, 0.1, 0, 0]}'
    )
    path.write_text(text + more + "\n")
    turbine = build_turbine(load_component("turbine", str(path), TurbineConfiguration))
    np.testing.assert_array_equal(turbine.wind_speed, [4.0, 12.0, 25.0])
    path.write_text(text + "\nride_through: 31 m/s\n")
    riding = build_turbine(load_component("turbine", str(path), TurbineConfiguration))
    assert np.interp(28.0, riding.wind_speed, riding.power) == pytest.approx(1e6)
    path.write_text(text.replace("[4, 12, 25, 25, 30]", "[4, 25, 25, 25, 30]") + "\n")
    with pytest.raises(ConfigurationError, match="at most two points at a vertical step"):
        load_component("turbine", str(path), TurbineConfiguration)


def test_thrust_of_another_type_is_for_library_types_alone() -> None:
    configured = load_component("turbine", "leanwind-8-164", TurbineConfiguration)
    other = load_component("turbine", "nrel-5mw", TurbineConfiguration)
    with pytest.raises(ValueError, match="expected with library alone"):
        TurbineConfiguration(**{**dict(configured), "thrust_similar_to": other})


def test_a_farm_of_a_year_has_the_groups_that_stood_then() -> None:
    zone = load_component("farm", "belgian-zone-2015", FarmConfiguration)
    farm = build_farm(zone)
    assert len(farm.turbines) == 182
    assert set(farm.farms or ()) == {
        "C-Power 1 (demo)",
        "C-Power 2",
        "C-Power 3",
        "Belwind",
        "Belwind Haliade demo",
        "Northwind",
    }
    assert farm.per_turbine("rated_power").sum() == pytest.approx(712.2e6, rel=1e-9)
    assert len(zone.groups) == 12  # the others are kept, and do not stand


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"year": 2000}, "no group stands in 2000; the first was commissioned in 2009"),
        ({"year": 2015, "undated": True}, "does not say when it was `commissioned`"),
        ({"year": "2015"}, "year"),
    ],
)
def test_a_year_in_which_nothing_stands_or_a_group_without_one_is_refused(change: dict, message: str) -> None:
    written = load_component("farm", "belgian-zone", FarmConfiguration).model_dump(mode="json")
    if change.pop("undated", False):
        written["groups"]["Rentel"]["commissioned"] = None
    with pytest.raises(ValueError, match=message):
        FarmConfiguration.model_validate(written | change)


def test_borssele_stands_next_to_the_belgian_zone_and_in_it_nowhere() -> None:
    zone = build_farm(load_component("farm", "belgian-zone", FarmConfiguration))
    borssele = build_farm(load_component("farm", "borssele", FarmConfiguration))
    assert len(borssele.turbines) == 173
    assert borssele.per_turbine("rated_power").sum() == pytest.approx(1502.5e6, rel=1e-9)
    apart = np.hypot(
        np.asarray(zone.x)[:, None] - np.asarray(borssele.x), np.asarray(zone.y)[:, None] - np.asarray(borssele.y)
    )
    assert 500.0 < apart.min() < 5000.0
