"""A figure is the same file, whatever else it is written as."""

from pathlib import Path

import matplotlib
import pytest
from matplotlib.figure import Figure

from testsite_sim.report.style import ONE_COLUMN, SETTINGS, new_figure, save


def labelled() -> Figure:
    figure = new_figure(ONE_COLUMN, 2.0)
    for axes in figure.subplots(1, 2):
        axes.plot([1.0, 2.0], [1e5, 3e5], label="a line with a rather long label")
        axes.set(xlabel="what is below", ylabel="what is at the side")
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center")
    return figure


def test_the_picture_does_not_depend_on_the_formats_written_before(tmp_path: Path) -> None:
    with matplotlib.rc_context(SETTINGS):
        (alone,) = save(labelled(), tmp_path, "alone", ["png"])
        *_, last = save(labelled(), tmp_path, "last", ["svg", "pdf", "png"])
    assert alone.read_bytes() == last.read_bytes()


@pytest.mark.parametrize("width", [1.3 * ONE_COLUMN, 4.7, 8.0])
def test_a_figure_has_one_of_two_widths(width: float) -> None:
    with pytest.raises(ValueError, match=r"the width of a figure is 3\.5 or 7\.2 inch"):
        new_figure(width, 2.0)
