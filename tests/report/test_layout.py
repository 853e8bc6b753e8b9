"""The farm layout: its labels are legible however close the turbines are."""

from itertools import combinations

import numpy as np
import pytest
import xarray as xr
from matplotlib.axes import Axes

from testsite_sim.report.layout import MOST_LABELS, draw_layout


def farm(x: np.ndarray, y: np.ndarray, kind: str = "NREL 5 MW reference turbine") -> xr.DataTree:
    count = x.size
    names = [f"berth {k + 1}" for k in range(count)]
    data = {
        "flow_loss": ("turbine", np.linspace(0.0, 0.123, count)),
        "energy": ("turbine", np.full(count, 9.0)),
        "energy_without_wakes": ("turbine", np.full(count, 10.0)),
        "x": ("turbine", x),
        "y": ("turbine", y),
        "rotor_diameter": ("turbine", np.full(count, 126.0)),
        "rated_power": ("turbine", np.full(count, 5e6)),
        "turbine_type": ("turbine", [kind] * count),
    }
    return xr.DataTree.from_dict({"wind": xr.Dataset(data, coords={"turbine": names})})


def check_labels(axes: Axes) -> None:
    axes.figure.draw_without_rendering()
    frame = axes.get_window_extent()
    boxes = [text.get_window_extent() for text in axes.texts]
    for first, second in combinations(boxes, 2):
        assert not first.overlaps(second)
    for box in boxes:
        assert frame.x0 <= box.x0
        assert box.x1 <= frame.x1


@pytest.mark.parametrize("spacing", [150.0, 400.0, 900.0])
def test_labels_of_close_turbines_do_not_overlap(spacing: float) -> None:
    x, y = (spacing * each.ravel().astype(float) for each in np.meshgrid(np.arange(6), np.arange(5)))
    assert x.size == MOST_LABELS
    figure, _ = draw_layout(farm(x, y))
    axes = figure.axes[0]
    check_labels(axes)
    omitted = MOST_LABELS - len(axes.texts)
    assert (f"{omitted} labels do not fit" in axes.get_xlabel()) == (omitted > 0)


def test_few_turbines_have_the_names_of_their_types() -> None:
    figure, _ = draw_layout(farm(np.array([0.0, 900.0, 2000.0]), np.array([0.0, 50.0, 0.0])))
    axes = figure.axes[0]
    assert [text.get_text().replace("\n", " ") for text in axes.texts] == [
        f"berth {k + 1}, {loss:.1f} % NREL 5 MW reference turbine" for k, loss in enumerate((0.0, 6.15, 12.3))
    ]
    check_labels(axes)


def test_a_turbine_alone_is_no_large_figure() -> None:
    alone, _ = draw_layout(farm(np.array([0.0]), np.array([0.0])))
    square, _ = draw_layout(farm(np.array([0.0, 900.0]), np.array([0.0, 900.0])))
    assert alone.get_figheight() < 0.6 * square.get_figheight()
    check_labels(alone.axes[0])
