"""Let each call of the system fail once, at every point of a run, an ensemble, an import, a fetch; see what follows.

    PYTHONPATH=.:kernels python -m tools.inject_faults [--cases run,import] [--kinds write,sync] [--most 60] [-o FOLDER]

A library that is loaded before all others (`inject_faults.c`, which gcc builds here; Linux) counts calls and fails
one. A case is prepared once; each fault is tried in a fork of that process. Calls on files are counted where they
concern the case's own folders (target, temporary files, kept months; in `members` the database of an ensemble alone;
in `cache` the compiled kernels, which are loaded anew then; `copy` is a run whose figures a copy of it draws, as in a
process that has just begun), reads and openings also anywhere; of more than `--most`
calls of a kind that number is taken, evenly; reasons take turns. A case may end with the results of an undisturbed one,
or with one sentence and exit code 2 or 3 and nothing left; the same command, undisturbed, must then give those
results. All else is a finding. The table goes to standard output, and with `--page` between the marks of
docs/reliability.md.
"""

import argparse
import contextlib
import ctypes
import errno
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

from testsite_kernels.compiling import installed_kernels
from testsite_kernels.compiling.kernel_cache import cache_directory

from tools.processes import ended_in_time

HERE = Path(__file__).resolve().parent
# Kinds as in the C source, and the reasons that they fail for.
KINDS: dict[str, tuple[int, tuple[int, ...]]] = {
    "open": (1, (errno.EMFILE, errno.EIO)),
    "read": (2, (errno.EIO,)),
    "write": (3, (errno.ENOSPC, errno.EIO)),
    "sync": (4, (errno.EIO, errno.ENOSPC)),
    "rename": (5, (errno.ENOSPC, errno.EIO)),
    "remove": (6, (errno.EIO,)),
    "folder": (7, (errno.ENOSPC,)),
    "map": (8, (errno.ENOMEM,)),
    "fork": (9, (errno.EAGAIN,)),
    "memory": (10, (errno.ENOMEM,)),
}
ANYWHERE = ("open", "read")  # kinds that are tried on files of the installation too
NAMES = {
    "open": "open, openat, fopen",
    "read": "read, pread",
    "write": "write, pwrite, writev, ftruncate",
    "sync": "fsync, fdatasync",
    "rename": "rename, link",
    "remove": "unlink, rmdir",
    "folder": "mkdir, chmod",
    "map": "mmap of 64 kB or more",
    "fork": "fork, vfork",
    "memory": "malloc, calloc, realloc of 64 kB or more",
}
MOST_SENTENCES = 2  # one for a file that cannot be read, and one for what names it
MEMBERS = 6  # of the case `members`
FIGURES = 1  # that are drawn
LONGEST = 900.0  # [s] for a case, on a machine that others use
SAME, SENTENCE = "same results", "one sentence"
BEGIN, END = "<!-- inject_faults: begin -->", "<!-- inject_faults: end -->"
SHORT = ["--set", "weather.start=2023-01-01", "--set", "weather.end=2023-01-03", "--set", "weather.climate=null"]
SHORT += ["--set", "economics.scale_to_year=by-repetition"]
MAPPING = """time: {column: stamp, zone: UTC, marks: start}
columns:
  - {column: v, quantity: wind_speed, units: m/s, height: 100 m}
"""


@dataclass
class Case:
    """What is run: arguments of the command line, by folder; what of it stays; what may be left when it fails."""

    arguments: Callable[[Path], list[str]]
    compared: tuple[str, ...]
    kept: tuple[str, ...] = ()
    resumed: tuple[str, ...] = ()  # options with which it is gone on with
    environment: dict[str, str] = field(default_factory=dict)
    kinds: tuple[str, ...] = tuple(kind for kind in KINDS if kind != "fork")
    work: Callable[[Path], None] | None = None  # instead of the command line
    cold: bool = False  # with the kernels on disk, in a folder of its own, whose calls are those that fail
    copied: bool = False  # without what draws: a copy of the process imports it


# Fills the cache of the user as if no kernels had been installed.
COMPILE = (
    "from testsite_kernels.compiling import installed_kernels; installed_kernels.installed_folder = lambda: None; "
    "from testsite_sim.cases.compiling import compile_case; compile_case('flanders-wind-farm/test-site')"
)
RUN_FILES = ("run/results.nc", "run/summary.json", "run/scenario.yaml", "run/report.html")


