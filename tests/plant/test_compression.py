"""Staged compression against every published value of the oracle and against the equation of state."""

import numpy as np
import pytest

from tests.plant.test_properties import ORACLE
from tests.reference import compression as reference
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.units import KILOWATT_HOUR
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.storage import Compressor
from testsite_sim.plant.compression import compression_work, rated_power, specific_electricity

CASES = ORACLE["compression_kWh_per_kg"]


@pytest.mark.parametrize("stages", range(1, 6))
def test_every_value_of_the_oracle(stages: int) -> None:
    cases = [case for case in CASES if case["stages"] == stages]
    p1, p2 = (np.array([case[name] for case in cases]) * 1e5 for name in ("p1_bar", "p2_bar"))
    ideal = compression_work(p1, p2, stages=stages)
    real = compression_work(p1, p2, stages=stages, isentropic_efficiency=0.75)
    for found, name in ((ideal["work"], "isentropic_real"), (real["work"], "real_eta0p75")):
        np.testing.assert_allclose(found / KILOWATT_HOUR, [case[name] for case in cases], rtol=0, atol=6e-6)
    hottest = [case["T_out_max_K"] for case in cases]
    np.testing.assert_allclose(ideal["isentropic_outlet_temperature"], hottest, rtol=0, atol=6e-3)


def test_work_heat_and_temperature_are_those_of_the_equation_of_state() -> None:
    for p1, p2, stages, efficiency in ((20e5, 500e5, 3, 0.7), (200e5, 950e5, 2, 0.65), (1e5, 30e5, 4, 0.8)):
        work, heat, _ = reference.work(p1, p2, stages, 300.0, efficiency)
        found = compression_work(
            p1, p2, stages=stages, inlet_temperature=300.0, isentropic_efficiency=efficiency
        ).squeeze()
        assert float(found["work"]) == pytest.approx(work, rel=1e-5)
        assert float(found["heat"]) == pytest.approx(heat, rel=1e-5)
    outlet = reference.work(30e5, 60e5, 1, 300.0, 0.7)[2]
    found = compression_work(30e5, 60e5, stages=1, inlet_temperature=300.0, isentropic_efficiency=0.7)
    assert float(found["outlet_temperature"][0]) == pytest.approx(outlet, rel=1e-6)


def test_more_stages_take_less_work_and_higher_pressure_more() -> None:
    work = [float(compression_work(20e5, 500e5, stages=n)["work"][0]) for n in range(1, 6)]
    assert np.all(np.diff(work) < 0.0)
    assert np.all(np.diff(compression_work(20e5, np.linspace(20e5, 1000e5, 200), stages=3)["work"]) > 0.0)


def test_an_ideal_gas_takes_less_by_as_much_as_published() -> None:
    for pressure, short in ((200e5, 0.047), (350e5, 0.066), (700e5, 0.102), (950e5, 0.123)):
        real = float(compression_work(30e5, pressure, stages=3)["work"][0])
        ratio = (pressure / 30e5) ** (1.0 / 3.0)
        exponent = 0.41 / 1.41
        ideal = 3.0 * 8.314462618 / 2.01588e-3 * 298.15 / exponent * (ratio**exponent - 1.0)
        assert 1.0 - ideal / real == pytest.approx(short, abs=0.002)


def test_the_table_of_the_kernels_is_within_a_thousandth() -> None:
    machine = load_component("hydrogen-compressor", "to-500bar", Compressor)
    rng = np.random.default_rng(2)
    suction = np.exp(rng.uniform(np.log(1e5), np.log(200e5), 300))
    discharge = suction * np.exp(rng.uniform(np.log(1.2), 1.0, 300) * np.log(500e5 / suction))
    discharge = np.clip(discharge, 1.2 * suction, 500e5)
    exact = compression_work(
        suction, discharge, stages=3, inlet_temperature=298.15, isentropic_efficiency=machine.isentropic_efficiency
    )["work"] / float(machine.drive_efficiency)
    np.testing.assert_allclose(specific_electricity(machine, suction, discharge), exact, rtol=1e-3)
    assert specific_electricity(machine, 100e5, 90e5) == 0.0


def test_the_rating_of_a_compressor_is_its_flow_times_its_work() -> None:
    machine = load_component("hydrogen-compressor", "to-500bar", Compressor)
    work = float(compression_work(20e5, 500e5, stages=3)["work"][0]) / (0.70 * 0.92)
    assert rated_power(machine) == pytest.approx(35.0 / 3600.0 * work, rel=1e-3)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"discharge_pressure": 10e5}, "below the suction"),
        ({"discharge_pressure": 500.0}, "1 to 1000 bar"),
        ({"discharge_pressure": 1500e5}, "1 to 1000 bar"),
        ({"stages": 0}, "at least one"),
        ({"isentropic_efficiency": 1.2}, "at most 1"),
        ({"isentropic_efficiency": 0.0}, "above 0"),
        ({"inlet_temperature": 25.0}, "230 to 400 K"),
    ],
)
def test_an_impossible_compression_is_refused(changes: dict[str, float], said: str) -> None:
    values = {"suction_pressure": 20e5, "discharge_pressure": 500e5, "stages": 3} | changes
    with pytest.raises(ConfigurationError, match=said):
        compression_work(**values)


def test_a_pressure_above_the_rating_is_refused() -> None:
    machine = load_component("hydrogen-compressor", "to-500bar", Compressor)
    with pytest.raises(ConfigurationError, match="above its rating of 500 bar"):
        specific_electricity(machine, 20e5, 600e5)
