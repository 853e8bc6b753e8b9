"""A farm's layout as a CSV file: positions, coordinates, types, and every wrong line named at once."""

import csv
from pathlib import Path

import numpy as np
import pytest

from testsite_sim.cases.scenario import load_scenario
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.layout_file import east_and_north, load_layout
from testsite_sim.wind import build_farm

SCENARIO = """
title: a farm of one's own
location: {latitude: 51.6 N, longitude: 2.8, turbulence_intensity: 0.07}
weather: {record: hollandse-kust-noord-2023}
farm: layout.csv
wind: {wake_model: bastankhah}
operations: {availability: 0.95, electrical_loss: 0.02}
grid: {export_limit: 20 MW}
market: {}
economics: belgian-zone
"""


def farm_of(folder: Path, layout: str):
    (folder / "layout.csv").write_text(layout, encoding="utf-8")
    (folder / "scenario.yaml").write_text(SCENARIO, encoding="utf-8")
    return build_farm(load_scenario(str(folder / "scenario.yaml")).farm)


def test_x_and_y_are_taken_as_they_stand_and_grouped_by_farm_and_type(tmp_path):
    farm = farm_of(
        tmp_path,
        "farm,type,x,y,name\nnorth,vestas-v90-3.0,0,10.5,A1\nnorth,iea-10mw,900,10,A2\nsouth,vestas-v90-3.0,-5,-900,B1\n",
    )
    placed = {str(name): (float(x), float(y)) for name, x, y in zip(farm.names, farm.x, farm.y, strict=True)}
    assert placed == {
        "A1": (0.0, 10.5),
        "A2": (900.0, 10.0),
        "B1": (-5.0, -900.0),
    }
    assert farm.per_turbine("rated_power").tolist() == [3e6, 10e6, 3e6]


@pytest.mark.parametrize(("separator", "mark"), [(",", "."), (";", "."), (";", ","), ("\t", ",")])
def test_separators_and_decimal_marks_give_the_same_farm(tmp_path, separator, mark):
    rows = [["x", "y", "type"], ["0.5", "1.25", "iea-10mw"], ["1200.75", "-3.5", "iea-10mw"]]
    text = "\n".join(
        separator.join(cell.replace(".", mark) if n and "iea" not in cell else cell for cell in row)
        for n, row in enumerate(rows)
    )
    farm = farm_of(tmp_path, text)
    np.testing.assert_array_equal(farm.x, [0.5, 1200.75])
    np.testing.assert_array_equal(farm.y, [1.25, -3.5])


def test_degrees_become_the_distances_on_the_ground():
    """Against the same turbines in EPSG:25831, whose grid is 0.9996 of the ground at 3° E."""
    path = Path(__file__).parents[1] / "oracles" / "belgian_turbine_coordinates.csv"
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = np.array(east_and_north([float(r["longitude"]) for r in rows], [float(r["latitude"]) for r in rows]))
    grid = np.array([[float(r["x_epsg25831"]), float(r["y_epsg25831"])] for r in rows])
    ours = np.hypot(*(found[:, None] - found[None]).transpose(2, 0, 1))
    theirs = np.hypot(*(grid[:, None] - grid[None]).transpose(2, 0, 1)) / 0.9996
    far = theirs > 10_000.0  # the grid is written to 0.1 m
    assert np.abs(ours[far] / theirs[far] - 1.0).max() < 2e-5


def test_a_degree_of_latitude_is_as_long_as_the_ellipsoid_says():
    """Meridian arc of WGS 84 from 45° to 46° N: 111.141 km (series of Helmert)."""
    (_, south), (_, north) = east_and_north([3.0, 3.0], [45.0, 46.0])
    a, e2 = 6378137.0, 0.00669437999014
    latitude = np.radians(np.linspace(45.0, 46.0, 20001))
    curvature = a * (1.0 - e2) / (1.0 - e2 * np.sin(latitude) ** 2) ** 1.5
    assert north - south == pytest.approx(np.trapezoid(curvature, latitude), rel=1e-9)


@pytest.mark.parametrize(
    ("layout", "said"),
    [
        ("typ,x,y\niea-10mw,1,2\n", ["1: unknown column 'typ'. Nearest: type", "`type`, the turbine of each line"]),
        ("type,x\niea-10mw,1\n", ["expected the columns `x` and `y` [m], or `longitude` and `latitude`; found x"]),
        ("type,x,y,latitude,longitude\niea-10mw,1,1,1,1\n", ["found latitude, longitude, x, y"]),
        ("type,x,y,x\niea-10mw,1,1,1\n", ["the column 'x' stands twice"]),
        ("type,x,y\niea-10mw,1,a\niea-10mw,nan,1,2\n", ["csv:2: y is 'a'", "csv:3: 4 values for 3 columns"]),
        ("type,longitude,latitude\niea-10mw,3,91\n", ["latitude is '91'; expected a number of at most 90"]),
        ("type,x,y\n,1,1\n", ["the type is empty"]),
        ("type,x,y\n", ["has no turbines"]),
        ("", ["is empty"]),
        ("type,x,y\niea-10mv,1,1\niea-10mw,9,9\n", ["layout.csv:2: turbine 'iea-10mv'", "Nearest: iea-10mw"]),
        ("type,x,y\niea-10mw,1,1\niea-10mw,1,1.0\n", ["coincide at x 1 m, y 1 m"]),
        ("type,x,y\n../../secret.yaml,1,1\n", ["leaves the folder"]),
    ],
)  # fmt: skip
def test_a_wrong_layout_is_refused_with_file_line_and_remedy(tmp_path, layout, said):
    with pytest.raises(ConfigurationError) as caught:
        farm_of(tmp_path, layout)
    for words in said:
        assert words in str(caught.value)
    assert "no `farm`" not in str(caught.value)


def test_a_layout_too_large_or_not_text_is_refused(tmp_path):
    (tmp_path / "large.csv").write_bytes(b"x" * 1_000_001)
    (tmp_path / "bytes.csv").write_bytes(b"type,x,y\n\xff\xfe,1,1\n")
    with pytest.raises(ConfigurationError, match="at most 1000000 bytes"):
        load_layout(tmp_path / "large.csv")
    with pytest.raises(ConfigurationError, match="not UTF-8"):
        load_layout(tmp_path / "bytes.csv")


def test_a_layout_on_the_command_line_is_sought_in_the_current_folder(tmp_path, monkeypatch):
    (tmp_path / "mine.csv").write_text("type,x,y\niea-10mw,1,1\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert [*load_scenario("flanders-wind-farm/test-site", ["farm=mine.csv"]).farm.groups] == ["mine"]
