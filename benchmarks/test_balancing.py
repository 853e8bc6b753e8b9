"""Kernels of balancing on a year of hours: `pytest benchmarks/test_balancing.py --benchmark-only`."""

import numpy as np
import pytest
from testsite_kernels.dispatch.rule import FIRM_BAND
from testsite_kernels.dispatch.run import run_plant
from testsite_kernels.dispatch.storage_optimum import OPERATION, storage_optimum, storage_value

from benchmarks.peers.highs import ManyYears, quarters
from benchmarks.peers.plants import RunningYears, balancing_plant, surroundings_of
from tests.kernels.test_storage_discrete import decide
from tests.kernels.test_storage_optimum import oracle_case
from tests.reference import storage_optimum as reference
from testsite_sim.dispatch.execution import NO_RULE


@pytest.mark.parametrize("rule", range(5), ids=["none", "surplus", "price-threshold", "firm-band", "imbalance"])
def test_rule_dispatch(gauge, benchmark, rule):
    case = oracle_case()
    price = case.prices[:, 1].copy()
    settings = NO_RULE._replace(
        number=rule, produce_below=0.8 * price.mean(), generate_above=1.3 * price.mean(), band=2e6, reserve_level=100.0
    )
    around = surroundings_of(case.wind, price, 50 / 3600)
    years = RunningYears(balancing_plant(10e6, 2000.0, 1e6), around, settings, 10e6, 20)
    gauge(run_plant, *years.arguments())
    benchmark.extra_info["plant_steps"] = 20 * price.size


@pytest.mark.parametrize("years", [1, 10])
def test_convex_optimum(gauge, years):
    case = oracle_case()
    rows = {name: np.tile(getattr(case, name), years) for name in ("wind", "demand")}
    case = case._replace(**rows, prices=np.tile(case.prices, (years, 1)))
    gauge(storage_optimum, case, np.empty((case.wind.size, len(OPERATION))))


def test_convex_optimum_of_thirty_years_of_quarter_hours(gauge):
    case = quarters(oracle_case(), 30)
    gauge(storage_optimum, case, np.empty((case.wind.size, len(OPERATION))), rounds=3)


@pytest.mark.parametrize("work", ["rule", "optimum"])
def test_a_thousand_years(gauge, work):
    many = ManyYears()
    everything = slice(0, many.wind.shape[0])
    if work == "rule":
        gauge(many.rule, FIRM_BAND, everything, rounds=3)
    else:
        gauge(many.optima, everything, rounds=2)


def test_convex_value(gauge):
    gauge(storage_value, oracle_case())


@pytest.mark.parametrize("contents", [101, 401])
def test_minimum_load_by_dynamic_programming(gauge, contents):
    gauge(decide, oracle_case(), contents, rounds=3)


def test_linear_program_by_highs(gauge):
    gauge(reference.solve, oracle_case(), rounds=3)
