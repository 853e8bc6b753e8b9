"""Runs that a command compares: folders, each by itself or with a name of the user, `NAME=FOLDER`."""

from collections.abc import Sequence
from pathlib import Path

from testsite_sim.common.errors import ConfigurationError


def named_runs(arguments: Sequence[Path]) -> tuple[list[Path], list[str]]:
    """Return the folders of runs, and what the user calls each: an empty text where it has no name.

    What stands there as it is written is a folder, also where its name holds an equals sign.

    Parameters
    ----------
    arguments : sequence of Path
        As they were written.

    Raises
    ------
    ConfigurationError
        When a name or a folder is empty, or a name stands twice.

    Examples
    --------
    >>> named_runs([Path("20 MW=results/large"), Path("results/small")])
    ([PosixPath('results/large'), PosixPath('results/small')], ['20 MW', ''])
    """
    from testsite_sim.report.compare import check_names

    folders, names = [], []
    for written in arguments:
        name, equals, folder = str(written).partition("=")
        if not equals or written.exists():
            name, folder = "", str(written)
        elif not name.strip() or not folder:
            raise ConfigurationError(f"{written}: expected a run directory, or NAME=FOLDER.")
        folders.append(Path(folder))
        names.append(name)
    given = [name for name in names if name]
    for each, name in zip(folders, names, strict=True):
        if given and not name and folders.count(each) > 1:
            raise ConfigurationError(f"compare: {each} stands twice; give it a name, NAME={each}.")
    check_names(given)
    for name in given:
        if given.count(name) > 1:
            raise ConfigurationError(f"compare: two runs are called {name!r}; give each a name of its own.")
    return folders, names
