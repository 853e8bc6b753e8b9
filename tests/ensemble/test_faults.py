"""A disk that refuses to flush once, at every flush of an ensemble's members: nothing confirmed is lost."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux" or shutil.which("gcc") is None, reason="the faults want Linux and gcc")
def test_every_flush_of_members_may_fail(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "kernels")])}
    command = [
        sys.executable,
        "-m",
        "tools.inject_faults",
        "--cases",
        "members",
        "--kinds",
        "sync",
        "-o",
        str(tmp_path),
    ]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in (tmp_path / "members.jsonl").read_text().splitlines()]
    assert len(found) > 20
    assert {each["result"] for each in found} <= {"same results", "one sentence"}, found
