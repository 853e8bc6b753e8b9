"""`testsite-sim run`: any case into its run directory, or several side by side."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from testsite_sim.cli.completion import complete_scenario
from testsite_sim.cli.ensemble_options import ensemble_options, is_ensemble, refuse_ensemble_options, run_as_ensemble
from testsite_sim.cli.options import (
    INCLUDE_ROOT,
    MOST_LINES,
    QUIET,
    REPORT,
    SET,
    default_directory,
    open_report,
    print_summary,
)
from testsite_sim.cli.scenario_patterns import is_pattern
from testsite_sim.cli.stopping import end_if_stopped
from testsite_sim.cli.warned import say_warning
from testsite_sim.common.errors import Stopped
from testsite_sim.common.own_process import expect_plain_arrays
from testsite_sim.common.printing import echo

if TYPE_CHECKING:
    from testsite_sim.cases.summary import RunSummary


@click.command("run", short_help="Run scenarios, studies or windIO plants.")
@click.argument("scenarios", metavar="SCENARIO...", nargs=-1, required=True, shell_complete=complete_scenario)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Run directory; default: results/<scenario>. Of several, or a pattern, the folder that holds theirs.",
)
@click.option("--force", is_flag=True, help="Replace the run directory if it exists.")
@click.option("--open", "opened", is_flag=True, help="Open the report in the browser.")
@QUIET
@SET
@INCLUDE_ROOT
@ensemble_options
@click.pass_context
def run_command(
    context: click.Context,
    /,
    scenarios: tuple[str, ...],
    output: Path | None,
    force: bool,
    opened: bool,
    quiet: bool,
    overrides: tuple[str, ...],
    include_root: Path | None,
    **ensemble: Any,
) -> None:
    """Run each SCENARIO, a study or a windIO plant (a name or a YAML file): results, summary, figures, report.

    A pattern in quotes, 'waterstof/b*', stands for the names that it matches. Several run side by side, each as if
    alone, the one that may take longest first; nothing runs where something is wrong with one of them beforehand. The
    exit code is that of the first one, as they are named, that failed; the others are written all the same.
    """
    if len(scenarios) > 1 or is_pattern(scenarios[0]):
        from testsite_sim.cli.run_several import refuse_single_options, run_several
        from testsite_sim.common.processors import usable_processors

        is_stated = context.get_parameter_source("workers") is not ParameterSource.DEFAULT
        workers = ensemble["workers"] if is_stated else usable_processors()
        refuse_single_options(opened, ensemble)
        expect_plain_arrays()
        run_several(scenarios, output, overrides, include_root, workers, force=force, quiet=quiet)
        return
    (scenario,) = scenarios
    expect_plain_arrays()
    # Before there is a copy, which needs what a case is made of as well: it would import that once more.
    from testsite_sim.cases.drawing_ahead import end_ready_copy, importing_ahead
    from testsite_sim.cases.reading import read_case
    from testsite_sim.cases.scenario import ScenarioCase

    target = output if output is not None else default_directory(scenario)
    with importing_ahead():
        from testsite_sim.common.progress import reported_steps

        case = read_case(scenario, overrides, include_root, "run")
        if isinstance(case, ScenarioCase) and is_ensemble(case.scenario, ensemble):
            end_ready_copy()
            run_as_ensemble(case, target, ensemble, force=force, quiet=quiet)
            if opened:
                open_report(target / REPORT)
            return
        refuse_ensemble_options(scenario, ensemble, is_scenario=isinstance(case, ScenarioCase))
        with reported_steps(MOST_LINES, quiet) as show:

            def log(line: str) -> None:
                end_if_stopped()
                show(line)

            run = case.run(target, force=force, log=log)
    language = str(getattr(getattr(case, "configuration", None), "language", "en"))
    try:
        _show(run.summary, language, target, quiet=quiet, opened=opened)
    except KeyboardInterrupt as stop:
        raise Stopped(f"{target} is written.") from stop


def _show(summary: "RunSummary", language: str, target: Path, *, quiet: bool, opened: bool) -> None:
    """Print what a run directory says, and open its report where that is asked for."""
    if not quiet:
        print_summary(summary, language)
    if "warnings" in summary:
        for line in summary["warnings"].more.get("sentences", ()):
            say_warning(str(line))
    report = target / REPORT
    if not quiet:
        from testsite_sim.output.phrases import Phrases

        say = Phrases(language)
        echo(say("written to {target}: open {report}").format(target=target, report=report))
    if opened:
        if report.is_file():
            open_report(report)
        else:
            echo(f"testsite-sim: warning: {target} has no report to open.", err=True)
