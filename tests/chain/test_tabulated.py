"""The chain reads the flow from the table of the fleet, and ends near what it simulates."""

from dataclasses import replace

import pytest

from testsite_sim.cases.scenario import load_scenario
from testsite_sim.chain import prepare, simulate_scenario, summarise
from testsite_sim.chain.flow import tabulate

CLOSE = {
    "annual_energy_production": 3e-3,
    "wake_loss": 0.05,
    "levelised_cost_of_energy": 3e-3,
    "hydrogen_produced": 0.02,
    "availability_energy": 3e-3,
    "loss_storms": 1e-6,
}


@pytest.mark.parametrize("expected", ["availability", "maintenance"])
def test_energy_cost_and_losses_are_near_those_of_the_exact_flow(expected: str) -> None:
    more = ["wind.restart_below_cut_out=3 m/s", "wind.uncertainty=offshore"]
    if expected == "maintenance":
        more += [
            "operations.availability=null",
            "operations.maintenance=belgian-zone",
            "operations.climate=belgian-zone",
            "operations.seed=1",
        ]
    prepared = prepare(load_scenario("flanders-wind-farm/test-site", more))
    exact, table = (
        summarise(dict(simulate_scenario(each))) for each in (prepared, replace(prepared, table=tabulate(prepared)))
    )
    assert set(table) == set(exact)
    for name, relative in CLOSE.items():
        assert table[name]["value"] == pytest.approx(exact[name]["value"], rel=relative), name
    assert table["annual_energy_p90"]["value"] == pytest.approx(exact["annual_energy_p90"]["value"], rel=5e-3)
    for name in ("energy_balance_residual", "hydrogen_balance_residual"):
        assert table[name]["value"] < 1e-9
