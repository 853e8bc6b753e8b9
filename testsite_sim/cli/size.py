"""`testsite-sim size`: the sizes of a plant that are worth most."""

from pathlib import Path

import click

from testsite_sim.cli.completion import complete_scenario
from testsite_sim.cli.options import MOST_LINES, QUIET, SET, default_directory, print_summary
from testsite_sim.common.printing import echo


@click.command("size")
@click.argument("scenario", shell_complete=complete_scenario)
@click.option(
    "--objective", type=click.Choice(["npv", "lcoh"]), default="npv", help="Largest value, or cheapest hydrogen."
)
@click.option("--electrolyser", default="2 MW, 5 MW, 10 MW, 20 MW, 40 MW", help="Capacities to try, comma-separated.")
@click.option("--tank", default="500 kg, 2000 kg, 5000 kg, 20000 kg", help="Capacities to try, comma-separated.")
@click.option(
    "--require", multiple=True, metavar='"FIGURE < VALUE UNIT"', help='As "hydrogen_unmet < 5 %"; may be repeated.'
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder; default: results/<scenario>-size.")
@click.option("--force", is_flag=True, help="Replace the folder if it exists.")
@QUIET
@SET
def size_command(
    scenario: str,
    objective: str,
    electrolyser: str,
    tank: str,
    require: tuple[str, ...],
    output: Path | None,
    force: bool,
    quiet: bool,
    overrides: tuple[str, ...],
) -> None:
    """Search for the sizes of electrolyser, tank and fuel cell that are worth most in SCENARIO."""
    from testsite_sim.cases.scenario import read_scenario
    from testsite_sim.common.progress import reported_steps

    target = output if output is not None else default_directory(scenario, "-size")
    case = read_scenario(scenario, overrides).size(
        electrolyser=electrolyser, tank=tank, objective=objective, require=require
    )
    with reported_steps(MOST_LINES, quiet) as log:
        run = case.run(target, force=force, log=log)
    if quiet:
        return
    print_summary(run.summary)
    echo(f"written to {target}: see {target / 'figures' / 'sizing.png'}")
