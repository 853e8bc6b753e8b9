"""The command group `weather`: thin, it calls the library and prints."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from testsite_sim.common.printing import echo
from testsite_sim.common.text import printable

if TYPE_CHECKING:
    from testsite_sim.weather.formats import ImportOptions


@click.group("weather")
def weather() -> None:
    """Weather records: generate, import, look at, fetch."""


@weather.command("generate")
@click.argument("climate")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="NetCDF file to write.")
@click.option("--years", type=int, default=1, show_default=True, help="Calendar years.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=0, show_default=True, help="Root seed.")
@click.option("--member", type=click.IntRange(0, 2**63 - 1), default=0, show_default=True, help="Number of the record.")
@click.option("--start", default="2001-01-01", show_default=True, help="First day (UTC).")
@click.option("--step", default="1 hour", show_default=True, help="A multiple of 10 min that divides a day.")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
def generate_command(
    climate: str, output: Path, years: int, seed: int, member: int, start: str, step: str, force: bool
) -> None:
    """Generate a record of CLIMATE (a name of configs/climate or a YAML file)."""
    from testsite_kernels.numerics.kernel_cache import announced

    from testsite_sim.common.errors import ConfigurationError
    from testsite_sim.configuration.quantities import parse_quantity
    from testsite_sim.generated_records import generate_of_climate
    from testsite_sim.weather.writing import check_record_target, write_record

    check_record_target(output, force, [Path(climate)])
    try:
        seconds = parse_quantity(step, "s")
    except ValueError as error:
        raise ConfigurationError(f"--step: {error}; wanted such as `10 min` or `1 hour`.") from error
    with announced(echo):
        record, height = generate_of_climate(climate, start=start, years=years, step=seconds, seed=seed, member=member)
    write_record(record, output)
    echo(f"written to {output}: {record.sizes['time']} intervals of {seconds:g} s, mean wind speed "
               f"{float(record['wind_speed'].mean()):.2f} m/s at {height:g} m")  # fmt: skip


def _formats() -> list[str]:
    """Return the names of the formats, without importing their readers."""
    return ["era5", "newa", "meetnet-vlaamse-banken", "knmi", "elia", "entsoe", "mapped"]


def _of_a_file(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say what a file does not say itself."""
    for option in reversed(
        [
            click.option("--latitude", type=float, help="Of the point to take from a grid [degree]."),
            click.option("--longitude", type=float, help="Of the point to take from a grid [degree]."),
            click.option("--interpolate", is_flag=True, help="Between the grid points about it; else the nearest."),
            click.option("--height", type=click.FloatRange(min=0.1), help="Of the wind [m], where it is not said."),
            click.option("--station", help="Station to take from a file of several."),
            click.option("--zone", help="Time zone of stamps without one, such as Europe/Brussels."),
            click.option("--mapping", type=click.Path(path_type=Path), help="YAML file that describes a table."),
        ]
    ):
        command = option(command)
    return command


def _options(stated: dict[str, Any]) -> "ImportOptions":
    """Return what the options of `_of_a_file` state."""
    from testsite_sim.weather.formats import ImportOptions

    return ImportOptions(**stated)


@weather.command("import")
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(_formats()), required=True, help="What the files are.")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="NetCDF file to write.")
@_of_a_file
@click.option(
    "--join", type=click.Path(path_type=Path), multiple=True,
    help="A record, or a file of another format, whose other series are added; may be repeated.",
)  # fmt: skip
@click.option("--join-mapping", type=click.Path(path_type=Path), help="YAML file that describes a table to join.")
@click.option("--join-zone", help="Time zone of its stamps without one.")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
def import_command(
    files: tuple[Path, ...], form: str, output: Path, join: tuple[Path, ...], join_mapping: Path | None,
    join_zone: str | None, force: bool, **stated: Any,
) -> None:  # fmt: skip
    """Import FILES of another's format as one record that a scenario takes.

    Several files, a folder or a zip are one record: years in order, one file a parameter. Overlaps must agree.
    """
    from dataclasses import replace

    from testsite_sim.weather.formats import join_records
    from testsite_sim.weather.formats.recognition import open_any
    from testsite_sim.weather.formats.several import gaps_text, import_records
    from testsite_sim.weather.writing import check_record_target, write_record

    options = _options(stated)
    check_record_target(output, force, [each for each in (*files, options.mapping, *join, join_mapping) if each])
    record = import_records(files, form, options)
    others = replace(options, mapping=join_mapping, zone=join_zone)
    for path in join:
        before = record
        record = join_records(record, open_any(str(path), None, others))
        added = ", ".join(str(name) for name in record.data_vars if name not in before)
        left = before.sizes["time"] - record.sizes["time"]
        echo(f"joined {path}: {added}; {left} interval(s) outside the common time left out")
    write_record(record, output)
    stamps = record["time"].to_numpy()
    echo(f"written to {output}: {', '.join(map(str, record.data_vars))}")
    echo(f"{stamps.size} intervals, {str(stamps[0])[:16]} to {str(stamps[-1])[:16]} UTC")
    for line in (record.attrs.get("grid_point"), gaps_text(record)):
        if line:
            echo(line)


@weather.command("info")
@click.argument("file")
@click.option("--format", "form", type=click.Choice(_formats()), help="What the file is, where it cannot be told.")
@_of_a_file
@click.option("--against", help="Another record in UTC, which tells a time shift.")
def info_command(file: str, form: str | None, against: str | None, **stated: Any) -> None:
    """Print what a record (a packaged name, or any file that can be imported) holds, and its quality control."""
    from testsite_sim.weather.control import control_record, report
    from testsite_sim.weather.formats.recognition import open_any

    options = _options(stated)
    record = open_any(file, form, options)
    for key in ("title", "site", "source", "license", "grid_point"):
        if key in record.attrs or key != "grid_point":
            echo(f"{key}: {printable(record.attrs.get(key, 'not stated'))}")
    stamps = record["time"].to_numpy()
    echo(f"time: {stamps.size} intervals, {str(stamps[0])[:16]} to {str(stamps[-1])[:16]} UTC")
    if "height" in record.coords:
        echo(f"heights: {', '.join(f'{each:g}' for each in record['height'].to_numpy())} m")
    for name, values in record.data_vars.items():
        if values.dtype.kind == "f" and values.size and bool(values.notnull().any()):
            low, mean, high = (float(each) for each in (values.min(), values.mean(), values.max()))
            echo(f"  {name} [{values.attrs.get('units', '?')}]: {low:.4g} to {high:.4g}, mean {mean:.4g}")
    reference = open_any(against) if against is not None else None
    echo(report(control_record(record, reference)), nl=False)


@weather.command("fetch")
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
    source: str, first: str, last: str, name: str, latitude: float | None, longitude: float | None, folder: Path,
    output: Path, force: bool, interpolate: bool,
) -> None:  # fmt: skip
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
