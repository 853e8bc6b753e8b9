"""Run the campaigns that take hours, one after the other: fuzz, kills, calls that fail, files changed byte by byte.

    PYTHONPATH=.:kernels python -m tools.run_campaigns [--only fuzz,kills] [--share 1.0] [-o FOLDER] [--list]

Each step has a stated time and runs at the lowest priority; what it prints goes to a file of its name in FOLDER.
`--share` takes that part of all times, kills and calls (0.05: all of it in an evening); `--only` takes steps whose
names begin with these letters. A table of counts, `campaigns.md`, is written after each step. Stopped and begun again
with the same folder it goes on: steps that ended are left out, the one that was stopped continues where its tool can.
The exit code is 1 where anything was found. The guided fuzz needs atheris (`pip install atheris`, Linux), the calls
that fail gcc. `tools.measure_cluster` needs a quiet machine, and is none of them.
"""

import argparse
import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tools.fuzzing import Totals
from tools.kills import Kills

FUZZ_MINUTES = 30.0  # of CPU time for each reader
KILLS_EACH = 200
MOST_CALLS = 60  # of a kind, that are made to fail for each reason
PARTS = 8  # of the bytes of the kept files
MEMORY = Path("/dev/shm")  # where changed databases are flushed at once
WEATHER = (
    *("era5", "grib", "newa", "reanalysis", "zarr", "parquet", "mapped-netcdf", "large-netcdf", "classic-netcdf"),
    *("results", "own-netcdf", "knmi", "meetnet-vlaamse-banken", "json-meetnet", "elia", "json-elia", "entsoe"),
    *("mapped", "mapping", "own-csv"),
)
SCENARIOS = ("scenario", "component", "override", "study", "windio", "windio-netcdf", "yaml", "quantity")
FAULTS = {"import": 5, "fetch": 5, "members": 5, "cache": 20, "copy": 20, "run": 60, "processes": 30, "ensemble": 240}
STOPPED = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)  # by somebody else
HEAD = "| step | stated | took | CPU time | inputs or points | findings |\n|---|---|---|---|---|---|"

Tally = Callable[[Path, str, int], tuple[int, int]]  # folder, what was printed, exit code: points, findings


@dataclass(frozen=True)
class Step:
    """A command of a campaign.

    Attributes
    ----------
    name : str
        Campaign and step.
    minutes : float
        That it is expected to take, of one core.
    command : tuple of str
        Module and arguments; `{}` is the folder of the step.
    tally : callable
        What came of it.
    """

    name: str
    minutes: float
    command: tuple[str, ...]
    tally: Tally


@dataclass(frozen=True)
class Result:
    """How a step ended: exit code, time by the clock and of the processor [s], points, findings."""

    code: int
    elapsed: float
    processor: float
    points: int
    findings: int


def fuzzed(folder: Path, printed: str, code: int) -> tuple[int, int]:
    """Return the inputs and findings of a fuzzer."""
    totals = [Totals.read(path.parent) for path in folder.rglob("totals.json")]
    findings = sum(each.findings for each in totals)
    failed = code != 0 or "the process ended with" in printed
    return sum(each.executions for each in totals), max(findings, int(failed))


def killed(folder: Path, printed: str, code: int) -> tuple[int, int]:
    """Return the kills, of which the first that ends wrongly ends the step."""
    return Kills(folder).total(), int(code != 0)


def failed(folder: Path, printed: str, code: int) -> tuple[int, int]:
    """Return the calls that were made to fail, and what was found."""
    lines = [line for path in folder.glob("*.jsonl") for line in path.read_text().splitlines()]
    found = sum(json.loads(line)["result"] not in ("same results", "one sentence") for line in lines)
    return len(lines), max(found, int(code != 0))


def changed(folder: Path, printed: str, code: int) -> tuple[int, int]:
    """Return the changes of kept files."""
    tried = re.findall(r"^\| [^|]+ \| [\d,]+ \| (?:changed|cut) \| ([\d,]+) \|", printed, flags=re.MULTILINE)
    return sum(int(each.replace(",", "")) for each in tried), int(code != 0)


def steps(share: float) -> list[Step]:
    """Return all steps, the shortest campaigns first.

    Parameters
    ----------
    share : float
        Of all times, kills and calls.
    """
    found = []
    kills, most = str(max(1, round(KILLS_EACH * share))), str(max(2, round(MOST_CALLS * share)))
    parts = range(max(1, round(PARTS * share)))
    for part in parts:
        command = ("tools.corrupt_files", "--every", str(PARTS), "--first", str(part), "--members", "1")
        found.append(Step(f"bytes-{part}", 2.0, command, changed))
    for case, minutes in FAULTS.items():
        command = ("tools.inject_faults", "--cases", case, "--most", most, "-o", "{}")
        found.append(Step(f"faults-{case}", minutes * share, command, failed))
    for case, minutes in (("run", 60.0), ("ensemble", 240.0)):
        found.append(
            Step(f"kills-{case}", minutes * share, (f"tools.chaos_{case}", "--kills", kills, "-o", "{}"), killed)
        )
    minutes = FUZZ_MINUTES * share
    for module, targets in (("tools.fuzz_weather", WEATHER), ("tools.fuzz_scenarios", SCENARIOS)):
        for target in targets:
            command = (module, "--guided", "--targets", target, "--seconds", f"{60.0 * minutes:g}", "-o", "{}")
            found.append(Step(f"fuzz-{target}", minutes, command, fuzzed))
    return found


