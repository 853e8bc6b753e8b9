"""Write every figure of a study, with its data beside it."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import matplotlib
import pandas as pd
import xarray as xr
from matplotlib.figure import Figure

from testsite_sim.common.printing import csv_text
from testsite_sim.report.style import SETTINGS, save

Draw = Callable[[xr.Dataset, Mapping[str, str]], tuple[Figure, pd.DataFrame]]


def draw_study_figures(
    figures: Mapping[str, Draw], results: xr.Dataset, words: Mapping[str, str], folder: Path, formats: Sequence[str]
) -> list[Path]:
    """Write the figures of a study in every format, and the data of each as CSV.

    Parameters
    ----------
    figures : mapping of str to callable
        By name: from the Dataset of the members and the words to a figure and its data.
    results : xarray.Dataset
        Members and ranking.
    words : mapping of str to str
        Labels in one language.
    folder : Path
        Where to write; it is made.
    formats : sequence of str
        Of svg, png, pdf.

    Returns
    -------
    list of Path
        The files, in the order of the figures.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    with matplotlib.rc_context(SETTINGS):
        for name, draw in figures.items():
            figure, table = draw(results, words)
            paths += save(figure, folder, name, formats)
            data = folder / f"{name}.csv"
            text = csv_text(table, index=False, float_format="%.6g")
            data.write_text(text, encoding="utf-8", newline="\n")
            paths.append(data)
    return paths
