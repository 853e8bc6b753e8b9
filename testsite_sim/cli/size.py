"""`testsite-sim size`: the sizes of a plant that are worth most."""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from testsite_sim.cli.completion import complete_scenario
from testsite_sim.cli.options import MOST_LINES, QUIET, REPORT, SET, default_directory, open_report, print_summary
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.own_process import expect_plain_arrays
from testsite_sim.common.printing import echo


@click.command("size", short_help="Search for the best electrolyser, tank and fuel cell.")
@click.argument("scenario", shell_complete=complete_scenario)
@click.option(
    "--objective",
    type=click.Choice(["npv", "lcoh"]),
    default="npv",
    help="Search for the largest net present value, or the least levelised cost of hydrogen; default: npv.",
)
@click.option("--electrolyser", default="2 MW, 5 MW, 10 MW, 20 MW, 40 MW", show_default=True, help="Capacities to try.")
@click.option("--tank", default="500 kg, 2000 kg, 5000 kg, 20000 kg", show_default=True, help="Capacities to try.")
@click.option(
    "--fuel-cell",
    help="Least and largest capacity to search between, or one to keep; default: half and twice its own.",
)
@click.option(
    "--require",
    multiple=True,
    metavar='"FIGURE < VALUE UNIT"',
    help='Limit that a size must keep, as "hydrogen_unmet < 5 %"; may be repeated.',
)
@click.option(
    "--store",
    type=click.IntRange(min=0),
    metavar="NUMBER",
    help="Which store of the list `plant.store` is sized, from 0; default: the only one, or the only one by mass.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder; default: results/<scenario>-size.")
@click.option("--force", is_flag=True, help="Replace the folder if it exists.")
@click.option("--open", "opened", is_flag=True, help="Open the report in the browser.")
@QUIET
@SET
def size_command(
    scenario: str,
    objective: str,
    electrolyser: str,
    tank: str,
    fuel_cell: str | None,
    require: tuple[str, ...],
    store: int | None,
    output: Path | None,
    force: bool,
    opened: bool,
    quiet: bool,
    overrides: tuple[str, ...],
) -> None:
    """Search for the sizes of electrolyser, tank and fuel cell that are worth most in SCENARIO."""
    expect_plain_arrays()
    from testsite_sim.cases.reading import read_case
    from testsite_sim.cases.scenario import ScenarioCase
    from testsite_sim.common.progress import reported_steps

    target = output if output is not None else default_directory(scenario, "-size")
    read = read_case(scenario, overrides, command="size")
    if not isinstance(read, ScenarioCase):
        raise ConfigurationError(f"size: {scenario} has no plant to size; name a scenario with an electrolyser.")
    case = read.size(
        electrolyser=electrolyser, tank=tank, objective=objective, require=require, store=store, fuel_cell=fuel_cell
    )
    with reported_steps(MOST_LINES, quiet) as log:
        run = case.run(target, force=force, log=log)
    if not quiet:
        print_summary(run.summary)
        echo(f"written to {target}: open {target / REPORT}")
        echo(f"run it with these sizes: {command_of_sizes(scenario, overrides, case.overrides_of(run.summary))}")
    if opened:
        open_report(target / REPORT)


def command_of_sizes(scenario: str, overrides: Sequence[str], sizes: Mapping[str, str]) -> str:
    """Return the command line that runs a scenario with the sizes that were found.

    Parameters
    ----------
    scenario : str
        As the command line has it.
    overrides : sequence of str
        `a.b=VALUE`, with which it was sized.
    sizes : mapping of str to str
        Those that were found, by the keys of the scenario.

    Examples
    --------
    >>> sizes = {"plant.electrolysers.0.capacity": "4.7731 MW", "plant.store.capacity": "8006.4 kg"}
    >>> command_of_sizes("mine.yaml", ["dispatch.strategy=surplus"], sizes).split(" --set ")[1:]
    ['dispatch.strategy=surplus', "'plant.electrolysers.0.capacity=4.7731 MW'", "'plant.store.capacity=8006.4 kg'"]
    """
    found = [f"{key}={value}" for key, value in sizes.items()]
    kept = [each for each in overrides if each.partition("=")[0].strip() not in sizes]
    stated = " ".join(f"--set {shlex.quote(each)}" for each in (*kept, *found))
    return f"testsite-sim run {shlex.quote(scenario)} {stated}"
