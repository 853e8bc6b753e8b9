"""Kernels stand on NumPy, Numba and mathematics alone, and the root of the library holds its public face alone.

The floors of the library are held by import-linter (`pyproject.toml`, run by `.ci/run`).
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
KERNELS = ROOT / "kernels" / "testsite_kernels"
ALLOWED = {"numpy", "numba", "math", "testsite_kernels", "typing", "collections"}  # the last two for annotations
# How kernels are compiled and kept on disk: no kernel, and run before any is compiled.
MACHINERY = {f"numerics/{name}.py" for name in ("kernel_cache", "signed_cache", "cache_pruning", "compile_options")}
FACE = {"__init__.py", "__main__.py", "api.py", "py.typed"}


def imported(path: Path) -> Iterator[str]:
    """Yield the top-level names of the packages that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield str(node.module).split(".")[0]


def test_kernels_import_numpy_numba_and_mathematics_alone() -> None:
    files = {path.relative_to(KERNELS).as_posix(): path for path in KERNELS.rglob("*.py")}
    assert len(files) > 40
    assert set(files) >= MACHINERY
    foreign = {name: set(imported(path)) - ALLOWED for name, path in files.items() if name not in MACHINERY}
    assert not {name: found for name, found in foreign.items() if found}


def test_the_root_of_the_library_holds_its_public_face_alone() -> None:
    found = {path.name for path in (ROOT / "testsite_sim").iterdir() if path.is_file()}
    assert found <= FACE


def test_every_folder_of_the_library_is_a_package() -> None:
    folders = {
        path.parent for room in ("testsite_sim", "kernels/testsite_kernels") for path in (ROOT / room).rglob("*.py")
    }
    assert not [str(folder) for folder in folders if not (folder / "__init__.py").is_file()]
