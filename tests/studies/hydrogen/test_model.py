"""Demand, hydrogen, money, CO2 and jobs of the study Waterstof add up, follow their inputs and meet what is known."""

import numpy as np
import pytest
import xarray as xr

from tests.studies.hydrogen.loading import central, load
from testsite_sim.configuration.study_hydrogen import Waterstof
from testsite_sim.studies import draw, study_assumptions
from testsite_sim.studies.hydrogen import simulate_waterstof


@pytest.fixture(scope="module")
def study() -> Waterstof:
    return load()


@pytest.fixture(scope="module")
def results(study: Waterstof) -> xr.Dataset:
    return simulate_waterstof(study, draw(study_assumptions(study), 64, 3))


def test_a_bus_is_at_parity_with_diesel_at_5_2_euro_per_kilogram(study: Waterstof) -> None:
    found = central(study)
    assert float(found["bus_parity_price"]) == pytest.approx(5.2, abs=0.02)


def test_hydrogen_adds_up_over_markets_and_sources(results: xr.Dataset) -> None:
    total = results["demand"].sum("application")
    np.testing.assert_allclose(results["demand_by_market"].sum("market"), total, rtol=1e-12)
    supplied = results["hydrogen_by_product"] + results["hydrogen_electrolysis"]
    np.testing.assert_allclose(supplied, total, rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(results["demand"], results["stock"] * results["mass_per_unit"], rtol=1e-12)


def test_members_do_not_depend_on_each_other(study: Waterstof) -> None:
    drawn = draw(study_assumptions(study), 12, 5)
    whole = simulate_waterstof(study, drawn)
    part = simulate_waterstof(study, {name: values[7:9] for name, values in drawn.items()})
    for name in ("demand", "cumulative_cash", "cluster_worth", "valley_length", "market_score"):
        np.testing.assert_allclose(part[name], whole[name].isel(member=slice(7, 9)), rtol=1e-12)
