"""A study: many members of a model of markets, ranked, with their uncertainty."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from testsite_sim.cases.case import Drawing, Log, Simulated, Summary, Work, brief, silent
from testsite_sim.cases.publishing import run_case
from testsite_sim.cases.run import Run
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.catalogue import find_scenario, names
from testsite_sim.configuration.loading import Files, at_places, checked
from testsite_sim.configuration.overrides import Overrides, load_overridden
from testsite_sim.configuration.writing import to_yaml
from testsite_sim.output.run_directory import SCENARIO
from testsite_sim.studies.framework.configuration import StudyConfiguration

if TYPE_CHECKING:
    import xarray as xr

    from testsite_sim.report.drawing import FiguresWritten
    from testsite_sim.studies.framework.registry import Study

STUDY_SCENARIO = "study"  # scenarios/<name of the study>/study.yaml
LONGEST_CHAIN = 10
FORMATS = ("svg", "png", "pdf")


@dataclass(frozen=True)
class StudyCase:
    """A study, read and checked: its parts, and everything that it assumes."""

    study: "Study"
    configuration: StudyConfiguration
    packages: Sequence[str] = ()

    __repr__ = brief

    @property
    def title(self) -> str:
        """What it is called in its file."""
        return self.configuration.title

    @cached_property
    def words(self) -> dict[str, str]:
        """The words of its language, those that all studies share among them, its wording filled in."""
        from testsite_sim.studies.framework.words import words_of

        return words_of(self.study, self.configuration)

    def run(self, out: str | Path | None = None, *, force: bool = False, log: Log = silent) -> Run:
        """Run it, in memory or into a run directory; see `testsite_sim.cases.publishing.run_case`."""
        return run_case(self, out, force=force, log=log)

    def check(self) -> None:
        """Check everything that it names: all of it is in its file, which is checked."""

    def simulate(self, work: Work) -> Simulated:
        """Return the members with the ranking of the assumptions, and percentiles of the members."""
        from testsite_sim.cases.drawing_ahead import draw_ahead

        draw_ahead(self, work)
        from testsite_sim.studies.framework.uncertainty import percentiles

        members = self.members()
        work.done("study")
        return Simulated({"study": members, "percentiles": percentiles(members)}, work.resolved(self))

    def resolved(self) -> str:
        """Return the whole configuration as YAML, from which the study runs again to the same bits."""
        return to_yaml(self.configuration)

    def members(self) -> "xr.Dataset":
        """Return the members of the study with the ranking of its assumptions."""
        from testsite_sim.studies.framework.simulation import simulate_study

        return simulate_study(self.study, self.configuration)

    def summarise(self, steps: "Mapping[str, xr.Dataset]") -> Summary:
        """Return the headlines with their uncertainty."""
        from testsite_sim.studies.framework.report import summarise_study

        return summarise_study(steps["study"], self.study.headlines, self.words)

    def draw(self, simulated: Simulated, results: "xr.DataTree", summary: Summary) -> Drawing:
        """Return the figures of the study, and its report."""
        from testsite_sim.studies.framework.report import write_study_report
        from testsite_sim.studies.framework.uncertainty import study_assumptions

        words, members = self.words, simulated.steps["study"]

        def page(figures: "FiguresWritten") -> str:
            narrative = self.study.part("narrative")(self.configuration, members, words)
            return write_study_report(
                self.configuration,
                narrative,
                members,
                self.study.headlines,
                words,
                figures,
                study_assumptions(self.configuration),
                simulated.scenario,
            )

        return Drawing(self.draw_members(members).figures, FORMATS, page)

    def draw_members(self, members: "xr.Dataset") -> Drawing:
        """Return the figures of members that were simulated, now or before."""
        from testsite_sim.studies.framework.report import named_study_figures

        return Drawing(named_study_figures(self.study.part("figures"), members, self.words), FORMATS)


def study_of(scenario: str, files: Files | None = None) -> str | None:
    """Return the name of the study that a scenario file states, its parents included; None for a run of the chain.

    Raises
    ------
    ConfigurationError
        When there is no such scenario.
    """
    found = _stated(scenario, files or Files())
    return None if found is None else found[0]


def _stated(scenario: str, files: Files) -> tuple[str, Path] | None:
    """Return the study that a scenario or a parent of it states, and the folder of the file that does."""
    path = find_scenario(scenario)
    for _ in range(LONGEST_CHAIN):
        data = files.read(path).data
        if not isinstance(data, dict):
            return None
        if "study" in data:
            return str(data["study"]), path.parent
        parent = data.get("extends")
        if not isinstance(parent, str):
            return None
        path = find_scenario(parent, path.parent)
    return None


def read_study(scenario: str, overrides: Overrides = (), files: Files | None = None) -> StudyCase:
    """Read and check a study by the name or path of its file.

    Parameters
    ----------
    scenario : str
        `waterstof/study`, or the path of a YAML file; its `study` is the name of one that ships, or the path of the
        folder of another, see `testsite_sim.studies.framework.finding`.
    overrides : sequence of str or mapping
        `a.b=VALUE`, or dotted keys to values.
    files : Files, optional
        What has parsed some of the files already.

    Raises
    ------
    ConfigurationError
        Naming file, line and remedy.
    """
    from testsite_sim.studies import STUDIES
    from testsite_sim.studies.framework.finding import find_study
    from testsite_sim.studies.framework.prices import price_years

    files = files or Files()
    stated = _stated(scenario, files)
    if stated is None:
        raise ConfigurationError(f"{scenario}: states no `study`; it is a scenario of the chain.")
    study, name = find_study(*stated, STUDIES)
    model: type[StudyConfiguration] = study.part("configuration")
    document, _ = load_overridden(scenario, model, overrides, files)
    # The whole path of an own study, so that the scenario of a run runs again from its directory.
    configuration = checked(model, document)
    with at_places(document):
        price_years(configuration)  # once all else is right
    return StudyCase(study, configuration.model_copy(update={"study": name}))


def refuse_brought_study(folder: Path, files: Files | None = None) -> None:
    """Refuse the directory of a run of a study that brings the program along, or leads to one by links.

    A run states the whole path of a study of one's own, which its figures and exports run again. A directory that
    somebody else made could have a program of theirs run so.

    Parameters
    ----------
    folder : Path
        The run directory.
    files : Files, optional
        What parses its scenario, for whoever reads it next.

    Raises
    ------
    ConfigurationError
        When its scenario names the folder of a study otherwise than a run of this user does.
    """
    from testsite_sim.studies.framework.finding import is_path

    stated = _stated(str(folder / SCENARIO), files or Files())
    if stated is None or not is_path(stated[0]):
        return
    code = Path(stated[0])
    if not code.is_absolute() or code != code.resolve() or code.is_relative_to(folder.resolve()):
        raise ConfigurationError(
            f"{folder / SCENARIO}: names the study {stated[0]!r}, a program that would run; a run directory states the "
            "whole path of a folder outside it. Read the program, and run the scenario by its name if you trust it."
        )


def scenario_of_study(name: str) -> str | None:
    """Return the scenario that ships for a study of that name, None where the name is not a study."""
    scenario = f"{name}/{STUDY_SCENARIO}"
    return scenario if scenario in names("scenarios") else None
