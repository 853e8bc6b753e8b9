"""Feed broken text to what reads scenarios: YAML, quantities, overrides, components, scenarios, studies, windIO.

    PYTHONPATH=.:kernels python -m tools.fuzz_scenarios [--seconds 60] [--targets yaml,scenario] [--guided] [-o FOLDER]

Each target runs in a process of its own with 1 GB of address space beyond what the libraries take, and ten seconds of
CPU time for each input of up to 1 MB. An input may be taken or refused, in one line for each fault (exit code 2 or 3);
anything else is a finding: its input is kept. `--guided` lets atheris look for inputs that reach new code
(`pip install atheris`).
Stopped and begun again with the same folder, it goes on: `--seconds` are those of all starts.
"""

import copy
from collections.abc import Callable
from pathlib import Path

import xarray as xr

from tests.wind.windio_plants import CASES, ROSE, SERIES, row_of
from testsite_sim.cases.scenario import load_scenario
from testsite_sim.cases.study import read_study
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.catalogue import data_root
from testsite_sim.configuration.dispatch import Dispatch
from testsite_sim.configuration.loading import Files, checked, load_scenario_document
from testsite_sim.configuration.market import Market
from testsite_sim.configuration.overrides import apply_override, read_overrides
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.configuration.quantities import parse_quantity
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.configuration.writing import to_yaml
from testsite_sim.configuration.yaml_loader import load_document
from testsite_sim.wind.windio import read_windio, windio_yaml
from tools.fuzzing import Count, Feed, bound_memory, each_in_its_process, guide_for, in_sentences, mutate_for
from tools.reading_in_forks import read_apart_in_forks

Seeds = list[tuple[str, bytes]]
TOKENS = (
    b"\n",
    b": ",
    b"- ",
    b"  ",
    b"{",
    b"}",
    b"[" * 50,
    b"]",
    b"&a ",
    b"*a",
    b"!!python/object/apply:os.system ",
    b"!include x",
    b"---\n",
    b"...\n",
    b"? ",
    b"|\n",
    b">-\n",
    b"'",
    b'"',
    b"#",
    b"%YAML 1.1\n",
    b"null",
    b"true",
    b"NO",
    b".nan",
    b"-.inf",
    b"1e999",
    b"9" * 400,
    b"0x",
    b"1_0",
    b"-0.0",
    b"1 MW",
    b"1e308 GW",
    b"1 W**9**9",
    b"5 EUR/kg",
    b"-1 kg",
    b"\xff\xfe",
    b"\xc3\x28",
    b"\xe2\x80\xae",
    b"\0",
    b"../../etc/passwd",
    b"../x.yaml",
    b"<script>alert(1)</script>",
    b"extends: ",
    b"strategy: {name: ",
    b"market:\n",
    b"{value: ",
    b"range: [1, 2]",
    b"15 minute",
    b"2023-02-30",
)
OVERRIDES = (
    "dispatch.strategy=firm-band",
    "weather.end=2023-02-05",
    "plant.electrolysers.0.capacity=5 MW",
    "market={support: 5 EUR/MWh, title: t, source: s}",
    "dispatch.reserves.0.power=0.1 MW",
    "wind.wake_model=none",
    "economics.lifetime=20 year",
    "plant.store=null",
    "farm.groups.a.turbines=[]",
)
QUANTITIES = (
    "10 MW",
    "-3.5e2 kg/hour",
    "8 EUR/MWh",
    "0.95",
    "350 bar",
    "20 degC",
    "1 EUR/MW/hour",
    "4 %/year",
    "5 Nm3/h",
)


def yaml(folder: Path) -> tuple[Feed, Seeds]:
    """Return the reader of one YAML file, and good files."""
    path = folder / "input.yaml"

    def feed(name: str, content: bytes) -> None:
        path.write_bytes(content)
        load_document(path)

    shipped = sorted(data_root("configs").rglob("*.yaml"))
    return feed, [(file.name, file.read_bytes()) for file in shipped if file.stat().st_size < 3000]


def quantity(folder: Path) -> tuple[Feed, Seeds]:
    """Return the reader of quantities, and good ones."""

    def feed(name: str, content: bytes) -> None:
        try:
            parse_quantity(content.decode("utf-8", "replace"), "W")
        except ValueError as error:
            raise ConfigurationError(str(error)) from error

    return feed, [("quantity", text.encode()) for text in QUANTITIES]


def overriding(folder: Path) -> tuple[Feed, Seeds]:
    """Return the reader of `--set`, and good settings."""
    document, path = load_scenario_document("waterstof/balancing-capacity", Scenario)

    def feed(name: str, content: bytes) -> None:
        for change in read_overrides([content.decode("utf-8", "replace")]):
            apply_override(copy.deepcopy(document), change, Scenario, path.parent, Files())

    return feed, [("setting", text.encode()) for text in OVERRIDES]


