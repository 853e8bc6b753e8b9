"""Fuel cells: published points, the field figures of the plants at Lillo and after it, and what may never happen."""

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from testsite_kernels.numerics.constants import FARADAY, HYDROGEN_MOLAR_MASS, LOWER_HEATING_VALUE
from testsite_kernels.plant.fuel_cell import Polarisation, fuel_cell_series, polarisation_curve

from tests.reference import fuel_cell as reference
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.common.units import HOUR
from testsite_sim.configuration.grid import Grid
from testsite_sim.configuration.hydrogen import Electrolyser, FuelCell
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.dispatch import reduced_plant
from testsite_sim.plant.fuel_cell import (
    cell_polarisation,
    efficiency_curve,
    kernel_plant,
    plant_curve,
    simulate_fuel_cell,
    stacks_in,
)
from testsite_sim.plant.kept import Margins

ORACLE = json.loads((Path(__file__).parents[1] / "oracles" / "fuel_cell_amphlett.json").read_text())
YEAR = 8760


def lillo() -> FuelCell:
    return load_component("fuel-cell", "lillo-1mw", FuelCell)


def changed(cell: FuelCell, **stacks) -> FuelCell:
    return cell.model_copy(update={"stacks": cell.stacks.model_copy(update=stacks)})


def series(values) -> xr.DataArray:
    values = np.atleast_1d(np.asarray(values, float))
    time = np.datetime64("2023-01-01", "ns") + np.arange(values.size) * np.timedelta64(1, "h")
    return xr.DataArray(values, dims="time", coords={"time": time})


@pytest.mark.parametrize("case", ORACLE["cases"], ids=lambda case: case["name"])
def test_the_polarisation_is_that_of_the_published_implementation(case) -> None:
    names = ["temperature_K", "hydrogen_atm", "oxygen_atm", "area_cm2", "membrane_cm", "lambda", "resistance_ohm"]
    stated, last = ([float(case[name]) for name in each] for each in (names, ("B_V", "J_max")))
    cell = Polarisation(*stated, -0.948, 7.6e-5, -1.93e-4, *last)
    current = np.array(case["current_A"])
    voltage = np.empty_like(current)
    polarisation_curve(cell, current, voltage)
    np.testing.assert_allclose(voltage, case["voltage_V"], rtol=1e-12)


def test_the_stack_meets_every_point_of_its_data_sheet_within_the_last_digit() -> None:
    stack = lillo().stacks.stack
    current = np.array([40, 80, 120, 160, 200, 230, 250])
    published = np.array([78, 73, 69, 66, 62, 59, 57]) / 96
    found = cell_polarisation(stack, current / stack.active_area)
    assert np.max(np.abs(found - published)) < 0.5 / 96


def test_the_plant_at_lillo_is_half_efficient_at_one_megawatt_and_four_fifths_with_its_heat() -> None:
    cell = lillo()
    efficiency = efficiency_curve(cell)[1]
    assert efficiency[-1] == pytest.approx(0.50, abs=0.015)  # published as 50 %
    curve = plant_curve(cell)
    hydrogen = np.interp(1e6, curve.power, curve.hydrogen)
    heat = np.interp(hydrogen, curve.hydrogen, curve.heat)
    assert (1e6 + heat) / (hydrogen * LOWER_HEATING_VALUE) == pytest.approx(0.80, abs=0.01)


def test_its_stacks_give_the_peak_that_the_plant_was_designed_for() -> None:
    assert plant_curve(lillo()).power[-1] == pytest.approx(1.7e6, rel=0.02)


