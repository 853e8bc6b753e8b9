"""Dimensional values in configuration: text with its unit outside, a float in SI inside.

A value may be written plainly, `capacity: 10 MW`, or with its standing,

    capacity: {value: 10 MW, source: "assumption: …", range: [8 MW, 12 MW], assumption: true}

`evidence` names findings of an evidence base (see `configuration.evidence`), `answered_by` who could replace an
assumption by a fact, and `decision: true` marks what somebody chooses: its range is explored, not drawn.

The field types below (`Power`, `Pressure`, …) are what configuration models use.
"""

import functools
import math
import re
import tokenize
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema
from testsite_kernels.numerics.constants import HYDROGEN_NORMAL_DENSITY, ZERO_CELSIUS

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.units import DAY, SECONDS_PER_YEAR
from testsite_sim.common.yaw_bounds import LARGEST_YAW
from testsite_sim.configuration.unit_factors import FACTORS

if TYPE_CHECKING:
    import pint

_NUMBER_AND_UNIT = re.compile(r"\s*([-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(.*?)\s*", re.DOTALL)
_UNIT = re.compile(r"[A-Za-zµ€%°](?:[A-Za-zµ€%°_ /*()-]|(?:\^|\*\*)-?\d{1,2}|(?<=[A-Za-z])\d)*|1/[A-Za-z]+")
# A power of a number (`9**9**9`) would be computed, however large: only names of units are raised to one.
_POWER_OF_NUMBER = re.compile(r"[\d)]\s*(?:\^|\*\*)")
_STANDING = ("source", "range", "assumption", "evidence", "answered_by", "decision")
_SUPERSCRIPTS = str.maketrans("¹²³⁴", "1234")
_COMMA = re.compile(r",\d")
# Nothing here is measured in milliwatts or thousandths of a euro: `20 mW` is a slip that would be taken at its word.
_MILLI = re.compile(r"\bm(?:Wh?|EUR)\b")
# A data sheet writes the volume of a gas as Nm³, Nm^3 or Nm3, and that of a standard state as Sm³.
_GAS_VOLUME = re.compile(r"\b([NS])m(?:\^|\*\*)?3")


class Quantity(float):
    """A float in SI that remembers how it was written and where it comes from."""

    text: str | float
    si: str  # the unit of the value, empty for a number
    source: str | None
    range: tuple[float, float] | None
    range_text: tuple[str | float, str | float] | None
    assumption: bool
    evidence: tuple[str, ...]
    answered_by: str | None
    decision: bool

    def __new__(cls, value: float, text: str | float | None = None) -> "Quantity":
        """Make a quantity from its SI value and the text it was written as."""
        quantity = super().__new__(cls, value)
        quantity.text = value if text is None else text
        quantity.si = ""
        quantity.source = None
        quantity.range = None
        quantity.range_text = None
        quantity.assumption = False
        quantity.evidence = ()
        quantity.answered_by = None
        quantity.decision = False
        return quantity

    def written(self) -> Any:
        """Return what to write in YAML so that the same quantity is read again."""
        written: dict[str, Any] = {"value": self.text}
        if self.source is not None:
            written["source"] = self.source
        if self.range_text is not None:
            written["range"] = list(self.range_text)
        if self.assumption:
            written["assumption"] = True
        if self.evidence:
            written["evidence"] = list(self.evidence)
        if self.answered_by is not None:
            written["answered_by"] = self.answered_by
        if self.decision:
            written["decision"] = True
        return written if len(written) > 1 else self.text


@functools.cache
def unit_registry() -> "pint.UnitRegistry[Any]":
    """Return the registry of units: pint's own, and the euro."""
    import pint

    registry: pint.UnitRegistry[Any] = pint.UnitRegistry(autoconvert_offset_to_baseunit=True)
    registry.define("EUR = [currency] = €")
    # Volumes of hydrogen are masses: a normal cubic metre at 0 °C, a standard one at 15 °C, both at one atmosphere.
    registry.define(f"normal_cubic_meter = {HYDROGEN_NORMAL_DENSITY} * kilogram = Nm3")
    standard = HYDROGEN_NORMAL_DENSITY * ZERO_CELSIUS / (ZERO_CELSIUS + 15.0)
    registry.define(f"standard_cubic_meter = {standard} * kilogram = Sm3")
    return registry


