"""What the fuzzers share: mutation of good files, one process a target with bounds, counting, findings kept."""

import argparse
import contextlib
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import types
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from testsite_sim.common.errors import TestsiteError
from tools.processes import used
from tools.reading_in_forks import end_copy

MOST = 1_000_000  # bytes of an input
ALLOWED = 10.0  # CPU seconds for one, with what it starts: a fuzzer shares its machine
HUNG = 120  # [s] by the clock, after which one that computes nothing is late as well
ROOM = 1024**3  # bytes of address space beyond what the libraries take
KEPT_EVERY = 5.0  # [s] of CPU time, after which the totals are written down
TOTALS = "totals.json"
CORPUS = Path(__file__).resolve().parent / "fuzz_corpus"  # what `tools.keep_corpus` keeps
MOST_LINES = 30  # of a message: one for each of the first faults of a file
MOST_KEPT = 20  # findings of a target whose inputs are kept
ENDED = ("crash-*", "oom-*", "timeout-*")  # how libFuzzer names the input that ended the process
HEAD = (
    "| target | CPU time | executions | taken | refused | findings | slowest, CPU time | peak memory |\n"
    "|---|---|---|---|---|---|---|---|"
)
# What coverage is measured of: packages, and what is below a package.
INSTRUMENTED = ("testsite_sim", "ruamel", "h5netcdf", "cfgrib", "zarr", "eccodes", "gribapi", "numcodecs")
INSTRUMENTED_BELOW = ("xarray.backends.", "xarray.coding.", "xarray.conventions")

Feed = Callable[[str, bytes], None]  # name of the seed that it came from, the input; a TestsiteError is a refusal


def mutated(content: bytes, other: bytes, generator: random.Random, tokens: Sequence[bytes]) -> bytes:
    """Return the content with a few changes, of at most 1 MB."""
    data = bytearray(content)
    for _ in range(generator.choice((1, 1, 2, 4, 16))):
        at = generator.randrange(len(data) + 1)
        length = generator.choice((1, 2, 8, 64, 1024))
        kind = generator.randrange(8)
        if kind == 0 and data:
            data[at % len(data)] ^= 1 << generator.randrange(8)
        elif kind == 1:
            del data[at : at + length]
        elif kind == 2:
            data[at:at] = generator.choice(tokens)
        elif kind == 3:
            data[at:at] = data[at : at + length] * generator.choice((1, 3, 50))
        elif kind == 4:
            del data[at:]
        elif kind == 5:
            data[at : at + length] = generator.randbytes(min(length, 64))
        elif kind == 6:
            start = generator.randrange(len(other) + 1)
            data[at : at + length] = other[start : start + length]
        else:
            data[at : at + 8] = generator.choice((b"\xff" * 8, b"\0" * 8, b"\x7f" + b"\xff" * 7))
        if len(data) > MOST:
            del data[MOST:]
    return bytes(data)


@dataclass
class Totals:
    """What came of the inputs of a target so far, as it stands in a file of its folder between two starts."""

    executions: int = 0
    taken: int = 0
    findings: int = 0
    slowest: float = 0.0  # [s] of CPU time
    seconds: float = 0.0  # of CPU time
    peak: float = 0.0  # [MB]

    @staticmethod
    def read(folder: Path) -> "Totals":
        """Return those of a folder; of one that has none, zeros."""
        path = folder / TOTALS
        return Totals(**json.loads(path.read_text())) if path.exists() else Totals()

    def write(self, folder: Path) -> None:
        """Keep them in a folder."""
        new = folder / f"{TOTALS}.new"
        new.write_text(json.dumps(asdict(self)))
        new.replace(folder / TOTALS)

    def row(self, target: str) -> str:
        """Return the row of the table."""
        refused = self.executions - self.taken - self.findings
        return (
            f"| {target} | {self.seconds / 60.0:.1f} min | {self.executions:,} | {self.taken:,} | {refused:,} "
            f"| {self.findings} | {self.slowest:.2f} s | {self.peak:.0f} MB |"
        )


