"""testsite-sim: a Flemish offshore wind test site in real weather, balanced by hydrogen.

    import testsite_sim as ts

    run = ts.load("flanders-wind-farm/test-site").run()
    run.summary["levelised_cost_of_hydrogen"], run.results["wind"], run.figure("dispatch-week")

The steps of the chain are sub-packages: `weather`, `operations`, `wind`, `plant`, `dispatch`, `economics`, and
`ensemble` over all of them. Each takes Datasets and its configuration and returns a Dataset. Importing any of it
changes nothing in the process.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from testsite_sim.common.version import __version__

if TYPE_CHECKING:
    from testsite_sim.api import (
        Case,
        ConfigurationError,
        DataError,
        EnsembleCase,
        ExecutionOptions,
        Run,
        RunSummary,
        ScenarioCase,
        SizingCase,
        Stopped,
        StudyCase,
        SummaryValue,
        TestsiteError,
        WindioCase,
        compare,
        list_configurations,
        list_scenarios,
        load,
        open_run,
    )

__all__ = [
    "Case",
    "ConfigurationError",
    "DataError",
    "EnsembleCase",
    "ExecutionOptions",
    "Run",
    "RunSummary",
    "ScenarioCase",
    "SizingCase",
    "Stopped",
    "StudyCase",
    "SummaryValue",
    "TestsiteError",
    "WindioCase",
    "__version__",
    "compare",
    "list_configurations",
    "list_scenarios",
    "load",
    "open_run",
]


_STEPS = ("weather", "operations", "wind", "plant", "dispatch", "economics", "ensemble", "studies")


def __getattr__(name: str) -> Any:
    """Import the public face, or a step, when a name of it is first used: `testsite-sim --help` needs none of it."""
    if name in __all__:
        return getattr(import_module("testsite_sim.api"), name)
    if name in _STEPS:
        return import_module(f"testsite_sim.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return what a user finds here, imported yet or not."""
    return sorted({*globals(), *__all__, *_STEPS})
