"""`testsite-sim weather homogenise`: breaks of a record against a neighbour, and the record without its own."""

from pathlib import Path

import click

from testsite_sim.cli.weather.file_options import FORMATS
from testsite_sim.common.printing import echo


@click.command("homogenise", short_help="Find breaks of a record against a neighbour.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--neighbour", required=True, help="Record of a neighbour over years; breaks show in the ratio to it.")
@click.option("--distant", required=True, help="Record from farther away, which shows whose break it is.")
@click.option("--history", help="The same station over years, where FILE is a part of it; default: FILE.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="What FILE is, where it is not recognised.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="NetCDF file to write; without it the breaks are only printed.",
)
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
def homogenise_command(
    file: Path,
    neighbour: str,
    distant: str,
    history: str | None,
    form: str | None,
    output: Path | None,
    force: bool,
) -> None:
    """Find breaks of FILE against a neighbour, and write FILE with its segments carried to one level.

    The standard normal homogeneity test finds breaks in the monthly ratio of the two; the level is that of the longest
    segment. How much of a break is FILE's follows from the distant record and its errors.
    """
    from testsite_sim.weather.formats.recognition import open_any
    from testsite_sim.weather.homogeneity import correction, homogenised, segment_text, segments
    from testsite_sim.weather.mast_shadow import correct_mast_shadow
    from testsite_sim.weather.writing import check_record_target, write_record

    if output is not None:
        inputs = [Path(each) for each in (history, neighbour, distant) if each and Path(each).exists()]
        check_record_target(output, force, [file, *inputs])
    record = open_any(str(file), form)
    whole, other = (
        correct_mast_shadow(each)[0] for each in (record if history is None else open_any(history), open_any(neighbour))
    )
    found = segments(whole, other, open_any(distant))
    for line in segment_text(found):
        echo(line)
    factor = correction(found, 0, record["time"])
    note = f"homogenise: factor {float(factor.min()):.4f} to {float(factor.max()):.4f} against {Path(neighbour).name}"
    echo(note)
    if output is not None:
        made = homogenised(record, factor)
        before = str(made.attrs.get("history", ""))
        write_record(made.assign_attrs(history=f"{before}; {note}".removeprefix("; ")), output)
        echo(f"written to {output}")
