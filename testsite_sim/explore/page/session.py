"""What the pages of a scenario and of a study share: requests of a session, what is wrong, what is being done."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar

from bokeh.document import Document
from bokeh.models import Div, InlineStyleSheet

from testsite_sim.explore.page import html
from testsite_sim.explore.page.panel import Group
from testsite_sim.explore.worker import Newest, Worker

Request = TypeVar("Request")
Stage = TypeVar("Stage")


class Session:
    """A window of a user.

    Parameters
    ----------
    document : Document
        Of the session.
    worker : Worker
        What computes.
    texts : InlineStyleSheet
        Of texts.
    kept : str
        What is said below a problem: what stays on the screen.
    """

    def __init__(self, document: Document, worker: Worker, texts: InlineStyleSheet, kept: str) -> None:
        self.document, self._worker, self._texts, self._kept = document, worker, texts, kept
        self._askers: list[Newest[Any, Any]] = []
        self.problem, self.cards, self.status = self.div("problem"), self.div("headlines"), self.div("status")

    def div(self, name: str) -> Div:
        """Return an empty text."""
        return Div(name=name, text="", sizing_mode="stretch_width", stylesheets=[self._texts], margin=0)

    def asker(
        self,
        stages: Callable[[Request], Iterator[Stage]],
        deliver: Callable[[Request, Stage], None],
        refuse: Callable[[Request, tuple[str, ...]], None],
    ) -> Newest[Request, Stage]:
        """Return who answers the newest request: in the thread of the worker, shown in that of the session.

        Parameters
        ----------
        stages : callable
            Takes a request and yields what is known of its answer; in the thread of the worker.
        deliver, refuse : callable
            Given the request and a stage, or the sentences of what is wrong; in the thread of the session.
        """
        made: Newest[Request, Stage] = Newest(
            self._worker, stages, partial(self.later, deliver), partial(self.later, refuse)
        )
        self._askers.append(made)
        return made

    def later(self, show: Callable[..., None], *given: Any) -> None:
        """Show something in the thread of the session."""
        self.document.add_next_tick_callback(partial(show, *given))

    def working(self, text: str) -> None:
        """Say what is being done."""
        self.status.text = html.status("working", text)

    def ready(self, text: str) -> None:
        """Say that what is shown is up to date."""
        self.status.text = html.status("ready", text)

    def say(self, problems: Sequence[str], groups: Iterable[Group], remarks: Sequence[str] = ()) -> bool:
        """Say what is wrong with what was typed, and mark it; return whether anything is.

        Where nothing is, say what the chain warns of, `remarks`.
        """
        text = html.problem(problems, self._kept) if problems else html.remarks(remarks)
        self.problem.text, self.problem.visible = text, bool(text)
        controls = [each for group in groups for each in group.widgets.items()]
        wrong = {path for path, _ in controls if any(names(sentence, path) for sentence in problems)}
        if not wrong:  # what is named has no control: those of what it belongs to
            wrong = {path for path, _ in controls if any(path in sentence for sentence in problems)}
        for path, widgets in controls:
            widgets.mark(path in wrong)
        if problems:
            self.status.text = html.status("wrong", "not simulated")
        return bool(problems)

    def close(self) -> None:
        """End the session: nothing more is computed for it."""
        for each in self._askers:
            each.close()


def names(sentence: str, path: str) -> bool:
    """Return whether a sentence names a key, and not only one below it.

    Examples
    --------
    >>> sentence = "plant.electrolysers.0.capacity: found '5 kg'"
    >>> [names(sentence, path) for path in ("plant.electrolysers.0.capacity", "plant.electrolysers.0")]
    [True, False]
    """
    return re.search(rf"(?<![\w.]){re.escape(path)}(?!\w|\.\w)", sentence) is not None
