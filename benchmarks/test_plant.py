"""Kernels of hydrogen plants on a year of hours: `pytest benchmarks/test_plant.py --benchmark-only`."""

import numpy as np
import pytest
from testsite_kernels.numerics.rainflow import count_cycles
from testsite_kernels.plant.fuel_cell import fuel_cell_series, polarisation_curve
from testsite_kernels.storage.battery import battery_series

from tests.plant.halle import halle, run
from testsite_sim.configuration.battery import Battery
from testsite_sim.configuration.hydrogen import FuelCell
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.photovoltaics import Photovoltaics
from testsite_sim.plant.battery import kernel_battery
from testsite_sim.plant.fuel_cell import _kernel_cell, kernel_plant
from testsite_sim.plant.photovoltaics import photovoltaic_power
from testsite_sim.weather import open_record

HOURS = 8760


def test_fuel_cell_year(gauge):
    plant = kernel_plant(load_component("fuel-cell", "lillo-1mw", FuelCell))
    expected = np.random.default_rng(1).random(HOURS) * 1.2e6
    gauge(fuel_cell_series, plant, 0.0, 3600.0, expected, np.full(HOURS, 0.015), np.empty((HOURS, 4)))


def test_polarisation_points(gauge):
    stack = load_component("fuel-cell", "lillo-1mw", FuelCell).stacks.stack
    current = np.linspace(0.1, 250.0, 10_000)
    gauge(polarisation_curve, _kernel_cell(stack), current, np.empty_like(current))


def test_battery_year(gauge):
    battery = load_component("battery", "lithium-ion-1mwh", Battery)
    expected = np.random.default_rng(1).normal(0.0, 3e5, HOURS)
    gauge(battery_series, kernel_battery(battery), 1.8e9, 3600.0, expected, np.empty((HOURS, 5)))


def test_rainflow_year(gauge):
    series = np.random.default_rng(1).random(HOURS)
    gauge(count_cycles, series, np.empty((HOURS + 1, 3)))


@pytest.mark.parametrize("years", [1, 20])
def test_whole_plant(gauge, years):
    """The plant at Halle with a battery: two electrolysers, store, station with 75 trucks, fuel cell, year by year."""
    wind = 4e5 * (1.0 + np.sin(np.arange(HOURS) / 9.0))
    gauge(lambda: run(halle(), wind, price=3e-8, years=years), rounds=5)


def test_photovoltaic_year(gauge):
    record = open_record("hollandse-kust-noord-2023")
    gauge(photovoltaic_power, record, load_component("photovoltaics", "halle-800kwp", Photovoltaics), rounds=5)
