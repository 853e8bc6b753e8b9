"""What can be changed on the page is derived from the scenario, and every place of a slider is accepted."""

import pytest

from testsite_sim.cases.scenario import read_scenario
from testsite_sim.configuration.base import quantities
from testsite_sim.explore.changes import LAYOUT, Changes, changed_case
from testsite_sim.explore.controls import Amount, Choice, controls_of, further_controls

SCENARIOS = ("flanders-wind-farm/test-site", "waterstof/halle-station", "waterstof/balancing-stacks")


def controls(name):
    return {control.path: control for control in controls_of(read_scenario(name).scenario)}


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_end_of_every_slider_is_accepted(name):
    base = read_scenario(name)
    sliders = [each for each in controls_of(base.scenario) if isinstance(each, Amount) and each.slides]
    assert all(each.low <= each.number(each.text) <= each.high for each in sliders)
    for end in ("low", "high"):
        changed_case(base, Changes(amounts={each.path: each.written(getattr(each, end)) for each in sliders}))


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_strategy_and_model_on_the_lists_is_accepted(name):
    base = read_scenario(name)
    for control in controls_of(base.scenario):
        if isinstance(control, Choice) and control.path.startswith(("wind", "dispatch")):
            assert control.value in control.options
            for option in control.options:
                changed_case(base, Changes({control.path: option}))


def test_a_slider_goes_over_the_stated_range_of_a_price_and_about_the_value_of_a_size():
    found = controls("flanders-wind-farm/test-site")
    assert (found["economics.hydrogen_price"].low, found["economics.hydrogen_price"].high) == (4.0, 11.0)
    assert (found["plant.electrolysers.0.capacity"].low, found["plant.electrolysers.0.capacity"].high) == (1.0, 30.0)


def test_an_electrolyser_of_stacks_is_sized_by_their_number():
    found = controls("waterstof/halle-station")
    assert "plant.electrolysers.0.capacity" not in found
    control = found["plant.electrolysers.0.stacks.stacks"]
    assert (control.text, control.step) == ("1", 1.0)
    case = changed_case(read_scenario("waterstof/halle-station"), Changes(amounts={control.path: "3"}))
    assert float(case.scenario.plant.electrolysers[0].capacity) == 3 * 147e3


def test_without_a_plant_there_is_no_control_that_only_a_plant_feels():
    found = controls("flanders-wind-farm/belgian-zone")
    assert not [path for path in found if path.startswith(("plant", "dispatch"))]
    assert {"economics.hydrogen_price", "grid.import_limit", "grid.purchase_fee"}.isdisjoint(found)


def test_without_a_farm_there_is_no_control_of_one():
    found = controls("waterstof/bus-depot-antwerp")
    assert not [path for path in found if path in ("farm", *LAYOUT) or path.startswith("wind.")]


def test_a_single_turbine_has_no_layout_to_change():
    assert {"farm", "wind.wake_model"} <= set(controls("waterstof/halle-station"))
    assert set(LAYOUT).isdisjoint(controls("waterstof/halle-station"))


def test_every_other_amount_of_the_scenario_can_be_added():
    scenario = read_scenario("flanders-wind-farm/test-site").scenario
    leading = {control.path for control in controls_of(scenario)}
    assert set(further_controls(scenario)) == {path for path, _ in quantities(scenario)} - leading


def test_what_is_slid_is_written_in_the_unit_of_the_scenario_and_read_back():
    control = controls("flanders-wind-farm/test-site")["economics.hydrogen_price"]
    assert control.written(7.05) == "7.05 EUR/kg"
    assert control.number("7.05 EUR/kg") == 7.05
    assert control.number("7 EUR/t") is None
    assert control.number("seven") is None


def test_each_store_of_a_list_has_its_own_controls():
    """Aims at a list with a store of banks in it, which has volumes instead of a capacity."""
    stores = ["pressurised-5t", "cascade-200bar", {"extends": "pressurised-5t", "title": "cavern", "capacity": "10 t"}]
    base = read_scenario("waterstof/balancing", {"plant.store": stores})
    found = {control.path: control for control in controls_of(base.scenario)}
    assert found["plant.store.2.capacity"].label == "Hydrogen store 3"
    assert "plant.store.1.capacity" not in found
    changed = changed_case(base, Changes(amounts={"plant.store.2.capacity": "8 t"})).scenario.machines.stores
    assert [float(changed[k].capacity) for k in (0, 2)] == [5000.0, 8000.0]
