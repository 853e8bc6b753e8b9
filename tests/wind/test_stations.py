"""Wind between stations: weights, directions across north, a station for each farm, and what is refused."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.configuration.weather import Weather
from testsite_sim.weather import open_weather
from testsite_sim.weather.stations import Placed, open_stations, stations_at_hubs
from testsite_sim.wind import Farm, Turbine, simulate_farm
from testsite_sim.wind.stations import Interpolation, inflow_of_stations, interpolation_of, station_weights

TURBINE = Turbine("even", 100.0, 90.0, [3.0, 12.0, 25.0], [0.0, 3e6, 3e6], [0.8, 0.8, 0.1])
FARM = Farm([0.0, 5e3, 1e4], [0.0, 0.0, 0.0], TURBINE, farms=["west", "west", "east"])
TIME = np.datetime64("2023-01-01", "ns") + np.arange(4) * np.timedelta64(1, "h")


def wind(speed: float, direction: float) -> xr.Dataset:
    shape = ("time", "height")
    values = {"wind_speed": speed, "wind_direction": direction, "air_density": 1.2}
    return xr.Dataset(
        {name: (shape, np.full((4, 1), value)) for name, value in values.items()},
        coords={"time": TIME, "height": [90.0]},
    )


def placed(x: float, farms: tuple[str, ...] = ()) -> Placed:
    return Placed(f"at {x:g}", xr.Dataset(), x, 0.0, farms)


SQUARE = Interpolation("inverse-distance", 2.0)


@pytest.mark.parametrize("how", [SQUARE, Interpolation()])
def test_a_turbine_at_a_station_has_its_wind_and_one_in_the_middle_the_mean(how: Interpolation) -> None:
    stations = [placed(0.0), placed(1e4)]
    found = inflow_of_stations(FARM, stations, [wind(8.0, 350.0), wind(10.0, 10.0)], how)
    np.testing.assert_allclose(found["wind_speed"].isel(time=0), [8.0, 9.0, 10.0], rtol=1e-6)
    direction = found["wind_direction"].isel(time=0).to_numpy()
    np.testing.assert_allclose((direction + 180.0) % 360.0 - 180.0, [-10.0, 0.0, 10.0], atol=1e-5)
    assert "power" in simulate_farm(FARM, found, "none")


def test_equal_stations_give_the_wind_of_one() -> None:
    """Aimed at weights that do not add up to one."""
    found = inflow_of_stations(
        FARM, [placed(-3e3), placed(2e4), placed(7e3)], [wind(9.0, 200.0)] * 3, Interpolation("inverse-distance", 1.3)
    )
    np.testing.assert_allclose(found["wind_speed"], 9.0, rtol=1e-12)
    np.testing.assert_allclose(found["wind_direction"], 200.0, rtol=1e-12)


@pytest.mark.parametrize("error", [0.0, 3e3, 2e5])
def test_weights_between_two_stations_are_those_of_the_closed_form(error: float) -> None:
    """The variance of the error of w1 Z1 + (1 - w1) Z2 is least at 1/2 + (D2 - D1) / (2 (D12 + 2 σ²))."""
    place = Farm([2e3, 6e3], [3e3, -1e3], TURBINE)
    found = station_weights(place, [placed(0.0), placed(2e4)], Interpolation(error_distance=error))
    first, second = np.hypot([2e3, 6e3], [3e3, -1e3]), np.hypot([1.8e4, 1.4e4], [3e3, -1e3])
    growth = 2.0 / 3.0
    expected = 0.5 + (second**growth - first**growth) / (2.0 * (2e4**growth + error**growth))
    np.testing.assert_allclose(found[:, 0], expected, rtol=1e-9)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 5e4), st.floats(0, 5e4)), min_size=3, max_size=5, unique=True), st.floats(1e5, 1e6)
)
def test_the_weights_of_several_stations_give_the_least_error_of_a_covariance(places, error) -> None:  # type: ignore[no-untyped-def]
    """Aimed at signs and the constraint: simple kriging of a field with a covariance, and a mean that is unknown."""
    stations = [Placed(str(k), xr.Dataset(), x, y) for k, (x, y) in enumerate(places)]
    target = Farm([2.5e4], [2.5e4], TURBINE)
    found = station_weights(target, stations, Interpolation(error_distance=error))[0]
    spots = np.array([*places, (2.5e4, 2.5e4)])
    distance = np.hypot(*(spots[:, None] - spots[None]).transpose(2, 0, 1))
    covariance = 1e8 - 0.5 * distance ** (2.0 / 3.0)
    known, asked = covariance[:-1, :-1] + np.eye(len(places)) * 0.5 * error ** (2.0 / 3.0), covariance[:-1, -1]

    def variance(weights):  # type: ignore[no-untyped-def]
        w = weights / weights.sum()
        return w @ (known - 1e8) @ w - 2.0 * w @ (asked - 1e8)

    assert found.sum() == pytest.approx(1.0)
    least = variance(found)
    for k in range(len(places)):
        for step in (-1e-3, 1e-3):
            moved = found + step * (np.arange(len(places)) == k)
            if moved.min() >= 0.0:
                assert variance(moved) >= least - 1e-9


def test_stations_that_err_are_weighted_alike_and_doubled_ones_share() -> None:
    far = station_weights(FARM, [placed(0.0), placed(2e4)], Interpolation(error_distance=1e12))
    np.testing.assert_allclose(far, 0.5, atol=1e-4)
    twice = station_weights(FARM, [placed(-1e3), placed(-1e3), placed(2e4)], Interpolation())
    np.testing.assert_allclose(twice[:, 0], twice[:, 1], atol=1e-9)


def test_what_one_interpolation_asks_for_is_refused_with_the_other() -> None:
    placed_record = {
        "record": "a.nc",
        "x": "0 m",
        "y": "0 m",
        "stations": [{"record": "b.nc", "x": "1 km", "y": "0 m"}],
    }
    stated = Weather.model_validate({**placed_record, "error_distance": "150 km"})
    assert interpolation_of(stated) == Interpolation("kriging", 2.0, 150e3)
    old = Weather.model_validate({**placed_record, "interpolation": "inverse-distance", "distance_power": 1})
    assert interpolation_of(old) == Interpolation("inverse-distance", 1.0, 0.0)
    with pytest.raises(ValueError, match="`distance_power` is that of `interpolation: inverse-distance`"):
        Weather.model_validate({**placed_record, "distance_power": 1})
    with pytest.raises(ValueError, match="`error_distance` is that of `interpolation: kriging`"):
        Weather.model_validate({**placed_record, "interpolation": "inverse-distance", "error_distance": "1 km"})
    with pytest.raises(ValueError, match="`error_distance` says how `stations` are weighted"):
        Weather.model_validate({"record": "a.nc", "error_distance": "1 km"})


def test_a_farm_is_driven_by_the_station_that_names_it() -> None:
    weights = station_weights(FARM, [placed(0.0), placed(2e4), placed(1.0, ("east",))], SQUARE)
    assert weights[2].tolist() == [0.0, 0.0, 1.0]
    assert weights[0, 2] == 0.0


def test_a_farm_that_does_not_exist_or_has_two_stations_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"'eest', which is no farm.*east"):
        station_weights(FARM, [placed(0.0), placed(1.0, ("eest",))], SQUARE)
    with pytest.raises(ConfigurationError, match="two stations"):
        station_weights(FARM, [placed(0.0), placed(1.0, ("east",)), placed(2.0, ("east",))], SQUARE)


def test_stations_of_a_scenario_are_opened_alike_and_refused_with_other_stamps(tmp_path: Path) -> None:
    hours = pd.date_range("2023-01-01", periods=48, freq="h")
    for name, shift in (("a", 0), ("b", 0), ("c", 1)):
        table = pd.DataFrame({"t": hours + pd.Timedelta(hours=shift), "u": np.linspace(5.0, 9.0, 48), "d": 200.0})
        table.to_csv(tmp_path / f"{name}.csv", index=False)
    reading = {
        "time": {"column": "t", "zone": "UTC", "marks": "start"},
        "columns": [
            {"column": "u", "quantity": "wind_speed", "units": "m/s", "height": "10 m"},
            {"column": "d", "quantity": "wind_direction", "units": "degree", "height": "10 m"},
        ],
    }

    def weather(other: str) -> Weather:
        station = {"record": str(tmp_path / f"{other}.csv"), "x": "1e4 m", "y": "0 m", **reading}
        return Weather.model_validate(
            {
                "record": str(tmp_path / "a.csv"),
                **reading,
                "x": "0 m",
                "y": "0 m",
                "stations": [station],
                "profile": "logarithmic",
            }
        )

    stations = open_stations(weather("b"), open_weather(weather("b")))
    found = inflow_of_stations(FARM, stations, stations_at_hubs(stations, [90.0], weather("b")), SQUARE)
    assert found["wind_speed"].shape == (48, 3)
    with pytest.raises(DataError, match="other stamps"):
        open_stations(weather("c"), open_weather(weather("c")))
    with pytest.raises(ValueError, match="want `x` and `y`"):
        Weather.model_validate({"record": "a.nc", "stations": [{"record": "b.nc", "x": "0 m", "y": "0 m"}]})
