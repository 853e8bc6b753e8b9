"""The SQLite file of an unfinished ensemble: its header, the figures of finished members, and the series they keep.

Members are written in transactions to a write-ahead log, flushed to disk before a transaction counts; a kill leaves the
last whole transaction. Every row has a digest, which SQLite itself has not for a page. The file is locked exclusively:
its log then needs no memory shared between processes, which network file systems do not offer.
"""

import errno
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.common.temporary import temporary_folder
from testsite_sim.output.run_directory import flush

DATABASE = "members.sqlite"
APPLICATION = 0x54534D42  # "TSMB", the application id in the header of the file
FORMAT = 1  # of the tables; its user version
BESIDE = ("-wal", "-shm", "-journal")  # what SQLite keeps next to a database
NEW = ".new"  # while it is made
_TABLES = {
    "ensemble": "CREATE TABLE ensemble (header TEXT NOT NULL, digest BLOB NOT NULL)",
    "members": "CREATE TABLE members (number INTEGER PRIMARY KEY CHECK (number >= 0), figures BLOB NOT NULL, "
    "digest BLOB NOT NULL)",
    "series": "CREATE TABLE series (number INTEGER NOT NULL, name TEXT NOT NULL, samples BLOB NOT NULL, "
    "digest BLOB NOT NULL, PRIMARY KEY (number, name))",
}
_HEADER = {"identity": dict, "outputs": list, "series": dict}
_CLOSED = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

Floats = NDArray[np.float64]
Member = tuple[int, Floats, Mapping[str, Floats]]  # number, figures, series by name


class Database:
    """The database of an ensemble, opened for writing by this process alone.

    Parameters
    ----------
    path : Path
        Of a file that `create` has made.

    Raises
    ------
    ConfigurationError
        When another process has it open.
    DataError
        When it is not the database of an ensemble, of another format, or damaged.
    OSError
        When it cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        _refuse_format(path, refuse_foreign(path))
        with _sentences(path):
            self._connection = _connect(path, "rw")
            try:
                self._check()
                self.header = self._read_header()
            except BaseException:
                self._connection.close()
                raise

    def _check(self) -> None:
        """Refuse tables that are not ours and pages that do not fit together."""
        execute = self._connection.execute
        tables = dict(execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        if tables != _TABLES:
            raise DataError(_foreign(self.path))
        (problem,) = execute("PRAGMA integrity_check(1)").fetchone()
        if problem != "ok":
            raise DataError(_damaged(self.path))

    def _read_header(self) -> dict[str, Any]:
        """Return what the database says of its ensemble."""
        rows = self._connection.execute("SELECT header, digest FROM ensemble LIMIT 2").fetchall()
        if len(rows) != 1 or not isinstance(rows[0][0], str) or _digest("", rows[0][0].encode("utf-8")) != rows[0][1]:
            raise DataError(_damaged(self.path))
        try:
            header = json.loads(rows[0][0])
            if all(isinstance(header[key], kind) for key, kind in _HEADER.items()):
                return dict(header)
        except (ValueError, RecursionError, TypeError, KeyError):
            pass
        raise DataError(_foreign(self.path))

    def insert(self, members: Iterable[Member]) -> None:
        """Write members in one transaction; when this returns they survive power loss.

        Raises
        ------
        OSError
            When the disk is full or fails; what was there before is still whole, and nothing of these is.
        """
        kept = list(members)
        figures = ((number, *_sealed(f"{number}", values)) for number, values, _ in kept)
        samples = (
            (number, name, *_sealed(f"{number} {name}", values))
            for number, _, series in kept
            for name, values in series.items()
        )
        with _sentences(self.path), self._connection:
            self._connection.executemany("INSERT INTO members VALUES (?, ?, ?)", figures)
            self._connection.executemany("INSERT INTO series VALUES (?, ?, ?, ?)", samples)

    def members(self) -> Iterator[tuple[int, Floats]]:
        """Return numbers and figures of the members, in the order of their numbers.

        Raises
        ------
        DataError
            When a row is not as it was written.
        """
        count = len(self.header["outputs"])
        with _sentences(self.path):
            for number, content, digest in self._connection.execute("SELECT * FROM members ORDER BY number"):
                values = _unsealed(self.path, f"{number}", content, digest)
                if values.size != count:
                    raise DataError(_damaged(self.path))
                yield number, values

    def check_series(self) -> None:
        """Refuse a database in which a member lacks a series that the header names, or one is not as it was written.

        Raises
        ------
        DataError
            Then.
        """
        names = list(self.header["series"])
        execute = self._connection.execute
        with _sentences(self.path):
            (expected,) = execute("SELECT count(*) FROM members").fetchone()
            found = dict(execute("SELECT name, count(*) FROM series GROUP BY name"))
            (strays,) = execute(
                "SELECT count(*) FROM series WHERE number NOT IN (SELECT number FROM members)"
            ).fetchone()
            if strays or found != (dict.fromkeys(names, expected) if expected else {}):
                raise DataError(_damaged(self.path))
            for number, name, content, digest in execute("SELECT * FROM series"):
                _unsealed(self.path, f"{number} {name}", content, digest)

    def series(self, number: int) -> dict[str, Floats]:
        """Return the kept series of a member by `step/variable`, in the order of the header."""
        with _sentences(self.path):
            rows = self._connection.execute("SELECT name, samples, digest FROM series WHERE number = ?", (number,))
            found = {name: _unsealed(self.path, f"{number} {name}", content, digest) for name, content, digest in rows}
        if found.keys() != self.header["series"].keys():
            raise DataError(_damaged(self.path))
        return {name: found[name] for name in self.header["series"]}

    def close(self) -> None:
        """Close it; the log goes into the file, where the disk takes it."""
        with _sentences(self.path):
            self._connection.close()


def create(path: Path, header: Mapping[str, Any]) -> None:
    """Make the database of an ensemble that is begun: written next to its place, flushed, renamed.

    Parameters
    ----------
    path : Path
        Where it shall stand; a database that stands there is replaced.
    header : mapping
        `identity`, `outputs` and `series`, and more; as JSON.
    """
    text = json.dumps(header, ensure_ascii=False, allow_nan=False)
    new = path.with_name(path.name + NEW)
    remove(new)
    with _sentences(path):
        connection = _connect(new, "rwc")
        try:
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            connection.execute(f"PRAGMA user_version = {FORMAT}")
            for statement in _TABLES.values():
                connection.execute(statement)
            with connection:
                connection.execute("INSERT INTO ensemble VALUES (?, ?)", (text, _digest("", text.encode("utf-8"))))
            # The log goes into the file here: where it cannot, closing would leave it out without an error.
            (is_left, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if is_left:
                raise OSError(errno.EIO, "the disk is full or fails", str(path))
        finally:
            connection.close()
    flush(new)
    remove(path)  # the log of another database would be played into this one
    os.replace(new, path)
    flush(path.parent)


def remove(path: Path) -> None:
    """Remove a database: first the file, without which the rest is nothing, then what stands next to it."""
    for end in ("", *BESIDE):
        path.with_name(path.name + end).unlink(missing_ok=True)


def read_members(path: Path) -> dict[int, Floats]:
    """Return the figures of the members in a database, by number, without changing or locking it.

    It may stand on a medium that cannot be written: a copy is read, with the log that a killed process left.

    Raises
    ------
    DataError
        As `Database`.
    """
    with temporary_folder() as folder:
        copy = folder / DATABASE
        for end in ("", "-wal"):
            source = path.with_name(path.name + end)
            if source.exists():
                shutil.copyfile(source, copy.with_name(copy.name + end))
        database = Database(copy)
        try:
            return dict(database.members())
        finally:
            database.close()


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    """Open a database with a write-ahead log, exclusively, every transaction flushed to disk."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=0.0)
    try:
        for setting in ("locking_mode = EXCLUSIVE", "synchronous = FULL", "trusted_schema = OFF", "journal_mode = WAL"):
            connection.execute(f"PRAGMA {setting}").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def refuse_foreign(path: Path) -> int:
    """Refuse a file whose head is not that of our database, before SQLite reads or repairs anything of it.

    Returns
    -------
    int
        The format that the head states.

    Raises
    ------
    DataError
        When no ensemble wrote it.
    """
    with path.open("rb") as stream:
        head = stream.read(100)
    if len(head) < 100 or not head.startswith(b"SQLite format 3\0") or _number(head, 68) != APPLICATION:
        raise DataError(_foreign(path))
    return _number(head, 60)


