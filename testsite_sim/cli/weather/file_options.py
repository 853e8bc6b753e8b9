"""What an option says of a file that does not say it itself."""

from collections.abc import Callable
from pathlib import Path

import click

# The names of the formats, without importing their readers.
FORMATS = ("era5", "newa", "meetnet-vlaamse-banken", "knmi", "elia", "entsoe", "mapped", "reanalysis")


def file_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say what a file does not say itself."""
    for option in reversed(
        [
            click.option("--latitude", type=float, help="Latitude of the point to take from a grid [degree]."),
            click.option("--longitude", type=float, help="Longitude of the point to take from a grid [degree]."),
            click.option(
                "--interpolate",
                is_flag=True,
                help="Interpolate between the grid points around it; default: the nearest.",
            ),
            click.option(
                "--height",
                type=click.FloatRange(min=0.1),
                help="Height of the wind [m], where the file does not state it.",
            ),
            click.option("--station", help="Station to take from a file of several."),
            click.option("--zone", help="Time zone of stamps without one, such as Europe/Brussels."),
            click.option(
                "--mapping",
                type=click.Path(path_type=Path),
                help="YAML file that describes its columns, or the variables of a reanalysis.",
            ),
        ]
    ):
        command = option(command)
    return command
