"""What a study says in sentences, in one language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from testsite_sim.studies.framework.report.lines import quantiles
from testsite_sim.studies.framework.words import Words


@dataclass(frozen=True)
class Interval:
    """A cell of a table with its uncertainty: P10, P50, P90; and what an infinite one means, where it is not never."""

    p10: float
    p50: float
    p90: float
    infinite: str = ""


def interval(variable: xr.DataArray, factor: float = 1.0, infinite: str = "") -> Interval:
    """Return P10, P50 and P90 of a variable over the members alone; `infinite` is what reads where one is infinite."""
    low, middle, high = (float(amount) for amount in quantiles(variable) * factor)
    return Interval(low, middle, high, infinite)


def calendar(years: xr.DataArray, words: Words) -> str:
    """Return P50 with P10 and P90 of calendar years in text; the word for never where they are infinite."""
    low, middle, high = (f"{year:.0f}" if np.isfinite(year) else words["never"] for year in quantiles(years))
    return middle if low == high else f"{middle} ({low} – {high})"


@dataclass(frozen=True)
class Table:
    """A table of the results: its title, and its rows with the units in the names of the columns.

    A column holds text, numbers, or intervals. `variables` are those of the results from which it is made. Its money is
    in the prices of the study, where it does not say that it `has_own_prices`.
    """

    title: str
    rows: pd.DataFrame
    variables: Sequence[str] = ()
    has_own_prices: bool = False


@dataclass(frozen=True)
class Narrative:
    """Question, answer (the first paragraph is yes or no, with how sure), method, limits, tables.

    `verdict` is the table next to the first paragraph: what the answer is against every rival and to every horizon.
    `short` are the lines below it, each on one subject that it begins with, up to a colon.
    """

    question: str
    answer: Sequence[str]
    method: Sequence[str]
    limits: Sequence[str]
    tables: Sequence[Table] = ()
    verdict: Table | None = None
    short: Sequence[str] = ()


def paragraphs(text: str, values: Mapping[str, str]) -> list[str]:
    """Return the paragraphs of a text, names in braces filled in; a line does not end between a number and its `%`.

    A paragraph of which nothing is left is none.
    """
    filled = [paragraph.format(**values).replace(" %", "\N{NO-BREAK SPACE}%") for paragraph in text.split("\n")]
    return [paragraph for paragraph in filled if paragraph]
