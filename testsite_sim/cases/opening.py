"""Open the run directory of any case."""

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from testsite_sim.cases.case import Drawing
from testsite_sim.cases.run import Run, copy_files
from testsite_sim.cases.study import read_study, refuse_brought_study
from testsite_sim.cases.summary import RunSummary
from testsite_sim.common.arguments import path_of
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.loading import Files
from testsite_sim.configuration.overrides import Overrides
from testsite_sim.configuration.yaml_loader import load_document, read_text
from testsite_sim.output.run_directory import SCENARIO, file_of_run, read_summary

if TYPE_CHECKING:
    import xarray as xr


def open_run(directory: str | Path) -> Run:
    """Return the run that stands in a directory; its results are read when they are first asked for.

    Raises
    ------
    ConfigurationError
        When it is not a run directory, or a file of it cannot be read.
    """
    folder = path_of(directory, "open_run")
    summary = RunSummary(read_summary(folder))
    scenario = file_of_run(folder, SCENARIO)

    @cache
    def results() -> "xr.DataTree":
        from testsite_sim.output.results import read_results

        return read_results(folder)

    drawing = partial(drawing_of_run, folder, results)
    return Run(
        partial(_title, scenario), summary, read_text(scenario), results, drawing, partial(copy_files, folder), folder
    )


def _title(scenario: Path) -> str:
    """Return what the resolved scenario, the study or the plant is called."""
    data = load_document(scenario, str).data
    if not isinstance(data, dict):
        raise ConfigurationError(f"{scenario}: is not the scenario of a run (expected a mapping).")
    return str(data.get("title") or data.get("name") or scenario.parent.name)


def drawing_of_run(folder: Path, results: "Callable[[], xr.DataTree]", overrides: Overrides = ()) -> Drawing:
    """Return the figures of a run directory; `overrides` are of a study, such as another language.

    Raises
    ------
    ConfigurationError
        When its results or its study cannot be read, or the directory brings its study along.
    """
    found = results()
    if "study" in found.children:
        files = Files()
        refuse_brought_study(folder, files)
        return read_study(str(folder / SCENARIO), overrides, files).draw_members(found["study"].to_dataset())
    from testsite_sim.report import named_figures

    return Drawing(named_figures(found))
