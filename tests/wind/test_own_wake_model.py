"""A part of a wake model of one's own is one file, anywhere: the recipe of CONTRIBUTING.md, carried out."""

import importlib
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from testsite_kernels.wind.wake.deficit import gaussian
from testsite_kernels.wind.wake.model import deficit_model

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.wind import Farm, Turbine, WakeModel, add_wake_part, models, simulate_farm
from testsite_sim.wind.models import DEFICITS, DEFLECTIONS, TURBULENCES

pytestmark = pytest.mark.filterwarnings("ignore:farm. two turbines")
RECIPE = Path(__file__).resolve().parents[2] / "CONTRIBUTING.md"
HALF_OPENING, RATE = np.radians(20.0), 0.05
TYPE = Turbine("constant", 150.0, 110.0, [0.0, 40.0], [1e6, 1e6], [0.8, 0.8])


def recipes() -> list[str]:
    """Return the programs of the recipe: a deficit, a turbulence, a deflection, and how a scenario states a model."""
    section = RECIPE.read_text(encoding="utf-8").split("## Add a wake model")[1].split("\n## ")[0]
    return re.findall(r"```python\n(.*?)```", section, re.DOTALL)


def added_from(folder: Path, name: str, number: int, part: str) -> Path:
    """Write a recipe to a file of its own, add its part, and return where it lies."""
    path = folder / f"{name}.py"
    path.write_text(recipes()[number], encoding="utf-8")
    sys.path.insert(0, str(folder))
    add_wake_part(getattr(importlib.import_module(name), part))
    sys.path.remove(str(folder))
    return path


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    yield added_from(tmp_path_factory.mktemp("own"), "jensen_bell", 0, "DEFICIT")
    del DEFICITS["jensen-bell"]


@pytest.fixture(scope="module")
def model(file: Path) -> WakeModel:
    return WakeModel("Jensen (1983), bell-shaped", "jensen-bell", expansion_rate=RATE)


@pytest.fixture(scope="module")
def with_turbulence(tmp_path_factory: pytest.TempPathFactory) -> WakeModel:
    added_from(tmp_path_factory.mktemp("own"), "larsen_turbulence", 1, "TURBULENCE")
    yield WakeModel("own", "gaussian", turbulence="larsen-1999", expansion_rate=RATE)
    del TURBULENCES["larsen-1999"]


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


@pytest.fixture(scope="module")
def with_deflection(tmp_path_factory: pytest.TempPathFactory) -> WakeModel:
    added_from(tmp_path_factory.mktemp("own"), "gebraad_deflection", 2, "DEFLECTION")
    yield WakeModel("own", "gaussian", expansion_rate=RATE, deflection="gebraad-2016")
    del DEFLECTIONS["gebraad-2016"]


def gebraad(x: np.ndarray, yaw: float, diameter: float = 150.0, beta: float = 0.1) -> np.ndarray:
    """Return the deflection as FLORIS 4 writes it (`JimenezVelocityDeflection`, kd = beta / 2), of the other sign."""
    skew = 0.5 * 0.8 * np.cos(yaw) * np.cos(yaw) * np.sin(yaw)  # the turbine's Ct of 0.8 times cos γ
    s = beta * x / diameter + 1.0
    term = skew * (15.0 * s**4 + skew**2) / (15.0 * beta / diameter * s**5)
    return skew * diameter * (15.0 + skew**2) / (15.0 * beta) - term