def _number(head: bytes, offset: int) -> int:
    """Return a number of the head of a database."""
    return int.from_bytes(head[offset : offset + 4], "big", signed=True)


def _refuse_format(path: Path, form: int) -> None:
    """Refuse a database of another format than this version writes."""
    if form != FORMAT:
        raise DataError(
            f"{path}: holds an ensemble in format {form}, and this version writes format {FORMAT}; finish it with the "
            "version that began it, or begin anew with `force=True`."
        )


def _foreign(path: Path) -> str:
    """Return what is said of a file that no ensemble wrote."""
    return f"{path}: is not the database of an ensemble, and its members go there; move it, or choose another folder."


def _damaged(path: Path) -> str:
    """Return what is said of a file of ours that is not as it was written."""
    return f"{path}: is damaged, so its ensemble cannot be continued; begin anew with `force=True`."


@contextmanager
def _sentences(path: Path) -> Iterator[None]:
    """Raise what SQLite refuses as errors of the disk, of another process, or of the file."""
    try:
        yield
    except UnicodeDecodeError as error:  # of what SQLite quotes from a damaged file
        raise DataError(_damaged(path)) from error
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code == sqlite3.SQLITE_FULL:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path)) from error
        if code == sqlite3.SQLITE_IOERR:
            raise OSError(errno.EIO, "the disk is full or fails", str(path)) from error
        if code in _CLOSED:
            raise OSError(errno.EACCES, os.strerror(errno.EACCES), str(path)) from error
        if code in _BUSY:
            raise ConfigurationError(
                f"{path}: another process has it open; wait for it, or choose another folder."
            ) from error
        raise DataError(_damaged(path)) from error


def _sealed(what: str, values: Floats) -> tuple[bytes, bytes]:
    """Return numbers as bytes, with their digest."""
    content = values.astype("<f8", copy=False).tobytes()
    return content, _digest(what, content)


def _unsealed(path: Path, what: str, content: object, digest: object) -> Floats:
    """Return the numbers of a row whose digest is right."""
    if not isinstance(content, bytes) or _digest(what, content) != digest:
        raise DataError(_damaged(path))
    return np.frombuffer(content, "<f8").astype(np.float64, copy=False)


def _digest(what: str, content: bytes) -> bytes:
    """Return the digest of a row: of what it is about and of its content."""
    return hashlib.blake2b(what.encode("utf-8") + b"\0" + content, digest_size=16).digest()
