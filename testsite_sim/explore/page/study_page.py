"""The page of a study, for one session: which assumptions are known, and what the answer is then."""

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bokeh.document import Document
from bokeh.layouts import column
from bokeh.models import Button, Select, UIElement

from testsite_sim.cases.study import StudyCase
from testsite_sim.configuration.base import quantities
from testsite_sim.explore.controls import MORE, Amount, Control, amount_of
from testsite_sim.explore.page import html
from testsite_sim.explore.page.frame import Frame
from testsite_sim.explore.page.look import sheet
from testsite_sim.explore.page.panel import Group, search_box
from testsite_sim.explore.page.session import Session
from testsite_sim.explore.page.study_view import Histogram, SpreadView, Tornado, spreads, unit_of
from testsite_sim.explore.page.writing import Writing
from testsite_sim.explore.study_answers import Basis, StudyAnswer, answer_study, study_controls
from testsite_sim.explore.worker import Newest, Worker
from testsite_sim.studies.framework.registry import Headline
from testsite_sim.studies.framework.report.numbers import number

KEPT = "What is shown is the last study that could be simulated."
Known = dict[str, str]  # values by the paths of assumptions


class StudyPage:
    """A session.

    Parameters
    ----------
    document : Document
        Of the session, to be filled.
    basis : Basis
        The study, and what all its members share; nothing of it is changed.
    folder : Path
        Where run directories are written.
    worker : Worker
        What computes.
    """

    def __init__(self, document: Document, basis: Basis, folder: Path, worker: Worker) -> None:
        self._basis = basis
        self._known: Known = {}
        self._added: list[str] = []
        self._standing: StudyAnswer | None = None
        self._answer: StudyAnswer | None = None
        self._problems: tuple[str, ...] = ()
        study, words = basis.case.study, basis.case.words
        self._headlines = {each.variable: each for each in study.headlines}
        self._headline = study.headlines[0]
        texts, widgets = sheet("text"), sheet("widgets")
        self.session = Session(document, worker, texts, KEPT)
        self._newest: Newest[Known, StudyAnswer] = self.session.asker(self._stages, self._deliver, self._refuse)
        titles = [(each.variable, words.get(f"variable.{each.variable}", each.variable)) for each in study.headlines]
        self._choice = Select(
            name="headline",
            title="Answer",
            value=self._headline.variable,
            options=titles,
            sizing_mode="stretch_width",
            stylesheets=[widgets],
            margin=(0, 0, 8, 0),
        )
        self._choice.on_change("value", self._choose)
        reset = Button(
            label="Everything uncertain again",
            name="reset",
            stylesheets=[widgets],
            sizing_mode="stretch_width",
            margin=0,
        )
        reset.on_click(self._reset)
        self._amounts = self._all_amounts()
        self._search = search_box("Add an assumption", "name", list(self._amounts), widgets, self._add)
        self._group = Group("group-assumptions", widgets, self._changed)
        self._more = Group("group-more", widgets, self._changed)
        self._said, self._values = self.session.div("answer"), self.session.div("values")
        self._spread, self._histogram, self._tornado = SpreadView(texts), Histogram(), Tornado(texts)
        self._writing = Writing(worker, document, folder, basis.name.replace("/", "-"), widgets, texts, self._on_screen)
        self._fill(column([self._choice, reset], name="variants", sizing_mode="stretch_width"))
        self._newest.ask(dict(self._known))

    def _fill(self, chosen: UIElement) -> None:
        """Put everything into the document."""
        self._more.column.children = [self._search]
        rows = [
            [("Answer", "", "answer")],
            [
                ("By scenario", "The bar is what the assumptions that stay uncertain leave open.", "spread"),
                ("Members, reference scenario", "The dashed line: all assumptions at their medians.", "members"),
            ],
            [
                (
                    "What still moves it",
                    "One assumption at the ends of its range, all others at their medians.",
                    "tornado-column",
                )
            ],
            [("Write what is shown", "", "writing")],
        ]
        roots = [
            self.session.problem,
            self.session.cards,
            self.session.status,
            chosen,
            self._group.column,
            self._more.column,
            self._said,
            self._spread.model,
            self._histogram.figure,
            self._tornado.model,
            self._writing.model,
            self._values,
        ]
        groups = [("Leading assumptions", "group-assumptions"), (MORE, "group-more")]
        title = self._basis.case.configuration.heading.title
        Frame(self.session.document, title, self._basis.name).fill(
            roots, groups, rows, [("All headlines, with P10 to P90", "values")], self._tornado.shade, open_groups=1
        )

    def _all_amounts(self) -> dict[str, Amount]:
        """Return a control for every assumption that has a range, by its path."""
        words = self._basis.case.words
        return {
            path: amount_of(path, MORE, words.get(f"assumption.{path}", path), quantity)
            for path, quantity in quantities(self._basis.case.configuration)
            if quantity.range is not None and quantity.range[1] > quantity.range[0]
        }

    # What a user does.

    def _changed(self, control: Control, text: str) -> None:
        """Take an assumption as known, or as uncertain again where its text is empty."""
        others = {path: value for path, value in self._known.items() if path != control.path}
        self._known = {**others, control.path: text.strip()} if text.strip() else others
        self._show_controls()
        self._ask()

    def _choose(self, name: str, old: Any, new: str) -> None:
        """Show another headline, with the assumptions that lead it."""
        self._headline = self._headlines[new]
        self._show_controls()
        self._show()

    def _add(self, new: str) -> None:
        """Add a control for another assumption."""
        if new in self._amounts and new not in self._added:
            self._added = [*self._added, new]
            self._search.value = ""
            self._show_controls()

    def _reset(self) -> None:
        """Leave all assumptions uncertain again."""
        self._known, self._added = {}, []
        self._show_controls()
        self._ask()

    def _ask(self) -> None:
        """Ask for the answer with what is known."""
        self.session.working("simulating")
        self._newest.ask(dict(self._known))

    # What the study makes of it, in the thread of the worker.

    def _stages(self, known: Known) -> Iterator[StudyAnswer]:
        """Yield the answer."""
        yield answer_study(self._basis, known)

    # What is shown of it, in the thread of the session.

    def _deliver(self, known: Known, answer: StudyAnswer) -> None:
        """Show an answer."""
        if self._standing is None:
            self._standing = answer
        self._answer = answer
        if known == self._known:
            self._problems = ()
        self._show_controls()
        self._show()

    def _refuse(self, known: Known, sentences: tuple[str, ...]) -> None:
        """Say what is wrong; what was shown stays."""
        if known == self._known:
            self._problems = sentences
            self._show()

    def _show_controls(self) -> None:
        """Show the assumptions that lead the headline, and those that were added or are known."""
        if self._standing is None:
            return
        leading = study_controls(self._standing, self._headline.variable)
        paths = {control.path for control in leading}
        others = [self._amounts[path] for path in dict.fromkeys([*self._added, *self._known]) if path in self._amounts]
        self._group.show(leading, self._known)
        self._more.show([each for each in others if each.path not in paths], self._known, [self._search])
        for path, widgets in (*self._group.widgets.items(), *self._more.widgets.items()):
            widgets.mark_known(path in self._known)

    def _show(self) -> None:
        """Show the answer, and what is wrong."""
        is_wrong = self.session.say(self._problems, (self._group, self._more))
        answer, standing = self._answer, self._standing
        if answer is None or standing is None:
            return
        case, words = answer.case, answer.case.words
        self.session.cards.text = self._cards_of(answer, standing)
        narrative = case.study.part("narrative")(case.configuration, answer.members, words)
        self._said.text = html.escaped(
            '<p class="question">{{ question }}</p>'
            '{% for each in answer[:2] %}<p class="answer">{{ each }}</p>{% endfor %}',
            question=narrative.question,
            answer=narrative.answer,
        )
        for view in (self._spread, self._histogram):
            view.show(standing, answer, self._headline)
        self._tornado.show(answer, self._headline)
        self._values.text = html.values_table({"now": answer.summary}, standing.summary)
        if is_wrong:
            return
        count = len(standing.varied) - len(answer.varied)
        uncertain = f"{len(answer.varied)} assumptions uncertain" + (f", {count} known" if count else "")
        members = answer.members.sizes["member"]
        self.session.ready(f"{answer.seconds:.2f} s: {members} members, {uncertain}")
        stated = [*self._basis.overrides, *(f"{path}={text}" for path, text in self._known.items())]
        options = [part for each in stated for part in ("--set", each)]
        self._writing.show_command(shlex.join(["testsite-sim", "run", self._basis.name, *options]))

    def _cards_of(self, answer: StudyAnswer, standing: StudyAnswer) -> str:
        """Return the headlines in the reference scenario: P50, and P10 to P90 now and as the study stands."""
        rows = []
        for each in self._headlines.values():
            title = answer.case.words.get(f"variable.{each.variable}", each.variable)
            before = self._spread_of(standing, each)[1]
            rows.append((title, *self._spread_of(answer, each), unit_of(answer, each), before))
        return html.study_cards(rows)

    @staticmethod
    def _spread_of(answer: StudyAnswer, headline: Headline) -> tuple[str, str]:
        """Return P50, and P10 to P90, of a headline in the reference scenario."""
        found, words = spreads(answer, headline)[0], answer.case.words
        plain = headline.units == "year"
        low, middle, high = (
            f"{each:.0f}" if plain and each == each and abs(each) != float("inf") else number(each, words)
            for each in found[1:]
        )
        return middle, f"{low} – {high}"

    def _on_screen(self) -> tuple[StudyCase | None, tuple[str, ...]]:
        """Return the study that is on the screen, and what is wrong with what was typed."""
        return (None if self._answer is None else self._answer.case), self._problems
