"""A whole run, from the scenario's name to the finished folder, in one process that has compiled already."""

from pathlib import Path

import pytest

from testsite_sim.run import load_scenario, run_scenario


@pytest.mark.parametrize(
    "name", ["flanders-wind-farm/test-site", "flanders-wind-farm/belgian-zone", "waterstof/halle-station"]
)
def test_whole_run(gauge, tmp_path: Path, name: str) -> None:
    def run() -> None:
        run_scenario(load_scenario(name), tmp_path / "run", force=True, say=lambda line: None)

    gauge(run, rounds=3)
