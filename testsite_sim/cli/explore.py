"""`testsite-sim explore`: a scenario or a study on a page of this machine."""

from pathlib import Path

import click

from testsite_sim.cli.completion import complete_scenario
from testsite_sim.cli.options import SET, open_address
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.printing import echo


@click.command("explore", short_help="Change a scenario on a page while it runs again.")
@click.argument("scenario", shell_complete=complete_scenario)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=5006,
    show_default=True,
    help="Port of the page; 0: any that is free.",
)
@click.option(
    "--address",
    default="127.0.0.1",
    show_default=True,
    help="Address of the page; the default can be reached from this machine alone.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("results"),
    show_default=True,
    help="Folder that run directories are written to.",
)
@click.option("--open", "is_opened", is_flag=True, help="Open the page in the browser.")
@SET
def explore_command(
    scenario: str, port: int, address: str, output: Path, is_opened: bool, overrides: tuple[str, ...]
) -> None:
    """Change SCENARIO, or a study, on a page of this machine while the chain runs again; ends on Ctrl-C."""
    from testsite_sim.explore.server import check_address

    check_address(address)
    from testsite_sim.cases.reading import read_case
    from testsite_sim.cases.study import StudyCase
    from testsite_sim.cases.windio import WindioCase
    from testsite_sim.explore import serve
    from testsite_sim.explore.answers import check_explorable

    case = read_case(scenario, overrides, command="explore")
    if isinstance(case, WindioCase):
        raise ConfigurationError(f"explore: {scenario} is a windIO plant; expected a scenario or a study.")
    if isinstance(case, StudyCase):
        echo("simulating what all members of the study share", err=True)
    else:
        check_explorable(case)
        case.check()

    def ready(page: str) -> None:
        echo(f"{case.title}: {page}")
        echo("Ctrl-C ends it.")
        if is_opened:
            open_address(page, page)

    serve(case, scenario, output, overrides=overrides, address=address, port=port, ready=ready)
    echo("ended.")
