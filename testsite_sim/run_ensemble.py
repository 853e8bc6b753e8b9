"""An ensemble from a scenario to a finished run directory; interrupted, it goes on where it was."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from testsite_sim.configuration.scenario import Scenario
from testsite_sim.configuration.writing import to_yaml
from testsite_sim.errors import ConfigurationError, Stopped
from testsite_sim.kernel_cache import has_compiled_kernels, prepare_kernel_cache
from testsite_sim.output.run_directory import RESULTS, SCENARIO, SUMMARY, check_target
from testsite_sim.running import Say, running, write_provenance

if TYPE_CHECKING:
    from testsite_sim.ensemble.members import MemberRunner
    from testsite_sim.ensemble.plan import Plan
    from testsite_sim.ensemble.statistics import Output
    from testsite_sim.ensemble.store import Store

PARTIAL = ".partial"  # of the folder beside the run directory that holds the members until they are all there
Count = Callable[[int, int, str], AbstractContextManager[Callable[[int], None]]]


@dataclass(frozen=True)
class HowToRun:
    """How an ensemble is run; what makes no difference to its results.

    `workers` processes on this machine; `resume`: go on with what stands there, or begin; `force`: replace it.
    """

    workers: int = 1
    resume: bool = False
    force: bool = False


def run_ensemble(
    scenario: Scenario,
    target: Path,
    how: HowToRun,
    *,
    members: int | None = None,
    sweep: Sequence[tuple[Mapping[str, Any], Scenario]] = (),
    say: Say,
    count: Count,
) -> dict[str, Any]:
    """Run the members of a scenario, reduce them and write the run directory, whole or not at all.

    The members stand in a folder beside it, named as it with `.partial`, until all are there.

    Parameters
    ----------
    scenario : Scenario
        The checked scenario.
    target : Path
        The run directory to make.
    how : HowToRun
        Workers, resume, force.
    members : int, optional
        How many beside member 0; None: as the scenario says.
    sweep : sequence of pairs
        Keys with their values, and the scenario with them.
    say, count : callable
        Told in a line what is being done; made to be told how many members are done.

    Returns
    -------
    dict
        The summary.

    Raises
    ------
    ConfigurationError, DataError
        What the user can mend; the members that had finished are kept.
    Stopped
        When the user stops it; likewise.
    """
    finished = _finished(target, how)
    if not has_compiled_kernels(prepare_kernel_cache()):
        say("compiling the kernels (once; the next run starts at once) …")
    from testsite_sim.ensemble.identity import identity, refuse_other
    from testsite_sim.ensemble.members import MemberRunner
    from testsite_sim.ensemble.plan import plan_members
    from testsite_sim.ensemble.store import Store

    plan = plan_members(scenario, members=members, sweep=sweep)
    runner = MemberRunner(plan, threads=None)
    for point in range(plan.points):
        runner.prepared(point)
    wanted = identity(plan, runner.records)
    if finished is not None:
        return finished(wanted)
    partial = target.absolute().with_name(target.name + PARTIAL)
    with Store(partial, plan.cases) as store:
        try:
            header = store.read_header()
            if header is not None and not how.resume and not how.force:
                raise ConfigurationError(
                    f"{partial}: an unfinished ensemble stands there; go on with it by `--resume`, or begin anew with "
                    "`--force`."
                )
            if header is not None and how.resume:
                refuse_other(header["identity"], wanted, partial)
            else:
                store.clear()
                header = None
            outputs = _begin(store, runner, header, wanted)
            _simulate(store, plan, runner, outputs, how, count)
            summary = _publish(store, plan, runner, outputs, target, how, wanted, say)
        except KeyboardInterrupt as error:
            raise Stopped(_kept(store, partial)) from error
        except OSError as error:
            if not error.strerror and not error.errno:
                raise
            raise ConfigurationError(
                f"{partial}: cannot be written ({error.strerror}); {_kept(store, partial)}"
            ) from error
        shutil.rmtree(partial, ignore_errors=True)
    return summary


def _kept(store: "Store", partial: Path) -> str:
    """Say what is on disk and how to go on."""
    done = int(store.done.sum())
    return f"{done} of {store.cases} runs of the ensemble are kept in {partial}; go on with `--resume`."


def _finished(target: Path, how: HowToRun) -> Callable[[Mapping[str, Any]], dict[str, Any]] | None:
    """Return what answers for an ensemble that is finished already, None where it is not."""
    import json

    from testsite_sim.output.run_directory import RUN, read_summary

    if not (how.resume and (target / RUN).is_file()):
        check_target(target, how.force)
        return None
    known = json.loads((target / RUN).read_text(encoding="utf-8")).get("identity")
    if known is None:
        raise ConfigurationError(f"{target}: is no ensemble, so there is nothing to resume; choose another `-o`.")

    def answer(wanted: Mapping[str, Any]) -> dict[str, Any]:
        from testsite_sim.ensemble.identity import refuse_other

        refuse_other(known, wanted, target)
        shutil.rmtree(target.absolute().with_name(target.name + PARTIAL), ignore_errors=True)
        return read_summary(target)

    return answer


def _begin(
    store: "Store", runner: "MemberRunner", header: Mapping[str, Any] | None, identity: Mapping[str, Any]
) -> "list[Output]":
    """Return the outputs; of a new ensemble from member 0 of every scenario, with which the store begins."""
    from testsite_sim.ensemble.series import check_format, described_series, kept_series
    from testsite_sim.ensemble.statistics import Output

    check_format(runner.plan.ensemble.series_format)
    if header is not None:
        outputs = [Output(**each) for each in header["outputs"]]
        store.open_values(len(outputs))
        store.recover(bool(runner.plan.ensemble.keep_series))
        return outputs
    known: dict[str, Output] = {}
    about: dict[str, dict[str, str]] = {}
    for point in range(runner.plan.points):
        summary, steps = runner.summary(point)
        kept_series(steps, runner.plan.ensemble.keep_series)
        about |= described_series(steps, runner.plan.ensemble.keep_series)
        for name, entry in summary.items():
            known.setdefault(name, Output(name, entry["units"], entry["description"]))
    outputs = list(known.values())
    store.open_values(len(outputs))
    store.write_header({"identity": identity, "outputs": [vars(output) for output in outputs], "series": about})
    return outputs


def _simulate(
    store: "Store", plan: "Plan", runner: "MemberRunner", outputs: "list[Output]", how: HowToRun, count: Count
) -> None:
    """Run what is missing."""
    import numpy as np

    from testsite_sim.ensemble.execution import fill, run_serially
    from testsite_sim.ensemble.workers import run_in_processes

    names = tuple(output.name for output in outputs)
    with count(plan.cases, int(store.done.sum()), "runs") as told:
        serial = run_serially(runner, names)
        if how.workers == 1:
            fill(store, serial, 0, plan.cases, told)
            return
        missing = np.flatnonzero(~store.done)
        if missing.size:  # compiles what members need before several processes would
            fill(store, serial, 0, int(missing[0]) + 1, told)
        fill(store, run_in_processes(plan, runner.records, names, how.workers), 0, plan.cases, told)


def _publish(
    store: "Store", plan: "Plan", runner: "MemberRunner", outputs: "list[Output]", target: Path, how: HowToRun,
    identity: Mapping[str, Any], say: Say,
) -> dict[str, Any]:  # fmt: skip
    """Reduce the members and write the run directory."""
    from testsite_sim.ensemble.results import ensemble_results, summary_of
    from testsite_sim.ensemble.series import gather_series
    from testsite_sim.output.results import write_results

    with running(target, how.force, say) as (directory, clock):
        results = ensemble_results(plan, outputs, store.values)
        clock.done("statistics")
        summary = summary_of(results["statistics"], plan.members)
        scenario = plan.scenarios[0].model_copy(
            update={"ensemble": plan.ensemble.model_copy(update={"members": plan.members})}
        )
        directory.write_text(SCENARIO, to_yaml(scenario))
        directory.write_json(SUMMARY, summary)
        write_results(results, directory.path / RESULTS, scenario.title)
        clock.done("results")
        if plan.ensemble.keep_series:
            about = (store.read_header() or {})["series"]
            files = [store.series_file(number) for number in range(plan.cases)]
            gather_series(directory.path, plan.ensemble.series_format, about, files, plan.points)
            clock.done("series")
        write_provenance(directory, clock, [SCENARIO, RESULTS, SUMMARY], ["h5py"], identity=identity)
    return summary
