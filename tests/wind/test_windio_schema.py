"""Each key that windIO's own schema allows changes the energy of a plant, or is named: refused, or listed as ignored.

The keys and their values come from the schema files of the installed windIO package.
"""

import contextlib
import copy
import itertools
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import windIO
import xarray as xr
from ruamel.yaml import YAML

from tests.wind.windio_plants import ANALYSIS, CASES, RESOURCE, ROSE, SERIES, changed, row_of, write
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.configuration.yaml_loader import Place
from testsite_sim.wind import annual_energy_production
from testsite_sim.wind.windio import Plant
from testsite_sim.wind.windio.document import Document
from testsite_sim.wind.windio.reading import read_document

SCHEMAS = Path(windIO.__file__).parent / "schemas" / "plant"
Keys = tuple[str | int, ...]
RUN = "attributes.model_outputs_specification.run_configuration"
# Where each of these holds, the plant means what it does without the key.
DEFAULTS: dict[str, Any] = {
    f"{ANALYSIS}.wind_deficit_model.name": "Bastankhah2014",
    f"{ANALYSIS}.wind_deficit_model.use_effective_ws": False,
    f"{ANALYSIS}.wind_deficit_model.wake_expansion_coefficient.free_stream_ti": False,
    f"{ANALYSIS}.axial_induction_model": "Madsen",
    f"{ANALYSIS}.superposition_model.ws_superposition": "Squared",
    f"{ANALYSIS}.rotor_averaging.background_averaging": "center",
    f"{ANALYSIS}.rotor_averaging.wake_averaging": "center",
    f"{ANALYSIS}.blockage_model.name": "None",
    f"{ANALYSIS}.turbulence_model.name": "CrespoHernandez",  # as in the plant below
    f"{ANALYSIS}.run_type": "simulate",
    RUN: {"times_run": {"all_occurences": True}},
    f"{RUN}.times_run.all_occurences": True,
    f"{RUN}.wind_speeds_run.all_values": True,
    f"{RUN}.directions_run.all_values": True,
}
WITHOUT_EFFECT_AS_A_WHOLE = ("simulation_output", "scada_data", "optimisation")
VALUES: dict[str, Any] = {  # of keys whose value must fit the plant to mean something
    "k_a": 0.5,
    "k_b": 0.02,
    "ceps": 0.25,
    "hub_height": 95.0,
    "rotor_diameter": 110.0,
    "rated_power": 6e6,
    "cutin_wind_speed": 8.5,
    "cutout_wind_speed": 8.5,
    "subset": [0],
    "layouts": {"coordinates": {"x": [0.0, 800.0], "y": [0.0, 0.0]}},
    "height": 60.0,
    "x": [0.0, 500.0, 1000.0, 1500.0],
    "y": [0.0, 10.0, 20.0, 30.0],
    "z": [1.0] * 4,
    "power_values": [0.0, 3e6, 5e6, 5e6],
    "power_wind_speeds": [3.0, 12.0, 13.0, 25.0],
    "Ct_values": [0.7, 0.7, 0.3, 0.1],
    "Ct_wind_speeds": [3.0, 6.0, 13.0, 25.0],
    "density": 1.1,
    "turbulence_intensity": 0.12,
    "weibull_a": 12.0,
    "weibull_k": 1.5,
    "sector_probability": 0.25,
    "wind_speed": 9.5,
    "operating": 0.0,
    "specific_values": [9.0],
}


@cache
def _schema(name: str) -> Any:
    """Return a schema file."""
    return YAML(typ="safe", pure=True).load(SCHEMAS / name)


def _resolved(schema: Any, file: str) -> tuple[Any, str]:
    """Return a schema behind its references, and the file that it stands in; an empty one behind a broken reference."""
    while isinstance(schema, dict) and "$ref" in schema:
        name, _, pointer = schema["$ref"].partition("#")
        file = name.removeprefix("./") or file
        if not (SCHEMAS / file).is_file():
            return {}, file
        schema = _schema(file)
        for key in pointer.strip("/").split("/"):
            schema = schema.get(key, {}) if key else schema
    return schema, file


def _keys(schema: Any, file: str, path: Keys = ()) -> Iterator[tuple[Keys, Any, str]]:
    """Yield every key that a schema allows, with its schema: below mappings, and below the first of a list."""
    schema, file = _resolved(schema, file)
    for each in ("oneOf", "anyOf", "allOf"):
        for alternative in schema.get(each, ()):
            yield from _keys(alternative, file, path)
    if "items" in schema:
        yield from _keys(schema["items"], file, (*path, 0))
    for key, below in schema.get("properties", {}).items():
        yield (*path, key), below, file
        if path or key not in WITHOUT_EFFECT_AS_A_WHOLE:  # results hold a plant again
            yield from _keys(below, file, (*path, key))


def _samples(schema: Any, file: str) -> list[Any]:
    """Return values that a schema allows: every one of a list of names, else one."""
    schema, file = _resolved(schema, file)
    if "enum" in schema:
        return [str(each) for each in schema["enum"]]
    alternatives = schema.get("oneOf", ())
    if alternatives and "properties" not in schema:
        return _samples(alternatives[0], file)
    kind = schema.get("type")
    if kind == "array":
        return [_samples(schema["items"], file)[:1] if "items" in schema else [0.0, 1.0]]
    if kind == "object" or "properties" in schema:
        names = schema.get("required") or list(schema.get("properties", {}))[:1]
        return [{key: _samples(schema["properties"].get(key, {}), file)[0] for key in names if "properties" in schema}]
    return {"boolean": [True, False], "number": [0.7], "integer": [2]}.get(str(kind), ["2023-01-01T00:00:00Z"])


