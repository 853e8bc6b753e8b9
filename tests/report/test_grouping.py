"""Every figure of a summary stands in the table of its step of the chain."""

import json
from pathlib import Path

import pytest

from testsite_sim.report.grouping import GROUPS, ORDER, OTHER, group_of, grouped

FROZEN = sorted(path for path in Path("tests/frozen").glob("*.json") if not path.stem.endswith(".study"))


@pytest.mark.parametrize("path", FROZEN, ids=lambda path: path.stem)
def test_every_figure_of_a_shipped_scenario_has_a_group(path: Path) -> None:
    names = [key.removeprefix("summary/") for key in json.loads(path.read_text())["summary"]]
    assert names
    assert [name for name in names if group_of(name) == OTHER] == []
    assert sorted(name for held in grouped(names).values() for name in held) == sorted(names)


def test_every_group_has_its_place_on_the_page() -> None:
    assert {title for title, _ in GROUPS} | {OTHER} == set(ORDER)


def test_heat_that_is_sold_stands_by_itself_whatever_machine_gives_it() -> None:
    assert grouped(["heat_sold", "fuel_cell_energy"]) == {"Fuel cells": ["fuel_cell_energy"], "Heat": ["heat_sold"]}


def test_a_name_that_no_group_knows_is_not_left_out() -> None:
    assert grouped(["what_nobody_knows", "capacity_factor"]) == {
        "Wind and sun": ["capacity_factor"],
        OTHER: ["what_nobody_knows"],
    }
