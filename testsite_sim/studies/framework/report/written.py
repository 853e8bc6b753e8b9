"""Quantities as they are written in configuration, in the language of a report: decimal mark, thousands, units."""

import re

from testsite_sim.studies.framework.words import Words

_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])")
_NEGATIVE = re.compile(r"(?<![\w.])-(?=\d)")
_INVERSE = re.compile(r"\b1/([A-Za-z]+)")
_WORD = re.compile(r"[A-Za-z]+")
LARGE = 1000.0  # numbers from here on have their thousands kept apart
YEARS = range(1900, 2101)  # whole numbers that are read as a year


def written(text: str, words: Words) -> str:
    """Return a quantity, a range or a finding in the language of a report.

    Words of units and of bounds are replaced as the texts say below `written`; `1/MEUR` reads `per million EUR`.
    """
    per = _INVERSE.sub(lambda found: f"{words['written.per']} {found.group(1)}", text)
    named = _WORD.sub(lambda found: words.get(f"written.{found.group()}", found.group()), with_its_numbers(per, words))
    return _NEGATIVE.sub("\N{MINUS SIGN}", named).replace(" - ", " – ")


def with_its_numbers(text: str, words: Words) -> str:
    """Return a sentence with the numbers in it as the language of a report writes them; its words stay."""
    return _NUMBER.sub(lambda found: _number(found.group(), words), text)


def _number(text: str, words: Words) -> str:
    """Return a number with its thousands kept apart and its decimal mark."""
    if "." not in text and float(text) >= LARGE and int(text) not in YEARS:
        return f"{int(text):,}".replace(",", "\N{NO-BREAK SPACE}")
    return text.replace(".", words["decimal_mark"])
