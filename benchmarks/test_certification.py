"""The test site over ten years: `pytest benchmarks/test_certification.py --benchmark-only`."""

from testsite_sim.configuration.berths import OffshoreTestSite
from testsite_sim.configuration.loading import load_component
from testsite_sim.operations import certification_time, sea_state, simulate_reliability_growth
from testsite_sim.weather import open_record


def test_time_to_certificate_from_every_start(gauge):
    record = open_record("us-east-coast-2003-2012")
    site = load_component("test-site", "flanders", OffshoreTestSite)
    direction = record["wind_direction"].to_numpy()[:, 0]
    gauge(certification_time, site, sea_state(record), direction)


def test_a_thousand_histories_of_reliability_growth(gauge):
    growth = load_component("test-site", "flanders", OffshoreTestSite).reliability_growth
    gauge(lambda: simulate_reliability_growth(growth, members=1000))
