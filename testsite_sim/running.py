"""What every kind of run shares: a folder that is whole or not there, a clock, and what made it."""

import platform
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

from testsite_sim import __version__
from testsite_sim.common.kernel_cache import announced
from testsite_sim.output.ownership import DIGESTS, RUN
from testsite_sim.output.run_directory import RunDirectory

Say = Callable[[str], None]
VERSIONED = ("numpy", "numba", "xarray", "h5netcdf", "scipy", "matplotlib")


class Clock:
    """Measures the wall time of each step and says it."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def done(self, step: str) -> None:
        """Note that a step is done."""
        now = time.perf_counter()
        self.seconds[step] = round(now - self._last, 4)
        self._last = now
        self.say(f"{step:<12}{self.seconds[step]:8.2f} s")


@contextmanager
def running(target: Path, force: bool, say: Say) -> Iterator[tuple[RunDirectory, Clock]]:
    """Give the folder of a run and its clock; the folder stands in its place once all has gone well.

    Raises
    ------
    ConfigurationError
        When something stands in the way of the folder.
    """
    with RunDirectory(target, force) as directory, announced(say):
        yield directory, Clock(say)


def write_provenance(directory: RunDirectory, clock: Clock, packages: Sequence[str] = (), **more: Any) -> None:
    """Write what made a run: versions, digests of its files, wall time of its steps, and what else is to be told."""
    versions = {"testsite-sim": __version__, "python": platform.python_version()}
    versions |= {name: metadata.version(name) for name in (*VERSIONED, *packages)}
    date = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    content = {"date": date, "versions": versions, **more}
    directory.write_json(RUN, {**content, DIGESTS: directory.digests(), "wall_time_seconds": clock.seconds})
