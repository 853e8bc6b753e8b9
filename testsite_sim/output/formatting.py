"""Numbers as text: one format for cards, tables, the command line and comparisons."""

SMALL = 1e-4  # below it a number is written in powers of ten
RESIDUAL = 1e-9  # below it a fraction is no share of anything, but what rounding leaves
FIGURES = 4  # significant


def shown(value: float | None, units: str = "", figures: int = FIGURES) -> tuple[str, str]:
    """Return a value of a summary and its units as they are shown.

    Fractions (units `1`) are per cent, counts have no unit, thousands are separated by commas, a calendar year is not;
    residuals and other numbers that are nearly nothing are powers of ten. What does not exist has no unit.

    Parameters
    ----------
    value : float or None
        None where there is none.
    units : str
        As the summary states them; empty for a plain number.
    figures : int
        Significant figures; digits before the point are never cut.

    Examples
    --------
    >>> shown(0.4994, "1"), shown(7146.12, "h"), shown(27111234.0, "EUR")
    (('49.94', '%'), ('7,146', 'h'), ('27,111,234', 'EUR'))
    >>> shown(1.9e-16, "1"), shown(2023.0, "year"), shown(None, "EUR/kg"), shown(3.0, "count")
    (('1.9e-16', ''), ('2023', 'year'), ('none', ''), ('3', ''))
    """
    if value is None:
        return "none", ""
    if units == "year":
        return f"{value:.{max(figures, 6)}g}", units
    if units == "1" and (value == 0.0 or abs(value) >= RESIDUAL):
        return number(100.0 * value, figures), "%"
    return number(value, figures), "" if units in ("1", "count") else units


def number(value: float, figures: int = FIGURES) -> str:
    """Return a number with so many significant figures, all digits before the point, and commas between thousands.

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


def units_text(units: str) -> str:
    """Return units as text, none for a plain number or a count."""
    return "" if units in ("1", "count") else units
