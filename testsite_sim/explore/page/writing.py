"""Writing what is on the screen: the run directory that `testsite-sim run` writes, by the same function."""

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bokeh.document import Document
from bokeh.layouts import column, row
from bokeh.models import Button, Column, Div, InlineStyleSheet, TextInput

from testsite_sim.cases.run import Run
from testsite_sim.cases.scenario import ScenarioCase
from testsite_sim.cases.study import StudyCase
from testsite_sim.common.errors import ConfigurationError, TestsiteError
from testsite_sim.explore.page import html
from testsite_sim.explore.worker import FAULT, Worker
from testsite_sim.output.run_directory import check_target

_LOG = logging.getLogger(__name__)
OnScreen = Callable[[], tuple[ScenarioCase | StudyCase | None, tuple[str, ...]]]
_WRITTEN = (
    '<p class="done"><b>Written.</b> <code>{{ folder }}</code>: <code>scenario.yaml</code> runs again to the same '
    "bits; open <code>report.html</code>.</p>"
)
_WRONG = '{% for each in sentences %}<p class="wrong">{{ each }}</p>{% endfor %}'


class Writing:
    """The name of a run directory, and the button that writes it.

    Parameters
    ----------
    worker : Worker
        What simulates and writes.
    document : Document
        Of the session.
    folder : Path
        Where run directories stand.
    stem : str
        How the name of one begins.
    widgets, texts : InlineStyleSheet
        Of the page.
    on_screen : callable
        Gives what is on the screen, and what is wrong with what was typed.
    """

    def __init__(
        self,
        worker: Worker,
        document: Document,
        folder: Path,
        stem: str,
        widgets: InlineStyleSheet,
        texts: InlineStyleSheet,
        on_screen: OnScreen,
    ) -> None:
        self._worker, self._document, self._folder, self._stem, self._on_screen = (
            worker,
            document,
            folder,
            stem,
            on_screen,
        )
        self._name = TextInput(
            name="run directory",
            title=f"Name of the run directory, in {folder}",
            value=self._free(),
            width=340,
            stylesheets=[widgets],
            margin=(0, 10, 6, 0),
        )
        self._button = Button(
            label="Write scenario and run directory",
            name="write",
            button_type="primary",
            stylesheets=[widgets],
            width=260,
            align="end",
            margin=(0, 0, 0, 0),
        )
        self._button.on_click(self._write)
        self._state = Div(name="written", text="", stylesheets=[texts], sizing_mode="stretch_width")
        self._command = Div(name="command", text="", stylesheets=[texts], sizing_mode="stretch_width")
        wrapped = {"flex-wrap": "wrap"}
        asked = row([self._name, self._button], styles=wrapped, sizing_mode="stretch_width")
        self.model: Column = column([asked, self._state, self._command], name="writing", sizing_mode="stretch_width")

    def show_command(self, line: str) -> None:
        """Show the command line that makes the same run."""
        self._command.text = html.escaped(
            '<p class="about">The same from the command line:</p><pre><code>{{ line }}</code></pre>', line=line
        )

    def _free(self) -> str:
        """Return the first name that is free."""
        number = 1
        while (self._folder / f"{self._stem}-explored-{number}").exists():
            number += 1
        return f"{self._stem}-explored-{number}"

    def _write(self) -> None:
        """Write what is on the screen."""
        case, problems = self._on_screen()
        if problems:
            self._say(_WRONG, sentences=["What was changed last could not be simulated; correct it first.", *problems])
            return
        if case is None:
            return
        try:
            target = self._target(self._name.value.strip())
            check_target(target, False)
        except TestsiteError as error:
            self._say(_WRONG, sentences=error.problems)
            return
        self._button.disabled = True
        self._say('<p class="about">simulating and writing</p>')
        self._worker.submit(partial(self._run, case, target))

    def _target(self, name: str) -> Path:
        """Return the folder of a name.

        Raises
        ------
        ConfigurationError
            When it is not a plain name.
        """
        if not name or Path(name).name != name or name.startswith(".") or "\\" in name or not name.isprintable():
            raise ConfigurationError(
                f"run directory: found {name!r}; expected a name without folders, for example {self._free()}."
            )
        return self._folder / name

    def _run(self, case: ScenarioCase | StudyCase, target: Path) -> None:
        """Run a case into its directory, in the thread of the worker."""
        try:
            found: Run | tuple[str, ...] = case.run(target)
        except TestsiteError as error:
            found = tuple(error.problems)
        except OSError as error:
            found = (f"{target}: {error.strerror or error}.",)
        except Exception:  # the button waits for an answer
            _LOG.exception("explore: a run failed")
            found = FAULT
        self._document.add_next_tick_callback(partial(self._done, found, target))

    def _done(self, found: Run | tuple[str, ...], target: Path) -> None:
        """Say what was written, or what was wrong."""
        self._button.disabled = False
        if isinstance(found, Run):
            self._say(_WRITTEN, folder=str(target))
            if self._name.value.strip() == target.name:  # else another one was typed since
                self._name.value = self._free()
        else:
            self._say(_WRONG, sentences=found)

    def _say(self, template: str, **values: object) -> None:
        """Show a text below the button."""
        self._state.text = html.escaped(template, **values)
