"""`testsite-sim weather info`: what a record holds, and its quality control."""

from typing import Any

import click

from testsite_sim.cli.weather.file_options import FORMATS, file_options
from testsite_sim.common.printing import echo
from testsite_sim.common.text import printable


@click.command("info", short_help="Print what a record holds.")
@click.argument("file")
@click.option("--format", "form", type=click.Choice(FORMATS), help="What the file is, where it is not recognised.")
@file_options
@click.option("--against", help="Another record, in UTC, against which a shift in time shows.")
def info_command(file: str, form: str | None, against: str | None, **stated: Any) -> None:
    """Print what a record (a packaged name, or any file that can be imported) holds, and its quality control."""
    from testsite_sim.output.results import SHOWN_UNITS
    from testsite_sim.weather.control import control_record, report
    from testsite_sim.weather.formats import ImportOptions
    from testsite_sim.weather.formats.recognition import open_any

    options = ImportOptions(**stated)
    record = open_any(file, form, options)
    for key in ("title", "location", "source", "license", "grid_point"):
        if key in record.attrs or key != "grid_point":
            echo(f"{key}: {printable(record.attrs.get(key, 'not stated'))}")
    stamps = record["time"].to_numpy()
    echo(f"time: {stamps.size} intervals, {str(stamps[0])[:16]} to {str(stamps[-1])[:16]} UTC")
    if "height" in record.coords:
        echo(f"heights: {', '.join(f'{each:g}' for each in record['height'].to_numpy())} m")
    for name, values in record.data_vars.items():
        if values.dtype.kind == "f" and values.size and bool(values.notnull().any()):
            units = str(values.attrs.get("units", "?"))
            shown, factor = SHOWN_UNITS.get(units, (units, 1.0))
            low, mean, high = (factor * float(each) for each in (values.min(), values.mean(), values.max()))
            echo(f"  {name} [{shown}]: {low:.4g} to {high:.4g}, mean {mean:.4g}")
    reference = open_any(against) if against is not None else None
    echo(report(control_record(record, reference)), nl=False)
