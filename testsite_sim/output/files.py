"""Single files and figures: whole or not at all, and never over what is not ours."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.holding import MARK, remove_marked
from testsite_sim.output.ownership import (
    COMING,
    DIGESTS,
    RUN,
    clear_leftover_files,
    clear_leftovers,
    file_digest,
    folder_next_to,
    known_digests,
    named,
    new_file,
)
from testsite_sim.output.run_directory import FIGURES, check_parent, read_json


def is_same_file(first: Path, second: Path) -> bool:
    """Return whether two paths are one file, by links of either kind too."""
    try:
        return first.resolve() == second.resolve() or os.path.samefile(first, second)
    except FileNotFoundError:
        return False


def check_file_target(path: Path, force: bool, inputs: Sequence[Path] = (), option: str = "path") -> None:
    """Refuse a file to write before anything is computed.

    Parameters
    ----------
    path : Path
        The file.
    force : bool
        Replace a file that stands there.
    inputs : sequence of Path
        What is read: never written, not even by force or under another name.
    option : str
        By which the user names another file.

    Raises
    ------
    ConfigurationError
        When the file exists and is not to be replaced, is an input, or its folder cannot be written.
    """
    try:
        same = next((each for each in inputs if is_same_file(path, each)), None)
        if same is not None:
            raise ConfigurationError(f"{path}: is the input {same} itself; choose another `{option}`.")
        with suppress(FileNotFoundError, NotADirectoryError, ValueError):
            path.lstat()  # of a name that is too long `is_dir` says False, from Python 3.14 on
        if path.is_dir():
            raise ConfigurationError(f"{path}: is a folder; choose another `{option}`.")
        if os.path.lexists(path) and not force:
            raise ConfigurationError(
                f"{path}: exists already; choose another `{option}`, or replace it with `force=True`."
            )
        if not path.absolute().parent.is_dir():
            raise ConfigurationError(f"{path}: there is no folder {path.absolute().parent}; make it first.")
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be written ({error.strerror}); choose another `{option}`.") from error
    check_parent(path)


def write_whole(path: Path, content: bytes | bytearray) -> None:
    """Write a file next to its place, flush it, rename it; what killed commands left unfinished there is removed.

    Raises
    ------
    OSError
        When it cannot be written; nothing is left then.
    """
    clear_leftover_files(path.parent)
    temporary, descriptor = new_file(path.parent)
    try:
        with os.fdopen(descriptor, "wb", closefd=os.name == "nt") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):  # the first error is the one to report
            temporary.unlink(missing_ok=True)
        raise
    finally:
        if os.name != "nt":
            os.close(descriptor)  # which others take for a sign that we live


@contextmanager
def figures_folder(target: Path, force: bool, run: Path | None = None) -> Iterator[Path]:
    """Give a folder to draw in; what was drawn is moved to its place once all is there.

    Parameters
    ----------
    target : Path
        Where the figures shall stand.
    force : bool
        Replace files of the same names there; others are kept.
    run : Path, optional
        The run directory whose figures they are: those that it holds itself are replaced, and its digests renewed.

    Raises
    ------
    ConfigurationError
        When the target holds files and is not the folder of figures of the run, or cannot be written.
    """
    try:
        own = run is not None and is_same_file(target, run / FIGURES)
        if os.path.lexists(target) and not target.is_dir():
            raise ConfigurationError(f"{target}: is a file, not a folder; choose another folder.")
        held = sorted(path.name for path in target.iterdir()) if target.is_dir() else []
        foreign = _changed(target, run) if own and run is not None else held
        if foreign and not force:
            raise ConfigurationError(
                f"{target}: holds {named(foreign)} already; choose another folder, or replace files of the same names "
                "with `force=True`."
            )
        check_parent(target)
    except OSError as error:
        raise ConfigurationError(f"{target}: cannot be written ({error.strerror}); choose another folder.") from error
    made = [folder for folder in (target.absolute(), *target.absolute().parents) if not folder.exists()]
    drawn: Path | None = None
    lock: int | None = None
    try:
        target.absolute().parent.mkdir(parents=True, exist_ok=True)
        clear_leftovers(target.absolute())
        drawn, lock = folder_next_to(target.absolute(), ".partial")
        yield drawn
        target.mkdir(exist_ok=True)
        paths = [path for path in sorted(drawn.iterdir()) if path.name != MARK]
        renewed = run if own and run is not None and known_digests(run) is not None else None
        if renewed is not None:  # a kill from here on leaves files that the run knows, old or new
            expect_files(renewed, {f"{FIGURES}/{path.name}": file_digest(path) for path in paths})
        for path in paths:
            os.replace(path, target / path.name)
        if renewed is not None:
            renew_digests(renewed)
    except OSError as error:
        raise ConfigurationError(f"{target}: cannot be written ({error.strerror or error}).") from error
    finally:
        if drawn is not None:
            remove_marked(drawn)
        if lock is not None:
            os.close(lock)
        for folder in made:
            with suppress(OSError):  # holds something, or was never made
                folder.rmdir()


def _changed(target: Path, run: Path) -> list[str]:
    """Return the files of the figures of a run that the run did not write."""
    digests = known_digests(run)
    if digests is None:
        return [] if (run / RUN).is_file() else sorted(path.name for path in target.iterdir())
    held = sorted(target.iterdir()) if target.is_dir() else []
    return [
        path.name
        for path in held
        if path.is_symlink() or not path.is_file() or file_digest(path) not in digests.get(f"{FIGURES}/{path.name}", ())
    ]


def expect_files(run: Path, coming: Mapping[str, str]) -> None:
    """Note in a run the digests of files that are about to take their places, by their names."""
    _write_facts(run, {**_settled(run), COMING: dict(coming)})


def renew_digests(run: Path) -> None:
    """Write the digests of the files of a run again, after those that it expected have taken their places."""
    facts = _settled(run)
    there = {name: each for name, each in facts[DIGESTS].items() if os.path.lexists(run / name)}
    _write_facts(run, {**facts, DIGESTS: there})


def _settled(run: Path) -> dict[str, Any]:
    """Return what a run says of itself, with the digests of those expected files that have taken their places."""
    facts = read_json(run / RUN)
    coming = facts.pop(COMING, {})
    came = {name: each for name, each in coming.items() if (run / name).is_file() and file_digest(run / name) == each}
    return {**facts, DIGESTS: {**facts[DIGESTS], **came}}


def _write_facts(run: Path, facts: Mapping[str, Any]) -> None:
    """Replace what a run says of itself."""
    text = json.dumps(facts, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    write_whole(run / RUN, text.encode())
