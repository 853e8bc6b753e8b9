"""Where the power goes, hour by hour: a part of the year, chosen in the whole year below."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from bokeh.events import Tap
from bokeh.layouts import column, row
from bokeh.models import (
    Button,
    Column,
    ColumnDataSource,
    CrosshairTool,
    CustomJS,
    DatetimeTickFormatter,
    Div,
    HoverTool,
    InlineStyleSheet,
    NoOverlap,
    RadioButtonGroup,
    Range1d,
    RangeTool,
    Span,
)
from bokeh.plotting import figure
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.units import MEGAWATT_HOUR
from testsite_sim.explore.page import html
from testsite_sim.explore.page.look import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    VERMILION,
    Shades,
    plain_figure,
    shades,
)
from testsite_sim.report.dispatch import representative_week
from testsite_sim.report.plant import busiest_week

# Uses of power, stacked: variable, label, colour.
USES = (
    ("power_exported", "sold", SKY),
    ("power_electrolysers", "electrolysers", BLUE),
    ("power_station", "station", PURPLE),
    ("power_compressor", "compressor", GREEN),
    ("power_charged", "into the battery", ORANGE),
    ("power_curtailed", "curtailed", GREY),
)
NOT_USED = ("power_exported", "power_curtailed")  # at the plant
# Sources, as lines.
SOURCES = (
    ("power_wind", "wind"),
    ("power_photovoltaics", "panels"),
    ("power_fuel_cells", "fuel cells"),
    ("power_imported", "bought"),
)
SOURCE_COLOURS = {"power_photovoltaics": ORANGE, "power_fuel_cells": VERMILION, "power_imported": PURPLE}
DAY = 86_400_000.0  # [ms]
SPANS = {"Day": DAY, "Week": 7 * DAY, "Month": 30 * DAY, "All": 0.0}
PEAK = 1.06  # of the axis over the highest power
MEGAWATT, KILOWATT = ("MW", 1e6), ("kW", 1e3)


class Heights(NamedTuple):
    """The ranges of values, the same of all variants: they follow what is in the window."""

    power: Range1d
    price: Range1d
    store: Range1d


class Panel:
    """The dispatch of one variant: power, price and what is in store, over one axis of time."""

    def __init__(
        self, name: str, span: Range1d, heights: "Heights", legend: Div, tapped: Callable[[float], None]
    ) -> None:
        empty = dict.fromkeys(("time", "price", "store", *(each for each, _ in SOURCES)), np.zeros(0))
        empty |= {f"{each}:{end}": np.zeros(0) for each, *_ in USES for end in ("from", "to")}
        self.source = ColumnDataSource(empty, name=f"dispatch:{name}")
        self.power = self._figure(span, heights.power, 225)
        self.price = self._figure(span, heights.price, 105)
        self.store = self._figure(span, heights.store, 105)
        self._legend = legend
        self._areas = {
            each: self.power.varea_step(
                x="time",
                y1=f"{each}:from",
                y2=f"{each}:to",
                step_mode="after",
                source=self.source,
                color=colour,
                fill_alpha=0.85,
                visible=False,
            )
            for each, _, colour in USES
        }
        self._lines = {
            each: self.power.step(x="time", y=each, mode="after", source=self.source, line_width=1.4, visible=False)
            for each, _ in SOURCES
        }
        for each, colour in SOURCE_COLOURS.items():
            self._lines[each].glyph.line_color = colour
        self._price = self.price.step(x="time", y="price", mode="after", source=self.source, color=VERMILION)
        self.price.add_layout(Span(location=0.0, dimension="width", line_color=GREY, line_width=0.7))
        self.price.yaxis.axis_label = "EUR/MWh"
        self._store = self.store.varea(x="time", y1=0, y2="store", source=self.source, color=BLUE, fill_alpha=0.45)
        self.store.yaxis.axis_label = "kg in store"
        self._hovers = [HoverTool(renderers=[each], mode="vline") for each in (self._lines["power_wind"], self._price)]
        crosshair = Span(dimension="height", line_color=GREY, line_width=0.8)
        for made, hover in zip((self.power, self.price), self._hovers, strict=True):
            made.add_tools(hover)
        for made in (self.power, self.price, self.store):
            made.add_tools(CrosshairTool(overlay=crosshair))
            made.on_event(Tap, lambda event: tapped(float(event.x)))
        self.model: Column = column([self.power, self.price, self.store], sizing_mode="stretch_width", spacing=0)

    @staticmethod
    def _figure(span: Range1d, values: Range1d, height: int) -> figure:
        """Return a figure over the axis of time."""
        made = plain_figure(height, x_range=span, y_range=values, x_axis_type="datetime", tools="xpan")
        made.xaxis.formatter = DatetimeTickFormatter(
            hours="%H:%M", hourmin="%H:%M", days="%-d %b", months="%b %Y", strip_leading_zeros=False
        )
        made.xaxis.major_label_policy = NoOverlap(min_distance=12)
        made.yaxis.ticker.desired_num_ticks = max(3, height // 36)
        made.min_border_left = 64
        made.min_border_right = 12
        return made

    def show(self, plant: xr.Dataset) -> None:
        """Show another result."""
        flows = {name: _values(plant, name) for name, *_ in (*USES, *SOURCES)}
        height = sum((flows[name] for name, *_ in USES), np.zeros(plant.sizes["time"]))
        unit, scale = MEGAWATT if max(float(height.max()), 1.0) >= 1e6 else KILOWATT
        data: dict[str, Any] = {"time": milliseconds(plant)}
        bottom = np.zeros(plant.sizes["time"])
        for name, *_ in USES:
            data[f"{name}:from"] = (bottom / scale).astype(np.float32)
            bottom = bottom + flows[name]
            data[f"{name}:to"] = (bottom / scale).astype(np.float32)
            data[name] = (flows[name] / scale).astype(np.float32)
        for name, _ in SOURCES:
            data[name] = (flows[name] / scale).astype(np.float32)
        price = _values(plant, "price") * MEGAWATT_HOUR
        store = _values(plant, "hydrogen_stored") + _values(plant, "hydrogen_in_station")
        data["price"], data["store"] = price.astype(np.float32), store.astype(np.float32)
        self.source.data = data
        present = {name for name, values in flows.items() if values.any()}
        for name, renderer in (*self._areas.items(), *self._lines.items()):
            renderer.visible = name in present
        labels = {name: label for name, label, *_ in (*USES, *SOURCES)}
        self._legend.text = html.legend(
            [(label, colour, True) for each, label, colour in USES if each in present]
            + [(label, SOURCE_COLOURS.get(each, "var(--ink)"), False) for each, label in SOURCES if each in present]
        )
        self.power.yaxis.axis_label = unit
        self.price.visible = plant.attrs.get("sold", "yes") == "yes"
        self.store.visible = bool(store.any())
        below = [each for each in (self.power, self.price, self.store) if each.visible]
        for each in below:
            each.xaxis.visible = each is below[-1]
        tips = [("", "@time{%e %b %Y %H:%M}")]
        tips += [(labels[name], f"@{name}{{0.0}} {unit}") for name in labels if name in present]
        tips += [("price", "@price{0.0} EUR/MWh")] if self.price.visible else []
        tips += [("in store", "@store{0,0} kg")] if self.store.visible else []
        for hover in self._hovers:
            hover.tooltips, hover.formatters = tips, {"@time": "datetime"}

    def shade(self, shade: Shades) -> None:
        """Draw the wind so that it is seen on the surface."""
        self._lines["power_wind"].glyph.line_color = shade.ink


class DispatchView:
    """The dispatch of the variants below each other, and the whole year with the part that is shown.

    Parameters
    ----------
    sheet, texts : InlineStyleSheet
        Of the widgets, and of texts.
    tapped : callable
        Given the time [ms since 1970] that was clicked.
    """

    def __init__(self, sheet: InlineStyleSheet, texts: InlineStyleSheet, tapped: Callable[[float], None]) -> None:
        self.span = Range1d(0.0, 7 * DAY)
        heights = Heights(*(Range1d(0.0, 1.0) for _ in Heights._fields))
        legend = Div(text="", stylesheets=[texts], sizing_mode="stretch_width", margin=(4, 0, 4, 0))
        self.panels = {name: Panel(name, self.span, heights, legend, tapped) for name in ("A", "B")}
        self._headings = {
            name: Div(text=html.variant_heading(name), stylesheets=[texts], visible=False, margin=(4, 0, 0, 0))
            for name in self.panels
        }
        ranges = dict(zip(Heights._fields, heights, strict=True))
        sources = {name.lower(): panel.source for name, panel in self.panels.items()}
        self.fit = CustomJS(args={"span": self.span, **ranges, **sources}, code=_FIT)
        self.span.js_on_change("start", self.fit)
        self.span.js_on_change("end", self.fit)
        for panel in self.panels.values():
            panel.source.js_on_change("data", self.fit)
        self.panels["B"].model.visible = False
        self._year = ColumnDataSource({"time": [], "all": [], "used": []}, name="dispatch:year")
        overview = plain_figure(90, x_axis_type="datetime", y_range=Range1d(0.0, 1.0), x_range=Range1d(0.0, 365 * DAY))
        overview.xaxis.formatter = DatetimeTickFormatter(days="%-d %b", months="%b", years="%Y")
        overview.xaxis.major_label_policy = NoOverlap(min_distance=12)
        overview.yaxis.visible = False
        overview.ygrid.visible = False
        overview.min_border_left, overview.min_border_right = 64, 12
        overview.varea(x="time", y1=0, y2="all", source=self._year, color=SKY, fill_alpha=0.45)
        overview.line(x="time", y="used", source=self._year, color=BLUE)
        tool = RangeTool(x_range=self.span)
        tool.overlay.fill_alpha = 0.18
        tool.overlay.fill_color = ORANGE
        overview.add_tools(tool)
        self._overview, self._shown = overview, False
        spans = RadioButtonGroup(
            name="span", labels=list(SPANS), active=1, stylesheets=[sheet], margin=(0, 8, 6, 0), width=250
        )
        spans.js_on_change(
            "active",
            CustomJS(args={"span": self.span, "year": overview.x_range, "lengths": list(SPANS.values())}, code=_ZOOM),
        )
        steps = []
        for label, name, way in (("‹", "earlier", -1), ("›", "later", 1)):
            button = Button(label=label, name=name, width=44, stylesheets=[sheet], margin=(0, 4, 6, 0))
            button.js_on_event(
                "button_click", CustomJS(args={"span": self.span, "year": overview.x_range, "way": way}, code=_STEP)
            )
            steps.append(button)
        self.model: Column = column(
            [
                row([spans, *steps], styles={"flex-wrap": "wrap"}, sizing_mode="stretch_width"),
                overview,
                legend,
                *(each for name, panel in self.panels.items() for each in (self._headings[name], panel.model)),
            ],
            name="dispatch",
            sizing_mode="stretch_width",
        )

    def show(self, variant: str, plant: xr.Dataset) -> None:
        """Show the dispatch of a variant; the first one chooses the week."""
        self.panels[variant].show(plant)
        if variant != "A":
            return
        stamps = milliseconds(plant)
        length = stamps[1] - stamps[0]
        whole = sum((_values(plant, name) for name, *_ in USES), np.zeros(stamps.size))
        per_day = max(round(DAY / length), 1)
        self._year.data = {
            "time": stamps[::per_day][: stamps.size // per_day],
            "all": _daily(whole, per_day),
            "used": _daily(whole - sum(_values(plant, name) for name in NOT_USED), per_day),
        }
        self._overview.y_range.end = PEAK * max(float(np.max(self._year.data["all"], initial=0.0)), 1.0)
        if not self._shown:
            self._shown = True
            week = representative_week(plant) if "power_electrolysers" in plant else busiest_week(plant)
            shown = milliseconds(week)
            self._overview.x_range.update(start=stamps[0], end=stamps[-1] + length)
            self.span.update(start=shown[0], end=shown[-1] + length)

    def compare(self, both: bool) -> None:
        """Show both variants, or the first."""
        self.panels["B"].model.visible = both
        for heading in self._headings.values():
            heading.visible = both

    def shade(self, is_dark: bool) -> None:
        """Take the shades of light or dark."""
        for panel in self.panels.values():
            panel.shade(shades(is_dark))


def milliseconds(dataset: xr.Dataset) -> Floats:
    """Return the stamps of a Dataset [ms since 1970]."""
    return dataset["time"].to_numpy().astype("datetime64[ms]").astype(np.float64)


def _values(plant: xr.Dataset, name: str) -> Floats:
    """Return a variable over time, zeros where there is none."""
    if name not in plant:
        return np.zeros(plant.sizes["time"])
    return np.asarray(plant[name].to_numpy(), np.float64)


def _daily(values: Floats, per_day: int) -> Floats:
    """Return the means of whole days."""
    days = values.size // per_day
    return np.asarray(values[: days * per_day].reshape(days, per_day).mean(axis=1), np.float64)


_FIT = """
const ends = {power: [0, 0], price: [0, 0], store: [0, 0]};
for (const source of [a, b]) {
  const time = source.data.time;
  if (!time || time.length < 2) continue;
  const step = time[1] - time[0];
  const first = Math.max(0, Math.floor((span.start - time[0]) / step));
  const last = Math.min(time.length - 1, Math.ceil((span.end - time[0]) / step));
  const of = {power: ["power_curtailed:to", "power_wind"], price: ["price"], store: ["store"]};
  for (const [name, columns] of Object.entries(of)) {
    for (const column of columns) {
      const values = source.data[column];
      for (let k = first; k <= last; k++) {
        if (values[k] < ends[name][0]) ends[name][0] = values[k];
        if (values[k] > ends[name][1]) ends[name][1] = values[k];
      }
    }
  }
}
for (const [name, range] of [["power", power], ["price", price], ["store", store]]) {
  const room = 0.06 * (ends[name][1] - ends[name][0] || 1);
  range.setv({start: ends[name][0] < 0 ? ends[name][0] - room : 0, end: ends[name][1] + room});
}
"""
_ZOOM = """
const middle = (span.start + span.end) / 2;
const length = lengths[cb_obj.active] || year.end - year.start;
const start = Math.max(year.start, Math.min(middle - length / 2, year.end - length));
span.setv({start: start, end: start + length});
"""
_STEP = """
const length = span.end - span.start;
const start = Math.max(year.start, Math.min(span.start + way * length, year.end - length));
span.setv({start: start, end: start + length});
"""
