"""What a page shows of a series is what the run gave: every step, or the lowest and highest of many."""

import base64

import numpy as np
import pytest
import xarray as xr
from hypothesis import example, given, settings
from hypothesis import strategies as st

from testsite_sim.report import series
from testsite_sim.report.series import LEVELS, embedded_series

POWERS = st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=60).filter(lambda values: any(values))


def results(values, start="2023-01-01", step=3600, name="power_wind", units="W") -> xr.DataTree:
    stamps = np.datetime64(start, "ns") + np.arange(len(values)) * np.timedelta64(step, "s")
    plant = xr.Dataset({name: ("time", np.asarray(values, float), {"units": units})}, coords={"time": stamps})
    return xr.DataTree.from_dict({"plant": plant})


def unpacked(found, key="values") -> np.ndarray:
    levels = np.frombuffer(base64.b64decode(found[key]), "<u2").astype(float)
    levels[levels > LEVELS] = np.nan
    return found["low"] + levels * found["width"]


@settings(deadline=None)
@given(POWERS)
@example([0.0, 2.2250738585e-313])  # a range whose levels are numbers below the least normal one
def test_a_packed_value_is_off_by_at_most_half_a_level(values: list[float]) -> None:
    found = embedded_series({"": results(values)})
    assert found is not None
    (panel,) = found["panels"]
    scale = 1e-3 if panel["units"] == "kW" else 1e-6
    (one,) = panel["series"]
    expected = np.array(values) * scale
    assert np.abs(unpacked(one) - expected).max() <= 0.5001 * one["width"] + 1e-12 * np.abs(expected).max()


def test_a_value_that_is_missing_stays_missing() -> None:
    found = embedded_series({"": results([1e6, np.nan, 3e6])})
    assert np.array_equal(np.isnan(unpacked(found["panels"][0]["series"][0])), [False, True, False])


@settings(deadline=None)
@given(st.lists(st.floats(0.0, 1e9), min_size=10, max_size=80).filter(lambda values: max(values) > 1e6))
def test_of_more_steps_than_a_page_holds_no_extreme_is_lost(values: list[float]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(series, "MOST_VALUES", 9)
        found = embedded_series({"": results(values)})
    assert found["bucket"] > 1
    (one,) = found["panels"][0]["series"]
    slack = one["width"]
    assert unpacked(one, "highest").max() == pytest.approx(max(values) * 1e-6, abs=slack)
    assert unpacked(one, "lowest").min() == pytest.approx(min(values) * 1e-6, abs=slack)
    assert (unpacked(one, "lowest") <= unpacked(one) + slack).all()
    assert (unpacked(one) <= unpacked(one, "highest") + slack).all()


def test_what_is_zero_throughout_and_what_does_not_fit_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = results([1e6, 2e6, 3e6])
    plant = tree["plant"].to_dataset()
    plant["power_imported"] = ("time", np.zeros(3), {"units": "W", "long_name": "power bought"})
    plant["heat_stack"] = ("time", np.ones(3), {"units": "W"})
    monkeypatch.setattr(series, "MOST_VALUES", 4)
    found = embedded_series({"": xr.DataTree.from_dict({"plant": plant})})
    assert found["zero"] == ["power bought"]
    assert found["omitted"] == ["Heat"]
    assert [panel["title"] for panel in found["panels"]] == ["Power"]


def test_runs_of_other_times_are_not_drawn_on_one_axis() -> None:
    first, second = results([1e6, 2e6]), results([1e6, 2e6], start="2024-01-01")
    assert embedded_series({"A": first, "B": second}) is None
    assert embedded_series({"A": first, "B": first}) is not None


def test_what_is_the_same_in_all_runs_is_drawn_once_and_stands_last() -> None:
    def both(wind, sold):
        plant = results(wind)["plant"].to_dataset()
        plant["power_exported"] = ("time", np.asarray(sold, float), {"units": "W"})
        return xr.DataTree.from_dict({"plant": plant})

    found = embedded_series({"A": both([1e6, 2e6], [5e5, 1e6]), "B": both([1e6, 2e6], [4e5, 1e6])})
    labels = [each["label"] for each in found["panels"][0]["series"]]
    assert labels == ["sold, A", "sold, B", "wind, all runs"]
    assert len({each["colour"] for each in found["panels"][0]["series"]}) == 3
