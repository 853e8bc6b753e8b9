"""The refuelling station: balances, queue, pressures, energy, against a plain reference walked in seconds."""

import hypothesis.strategies as st
import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings

from tests.plant.plants import START, fleet, hours, station
from tests.reference import hydrogen_banks as reference
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.configuration.catalogue import names
from testsite_sim.plant.demand import vehicle_arrivals
from testsite_sim.plant.properties import hydrogen_pressure, hydrogen_properties
from testsite_sim.plant.refuelling import POWERS, simulate_refuelling
from testsite_sim.plant.station import check_reach, station_cost

KG_PER_HOUR = 1.0 / 3600.0


def vehicles(moments, masses, name="buses-antwerp-5", **changes):
    """Return vehicles of one fleet at moments [s] that ask for masses [kg]."""
    kind = vehicle_arrivals([fleet(name, **changes)], START, START + np.timedelta64(1, "D"))
    kind = kind.drop_vars(["arrival_time", "requested_mass", "fleet"])
    time = START + np.round(np.array(moments, float)).astype(np.int64) * np.timedelta64(1, "s")
    return kind.assign(
        arrival_time=("arrival", time),
        requested_mass=("arrival", np.array(masses, float)),
        fleet=("arrival", np.zeros(time.size, np.int64)),
    )


def total(result, name):
    return float(result[name].sum()) * result.attrs["step"]


def week(name, vehicles_name, kg_per_hour, **changes):
    supply = hours(np.full(24 * 7, kg_per_hour * KG_PER_HOUR))
    came = vehicle_arrivals([fleet(vehicles_name)], START, START + np.timedelta64(7, "D"), seed=3)
    return simulate_refuelling(supply, came, station(name, **changes))


def test_a_station_follows_a_plain_reference_walked_in_seconds() -> None:
    moments, masses = [600, 700, 800, 2400, 5000, 5100, 5200, 5300], [20.0, 25.0, 30.0, 15.0, 30.0, 30.0, 30.0, 30.0]
    supply = np.array([10.0, 0.0, 30.0]) * KG_PER_HOUR
    small = {f"cascade__banks__{b}__volume": "1.2 m^3" for b in range(3)}
    place = station(**small, buffer__volume="20 m^3", inner_step="15 s")
    came = vehicles(moments, masses, patience="50 min")
    found = simulate_refuelling(hours(supply), came, place)
    kind = came.isel(kind=0)
    flow = float(kind["maximum_flow"])
    listed = [
        (time, time + 3000.0, mass, 38.2, float(kind["tank_volume"]), float(kind["gas_temperature"]), flow)
        for time, mass in zip(moments, masses, strict=True)
    ]
    requested = reference.simulate_station(place, listed, supply, 3600.0)
    assert requested["unserved"] > 10.0  # the case strains the station
    assert total(found, "hydrogen_taken") == pytest.approx(requested["taken"], rel=1e-9)
    assert total(found, "hydrogen_dispensed") == pytest.approx(requested["dispensed"], rel=3e-3)
    assert total(found, "power_compressor") == pytest.approx(requested["compression"], rel=1e-3)
    stored = float(found["buffer_mass"][-1] + found["bank_mass"][-1].sum())
    assert stored == pytest.approx(requested["stored"], rel=4e-3)


@pytest.mark.parametrize(
    ("name", "who", "rate"),
    [
        ("lillo-400", "buses-antwerp-5", 17.0),
        ("lillo-400", "bus-depot-40", 30.0),
        ("halle-130", "forklifts-halle-75", 5.0),
        ("trucks-700", "trucks-20", 40.0),
    ],
)
def test_hydrogen_and_requests_balance(name: str, who: str, rate: float) -> None:
    result = week(name, who, rate)
    assert result.attrs["hydrogen_balance_residual"] < 1e-9
    assert result.attrs["request_balance_residual"] < 1e-9
    served = float(result["served_mass"].sum())
    assert served == pytest.approx(total(result, "hydrogen_dispensed"), rel=1e-12)
    assert np.all(result["served_mass"] <= result["requested_mass"] * (1 + 1e-12))
    used = sum(total(result, power) for power in POWERS)
    assert result.attrs["electricity_per_mass"] == pytest.approx(used / served, rel=1e-12)


@given(
    st.lists(st.tuples(st.integers(0, 20 * 3600), st.floats(1.0, 30.0)), min_size=0, max_size=12),
    st.floats(0.0, 40.0),
    st.integers(1, 3),
)
@settings(max_examples=40, deadline=None)
def test_a_station_keeps_its_limits_whatever_comes(events, rate, dispensers) -> None:
    events = sorted(events)
    came = vehicles([time for time, _ in events], [mass for _, mass in events])
    result = simulate_refuelling(hours(np.full(24, rate * KG_PER_HOUR)), came, station(dispensers__number=dispensers))
    assert result.attrs["hydrogen_balance_residual"] < 1e-9
    assert np.all(result["bank_mass"] <= result["bank_capacity"] * (1 + 1e-12))
    assert np.all(result["bank_mass"] >= result["bank_minimum"] * (1 - 1e-12))
    assert np.all(result["bank_pressure"] <= result["bank_rating"] * (1 + 1e-5))
    assert np.all(result["buffer_pressure"] <= 20e5 * (1 + 1e-5))
    assert np.all(result["hydrogen_unserved"] >= 0.0)
    assert np.nanmin(np.append(result["vehicle_waiting_time"], 0.0)) >= 0.0


