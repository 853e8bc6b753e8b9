"""Compare the ratios of two benchmark files: what became slower by more than a margin, what is gone."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from testsite_sim.common.errors import ConfigurationError


@dataclass(frozen=True)
class Verdict:
    """The table to print, and the names of the benchmarks that fail the comparison."""

    table: str
    failures: list[str]


def read_ratios(path: Path) -> dict[str, float]:
    """Read the ratios of a pytest-benchmark file, or of one written by `keep`.

    Raises
    ------
    ConfigurationError
        When the file cannot be read or holds no ratio.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        rows = {row["fullname"]: row["extra_info"].get("ratio") for row in content["benchmarks"]}
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read ({error.strerror}).") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigurationError(
            f"{path}: is not a benchmark file; write one with `pytest benchmarks --benchmark-only "
            f"--benchmark-json={path}`."
        ) from error
    ratios = {name: float(ratio) for name, ratio in rows.items() if ratio is not None}
    if not ratios:
        raise ConfigurationError(f"{path}: holds no benchmark with a ratio to the reference kernel.")
    return ratios


def keep(source: Path, target: Path) -> int:
    """Write the ratios of a benchmark file alone, as the baseline to commit; return how many there are."""
    ratios = read_ratios(source)
    rows = [{"fullname": name, "extra_info": {"ratio": round(ratio, 4)}} for name, ratio in sorted(ratios.items())]
    target.write_text(json.dumps({"benchmarks": rows}, indent=1) + "\n", encoding="utf-8")
    return len(rows)


def compare(old: Mapping[str, float], new: Mapping[str, float], margin: float) -> Verdict:
    """Compare ratios by name.

    Parameters
    ----------
    old, new : mapping
        Ratio by the name of the benchmark.
    margin : float
        A benchmark fails where its new ratio is more than this many times the old one; one that is gone fails too, one
        that is new does not.
    """
    rows: list[tuple[str, ...]] = [("benchmark", "old", "new", "change", "")]
    failures = []
    for name in sorted({*old, *new}):
        before, now = old.get(name), new.get(name)
        if before is None or now is None:
            verdict = "new" if before is None else "GONE"
            change = ""
        else:
            change = f"{now / before:.2f}x"
            verdict = "SLOWER" if now > margin * before else "faster" if before > margin * now else ""
        if verdict in ("GONE", "SLOWER"):
            failures.append(name)
        rows.append((name, *("" if ratio is None else f"{ratio:.3f}" for ratio in (before, now)), change, verdict))
    widths = [max(len(row[k]) for row in rows) for k in range(5)]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *(row[k].rjust(widths[k]) for k in (1, 2, 3)), row[4]]).rstrip()
        for row in rows
    ]
    return Verdict("\n".join(lines), failures)
