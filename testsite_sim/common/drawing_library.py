"""matplotlib: imported without what only its documentation needs, measuring texts once, refusing unread fonts."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

from testsite_sim.common.errors import DataError

_LAYOUTS: WeakKeyDictionary[Any, dict[tuple[Any, ...], Any]] = WeakKeyDictionary()  # of texts, by what draws them
_TICKS: list[dict[Any, Any]] = []  # of the figure that is printed: ticks of its axes, and what they were placed by
# What the layout of a text that is not wrapped depends on, besides its letters, its font and the resolution.
_OF_LAYOUT = (
    "_rotation",
    "_horizontalalignment",
    "_verticalalignment",
    "_multialignment",
    "_rotation_mode",
    "_linespacing",
    "_usetex",
    "_parse_math",
)
_OF_LATER_LAYOUT = ("_features", "_language")  # from matplotlib 3.11 on


def import_without_docstrings() -> None:
    """Import matplotlib without the texts about properties of artists, which take a third of the time of its import.

    It composes them for each class from the docstrings of all its methods. For a process of the program's own alone,
    where nobody reads them; what is drawn is the same. A version of matplotlib that composes them otherwise does so.
    """
    import matplotlib.artist

    library: Any = matplotlib.artist
    if hasattr(library, "kwdoc") and hasattr(library.Artist, "_update_set_signature_and_docstring"):
        library.kwdoc = _no_text
        library.Artist._update_set_signature_and_docstring = classmethod(_without_signature)


def measure_texts_once() -> None:
    """Keep the layout of each text, which arranging a figure asks for again and again, as long as what draws it lives.

    That took a tenth of the time of drawing. For a process of the program's own alone, with the settings of the library
    as they are; a version of matplotlib that lays texts out otherwise does so.
    """
    import matplotlib.text

    texts: Any = matplotlib.text.Text
    lay_out = getattr(texts, "_get_layout", None)
    if lay_out is None or not all(hasattr(texts(), name) for name in (*_OF_LAYOUT, "_wrap", "_transform_rotates_text")):
        return

    def layout(self: Any, renderer: Any) -> Any:
        if self._wrap or self._transform_rotates_text:  # depend on where the text stands
            return lay_out(self, renderer)
        kept = _LAYOUTS.setdefault(renderer, {})
        resolution, font = self.get_figure(root=True).dpi, hash(self._fontproperties)
        later = repr([getattr(self, name, None) for name in _OF_LATER_LAYOUT])  # lists of them are not hashed
        key = (resolution, self._text, font, later, *(getattr(self, name) for name in _OF_LAYOUT))
        if key not in kept:
            kept[key] = lay_out(self, renderer)
        return kept[key]

    texts._get_layout = layout


def place_ticks_once() -> None:
    """Keep the ticks of an axis while its figure is printed, until what they are placed by is another.

    Arranging a figure and drawing it asks for them a dozen times, which took a fifth of the time; of panels with
    logarithmic axes, two fifths. Ticks that others than the library locate are placed each time. For a process of the
    program's own alone.
    """
    import matplotlib.axis

    axis: Any = matplotlib.axis.Axis
    place = getattr(axis, "_update_ticks", None)
    if place is None or not hasattr(axis, "get_tick_space"):
        return
    straight = (matplotlib.axis.XAxis, matplotlib.axis.YAxis)

    def placed(self: Any) -> Any:
        locators = (self.get_major_locator(), self.get_minor_locator())
        if not _TICKS or not all(type(each).__module__.startswith("matplotlib.") for each in locators):
            return place(self)
        kept, axes = _TICKS[-1], self.axes
        # Of the size of straight axes, how many ticks have room counts alone: they are placed in units of the data.
        size = self.get_tick_space() if type(self) in straight else axes.bbox.get_points().tobytes()
        by = (size, axes.viewLim.get_points().tobytes())
        found, ticks = kept.get(self, (None, []))
        if found != by:
            ticks = place(self)
            kept[self] = by, ticks
        return list(ticks)

    axis._update_ticks = placed


@contextmanager
def printing() -> Iterator[None]:
    """Let nothing change within this context but the size of a figure, the places of its axes and its resolution."""
    _TICKS.append({})
    try:
        yield
    finally:
        _TICKS.pop()


@contextmanager
def reading_fonts() -> Iterator[None]:
    """Refuse fonts that cannot be read to their ends.

    The library asks Python for the bytes of a font where nothing can be raised: it prints a traceback, and goes on
    without letters, with those of other widths, or with an error of its own.

    Raises
    ------
    DataError
        When a font could not be read within this context.
    """
    unread: list[BaseException] = []
    before = sys.unraisablehook

    def ignored(found: Any) -> None:
        # What fails while an object is removed names a function.
        if isinstance(found.exc_value, OSError | MemoryError) and not callable(found.object):
            unread.append(found.exc_value)
        else:
            before(found)

    sys.unraisablehook = ignored
    try:
        yield
    except (OSError, RuntimeError):
        if not unread:
            raise
    finally:
        sys.unraisablehook = before
        if unread:
            _forget_fonts()
    if unread:
        reason = getattr(unread[0], "strerror", None) or "not enough memory"
        raise DataError(f"a font of matplotlib cannot be read to its end ({reason}); nothing is drawn.") from unread[0]


def _forget_fonts() -> None:
    """Let the library read fonts anew: those that it has may lack letters."""
    from matplotlib import font_manager

    for name in ("_get_font", "get_font"):  # by version
        clear = getattr(getattr(font_manager, name, None), "cache_clear", None)
        if clear is not None:
            clear()


def _no_text(artist: object) -> str:
    """Return no text about the properties of an artist."""
    return ""


def _without_signature(cls: Any) -> None:
    """Mark the method that sets properties as one that is made for the class, as the library expects."""
    cls.set._autogenerated_signature = True
