"""What has run: summary, results and figures, in memory or in a run directory."""

import html
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from testsite_sim.cases.summary import RunSummary
from testsite_sim.common.arguments import path_of
from testsite_sim.common.errors import ConfigurationError, TestsiteError
from testsite_sim.common.holding import MARK
from testsite_sim.common.text import printable, shortened
from testsite_sim.output.ownership import RUN, foreign_files, missing_files, named
from testsite_sim.output.program import is_of_another_program
from testsite_sim.output.run_directory import SCENARIO, RunDirectory

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

    from testsite_sim.cases.case import Drawing
    from testsite_sim.export.tables import Exported, Table


class Run:
    """A finished run.

    Parameters
    ----------
    title : callable
        Gives what was run its name.
    summary : RunSummary
        Its figures by name.
    scenario : str
        The resolved scenario as YAML, from which it runs again to the same bits.
    results : callable
        Gives the results, when they are first asked for.
    drawing : callable
        Gives figures and page of it, when they are first asked for.
    publish : callable
        Writes it into an open run directory.
    directory : Path, optional
        Where it stands; None: in memory alone.
    """

    def __init__(
        self,
        title: Callable[[], str],
        summary: RunSummary,
        scenario: str,
        results: "Callable[[], xr.DataTree]",
        drawing: "Callable[[], Drawing]",
        publish: Callable[[RunDirectory], None],
        directory: Path | None = None,
    ) -> None:
        self._title = title
        self.summary = summary
        self.scenario = scenario
        self.directory = directory
        self._results = results
        self._drawing = drawing
        self._publish = publish

    @cached_property
    def title(self) -> str:
        """What was run."""
        return self._title()

    @cached_property
    def results(self) -> "xr.DataTree":
        """The Dataset of every step, `run.results["wind"]`: SI units, CF attributes."""
        return self._results()

    @cached_property
    def drawing(self) -> "Drawing":
        """Its figures and its page."""
        with made_of_files(self.directory):
            return self._drawing()

    @property
    def figures(self) -> tuple[str, ...]:
        """The names of its figures."""
        return tuple(self.drawing.figures)

    def figure(self, name: str) -> "Figure":
        """Draw a figure.

        Parameters
        ----------
        name : str
            Of `figures`, as `dispatch-week`.

        Raises
        ------
        UnknownNameError
            When there is none of that name; the nearest are offered.
        """
        found = self.drawing.figure(name)
        with made_of_files(self.directory):
            return found.draw()[0]

    def grid(self) -> "xr.Dataset":
        """Return the figures of a sweep with a dimension for each of its keys; see `testsite_sim.cases.grid.on_grid`.

        Raises
        ------
        ConfigurationError
            When it is no sweep.
        """
        from testsite_sim.cases.grid import on_grid

        return on_grid(self.results)

    def save(self, directory: str | Path, *, force: bool = False) -> Path:
        """Write its run directory, whole or not at all.

        Parameters
        ----------
        directory : str or Path
            The folder to make: results, summary, figures, report, the resolved scenario and what made them.
        force : bool
            Replace a run directory that stands there.

        Raises
        ------
        ConfigurationError
            When something stands in the way, or it cannot be written.
        """
        target = path_of(directory, "save")
        with RunDirectory(target, force) as folder:
            self._publish(folder)
        if self.directory is None:
            self.directory = target
        return target

    def export(
        self,
        path: str | Path,
        to: str,
        *,
        force: bool = False,
        tables: Sequence[str] = (),
        others: "Sequence[Run] | Mapping[str, Run]" = (),
        label: str = "",
        aggregation: str = "month-hour",
        days: int = 12,
    ) -> "list[Table]":
        """Write its tables, with units and sources, or it as a network of PyPSA or as Zarr, as one file.

        Parameters
        ----------
        path : str or Path
            The file to make, whole or not at all; what it ends in says what it is.
        to : str
            `excel` (.xlsx), `word` (.docx), `latex` (.tex), `csv` (.csv: one table, .zip: all), `pypsa` (.nc) or
            `zarr` (.zip).
        force : bool
            Replace a file that stands there.
        tables : sequence of str
            Names of tables; none: all but those of more than a million cells.
        others : sequence of Run, or mapping of str to Run
            Runs to compare it with, a mapping by what they are called: the tables are then those of the comparison.
        label : str
            What this run is called next to the others; empty: its directory or its title.
        aggregation : str
            Of the table `capacity-factors`: `interval`, `month-hour` or `representative-days`.
        days : int
            Representative days.

        Returns
        -------
        list of Table
            Those that were left out, since they are large and were not named.

        Raises
        ------
        ConfigurationError
            When an option does not fit the format, a package of the extra is missing, the file cannot be written, or a
            label is given without others.
        """
        from testsite_sim.export.writing import check_export, write_export

        if label and not others:
            raise ConfigurationError("export: a label names the run next to others; leave it out.")
        names = [label, *others] if isinstance(others, Mapping) else [label, *[""] * len(others)]
        if any(names):
            from testsite_sim.report.compare import check_names

            check_names([name for name in names if name != ""])
        compared = list(others.values() if isinstance(others, Mapping) else others)

        check_export(path_of(path, "export"), to, force=force)
        with made_of_files(self.directory):
            own, *theirs = (
                replace(each.exported, label=name) if name else each.exported
                for each, name in zip([self, *compared], names, strict=True)
            )
            return write_export(
                own,
                path,
                to,
                force=force,
                tables=tables,
                others=theirs,
                aggregation=aggregation,
                days=days,
            )

    @cached_property
    def exported(self) -> "Exported":
        """What is exported of it: summary, results, and the values of its scenario with their sources."""
        from testsite_sim.cases.exporting import exported_of

        with made_of_files(self.directory):
            return exported_of(self)

    def __reduce__(self) -> tuple[Callable[[Path], "Run"], tuple[Path]]:
        """Return what opens it elsewhere: a copy is the run directory, opened again.

        Raises
        ------
        TypeError
            When it has none.
        """
        from testsite_sim.cases.opening import open_run

        if self.directory is None:
            raise TypeError("a run in memory is not pickled or copied; `save` it first, then it is opened elsewhere.")
        return open_run, (self.directory.absolute(),)

    def __repr__(self) -> str:
        """Return title and place, and the summary."""
        return f"<Run of {self.title!r}{self._place()}>\n{self.summary!r}"

    def _repr_html_(self) -> str:
        """Return the same for notebooks."""
        return f"<p>{html.escape(self.title + self._place())}</p>{self.summary._repr_html_()}"

    def _place(self) -> str:
        return "" if self.directory is None else f" in {self.directory}"


