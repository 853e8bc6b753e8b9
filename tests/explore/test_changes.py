"""What was changed on the page makes the scenario that the command line makes of the same changes."""

import math

import pytest

from testsite_sim.cases.scenario import read_scenario
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.explore.changes import Changes, changed_case, moved_turbines, on_the_command_line
from testsite_sim.explore.controls import ROTATION, SPACING

NAME = "flanders-wind-farm/test-site"
CAPACITY = "plant.electrolysers.0.capacity"


def places(case):
    groups = case.scenario.farm.groups.values()
    return [(x, y) for group in groups for x, y in zip(group.x, group.y, strict=True)]


def test_the_changes_are_those_of_the_command_line():
    changes = Changes({"wind.wake_model": "jensen-1983"}, {CAPACITY: "20 MW", "grid.export_limit": ""})
    case = changed_case(read_scenario(NAME), changes)
    stated = on_the_command_line(case)
    assert stated == ["wind.wake_model=jensen-1983", f"{CAPACITY}=20 MW", "grid.export_limit=null"]
    assert read_scenario(NAME, stated).scenario == case.scenario


@pytest.mark.parametrize("text", ["20 kg", "20", "-3 MW", "MW", "9**9 MW", "null", "[1, 2]", "{a: b"])
def test_a_wrong_value_is_refused_in_the_sentences_of_the_command_line(text):
    with pytest.raises(ConfigurationError) as here:
        changed_case(read_scenario(NAME), Changes(amounts={CAPACITY: text}))
    with pytest.raises(ConfigurationError) as there:
        read_scenario(NAME, [f"{CAPACITY}={text}"])
    assert here.value.problems == there.value.problems
    assert CAPACITY in " ".join(here.value.problems)


def test_another_choice_forgets_what_was_changed_inside_the_old_one():
    changes = Changes().amended(CAPACITY, "20 MW", "10 MW").amended("grid.export_limit", "70 MW", "80 MW")
    chosen = changes.chosen("plant.electrolysers.0", "pem-10mw-stacks")
    assert chosen.texts == {"plant.electrolysers.0": "pem-10mw-stacks", "grid.export_limit": "70 MW"}
    assert chosen.chosen("plant.electrolysers.0", "").texts == {"grid.export_limit": "70 MW"}


def test_a_value_that_is_that_of_the_scenario_is_no_change():
    assert Changes().amended(CAPACITY, "20 MW", "10 MW").amended(CAPACITY, " 10 MW ", "10 MW") == Changes()


def test_a_stretched_layout_keeps_its_middle_and_its_shape():
    base = read_scenario(NAME)
    before, after = places(base), places(changed_case(base, Changes(amounts={SPACING: "150 %"})))
    middle = [tuple(sum(each) / len(each) for each in zip(*points, strict=True)) for points in (before, after)]
    assert middle[0] == pytest.approx(middle[1], abs=0.01)
    for (a, b), (c, d) in zip(before, after, strict=True):
        assert c - middle[1][0] == pytest.approx(1.5 * (a - middle[0][0]), abs=0.02)
        assert d - middle[1][1] == pytest.approx(1.5 * (b - middle[0][1]), abs=0.02)


def test_a_layout_is_turned_clockwise():
    farm = read_scenario(NAME).scenario.farm
    turned = {(change.keys[2], change.keys[3]): change.value for change in moved_turbines(farm, 1.0, 90.0)}
    east, north = ([v for group in farm.groups.values() for v in getattr(group, axis)] for axis in "xy")
    x0, y0 = sum(east) / len(east), sum(north) / len(north)
    name, group = next(iter(farm.groups.items()))
    assert turned[name, "x"][0] == pytest.approx(x0 + (group.y[0] - y0), abs=0.01)  # what was north is east
    assert turned[name, "y"][0] == pytest.approx(y0 - (group.x[0] - x0), abs=0.01)
    assert all(math.isfinite(value) for values in turned.values() for value in values)


WRONG = {SPACING: ("0 %", "wide", "3 km", "1e9 %"), ROTATION: ("15 m", "15", "400 degree")}


@pytest.mark.parametrize(("path", "text"), [(path, text) for path, texts in WRONG.items() for text in texts])
def test_an_impossible_layout_is_refused_with_what_is_expected(path, text):
    with pytest.raises(ConfigurationError, match="expected") as refused:
        changed_case(read_scenario(NAME), Changes(amounts={path: text}))
    assert path in str(refused.value)
