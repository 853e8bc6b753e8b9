"""`python -m testsite_sim.benchmarking compare OLD.json NEW.json` and `… keep NEW.json BASELINE.json`."""

import sys
from pathlib import Path

import click

from testsite_sim.benchmarking.compare import compare, keep, read_ratios
from testsite_sim.common.errors import TestsiteError


@click.group()
def commands() -> None:
    """Guard the speed of the kernels between commits."""


@commands.command("compare")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option(
    "--margin", default=1.25, show_default=True, type=click.FloatRange(min=1.0), help="Slower by more than this fails."
)
def compare_command(old: Path, new: tuple[Path, ...], margin: float) -> None:
    """Compare the ratios of OLD with those of NEW; exit code 1 if one is worse by more than the margin.

    Several NEW files are one measurement repeated: each benchmark counts with its best ratio.
    """
    measured = [read_ratios(path) for path in new]
    names = {name for ratios in measured for name in ratios}
    best = {name: min(ratios[name] for ratios in measured if name in ratios) for name in names}
    verdict = compare(read_ratios(old), best, margin)
    click.echo(verdict.table)
    if verdict.failures:
        click.echo(
            f"{len(verdict.failures)} benchmark(s) worse than {margin:g}x or gone: {', '.join(verdict.failures)}"
        )
        sys.exit(1)
    click.echo(f"no benchmark is worse than {margin:g}x")


@commands.command("keep")
@click.argument("new", type=click.Path(path_type=Path))
@click.argument("baseline", type=click.Path(path_type=Path))
def keep_command(new: Path, baseline: Path) -> None:
    """Write the ratios of NEW to BASELINE, to be committed."""
    click.echo(f"{keep(new, baseline)} ratios written to {baseline}")


def main() -> None:
    """Run the commands: exit code 1 for a slow-down, 2 for what a user can correct."""
    try:
        commands(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except TestsiteError as error:
        click.echo(f"benchmarking: {error}", err=True)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
