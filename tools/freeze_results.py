"""Freeze what the scenarios that ship give, as digests and numbers, and show what a change of the code changed.

    python tools/freeze_results.py write tests/frozen [SCENARIO…]
    python tools/freeze_results.py compare tests/frozen [SCENARIO…] [--renamed OLD=NEW]… [--all]

Without SCENARIO all that ship are run, by the public command, two at once (`--workers`); `--runs FOLDER` keeps the run
directories, and takes those that are there already. A record holds the summary in full, and of each variable of
`results.nc` its shape, type, units, SHA-256 digest and numbers. `write` prints what differs from the record that it
replaces. `compare` leaves with exit code 1 where anything differs, is gone, is new or fails.

A key is `summary/NAME` or `GROUP/VARIABLE`; `--renamed` takes a key, a group or a name of the summary.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
RELATIVE = 1e-12  # what rounding in another order may change
SAMPLES = 5  # values kept of a variable, from the first to the last; all of one that has no more
DIGITS = 32  # of a digest: 128 bits
LETTERS = 40  # kept of a text
COUNTS = ("nan", "infinite")
STATISTICS = ("min", "max", "mean", "std", "weighted_mean")
SHOWN = ("identical", "equal", "differs", "gone", "new", "failed")
WIDTH = 200  # columns of the table where the output is not a terminal

Record = dict[str, Any]


class Row(NamedTuple):
    """What became of one entry of a record."""

    key: str
    verdict: str  # of SHOWN
    difference: str = ""
    frozen: str = ""
    now: str = ""


def shipped() -> list[str]:
    """Return the names of the scenarios that ship."""
    folder = ROOT / "scenarios"
    return sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.glob("*/*.yaml"))


def record_file(folder: Path, scenario: str) -> Path:
    """Return the file of a scenario's record: `waterstof.balancing.json`."""
    return folder / f"{scenario.replace('/', '.')}.json"


def record_of(run: Path) -> Record:
    """Return the record of a run directory: `summary` and `results`, each by key."""
    summary = json.loads((run / "summary.json").read_text(encoding="utf-8"))
    kept = {f"summary/{name}": {k: v for k, v in e.items() if k != "description"} for name, e in summary.items()}
    with xr.open_datatree(run / "results.nc", engine="h5netcdf", decode_cf=False) as tree:  # the bytes as they stand
        variables = {
            f"{group.path}/{name}".removeprefix("/"): _record_of_variable(variable.load())
            for group in tree.subtree
            for name, variable in sorted(group.to_dataset(inherit=False).variables.items())
        }
    return {"summary": kept, "results": variables}


