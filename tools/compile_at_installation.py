"""The build hook that compiles the kernels of all that ships while pip, uv or pipx builds what it installs.

Only the machine that builds and runs the program gains by it. `HATCH_BUILD_NO_HOOKS=true` builds without, as releases
are: one wheel for all systems, without machine code.

What is built holds the kernels as a package, `testsite_compiled_kernels`; how they are found, and when they are not
used, is in `kernels/testsite_kernels/compiling/installed_kernels.py`. An installation never fails for them: without
them the first run compiles.
"""

import os
import signal
import subprocess
import sys
import sysconfig
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = "testsite_compiled_kernels"
GLANCE = 1.0  # [s] between looks at whether anybody still waits
LONGEST = 1_800.0  # [s] an assumption: two processors take a minute and a half, and a slow one may take ten times that


class CompileAtInstallation(BuildHookInterface[Any]):
    """Compile the kernels in a process of its own and add them to the wheel, or to what an editable one installs."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the wheel is put together; `version` is "editable" or "standard"."""
        self._folder = TemporaryDirectory(prefix="testsite-sim-")
        package = Path(self._folder.name) / PACKAGE
        fault = compile_into(package, Path(self.root))
        if fault:
            self.app.display_warning(f"Not all kernels are installed, first runs compile what they miss: {fault}")
        if not any(package.glob("*/*.kernel")):
            return
        build_data["force_include_editable" if version == "editable" else "force_include"][str(package)] = PACKAGE
        build_data["pure_python"] = False
        build_data["infer_tag"] = True

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what has been built in."""
        self._folder.cleanup()


def compile_into(package: Path, root: Path) -> str:
    """Compile the kernels of the project in `root` into a package; return in a few words what went wrong, if any."""
    before = package.with_name("before")
    with suppress(OSError):  # what the environment has already: a link, so that its owner and modes are those
        before.mkdir()
        (before / PACKAGE).symlink_to(Path(sysconfig.get_path("platlib")) / PACKAGE, target_is_directory=True)
    path = [str(root), str(root / "kernels"), *filter(None, [os.environ.get("PYTHONPATH")]), str(before)]
    command = [sys.executable, "-m", "testsite_sim.cases.compiling_for_installation", str(package)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path)}
    read, write = os.pipe()  # what is started ends where its input does, as when this process is killed
    try:
        process = subprocess.Popen(
            command, cwd=root, env=environment, stdin=read, stderr=subprocess.PIPE, start_new_session=True
        )
    except OSError as error:
        os.close(write)
        return str(error)
    finally:
        os.close(read)
    try:
        said = _last_words(process)
    except subprocess.TimeoutExpired:
        return f"not done after {LONGEST:.0f} s"
    except ProcessLookupError:
        return "the installation has ended"
    finally:
        os.close(write)
        _end(process)
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else f"exit code {process.returncode}" if process.returncode else ""


def _last_words(process: "subprocess.Popen[bytes]") -> bytes:
    """Return what a process has said by its end.

    Raises
    ------
    TimeoutExpired
        When it takes too long.
    ProcessLookupError
        When who started this process has ended, and nobody waits for what is built.
    """
    began, parent = time.monotonic(), os.getppid()
    while True:
        try:
            return process.communicate(timeout=min(GLANCE, LONGEST))[1]
        except subprocess.TimeoutExpired:
            if time.monotonic() - began >= LONGEST:
                raise
            if os.getppid() != parent:
                raise ProcessLookupError(parent) from None


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a process with those that it started, where it has not ended."""
    if process.poll() is None:
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL) if hasattr(os, "killpg") else process.kill()
        process.wait()
