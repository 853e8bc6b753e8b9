"""Kernels of balancing on a year of hours: `pytest benchmarks/test_balancing.py --benchmark-only`."""

import numpy as np
import pytest
from testsite_kernels.dispatch.rules import FIRM_BAND, Rule
from testsite_kernels.dispatch.series import TOTALS, dispatch_totals
from testsite_kernels.dispatch.storage_optimum import OPERATION, storage_optimum, storage_value

from benchmarks.peers.highs import ManyYears, quarters
from tests.kernels.test_storage_discrete import decide
from tests.kernels.test_storage_optimum import oracle_case
from tests.reference import storage_optimum as reference
from testsite_sim.dispatch import BalancingPlant


@pytest.mark.parametrize("rule", range(5), ids=["none", "surplus", "price-threshold", "firm-band", "imbalance"])
def test_rule_dispatch(gauge, benchmark, rule):
    case = oracle_case()
    plant = BalancingPlant(
        electrolyser_capacity=10e6, electrolyser_minimum_load=0.1, electrolyser_start_energy=1e9,
        tank_capacity=2000.0, tank_initial=500.0, fuel_cell_capacity=1e6, export_limit=90e6,
    ).kernel_plant  # fmt: skip
    price = case.prices[:, 1]
    settings = Rule(rule, 0.8 * price.mean(), 1.3 * price.mean(), 2e6, 100.0)
    promised, demand = np.full(price.size, 10e6), np.full(price.size, 50 / 3600)
    rows = [a[None] for a in (case.wind, price, price, price, promised, demand)]
    gauge(dispatch_totals, plant, settings, 3600.0, 500.0, *rows, np.empty((20, len(TOTALS))))
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
