"""What a run is doing: a bar on a terminal, plain lines elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from testsite_sim.common.printing import echo, is_terminal
from testsite_sim.common.text import printable

LINE_EVERY = 10.0  # [s] at least, between lines of progress where there is no terminal


@contextmanager
def reported_steps(steps: int, quiet: bool = False) -> Iterator[Callable[[str], None]]:
    """Yield a function that reports a line for each of at most `steps` steps, on standard error; nothing if quiet."""
    if quiet:
        yield lambda line: None
        return
    if not is_terminal(sys.stderr):
        yield lambda line: echo(line, err=True)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("starting", total=steps)
        yield lambda line: progress.update(task, advance=1, description=printable(line))


@contextmanager
def progress_bar(total: int, done: int, what: str) -> Iterator[Callable[[int], None]]:
    """Yield a function that takes how many more of `total` are done, of which `done` were so before."""
    if is_terminal(sys.stderr):
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (BarColumn(), MofNCompleteColumn(), TextColumn(what, markup=False), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task(what, total=total, completed=done)
            yield lambda more: progress.update(task, advance=more)
        return
    state = {"done": done, "reported": time.monotonic()}

    def advance(more: int) -> None:
        state["done"] += more
        now = time.monotonic()
        if now - state["reported"] >= LINE_EVERY or state["done"] >= total:
            state["reported"] = now
            echo(f"{state['done']} of {total} {what}", err=True)

    yield advance


def seldom(report: Callable[[str], None], line: str) -> Callable[[int], None]:
    """Return a function that takes how many there are and reports the line of it, not more often than `LINE_EVERY`.

    Parameters
    ----------
    report : callable
        Takes a line.
    line : str
        With `{}` for the number, as `{} sizes tried`.
    """
    reported = time.monotonic()

    def count(number: int) -> None:
        nonlocal reported
        if (now := time.monotonic()) - reported >= LINE_EVERY:
            reported = now
            report(line.format(number))

    return count
