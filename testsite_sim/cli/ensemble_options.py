"""The options of `run` that make an ensemble of a scenario; thin: they call the library and print."""

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from testsite_sim.cli.stopping import log, log_nothing
from testsite_sim.common.arguments import MOST_MEMBERS, MOST_SAMPLES
from testsite_sim.common.printing import echo

if TYPE_CHECKING:
    from testsite_sim.cases.ensemble import EnsembleCase
    from testsite_sim.cases.scenario import ScenarioCase

Command = TypeVar("Command", bound=Callable[..., Any])
_OPTIONS = (
    click.option(
        "--members",
        metavar="N",
        type=click.IntRange(1, MOST_MEMBERS),
        help="Run an ensemble: N members, each with values drawn from the ranges that are stated.",
    ),
    click.option("--until", help='Stop the ensemble at a precision: "levelised_cost_of_hydrogen 1 %".'),
    click.option(
        "--sweep",
        multiple=True,
        metavar="A.B=VALUE,VALUE",
        help="Run every combination of these values; may be repeated.",
    ),
    click.option(
        "--sensitivity", type=click.Choice(["sobol", "morris"]), help="Rank the uncertain quantities by their effect."
    ),
    click.option(
        "--samples",
        type=click.IntRange(2, MOST_SAMPLES),
        help="Base samples (sobol) or trajectories (morris) of --sensitivity.",
    ),
    click.option(
        "--workers",
        type=click.IntRange(1, 256),
        default=1,
        show_default=True,
        help="Processes of an ensemble. Of several scenarios: how many run at a time; default: one per processor.",
    ),
    click.option(
        "--scheduler",
        metavar="ADDRESS",
        help="Run the ensemble on a Dask cluster: tls://HOST:PORT of its scheduler; local: --workers processes here.",
    ),
    click.option(
        "--tls",
        nargs=3,
        type=click.Path(path_type=Path),
        metavar="CA CERTIFICATE KEY",
        help="Files for a scheduler at tls://: certificate of the authority, own certificate, own key.",
    ),
    click.option("--resume", is_flag=True, help="Go on with an ensemble that was stopped, or begin it."),
)


def ensemble_options(command: Command) -> Command:
    """Add the options to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def is_ensemble(scenario: Any, options: Mapping[str, Any]) -> bool:
    """Return whether an ensemble is asked for: by an option, or by the scenario's section."""
    return any(options[name] for name in ("members", "until", "sweep", "sensitivity")) or scenario.ensemble is not None


def refuse_ensemble_options(name: str, options: Mapping[str, Any], *, is_scenario: bool) -> None:
    """Refuse options of an ensemble on what is none."""
    from testsite_sim.common.errors import ConfigurationError

    given = [each for each, value in options.items() if value and not (each == "workers" and value == 1)]
    if not given:
        return
    option = f"--{given[0].replace('_', '-')}"
    if not is_scenario:
        raise ConfigurationError(f"run: {option} is for a scenario of the chain, which {name} is not; leave it out.")
    needed = "--sensitivity sobol" if given[0] == "samples" else "--members N"
    raise ConfigurationError(
        f"run: {option} is for an ensemble, and {name} is run once; add `{needed}`, or leave {option} out."
    )


def run_as_ensemble(
    case: "ScenarioCase", target: Path, options: Mapping[str, Any], *, force: bool, quiet: bool = False
) -> None:
    """Run an ensemble of a scenario, and print its table."""
    from testsite_sim.cases.case import ExecutionOptions, no_bar
    from testsite_sim.common.progress import progress_bar

    execution = ExecutionOptions(options["workers"], options["resume"], options["scheduler"], options["tls"])
    ensemble = _ensemble(case, options)
    say, bar = (log_nothing, no_bar) if quiet else (log, progress_bar)
    run = ensemble.run(target, force=force, execution=execution, log=say, progress_bar=bar)
    if quiet:
        return
    if options["sensitivity"] or options["sweep"]:
        echo(f"{ensemble.plan.cases} runs")
    else:
        print_table(run.summary.entries)
    echo(f"written to {target}: open {target / 'report.html'}")


def _ensemble(case: "ScenarioCase", options: Mapping[str, Any]) -> "EnsembleCase":
    """Return the ensemble that the options ask for."""
    from testsite_sim.common.errors import ConfigurationError

    if options["samples"] and not options["sensitivity"]:
        raise ConfigurationError("--samples is for --sensitivity; add it, or take --members.")
    if options["sensitivity"]:
        other = next((each for each in ("members", "until", "sweep") if options[each]), None)
        if other is not None:
            raise ConfigurationError(f"--sensitivity and --{other} do not go together; run one after the other.")
        return case.sensitivity(options["sensitivity"], options["samples"])
    if not options["sweep"]:
        return case.ensemble(options["members"], until=options["until"])
    from testsite_sim.cases.sweep import sweep_of_points
    from testsite_sim.ensemble.sweep import parse_sweep

    points = [(point, [f"{key}={value}" for key, value in point.items()]) for point in parse_sweep(options["sweep"])]
    return sweep_of_points(case, points, options["members"], options["until"])


def print_table(summary: Mapping[str, Mapping[str, Any]]) -> None:
    """Print P5, P50 and P95 of every output that is not the same in all members."""
    from testsite_sim.ensemble.results import ENERGY, EXCEEDED
    from testsite_sim.output import shown

    names = [name.removesuffix("_p50") for name in summary if name.endswith("_p50")]
    echo(f"  {'':<34}{'P5':>14}{'P50':>14}{'P95':>14}  error of P50")
    for name in names:
        low, middle, high = (summary[f"{name}_p{level}"] for level in (5, 50, 95))
        if low["value"] is None or math.isclose(low["value"], high["value"], rel_tol=1e-9):
            continue
        cells = "".join(f"{shown(each['value'], each['units'])[0]:>14}" for each in (low, middle, high))
        error, units = shown(middle["standard_error"], middle["units"], 2)
        echo(f"  {name:<34}{cells}  ± {error} {units}".rstrip())
    if (energy := summary.get(f"{ENERGY}_{EXCEEDED}")) is not None and energy["value"] is not None:
        value, units = shown(energy["value"], energy["units"])
        error, _ = shown(energy["standard_error"], energy["units"], 2)
        echo(f"P90 of a bank, the energy of a year that 90 % of the members exceed: {value} ± {error} {units}")
