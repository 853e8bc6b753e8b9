"""`python -m tools.scorecard --data ../shared/data/validate`: run everything and write the page."""

import argparse
import tempfile
import time
from pathlib import Path

from tools.scorecard import models, reasons
from tools.scorecard.card import Card
from tools.scorecard.hindcast import MEMBERS
from tools.scorecard.page import AIM_HEAD, part, sentences, table
from tools.scorecard.sections import elsewhere, hydrogen_part, les_part, rows_part, sea_part
from tools.scorecard.zone_sections import zone_part
from tools.validation_pages import PAGES, marked, with_marked

FIRST_KEPT, AFTER_KEPT = "## Measured rows", "## Hydrogen"
ROWS = ("row of Horns Rev 1", "rows of Lillgrund")
COVERAGE = "statements on months"  # said on the page of the wind too


def arguments() -> argparse.Namespace:
    """Return what the command line states."""
    parser = argparse.ArgumentParser(prog="python -m tools.scorecard", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/validate"), help="folder of the measurements")
    parser.add_argument("--out", type=Path, default=PAGES, help="folder of the page")
    parser.add_argument("--les", type=Path, help="folder examples/cases/KUL_LES of a checkout of EUFLOW/WIFA")
    parser.add_argument("--work", type=Path, help="folder of the runs; those that are there are not run again")
    parser.add_argument("--members", type=int, default=MEMBERS, help="of the ensemble, for each wake model")
    parser.add_argument("--without", action="append", default=[], help="year of an ensemble that is not to run")
    parser.add_argument(
        "--keep-rows", action="store_true", help="leave measured rows and large eddies as they stand on the page"
    )
    return parser.parse_args()


def main() -> None:
    """Run everything and write the page."""
    stated, started = arguments(), time.process_time()
    with tempfile.TemporaryDirectory(prefix="scorecard-") as temporary:
        work = stated.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        card = Card()
        zone_part(card, stated.data, work, stated.members, stated.out, stated.without)
        if stated.keep_rows:
            keep_rows(card, (stated.out / "scorecard.md").read_text(encoding="utf-8"))
        else:
            rows_part(card, stated.data, stated.out)
            les_part(card, stated.les)
        hydrogen_part(card)
        sea_part(card, stated.data)
    write(card, stated.out)
    print(f"written to {stated.out / 'scorecard.md'}; {time.process_time() - started:.0f} CPU s of this process")


def keep_rows(card: Card, page: str) -> None:
    """Add measured rows and large eddies, their aims, reasons and what is left out of them, as a page has them."""
    start, end = page.index(FIRST_KEPT), page.index(AFTER_KEPT)
    card.add(page[start:end].rstrip())
    _, *aims = rows_of(marked(page, "aims"))
    card.aims += [aim for aim in aims if aim[0].startswith(ROWS)]
    _, *why = rows_of(marked(page, "reasons"))
    card.reasons |= {name: reason for name, _, reason in why if name.startswith(ROWS)}
    card.left_out += [
        line.removeprefix("- ")
        for line in marked(page, "left out").splitlines()
        if line.startswith(("- a peer on the rows", "- 27 large-eddy", "- measured rows"))
    ]


def rows_of(text: str) -> list[list[str]]:
    """Return the cells of a table, as they are written."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def write(card: Card, out: Path) -> None:
    """Write the page, what the page of the wind says of it, and the models of decision 7."""
    lines = [
        "# Scorecard: simulated against measured",
        "",
        "Written by `python -m tools.scorecard --data FOLDER`; the measurements are not part of this repository. "
        "Sentences "
        "and tables are computed; a test holds the one against the other.",
        "",
        "## What is right, and what is not",
        "",
        "The aims of the zone and of the rows are those that it was built for, and years of which a total alone is "
        "published, and which were not seen before, are held to the same; 5 % of a figure of a plant, 50 mV of a cell, "
        "20 % "
        "of a campaign and nine of ten maintenance cases are aims of this page.",
        "",
        *part("statements on aims", sentences(card.aims)),
        "",
        *part("aims", table(AIM_HEAD, card.aims)),
        "",
        "Why, and how much:",
        "",
        *part("reasons", table(reasons.HEAD, reasons.reason_rows(card.aims, card.reasons))),
        "",
        "Left out:",
        "",
        *part("left out", [f"- {each}" for each in card.left_out] or ["- nothing"]),
        "",
        *card.sections,
        *elsewhere(),
    ]
    page = "\n".join(lines).rstrip() + "\n"
    (out / "scorecard.md").write_text(page, encoding="utf-8")
    wind = out / "wind.md"
    if COVERAGE in page and wind.is_file():
        said = marked(page, COVERAGE).splitlines()
        wind.write_text(with_marked(wind.read_text(encoding="utf-8"), "coverage", said), encoding="utf-8")
    decision = out.parent / "decisions" / models.PAGE
    if card.models and decision.is_file():
        text = with_marked(decision.read_text(encoding="utf-8"), models.MARK, card.models)
        decision.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
