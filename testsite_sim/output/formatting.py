"""Numbers as text: one format for cards, tables, the command line and comparisons."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from testsite_sim.output.phrases import Phrases

SMALL = 1e-4  # below it a number is written in powers of ten
RESIDUAL = 1e-9  # below it a fraction is not a share of anything, but what rounding leaves
FIGURES = 4  # significant
MISSING = "n/a"
PLURALS = {"day": "days", "month": "months"}


def shown(value: float | None, units: str = "", figures: int = FIGURES, name: str = "") -> tuple[str, str]:
    """Return a value of a summary and its units as they are shown.

    Fractions (units `1`) are per cent, except residuals of balances, which are plain numbers; counts and calendar
    years (units `year`) have no unit; thousands are separated by commas, but not in a calendar year; numbers that are
    nearly zero are powers of ten; rates (`1/year`) are written in words. A missing value has no unit.

    Parameters
    ----------
    value : float or None
        None where there is none.
    units : str
        As the summary states them; empty for a plain number.
    figures : int
        Significant figures; digits before the point are never cut.
    name : str
        Of the entry of the summary: one that ends in `_residual` is not a percentage.

    Examples
    --------
    >>> shown(0.4994, "1"), shown(7146.12, "h"), shown(27111234.0, "EUR")
    (('49.94', '%'), ('7,146', 'h'), ('27,111,234', 'EUR'))
    >>> shown(1.9e-16, "1"), shown(2023.0, "year"), shown(None, "EUR/kg"), shown(3.0, "count")
    (('1.9e-16', ''), ('2023', ''), ('n/a', ''), ('3', ''))
    >>> shown(-2.2e-16, "1", name="loss_electrical"), shown(2.2e-16, "1", name="energy_balance_residual")
    (('0', '%'), ('2.2e-16', ''))
    >>> shown(0.0, "1", name="loss_storms"), shown(0.0, "1", name="energy_balance_residual"), shown(1.4, "1/year")
    (('0', '%'), ('0', ''), ('1.4', 'per year'))
    """
    if value is None:
        return MISSING, ""
    if units == "1" and name and not name.endswith("_residual") and abs(value) < RESIDUAL:
        value = 0.0
    if units == "year":
        return f"{value:.{max(figures, 6)}g}", ""
    if units == "1" and not name.endswith("_residual") and (value == 0.0 or abs(value) >= RESIDUAL):
        return number(100.0 * value, figures), "%"
    return number(value, figures), units_text(units, value)


def shown_entry(entry: Mapping[str, Any], figures: int = FIGURES, name: str = "") -> tuple[str, str]:
    """Return the value of an entry of a summary and its units as they are shown; where it has none, what it says of it.

    Examples
    --------
    >>> shown_entry({"value": None, "units": "year", "text": "never"}), shown_entry({"value": 2.0, "units": "kg"})
    (('never', ''), ('2', 'kg'))
    """
    value = entry.get("value")
    if value is None and "text" in entry:
        return str(entry["text"]), ""
    return shown(value, str(entry.get("units", "1")), figures, name)


def summary_lines(summary: Mapping[str, Mapping[str, Any]], say: "Phrases | None" = None) -> list[str]:
    r"""Return name, value and unit of every entry of a summary, in columns, as the command line prints them.

    In another language than English, `say`, each stands with what it means there instead of its name.

    Examples
    --------
    >>> entries = {"wake_loss": {"value": 0.1218, "units": "1"}, "price_year": {"value": 2023.0, "units": "year"}}
    >>> print("\n".join(summary_lines(entries)))
      wake_loss   12.18 %
      price_year   2023
    """
    rows = [(name, *shown_entry(entry, name=name)) for name, entry in summary.items()]
    if say is not None and say.language != "en":
        meant = [str(entry.get("description", "")) or name for name, entry in summary.items()]
        rows = [(text, say.number(row[1]), say.units(row[2])) for text, row in zip(meant, rows, strict=True)]
    names, values = (max((len(row[k]) for row in rows), default=0) for k in range(2))
    return [f"  {name:<{names}}  {value:>{values}} {units}".rstrip() for name, value, units in rows]


def number(value: float, figures: int = FIGURES) -> str:
    """Return a number with `figures` significant figures, all digits before the point, and commas between thousands.

    Examples
    --------
    >>> number(1234.5678), number(12.345678), number(0.00001234), number(-1e7, 6), number(9.999999)
    ('1,235', '12.35', '1.2e-05', '-10,000,000', '10')
    """
    if value != 0.0 and abs(value) < SMALL:
        return f"{value:.1e}"
    rounded = float(f"{value:.{figures}g}")
    if abs(rounded) >= 10.0 ** (figures - 1):
        return f"{value:,.0f}"
    return f"{rounded:,.{figures}g}"


def units_text(units: str, value: float = 2.0) -> str:
    """Return units as text next to a value; none for a plain number, a count or a calendar year.

    Examples
    --------
    >>> units_text("count"), units_text("1/year"), units_text("day"), units_text("day", 1.0), units_text("kg/day")
    ('', 'per year', 'days', 'day', 'kg/day')
    """
    if units in ("1", "count", "year"):
        return ""
    if units.startswith("1/"):
        return f"per {units[2:]}"
    return PLURALS.get(units, units) if value != 1.0 else units
