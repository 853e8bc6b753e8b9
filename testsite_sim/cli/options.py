"""Options and names that several commands share."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from testsite_sim.cli.completion import complete_key
from testsite_sim.common.printing import echo

if TYPE_CHECKING:
    from testsite_sim.cases.summary import RunSummary

REPORT = "report.html"  # of a run directory
MOST_LINES = 10  # of what a run logs: compiling, preparing, five steps, results, figures, report

SET = click.option(
    "--set",
    "overrides",
    multiple=True,
    metavar="A.B=VALUE",
    shell_complete=complete_key,
    help="Set one key to another value, with its unit; may be repeated.",
)

INCLUDE_ROOT = click.option(
    "--include-root",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Folder that the includes of a windIO plant may reach; default: the plant's own.",
)

QUIET = click.option("-q", "--quiet", is_flag=True, help="Print nothing but warnings and errors.")


def default_directory(scenario: str, suffix: str = "", root: Path = Path("results")) -> Path:
    """Return the run directory of a scenario by its name or file, where the user names none: below a root.

    A file that `init` wrote is called by its folder: each has its `scenario.yaml`, as a run directory has too.
    """
    from testsite_sim.output.ownership import RUN
    from testsite_sim.output.run_directory import SCENARIO

    name = scenario
    if scenario.endswith((".yaml", ".yml")):
        path = Path(scenario)
        folder = path.absolute().parent
        is_begun = path.name == SCENARIO and folder.name and not (folder / RUN).exists()
        name = folder.name if is_begun else path.stem
    return root / f"{name}{suffix}"


def print_summary(summary: "RunSummary", language: str = "en") -> None:
    """Print name, value and unit of every figure of a summary; in another language than English what each means."""
    from testsite_sim.output import summary_lines
    from testsite_sim.output.phrases import Phrases

    for line in summary_lines(summary.entries, Phrases(language)):
        echo(line)


def open_report(path: Path) -> None:
    """Open a report in the browser of the user; where there is none, say so."""
    open_address(path.resolve().as_uri(), str(path))


def open_address(address: str, name: str) -> None:
    """Open an address in the browser of the user (the variable BROWSER names another); where there is none, say so."""
    import webbrowser

    if not webbrowser.open(address):
        echo(f"testsite-sim: warning: no browser could be opened; open {name} yourself.", err=True)