@functools.lru_cache(4096)
def parse_quantity(text: str, si_unit: str) -> float:
    """Convert `10 MW` to SI.

    Parameters
    ----------
    text : str
        A number and a unit.
    si_unit : str
        The expected unit, `W`, `kg/s`, `degree`, …

    Raises
    ------
    ValueError
        When the text is not a number with a unit, the unit is unknown, or its dimension differs.
    """
    match = _NUMBER_AND_UNIT.fullmatch(text) if len(text) <= 80 else None
    if match is None:
        raise ValueError(f"found {text[:80]!r}")
    number, written = match.groups()
    unit_text = _GAS_VOLUME.sub(r"\1m3", written.translate(_SUPERSCRIPTS).replace("€", "EUR"))
    if not unit_text:
        raise ValueError(f"found {text!r} without a unit")
    if _COMMA.match(unit_text):
        raise ValueError(f"found {text!r} with a comma, where a point is the decimal mark and `_` parts thousands")
    if (thousandth := _MILLI.search(unit_text)) is not None:
        million = "M" + thousandth.group()[1:]
        raise ValueError(f"found {text!r}, in thousandths of {million[1:]}; a million is written {million}")
    if not _UNIT.fullmatch(unit_text) or _POWER_OF_NUMBER.search(unit_text) or len(unit_text) > 40:
        raise ValueError(f"found {text!r} with the unknown unit {unit_text!r}")
    normal = re.sub(r"(?<=[A-Za-z])(?<!Nm)(?<!Sm)(\d)", r"^\1", unit_text)
    try:
        value = in_si(float(number.replace("_", "")), normal, si_unit)
    except _ConversionError as error:
        problem = str(error) or f" with the unknown unit {unit_text!r}"
        raise ValueError(f"found {text!r}{problem}") from error
    if not math.isfinite(value):
        raise ValueError(f"found {text!r}, which is not a finite number")
    return value


class _ConversionError(Exception):
    """A unit that pint does not know (no text), or that has another dimension."""


def in_si(number: float, unit: str, si_unit: str) -> float:
    """Return a number of a unit in SI: by the factors of the units that ship, else by pint, which takes a while."""
    if unit == si_unit:
        return number
    found = FACTORS.get((unit, si_unit))
    if found is None:
        return by_pint(number, unit, si_unit)
    factor, offset = found
    return number * factor if offset == 0.0 else number * factor + offset


def by_pint(number: float, unit: str, si_unit: str) -> float:
    """Return a number of a unit in SI, as pint converts it; a mass a year is that of the year of 8,760 h.

    pint's year has 365.25 days: of 500 t/year, the year that annual amounts refer to would have 499.66 t.
    """
    import pint

    registry = unit_registry()
    try:
        quantity = registry.Quantity(number, registry.parse_units(unit))
        if si_unit == "kg/s" and ("year", -1) in quantity.unit_items():
            return number * (float((quantity.units * 1.0).to("kg/year").magnitude) / SECONDS_PER_YEAR)
        return float(quantity.to(si_unit).magnitude)
    except pint.DimensionalityError as error:
        ratio = (quantity / registry.Quantity(1.0, si_unit)).dimensionality
        of_gas = ratio in ({"[mass]": 1, "[length]": -3}, {"[mass]": -1, "[length]": 3})
        hint = "; a volume of hydrogen is written in Nm3, at 0 degC and 1.01325 bar" if of_gas else ""
        raise _ConversionError(f", of dimension {quantity.dimensionality}{hint}") from error
    # pint asserts on `5 kg/`, misses keys of odd prefixes, and its tokens end early on `5 (kg`
    except (
        pint.PintError,
        ValueError,
        TypeError,
        AttributeError,
        AssertionError,
        LookupError,
        ArithmeticError,
        tokenize.TokenError,
    ) as error:
        raise _ConversionError from error


def number_and_unit(text: str | float) -> tuple[float, str]:
    """Return number and unit of a quantity as it is written; no unit of a number, `%` of a percentage.

    Raises
    ------
    ValueError
        When there is no number.

    Examples
    --------
    >>> number_and_unit("3.72 MEUR/MW"), number_and_unit("1_000 kW"), number_and_unit(0.94), number_and_unit("94 %")
    ((3.72, 'MEUR/MW'), (1000.0, 'kW'), (0.94, ''), (94.0, '%'))
    """
    if isinstance(text, int | float):
        return float(text), ""
    match = _NUMBER_AND_UNIT.fullmatch(text)
    if match is None:
        raise ValueError(f"found {text[:80]!r}")
    return float(match.group(1).replace("_", "")), match.group(2)


