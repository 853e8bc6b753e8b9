"""The farm from above: the wind with its wakes, and the turbines."""

from collections.abc import Callable
from typing import Any

import numpy as np
import xarray as xr
from bokeh.layouts import column, row
from bokeh.models import (
    BasicTicker,
    ColorBar,
    Column,
    ColumnDataSource,
    HoverTool,
    InlineStyleSheet,
    LinearColorMapper,
    Range1d,
    Slider,
)
from bokeh.palettes import Blues256

from testsite_sim.common.units import GIGAWATT_HOUR
from testsite_sim.explore.flow import WindAt
from testsite_sim.explore.page.look import plain_figure

PALETTES = {False: Blues256, True: Blues256[::-1]}  # whether the page is dark: the free wind is light, or dark
DEEPEST = 0.002  # share of the map with a lower wind speed than the scale
HEIGHT = 380  # of a map, in pixels
POINTS = (16, 5)  # size of a turbine on the map of a small farm and of a large one


class FarmMap:
    """The map of one variant."""

    def __init__(self, name: str) -> None:
        self.turbines = ColumnDataSource({"x": [], "y": [], "size": []}, name=f"turbines:{name}")
        self._image = ColumnDataSource({"speed": [], "x": [], "y": [], "dw": [], "dh": []}, name=f"map:{name}")
        self.colours = LinearColorMapper(palette=PALETTES[False], low=0.0, high=10.0)
        self.figure = plain_figure(
            HEIGHT, x_range=Range1d(0.0, 1.0), y_range=Range1d(0.0, 1.0), aspect_ratio=1.35, height_policy="auto"
        )
        self.figure.grid.visible = False
        self.figure.xaxis.axis_label, self.figure.yaxis.axis_label = "east [km]", "north [km]"
        picture = self.figure.image(
            image="speed", x="x", y="y", dw="dw", dh="dh", source=self._image, color_mapper=self.colours
        )
        bar = ColorBar(color_mapper=self.colours, ticker=BasicTicker(desired_num_ticks=6), width=10, title="m/s")
        self.figure.add_layout(bar, "right")
        self._points = self.figure.scatter(
            "x", "y", source=self.turbines, size="size", fill_color="white", line_color="#10161d", line_width=0.8
        )
        self.figure.add_tools(
            HoverTool(
                renderers=[self._points],
                tooltips=[
                    ("", "@name"),
                    ("type", "@type"),
                    ("energy", "@energy{0.0} GWh"),
                    ("lost to the flow", "@loss{0.0} %"),
                ],
            ),
            HoverTool(renderers=[picture], tooltips=[("wind", "@speed{0.0} m/s")]),
        )
        self.figure.title.text = "wind over the farm"
        self._name, self._of, self._title = name, "", "wind over the farm"

    def show_turbines(self, wind: xr.Dataset) -> None:
        """Show where the turbines stand, with what each gives and loses."""
        few = wind.sizes["turbine"] <= 30
        diameter = wind["rotor_diameter"].to_numpy()
        unknown = np.full(diameter.size, np.nan)  # until what each loss takes is found
        energy, loss = (wind[name].to_numpy() if name in wind else unknown for name in ("energy", "flow_loss"))
        self.turbines.data = {
            "x": wind["x"].to_numpy() / 1e3,
            "y": wind["y"].to_numpy() / 1e3,
            "name": wind["turbine"].to_numpy().astype(str),
            "type": wind["turbine_type"].to_numpy().astype(str),
            "energy": energy / GIGAWATT_HOUR,
            "loss": loss * 100.0,
            "size": (POINTS[0] if few else POINTS[1]) * diameter / diameter.max(),
        }

    def name_it(self, both: bool) -> None:
        """Say which variant it is, where there are two."""
        self._of = f"{self._name}: " if both else ""
        self.figure.title.text = f"{self._of}{self._title}"

    def show_flow(self, flow: xr.Dataset, wind: WindAt, when: str) -> None:
        """Show the map of a wind; `when` is that of the wind."""
        x, y = flow["x"].to_numpy() / 1e3, flow["y"].to_numpy() / 1e3
        speed = flow["wind_speed"].to_numpy().astype(np.float32)
        cell = x[1] - x[0]
        left, bottom, width, height = x[0] - cell / 2, y[0] - cell / 2, cell * x.size, cell * y.size
        self._image.data = {"speed": [speed], "x": [left], "y": [bottom], "dw": [width], "dh": [height]}
        self.colours.update(low=float(np.floor(np.quantile(speed, DEEPEST))), high=float(max(wind.speed, speed.max())))
        self.figure.x_range.update(start=left, end=left + width)
        self.figure.y_range.update(start=bottom, end=bottom + height)
        self.figure.aspect_ratio = max(0.8, min(2.4, (width / height) * 1.1))
        self._title = f"{wind.speed:.1f} m/s from {wind.direction:.0f}°{when}"
        self.figure.title.text = f"{self._of}{self._title}"


class FarmView:
    """The maps of the variants next to each other, and the wind that they are for.

    Parameters
    ----------
    sheet : InlineStyleSheet
        Of the widgets.
    blown : callable
        Given another wind for the maps.
    """

    def __init__(self, sheet: InlineStyleSheet, blown: Callable[[WindAt], None]) -> None:
        self.maps = {name: FarmMap(name) for name in ("A", "B")}
        self.maps["B"].figure.visible = False
        common: dict[str, Any] = {"sizing_mode": "stretch_width", "stylesheets": [sheet], "margin": (0, 14, 0, 0)}
        self.direction = Slider(
            name="wind direction", title="Wind from [°]", start=0, end=360, step=5, value=240, **common
        )
        self.speed = Slider(name="wind speed", title="Wind speed [m/s]", start=3, end=30, step=0.5, value=9.5, **common)
        self._blown, self._is_following = blown, False
        for slider in (self.direction, self.speed):
            slider.on_change("value", self._moved)
        self.model: Column = column(
            [
                # Below each other where they do not fit next to each other.
                row(
                    [each.figure for each in self.maps.values()],
                    sizing_mode="stretch_width",
                    styles={"flex-wrap": "wrap"},
                ),
                row([self.direction, self.speed], sizing_mode="stretch_width"),
            ],
            name="farm",
            sizing_mode="stretch_width",
        )

    @property
    def wind(self) -> WindAt:
        """The wind that the sliders stand at."""
        return WindAt(float(self.speed.value), float(self.direction.value))

    def follow(self, wind: WindAt) -> None:
        """Move the sliders to a wind, without reporting it."""
        self._is_following = True
        self.speed.value = min(max(wind.speed, self.speed.start), self.speed.end)
        self.direction.value = wind.direction
        self._is_following = False

    def show(self, variant: str, wind: xr.Dataset) -> None:
        """Show the turbines of a variant."""
        self.maps[variant].show_turbines(wind)

    def shade(self, is_dark: bool) -> None:
        """Draw the free wind as light as the page, the wakes against it."""
        for each in self.maps.values():
            each.colours.palette = PALETTES[is_dark]

    def compare(self, both: bool) -> None:
        """Show both variants, or the first."""
        self.maps["B"].figure.visible = both
        for each in self.maps.values():
            each.name_it(both)

    def _moved(self, name: str, old: Any, new: Any) -> None:
        """Report another wind."""
        if not self._is_following:
            self._blown(self.wind)
