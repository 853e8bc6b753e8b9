"""Scenarios by patterns of their names, as a shell has them for files: `waterstof/*`."""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from os.path import isfile

from testsite_sim.common.errors import ConfigurationError, nearest
from testsite_sim.configuration.catalogue import names

WILD = "*?["
FILES = (".yaml", ".yml")


def is_pattern(name: str) -> bool:
    """Return whether what was named is a pattern: it has a `*`, `?` or `[`, and is no file."""
    return any(letter in name for letter in WILD) and not isfile(name)


def expanded(stated: Sequence[str]) -> tuple[list[str], list[tuple[str, ConfigurationError]]]:
    """Return the names of scenarios for what was stated, and what is wrong with patterns.

    A pattern stands for the names that ship which it matches, in alphabetical order; `*` and `?` match no stroke. What
    is there already, by its name or by a pattern before, it does not repeat, nor does a name repeat what a pattern
    before it has matched. Names that are stated twice stay twice.

    Parameters
    ----------
    stated : sequence of str
        Names, files and patterns.

    Returns
    -------
    list of str
        The names and files, in their order.
    list of tuple
        Each pattern that cannot be used, and the sentence about it.

    Examples
    --------
    >>> expanded(["waterstof/lillo-*", "flanders-wind-farm/test-site", "waterstof/lillo-fuel-cell"])[0]
    ['waterstof/lillo-by-product', 'waterstof/lillo-fuel-cell', 'flanders-wind-farm/test-site']
    """
    found: list[str] = []
    problems: list[tuple[str, ConfigurationError]] = []
    for each in stated:
        if not is_pattern(each):
            if each not in found or stated.count(each) > 1:
                found.append(each)
            continue
        matched = [name for name in names("scenarios") if _matches(name, each)]
        found += [name for name in matched if name not in found]
        if not matched:
            problems.append((each, ConfigurationError(_why_none(each))))
    return found, problems


def _matches(name: str, pattern: str) -> bool:
    """Return whether a pattern matches a name, part by part."""
    parts, patterns = name.split("/"), pattern.split("/")
    return len(parts) == len(patterns) and all(map(fnmatchcase, parts, patterns))


def _why_none(pattern: str) -> str:
    """Return the sentence on a pattern that matches nothing."""
    if pattern.endswith(FILES):
        return (
            f"no file is called {pattern!r}, and patterns are of the names of scenarios that ship; leave its quotes "
            "out, so that the shell lists your files."
        )
    if "/" not in pattern:
        return f"no scenario matches {pattern!r}: names have two parts, FOLDER/NAME; '*/*' are all of them."
    plain = "".join(letter for letter in pattern if letter not in WILD + "]")
    return f"no scenario matches {pattern!r}. {nearest(plain, names('scenarios'))}"
