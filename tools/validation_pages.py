"""Validation pages whose sentences follow from their tables: read a table of a page, write a marked part of it."""

import argparse
import re
from collections.abc import Callable, Sequence
from pathlib import Path

PAGES = Path(__file__).resolve().parents[1] / "docs" / "validation"


def tables(page: str) -> list[list[list[str]]]:
    """Return the tables of a page as rows of cells, the head first, without backquotes and stars."""
    found: list[list[list[str]]] = []
    inside = False
    for line in page.splitlines():
        if not line.startswith("|"):
            inside = False
            continue
        cells = [cell.strip().strip("`*") for cell in line.strip().strip("|").split("|")]
        if not inside:
            found.append([])
            inside = True
        if not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
            found[-1].append(cells)
    return found


def marked(page: str, name: str) -> str:
    """Return the part of a page between `<!-- NAME -->` and `<!-- end of NAME -->`."""
    return page.split(f"<!-- {name} -->\n", 1)[1].split(f"<!-- end of {name} -->", 1)[0]


def with_marked(page: str, name: str, lines: Sequence[str]) -> str:
    """Return a page with other lines in the part of that name."""
    before, rest = page.split(f"<!-- {name} -->\n", 1)
    after = rest.split(f"<!-- end of {name} -->", 1)[1]
    return f"{before}<!-- {name} -->\n" + "\n".join(lines) + f"\n<!-- end of {name} -->{after}"


def write_of_measurements(about: str, page: Path, mark: str, lines_of: Callable[[Path], list[str]]) -> None:
    """Write what `lines_of` makes of the measurements of a folder, `--data`, between marks of a page, and print it."""
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the measurements")
    lines = lines_of(parser.parse_args().data)
    page.write_text(with_marked(page.read_text(encoding="utf-8"), mark, lines), encoding="utf-8")
    print("\n".join(lines))


def listed(names: Sequence[str]) -> str:
    """Return names as a list in a sentence."""
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1] if names else "none"


def generator_sentences(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return what can be said of the table of generated weather: how many statistics lie within, and which do not."""
    outside = [
        f"{name} ({100.0 * (float(generated) / float(measured) - 1.0):+.0f} %)"
        for name, measured, _, generated, within in rows[1:]
        if within != "yes"
    ]
    count = len(rows) - 1
    return [
        f"- {count - len(outside)} of {count} statistics lie within what the measured years can show; by chance alone "
        f"{0.05 * count:.0f} would not. What does not, generated over measured: {listed(outside)}."
    ]
