"""Each constant of nature, and each factor of a unit, stands in one place of the library."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from scipy import constants as codata
from testsite_kernels.numerics import constants

from testsite_sim.common import units

ROOT = Path(__file__).resolve().parents[2]
HOMES = {
    ROOT / "kernels" / "testsite_kernels" / "numerics" / "constants.py",
    ROOT / "testsite_sim" / "common" / "units.py",
    ROOT / "testsite_sim" / "configuration" / "unit_factors.py",  # written by a tool, and held against pint by a test
}
LIBRARY = [path for room in ("testsite_sim", "kernels/testsite_kernels") for path in (ROOT / room).rglob("*.py")]
BESIDE = [path for room in ("tools", "benchmarks") for path in (ROOT / room).rglob("*.py")]
NATURE = {
    name: value
    for name, value in vars(constants).items()
    if name.isupper() and isinstance(value, float) and name != "OXYGEN_PER_HYDROGEN"
}
# Spans and energies; a constant of nature is recognised at any power of ten, as tables are in g/mol or kJ/mol.
# A number of two digits, as the 60 s of a minute, is any number: metres, degrees or a limit as well.
FACTORS = {name: value for name, value in vars(units).items() if name.isupper() and value > 100.0}


def stated(path: Path) -> Iterator[tuple[int, float]]:
    """Yield line and value of every number that a file writes."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value:
            yield node.lineno, float(node.value)


def close(found: float, value: float) -> bool:
    return abs(found / value - 1.0) < 2e-4


def as_nature(found: float) -> list[str]:
    """Return the constants that a number restates, at any power of a thousand, or as kilowatt-hours."""
    scales = [10.0**power for power in (-6, -3, 0, 3, 6)] + [units.KILOWATT_HOUR]
    precise = len(f"{found:.10g}".replace(".", "").strip("0")) >= 4  # 1.2 or 33 is any number
    return [name for name, value in NATURE.items() if precise and any(close(found * s, value) for s in scales)]


def test_the_constants_are_those_of_codata() -> None:
    assert pytest.approx(codata.R, rel=1e-14) == constants.GAS_CONSTANT
    assert pytest.approx(codata.physical_constants["Faraday constant"][0], rel=1e-10) == constants.FARADAY
    assert codata.zero_Celsius == constants.ZERO_CELSIUS
    assert codata.atm == constants.STANDARD_ATMOSPHERE
    assert pytest.approx(18.01528e-3, rel=1e-12) == constants.WATER_MOLAR_MASS
    assert pytest.approx(39.39 * units.KILOWATT_HOUR, rel=2e-4) == constants.HIGHER_HEATING_VALUE


def test_the_heat_of_condensation_of_water_is_between_the_heating_values() -> None:
    """44.0 kJ/mol at 298.15 K (CODATA key values)."""
    difference = constants.HIGHER_HEATING_VALUE - constants.LOWER_HEATING_VALUE
    assert difference * constants.HYDROGEN_MOLAR_MASS == pytest.approx(44.0e3, rel=2e-3)


@pytest.mark.parametrize(
    "number", [8.314, 8.3145, 96485.0, 96485.33212, 2.01588e-3, 2.016, 33.33, 39.39, 141.8e6, 285.83, 101325.0, 1.225]
)
def test_a_restated_constant_would_be_found(number: float) -> None:
    assert as_nature(number)


@pytest.mark.parametrize("number", [33.0, 1.2, 100.0, 2.0, 39.0, 1000.0, 8.0])
def test_any_other_number_is_none(number: float) -> None:
    assert not as_nature(number)


def test_no_constant_of_nature_is_stated_again() -> None:
    again = [
        f"{path.relative_to(ROOT)}:{line}: {found} is {', '.join(names)}"
        for path in [*LIBRARY, *BESIDE]
        if path not in HOMES
        for line, found in stated(path)
        if (names := as_nature(found))
    ]
    assert not again, "\n".join(again)


def test_no_factor_of_a_unit_is_stated_again() -> None:
    again = [
        f"{path.relative_to(ROOT)}:{line}: {found} is {name}"
        for path in (ROOT / "testsite_sim").rglob("*.py")
        if path not in HOMES
        for line, found in stated(path)
        for name, value in FACTORS.items()
        if found == value or (name == "SECONDS_PER_YEAR" and found == value / units.HOUR)
    ]
    assert not again, "\n".join(again)
