"""The frame of every page: its template, its roots, its switch between light and dark."""

from collections.abc import Callable, Sequence
from typing import Any

from bokeh.document import Document
from bokeh.models import CustomJS, TextInput, UIElement

from testsite_sim.explore.page import html
from testsite_sim.explore.page.look import style, theme


class Frame:
    """The frame of a page.

    Parameters
    ----------
    document : Document
        Of the session.
    title : str
        Of what is explored.
    name : str
        Its name on the command line.
    """

    def __init__(self, document: Document, title: str, name: str) -> None:
        self._document, self._title, self._name = document, title, name

    def fill(
        self,
        roots: Sequence[UIElement],
        groups: Sequence[tuple[str, str]],
        rows: Sequence[Sequence[tuple[str, str, str]]],
        below: Sequence[tuple[str, str]],
        shade: Callable[[bool], None],
        open_groups: int,
    ) -> None:
        """Fill the document.

        Parameters
        ----------
        roots : sequence of UIElement
            With names.
        groups : sequence of (str, str)
            Title and root of each group of controls, from the top; the first `open_groups` are open.
        rows : sequence of sequences of (str, str, str)
            Title, what it says, and root of the views, row by row.
        below : sequence of (str, str)
            Title and root of what is folded up below them.
        shade : callable
            Given whether the page is dark, when that changes.
        """
        switch = TextInput(name="theme", value="light")
        switch.on_change("value", lambda name, old, new: self._take(str(new) == "dark", shade))
        self._take(False, shade)
        names = [str(root.name) for root in (*roots, switch)]
        variables: dict[str, Any] = {
            "heading": self._title,
            "scenario_name": self._name,
            "page_css": style("page"),
            "groups": groups,
            "open_groups": open_groups,
            "rows": rows,
            "below": below,
            "names": names,
        }
        self._document.title = self._title
        self._document.template = html.page_template()
        self._document.template_variables.update(variables)
        for root in (*roots, switch):
            self._document.add_root(root)
        code = "switch_.value = document.documentElement.dataset.theme"
        self._document.js_on_event("document_ready", CustomJS(args={"switch_": switch}, code=code))

    def _take(self, is_dark: bool, shade: Callable[[bool], None]) -> None:
        """Take light or dark."""
        self._document.theme = theme(is_dark)
        shade(is_dark)
