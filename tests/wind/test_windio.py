"""Plants of the windIO format are read, run and written; what does not fit is refused in one sentence."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import windIO
import xarray as xr
from ruamel.yaml import YAML

from tests.wind.test_inflow import NINE, V80
from testsite_sim.cli import main
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.wind import Farm, annual_energy_production
from testsite_sim.wind.windio import read_windio, windio_resource, windio_yaml, write_windio

EXAMPLES = Path(windIO.__file__).parent / "examples" / "plant" / "wind_energy_system"
PUBLISHED = 366941.57116  # [MWh] IEA Wind Task 37, case study 1, 16 turbines
ROSE = xr.Dataset(
    {
        "sector_frequency": ("sector", [0.2, 0.1, 0.3, 0.4]),
        "weibull_scale": ("sector", [9.0, 8.0, 11.0, 10.0]),
        "weibull_shape": ("sector", [2.0, 2.1, 2.2, 1.9]),
        "turbulence_intensity": 0.08,
    }
)


def test_case_study_1_of_task_37_gives_the_published_energy() -> None:
    plant = read_windio(EXAMPLES / "IEA37_case_study_1_2_wind_energy_system.yaml", include_root=EXAMPLES.parent)
    found = annual_energy_production(plant.farm, plant.resource, "iea37")
    # the curve, a cube of the wind speed, is a table in the example
    assert float(found["annual_energy_production"].sum()) / 3.6e9 == pytest.approx(PUBLISHED, rel=5e-5)


def test_case_study_3_of_task_37_gives_the_published_energy() -> None:
    plant = read_windio(EXAMPLES / "IEA37_case_study_3_wind_energy_system.yaml", include_root=EXAMPLES.parent)
    resource = plant.data["site"]["energy_resource"]["wind_resource"]
    sector, within = (np.array(resource[name]["data"]) for name in ("sector_probability", "probability"))
    adds_up_to = float((sector[:, None] * within).sum())  # 0.9999: the published energy is not scaled to 1
    ten = plant.farm.turbines[0]
    turbine = replace(ten, thrust_coefficient=np.full(np.asarray(ten.wind_speed).size, 8.0 / 9.0))
    found = annual_energy_production(Farm(plant.farm.x, plant.farm.y, turbine), plant.resource, "iea37")
    energy = float(found["annual_energy_production"].sum()) / 3.6e9 * adds_up_to
    assert energy == pytest.approx(938573.6295, rel=3e-6)


@pytest.mark.parametrize(
    ("name", "turbines", "sizes"),
    [
        ("IEA37_case_study_3_wind_energy_system", 25, {"time": 400}),
        ("IEA37_case_study_4_wind_energy_system", 81, {"time": 7200}),
        ("flow_example_weibull_pdf", 25, {"time": 1}),  # it chooses one wind speed and one direction to run
    ],
)
def test_the_examples_of_windio_are_read(name: str, turbines: int, sizes: dict[str, int]) -> None:
    plant = read_windio(EXAMPLES / f"{name}.yaml", include_root=EXAMPLES.parent)
    assert len(plant.farm.turbines) == turbines
    assert dict(plant.resource.sizes) == sizes


@pytest.mark.parametrize("form", ["series", "statistics"])
def test_what_is_written_is_read_again(tmp_path: Path, form: str) -> None:
    time = np.datetime64("2023-01-01T00", "ns") + np.arange(5) * np.timedelta64(1, "h")
    series = xr.Dataset(
        {
            "wind_speed": ("time", [5.0, 8.0, 12.0, 30.0, 9.0]),
            "wind_direction": ("time", [0.0, 90.0, 359.0, 200.0, 45.0]),
            "turbulence_intensity": ("time", np.full(5, 0.08)),
            "air_density": ("time", np.full(5, 1.2)),
        },
        coords={"time": time},
    )
    resource = series if form == "series" else ROSE
    other = Farm([*np.asarray(NINE.x), 3000.0], [*np.asarray(NINE.y), 0.0], [*NINE.turbines[:9], V80])
    write_windio(tmp_path / "plant.yaml", "mine", other, windio_resource(resource))
    plant = read_windio(tmp_path / "plant.yaml")
    xr.testing.assert_allclose(plant.resource.drop_vars("sector", errors="ignore"), resource)
    before = annual_energy_production(other, resource)
    after = annual_energy_production(plant.farm, plant.resource, plant.model)
    np.testing.assert_allclose(before["annual_energy_production"], after["annual_energy_production"], rtol=1e-12)


def _plant(tmp_path: Path, **changes: object) -> Path:
    """Write a plant of nine turbines, changed at dotted paths."""
    path = tmp_path / "plant.yaml"
    write_windio(path, "mine", NINE, windio_resource(ROSE))
    data = YAML(typ="safe", pure=True).load(path)
    for dotted, value in changes.items():
        *above, last = dotted.split("__")
        place = data
        for key in above:
            place = place.setdefault(key, {}) if isinstance(place, dict) else place[int(key)]
        if value is None:
            del place[last]
        else:
            place[last] = value
    path.write_text(windio_yaml(data))
    return path


def test_the_model_that_a_plant_asks_for_is_taken(tmp_path: Path) -> None:
    analysis = {
        "wind_deficit_model": {"name": "Jensen", "wake_expansion_coefficient": {"k_a": 0.38, "k_b": 0.05}},
        "superposition_model": {"ws_superposition": "Linear"},
        "turbulence_model": {"name": "CrespoHernandez"},
        "blockage_model": {"name": "SelfSimilarityDeficit"},
    }
    plant = read_windio(_plant(tmp_path, attributes={"analysis": analysis}))
    assert (plant.model.deficit, plant.model.expansion_rate, plant.model.superposition) == (
        "top-hat-overlap",
        0.05,
        "linear",
    )
    assert (plant.model.turbulence, plant.blockage) == ("crespo-hernandez", "self-similar-2017")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"wind_farm": None}, "does not follow windIO's schema: 'wind_farm' is missing"),
        (
            {"attributes": {"analysis": {"wind_deficit_model": {"name": "SuperGaussian"}}}},
            "'SuperGaussian' is not among ours",
        ),
        ({"wind_farm__layouts__0__turbine_types": [7] * 9}, "there is no turbine type '7'"),
    ],
)
def test_a_plant_that_does_not_fit_is_reported(tmp_path: Path, changes, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        read_windio(_plant(tmp_path, **changes))


def test_a_resource_that_is_none_or_of_another_form_is_reported(tmp_path: Path) -> None:
    resource = "site__energy_resource__wind_resource"
    with pytest.raises(DataError, match="does not follow windIO's schema: expected one of time"):
        read_windio(_plant(tmp_path, **{resource: {"wind_speed": [3.0, 4.0]}}))
    over_turbines = {"data": [[9.0] * 4] * 9, "dims": ["wind_turbine", "wind_direction"]}
    with pytest.raises(DataError, match="expected one value for each wind_direction"):
        read_windio(_plant(tmp_path, **{f"{resource}__weibull_a": over_turbines}))
    probability = {"wind_direction": [0.0], "wind_speed": [8.0, 9.0], "probability": {"data": [1.0], "dims": []}}
    with pytest.raises(DataError, match="there are several wind speeds"):
        read_windio(_plant(tmp_path, **{resource: probability | {"probability": {"data": 1.0, "dims": []}}}))


@pytest.mark.usefixtures("unprinted_figures")
def test_run_accepts_a_plant_and_its_copy_runs_to_the_same_bytes(tmp_path: Path, capsys) -> None:
    example = _plant(tmp_path)
    main(["run", str(example), "-o", str(tmp_path / "run")])
    assert "annual_energy_production" in capsys.readouterr().out
    summary = json.loads((tmp_path / "run" / "summary.json").read_text())
    assert 0.3 < summary["capacity_factor"]["value"] < 0.6
    assert "farm-layout" in "".join(path.name for path in (tmp_path / "run" / "figures").iterdir())
    main(["run", str(tmp_path / "run" / "scenario.yaml"), "-o", str(tmp_path / "again")])
    for name in ("results.nc", "summary.json", "report.html", "scenario.yaml", "ignored_without_effect.json"):
        assert (tmp_path / "run" / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name
    with pytest.raises(SystemExit) as leaving:
        main(["run", str(example), "-o", str(tmp_path / "other"), "--set", "a=1"])
    assert leaving.value.code == 2
    assert not (tmp_path / "other").exists()
