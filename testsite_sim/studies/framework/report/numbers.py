"""Numbers as people read them."""

from testsite_sim.studies.framework.words import Words

ALMOST_NOTHING = 1e-4  # what is smaller is shown as about zero


def thousands(value: float, place: object = None) -> str:
    """Return a whole number with its thousands kept apart; it also formats the ticks of an axis."""
    return f"{value:,.0f}".replace(",", "\N{NO-BREAK SPACE}").replace("-", "\N{MINUS SIGN}")


def number(value: float, words: Words) -> str:
    """Return a number as people read it, to about three figures; the word for never where it is infinite."""
    if value != value:
        return "–"
    if value in (float("inf"), float("-inf")):
        return words["never"]
    magnitude = abs(value)
    if magnitude < ALMOST_NOTHING:
        return "0" if value == 0.0 else "≈ 0"
    if magnitude >= 1000.0:
        return thousands(round(value, 3 - len(str(int(magnitude))) if magnitude >= 10_000.0 else -1))
    digits = 0 if magnitude >= 99.5 else 1 if magnitude >= 9.95 else 2
    text = f"{value:.{digits}f}" if magnitude >= 0.0995 else f"{value:.2g}"
    return text.replace(".", words["decimal_mark"]).replace("-", "\N{MINUS SIGN}")
