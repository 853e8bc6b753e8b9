"""Which program wrote a run: a digest of its sources, as versions of a program under work do not differ."""

import hashlib
from functools import cache
from pathlib import Path

import testsite_kernels

from testsite_sim.output.ownership import RUN
from testsite_sim.output.run_directory import read_json

PROGRAM = "program_sha256"  # in run.json


@cache
def program_digest() -> str:
    """Return the SHA-256 digest of the sources of library and kernels, the same wherever they are installed.

    What cannot be read, such as the link by which an editor locks a file, is none of them: a run is not lost for it.
    """
    return digest_of(Path(__file__).resolve().parents[1], Path(str(testsite_kernels.__file__)).resolve().parent)


def digest_of(*roots: Path) -> str:
    """Return the SHA-256 digest of the sources below folders, which go by the name of their folder."""
    digest = hashlib.sha256()
    for root in roots:
        for path in sorted(root.rglob("*.py")):
            try:
                content = path.read_bytes()
            except OSError:
                continue
            digest.update(f"{root.name}/{path.relative_to(root).as_posix()} {len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest()


def is_of_another_program(folder: Path) -> bool:
    """Return whether a run directory was written by other sources than these, or by ones that did not state theirs."""
    return read_json(folder / RUN).get(PROGRAM) != program_digest()
