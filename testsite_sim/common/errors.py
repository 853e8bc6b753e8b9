"""Errors that a user can cause. Each says where, what was found, what is expected, and the nearest valid choice."""

import difflib
from collections.abc import Iterable

from testsite_sim.common.text import printable, shortened

LONGEST_MESSAGE = 1000
MOST_PROBLEMS = 20  # that are listed; the others are counted
MOST_CHOICES = 16  # that are offered where none is near
_FEW = 8  # that are rather listed than guessed at


class TestsiteError(Exception):
    """A user-correctable error; the command line prints its sentences and leaves with `exit_code`.

    Several problems that were found together are several sentences, a line each. What a sentence quotes of an input may
    hold anything: it is written in one line of printable characters.

    Parameters
    ----------
    *problems : str
        One sentence each.
    """

    __test__ = False  # pytest would otherwise take the name for a test class
    exit_code = 2

    def __init__(self, *problems: str) -> None:
        shown = [_one_line(problem) for problem in problems[:MOST_PROBLEMS]]
        more = len(problems) - len(shown)
        if more:
            shown.append(f"{more} more problem{'s' * (more > 1)} after these.")
        self.problems = tuple(shown)
        super().__init__("\n".join(shown))


def _one_line(message: str) -> str:
    """Return a message in one line of printable characters, cut where it is too long to read."""
    return shortened(printable(message), LONGEST_MESSAGE)


class ConfigurationError(TestsiteError):
    """A scenario, a configuration file or a command-line argument is wrong (exit code 2)."""


class DataError(TestsiteError):
    """A weather record or another input series is wrong (exit code 3)."""

    exit_code = 3


class Stopped(KeyboardInterrupt):
    """The user stopped a run that keeps what it had; the message says what, and how to go on."""


def nearest(name: object, choices: Iterable[str], count: int = 3) -> str:
    """Return the sentence that offers the choices nearest to a mistyped name, best first.

    Parameters
    ----------
    name : object
        What the user wrote: text, or another value by mistake.
    choices : iterable of str
        The valid names.
    count : int
        How many to offer at most.

    Returns
    -------
    str
        "Nearest: a, b." or, where nothing resembles it, "Choices: …", or an empty text without choices.
    """
    valid = sorted(set(choices))
    if not valid:
        return ""
    folded = {choice.casefold(): choice for choice in valid}
    cutoff = 0.6 if len(valid) <= _FEW else 0.5
    ends = {choice.rpartition("/")[2].casefold(): choice for choice in valid if "/" in choice}  # without its folder
    close = difflib.get_close_matches(str(name).casefold(), [*folded, *(ends.keys() - folded)], n=count, cutoff=cutoff)
    close = (
        close or [choice for choice in folded if len(str(name)) > 2 and choice.startswith(str(name).casefold())][:count]
    )
    if close:
        found = dict.fromkeys(folded.get(match) or ends[match] for match in close)
        return "Nearest: " + ", ".join(found) + "."
    shown = valid if len(valid) <= MOST_CHOICES else [*valid[:MOST_CHOICES], "…"]
    return "Choices: " + ", ".join(shown) + "."
