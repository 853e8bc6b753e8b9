"""Kernels stand on NumPy, Numba and mathematics alone, and each root holds what is meant to stand there alone.

The floors of the library are held by import-linter (`pyproject.toml`, run by `.ci/run`).
"""

import ast
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
KERNELS = ROOT / "kernels" / "testsite_kernels"
ALLOWED = {"numpy", "numba", "math", "testsite_kernels", "typing", "collections"}  # the last two for annotations
COMPILING = KERNELS / "compiling"  # keeps compiled kernels on disk: no kernel
# Where kernels meet it: their decorator, and the names of compiled functions.
DOORS = {"numerics/compile_options.py", "wind/wake/model.py"}
LONGEST_BODY, MOST_ARGUMENTS = 80, 9
FACE = {"__init__.py", "__main__.py", "api.py", "py.typed"}
# The root of the repository: one name more is a decision, and not a file that a command has left there.
ROOMS = {"benchmarks", "configs", "docs", "kernels", "recipe", "scenarios", "tests", "testsite_sim", "tools"}
SERVICES = {".binder", ".ci", ".dockerignore", ".gitattributes", ".github", ".gitignore", ".pre-commit-config.yaml"}
SERVICES |= {".readthedocs.yaml", "Dockerfile", "pyproject.toml"}
PAGES = {"CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "DATA_LICENSES.md", "LICENSE", "README.md", "SECURITY.md"}


def imported(path: Path) -> Iterator[str]:
    """Yield the top-level names of the packages that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield str(node.module).split(".")[0]


def test_kernels_import_numpy_numba_and_mathematics_alone() -> None:
    files = [path for path in KERNELS.rglob("*.py") if COMPILING not in path.parents]
    assert len(files) > 40
    foreign = {path.relative_to(KERNELS).as_posix(): set(imported(path)) - ALLOWED for path in files}
    assert not {name: found for name, found in foreign.items() if found}


def test_kernels_meet_the_cache_on_disk_at_two_doors_alone() -> None:
    found = {
        path.relative_to(KERNELS).as_posix()
        for path in KERNELS.rglob("*.py")
        if COMPILING not in path.parents and "testsite_kernels.compiling" in path.read_text(encoding="utf-8")
    }
    assert found == DOORS


def test_the_contract_of_the_kernels_names_every_package_of_them() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (contract,) = [each for each in settings["contracts"] if each["id"] == "kernels"]
    packages = {f"testsite_kernels.{path.parent.name}" for path in KERNELS.glob("*/__init__.py")}
    assert set(contract["source_modules"]) == packages - {"testsite_kernels.compiling"}


def test_the_root_of_the_library_holds_its_public_face_alone() -> None:
    found = {path.name for path in (ROOT / "testsite_sim").iterdir() if path.is_file()}
    assert found <= FACE


@pytest.mark.skipif(not (ROOT / ".git").exists() or shutil.which("git") is None, reason="no history of git")
def test_the_root_of_the_repository_holds_what_is_meant_to_stand_there_alone() -> None:
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert {name.split("/")[0] for name in done.stdout.split("\0") if name} == ROOMS | SERVICES | PAGES


def test_every_folder_of_the_library_is_a_package() -> None:
    folders = {
        path.parent for room in ("testsite_sim", "kernels/testsite_kernels") for path in (ROOT / room).rglob("*.py")
    }
    assert not [str(folder) for folder in folders if not (folder / "__init__.py").is_file()]


def functions(room: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield every function below a folder, with its file and line."""
    for path in sorted((ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield f"{path.relative_to(ROOT).as_posix()}:{node.lineno} {node.name}", node


def lines_of(node: ast.FunctionDef) -> int:
    """Return the lines of a body, without its docstring."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return int(body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("room", ["testsite_sim", "kernels", "tools"])
def test_no_body_of_a_function_is_longer_than_eighty_lines(room: str) -> None:
    assert not {where: lines_of(node) for where, node in functions(room) if lines_of(node) > LONGEST_BODY}


def test_no_function_of_the_library_takes_more_than_nine_arguments() -> None:
    """A command has one for each of its options, as click hands them over."""
    found = {
        where: len([*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs])
        for where, node in functions("testsite_sim")
        if not where.startswith("testsite_sim/cli/")
    }
    assert not {where: count for where, count in found.items() if count > MOST_ARGUMENTS}
