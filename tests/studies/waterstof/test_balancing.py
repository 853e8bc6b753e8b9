"""The market of balancing: power that earns its cost along falling incomes, next to its rivals."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testsite_sim.cases.study import read_study
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.units import HOUR, SECONDS_PER_YEAR
from testsite_sim.studies.waterstof.configuration.study import Waterstof
from testsite_sim.studies.waterstof.model.balancing import at_level, earning_power
from testsite_sim.studies.waterstof.model.flexibility import LEVELS, TAKEN, FlexibilityYears, simulate_flexibility


def study() -> Waterstof:
    found = read_study("waterstof/study").configuration
    assert isinstance(found, Waterstof)
    return found


@pytest.fixture(scope="module")
def years() -> FlexibilityYears:
    stated = study().markets.balancing.flexibility
    return simulate_flexibility(stated.model_copy(update={"weather_years": 1}))


def reference_power(net: np.ndarray, places: np.ndarray) -> float:
    """Walk along the incomes and stop where the next watt no longer earns its cost."""
    reached, lowest = 0.0, net[0]
    for k in range(1, net.size):
        before, lowest = lowest, min(lowest, net[k])
        if before <= 0.0:
            return reached
        if lowest < 0.0:
            return float(reached + (places[k] - places[k - 1]) * before / (before - lowest))
        reached = float(places[k])
    return reached


INCOMES = st.lists(st.floats(-100.0, 100.0, allow_subnormal=False), min_size=2, max_size=6)


@settings(max_examples=200, deadline=None)
@given(INCOMES)
def test_power_enters_until_the_next_watt_does_not_earn_its_cost(incomes: list[float]) -> None:
    net, places = np.array(incomes), np.arange(len(incomes)) * 50.0
    assert earning_power(net, places) == pytest.approx(reference_power(net, places), rel=1e-9, abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(INCOMES, st.floats(0.0, 50.0))
def test_a_dearer_plant_never_has_more_power(incomes: list[float], dearer: float) -> None:
    net, places = np.array(incomes), np.arange(len(incomes)) * 50.0
    assert earning_power(net - dearer, places) <= earning_power(net, places) + 1e-9


def test_levels_are_met_and_continued_by_their_last_slope() -> None:
    values, levels = np.array([1.0, 3.0, 4.0]), (0.0, 1.0, 2.0)
    assert at_level(values, levels, np.array([0.0, 0.5, 1.0, 2.0, 3.0])).tolist() == [1.0, 2.0, 3.0, 4.0, 5.0]


def test_more_power_that_balances_leaves_less_to_the_next(years: FlexibilityYears) -> None:
    for found in (years.electrolyser.balancing, years.fuel_cell.balancing, years.battery, years.interconnector):
        assert (np.diff(found, axis=-1) <= 1e-9).all()
    assert (years.electrolyser.balancing[..., -1] == 0.0).all()


def test_incomes_grow_with_the_worth_of_hydrogen_and_fall_with_its_price(years: FlexibilityYears) -> None:
    assert (np.diff(years.electrolyser.day_ahead, axis=-1) > 0.0).all()
    assert (np.diff(years.fuel_cell.day_ahead, axis=-1) < 0.0).all()


def test_an_electrolyser_never_earns_more_than_every_hour_below_its_worth_gives(years: FlexibilityYears) -> None:
    # At most it runs in every hour for nothing: its worth in all hours of the year, and what prices below zero pay.
    bound = np.asarray(LEVELS["electrolyser"]) * SECONDS_PER_YEAR * 1.25  # part load consumes a fifth less
    assert (years.electrolyser.day_ahead <= bound).all()
    assert (years.electrolyser.hours <= SECONDS_PER_YEAR).all()
    assert (years.electrolyser.hours >= 0.0).all()


def test_the_last_place_is_beyond_the_imbalance_that_is_seldom_exceeded(years: FlexibilityYears) -> None:
    assert TAKEN[-1] > years.rare_imbalance > years.imbalance > 50e6
    assert 0.0 < years.surplus_taken.max() < 1000.0 * HOUR


@pytest.mark.parametrize(
    ("stores", "same"),
    [
        ("[pressurised-5t]", True),
        ("[{extends: pressurised-5t, capacity: 2 t}, {extends: pressurised-5t, capacity: 3 t}]", True),
        ("[{extends: pressurised-5t, capacity: 450 kg, filling_per_capacity: 50 %/hour}, halle-200bar]", False),
    ],
)
def test_a_plant_with_a_list_of_stores_is_valued_too(
    years: FlexibilityYears, tmp_path: Path, stores: str, same: bool
) -> None:
    """A store in a list is worth the same to the last bit; one that is soon full or empty answers fewer orders."""
    stated = study().markets.balancing.flexibility
    scenario = tmp_path / "listed.yaml"
    scenario.write_text(f"extends: {stated.scenario}\nplant: {{store: {stores}}}\n")
    found = simulate_flexibility(stated.model_copy(update={"weather_years": 1, "scenario": str(scenario)}))
    for kind in ("electrolyser", "fuel_cell"):
        for name, expected in vars(getattr(years, kind)).items():
            values = getattr(getattr(found, kind), name)
            if same or name != "reserve":
                np.testing.assert_array_equal(values, expected, err_msg=name)
            else:
                assert not np.array_equal(values, expected)
    np.testing.assert_array_equal(found.battery, years.battery)


def test_a_scenario_without_quarter_hours_is_refused_by_name() -> None:
    stated = study().markets.balancing.flexibility.model_copy(update={"scenario": "waterstof/balancing-single-2020"})
    with pytest.raises(ConfigurationError, match=r"flexibility\.scenario: .* wants quarter-hours"):
        simulate_flexibility(stated)
