"""Zips of weather files: unpacked within bounds that hold whatever they state."""

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from testsite_sim.common.errors import DataError
from testsite_sim.common.hdf5_safety import refuse_claim
from testsite_sim.weather.netcdf import reason

NAME_LENGTH = 100  # of a packed file, kept
BLOCK = 1 << 20
Members = Sequence[zipfile.ZipInfo]


class Bounds(NamedTuple):
    """What a zip may hold: files, bytes unpacked, and these over its own bytes; `what` says it to the user."""

    files: int
    bytes: int
    ratio: int
    what: str


def last_name(member: str) -> str:
    """Return the last name of a packed file, whatever separates its folders, of bounded length."""
    return PurePosixPath(member.replace("\\", "/")).name[-NAME_LENGTH:]


def unpack(path: Path, folder: Path, choose: Callable[[Members], Members], bounds: Bounds) -> list[Path]:
    """Unpack the chosen files of a zip under their last names, each into a folder of its own; return their paths.

    Raises
    ------
    DataError
        When it is damaged, holds none of them or too many, or states or unpacks to more than the bounds.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            members = choose(packed.infolist())
            stated = sum(each.file_size for each in members)
            if not 1 <= len(members) <= bounds.files or stated > bounds.bytes:
                raise DataError(f"weather: {path.name}: expected a zip of 1 to {bounds.files} files, {bounds.what}.")
            refuse_claim(f"weather: {path.name}", stated, path.stat().st_size, bounds.bytes, ratio=bounds.ratio)
            return [_written(packed, member, folder / str(k), path.name) for k, member in enumerate(members)]
    except DataError:
        raise
    except Exception as error:  # a damaged zip raises errors of many kinds
        raise DataError(f"weather: {path}: cannot be unpacked ({reason(error)}).") from error


def _written(packed: zipfile.ZipFile, member: zipfile.ZipInfo, own: Path, name: str) -> Path:
    """Write a packed file into a folder: two folders of a zip may hold the same name."""
    own.mkdir(parents=True)
    target = own / last_name(member.filename)
    with packed.open(member) as source, target.open("wb") as written:
        while block := source.read(BLOCK):
            written.write(block)
            if written.tell() > member.file_size:
                raise DataError(f"weather: {name}: {target.name} unpacks to more than it states.")
    return target