def test_a_cell_loses_five_per_cent_in_ten_thousand_hours_and_lives_for_twenty_thousand() -> None:
    cell = lillo()
    hours = 20_001
    found = simulate_fuel_cell(series(np.full(hours, 1e6)), series(np.full(hours, 1.0)), cell)
    curve = plant_curve(cell)
    rated = np.interp(1e6, curve.power, curve.voltage)
    assert float(found["voltage_lost"][9_999]) / rated == pytest.approx(0.05, rel=0.01)
    replaced = np.flatnonzero(np.diff(found["voltage_lost"]) < 0.0) + 1
    assert found.attrs["replacements"] == replaced.size == 1
    assert replaced[0] == pytest.approx(20_000, rel=0.01)


def test_the_successor_in_the_field_lies_between_the_new_plant_and_the_worn_one() -> None:
    """DEMCOPEM-2MW: 13 GWh from 850 t, 46 % of the lower heating value, where the new plant has 50 %."""
    hours = 19_900
    found = simulate_fuel_cell(series(np.full(hours, 1e6)), series(np.full(hours, 1.0)), lillo())
    efficiency = found["power"] / (found["hydrogen"] * LOWER_HEATING_VALUE)
    field = 13e6 / (850e3 * 33.33)
    assert field == pytest.approx(0.46, abs=0.002)
    assert float(efficiency[-1]) < field < float(efficiency.mean()) < float(efficiency[0])
    assert float(efficiency.mean()) == pytest.approx(field, abs=0.03)


@pytest.mark.parametrize("lost", [0.0, 0.03])
@pytest.mark.parametrize("load", [0.1, 0.37, 0.8, 1.0])
def test_hydrogen_and_heat_are_those_of_the_plain_reference(lost: float, load: float) -> None:
    cell = lillo()
    hydrogen, heat = reference.operate(cell, lost, load * 1e6)
    flows = np.empty((1, 4))
    fuel_cell_series(kernel_plant(cell), lost, HOUR, np.array([load * 1e6]), np.ones(1), flows)
    assert flows[0, 0] == pytest.approx(load * 1e6, rel=1e-12)
    # The table over 401 flows stands between the two.
    assert flows[0, 1] == pytest.approx(hydrogen, rel=1e-4)
    assert flows[0, 2] == pytest.approx(heat, rel=3e-4)


@settings(deadline=None, max_examples=50)
@given(
    requested=st.lists(st.floats(0.0, 2e6), min_size=2, max_size=60),
    share=st.floats(0.0, 1.0),
    lost=st.floats(0.0, 0.07),
)
def test_a_plant_keeps_to_nature_and_to_its_limits(requested: list[float], share: float, lost: float) -> None:
    cell = lillo()
    kernel = kernel_plant(cell)
    demand, available = np.array(requested), np.resize([0.03 * share, 0.02, 0.0, 0.003], len(requested))
    flows = np.empty((demand.size, 4))
    fuel_cell_series(kernel, lost, HOUR, demand, available, flows)
    power, hydrogen, heat, worn = flows.T
    assert np.all(hydrogen <= available * (1.0 + 1e-12))
    assert np.all(power <= np.minimum(demand, 1e6) * (1.0 + 1e-12))
    assert np.all((power == 0.0) | (power >= 0.1e6 * (1.0 - 1e-9)))
    assert np.all(power <= 0.83 * LOWER_HEATING_VALUE * hydrogen)
    assert np.all(power + heat <= 39.39 * 3.6e6 * hydrogen * (1.0 + 1e-9))
    assert np.all(hydrogen[power == 0.0] == 0.0)
    falls = np.diff(np.concatenate([[lost], worn])) < 0.0
    assert np.all(worn[falls.nonzero()[0]] == 0.0)  # ageing never heals but by replacement


def test_half_the_step_changes_hydrogen_and_wear_by_little() -> None:
    kernel = kernel_plant(lillo())
    requested = np.abs(np.sin(np.arange(500) / 7.0)) * 1.1e6
    whole, half = np.empty((500, 4)), np.empty((1000, 4))
    fuel_cell_series(kernel, 0.0, HOUR, requested, np.ones(500), whole)
    fuel_cell_series(kernel, 0.0, HOUR / 2, np.repeat(requested, 2), np.ones(1000), half)
    assert half[:, 1].sum() / 2 == pytest.approx(whole[:, 1].sum(), rel=1e-5)
    assert half[-1, 3] == pytest.approx(whole[-1, 3], rel=1e-9)


