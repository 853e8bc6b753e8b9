"""Series share one time axis at a constant step, or the message names which does not, and where."""

import doctest

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from testsite_sim.common import balances, text, time_axis
from testsite_sim.common.errors import DataError
from testsite_sim.common.time_axis import aligned_series, hours_of_day, length_of, months, seconds_of_day, step_of


def series(values=(1.0, 2.0, 3.0), start="2023-01-01", step="h", **change) -> xr.DataArray:
    time = pd.date_range(start, periods=len(values), freq=step).to_numpy()
    return xr.DataArray(np.array(values), dims="time", coords={"time": time} | change)


@pytest.mark.parametrize("module", [balances, text, time_axis])
def test_the_examples_hold(module) -> None:
    found = doctest.testmod(module, extraglobs={"np": np})
    assert found.failed == 0
    assert found.attempted > 0


@pytest.mark.parametrize("step", ["10min", "15min", "h", "400ms", "7D"])
def test_the_step_and_the_length_are_those_of_the_stamps(step: str) -> None:
    time = pd.date_range("2023-03-25", periods=7, freq=step).to_numpy()
    one = pd.Timedelta(1, step) if step == "h" else pd.Timedelta(step)
    assert step_of(time) == one.total_seconds()
    assert length_of(time) == pytest.approx(7 * one.total_seconds(), rel=1e-15)


def test_the_calendar_is_that_of_pandas() -> None:
    time = pd.date_range("2023-12-31T22:45", periods=300, freq="37min")
    assert list(months(time.to_numpy())) == list(time.month - 1)
    np.testing.assert_allclose(hours_of_day(time.to_numpy()), time.hour + time.minute / 60.0, rtol=1e-15)
    np.testing.assert_array_equal(seconds_of_day(time.to_numpy()), time.hour * 3600.0 + time.minute * 60.0)


def test_values_come_back_in_order_with_their_step() -> None:
    step, values = aligned_series("here", {"wind": series(), "price": series((-1.0, 0.0, 1.0))})
    assert step == 3600.0
    assert {name: list(array) for name, array in values.items()} == {"wind": [1, 2, 3], "price": [-1, 0, 1]}


@pytest.mark.parametrize(
    ("other", "options", "said"),
    [
        (series(start="2023-01-01T01:00"), {}, "the stamps of price differ from those of wind: 3 .* from 2023.*T01"),
        (series((1.0, 2.0)), {}, "2 stamps from 2023-01-01T00.*; expected 3 from"),
        (series(step="30min"), {}, "every 1800 s; expected 3 from 2023-01-01T00.* every 3600 s"),
        (series((1.0, np.nan, np.inf)), {}, "price is not a number in 2 interval.s., the first at 2023-01-01T01"),
        (series((1.0, 1.0, -1.0)), {"least": 0.0}, "price is negative in 1 interval.*T02.*expected 0 or more"),
        (series((1.0, 1.0, 2.0)), {"least": 1.5}, "below 1.5 in 1 interval|below 1.5 in 2 interval"),
        (series(), {"step": 900.0}, "wind has a step of 3600 s; the run expects 900 s"),
        (series((1.0,)), {}, "price has 1 interval.s.; expected at least two"),
        (series().rename(time="hour"), {}, "price has dimensions .'hour',.; expected .'time',."),
        (series().drop_vars("time"), {}, "expected .'time',. with its stamps"),
        (series().isel(time=[0, 2, 1]), {}, "the step of price changes or runs back after 2023-01-01T02"),
        (series().isel(time=[1, 0, 2]), {}, "the step of price changes or runs back after 2023-01-01T01"),
    ],
)  # fmt: skip
def test_a_series_that_does_not_fit_is_named_with_its_place(other, options, said: str) -> None:
    with pytest.raises(DataError, match=f"^here: .*({said})"):
        aligned_series("here", {"wind": series((5.0, 5.0, 5.0)), "price": other}, **options)
