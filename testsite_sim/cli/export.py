"""`testsite-sim export`: the tables of a run for a workbook, a document or a report, or a network of PyPSA."""

from pathlib import Path

import click

from testsite_sim.common.printing import echo

FORMATS = ("excel", "word", "latex", "csv", "pypsa", "zarr")
AGGREGATIONS = ("interval", "month-hour", "representative-days")
MOST_NAMED = 5  # tables that are left out, on a line


@click.command("export", short_help="Write the tables of a run for Excel, Word, LaTeX or CSV.")
@click.argument("run", type=click.Path(path_type=Path), metavar="[NAME=]RUN")
@click.argument("others", type=click.Path(path_type=Path), nargs=-1, metavar="[[NAME=]OTHER]...")
@click.option("--to", type=click.Choice(FORMATS), required=True, help="Format to write.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="File: .xlsx, .docx, .tex, .csv (one table), .zip (all tables as CSV, or Zarr), .nc (PyPSA); default: the "
    "names of RUN and of the tables, in the working directory.",
)
@click.option("--table", "tables", multiple=True, metavar="NAME", help="One table by name; may be repeated.")
@click.option(
    "--aggregation",
    type=click.Choice(AGGREGATIONS),
    help="Time resolution of the table capacity-factors; default: month-hour.",
)
@click.option(
    "--days", type=click.IntRange(1, 366), help="How many days --aggregation representative-days takes; default: 12."
)
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
def export_command(
    run: Path,
    others: tuple[Path, ...],
    to: str,
    output: Path | None,
    tables: tuple[str, ...],
    aggregation: str | None,
    days: int | None,
    force: bool,
) -> None:
    """Export RUN (a run directory) as tables with units and sources; with OTHERs, the comparison of all.

    Runs that are compared are called what you write before their folders, `"20 MW=results/large"`.

    A table for models of energy systems, `capacity-factors`, holds wakes and availability of the farm over time. A
    PyPSA network has a component for every machine; what of them is not linear is stated in its `meta`. Zarr holds all
    results of a run or an ensemble in chunks, which xarray reads as they are needed.
    """
    from testsite_sim.cli.named_runs import named_runs
    from testsite_sim.common.errors import ConfigurationError
    from testsite_sim.export.writing import ON_PAPER, check_export, default_name
    from testsite_sim.output.phrases import Phrases

    if days is not None and aggregation != "representative-days":
        raise ConfigurationError("export: --days is for --aggregation representative-days; add it, or leave it out.")
    if aggregation is not None and (to in ("pypsa", "zarr") or others or (tables and "capacity-factors" not in tables)):
        raise ConfigurationError("export: --aggregation is for the table capacity-factors of one run; leave it out.")
    (run, *rest), names = named_runs([run, *others])
    if names[0] and not rest:
        raise ConfigurationError(f"export: {names[0]!r} names the run next to others; leave the name out.")
    others = tuple(rest)
    output = output or default_name(run, to, tables=tables, compared=bool(others))
    check_export(output, to, force=force, inputs=[run, *others])
    from testsite_sim.cases.opening import open_run

    opened, held = open_run(run), [open_run(each) for each in others]
    left = opened.export(
        output,
        to,
        force=force,
        tables=tables,
        others=(
            {name or str(each): run for name, each, run in zip(names[1:], others, held, strict=True)}
            if any(names)
            else held
        ),
        label=names[0],
        aggregation=aggregation or "month-hour",
        days=days or 12,
    )
    say = Phrases(opened.exported.language)
    echo(say("written to {output}").format(output=output))
    if left:
        left_names = ", ".join(f"{table.name} ({len(table.frame)} {say('rows')})" for table in left[:MOST_NAMED])
        more, where = len(left) - MOST_NAMED, " and {more} more, which its contents list"
        why = "left out: large, or what every draw of a study gave; name them by --table"
        if to in ON_PAPER:
            where = " and {more} more, which its head lists"
            if to == "word":
                where = " and {more} more, which its end lists"
            why = "not in it: too large for a page, or made for programs; export them as excel or csv"
        echo(f"{say(why)}: {left_names}{say(where).format(more=more) if more > 0 else ''}")
    if to == "pypsa":
        _print_not_linear(opened.exported)


def _print_not_linear(exported: object) -> None:
    """Print what the network does not hold."""
    from testsite_sim.export.network import network_of
    from testsite_sim.export.tables import Exported

    assert isinstance(exported, Exported)
    stated = network_of(exported).meta["testsite_sim"]["not_linear"]
    for each in stated:
        echo(f"not linear: {each['component']}: {each['not represented']}; instead: {each['instead']}")
    if not stated:
        echo("linear: PyPSA finds the optimum of perfect foresight")
