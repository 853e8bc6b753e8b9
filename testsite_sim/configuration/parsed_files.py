"""Parsed YAML kept on disk: of the files that ship with the program, which take a tenth of a short run to parse.

Only a run of the program itself keeps them, in the folder of its compiled kernels, which belongs to its user and is
removed with them; where kernels were installed, so were these files, and are looked for first. A file holds JSON behind
its digest, and is named by the digest of the text and of what parses it: an edited text, another version of the program
or of the parser, is another file. One that is damaged is parsed again.
"""

import hashlib
import json
import os
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from testsite_kernels.compiling.installed_kernels import read_installed
from testsite_kernels.compiling.kernel_cache import kernel_folder

from testsite_sim.common.own_process import is_own_run
from testsite_sim.configuration.catalogue import data_root

Lines = list[tuple[tuple[str | int, ...], int]]  # the line of every path


def parsed_file(text: str, origin: str, parser: str) -> tuple[Any, Lines] | None:
    """Return the data of a text and the lines of their paths, None where they are not kept.

    Parameters
    ----------
    text : str
        What the file holds.
    origin : str
        Its path.
    parser : str
        What parses it, with its version.
    """
    name = _name(text, origin, parser)
    if name is None:
        return None
    found = _read(read_installed(name))
    if found is None:
        folder = kernel_folder()
        with suppress(OSError):
            found = None if folder is None else _read((folder.path / name).read_bytes())
    return found


def _read(kept: bytes | None) -> tuple[Any, Lines] | None:
    """Return what a file holds, None where there is none or it is damaged."""
    digest, _, content = (kept or b"").partition(b"\n")
    if hashlib.sha256(content).hexdigest().encode() != digest:
        return None
    data, lines = json.loads(content)
    return data, [(tuple(path), line) for path, line in lines]


def keep_parsed_file(text: str, origin: str, parser: str, data: Any, lines: Lines) -> None:
    """Keep what `parsed_file` returns, where it can be kept.

    Parameters
    ----------
    text, origin, parser
        As of `parsed_file`.
    data : Any
        What YAML knows: dict, list, text, numbers, booleans, None.
    lines : list of tuple
        The line of every path into them.
    """
    name = _name(text, origin, parser)
    folder = None if name is None else kernel_folder()
    if name is None or folder is None:
        return
    content = json.dumps([data, lines], allow_nan=False).encode()
    with suppress(OSError):
        descriptor, temporary = tempfile.mkstemp(dir=folder.path)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
            os.replace(temporary, folder.path / name)
        except OSError:
            Path(temporary).unlink(missing_ok=True)


def _name(text: str, origin: str, parser: str) -> str | None:
    """Return the name of the file that keeps a text once it is parsed; None where it is not kept."""
    if not is_own_run() or not any(Path(origin).is_relative_to(root) for root in _shipped()):
        return None
    digest = hashlib.sha256(f"{parser}\0{_sources()}\0{text}".encode()).hexdigest()[:20]
    return f"parsed-{digest}.json"


@cache
def _shipped() -> tuple[Path, ...]:
    """Return the folders of the files that ship."""
    return data_root("configs"), data_root("scenarios")


@cache
def _sources() -> str:
    """Return the digest of what turns a text into data here."""
    parts = (Path(__file__).with_name(name).read_bytes() for name in ("yaml_loader.py", "parsed_files.py"))
    return hashlib.sha256(b"".join(parts)).hexdigest()
