"""The money: the cash flow by year, and what the levelised costs are made of."""

from collections.abc import Mapping

import numpy as np
import xarray as xr
from bokeh.layouts import column
from bokeh.models import Column, ColumnDataSource, Div, HoverTool, InlineStyleSheet, Range1d, Span
from bokeh.plotting import figure

from testsite_sim.economics.breakdown import Parts
from testsite_sim.explore.page import html
from testsite_sim.explore.page.look import GREY, VARIANTS, plain_figure

BAR = 0.8  # of a year
ROW = 34  # of a bar of a cost, in pixels
COLOURS = ("#0072b2", "#56b4e9", "#9fc9e8", "#009e73", "#6fcfb0", "#e69f00", "#d55e00", "#cc79a7")
CASH_FLOWS = (("in the year", True), ("added up, undiscounted", False))  # and whether it is drawn as areas
PARTS = len(COLOURS)  # of a cost, at most


class CashFlow:
    """The cash flow of each variant as bars, added up as lines."""

    def __init__(self, texts: InlineStyleSheet) -> None:
        self.sources = {
            name: ColumnDataSource({"year": [], "flow": [], "sum": []}, name=f"cash:{name}") for name in VARIANTS
        }
        self.figure = plain_figure(310, y_range=Range1d(-1.0, 1.0), x_range=Range1d(-0.7, 25.7))
        self.figure.xaxis.axis_label, self.figure.yaxis.axis_label = "year of the project", "million EUR"
        self.figure.add_layout(Span(location=0.0, dimension="width", line_color=GREY, line_width=0.8))
        self._bars, self._lines = {}, {}
        for name, source in self.sources.items():
            self._bars[name] = self.figure.vbar(
                x="year",
                top="flow",
                width=BAR,
                source=source,
                fill_color=VARIANTS[name],
                line_color=None,
                fill_alpha=0.8,
            )
            self._lines[name] = self.figure.line(
                x="year", y="sum", source=source, line_color=VARIANTS[name], line_dash=[5, 3], line_width=1.6
            )
        self._legend = Div(text="", stylesheets=[texts], sizing_mode="stretch_width", margin=0)
        self.model: Column = column([self._legend, self.figure], name="cash", sizing_mode="stretch_width")
        self.figure.add_tools(
            HoverTool(
                renderers=list(self._bars.values()),
                tooltips=[
                    ("year", "@year{0}"),
                    ("cash flow", "@flow{0,0.00} million EUR"),
                    ("added up", "@sum{0,0.0} million EUR"),
                ],
            )
        )

    def show(self, flows: Mapping[str, xr.Dataset]) -> None:
        """Show the cash flows of the variants that there are."""
        both, ends = len(flows) > 1, [0.0]
        for number, (name, source) in enumerate(self.sources.items()):
            if name not in flows or "cash_flow" not in flows[name]:
                source.data = {"year": [], "flow": [], "sum": []}
                continue
            amount = flows[name]["cash_flow"].to_numpy() / 1e6
            year = np.arange(amount.size) + ((number - 0.5) * BAR / 2.0 if both else 0.0)
            source.data = {"year": year, "flow": amount, "sum": np.cumsum(amount)}
            self._bars[name].glyph.width = BAR / 2.0 if both else BAR
            ends += [*amount.tolist(), *np.cumsum(amount).tolist()]
            self.figure.x_range.end = max(float(amount.size) - 0.3, 1.0)
        room = 0.06 * (max(ends) - min(ends) or 1.0)
        self.figure.y_range.update(start=min(ends) - room, end=max(ends) + room)
        names = [name for name in flows if "cash_flow" in flows[name]]
        entries = [(f"{name}: " if both else "", f"var(--{name.lower()})") for name in names]
        self._legend.text = html.legend(
            [(f"{of}{what}", colour, area) for of, colour in entries for what, area in CASH_FLOWS]
        )


class CostView:
    """What one levelised cost is made of: a bar for each variant, and a table.

    Parameters
    ----------
    name : str
        Of the figure in the summary.
    texts : InlineStyleSheet
        Of texts.
    """

    def __init__(self, name: str, texts: InlineStyleSheet) -> None:
        self.name = name
        empty: dict[str, list[float]] = {f"{end}{k}": [] for end in ("from", "to", "part") for k in range(PARTS)}
        self.source = ColumnDataSource({"variant": [], **empty}, name=f"cost:{name}")
        self.figure: figure = plain_figure(100, y_range=["A"], x_range=Range1d(0.0, 1.0))
        self.figure.ygrid.visible = False
        self._bars = [
            self.figure.hbar(
                y="variant",
                left=f"from{k}",
                right=f"to{k}",
                height=0.66,
                source=self.source,
                fill_color=colour,
                line_color=None,
            )
            for k, colour in enumerate(COLOURS)
        ]
        self._table = Div(text="", stylesheets=[texts], sizing_mode="stretch_width", margin=(4, 0, 0, 0))
        self.model: Column = column([self.figure, self._table], name=name, sizing_mode="stretch_width")

    def show(self, found: Mapping[str, Parts]) -> None:
        """Show the parts of each variant that has this cost."""
        if not found:
            self.figure.visible, self._table.text = False, html.escaped('<p class="about">no such cost</p>')
            return
        labels = list(dict.fromkeys(label for parts in found.values() for label in parts.parts))[:PARTS]
        data: dict[str, list[float] | list[str]] = {"variant": list(found)}
        bottom = dict.fromkeys(found, 0.0)
        for k in range(PARTS):
            values = {
                name: parts.parts.get(labels[k], 0.0) if k < len(labels) else 0.0 for name, parts in found.items()
            }
            data[f"from{k}"] = list(bottom.values())
            bottom = {name: bottom[name] + values[name] for name in found}
            data[f"to{k}"] = list(bottom.values())
            data[f"part{k}"] = list(values.values())
        self.figure.y_range.factors = list(found)[::-1]
        self.figure.yaxis.visible = len(found) > 1
        self.source.data = data
        totals = bottom.values()
        self.figure.x_range.update(start=min(0.0, *totals), end=1.02 * max(*totals, 1e-9))
        self.figure.height = 36 + ROW * len(found)
        self.figure.visible = True
        units = next(iter(found.values())).units
        columns = {name: [parts.parts.get(label, 0.0) for label in labels] for name, parts in found.items()}
        self._table.text = html.parts_table(list(zip(labels, COLOURS, strict=False)), columns, units)
