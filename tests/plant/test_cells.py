"""Cells: published voltages, measured voltages, and what no cell may be."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from testsite_kernels.numerics.constants import FARADAY, HYDROGEN_MOLAR_MASS, HYDROGEN_PER_CHARGE

from tests.plant.electrolysers import cell
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.common.units import HOUR, KILOWATT_HOUR
from testsite_sim.configuration.electrolysis import ElectrolysisCell
from testsite_sim.configuration.hydrogen import LEAST_CONSUMPTION
from testsite_sim.configuration.loading import load_component
from testsite_sim.plant.alkaline_fit import fit_lye_cell
from testsite_sim.plant.cell import polarisation
from testsite_sim.plant.configured_cells import cell_of

ORACLES = Path(__file__).parents[1] / "oracles"
NREL = list(csv.DictReader((ORACLES / "nrel_pem_polarisation.csv").read_text(encoding="utf-8").splitlines()))
LOADS = json.loads((ORACLES / "pem_load.json").read_text(encoding="utf-8"))
MEASURED = list(csv.DictReader((ORACLES / "alkaline_polarisation.csv").read_text(encoding="utf-8").splitlines()))
CELLS = ["pem", "pem-nrel", "alkaline", "alkaline-sakas", "alkaline-phoebus"]
NREL_MOLAR_MASS = 2.016e-3  # of hydrogen, rounded by NREL [kg/mol]
THEIRS = NREL_MOLAR_MASS / HYDROGEN_MOLAR_MASS


def measured(name: str) -> dict[str, np.ndarray]:
    rows = [row for row in MEASURED if row["set"] == name]
    units = {"j_mA_cm2": 10.0, "T_K": 1.0, "V": 1.0, "p_bar": 1e5, "w_KOH": 1.0}  # as in `fit_lye_cell`
    return {key: np.array([float(row[key]) for row in rows]) * factor for key, factor in units.items()}


def test_kernels_and_library_agree_about_nature():
    assert pytest.approx(HYDROGEN_MOLAR_MASS / (2.0 * FARADAY), rel=1e-9) == HYDROGEN_PER_CHARGE


@pytest.mark.parametrize(
    ("column", "term"), [("V_rev_or_ocv", 0), ("V_act_a", 1), ("V_act_c", 2), ("V_ohm", 3), ("V_cell", None)]
)
def test_every_term_is_that_of_nrel_with_its_parameters(column, term):
    i = np.array([float(row["j_A_cm2"]) * 1e4 for row in NREL])
    t = np.array([float(row["T_C"]) + 273.15 for row in NREL])
    terms = cell("pem-nrel").terms(i, t)
    found = terms[:, :5].sum(axis=1) if term is None else terms[:, term]
    np.testing.assert_allclose(found, [float(row[column]) for row in NREL], rtol=1e-6)


def test_hydrogen_of_nrel_with_its_parameters():
    nrel = cell("pem-nrel")
    i = np.array([float(row["j_A_cm2"]) * 1e4 for row in NREL])
    t = np.array([float(row["T_C"]) + 273.15 for row in NREL])
    made = nrel.current_efficiency(i, t)
    np.testing.assert_allclose(made, [float(row["faradaic_eff"]) for row in NREL], rtol=1e-6)
    per_cell = made * i * 0.1 * HYDROGEN_PER_CHARGE * THEIRS * HOUR  # 1000 cm²
    np.testing.assert_allclose(per_cell, [float(row["kg_h_per_cell"]) for row in NREL], rtol=1e-6)
    consumption = nrel.voltage(i, t) * i * 0.1 / (per_cell / HOUR) / KILOWATT_HOUR
    np.testing.assert_allclose(consumption, [float(row["kWh_per_kg"]) for row in NREL], rtol=1e-6)


def test_the_current_at_a_power_is_nrels():
    """The oracle looked its currents up between points, 2e-4 apart at part load; the rated point is exact."""
    nrel = cell("pem-nrel")
    power = np.array([row["P_kW"] for row in LOADS["nrel_load"]]) * 1e3 / 200 / 0.1
    current = nrel.current_at(power, 333.15)
    np.testing.assert_allclose(current * 0.1, [row["I_A"] for row in LOADS["nrel_load"]], rtol=2e-4)
    assert current[-1] * 0.1 == pytest.approx(LOADS["nrel_load"][-1]["I_A"], rel=1e-9)
    expected = [row["kWh_per_kg"] for row in LOADS["nrel_load"]]
    consumption = polarisation(nrel, current, 333.15)["specific_consumption"] / KILOWATT_HOUR / THEIRS
    np.testing.assert_allclose(consumption, expected, rtol=2e-4)


def test_h2integrate_is_met_with_its_parameters():
    """Its voltage has another vapour pressure (Antoine) and a fitted current: a third of a per mille apart."""
    data = load_component("electrolysis-cell", "pem", ElectrolysisCell).model_dump(exclude_none=True)
    data["butler_volmer"] |= {
        "reversible_slope": "0 V/K",
        "cathode_pressure": "1 atm",
        "anode_pressure": "1 atm",
        "anode_activation_energy": "0 J/mol",
    }
    theirs = cell_of(ElectrolysisCell.model_validate(data))
    i = np.array([row["I_A"] for row in LOADS["h2integrate_load"]]) / 0.1949
    np.testing.assert_allclose(theirs.voltage(i, 353.15), [row["V"] for row in LOADS["h2integrate_load"]], rtol=4e-4)


def test_the_default_pem_cell_takes_about_51_kilowatt_hours_at_two_ampere():
    found = polarisation(cell("pem"), [2e4])["specific_consumption"].item() / KILOWATT_HOUR
    assert found == pytest.approx(51.0, abs=0.5)


@pytest.mark.parametrize("name", ["pem", "alkaline", "alkaline-sakas", "alkaline-phoebus"])
def test_a_warmer_cell_needs_less_voltage(name):
    one = cell(name)
    temperature = np.linspace(298.15, one.operating_temperature, 12)
    assert np.all(np.diff(one.voltage(one.rated_current_density, temperature)) < 0.0)


def test_ulleberg_lies_within_40_millivolt_of_what_was_measured_at_julich():
    points = measured("ulleberg")
    error = cell("alkaline-phoebus").voltage(points["j_mA_cm2"], points["T_K"]) - points["V"]
    assert np.abs(error).max() < 0.040
    assert np.sqrt(np.mean(error**2)) == pytest.approx(0.0212, abs=1e-4)


@pytest.mark.parametrize(
    ("name", "millivolt"),
    [("ulleberg", 4.4), ("sakas", 3.7), ("sanchez", 5.6), ("degroot_temperature", 6.7), ("degroot_pressure", 3.9)],
)
def test_four_fitted_parameters_come_near_every_measured_set(name, millivolt):
    points = measured(name)
    # All points of one set were measured at one temperature: the slope is that of the same electrolyser's other set.
    slope = -3824.0 if name == "degroot_pressure" else None
    fit = fit_lye_cell(*points.values(), exchange_slope=slope) if slope else fit_lye_cell(*points.values())
    assert fit.root_mean_square < millivolt * 1e-3
    assert np.abs(fit.residual).max() < 0.016


def test_the_industrial_cell_is_the_fit_to_what_was_measured():
    points = measured("sakas")
    fit = fit_lye_cell(*points.values())
    shipped = cell("alkaline-sakas")
    voltage = shipped.voltage(points["j_mA_cm2"], points["T_K"])
    np.testing.assert_allclose(voltage, points["V"] + fit.residual, atol=2e-5)
    assert np.sqrt(np.mean((voltage - points["V"]) ** 2)) < 0.005


@settings(deadline=None)
@given(
    st.sampled_from(CELLS),
    st.floats(1.0, 2e4),
    st.floats(288.0, 353.0),
)
def test_current_and_voltage_give_the_power_and_the_slope_is_the_derivative(name, i, t):
    one = cell(name)
    assert one.current_at(i * one.voltage(i, t), t) == pytest.approx(i, rel=1e-9)
    h = 1e-4 * i
    slope = (one.voltage(i + h, t) - one.voltage(i - h, t)) / (2 * h)
    assert one.terms(i, t)[5] == pytest.approx(float(slope), rel=1e-5)


@settings(deadline=None)
@given(st.sampled_from(CELLS), st.floats(0.02, 1.0))
def test_no_cell_makes_more_hydrogen_than_faraday_or_its_energy_allow(name, load):
    one = cell(name)
    curve = polarisation(one, [load * one.rated_current_density])
    assert 0.0 < curve["current_efficiency"].item() <= 1.0
    assert curve["voltage"].item() >= curve["voltage_reversible"].item()
    if load > 0.3:
        assert curve["specific_consumption"].item() / KILOWATT_HOUR > LEAST_CONSUMPTION


def test_concentration_costs_voltage_towards_the_limiting_current():
    data = load_component("electrolysis-cell", "pem", ElectrolysisCell).model_dump(exclude_none=True)
    data["butler_volmer"] |= {"limiting_current_density": "2.5 A/cm2"}
    limited, free = cell_of(ElectrolysisCell.model_validate(data)), cell("pem")
    expected = -8.31446261815324 * 353.15 / (2 * 96485.33212331) * np.log(1 - 2.0 / 2.5)
    assert limited.voltage(2e4, 353.15) - free.voltage(2e4, 353.15) == pytest.approx(expected, rel=1e-9)
    assert limited.current_at(2e4 * limited.voltage(2e4, 353.15), 353.15) == pytest.approx(2e4, rel=1e-9)


def wrong_cell(**changes):
    data = load_component("electrolysis-cell", "pem", ElectrolysisCell).model_dump(exclude_none=True)
    for key, value in changes.items():
        data[key] = {**data[key], **value} if isinstance(value, dict) and key in data else value
    return cell_of(ElectrolysisCell.model_validate(data))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ulleberg": {"reversible_voltage": "1.2 V", "r": [1, 1], "s": [1, 0, 0], "t": [1, 1, 1]}}, "expected one of"),
        ({"operating_temperature": "200 degC"}, "between 0 and 140 degC, found 200 degC"),
        ({"rated_current_density": "2 A"}, "expected a current density"),
        ({"butler_volmer": {"limiting_current_density": "1 A/cm2"}}, "must exceed rated_current_density"),
        ({"butler_volmer": {"anode_pressure": "0.2 bar"}}, "its voltage is not finite"),
        ({"faraday": {"f1": 250, "f2": 1.1}}, "Faraday efficiency reaches 1.09"),
    ],
)
def test_an_impossible_cell_is_refused_in_one_sentence(changes, words):
    with pytest.raises((ConfigurationError, ValueError), match=words):
        wrong_cell(**changes)


def test_a_misprinted_coefficient_of_ulleberg_shows_in_the_fit():
    """With t1 = +1.002, a common misprint, the voltage is 0.18 V off what was measured."""
    points = measured("ulleberg")
    phoebus = cell("alkaline-phoebus")
    wrong = phoebus.parameters._replace(t1=1.002)
    terms = np.empty((points["V"].size, 6))
    phoebus.polarisation(wrong, points["j_mA_cm2"], points["T_K"], terms)
    assert np.sqrt(np.mean((terms[:, :5].sum(axis=1) - points["V"]) ** 2)) > 0.15


@pytest.mark.parametrize(
    ("points", "words"),
    [(([100.0] * 4, 340.0, [1.8] * 4, 1e5, 0.3), "at least five"), (([-1.0] * 6, 340.0, 1.8, 1e5, 0.3), "above zero")],
)
def test_points_that_cannot_be_fitted_are_refused(points, words):
    with pytest.raises(DataError, match=words):
        fit_lye_cell(*points)


def test_a_fit_says_what_the_points_do_not_contain():
    points = measured("degroot_pressure")
    assert np.ptp(points["T_K"]) == 0.0
    with pytest.raises(DataError, match=r"do not determine exchange_slope.*the temperatures span 0 K"):
        fit_lye_cell(*points.values())


def test_a_fit_that_leaves_what_is_physical_is_refused():
    """Ulleberg's points less an ohmic drop: no path of ions has a negative length."""
    points = measured("ulleberg")
    points["V"] = points["V"] - 1e-4 * points["j_mA_cm2"]
    with pytest.raises(DataError, match=r"edge of what is physical .path_length"):
        fit_lye_cell(*points.values())