def component(folder: Path) -> tuple[Feed, Seeds]:
    """Return the reader of plants and markets written inline, and good ones."""
    path = folder / "input.yaml"
    models = {"plant": PlantConfiguration, "dispatch": Dispatch, "market": Market}
    whole = load_scenario("waterstof/balancing-capacity")

    def feed(name: str, content: bytes) -> None:
        path.write_bytes(content)
        model = models[name]
        document, _ = load_scenario_document(str(path), model)
        checked(model, document)

    return feed, [(name, to_yaml(getattr(whole, name)).encode()) for name in models]


def scenario(folder: Path) -> tuple[Feed, Seeds]:
    """Return the reader of a whole scenario, and good ones."""
    path = folder / "input.yaml"

    def feed(name: str, content: bytes) -> None:
        path.write_bytes(content)
        to_yaml(load_scenario(str(path)))

    shipped = sorted((data_root("scenarios") / "waterstof").glob("balancing*.yaml"))
    good = [(file.stem, file.read_bytes()) for file in shipped]
    good.append(("resolved", to_yaml(load_scenario("waterstof/balancing-capacity")).encode()))
    good.append(("test-site", (data_root("scenarios") / "flanders-wind-farm" / "test-site.yaml").read_bytes()))
    return feed, good


def study(folder: Path) -> tuple[Feed, Seeds]:
    """Return the reader of the file of a study, and a good one."""
    path = folder / "input.yaml"

    def feed(name: str, content: bytes) -> None:
        path.write_bytes(content)
        read_study(str(path))

    return feed, [("study", (data_root("scenarios") / "flanders-wind-farm" / "study.yaml").read_bytes())]


def windio(folder: Path) -> tuple[Feed, Seeds]:
    """Return the reader of windIO plants, and the files of good ones: of statistics, a series, cases, an include."""
    plant = folder / "plant"
    plant.mkdir(exist_ok=True)
    good = [
        (f"{name}.yaml", windio_yaml(row_of(resource)).encode())
        for name, resource in (("rose", ROSE), ("series", SERIES), ("cases", CASES))
    ]
    rose = row_of(ROSE)
    included = rose["wind_farm"].pop("turbines")
    whole = windio_yaml(rose).replace("wind_farm:\n", "wind_farm:\n  turbines: !include turbine.yaml\n")
    good += [("whole.yaml", whole.encode()), ("turbine.yaml", windio_yaml(included).encode())]
    for name, content in good:
        (plant / name).write_bytes(content)

    def feed(name: str, content: bytes) -> None:
        before = (plant / name).read_bytes()
        try:
            (plant / name).write_bytes(content)
            read_windio(plant / ("whole.yaml" if name == "turbine.yaml" else name))
        finally:
            (plant / name).write_bytes(before)

    return feed, good


def windio_netcdf(folder: Path) -> tuple[Feed, Seeds]:
    """Return the reader of a windIO plant whose resource is a NetCDF file, and a good one."""
    read_apart_in_forks()
    winds = {"wind_speed": ("time", [8.0, 9.0], {"units": "m/s"}), "wind_direction": ("time", [270.0, 90.0])}
    path = folder / "wind.nc"
    xr.Dataset(winds, {"time": [0.0, 1.0]}).to_netcdf(path, engine="h5netcdf")
    plant = windio_yaml(row_of({"wind": "PUT"})).replace("{wind: PUT}", "!include wind.nc")
    (folder / "plant.yaml").write_text(plant)

    def feed(name: str, content: bytes) -> None:
        path.write_bytes(content)
        read_windio(folder / "plant.yaml")

    return feed, [(path.name, path.read_bytes())]


TARGETS: dict[str, Callable[[Path], tuple[Feed, Seeds]]] = {
    "yaml": yaml,
    "quantity": quantity,
    "override": overriding,
    "component": component,
    "scenario": scenario,
    "study": study,
    "windio": windio,
    "windio-netcdf": windio_netcdf,
}


def main() -> None:
    """Fuzz each target in a process of its own and print a table."""
    assert __spec__ is not None
    target, arguments = each_in_its_process(__spec__.name, list(TARGETS), __doc__)
    feed, good = TARGETS[target](arguments.output)
    for name, content in good:
        if target not in ("quantity", "override"):
            feed(name, content)
    bound_memory()
    count = Count(target, in_sentences(feed), arguments.output)
    if arguments.guided:
        guide_for(count, good, arguments.seconds, arguments.seed, arguments.output, TOKENS)
    mutate_for(count, good, arguments.seconds, arguments.seed, TOKENS)


if __name__ == "__main__":
    main()
