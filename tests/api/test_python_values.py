"""Values of Python instead of text: numbers, arrays, moments and tables of turbines."""

import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import testsite_sim as ts
from tests.api.short import NAME, ROWS, SHORT


def test_numbers_of_numpy_are_numbers() -> None:
    for one in (np.int64(1), np.float64(1.0), np.float32(1.0)):
        assert ts.load(NAME, {**SHORT, "operations.availability": one}).scenario.operations.availability == 1.0


def test_arrays_series_and_moments_are_taken_for_what_a_file_would_state() -> None:
    east = [0.0, 2000.0]
    said = {"farm.groups.prototypes.x": east, "weather.start": "2023-01-31T23:00:00", "weather.end": "2023-03-01"}
    given = {
        "farm.groups.prototypes.x": np.array(east),
        "weather.start": pd.Timestamp("2023-02-01", tz="Europe/Brussels"),
        "weather.end": datetime.date(2023, 3, 1),
    }
    expected = ts.load(NAME, said).scenario
    for changes in (given, {**given, "farm.groups.prototypes.x": pd.Series(east)}):
        assert ts.load(NAME, changes).scenario == expected
    assert ts.load(NAME, {**said, "weather.end": np.datetime64("2023-03-01")}).scenario == expected


def test_a_table_of_turbines_is_the_farm_that_its_file_would_be(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {
            "name": ["A1", "A2", "B1"],
            "type": ["iea-15mw", "iea-15mw", "iea-10mw"],
            "longitude": [2.8, 2.82, 2.84],
            "latitude": [51.6, 51.61, 51.6],
        }
    )
    table.to_csv(tmp_path / "layout.csv", index=False)
    of_file = ts.load(NAME, {**SHORT, "farm": tmp_path / "layout.csv"}).scenario.farm
    for each in (table, table.set_index("name")):
        of_table = ts.load(NAME, {**SHORT, "farm": each}).scenario.farm
        for name, group in of_file.groups.items():
            found = of_table.groups[name]
            assert (found.names, found.x, found.y, found.turbine) == (group.names, group.x, group.y, group.turbine)
        assert of_table.source == "a table of turbines in Python"


@pytest.mark.parametrize("index", ["farm", "name", ["farm", "name"], ["name", "type"]])
def test_an_index_of_a_table_of_turbines_is_a_column(index: str | list[str]) -> None:
    # Left out, the columns that a user set aside as index would change no name and no group, and say nothing.
    table = pd.DataFrame(ROWS)
    made = [ts.load(NAME, {**SHORT, "farm": each}).scenario.farm for each in (table, table.set_index(index))]
    assert made[0] == made[1]
    assert {name: group.names for name, group in made[1].groups.items()} == {"A": ("first",), "B": ("second",)}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (pd.DataFrame(ROWS).set_index("name", drop=False), "the column 'name' stands twice"),
        (pd.DataFrame(ROWS).set_index("name").rename_axis("id"), "unknown column 'id'"),
        (pd.DataFrame(ROWS).set_index("name").rename_axis(None), "holds text such as 'first' and has no name"),
        (pd.DataFrame({**ROWS, "type": f"{'a' * 300}.yaml"}), "there is no such file"),
        (pd.DataFrame({**ROWS, "type": "a\0.yaml"}), r"found the character U\+0000"),
        (f"{'a' * 300}.yaml", "there is no such file"),
        ("a\0.yaml", r"found the character U\+0000"),
    ],
)
def test_a_table_or_a_name_that_no_farm_has_is_refused_in_a_sentence(table: object, said: str) -> None:
    with pytest.raises(ts.ConfigurationError, match=said):
        ts.load(NAME, {**SHORT, "farm": table})


def test_numbers_and_moments_at_the_edge_of_what_python_has_are_taken_or_refused() -> None:
    assert ts.load(NAME, {"economics.discount_rate": np.longdouble(0.05)}).scenario.economics.discount_rate == 0.05
    west = datetime.timezone(datetime.timedelta(hours=-5))
    with pytest.raises(ts.ConfigurationError, match="lies outside the calendar in UTC"):
        ts.load(NAME, {"weather.end": datetime.datetime.max.replace(tzinfo=west)})
    with pytest.raises(ts.ConfigurationError, match="there is no such file"):
        ts.load(f"{'a' * 300}.yaml")
