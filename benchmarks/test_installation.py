"""Campaigns of 80 turbines in 29 weather years: `pytest benchmarks/test_installation.py --benchmark-only`."""

from testsite_sim.configuration.installation import Installation
from testsite_sim.configuration.loading import load_component
from testsite_sim.operations import sea_state, simulate_installation
from testsite_sim.weather import open_record


def test_campaigns(gauge):
    sea = sea_state(open_record("north-sea-58n-1994-2023"))
    installation = load_component("installation", "conventional", Installation)
    gauge(simulate_installation, installation, sea, 80)
