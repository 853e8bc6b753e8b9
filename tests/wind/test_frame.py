"""The frame of a result is made once for a farm and its times, and is that of the data at hand in every call."""

import numpy as np
import pytest
import xarray as xr

from testsite_sim.wind import Farm, Turbine, simulate_farm
from testsite_sim.wind.frame import frame_of

TURBINE = Turbine("even", 100.0, 90.0, [3.0, 12.0, 25.0], [0.0, 3e6, 3e6], [0.8, 0.8, 0.1])
ABOUT = {"power": {"units": "W"}}


def farm() -> Farm:
    return Farm([0.0, 600.0], [0.0, 0.0], TURBINE, names=["a", "b"])


def stamped(hours: int = 3, begin: str = "2024-01-01", **coordinates: object) -> xr.Dataset:
    time = np.datetime64(begin, "ns") + np.arange(hours) * np.timedelta64(1, "h")
    winds = {"wind_speed": ("time", np.full(hours, 9.0)), "wind_direction": ("time", np.full(hours, 270.0))}
    return xr.Dataset(winds, coords={"time": time, **coordinates})


def test_the_same_times_have_the_same_frame_and_others_another() -> None:
    one, inflow = farm(), stamped()
    first = frame_of(one, inflow, 3, ABOUT)
    assert frame_of(one, inflow.assign(air_density=1.2), 3, ABOUT) is first
    assert frame_of(farm(), inflow, 3, ABOUT) is not first
    assert frame_of(one, inflow, 3, {**ABOUT, "yaw": {}}) is not first


@pytest.mark.parametrize(
    "before",
    [
        stamped(begin="2025-01-01"),
        stamped(4),
        stamped(latitude=52.0),
        stamped().drop_vars("time"),
        stamped().assign_coords(time=("time", np.arange(3), {"long_name": "hours"})),
    ],
    ids=["another year", "another length", "a place", "numbers", "numbers with a name"],
)
@pytest.mark.parametrize(
    "inflow", [stamped(), stamped(latitude=52.0), stamped().drop_vars("time")], ids=["stamps", "a place", "numbers"]
)
def test_a_result_has_the_coordinates_of_its_inflow_whatever_was_before(before: xr.Dataset, inflow: xr.Dataset) -> None:
    one = farm()
    simulate_farm(one, before, "none", workers=1)
    found = simulate_farm(one, inflow, "none", workers=1)
    xr.testing.assert_identical(found, simulate_farm(farm(), inflow, "none", workers=1))
    expected = inflow["time"].to_numpy() if "time" in inflow.coords else np.arange(3)
    assert np.array_equal(found["time"].to_numpy(), expected)
    assert ("latitude" in found.coords) == ("latitude" in inflow.coords)


def test_what_is_written_to_one_result_does_not_reach_another() -> None:
    one, inflow = farm(), stamped()
    first = simulate_farm(one, inflow, "none", workers=1)
    expected = first.copy(deep=True)
    first["power"][:] = -1.0
    first["power"].attrs["units"] = "kW"
    first.attrs["wake_model"] = "another"
    with pytest.raises(ValueError, match="read-only"):
        first["hub_height"].values[0] = 1.0
    xr.testing.assert_identical(simulate_farm(one, inflow, "none", workers=1), expected)