def test_starts_wear_more_than_running() -> None:
    cell = lillo()
    on_and_off = series(np.resize([1e6, 0.0], 2000))
    found = simulate_fuel_cell(on_and_off, series(np.ones(2000)), cell)
    assert found.attrs["starts"] == 1000
    ageing = cell.stacks.stack.ageing
    assert float(found["voltage_lost"][-1]) == pytest.approx(1000 * (ageing.start + ageing.running * HOUR), rel=1e-9)


def test_a_plant_with_a_published_efficiency_keeps_it() -> None:
    cell = load_component("fuel-cell", "pem-1mw", FuelCell)
    flows = np.empty((3, 4))
    fuel_cell_series(kernel_plant(cell), 0.0, HOUR, np.array([1e5, 5e5, 1e6]), np.ones(3), flows)
    np.testing.assert_allclose(flows[:, 0] / (flows[:, 1] * LOWER_HEATING_VALUE), 0.5, rtol=1e-12)


def test_no_stack_gives_more_than_faraday_allows() -> None:
    cell = lillo()
    curve = plant_curve(cell)
    cells = stacks_in(cell) * cell.stacks.stack.cells
    current = curve.hydrogen * cell.stacks.hydrogen_utilisation * 2 * FARADAY / HYDROGEN_MOLAR_MASS / cells
    assert np.all(curve.power[1:] < cells * current[1:] * 1.229)


def refused(**changes) -> str:
    stack = lillo().model_dump(mode="json")
    for path, value in changes.items():
        target = stack
        *parents, last = path.split("__")
        for key in parents:
            target = target[key]
        target[last] = value
    with pytest.raises((ValueError, ConfigurationError)) as caught:
        plant_curve(FuelCell.model_validate(stack))
    return str(caught.value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"stacks__power_per_stack": "12.5 kW"}, "80 stacks of 75 cells give 0.7977 MW"),
        ({"stacks__stack__xi1": -0.2}, "the lower heating value"),
        ({"stacks__stack__largest_current_density": "3 A/cm^2"}, "must lie below"),
        ({"stacks__stack__temperature": "60 K"}, "273.15 to 393.15"),
        ({"stacks__stack__active_area": "200 cm"}, "expected an area"),
        ({"stacks__stack__ageing__running": "3.6 volt"}, "expected a voltage per time"),
        ({"stacks__hydrogen_utilisation": 0.0}, "must lie above 0"),
        ({"efficiency": {"source": "x", "load": [0.1, 1.0], "efficiency": [0.5, 0.5]}}, "one of them"),
        ({"stacks": None}, "one of them"),
    ],
)
def test_an_impossible_plant_is_refused_in_one_sentence(changes, words: str) -> None:
    assert words in refused(**changes)


def test_a_negative_set_point_is_refused() -> None:
    with pytest.raises(DataError, match="requested holds a negative value"):
        simulate_fuel_cell(series([1e6, -1.0]), series([1.0, 1.0]), lillo())


def test_the_reduced_plant_takes_the_efficiency_of_its_stacks() -> None:
    plant = PlantConfiguration(
        electrolysers=(load_component("electrolyser", "pem-10mw", Electrolyser),), fuel_cells=(lillo(),)
    )
    reduced = reduced_plant(plant, Grid(), Margins())
    load, efficiency = efficiency_curve(lillo())
    hydrogen = np.interp(0.5, np.linspace(0.0, 1.0, reduced.fuel_cell_table.size), reduced.fuel_cell_table)
    assert 0.5e6 / hydrogen / LOWER_HEATING_VALUE == pytest.approx(np.interp(0.5, load, efficiency), rel=1e-4)
