"""A copy of this process that imports what draws while a run is at its first steps, and draws when they are done.

It may be made before the case is read, and is given it then. Before there is something to draw it writes the resolved
scenario. It is given each step as soon as it is done. A figure of one step alone it draws while the run is at the next;
the others, and the page, in the end, helped by copies of its own. Where there is no copy, since it cannot be made, has
failed, warned or stands still, the run does all that for itself.
"""

import pickle
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from testsite_sim.cases.case import Drawing, DrawnCase, Simulated, Summary, Work
from testsite_sim.common.asked_copy import Asked, AskedCopy
from testsite_sim.common.drawing_library import import_without_docstrings, measure_texts_once, place_ticks_once
from testsite_sim.common.own_process import is_own_process
from testsite_sim.common.processors import usable_processors
from testsite_sim.common.side_by_side import refuse_warnings
from testsite_sim.output.run_directory import REPORT

if TYPE_CHECKING:
    import xarray as xr

    from testsite_sim.report.drawing import NamedFigure

CASE, RESOLVED, STEP, DRAW = "case", "resolved", "step", "draw"  # what the copy is asked for
FIGURES, PAGE = "figures", "report"  # what it answers, once they are written
_READY: list[AskedCopy] = []  # a copy that was made before the case was read


class DrawingAhead:
    """The copy that draws; see `draw_ahead`."""

    def __init__(self, copy: AskedCopy) -> None:
        self._copy = copy
        self._given: set[str] = set()
        self._resolves = copy.ask(RESOLVED, None)

    def resolved(self) -> str | None:
        """Return the resolved scenario as YAML; None: there is no copy that gives it, or it was asked for before."""
        if not self._resolves:
            return None
        self._resolves = False
        text: str | None = self._copy.gives()
        return text

    def note(self, step: str, dataset: "xr.Dataset") -> None:
        """Give a step that is done."""
        if self._copy.ask(STEP, {step: dataset}):
            self._given.add(step)

    def ask(self, simulated: Simulated, summary: Summary, folder: Path) -> bool:
        """Ask for the figures and the page of a run in its open directory, and return whether there is a copy."""
        steps = simulated.steps
        others = {step: dataset for step, dataset in steps.items() if step not in self._given}
        self.resolved()  # the next answer is of what is drawn
        return self._copy.ask(DRAW, (list(steps), others, simulated.scenario, summary, folder))

    def has_written(self, what: str) -> bool:
        """Return, once it is so, whether the figures or the page are written; False: the copy is gone."""
        return self._copy.answers(what)


@contextmanager
def importing_ahead() -> Iterator[None]:
    """Let a copy of this process import what draws while a case is read; `draw_ahead` takes it, or it ends here."""
    if _is_of_use():
        _READY.append(AskedCopy(lambda asked: _Drawer(None, asked).serve()))
    try:
        yield
    finally:
        end_ready_copy()


def end_ready_copy() -> None:
    """End the copy that was made before the case was read, where nothing is drawn by it."""
    while _READY:
        _READY.pop().end()


def draw_ahead(case: DrawnCase, work: Work) -> None:
    """Let a copy of this process draw what a case gives, if that is to be written.

    One is made in a process of the program's own, with a processor to spare, that could not draw at once.

    Parameters
    ----------
    case : DrawnCase
        What is run: the copy draws it by what it knows now, and by its steps. It can be pickled, or a new copy is made.
    work : Work
        Of the run: what draws is had from it, and ends with it.
    """
    if work.target is None or not _is_of_use():
        end_ready_copy()
        return
    copy = _ready_copy(case)
    if copy is None:
        copy = AskedCopy(lambda asked: _Drawer(case, asked).serve())
    work.exits.callback(copy.end)
    work.drawing = DrawingAhead(copy)


def prepare_to_draw() -> None:
    """Import what draws, in a process of the program's own."""
    import_without_docstrings()
    from testsite_sim.report.page import prepare_page

    measure_texts_once()
    place_ticks_once()
    prepare_page()


def _is_of_use() -> bool:
    """Return whether a copy would draw sooner than this process."""
    return is_own_process() and "matplotlib" not in sys.modules and usable_processors() > 1


def _ready_copy(case: DrawnCase) -> AskedCopy | None:
    """Return the copy that was made before the case was read, and give it the case; None where there is none."""
    if not _READY:
        return None
    copy = _READY.pop()
    try:
        if copy.ask(CASE, case):
            return copy
    except (pickle.PicklingError, AttributeError, TypeError):  # as of a study of the user's own
        copy.end()
    return None


class _Drawer:
    """The copy: the steps that it was given, and the files of the figures that it has drawn of them.

    Parameters
    ----------
    case : DrawnCase, optional
        What is drawn; None: the first that the copy is given.
    asked : Asked
        What it is asked for.
    """

    def __init__(self, case: DrawnCase | None, asked: Asked) -> None:
        self._case, self._asked = case, asked
        self._steps: dict[str, xr.Dataset] = {}
        self._drawn: dict[str, tuple[NamedFigure, dict[str, bytes]]] = {}

    def serve(self) -> None:
        """Import what draws, and do what is asked for."""
        prepare_to_draw()
        refuse_warnings()
        for what, content in self._asked:
            if what == CASE:
                self._case = content
            elif what == RESOLVED:
                assert self._case is not None
                self._asked.give(self._case.resolved())
            elif what == STEP:
                self._steps |= content
                self._draw_early()
            else:
                self._draw(*content)

    def _draw_early(self) -> None:
        """Draw figures of one step alone, as long as nothing else is asked for."""
        if self._asked.is_waiting():
            return
        from testsite_sim.output.results import results_tree
        from testsite_sim.report import figures_of_one_group
        from testsite_sim.report.drawing import rendered

        for name, figure in figures_of_one_group(results_tree(self._steps, "")).items():
            if self._asked.is_waiting():
                return
            if not self._is_drawn(name, figure):
                self._drawn[name] = figure, rendered(figure, name, Drawing.formats)

    def _draw(
        self, order: list[str], others: "Mapping[str, xr.Dataset]", scenario: str, summary: Summary, folder: Path
    ) -> None:
        """Write figures and page, and say so."""
        from testsite_sim.output.results import results_tree
        from testsite_sim.report.drawing import writing_figures

        steps = {step: others[step] if step in others else self._steps[step] for step in order}
        assert self._case is not None
        results = results_tree(steps, self._case.title, scenario)
        drawing = self._case.draw(Simulated(steps, scenario), results, summary)
        drawn = {
            name: self._drawn[name][1]
            for name, figure in drawing.figures.items()
            if drawing.formats == Drawing.formats and self._is_drawn(name, figure)
        }
        target = folder / FIGURES
        with writing_figures(drawing.figures, target, drawing.formats, drawn, self._asked.descriptors) as finish:

            def written() -> list[Path]:
                files = finish()
                self._asked.answer(FIGURES)
                return files

            if drawing.page is None:
                written()
            else:
                (folder / REPORT).write_text(drawing.page(written), encoding="utf-8", newline="\n")
        self._asked.answer(PAGE)

    def _is_drawn(self, name: str, figure: "NamedFigure") -> bool:
        """Return whether a figure has been drawn, of its one step."""
        return name in self._drawn and figure.draws is not None and self._drawn[name][0].draws is figure.draws
