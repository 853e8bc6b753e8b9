"""`testsite-sim weather fetch`: months from a public service."""

from pathlib import Path

import click

from testsite_sim.common.printing import echo
from testsite_sim.common.text import printable


@click.command("fetch")
@click.argument("source", type=click.Choice(["era5", "elia", "entsoe"]))
@click.option("--first", required=True, help="First month, such as 2024-01.")
@click.option("--last", required=True, help="Last month.")
@click.option("--name", required=True, help="Data set of Elia (ods134), price zone of ENTSO-E (BE), of the place.")
@click.option("--latitude", type=float, help="Of the point of ERA5 [degree].")
@click.option("--longitude", type=float, help="Of the point of ERA5 [degree].")
@click.option("--interpolate", is_flag=True, help="Between the grid points about it; else the nearest.")
@click.option(
    "--folder", type=click.Path(path_type=Path), default=Path("fetched"), show_default=True, help="Of months."
)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="NetCDF file to write.")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
def fetch_command(
    source: str,
    first: str,
    last: str,
    name: str,
    latitude: float | None,
    longitude: float | None,
    folder: Path,
    output: Path,
    force: bool,
    interpolate: bool,
) -> None:
    """Fetch months from SOURCE; those that are in the folder are not fetched again."""
    from testsite_sim.weather.fetch import fetch
    from testsite_sim.weather.formats import ImportOptions
    from testsite_sim.weather.writing import check_record_target, write_record

    check_record_target(output, force)
    options = ImportOptions(latitude=latitude, longitude=longitude, interpolate=interpolate)
    record = fetch(source, first, last, folder, name, lambda line: echo(line, err=True), options)
    write_record(record, output)
    echo(f"written to {output}")
    if "grid_point" in record.attrs:
        echo(printable(record.attrs["grid_point"]))
