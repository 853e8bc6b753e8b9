"""What of a run is exported, with the values of its scenario or its study and their sources."""

from typing import TYPE_CHECKING

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.temporary import temporary_folder
from testsite_sim.configuration.base import assumptions
from testsite_sim.export.tables import Exported
from testsite_sim.output.run_directory import SCENARIO

if TYPE_CHECKING:
    from testsite_sim.cases.run import Run


def exported_of(run: "Run") -> Exported:
    """Return what is exported of a run.

    Raises
    ------
    ConfigurationError
        When its scenario cannot be read, or its directory brings the study along that it names.
    """
    from testsite_sim.cases.reading import read_case
    from testsite_sim.cases.scenario import ScenarioCase
    from testsite_sim.cases.study import StudyCase, refuse_brought_study
    from testsite_sim.cases.study_tables import headlines_of_study, tables_of_study
    from testsite_sim.studies.framework.words import meanings

    if run.directory is not None:
        refuse_brought_study(run.directory)
    with temporary_folder() as folder:
        path = folder / SCENARIO
        path.write_text(run.scenario, encoding="utf-8")
        case = read_case(str(path))
        label = run.title if run.directory is None else str(run.directory)
        if isinstance(case, ScenarioCase):
            found = assumptions(case.scenario)
            return Exported(run.title, run.summary.entries, run.results, found, case.scenario, label)
        if isinstance(case, StudyCase):
            if "study" not in run.results.children:
                raise ConfigurationError(f"export: {label}: its scenario is of a study, and its results are not.")
            words = case.words
            found = [
                {**each, "source": words.get(f"source.{each['source']}", each["source"])}
                for each in assumptions(case.configuration)
            ]
            members = run.results["study"].to_dataset()
            report = tables_of_study(case, members)
            title = case.configuration.heading.title
            language = case.configuration.language
            headlines = headlines_of_study(case, members)
            return Exported(
                title,
                run.summary.entries,
                run.results,
                found,
                label=label,
                report=report,
                language=language,
                headlines=headlines,
                meanings=meanings(language),
            )
        return Exported(run.title, run.summary.entries, run.results, (), None, label)
