"""The command line; thin: it calls the library and prints."""

import io
import signal
import sys
import warnings
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click

from testsite_sim import __version__
from testsite_sim.common.errors import ConfigurationError, Stopped, TestsiteError, nearest
from testsite_sim.common.printing import echo
from testsite_sim.ensemble_options import ensemble_options, is_ensemble, refuse_ensemble_options, run_as_ensemble
from testsite_sim.weather_commands import weather

_STOPPED: list[int] = []  # signals that asked this run to end


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="testsite-sim")
def commands() -> None:
    """Simulate a Flemish offshore test site: wind in real weather, balanced by hydrogen."""


commands.add_command(weather)


@commands.command("list")
@click.argument("kind", required=False)
def list_command(kind: str | None) -> None:
    """List what ships: the names of one KIND of configuration, `weather` for the records, or all."""
    from testsite_sim.configuration.catalogue import kinds, names

    available = ["scenarios", *kinds(), "library", "weather"]
    if kind is not None and kind not in available:
        raise ConfigurationError(f"list: there is no kind {kind!r}. {nearest(kind, available)}")
    for each in [kind] if kind else available:
        echo(f"{each}:")
        if each == "weather":
            _list_weather()
        elif each == "scenarios":
            _list_scenarios()
        elif each == "library":
            _list_library()
        else:
            for name in names("configs", each):
                echo(f"  {name}")


def _list_scenarios() -> None:
    """Print every scenario with its title."""
    from testsite_sim.configuration.catalogue import find_scenario, names
    from testsite_sim.configuration.yaml_loader import load_document

    for name in names("scenarios"):
        echo(f"  {name:<40}{load_document(find_scenario(name)).data.get('title', '')}")


def _list_library() -> None:
    """Print the power curves of windpowerlib, which a turbine names with `library:`."""
    from testsite_sim.wind.fleet import library_types

    echo("  power curves of windpowerlib, for `library:` of a turbine")
    for name in library_types():
        echo(f"  {name}")


def _list_weather() -> None:
    """Print what each packaged record holds."""
    from testsite_sim.weather import list_records

    for record in list_records():
        levels = ", ".join(f"{height:g}" for height in record.heights)
        echo(f"  {record.name}")
        echo(f"    site {record.site}; {record.start} to {record.end} UTC, step {record.step_seconds:g} s")
        echo(f"    heights {levels + ' m' if levels else 'hub, not stated'}; ", nl=False)
        echo(f"mean wind speed {record.mean_wind_speed:.2f} m/s; gaps {record.gaps}; licence {record.license}")
        echo(f"    source {record.source}")


_SET = click.option("--set", "overrides", multiple=True, metavar="A.B=VALUE", help="Override one key; may be repeated.")

_INCLUDE_ROOT = click.option(
    "--include-root",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Folder that the includes of a windIO plant may reach; default: the plant's own.",
)


@commands.command("check")
@click.argument("scenario")
@_SET
@_INCLUDE_ROOT
def check_command(scenario: str, overrides: tuple[str, ...], include_root: Path | None) -> None:
    """Validate SCENARIO (a name, a YAML file or a windIO plant), print it resolved, run nothing."""
    from testsite_sim.configuration.writing import to_yaml
    from testsite_sim.run_plant import check_plant, is_windio
    from testsite_sim.run_study import load_study, study_of

    if is_windio(Path(scenario)):
        _refuse_overrides("check", scenario, overrides)
        for line in check_plant(Path(scenario), include_root):
            echo(line)
    elif include_root is not None:
        raise ConfigurationError(f"check: --include-root is for a windIO plant; {scenario} is none.")
    elif study_of(scenario) is not None:
        echo(to_yaml(load_study(scenario, overrides)[1]), nl=False)
    else:
        from testsite_sim.chain import prepare
        from testsite_sim.run import load_scenario

        loaded = load_scenario(scenario, overrides)
        prepare(loaded)
        echo(to_yaml(loaded), nl=False)
    echo(f"{scenario} is valid.", err=True)


