"""The response surface of the size of a plant."""

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.output import number
from testsite_sim.report.style import SEQUENTIAL, TWO_COLUMNS, VERMILION, new_figure

LEVELS = 12
MOST_COST = 5.0  # of the least cost, up to which colours differ: hydrogen that is hardly made costs any amount


def draw_sizing(results: xr.DataTree) -> tuple[Figure, xr.Dataset]:
    """Draw net present value and cost of hydrogen over the sizes of electrolyser and tank, with the best size.

    The group `sizing` is as `testsite_sim.chain.sizing.size_plant` gives it, over (electrolyser, tank).
    """
    sizing = results["sizing"].to_dataset()
    panels = (
        ("net_present_value", 1e-6, "Net present value [million EUR]"),
        ("levelised_cost_of_hydrogen", 1.0, "Cost of hydrogen [EUR/kg]"),
    )
    figure = new_figure(TWO_COLUMNS, 2.9)
    for axes, (name, scale, label) in zip(figure.subplots(1, 2), panels, strict=True):
        if min(sizing[name].shape) == 1:
            _draw_line(axes, sizing, name, scale, label)
            continue
        x, y = sizing["electrolyser"].to_numpy() / 1e6, sizing["tank"].to_numpy() / 1e3
        values = sizing[name].to_numpy().T * scale
        cut = MOST_COST * float(np.nanmin(values)) if name == "levelised_cost_of_hydrogen" else np.inf
        levels = np.linspace(cut / MOST_COST, cut, LEVELS + 1) if np.nanmax(values) > cut > 0.0 else LEVELS
        surface = axes.contourf(
            x, y, values, levels=levels, cmap=SEQUENTIAL, extend="max" if np.ndim(levels) else "neither"
        )
        _draw_tried(axes, sizing, x, y)
        best = sizing.attrs["best_electrolyser"] / 1e6, sizing.attrs["best_tank"] / 1e3
        axes.plot(*best, "o", color=VERMILION, markeredgecolor="white", label="best", clip_on=False)
        axes.set(xlabel="Electrolyser [MW]", ylabel="Tank [t]", title=label)
        axes.grid(visible=False)
        axes.set(xscale="log", yscale="log")
        axes.set_xticks(x, [number(size, 3) for size in x])
        axes.set_yticks(y, [number(size, 3) for size in y])
        axes.minorticks_off()
        figure.colorbar(surface, ax=axes)
    if min(sizing["net_present_value"].shape) > 1:
        figure.legend(*axes.get_legend_handles_labels(), loc="outside upper left", ncols=3)
    return figure, sizing


def _draw_tried(axes: Axes, sizing: xr.Dataset, x: Floats, y: Floats) -> None:
    """Mark the sizes that were tried, those apart that miss what is required."""
    across, up = np.meshgrid(x, y)
    meets = sizing["meets"].to_numpy().T.astype(bool) if "meets" in sizing else np.ones(across.shape, bool)
    axes.plot(across[meets], up[meets], "o", color="white", markeredgecolor="black", markeredgewidth=0.6, markersize=4,
              label="tried", clip_on=False)  # fmt: skip
    if not meets.all():
        axes.plot(across[~meets], up[~meets], "X", color="black", markeredgecolor="white", markersize=6,
                  label="tried, misses what is required", clip_on=False)  # fmt: skip


def _draw_line(axes: Axes, sizing: xr.Dataset, name: str, scale: float, label: str) -> None:
    """Draw a figure over the one axis of which several sizes were tried, with the best size."""
    along = "tank" if sizing.sizes["electrolyser"] == 1 else "electrolyser"
    factor, title = (1e-3, "Tank [t]") if along == "tank" else (1e-6, "Electrolyser [MW]")
    axes.plot(sizing[along].to_numpy() * factor, sizing[name].to_numpy().ravel() * scale, ".-", label="tried")
    if sizing.attrs["objective"] == name:
        best = sizing.attrs[f"best_{along}"] * factor, sizing.attrs["best_value"] * scale
        axes.plot(*best, "o", color=VERMILION, markeredgecolor="white", label="best", clip_on=False)
        axes.legend(frameon=True)
    axes.set(xlabel=title, title=label, xscale="log")
