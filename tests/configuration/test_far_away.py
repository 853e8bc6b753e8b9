"""A farm whose longitude and latitude lead far from the location is refused, also turbine by turbine."""

import doctest
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from testsite_sim import ConfigurationError, load
from testsite_sim.configuration import geographic
from testsite_sim.configuration.far_away import FARTHEST
from testsite_sim.configuration.geographic import distance_between

NAME = "flanders-wind-farm/test-site"
LONGITUDE, LATITUDE = [2.88, 2.90, 2.92], [51.6, 51.61, 51.6]


def layout(longitude: list[float], latitude: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"longitude": longitude, "latitude": latitude, "type": ["vestas-v90-3.0"] * len(longitude)})


def test_the_examples_are_right() -> None:
    assert doctest.testmod(geographic).failed == 0


def test_swapped_columns_are_refused_and_named(tmp_path: Path) -> None:
    said = (
        r"farm: its middle, 2\.9 N 51\.6 E, lies [67],\d{3} km from `location`.* expected within 200 km.* look swapped"
    )
    with pytest.raises(ConfigurationError, match=said):
        load(NAME, {"farm": layout(LATITUDE, LONGITUDE)})
    layout(LATITUDE, LONGITUDE).to_csv(tmp_path / "mine.csv", index=False)
    with pytest.raises(ConfigurationError, match=said):
        load(NAME, {"farm": str(tmp_path / "mine.csv")})
    with pytest.raises(ConfigurationError, match=said.replace("farm:", r"wind\.neighbours:")):
        load(NAME, {"wind.neighbours": str(tmp_path / "mine.csv")})


def test_a_farm_elsewhere_is_refused_without_a_guess() -> None:
    with pytest.raises(ConfigurationError, match="state the `location` of the farm") as caught:
        load(NAME, {"farm": layout([-70.0, -70.1], [41.0, 41.0])})
    assert "swapped" not in str(caught.value)


def test_one_turbine_that_is_swapped_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"the turbine \d\d of layout stands [\d,]+ km from the middle"):
        load(NAME, {"farm": layout([*LONGITUDE, 51.6], [*LATITUDE, 2.9])})


@pytest.mark.parametrize(("share", "taken"), [(0.99, True), (1.01, False)])
def test_the_limit_is_the_one_that_is_said(share: float, taken: bool) -> None:
    place = load(NAME).scenario.location
    north = float(place.latitude) + np.degrees(share * FARTHEST / 6.371e6)
    farm = layout([float(place.longitude) - 0.01, float(place.longitude) + 0.01], [north, north])
    if taken:
        found = load(NAME, {"farm": farm}).scenario.farm
        middle = (float(found.latitude), float(found.longitude))
        assert distance_between((float(place.latitude), float(place.longitude)), middle) == pytest.approx(
            share * 2e5, rel=1e-3
        )
    else:
        with pytest.raises(ConfigurationError, match="expected within 200 km"):
            load(NAME, {"farm": farm})