@commands.command("run")
@click.argument("scenario")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Run directory; default: results/<scenario>.")
@click.option("--force", is_flag=True, help="Replace the run directory if it exists.")
@_SET
@_INCLUDE_ROOT
@ensemble_options
def run_command(
    scenario: str,
    output: Path | None,
    force: bool,
    overrides: tuple[str, ...],
    include_root: Path | None,
    **ensemble: Any,
) -> None:
    """Run SCENARIO, a study or a windIO plant (a name or a YAML file): results, summary, figures, report."""
    from testsite_sim.common.progress import reported_steps
    from testsite_sim.run import LINES, load_scenario, run_scenario
    from testsite_sim.run_plant import is_windio, run_plant
    from testsite_sim.run_study import load_study, run_study, study_of

    name = Path(scenario).stem if scenario.endswith((".yaml", ".yml")) else scenario
    target = output if output is not None else Path("results") / name
    if is_windio(Path(scenario)):
        _refuse_overrides("run", scenario, overrides)
        run = partial(run_plant, Path(scenario), include_root=include_root)
    elif include_root is not None:
        raise ConfigurationError(f"run: --include-root is for a windIO plant; {scenario} is none.")
    elif study_of(scenario) is not None:
        run = partial(run_study, *load_study(scenario, overrides))
    else:
        loaded = load_scenario(scenario, overrides)
        if is_ensemble(loaded, ensemble):
            run_as_ensemble(scenario, overrides, loaded, target, ensemble, force=force, say=_say)
            return
        run = partial(run_scenario, loaded)
    refuse_ensemble_options(scenario, ensemble)
    with reported_steps(LINES) as tell:

        def say(line: str) -> None:
            if _STOPPED:
                raise KeyboardInterrupt
            tell(line)

        summary = run(target, force=force, say=say)
    _print_summary(summary)
    for line in summary.get("warnings", {}).get("sentences", ()):
        echo(f"testsite-sim: warning: {line}", err=True)
    echo(f"written to {target}: open {target / 'report.html'}")


def _refuse_overrides(command: str, plant: str, overrides: tuple[str, ...]) -> None:
    """Refuse `--set` with a windIO plant."""
    if overrides:
        raise ConfigurationError(f"{command}: {plant} is a windIO plant, which --set does not change; edit its file.")


def _say(line: str) -> None:
    """Print a line of what is being done; end here if that was asked for."""
    if _STOPPED:
        raise KeyboardInterrupt
    echo(line, err=True)


def _print_summary(summary: dict[str, dict[str, Any]]) -> None:
    """Print name, value and unit of every figure of a summary."""
    from testsite_sim.output import summary_lines

    for line in summary_lines(summary):
        echo(line)


@commands.command("figures")
@click.argument("study_or_directory")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Folder; default: figures/<study>, or figures in the run directory.",
)
@click.option("--format", "formats", default="svg,png,pdf", help="Comma-separated: svg, png, pdf.")
@click.option("--language", type=click.Choice(["nl", "en"]), help="Of the labels of a study; default: the study's.")
@click.option("--force", is_flag=True, help="Replace files of the same names.")
@_SET
def figures_command(
    study_or_directory: str,
    output: Path | None,
    formats: str,
    language: str | None,
    force: bool,
    overrides: tuple[str, ...],
) -> None:
    """Draw the figures of a study (flanders-wind-farm, waterstof), or those of a run directory again."""
    wanted = [each.strip() for each in formats.split(",")]
    unknown = next((each for each in wanted if each not in ("svg", "png", "pdf")), None)
    if unknown is not None:
        raise ConfigurationError(f"--format: there is no format {unknown!r}. {nearest(unknown, ('svg', 'png', 'pdf'))}")
    from testsite_sim.output.files import figures_folder
    from testsite_sim.run_study import load_study, redraw_figures, scenario_of_study, study_of_run, write_figures

    scenario, directory = scenario_of_study(study_or_directory), Path(study_or_directory)
    spoken = [f"language={language}"] if language else []
    target = output or (directory / "figures" if scenario is None else Path("figures") / study_or_directory)
    if scenario is None and overrides:
        raise ConfigurationError(f"figures: --set is for a study; {study_or_directory} is none, so run it again.")
    of_study = scenario is None and study_of_run(directory) is not None
    if scenario is None and spoken and not of_study:
        raise ConfigurationError(f"figures: --language is for a study; {study_or_directory} is none.")
    with figures_folder(target, force, directory if scenario is None else None) as folder:
        if scenario is not None:
            paths = write_figures(*load_study(scenario, (*overrides, *spoken)), folder, wanted)
        elif of_study:
            paths = redraw_figures(directory, folder, wanted, spoken)
        else:
            from testsite_sim.output.results import read_results
            from testsite_sim.report import draw_figures

            paths = draw_figures(read_results(directory), folder, wanted)
    for path in paths:
        echo(target / path.name)


