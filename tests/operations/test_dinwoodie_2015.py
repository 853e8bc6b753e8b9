"""The reference cases of Dinwoodie et al. (2015), Wind Engineering 39(1), 1-14.

Time-based availability of the four models of the paper, as published (bands from its tables and charts); the weather
is another one, us-east-coast-2003-2012, so the tolerances say what was promised there. See
docs/validation/operations.md for every variant.
"""

import pytest

from tests.operations.fleets import calm, open_sea, reference_case
from testsite_sim.operations import simulate_maintenance


@pytest.fixture(scope="module")
def sea():
    return open_sea()


def availability(case, sea, members=10):
    return float(simulate_maintenance(case, sea, 80, members=members)["availability_time"].mean())


def test_the_base_case_lies_within_0_02_of_the_band(sea):
    assert 0.8082 - 0.02 <= availability(reference_case(), sea) <= 0.8440 + 0.02


def test_the_weather_free_case_lies_in_the_band(sea):
    assert 0.951 - 0.005 <= availability(reference_case(), calm(sea)) <= 0.960 + 0.005


@pytest.mark.parametrize(("task", "low", "high"), [("manual-reset", 0.932, 0.961), ("major-replacement", 0.969, 0.987)])
def test_each_published_failure_class_alone_lies_in_the_band(sea, task, low, high):
    assert low - 0.005 <= availability(reference_case(only=task), sea) <= high + 0.005


@pytest.mark.parametrize(
    ("change", "low", "high"),
    [
        ({"numbers": {"crew-transfer": 5}, "technicians": 30}, 0.855, 0.896),
        ({"technicians": 10}, 0.35, 0.79),
        ({"drop": ["major-replacement"]}, 0.815, 0.886),
    ],
    ids=["more vessels and technicians", "fewer technicians", "no heavy lift"],
)
def test_each_published_variant_lies_in_the_band(sea, change, low, high):
    assert low - 0.005 <= availability(reference_case(**change), sea) <= high + 0.005


def test_annual_service_alone_stops_a_turbine_for_sixty_hours_a_year(sea):
    found = availability(reference_case(only="annual-service"), sea, 1)
    assert found == pytest.approx(1.0 - 60.0 / 8760.0, abs=2e-5)


def test_parts_cost_what_is_expected_when_every_job_is_done(sea):
    found = simulate_maintenance(reference_case(), calm(sea), 80, members=40)["cost_parts"] / 1.2e6
    assert float(found.mean()) == pytest.approx(4.503, abs=3.0 * float(found.std()) / 40**0.5 + 0.01)
