"""What is compiled when the program is installed: the kernels of all that ships, as a package that holds them.

`tools/compile_at_installation.py` runs this in a process of its own while pip builds what it installs.
"""

import os
import signal
import stat
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from testsite_kernels.compiling.installed_kernels import NO_KEY, installed_folder, read_installed
from testsite_kernels.compiling.kernel_cache import CACHE, KernelFolder, kernel_folder
from testsite_kernels.compiling.signed_cache import read_signed, write_signed

from testsite_sim.cases.compiling import compile_kernels
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.catalogue import names

ABOUT = '"""Compiled kernels of testsite-sim, made for this machine when it was installed; nothing imports this."""\n'


def compile_for_installation(package: Path, scenarios: Sequence[str]) -> None:
    """Compile what scenarios and studies need, and write it into a package.

    What an earlier installation holds for the same sources and versions is taken from there, not compiled again.

    Parameters
    ----------
    package : Path
        The folder of the package, which is made: a file for each kernel and for each parsed file.
    scenarios : sequence of str
        Names of scenarios and studies. One that cannot be compiled leaves the others as they are, and is named on the
        error output.
    """
    with TemporaryDirectory() as cache:
        os.environ[CACHE] = cache
        try:
            compile_kernels(scenarios, None, lambda line: print(line, flush=True))
        except ConfigurationError as error:
            print(error, file=sys.stderr)
        made = kernel_folder()
        if made is not None:
            write_package(package, made, installed_folder())


def write_package(package: Path, made: KernelFolder, before: Path | None) -> None:
    """Write what stands in the folder of a user, and in that of an earlier installation, into a package."""
    target = package / made.path.name
    target.mkdir(parents=True)
    (package / "__init__.py").write_text(ABOUT, encoding="utf-8")
    for path in sorted(() if before is None else before.iterdir()):
        found = read_installed(path.name)
        if found is not None:
            (target / path.name).write_bytes(found)
    for path in sorted(made.path.glob("*.json")):
        (target / path.name).write_bytes(path.read_bytes())
    for path in sorted(made.path.glob("*.kernel")):
        content = read_signed(made, path.name)
        if content is not None:
            write_signed(KernelFolder(target, NO_KEY), path.name, content)


def end_with_input() -> None:
    """Let this process and all that it starts end once a pipe that is its input does, as when its parent is killed."""
    if hasattr(os, "killpg") and stat.S_ISFIFO(os.fstat(0).st_mode):
        threading.Thread(target=_end_with_input, daemon=True).start()


def _end_with_input() -> None:
    """Wait for the end of the input, and end this process with those of its group, where that is its own."""
    while os.read(0, 1):
        pass
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


if __name__ == "__main__":
    end_with_input()
    compile_for_installation(Path(sys.argv[1]), sys.argv[2:] or names("scenarios"))