def _record_of_variable(variable: xr.Variable) -> Record:
    """Return shape, type, units, digest and numbers of a variable; the numbers are of what is finite."""
    values = variable.to_numpy().ravel()
    text = values.dtype.kind in "OSU"
    record: Record = {"dims": dict(variable.sizes), "dtype": "text" if text else str(variable.dtype)}
    record["units"] = variable.attrs.get("units")
    if text:
        values = np.array([each.decode() if isinstance(each, bytes) else str(each) for each in values], dtype=object)
        content = "\0".join(values).encode()
    else:
        content = np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<")).tobytes()
    record["sha256"] = hashlib.sha256(content).hexdigest()[:DIGITS]
    if not text and values.size > SAMPLES:
        record |= _numbers(values.astype(float))
    places = [k * (values.size - 1) // (SAMPLES - 1) for k in range(SAMPLES)] if values.size > SAMPLES else slice(None)
    record["values"] = [each[:LETTERS] if text else _plain(each) for each in values[places]]
    return record


def _numbers(values: np.ndarray) -> Record:
    """Return the count of NaN and of infinite values, and what describes the others."""
    finite = np.isfinite(values)
    x = values[finite]
    missing = int(np.isnan(values).sum())
    counts = {"nan": missing, "infinite": int(values.size - x.size - missing)}
    record: Record = {name: count for name, count in counts.items() if count}
    if x.size:
        # The mean with weights that differ from place to place: values that change places are seen.
        weights = np.modf(np.arange(values.size) * 0.6180339887498949)[0][finite]
        record |= {"sum": float(x.sum()), "min": float(x.min()), "max": float(x.max())}
        record |= {"mean": float(x.mean()), "std": float(x.std()), "weighted_mean": float((weights * x).mean())}
    return record


def _plain(value: Any) -> float | str:
    """Return a number that JSON can hold: what is not finite as text."""
    number = float(value)
    return number if np.isfinite(number) else str(number)


def read_record(path: Path) -> Record:
    """Return a record from its file."""
    record: Record = json.loads(path.read_text(encoding="utf-8"))
    return record


def write_record(path: Path, record: Record) -> None:
    """Write a record, one entry a line: a difference between two commits names what changed."""
    parts = []
    for part, entries in record.items():
        lines = ",\n".join(
            f"{json.dumps(key)}: {json.dumps(entry, allow_nan=False, ensure_ascii=False)}"
            for key, entry in entries.items()
        )
        parts.append(f"{json.dumps(part)}: {{\n{lines}\n}}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def compare_records(frozen: Record, now: Record, renamed: Mapping[str, str] | None = None) -> list[Row]:
    """Return what became of each entry, in the order of the records, what is new last."""
    rows, seen = [], set()
    for part in ("summary", "results"):
        for key, entry in frozen[part].items():
            found = _new_key(key, renamed or {})
            seen.add(found)
            label = key if found == key else f"{key} → {found}"
            if found not in now[part]:
                rows.append(Row(label, "gone", "", _shown(entry)))
            elif part == "summary":
                rows.append(_compared_figure(label, entry, now[part][found]))
            else:
                rows.append(_compared_variable(label, entry, now[part][found]))
    for part in ("summary", "results"):
        rows += [Row(key, "new", "", "", _shown(now[part][key])) for key in now[part] if key not in seen]
    return rows


def _new_key(key: str, renamed: Mapping[str, str]) -> str:
    """Return what a key is called now: by itself, by its name in the summary, or by its group."""
    group, _, name = key.rpartition("/")
    if key in renamed:
        return renamed[key]
    if group == "summary":
        return f"summary/{renamed.get(name, name)}"
    return f"{renamed.get(group, group)}/{name}" if group else name


def _shown(entry: Record) -> str:
    """Return an entry as text: the figure with its units, or shape and units of a variable."""
    if "value" in entry:
        return f"{entry['value']!r} {entry.get('units') or ''}".strip()
    sizes = ", ".join(f"{name}: {size}" for name, size in entry["dims"].items())
    return f"({sizes}) {entry['dtype']} {entry['units'] or ''}".strip()


def _relative(a: Any, b: Any, scale: float = 0.0) -> float:
    """Return the difference of two values relative to the larger, or to a larger scale; infinite for other kinds."""
    if a == b:
        return 0.0
    if not all(isinstance(each, int | float) for each in (a, b)):
        return np.inf
    return abs(a - b) / max(abs(a), abs(b), scale)


def _verdict(difference: float) -> str:
    """Return the verdict on a relative difference."""
    return "identical" if difference == 0.0 else "equal" if difference <= RELATIVE else "differs"


def _compared_figure(key: str, old: Record, new: Record) -> Row:
    """Compare two entries of a summary: its numbers (the value, percentiles) to rounding, all else exactly."""
    # A residual is itself a rounding error, relative to what is balanced.
    scale = 1.0 if key.endswith("_residual") and old.get("units") == "1" else 0.0
    differences = {name: _relative(old.get(name), new.get(name), scale) for name in {**old, **new}}
    name = max(differences, key=lambda each: differences[each])
    difference = differences[name]
    if name == "value" or difference == 0.0:
        return Row(key, _verdict(difference), _exponent(difference), _shown(old), _shown(new))
    return Row(key, _verdict(difference), _exponent(difference), f"{name} {old.get(name)}", f"{name} {new.get(name)}")


def _exponent(difference: float) -> str:
    """Return a relative difference as text, nothing where there is none or it is not a number."""
    return "" if difference in (0.0, np.inf) else f"{difference:.1e}"


def _compared_variable(key: str, old: Record, new: Record) -> Row:
    """Compare two variables: by their digests, else by their numbers relative to the largest magnitude."""
    if [*old["dims"].items()] != [*new["dims"].items()] or any(old[k] != new[k] for k in ("dtype", "units")):
        return Row(key, "differs", "shape, type or units", _shown(old), _shown(new))
    if old["sha256"] == new["sha256"]:
        return Row(key, "identical", "", _shown(old), _shown(new))
    if old["dtype"] == "text":
        return Row(key, "differs", "text", str(old["values"]), str(new["values"]))
    found = {name: (old.get(name, 0), new.get(name, 0)) for name in COUNTS}
    found |= {name: (old.get(name), new.get(name)) for name in STATISTICS}
    pairs = zip(old["values"], new["values"], strict=True)
    found |= {f"value {k} of {len(old['values'])}": pair for k, pair in enumerate(pairs, 1)}
    numbers = [x for pair in found.values() for x in pair if isinstance(x, float)]
    scale = max(map(abs, numbers), default=0.0)
    differences = {name: _relative(*pair, 0.0 if name in COUNTS else scale) for name, pair in found.items()}
    name = max(differences, key=lambda each: differences[each])
    a, b = found[name]
    # The digest differs: the same numbers are not proof that every value is the same.
    verdict = "equal" if differences[name] <= RELATIVE else "differs"
    return Row(key, verdict, _exponent(differences[name]), f"{name}: {a!r}", f"{name}: {b!r}")


def _run(scenario: str, folder: Path) -> Record | str:
    """Run a scenario where it has not been run, and return its record; its errors where it fails."""
    target = folder / scenario
    if not (target / "results.nc").is_file():
        command = [sys.executable, "-m", "testsite_sim", "run", scenario, "-o", str(target)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            return f"exit code {done.returncode}: {(done.stderr.strip().splitlines() or [''])[-1]}"
    return record_of(target)


def _records(scenarios: Sequence[str], folder: Path, workers: int) -> Iterator[tuple[str, Record | str]]:
    """Run scenarios, a few at once, and give their records in order."""
    with ThreadPoolExecutor(workers) as pool:
        yield from zip(scenarios, pool.map(partial(_run, folder=folder), scenarios), strict=True)


def _print(console: Console, scenario: str, rows: Sequence[Row], every: bool) -> None:
    """Print the counts of a scenario, and a table of the entries that are not identical, or of every one."""
    counts = Counter(row.verdict for row in rows)
    console.print(f"{scenario}: " + ", ".join(f"{counts[v]} {v}" for v in SHOWN if counts[v]), highlight=False)
    listed = [row for row in rows if every or row.verdict != "identical"]
    if not listed or (not every and counts["new"] == len(rows)):  # the first record of a scenario
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("entry", "verdict", "relative difference", "frozen", "now"):
        table.add_column(title, overflow="fold")
    for row in listed:
        table.add_row(*row)
    console.print(table, highlight=False, markup=False)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("action", choices=["write", "compare"])
    parser.add_argument("folder", type=Path, help="where the records are")
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help="default: all that ship")
    parser.add_argument("--renamed", action="append", default=[], metavar="OLD=NEW", help="an entry or group; repeated")
    parser.add_argument("--runs", type=Path, metavar="FOLDER", help="keep run directories, take those that are there")
    parser.add_argument("--workers", type=int, default=2, help="scenarios at once (default: 2)")
    parser.add_argument("--all", action="store_true", help="list what is identical, too")
    given = parser.parse_intermixed_args(arguments)  # options may stand before the scenarios
    known = shipped()
    for name in given.scenarios:
        if name not in known:
            parser.error(f"{name}: no such scenario. Those that ship: {', '.join(known)}")
    for pair in given.renamed:
        if not all(pair.partition("=")):
            parser.error(f"--renamed {pair}: expected OLD=NEW")
    renamed = dict(pair.split("=", 1) for pair in given.renamed)
    console = Console() if sys.stdout.isatty() else Console(width=WIDTH)
    changed = False
    with tempfile.TemporaryDirectory() as temporary:
        for scenario, now in _records(given.scenarios or known, given.runs or Path(temporary), given.workers):
            file = record_file(given.folder, scenario)
            if isinstance(now, str):
                rows = [Row(scenario, "failed", now)]
            else:
                frozen = read_record(file) if file.is_file() else {"summary": {}, "results": {}}
                rows = compare_records(frozen, now, renamed)
                if given.action == "write":
                    write_record(file, now)
            _print(console, scenario, rows, given.all)
            limit = ("failed",) if given.action == "write" else SHOWN[2:]
            changed |= any(row.verdict in limit for row in rows)
    return int(changed)


if __name__ == "__main__":
    sys.exit(main())
