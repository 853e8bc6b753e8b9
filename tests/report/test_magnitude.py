"""Values are shown in a unit that is read at a glance, and are the same amount in it."""

import pint
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from testsite_sim.report.cards import card_of
from testsite_sim.report.magnitude import physical_scale, scale

UNITS = pint.UnitRegistry()
AMOUNTS = st.floats(1e-9, 1e9) | st.floats(-1e9, -1e-9)


@given(units=st.sampled_from(["kWh", "MWh", "GWh", "TWh", "kW", "MW", "GW", "kg", "t", "GWh/year"]), value=AMOUNTS)
@example(units="GWh", value=0.07262)
@example(units="t", value=100.0)
def test_a_value_is_the_same_amount_in_the_unit_in_which_it_is_read(units: str, value: float) -> None:
    factor, read = physical_scale(units, value)
    before, after = (UNITS.Quantity(each, name) for each, name in ((value, units), (factor * value, read)))
    assert after.to(units).magnitude == pytest.approx(before.magnitude, rel=1e-12)
    smallest, largest = read.split("/")[0] in ("kWh", "kW", "kg"), read.split("/")[0] in ("TWh", "GW", "t")
    assert abs(factor * value) >= 1.0 or smallest
    assert abs(factor * value) < 10_000.0 or largest or (read == "kg" and abs(factor * value) < 100_000.0)


@given(st.sampled_from(["1", "EUR/kg", "h", "count", "kg/day", "year", "kWh/kg", "EUR/MWh"]), AMOUNTS)
def test_other_units_stay_as_they_are(units: str, value: float) -> None:
    assert scale(units, value) == (1.0, units)


def test_values_next_to_each_other_have_one_unit() -> None:
    assert physical_scale("GWh", 0.001, 2.0, None) == (1.0, "GWh")
    assert physical_scale("GWh", 0.0, None) == (1.0, "GWh")
    assert physical_scale("GWh", float("nan"), float("inf")) == (1.0, "GWh")


def test_a_card_shows_megawatt_hours_and_a_missing_value() -> None:
    card = card_of("fuel_cell_energy", {"value": 0.07262, "units": "GWh", "description": ""})
    assert (card.value, card.units) == ("72.62", "MWh")
    assert card_of("fuel_cell_energy", {"value": None, "units": "GWh", "description": ""}).value == "n/a"
