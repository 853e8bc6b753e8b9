"""Run a case, in memory or into a run directory that is whole or not there."""

import platform
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from testsite_kernels.compiling.kernel_cache import announced

from testsite_sim.cases.case import (
    IN_THIS_PROCESS,
    LOCAL,
    Case,
    Drawing,
    DrawsAhead,
    ExecutionOptions,
    Log,
    ProgressBar,
    Simulated,
    Summary,
    Work,
    no_bar,
    silent,
)
from testsite_sim.cases.drawing_ahead import FIGURES, PAGE
from testsite_sim.cases.run import Run
from testsite_sim.cases.summary import RunSummary
from testsite_sim.common.arguments import instance_of, path_of
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.unguarded import end_if_script_is_imported
from testsite_sim.common.version import __version__
from testsite_sim.output.ownership import DIGESTS, RUN
from testsite_sim.output.program import PROGRAM, program_digest
from testsite_sim.output.run_directory import REPORT, RESULTS, SCENARIO, SUMMARY, RunDirectory, check_target

if TYPE_CHECKING:
    import xarray as xr

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
    instance_of(execution, ExecutionOptions, "execution", "ExecutionOptions, as `ExecutionOptions(workers=2)`")
    for name, given in (("log", log), ("progress_bar", progress_bar)):
        if not callable(given):
            raise ConfigurationError(f"{name}: found {given!r}; expected a function, for example `log=print`.")
    if execution.workers != 1 or execution.scheduler == LOCAL:
        end_if_script_is_imported()
    target = None if out is None else path_of(out, "out")
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

    made_by: dict[str, Any] = {}

    def write_data() -> None:
        write_results(results, directory.path / RESULTS)
        for write in simulated.writers:
            write(directory.path)
        work.done("results")
        made_by.update(_program(case.packages))  # while others draw

    directory.write_text(SCENARIO, simulated.scenario)
    directory.write_json(SUMMARY, summary)
    ahead = work.drawing
    if ahead is not None and ahead.ask(simulated, summary, directory.path):
        write_data()
        if not _is_drawn(ahead, work):
            _draw_here(draw(), directory, work)
    else:
        _draw_here(draw(), directory, work, write_data)
    _write_provenance(directory, work.seconds, {**made_by, **simulated.provenance})


def _is_drawn(ahead: DrawsAhead, work: Work) -> bool:
    """Return whether figures and page are written by the copy that draws, once they are."""
    for what in (FIGURES, PAGE):
        if not ahead.has_written(what):
            return False
        work.done(what)
    return True


def _draw_here(
    drawing: Drawing, directory: RunDirectory, work: Work, meanwhile: Callable[[], None] = lambda: None
) -> None:
    """Write figures and page, and do something else while copies draw."""
    from testsite_sim.report.drawing import writing_figures

    with writing_figures(drawing.figures, directory.path / FIGURES, drawing.formats) as finish:
        meanwhile()

        def written() -> list[Path]:
            figures = finish()
            work.done(FIGURES)
            return figures

        if drawing.page is None:
            written()
        else:
            directory.write_text(REPORT, drawing.page(written))
            work.done(PAGE)


def _program(packages: Sequence[str]) -> dict[str, Any]:
    """Return what makes a run: versions, and the digest of this program."""
    versions = {"testsite-sim": __version__, "python": platform.python_version()}
    versions |= {name: metadata.version(name) for name in (*VERSIONED, *packages)}
    return {"versions": versions, PROGRAM: program_digest()}


def _write_provenance(directory: RunDirectory, seconds: Mapping[str, float], known: Mapping[str, Any]) -> None:
    """Write what made a run: date, what is known of it, digests of its files, wall time of its steps."""
    date = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    directory.write_json(RUN, {"date": date, **known, DIGESTS: directory.digests(), "wall_time_seconds": dict(seconds)})
