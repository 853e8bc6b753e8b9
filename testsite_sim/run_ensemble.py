"""An ensemble from a scenario to a finished run directory; interrupted, it goes on where it was."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from testsite_sim.common.errors import ConfigurationError, DataError, Stopped
from testsite_sim.common.kernel_cache import announced
from testsite_sim.configuration.writing import to_yaml
from testsite_sim.output.run_directory import REPORT, RESULTS, SCENARIO, SUMMARY, check_target
from testsite_sim.running import Say, running, write_provenance

if TYPE_CHECKING:
    from testsite_sim.ensemble.execution import Finish
    from testsite_sim.ensemble.members import MemberRunner
    from testsite_sim.ensemble.plan import Plan
    from testsite_sim.ensemble.statistics import Output
    from testsite_sim.ensemble.store import Store

PARTIAL = ".partial"  # of the folder beside the run directory that holds the members until they are all there
Count = Callable[[int, int, str], AbstractContextManager[Callable[[int], None]]]


@dataclass(frozen=True)
class HowToRun:
    """How an ensemble is run; what makes no difference to its results.

    `workers` processes on this machine; `resume`: go on with what stands there, or begin; `force`: replace it;
    `scheduler`: the address of a Dask cluster to run it on instead; `certificates`: of its authority, of this
    client, and the key of this client.
    """

    workers: int = 1
    resume: bool = False
    force: bool = False
    scheduler: str | None = None
    certificates: tuple[Path, Path, Path] | None = None


def run_ensemble(
    plan: "Plan", target: Path, how: HowToRun, *, until: str | None = None, say: Say, count: Count
) -> dict[str, Any]:
    """Run the cases of a plan, reduce them and write the run directory, whole or not at all.

    The members stand in a folder beside it, named as it with `.partial`, until all are there.

    Parameters
    ----------
    plan : Plan
        What is run; see `testsite_sim.ensemble.plan`.
    target : Path
        The run directory to make.
    how : HowToRun
        Workers, resume, force.
    until : str, optional
        A precision at which to stop before all members have run, as `levelised_cost_of_hydrogen 1 %`.
    say, count : callable
        Told in a line what is being done; made to be told how many runs are done.

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
    with announced(say):
        return _run_ensemble(plan, target, how, until, say, count)


def _run_ensemble(
    plan: "Plan", target: Path, how: HowToRun, until: str | None, say: Say, count: Count
) -> dict[str, Any]:
    """Run an ensemble whose compiling is announced; see `run_ensemble`."""
    finished = _finished(target, how)
    from testsite_sim.ensemble.cluster import ClusterLostError, connected
    from testsite_sim.ensemble.identity import identity, refuse_other
    from testsite_sim.ensemble.members import MemberRunner
    from testsite_sim.ensemble.precision import parse_precision
    from testsite_sim.ensemble.store import Store
    from testsite_sim.report.ensemble.headlines import check_headlines

    if until is not None:
        parse_precision(until)
        if plan.ensemble.sampling == "latin-hypercube":
            raise ConfigurationError("--until: a latin hypercube has a number of members fixed before; take sobol.")
    runner = MemberRunner(plan, threads=None)
    for point in range(plan.points):
        runner.prepared(point)
    wanted = identity(plan, runner.records)
    if finished is not None:
        return finished(wanted)
    partial = target.absolute().with_name(target.name + PARTIAL)
    with connected(how.scheduler, say, how.certificates) as client, Store(partial, plan.cases) as store:
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
            with _elsewhere(runner, how, client) as elsewhere:
                outputs = _begin(store, runner, header, wanted)
                check_headlines([output.name for output in outputs], plan.ensemble.headlines)
                simulate = _simulation(store, runner, outputs, count, elsewhere, how.scheduler is None)
                reached = _until(simulate, store, plan, outputs, until, say)
            summary = _publish(store, reached, outputs, target, how, wanted, say)
        except KeyboardInterrupt as error:
            raise Stopped(_kept(store, partial)) from error
        except ClusterLostError as error:
            raise DataError(f"{error}; {_kept(store, partial)}") from error
        except OSError as error:
            if not error.strerror and not error.errno:
                raise
            raise ConfigurationError(
                f"{partial}: cannot be written ({error.strerror}); {_kept(store, partial)}"
            ) from error
        store.remove()
    return summary


def _kept(store: "Store", partial: Path) -> str:
    """Say what is on disk and how to go on."""
    done = int(store.done.sum())
    return f"{done} of {store.cases} runs of the ensemble are kept in {partial}; go on with `--resume`."


def _finished(target: Path, how: HowToRun) -> Callable[[Mapping[str, Any]], dict[str, Any]] | None:
    """Return what answers for an ensemble that is finished already, None where it is not."""
    from testsite_sim.output.ownership import RUN
    from testsite_sim.output.run_directory import read_json, read_summary

    if not (how.resume and (target / RUN).is_file()):
        check_target(target, how.force)
        return None
    known = read_json(target / RUN).get("identity")
    if not isinstance(known, dict):
        raise ConfigurationError(f"{target}: is no ensemble, so there is nothing to resume; choose another `-o`.")

    def answer(wanted: Mapping[str, Any]) -> dict[str, Any]:
        from testsite_sim.ensemble.identity import refuse_other
        from testsite_sim.ensemble.store import remove_store

        refuse_other(known, wanted, target)
        remove_store(target.absolute().with_name(target.name + PARTIAL))
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
    tabled: list[dict[str, Any]] = []
    about: dict[str, dict[str, str]] = {}
    for point in range(runner.plan.points):
        summary, steps = runner.summary(point)
        kept_series(steps, runner.plan.ensemble.keep_series)
        about |= described_series(steps, runner.plan.ensemble.keep_series)
        if runner.plan.reads_table(point):
            tabled.append(runner.summary(point, table=True)[0])
        for name, entry in summary.items():
            known.setdefault(name, Output(name, entry["units"], entry["description"]))
    outputs = list(known.values())
    store.open_values(len(outputs))
    header = {"identity": identity, "outputs": [vars(output) for output in outputs], "series": about}
    if len(tabled) == runner.plan.points:
        header["central_by_table"] = [
            [each.get(name, {"value": None})["value"] for name in known] for each in tabled
        ]  # a value that does not exist stays None, which reads back as NaN
    store.write_header(header)
    return outputs


