"""docs/nomenclature.md lists every variable of a run with its units."""

import re
from pathlib import Path

import xarray as xr

from testsite_sim.cli import main

PAGE = Path(__file__).resolve().parents[1] / "docs" / "nomenclature.md"


def test_every_variable_of_a_run_is_listed_with_its_units(tmp_path: Path) -> None:
    main(
        ["run", "flanders-wind-farm/test-site", "-o", str(tmp_path / "run"),
         "--set", "weather.start=2023-02-01", "--set", "weather.end=2023-02-03"]
    )  # fmt: skip
    listed: dict[str, dict[str, str]] = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            group = listed.setdefault(line[3:], {})
        elif match := re.match(r"\| `(\w+)` \| [^|]* \| ([^|]*) \|", line):
            group[match[1]] = match[2]
    with xr.open_datatree(tmp_path / "run" / "results.nc") as tree:
        assert set(listed) == set(tree.children)
        for name, group_node in tree.children.items():
            dataset = group_node.to_dataset()
            assert set(listed[name]) == {str(key) for key in dataset.variables}, name
            for key, variable in dataset.variables.items():
                if "units" in variable.attrs:
                    assert listed[name][str(key)] == variable.attrs["units"], (name, key)
