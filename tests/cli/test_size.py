"""`testsite-sim size` says how to run what it found, and `--open` opens what was written in the browser of the user."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import testsite_sim as ts
from testsite_sim.cli import main


@pytest.mark.usefixtures("unprinted_figures")
def test_the_last_line_of_a_sizing_runs_the_scenario_with_what_was_found(
    mine: Path, opened: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    sizes = ["--electrolyser", "2 MW, 4 MW", "--tank", "1000 kg", "--set", "grid.export_limit=40 MW"]
    main(["size", "mine/scenario.yaml", *sizes, "-o", "sizes", "--open"])
    line = capsys.readouterr().out.splitlines()[-1]
    said, _, command = line.partition(": ")
    assert said == "run it with these sizes"
    words = shlex.split(command)
    assert words[:3] == ["testsite-sim", "run", "mine/scenario.yaml"]
    overrides = dict(word.split("=", 1) for word in words[4::2])
    assert overrides["grid.export_limit"] == "40 MW"
    found = ts.open_run("sizes").summary
    assert overrides["plant.store.capacity"] == "1000 kg"
    value = ts.load("mine/scenario.yaml", overrides).run().summary["net_present_value"].value
    assert value == pytest.approx(found["net_present_value"].value, rel=1e-5)
    assert opened == [(mine / "sizes" / "report.html").as_uri()]


@pytest.mark.parametrize("has_browser", [True, False])
def test_the_browser_that_the_user_names_is_opened_and_a_missing_one_is_said(tmp_path: Path, has_browser: bool) -> None:
    page, seen = tmp_path / "a page.html", tmp_path / "seen"
    page.write_text("<p>")
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > "{seen}"\n')
    browser.chmod(0o755)
    code = (
        "import sys; from pathlib import Path; from testsite_sim.cli.options import open_report; "
        "open_report(Path(sys.argv[1]))"
    )
    environment = {
        "PATH": "",
        "PYTHONPATH": ":".join(sys.path),
        **({"BROWSER": f"{browser} %s"} if has_browser else {}),
    }
    done = subprocess.run([sys.executable, "-c", code, str(page)], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    if has_browser:
        assert (seen.read_text(), done.stderr) == (page.as_uri(), "")
    else:
        assert f"no browser could be opened; open {page} yourself" in done.stderr
