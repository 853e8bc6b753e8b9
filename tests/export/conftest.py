"""A short run of a linear plant, and one of the plant as it ships, which the tests of exports share."""

import pytest

import testsite_sim as ts

DAYS = {"weather.start": "2023-03-01", "weather.end": "2023-03-04"}
LINEAR = {
    "plant.electrolysers.0.minimum_load": 0,
    "plant.electrolysers.0.start_energy_per_capacity": "0 kWh/MW",
    "plant.electrolysers.0.consumption.specific_consumption.values": [52.5] * 5,
    "plant.fuel_cells.0.minimum_load": 0,
}


@pytest.fixture(scope="session")
def shipped_run() -> ts.Run:
    return ts.load("flanders-wind-farm/test-site", {**DAYS, "title": "=1+1 & a_test, 5 %"}).run()


def linear(**more: str) -> ts.Run:
    """Return the run of a plant without minimum loads and starts, whose efficiencies are constant."""
    first = ts.load("flanders-wind-farm/test-site", LINEAR)
    points = len(first.scenario.plant.fuel_cells[0].efficiency.load)
    even = {"plant.fuel_cells.0.efficiency.efficiency": [0.5] * points, "dispatch.strategy": "perfect-foresight"}
    bought = {"grid.import_limit": "20 MW", "grid.purchase_fee": "30 EUR/MWh", "grid.injection_fee": "1 EUR/MWh"}
    return ts.load("flanders-wind-farm/test-site", {**DAYS, **LINEAR, **even, **bought, **more}).run()


@pytest.fixture(scope="session")
def linear_run() -> ts.Run:
    return linear()
