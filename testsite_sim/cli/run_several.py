"""Several scenarios run by one command: each by a copy of this process, into its own run directory as if alone.

All are read and checked before the first one runs, and their weather is looked at. What all need is imported once. The
longest begins first, by an estimate: begun last, it would go on alone.
"""

import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from testsite_sim.cli.failures import failure_of
from testsite_sim.cli.options import REPORT, default_directory
from testsite_sim.cli.scenario_patterns import expanded
from testsite_sim.cli.stopping import end_if_stopped, listen_to_parent, log_nothing
from testsite_sim.common.errors import ConfigurationError, DataError, Stopped, TestsiteError
from testsite_sim.common.printing import echo

if TYPE_CHECKING:
    from testsite_sim.cases.scenario import ScenarioCase
    from testsite_sim.cases.study import StudyCase
    from testsite_sim.cases.summary import RunSummary
    from testsite_sim.cases.windio import WindioCase

    RunnableCase = ScenarioCase | StudyCase | WindioCase

STOPPED = 130  # exit code, as shells give it
Read = Callable[[str], "RunnableCase"]  # gives the case of a name
Outcome = dict[str, Any]  # of a run: exit code, and what is to be said


@dataclass(frozen=True)
class _Planned:
    """A case that is to be run: its name, as it was stated, its run directory, and how long it may take."""

    name: str
    case: "RunnableCase"
    target: Path
    seconds: float  # that it takes, about


def refuse_single_options(opened: bool, ensemble: Mapping[str, Any]) -> None:
    """Refuse options that are of one scenario where several are named.

    Raises
    ------
    ConfigurationError
        Naming the option.
    """
    given = [each for each, value in ensemble.items() if value and each != "workers"]
    if given:
        option = given[0].replace("_", "-")
        raise ConfigurationError(
            f"run: --{option} is for an ensemble of one scenario; name one alone, or leave it out."
        )
    if opened:
        raise ConfigurationError("run: --open opens one report; name one scenario alone, or leave it out.")


def run_several(
    names: Sequence[str],
    output: Path | None,
    overrides: Sequence[str],
    include_root: Path | None,
    workers: int,
    *,
    force: bool,
    quiet: bool,
) -> None:
    """Run cases side by side, and print where each is written, or what is wrong with it.

    Parameters
    ----------
    names : sequence of str
        Of scenarios and studies, paths of their files, or patterns of names.
    output : Path, optional
        The folder of their run directories; None: `results`.
    overrides : sequence of str
        Of each, `a.b=VALUE`.
    include_root : Path, optional
        The folder that the includes of windIO plants may reach.
    workers : int
        How many run at a time.
    force : bool
        Replace run directories that exist.
    quiet : bool
        Print warnings and errors alone.

    Raises
    ------
    TestsiteError
        What is wrong with each, before anything runs.
    SystemExit
        With the exit code of the first one, as they were stated, that failed.
    """
    planned = _plan(*expanded(names), output or Path("results"), _reader(overrides, include_root), force)
    from testsite_sim.cases.importing_for_runs import import_for_runs
    from testsite_sim.common.copy_per_task import copy_per_task
    from testsite_sim.common.processors import share_processors
    from testsite_sim.common.progress import reported_steps

    import_for_runs([each.case for each in planned])
    queue = sorted(planned, key=lambda each: -each.seconds)
    tasks = [partial(_attempt, each, force) for each in queue]

    def settle() -> None:
        listen_to_parent()
        share_processors(min(workers, len(planned)))

    widest = max(len(each.name) for each in planned)
    outcomes: dict[str, Outcome] = {}
    try:
        with (
            _parents([each.target for each in planned]),
            copy_per_task(tasks, workers, settle) as work,
            reported_steps(len(planned), quiet) as show,
        ):
            try:
                for place in work.as_they_end():
                    end_if_stopped()
                    outcome = _outcome(queue[place], work.results[place])
                    took = "  failed" if outcome["code"] else f"{outcome['seconds']:8.2f} s"
                    show(f"{queue[place].name:<{widest}}{took}")
            finally:
                work.end()
                outcomes = {queue[place].name: _outcome(queue[place], given) for place, given in work.results.items()}
    except KeyboardInterrupt as stop:
        written = [str(each.target) for each in planned if outcomes.get(each.name, {"code": STOPPED})["code"] == 0]
        if not written:
            raise
        raise Stopped(f"{len(written)} of {len(planned)} are written: {', '.join(written)}.") from stop
    code = _say(planned, outcomes, quiet)
    if code:
        sys.exit(code)


def _reader(overrides: Sequence[str], include_root: Path | None) -> Read:
    """Return what reads and checks a case by its name; a file that several name is parsed once."""
    from testsite_sim.cases.reading import read_case
    from testsite_sim.cases.scenario import ScenarioCase
    from testsite_sim.cases.windio import WindioCase
    from testsite_sim.configuration.loading import Files

    files = Files()

    def read(name: str) -> "RunnableCase":
        case = read_case(name, overrides, include_root, "run", files)
        if isinstance(case, ScenarioCase) and case.scenario.ensemble is not None:
            raise ConfigurationError("is an ensemble, by its section `ensemble`; run it alone.")
        if isinstance(case, WindioCase):
            case.check()
        return case

    return read


