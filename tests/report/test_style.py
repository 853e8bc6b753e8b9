"""A figure is the same file, whatever else it is written as."""

from pathlib import Path

import matplotlib
import pytest
from matplotlib.figure import Figure

from testsite_sim.report.style import ONE_COLUMN, SETTINGS, new_figure, save, with_decimal_mark


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


def test_a_dutch_figure_has_decimal_commas_and_the_same_numbers() -> None:
    with matplotlib.rc_context(SETTINGS):
        figures = [new_figure(ONE_COLUMN, 2.0) for _ in range(2)]
        for figure in figures:
            figure.add_subplot().plot([0.0, 1.5], [0.0, 0.25])
        with_decimal_mark(figures[1], ",")
        texts = []
        for figure in figures:
            figure.draw_without_rendering()
            axes = figure.axes[0]
            texts.append([label.get_text() for label in (*axes.get_xticklabels(), *axes.get_yticklabels())])
    assert any("." in text for text in texts[0])
    assert texts[1] == [text.replace(".", ",") for text in texts[0]]


def test_a_format_that_there_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="svg, png or pdf, not gif"):
        save(labelled(), tmp_path, "one", ["gif"])
