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
            click.option("--latitude", type=float, help="Of the point to take from a grid [degree]."),
            click.option("--longitude", type=float, help="Of the point to take from a grid [degree]."),
            click.option("--interpolate", is_flag=True, help="Between the grid points about it; else the nearest."),
            click.option("--height", type=click.FloatRange(min=0.1), help="Of the wind [m], where it is not said."),
            click.option("--station", help="Station to take from a file of several."),
            click.option("--zone", help="Time zone of stamps without one, such as Europe/Brussels."),
            click.option(
                "--mapping",
                type=click.Path(path_type=Path),
                help="YAML file that describes it, or a reanalysis.",
            ),
        ]
    ):
        command = option(command)
    return command
