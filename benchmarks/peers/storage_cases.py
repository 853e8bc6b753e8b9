"""The cases of a storage that the benchmarks and the tests share; their series are those of tests/oracles."""

from pathlib import Path

import numpy as np
from testsite_kernels.dispatch.storage_pieces import Machines
from testsite_kernels.dispatch.storage_stage import StorageProblem

from testsite_sim.dispatch.decisions import Decisions, on_grid

MWH = 3.6e9
ORACLES = Path(__file__).resolve().parents[2] / "tests" / "oracles"


def oracle_case(steps=8760):
    """Return the dispatch case of h2_objectives.json."""
    series = np.load(ORACLES / "hydrogen_dispatch_series.npz")
    price = series["price"][:steps] / MWH
    return StorageProblem(
        step=3600.0,
        wind=100e6 * series["wind_cf"][:steps],
        demand=series["demand"][:steps],
        by_product=np.zeros(steps),
        edges=np.array([[-20e6, 0.0, 90e6]]),
        prices=np.stack([price + 35 / MWH, price], 1),
        electrolyser_low=np.zeros(1),
        electrolyser_high=np.array([40e6]),
        fuel_cell_low=np.zeros(1),
        fuel_cell_high=np.array([10e6]),
        machine_slope=np.array([1 / (16.665 * 3.6e6), 1 / (52.5 * 3.6e6)]),
        machine_width=np.array([10e6, 40e6]),
        fuel_segments=1,
        penalty=10.0,
        by_product_price=0.0,
        charge_limit=np.array([1e30]),
        discharge_limit=np.array([1e30]),
        tank_minimum=0.0,
        tank_capacity=20000.0,
        initial=5000.0,
        end_minimum=5000.0,
        end_value=0.0,
    )


def holland_coast_case():
    """Return the year at Hollandse Kust Noord: 100 MW wind, electrolyser, fuel cell, 20 t tank."""
    series = np.load(ORACLES / "hollandse_kust_noord_2023_dispatch.npz")
    speed, price = series["wind_speed_100m"], series["price"]
    power = np.where((speed >= 3) & (speed <= 25), 100e6 * np.clip((speed - 3) / 9, 0, 1) ** 2.5, 0.0)
    return oracle_case()._replace(
        wind=power,
        demand=np.full(power.size, 200.0),
        edges=np.array([[0.0, 1e30]]),
        prices=np.maximum(price, 0.0)[:, None] / MWH,
        machine_slope=np.array([1 / (16.65 * 3.6e6), 1 / (52.5 * 3.6e6)]),
        initial=0.0,
        end_minimum=0.0,
    )


def decide(problem, contents, block=2048):
    """Return the value on the grid, the pieces, and the machines with a minimum load of 10 %."""
    steps, slope = problem.wind.size, problem.machine_slope
    machines = Machines(
        np.array([4e6, 40e6]),
        np.array([4e6, 40e6]) * slope[1],
        np.array([0.0, 10e6]),
        np.array([0.0, 10e6]) * slope[0],
        0.0,
        0.0,
    )
    decisions = Decisions(problem, machines, block)
    spacing = (problem.tank_capacity - problem.tank_minimum) / (contents - 1)
    value, pieces = on_grid(decisions, contents, spacing, np.full(steps + 1, problem.tank_minimum), 100.0)
    return value, pieces, machines
