"""Runs next to each other: a table, and a page of it with figures."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.report.compare import comparison_table

if TYPE_CHECKING:
    from testsite_sim.cases.run import Run

ENDS = (".html", ".htm")
PAGE = "--page"


class RunComparison(pd.DataFrame):
    """The summaries of runs next to each other, a row a figure, a column a run; what is taken from it is a plain table.

    Parameters
    ----------
    runs : mapping of str to Run
        By the names of their columns.
    named : bool
        Whether the user gave these names: the page then has them too.
    """

    _metadata = ["runs", "names"]  # noqa: RUF012  as pandas asks for it

    def __init__(self, runs: "Mapping[str, Run]", *, named: bool = False) -> None:
        table = comparison_table({label: run.summary.entries for label, run in runs.items()})
        super().__init__(table)  # type: ignore[call-arg]
        self.runs = tuple(runs.values())
        self.names = tuple(name if named else "" for name in runs)

    @property
    def _constructor(self) -> Any:
        """What gives parts of the table, which are no comparison of runs any more."""
        return pd.DataFrame

    def write_page(self, path: str | Path, *, force: bool = False) -> Path:
        """Write it as a page with figures: one HTML file that opens offline.

        Parameters
        ----------
        path : str or Path
            The file to make, `.html`, whole or not at all.
        force : bool
            Replace a file that stands there.

        Raises
        ------
        ConfigurationError
            When something stands in the way, or the results of a run cannot be read.
        """
        target = Path(path)
        check_page(target, force=force, option="path")
        write_comparison_page(self.runs, target, self.names)
        return target


def check_page(target: Path, *, force: bool = False, inputs: Sequence[Path] = (), option: str = PAGE) -> None:
    """Refuse a page to write before anything is read.

    Raises
    ------
    ConfigurationError
        When its name has another end, or something stands in the way.
    """
    from testsite_sim.output.files import check_file_target
    from testsite_sim.output.ownership import RUN
    from testsite_sim.output.run_directory import SUMMARY

    if target.suffix.lower() not in ENDS:
        raise ConfigurationError(f"{target}: expected a name that ends in {' or '.join(ENDS)} for a page.")
    check_file_target(target, force, inputs, option)
    if any((target.absolute().parent / name).is_file() for name in (RUN, SUMMARY)):
        raise ConfigurationError(
            f"{target}: lies in a run directory, which holds what the run wrote alone; choose another `{option}`."
        )


def write_comparison_page(runs: "Sequence[Run]", target: Path, names: Sequence[str] = ()) -> None:
    """Write the comparison of runs as a page.

    Parameters
    ----------
    runs : sequence of Run
        What has run, or was opened; differences are to the first.
    target : Path
        The file, after `check_page`.
    names : sequence of str, optional
        What the user calls them; an empty one stands for none.

    Raises
    ------
    ConfigurationError
        When the results of a run cannot be read, or the file cannot be written.
    """
    from testsite_sim.cases.run import made_of_files
    from testsite_sim.output.files import write_whole
    from testsite_sim.report.comparison_page import ComparedRun, write_comparison

    with ExitStack() as stack:
        for run in runs:
            stack.enter_context(made_of_files(run.directory))
        text = write_comparison(
            [
                ComparedRun(
                    run.title if run.directory is None else str(run.directory),
                    run.title,
                    run.summary.entries,
                    run.results,
                    run.scenario,
                    name,
                )
                for run, name in zip(runs, names or [""] * len(runs), strict=True)
            ]
        )
    try:
        write_whole(target, text.encode("utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{target}: cannot be written ({error.strerror or error}).") from error
