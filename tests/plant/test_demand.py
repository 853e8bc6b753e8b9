"""Arrivals of fleets: how many, when, how much; the same bits for the same address."""

import numpy as np
import pytest

from tests.plant.halle import series
from tests.plant.plants import START, fleet
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.hydrogen import HydrogenDemand
from testsite_sim.plant.daily_demand import daily_demand
from testsite_sim.plant.demand import mean_demand, vehicle_arrivals

DAY = np.timedelta64(1, "D")


def arrivals(*fleets, days=364, **options):
    return vehicle_arrivals(fleets, START, START + days * DAY, **options)


def test_a_depot_asks_for_its_daily_mass_by_the_published_profile() -> None:
    depot = fleet("bus-depot-40")
    found = arrivals(depot)
    assert found.sizes["arrival"] == 364 * 40
    assert float(found["requested_mass"].sum()) / 364 == pytest.approx(930.0, rel=5e-3)
    hour = ((found["arrival_time"].to_numpy() - START) // np.timedelta64(1, "h")).astype(int) % 24
    share = np.bincount(hour, minlength=24) / hour.size
    np.testing.assert_allclose(share, depot.hourly_share, atol=2e-3)


def test_masses_lie_between_their_limits() -> None:
    depot = fleet("bus-depot-40")
    mass = arrivals(depot)["requested_mass"]
    assert float(mass.min()) >= 0.8 * 23.25
    assert float(mass.max()) <= 1.2 * 23.25


def test_fork_lift_trucks_rest_on_sunday_and_halve_on_saturday() -> None:
    found = arrivals(fleet("forklifts-halle-75"))
    weekday = ((found["arrival_time"].to_numpy() - START) // DAY).astype(int) % 7
    count = np.bincount(weekday, minlength=7) / 52
    np.testing.assert_allclose(count, [112.5] * 5 + [56.25, 0.0], rtol=6e-3)


def test_vehicles_by_chance_come_in_the_same_hours_but_less_evenly() -> None:
    def each_day(kind):
        found = arrivals(fleet("bus-depot-40", arrivals=kind))
        hour = ((found["arrival_time"].to_numpy() - START) // np.timedelta64(1, "h")).astype(int)
        return np.bincount(hour, minlength=364 * 24).reshape(364, 24)

    even, random = each_day("timetable"), each_day("random")
    np.testing.assert_allclose(random.mean(axis=0), even.mean(axis=0), atol=0.35)
    assert random[:, 19].std() > 2.0 * even[:, 19].std()


def test_the_mean_demand_is_that_of_the_arrivals() -> None:
    for name in ("buses-antwerp-5", "bus-depot-40", "forklifts-halle-75", "trucks-20"):
        found = float(arrivals(fleet(name))["requested_mass"].sum()) / (364 * 86400.0)
        assert found == pytest.approx(mean_demand(fleet(name)), rel=0.02)


def test_arrivals_rise_in_time_and_stay_within_it() -> None:
    found = vehicle_arrivals(
        [fleet(), fleet("trucks-20")], START + np.timedelta64(7, "h"), START + 3 * DAY + np.timedelta64(1, "h")
    )
    time = found["arrival_time"].to_numpy()
    assert np.all(np.diff(time) >= np.timedelta64(0, "ns"))
    assert time[0] >= START + np.timedelta64(7, "h")
    assert time[-1] < START + 3 * DAY + np.timedelta64(1, "h")
    assert set(found["fleet"].to_numpy().tolist()) == {0, 1}


def test_the_same_seed_gives_the_same_vehicles_and_another_member_others() -> None:
    assert arrivals(fleet(), seed=5).identical(arrivals(fleet(), seed=5))
    assert not arrivals(fleet(), seed=5).equals(arrivals(fleet(), seed=6))
    assert not arrivals(fleet(), seed=5).equals(arrivals(fleet(), seed=5, member=1))


def test_a_second_fleet_leaves_the_first_as_it_was() -> None:
    alone, both = arrivals(fleet(), seed=5), arrivals(fleet(), fleet("trucks-20"), seed=5)
    first = both["fleet"] == 0
    np.testing.assert_array_equal(alone["requested_mass"], both["requested_mass"][first])


def test_a_tank_of_the_vehicle_holds_its_mass_at_its_pressure() -> None:
    found = arrivals(fleet(), days=1)
    assert float(found["tank_volume"][0]) == pytest.approx(38.2 / 23.9948, rel=1e-5)


def test_no_fleet_and_a_time_that_runs_back_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="no fleet"):
        arrivals()
    with pytest.raises(ConfigurationError, match="later end"):
        vehicle_arrivals([fleet()], START, START - DAY)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"refuelled_mass": "35 kg"}, "the tank holds 38.2 kg"),
        ({"hourly_share": [0.1] * 24}, "add up to 1"),
        ({"filling_temperature": "60 K"}, "230 to 400 K"),
        ({"vehicles": -1}, "greater than or equal to 0"),
        ({"maximum_flow": "0 g/s"}, "above 0"),
        ({"patience": "2 kg"}, "dimension"),
    ],
)
def test_an_impossible_fleet_is_refused(changes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        fleet(**changes)


def test_shares_that_are_written_rounded_ask_for_the_daily_mass_and_no_more() -> None:
    """The fault: 24 times 0.0416666667 is 8e-10 more than a day, which nothing on offer could serve."""
    demand = HydrogenDemand.model_validate(
        {"title": "x", "source": "x", "rate": "62 kg/hour", "hourly_share": [0.0416666667] * 24}
    )
    time = series(np.zeros(24))["time"]
    np.testing.assert_array_equal(daily_demand(demand, time) * 3600.0, 62.0)
