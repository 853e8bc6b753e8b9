"""The fuel cell on by-product hydrogen at Lillo under rules and plans: who runs when, and for how much."""

import numpy as np
import pytest

import testsite_sim as ts
from testsite_sim.configuration.grid import Grid
from testsite_sim.dispatch.reduced import reduced_plant
from testsite_sim.plant.kept import Margins

SCENARIO = "waterstof/lillo-fuel-cell"
PRICE = 1.2  # of by-product [EUR/kg]; configs/by-product/lillo-chlorine.yaml
OFFER = 62.0 / 3600.0  # [kg/s]


@pytest.fixture(scope="module")
def runs():
    names = ("self-consumption", "rolling-horizon", "perfect-foresight")
    return {name: ts.load(SCENARIO, {"dispatch.strategy": name}).run() for name in names}


def objective(run) -> float:
    return run.summary["objective_value"].value


def test_plans_run_on_by_product_and_beat_the_rule(runs) -> None:
    values = {name: objective(run) for name, run in runs.items()}
    assert values["self-consumption"] == pytest.approx(233_709.64, abs=0.01)
    assert values["rolling-horizon"] == pytest.approx(288_737.99, abs=0.01)
    assert values["perfect-foresight"] == pytest.approx(288_737.99, abs=0.01)
    assert runs["self-consumption"].summary["regret"].value == pytest.approx(0.190582, abs=1e-6)
    energy = {name: run.summary["fuel_cell_energy"].value for name, run in runs.items()}
    assert energy["self-consumption"] == pytest.approx(8.443527, abs=1e-6)  # GWh: whatever the price
    assert energy["perfect-foresight"] == pytest.approx(6.873355, abs=1e-6)  # where electricity pays for the hydrogen


def test_the_plan_is_the_best_of_each_hour_by_hand(runs) -> None:
    run = runs["perfect-foresight"]
    plant = ts.load(SCENARIO).scenario.plant
    reduced = reduced_plant(plant, Grid(), Margins())
    load = np.linspace(0.0, 1.0, reduced.fuel_cell_table.size)
    load, used = load[load >= reduced.fuel_cell_minimum_load], reduced.fuel_cell_table[load >= 0.1]
    power, used = load[used <= OFFER] * reduced.fuel_cell_capacity, used[used <= OFFER]
    price = run.results["plant"]["price"].to_numpy()
    gain = 3600.0 * (price[:, None] * power - PRICE * used)
    best = np.maximum(gain.max(axis=1), 0.0)
    assert run.results["plant"].attrs["value"] == pytest.approx(best.sum(), rel=1e-6)
    running = run.results["plant"]["power_fuel_cells"].to_numpy() > 0.0
    np.testing.assert_array_equal(running, gain.max(axis=1) > 0.0)


def test_what_the_plan_does_not_see_and_the_gap_stand_in_the_summary(runs) -> None:
    gap = runs["perfect-foresight"].summary["plan_gap"]
    assert gap.value == pytest.approx(0.040304, abs=1e-6)  # stacks that wear give less than new ones
    assert "does not see wear" in gap.description
    for name in ("rolling-horizon", "perfect-foresight"):
        best = runs[name].summary["objective_value_best_rule"]
        assert best.value == pytest.approx(233_709.64, abs=0.01)
        assert best.description.endswith("self-consumption")
