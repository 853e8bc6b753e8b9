"""A year of ten PEM stacks compared with NREL's electrolyzer 0.2.1.

`ELECTROLYZER_PYTHON=… pytest benchmarks/peers/test_electrolysis.py -s` names an interpreter with electrolyzer, which
pins other versions than ours, so it runs apart. CPU seconds, after compilation. Both take NREL's cell, its coefficients
of ageing and equal sharing; what differs is described in docs/validation/hydrogen.md.
"""

import json
import os
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from testsite_kernels.electrolysis.stacks import electrolysis_years

from tests.kernels.test_electrolysis import wave
from tests.plant.electrolysers import plant
from testsite_sim.plant.electrolysis import simulate_electrolysis_members

HOURS = 8760
NREL_PLANT = {
    "cell": "pem-nrel",
    "cells_per_stack": 200,
    "stack_capacity": "903.1757 kW",
    "sharing": "equal",
    "rotation_period": None,
    "minimum_load": 0.1,
    "thermal": None,
    "standby": None,
    "ramp_up": None,
    "start": {"cold_time": "600 s", "hot_time": "600 s", "power": 0.0},
    "ageing": {"steady": "1.41737929e-10 1/s"},
}


def nrel_plant(**changes):
    """Return the shipped plant with NREL's cell and nothing between the stacks and their terminals."""
    from testsite_sim.configuration.electrolysis import ElectrolysisCell
    from testsite_sim.configuration.loading import load_component

    cell = load_component("electrolysis-cell", "pem-nrel", ElectrolysisCell).model_dump(exclude_none=True)
    bare = {
        "rectifier": {"source": "none", "load": [0.1, 1.0], "efficiency": [1.0, 1.0]},
        "circulation": 0.0,
        "drying": "1e-9 kWh/kg",
        "cooling": 0.0,
    }
    return plant(**{**NREL_PLANT, "auxiliaries": bare, **changes, "cell": cell})


def seconds_of(one, years=1, rounds=7):
    """Return the least CPU seconds of years of a plant, their hydrogen [kg] and the mean rise at their end [V]."""
    power = wave(HOURS)[None] * one.capacity
    totals, tallies = np.empty((years, 7)), np.empty((years, one.stacks, 7))
    kernel, limit, rows = one.kernel_plant(3600.0), np.full_like(power, np.inf), np.zeros(years, np.int64)
    best = np.inf
    for number in range(rounds):
        state = one.new_stacks()
        begin = time.thread_time()
        electrolysis_years(kernel, state, np.arange(one.stacks), power, limit, rows, totals, tallies)
        if number:
            best = min(best, time.thread_time() - begin)
    return best, totals[:, 1].sum(), tallies[-1, :, 5].mean()


def test_the_plant_is_as_fast_as_asked(capsys):
    year = seconds_of(plant())[0]
    century = seconds_of(plant(stacks=100), 25, 3)[0]
    power = np.stack([wave(HOURS, seed) for seed in range(20)])[np.arange(1000) % 20] * 10e6
    simulate_electrolysis_members(power[:2], 3600.0, [plant()])
    one = plant()
    begin, wall = time.process_time(), time.perf_counter()
    simulate_electrolysis_members(power, 3600.0, [one], workers=2)
    members, waited = time.process_time() - begin, time.perf_counter() - wall
    with capsys.disabled():
        print(
            f"\nten stacks, one year, with thermal state: {year * 1e3:.2f} ms\n100 stacks, 25 years: {century:.2f} s\n"
            f"1,000 ten-stack plant-years on two threads: {members:.2f} CPU s, {waited:.2f} s"
        )


@pytest.mark.skipif("ELECTROLYZER_PYTHON" not in os.environ, reason="ELECTROLYZER_PYTHON names no interpreter")
def test_a_year_compared_with_nrel(capsys, tmp_path):
    one = nrel_plant()
    np.save(tmp_path / "power.npy", wave(HOURS) * one.capacity)
    script = Path(__file__).with_name("run_electrolyzer.py")
    arguments = [os.environ["ELECTROLYZER_PYTHON"], str(script), str(tmp_path / "power.npy")]
    printed = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout
    peer = json.loads(printed.splitlines()[-1])
    ours, hydrogen, rise = seconds_of(one)
    with capsys.disabled():
        print(
            f"\nelectrolyzer {peer['seconds']:.2f} s, {peer['hydrogen']:.0f} kg, rise {peer['rise'] * 1e3:.2f} mV\n"
            f"ours {ours * 1e3:.2f} ms, {hydrogen:.0f} kg, rise {rise * 1e3:.2f} mV: "
            f"{peer['seconds'] / ours:.0f} times as fast"
        )
