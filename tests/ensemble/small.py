"""A small ensemble for the tests: the test site in three days of January."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from testsite_sim.cases.case import ExecutionOptions
from testsite_sim.cases.ensemble import EnsembleCase
from testsite_sim.cases.scenario import load_scenario
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.ensemble.plan import Plan, plan_members

SHORT = (
    "weather.start=2023-01-01",
    "weather.end=2023-01-04",
    "weather.climate=null",
    "economics.scale_to_year=by-repetition",
)
MEMBERS = 6
COMPARED = ("results.nc", "summary.json", "scenario.yaml", "report.html")


def scenario(*more: str, name: str = "flanders-wind-farm/test-site") -> Scenario:
    return load_scenario(name, (*SHORT, *more))


@contextmanager
def silent(total: int, done: int, what: str) -> Iterator[Callable[[int], None]]:
    yield lambda more: None


def run(
    folder: Path,
    *more: str,
    count: Any = silent,
    members: int = MEMBERS,
    plan: Plan | None = None,
    until: str | None = None,
    say: Any = lambda line: None,
    force: bool = False,
    **options: Any,
) -> dict[str, Any]:
    case = EnsembleCase(plan or plan_members(scenario(*more), members=members), until)
    made = case.run(folder, force=force, execution=ExecutionOptions(**options), log=say, progress_bar=count)
    return made.summary.entries


def bits(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in COMPARED}
