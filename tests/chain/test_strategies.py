"""Every strategy runs through the chain by its name alone, and says what it leaves on the table."""

import json
from pathlib import Path

import pytest

from testsite_sim.cases.scenario import load_scenario
from testsite_sim.chain import prepare, simulate_scenario, summarise
from testsite_sim.cli import main
from testsite_sim.dispatch import STRATEGIES

SHORT = ("weather.start=2023-02-01", "weather.end=2023-02-15")


def run(folder: Path, *overrides: str) -> dict[str, float]:
    """Return the summary of a run, and keep it in a folder for a comparison."""
    entries = summarise(dict(simulate_scenario(prepare(load_scenario("flanders-wind-farm/test-site", overrides)))))
    folder.mkdir()
    (folder / "summary.json").write_text(json.dumps(entries))
    return {name: entry["value"] for name, entry in entries.items()}


def test_each_strategy_states_its_regret(tmp_path: Path, capsys) -> None:
    found = {name: run(tmp_path / name, *SHORT, f"dispatch.strategy={name}") for name in STRATEGIES}
    for name, summary in found.items():
        assert summary["objective_value_optimum"] == pytest.approx(found["none"]["objective_value_optimum"], rel=1e-12)
        share = summary["objective_value"] / summary["objective_value_optimum"]
        assert summary["regret"] == pytest.approx(1.0 - share, abs=1e-12)
        assert 0.0 <= summary["optimum_gap"] <= 2e-3
        assert summary["objective_value_over_optimum"] == pytest.approx(1.0 - summary["regret"], abs=1e-12)
        assert summary["regret"] > -1e-3, name  # the discrete optimum has a gap of this order
    assert found["perfect-foresight"]["regret"] == pytest.approx(0.0, abs=1e-9)
    assert found["rolling-horizon"]["regret"] < found["price-threshold"]["regret"]
    assert "value_of_forecast_quality" in found["rolling-horizon"]
    main(["compare", *(str(tmp_path / name) for name in ("none", "surplus", "rolling-horizon"))])
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("regret"))
    assert len(line.split()) == 5
    assert line.endswith("%")


def test_a_horizon_belongs_to_the_rolling_horizon(tmp_path: Path, capsys) -> None:
    wrong = "dispatch.strategy={name: none, horizon: 24 hour}"
    with pytest.raises(SystemExit) as leaving:
        main(["run", "flanders-wind-farm/test-site", "-o", str(tmp_path / "run"), "--set", wrong])
    assert leaving.value.code == 2
    assert "unknown key 'horizon' in 'dispatch.strategy'" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()