def cases(server: str) -> dict[str, Case]:
    """Return the cases by name; `server`: the address of one that answers as Elia does."""

    def run(folder: Path) -> list[str]:
        return ["run", "flanders-wind-farm/test-site", *SHORT, "-o", str(folder / "run")]

    fetching = ["weather", "fetch", "elia", "--name", "ods134", "--first", "2023-01", "--last", "2023-02"]
    return {
        "run": Case(run, RUN_FILES),
        "ensemble": Case(
            lambda folder: [*run(folder), "--members", "4", "--workers", "1"],
            RUN_FILES,
            ("run.partial",),
            ("--resume",),
        ),
        "members": Case(lambda folder: [], ("members",), ("run.partial",), work=keep_members),
        "processes": Case(
            lambda folder: [*run(folder), "--members", "4", "--workers", "2"],
            RUN_FILES,
            ("run.partial",),
            ("--resume",),
            kinds=("fork",),
        ),
        "copy": Case(run, RUN_FILES, kinds=("write", "folder", "map", "fork", "memory"), copied=True),
        "cache": Case(run, RUN_FILES, kinds=("open", "read", "write", "map", "folder", "remove"), cold=True),
        "import": Case(
            lambda folder: [
                *("weather", "import", str(folder.parent / "mine.csv"), "--format", "mapped"),
                *("--mapping", str(folder.parent / "mapping.yaml"), "-o", str(folder / "mine.nc")),
            ],
            ("mine.nc",),
        ),
        "fetch": Case(
            lambda folder: [*fetching, "--folder", str(folder / "kept"), "-o", str(folder / "elia.nc")],
            ("elia.nc",),
            ("kept",),
            environment={"ELIA_URL": server},
        ),
    }


def keep_members(folder: Path) -> None:
    """Write the members of an ensemble one by one, each with a series, and then all of them into a file.

    What was confirmed before stands in a file outside the folder, and must be there again.
    """
    from tests.ensemble.test_store import close, member, opened
    from testsite_sim.output.files import write_whole

    confirmed = folder.parent.parent / "confirmed"
    before = int(confirmed.read_text()) if confirmed.exists() else 0
    store = opened(folder / "run.partial", MEMBERS, series=True)
    try:
        if not store.done[:before].all():
            raise AssertionError(f"of {before} members {store.done.sum()} are there")
        for number in range(MEMBERS):
            if not store.done[number]:
                store.append([member(number, series=True)])
                confirmed.write_text(f"{number + 1}")
        write_whole(folder / "members", store.values.tobytes())
        store.remove()
        confirmed.unlink()
    finally:
        close(store)


def run_work(work: Callable[[Path], None], folder: Path) -> None:
    """Do a piece of work, and end as the command line does."""
    from testsite_sim.common.errors import TestsiteError

    try:
        work(folder)
    except TestsiteError as error:
        print(f"testsite-sim: {error}", file=sys.stderr)
        raise SystemExit(error.exit_code) from error
    except (OSError, MemoryError) as error:
        print(f"testsite-sim: {error}", file=sys.stderr)
        raise SystemExit(2) from error


