"""Maintenance of 80 turbines over ten years: `pytest benchmarks/test_maintenance.py --benchmark-only`."""

import pytest

from tests.operations.fleets import open_sea, reference_case
from testsite_sim.operations import maintenance_history, simulate_maintenance


@pytest.fixture(scope="module")
def sea():
    return open_sea()


def test_ten_replicas(gauge, benchmark, sea):
    gauge(lambda: simulate_maintenance(reference_case(), sea, 80, members=10))
    benchmark.extra_info["replicas"] = 10


def test_one_history_with_its_log(gauge, sea):
    gauge(maintenance_history, reference_case(), sea, 80)
