"""`testsite-sim weather fetch`: months or years from a public service."""

from pathlib import Path

import click

from testsite_sim.cli.options import QUIET
from testsite_sim.common.printing import echo
from testsite_sim.common.text import printable


@click.command("fetch", short_help="Fetch years or months from a service.")
@click.argument("source", type=click.Choice(["era5", "elia", "entsoe"]))
@click.option(
    "--years", help="Whole years of ERA5 at one point, such as 2023 or 2014-2023; takes minutes, months take hours."
)
@click.option("--first", help="First month, such as 2024-01.")
@click.option("--last", help="Last month, such as 2024-12.")
@click.option(
    "--name",
    help="With months: data set of Elia (ods134), price zone of ENTSO-E (BE), or what you call the place (ERA5).",
)
@click.option("--latitude", type=float, help="Latitude of the point of ERA5 [degree].")
@click.option("--longitude", type=float, help="Longitude of the point of ERA5 [degree].")
@click.option(
    "--interpolate", is_flag=True, help="Interpolate between the grid points around it; default: the nearest."
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path("fetched"),
    show_default=True,
    help="Folder that keeps every month or year that was fetched.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="NetCDF file to write.")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
@QUIET
def fetch_command(
    source: str,
    years: str | None,
    first: str | None,
    last: str | None,
    name: str | None,
    latitude: float | None,
    longitude: float | None,
    folder: Path,
    output: Path,
    force: bool,
    interpolate: bool,
    quiet: bool,
) -> None:
    """Fetch years or months from a public service; those that are in the folder are not fetched again.

    The simplest: `weather fetch era5 --latitude 51.6 --longitude 2.9 --years 2014-2023 -o mine.nc`.
    """
    from testsite_sim.common.errors import ConfigurationError
    from testsite_sim.weather.fetch import fetch, fetch_point
    from testsite_sim.weather.formats import ImportOptions
    from testsite_sim.weather.writing import check_record_target, write_record

    check_record_target(output, force)
    options = ImportOptions(latitude=latitude, longitude=longitude, interpolate=interpolate)

    def say(line: str) -> None:
        if not quiet:
            echo(line, err=True)

    months = {"--first": first, "--last": last, "--name": name}
    if years is not None:
        given = next((option for option, value in months.items() if value is not None), None)
        if given is not None or source != "era5":
            wrong = given if given is not None else source
            raise ConfigurationError(f"weather fetch: --years is for era5 at one point, and does not go with {wrong}.")
        record = fetch_point(years, folder, say, options)
    else:
        missing = [option for option, value in months.items() if value is None]
        if first is None or last is None or name is None:
            era5 = " (or --years)" if source == "era5" else ""
            raise ConfigurationError(f"weather fetch: {source} takes {', '.join(missing)}{era5}; add what is missing.")
        record = fetch(source, first, last, folder, name, say, options)
    write_record(record, output)
    if quiet:
        return
    echo(f"written to {output}")
    if "grid_point" in record.attrs:
        echo(printable(record.attrs["grid_point"]))