@dataclass(frozen=True)
class Unit:
    """The pydantic annotation behind the field types: an SI unit, its name, an example, the bounds."""

    si: str
    name: str
    example: str
    minimum: float = -math.inf
    maximum: float = math.inf
    above: bool = False

    @property
    def is_number(self) -> bool:
        """Return whether the value is a plain number (a fraction, a count) rather than text with a unit."""
        return self.si == ""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Validate text or a mapping with its standing; serialise as it was written."""
        serialise: Callable[[Any], Any] = lambda value: (  # noqa: E731
            value.written() if isinstance(value, Quantity) else value
        )
        return core_schema.no_info_plain_validator_function(
            self.validate, serialization=core_schema.plain_serializer_function_ser_schema(serialise)
        )

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe the field to editors."""
        plain: dict[str, Any] = (
            {"type": ["number", "string"], "description": f"{self.name}, for example {self.example}"}
            if self.is_number
            else {"type": "string", "description": f"{self.name} with its unit, for example {self.example}"}
        )
        sourced = {
            "type": "object",
            "additionalProperties": False,
            "required": ["value"],
            "properties": {
                "value": plain,
                "source": {"type": "string"},
                "range": {"type": "array", "items": plain, "minItems": 2, "maxItems": 2},
                "assumption": {"type": "boolean"},
                "evidence": {"type": "array", "items": {"type": "string"}},
                "answered_by": {"type": "string"},
                "decision": {"type": "boolean"},
            },
        }
        return {"anyOf": [plain, sourced]}

    def validate(self, value: Any) -> Quantity:
        """Return the quantity, or raise the error that names what was found and what is expected."""
        if isinstance(value, Quantity):
            return value
        if not isinstance(value, dict):
            return self._number(value)
        unknown = [key for key in value if key not in ("value", *_STANDING)]
        if unknown or "value" not in value:
            found = f"unknown key {unknown[0]!r}" if unknown else "no `value`"
            raise self._error(f"found {found}; next to `value` stand {', '.join(f'`{key}`' for key in _STANDING)}")
        quantity = self._number(value["value"])
        quantity.source = self._typed(value, "source", str)
        quantity.assumption = bool(self._typed(value, "assumption", bool))
        quantity.answered_by = self._typed(value, "answered_by", str)
        quantity.decision = bool(self._typed(value, "decision", bool))
        findings = self._typed(value, "evidence", list) or []
        if not all(isinstance(each, str) for each in findings):
            raise self._error(f"found {findings!r} as `evidence`, which names findings")
        quantity.evidence = tuple(findings)
        if quantity.assumption and (findings or quantity.decision):
            raise self._error("found an assumption that names `evidence` or is a `decision`")
        limits = value.get("range")
        if limits is not None:
            if not isinstance(limits, list) or len(limits) != 2:
                raise self._error("found a `range` that is not a list of two values")
            low, high = (self._number(limit) for limit in limits)
            if low > high:
                raise self._error(f"found the range {limits!r}, which ends below where it begins")
            if not low <= quantity <= high:
                raise self._error(f"found {quantity.text!r} outside its own range {limits!r}")
            quantity.range = (float(low), float(high))
            quantity.range_text = (low.text, high.text)
        return quantity

    def _typed(self, value: dict[str, Any], key: str, kind: type) -> Any:
        """Return an optional entry of the standing, checked for its type."""
        found = value.get(key)
        if found is not None and not isinstance(found, kind):
            raise self._error(f"found {found!r} as `{key}`")
        return found

    def _number(self, value: Any) -> Quantity:
        """Return the quantity of a plain value."""
        if self.is_number:
            quantity = self._dimensionless(value)
        elif not isinstance(value, str):
            raise self._error(f"found {value!r} without a unit")
        else:
            try:
                quantity = Quantity(parse_quantity(value, self.si), value)
            except ValueError as error:
                raise self._error(str(error)) from error
        if abs(quantity) > LARGEST:
            raise self._error(f"found {value!r}, larger than anything that is measured")
        if quantity < self.minimum or quantity > self.maximum or (self.above and quantity <= self.minimum):
            share = self.is_number and self.maximum == 1.0 and 1.0 < quantity <= 100.0
            meant = f" (per cent are written `{value} %`)" if share and not isinstance(value, str) else ""
            raise self._error(f"found {value!r}, out of bounds{meant}")
        quantity.si = self.si
        return quantity

    def _dimensionless(self, value: Any) -> Quantity:
        """Return a plain number, or a percentage."""
        if isinstance(value, str) and value.strip().endswith("%"):
            try:
                return Quantity(float(value.strip()[:-1]) / 100.0, value)
            except ValueError as error:
                raise self._error(f"found {value!r}") from error
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self._error(f"found {value!r}")
        return Quantity(float(value), value)

    def _error(self, found: str) -> PydanticCustomError:
        """Return the error: what was found, what is expected."""
        bounds = ""
        if math.isfinite(self.minimum) or math.isfinite(self.maximum):
            low = f"{'above' if self.above else 'at least'} {self.minimum:g}" if self.minimum > -math.inf else ""
            high = f"at most {self.maximum:g}" if self.maximum < math.inf else ""
            bounds = f" ({' and '.join(part for part in (low, high) if part)}{' ' + self.si if self.si else ''})"
        expected = f"expected {self.name}{bounds}, for example `{self.example}`"
        message = f"{found}; {expected}".replace("{", "{{").replace("}", "}}")
        return PydanticCustomError("quantity", message)


