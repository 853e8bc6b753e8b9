"""The chain with electrolysers of stacks: start times, ramps and wear act in dispatch, and wear is paid."""

import json

import numpy as np
import pytest
import xarray as xr

from testsite_sim.cases.scenario import load_scenario
from testsite_sim.chain import prepare, simulate_scenario
from testsite_sim.cli import main
from testsite_sim.plant.electrolysis_plant import StackPlant
from testsite_sim.plant.stack_work import electrolyser_stacks

pytestmark = pytest.mark.usefixtures("unprinted_in_module")
SHORT = ("weather.start=2023-02-01", "weather.end=2023-02-15", "economics.scale_to_year=by-repetition")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stacks") / "run"
    settings = [part for each in SHORT for part in ("--set", each)]
    main(["run", "waterstof/balancing-stacks", "-o", str(folder), *settings])
    return folder


@pytest.fixture(scope="module")
def results(run):
    with xr.open_datatree(run / "results.nc") as tree:
        return {name: tree[name].to_dataset().load() for name in ("plant", "lifetime", "economics")}


def test_there_is_one_figure_of_hydrogen_the_one_that_the_stacks_make(run, results):
    summary = {name: entry["value"] for name, entry in json.loads((run / "summary.json").read_text()).items()}
    plant = results["plant"]
    step = plant.attrs["step"]
    made = float(plant["hydrogen_produced"].sum()) * step
    assert made / 1000.0 == pytest.approx(summary["hydrogen_produced"], rel=1e-12)
    assert float(plant["electrolyser_hydrogen"].sum()) * step == pytest.approx(made, rel=1e-12)
    value = float(plant["revenue"].sum()) + 6.0 * float(plant["hydrogen_stored"][-1])
    assert summary["objective_value"] == pytest.approx(value, rel=1e-12)
    assert summary["regret"] == pytest.approx(1.0 - value / summary["objective_value_optimum"], rel=1e-9)
    assert 50.0 < summary["specific_consumption"] < 57.0
    assert "optimum_gap" not in summary  # the reduced plant, which the bound is of, is not this plant
    for residual in ("energy_balance_residual", "hydrogen_balance_residual"):
        assert summary[residual] <= 1e-9


def test_the_wear_of_the_years_is_paid_in_the_year_of_each_replacement_but_the_last(results):
    life, money = results["lifetime"], results["economics"]
    assert life.sizes["year"] == money.sizes["year"] - 1
    renewed = life["stacks_replaced"].to_numpy()[:, 0] / 10.0
    paid = money["replacement_cost"].sel(component="electrolysers").to_numpy()
    np.testing.assert_allclose(paid[1:-1], renewed[:-1] * 10e6 * 0.9 * 0.175)
    assert paid[-1] == 0.0
    made = life["hydrogen_produced"].to_numpy()
    rise = life["stack_voltage_rise"].to_numpy()[:, 0]
    assert np.all(np.diff(rise)[renewed[1:] == 0.0] >= 0.0)
    # Worn stacks make less of the same power; the wind and the rule are those of the first year.
    assert made.min() < made[0]
    np.testing.assert_allclose(money["hydrogen_made"][1:], made, rtol=1e-12)


def test_a_start_takes_its_time_in_dispatch():
    """With a cold start of half an hour, in quarter-hours, two intervals of every start make nothing."""
    settings = (
        *SHORT,
        "weather.step=15 minute",
        "plant.electrolysers.0.stacks.start.cold_time=30 minute",
        "plant.electrolysers.0.stacks.standby=null",
    )
    scenario = load_scenario("waterstof/balancing-stacks", settings)
    plant = dict(simulate_scenario(prepare(scenario)))["plant"]
    state, made = (plant[name].to_numpy()[:, 0] for name in ("electrolyser_state", "electrolyser_hydrogen"))
    starting = state == 1
    assert starting.any()
    assert np.all(made[starting] == 0.0)
    assert np.all(plant["electrolyser_power"].to_numpy()[starting, 0] > 0.0)


def test_cells_in_series_raise_the_voltage_of_a_stack_and_lower_its_current(run) -> None:
    """The fault: `cells_per_stack` changed nothing that a run writes."""
    with xr.open_datatree(run / "results.nc") as tree:
        stack = tree["stacks/electrolyser-1"].to_dataset().load()
    stacks = load_scenario("waterstof/balancing-stacks").plant.electrolysers[0].stacks
    np.testing.assert_allclose(stack["stack_voltage"], stacks.cells_per_stack * stack["voltage"])
    twice = StackPlant(stacks.model_copy(update={"cells_per_stack": 2 * stacks.cells_per_stack}))
    halved = electrolyser_stacks(twice.stated, np.zeros((1, stacks.stacks, 2)), 3600.0, None)
    np.testing.assert_allclose(halved["stack_voltage"], 2.0 * stack["stack_voltage"])
    np.testing.assert_allclose(halved["stack_current"], 0.5 * stack["stack_current"])
    rated = float(
        (stack["stack_voltage"] * stack["stack_current"]).interp(current_density=twice.cell.rated_current_density)
    )
    assert 0.9 * float(stacks.stack_capacity) < rated < float(stacks.stack_capacity)
