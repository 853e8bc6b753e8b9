"""A wake model of one's own is one file, anywhere: the recipe of CONTRIBUTING.md, carried out."""

import importlib
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.wind import Farm, Turbine, WakeModel, add_wake_part, simulate_farm
from testsite_sim.wind.models import DEFICITS

pytestmark = pytest.mark.filterwarnings("ignore:farm. two turbines")
RECIPE = Path(__file__).resolve().parents[2] / "CONTRIBUTING.md"
HALF_OPENING, RATE = np.radians(20.0), 0.05
TYPE = Turbine("constant", 150.0, 110.0, [0.0, 40.0], [1e6, 1e6], [0.8, 0.8])


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    section = RECIPE.read_text(encoding="utf-8").split("## Add a wake model")[1].split("\n## ")[0]
    path = tmp_path_factory.mktemp("own") / "jensen_bell.py"
    path.write_text(re.search(r"```python\n(.*?)```", section, re.DOTALL)[1], encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def model(file: Path) -> WakeModel:
    sys.path.insert(0, str(file.parent))
    add_wake_part(importlib.import_module(file.stem).DEFICIT)
    sys.path.remove(str(file.parent))
    yield WakeModel("Jensen (1983), bell-shaped", "jensen-bell", expansion_rate=RATE)
    del DEFICITS["jensen-bell"]


def inflow(directions: np.ndarray, speed: float = 9.0) -> xr.Dataset:
    return xr.Dataset(
        {"wind_speed": ("time", np.full(directions.size, speed)), "wind_direction": ("time", directions % 360.0)}
    )


def test_the_wake_of_the_file_is_the_formula_of_its_paper(model: WakeModel) -> None:
    directions = 270.0 + np.linspace(-25.0, 25.0, 101)
    found = simulate_farm(Farm([0.0, 900.0], [0.0, 0.0], TYPE), inflow(directions), model)["wind_speed_effective"]
    turned = np.radians(directions - 270.0)
    x, r = 900.0 * np.cos(turned), 900.0 * np.abs(np.sin(turned))
    angle = np.arctan2(r, x)
    induction = 0.8 * (0.2460 + 0.8 * (0.0586 + 0.8 * 0.0883))
    deficit = 2.0 * induction * (75.0 / (75.0 + RATE * x)) ** 2 * 0.5 * (1.0 + np.cos(9.0 * angle))
    np.testing.assert_allclose(found[:, 1], 9.0 * (1.0 - np.where(angle < HALF_OPENING, deficit, 0.0)), rtol=1e-12)
    assert (found[:, 1] < 8.0).sum() > 20


def test_its_bound_leaves_nothing_out_that_counts(model: WakeModel) -> None:
    """Targets stand about the edge of the wake, in the outlier of a block of hours: the series equals each hour."""
    generator = np.random.default_rng(4)
    for crowd in (2, 7, 12, 31):
        for within in (-10.0, -1.0, -1e-2, 1e-2):
            distance = float(generator.uniform(50.0, 4000.0))
            across = distance * np.tan(HALF_OPENING) + within
            farm = Farm([0.0, distance, 2.0 * distance], [0.0, across, -across], TYPE)
            directions = np.concatenate([[270.0], np.full(crowd, 272.99)])
            together = simulate_farm(farm, inflow(directions), model)
            for hour in (0, crowd):
                alone = simulate_farm(farm, inflow(directions[hour : hour + 1]), model)
                np.testing.assert_allclose(
                    together["wind_speed_effective"][hour], alone["wind_speed_effective"][0], rtol=1e-9, atol=1e-9
                )


def test_a_name_that_is_taken_is_refused(model: WakeModel) -> None:
    with pytest.raises(ConfigurationError, match="a part 'gaussian' already; give yours another name"):
        add_wake_part(DEFICITS["jensen-bell"]._replace(name="gaussian"))
    with pytest.raises(ConfigurationError, match="expected a Deficit or a Turbulence"):
        add_wake_part("gaussian")


SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
import jensen_bell
import xarray as xr
from testsite_sim.wind import Farm, Turbine, WakeModel, add_wake_part, simulate_farm
add_wake_part(jensen_bell.DEFICIT)
farm = Farm([0.0, 900.0], [0.0, 0.0], Turbine("constant", 150.0, 110.0, [0.0, 40.0], [1e6, 1e6], [0.8, 0.8]))
inflow = xr.Dataset({"wind_speed": ("time", [9.0]), "wind_direction": ("time", [270.0])})
print(repr(float(simulate_farm(farm, inflow, WakeModel("own", "jensen-bell"))["wind_speed_effective"][0, 1])))
counts = jensen_bell.DEFICIT.add.stats
print(sum(counts.cache_hits.values()), sum(counts.cache_misses.values()))
"""


def test_another_process_reads_it_compiled_and_sees_an_edit(model: WakeModel, file: Path, tmp_path: Path) -> None:
    own = tmp_path / "jensen_bell.py"
    text = file.read_text(encoding="utf-8")

    def run(source: str) -> tuple[float, str]:
        own.write_text(source, encoding="utf-8")
        done = subprocess.run([sys.executable, "-c", SCRIPT, str(tmp_path)], capture_output=True, text=True, check=True)
        speed, counts = done.stdout.splitlines()
        return float(speed), counts

    first, _ = run(text)
    again, counts = run(text)
    assert (again, counts) == (first, "1 0")
    edited, counts = run(text.replace("0.5 * (1.0 + math.cos(9.0 * angle))", "0.25 * (1.0 + math.cos(9.0 * angle))"))
    assert counts == "0 1"
    assert edited == pytest.approx(9.0 - 0.5 * (9.0 - first), rel=1e-12)