def chosen(every: Sequence[Step], only: str) -> list[Step]:
    """Return the steps whose names begin with one of some letters, or are it."""
    if not only:
        return list(every)
    names = {step.name for step in every}
    asked = only.split(",")
    unknown = [each for each in asked if not any(name.startswith(each) for name in names)]
    if unknown:
        raise SystemExit(f"there is no step that begins with {unknown[0]!r}; `--list` prints them")
    exact = {each for each in asked if each in names}
    begins = tuple(each for each in asked if each not in exact)
    return [step for step in every if step.name in exact or (begins and step.name.startswith(begins))]


def lowest_priority() -> None:
    """Let this process and what it starts run where nobody else wants to."""
    os.nice(19)
    if hasattr(os, "sched_setscheduler"):
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def run_step(step: Step, folder: Path) -> Result:
    """Run a step, and return how it ended."""
    place = folder / step.name
    place.mkdir(exist_ok=True)
    log = folder / f"{step.name}.log"
    command = [sys.executable, "-m", *(each.replace("{}", str(place)) for each in step.command)]
    environment = {**os.environ, **({"TMPDIR": str(MEMORY)} if MEMORY.is_dir() and step.tally is changed else {})}
    began, before = time.monotonic(), os.times()
    with log.open("w") as stream:
        code = subprocess.run(command, env=environment, stdout=stream, stderr=subprocess.STDOUT, check=False).returncode
    after = os.times()
    # Of processes that were waited for.
    took = after.children_user + after.children_system - before.children_user - before.children_system
    points, findings = step.tally(place, log.read_text(errors="replace"), code)
    return Result(code, time.monotonic() - began, took, points, findings)


def table(every: Sequence[Step], results: dict[str, Result]) -> str:
    """Return what came of the steps so far, in Markdown."""
    rows = [HEAD]
    for step in every:
        found = results.get(step.name)
        stated = f"| {step.name} | {step.minutes:.0f} min "
        if found is None:
            rows.append(f"{stated}| | | not run | |")
        else:
            took = f"{found.elapsed / 60.0:.1f} min | {found.processor / 60.0:.1f} min"
            rows.append(f"{stated}| {took} | {found.points:,} | {found.findings} |")
    return "\n".join(rows) + "\n"


def read_results(folder: Path) -> dict[str, Result]:
    """Return the results of the steps that have ended in a folder."""
    path = folder / "campaigns.json"
    return {name: Result(**each) for name, each in json.loads(path.read_text()).items()} if path.exists() else {}


def write_results(folder: Path, every: Sequence[Step], results: dict[str, Result]) -> None:
    """Write the results of the steps that have ended, and the table."""
    new = folder / "campaigns.json.new"
    new.write_text(json.dumps({name: asdict(each) for name, each in results.items()}, indent=1))
    new.replace(folder / "campaigns.json")
    (folder / "campaigns.md").write_text(table(every, results))


def main() -> None:
    """Run what has not ended yet, step by step."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="beginnings of the names of steps, as fuzz,kills-run")
    parser.add_argument("--share", type=float, default=1.0, help="of all times, kills and calls")
    parser.add_argument("--list", action="store_true", help="print the steps and their times, and run none")
    parser.add_argument("-o", "--output", type=Path, default=Path("build/campaigns"))
    options = parser.parse_args()
    every = chosen(steps(options.share), options.only)
    if options.list:
        print(table(every, {}), end="")
        print(f"{sum(step.minutes for step in every) / 60.0:.1f} h of one core")
        return
    folder = options.output.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if any(step.tally is fuzzed for step in every) and importlib.util.find_spec("atheris") is None:
        raise SystemExit("the fuzz needs `pip install atheris`")
    results = read_results(folder)
    lowest_priority()
    print(HEAD, flush=True)
    for step in every:
        if step.name not in results:
            result = run_step(step, folder)
            if -result.code in STOPPED:
                raise SystemExit(f"{step.name} was stopped; the same command goes on")
            results[step.name] = result
            write_results(folder, every, results)
        print(table([step], results).splitlines()[-1], flush=True)
    raise SystemExit(int(any(results[step.name].findings for step in every)))


if __name__ == "__main__":
    main()