class Faults:
    """The library that counts and fails."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None)
        self._library.fault_arm.argtypes = [ctypes.c_int, ctypes.c_long, ctypes.c_int, ctypes.c_char_p]
        self._library.fault_count.restype = ctypes.c_long

    def arm(self, kind: int, number: int, reason: int, below: str) -> None:
        """Count from now on, and fail a call; 0 for none."""
        self._library.fault_arm(kind, number, reason, below.encode())

    def counts(self) -> dict[str, int]:
        """Stop, and return how many calls there were."""
        self._library.fault_disarm()
        return {name: self._library.fault_count(kind) for name, (kind, _) in KINDS.items()}


@dataclass(frozen=True)
class Outcome:
    """How a process ended: exit code (negative: a signal; None: not at all), what it said, and its calls."""

    code: int | None
    said: str
    counts: dict[str, int]


class Bench:
    """A folder in which one case is run again and again."""

    def __init__(self, case: Case, base: Path, faults: Faults) -> None:
        self.case, self.base, self.faults = case, base, faults
        self.folder, self.temporary = base / "own" / "work", base / "own" / "tmp"
        self.kernels: Path | None = None
        self.clear()
        hours = [f"2024-01-{1 + k // 24:02d}T{k % 24:02d}:00" for k in range(48)]
        table = "stamp,v\n" + "".join(f"{hour},{5 + k % 7}\n" for k, hour in enumerate(hours))
        (self.folder.parent / "mine.csv").write_text(table)
        (self.folder.parent / "mapping.yaml").write_text(MAPPING)
        os.environ.update(case.environment, TMPDIR=str(self.temporary))
        tempfile.tempdir = None
        if case.cold:
            subprocess.run([sys.executable, "-c", COMPILE], check=True)
            installed_kernels.installed_folder = lambda: None
            self.kernels = cache_directory()
            os.environ["TESTSITE_SIM_CACHE"] = str(base / "own" / "cache")
        self.below = str(base / "own" / ("cache" if case.cold else ""))

    def clear(self) -> None:
        """Empty the folders."""
        (self.base / "confirmed").unlink(missing_ok=True)
        for folder in (self.folder, self.temporary):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        if self.case.cold and self.kernels is not None:
            cache = self.base / "own" / "cache"
            shutil.rmtree(cache, ignore_errors=True)
            shutil.copytree(self.kernels, cache / "kernels" / self.kernels.name)

    def run(
        self, kind: int = 0, number: int = 0, reason: int = 0, below: str = "", more: Sequence[str] = ()
    ) -> Outcome:
        """Run the case in a fork, one call of which fails."""
        said, counted = self.base / "said.txt", self.base / "counts.json"
        counted.unlink(missing_ok=True)
        process = os.fork()
        if not process:
            self._child(kind, number, reason, below, said, counted, more)
        code = ended_in_time(process, LONGEST, os.killpg)
        counts = json.loads(counted.read_text()) if counted.exists() else {}
        return Outcome(code, said.read_text(errors="replace"), counts)

    def _child(
        self, kind: int, number: int, reason: int, below: str, said: Path, counted: Path, more: Sequence[str]
    ) -> None:
        """Be the process that a call of fails; it does not return."""
        os.setpgid(0, 0)
        stream = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(stream, 1)
        os.dup2(stream, 2)
        code = 1
        try:
            from testsite_sim.cli import main

            arguments = [*self.case.arguments(self.folder), *more]
            self.faults.arm(kind or len(KINDS) + 1, number, reason, below)
            if self.case.work is not None:
                run_work(self.case.work, self.folder)
            else:
                main(arguments)
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        except BaseException:
            counts = self.faults.counts()
            traceback.print_exc()
        counts = self.faults.counts()
        counted.write_text(json.dumps(counts))
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)

    def digest(self) -> str | None:
        """Return the digest of the results; None where there are none."""
        found = hashlib.sha256()
        for name in self.case.compared:
            if not (self.folder / name).is_file():
                return None
            found.update((self.folder / name).read_bytes())
        return found.hexdigest()

    def values(self) -> str | None:
        """Return the digest of what the results hold: HDF5 stores as it is what it has no memory to compress."""
        import h5py

        found = hashlib.sha256()

        def add(name: str, item: Any) -> None:
            found.update(f"{name} {sorted((key, str(value)) for key, value in item.attrs.items())}".encode())
            if isinstance(item, h5py.Dataset):
                found.update(str(item[...].tolist() if item.dtype.hasobject else item[...].tobytes()).encode())

        for name in self.case.compared:
            if not (self.folder / name).is_file():
                return None
            if name.endswith(".nc"):
                with h5py.File(self.folder / name, "r") as opened:
                    opened.visititems(add)
            else:
                found.update((self.folder / name).read_bytes())
        return found.hexdigest()

    def left(self) -> list[str]:
        """Return what stands in the folders."""
        found = [path for folder in (self.folder, self.temporary) for path in folder.iterdir()]
        return sorted(path.relative_to(self.base / "own").as_posix() for path in found)


def judged(bench: Bench, outcome: Outcome, expected: tuple[str | None, str | None], targets: list[str]) -> str:
    """Return `SAME`, `SENTENCE`, or what is wrong."""
    lines = [line for line in outcome.said.splitlines() if line.startswith("testsite-sim: ")]
    sentences = [line for line in lines if not line.startswith("testsite-sim: warning: ")]
    left = [each for each in bench.left() if not any(each == f"work/{kept}" for kept in bench.case.kept)]
    if outcome.code is None:
        return "hangs"
    if outcome.code < 0:
        return f"ended by signal {-outcome.code}"
    if "Traceback" in outcome.said or "Exception ignored" in outcome.said:
        same = "same" if bench.digest() == expected[0] else "other" if bench.digest() else "no"
        return f"traceback, exit code {outcome.code}, {same} results"
    if outcome.code == 0:
        if bench.digest() != expected[0] and bench.values() != expected[1]:
            return "other results"
        more = sorted(set(left) - set(targets))
        return f"left {more}" if more else SAME
    if outcome.code not in (2, 3) or not 1 <= len(sentences) <= MOST_SENTENCES:
        return f"exit code {outcome.code}, {len(sentences)} sentences"
    return SENTENCE if not left else f"left {left}"


def tried(bench: Bench, kinds: Sequence[str], most: int, record: Callable[..., None]) -> None:
    """Try every fault of a case."""
    bench.run()  # what is made once, such as a font cache, is made
    bench.clear()
    own = bench.below
    clean = bench.run(below=own)
    expected, targets = (bench.digest(), bench.values()), bench.left()
    if clean.code != 0 or expected[0] is None:
        raise SystemExit(f"undisturbed, it ends with {clean.code}: {clean.said}")
    bench.clear()
    everywhere = bench.run(below="")
    for kind in [kind for kind in kinds if kind in bench.case.kinds]:
        code, reasons = KINDS[kind]
        counts = {own: clean.counts[kind]}
        if kind in ANYWHERE and not bench.case.cold:
            counts[""] = everywhere.counts[kind]
        for below, count in counts.items():
            numbers = range(1, count + 1)
            if count > most:
                numbers = sorted({round(1 + k * (count - 1) / (most - 1)) for k in range(most)})
            for turn, number in enumerate(numbers):
                reason = reasons[turn % len(reasons)]
                bench.clear()
                outcome = bench.run(code, number, reason, below)
                result = judged(bench, outcome, expected, targets)
                if outcome.code != 0 and bench.left():  # what it left is gone on with
                    more = bench.case.resumed if "work/run.partial" in bench.left() else ()
                    again = bench.run(more=more)
                    if again.code != 0 or bench.digest() != expected[0]:
                        result += "; the next run is wrong"
                        outcome = Outcome(outcome.code, f"{outcome.said}\nthen:\n{again.said}", {})
                record(kind, "own" if below else "any", reason, count, number, result, outcome.said)
    bench.clear()


def draw_few() -> None:
    """Let a run draw its first figures only, to which the same files are written in the same way as to the others."""
    from testsite_sim.report import drawing

    writing_figures = drawing.writing_figures

    def writing_few(figures: Any, folder: Path, formats: Sequence[str], *more: Any, **others: Any) -> Any:
        return writing_figures(dict(list(figures.items())[:FIGURES]), folder, ("svg",), *more, **others)

    drawing.writing_figures = writing_few


def answering() -> ThreadingHTTPServer:
    """Start a server that answers as Elia does: hours of the month that is asked."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            where = parse_qs(urlparse(self.path).query)["where"][0]
            month = where.split("'")[1][:7]
            rows = [
                {"datetime": f"{month}-{day:02d}T{hour:02d}:00:00+00:00", "imbalanceprice": 50 + hour}
                for day in range(1, 32 if month.endswith("01") else 29)
                for hour in range(24)
            ]
            content = json.dumps(rows).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@contextlib.contextmanager
