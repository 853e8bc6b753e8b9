"""Every kind of case is loaded and run by the same verbs."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from matplotlib.text import Text

import testsite_sim as ts
from tests.api.short import NAME, SHORT
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.turbine import TurbineConfiguration
from testsite_sim.wind import Farm, build_turbine
from testsite_sim.wind.windio import windio_resource, write_windio


def test_ensembles_sweeps_and_rankings_are_run_by_the_same_verbs() -> None:
    case = ts.load(NAME, SHORT)
    ensemble = case.ensemble(members=2).run()
    assert ensemble.results["members"].sizes["member"] == 3
    assert ensemble.summary["levelised_cost_of_hydrogen_p50"].more["standard_error"] is not None
    assert set(ensemble.figures) == {"distribution", "convergence"}
    shown = repr(ensemble.summary).splitlines()
    outputs = ensemble.results["statistics"].sizes["output"]
    head = next(k for k, line in enumerate(shown) if line.split()[:1] == ["P5"])
    assert shown[head].split() == ["P5", "P50", "P95", "mean", "units"]
    assert len(shown) - head - 1 == outputs  # a line each
    cost = next(line for line in shown if line.startswith("levelised_cost_of_hydrogen "))
    assert cost.split()[1:] == [
        *(
            str(ensemble.summary[f"levelised_cost_of_hydrogen_{end}"]).split()[0]
            for end in ("p5", "p50", "p95", "mean")
        ),
        "EUR/kg",
    ]
    assert ensemble.summary._repr_html_().count("<tr>") == len(shown) + 1
    swept = case.sweep({"plant.electrolysers.0.capacity": ["5 MW", "20 MW"]}).run()
    made = swept.results["members"]["hydrogen_produced"].to_numpy()[0]
    assert made[1] > made[0]
    assert swept.figure("sweep").axes
    alone = {key: value for key, value in SHORT.items() if key.startswith("weather.")}
    few = ts.load(NAME, {**alone, "plant": None, "dispatch": None, "economics": None})  # each assumption adds runs
    ranked = few.sensitivity("morris", samples=2).run()
    assert ranked.figures == ("sensitivity",)
    with pytest.raises(ts.ConfigurationError, match="Nearest: morris"):
        case.sensitivity("moris")


def test_a_scenario_with_a_section_ensemble_loads_as_one() -> None:
    assert ts.load(NAME, {**SHORT, "ensemble.members": 7}).plan.members == 7


def test_an_ensemble_in_memory_refuses_what_needs_a_directory() -> None:
    case = ts.load(NAME, SHORT).ensemble(members=2)
    with pytest.raises(ts.ConfigurationError, match="name it by `out`"):
        case.run(execution=ts.ExecutionOptions(resume=True))
    kept = ts.load(NAME, {**SHORT, "ensemble.keep_series": ["wind.power"]})
    with pytest.raises(ts.ConfigurationError, match=r"ensemble\.keep_series: .* `out`"):
        kept.run()
    with pytest.raises(ts.ConfigurationError, match="workers: found 0"):
        ts.ExecutionOptions(workers=0)


def test_a_plant_is_sized_by_the_same_verbs() -> None:
    run = ts.load(NAME, SHORT).size(electrolyser=["5 MW", "10 MW"], tank="5000 kg").run()
    assert run.summary["best_tank"].value == 5000.0
    assert run.figure("sizing").axes


@pytest.mark.usefixtures("unprinted_figures")
@pytest.mark.usefixtures("unprinted_figures")
def test_a_study_is_run_by_the_same_verbs(tmp_path: Path) -> None:
    small = {"uncertainty.members": 20, "uncertainty.ranking_samples": 8, "language": "nl"}
    run = ts.load("flanders-wind-farm/study", small).run(tmp_path / "run")
    assert run.summary["jobs_target_win"].more["p10"] is not None
    opened = ts.open_run(tmp_path / "run")
    assert opened.figures == run.figures
    drawn = opened.figure("jobs").findobj(Text)
    assert any("aandeel behouden" in each.get_text() for each in drawn)


@pytest.mark.usefixtures("unprinted_figures")
def test_a_windio_plant_is_run_by_the_same_verbs(tmp_path: Path) -> None:
    turbine = build_turbine(load_component("turbine", "vestas-v90-3.0", TurbineConfiguration))
    farm = Farm(np.array([0.0, 500.0]), np.zeros(2), turbine, names=("A", "B"))
    time = np.arange(np.datetime64("2023-01-01", "ns"), np.datetime64("2023-01-03", "ns"), np.timedelta64(1, "h"))
    blown = {"wind_speed": ("time", np.full(48, 9.0)), "wind_direction": ("time", np.full(48, 270.0))}
    blown["turbulence_intensity"] = ("time", np.full(48, 0.08))
    write_windio(tmp_path / "plant.yaml", "two", farm, windio_resource(xr.Dataset(blown, {"time": time})))
    run = ts.load(tmp_path / "plant.yaml").run()
    assert run.title == "two"
    assert run.summary["flow_loss"].value > 0.0
    run.save(tmp_path / "run")
    assert ts.open_run(tmp_path / "run").title == "two"
    assert ts.load(tmp_path / "run" / "scenario.yaml").run().summary == run.summary
    with pytest.raises(ts.ConfigurationError, match="is a windIO plant"):
        ts.load(tmp_path / "plant.yaml", {"name": "three"})


def test_one_requirement_of_a_size_is_a_text_as_on_the_command_line() -> None:
    size = ts.load(NAME, SHORT).size
    one, listed = (
        size(electrolyser="5 MW", tank="5 t", require=each)
        for each in ("hydrogen_unmet < 5 %", ["hydrogen_unmet < 5 %"])
    )
    assert one.requirements == listed.requirements
