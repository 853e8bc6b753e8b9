"""Controls as widgets: an amount is a text with its unit and a slider, a choice is a list."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bokeh.layouts import column
from bokeh.models import AutocompleteInput, Column, InlineStyleSheet, Select, Slider, Spacer, TextInput, UIElement

from testsite_sim.explore.controls import Amount, Choice, Control

Changed = Callable[[Control, str], None]


def search_box(
    title: str, part: str, completions: Sequence[str], sheet: InlineStyleSheet, chosen: Callable[[str], None]
) -> AutocompleteInput:
    """Return the field in which a further control is looked for.

    Parameters
    ----------
    title : str
        What it adds.
    part : str
        What a part of is typed: a key, or a name.
    completions : sequence of str
        What can be chosen.
    sheet : InlineStyleSheet
        Of the page.
    chosen : callable
        Given what was typed or chosen.
    """
    made = AutocompleteInput(
        name="search",
        title=title,
        placeholder=f"type a part of its {part}",
        min_characters=1,
        search_strategy="includes",
        case_sensitive=False,
        completions=list(completions),
        restrict=False,
        max_completions=12,
        sizing_mode="stretch_width",
        stylesheets=[sheet],
        margin=(0, 0, 8, 0),
    )
    made.on_change("value", lambda name, old, new: chosen(str(new)))
    return made


class AmountWidgets:
    """The widgets of an amount: what is typed moves the slider, what is slid is written.

    Parameters
    ----------
    control : Amount
        What is changed.
    sheet : InlineStyleSheet
        Of the page.
    changed : callable
        Given the control and its new text.
    """

    def __init__(self, control: Amount, sheet: InlineStyleSheet, changed: Changed) -> None:
        self.control, self._changed, self._is_following = control, changed, False
        self._is_known = self._is_wrong = False
        self.text = TextInput(
            name=control.path,
            title=control.label,
            value=control.text,
            placeholder=control.blank or "",
            sizing_mode="stretch_width",
            stylesheets=[sheet],
            css_classes=["amount"],
            margin=(2, 0, 0, 0),
        )
        self.text.on_change("value", self._typed)
        self.models: list[UIElement] = [self.text]
        self.slider: Slider | None = None
        if control.slides:
            self.slider = Slider(
                name=f"{control.path}:slider",
                start=control.low,
                end=control.high,
                step=control.step,
                value=self._within(control.number(control.text)),
                show_value=False,
                tooltips=False,
                title=None,
                sizing_mode="stretch_width",
                stylesheets=[sheet],
                margin=(0, 0, 6, 0),
            )
            self.slider.on_change("value", self._slid)
            self.models.append(self.slider)

    def show(self, text: str) -> None:
        """Show another text without reporting it as a change."""
        if text == self.text.value:
            return
        self._is_following = True
        self.text.value = text
        self._follow(text)
        self._is_following = False

    def mark_known(self, is_known: bool) -> None:
        """Say whether an assumption is known."""
        self.text.title = f"{self.control.label} · known" if is_known else self.control.label
        self._is_known = is_known
        self._style()

    def mark(self, wrong: bool) -> None:
        """Mark the amount as wrong, or as right again."""
        self._is_wrong = wrong
        self._style()

    def _style(self) -> None:
        """Show whether the amount is wrong, and whether it is known."""
        marks = (("known", self._is_known), ("wrong", self._is_wrong))
        self.text.css_classes = ["amount", *(name for name, is_so in marks if is_so)]

    def _within(self, number: float | None) -> float:
        """Return a number within the ends of the slider."""
        if number is None:
            return self.control.low
        return min(max(number, self.control.low), self.control.high)

    def _follow(self, text: str) -> None:
        """Move the slider to a text, where it is in its unit."""
        number = self.control.number(text)
        if self.slider is not None and number is not None:
            self.slider.value = self._within(number)

    def _typed(self, name: str, old: Any, new: str) -> None:
        """Report what was typed."""
        if self._is_following:
            return
        self._is_following = True
        self._follow(new)
        self._is_following = False
        self._changed(self.control, new)

    def _slid(self, name: str, old: Any, new: float) -> None:
        """Write and report where the slider was moved."""
        if self._is_following:
            return
        text = self.control.written(new)
        self._is_following = True
        self.text.value = text
        self._is_following = False
        self._changed(self.control, text)


class ChoiceWidget:
    """The list of a choice.

    Parameters
    ----------
    control : Choice
        What is chosen.
    sheet : InlineStyleSheet
        Of the page.
    changed : callable
        Given the control and the name that is chosen.
    """

    def __init__(self, control: Choice, sheet: InlineStyleSheet, changed: Changed) -> None:
        self.control, self._is_following = control, False
        self.select = Select(
            name=control.path,
            title=control.label,
            value=control.value,
            options=list(zip(control.options, control.labels, strict=True)),
            sizing_mode="stretch_width",
            stylesheets=[sheet],
            css_classes=["choice"],
            margin=(2, 0, 6, 0),
        )
        self.models: list[UIElement] = [self.select]

        def choose(name: str, old: Any, new: str) -> None:
            if not self._is_following:
                changed(control, new)

        self.select.on_change("value", choose)

    def show(self, value: str) -> None:
        """Show another choice without reporting it as a change."""
        self._is_following = True
        self.select.value = value
        self._is_following = False

    def mark_known(self, is_known: bool) -> None:
        """Leave it: a choice has no uncertainty."""

    def mark(self, wrong: bool) -> None:
        """Mark the choice as wrong, or as right again."""
        self.select.css_classes = ["choice", "wrong"] if wrong else ["choice"]


class Group:
    """The controls of one group, in a column; those that stay keep their widgets, and what is being typed there."""

    def __init__(self, name: str, sheet: InlineStyleSheet, changed: Changed) -> None:
        self._sheet, self._changed = sheet, changed
        self.widgets: dict[str, AmountWidgets | ChoiceWidget] = {}
        self.column: Column = column([Spacer(height=0)], name=name, sizing_mode="stretch_width")

    def show(self, controls: Sequence[Control], texts: Mapping[str, str], before: Sequence[UIElement] = ()) -> None:
        """Show these controls instead of those before.

        Parameters
        ----------
        controls : sequence of Control
            As the scenario has them.
        texts : mapping of str to str
            What was changed, by path.
        before : sequence of UIElement
            Widgets that stand above them.
        """
        kept, self.widgets = self.widgets, {}
        for control in controls:
            made = kept.get(control.path)
            if made is None or made.control != control:
                make = ChoiceWidget if isinstance(control, Choice) else AmountWidgets
                made = make(control, self._sheet, self._changed)  # type: ignore[arg-type]
            made.show(texts.get(control.path, control.value if isinstance(control, Choice) else control.text))
            self.widgets[control.path] = made
        models = [*before, *(model for made in self.widgets.values() for model in made.models)]
        if models != self.column.children:
            self.column.children = models
