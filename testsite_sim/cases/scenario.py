"""A scenario: one run of the chain, from weather to money."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from testsite_sim.cases.case import Drawing, Log, Simulated, Summary, Work, brief, silent
from testsite_sim.cases.publishing import run_case
from testsite_sim.cases.run import Run
from testsite_sim.common.printing import csv_text
from testsite_sim.configuration.loading import Files, at_places
from testsite_sim.configuration.overrides import Overrides, load_overridden, read_overrides
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.configuration.unused import checked_scenario
from testsite_sim.configuration.writing import to_yaml
from testsite_sim.output.ownership import file_digest

if TYPE_CHECKING:
    import xarray as xr

    from testsite_sim.cases.ensemble import EnsembleCase
    from testsite_sim.cases.sizing import SizingCase
    from testsite_sim.report.drawing import FiguresWritten

EVENTS = "events.csv"


@dataclass(frozen=True)
class ScenarioCase:
    """A scenario, read and checked.

    Attributes
    ----------
    scenario
        Everything that a run needs to know, with its units.
    name
        The name or the path of its file.
    overrides
        Other values for some of its keys.
    """

    scenario: Scenario
    name: str
    overrides: Overrides = ()
    files: Files = field(default_factory=Files, repr=False, compare=False)
    packages: Sequence[str] = ()

    __repr__ = brief

    @property
    def title(self) -> str:
        """What it is called."""
        return self.scenario.title

    def changed(self, overrides: Overrides) -> "ScenarioCase":
        """Return the same scenario with other values for some keys; only files that have changed are parsed again.

        Parameters
        ----------
        overrides : mapping of str to value
            By dotted key, `{"plant.store.capacity": "8 t"}`.

        Raises
        ------
        ConfigurationError
            What of them is wrong.
        """
        return read_scenario(self.name, [*read_overrides(self.overrides), *read_overrides(overrides)], self.files)

    def ensemble(self, members: int | None = None, *, until: str | None = None) -> "EnsembleCase":
        """Return an ensemble of it.

        Parameters
        ----------
        members : int, optional
            How many; None: as its section `ensemble` says, or as many as `until` needs.
        until : str, optional
            A precision at which to stop before all members have run, `levelised_cost_of_hydrogen 1 %`.
        """
        from testsite_sim.cases.ensemble import EnsembleCase

        return EnsembleCase.of_members(self.scenario, members, until)

    def sensitivity(self, design: str = "sobol", samples: int | None = None) -> "EnsembleCase":
        """Return the ensemble that ranks what matters most.

        Parameters
        ----------
        design : str
            `sobol` or `morris`.
        samples : int, optional
            Base samples, or trajectories.
        """
        from testsite_sim.cases.ensemble import EnsembleCase

        return EnsembleCase.of_design(self.scenario, design, samples)

    def sweep(
        self, values: Mapping[str, Sequence[Any]], members: int | None = None, *, until: str | None = None
    ) -> "EnsembleCase":
        """Return a run for every combination of the values of some keys, or an ensemble of each.

        Parameters
        ----------
        values : mapping of str to sequence
            By dotted key, `{"plant.store.capacity": ["2 t", "5 t"]}`.
        members : int, optional
            How many members each has; None: as its section `ensemble` says, or none.
        until : str, optional
            See `ensemble`.
        """
        from testsite_sim.cases.sweep import sweep_case

        return sweep_case(self, values, members, until)

    def size(self, **options: Any) -> "SizingCase":
        """Return the search for the sizes of its plant that are worth most; the options are those of `SizingCase`."""
        from testsite_sim.cases.sizing import SizingCase

        return SizingCase(self.scenario, **options)

    def run(self, out: str | Path | None = None, *, force: bool = False, log: Log = silent) -> Run:
        """Run it, in memory or into a run directory; see `testsite_sim.cases.publishing.run_case`."""
        return run_case(self, out, force=force, log=log)

    def check(self) -> None:
        """Open and check everything that it names, its campaigns at sea and the weather of its members included.

        Raises
        ------
        ConfigurationError, DataError
            What a run would refuse.
        """
        from testsite_sim.chain.checking import check_scenario

        check_scenario(self.scenario)
        if self.scenario.ensemble is not None:
            self.ensemble().check()

    def simulate(self, work: Work) -> Simulated:
        """Return the Dataset of every step of the chain."""
        from testsite_sim.cases.compiling_ahead import compiling_ahead
        from testsite_sim.cases.drawing_ahead import draw_ahead

        # Before threads are started, and what only the steps need is imported; what was parsed is of no use to a copy.
        draw_ahead(replace(self, files=Files()), work)
        from testsite_sim.chain import prepare, simulate_scenario

        steps = {}
        with compiling_ahead(self.scenario) as ahead:
            prepared = prepare(self.scenario)
            work.done("prepare")
            for step, dataset in simulate_scenario(prepared):
                steps[step] = dataset
                work.done(step, dataset)
                ahead.begin_after(step)
        writers = []
        if "event_start" in steps.get("operations", ()):
            writers.append(partial(_write_events, steps["operations"]))
        made = {"weather_record_sha256": file_digest(Path(prepared.record.attrs["file"]))}
        return Simulated(steps, work.resolved(self), writers, made)

    def resolved(self) -> str:
        """Return the whole scenario as YAML, from which it runs again to the same bits."""
        return to_yaml(self.scenario)

    def summarise(self, steps: "Mapping[str, xr.Dataset]") -> Summary:
        """Return the figures of a run that people ask for."""
        from testsite_sim.chain import summarise

        return summarise(steps)

    def draw(self, simulated: Simulated, results: "xr.DataTree", summary: Summary) -> Drawing:
        """Return the figures that the results have, and the report."""
        from testsite_sim.configuration.base import assumptions
        from testsite_sim.report import named_figures, write_report

        def page(figures: "FiguresWritten") -> str:
            scenario = self.scenario
            return write_report(
                scenario.title,
                scenario.description,
                summary,
                figures,
                simulated.scenario,
                assumptions(scenario),
                results,
            )

        return Drawing(named_figures(results), page=page)


def read_scenario(name: str, overrides: Overrides = (), files: Files | None = None) -> ScenarioCase:
    """Read and check a scenario by name or path.

    A file of the user's that it names lies next to the file that names it, and is given its whole path: the resolved
    scenario runs again from any folder.

    Parameters
    ----------
    name : str
        A shipped name, `waterstof/balancing`, or the path of a YAML file.
    overrides : sequence of str or mapping
        `a.b=VALUE`, or dotted keys to values.
    files : Files, optional
        What has parsed some of the files already.

    Raises
    ------
    ConfigurationError
        Naming file, line and remedy.
    """
    files = files or Files()
    document, path = load_overridden(name, Scenario, overrides, files)
    scenario = checked_scenario(document)
    if scenario.wind is not None:
        from testsite_sim.wind import check_models

        with at_places(document):
            check_models(scenario.wind)
    if scenario.weather.is_file:
        written = document.places.get(("weather", "record"))  # in the file that states it, which another may extend
        of_file = written is not None and written.line is not None
        near = (Path(written.origin) if written is not None and of_file else path).parent / scenario.weather.record
        here = Path(scenario.weather.record)  # of an override, which no folder of a file stands behind
        whole = str((near if of_file or near.is_file() else here).resolve())
        scenario = scenario.model_copy(update={"weather": scenario.weather.model_copy(update={"record": whole})})
    return ScenarioCase(scenario, name, overrides, files)


def load_scenario(name: str, overrides: Overrides = ()) -> Scenario:
    """Read and check a scenario by name or path, and return it alone; see `read_scenario`."""
    return read_scenario(name, overrides).scenario


def _write_events(operations: "xr.Dataset", folder: Path) -> None:
    """Write what happened at sea, an event a line."""
    events = operations[[name for name, item in operations.items() if item.dims == ("event",)]]
    (folder / EVENTS).write_text(csv_text(events.to_dataframe(), index=False), encoding="utf-8", newline="\n")