@contextmanager
def _elsewhere(
    runner: "MemberRunner", how: HowToRun, client: Any
) -> "Iterator[Callable[[tuple[str, ...]], Finish] | None]":
    """Give what makes members run on a cluster or on several processes; None where this process runs them."""
    from testsite_sim.ensemble.cluster import OnCluster
    from testsite_sim.ensemble.workers import Processes

    if client is not None:
        with OnCluster(client, runner.plan, runner.records) as cluster:
            yield cluster.run
    elif how.workers > 1:
        with Processes(runner, how.workers) as processes:
            yield processes.run
    else:
        yield None


def _simulation(
    store: "Store", runner: "MemberRunner", outputs: "list[Output]", count: Count,
    elsewhere: "Callable[[tuple[str, ...]], Finish] | None", shares_kernels: bool,
) -> Callable[[int], None]:  # fmt: skip
    """Return what runs all cases up to one that are not done."""
    import numpy as np

    from testsite_sim.ensemble.execution import fill, run_serially

    names = tuple(output.name for output in outputs)
    serial = run_serially(runner, names)

    def simulate(last: int) -> None:
        missing = np.flatnonzero(~store.done[:last])
        with count(last, last - missing.size, "runs") as told:
            if elsewhere is None:
                fill(store, serial, 0, last, told)
                return
            if missing.size and shares_kernels:  # compiles what members need before several processes would
                fill(store, serial, 0, int(missing[0]) + 1, told)
            fill(store, elsewhere(names), 0, last, told)

    return simulate


def _until(
    simulate: Callable[[int], None], store: "Store", plan: "Plan", outputs: "list[Output]", until: str | None, say: Say
) -> "Plan":
    """Run all members, or as many as give the precision; return the plan with their number.

    The precision is looked at after numbers of members that do not depend on workers or interruptions.
    """
    from dataclasses import replace

    from testsite_sim.ensemble.precision import looks, parse_precision

    if until is None:
        simulate(plan.cases)
        return plan
    names = [output.name for output in outputs]
    precision = parse_precision(until, names)
    column = names.index(precision.output)
    for members in looks(plan.members):
        simulate((members + 1) * plan.points)
        values = store.values[plan.points : (members + 1) * plan.points, column].reshape(members, plan.points)
        found = [precision.reached(values[:, point]) for point in range(plan.points)]
        width = max(each[1] for each in found)
        text = f"{100.0 * width:.3g} %" if precision.relative else f"{width:.4g}"
        if all(each[0] for each in found):
            say(f"{precision.output}: ± {text} (95 %) after {members} members, as wanted")
            return replace(plan, members=members)
        say(f"{precision.output}: ± {text} (95 %) after {members} members")
    say(f"--until: not reached with {plan.members} members; raise --members for more")
    return plan


def _publish(
    store: "Store", plan: "Plan", outputs: "list[Output]", target: Path, how: HowToRun, identity: Mapping[str, Any],
    say: Say,
) -> dict[str, Any]:  # fmt: skip
    """Reduce the members and write the run directory."""
    import numpy as np

    from testsite_sim.ensemble.results import ensemble_results, summary_of
    from testsite_sim.ensemble.series import gather_series
    from testsite_sim.output.results import write_results
    from testsite_sim.report import draw_figures
    from testsite_sim.report.ensemble.headlines import headlines
    from testsite_sim.report.ensemble.page import write_ensemble_report

    header = store.read_header() or {}
    with running(target, how.force, say) as (directory, clock):
        tabled = header.get("central_by_table")
        results = ensemble_results(
            plan, outputs, store.values, None if tabled is None else np.array(tabled, np.float64)
        )
        clock.done("statistics")
        summary = summary_of(results, plan.members)
        kept = {} if plan.design is not None or plan.members == 0 else {"members": plan.members}
        scenario = plan.scenarios[0].model_copy(update={"ensemble": plan.ensemble.model_copy(update=kept)})
        text = to_yaml(scenario)
        directory.write_text(SCENARIO, text)
        directory.write_json(SUMMARY, summary)
        results["members"].attrs["headlines"] = headlines(results["members"], plan.ensemble.headlines)
        tree = write_results(results, directory.path / RESULTS, scenario.title, text)
        clock.done("results")
        if plan.ensemble.keep_series:
            files = [store.series_file(number) for number in range(plan.cases)]
            gather_series(directory.path, plan.ensemble.series_format, header["series"], files, plan.points)
            clock.done("series")
        figures = draw_figures(tree, directory.path / "figures")
        clock.done("figures")
        directory.write_text(REPORT, write_ensemble_report(scenario, text, summary, figures, tree))
        clock.done("report")
        write_provenance(directory, clock, ["h5py", "SALib"], identity=identity)
    return summary