def test_a_confidence_interval_covers_the_true_parameter_in_most_draws():
    """Points of a known cell with 2 mV of noise: the truth lies within in about 190 of 200 draws."""
    truth = {"path_length": 0.0055, "transfer": 0.15, "exchange_slope": -5000.0, "exchange_offset": 15.5}
    one = cell_with(truth)
    i, t = (a.ravel() for a in np.meshgrid(np.linspace(300.0, 4000.0, 10), [313.15, 333.15, 353.15]))
    exact = one.voltage(i, t)
    rng = np.random.default_rng(20)
    inside = dict.fromkeys(truth, 0)
    draws = 200
    for _ in range(draws):
        fit = fit_lye_cell(i, t, exact + rng.normal(0.0, 2e-3, i.size), 16e5, 0.3)
        for name, value in truth.items():
            inside[name] += abs(getattr(fit, name) - value) <= fit.confidence[name]
    assert min(inside.values()) >= 181
    assert max(inside.values()) <= 198
    assert fit.measured["temperature"] == (313.15, 353.15)


def cell_with(parameters):
    data = load_component("electrolysis-cell", "alkaline", ElectrolysisCell).model_dump(exclude_none=True)
    units = {"path_length": " m"}
    lye = {name: f"{value}{units[name]}" if name in units else value for name, value in parameters.items()}
    data["lye"] |= {**lye, "pressure": "16 bar", "concentration": 0.3}
    return cell_of(ElectrolysisCell.model_validate(data))
