"""The public face of the library: load a case, run it, look at it, compare it.

`load` gives a scenario, an ensemble, a study or a windIO plant, each with `run`; a run has `summary`, `results`,
`figure` and `save`. `open_run` opens what stands in a run directory, `compare` puts runs side by side.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from testsite_sim.cases.case import Case, ExecutionOptions
from testsite_sim.cases.ensemble import EnsembleCase
from testsite_sim.cases.opening import open_run
from testsite_sim.cases.reading import read_case
from testsite_sim.cases.run import Run
from testsite_sim.cases.scenario import ScenarioCase
from testsite_sim.cases.sizing import SizingCase
from testsite_sim.cases.study import StudyCase
from testsite_sim.cases.summary import RunSummary, SummaryValue
from testsite_sim.cases.windio import WindioCase
from testsite_sim.common.arguments import instance_of, path_of
from testsite_sim.common.errors import ConfigurationError, DataError, Stopped, TestsiteError, nearest
from testsite_sim.configuration.catalogue import kinds, names

if TYPE_CHECKING:
    from testsite_sim.cases.comparison import RunComparison

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
    "compare",
    "list_configurations",
    "list_scenarios",
    "load",
    "open_run",
]


def load(
    name: str | Path, overrides: Mapping[str, Any] | None = None, *, include_root: str | Path | None = None
) -> ScenarioCase | EnsembleCase | StudyCase | WindioCase:
    """Read and check a case: a scenario, an ensemble, a study or a windIO plant.

    Parameters
    ----------
    name : str or Path
        A shipped name, `waterstof/balancing` (see `list_scenarios`), or the path of a YAML file.
    overrides : mapping of str to value, optional
        Other values by dotted key, `{"weather.end": "2023-07-01"}`: quantities as text with their unit, items of a
        list by their number from 0, a configuration by its name or inside it by a longer key; None removes a key.
    include_root : str or Path, optional
        The folder that the includes of a windIO plant may reach; None: the plant's own folder.

    Returns
    -------
    ScenarioCase, EnsembleCase, StudyCase or WindioCase
        An EnsembleCase where the scenario has a section `ensemble`. A ScenarioCase also gives `ensemble`, `sweep`,
        `sensitivity` and `size`; every case gives `run` and `check`.

    Raises
    ------
    ConfigurationError
        Every problem at once, each with file, line and remedy.

    Examples
    --------
    >>> case = load("waterstof/balancing", {"plant.electrolysers.0.capacity": "20 MW"})
    >>> float(case.scenario.plant.electrolysers[0].capacity)
    20000000.0
    """
    path_of(name, "load")
    root = None if include_root is None else path_of(include_root, "include_root")
    case = read_case(str(name), {} if overrides is None else overrides, root)
    if isinstance(case, ScenarioCase) and case.scenario.ensemble is not None:
        return case.ensemble()
    return case


def list_configurations(kind: str) -> list[str]:
    """Return the names of what ships of one kind, such as `turbine`, `electrolyser` or `market`.

    Raises
    ------
    ConfigurationError
        When there is no such kind; the nearest are offered.

    Examples
    --------
    >>> "vestas-v90-3.0" in list_configurations("turbine")
    True
    """
    available = kinds()
    if not isinstance(kind, str) or kind not in available:
        raise ConfigurationError(f"list_configurations: there is no kind {kind!r}. {nearest(kind, available)}")
    return names("configs", kind)


def list_scenarios() -> list[str]:
    """Return the names of the scenarios and studies that ship.

    Examples
    --------
    >>> "flanders-wind-farm/test-site" in list_scenarios()
    True
    """
    return names("scenarios")


def compare(first: Run | Mapping[str, Run], *others: Run) -> "RunComparison":
    """Return the summaries of runs side by side; `write_page` of it writes them as a page with figures.

    Parameters
    ----------
    first, *others : Run
        What has run, or was opened; or one mapping of names to runs, `compare({"5 MW": small, "20 MW": large})`, which
        names them in the table, on the page and in what is written of it.

    Returns
    -------
    RunComparison
        A pandas.DataFrame: a row for every figure of any of them, a column for every run, by its name, its
        directory or its title; for two runs also `difference`, and `relative difference` to the first; and `units`.
        What a run does not have is NaN.

    Raises
    ------
    ConfigurationError
        When there is nothing to compare the first with, one is not a run, or a name is no text or that of another
        column of the table.
    """
    from testsite_sim.cases.comparison import RunComparison
    from testsite_sim.report.compare import check_names

    expected = "a run, as `load(…).run()` or `open_run` gives it"
    if isinstance(first, Mapping) and not isinstance(first, Run):
        named = dict(first)
        if others:
            raise ConfigurationError("compare: found runs after a mapping of names to runs; put them into it.")
        for name, each in named.items():
            instance_of(each, Run, f"compare: {name}", expected)
        check_names(list(named))
        if len(named) < 2:
            raise ConfigurationError(f"compare: found {len(named)} run(s); expected two or more.")
        return RunComparison(named, named=True)
    for each in (first, *others):
        instance_of(each, Run, "compare", f"{expected}, or a mapping of names to runs")
    if not others:
        raise ConfigurationError("compare: found one run; expected two or more.")
    runs = (first, *others)
    labels = [run.title if run.directory is None else str(run.directory) for run in runs]
    numbered = [
        f"{label} ({labels[:k].count(label) + 1})" if labels.count(label) > 1 else label
        for k, label in enumerate(labels)
    ]
    return RunComparison(dict(zip(numbered, runs, strict=True)))
