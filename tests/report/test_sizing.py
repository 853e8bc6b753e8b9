"""The response surface of sizes gives usual costs colours that differ, whatever a plant that makes hardly any costs."""

import numpy as np
import pytest
import xarray as xr

from testsite_sim.report.sizing import MOST_COST, draw_sizing


def tried(cost: list[list[float]]) -> xr.DataTree:
    """Return sizes that were tried, with their cost of hydrogen [EUR/kg]."""
    over = ("electrolyser", "tank")
    sizing = xr.Dataset(
        {
            "net_present_value": (over, -1e6 * np.arange(1.0, 10.0).reshape(3, 3)),
            "levelised_cost_of_hydrogen": (over, cost),
        },
        coords={"electrolyser": [1e6, 2e6, 4e6], "tank": [1e3, 2e3, 4e3]},
        attrs={"objective": "net_present_value", "best_electrolyser": 1e6, "best_tank": 1e3, "best_value": -1e6},
    )
    return xr.DataTree.from_dict({"sizing": sizing})


@pytest.mark.parametrize(
    ("largest", "ends_at", "goes_on"), [(9.0, 9.0, "neither"), (15.0, 15.0, "neither"), (2e5, 3.0 * MOST_COST, "max")]
)
def test_one_cost_beyond_all_others_leaves_them_their_colours(largest: float, ends_at: float, goes_on: str) -> None:
    figure, data = draw_sizing(tried([[3.0, 4.0, 5.0], [4.0, 5.0, 6.0], [5.0, 6.0, largest]]))
    bars = [axes for axes in figure.axes if axes.get_label() == "<colorbar>"]
    bar = bars[1]._colorbar
    assert bar.extend == goes_on
    assert bar.vmax == pytest.approx(ends_at)
    assert float(data["levelised_cost_of_hydrogen"].max()) == largest


def test_a_cost_that_is_not_known_everywhere_is_drawn(recwarn: pytest.WarningsRecorder) -> None:
    figure, _ = draw_sizing(tried([[3.0, 4.0, np.nan], [4.0, 5.0, 6.0], [5.0, 6.0, 40.0]]))
    assert len(figure.axes) == 4
    assert not recwarn.list


def test_sizes_that_miss_what_is_required_are_marked_apart() -> None:
    tree = tried([[3.0, 4.0, 5.0], [4.0, 5.0, 6.0], [5.0, 6.0, 7.0]])
    meets = np.array([[0, 0, 1], [0, 1, 1], [1, 1, 1]], np.int8)
    sizing = tree["sizing"].to_dataset().assign(meets=(("electrolyser", "tank"), meets))
    figure, _ = draw_sizing(xr.DataTree.from_dict({"sizing": sizing}))
    assert [text.get_text() for text in figure.legends[0].get_texts()] == [
        "tried",
        "tried, misses what is required",
        "best",
    ]
    for axes in figure.axes[:2]:
        missing = next(line for line in axes.lines if line.get_label() == "tried, misses what is required")
        found = sorted(map(tuple, np.round(missing.get_xydata(), 9).tolist()))  # [MW], [t]
        assert found == [(1.0, 1.0), (1.0, 2.0), (2.0, 1.0)]
