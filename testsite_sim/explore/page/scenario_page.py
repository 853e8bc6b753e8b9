"""The page of a scenario, for one session: what is changed, what the chain makes of it, what is written of it."""

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bokeh.document import Document
from bokeh.layouts import column, row
from bokeh.models import (
    Button,
    CustomJS,
    InlineStyleSheet,
    RadioButtonGroup,
    TextInput,
    Toggle,
    UIElement,
)
from testsite_kernels.compiling.kernel_cache import announced

from testsite_sim.cases.case import Summary
from testsite_sim.cases.scenario import ScenarioCase
from testsite_sim.chain import has_same_farm
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.economics.breakdown import cost_parts
from testsite_sim.explore.answers import Answer, answers, completed
from testsite_sim.explore.changes import Changes, changed_case, on_the_command_line
from testsite_sim.explore.controls import GROUPS, MORE, Amount, Choice, Control, controls_of, further_controls
from testsite_sim.explore.flow import WindAt, map_of, prevailing_wind, wind_at
from testsite_sim.explore.heard import heard
from testsite_sim.explore.memory import Memory
from testsite_sim.explore.page import html
from testsite_sim.explore.page.dispatch_view import DispatchView, milliseconds
from testsite_sim.explore.page.farm_view import FarmView
from testsite_sim.explore.page.frame import Frame
from testsite_sim.explore.page.look import sheet
from testsite_sim.explore.page.money_view import CashFlow, CostView
from testsite_sim.explore.page.panel import Group, search_box
from testsite_sim.explore.page.session import Session
from testsite_sim.explore.page.writing import Writing
from testsite_sim.explore.worker import Worker

if TYPE_CHECKING:
    import xarray as xr

_VARIANTS = "document.documentElement.dataset.variants = cb_obj.active ? 'two' : 'one'"
KEPT = "What is shown is the last scenario that could be simulated."


@dataclass(frozen=True)
class Request:
    """What to simulate, and the wind that the map is for; None: the prevailing one."""

    changes: Changes
    wind: WindAt | None
    when: str = ""


@dataclass(frozen=True)
class Flow:
    """A map of the wind."""

    found: "xr.Dataset"
    wind: WindAt
    when: str
    scenario: Scenario


@dataclass(frozen=True)
class Controls:
    """What can be changed in a scenario with the parts that were chosen."""

    leading: tuple[Control, ...]
    further: Mapping[str, Amount]


def _controls(scenario: Scenario) -> Controls:
    """Return what can be changed in a scenario."""
    return Controls(tuple(controls_of(scenario)), further_controls(scenario))


@dataclass(frozen=True)
class Chosen:
    """What can be changed once other parts were chosen."""

    controls: Controls
    choices: Mapping[str, str]


Stage = Answer | Flow | Chosen


@dataclass
class Variant:
    """What is changed in a variant, and what was made of it."""

    controls: Controls
    changes: Changes = field(default_factory=Changes)
    chosen: Mapping[str, str] = field(default_factory=dict)  # what the controls are those of
    answer: Answer | None = None
    summary: Summary = field(default_factory=dict)  # on the screen
    old: frozenset[str] = frozenset()  # of these, still those of the answer before
    problems: tuple[str, ...] = ()
    flow_of: tuple[Any, ...] = ()  # what the map was drawn for


