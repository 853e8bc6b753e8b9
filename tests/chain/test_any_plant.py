"""Every strategy runs every plant: machines of both kinds, a store of either kind, in any number."""

import pytest

from testsite_sim.cases.scenario import load_scenario
from testsite_sim.chain import prepare, simulate_scenario, summarise
from testsite_sim.dispatch import STRATEGIES

WEEK = (
    "weather.start=2023-02-01",
    "weather.end=2023-02-08",
    "economics.scale_to_year=by-repetition",
    "economics.lifetime=2 year",
)
MIXED = (
    "plant.electrolysers=[pem-10mw, pem-10mw-stacks, halle-alkaline-30]",
    "plant.fuel_cells=[pem-1mw, halle-90kw]",
    "plant.battery=lithium-ion-1mwh",
    "grid.import_limit=3 MW",
)


def figures(name: str, *overrides: str) -> dict[str, float]:
    results = dict(simulate_scenario(prepare(load_scenario(name, (*WEEK, *overrides)))))
    found = {key: entry["value"] for key, entry in summarise(results).items()}
    for residual in ("energy_balance_residual", "hydrogen_balance_residual"):
        assert found[residual] <= 1e-9
    plant = results["plant"]
    made, given = plant["hydrogen_produced"] > 0.0, plant["power_fuel_cells"] > 0.0
    assert "power_activated_up" in plant or not bool((made & given).any())  # never both, but for orders of the grid
    return found


@pytest.mark.parametrize("name", STRATEGIES)
def test_machines_by_curve_and_of_stacks_stand_in_one_plant(name: str) -> None:
    found = figures("flanders-wind-farm/test-site", *MIXED, f"dispatch.strategy={name}")
    if name != "none":
        assert found["hydrogen_produced"] > 0.0
        assert {"specific_consumption_1", "stacks_replaced"} <= found.keys()
    assert found["net_present_value"] < 0.0


@pytest.mark.parametrize("name", STRATEGIES)
def test_each_strategy_runs_a_plant_with_panels_banks_and_a_station(name: str) -> None:
    overrides = (
        "dispatch.strategy.grid_import_below_level=null",
        "dispatch.strategy.generate_above=null",
        "dispatch.strategy.store_above_level=null",
        f"dispatch.strategy.name={name}",
    )
    found = figures("waterstof/halle-station", *overrides)
    assert found["hydrogen_requested"] > 0.0
    planned = name in ("rolling-horizon", "perfect-foresight")
    # a station acts by itself: no plan bounds what the plant could have done, and rules are not compared with one
    assert ("regret" in found) == ("objective_value_best_rule" in found) == planned
    if planned:
        assert "optimum_gap" not in found
        assert found["objective_value_optimum"] >= found["objective_value_best_rule"] * (1.0 - 1e-9)
    assert ("plan_gap" in found) == (name == "perfect-foresight")


def test_reserves_are_kept_by_stacks_and_banks() -> None:
    """Two of ten stacks' worth is kept for orders down; what is delivered is made and stored."""
    found = figures(
        "waterstof/balancing-capacity",
        "plant.electrolysers=[{extends: pem-10mw-stacks, response_time: 30 s}]",
        "dispatch.strategy=surplus",
    )
    assert found["energy_activated_down"] > 0.0
    assert found["energy_activated_down"] <= found["energy_ordered_down"]


@pytest.mark.parametrize("name", ["rolling-horizon", "perfect-foresight"])
def test_a_battery_alone_leaves_a_strategy_nothing_to_plan(name: str) -> None:
    overrides = (*WEEK, "plant={battery: lithium-ion-1mwh}", f"dispatch.strategy={name}")
    found = summarise(dict(simulate_scenario(prepare(load_scenario("flanders-wind-farm/test-site", overrides)))))
    assert found["energy_balance_residual"]["value"] <= 1e-9
    assert found["battery_energy"]["value"] >= 0.0
