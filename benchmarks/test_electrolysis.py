"""Kernels of the electrolysis plant: `pytest benchmarks/test_electrolysis.py --benchmark-only`."""

import numpy as np
import pytest
from testsite_kernels.electrolysis.pem import pem_polarisation
from testsite_kernels.electrolysis.stacks import electrolysis_series, electrolysis_years

from tests.kernels.test_electrolysis import wave
from tests.plant.electrolysers import cell, plant

HOURS = 8760


def years(one, count):
    power = wave(HOURS)[None] * one.capacity
    totals, tallies = np.empty((count, 7)), np.empty((count, one.stacks, 7))
    kernel, limit, rows = one.kernel_plant(3600.0), np.full_like(power, np.inf), np.zeros(count, np.int64)

    def run():
        electrolysis_years(kernel, one.new_stacks(), np.arange(one.stacks), power, limit, rows, totals, tallies)

    return run


@pytest.mark.parametrize("sharing", ["equal", "sequential", "rotating", "best-efficiency"])
def test_a_year_of_ten_stacks(gauge, sharing):
    gauge(years(plant(sharing=sharing, rotation_period="168 hour" if sharing[0] in "rb" else None), 1))


def test_a_year_of_three_alkaline_stacks(gauge):
    gauge(years(plant("alkaline-9mw"), 1))


def test_25_years_of_a_hundred_stacks(gauge):
    gauge(years(plant(stacks=100), 25), rounds=3)


def test_a_year_of_ten_stacks_with_every_interval_kept(gauge):
    one = plant()
    power = wave(HOURS) * one.capacity
    rows = np.empty((HOURS, 7)), np.empty((HOURS, 10), np.int8), np.empty((4, HOURS, 10))
    kernel, limit = one.kernel_plant(3600.0), np.full(HOURS, np.inf)
    gauge(lambda: electrolysis_series(kernel, one.new_stacks(), np.arange(10), power, limit, *rows))


def test_polarisation(gauge):
    one = cell("pem")
    current, temperature = np.linspace(10.0, 2e4, 10_000), np.full(10_000, 353.15)
    gauge(pem_polarisation, one.parameters, current, temperature, np.empty((10_000, 6)))