class Count:
    """Runs inputs within their time, counts what comes of them, keeps what is neither taken nor refused.

    A folder that has been counted in before is gone on with.
    """

    def __init__(self, target: str, feed: Feed, folder: Path) -> None:
        self.target, self.feed, self.folder = target, feed, folder
        self.totals = Totals.read(folder)
        self._noted = used()
        signal.signal(signal.SIGALRM, _late)
        signal.signal(signal.SIGPROF, _late)

    def begin(self) -> None:
        """Take time from now on: what was spent before is not that of inputs."""
        self._noted = used()

    def lasted(self) -> float:
        """Return the CPU time of all inputs so far [s]."""
        return self.totals.seconds + used() - self._noted

    def keep(self) -> None:
        """Write the totals down."""
        now = used()
        self.totals.seconds += now - self._noted
        self._noted = now
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        self.totals.peak = max(self.totals.peak, peak)
        self.totals.write(self.folder)

    def run(self, name: str, content: bytes) -> None:
        """Feed one input."""
        began = used()
        signal.alarm(HUNG)
        signal.setitimer(signal.ITIMER_PROF, ALLOWED)
        try:
            taken = False
            with contextlib.suppress(TestsiteError):
                self.feed(name, content)
                taken = True
            if used() - began > ALLOWED:
                raise Late(f"{used() - began:.1f} seconds of CPU time with its processes")
            self.totals.taken += taken
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            self.totals.findings += 1
            if self.totals.findings <= MOST_KEPT:
                kept = self.folder / f"finding-{self.target}-{self.totals.findings}-{Path(name).name}"
                kept.write_bytes(content)
                print(f"{self.target}: {type(error).__name__}: {str(error)[:200]!r}", flush=True)
        finally:
            signal.alarm(0)
            signal.setitimer(signal.ITIMER_PROF, 0.0)
        took = used() - began
        if took > max(self.totals.slowest, 5.0):
            (self.folder / f"slowest-{self.target}-{Path(name).name}").write_bytes(content)
        self.totals.slowest = max(self.totals.slowest, took)
        self.totals.executions += 1
        if used() - self._noted > KEPT_EVERY:
            self.keep()

    def row(self) -> str:
        """Keep the totals and return the row of the table."""
        self.keep()
        return self.totals.row(self.target)


def in_sentences(feed: Feed) -> Feed:
    """Refuse a refusal of no line, of more than `MOST_LINES`, or of one that is empty, long or not printable."""

    def run(name: str, content: bytes) -> None:
        try:
            feed(name, content)
        except TestsiteError as error:
            lines = str(error).split("\n")
            if len(lines) > MOST_LINES or not all(0 < len(line) < 2000 and line.isprintable() for line in lines):
                raise AssertionError(f"a message of {len(lines)} lines: {str(error)[:100]!r}") from error
            raise

    return run


def bound_memory() -> None:
    """Allow this process 1 GB beyond what it has."""
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + ROOM, resource.RLIM_INFINITY))


def mutate_for(
    count: Count, good: Sequence[tuple[str, bytes]], seconds: float, seed: int, tokens: Sequence[bytes]
) -> None:
    """Feed mutations of good inputs, and noise now and then, for some CPU time in all."""
    generator = random.Random(f"{seed}, {count.totals.executions}")  # gone on with, there are others
    for name, content in good:
        count.run(name, content)
    while count.lasted() < seconds:
        name, content = generator.choice(good)
        broken = mutated(content, generator.choice(good)[1], generator, tokens)
        if count.totals.executions % 1000 == 999:
            broken = generator.randbytes(generator.choice((0, 1, 100, MOST)))
        count.run(name, broken)
    print(count.row(), flush=True)


