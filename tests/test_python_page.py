"""The page that shows the library runs from its first line to its last."""

import re
from pathlib import Path
from typing import Any

import matplotlib
import pytest

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def run_blocks(page: Path) -> int:
    """Run the Python of a page, block after block, in one namespace; return how many there are."""
    names: dict[str, object] = {}
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    for block in blocks:
        exec(compile(block, str(page), "exec"), names)
    return len(blocks)


@pytest.mark.slow  # the page runs an ensemble with workers=2, a sweep, a ranking, a sizing and a study
@pytest.mark.usefixtures("unprinted_figures")
def test_the_blocks_of_the_python_page_run_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    matplotlib.use("Agg")
    assert run_blocks(ROOT / "docs" / "python.md") == 8
    assert (tmp_path / "week.svg").stat().st_size > 1000
    assert (tmp_path / "results" / "ensemble" / "report.html").is_file()


@pytest.mark.usefixtures("unprinted_figures")
def test_the_map_of_the_wind_shows_the_wakes_of_the_run() -> None:
    matplotlib.use("Agg")
    blocks = BLOCK.findall((ROOT / "docs" / "python.md").read_text(encoding="utf-8"))
    names: dict[str, Any] = {}
    exec(blocks[0].replace("2023-03-01", "2023-02-03"), names)
    exec(next(each for each in blocks if "flow_map" in each), names)
    free = float(names["wind"]["wind_speed"].item())
    found = names["speed"]
    assert found.shape == (1, 100, 100)
    assert float(found.max()) == pytest.approx(free, rel=1e-9)
    assert 0.4 * free < float(found.min()) < 0.9 * free


def test_the_block_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    matplotlib.use("Agg")
    assert run_blocks(ROOT / "README.md") == 1
