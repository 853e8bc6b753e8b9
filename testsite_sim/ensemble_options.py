"""The options of `run` that make an ensemble of a scenario; thin: they call the library and print."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from testsite_sim.common.printing import echo

Command = TypeVar("Command", bound=Callable[..., Any])
_OPTIONS = (
    click.option("--members", type=click.IntRange(1, 10_000_000), help="Make an ensemble of so many members."),
    click.option("--until", help='Stop at a precision: "levelised_cost_of_hydrogen 1 %".'),
    click.option("--sweep", multiple=True, metavar="A.B=VALUE,VALUE", help="Run a grid of values; may be repeated."),
    click.option("--sensitivity", type=click.Choice(["sobol", "morris"]), help="Rank what matters most."),
    click.option("--samples", type=click.IntRange(2, 1_000_000), help="Base samples or trajectories of it."),
    click.option("--workers", type=click.IntRange(1, 256), default=1, show_default=True, help="Processes of it."),
    click.option("--scheduler", metavar="ADDRESS", help="Run it on a Dask cluster: tls://HOST:PORT of its scheduler."),
    click.option(
        "--tls", nargs=3, type=click.Path(path_type=Path), metavar="CA CERTIFICATE KEY", help="Files for tls://."
    ),
    click.option("--resume", is_flag=True, help="Go on with an ensemble that was stopped, or begin it."),
)


def ensemble_options(command: Command) -> Command:
    """Add the options to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def is_ensemble(scenario: Any, options: Mapping[str, Any]) -> bool:
    """Tell whether an ensemble is asked for: by an option, or by the scenario's section."""
    return any(options[name] for name in ("members", "until", "sweep", "sensitivity")) or scenario.ensemble is not None


def refuse_ensemble_options(name: str, options: Mapping[str, Any]) -> None:
    """Refuse options of an ensemble on what is none."""
    from testsite_sim.common.errors import ConfigurationError

    given = [each for each, value in options.items() if value and not (each == "workers" and value == 1)]
    if given:
        raise ConfigurationError(
            f"run: --{given[0].replace('_', '-')} is for an ensemble, which {name} is not; add `--members N` to a "
            "scenario of the chain, or leave it out."
        )


def run_as_ensemble(
    name: str, overrides: Sequence[str], scenario: Any, target: Path, options: Mapping[str, Any], *, force: bool,
    say: Callable[[str], None],
) -> None:  # fmt: skip
    """Run an ensemble of a scenario, loaded by its name with overrides, and print its table."""
    from testsite_sim.common.errors import ConfigurationError
    from testsite_sim.common.progress import progress_bar
    from testsite_sim.run_ensemble import HowToRun, run_ensemble

    if options["scheduler"] and options["workers"] != 1:
        raise ConfigurationError(
            "--scheduler and --workers do not go together: the workers of a cluster are started beside its scheduler."
        )
    if options["tls"] and not options["scheduler"]:
        raise ConfigurationError("--tls is for --scheduler; add the address of one, or leave it out.")
    how = HowToRun(options["workers"], options["resume"], force, options["scheduler"], options["tls"])
    plan = _plan(name, overrides, scenario, options)
    summary = run_ensemble(plan, target, how, until=options["until"], say=say, count=progress_bar)
    if options["sensitivity"] or options["sweep"]:
        echo(f"{plan.cases} runs")
    else:
        print_table(summary)
    echo(f"written to {target}: open {target / 'report.html'}")


def _plan(name: str, overrides: Sequence[str], scenario: Any, options: Mapping[str, Any]) -> Any:
    """Return the plan that the options ask for."""
    from testsite_sim.common.errors import ConfigurationError
    from testsite_sim.ensemble.plan import plan_members
    from testsite_sim.ensemble.precision import MOST
    from testsite_sim.ensemble.sensitivity import plan_sensitivity
    from testsite_sim.ensemble.sweep import parse_sweep
    from testsite_sim.run import load_scenario

    if options["samples"] and not options["sensitivity"]:
        raise ConfigurationError("--samples is for --sensitivity; add it, or take --members.")
    if options["sensitivity"]:
        other = next((each for each in ("members", "until", "sweep") if options[each]), None)
        if other is not None:
            raise ConfigurationError(f"--sensitivity and --{other} do not go together; run one after the other.")
        return plan_sensitivity(scenario, options["sensitivity"], options["samples"])
    sweep = [
        (point, load_scenario(name, [*overrides, *(f"{key}={value}" for key, value in point.items())]))
        for point in (parse_sweep(options["sweep"]) if options["sweep"] else ())
    ]
    members = options["members"]
    if members is None and options["until"]:
        members = MOST
    elif members is None and sweep and scenario.ensemble is None:
        members = 0
    return plan_members(scenario, members=members, sweep=sweep)


def print_table(summary: Mapping[str, Mapping[str, Any]]) -> None:
    """Print P5, P50 and P95 of every output that is not the same in all members."""
    from testsite_sim.output import shown

    names = [name.removesuffix("_p50") for name in summary if name.endswith("_p50")]
    echo(f"  {'':<34}{'P5':>14}{'P50':>14}{'P95':>14}  error of P50")
    for name in names:
        low, middle, high = (summary[f"{name}_p{level}"] for level in (5, 50, 95))
        if low["value"] is None or low["value"] == high["value"]:
            continue
        cells = "".join(f"{shown(each['value'], each['units'])[0]:>14}" for each in (low, middle, high))
        error, units = shown(middle["standard_error"], middle["units"], 2)
        echo(f"  {name:<34}{cells}  ± {error} {units}".rstrip())