def _plan(
    names: Sequence[str], problems: Sequence[tuple[str, ConfigurationError]], root: Path, read: Read, force: bool
) -> list[_Planned]:
    """Read all cases, and return what is to be run; all that is wrong with any of them is raised at once."""
    from testsite_sim.cases.duration import estimated_seconds
    from testsite_sim.output.run_directory import check_target
    from testsite_sim.weather.beforehand import WeatherBeforehand

    weather = WeatherBeforehand()
    planned: list[_Planned] = []
    errors: list[tuple[str, TestsiteError | OSError]] = [*problems]
    targets: dict[str, Path] = {}
    for name in dict.fromkeys(names):
        target = default_directory(name, root=root)
        try:
            if names.count(name) > 1:
                raise ConfigurationError("is named twice; name each scenario once.")
            other = next((each for each, taken in targets.items() if _share(taken, target)), None)
            if other is not None:
                raise ConfigurationError(
                    f"would be written to {target}, and {other} to {targets[other]}; run one of them alone, with an "
                    "`-o` of its own."
                )
            targets[name] = target
            check_target(target, force)
        except TestsiteError as error:
            errors.append((name, error))
        try:
            case = read(name)
            planned.append(_Planned(name, case, target, estimated_seconds(case, weather)))
        except (TestsiteError, OSError) as error:
            errors.append((name, error))
    if errors:
        found = [(name, *failure_of(error)) for name, error in errors]
        kind = DataError if found[0][1] == DataError.exit_code else ConfigurationError
        raise kind(*(_named(name, sentence) for name, _, sentences in found for sentence in sentences))
    return planned


def _named(name: str, sentence: str) -> str:
    """Return a sentence about a scenario with its name before it, unless it stands in the sentence."""
    return sentence if name in sentence else f"{name}: {sentence}"


def _share(first: Path, second: Path) -> bool:
    """Return whether two run directories are the same, or one of them stands in the other."""
    one, other = first.resolve(), second.resolve()
    return one.is_relative_to(other) or other.is_relative_to(one)


def _attempt(planned: _Planned, force: bool) -> Outcome:
    """Run a case into its run directory, and return what is to be said of it."""
    began = time.perf_counter()
    warned: list[str] = []
    try:
        with warnings.catch_warnings():
            warnings.showwarning = lambda message, *rest: warned.append(str(message))
            run = planned.case.run(planned.target, force=force, log=log_nothing)
    except (TestsiteError, OSError, MemoryError) as error:
        code, problems = failure_of(error)
        return {"code": code, "problems": problems, "warnings": warned}
    except KeyboardInterrupt:
        return {"code": STOPPED, "problems": ("stopped; nothing was written.",), "warnings": ()}
    except Exception:
        return {"code": 1, "problems": (), "warnings": warned, "traceback": traceback.format_exc()}
    seconds = time.perf_counter() - began
    try:
        return _written(planned, run.summary, warned, seconds)
    except KeyboardInterrupt:  # too late
        return _written(planned, run.summary, warned, seconds)


def _written(planned: _Planned, summary: "RunSummary", warned: Sequence[str], seconds: float) -> Outcome:
    """Return what is to be said of a run that is written."""
    from testsite_sim.output.phrases import Phrases

    sentences = summary["warnings"].more.get("sentences", ()) if "warnings" in summary else ()
    say = Phrases(str(getattr(getattr(planned.case, "configuration", None), "language", "en")))
    line = say("written to {target}: open {report}").format(target=planned.target, report=planned.target / REPORT)
    return {"code": 0, "line": line, "warnings": [*warned, *sentences], "seconds": seconds}


def _outcome(planned: _Planned, given: Any) -> Outcome:
    """Return what is to be said of a case: what its copy has returned or, where that was killed, how it ended."""
    from testsite_sim.common.copy_per_task import Ended
    from testsite_sim.output.ownership import clear_leftovers

    if not isinstance(given, Ended) and given["code"] == 0:
        return dict(given)
    clear_leftovers(planned.target.absolute())
    if not isinstance(given, Ended):
        return dict(given)
    if given.code >= 0:
        return {"code": given.code or 1, "problems": (f"its process ended with code {given.code}.",), "warnings": ()}
    sentence = (
        f"its process was killed (signal {-given.code}); where memory was short, take fewer at a time by `--workers 1`."
    )
    return {"code": 128 - given.code, "problems": (sentence,), "warnings": ()}


def _say(planned: Sequence[_Planned], outcomes: Mapping[str, Outcome], quiet: bool) -> int:
    """Print what is to be said of each case, in their order, and return the exit code of the first that failed."""
    for each in planned:
        outcome = outcomes[each.name]
        for warning in outcome["warnings"]:
            echo(f"testsite-sim: warning: {_named(each.name, warning)}", err=True)
        for problem in outcome.get("problems", ()):
            echo(f"testsite-sim: {_named(each.name, problem)}", err=True)
        if "traceback" in outcome:
            echo(f"testsite-sim: {each.name}:\n{outcome['traceback']}", err=True)
        if "line" in outcome and not quiet:
            echo(f"{each.name}: {outcome['line']}")
    return next((outcomes[each.name]["code"] for each in planned if outcomes[each.name]["code"]), 0)


@contextmanager
def _parents(targets: Sequence[Path]) -> Iterator[None]:
    """Make the folders above run directories, and remove those again that stay empty.

    A run that fails would remove what another is just about to use.
    """
    made: list[Path] = []
    try:
        for target in targets:
            for folder in reversed(target.absolute().parents):
                if not folder.exists():
                    folder.mkdir()
                    made.append(folder)
        yield
    finally:
        for folder in reversed(made):
            with suppress(OSError):  # holds a run
                folder.rmdir()
