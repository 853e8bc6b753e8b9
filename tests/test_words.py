"""The project says the same thing by the same word, everywhere: names, docstrings, messages, pages, texts in YAML."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("testsite_sim", "kernels", "configs", "scenarios", "docs", "tests", "tools", "benchmarks")
PAGES = ("README.md", "CONTRIBUTING.md", "DATA_LICENSES.md")
KINDS = {".py", ".md", ".yaml", ".html", ".css", ".js"}

# What is not written, as a pattern, and what stands for it. A word is bounded by what is no letter: `what_is_told`.
WORDS = {
    r"tell|tells|told": "say, state, report, log",
    r"telling week": "representative week",
    r"spoken": "language override; answers by",
    r"HowToRun": "ExecutionOptions",
    r"looks\(": "checkpoints",
    r"held[ _]back": "regulatory curtailment",
    r"(?<!lower )(?<!lower_)(?<!higher )(?<!higher_)(?<!low )heating[ _]value": "lower or higher heating value",
    r"assist[ _](level|price)": "grid import below level, grid import below price",
    r"(at the|at its|to its|its|the) begin": "initially, the start",
    r"so many members": "N members",
    r"is no run directory": "is not a run directory",
    r"as the kernels? takes? (it|them)|[Aa]s `[a-z_]+` takes (it|them)": "kernel input, for the kernel, as in `f`",
    r"wish|wishes|wanted": "set-point, expected, requested",
    r"counts?[ _]out|counted[ _]out": "enumerate",
    r"purse": "public budget",
    r"warmth|burnt": "heat, consumed",
    r"AHEAD|ASIDE": "downwind, crosswind",
    r"def happen": "process event",
    r"beside": "next to, in addition to, compared with",
    r"in place of|takes? the place of": "instead of, replaces",
    r"mend|mends|mended|mending": "repair, correct",
    r"what the user can": "user-correctable",
    r"class (Fleet|Wear|Chance)": "WindFarm, Degradation, SeedIndex",
}
# Where a word stands for another reason.
EXCEPTIONS = (
    ("tests/test_words.py", "", "the table itself"),
    ("testsite_sim/configuration/strategy.py", '"assist_', "old keys, which are refused with their successors"),
    ("tests/configuration/test_all_problems_at_once.py", "assist_", "old keys, which are refused"),
    ("testsite_sim/weather/formats/packed.py", "written.tell()", "the method of a file"),
)


def bounded(pattern: str) -> re.Pattern[str]:
    """Return a word as it is searched for."""
    return re.compile(rf"(?<![A-Za-z])(?:{pattern})(?![A-Za-z])")


def files() -> Iterator[Path]:
    """Yield every source and text of the project but the change log, which names what is gone."""
    yield from (ROOT / page for page in PAGES)
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*")):
            hidden = any(part.startswith((".", "_build", "__pycache__")) for part in path.relative_to(ROOT).parts)
            if path.suffix in KINDS and not hidden:
                yield path


@cache
def lines_with_a_word() -> list[tuple[str, int, str]]:
    """Return the lines with any of the words: file, number, text."""
    any_word = bounded("|".join(WORDS))
    return [
        (path.relative_to(ROOT).as_posix(), number, line)
        for path in files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if any_word.search(line)
    ]


@pytest.mark.parametrize(("pattern", "instead"), WORDS.items(), ids=list(WORDS.values()))
def test_a_word_that_the_project_does_not_use_stands_nowhere(pattern: str, instead: str) -> None:
    word = bounded(pattern)
    found = [
        f"{name}:{number}: {line.strip()}"
        for name, number, line in lines_with_a_word()
        if word.search(line) and not any(place in name and part in line for place, part, _ in EXCEPTIONS)
    ]
    assert not found, f"write: {instead}\n" + "\n".join(found)


@pytest.mark.parametrize(("place", "part", "reason"), EXCEPTIONS)
def test_every_exception_is_needed(place: str, part: str, reason: str) -> None:
    assert reason
    assert any(place in name and part in line for name, _, line in lines_with_a_word())
