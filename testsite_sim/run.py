"""One run from a scenario's name to a finished run directory."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from testsite_sim.common.printing import csv_text
from testsite_sim.configuration.loading import checked, load_scenario_document, override
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.configuration.writing import to_yaml
from testsite_sim.output.ownership import file_digest
from testsite_sim.output.run_directory import REPORT, RESULTS, SCENARIO, SUMMARY
from testsite_sim.running import Say, running, write_provenance

LINES = 10  # of what a run tells: compiling, preparing, five steps, results, figures, report


def load_scenario(name: str, overrides: Sequence[str] = ()) -> Scenario:
    """Read and check a scenario by name or path, with overrides `a.b=VALUE`.

    A file of the user's that it names is given its whole path: the resolved scenario runs again from any folder.

    Raises
    ------
    ConfigurationError
        Naming file, line and remedy.
    """
    document, path = load_scenario_document(name, Scenario)
    for assignment in overrides:
        override(document, _from_here(assignment), Scenario, path.parent)
    scenario = checked(Scenario, document)
    if not scenario.weather.is_file:
        return scenario
    whole = str((path.parent / scenario.weather.record).resolve())
    return scenario.model_copy(update={"weather": scenario.weather.model_copy(update={"record": whole})})


def _from_here(assignment: str) -> str:
    """Return an override with the whole path of a file that it names in the current folder."""
    dotted, separator, text = assignment.partition("=")
    file = Path(text)
    if separator and file.suffix and not file.is_absolute() and len(text) < 200 and file.is_file():
        return f"{dotted}={file.resolve()}"
    return assignment


def run_scenario(scenario: Scenario, target: Path, *, force: bool = False, say: Say) -> dict[str, Any]:
    """Run a scenario and write its run directory, whole or not at all.

    Parameters
    ----------
    scenario : Scenario
        The checked scenario.
    target : Path
        The run directory to make.
    force : bool
        Replace a run directory that stands there.
    say : callable
        Told in a line what is being done.

    Returns
    -------
    dict
        The summary.

    Raises
    ------
    ConfigurationError, DataError
        What the user can mend; nothing is left on disk then.
    """
    with running(target, force, say) as (directory, clock):
        # Imported here: numba and xarray take a while, and a target in the way is told at once.
        from testsite_sim.chain import prepare, simulate_scenario, summarise

        prepared = prepare(scenario)
        clock.done("prepare")
        results = {}
        for step, dataset in simulate_scenario(prepared):
            results[step] = dataset
            clock.done(step)
        summary = summarise(results)
        scenario_text = to_yaml(scenario)
        directory.write_text(SCENARIO, scenario_text)
        directory.write_json(SUMMARY, summary)
        from testsite_sim.output.results import write_results

        if "event_start" in results.get("operations", ()):
            happened = [name for name, item in results["operations"].items() if item.dims == ("event",)]
            events = results["operations"][happened]
            directory.write_text("events.csv", csv_text(events.to_dataframe(), index=False))
        tree = write_results(results, directory.path / RESULTS, scenario.title, scenario_text)
        clock.done("results")
        from testsite_sim.configuration.base import assumptions
        from testsite_sim.report import draw_figures, write_report

        figures = draw_figures(tree, directory.path / "figures")
        clock.done("figures")
        page = write_report(
            scenario.title, scenario.description, summary, figures, scenario_text, assumptions(scenario), tree
        )
        directory.write_text(REPORT, page)
        clock.done("report")
        record = file_digest(Path(prepared.record.attrs["file"]))
        write_provenance(directory, clock, weather_record_sha256=record)
    return summary