def guide_for(
    count: Count, good: Sequence[tuple[str, bytes]], seconds: float, seed: int, folder: Path, tokens: Sequence[bytes]
) -> None:
    """Let atheris search for inputs that reach new code, for some CPU time in all; it ends the process.

    The first byte of what it keeps says which good input the rest comes from; half of the changes are those of
    `mutated`, which know the format, half are its own.
    """
    import atheris

    for function in functions_of(INSTRUMENTED, INSTRUMENTED_BELOW):
        with contextlib.suppress(Exception):  # what cannot be instrumented runs as it is
            atheris.instrument_func(function)
    end_copy()  # of this process as it was before
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    good = good[:256]
    for number, (_, content) in enumerate(good):
        (corpus / f"seed-{number}").write_bytes(bytes([number]) + content)

    for number, kept in enumerate(kept_inputs(count.target)):
        (corpus / f"kept-{number}").write_bytes(kept)

    def one(data: bytes) -> None:
        count.run(good[data[0] % len(good) if data else 0][0], data[1:])
        if count.lasted() > seconds:
            print(count.row(), flush=True)
            os._exit(0)

    def change(data: bytes, most: int, chance: int) -> bytes:
        generator = random.Random(chance)
        first, rest = data[:1] or b"\0", data[1:]
        if not generator.randrange(8):  # all of them: atheris keeps none that reach what another reaches
            number = generator.randrange(len(good))
            first, rest = bytes([number]), good[number][1]
        if generator.randrange(2):
            rest = atheris.Mutate(rest, most - 1)
        else:
            rest = mutated(rest, good[generator.randrange(len(good))][1], generator, tokens)
        return bytes(first + rest)[:most]

    count.begin()
    largest = max(4096, 2 * max(len(content) for _, content in good))
    options = [f"-seed={seed + 1 + count.totals.executions}", f"-max_len={largest}", "-rss_limit_mb=0", "-verbosity=1"]
    options.append(f"-artifact_prefix={folder}/")  # of an input that ends the process by a signal
    atheris.Setup([sys.argv[0], str(corpus), *options], one, custom_mutator=change)
    atheris.Fuzz()


def kept_inputs(target: str, folder: Path = CORPUS) -> list[bytes]:
    """Return the inputs of a target that earlier campaigns have kept."""
    path = folder / f"{target}.zip"
    if not path.exists():
        return []
    with zipfile.ZipFile(path) as packed:
        joined = packed.read("inputs")
    found, at = [], 0
    while at < len(joined):
        size = int.from_bytes(joined[at : at + 4], "little")
        found.append(joined[at + 4 : at + 4 + size])
        at += 4 + size
    return found


def each_in_its_process(module: str, targets: Sequence[str], description: str | None) -> tuple[str, argparse.Namespace]:
    """Start a process for each target and print a table; return in each such process, with its target.

    Parameters
    ----------
    module : str
        The caller's, as `python -m` runs it.
    targets : sequence of str
        All that there are.
    description : str or None
        For `--help`.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0, help="of CPU time for each target")
    parser.add_argument("--targets", default=",".join(targets))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--guided", action="store_true", help="guided by coverage: atheris instead of mutation")
    parser.add_argument("-o", "--output", type=Path, default=None)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    chosen = arguments.targets.split(",")
    if arguments.here:
        return chosen[0], arguments
    folder = arguments.output or Path(tempfile.mkdtemp(prefix="fuzz-"))
    print(HEAD, flush=True)
    for target in chosen:
        place = folder / target
        place.mkdir(parents=True, exist_ok=True)
        command = [
            sys.executable,
            "-m",
            module,
            "--here",
            "--targets",
            target,
            "--seconds",
            str(arguments.seconds),
            "--seed",
            str(arguments.seed),
            "-o",
            str(place),
            *(["--guided"] if arguments.guided else []),
        ]
        while (code := subprocess.run(command, env=os.environ, check=False).returncode) != 0:
            totals = Totals.read(place)
            ended = [path for pattern in ENDED for path in place.glob(pattern)]
            print(f"{target}: the process ended with {code}; see {place}", flush=True)
            if not ended or totals.findings >= MOST_KEPT:
                break
            for path in ended:  # a finding as well: it goes on without that input
                totals.findings += 1
                totals.executions += 1
                path.rename(place / f"finding-{target}-{totals.findings}-{path.name}")
            totals.write(place)
    raise SystemExit(0)


class Late(BaseException):
    """The time for an input is over; no reader may take it for an error of its own."""


def functions_of(packages: tuple[str, ...], below: tuple[str, ...]) -> list[types.FunctionType]:
    """Return the functions of what is imported of some packages, and those of its classes, of every kind."""
    found: dict[int, types.FunctionType] = {}
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] not in packages and not name.startswith(below):
            continue
        own = [each for each in vars(module).values() if getattr(each, "__module__", None) == module.__name__]
        held = [member for each in own if isinstance(each, type) for member in vars(each).values()]
        for each in own + held:
            inner = getattr(each, "__func__", None) or getattr(each, "fget", None) or each
            while hasattr(inner, "__wrapped__"):
                inner = inner.__wrapped__
            if isinstance(inner, types.FunctionType):
                found[id(inner)] = inner
    return list(found.values())


def _late(number: int, frame: object) -> None:
    """Turn the alarm into an error."""
    raise Late(f"{ALLOWED:g} seconds of CPU time, or {HUNG} by the clock, are over")
