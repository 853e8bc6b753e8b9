"""Control by foresight over a year of hours: `pytest benchmarks/test_control.py --benchmark-only`."""

import numpy as np
import xarray as xr

from tests.dispatch.plants import simulate_perfect_foresight, simulate_rolling_horizon
from tests.kernels.test_storage_optimum import oracle_case
from testsite_sim.configuration.imbalance import Imbalance
from testsite_sim.configuration.loading import load_component
from testsite_sim.dispatch import Objective, ReducedPlant
from testsite_sim.dispatch.settlement import quarter_prices, settle_nomination


def year():
    case = oracle_case()
    time = np.datetime64("2023-01-01T00", "ns") + np.arange(case.wind.size) * np.timedelta64(1, "h")
    plant = ReducedPlant(electrolyser_capacity=40e6, fuel_cell_capacity=10e6, tank_capacity=20000.0, export_limit=100e6)

    def series(values):
        return xr.DataArray(values, coords={"time": time}, dims="time")

    demand = np.full(case.wind.size, 200.0 / 3600.0)
    return series(case.wind), series(case.prices[:, -1]), series(demand), plant, Objective(10.0)


def test_rolling_horizon_of_two_days(gauge):
    gauge(simulate_rolling_horizon, *year(), rounds=3)


def test_perfect_foresight(gauge):
    gauge(simulate_perfect_foresight, *year(), rounds=5)


def test_settlement(gauge):
    wind, price, *_ = year()
    imbalance = load_component("imbalance", "single-2020", Imbalance)
    gauge(lambda: settle_nomination(wind, wind * 0.9, price, quarter_prices(imbalance, wind * 0.1, price)))
