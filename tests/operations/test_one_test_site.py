"""The berths of the certification, the farm next to them and the site that the study pays for are one."""

import numpy as np

from testsite_sim.cases.scenario import load_scenario
from testsite_sim.cases.study import read_study
from testsite_sim.configuration.base import quantities
from testsite_sim.configuration.berths import OffshoreTestSite
from testsite_sim.configuration.farm import FarmConfiguration
from testsite_sim.configuration.loading import load_component
from testsite_sim.operations import valid_directions

DIAMETER = 198.0  # [m] of the IEA 10 MW turbine


def stated(site: OffshoreTestSite) -> list[tuple[str, float, tuple[float, ...]]]:
    """Return path, value and range of every quantity: a study names the evidence next to them, a scenario cites it."""
    return [(path, float(each), tuple(map(float, each.range or ()))) for path, each in quantities(site)]


def test_the_berths_stand_in_the_farm_and_leave_out_its_wakes():
    site = load_component("test-site", "flanders", OffshoreTestSite)
    (group,) = load_component("farm", "test-site-berths", FarmConfiguration).groups.values()
    assert list(group.names) == [berth.name for berth in site.berths]
    places = list(zip(group.x, group.y, strict=True))
    degrees = np.arange(360.0)
    for berth, (x, y) in zip(site.berths, places, strict=True):
        neighbours = [(a - x, b - y) for a, b in places if (a, b) != (x, y)]
        left_out = np.zeros(360, bool)
        for sector in berth.disturbed:
            left_out |= (degrees - sector.begin) % 360.0 <= (sector.end - sector.begin) % 360.0
        assert left_out[~valid_directions(neighbours, DIAMETER)].all(), berth.name


def test_the_scenario_of_certification_and_the_study_have_the_same_site():
    scenario = load_scenario("flanders-wind-farm/certification")
    study = read_study("flanders-wind-farm/study").configuration
    certification = scenario.wind_farm.operations.certification
    assert stated(certification.test_site) == stated(study.certification.test_site)
    assert float(certification.test_site.investment) == float(study.test_site.investment) == 60e6
    assert sum(len(group.names) for group in scenario.farm.groups.values()) == len(certification.test_site.berths) == 3
