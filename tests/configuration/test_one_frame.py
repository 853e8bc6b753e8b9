"""A farm and its neighbours stand as far apart as their longitudes and latitudes say, or by x and y of one system."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from testsite_sim import ConfigurationError, load
from testsite_sim.chain import prepare
from testsite_sim.configuration.far_away import FARTHEST

SITE = "flanders-wind-farm/test-site"
TYPE = "vestas-v90-3.0"
PLACES = pd.DataFrame(
    {"longitude": [2.88, 2.90, 2.92, 3.3, 3.35, 3.3], "latitude": [51.6, 51.61, 51.6, 51.9, 51.95, 51.99], "type": TYPE}
)


def distances(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.hypot(x[:, None] - x, y[:, None] - y)


def test_neighbours_by_longitude_and_latitude_stand_where_they_do(tmp_path: Path) -> None:
    """The fault: each farm was counted from its own middle, and the two stood on top of each other."""
    group = load(SITE, {"farm": PLACES}).scenario.wind_farm.farm.groups["layout"]
    PLACES[3:].to_csv(tmp_path / "others.csv", index=False)
    prepared = prepare(load(SITE, {"farm": PLACES[:3], "wind.neighbours": str(tmp_path / "others.csv")}).scenario)
    assert prepared.neighbours is not None
    x, y = (
        np.concatenate([np.asarray(getattr(farm, axis)) for farm in (prepared.farm, prepared.neighbours)])
        for axis in ("x", "y")
    )
    expected = distances(np.array(group.x), np.array(group.y))
    np.testing.assert_allclose(distances(x, y), expected, atol=0.5)
    assert expected.max() > 40e3
    # Seen from the farm: its grid has north at its own middle, that of all six at theirs, 0.16 degree apart.
    np.testing.assert_allclose(x[3] - x[0], 28.9e3, rtol=0.01)
    np.testing.assert_allclose(y[3] - y[0], 33.4e3, rtol=0.01)


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        ({"farm": PLACES[:3], "wind.neighbours": "belgian-zone"}, "`farm` are placed by latitude and longitude, and"),
        ({"wind.neighbours": PLACES[3:]}, "`wind.neighbours` are placed by latitude and longitude, and"),
        ({"wind.neighbours": "belgian-zone"}, "wind.neighbours: their middle lies 5,740 km from that of the farm"),
    ],
)
def test_neighbours_at_an_unknown_distance_are_refused(stated: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        load(SITE, stated)
    assert said in str(error.value)
    assert len(error.value.problems) == 1


@pytest.mark.parametrize("key", ["farm", "wind.neighbours"])
def test_a_turbine_far_from_its_farm_is_refused_by_x_and_y_too(key: str) -> None:
    farm = pd.DataFrame({"x": [0.0, 900.0, 1800.0, 900.0 + 1.01 * FARTHEST], "y": 0.0, "type": TYPE})
    with pytest.raises(ConfigurationError, match=rf"{key}: the turbine 04 of layout stands 201 km from the middle"):
        load(SITE, {key: farm})
    load(SITE, {"farm": farm.assign(x=[0.0, 900.0, 1800.0, 0.99 * FARTHEST])})
