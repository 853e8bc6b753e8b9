"""Ticks of figures in the language of the report."""

from matplotlib.axes import Axes

from testsite_sim.studies.framework.report.numbers import thousands
from testsite_sim.studies.framework.words import Words

LARGE = 1000.0  # from here on thousands are kept apart


def decimal_ticks(axes: Axes, words: Words, which: str = "y") -> None:
    """Write the ticks of an axis with the decimal mark of the language; `which` is x, y or both."""

    def written(value: float, _: object = None) -> str:
        if abs(value) >= LARGE:
            return thousands(value)
        return f"{value:.6g}".replace(".", words["decimal_mark"]).replace("-", "\N{MINUS SIGN}")

    for name in which:
        getattr(axes, f"{name}axis").set_major_formatter(written)
