"""The losses of a wind farm, from the energy of turbines standing alone to what is left, as a waterfall."""

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from testsite_sim.common.units import GIGAWATT_HOUR
from testsite_sim.output import number
from testsite_sim.report.style import DARK_BLUE, SKY_BLUE, TWO_COLUMNS, VERMILION, new_figure

ROOM = 0.25  # of the largest drop, below the lowest bar: the axis does not begin at zero where losses are small

MOST_ABREAST = 7  # names of losses that have room next to each other; of more, every other one stands a line lower


def losses_table(results: xr.DataTree) -> xr.Dataset:
    """Return gross energy, what each loss takes and net energy [GWh], by step of the waterfall.

    Losses that take nothing are left out of the figure, not of the table.
    """
    losses = results["losses"].to_dataset()
    after = losses["energy_after"].to_numpy() / GIGAWATT_HOUR
    gross = float(losses.attrs["gross"]) / GIGAWATT_HOUR
    before = np.append(gross, after[:-1])
    step = ["gross", *map(str, losses["term"].to_numpy()), "net"]
    return xr.Dataset(
        {
            "energy_lost": ("step", np.concatenate([[0.0], before - after, [0.0]]), {"units": "GWh"}),
            "energy_left": ("step", np.concatenate([[gross], after, [after[-1]]]), {"units": "GWh"}),
        },
        coords={"step": step},
    )


def draw_losses(results: xr.DataTree) -> tuple[Figure, xr.Dataset]:
    """Draw gross energy, what each loss takes of it, and net energy; each loss in per cent of the energy before it."""
    table = losses_table(results)
    lost, left = table["energy_lost"].to_numpy(), table["energy_left"].to_numpy()
    last = lost.size - 1
    shown = [k for k in range(lost.size) if k in (0, last) or abs(lost[k]) > 1e-9 * max(left[0], 1e-300)]
    names = table["step"].to_numpy()
    figure = new_figure(TWO_COLUMNS, 2.8)
    axes = figure.add_subplot()
    for place, k in enumerate(shown):
        if k in (0, last):
            axes.bar(place, left[k], color=DARK_BLUE if k == 0 else SKY_BLUE, edgecolor="#303030", linewidth=0.4)
            text, height = number(left[k], 4), left[k]
        else:
            axes.bar(place, lost[k], bottom=left[k], color=VERMILION, edgecolor="#303030", linewidth=0.4)
            text, height = f"−{100.0 * lost[k] / (left[k] + lost[k]):.2g} %", left[k] + lost[k]
        axes.annotate(text, (place, height), (0, 2), textcoords="offset points", ha="center", fontsize=7)
    top, bottom = float(left[0]), float(left.min())
    axes.set_ylim(max(0.0, bottom - max(ROOM * (top - bottom), 0.02 * top)), top + 0.08 * max(top - bottom, 0.1 * top))
    lower = [len(shown) > MOST_ABREAST and place % 2 == 1 for place in range(len(shown))]
    texts = [str(names[k]).replace(" ", "\n") for k in shown]
    axes.set_xticks(range(len(shown)), ["\n" * down + text for down, text in zip(lower, texts, strict=True)])
    axes.set_ylabel("energy [GWh]" if axes.get_ylim()[0] == 0.0 else "energy, not from zero [GWh]")
    axes.grid(axis="x", visible=False)
    return figure, table
