"""What of a run is exported, with the values of its scenario or its study and their sources."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from testsite_sim.configuration.base import assumptions
from testsite_sim.export.tables import Exported
from testsite_sim.output.run_directory import SCENARIO

if TYPE_CHECKING:
    from testsite_sim.cases.run import Run


def exported_of(run: "Run") -> Exported:
    """Return what is exported of a run."""
    from testsite_sim.cases.reading import read_case
    from testsite_sim.cases.scenario import ScenarioCase
    from testsite_sim.cases.study import StudyCase

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / SCENARIO
        path.write_text(run.scenario, encoding="utf-8")
        case = read_case(str(path))
        label = run.title if run.directory is None else str(run.directory)
        if isinstance(case, ScenarioCase):
            found = assumptions(case.scenario)
            return Exported(run.title, run.summary.entries, run.results, found, case.scenario, label)
        found = assumptions(case.configuration) if isinstance(case, StudyCase) else []
        return Exported(run.title, run.summary.entries, run.results, found, None, label)
