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
