"""Keep what a campaign of the fuzz has found out: inputs that reach new code, and counts by reader.

    PYTHONPATH=.:kernels python -m tools.keep_corpus FOLDER [--page docs/reliability.md]

FOLDER is that of `tools.run_campaigns`, `tools.fuzz_weather` or `tools.fuzz_scenarios`, all of it guided. The smallest
inputs of each target go to `tools/fuzz_corpus/TARGET.zip`, within `MOST_KEPT` bytes, and the next campaign begins with
them. Its counts are added to those of all campaigns before, in `counts.json` there, each once however often this runs;
the table of them goes to standard output, and with `--page` between the marks of a page.
"""

import argparse
import json
import zipfile
from dataclasses import asdict
from pathlib import Path

from tools.fuzzing import CORPUS, HEAD, TOTALS, Totals, kept_inputs

MOST_KEPT = 6_000  # bytes of a target, packed: 28 of them are less than 200 kB
COUNTS = "counts.json"
COUNTED = "counted.json"  # in the folder of a target: its totals when they were added
DATE = (2026, 1, 1, 0, 0, 0)  # of all inputs, so that the same ones give the same bytes
BEGIN, END = "<!-- keep_corpus: begin -->", "<!-- keep_corpus: end -->"


def keep_inputs(target: str, corpus: Path, folder: Path = CORPUS) -> int:
    """Keep the smallest inputs of a target, with those that were kept before; return how many there are.

    Parameters
    ----------
    target : str
        Its name.
    corpus : Path
        The folder in which atheris keeps inputs.
    folder : Path
        Where they are kept.
    """
    found = {path.read_bytes() for path in corpus.iterdir() if not path.name.startswith("seed-")}
    inputs = sorted(found | set(kept_inputs(target, folder)), key=lambda each: (len(each), each))
    folder.mkdir(exist_ok=True)
    path = folder / f"{target}.zip"
    while True:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
            # In one member, each behind its length: alike as they are, they take a tenth of the room.
            joined = b"".join(len(each).to_bytes(4, "little") + each for each in inputs)
            packed.writestr(zipfile.ZipInfo("inputs", DATE), joined, zipfile.ZIP_DEFLATED)
        if path.stat().st_size <= MOST_KEPT or not inputs:
            return len(inputs)
        del inputs[-max(1, len(inputs) // 20) :]


def add_counts(target: str, place: Path, folder: Path = CORPUS) -> None:
    """Add what a campaign has counted of a target, but for what was added of it before."""
    now, mark, path = Totals.read(place), place / COUNTED, folder / COUNTS
    before = Totals(**json.loads(mark.read_text())) if mark.exists() else Totals()
    every = json.loads(path.read_text()) if path.exists() else {}
    total = Totals(**every.get(target, {}))
    for name in ("executions", "taken", "findings", "seconds"):
        setattr(total, name, getattr(total, name) + getattr(now, name) - getattr(before, name))
    total.slowest, total.peak = max(total.slowest, now.slowest), max(total.peak, now.peak)
    folder.mkdir(exist_ok=True)
    path.write_text(json.dumps(dict(sorted({**every, target: asdict(total)}.items())), indent=1) + "\n")
    mark.write_text(json.dumps(asdict(now)))


def table(folder: Path = CORPUS) -> str:
    """Return the counts of all campaigns in Markdown."""
    every = json.loads((folder / COUNTS).read_text())
    return "\n".join([HEAD, *(Totals(**counts).row(target) for target, counts in every.items())])


def main() -> None:
    """Keep inputs and counts of each target of a folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--page", type=Path, help="a page that the table is written into, between two marks")
    options = parser.parse_args()
    for place in sorted(path.parent for path in options.folder.rglob(TOTALS)):
        if (place / "corpus").is_dir():
            add_counts(place.name, place)
            keep_inputs(place.name, place / "corpus")
    print(table())
    if options.page:
        head, rest = options.page.read_text(encoding="utf-8").split(BEGIN)
        text = f"{head}{BEGIN}\n{table()}\n{END}{rest.split(END)[1]}"
        options.page.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