class ScenarioPage:
    """A session.

    Parameters
    ----------
    document : Document
        Of the session, to be filled.
    case : ScenarioCase
        The scenario as it stands.
    folder : Path
        Where run directories are written.
    worker : Worker
        What computes.
    """

    def __init__(self, document: Document, case: ScenarioCase, folder: Path, worker: Worker) -> None:
        self._case = case
        texts, widgets = sheet("text"), sheet("widgets")
        self.session = Session(document, worker, texts, KEPT)
        self._controls = _controls(case.scenario)
        self._variants = {"A": Variant(self._controls), "B": Variant(self._controls)}
        self._edited, self._is_comparing = "A", False
        self._standing = {
            **{path: control.text for path, control in self._controls.further.items()},
            **{each.path: each.value if isinstance(each, Choice) else each.text for each in self._controls.leading},
        }
        self._base: Answer | None = None
        self._memory = Memory()
        self._added: list[str] = []
        self._newest, self._maps = (
            {
                name: self.session.asker(
                    partial(stages, name), partial(self._deliver, name), partial(self._refuse, name)
                )
                for name in self._variants
            }
            for stages in (self._stages, self._map)
        )
        self._groups = {title: Group(_root(title), widgets, self._changed) for title in GROUPS}
        self._search = search_box("Add a control", "key", list(self._controls.further), widgets, self._add)
        self._any = TextInput(
            name="any",
            title="Any other key, as --set takes it",
            placeholder="wind.uncertainty=offshore",
            sizing_mode="stretch_width",
            stylesheets=[widgets],
            margin=(0, 0, 8, 0),
        )
        self._any.on_change("value", self._set_any)
        self._dispatch = DispatchView(widgets, texts, self._tapped)
        self._farm = FarmView(widgets, partial(self._blow, when=""))
        self._cash = CashFlow(texts)
        self._costs = [CostView(name, texts) for name in ("levelised_cost_of_hydrogen", "levelised_cost_of_energy")]
        self._values = self.session.div("values")
        self._writing = Writing(worker, document, folder, _stem(case.name), widgets, texts, self._on_screen)
        self._frame = Frame(document, case.title, case.name)
        self._show_controls()
        self._build(widgets)
        self._ask("A")

    # What the page is made of.

    def _build(self, widgets: InlineStyleSheet) -> None:
        """Put everything into the document."""
        scenario = self._case.scenario
        shown = [title for title in GROUPS if title == MORE or self._groups[title].widgets]
        rows: list[list[tuple[str, str, str]]] = []
        if scenario.market is not None or scenario.plant is not None:
            hint = "Drag the orange window over the year; click on a time to see its wind on the map."
            rows.append([("Dispatch", hint if scenario.farm is not None else "", "dispatch")])
        pair = []
        if scenario.farm is not None:
            pair.append(("Farm and wakes", "Wind speed at hub height, for one wind.", "farm"))
        if scenario.economics is not None and scenario.market is not None:
            pair.append(("Cash flow", "Of the project, real, before tax.", "cash"))
        plant, costs = scenario.machines, []
        if scenario.economics is not None and (plant.electrolysers or plant.by_product is not None):
            costs.append(("What hydrogen costs", "Levelised, by what it is made of.", self._costs[0].name))
        if scenario.economics is not None and (scenario.farm is not None or plant.photovoltaics is not None):
            costs.append(("What wind and sun cost", "Levelised, by what it is made of.", self._costs[1].name))
        rows += [each for each in (pair, costs) if each]
        rows.append([("Write what is shown", "", "writing")])
        below = [("All figures of the run", "values")]
        available = {
            "dispatch": self._dispatch.model,
            "farm": self._farm.model,
            "cash": self._cash.model,
            "writing": self._writing.model,
            "values": self._values,
            **{each.name: each.model for each in self._costs},
        }
        roots: list[UIElement] = [
            self.session.problem,
            self.session.cards,
            self.session.status,
            self._variants_column(widgets),
        ]
        roots += [self._groups[title].column for title in shown]
        roots += [
            available[name] for name in (*(name for each in rows for *_, name in each), *(name for _, name in below))
        ]
        self.session.document.js_on_event(
            "document_ready", self._dispatch.fit
        )  # to what was simulated before it was open
        self._frame.fill(roots, [(title, _root(title)) for title in shown], rows, below, self._shade, open_groups=4)

    def _shade(self, is_dark: bool) -> None:
        """Take light or dark."""
        self._dispatch.shade(is_dark)
        self._farm.shade(is_dark)

    def _variants_column(self, widgets: InlineStyleSheet) -> UIElement:
        """Return the choice of the variant that is edited, and the way back to the scenario."""
        wide: dict[str, Any] = {"stylesheets": [widgets], "sizing_mode": "stretch_width"}
        compare = Toggle(label="Compare two variants", name="compare", margin=(0, 6, 0, 0), **wide)
        compare.on_change("active", lambda name, old, new: self._compare(bool(new)))
        compare.js_on_change("active", CustomJS(code=_VARIANTS))
        reset = Button(label="Reset", name="reset", stylesheets=[widgets], width=70, margin=0)
        reset.on_click(self._reset)
        edited = RadioButtonGroup(
            labels=["Edit A", "Edit B"], active=0, name="edited", visible=False, margin=(8, 0, 0, 0), **wide
        )
        edited.on_change("active", lambda name, old, new: self._edit("AB"[int(new)]))
        self._edited_widget = edited
        return column(
            [row([compare, reset], sizing_mode="stretch_width"), edited], name="variants", sizing_mode="stretch_width"
        )

    def _show_controls(self) -> None:
        """Show the controls of the variant that is edited."""
        variant = self._variants[self._edited]
        texts, further = variant.changes.texts, variant.controls.further
        found: list[Control] = list(variant.controls.leading)
        leading = {control.path for control in found}
        for path in dict.fromkeys([*self._added, *texts]):
            if path not in leading:
                found.append(further.get(path) or Amount(path, MORE, path, "", blank="left out"))
        for title, group in self._groups.items():
            own = [control for control in found if control.group == title]
            group.show(own, texts, self._more(list(further)) if title == MORE else ())

    def _more(self, paths: list[str]) -> list[UIElement]:
        """Return the search for any other amount, and the field for any other key."""
        if self._search.completions != paths:
            self._search.completions = paths
        return [self._search, self._any]

    # What a user does.

    def _changed(self, control: Control, text: str) -> None:
        """Take a change of a control."""
        variant = self._variants[self._edited]
        if isinstance(control, Choice):
            variant.changes = variant.changes.chosen(control.path, text, self._standing.get(control.path, ""))
        else:
            if not text.strip() and control.blank is None:  # it cannot be left out
                text = control.text
                for group in self._groups.values():
                    if control.path in group.widgets:
                        group.widgets[control.path].show(text)
            variant.changes = variant.changes.amended(control.path, text, self._standing.get(control.path))
        self._ask(self._edited)

    def _add(self, new: str) -> None:
        """Add a control for another amount."""
        if new not in self._variants[self._edited].controls.further:
            return
        self._added = [*self._added, *([new] if new not in self._added else [])]
        self._search.value = ""
        self._show_controls()

    def _set_any(self, name: str, old: Any, new: str) -> None:
        """Take a change of any key."""
        if not new.strip():
            return
        path, _, text = (each.strip() for each in new.partition("="))
        variant = self._variants[self._edited]
        variant.changes = variant.changes.amended(path, text, None)
        self._ask(self._edited)

    def _compare(self, both: bool) -> None:
        """Show two variants next to each other, the second as the first is now; or the first alone."""
        self._is_comparing = both
        self._edited_widget.visible = both
        if both:
            first = self._variants["A"]
            self._variants["B"] = replace(first, flow_of=())
        self._dispatch.compare(both)
        self._farm.compare(both)
        self._edited_widget.active = 1 if both else 0
        self._edit("B" if both else "A")
        self._show_figures()
        if both:
            self._ask("B")

    def _edit(self, name: str) -> None:
        """Edit another variant."""
        self._edited = name
        self._show_controls()
        self._show_state()

    def _reset(self) -> None:
        """Go back to the scenario as it stands."""
        self._added = []
        variant = self._variants[self._edited]
        variant.changes, variant.chosen, variant.controls = Changes(), {}, self._controls
        self._any.value = ""
        self._show_controls()
        self._ask(self._edited)

    def _tapped(self, moment: float) -> None:
        """Show the wind of the time that was clicked on the map."""
        found = self._variants["A"].answer
        if found is None or "wind" not in found.steps:
            return
        weather = found.steps["weather"]
        stamps = milliseconds(weather)
        place = min(max(int(stamps.searchsorted(moment, side="right")) - 1, 0), stamps.size - 1)
        wind = wind_at(weather, place)
        when = weather["time"].to_numpy()[place].astype("datetime64[m]").item()
        self._farm.follow(wind)
        self._blow(wind, f", {when:%d %b %Y %H:%M}")

    def _blow(self, wind: WindAt, when: str) -> None:
        """Draw the maps for another wind."""
        for name in self._shown_variants():
            self._maps[name].ask(Request(self._variants[name].changes, wind, when))

    def _ask(self, name: str) -> None:
        """Ask for the answer of a variant."""
        variant = self._variants[name]
        wind = self._farm.wind if self._base is not None else None
        self.session.working("simulating")
        self._newest[name].ask(Request(variant.changes, wind))

    # What the chain makes of it, in the thread of the worker.

    def _stages(self, name: str, request: Request) -> Iterator[Stage]:
        """Yield the answer to a request, the map of its wind where it changed, and the answer made complete."""
        case, variant = changed_case(self._case, request.changes), self._variants[name]
        with announced(partial(self.session.later, self.session.working)):
            for found in answers(case, self._memory.of(case.scenario) or variant.answer):
                self._memory.keep(found)
                yield found
        drawn = variant.flow_of[0] if variant.flow_of else None
        if found.prepared.turbines is not None and not (drawn and has_same_farm(drawn, case.scenario)):
            wind = request.wind or prevailing_wind(found.steps["weather"])
            yield Flow(_drawn(found, wind), wind, request.when, case.scenario)
        if request.changes.choices != self._variants[name].chosen:
            parts = changed_case(self._case, Changes(request.changes.choices)).scenario
            yield Chosen(_controls(parts), request.changes.choices)
        if not found.is_complete:
            found = completed(found)
            self._memory.keep(found)
            yield found

    def _map(self, name: str, request: Request) -> Iterator[Stage]:
        """Yield the map of another wind."""
        found = self._variants[name].answer
        if found is not None and found.prepared.turbines is not None and request.wind is not None:
            yield Flow(_drawn(found, request.wind), request.wind, request.when, found.case.scenario)

    # What is shown of it, in the thread of the session.

    def _deliver(self, name: str, request: Request, stage: Stage) -> None:
        """Show a stage of an answer."""
        variant = self._variants[name]
        if isinstance(stage, Flow):
            if request.wind is None:
                self._farm.follow(stage.wind)
            variant.flow_of = (stage.scenario, stage.wind, stage.when)
            self._farm.maps[name].show_flow(stage.found, stage.wind, stage.when)
            return
        if isinstance(stage, Chosen):
            if stage.choices == variant.changes.choices:
                variant.controls, variant.chosen = stage.controls, stage.choices
                self._show_controls()
            return
        variant.answer = stage  # shown although a newer request may wait: a slider is watched while it moves
        names, is_whole = frozenset(variant.summary), stage.has_life and stage.has_losses
        variant.old = frozenset() if is_whole else names - frozenset(stage.summary)
        variant.summary = stage.summary if is_whole else {**variant.summary, **stage.summary}
        if not request.changes.texts and is_whole and (self._base is None or stage.is_complete):
            self._base = stage
        is_newest = request.changes == variant.changes
        if is_newest:
            variant.problems = ()
        if name == self._edited:
            self._show_controls()
        self._dispatch.show(name, stage.steps["plant"])
        if "wind" in stage.steps:
            self._farm.show(name, stage.steps["wind"])
        self._show_figures()
        if is_newest:
            self._show_state()

    def _refuse(self, name: str, request: Request, sentences: tuple[str, ...]) -> None:
        """Say what is wrong; what was shown stays."""
        if request.changes == self._variants[name].changes:
            self._variants[name].problems = sentences
            self._show_state()

    def _shown_variants(self) -> list[str]:
        """Return the names of the variants that are shown."""
        return ["A", "B"] if self._is_comparing else ["A"]

    def _show_figures(self) -> None:
        """Show headlines, money and all figures of the variants."""
        shown = {name: self._variants[name].answer for name in self._shown_variants()}
        found = {name: each for name, each in shown.items() if each is not None}
        if not found or self._base is None:
            return
        summaries = {name: self._variants[name].summary for name in found}
        old = frozenset[str]().union(*(self._variants[name].old for name in found))
        self.session.cards.text = html.cards(summaries, self._base.summary, old)
        if old and not all(each.has_life for each in found.values()):
            return
        if not old:
            self._values.text = html.values_table(summaries, self._base.summary)
        flows = {name: each.steps["economics"] for name, each in found.items() if "economics" in each.steps}
        rates = {name: float(each.case.scenario.money.discount_rate) for name, each in found.items() if name in flows}
        self._cash.show(flows)
        parts = {name: cost_parts(flow, rates[name]) for name, flow in flows.items()}
        for view in self._costs:
            view.show({name: part for name, each in parts.items() for part in each if part.name == view.name})

    def _show_state(self) -> None:
        """Show whether the page is up to date, and what is wrong."""
        variant = self._variants[self._edited]
        found = variant.answer
        if self.session.say(variant.problems, self._groups.values(), () if found is None else found.remarks):
            return
        if found is None:
            return
        kept = "plant and money; the wind was kept" if found.kept_farm else "the whole chain"
        scope = "the money; wind and plant were kept" if found.kept_plant else kept
        line = f"{found.seconds:.2f} s: {scope}"
        if not found.has_life:
            self.session.working(f"{line}; simulating the years of the plant")
        elif not found.has_losses:
            self.session.working(f"{line}; finding what each loss takes")
        elif not found.is_complete:
            self.session.working(f"{line}; finding how sure it is, and the best possible")
        else:
            self.session.ready(line)
        self._writing.show_command(_command(self._case, found.case, variant.changes))

    def _on_screen(self) -> tuple[ScenarioCase | None, tuple[str, ...]]:
        """Return what of the variant that is edited is on the screen, and what is wrong with what was typed."""
        variant = self._variants[self._edited]
        return (None if variant.answer is None else variant.answer.case), variant.problems


def _drawn(found: Answer, wind: WindAt) -> "xr.Dataset":
    """Return the flow map of an answer; what it warns of, the answer has said."""
    with heard([]):
        return map_of(found.prepared, found.steps["weather"], wind)


def _root(title: str) -> str:
    """Return the name of the root of a group."""
    return f"group-{title.lower().replace(' ', '-')}"


def _stem(name: str) -> str:
    """Return what a run directory of a scenario is called, without its folder."""
    return Path(name).stem if name.endswith((".yaml", ".yml")) else name.rpartition("/")[2]


def _command(base: ScenarioCase, case: ScenarioCase, changes: Changes) -> str:
    """Return the command line that makes the same run; of a changed layout the written scenario alone does."""
    options = [f"--set {shlex.quote(each)}" for each in on_the_command_line(case)]
    line = " ".join(["testsite-sim run", shlex.quote(base.name), *options])
    if changes.layout:
        return f"{line}\n# with the changed layout, which only the written scenario.yaml holds"
    return line
