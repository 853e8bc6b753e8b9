"""A farm that was simulated before is found again, in its weather, and gives what it gave; there is room for some."""

import pytest

from testsite_sim.cases.scenario import read_scenario
from testsite_sim.explore import memory
from testsite_sim.explore.answers import answer, completed
from testsite_sim.explore.changes import Changes, changed_case
from testsite_sim.explore.memory import Memory

WEEK = ("weather.start=2023-02-01", "weather.end=2023-02-04", "economics.scale_to_year=by-repetition")


@pytest.fixture(scope="module")
def cases():
    base = read_scenario("flanders-wind-farm/test-site", WEEK)
    changes = [{}, {"wind.wake_loss": "0.9"}, {"operations.availability": "90 %"}]
    return [changed_case(base, Changes(amounts=each)) for each in changes]


@pytest.fixture(scope="module")
def found(cases):
    return [answer(case) for case in cases]


def test_a_change_that_is_taken_back_finds_its_farm_and_gives_what_a_run_gives(cases, found):
    kept = Memory()
    assert kept.of(cases[0].scenario) is None
    for each in found:
        kept.keep(each)
    other = cases[0].changed({"plant.electrolysers.0.capacity": "20 MW"})
    again = answer(other, kept.of(other.scenario))
    assert again.kept_farm
    assert again.steps["wind"] is found[0].steps["wind"]
    assert completed(again).summary == other.run().summary.entries
    assert kept.of(cases[0].changed({"weather.end": "2023-02-03"}).scenario) is None


def test_the_latest_answers_have_room_and_of_a_farm_the_latest(cases, found, monkeypatch):
    monkeypatch.setattr(memory, "MOST_FARMS", 2)
    kept = Memory()
    for each in found:
        kept.keep(each)
    assert [kept.of(case.scenario) for case in cases] == [None, found[1], found[2]]
    newer = answer(cases[1].changed({"plant.electrolysers.0.capacity": "20 MW"}), found[1])
    kept.keep(newer)
    assert kept.of(cases[1].scenario) is newer
    assert kept.of(cases[2].scenario) is found[2]
    monkeypatch.setattr(memory, "MOST_BYTES", 1)
    kept.keep(found[0])
    assert [kept.of(case.scenario) for case in cases] == [found[0], None, None]
