"""A run of three days whose page and figures are looked at."""

import pytest

import testsite_sim as ts

SHORT = {
    "weather.start": "2023-02-01",
    "weather.end": "2023-02-04",
    "weather.climate": None,
    "economics.scale_to_year": "by-repetition",
}


@pytest.fixture(scope="package")
def run() -> ts.Run:
    return ts.load("flanders-wind-farm/test-site", SHORT).run()
