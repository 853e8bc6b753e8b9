"""A font that cannot be read is refused in one sentence: nothing is drawn without letters, or with wrong ones."""

import io
import os
import sys
from errno import EIO
from typing import Any

import matplotlib
import pytest

from testsite_sim.common.drawing_library import _forget_fonts, reading_fonts
from testsite_sim.common.errors import DataError
from testsite_sim.report.drawing import NamedFigure, rendered
from testsite_sim.report.style import ONE_COLUMN, SETTINGS, new_figure


class Damaged(io.BytesIO):
    """A file on a disk that gives a number of reads, and no more."""

    left = 0

    def read(self, *size: Any) -> bytes:
        Damaged.left -= 1
        if Damaged.left < 0:
            raise OSError(EIO, os.strerror(EIO))
        return super().read(*size)


def drawn() -> dict[str, bytes]:
    def draw() -> Any:
        figure = new_figure(ONE_COLUMN, 2.0)
        axes = figure.add_subplot()
        axes.plot([1.0, 2.0])
        axes.set_title("Wind")
        return figure, {}

    return rendered(NamedFigure("", draw), "wind", ("svg",))


@pytest.fixture
def _damaged_fonts(monkeypatch: pytest.MonkeyPatch) -> Any:
    opened = io.open

    def damaged(path: Any, *more: Any, **others: Any) -> Any:
        if not str(path).endswith(".ttf"):
            return opened(path, *more, **others)
        with opened(path, "rb") as stream:
            return Damaged(stream.read())

    monkeypatch.setattr(io, "open", damaged)
    _forget_fonts()
    yield
    _forget_fonts()


@pytest.mark.usefixtures("_damaged_fonts")
@pytest.mark.filterwarnings("ignore:Glyph")
def test_a_figure_whose_font_cannot_be_read_is_refused_and_drawn_once_it_can(capfd: pytest.CaptureFixture[str]) -> None:
    Damaged.left = everything = 100_000
    expected = drawn()
    reads = everything - Damaged.left
    if not reads:
        pytest.skip("this version of matplotlib opens fonts otherwise")
    for left in sorted({*range(12), *range(12, reads, max(reads // 12, 1)), reads - 1}):
        _forget_fonts()
        Damaged.left = left
        with pytest.raises(DataError, match=rf"a font .* \({os.strerror(EIO)}\)"):
            drawn()
    Damaged.left = everything
    assert drawn() == expected
    assert "Traceback" not in "".join(capfd.readouterr())


def test_other_errors_stay_what_they_are() -> None:
    before = sys.unraisablehook
    with pytest.raises(RuntimeError, match="other"), reading_fonts():
        raise RuntimeError("other")
    assert sys.unraisablehook is before
    with matplotlib.rc_context(SETTINGS), reading_fonts():
        pass
