import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from testsite_kernels.numerics.compile_options import kernel
from testsite_kernels.operations import weather_windows as kernels

from tests.reference import weather_windows as reference

records = st.lists(st.booleans(), min_size=2, max_size=40)


@kernel
def finish_both(begin, work, before, position, runs, starts):
    return (
        kernels.finish_interruptible(begin, work, before, position)[1],
        kernels.finish_uninterrupted(begin, work, runs, starts)[1],
    )


def tables(ok, needed):
    runs, starts = np.empty(ok.size, np.int32), np.empty(ok.size + 1, np.int32)
    before, position = np.empty(ok.size + 1, np.int32), np.empty(ok.size, np.int32)
    kernels.good_runs(ok, runs)
    kernels.next_starts(runs, needed, starts)
    kernels.good_steps_before(ok, before, position)
    return before, position, runs, starts


@settings(deadline=None)
@given(records, st.integers(1, 8))
def test_waits_equal_a_search_from_every_start(record, needed):
    ok = np.array(record)
    *_, starts = tables(ok, needed)
    waits = np.empty(ok.size, np.int32)
    largest = kernels.waiting_steps(starts, waits)
    assert list(waits) == reference.waits(record, needed)
    assert largest == max(0, waits.max())


@settings(deadline=None)
@given(records, st.integers(0, 39), st.sampled_from([0.0, 0.25, 0.5]), st.sampled_from([0.25, 1.0, 1.5, 3.0, 4.75]))
def test_work_finishes_when_a_walk_through_the_record_does(record, step, offset, work):
    ok = np.array(record)
    begin = min(step, ok.size - 1) + offset
    found = finish_both(begin, work, *tables(ok, math.ceil(work)))
    expected = (
        reference.finish_interruptible(record, begin, work, 4),
        reference.finish_uninterrupted(record, begin, work, 4),
    )
    for one, other in zip(found, expected, strict=True):
        assert (one < 0 and math.isnan(other)) or one == pytest.approx(other)


def test_limits_are_inclusive():
    ok = np.empty(3, np.bool_)
    kernels.limits_met(np.array([1.5, 1.5, 1.6]), np.array([10.0, 10.1, 3.0]), 1.5, 10.0, ok)
    assert list(ok) == [True, False, False]


def test_a_window_is_counted_in_the_month_in_which_it_begins():
    *_, runs, _ = tables(np.array([1, 1, 0, 1, 1, 1], np.bool_), 2)
    counts = np.zeros(2, np.int64)
    kernels.count_windows(runs, np.array([0, 0, 0, 0, 1, 1], np.int8), 3, counts)
    assert list(counts) == [1, 0]
