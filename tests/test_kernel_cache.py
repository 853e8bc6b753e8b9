"""An edited callee in another file is seen, although the compiler's own cache would miss it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import testsite_sim

ROOT = Path(testsite_sim.__file__).resolve().parents[1]
CALL = (
    "import testsite_sim\n"
    "from testsite_kernels.caller import doubled\n"
    "from testsite_sim.kernel_cache import cache_directory, has_compiled_kernels\n"
    "print(doubled(3.0), has_compiled_kernels(cache_directory()))\n"
)


def test_an_edited_callee_is_seen_by_a_cached_caller(tmp_path: Path) -> None:
    shutil.copytree(
        ROOT / "testsite_sim", tmp_path / "testsite_sim", ignore=shutil.ignore_patterns("*.nc", "__pycache__")
    )
    package = tmp_path / "testsite_kernels"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "caller.py").write_text(
        "from numba import njit\nfrom testsite_kernels.callee import factor\n\n\n"
        "@njit(cache=True)\ndef doubled(x):\n    return factor() * x\n",
        encoding="utf-8",
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "TESTSITE_SIM_CACHE": str(tmp_path / "cache")}
    environment.pop("NUMBA_CACHE_DIR", None)
    answers = []
    for factor in (2.0, 5.0, 5.0):
        callee = f"from numba import njit\n\n\n@njit(cache=True)\ndef factor():\n    return {factor}\n"
        (package / "callee.py").write_text(callee, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-c", CALL], capture_output=True, text=True, env=environment, cwd=tmp_path, check=True
        )
        answers.append(done.stdout.split())
    assert answers == [["6.0", "True"], ["15.0", "True"], ["15.0", "True"]]
    assert len(list((tmp_path / "cache" / "kernels").iterdir())) == 2
