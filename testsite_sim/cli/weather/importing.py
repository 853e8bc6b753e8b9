"""`testsite-sim weather import`: one record of files of another format."""

from pathlib import Path
from typing import Any

import click

from testsite_sim.cli.weather.file_options import FORMATS, file_options
from testsite_sim.common.printing import echo


@click.command("import", short_help="Import files of another format as a record.")
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(FORMATS), required=True, help="What the files are.")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="NetCDF file to write.")
@file_options
@click.option(
    "--join",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A record, or a file of another format, whose other series are added; may be repeated.",
)
@click.option("--join-mapping", type=click.Path(path_type=Path), help="YAML file that describes a table to join.")
@click.option("--join-zone", help="Time zone of its stamps that state none.")
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
def import_command(
    files: tuple[Path, ...],
    form: str,
    output: Path,
    join: tuple[Path, ...],
    join_mapping: Path | None,
    join_zone: str | None,
    force: bool,
    **stated: Any,
) -> None:
    """Import FILES of another format as one record that a scenario can name.

    Several files, a folder or a zip are one record: years in order, one file a parameter. Overlaps must agree.
    """
    from dataclasses import replace

    from testsite_sim.weather.formats import ImportOptions, join_records
    from testsite_sim.weather.formats.recognition import open_any
    from testsite_sim.weather.formats.several import gaps_text, import_records
    from testsite_sim.weather.quality import clock_hint
    from testsite_sim.weather.writing import check_record_target, write_record

    options = ImportOptions(**stated)
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
    if hint := clock_hint(stamps):
        echo(f"warning: the stamps were taken as UTC{hint}", err=True)
