import math

import numpy as np
import pytest
from testsite_kernels.operations import campaign as kernels
from testsite_kernels.operations.weather_windows import good_runs, good_steps_before, next_starts

from tests.reference import campaign as reference

PLACES = {"load": kernels.LOAD, "sail": kernels.SAIL, "site": kernels.SITE, "return": kernels.BACK}
OPERATIONS = [
    ("load", 1.5, 1, False), ("sail", 2.25, 0, False), ("site", 3.0, 0, False), ("site", 4.75, 1, True),
    ("return", 2.25, 0, False), ("sail", 1.0, 1, False), ("site", 5.5, 0, False), ("site", 2.0, 0, True),
]  # fmt: skip
PHASES = [
    {"units": 7, "vessels": 2, "capacity": 3, "delay": 0.0, "further": 60.5, "operations": range(5), "after": []},
    {"units": 1, "vessels": 1, "capacity": 1, "delay": 10.5, "further": 0.0, "operations": range(5, 8), "after": []},
    {"units": 7, "vessels": 2, "capacity": 2, "delay": 5.0, "further": 0.0, "operations": range(5, 8), "after": [0, 1]},
    {"units": 4, "vessels": 1, "capacity": 4, "delay": 0.0, "further": 0.0, "operations": range(5), "after": [2]},
]


@pytest.mark.parametrize("seed", range(8))
def test_a_campaign_equals_the_walk_through_the_record(seed):
    rng = np.random.default_rng(seed)
    size = 900
    good = [np.repeat(rng.random(size // 6) < share, 6) for share in (0.6, 0.8)]
    # the kernel numbers the operations of all phases in a row
    flat = [OPERATIONS[o] for phase in PHASES for o in phase["operations"]]
    operations = np.array([(PLACES[p], d, limits, i) for p, d, limits, i in flat], kernels.OPERATION)
    phases, first = np.zeros(len(PHASES), kernels.PHASE), 0
    after = np.zeros((len(PHASES), len(PHASES)), np.bool_)
    for p, phase in enumerate(PHASES):
        last = first + len(phase["operations"])
        phases[p] = (first, last, phase["units"], phase["vessels"], phase["capacity"], phase["delay"], phase["further"])
        after[p, list(phase["after"])] = True
        first = last
    runs, before = np.empty((2, size), np.int32), np.empty((2, size + 1), np.int32)
    position, starts = np.zeros((2, size), np.int32), np.zeros((operations.size, size + 1), np.int32)
    for k, ok in enumerate(good):
        good_runs(ok, runs[k])
        good_steps_before(ok, before[k], position[k])
    for o, operation in enumerate(operations):
        next_starts(runs[operation["limits"]], math.ceil(operation["duration"]), starts[o])
    begins = np.array([3.0, 40.25, 870.0])
    finished, results = np.full((3, 4, 7), np.nan), np.zeros((3, 4), kernels.RESULT)
    log = np.empty((1000, 7))
    sea = kernels.Sea(runs, before, position, starts)
    rows = kernels.campaigns(begins, phases, after, operations, sea, finished, results, log)
    assert 0 < rows <= 1000
    assert np.isinf(results["end"][2, -1])
    for y in range(2):
        expected, delays = reference.campaign(begins[y], PHASES, OPERATIONS, [list(ok) for ok in good])
        for p, units in enumerate(expected):
            np.testing.assert_allclose(finished[y, p, : len(units)], units)
            assert results["end"][y, p] == max(units)
        np.testing.assert_allclose(results["weather"][y], delays, atol=1e-9)
