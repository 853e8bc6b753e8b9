"""What an installation builds: kernels as a package of their own, or a pure wheel for releases; and from what."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

import testsite_sim
from testsite_sim.cases.compiling_for_installation import compile_for_installation, end_with_input

ROOT = Path(testsite_sim.__file__).resolve().parents[1]
HOOK = ROOT / "tools" / "compile_at_installation.py"
PACKAGE = "testsite_compiled_kernels"
PROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "testsite-sim"
version = "1"
requires-python = ">=3.11"
dependencies = ["numba"]
[tool.hatch.build.targets.wheel]
packages = ["testsite_sim"]
[tool.hatch.build.targets.wheel.hooks.custom]
path = "hook.py"
require-runtime-dependencies = true
"""
COMPILES = """
import sys
from pathlib import Path
folder = Path(sys.argv[1]) / "0123456789abcdef0123"
folder.mkdir(parents=True)
(folder.parent / "__init__.py").touch()
(folder / "a.kernel").write_bytes(b"machine code")
(folder / "a.kernel").chmod(0o600)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project with this hook, whose kernels are one file that is written at once."""
    (tmp_path / "testsite_sim" / "cases").mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "hook.py").write_text(HOOK.read_text(encoding="utf-8"), encoding="utf-8")
    for folder in (tmp_path / "testsite_sim", tmp_path / "testsite_sim" / "cases"):
        (folder / "__init__.py").touch()
    compiles(tmp_path, COMPILES)
    return tmp_path


def compiles(project: Path, program: str) -> None:
    """Let a project compile by a program."""
    (project / "testsite_sim" / "cases" / "compiling_for_installation.py").write_text(program, encoding="utf-8")


def build(project: Path, kind: str = "wheel", **environment: str) -> tuple[Path, str]:
    """Build as pip asks for it; return the wheel and what was said."""
    code = f"import sys; from hatchling.build import build_{kind} as build; print('WHEEL', build('dist'))"
    own = {key: value for key, value in os.environ.items() if not key.startswith("HATCH_")} | environment
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=project, env=own, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return project / "dist" / done.stdout.split("WHEEL ")[1].strip(), done.stdout + done.stderr


def files(wheel: Path) -> dict[str, int]:
    """Return the compiled kernels of a wheel with their modes."""
    with zipfile.ZipFile(wheel) as archive:
        found = {each.filename: each.external_attr >> 16 & 0o777 for each in archive.infolist()}
    return {name: mode for name, mode in found.items() if name.startswith(PACKAGE)}


EXPECTED = {f"{PACKAGE}/__init__.py": 0o644, f"{PACKAGE}/0123456789abcdef0123/a.kernel": 0o644}


