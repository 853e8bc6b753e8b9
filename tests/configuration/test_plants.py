"""A plant says what it lacks: nothing that is stated goes without a machine that uses it."""

import pytest

from testsite_sim.cases.scenario import load_scenario
from testsite_sim.common.errors import ConfigurationError

SITE = "flanders-wind-farm/test-site"


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        ("{}", "`plant` has no machine"),
        ("{electrolysers: [], fuel_cells: []}", "`plant` has no machine"),
        ("{side_streams: industrial-heat}", "no `electrolysers` or `fuel_cells` give it"),
        ("{battery: lithium-ion-1mwh, side_streams: electrolysis-and-heat}", "oxygen, and there are no"),
        ("{fuel_cells: [pem-1mw]}", "`fuel_cells` wants a source of hydrogen"),
        ("{store: pressurised-5t}", "`store` wants a source of hydrogen"),
    ],
)  # fmt: skip
def test_a_plant_without_the_machine_that_it_needs_is_refused(plant: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        load_scenario(SITE, (f"plant={plant}",))


@pytest.mark.parametrize("plant", ["{battery: lithium-ion-1mwh}", "{electrolysers: [pem-10mw]}"])
def test_a_plant_of_one_machine_is_taken(plant: str) -> None:
    loaded = load_scenario(SITE, (f"plant={plant}",)).plant
    assert loaded is not None
    assert loaded.side_streams is None
