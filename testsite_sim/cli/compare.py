"""`testsite-sim compare`: the summaries of runs side by side."""

from pathlib import Path

import click

from testsite_sim.common.printing import echo


@click.command("compare")
@click.argument("first", type=click.Path(path_type=Path))
@click.argument("others", type=click.Path(path_type=Path), nargs=-1, required=True)
def compare_command(first: Path, others: tuple[Path, ...]) -> None:
    """Print the summaries of run directories side by side; of two, with their differences."""
    from testsite_sim.report.compare import compare_runs

    echo(compare_runs(first, *others), nl=False)
