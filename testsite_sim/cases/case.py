"""What every kind of case has in common, and what it may use while it runs."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from testsite_sim.common.arguments import instance_of, whole_number
from testsite_sim.common.errors import ConfigurationError, nearest

if TYPE_CHECKING:
    import xarray as xr

    from testsite_sim.report.drawing import FiguresWritten, NamedFigure

Log = Callable[[str], None]
ProgressBar = Callable[[int, int, str], AbstractContextManager[Callable[[int], None]]]
Summary = dict[str, dict[str, Any]]  # name to value, units, description and what else is known of it
Given = TypeVar("Given")


def silent(line: str) -> None:
    """Report nothing."""


@contextmanager
def no_bar(total: int, done: int, what: str) -> Iterator[Callable[[int], None]]:
    """Show no progress."""
    yield lambda more: None


LOCAL = "local"  # instead of the address of a scheduler


@dataclass(frozen=True)
class ExecutionOptions:
    """How an ensemble is run; none of it changes a result.

    Attributes
    ----------
    workers
        Processes on this machine.
    resume
        Go on with what stands in the run directory, or begin.
    scheduler
        The address of a Dask cluster to run it on instead, `tls://HOST:PORT`; `local` for one of `workers` processes on
        this machine, which is started for the run and which nobody else can use.
    certificates
        For `tls://`: of its authority, of this client, and the key of this client.
    """

    workers: int = 1
    resume: bool = False
    scheduler: str | None = None
    certificates: tuple[Path, Path, Path] | None = None

    def __post_init__(self) -> None:
        whole_number(self.workers, "workers", 1)
        instance_of(self.resume, bool, "resume", "True or False")
        if self.scheduler is not None:
            instance_of(self.scheduler, str, "scheduler", f"an address as tls://host:8786, or {LOCAL}")
        if self.scheduler and self.scheduler != LOCAL and self.workers != 1:
            raise ConfigurationError(
                "`scheduler` and `workers` do not go together: the workers of a cluster are started next to its "
                f"scheduler. For a cluster on this machine take `scheduler={LOCAL}`."
            )
        if self.certificates and self.scheduler in (None, LOCAL):
            raise ConfigurationError("`certificates` is for the address of a `scheduler`; add it, or leave it out.")


IN_THIS_PROCESS = ExecutionOptions()


class DrawsAhead(Protocol):
    """What draws a run while it is simulated; see `testsite_sim.cases.drawing_ahead`."""

    def note(self, step: str, dataset: "xr.Dataset") -> None:
        """Take a step that is done."""

    def resolved(self) -> str | None:
        """Return the resolved scenario, which was written meanwhile; None: the case is to write it itself."""

    def ask(self, simulated: "Simulated", summary: Summary, folder: Path) -> bool:
        """Begin to write figures and page, and return whether there is something that does."""

    def has_written(self, what: str) -> bool:
        """Return, once it is so, whether the figures or the page are written."""


@dataclass
class Work:
    """What a case may use while it runs: a clock, a log, a progress bar, and where its run directory will stand."""

    log: Log = silent
    progress_bar: ProgressBar = no_bar
    target: Path | None = None
    force: bool = False
    execution: ExecutionOptions = IN_THIS_PROCESS
    seconds: dict[str, float] = field(default_factory=dict)  # wall time of each step
    exits: ExitStack = field(default_factory=ExitStack)
    drawing: "DrawsAhead | None" = None
    _last: float = field(default_factory=time.perf_counter)

    def done(self, step: str, dataset: "xr.Dataset | None" = None) -> None:
        """Note that a step is done, how long it took and, for what draws ahead, what it gave."""
        if self.drawing is not None and dataset is not None:
            self.drawing.note(step, dataset)
        now = time.perf_counter()
        self.seconds[step] = round(now - self._last, 4)
        self._last = now
        self.log(f"{step:<12}{self.seconds[step]:8.2f} s")

    def resolved(self, case: "DrawnCase") -> str:
        """Return the resolved file of a case, which what draws may have written meanwhile."""
        text = None if self.drawing is None else self.drawing.resolved()
        return case.resolved() if text is None else text

    def restart(self) -> None:
        """Measure the next step from now."""
        self._last = time.perf_counter()

    def keep(self, context: AbstractContextManager[Given]) -> Given:
        """Enter a context that is left once the run is published, or has failed."""
        return self.exits.enter_context(context)


@dataclass(frozen=True)
class Simulated:
    """What a case gives.

    Attributes
    ----------
    steps
        The Dataset of every step, by the path of its group.
    scenario
        The resolved file, from which the case runs again to the same bits.
    writers
        Write further files into the folder of the run.
    provenance
        What else is to be known of how it was made.
    """

    steps: Mapping[str, "xr.Dataset"]
    scenario: str
    writers: Sequence[Callable[[Path], None]] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Drawing:
    """The figures of a run by name, the formats they are written in, and its page, if it has one.

    The page asks for the files of the figures when it has all else: others draw them meanwhile.
    """

    figures: Mapping[str, "NamedFigure"]
    formats: tuple[str, ...] = ("svg", "png")
    page: "Callable[[FiguresWritten], str] | None" = None

    def figure(self, name: str) -> "NamedFigure":
        """Return a figure.

        Raises
        ------
        UnknownNameError
            When there is none of that name; the nearest are offered.
        """
        if not isinstance(name, str) or name not in self.figures:
            raise UnknownNameError(f"there is no figure {name!r}. {nearest(name, self.figures)}".rstrip())
        return self.figures[name]


class Case(Protocol):
    """What can be run."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def packages(self) -> Sequence[str]:
        """Packages whose versions are noted besides those of every run."""

    def check(self) -> None:
        """Open and check everything that it names, and simulate nothing."""

    def simulate(self, work: Work) -> Simulated:
        """Return the results; each step is noted as done."""

    def summarise(self, steps: Mapping[str, "xr.Dataset"]) -> Summary:
        """Return the figures that people ask for: name to value, units and description."""

    def draw(self, simulated: Simulated, results: "xr.DataTree", summary: Summary) -> Drawing:
        """Return figures and page of the results."""


class DrawnCase(Case, Protocol):
    """What can be drawn while it is run."""

    def resolved(self) -> str:
        """Return its resolved file."""


class UnknownNameError(ConfigurationError, KeyError):
    """A name is not among those that there are."""

    def __str__(self) -> str:
        """Return the sentence, which a KeyError would put in quotes."""
        return "\n".join(self.problems)


def brief(case: Any) -> str:
    """Return the kind and the title of a case: what it holds would fill pages of a notebook."""
    return f"<{type(case).__name__} of {case.title!r}>"
