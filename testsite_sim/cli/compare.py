"""`testsite-sim compare`: the summaries of runs side by side."""

import json
from pathlib import Path

import click

from testsite_sim.common.printing import echo


@click.command("compare")
@click.argument("first", type=click.Path(path_type=Path))
@click.argument("others", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, with every digit.")
def compare_command(first: Path, others: tuple[Path, ...], as_json: bool) -> None:
    """Print the summaries of run directories side by side; of two, with their differences."""
    from testsite_sim.report.compare import compare_runs, comparison

    if as_json:
        echo(json.dumps(comparison(first, *others), indent=2, allow_nan=False))
        return
    echo(compare_runs(first, *others), nl=False)