def test_a_wheel_holds_kernels_that_all_can_read_and_says_for_which_machines_it_is(project: Path) -> None:
    wheel, _ = build(project)
    assert files(wheel) == EXPECTED
    assert not wheel.name.endswith("-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert "Root-Is-Purelib: false" in archive.read("testsite_sim-1.dist-info/WHEEL").decode()
        assert (
            f"{PACKAGE}/0123456789abcdef0123/a.kernel,sha256="
            in archive.read("testsite_sim-1.dist-info/RECORD").decode()
        )  # by which pip removes it


def test_an_editable_installation_has_its_own_kernels_next_to_the_link(project: Path) -> None:
    wheel, _ = build(project, "editable")
    assert files(wheel) == EXPECTED
    with zipfile.ZipFile(wheel) as archive:
        assert not [name for name in archive.namelist() if name.startswith("testsite_sim/")]


def test_without_hooks_a_wheel_is_pure_and_holds_no_machine_code(project: Path) -> None:
    wheel, _ = build(project, HATCH_BUILD_NO_HOOKS="true")
    assert wheel.name == "testsite_sim-1-py3-none-any.whl"
    assert files(wheel) == {}


@pytest.mark.skipif(not (ROOT / ".git").exists() or shutil.which("git") is None, reason="no history of git")
def test_a_source_distribution_is_the_repository_without_its_history(tmp_path: Path) -> None:
    """Its own tests, some of which read the workflows of CI, run from it."""
    asked = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
    kept = {name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()}
    code = "import sys; from hatchling.build import build_sdist; build_sdist(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, capture_output=True, check=True)
    (archive,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        found = {name.split("/", 1)[1] for name in opened.getnames()}
    assert found == kept | {"PKG-INFO"}


def test_the_image_of_a_container_is_built_from_all_that_a_wheel_is() -> None:
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project, wheel = whole["project"], whole["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {"pyproject.toml", project["readme"], *project["license-files"], *wheel["packages"]}
    needed |= {whole["tool"]["hatch"]["version"]["path"], wheel["hooks"]["custom"]["path"], *wheel["force-include"]}
    steps = re.findall(r"^COPY (.+) (\S+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    copied = {source: target for sources, target in steps for source in sources.split()}
    for name in needed:
        found = {name, *map(str, Path(name).parents)} & set(copied)
        assert found, f"{name} is not copied"
        source = max(found, key=len)
        folder = str(Path(source).parent) if (ROOT / source).is_file() else source
        assert copied[source].strip("./") == folder.strip("./"), f"{source} is copied to another place"
    left_out = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert not {source for source in copied if source.startswith(".") or source.split("/")[0] in left_out}


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("raise SystemExit('no compiler')", "no compiler"),
        ("import os; os.kill(os.getpid(), 9)", "exit code"),
        ("import no_such_package", "no_such_package"),
    ],
)
def test_what_cannot_be_compiled_is_said_and_fails_no_installation(project: Path, program: str, said: str) -> None:
    compiles(project, program)
    wheel, lines = build(project)
    assert said in lines
    assert wheel.name.endswith("-any.whl")
    assert files(wheel) == {}


def test_what_takes_too_long_is_ended_with_all_that_it_started(project: Path) -> None:
    program = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(600)'])"
    compiles(project, program)
    hook = project / "hook.py"
    hook.write_text(hook.read_text(encoding="utf-8").replace("LONGEST = 1_800.0", "LONGEST = 3.0"), encoding="utf-8")
    wheel, lines = build(project)  # which waits for all that hold its output, so that none is left
    assert "not done after 3 s" in lines
    assert files(wheel) == {}


BUILD = "from hatchling.build import build_wheel; build_wheel('dist')"
STARTED = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BUILD!r}])"


@pytest.mark.skipif(sys.platform == "win32", reason="there a process has no parent to lose")
@pytest.mark.parametrize("killed", [BUILD, STARTED], ids=["the build", "who started it"])
def test_what_compiles_ends_with_the_build_that_is_killed(project: Path, killed: str) -> None:
    compiles(project, "import sys; print('began', flush=True); sys.stdin.read()")
    command = [sys.executable, "-c", killed]
    with subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        assert b"began" in iter(lambda: process.stdout.readline().strip(), b"")
        process.kill()
        process.stdout.read()  # which ends when nobody is left that could write


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="no groups of processes")
def test_the_compiler_ends_with_its_input_and_takes_along_what_it_started() -> None:
    child = "import time; print('began', flush=True); time.sleep(600)"
    code = (
        f"import subprocess, sys; from {end_with_input.__module__} import end_with_input\n"
        f"end_with_input(); subprocess.run([sys.executable, '-c', {child!r}])"
    )
    read, write = os.pipe()
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=read, stdout=subprocess.PIPE, start_new_session=True) as process:
        os.close(read)
        assert process.stdout is not None
        assert process.stdout.readline() == b"began\n"
        os.close(write)
        assert process.stdout.read() == b""
    assert process.returncode == -signal.SIGKILL


@pytest.mark.slow
def test_the_kernels_of_a_scenario_become_a_package(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        f"from {compile_for_installation.__module__} import compile_for_installation\n"
        "compile_for_installation(Path(sys.argv[1]), ['no/such-scenario', 'flanders-wind-farm/installation'])\n"
    )
    package = tmp_path / PACKAGE
    done = subprocess.run([sys.executable, "-c", code, str(package)], capture_output=True, text=True, check=True)
    assert "no/such-scenario" in done.stderr
    (folder,) = (path for path in package.iterdir() if path.is_dir())
    assert (package / "__init__.py").is_file()
    assert list(folder.glob("*.kernel"))
    assert list(folder.glob("parsed-*.json"))
    # Once more, where these are installed: all are taken over, and nothing is compiled.
    own = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH"))))}
    again = tmp_path / "again" / PACKAGE
    subprocess.run([sys.executable, "-c", code, str(again)], env=own, capture_output=True, check=True)
    assert {path.name: path.read_bytes() for path in (again / folder.name).iterdir()} == {
        path.name: path.read_bytes() for path in folder.iterdir()
    }
