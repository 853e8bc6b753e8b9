"""`testsite-sim compare`: the summaries of runs side by side, and a page of it with figures."""

import json
from pathlib import Path

import click

from testsite_sim.cli.options import open_report
from testsite_sim.common.printing import echo


@click.command("compare", short_help="Show runs next to each other, also as a page.")
@click.argument("first", type=click.Path(path_type=Path), metavar="[NAME=]FIRST")
@click.argument("others", metavar="[NAME=]OTHER...", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, with every digit.")
@click.option(
    "--page",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write it as a page with figures too: one .html file that opens offline.",
)
@click.option("--force", is_flag=True, help="Replace the page if it exists.")
@click.option("--open", "opened", is_flag=True, help="Open the page in the browser.")
def compare_command(
    first: Path, others: tuple[Path, ...], as_json: bool, page: Path | None, force: bool, opened: bool
) -> None:
    """Print the summaries of run directories side by side; of two, with their differences.

    A run is called what you write before its folder, `"20 MW=results/large"`; without a name, as its folder.
    """
    from testsite_sim.cli.named_runs import named_runs
    from testsite_sim.common.errors import ConfigurationError
    from testsite_sim.report.compare import compare_runs, comparison

    if page is None and (force or opened):
        option = "--force" if force else "--open"
        raise ConfigurationError(f"compare: {option} is for --page; add it, or leave {option} out.")
    folders, names = named_runs([first, *others])
    called = [name or str(folder) for name, folder in zip(names, folders, strict=True)]
    if page is not None:
        from testsite_sim.cases.comparison import check_page, write_comparison_page
        from testsite_sim.cases.opening import open_run

        check_page(page, force=force, inputs=folders)
        write_comparison_page([open_run(each) for each in folders], page, names)
    if as_json:
        echo(json.dumps(comparison(*folders, names=called), indent=2, allow_nan=False))
    else:
        echo(compare_runs(*folders, names=called), nl=False)
    if page is not None:
        echo(f"written to {page}", err=as_json)
        if opened:
            open_report(page)
