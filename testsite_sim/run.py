"""One run from a scenario's name to a finished run directory."""

import platform
import time
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from testsite_sim import __version__
from testsite_sim.configuration.loading import checked, load_scenario_document, override
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.configuration.writing import to_yaml
from testsite_sim.kernel_cache import has_compiled_kernels, prepare_kernel_cache
from testsite_sim.output.run_directory import REPORT, RESULTS, RUN, SCENARIO, SUMMARY, RunDirectory, file_digest

Say = Callable[[str], None]
LINES = 10  # of what a run tells: compiling, preparing, five steps, results, figures, report
VERSIONED = ("numpy", "numba", "xarray", "h5netcdf", "scipy", "matplotlib")


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
        override(document, assignment, Scenario, path.parent)
    scenario = checked(Scenario, document)
    if not scenario.weather.is_file:
        return scenario
    whole = str((path.parent / scenario.weather.record).resolve())
    return scenario.model_copy(update={"weather": scenario.weather.model_copy(update={"record": whole})})


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
    with RunDirectory(target, force) as directory:
        if not has_compiled_kernels(prepare_kernel_cache()):
            say("compiling the kernels (once; the next run starts at once) …")
        clock = Clock(say)
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

        if "event_start" in results["operations"]:
            events = results["operations"].drop_dims([d for d in results["operations"].dims if d != "event"])
            directory.write_text("events.csv", events.to_dataframe().to_csv(index=False, lineterminator="\n"))
        tree = write_results(results, directory.path / RESULTS, scenario.title)
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
        written = [SCENARIO, RESULTS, SUMMARY, REPORT]
        directory.write_json(
            RUN,
            {
                "versions": {
                    "testsite-sim": __version__,
                    "python": platform.python_version(),
                    **{name: metadata.version(name) for name in VERSIONED},
                },
                "weather_record_sha256": file_digest(Path(prepared.record.attrs["file"])),
                "files_sha256": {name: directory.digest(name) for name in written},
                "wall_time_seconds": clock.seconds,
            },
        )
    return summary


class Clock:
    """Measures the wall time of each step and says it."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def done(self, step: str) -> None:
        """Note that a step is done."""
        now = time.perf_counter()
        self.seconds[step] = round(now - self._last, 4)
        self._last = now
        self.say(f"{step:<12}{self.seconds[step]:8.2f} s")