# Assumption: nothing of a plant has thirty zeros in SI; squares and products of such numbers are finite.
LARGEST = 1e30
# Assumption: no machine and no contract lasts longer; every year is a row of a cash flow.
MOST_YEARS = 1000.0

Power = Annotated[float, Unit("W", "a power", "10 MW", 0.0)]
Energy = Annotated[float, Unit("J", "an energy", "5 MWh", 0.0)]
EnergyPerPower = Annotated[float, Unit("J/W", "an energy per installed power", "8 kWh/MW", 0.0)]
Mass = Annotated[float, Unit("kg", "a mass", "500 kg", 0.0)]
MassFlow = Annotated[float, Unit("kg/s", "a mass flow", "130 kg/day", 0.0)]
Volume = Annotated[float, Unit("m^3", "a volume", "10 m^3", 0.0, above=True)]
Length = Annotated[float, Unit("m", "a length", "164 m", 0.0)]
Coordinate = Annotated[float, Unit("m", "a coordinate", "483000 m")]
Duration = Annotated[float, Unit("s", "a duration", "15 min", 0.0)]
TimeOfDay = Annotated[float, Unit("s", "a time of the day", "12 hour", 0.0, DAY)]
Years = Annotated[float, Unit("year", "a number of years", "25 year", 0.0, MOST_YEARS, above=True)]
Speed = Annotated[float, Unit("m/s", "a speed", "25 m/s", 0.0)]
Pressure = Annotated[float, Unit("Pa", "a pressure", "350 bar", 0.0)]
Temperature = Annotated[float, Unit("K", "a temperature", "353 K", 0.0)]
TemperatureDifference = Annotated[float, Unit("K", "a temperature difference", "-0.5 K")]
Yaw = Annotated[float, Unit("degree", "an angle out of the wind", "20 degree", -LARGEST_YAW, LARGEST_YAW)]
Direction = Annotated[float, Unit("degree", "an angle", "270 degree", -360.0, 360.0)]
SpecificEnergy = Annotated[float, Unit("J/kg", "an energy per mass", "52.5 kWh/kg", 0.0, above=True)]
EnergyPrice = Annotated[float, Unit("EUR/J", "a price of energy", "60 EUR/MWh")]
EnergyCost = Annotated[float, Unit("EUR/J", "a cost per energy", "8 EUR/MWh", 0.0)]
HydrogenPrice = Annotated[float, Unit("EUR/kg", "a price per mass", "8 EUR/kg", 0.0)]
CostPerPower = Annotated[float, Unit("EUR/W", "a cost per power", "900 EUR/kW", 0.0)]
CostPerPowerYear = Annotated[float, Unit("EUR/W/year", "a yearly cost per power", "100 EUR/kW/year", 0.0)]
CostPerMass = Annotated[float, Unit("EUR/kg", "a cost per mass", "500 EUR/kg", 0.0)]
CostPerLength = Annotated[float, Unit("EUR/m", "a cost per length", "300000 EUR/km", 0.0)]
Money = Annotated[float, Unit("EUR", "an amount of money", "200e6 EUR")]
Fraction = Annotated[float, Unit("", "a fraction", "0.95", 0.0, 1.0)]
CurrentDensity = Annotated[float, Unit("A/m**2", "a current density", "2 A/cm2", 0.0, above=True)]
Voltage = Annotated[float, Unit("V", "a voltage", "0.2 V", 0.0)]
VoltagePerTemperature = Annotated[float, Unit("V/K", "a voltage per temperature", "-0.85 mV/K")]
AreaResistance = Annotated[float, Unit("ohm*m**2", "a resistance times area", "50 mohm*cm2", 0.0)]
MolarEnergy = Annotated[float, Unit("J/mol", "an energy per mole", "53 kJ/mol", 0.0)]
HeatCapacity = Annotated[float, Unit("J/K", "a heat capacity", "20 MJ/K", 0.0, above=True)]
RatePerSecond = Annotated[float, Unit("1/s", "a rate per second", "0.1 1/s", 0.0)]
RatePerYear = Annotated[float, Unit("1/year", "a rate per year", "3 %/year", 0.0)]
PositiveNumber = Annotated[float, Unit("", "a number", "1.5", 0.0)]
Number = Annotated[float, Unit("", "a number", "1.5")]


def parsed_list(text: str, kind: Any, name: str) -> list[float]:
    """Return quantities written one after the other, `2 MW, 10 MW`, in SI; `name` says where they stand.

    Raises
    ------
    ConfigurationError
        When one of them has no number, no unit or another dimension.
    """
    from pydantic import TypeAdapter, ValidationError

    found = []
    for part in text.split(","):
        try:
            found.append(float(TypeAdapter(kind).validate_python(part.strip())))
        except ValidationError as error:
            raise ConfigurationError(f"{name}: {part.strip()!r}: {error.errors()[0]['msg']}.") from error
    return found