@commands.command("compare")
@click.argument("first", type=click.Path(path_type=Path))
@click.argument("others", type=click.Path(path_type=Path), nargs=-1, required=True)
def compare_command(first: Path, others: tuple[Path, ...]) -> None:
    """Print the summaries of run directories side by side; of two, with their differences."""
    from testsite_sim.report.compare import compare_runs

    echo(compare_runs(first, *others), nl=False)


@commands.command("size")
@click.argument("scenario")
@click.option(
    "--objective", type=click.Choice(["npv", "lcoh"]), default="npv", help="Largest value, or cheapest hydrogen."
)
@click.option("--electrolyser", default="2 MW, 5 MW, 10 MW, 20 MW, 40 MW", help="Capacities to try, comma-separated.")
@click.option("--tank", default="500 kg, 2000 kg, 5000 kg, 20000 kg", help="Capacities to try, comma-separated.")
@click.option(
    "--require", multiple=True, metavar='"FIGURE < VALUE UNIT"', help='As "hydrogen_unmet < 5 %"; may be repeated.'
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder; default: results/<scenario>-size.")
@click.option("--force", is_flag=True, help="Replace the folder if it exists.")
@_SET
def size_command(
    scenario: str,
    objective: str,
    electrolyser: str,
    tank: str,
    require: tuple[str, ...],
    output: Path | None,
    force: bool,
    overrides: tuple[str, ...],
) -> None:
    """Search for the sizes of electrolyser, tank and fuel cell that are worth most in SCENARIO."""
    from testsite_sim.common.progress import reported_steps
    from testsite_sim.configuration.quantities import Mass, Power, parsed_list
    from testsite_sim.run import LINES, load_scenario
    from testsite_sim.run_sizing import run_sizing

    sizes = parsed_list(electrolyser, Power, "--electrolyser"), parsed_list(tank, Mass, "--tank")
    name = Path(scenario).stem if scenario.endswith((".yaml", ".yml")) else scenario
    target = output if output is not None else Path("results") / f"{name}-size"
    loaded = load_scenario(scenario, overrides)
    with reported_steps(LINES) as say:
        summary = run_sizing(loaded, target, *sizes, objective=objective, require=require, force=force, say=say)
    _print_summary(summary)
    echo(f"written to {target}: see {target / 'figures' / 'sizing.png'}")


@commands.command("schema")
@click.argument("study", required=False)
def schema_command(study: str | None) -> None:
    """Print the JSON Schema of the scenario file, or of the file of a STUDY, for editors."""
    import json

    from testsite_sim.configuration.schema import scenario_schema

    if study is None:
        schema = scenario_schema()
    else:
        from testsite_sim.studies import STUDIES
        from testsite_sim.studies.registry import study_by_name

        schema = scenario_schema(study_by_name(STUDIES, study).part("configuration"))
    echo(json.dumps(schema, indent=2))


def _terminate(number: int, frame: FrameType | None) -> None:
    """Turn a request to end into an exception, so that a half-written folder is removed; note it as well.

    A library that is just being imported may swallow the exception: the next line that a run says raises it again.
    """
    _STOPPED.append(number)
    raise KeyboardInterrupt


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line: exit code 2 or 3 with one sentence for what the user can mend."""
    _STOPPED.clear()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # of letters that the terminal does not know
    warnings.showwarning = lambda message, *rest: echo(f"testsite-sim: warning: {message}", err=True)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _terminate)
    try:
        commands(args=arguments, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except Stopped as stopped:
        _stop(str(stopped))
    except (click.Abort, KeyboardInterrupt):
        _stop()
    except TestsiteError as error:
        for problem in error.problems:
            echo(f"testsite-sim: {problem}", err=True)
        sys.exit(error.exit_code)
    except OSError as error:
        echo(f"testsite-sim: {_reason(error)}", err=True)
        sys.exit(2)
    except MemoryError:
        echo("testsite-sim: not enough memory; take a shorter period, fewer members or fewer workers.", err=True)
        sys.exit(2)
    except Exception:
        if not _STOPPED:
            raise
        # An import that was interrupted half way fails with an error of its own.
        _stop()


def _reason(error: OSError) -> str:
    """Return what the system said, of which file: a disk or a network is at fault, or the user."""
    where = f"{error.filename}: " if error.filename is not None else ""
    return f"{where}{error.strerror or error}."


def _stop(kept: str = "nothing was written.") -> NoReturn:
    """Leave as a program does that was asked to end."""
    echo(f"testsite-sim: stopped; {kept}", err=True)
    sys.exit(130)
