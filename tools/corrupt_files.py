"""Change every byte of files that are kept from run to run, and cut them at every length: right results or a refusal.

    PYTHONPATH=.:kernels python -m tools.corrupt_files [--every 1] [--first 0] [--members 3] [--only log]

The database of an unfinished ensemble, its log, the file of a compiled kernel and the key that signs it, each small;
`--only` takes those whose names have these letters. A changed byte is one with all its bits turned, and one
with its last bit turned. What is opened afterwards must hold the members that were written, or fewer, or be refused in
one sentence; a kernel's file is as it was written or not read at all. A table.
A temporary folder in memory (`TMPDIR=/dev/shm`) makes it ten times as fast: each change is a database that is flushed.
"""

import argparse
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from testsite_kernels.compiling.kernel_cache import KEY, _own_folder
from testsite_kernels.compiling.signed_cache import read_signed, write_signed

from tests.ensemble.test_store import SERIES, WAL, close, copied, member, opened
from testsite_sim.common.errors import TestsiteError
from testsite_sim.ensemble.database import DATABASE

KERNEL = os.urandom(3000)  # what a kernel's file holds is opaque to its reader


def changes(content: bytes, first: int, every: int) -> Iterator[tuple[str, bytes]]:
    """Yield the content changed at bytes from the first on, and cut at such lengths."""
    for at in range(first, len(content), every):
        for bits in (0xFF, 0x01):
            yield "changed", content[:at] + bytes([content[at] ^ bits]) + content[at + 1 :]
    for length in range(first, len(content), every):
        yield "cut", content[:length]


def store_outcome(here: Path, members: int) -> str:
    """Return what comes of opening a store: `whole`, `fewer members`, `refused`, or what is wrong."""
    try:
        store = opened(here, members, series=True)
    except TestsiteError as error:
        return "refused" if len(str(error).splitlines()) == 1 else "a refusal of several lines"
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    try:
        held = np.flatnonzero(store.done).tolist()
        for number in held:
            expected = member(number, series=True)
            same = np.array_equal(store.values[number], expected.values)
            if not same or not np.array_equal(store.series(number)[SERIES], expected.series[SERIES]):
                return f"other figures of member {number}"
        return "whole" if len(held) == store.cases else "fewer members"
    except TestsiteError:
        return "refused"
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    finally:
        close(store)


def main() -> None:
    """Print the table; exit with 1 where anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="bytes from one change to the next")
    parser.add_argument("--first", type=int, default=0, help="byte to begin at: `--every 8` at 0 to 7 are all of them")
    parser.add_argument("--members", type=int, default=3)
    parser.add_argument("--only", default="", help="letters of the names of the files that are tried")
    options = parser.parse_args()
    base = Path(tempfile.mkdtemp(prefix="corrupt-"))
    store = opened(base / "a", options.members, series=True)
    for number in range(options.members):
        store.append([member(number, series=True)])
    copied(base / "a", base / "left")
    close(store)
    kernels = _own_folder(base / "kernels")
    write_signed(kernels, "k", KERNEL)

    def stored(folder: str, name: str) -> Callable[[bytes], str]:
        def outcome(content: bytes) -> str:
            here = copied(base / folder, base / "b")
            (here / name).write_bytes(content)
            return store_outcome(here, options.members)

        return outcome

    def kernel(content: bytes) -> str:
        (kernels.path / "k").write_bytes(content)
        found = read_signed(kernels, "k")
        return "compiled again" if found is None else "whole" if found == KERNEL else "other code"

    def key(content: bytes) -> str:
        (kernels.path / "k").write_bytes(signed)
        (kernels.path / KEY).write_bytes(content)
        folder = _own_folder(base / "kernels")
        if folder.held is not None:
            os.close(folder.held)
        found = read_signed(folder, "k")
        if found is not None:
            return "whole" if found == KERNEL and content == secret else "taken by another key"
        write_signed(folder, "k", KERNEL)
        return "compiled again" if read_signed(folder, "k") == KERNEL else "never kept again"

    signed, secret = (kernels.path / "k").read_bytes(), (kernels.path / KEY).read_bytes()
    files = {
        "database of an ensemble": (base / "a" / DATABASE, stored("a", DATABASE)),
        "its log": (base / "left" / WAL, stored("left", WAL)),
        "file of a kernel": (kernels.path / "k", kernel),
        "key of the kernels": (kernels.path / KEY, key),
    }
    print("| file | bytes | damage | tried | outcome |\n|---|---|---|---|---|")
    good = {"whole", "fewer members", "refused", "compiled again"}
    wrong = 0
    for name, (path, outcome) in ((name, each) for name, each in files.items() if options.only in name):
        content = path.read_bytes()
        found: dict[str, Counter[str]] = {}
        for kind, changed in changes(content, options.first, options.every):
            found.setdefault(kind, Counter())[outcome(changed)] += 1
        for kind, counts in found.items():
            text = ", ".join(f"{count:,} {each}" for each, count in sorted(counts.items()))
            print(f"| {name} | {len(content):,} | {kind} | {counts.total():,} | {text} |", flush=True)
            wrong += sum(count for each, count in counts.items() if each not in good)
    shutil.rmtree(base)
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