def test_the_deflection_of_the_file_is_the_formula_of_its_source(with_deflection: WakeModel) -> None:
    yaw, x = np.radians(25.0), np.array([300.0, 900.0, 2500.0, 8000.0])
    for side in (-120.0, 0.0, 90.0):
        farm = Farm(
            [0.0, *x],
            [0.0, *(-gebraad(x, yaw) + side)],
            Turbine("wake", 150.0, 110.0, [0.0, 40.0], [1e6, 1e6], [0.8, 0.8]),
        )
        winds = inflow(np.array([270.0])).assign(yaw=("turbine", [25.0, 0.0, 0.0, 0.0, 0.0]))
        for j, distance in enumerate(x, start=1):
            pair = Farm([0.0, distance], [0.0, farm.y[j]], farm.turbine)
            found = simulate_farm(pair, winds.isel(turbine=[0, j]), with_deflection)["wind_speed_effective"][0, 1]
            root = np.sqrt(1.0 - 0.8 * np.cos(yaw))
            sigma = 0.2 * 150.0 * np.sqrt(0.5 * (1.0 + root) / root) + RATE * distance
            c = 0.8 * np.cos(yaw) * 75.0**2 / (2.0 * sigma**2)
            centre = min(1.0, 2.0 * c * (0.2460 + c * (0.0586 + c * 0.0883)))
            assert float(found) == pytest.approx(
                9.0 * (1.0 - centre * np.exp(-(side**2) / (2.0 * sigma**2))), rel=1e-11
            )


def test_the_bound_of_the_deflection_leaves_nothing_out(with_deflection: WakeModel) -> None:
    """Targets stand about the edge of a deflected top hat in the outlier of a block: the series equals each hour."""
    model = WakeModel("own", "top-hat", expansion_rate=RATE, deflection="gebraad-2016")
    generator = np.random.default_rng(6)
    for crowd in (2, 12, 31):
        for within in (-10.0, -1e-2, 1e-2):
            distance = float(generator.uniform(200.0, 8000.0))
            edge, way = 75.0 + RATE * distance + within, float(gebraad(np.array(distance), np.radians(30.0)))
            farm = Farm([0.0, distance, distance], [0.0, -way - edge, -way + edge], TYPE)
            winds = inflow(np.concatenate([[270.0], np.full(crowd, 272.99)])).assign(yaw=("turbine", [30.0, 0.0, 0.0]))
            together = simulate_farm(farm, winds, model)["wind_speed_effective"]
            for hour in (0, crowd):
                alone = simulate_farm(farm, winds.isel(time=[hour]), model)["wind_speed_effective"]
                np.testing.assert_allclose(together[hour], alone[0], rtol=1e-9, atol=1e-9)
            assert (float(together[0, 1]) < 8.99) == (within < 0.0)


def width(x: np.ndarray, rate: float = RATE) -> np.ndarray:
    root = np.sqrt(0.2)
    return 0.2 * 150.0 * np.sqrt(0.5 * (1.0 + root) / root) + rate * x


def test_the_turbulence_of_the_file_is_the_formula_of_its_source(with_turbulence: WakeModel) -> None:
    directions = 270.0 + np.linspace(-12.0, 12.0, 97)
    winds = inflow(directions).assign(turbulence_intensity=0.07)
    farm = Farm([0.0, 900.0, 2100.0], [0.0, 0.0, 0.0], TYPE)
    found = simulate_farm(farm, winds, with_turbulence)["turbulence_intensity_effective"]
    turned, squared = np.radians(directions - 270.0), np.zeros(directions.size)
    for distance in (2100.0, 1200.0):
        x, r = distance * np.cos(turned), distance * np.abs(np.sin(turned))
        added = 0.29 * (150.0 / x) ** (1.0 / 3.0) * np.sqrt(1.0 - np.sqrt(0.2))
        squared = np.maximum(squared, np.where(r < 2.0 * width(x), added, 0.0) ** 2)
    np.testing.assert_allclose(found[:, 2], np.sqrt(0.07**2 + squared), rtol=1e-12)
    assert (found[:, 2] > 0.08).sum() > 20


