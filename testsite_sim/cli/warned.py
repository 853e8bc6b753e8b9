"""Warnings on the standard error, each sentence once: some are given as a run goes on, and stand in its summary too."""

from testsite_sim.common.printing import echo

_said: set[str] = set()


def say_warning(sentence: str) -> None:
    """Print a warning, unless it was printed before."""
    if sentence not in _said:
        _said.add(sentence)
        echo(f"testsite-sim: warning: {sentence}", err=True)


def begin() -> None:
    """Forget what was said: a command line begins."""
    _said.clear()
