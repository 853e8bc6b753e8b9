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


STORES = "plant.store=[pressurised-5t, halle-200bar]"


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ("plant.store=5", "plant.store: found 5; expected a name, a mapping or a list."),
        ("plant.store=[pressurised-5t, 5]", "plant.store.1: found 5; expected a name or a mapping."),
        ("plant.store=[pressurised-5t, null]", "plant.store.1: found null; expected a name or a mapping."),
        ("plant.store=[{}]", "'plant.store.0.title' is missing"),
        ("plant.store=[{x: 1}]", "unknown key 'x' in 'plant.store.0'. Choices: capacity, cascade, compressor, cost"),
        (
            "plant.store=[{extends: pressurised-5t, cascade: {banks: [vessel-30bar]}}]",
            "'cascade' in 'plant.store.0' is a key of another kind than 'capacity'; state the keys of one kind.",
        ),
        (
            "plant.store=[{extends: halle-200bar, capacity: 5 t}]",
            "'capacity' in 'plant.store.0' is a key of another kind than 'supply_pressure'; state the keys of",
        ),
    ],
)
def test_a_list_of_stores_says_what_it_takes_and_which_keys_are_of_another_kind(stated: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as found:
        load_scenario(SITE, (stated,))
    assert said in str(found.value)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("5.capacity", "is a list of 2; expected an index from 0 to 1, not '5'."),
        ("-1.capacity", "is a list of 2; expected an index from 0 to 1, not '-1'."),
        ("01.capacity", "is a list of 2; expected an index from 0 to 1, not '01'."),
        ("capacity", "is a list of 2; expected an index from 0 to 1, such as plant.store.0, not 'capacity'."),
    ],
)
def test_an_index_that_a_list_of_stores_does_not_have_names_those_that_it_has(key: str, said: str) -> None:
    with pytest.raises(ConfigurationError) as found:
        load_scenario(SITE, (STORES, f"plant.store.{key}=1 t"))
    assert said in str(found.value)
