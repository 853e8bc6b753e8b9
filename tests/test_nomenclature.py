"""docs/nomenclature.md lists every variable of a run with its units: of a fleet with its plant, of a hydrogen site."""

import re
from pathlib import Path

import xarray as xr

from testsite_sim.cli import main

PAGE = Path(__file__).resolve().parents[1] / "docs" / "nomenclature.md"


def listed() -> dict[str, dict[str, str]]:
    """Return the units of every variable on the page, by group."""
    found: dict[str, dict[str, str]] = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            group = found.setdefault(line[3:], {})
        elif match := re.match(r"\| `(\w+)` \| [^|]* \| ([^|]*) \|", line):
            group[match[1]] = match[2]
    return found


def test_every_variable_of_a_run_is_listed_with_its_units(tmp_path: Path) -> None:
    page, seen = listed(), {}
    for number, name in enumerate(("flanders-wind-farm/test-site", "waterstof/halle-station")):
        folder = tmp_path / str(number)
        main(["run", name, "-o", str(folder), "--set", "weather.start=2023-02-01", "--set", "weather.end=2023-02-03",
              "--set", "economics.scale_to_year=by-repetition",
              *(["--set", "economics.lifetime=1 year"] if number else [])])  # fmt: skip
        with xr.open_datatree(folder / "results.nc") as tree:
            for group, node in tree.children.items():
                for key, variable in node.to_dataset().variables.items():
                    seen.setdefault(group, set()).add(str(key))
                    assert str(key) in page[group], (group, key)
                    if "units" in variable.attrs:
                        assert page[group][str(key)] == variable.attrs["units"], (group, key)
    assert {group: set(units) for group, units in page.items()} == seen
