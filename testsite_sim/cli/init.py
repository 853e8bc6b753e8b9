"""`testsite-sim init`: a scenario of one's own to begin with."""

import shlex
from pathlib import Path

import click

from testsite_sim.common.printing import echo


@click.command("init", short_help="Write a commented scenario of your own.")
@click.argument("name", type=click.Path(path_type=Path), default="my-site")
def init_command(name: Path) -> None:
    """Write a commented scenario of your own into the new folder NAME (my-site), with a layout and a weather file."""
    from testsite_sim.cases.start import start_scenario

    for path in start_scenario(name):
        echo(path)
    begun = str(name / "scenario.yaml")
    begun = f"./{begun}" if begun.startswith("-") else begun  # it would be an option
    echo(f"run it: testsite-sim run {shlex.quote(begun)} --open")
