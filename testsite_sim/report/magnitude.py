"""The unit in which a value is read at a glance: MWh rather than 0.07 GWh, millions of euros in words."""

import math

MILLION = 1e6
LARGE = 10_000.0  # from here on the next larger unit is read more easily
# Units of one quantity, from the smallest: their names, and how many of the one before each is.
LADDERS: tuple[tuple[tuple[str, float], ...], ...] = (
    (("kWh", 1.0), ("MWh", 1e3), ("GWh", 1e3), ("TWh", 1e3)),
    (("kW", 1.0), ("MW", 1e3), ("GW", 1e3)),
    (("kg", 1.0), ("t", 1e3)),
)
ROUND = {("kg", "t"): 100_000.0}  # masses of some tonnes are read in kg, as a tank's


def physical_scale(units: str, *values: float | None) -> tuple[float, str]:
    """Return the factor and the unit in which values of energy, power or mass are read; others stay as they are.

    Parameters
    ----------
    units : str
        As a summary states them; of rates, such as `GWh/year` and `kg/day`, those of a year alone are changed.
    *values : float or None
        In these units; the largest decides, so that values next to each other have one unit.

    Returns
    -------
    tuple of float and str
        What the values are multiplied with, and their unit then.

    Examples
    --------
    >>> physical_scale("GWh", 0.07262), physical_scale("t", 0.0895), physical_scale("GWh/year", 301.3)
    ((1000.0, 'MWh'), (1000.0, 'kg'), (1.0, 'GWh/year'))
    >>> physical_scale("t", 0.5, 20.0), physical_scale("MWh", 45_000.0), physical_scale("EUR", 5e8)
    ((1.0, 't'), (0.001, 'GWh'), (1.0, 'EUR'))
    """
    name, stroke, per = units.partition("/")
    ladder = next((each for each in LADDERS if name in dict(each)), None)
    known = [abs(value) for value in values if value is not None and math.isfinite(value)]
    largest = max(known, default=0.0)
    if ladder is None or per not in ("", "year") or largest == 0.0:
        return 1.0, units
    place, factor = [each for each, _ in ladder].index(name), 1.0
    while largest * factor < 1.0 and place > 0:
        factor *= ladder[place][1]
        place -= 1
    while place + 1 < len(ladder) and largest * factor >= ROUND.get((ladder[place][0], ladder[place + 1][0]), LARGE):
        place += 1
        factor /= ladder[place][1]
    return factor, f"{ladder[place][0]}{stroke}{per}"


def scale(units: str, *values: float | None) -> tuple[float, str]:
    """Return the factor and the unit in which values are read at a glance: also millions of euros.

    Parameters
    ----------
    units : str
        As a summary states them.
    *values : float or None
        In these units; the largest decides.

    Examples
    --------
    >>> scale("EUR", -1.38964e8), scale("EUR/year", 3e5), scale("GWh", 0.07262), scale("EUR/kg", 9.5)
    ((1e-06, 'million EUR'), (1.0, 'EUR/year'), (1000.0, 'MWh'), (1.0, 'EUR/kg'))
    """
    if units in ("EUR", "EUR/year"):
        known = [abs(value) for value in values if value is not None and math.isfinite(value)]
        return (1.0 / MILLION, f"million {units}") if max(known, default=0.0) >= MILLION else (1.0, units)
    return physical_scale(units, *values)
