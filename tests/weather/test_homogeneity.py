"""Breaks of a record against a neighbour: against pyhomogeneity, and with records whose breaks are known."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from testsite_sim.common.errors import DataError
from testsite_sim.weather.homogeneity import (
    Expected,
    breaks,
    correction,
    critical_value,
    homogenised,
    segment_text,
    segments,
    shared,
    snht,
)

TIME = pd.date_range("2010-01-01", "2019-12-31T18:00", freq="6h")


def series(size, step, at, seed):
    """Return a series without random numbers, with one step."""
    k = np.arange(size)
    smooth = 0.05 * np.sin(1.7 * k + seed) + 0.04 * np.cos(0.37 * k * k + seed)
    return np.round(smooth + np.where(k >= at, step, 0.0), 4)


# snht_test of pyhomogeneity 1.1 (MIT) on `series`
@pytest.mark.parametrize(
    ("stated", "statistic", "position"),
    [
        ((40, -0.1, 9, 1), 20.804789856470258, 9),
        ((128, 0.03, 75, 2), 22.14324473083819, 77),
        ((60, 0.0, 10, 3), 2.960545627745812, 2),
    ],
)
def test_statistic_and_place_are_those_of_pyhomogeneity(stated, statistic, position):
    found = snht(series(*stated))
    assert found[0] == pytest.approx(statistic, rel=1e-12)
    assert found[1] == position


@settings(max_examples=100, deadline=None)
@given(st.integers(12, 200), st.floats(0.2, 5.0), st.floats(-3.0, 3.0), st.integers(0, 99))
def test_the_statistic_does_not_know_units(size, factor, offset, seed):
    """Aimed at ratios far from 1."""
    values = series(size, 0.1, size // 3, seed)
    assert snht(factor * values + offset)[0] == pytest.approx(snht(values)[0], rel=1e-6)
    assert snht(values[::-1])[0] == pytest.approx(snht(values)[0], rel=1e-6)


def test_of_series_without_a_break_one_in_a_hundred_has_one():
    draws = np.random.default_rng(5).standard_normal((3000, 60))
    share = np.mean([snht(each)[0] > critical_value(60) for each in draws])
    assert 0.005 < share < 0.016


def test_two_breaks_are_found_where_they_are():
    values = series(90, 0.5, 30, 0) - np.where(np.arange(90) >= 60, 0.4, 0.0)
    assert [position for position, _, _ in breaks(values)] == [30, 60]
    assert breaks(np.zeros(40)) == []


def weather():
    """Return wind that three places share, with the months of each a little apart."""
    rng = np.random.default_rng(3)
    month = TIME.to_period("M")
    number = (month - month[0]).map(lambda each: each.n).to_numpy()
    shared = 8.0 * np.exp(0.15 * rng.standard_normal(120))[number]
    hours = np.exp(0.3 * rng.standard_normal(TIME.size))
    return [shared * hours * np.exp(0.03 * rng.standard_normal(120))[number] for _ in range(3)]


def record(speed):
    """Return a record of a height, whose wind turns with the months."""
    direction = (200.0 + 37.0 * np.arange(TIME.size) / 120.0) % 360.0
    return xr.Dataset(
        {
            "wind_speed": (("time", "height"), np.asarray(speed)[:, None], {"units": "m s-1"}),
            "wind_direction": (("time", "height"), direction[:, None], {"units": "degree"}),
            "wind_gust": ("time", 1.3 * np.asarray(speed), {"units": "m s-1"}),
        },
        coords={"time": TIME, "height": [10.0]},
    )


@pytest.mark.parametrize("owner", [0, 1])
def test_a_break_goes_to_the_record_that_has_it_where_the_distant_one_is_sure(owner):
    """The common part has an error of 1 % here, and a break of 20 % draws little."""
    first, second, far = weather()
    wrong = np.where(TIME < "2011-07-01", 1.2, 1.0)
    true = (first, second)[owner]
    pair = [record(first), record(second)]
    pair[owner] = record(true * wrong)
    found = segments(pair[0], pair[1], record(far))
    assert [each.last for each in found] == ["2011-06", "2019-12"]
    assert found[0].offsets[owner] == pytest.approx(np.log(1.2), abs=0.02)
    assert found[0].offsets[1 - owner] == pytest.approx(0.0, abs=0.02)
    assert found[1].offsets == found[1].errors == (0.0, 0.0)
    corrected = homogenised(pair[owner], correction(found, owner, pair[owner]["time"]))
    early = TIME < "2011-07-01"
    assert corrected["wind_speed"].to_numpy()[early, 0] == pytest.approx(true[early], rel=0.03)
    assert corrected["wind_speed"].to_numpy()[~early, 0] == pytest.approx(true[~early], rel=1e-12)
    assert corrected["wind_gust"].to_numpy() == pytest.approx(1.3 * corrected["wind_speed"].to_numpy()[:, 0])
    assert corrected["wind_speed"].attrs["units"] == "m s-1"
    assert "over its level the record reads" in segment_text(found)[0]
    other = homogenised(pair[1 - owner], correction(found, 1 - owner, pair[0]["time"]))
    ratio = np.log(corrected["wind_speed"] / other["wind_speed"]).isel(height=0).groupby("time.month").mean()
    assert abs(float(ratio.mean())) < 0.02


def test_a_break_of_both_is_found_in_both():
    """The former rule, of one owner, corrected neither."""
    first, second, far = weather()
    wrong = np.where(TIME < "2011-07-01", 1.25, 1.0)
    found = segments(record(first * wrong), record(second * wrong**2), record(far))
    assert found[0].offsets == pytest.approx((np.log(1.25), 2.0 * np.log(1.25)), rel=0.1)


def test_without_a_distant_record_a_break_is_shared_alike():
    first, second, _ = weather()
    wrong = np.where(TIME < "2011-07-01", 1.2, 1.0)
    found = segments(record(first * wrong), record(second))
    one, other = found[0].offsets
    assert one == pytest.approx(-other)
    assert one - other == pytest.approx(found[0].ratio - found[1].ratio)
    assert np.isnan(found[0].stands_out).all()


def test_a_distant_wind_that_never_turns_serves_too():
    first, second, far = weather()
    distant = record(far)
    distant["wind_direction"][:] = 200.0
    wrong = np.where(TIME < "2011-07-01", 1.2, 1.0)
    assert segments(record(first * wrong), record(second), distant)[0].offsets[0] == pytest.approx(0.18, abs=0.03)


@settings(max_examples=60, deadline=None)
@given(
    difference=st.floats(0.02, 0.3),
    mean=st.lists(st.floats(-0.3, 0.3), min_size=2, max_size=2),
    spread=st.floats(0.01, 0.2),
    likeness=st.floats(0.0, 0.99),
)
def test_shares_are_the_prediction_of_the_mixed_model(difference, mean, spread, likeness):
    """By hand, with matrices: the offsets, given their difference, and what both stand out by."""
    covariance = spread**2 * np.array([[1.0, likeness], [likeness, 1.2]])
    found, errors = shared(np.array([difference]), np.array([0.0]), [Expected(np.array(mean), covariance)])[0]
    variance = difference**2 / 2.0
    given_difference = np.array([[1.0, -1.0]])
    sees = np.vstack([np.eye(2), given_difference])
    noise = np.zeros((3, 3))
    noise[:2, :2] = covariance
    # the error of the difference of the expected is known, for the ratio has it
    noise[2, 2] = 1e-12
    known = sees @ (variance * np.eye(2)) @ sees.T + noise
    gain = variance * sees.T @ np.linalg.inv(known)
    expected = gain @ np.array([*mean, difference])
    assert found == pytest.approx(expected, abs=1e-5)
    left = variance * np.eye(2) - gain @ sees * variance
    assert errors == pytest.approx(np.sqrt(np.diag(left)), abs=1e-5)


def test_gaps_do_not_make_breaks():
    first, second, far = weather()
    first[(TIME > "2014-01-01") & (TIME < "2014-05-10")] = np.nan
    assert len(segments(record(first), record(second), record(far))) == 1


def test_short_records_are_refused():
    first, second, _ = weather()
    short = slice(0, 4 * 365)
    with pytest.raises(DataError, match="24 months"):
        segments(record(first).isel(time=short), record(second).isel(time=short))
