"""What pages name is there: files, modules, keys and options; and what they count is what ships."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

import testsite_sim as ts
from testsite_sim.chain import prepare
from testsite_sim.cli.program import commands
from testsite_sim.cli.weather.importing import FORMATS
from testsite_sim.configuration.catalogue import names
from testsite_sim.configuration.explaining import keys_of
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.explore import memory
from testsite_sim.export import printed, tables
from testsite_sim.report import series
from testsite_sim.studies import STUDIES

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(
    path
    for path in (
        *(ROOT / "docs").rglob("*.md"),
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *ROOT.glob("*/README.md"),
    )
    if "reference" not in path.parts and not path.parent.name.startswith((".", "_"))
)
MADE = ("docs/reference/", "docs/tutorials/NAME.md")  # when the site is built, or by whoever reads it
ROOMS = r"(testsite_sim|testsite_kernels|kernels|tools|tests|docs|configs|scenarios|benchmarks|\.ci)"
OTHERS = (  # options of other programs
    "dask", "docker", "kubectl", "pip ", "pipx", "uv ", "uvx", "pytest", "rattler-build", "sphinx-build", "python -m",
    "--tls-", "--no-dashboard", "--dashboard-address", "Without `--host`", "--host 127.0.0.1", "benchmark-only",
)  # fmt: skip


@cache
def tracked() -> frozenset[str]:
    """Return all files of the project and their folders."""
    skipped = {"build", "results"}
    found = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.rglob("*")
        if not any(part.startswith((".git", "__pycache__", ".mypy", ".ruff")) or part in skipped for part in path.parts)
    }
    return frozenset(found)


@cache
def keys() -> frozenset[str]:
    """Return every path of keys of scenarios and studies, and every part of one."""
    models = [Scenario, *(study.part("configuration") for study in STUDIES.values())]
    found: set[str] = set()
    for key in (key.plain_name.split(".") for model in models for key in keys_of(model)):
        found |= {".".join(key[i:j]) for i in range(len(key)) for j in range(i + 1, len(key) + 1)}
    return frozenset(found)


def options(command: click.Command) -> Iterator[str]:
    """Yield the options of a command and of those below it."""
    for parameter in command.params:
        yield from (*parameter.opts, *parameter.secondary_opts)
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        yield from options(below)


def is_there(quoted: str) -> bool:
    """Return whether a quoted path, module or key of the project is there; what is none of them is not asked for."""
    if re.fullmatch(ROOMS + r"/[\w./-]+", quoted):
        path = quoted.rstrip("/").removeprefix("kernels/")
        path = f"kernels/{path}" if path.startswith("testsite_kernels") else path
        return quoted.startswith(MADE) or not tracked().isdisjoint({path, f"{path}.yaml", f"{path}.py"})
    if re.fullmatch(r"testsite_(sim|kernels)(\.\w+)+", quoted):
        path = quoted.replace(".", "/").replace("testsite_kernels", "kernels/testsite_kernels")
        above, _, name = path.rpartition("/")
        if not tracked().isdisjoint({path, f"{path}.py"}):
            return True
        holds = ROOT / (f"{above}/__init__.py" if above in tracked() else f"{above}.py")
        return holds.is_file() and re.search(rf"\b{name}\b", holds.read_text(encoding="utf-8")) is not None
    path = "kernels/testsite_kernels/" + quoted.replace(".", "/") + ".py"  # as the pages of methods name kernels
    stated = re.fullmatch(r"[a-z_]+(\.[a-z_0-9]+)+", quoted) and quoted.split(".")[0] in keys()
    if (
        not stated
        or path in tracked()
        or Path(quoted).suffix in (".csv", ".nc", ".json", ".html", ".yaml", ".py", ".sqlite")
    ):
        return True
    return ".".join(part for part in quoted.split(".") if not part.isdigit()) in keys()


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [quoted for quoted in re.findall(r"`([^`\n]+)`", text) if not is_there(quoted)] == []


def test_every_option_on_a_page_is_one_of_a_command_or_of_a_tool() -> None:
    known = set(options(commands))
    for folder in ("tools", "benchmarks", "testsite_sim"):
        for path in (ROOT / folder).rglob("*.py"):
            known |= set(re.findall(r'"(--[a-z][a-z0-9-]*)"', path.read_text(encoding="utf-8")))
    for path in (ROOT / ".ci").iterdir():
        known |= set(re.findall(r"(--[a-z][a-z0-9-]*)", path.read_text(encoding="utf-8")))
    unknown = [
        (page.name, option)
        for page in PAGES
        for line in page.read_text(encoding="utf-8").splitlines()
        for option in re.findall(r"(?<![\w-])(--[a-z][a-z0-9-]+)", line)
        if option not in known and not any(other in line for other in OTHERS)
    ]
    assert unknown == []


def test_a_name_that_is_not_there_is_found() -> None:
    for wrong in (
        "plant.store.capacty",
        "testsite_sim/weather/none.py",
        "testsite_sim.api.lod",
        "configs/turbine/none",
        "weather.recrd",
    ):
        assert not is_there(wrong), wrong
    for right in ("plant.electrolysers.0.capacity", "tools/scorecard", "testsite_sim.api.load", "no such thing"):
        assert is_there(right), right


def said(page: str) -> str:
    """Return the text of a page in one line."""
    return " ".join((ROOT / page).read_text(encoding="utf-8").split())


def test_numbers_in_the_text_are_those_of_the_program() -> None:
    number = {6: "Six", 16: "sixteen"}
    assert f"the {number[len(names('configs', 'turbine'))]} turbines that ship" in said(
        "docs/tutorials/own-turbine-and-layout.md"
    )
    scenario = ts.load("flanders-wind-farm/test-site").scenario
    farm = prepare(scenario).farm
    power = sum(farm.per_turbine("rated_power")) / 1e6
    assert f"{number[len(farm.names)]} turbines of {power:g} MW in the weather of 2023" in said("docs/start.md")
    assert f"a {float(scenario.plant.electrolysers[0].capacity) / 1e6:.0f} MW electrolyser" in said("docs/start.md")
    assert f"A page holds {series.MOST_VALUES:,} values" in said("docs/guide.md")
    assert f"--format {'|'.join(FORMATS)} " in said("docs/guide.md")
    export = said("docs/export.md")
    assert tables.MOST_CELLS == 1_000_000
    assert "Tables of more than a million cells" in export
    assert f"tables of up to {printed.MOST_ROWS} rows and {printed.MOST_COLUMNS} columns" in export
    assert (memory.MOST_FARMS, memory.MOST_BYTES) == (8, 1e9)
    assert "(at most eight, 1 GB)" in said("docs/explore.md")


def test_the_guide_names_every_strategy() -> None:
    stated = next(key.takes for key in keys_of(Scenario) if key.plain_name == "dispatch.strategy.name")
    named = re.search(r"`dispatch.strategy` is a name \((.*?)\)", said("docs/guide.md"))
    assert named is not None
    assert re.findall(r"`([a-z-]+)`", named[1]) == stated.removeprefix("one of ").split(", ")
