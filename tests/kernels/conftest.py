"""A package of two kernels of two files, with what compiles and keeps them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import testsite_sim
from tests.kernels.two_kernels import copied_processes

KERNELS = Path(testsite_sim.__file__).resolve().parents[1] / "kernels" / "testsite_kernels"


@pytest.fixture(scope="session", autouse=True)
def copied() -> Iterator[None]:
    """End the process whose copies call kernels, where tests have begun it."""
    with copied_processes():
        yield


@pytest.fixture(scope="session")
def two_kernels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what compiles kernels and two kernels of two files, none of them compiled."""
    folder = tmp_path_factory.mktemp("copy")
    package = folder / "testsite_kernels"
    (package / "numerics").mkdir(parents=True)
    shutil.copytree(KERNELS / "compiling", package / "compiling", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("__init__.py", "numerics/__init__.py", "numerics/compile_options.py"):
        shutil.copy(KERNELS / name, package / name)
    start = "from testsite_kernels.numerics.compile_options import kernel\n\n\n@kernel\n"
    (package / "callee.py").write_text(f"{start}def factor():\n    return 2.0\n", encoding="utf-8")
    (package / "caller.py").write_text(
        f"from testsite_kernels.callee import factor\n{start}def doubled(x):\n    return factor() * x\n",
        encoding="utf-8",
    )
    return folder