def test_the_bound_of_the_turbulence_leaves_nothing_out(with_turbulence: WakeModel) -> None:
    """Targets stand about the edge of the disc in the outlier of a block of hours: the series equals each hour."""
    generator = np.random.default_rng(5)
    for crowd in (2, 12, 31):
        for within in (-10.0, -1e-2, 1e-2):
            distance = float(generator.uniform(200.0, 4000.0))
            across = 2.0 * float(width(np.array(distance))) + within
            farm = Farm([0.0, distance, distance], [0.0, across, -across], TYPE)
            directions = np.concatenate([[270.0], np.full(crowd, 272.99)])
            winds = inflow(directions).assign(turbulence_intensity=0.07)
            together = simulate_farm(farm, winds, with_turbulence)["turbulence_intensity_effective"]
            for hour in (0, crowd):
                alone = simulate_farm(farm, winds.isel(time=[hour]), with_turbulence)["turbulence_intensity_effective"]
                np.testing.assert_allclose(together[hour], alone[0], rtol=1e-9)
            assert (float(together[0, 1]) > 0.08) == (within < 0.0)


def test_a_name_that_is_taken_is_refused(model: WakeModel) -> None:
    with pytest.raises(ConfigurationError, match="a part 'gaussian' already; give yours another name"):
        add_wake_part(DEFICITS["jensen-bell"]._replace(name="gaussian"))
    with pytest.raises(ConfigurationError, match="expected a Deficit, a Turbulence or a Deflection"):
        add_wake_part("gaussian")


def test_a_part_that_is_read_again_says_what_to_do(model: WakeModel) -> None:
    add_wake_part(DEFICITS["jensen-bell"])  # the same once more
    with pytest.raises(ConfigurationError, match="restart Python, or give the part another name"):
        add_wake_part(DEFICITS["jensen-bell"]._replace(discs=True))


def test_a_scenario_states_the_model_that_the_recipe_names(model: WakeModel, file: Path, monkeypatch) -> None:
    recipe = recipes()[-1]
    monkeypatch.syspath_prepend(str(file.parent))
    monkeypatch.setitem(models.MODELS, "jensen-bell", model)  # so that it is forgotten at the end of the test
    del models.MODELS["jensen-bell"]
    scope: dict = {}
    exec(recipe, scope)
    short = {"weather.start": "2023-01-01", "weather.end": "2023-01-03", "weather.climate": None}
    case = scope["case"].changed({**short, "economics.scale_to_year": "by-repetition"})
    assert case.scenario.wind.wake_model == "jensen-bell"
    ours, none = (
        float(each.run().summary["wake_loss"].value) for each in (case, case.changed({"wind.wake_model": "none"}))
    )
    assert ours > none
    assert models.MODELS["jensen-bell"].expansion_rate == RATE
    with pytest.raises(ConfigurationError, match="there is a model 'noj' already"):
        models.add_wake_model("noj", model)


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
    text = f"{file.read_text(encoding='utf-8')}\n# {tmp_path}\n"  # compiled by no earlier run of the test

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


@pytest.mark.parametrize(
    ("name", "given", "error", "said"),
    [
        (3, {}, ValueError, "expected a name of letters, digits"),
        ("mine/1", {}, ValueError, "expected a name of letters, digits"),
        ("mine", {"deficit": lambda *_: None}, TypeError, "deficit is no compiled function; put `@bare_part`"),
        ("mine", {"bound": None}, TypeError, "bound is no compiled function"),
        ("mine", {"induction": 77}, ValueError, "induction is 77; expected MADSEN or MOMENTUM"),
    ],
)
def test_a_part_that_is_none_is_refused_where_it_is_made(name, given, error, said) -> None:
    functions = {"deficit": gaussian.deficit, "bound": gaussian.bound}
    with pytest.raises(error, match=said):
        deficit_model(name, **functions | given)


@pytest.mark.parametrize("rate", ["0.1", True, 1e-18])
def test_a_rate_that_is_no_number_or_loses_its_digits_is_refused(rate) -> None:
    with pytest.raises(ConfigurationError, match="jimenez_expansion_rate is"):
        WakeModel("own", "gaussian", expansion_rate=RATE, jimenez_expansion_rate=rate)
