"""A whole run, from the scenario's name to the finished folder, in one process that has compiled already."""

from pathlib import Path

import pytest

from testsite_sim.cases.scenario import read_scenario
from testsite_sim.common import side_by_side


@pytest.mark.parametrize(
    "name", ["flanders-wind-farm/test-site", "flanders-wind-farm/belgian-zone", "waterstof/halle-station"]
)
def test_whole_run(gauge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(side_by_side, "usable_processors", lambda: 1)  # the CPU time of copies is not this process's

    def run() -> None:
        read_scenario(name).run(tmp_path / "run", force=True)

    gauge(run, rounds=3)
