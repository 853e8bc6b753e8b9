"""The first screen of a sweep answers with the lowest and the highest of each headline, and where they are."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from matplotlib.patches import Rectangle

from testsite_sim.report import named_figures
from testsite_sim.report.drawing import write_figures
from testsite_sim.report.ensemble.distribution import draw_distributions
from testsite_sim.report.ensemble.headlines import headlines
from testsite_sim.report.ensemble_page import _extremes

POINT = ("output", "point")
NAMES = ["levelised_cost_of_hydrogen", "capacity_factor", "wake_loss"]


def statistics(has_members: bool) -> xr.Dataset:
    """Return three outputs of three points; the last is the same at all, the second not known at one."""
    central = np.array([[8.6, 5.6, 14.5], [0.4, np.nan, 0.5], [0.01, 0.01, 0.01]])
    middle = central + 1.0
    return xr.Dataset(
        {
            "central": (POINT, central),
            "mean": (POINT, middle if has_members else np.full((3, 3), np.nan)),
            "percentile_value": ((*POINT, "percentile"), np.stack([middle - 0.1, middle, middle + 0.1], axis=-1)),
            "units": ("output", ["EUR/kg", "1", "1"]),
            "description": ("output", ["cost", "factor", "loss"]),
        },
        coords={
            "output": NAMES,
            "percentile": [5, 50, 95],
            "plant.electrolysers.0.capacity": ("point", ["10 MW", "5 MW", "20 MW"]),
            "wind.wake_model": ("point", ["noj", "noj", "niayifar"]),
        },
    )


@pytest.mark.parametrize(
    ("has_members", "spans"), [(False, ["5.6 to 14.5", "40 to 50"]), (True, ["6.6 to 15.5", "140 to 150"])]
)
def test_each_headline_that_differs_has_its_ends_and_their_points(has_members: bool, spans: list[str]) -> None:
    found = _extremes(statistics(has_members), NAMES)
    assert [(units, card.value, card.units) for units, card in found] == [
        ("EUR/kg", spans[0], "EUR/kg"),
        ("1", spans[1], "%"),
    ]
    assert found[0][1].label == "levelised cost of hydrogen: lowest at 5 MW, noj, highest at 20 MW, niayifar"
    assert found[1][1].label == "capacity factor: lowest at 10 MW, noj, highest at 20 MW, niayifar"
    assert ("P50" in found[0][1].definition) == has_members


def test_an_output_that_differs_by_rounding_alone_is_drawn_as_one_bar_and_is_no_usual_headline() -> None:
    values = np.array([1.0, 1.0, np.nextafter(1.0, 2.0), 1.0])
    members = xr.Dataset(
        {"served_share": ("member", values, {"units": "1"}), "wake_loss": ("member", [0.1, 0.2, 0.1, 0.3])},
        attrs={"headlines": ["served_share"]},
    )
    assert headlines(members, []) == ["wake_loss"]
    percentiles = {"percentile": [5, 50, 95]}
    statistics = xr.Dataset(
        {
            "percentile_value": (("output", "point", "percentile"), np.ones((1, 1, 3))),
            "percentile_error": (("output", "point", "percentile"), np.zeros((1, 1, 3))),
            "central": (("output", "point"), np.ones((1, 1))),
        },
        coords={"output": ["served_share"], **percentiles},
    )
    figure, _ = draw_distributions(xr.DataTree.from_dict({"members": members, "statistics": statistics}))
    assert next(bar.get_height() for bar in figure.axes[0].patches if isinstance(bar, Rectangle)) == 3


def test_a_sweep_that_changes_no_output_has_no_figure_and_no_folder_for_it(tmp_path: Path) -> None:
    found = statistics(has_members=False)
    found["central"][:] = 0.5
    for chosen in ([], NAMES):  # none of the usual ones differs, or those that were asked for do not
        members = xr.Dataset({name: ("member", [0.5, 0.5, 0.5]) for name in NAMES}, attrs={"headlines": chosen})
        figures = named_figures(xr.DataTree.from_dict({"members": members, "statistics": found}))
        assert figures == {}
        assert write_figures(figures, tmp_path / "figures", ("svg",)) == []
    assert not (tmp_path / "figures").exists()
