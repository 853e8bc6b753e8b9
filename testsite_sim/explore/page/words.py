"""Names and numbers as the page writes them."""

from collections.abc import Mapping, Sequence
from typing import Any

from testsite_sim.output.formatting import shown
from testsite_sim.report.magnitude import scale

# The first of these that a run has are its headlines.
HEADLINES = (
    "levelised_cost_of_hydrogen",
    "levelised_cost_of_energy",
    "net_present_value",
    "annual_energy_production",
    "energy_production",
    "capacity_factor",
    "wake_loss",
    "energy_curtailed",
    "hydrogen_produced",
    "hydrogen_dispensed",
    "hydrogen_unmet",
    "electrolyser_full_load_hours",
    "renewable_share",
    "levelised_cost_of_fuel_cell_energy",
    "fuel_cell_energy",
    "annual_energy_p90",
    "availability_energy",
    "regret",
)
MOST_HEADLINES = 10
INSTEAD_OF = {"energy_production": "annual_energy_production"}  # the same of a year is enough
TITLES = {
    "levelised_cost_of_hydrogen": "Cost of hydrogen",
    "levelised_cost_of_energy": "Cost of energy",
    "net_present_value": "Net present value",
    "annual_energy_production": "Energy in a year",
    "annual_energy_p90": "Energy in a year, P90",
    "energy_production": "Energy in the period",
    "energy_curtailed": "Curtailed",
    "hydrogen_produced": "Hydrogen made",
    "hydrogen_dispensed": "Hydrogen dispensed",
    "hydrogen_unmet": "Hydrogen not delivered",
    "electrolyser_full_load_hours": "Electrolyser, full-load hours",
    "levelised_cost_of_fuel_cell_energy": "Cost of fuel-cell energy",
    "fuel_cell_energy": "Energy of fuel cells",
    "renewable_share": "Own share of electricity",
    "availability_energy": "Availability, by energy",
    "regret": "Regret to the best possible",
}


def title_of(name: str) -> str:
    """Return what a figure of a summary is called on the page."""
    return TITLES.get(name, name.replace("_", " ").capitalize())


def headlines_of(summary: Mapping[str, Any]) -> list[str]:
    """Return the names of the headlines of a summary."""
    present = [name for name in HEADLINES if name in summary and INSTEAD_OF.get(name) not in summary]
    return present[:MOST_HEADLINES]


def written(value: float | None, units: str, name: str = "") -> tuple[str, str]:
    """Return a value of a summary and its units, in those in which it is read at a glance.

    Examples
    --------
    >>> written(-138964347.0, "EUR"), written(0.0126, "1"), written(None, "EUR/kg")
    (('−139', 'million EUR'), ('1.26', '%'), ('n/a', ''))
    >>> written(0.08948, "t")
    ('89.48', 'kg')
    """
    factor, units = scale(units, value)
    number, units = shown(None if value is None else factor * value, units, name=name)
    return number.replace("-", "\N{MINUS SIGN}"), units


def change(before: float | None, after: float | None, units: str) -> str:
    """Return how a value differs from that of the scenario, in its units; empty where it does not.

    Examples
    --------
    >>> change(0.10, 0.12, "1"), change(7.0, 7.7, "EUR/kg"), change(5.0, 5.0, "t")
    ('+2 %-points', '+0.7 EUR/kg (+10 %)', '')
    >>> change(7.0, None, "EUR/kg"), change(None, 7.0, "EUR/kg")
    ('7 EUR/kg in the scenario', 'n/a in the scenario')
    """
    if before == after:
        return ""
    if before is None or after is None:
        return f"{' '.join(written(before, units)).strip()} in the scenario"
    difference = after - before
    if abs(difference) <= 1e-9 * max(abs(before), abs(after)):
        return ""
    number, shown_units = shown_three(difference, units)
    text = f"{number} {shown_units}".rstrip()
    if units == "1":
        return f"{number} %-points"
    if before and abs(difference / before) < 10.0:
        share, _ = shown_three(difference / abs(before), "1")
        return f"{text} ({share} %)"
    return text


def shown_three(value: float, units: str) -> tuple[str, str]:
    """Return a signed number with three figures, and its units."""
    factor, read = scale(units, value)
    number, written_units = shown(factor * value, read, 3)
    sign = "+" if value > 0.0 else ""
    return sign + number.replace("-", "\N{MINUS SIGN}"), written_units


def joined(parts: Sequence[str]) -> str:
    """Return sentences as one text."""
    return " ".join(part for part in parts if part)
