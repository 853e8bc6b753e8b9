"""What is slow is left out of the README's command, is run by CI, and is no check of physics."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Rooms of processes, kills and browsers, and of walks over every key: a slow test stands in one of these files.
SLOW = {
    "cases/test_compiling_ahead.py",
    "chain/test_run.py",
    "dispatch/test_program_faults.py",
    "ensemble/test_cluster.py",
    "ensemble/test_cluster_tls.py",
    "ensemble/test_draws_reach_runs.py",
    "ensemble/test_faults.py",
    "ensemble/test_output.py",
    "ensemble/test_resume.py",
    "ensemble/test_store.py",
    "explore/test_page_in_browser.py",
    "export/test_compiled_latex.py",
    "output/test_run_directory.py",
    "report/test_page_in_browser.py",
    "studies/framework/test_page_in_browser.py",
    "test_campaigns.py",
    "test_installation.py",
    "test_python_page.py",
}


def test_ci_runs_the_command_of_the_readme_and_what_it_leaves_out() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
    assert settings["addopts"].endswith("-m 'not slow'")
    assert [mark.partition(":")[0] for mark in settings["markers"]] == ["slow"]
    commands = re.findall(r"^python -m (pytest.*)$", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)
    assert commands == ["pytest -q -n auto", "pytest -q -n auto -m slow"]
    assert "-m pytest -n auto\n" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_slow_tests_are_those_of_processes_browsers_and_walks() -> None:
    files = [path for path in (ROOT / "tests").rglob("test_*.py") if path != Path(__file__)]
    found = {path for path in files if "pytest.mark.slow" in path.read_text(encoding="utf-8")}
    assert {path.relative_to(ROOT / "tests").as_posix() for path in found} == SLOW
    for path in found:
        assert re.search("subprocess|Cluster|BROWSER|workers=2|walked", path.read_text(encoding="utf-8")), path
