"""The answer of a study with its uncertainty: by scenario, over the members, and what still moves it."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from bokeh.core.properties import value
from bokeh.layouts import column
from bokeh.models import (
    BasicTicker,
    Column,
    ColumnDataSource,
    Div,
    HoverTool,
    InlineStyleSheet,
    NumeralTickFormatter,
    Range1d,
    Span,
)
from bokeh.plotting import figure
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.explore.page import html
from testsite_sim.explore.page.look import BLUE, FONT, GREY, SKY, plain_figure, shades
from testsite_sim.explore.study_answers import LEADING, StudyAnswer
from testsite_sim.studies.framework.ranking import reference_scenario
from testsite_sim.studies.framework.registry import Headline
from testsite_sim.studies.framework.report.summary import outcomes
from testsite_sim.studies.framework.words import label

BINS = 40
SHARES = (0.005, 0.995)  # of the members, between which the histogram runs
NOW, STANDING = "now", "study as it stands"


class Spread(NamedTuple):
    """A headline in a scenario: P10, P50 and P90, as shown."""

    scenario: str
    p10: float
    p50: float
    p90: float


def spreads(answer: StudyAnswer, headline: Headline) -> list[Spread]:
    """Return a headline in every scenario, the reference first."""
    words = answer.case.words
    return [
        Spread("" if each.scenario is None else label(words, "scenario", each.scenario), each.p10, each.p50, each.p90)
        for each in outcomes(answer.members, [headline])
    ]


def unit_of(answer: StudyAnswer, headline: Headline) -> str:
    """Return the unit of a headline in the language of the study; none of numbers and years."""
    return "" if headline.units in ("1", "year") else label(answer.case.words, "unit", headline.units)


class SpreadView:
    """A headline in each scenario: P10 to P90 as a bar, P50 as a point; the study as it stands behind it."""

    def __init__(self, texts: InlineStyleSheet) -> None:
        columns = ("scenario", "p10", "p50", "p90")
        self.sources = {
            name: ColumnDataSource({each: [] for each in columns}, name=f"spread:{name}") for name in (STANDING, NOW)
        }
        self.figure: figure = plain_figure(160, y_range=["-"], x_range=Range1d(0.0, 1.0))
        self.figure.ygrid.visible = False
        _few_ticks(self.figure)
        for (name, source), colour, height in zip(self.sources.items(), (GREY, BLUE), (0.5, 0.24), strict=True):
            bar = self.figure.hbar(
                y="scenario",
                left="p10",
                right="p90",
                height=height,
                source=source,
                fill_color=colour,
                fill_alpha=0.35 if name == STANDING else 0.9,
                line_color=None,
            )
            self.figure.scatter(
                "p50",
                "scenario",
                source=source,
                size=9,
                marker="diamond",
                fill_color="white",
                line_color=colour,
                line_width=2,
            )
            tips = [
                ("", f"@scenario, {name}"),
                ("P10", "@p10{0,0.00}"),
                ("P50", "@p50{0,0.00}"),
                ("P90", "@p90{0,0.00}"),
            ]
            self.figure.add_tools(HoverTool(renderers=[bar], tooltips=tips))
        legend = html.legend([(f"P10 to P90, and P50: {NOW}", BLUE, True), (STANDING, GREY, True)])
        self.model: Column = column(
            [Div(text=legend, stylesheets=[texts], sizing_mode="stretch_width", margin=0), self.figure],
            name="spread",
            sizing_mode="stretch_width",
        )

    def show(self, standing: StudyAnswer, now: StudyAnswer, headline: Headline) -> None:
        """Show a headline."""
        found = {STANDING: spreads(standing, headline), NOW: spreads(now, headline)}
        names = [each.scenario or "all" for each in found[NOW]]
        self.figure.y_range.factors = names[::-1]
        self.figure.yaxis.visible = len(names) > 1
        ends = []
        for name, rows in found.items():
            finite = [np.nan_to_num(np.array(each[1:]), posinf=np.nan, neginf=np.nan) for each in rows]
            self.sources[name].data = {
                "scenario": [each.scenario or "all" for each in rows],
                **{key: [float(values[k]) for values in finite] for k, key in enumerate(("p10", "p50", "p90"))},
            }
            ends += [end for values in finite for end in values if np.isfinite(end)]
        low, high = (min(ends), max(ends)) if ends else (0.0, 1.0)
        room = 0.06 * (high - low or abs(high) or 1.0)
        self.figure.x_range.update(start=low - room, end=high + room)
        self.figure.height = 50 + 34 * len(names)
        self.figure.xaxis.axis_label = unit_of(now, headline)


class Histogram:
    """How the members spread in the reference scenario, and as the study stands."""

    def __init__(self) -> None:
        self.sources = {
            name: ColumnDataSource({"left": [], "right": [], "share": []}, name=f"members:{name}")
            for name in (STANDING, NOW)
        }
        self.figure: figure = plain_figure(230, y_range=Range1d(0.0, 1.0), x_range=Range1d(0.0, 1.0), name="members")
        self.figure.yaxis.axis_label = "% of the members"
        _few_ticks(self.figure)
        for (name, source), colour in zip(self.sources.items(), (GREY, BLUE), strict=True):
            self.figure.quad(
                left="left",
                right="right",
                bottom=0,
                top="share",
                source=source,
                fill_color=colour,
                line_color=None,
                fill_alpha=0.4 if name == STANDING else 0.75,
            )
        self._central = Span(dimension="height", line_color=GREY, line_width=1.2, line_dash=[4, 3], location=0.0)
        self.figure.add_layout(self._central)

    def show(self, standing: StudyAnswer, now: StudyAnswer, headline: Headline) -> None:
        """Show a headline."""
        values = {
            name: reference_scenario(each.members, headline.variable).to_numpy() * headline.factor
            for name, each in ((STANDING, standing), (NOW, now))
        }
        whole = np.concatenate([each[np.isfinite(each)] for each in values.values()])
        if whole.size == 0:
            whole = np.zeros(1)
        low, high = np.quantile(whole, SHARES)
        edges = np.linspace(low, high if high > low else low + 1.0, BINS + 1)
        highest = 0.0
        for name, each in values.items():
            counts, _ = np.histogram(np.clip(each[np.isfinite(each)], edges[0], edges[-1]), edges)
            share = 100.0 * counts / each.size
            highest = max(highest, float(share.max()))
            self.sources[name].data = {"left": edges[:-1], "right": edges[1:], "share": share}
        self.figure.y_range.end = 1.06 * max(highest, 1.0)
        self.figure.x_range.update(start=float(edges[0]), end=float(edges[-1]))
        self.figure.xaxis.axis_label = unit_of(now, headline)
        row = [each.variable for each in now.case.study.headlines].index(headline.variable)
        central = float(now.swings[row, 0]) * headline.factor
        self._central.visible = bool(np.isfinite(central))
        self._central.location = central if np.isfinite(central) else 0.0


class Tornado:
    """What still moves a headline: one assumption at the ends of its range, all others at their medians."""

    def __init__(self, texts: InlineStyleSheet) -> None:
        columns = ("label", "start", "centre", "low", "high")
        self.source = ColumnDataSource({name: [] for name in columns}, name="tornado")
        self.figure: figure = plain_figure(300, y_range=["-"], x_range=Range1d(0.0, 1.0))
        self.figure.ygrid.visible = self.figure.yaxis.visible = False
        _few_ticks(self.figure)
        for end, colour in (("low", SKY), ("high", BLUE)):
            self.figure.hbar(
                y="label", left="centre", right=end, height=0.4, source=self.source, fill_color=colour, line_color=None
            )
        # Above its bar: at the side of narrow pages the labels leave no room.
        self._labels = self.figure.text(
            x="start",
            y="label",
            text="label",
            source=self.source,
            x_offset=2,
            y_offset=-8,
            text_baseline="bottom",
            text_font=value(FONT),
            text_font_size="12px",
        )
        self.figure.add_tools(
            HoverTool(
                tooltips=[("", "@label"), ("at its low end", "@low{0,0.00}"), ("at its high end", "@high{0,0.00}")]
            )
        )
        legend = html.legend([("at the low end of its range", SKY, True), ("at the high end", BLUE, True)])
        self.model: Column = column(
            [Div(text=legend, stylesheets=[texts], sizing_mode="stretch_width", margin=0), self.figure],
            name="tornado-column",
            sizing_mode="stretch_width",
        )

    def shade(self, is_dark: bool) -> None:
        """Write the labels so that they are seen on the surface."""
        self._labels.glyph.text_color = shades(is_dark).ink

    def show(self, answer: StudyAnswer, headline: Headline) -> None:
        """Show a headline."""
        row = [each.variable for each in answer.case.study.headlines].index(headline.variable)
        words, swings = answer.case.words, answer.swings[row] * headline.factor
        chosen = answer.order(headline.variable)[:LEADING]
        names = _distinct([words.get(f"assumption.{answer.varied[k].path}", answer.varied[k].path) for k in chosen])
        low, high = (_finite(swings[first::2][chosen]) for first in (1, 2))
        centre = _finite(np.full(len(chosen), swings[0]))
        self.figure.y_range.update(factors=names[::-1], range_padding=0.25, range_padding_units="absolute")
        known = np.concatenate([low, high, centre])
        known = known[np.isfinite(known)] if np.isfinite(known).any() else np.array([0.0, 1.0])
        room = 0.05 * (float(np.ptp(known)) or 1.0)
        start = float(known.min()) - room
        self.source.data = {
            "label": names,
            "start": [start] * len(names),
            "centre": centre,
            "low": low,
            "high": high,
        }
        self.figure.x_range.update(start=start, end=float(known.max()) + room)
        self.figure.height = 75 + 38 * max(len(names), 1)
        self.figure.xaxis.axis_label = unit_of(answer, headline)


def _few_ticks(made: figure) -> None:
    """Write few numbers along an axis of values, so that large ones do not touch."""
    made.xaxis.ticker = BasicTicker(desired_num_ticks=3)
    made.xaxis.formatter = NumeralTickFormatter(format="0,0.[00]")


def _finite(values: Floats) -> Floats:
    """Return values with NaN for what never happens."""
    return np.where(np.isfinite(values), values, np.nan)


def _distinct(names: Sequence[str]) -> list[str]:
    """Return names of which none stands twice."""
    found: list[str] = []
    for name in names:
        found.append(name if name not in found else f"{name} ({found.count(name) + 1})")
    return found
