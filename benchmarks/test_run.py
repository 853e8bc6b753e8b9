"""A whole run, from the scenario's name to the finished folder, in one process that has compiled already."""

from pathlib import Path

import pytest

from testsite_sim.cases.scenario import read_scenario


@pytest.mark.parametrize(
    "name", ["flanders-wind-farm/test-site", "flanders-wind-farm/belgian-zone", "waterstof/halle-station"]
)
def test_whole_run(gauge, tmp_path: Path, name: str) -> None:
    def run() -> None:
        read_scenario(name).run(tmp_path / "run", force=True)

    gauge(run, rounds=3)
