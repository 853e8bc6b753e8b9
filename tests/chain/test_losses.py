"""The chain writes its losses as a budget, whatever the scenario models."""

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from testsite_sim.cases.scenario import load_scenario
from testsite_sim.chain import prepare, simulate_scenario, summarise
from testsite_sim.cli import main

SHORT = ("weather.start=2023-02-01", "weather.end=2023-02-08", "economics.scale_to_year=by-repetition")


def run(*overrides: str, name: str = "flanders-wind-farm/test-site") -> tuple[dict[str, float], dict[str, xr.Dataset]]:
    results = dict(simulate_scenario(prepare(load_scenario(name, (*SHORT, *overrides)))))
    return {name: entry["value"] for name, entry in summarise(results).items()}, results


def test_the_budget_ends_at_the_energy_that_is_used() -> None:
    summary, tree = run(
        "operations.losses={performance: 0.02, environmental: 0.01, curtailment: 0.005}",
        "operations.electrical_loss=null",
        "operations.electrical={no_load: 0.004, at_rated_power: 0.03}",
        "wind.uncertainty=offshore",
        "wind.blockage=self-similar-2017",
        "wind.restart_below_cut_out=3 m/s",
    )
    losses, balancing = tree["losses"], tree["plant"]
    step = balancing.attrs["step"]
    used = float((balancing["power_wind"] - balancing["power_curtailed"]).sum()) * step
    assert losses.attrs["net"] == pytest.approx(used, rel=1e-12)
    product = losses.attrs["gross"] * float(np.prod(1.0 - losses["loss"].to_numpy()))
    assert product == pytest.approx(used, rel=1e-12)
    for name, value in {"regulatory_curtailment": 0.005, "availability": 0.06}.items():
        assert summary[f"loss_{name}"] == pytest.approx(value, abs=1e-12)
    for name, value in {"performance": 0.02, "environmental": 0.01}.items():  # they act below rated power alone
        assert 0.0 < summary[f"loss_{name}"] < value
    assert 0.0 < summary["loss_blockage"] < 0.02
    assert 0.004 < summary["loss_electrical"] < 0.034
    assert summary["annual_energy_p90"] < summary["annual_energy_p75"] < summary["annual_energy_p50"]


def test_neighbours_are_a_term_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    upwind = tmp_path / "upwind.yaml"
    alone, _ = run()
    assert alone["loss_neighbours"] == 0.0
    here = next(iter(yaml_of("test-site")["groups"].values()))
    other = {name: list(values) for name, values in (("x", here["x"]), ("y", here["y"]))}
    group = here | {"x": [value - 4000.0 for value in other["x"]], "y": [value - 2500.0 for value in other["y"]]}
    upwind.write_text(
        json.dumps({"title": "upwind", "source": "a test", "coordinates": "as the farm's", "groups": {"upwind": group}})
    )
    monkeypatch.chdir(tmp_path)
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text("extends: flanders-wind-farm/test-site\nwind:\n  neighbours: upwind.yaml\n")
    both, _ = run(name=str(scenario))
    assert both["loss_neighbours"] > 0.0
    assert both["wake_loss"] == pytest.approx(alone["wake_loss"])


def yaml_of(farm: str) -> dict:
    from testsite_sim.configuration.catalogue import find_configuration
    from testsite_sim.configuration.yaml_loader import load_document

    return load_document(find_configuration("farm", farm)).data


def test_one_electrical_loss_is_expected(capsys) -> None:
    both = "operations.electrical={no_load: 0.004, at_rated_power: 0.03}"
    with pytest.raises(SystemExit) as leaving:
        main(["check", "flanders-wind-farm/test-site", "--set", both])
    assert leaving.value.code == 2
    assert "expected either `electrical_loss`" in capsys.readouterr().err
