"""The farm layout, with the energy that each turbine loses to wakes and blockage."""

from collections.abc import Sequence
from textwrap import fill

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

from testsite_sim.common.drawing_library import printing
from testsite_sim.report.style import SEQUENTIAL, TWO_COLUMNS, new_figure

MOST_LABELS = 30
WRAP = 18  # letters in a line of a type's name where its whole name does not fit
DISTANCE = 3.0  # from a rotor to its label [point]
# Sides of a rotor for its label: the point of the rotor, horizontal and vertical alignment; the first that is free.
SIDES = (
    ((0, -1), "center", "top"),
    ((0, 1), "center", "bottom"),
    ((1, 0), "left", "center"),
    ((-1, 0), "right", "center"),
)


def draw_layout(results: xr.DataTree) -> tuple[Figure, xr.Dataset]:
    """Draw every turbine at its place, its rotor to scale where that is readable, coloured by its loss."""
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
    high = (TWO_COLUMNS - 1.4) * height / width if x.size > 1 else 0.0  # one turbine shows no distances
    figure = new_figure(TWO_COLUMNS, min(max(high, 2.8), 6.8))
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
    axes.set_xlim(x.min() - margin, x.max() + margin)
    axes.set_ylim(y.min() - margin, y.max() + margin)
    axes.set_aspect("equal")
    axes.set_xlabel("east of the centre [km]")
    axes.set_ylabel("north of the centre [km]")
    energy, alone = float(wind["energy"].sum()), float(wind["energy_without_wakes"].sum())
    lost = f"{100.0 * (1.0 - energy / alone):.1f} % of energy lost to the flow" if alone > 0.0 else "no energy"
    axes.set_title(f"{x.size} turbine{'s' if x.size != 1 else ''}, {wind['rated_power'].sum() / 1e6:,.1f} MW: {lost}")
    figure.colorbar(discs, ax=axes, label="lost to wakes and blockage [% of energy]", shrink=0.85)
    if labelled:
        types = [str(name) for name in wind["turbine_type"].to_numpy()]
        short = [f"{name}, {each:.1f} %" for name, each in zip(wind["turbine"].to_numpy(), loss, strict=True)]
        forms = [
            (f"{text}\n{kind}", f"{text}\n{fill(kind, WRAP)}", text) for text, kind in zip(short, types, strict=True)
        ]
        omitted = _label(axes, np.column_stack([x, y]), radius, forms)
        if omitted:
            axes.set_xlabel(f"{axes.get_xlabel()}; {omitted} labels do not fit, see the table of this figure")
    return figure, table


def _label(axes: Axes, places: NDArray[np.float64], radii: NDArray[np.float64], forms: Sequence[Sequence[str]]) -> int:
    """Label rotors so that no label covers another, a rotor or the frame; return how many labels do not fit.

    Parameters
    ----------
    axes : matplotlib Axes
        With its limits set.
    places, radii : numpy.ndarray, shapes (turbine, 2) and (turbine,)
        In units of the axes.
    forms : sequence of sequence of str
        The texts to try for each rotor, the fullest first.
    """
    figure = axes.get_figure(root=True)
    if figure is None:
        raise ValueError("labels are drawn in axes of a figure")
    engine = figure.get_layout_engine()
    if engine is not None:
        with printing():
            engine.execute(figure)  # settles where the axes are
    axes.apply_aspect()
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    frame = axes.get_window_extent(renderer)
    corners = [axes.transData.transform(np.stack([p - r, p + r])) for p, r in zip(places, radii, strict=True)]
    taken = [Bbox(pair) for pair in corners]
    omitted = 0
    for place, radius, texts in zip(places, radii, forms, strict=True):
        for text, (side, across, along) in ((text, each) for text in texts for each in SIDES):
            label = axes.annotate(
                text,
                place + radius * np.array(side),
                (DISTANCE * side[0], DISTANCE * side[1]),
                textcoords="offset points",
                ha=across,
                va=along,
                fontsize=6.5,
            )
            box = label.get_window_extent(renderer)
            is_inside = frame.containsx(box.x0) and frame.containsx(box.x1)
            is_inside = is_inside and frame.containsy(box.y0) and frame.containsy(box.y1)
            if is_inside and not box.count_overlaps(taken):
                taken.append(box)
                break
            label.remove()
        else:
            omitted += 1
    return omitted
