"""Which outputs of an ensemble its figures show, and how they are labelled."""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from testsite_sim.output import units_text
from testsite_sim.output.phrases import IN_ENGLISH, Phrases

USUAL = (
    "annual_energy_production",
    "energy_production",
    "levelised_cost_of_energy",
    "levelised_cost_of_hydrogen",
    "hydrogen_delivered",
    "hydrogen_produced",
    "hydrogen_dispensed",
    "served_share",
    "fuel_cell_energy",
    "net_present_value",
    "electricity_revenue",
    "availability_energy",
    "wake_loss",
)
MOST = 6  # panels
ROUNDING = 1e-12  # relative: of a sum over a year's steps


def headlines(members: xr.Dataset, chosen: Sequence[str]) -> list[str]:
    """Return the outputs to show: those chosen, or of the usual ones the first that differ between members."""
    if chosen:
        return list(chosen)
    names = [name for name in USUAL if name in members and differs(members[name].to_numpy())]
    if "annual_energy_production" in names and "energy_production" in names:
        names.remove("energy_production")
    return names[:MOST]


def differs(values: NDArray[np.float64]) -> bool:
    """Return whether an output is not the same everywhere, but for the rounding of its sums."""
    known = values[np.isfinite(values)]
    return known.size > 1 and float(np.ptp(known)) > ROUNDING * float(np.abs(known).max())


def shown_headlines(results: xr.DataTree) -> list[str]:
    """Return the outputs that the figures of a finished ensemble show."""
    members = results["members"].to_dataset()
    return [str(name) for name in np.atleast_1d(members.attrs["headlines"])]


def label_of(name: str, units: str) -> str:
    """Return the label of an axis."""
    text = name.replace("_", " ")
    shown, _ = scale_of(units)
    return f"{text} [{shown}]" if shown else text


def scale_of(units: str) -> tuple[str, float]:
    """Return the unit that a figure shows, and the factor to it: euros in millions, fractions in per cent."""
    if units == "EUR":
        return "million EUR", 1e-6
    if units == "1":
        return "%", 100.0
    return units_text(units), 1.0


def plain_ticks(axes: Axes, which: str = "x", say: Phrases = IN_ENGLISH) -> None:
    """Write the numbers of an axis in full, with separators, as a language does."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_formatter(FuncFormatter(lambda value, _: say.number(f"{value:,.6g}")))
