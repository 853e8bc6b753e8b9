"""The figures of a study by name, each with its data."""

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd
import xarray as xr
from matplotlib.figure import Figure

from testsite_sim.common.printing import csv_text
from testsite_sim.report.drawing import NamedFigure
from testsite_sim.report.style import with_decimal_mark
from testsite_sim.studies.framework.words import Words

Draw = Callable[[xr.Dataset, Words], tuple[Figure, pd.DataFrame]]


def named_study_figures(figures: Mapping[str, Draw], results: xr.Dataset, words: Words) -> dict[str, NamedFigure]:
    """Return the figures of a study.

    Parameters
    ----------
    figures : mapping of str to callable
        By name: from the Dataset of the members and the words to a figure and its data.
    results : xarray.Dataset
        Members and ranking.
    words : Words
        Labels in one language.
    """

    def drawn(draw: Draw) -> tuple[Figure, dict[str, str]]:
        figure, table = draw(results, words)
        with_decimal_mark(figure, words["decimal_mark"])
        return figure, {"": csv_text(table, index=False, float_format="%.6g")}

    return {
        name: NamedFigure(words.get(f"figure.{name}", name), partial(drawn, draw)) for name, draw in figures.items()
    }
