"""Thirty years of generated wind and waves: `pytest benchmarks/test_metocean.py --benchmark-only`."""

from testsite_sim.configuration.climate import Climate
from testsite_sim.configuration.loading import load_component
from testsite_sim.operations import generate_metocean


def test_thirty_years(gauge):
    climate = load_component("climate", "belgian-zone", Climate)
    gauge(lambda: generate_metocean(climate, start="2001-01-01", years=30))
