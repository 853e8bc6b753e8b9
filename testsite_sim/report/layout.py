"""The farm layout, with what each turbine loses to wakes and blockage."""

import numpy as np
import xarray as xr
from matplotlib.collections import PatchCollection
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from testsite_sim.report.style import SEQUENTIAL, TWO_COLUMNS, new_figure

MOST_LABELS = 30


def draw_layout(results: xr.DataTree) -> tuple[Figure, xr.Dataset]:
    """Draw every turbine at its place, its rotor to scale where that is readable, coloured by what it loses."""
    wind = results["wind"].to_dataset()
    table = wind[["flow_loss", "energy", "energy_without_wakes"]].reset_coords()
    table = table.drop_vars([name for name in table.data_vars if table[name].dims != ("turbine",)])
    x, y = wind["x"].to_numpy(), wind["y"].to_numpy()
    x, y = (x - x.mean()) / 1000.0, (y - y.mean()) / 1000.0
    loss = wind["flow_loss"].to_numpy() * 100.0
    extent = max(np.ptp(x), np.ptp(y), 1.0)
    radius = np.maximum(wind["rotor_diameter"].to_numpy() / 2000.0, 0.008 * extent)
    labelled = x.size <= MOST_LABELS
    margin = (0.2 if labelled else 0.1) * extent
    width, height = np.ptp(x) + 2.0 * margin, np.ptp(y) + 2.0 * margin
    figure = new_figure(TWO_COLUMNS, min(max((TWO_COLUMNS - 1.4) * height / width, 2.8), 6.8))
    axes = figure.add_subplot()
    discs = PatchCollection(
        [Circle((a, b), r) for a, b, r in zip(x, y, radius, strict=True)],
        cmap=SEQUENTIAL,
        edgecolor="black",
        linewidth=0.4,
    )
    discs.set_array(loss)
    discs.set_clim(0.0, max(float(loss.max()), 1.0))
    axes.add_collection(discs)
    if labelled:
        types = wind["turbine_type"].to_numpy()
        for k, name in enumerate(wind["turbine"].to_numpy()):
            axes.annotate(
                f"{name}, {loss[k]:.1f} %\n{types[k]}", (x[k], y[k] - radius[k]), (0, -3), textcoords="offset points",
                ha="center", va="top", fontsize=6.5,
            )  # fmt: skip
    axes.set_xlim(x.min() - margin, x.max() + margin)
    axes.set_ylim(y.min() - margin, y.max() + margin)
    axes.set_aspect("equal")
    axes.set_xlabel("east of the middle [km]")
    axes.set_ylabel("north of the middle [km]")
    total = 100.0 * (1.0 - float(wind["energy"].sum()) / float(wind["energy_without_wakes"].sum()))
    axes.set_title(
        f"{x.size} turbines, {wind['rated_power'].sum() / 1e6:,.1f} MW: {total:.1f} % of energy lost to the flow"
    )
    figure.colorbar(discs, ax=axes, label="lost to wakes and blockage [% of energy]", shrink=0.85)
    return figure, table