@given(
    st.lists(st.tuples(st.integers(0, 20 * 3600), st.floats(5.0, 30.0)), min_size=4, max_size=14),
    st.floats(0.0, 10.0),
    st.floats(0.5, 20.0),
)
@settings(max_examples=30, deadline=None)
def test_more_supply_never_serves_less(events, rate, more) -> None:
    events = sorted(events)
    came = vehicles([time for time, _ in events], [mass for _, mass in events], patience="100 hour")
    small = station(**{f"cascade__banks__{b}__volume": "0.6 m^3" for b in range(3)})
    less, plenty = (
        total(simulate_refuelling(hours(np.full(24, value * KG_PER_HOUR)), came, small), "hydrogen_dispensed")
        for value in (rate, rate + more)
    )
    assert plenty >= less * (1 - 1e-4) - 1e-9  # the steps of a filling held up by pressure differ


def test_no_vehicle_takes_no_energy_but_what_stands() -> None:
    place = station("trucks-700", **{f"cascade__banks__{b}__initial_pressure": "950 bar" for b in range(3)})
    place_full = simulate_refuelling(hours([0.0] * 5), vehicles([], [], "trucks-20"), place)
    assert float(place_full["power_compressor"].sum() + place_full["power_booster"].sum()) == 0.0
    np.testing.assert_allclose(place_full["power_precooling"], 2250.0)
    np.testing.assert_allclose(place_full["power_auxiliary"], 8e3)


def test_no_hydrogen_comes_from_empty_banks() -> None:
    empty = {f"cascade__banks__{b}__initial_pressure": "50 bar" for b in range(3)}
    came = vehicles([0.0, 100.0], [20.0, 20.0])
    result = simulate_refuelling(hours([0.0] * 12), came, station(**empty, buffer__initial_pressure="5 bar"))
    assert float(result["served_mass"].sum()) == 0.0
    assert total(result, "hydrogen_unserved") == pytest.approx(40.0)


def test_a_single_vehicle_fills_at_the_flow_of_the_dispenser() -> None:
    result = simulate_refuelling(hours([0.0] * 3), vehicles([1000.0], [18.0]), station())
    assert float(result["served_mass"][0]) == pytest.approx(18.0)
    assert float(result["vehicle_waiting_time"][0]) == 0.0
    assert float(result["filling_time"][0]) == pytest.approx(180.0 + 18.0 / 0.06)


def test_vehicles_wait_for_a_free_hose_and_leave_when_they_lose_patience() -> None:
    came = vehicles([0.0, 0.0, 0.0], [24.0, 24.0, 24.0], patience="10 min")
    result = simulate_refuelling(hours([0.0] * 3), came, station(dispensers__number=1))
    first, second, third = result["served_mass"].to_numpy()
    assert first == pytest.approx(24.0)  # 180 s + 400 s
    assert second == 0.0  # connected after 580 s, away at 600 s
    assert third == 0.0
    assert float(result["vehicle_waiting_time"][1]) == pytest.approx(580.0)
    assert np.isnan(float(result["vehicle_waiting_time"][2]))
    assert total(result, "hydrogen_unserved") == pytest.approx(48.0)
    assert float(result["waiting_time"].sum()) == pytest.approx(580.0 + 600.0)


def test_two_hoses_serve_sooner_than_one() -> None:
    came = vehicles([0.0] * 4, [20.0] * 4)
    one, two = (simulate_refuelling(hours([0.0] * 4), came, station(dispensers__number=n)) for n in (1, 2))
    assert float(two["vehicle_waiting_time"].mean()) < float(one["vehicle_waiting_time"].mean())


def test_the_banks_end_above_the_vehicle_that_they_filled() -> None:
    result = simulate_refuelling(hours([0.0] * 2), vehicles([0.0], [38.0]), station(buffer__initial_pressure="5 bar"))
    full = float(hydrogen_pressure(38.2 / float(vehicles([0.0], [1.0])["tank_volume"][0]), 333.15))
    assert float(result["bank_pressure"].max()) > full + 10e5
    assert float(result["bank_pressure"][-1, 0]) < float(result["bank_pressure"][-1, 2])  # the first bank gives first


def test_half_the_inner_step_changes_a_week_by_little() -> None:
    for name, who, rate, inner in (
        ("lillo-400", "buses-antwerp-5", 17.0, "30 s"),
        ("trucks-700", "trucks-20", 40.0, "15 s"),
    ):
        whole, half = week(name, who, rate), week(name, who, rate, inner_step=inner)
        assert total(half, "hydrogen_dispensed") == pytest.approx(total(whole, "hydrogen_dispensed"), rel=1e-3)
        for power in ("power_compressor", "power_booster"):
            assert total(half, power) == pytest.approx(total(whole, power), rel=1e-3)


