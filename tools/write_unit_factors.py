"""Write `testsite_sim/configuration/unit_factors.py`: what the units in the files that ship are in SI, as pint has it.

    python tools/write_unit_factors.py

A run whose units all stand there needs no pint, whose import and registry take longer than all else that is read.
"""

import sys
from pathlib import Path

from testsite_sim.cases.reading import read_case
from testsite_sim.configuration import quantities
from testsite_sim.configuration.catalogue import names

MODULE = Path(quantities.__file__).with_name("unit_factors.py")
HEAD = '''"""Factor and offset from the units in files that ship to SI, as pint has them; others are for pint itself.

Written by `tools/write_unit_factors.py`; a test holds it against pint and against the files.
"""

# fmt: off
FACTORS: dict[tuple[str, str], tuple[float, float]] = {
'''


def units_that_ship() -> set[tuple[str, str]]:
    """Return every unit in the scenarios that ship, and the SI unit that it is read in."""
    found: set[tuple[str, str]] = set()
    convert = quantities.in_si

    def noted(number: float, unit: str, si_unit: str) -> float:
        found.add((unit, si_unit))
        return convert(number, unit, si_unit)

    quantities.in_si = noted
    quantities.parse_quantity.cache_clear()
    try:
        for name in names("scenarios"):
            read_case(name)
    finally:
        quantities.in_si = convert
    return found


def module_text() -> str:
    """Return the module as it should stand."""
    lines = []
    for unit, si_unit in sorted(units_that_ship() | {(unit, si) for unit, si in ALWAYS}):
        offset = quantities.by_pint(0.0, unit, si_unit)
        factor = quantities.by_pint(1.0, unit, si_unit) if offset == 0.0 else 1.0
        lines.append(f'    ("{unit}", "{si_unit}"): ({factor!r}, {offset!r}),\n')
    return HEAD + "".join(lines) + "}\n# fmt: on\n"


# Defaults of the models, which are converted when they are imported.
ALWAYS = (("day", "s"), ("hour", "s"), ("minute", "s"), ("min", "s"))


if __name__ == "__main__":
    MODULE.write_text(module_text(), encoding="utf-8", newline="\n")
    sys.exit(0)
