"""How the page looks: colours for light and dark, the figures' theme, the style of widgets."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Any, NamedTuple

from bokeh.models import InlineStyleSheet
from bokeh.plotting import figure
from bokeh.themes import Theme

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif"
# Okabe and Ito's colours (2008), those that are seen on white and on black.
BLUE, SKY, ORANGE, VERMILION, GREEN, PURPLE, GREY = (
    "#0072b2", "#56b4e9", "#e69f00", "#d55e00", "#009e73", "#cc79a7", "#8a949e",
)  # fmt: skip
VARIANTS = {"A": BLUE, "B": VERMILION}


class Shades(NamedTuple):
    """What differs between light and dark."""

    surface: str
    ink: str
    muted: str
    line: str


LIGHT = Shades("#ffffff", "#17202b", "#5b6675", "#dfe3e8")
DARK = Shades("#171e26", "#e6ebf1", "#9aa7b5", "#2c3642")


def shades(is_dark: bool) -> Shades:
    """Return the shades of dark or of light."""
    return DARK if is_dark else LIGHT


def theme(is_dark: bool) -> Theme:
    """Return the theme of all figures."""
    shade = shades(is_dark)
    text = {"text_font": FONT, "text_color": shade.ink}
    attributes: Mapping[str, Mapping[str, Any]] = {
        "Plot": {
            "background_fill_color": None,  # that of the page
            "border_fill_color": None,
            "outline_line_color": None,
        },
        "Grid": {"grid_line_color": shade.line},
        "Axis": {
            "axis_line_color": shade.line,
            "major_tick_line_color": shade.line,
            "minor_tick_line_color": None,
            "axis_label_text_color": shade.muted,
            "axis_label_text_font": FONT,
            "axis_label_text_font_size": "12px",
            "axis_label_text_font_style": "normal",
            "major_label_text_color": shade.muted,
            "major_label_text_font": FONT,
            "major_label_text_font_size": "12px",
        },
        "Legend": {
            "label_text_color": shade.ink,
            "label_text_font": FONT,
            "label_text_font_size": "12px",
            "background_fill_alpha": 0.0,
            "border_line_color": None,
            "padding": 0,
            "margin": 4,
            "spacing": 12,
        },
        "Title": {**text, "text_font_size": "13px", "text_font_style": "normal"},
        "BaseColorBar": {
            "background_fill_alpha": 0.0,
            "major_label_text_color": shade.muted,
            "major_label_text_font": FONT,
            "title_text_color": shade.muted,
            "title_text_font": FONT,
            "title_text_font_size": "12px",
            "title_text_font_style": "normal",
            "major_tick_line_color": shade.line,
            "bar_line_color": None,
        },
    }
    return Theme(json={"attrs": {name: dict(values) for name, values in attributes.items()}})


def sheet(name: str) -> InlineStyleSheet:
    """Return a style sheet of this folder, for the models of one page."""
    return InlineStyleSheet(css=style(name))


def style(name: str) -> str:
    """Return the text of a style sheet of this folder."""
    return files(__package__).joinpath(f"{name}.css").read_text(encoding="utf-8")


def plain_figure(height: int, **options: Any) -> figure:
    """Return an empty figure as wide as its place."""
    given: dict[str, Any] = {"toolbar_location": None, "tools": "", "sizing_mode": "stretch_width", "min_width": 240}
    made = figure(height=height, **{**given, **options})
    made.toolbar.logo = None
    return made
