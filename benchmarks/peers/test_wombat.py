"""Ten years of 80 turbines, compared with WOMBAT 0.13.5: `WOMBAT_PYTHON=… pytest benchmarks/peers/test_wombat.py -s`.

`WOMBAT_PYTHON` is an interpreter with wombat; it pins other versions than ours, so it runs apart. CPU seconds, after
compilation; ours with the event log, WOMBAT with its own. The cases differ in weather and in conventions
(docs/validation/operations.md); size, length and vessels are the same.
"""

import json
import os
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from testsite_kernels.operations.maintenance import maintenance_replicas
from testsite_kernels.operations.maintenance_plan import (
    EVENT_COLUMNS,
    FLEET_TALLY,
    MODE_TALLY,
    NO_SHARES,
    Run,
    new_world,
)

from tests.operations.fleets import open_sea, reference_case
from testsite_sim.operations.maintenance_tables import Workable, maintenance_tables


def replica_seconds(rounds=7):
    sea, case = open_sea(), reference_case()
    tables = maintenance_tables(case, Workable(sea))
    energy = np.arange(sea.time.size + 1.0)[None]
    log = np.empty((120000, len(EVENT_COLUMNS)))
    world = new_world(tables.modes, tables.fleets, tables.count, 80, tables.weather, energy, NO_SHARES, log)
    run = Run(float(sea.time.size), 24.0, False, case.technicians, 0, 0)
    modes, fleets = np.zeros((1, tables.modes.size), MODE_TALLY), np.zeros((1, tables.fleets.size), FLEET_TALLY)
    best = np.inf
    for number in range(rounds):
        begin = time.thread_time()
        rows = maintenance_replicas(world, run, np.array([number]), modes, fleets)
        if number:
            best = min(best, time.thread_time() - begin)
        assert rows <= log.shape[0]
    return best


@pytest.mark.skipif("WOMBAT_PYTHON" not in os.environ, reason="WOMBAT_PYTHON names no interpreter with wombat")
def test_a_replica_compared_with_wombat(capsys):
    script = Path(__file__).with_name("run_wombat.py")
    printed = subprocess.run(
        [os.environ["WOMBAT_PYTHON"], str(script)], check=True, capture_output=True, text=True
    ).stdout
    peer = json.loads(printed.splitlines()[-1])
    ours = replica_seconds()
    with capsys.disabled():
        print(
            f"\nWOMBAT {peer['run']:.1f} s, {peer['peak_bytes'] / 1e9:.2f} GB, availability {peer['availability']:.4f}"
        )
        print(f"ours {ours * 1e3:.1f} ms with the event log: {peer['run'] / ours:.0f} times as fast")
