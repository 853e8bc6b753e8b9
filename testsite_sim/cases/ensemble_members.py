"""The members of an ensemble on disk: kept until all are there, begun or gone on with, run here or elsewhere."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from testsite_sim.cases.case import ExecutionOptions, ProgressBar, Work
from testsite_sim.common.errors import ConfigurationError, DataError, Stopped

if TYPE_CHECKING:
    from testsite_sim.ensemble.execution import Finish
    from testsite_sim.ensemble.members import MemberRunner
    from testsite_sim.ensemble.statistics import Output
    from testsite_sim.ensemble.store import Store


@contextmanager
def kept_members(folder: Path, cases: int, lasting: bool) -> "Iterator[Store]":
    """Give the members on disk; removed once the ensemble is published, kept whatever else ends it.

    Those of a run in memory are not `lasting`.

    Raises
    ------
    Stopped, ConfigurationError, DataError
        Saying what is kept and how to go on: stopped by the user, by a full disk, by the loss of a cluster.
    """
    from testsite_sim.ensemble.cluster import ClusterLostError
    from testsite_sim.ensemble.store import Store

    with Store(folder, cases) as store:
        if not lasting:
            yield store
            return
        try:
            yield store
        except KeyboardInterrupt as error:
            raise Stopped(_kept(store, folder)) from error
        except ClusterLostError as error:
            raise DataError(f"{error}; {_kept(store, folder)}") from error
        except OSError as error:
            if not error.strerror and not error.errno:
                raise
            raise ConfigurationError(
                f"{folder}: cannot be written ({error.strerror}); {_kept(store, folder)}"
            ) from error
        store.remove()


def _kept(store: "Store", folder: Path) -> str:
    """Return what is on disk and how to go on."""
    done = int(store.done.sum())
    return f"{done} of {store.cases} runs of the ensemble are kept in {folder}; go on with `resume=True`."


def unfinished_header(
    store: "Store", folder: Path, work: Work, identity: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """Return what an unfinished ensemble began with, None where a new one begins.

    Raises
    ------
    ConfigurationError
        When one stands there and it is not said whether to go on with it, or when it is another one.
    """
    from testsite_sim.ensemble.identity import refuse_other

    anew = work.force and not work.execution.resume
    header = None if anew else store.read_header()
    if header is not None and not work.execution.resume:
        raise ConfigurationError(
            f"{folder}: an unfinished ensemble stands there; go on with it by `resume=True`, or begin anew with "
            "`force=True`."
        )
    if header is not None and work.execution.resume:
        refuse_other(header["identity"], identity, folder)
        return header
    store.clear()
    return None


def begin(
    store: "Store",
    runner: "MemberRunner",
    header: Mapping[str, Any] | None,
    identity: Mapping[str, Any],
    check: Callable[[list[str]], None],
) -> "list[Output]":
    """Return the outputs; of a new ensemble from member 0 of every scenario, with which the store begins.

    Where no series are kept, these cases are done then.

    `check` refuses what is asked of outputs that are not there, as soon as their names are known.
    """
    from testsite_sim.ensemble.members import finished
    from testsite_sim.ensemble.series import check_format, described_series, kept_series
    from testsite_sim.ensemble.statistics import Output

    check_format(runner.plan.ensemble.series_format)
    if header is not None:
        outputs = [Output(**each) for each in header["outputs"]]
        check([output.name for output in outputs])
        store.recover()
        return outputs
    known: dict[str, Output] = {}
    about: dict[str, dict[str, str]] = {}
    central = []
    for point in range(runner.plan.points):
        summary, steps = runner.summary(point)
        central.append(summary)
        kept_series(steps, runner.plan.ensemble.keep_series)
        about |= described_series(steps, runner.plan.ensemble.keep_series)
        for name, entry in summary.items():
            known.setdefault(name, Output(name, entry["units"], entry["description"]))
    check(list(known))
    tabled = [
        runner.summary(point, table=True)[0] if runner.plan.reads_table(point) else {}
        for point in range(runner.plan.points)
    ]
    outputs = list(known.values())
    header = {"identity": identity, "outputs": [vars(output) for output in outputs], "series": about}
    if any(tabled):
        # A value that does not exist stays None, which reads back as NaN; so do all of a scenario without a table.
        header["central_by_table"] = [[each.get(name, {"value": None})["value"] for name in known] for each in tabled]
    store.begin(header)
    if not runner.plan.ensemble.keep_series:  # else they are run again: their series may be large
        store.append([finished(point, summary, list(known), {}) for point, summary in enumerate(central)])
    return outputs


@contextmanager
def executor(
    runner: "MemberRunner", execution: ExecutionOptions, client: Any
) -> "Iterator[Callable[[tuple[str, ...]], Finish] | None]":
    """Give what makes members run on a cluster or on several processes; None where this process runs them."""
    from testsite_sim.ensemble.cluster import OnCluster
    from testsite_sim.ensemble.workers import Processes

    if client is not None:
        with OnCluster(client, runner.plan, runner.records) as cluster:
            yield cluster.run
    elif execution.workers > 1:
        with Processes(runner, execution.workers) as processes:
            yield processes.run
    else:
        yield None


def simulation(
    store: "Store",
    runner: "MemberRunner",
    outputs: "list[Output]",
    progress_bar: ProgressBar,
    elsewhere: "Callable[[tuple[str, ...]], Finish] | None",
    shares_kernels: bool,
) -> Callable[[int], None]:
    """Return what runs all cases up to one that are not done."""
    import numpy as np

    from testsite_sim.ensemble.execution import fill, run_serially

    names = tuple(output.name for output in outputs)
    serial = run_serially(runner, names)

    def simulate(last: int) -> None:
        missing = np.flatnonzero(~store.done[:last])
        with progress_bar(last, last - missing.size, "runs") as advance:
            if elsewhere is None:
                fill(store, serial, 0, last, advance)
                return
            if missing.size and shares_kernels:  # compiles what members need before several processes would
                fill(store, serial, 0, int(missing[0]) + 1, advance)
            fill(store, elsewhere(names), 0, last, advance)

    return simulate
