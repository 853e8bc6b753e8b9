"""Units are written, never assumed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from testsite_sim.configuration.base import Configuration, quantities
from testsite_sim.configuration.quantities import (
    EnergyPrice,
    Fraction,
    MassFlow,
    Power,
    Quantity,
    SpecificEnergy,
    Temperature,
    by_pint,
    in_si,
    parse_quantity,
)
from testsite_sim.configuration.unit_factors import FACTORS
from tools.write_unit_factors import MODULE, module_text


class Sample(Configuration):
    power: Power = Quantity(1.0, "1 W")
    flow: MassFlow = Quantity(0.0, "0 kg/s")
    price: EnergyPrice = Quantity(0.0, "0 EUR/MWh")
    share: Fraction = 0.5
    consumption: SpecificEnergy = Quantity(1.0, "1 J/kg")
    temperature: Temperature = Quantity(300.0, "300 K")


@pytest.mark.parametrize(
    ("field", "text", "si"),
    [
        ("power", "10 MW", 1e7),
        ("power", "3.3MW", 3.3e6),
        ("flow", "130 kg/day", 130 / 86400),
        ("flow", "30 Nm3/h", 30 * 0.08988 / 3600),
        ("flow", "30 Nm³/h", 30 * 0.08988 / 3600),
        ("flow", "30 Nm^3/h", 30 * 0.08988 / 3600),
        ("flow", "30 Sm³/h", 30 * 0.08988 * 273.15 / 288.15 / 3600),
        ("consumption", "4.7 kWh/Nm³", 4.7 / 0.08988 * 3.6e6),
        ("price", "-40.5 EUR/MWh", -40.5 / 3.6e9),
        ("consumption", "52.5 kWh/kg", 52.5 * 3.6e6),
        ("price", "60 €/MWh", 60 / 3.6e9),
        ("price", "0.06 k€/MWh", 60 / 3.6e9),
        ("temperature", "80 degC", 353.15),
        ("share", "95 %", 0.95),
        ("share", 0.95, 0.95),
    ],
)
def test_a_written_quantity_becomes_si(field: str, text: object, si: float) -> None:
    assert getattr(Sample.model_validate({field: text}), field) == pytest.approx(si, rel=1e-12)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("power", 10, "found 10 without a unit; expected a power"),
        ("power", "10", "found '10' without a unit"),
        ("power", "10 bar", "dimension"),
        ("consumption", "4.7 kWh/m³", "a volume of hydrogen is written in Nm3, at 0 degC and 1.01325 bar"),
        ("flow", "30 m3/h", "a volume of hydrogen is written in Nm3"),
        ("power", "-10 MW", "out of bounds; expected a power \\(at least 0 W\\)"),
        ("power", "10 megabananas", "unknown unit"),
        ("power", "1e400 W", "finite"),
        ("power", "1e31 W", "larger than anything that is measured"),
        ("price", "-1e40 EUR/MWh", "larger than anything that is measured"),
        ("power", "1 W**9**9**9", "unknown unit"),
        ("power", "nan W", "found 'nan W'"),
        ("power", "20 mW", "in thousandths of W; a million is written MW; expected a power"),
        ("price", "60 EUR/mWh", "in thousandths of Wh; a million is written MWh"),
        ("price", "60 m€/MWh", "in thousandths of EUR; a million is written MEUR"),
        ("power", "20,5 MW", "with a comma, where a point is the decimal mark and `_` parts thousands"),
        ("power", "20,000 kW", "with a comma"),
        ("power", True, "without a unit"),
        ("share", 1.5, "out of bounds"),
        ("share", 95, "found 95, out of bounds \\(per cent are written `95 %`\\); expected a fraction"),
        ("share", "half", "found 'half'"),
        ("power", {"value": "1 MW", "sauce": "x"}, "unknown key 'sauce'"),
        ("power", {"value": "1 MW", "range": ["2 MW", "3 MW"]}, "outside its own range"),
        ("power", {"value": "1 MW", "range": ["3 MW", "0.5 MW"]}, "ends below where it begins"),
        ("power", {"value": "1 MW", "range": "1 MW"}, "not a list"),
        ("power", {"value": "1 MW", "source": 3}, "as `source`"),
    ],
)
def test_a_missing_wrong_or_impossible_unit_is_refused(field: str, value: object, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Sample.model_validate({field: value})


def test_a_value_carries_its_standing_and_is_written_back_the_same() -> None:
    written = {"value": "10 MW", "source": "a maker", "range": ["8 MW", "12 MW"], "assumption": True}
    sample = Sample.model_validate({"power": written})
    found = dict(quantities(sample))["power"]
    assert (found, found.range, found.assumption) == (1e7, (8e6, 12e6), True)
    assert sample.model_dump(mode="json")["power"] == written


@given(st.floats(min_value=0.0, max_value=1e12))
def test_what_is_written_back_reads_as_the_same_bits(value: float) -> None:
    sample = Sample.model_validate({"power": f"{value!r} MW"})
    again = Sample.model_validate(sample.model_dump(mode="json"))
    assert again.power == sample.power


@given(st.text(max_size=60))
def test_any_text_is_a_quantity_or_one_sentence(text: str) -> None:
    try:
        Sample.model_validate({"power": text})
    except ValidationError as error:
        assert len(error.errors()) == 1


@pytest.mark.parametrize("text", ["500 t/year", "0.5 Gg/yr", "500 t/(year)", "1369.863013698630137 kg/day"])
def test_a_mass_a_year_is_that_of_the_year_of_8760_hours(text: str) -> None:
    assert parse_quantity(text, "kg/s") * 8760.0 * 3600.0 == pytest.approx(500e3, rel=1e-15)


@pytest.mark.parametrize(("unit", "si_unit"), sorted(FACTORS))
def test_the_units_that_ship_convert_to_the_same_bits_as_by_pint(unit: str, si_unit: str) -> None:
    numbers = [0.0, 1.0, -3.0, 0.1, 52.5, 1e-9, 7.123456789e12, 2.0 / 3.0]
    found = [in_si(number, unit, si_unit) for number in numbers]
    assert found == [by_pint(number, unit, si_unit) for number in numbers]


def test_the_units_of_every_scenario_that_ships_stand_in_the_table() -> None:
    assert module_text() == MODULE.read_text(encoding="utf-8")
