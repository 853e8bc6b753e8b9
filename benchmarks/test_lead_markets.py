"""Adoption and the lead cluster of the study Waterstof: `pytest benchmarks/test_lead_markets.py --benchmark-only`."""

import numpy as np
from testsite_kernels.studies.adoption import Adoption, Fleets, Network, adopt
from testsite_kernels.studies.lead_cluster import Demands, Supplies, enumerate_clusters

MEMBERS, SCENARIOS, APPLICATIONS, YEARS, PLANTS = 500, 3, 4, 25, 6


def test_adoption_over_25_years_in_500_members(gauge):
    random = np.random.default_rng(1)
    shape = (MEMBERS, SCENARIOS, APPLICATIONS, YEARS)
    fleets = Fleets(
        random.uniform(100.0, 1000.0, (MEMBERS, APPLICATIONS, YEARS)),
        random.uniform(0.0, 1.0, shape),
        random.uniform(0.0, 0.1, shape),
        random.uniform(5.0, 20.0, (MEMBERS, APPLICATIONS)),
        random.uniform(0.01, 0.03, MEMBERS),
        random.uniform(0.2, 0.5, MEMBERS),
        random.uniform(0.0, 10.0, (MEMBERS, APPLICATIONS)),
    )
    network = Network(
        random.uniform(0.0, 30.0, (MEMBERS, APPLICATIONS)),
        random.uniform(0.0, 0.1, (MEMBERS, APPLICATIONS)),
        np.zeros((MEMBERS, SCENARIOS, YEARS)),
    )
    found = Adoption(np.empty(shape), np.empty(shape), np.empty(shape), np.empty((MEMBERS, SCENARIOS, YEARS)))
    gauge(adopt, fleets, network, found)


def test_clusters_of_six_plants_in_500_members(gauge):
    random = np.random.default_rng(2)
    shares = random.uniform(0.0, 1.0, (APPLICATIONS, 24))
    demands = Demands(
        random.uniform(0.0, 12.0, (MEMBERS, APPLICATIONS)),
        random.uniform(1e4, 4e5, (MEMBERS, APPLICATIONS)),
        np.array([True, True, True, False]),
        shares / shares.sum(axis=1, keepdims=True),
    )
    supplies = Supplies(
        random.uniform(1e4, 4e5, (MEMBERS, PLANTS)),
        random.integers(-1, 2, PLANTS),
        np.full(MEMBERS, 5e5),
        random.uniform(0.0, 100.0, (MEMBERS, PLANTS)),
        random.uniform(0.0, 1.0, (MEMBERS, PLANTS)),
        random.uniform(0.0, 5e5, (MEMBERS, PLANTS)),
        random.uniform(1.0, 6.0, (MEMBERS, 2)),
        np.full(MEMBERS, 40.0),
    )
    gauge(enumerate_clusters, demands, supplies, np.empty((MEMBERS, 16)), np.empty((MEMBERS, 16), dtype=np.int64))