def _put(plant: dict[str, Any], path: Keys, value: Any) -> dict[str, Any]:
    """Return a plant with a value at a path; what is missing on the way is made."""
    plant = copy.deepcopy(plant)
    place: Any = plant
    for key, following in itertools.pairwise(path):
        if isinstance(place, list) != isinstance(key, int):
            return {}  # the schema allows a mapping and a list; the plant has the other
        if isinstance(place, list):
            place.extend({} for _ in range(key + 1 - len(place)))
        elif not isinstance(place.get(key), dict | list):
            place[key] = [] if isinstance(following, int) else {}
        place = place[key]
    if isinstance(place, list):
        return {}
    place[path[-1]] = value
    return plant


PLANTS = {
    form: changed(
        row_of(resource, spacing=500.0),
        {
            f"{ANALYSIS}.wind_deficit_model.wake_expansion_coefficient": {"k_a": 0.38, "k_b": 0.004},
            f"{ANALYSIS}.turbulence_model.name": "CrespoHernandez",
        },
    )
    for form, resource in (("series", SERIES), ("rose", ROSE), ("cases", CASES))
}
PLANTS["plain"] = row_of(CASES, spacing=500.0)


def _dotted(path: Keys) -> str:
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path).removeprefix(".")


def _cases() -> list[Any]:
    """Return a test of each key with each value in the plants that it may mean something in."""
    found = {}
    for path, schema, file in _keys(_schema("wind_energy_system.yaml"), "wind_energy_system.yaml"):
        resolved, _ = _resolved(schema, file)
        key, of_resource = str(path[-1]), path[:3] == ("site", "energy_resource", "wind_resource")
        if "properties" in resolved and path[0] not in WITHOUT_EFFECT_AS_A_WHOLE:
            continue  # what is below it has tests of its own
        if key == "name" and "enum" not in resolved:
            continue  # a label
        for number, value in enumerate([VALUES[key]] if key in VALUES else _samples(schema, file)):
            for form in ("series", "rose", "cases") if of_resource else ("series", "plain"):
                found[f"{_dotted(path)}-{number}-{form}"] = (path, value, form)
    return [pytest.param(*case, id=name) for name, case in found.items()]


@pytest.fixture(scope="module")
def results() -> dict[str, Any]:
    """Results of each plant as it is, kept from test to test."""
    return {}


def _read(plant: dict[str, Any]) -> Plant:
    """Return a plant as read, without the way through its file."""
    return read_document(Document(plant, {(): Place("plant.yaml", 1)}))


def _result(plant: dict[str, Any]) -> tuple[xr.Dataset, dict[str, str]]:
    """Return the result of a plant, turbine by turbine, and what is listed as without effect."""
    read = _read(plant)
    found = annual_energy_production(read.farm, read.resource, read.model, blockage=read.blockage)
    return found, dict(read.ignored_without_effect)


@pytest.mark.parametrize(("path", "value", "form"), _cases())
def test_a_key_of_the_schema_changes_the_result_or_is_named(
    results: dict[str, Any], path: Keys, value: Any, form: str
) -> None:
    base = PLANTS[form]
    if isinstance(value, float) and path[:3] == ("site", "energy_resource", "wind_resource") and len(path) == 4:
        value = {"data": value, "dims": []} if path[-1] not in ("height", "reference_height") else value
    plant = _put(base, path, value)
    if not plant or plant == base:
        return
    if form not in results:
        results[form] = _result(base)[0]
    dotted = _dotted(path)
    try:
        result, listed = _result(plant)
    except (ConfigurationError, DataError) as error:
        above = _dotted(path[:-1])
        names = [f"{above}{end}" for end in ".:["] + [f"{dotted}: "]
        names += [f" {key}{end}" for key in path[-2:] for end in ",."]  # among what stands there
        assert any(name in str(error) for name in names), str(error)
        return
    named = any(dotted == each or dotted.startswith((f"{each}.", f"{each}[")) for each in listed)
    assert named or not result.identical(results[form]) or DEFAULTS.get(dotted, ...) == value, (
        f"{dotted}: {value!r} is passed over in silence"
    )


HOSTILE: tuple[Any, ...] = (
    None,
    [],
    {},
    "",
    "x" * 2000,
    -1,
    0,
    True,
    [None],
    [[1.0], [1.0, 2.0]],
    {"data": "x", "dims": "y"},
    [{}],
    1e300,
    {"data": [[1.0, "a"]], "dims": [1, 2]},
    ["a", 1.0],
    {"data": [], "dims": ["time"]},
    {"a": {"b": [1]}},
)


@pytest.mark.parametrize("form", ["series", "rose", "cases"])
def test_no_value_of_any_key_is_more_than_an_error_that_says_so(form: str) -> None:
    paths = {path for path, _, _ in _keys(_schema("wind_energy_system.yaml"), "wind_energy_system.yaml")}
    for path in sorted(paths, key=str):
        if form != "series" and path[:3] != ("site", "energy_resource", "wind_resource"):
            continue
        for value in HOSTILE:
            plant = _put(PLANTS[form], path, value)
            if plant:
                with contextlib.suppress(ConfigurationError, DataError):
                    _read(plant)


def test_the_schema_was_walked() -> None:
    names = {_dotted(case.values[0]) for case in _cases()}
    assert len(names) > 150
    assert {f"{RESOURCE}.operating", f"{ANALYSIS}.apm_grid.Lx", "wind_farm.turbines.TSR"} <= names


def test_what_is_written_follows_the_schema(tmp_path: Path) -> None:
    for plant in (row_of(SERIES), row_of(ROSE), row_of(CASES)):
        windIO.validate(write(tmp_path, plant), "plant/wind_energy_system")
