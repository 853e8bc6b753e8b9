"""The options of `run` that make an ensemble of a scenario; thin: they call the library and print."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])
_OPTIONS = (
    click.option("--members", type=click.IntRange(1, 10_000_000), help="Make an ensemble of so many members."),
    click.option("--workers", type=click.IntRange(1, 256), default=1, show_default=True, help="Processes of it."),
    click.option("--resume", is_flag=True, help="Go on with an ensemble that was stopped, or begin it."),
)  # fmt: skip


def ensemble_options(command: Command) -> Command:
    """Add the options to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def is_ensemble(scenario: Any, options: Mapping[str, Any]) -> bool:
    """Tell whether an ensemble is asked for: by an option, or by the scenario's section."""
    asked = [name for name in ("members",) if options[name]]
    return bool(asked) or scenario.ensemble is not None


def refuse_ensemble_options(name: str, options: Mapping[str, Any]) -> None:
    """Refuse options of an ensemble on what is none."""
    from testsite_sim.errors import ConfigurationError

    given = [each for each, value in options.items() if value and not (each == "workers" and value == 1)]
    if given:
        raise ConfigurationError(
            f"run: --{given[0].replace('_', '-')} is for an ensemble, which {name} is not; add `--members N` to a "
            "scenario of the chain, or leave it out."
        )


def run_as_ensemble(
    scenario: Any, target: Path, options: Mapping[str, Any], *, force: bool, say: Callable[[str], None]
) -> None:
    """Run an ensemble and print its table."""
    from testsite_sim.progress import counted
    from testsite_sim.run_ensemble import HowToRun, run_ensemble

    how = HowToRun(options["workers"], options["resume"], force)
    summary = run_ensemble(scenario, target, how, members=options["members"], say=say, count=counted)
    print_table(summary)
    click.echo(f"written to {target}")


def print_table(summary: Mapping[str, Mapping[str, Any]]) -> None:
    """Print P5, P50 and P95 of every output that is not the same in all members."""
    from testsite_sim.output import units_text, value_text

    names = [name.removesuffix("_p50") for name in summary if name.endswith("_p50")]
    click.echo(f"  {'':<34}{'P5':>14}{'P50':>14}{'P95':>14}  error of P50")
    for name in names:
        low, middle, high = (summary[f"{name}_p{level}"] for level in (5, 50, 95))
        if low["value"] is None or low["value"] == high["value"]:
            continue
        cells = "".join(f"{value_text(each['value'], each['units']):>14}" for each in (low, middle, high))
        error = value_text(middle["standard_error"], middle["units"])
        click.echo(f"  {name:<34}{cells}  ± {error} {units_text(middle['units'])}".rstrip())
