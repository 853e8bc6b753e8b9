"""What a study says in sentences, in one language."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Table:
    """A table of the results: its title, and its rows with the units in the names of the columns."""

    title: str
    rows: pd.DataFrame


@dataclass(frozen=True)
class Story:
    """Question, answer (the first sentence is the answer, with its uncertainty), method, limits, tables."""

    question: str
    answer: Sequence[str]
    method: Sequence[str]
    limits: Sequence[str]
    tables: Sequence[Table] = ()


def thousands(value: float, place: object = None) -> str:
    """Return a whole number with its thousands kept apart; it also formats the ticks of an axis."""
    return f"{value:,.0f}".replace(",", "\N{NO-BREAK SPACE}")


def number(value: float, words: dict[str, str] | None = None) -> str:
    """Return a number as people read it: three figures, thousands kept apart; the word for never where infinite."""
    if value != value:
        return "–"
    if value in (float("inf"), float("-inf")):
        return (words or {}).get("never", "never")
    magnitude = abs(value)
    if magnitude >= 1000.0:
        digits = len(str(int(magnitude)))
        value = round(value, 3 - digits) if digits > 4 else round(value, -1)
        return thousands(value)
    if magnitude >= 99.5:
        return f"{value:.0f}"
    if magnitude >= 9.95:
        return f"{value:.1f}"
    return f"{value:.2f}" if magnitude >= 0.0995 or value == 0.0 else f"{value:.2g}"