@contextmanager
def made_of_files(folder: Path | None) -> Iterator[None]:
    """Say of an error in what is made of a run directory that its files are not those of a run of this program, if so.

    Parameters
    ----------
    folder : Path or None
        The run directory; None: of a run in memory, whose errors are ours.

    Raises
    ------
    ConfigurationError
        Instead of an error of any other kind, where a file was changed, removed or is foreign, or where another version
        of the program wrote them.
    """
    try:
        yield
    except (TestsiteError, OSError, MemoryError):
        raise
    except Exception as error:
        if folder is None:
            raise
        foreign, missing = foreign_files(folder), missing_files(folder)
        foreign = foreign and [name for name in foreign if not name.startswith(f"{MARK}-")]  # what is being drawn
        reason = shortened(printable(f"{type(error).__name__}: {error}"))
        if foreign == [] and not missing:
            if not is_of_another_program(folder):
                raise
            raise ConfigurationError(
                f"{folder}: was written by another version of the program, and this cannot be made of it ({reason}); "
                f"run its {SCENARIO} again."
            ) from error
        which = named([*(foreign or []), *missing]) or RUN
        raise ConfigurationError(
            f"{folder}: is not as the run wrote it ({which}), and this cannot be made of it ({reason}); run it again."
        ) from error


def copy_files(source: Path, folder: RunDirectory) -> None:
    """Write what a run directory holds into another.

    Raises
    ------
    ConfigurationError
        When it holds a link, which would be followed, a pipe or a device.
    """
    for path in source.rglob("*"):
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise ConfigurationError(f"{path}: is neither a file nor a folder, as a run writes them; remove it first.")
    shutil.copytree(source, folder.path, dirs_exist_ok=True)
