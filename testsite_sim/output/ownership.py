"""What is ours on disk: folders of finished runs by the digests in their `run.json`, and what a killed run left."""

import hashlib
import json
import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path

from testsite_sim.common.holding import MARK, hold, remove_marked

RUN = "run.json"
DIGESTS = "files_sha256"  # in run.json: of every other file of the folder
COMING = "coming_files_sha256"  # in run.json while files are replaced: of those that take their places
INNER = "run"  # in such a folder, what goes to its place, or was there
MOST_NAMED = 3  # of the files that a message names
TRIES = 5  # to make a folder or file that no other process takes for a leftover before it is marked or held
FILE = (".testsite-sim-", ".new")  # how the name of a file that is being written begins and ends
LONGEST_NAME = 180  # [byte] of a target whose name stands in the names of its unfinished folders


def file_digest(path: Path) -> str:
    """Return the SHA-256 digest of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def all_files(folder: Path) -> list[str]:
    """Return the names of all files and links below a folder, and of its empty folders."""
    found = []
    for path in folder.rglob("*"):
        if path.is_symlink() or not path.is_dir() or not any(path.iterdir()):
            found.append(path.relative_to(folder).as_posix())
    return sorted(found)


def known_digests(folder: Path) -> dict[str, tuple[str, ...]] | None:
    """Return the digests of the files of a run, by their names; None where the folder is not that of a run.

    A file that a killed command was about to replace has two: its own, and that of what was to take its place.
    """
    path = folder / RUN
    if path.is_symlink() or not path.is_file():
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not isinstance(found.get("versions"), dict) or DIGESTS not in found:
        return None
    known: dict[str, tuple[str, ...]] = {}
    for digests in (found[DIGESTS], found.get(COMING, {})):
        if not isinstance(digests, dict) or not all(isinstance(each, str) for each in digests.values()):
            return None
        for name, digest in digests.items():
            known[name] = (*known.get(name, ()), digest)
    return known


def foreign_files(folder: Path) -> list[str] | None:
    """Return the files of the folder of a run that the run did not write, or that were changed since.

    Returns
    -------
    list of str
        Their names; None where the folder is not that of a run.
    """
    digests = known_digests(folder)
    if digests is None:
        return None
    foreign = []
    for name in all_files(folder):
        path = folder / name
        if name == RUN:
            continue
        if path.is_symlink() or not path.is_file() or file_digest(path) not in digests.get(name, ()):
            foreign.append(name)
    return foreign


def missing_files(folder: Path) -> list[str]:
    """Return the files that a run wrote into its folder and that are not there any more."""
    return sorted(name for name in known_digests(folder) or {} if not (folder / name).is_file())


def named(files: list[str]) -> str:
    """Return the first of some files, and how many more there are."""
    more = len(files) - MOST_NAMED
    return ", ".join(files[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def short_name(target: Path) -> str:
    """Return the name of a target as it stands in the names of its unfinished folders."""
    name = target.name
    if len(name.encode("utf-8", "surrogateescape")) <= LONGEST_NAME:
        return name
    return hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def folder_next_to(target: Path, suffix: str) -> tuple[Path, int | None]:
    """Make a folder with our mark next to a target, and lock it where the system can.

    Until it is locked and marked, another process may take it for what a killed run left, and remove it.
    """
    for left in reversed(range(TRIES)):
        folder = Path(tempfile.mkdtemp(prefix=f".{short_name(target)}.", suffix=suffix, dir=target.parent))
        held = hold(folder)
        if held is None and left:
            with suppress(OSError):
                folder.rmdir()
            continue
        try:
            (folder / MARK).touch()
        except OSError as error:
            with suppress(OSError):
                folder.rmdir()
            if held is not None:
                os.close(held)
            if not left or not isinstance(error, FileNotFoundError):
                raise
        else:
            return folder, held
    raise AssertionError("the last try returns or raises")


def clear_leftovers(target: Path) -> None:
    """Remove the folders that killed runs into a target left next to it; put a run back that was about to be replaced.

    Only folders that bear our mark, and that no living process holds.
    """
    pattern = re.compile(rf"\.{re.escape(short_name(target))}\.[a-z0-9_]{{8}}\.(partial|old)")
    with suppress(OSError):
        for folder in sorted(target.parent.iterdir()):
            found = pattern.fullmatch(folder.name)
            if found is None or folder.is_symlink() or not folder.is_dir():
                continue
            descriptor = hold(folder)
            if descriptor is None:
                continue
            try:
                if found[1] == "old" and (folder / INNER).is_dir() and not target.exists():
                    os.rename(folder / INNER, target)
                if not any(folder.iterdir()):
                    folder.rmdir()  # killed before its mark; one that is just being made is made again
                elif (folder / MARK).is_file() or foreign_files(folder) == []:
                    remove_marked(folder)
            finally:
                os.close(descriptor)


def new_file(folder: Path) -> tuple[Path, int]:
    """Make a file to be renamed, under a name that later commands know for ours; it is locked where the system can.

    Raises
    ------
    OSError
        When it cannot be made.
    """
    for left in reversed(range(TRIES)):
        descriptor, name = tempfile.mkstemp(prefix=FILE[0], suffix=FILE[1], dir=folder)
        if _is_held(descriptor) or not left:
            return Path(name), descriptor
        os.close(descriptor)
        with suppress(OSError):
            os.unlink(name)
    raise AssertionError("the last try returns")


def _is_held(descriptor: int) -> bool:
    """Lock a file just made; False where another process has taken it for a leftover."""
    from filelock import lock_descriptor  # takes a while, and is not needed to answer `--help`

    if os.name == "nt":  # which renames no open file
        return True
    try:
        return lock_descriptor(descriptor, blocking=False) and os.fstat(descriptor).st_nlink > 0
    except OSError:  # locks cannot be had here, so that no process clears
        return True


def clear_leftover_files(folder: Path) -> None:
    """Remove the files that killed commands left unfinished in a folder, and that no living process holds."""
    pattern = re.compile(rf"{re.escape(FILE[0])}[a-z0-9_]{{8}}{re.escape(FILE[1])}")
    if os.name == "nt":
        return
    with suppress(OSError):
        for path in sorted(folder.iterdir()):
            if pattern.fullmatch(path.name) is None or path.is_symlink() or not path.is_file():
                continue
            descriptor = hold(path)
            if descriptor is None:
                continue
            try:
                path.unlink(missing_ok=True)
            finally:
                os.close(descriptor)
