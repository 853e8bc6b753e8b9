"""Run a case, in memory or into a run directory that is whole or not there."""

import platform
import time
from collections.abc import Callable, Mapping
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from testsite_kernels.compiling.kernel_cache import announced

from testsite_sim.cases.case import (
    IN_THIS_PROCESS,
    Case,
    Drawing,
    ExecutionOptions,
    Log,
    ProgressBar,
    Simulated,
    Summary,
    Work,
    no_bar,
    silent,
)
from testsite_sim.cases.run import Run
from testsite_sim.cases.summary import RunSummary
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.version import __version__
from testsite_sim.output.ownership import DIGESTS, RUN
from testsite_sim.output.run_directory import REPORT, RESULTS, SCENARIO, SUMMARY, RunDirectory, check_target

if TYPE_CHECKING:
    import xarray as xr

FIGURES = "figures"
VERSIONED = ("numpy", "numba", "xarray", "h5netcdf", "scipy", "matplotlib")


def run_case(
    case: Case,
    out: str | Path | None = None,
    *,
    force: bool = False,
    execution: ExecutionOptions = IN_THIS_PROCESS,
    log: Log = silent,
    progress_bar: ProgressBar = no_bar,
) -> Run:
    """Run a case.

    Parameters
    ----------
    case : Case
        What to run.
    out : str or Path, optional
        The run directory to make; None: the run stays in memory.
    force : bool
        Replace a run directory that stands there.
    execution : ExecutionOptions
        Of an ensemble.
    log : callable
        Given a line about what is being done, as `print`.
    progress_bar : callable
        Given how many runs there are, how many are done and what they are called: a context of what is given how many
        more are done.

    Raises
    ------
    ConfigurationError, DataError
        User-correctable; no run directory is left then.
    """
    target = None if out is None else Path(out)
    if target is None and (force or execution.resume):
        raise ConfigurationError("run: `force` and `resume` are of a run directory; name it by `out`.")
    if target is not None and not execution.resume:
        check_target(target, force)
    work = Work(log, progress_bar, target, force, execution)
    with announced(log), work.exits:
        # Imported when they are needed: xarray takes a while, and a target in the way is refused at once.
        simulated = case.simulate(work)
        from testsite_sim.output.results import results_tree

        summary = case.summarise(simulated.steps)
        results = results_tree(simulated.steps, case.title, simulated.scenario)
        draw = _once(partial(case.draw, simulated, results, summary))
        publish = partial(_publish, case, simulated, results, summary, draw, work)
        if target is not None:
            with RunDirectory(target, force) as directory:
                publish(directory)

    def save(directory: RunDirectory) -> None:
        work.restart()
        publish(directory)

    return Run(lambda: case.title, RunSummary(summary), simulated.scenario, lambda: results, draw, save, target)


def _once(draw: Callable[[], Drawing]) -> Callable[[], Drawing]:
    """Return what gives a drawing, and the same one when it is asked again."""
    made: list[Drawing] = []

    def drawing() -> Drawing:
        if not made:
            made.append(draw())
        return made[0]

    return drawing


def _publish(
    case: Case,
    simulated: Simulated,
    results: "xr.DataTree",
    summary: Summary,
    draw: Callable[[], Drawing],
    work: Work,
    directory: RunDirectory,
) -> None:
    """Write everything of a run into its directory."""
    from testsite_sim.output.results import write_results
    from testsite_sim.report.drawing import write_figures

    directory.write_text(SCENARIO, simulated.scenario)
    directory.write_json(SUMMARY, summary)
    write_results(results, directory.path / RESULTS)
    for write in simulated.writers:
        write(directory.path)
    work.done("results")
    drawing = draw()
    figures = write_figures(drawing.figures, directory.path / FIGURES, drawing.formats)
    work.done(FIGURES)
    if drawing.page is not None:
        directory.write_text(REPORT, drawing.page(figures))
        work.done("report")
    _write_provenance(directory, work.seconds, case.packages, simulated.provenance)


def _write_provenance(
    directory: RunDirectory, seconds: Mapping[str, float], packages: Any, more: Mapping[str, Any]
) -> None:
    """Write what made a run: versions, digests of its files, wall time of its steps, and what else is to be known."""
    versions = {"testsite-sim": __version__, "python": platform.python_version()}
    versions |= {name: metadata.version(name) for name in (*VERSIONED, *packages)}
    date = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    content = {"date": date, "versions": versions, **more}
    directory.write_json(RUN, {**content, DIGESTS: directory.digests(), "wall_time_seconds": dict(seconds)})
