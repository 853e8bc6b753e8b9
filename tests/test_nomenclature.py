"""docs/nomenclature.md lists every variable of every group of every shipped scenario: dimensions, units and meaning."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import xarray as xr

import testsite_sim as ts
from tests.shared_folders import ShippedRun
from tools.freeze_results import shipped
from tools.write_nomenclature import PAGE, dimensions_of, merit, section, units_of
from tools.write_nomenclature import main as write_page

OF_OTHER_CASES = {"sizing", "members", "draws", "statistics", "sensitivity"}
FROZEN = Path(__file__).parent / "frozen"
Row = tuple[str, str, str, str]  # section, name, dimensions, units


def listed(page: Path = PAGE) -> dict[Row, str]:
    """Return the meaning of every row of the page."""
    found: dict[Row, str] = {}
    group = ""
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            group = line[3:]
        elif match := re.fullmatch(r"\| `(\w+)` \| ([^|]*) \| ([^|]*) \| (.*) \|", line):
            found[group, match[1], match[2], match[3]] = match[4]
    return found


def frozen(scenario: str) -> Iterator[Row]:
    """Yield the variables of the results of a scenario, as they were frozen."""
    record = json.loads((FROZEN / f"{scenario.replace('/', '.')}.json").read_text(encoding="utf-8"))
    for key, entry in record["results"].items():
        group, name = key.rsplit("/", 1)
        units = units_of(entry["units"], entry["dtype"] == "text")
        yield section(group), name, dimensions_of(name, tuple(entry["dims"]), group), units


@pytest.mark.parametrize("scenario", shipped())
def test_every_variable_of_a_shipped_scenario_is_listed_with_its_units(scenario: str) -> None:
    page = listed()
    missing = [row for row in frozen(scenario) if row not in page]
    assert not missing, f"run tools/write_nomenclature.py: {missing}"


def test_the_page_lists_nothing_else_and_says_what_each_name_means() -> None:
    page, seen = listed(), {row for scenario in shipped() for row in frozen(scenario)}
    assert not {row for row in page if row[0] not in OF_OTHER_CASES} - seen
    assert not [row for row, meaning in page.items() if not meaning.strip()]


def test_the_page_ends_with_the_figures_of_merit_as_summaries_state_them() -> None:
    assert PAGE.read_text(encoding="utf-8").endswith(merit())
    assert "net present value 0" in merit()


@pytest.mark.parametrize("scenario", ["flanders-wind-farm/test-site", "waterstof/halle-station"])
def test_a_run_of_today_gives_what_the_page_lists(shipped_run: ShippedRun, scenario: str) -> None:
    days = ("weather.start=2023-02-01", "weather.end=2023-02-03", "economics.scale_to_year=by-repetition")
    more = ("economics.lifetime=1 year",) if scenario.startswith("waterstof") else ()
    folder = shipped_run(scenario, *days, *more)
    page = listed()
    with xr.open_datatree(folder / "results.nc", decode_times=False) as tree:
        for group, node in tree.children.items():
            for name, variable in node.to_dataset().variables.items():
                units = units_of(variable.attrs.get("units"), variable.dtype.kind in "OUSTV")
                dims = dimensions_of(str(name), tuple(map(str, variable.dims)), group)
                assert (section(group), str(name), dims, units) in page
                assert variable.attrs.get("long_name"), (group, name)


@pytest.mark.usefixtures("unprinted_figures")
def test_a_sizing_an_ensemble_and_a_sensitivity_analysis_give_what_the_page_lists(tmp_path: Path) -> None:
    days = {"weather.start": "2023-02-01", "weather.end": "2023-02-03", "economics.scale_to_year": "by-repetition"}
    case = ts.load("waterstof/balancing", {**days, "economics.lifetime": "1 year"})
    varied = case.changed({"ensemble": {"vary": ["economics.hydrogen_price"]}})
    cases = {
        "sizing": case.size(electrolyser=["5 MW"], tank=["500 kg", "2000 kg"]),
        "sweep": varied.sweep({"plant.electrolysers.0.capacity": ["5 MW"]}, 2),
        "sobol": varied.sensitivity("sobol", 2),
        "morris": varied.sensitivity("morris", 2),
    }
    for name, each in cases.items():
        each.run(tmp_path / "cases" / name)
    written = tmp_path / "page.md"
    write_page([str(tmp_path), "--page", str(written)])
    page = listed()
    assert listed(written) == {row: page[row] for row in page if row[0] in OF_OTHER_CASES}


@pytest.mark.parametrize(("option", "code"), [("--help", 0), ("nothing-here", 2)])
def test_asking_for_help_or_naming_a_folder_without_results_leaves_the_page(option, code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = tmp_path / "page.md"
    page.write_text("as it was")
    with pytest.raises(SystemExit) as leaving:
        write_page([option, "--page", str(page)])
    assert leaving.value.code == code
    assert page.read_text() == "as it was"