def preloaded(base: Path) -> Iterator[dict[str, str]]:
    """Build the library and give the environment in which it is loaded."""
    library = base / "faults.so"
    build = ["gcc", "-shared", "-fPIC", "-O1", "-o", str(library), str(HERE / "inject_faults.c"), "-ldl"]
    subprocess.run(build, check=True)
    yield {**os.environ, "LD_PRELOAD": str(library)}


def one_case(options: argparse.Namespace) -> None:
    """Try the faults of one case; a line of JSON for each goes to a file."""
    bench = Bench(cases(options.server)[options.here], options.output / options.here, Faults())
    path = options.output / f"{options.here}.jsonl"
    kinds = options.kinds.split(",")
    before = path.read_text().splitlines() if path.exists() else []
    path.write_text("".join(f"{line}\n" for line in before if json.loads(line)["kind"] not in kinds))
    with path.open("a") as log:

        def record(kind: str, where: str, reason: int, count: int, number: int, result: str, said: str) -> None:
            found = {"case": options.here, "kind": kind, "where": where, "reason": errno.errorcode[reason]}
            found |= {"calls": count, "number": number, "result": result}
            print(json.dumps({**found, "said": "" if result in (SAME, SENTENCE) else said}), file=log, flush=True)
            if result not in (SAME, SENTENCE):
                print(options.here, kind, where, errno.errorcode[reason], number, result, flush=True)

        from testsite_sim.cli import main

        if not bench.case.copied:
            draw_few()
        silence = io.StringIO()
        with contextlib.suppress(SystemExit), contextlib.redirect_stdout(silence), contextlib.redirect_stderr(silence):
            if bench.case.cold:
                prepare()
            elif bench.case.copied:
                import_and_load()
            elif bench.case.work is not None:
                run_work(bench.case.work, bench.folder)
            else:
                main(bench.case.arguments(bench.folder))  # imports and kernels, which the forks have then
        bench.clear()
        tried(bench, kinds, options.most, record)


