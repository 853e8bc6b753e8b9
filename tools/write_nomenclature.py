"""Write `docs/nomenclature.md` from run directories: every variable of `results.nc`, by group.

    python tools/write_nomenclature.py RUNS… [--page PAGE]

RUNS holds a run directory of every scenario that ships, at any depth, as `tools/freeze_results.py --runs RUNS` makes
them; a second folder holds one of a sizing, of an ensemble and of each sensitivity analysis. Where scenarios differ in
what a name stands for, each meaning has a row, and the rarer one names its scenarios.
"""

import argparse
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import xarray as xr

from testsite_sim.chain.money_summary import FIGURES
from testsite_sim.output.labels import described

PAGE = Path(__file__).resolve().parents[1] / "docs" / "nomenclature.md"
ORDER = (
    "weather",
    "wind",
    "operations",
    "losses",
    "plant",
    "refuelling",
    "lifetime",
    "stacks",
    "economics",
    "uncertainty",
    "weather-windows",
    "certification",
    "installation",
    "installation-log",
    "study",
    "sizing",
    "members",
    "draws",
    "statistics",
    "sensitivity",
)
OF_SUMMARY = ("members", "draws")  # whose variables are named as figures of the summary, and by dotted keys
HEAD = """# Names and units

Every variable of `results.nc`, by group; a test holds this page against the results of every scenario that ships, and
`tools/write_nomenclature.py` writes it. Units are SI; names with a CF standard name show it. `installation` and
`installation-log` have a group for each strategy, `stacks` one for each machine with stacks; `percentiles` holds the
variables of `study`, over `percentile` where they are over `member`. `sizing` is of `testsite-sim size`; the groups
after it are of ensembles: `members` has a variable for each figure of the summary of a run, by its name and in its
units there, and `draws` one for each quantity that is drawn, by its dotted key, as a sweep has for each key. A farm
whose turbines are turned out of the wind has in `wind` also `yaw` over time, turbine [degree]: above zero
counter-clockwise, seen from above. A plant of several stores has in `plant` also `hydrogen_in_each_store` over time,
store [kg], and `bank_store` over bank [1], the number of the store, from one, that a bank is of; `store` are their
titles, `tank (1)`, `tank (3)` where several have the same.
"""
TABLE = "| name | dimensions | units | meaning |\n|---|---|---|---|\n"


OF_MERIT = """
## Figures of merit

What `summary.json` states of the money of a project, each with the year of its euros; [methods](methods/economics.md)
has what each counts.

| name | units | meaning |
|---|---|---|
"""


def section(group: str) -> str:
    """Return the section of the page that lists a group."""
    if group == "percentiles":
        return "study"
    if group.startswith("stacks/"):
        return "stacks/MACHINE"
    return re.sub(r"^(installation|installation-log)/(?!sweep$).*", r"\1/STRATEGY", group)


def dimensions_of(name: str, dims: tuple[str, ...], group: str) -> str:
    """Return the dimensions of a variable as the page writes them."""
    drawn = group == "percentiles" and name != "percentile"
    return ", ".join("member" if drawn and dim == "percentile" else dim for dim in dims)


def units_of(units: str | None, text: bool) -> str:
    """Return the units of a variable as the page writes them; `text` says that it holds text."""
    if text:
        return "text"
    return "UTC" if units is not None and " since " in units else units or ""


def is_listed(name: str, group: str) -> bool:
    """Return whether a variable has a row: not what is named as a figure of the summary or by a key of the scenario."""
    if group == "percentiles":
        return name == "percentile"
    return "." not in name and (group not in OF_SUMMARY or name == "member")


def rows_of(runs: Sequence[Path]) -> dict[str, dict[tuple[str, str, str, str], list[str]]]:
    """Return the rows of each section, (name, dimensions, units, meaning), with the scenarios that have them."""
    found: dict[str, dict[tuple[str, str, str, str], list[str]]] = defaultdict(lambda: defaultdict(list))
    for path in sorted(path for folder in runs for path in folder.rglob("results.nc")):
        scenario = f"{path.parent.parent.name}/{path.parent.name}"
        with xr.open_datatree(path, decode_times=False) as tree:
            for node in tree.subtree:
                group = node.path.strip("/")
                for name, variable in described(node.to_dataset()).variables.items():
                    if not is_listed(str(name), group):
                        continue
                    meaning = str(variable.attrs.get("long_name", ""))
                    if standard := variable.attrs.get("standard_name"):
                        meaning = f"{meaning} (`{standard}`)".strip()
                    units = units_of(variable.attrs.get("units"), variable.dtype.kind in "OUSTV")
                    row = (str(name), dimensions_of(str(name), tuple(map(str, variable.dims)), group), units, meaning)
                    found[section(group)][row].append(scenario)
    return found


def page_of(rows: dict[str, dict[tuple[str, str, str, str], list[str]]]) -> str:
    """Return the page."""
    parts = [HEAD]
    for group in sorted(rows, key=lambda name: (ORDER.index(name.split("/")[0]), name)):
        lines = []
        by_name: dict[str, list[tuple[tuple[str, str, str, str], list[str]]]] = defaultdict(list)
        for row, scenarios in rows[group].items():
            by_name[row[0]].append((row, scenarios))
        for name, each in by_name.items():
            each.sort(key=lambda item: -len(item[1]))  # what most scenarios mean needs no name
            for number, ((_, dims, units, meaning), scenarios) in enumerate(each):
                where = f"in {', '.join(sorted(set(scenarios)))}: " if number else ""
                lines.append(f"| `{name}` | {dims} | {units} | {where}{meaning} |\n")
        parts.append(f"\n## {group}\n\n{TABLE}{''.join(lines)}")
    return "".join(parts) + merit()


def merit() -> str:
    """Return the section of the figures of merit, which stand in the summary."""
    return OF_MERIT + "".join(f"| `{name}` | {units} | {text} |\n" for name, (units, _, text) in FIGURES.items())


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the page; refuse a folder without results, which would empty it."""
    parser = argparse.ArgumentParser(
        description=str(__doc__), formatter_class=argparse.RawDescriptionHelpFormatter, prog="write_nomenclature.py"
    )
    parser.add_argument(
        "runs", type=Path, nargs="+", metavar="RUNS", help="folder with a run directory of every scenario"
    )
    parser.add_argument("--page", type=Path, default=PAGE, help="the page that is written (docs/nomenclature.md)")
    stated = parser.parse_args(arguments)
    rows = rows_of(stated.runs)
    if not rows:
        named = ", ".join(map(str, stated.runs))
        parser.error(f"{named}: there is no results.nc in it; expected the folder of freeze_results.py --runs")
    stated.page.write_text(page_of(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
