"""A plant says what it lacks: nothing that is stated goes without a machine that uses it."""

import pytest

from testsite_sim.cases.scenario import load_scenario
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.ensemble.variation import with_values

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
        ("{electrolysers: [pem-10mw], side_streams: electrolysis-and-heat}", "`side_streams.water` is what the stacks"),
        ("{electrolysers: [halle-pem-30, pem-10mw], side_streams: electrolysis-and-heat}", "electrolysers.1 states"),
        ("{electrolysers: [pem-10mw], side_streams: {extends: electrolysis-and-heat, water: null}}", "expected 0"),
        ("{electrolysers: [pem-10mw], side_streams: {extends: industrial-heat}}", "no machine has `stacks`"),
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


def test_an_electrolyser_by_its_curve_may_sell_oxygen() -> None:
    streams = "{extends: electrolysis-and-heat, water: null, heat: null}"
    loaded = load_scenario(SITE, (f"plant={{electrolysers: [pem-10mw], side_streams: {streams}}}",)).plant
    assert loaded is not None
    assert loaded.side_streams.oxygen is not None


@pytest.mark.parametrize(("years", "said"), [("2.5 year", "for example 3 year"), ("0.4 year", "for example 1 year")])
def test_a_life_is_a_whole_number_of_years(years: str, said: str) -> None:
    """The fault: 2.5 years were two, 3.5 were four, and 0.4 none."""
    with pytest.raises(ConfigurationError, match=f"expected a whole number of years, {said}"):
        load_scenario(SITE, (f"economics.lifetime={years}",))


def test_a_life_that_is_drawn_is_rounded() -> None:
    drawn = with_values(load_scenario(SITE), {"economics.lifetime": 21.6})
    assert float(drawn.money.lifetime) == 22.0