def prepare() -> None:
    """Import what a run needs, and no kernel."""
    import testsite_sim.chain.simulation
    import testsite_sim.output.results
    import testsite_sim.report  # noqa: F401 (imported for the forks)


def import_and_load() -> None:
    """Import what a run needs but for what draws, and load its kernels."""
    from testsite_sim.cases.publishing import run_case
    from testsite_sim.cases.scenario import read_scenario

    run_case(read_scenario("flanders-wind-farm/test-site", SHORT[1::2]))
    if "matplotlib" in sys.modules:
        raise SystemExit("a run imports what draws where it draws nothing: no copy is made then")


def table(folder: Path) -> str:
    """Return what was found as a table in Markdown."""
    rows: dict[tuple[str, str, str], Counter[str]] = {}
    calls: dict[tuple[str, str, str], int] = {}
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text().splitlines():
            found = json.loads(line)
            key = (found["kind"], found["reason"], found["case"])
            result = found["result"] if found["result"] in (SAME, SENTENCE) else "findings"
            rows.setdefault(key, Counter())[result] += 1
            calls[key] = max(calls.get(key, 0), found["calls"])
    order = [*KINDS]
    text = ["| call | fails with | case | calls | made to fail | same results | one sentence | findings |"]
    text.append("|---|---|---|---|---|---|---|---|")
    for key in sorted(rows, key=lambda key: (order.index(key[0]), key[1:])):
        kind, reason, case = key
        found = rows[key]
        text.append(
            f"| {NAMES[kind]} | {reason} | {case} | {calls[key]} | {found.total()} | {found[SAME]} | {found[SENTENCE]} "
            f"| {found['findings']} |"
        )
    total = sum(rows.values(), Counter())
    text.append(f"| all | | | | {total.total()} | {total[SAME]} | {total[SENTENCE]} | {total['findings']} |")
    return "\n".join(text)


def main() -> None:
    """Try all cases, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", default="import,fetch,run,copy,cache,members,ensemble,processes")
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--most", type=int, default=60, help="calls of a kind that are made to fail, for each reason")
    parser.add_argument("--page", type=Path, help="a page that the table is written into, between two marks")
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--here", help=argparse.SUPPRESS)
    parser.add_argument("--server", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        one_case(options)
        return
    assert __spec__ is not None
    base = (options.output or Path(tempfile.mkdtemp(prefix="faults-"))).resolve()
    base.mkdir(parents=True, exist_ok=True)
    server = answering()
    address = f"http://127.0.0.1:{server.server_address[1]}/"
    with preloaded(base) as environment:
        for case in options.cases.split(","):
            command = [sys.executable, "-m", __spec__.name, "--here", case, "--server", address, "-o", str(base)]
            command += ["--kinds", options.kinds, "--most", str(options.most)]
            subprocess.run(command, env=environment, check=True)
    found = table(base)
    print(found)
    if options.page:
        text = options.page.read_text(encoding="utf-8")
        head, rest = text.split(BEGIN)
        text = f"{head}{BEGIN}\n{found}\n{END}{rest.split(END)[1]}"
        options.page.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