def test_quarter_hours_give_what_hours_give() -> None:
    came = vehicle_arrivals([fleet()], START, START + np.timedelta64(4, "D"), seed=3)
    rate = 17.0 * KG_PER_HOUR
    by_hour = simulate_refuelling(hours(np.full(96, rate)), came, station())
    by_quarter = simulate_refuelling(hours(np.full(384, rate), step=900.0), came, station())
    np.testing.assert_allclose(by_quarter["served_mass"], by_hour["served_mass"], rtol=1e-9)
    assert total(by_quarter, "power_compressor") == pytest.approx(total(by_hour, "power_compressor"), rel=1e-3)


def test_precooling_takes_the_enthalpy_between_cascade_and_hose() -> None:
    result = simulate_refuelling(hours([0.0] * 2), vehicles([0.0], [50.0], "trucks-20"), station("trucks-700"))
    _, enthalpy, _ = hydrogen_properties(700e5, [288.15, 243.15])
    energy = total(result, "power_precooling") - 2250.0 * 7200.0
    assert energy == pytest.approx(50.0 * float(enthalpy[0] - enthalpy[1]), rel=1e-9)


def test_a_booster_lifts_the_supply_into_a_buffer_above_it() -> None:
    result = simulate_refuelling(hours([40.0 * KG_PER_HOUR] * 10), vehicles([], [], "trucks-20"), station("trucks-700"))
    assert float(result["buffer_pressure"][-1]) > 100e5
    assert float(result["power_booster"].sum()) > 0.0


def test_the_cost_of_a_station_lies_within_what_is_quoted() -> None:
    assert 1.0e6 < sum(capital for capital, _ in station_cost(station()).values()) < 2.5e6
    assert 1.5e6 < sum(capital for capital, _ in station_cost(station("trucks-700")).values()) < 2.8e6


@pytest.mark.parametrize(
    ("name", "who", "changes", "offered", "least"),
    [
        ("lillo-400", "bus-depot-40", {"vehicles": 17}, 420.0, 0.99),  # 395 kg/day
        ("halle-130", "forklifts-halle-75", {"refuellings_per_day": 2.476, "daily_share": [1] * 7}, 135.0, 0.999),
        ("trucks-700", "trucks-20", {"daily_share": [1] * 7}, 1000.0, 0.94),  # 900 kg/day
    ],
)
def test_a_station_gives_what_its_name_says(name: str, who: str, changes, offered: float, least: float) -> None:
    came = vehicle_arrivals([fleet(who, **changes)], START, START + np.timedelta64(14, "D"), seed=1)
    result = simulate_refuelling(hours(np.full(14 * 24, offered / 86400.0)), came, station(name))
    assert total(result, "hydrogen_dispensed") > least * total(result, "hydrogen_requested")


@pytest.mark.parametrize("name", names("configs", "refuelling-station"))
@pytest.mark.parametrize("who", names("configs", "refuelling-fleet"))
def test_every_shipped_station_fills_the_shipped_fleets_of_its_pressure(name: str, who: str) -> None:
    place, vehicles_of = station(name), fleet(who)
    if place.nominal_pressure == vehicles_of.nominal_pressure:
        check_reach(place, vehicle_arrivals([vehicles_of], START, START + np.timedelta64(1, "h")))


def test_wrong_series_and_vehicles_are_refused() -> None:
    with pytest.raises(DataError, match="supply is negative"):
        simulate_refuelling(hours([1.0, -1.0]), vehicles([], []), station())
    with pytest.raises(DataError, match="after the end"):
        simulate_refuelling(hours([1.0, 1.0]), vehicles([8000.0], [1.0]), station())
    with pytest.raises(DataError, match="must rise"):
        simulate_refuelling(hours([1.0, 1.0]), vehicles([10.0, 5.0], [1.0, 1.0]), station())
    with pytest.raises(DataError, match="negative or not a number"):
        simulate_refuelling(hours([1.0, 1.0]), vehicles([10.0], [-1.0]), station())
    with pytest.raises(DataError, match="more than its tank holds"):
        simulate_refuelling(hours([1.0, 1.0]), vehicles([10.0], [50.0]), station())
    with pytest.raises(DataError, match="dimensions"):
        simulate_refuelling(xr.DataArray([1.0], dims="x"), vehicles([], []), station())


def test_a_station_that_cannot_fill_its_vehicles_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"wants .* bar with the margin"):
        simulate_refuelling(hours([1.0, 1.0]), vehicles([], [], "trucks-20"), station())


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"compressor__maximum_discharge_pressure": "400 bar"}, "above the 400 bar that the compressor reaches"),
        ({"nominal_pressure": "600 bar"}, "not more than the 600 bar"),
        ({"supply_pressure": "4 bar"}, "add a booster"),
        ({"inner_step": "2 hour"}, "1 s to 10 min"),
        ({"restart_level": 1.5}, "out of bounds"),
        ({"dispensers__number": 0}, "greater than or equal to 1"),
        ({"pressure_margin": "10"}, "without a unit"),
    ],
)
def test_an_impossible_station_is_refused(changes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        station(**changes)
