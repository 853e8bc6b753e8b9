"""`testsite-sim compile`: the kernels of scenarios and studies, before they are needed."""

import click

from testsite_sim.cli.completion import complete_scenario
from testsite_sim.cli.scenario_patterns import expanded
from testsite_sim.cli.stopping import log
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.printing import echo


@click.command("compile", short_help="Compile the kernels beforehand.")
@click.argument("scenarios", nargs=-1, shell_complete=complete_scenario)
@click.option("--all", "everything", is_flag=True, help="Every scenario and study that ships.")
@click.option(
    "--processes", type=click.IntRange(min=1), help="Processes that compile at a time; default: one per processor."
)
def compile_command(scenarios: tuple[str, ...], everything: bool, processes: int | None) -> None:
    """Compile the kernels of SCENARIOS (names, files, patterns as 'waterstof/b*') into the cache for their first runs.

    For an image, a classroom or a cluster. Nothing but the cache is written.
    """
    from testsite_sim.cases.compiling import compile_kernels
    from testsite_sim.configuration.catalogue import names

    if everything == bool(scenarios):
        raise ConfigurationError("compile: name scenarios or studies, or all of them by `--all`.")
    chosen, problems = (names("scenarios"), []) if everything else expanded(list(dict.fromkeys(scenarios)))
    if problems:
        raise ConfigurationError(*(f"compile: {problem}" for _, problem in problems))
    compile_kernels(chosen, processes, log)
    echo(f"compiled for {len(chosen)} scenario{'s' if len(chosen) > 1 else ''}")
