"""`testsite-sim weather`: records are generated, imported, inspected, homogenised and fetched; a file a command."""

import click

from testsite_sim.cli.weather.fetch import fetch_command
from testsite_sim.cli.weather.generate import generate_command
from testsite_sim.cli.weather.homogenise import homogenise_command
from testsite_sim.cli.weather.importing import import_command
from testsite_sim.cli.weather.info import info_command


@click.group("weather")
def weather() -> None:
    """Weather records: generate, import, look at, homogenise, fetch."""


for _command in (generate_command, import_command, info_command, homogenise_command, fetch_command):
    weather.add_command(_command)
