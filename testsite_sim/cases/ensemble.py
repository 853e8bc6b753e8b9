"""An ensemble, a sweep or a sensitivity analysis: many runs of a scenario; interrupted, it goes on where it was."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from testsite_sim.cases.case import (
    IN_THIS_PROCESS,
    LOCAL,
    Drawing,
    ExecutionOptions,
    Log,
    ProgressBar,
    Simulated,
    Summary,
    Work,
    brief,
    no_bar,
    silent,
)
from testsite_sim.cases.ensemble_members import begin, executor, kept_members, simulation, unfinished_header
from testsite_sim.cases.opening import open_run
from testsite_sim.cases.publishing import run_case
from testsite_sim.cases.run import Run
from testsite_sim.common.errors import ConfigurationError, nearest
from testsite_sim.common.temporary import temporary_folder
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.configuration.writing import to_yaml
from testsite_sim.output.run_directory import check_target

if TYPE_CHECKING:
    import xarray as xr

    from testsite_sim.ensemble.members import MemberRunner
    from testsite_sim.ensemble.plan import Plan
    from testsite_sim.ensemble.statistics import Output
    from testsite_sim.ensemble.store import Store
    from testsite_sim.report.drawing import FiguresWritten

PARTIAL = ".partial"  # of the folder next to the run directory that holds the members until all are there
DESIGNS = ("sobol", "morris")


@dataclass(frozen=True)
class EnsembleCase:
    """The runs of a plan.

    Attributes
    ----------
    plan
        What is run; see `testsite_sim.ensemble.plan`.
    until
        A precision at which to stop before all members have run, as `levelised_cost_of_hydrogen 1 %`.
    """

    plan: "Plan"
    until: str | None = None
    packages: Sequence[str] = ("h5py", "SALib")

    __repr__ = brief

    @classmethod
    def of_members(
        cls,
        scenario: Scenario,
        members: int | None = None,
        until: str | None = None,
        sweep: Sequence[tuple[Mapping[str, Any], Scenario]] = (),
    ) -> "EnsembleCase":
        """Return the ensemble of random members of a scenario, or of each of the scenarios of a sweep.

        Raises
        ------
        ConfigurationError
            When the number of members is none, or the precision cannot be read.
        """
        from testsite_sim.ensemble.plan import plan_members
        from testsite_sim.ensemble.precision import MOST

        count = MOST if members is None and until is not None else members
        case = cls(plan_members(scenario, members=count, sweep=sweep), until)
        case._check_outputs()
        return case

    @classmethod
    def of_design(cls, scenario: Scenario, design: str = "sobol", samples: int | None = None) -> "EnsembleCase":
        """Return the ensemble that ranks what matters most, by the design `sobol` or `morris`.

        Raises
        ------
        ConfigurationError
            When there is no such design, nothing varies, or the number of samples does not fit.
        """
        from testsite_sim.ensemble.sensitivity import plan_sensitivity

        if not isinstance(design, str) or design not in DESIGNS:
            raise ConfigurationError(f"sensitivity: there is no design {design!r}. {nearest(design, DESIGNS)}")
        return cls(plan_sensitivity(scenario, design, samples))

    @property
    def title(self) -> str:
        """What the scenario is called."""
        return self.plan.scenarios[0].title

    def run(
        self,
        out: str | Path | None = None,
        *,
        force: bool = False,
        execution: ExecutionOptions = IN_THIS_PROCESS,
        log: Log = silent,
        progress_bar: ProgressBar = no_bar,
    ) -> Run:
        """Run it, in memory or into a run directory; see `testsite_sim.cases.publishing.run_case`.

        With `out` the members are kept in a folder next to it, named as it with `.partial`, until all are there: an
        ensemble that was stopped goes on with `ExecutionOptions(resume=True)`.

        Raises
        ------
        ConfigurationError, DataError
            User-correctable; the members that had finished are kept.
        Stopped
            When the user stops it; likewise.
        """
        if out is not None and execution.resume and (finished := self._finished(Path(out), force)) is not None:
            return finished
        return run_case(self, out, force=force, execution=execution, log=log, progress_bar=progress_bar)

    def check(self) -> None:
        """Open and check everything that its scenarios name, and simulate nothing."""
        self._check_outputs()
        self._runner()

    def _check_outputs(self) -> None:
        """Refuse outputs that no summary has, and a precision that cannot be read, or the sampling cannot stop at."""
        from testsite_sim.chain.outputs import check_outputs
        from testsite_sim.ensemble.precision import parse_precision

        check_outputs(self.plan.ensemble.headlines, "ensemble.headlines")
        if self.until is None:
            return
        if self.plan.ensemble.sampling == "latin-hypercube":
            raise ConfigurationError("until: a latin hypercube has a number of members fixed before; take sobol.")
        parse_precision(self.until)

    def _runner(self, log: Log = silent) -> "MemberRunner":
        """Return what runs members, every scenario opened and checked."""
        from testsite_sim.ensemble.members import MemberRunner

        runner = MemberRunner(self.plan, threads=None)
        for note in runner.check():
            log(f"ensemble.weather: {note}")
        return runner

    def _finished(self, target: Path, force: bool) -> Run | None:
        """Return the run of an ensemble that is finished already, None where it is not.

        Raises
        ------
        ConfigurationError
            When what stands there is no ensemble, or another one.
        """
        from testsite_sim.output.ownership import RUN
        from testsite_sim.output.run_directory import read_json

        if not (target / RUN).is_file():
            check_target(target, force)
            return None
        known = read_json(target / RUN).get("identity")
        if not isinstance(known, dict):
            raise ConfigurationError(
                f"{target}: is not an ensemble, so there is nothing to resume; choose another folder."
            )
        from testsite_sim.ensemble.identity import identity, refuse_other
        from testsite_sim.ensemble.store import remove_store

        self._check_outputs()
        refuse_other(known, identity(self.plan, self._runner().records), target)
        remove_store(_folder_of_members(target))
        return open_run(target)

    def simulate(self, work: Work) -> Simulated:
        """Return every output of every member, what was drawn, and the statistics or the sensitivity."""
        from testsite_sim.ensemble.identity import identity

        self._check_outputs()
        runner = self._runner(work.log)
        expected = identity(self.plan, runner.records)
        folder = _folder_of_members(work.target) if work.target is not None else self._temporary_folder(work)
        with _cluster(work.execution, work.log) as client:
            store = work.keep(kept_members(folder, self.plan.cases, lasting=work.target is not None))
            header = unfinished_header(store, folder, work, expected)
            with executor(runner, work.execution, client) as elsewhere:
                outputs = begin(store, runner, header, expected, self._check_named)
                shares_kernels = work.execution.scheduler is None
                simulate = simulation(store, runner, outputs, work.progress_bar, elsewhere, shares_kernels)
                reached = self._simulate_until(simulate, store, outputs, work.log)
        return _reduced(store, reached, outputs, expected, work)

    def _check_named(self, names: Sequence[str]) -> None:
        """Refuse headlines and a precision of outputs that the members do not have."""
        from testsite_sim.chain.outputs import check_outputs
        from testsite_sim.ensemble.precision import parse_precision

        check_outputs(self.plan.ensemble.headlines, "ensemble.headlines", names)
        if self.until is not None:
            parse_precision(self.until, names)

    def _temporary_folder(self, work: Work) -> Path:
        """Return a folder for the members of a run that stays in memory."""
        if self.plan.ensemble.keep_series:
            raise ConfigurationError(
                "ensemble.keep_series: the series of the members are files; give the run a directory with `out`, or "
                "leave it out."
            )
        return work.keep(temporary_folder()) / "members"

    def _simulate_until(
        self, simulate: Callable[[int], None], store: "Store", outputs: "list[Output]", log: Log
    ) -> "Plan":
        """Run all members, or as many as give the precision; return the plan with their number.

        The precision is looked at after numbers of members that do not depend on workers or interruptions.
        """
        from testsite_sim.ensemble.precision import checkpoints, parse_precision

        plan = self.plan
        if self.until is None:
            simulate(plan.cases)
            return plan
        names = [output.name for output in outputs]
        precision = parse_precision(self.until, names)
        column = names.index(precision.output)
        for members in checkpoints(plan.members):
            simulate((members + 1) * plan.points)
            values = store.values[plan.points : (members + 1) * plan.points, column].reshape(members, plan.points)
            found = [precision.reached(values[:, point]) for point in range(plan.points)]
            width = max(each[1] for each in found)
            text = f"{100.0 * width:.3g} %" if precision.relative else f"{width:.4g}"
            if all(each[0] for each in found):
                log(f"{precision.output}: ± {text} (95 %) after {members} members, as expected")
                return replace(plan, members=members)
            log(f"{precision.output}: ± {text} (95 %) after {members} members")
        log(f"{precision.output}: not as precise as expected with {plan.members} members; ask for more of them")
        return plan

    def summarise(self, steps: "Mapping[str, xr.Dataset]") -> Summary:
        """Return P5, P50, P95 and mean of every output with their errors, or the indices of every factor."""
        from testsite_sim.ensemble.results import summary_of

        return summary_of(steps, steps["members"].sizes["member"] - 1)

    def draw(self, simulated: Simulated, results: "xr.DataTree", summary: Summary) -> Drawing:
        """Return the figures of the statistics, the sweep or the sensitivity, and the report."""
        from testsite_sim.report import named_figures
        from testsite_sim.report.ensemble_page import write_ensemble_report

        scenario = _scenario_of(self.plan, results["members"].sizes["member"] - 1)

        def page(figures: "FiguresWritten") -> str:
            return write_ensemble_report(scenario, simulated.scenario, summary, figures, results)

        return Drawing(named_figures(results), page=page)


def _cluster(execution: ExecutionOptions, log: Log) -> AbstractContextManager[Any]:
    """Return what connects to the cluster that is asked for, None where there is none."""
    from testsite_sim.ensemble.cluster import connected, started_here

    if execution.scheduler == LOCAL:
        return started_here(execution.workers, log)
    return connected(execution.scheduler, log, execution.certificates)


def _folder_of_members(target: Path) -> Path:
    """Return the folder that holds the members of an ensemble until all are there."""
    return target.absolute().with_name(target.name + PARTIAL)


def _scenario_of(plan: "Plan", members: int) -> Scenario:
    """Return the scenario of an ensemble with the number of members that have run."""
    kept = {} if plan.design is not None or members == 0 else {"members": members}
    return plan.scenarios[0].model_copy(update={"ensemble": plan.ensemble.model_copy(update=kept)})


def _reduced(
    store: "Store", plan: "Plan", outputs: "list[Output]", identity: Mapping[str, Any], work: Work
) -> Simulated:
    """Return the members and their statistics."""
    import numpy as np

    from testsite_sim.ensemble.results import ensemble_results
    from testsite_sim.report.ensemble.headlines import headlines

    header = store.read_header() or {}
    tabled = header.get("central_by_table")
    steps = ensemble_results(plan, outputs, store.values, None if tabled is None else np.array(tabled, np.float64))
    work.done("statistics")
    steps["members"].attrs["headlines"] = headlines(steps["members"], plan.ensemble.headlines)
    writers = [partial(_write_series, store, plan, header["series"])] if plan.ensemble.keep_series else []
    text = to_yaml(_scenario_of(plan, plan.members))
    return Simulated(steps, text, writers, {"identity": identity})


def _write_series(store: "Store", plan: "Plan", about: Mapping[str, Mapping[str, str]], folder: Path) -> None:
    """Write the series that are kept of the members."""
    from testsite_sim.ensemble.series import gather_series

    gather_series(folder, plan.ensemble.series_format, about, store.series, plan.cases, plan.points)
