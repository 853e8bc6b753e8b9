"""`testsite-sim explain`: what a key takes, what it is where it is left out, and who states it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from testsite_sim.common.printing import echo

if TYPE_CHECKING:
    from pydantic import BaseModel

    from testsite_sim.configuration.explaining import Key

MOST_KEYS, MOST_STATED = 25, 8  # that are listed
# The step of the chain that uses a part of a scenario.
USED_BY = {
    "location": "weather, wind and photovoltaics: the place",
    "weather": "weather: the record, its checks, and what is at hub height",
    "farm": "wind: the turbines and where they stand",
    "wind": "wind: the flow through the farm",
    "operations": "operations: what keeps turbines from running; wind: its losses",
    "grid": "dispatch: the connection; economics: fees",
    "market": "dispatch: prices, support and settlement",
    "plant": "plant: its machines; dispatch: what a strategy runs; economics: their costs",
    "dispatch": "dispatch: the strategy and its reserves",
    "economics": "economics: cash flow and levelised costs",
    "ensemble": "ensemble: members, and what is drawn",
}


@click.command("explain", short_help="Say what a key takes, its default, limits and sources.")
@click.argument("key")
@click.option("--in", "scenario", metavar="SCENARIO", help="Also print what this scenario (a name or a file) states.")
def explain_command(key: str, scenario: str | None) -> None:
    """Explain KEY of a scenario: what it takes, its default, its meaning, which shipped files state it, with sources.

    KEY is a path (plant.electrolysers.0.capacity), its end (capacity), or a key of a kind (electrolyser.capacity).
    """
    from testsite_sim.configuration.explaining import find_keys, keys_of
    from testsite_sim.configuration.scenario import Scenario

    found = find_keys(keys_of(Scenario), key)
    if len(found) > 1:
        echo(f"{len(found)} keys end with {key}; `testsite-sim explain` with one of:")
        for each in found[:MOST_KEYS]:
            echo(f"  {each.name}")
        if len(found) > MOST_KEYS:
            echo(f"  and {len(found) - MOST_KEYS} more")
        return
    one = found[0]
    echo(one.name)
    for label, text in (
        ("takes", one.takes),
        ("choices", ", ".join(_choices(one.name))),
        ("default", one.default),
        ("belongs to", one.meaning),
        ("used by", USED_BY.get(one.path[0], "the report")),
    ):
        if text:
            echo(f"  {label:<12}{text}")
    stated = list(dict.fromkeys(_stated(one)))
    for number, line in enumerate(stated[:MOST_STATED]):
        echo(f"  {'stated by' if number == 0 else '':<12}{line}")
    if len(stated) > MOST_STATED:
        echo(f"  {'':<12}and {len(stated) - MOST_STATED} more")
    if scenario is not None:
        _print_value(one, scenario)


def _choices(path: str) -> Sequence[str]:
    """Return the names that a key takes which the model does not list itself."""
    if path in ("wind.wake_model", "wind.deflection", "wind.blockage"):
        from testsite_sim.wind import BLOCKAGES
        from testsite_sim.wind.models import DEFLECTIONS, MODELS

        known: dict[str, Iterable[str]] = {"wind.wake_model": MODELS, "wind.deflection": DEFLECTIONS}
        return list(known.get(path, BLOCKAGES))
    return ()


def _stated(key: "Key") -> Iterator[str]:
    """Yield what files that ship state for a key, with their sources."""
    from testsite_sim.configuration.catalogue import find_configuration, find_scenario, names
    from testsite_sim.configuration.explaining import value_at
    from testsite_sim.configuration.yaml_loader import load_document

    if key.kind:
        files = [(f"{key.kind}/{name}", find_configuration(key.kind, name)) for name in names("configs", key.kind)]
    else:
        files = [(name, find_scenario(name)) for name in names("scenarios")]
    for name, path in files:
        if path.name == "study.yaml":
            continue
        for value in value_at(load_document(path).data, key.inside):
            yield f"{name}: {_written(value)}"


def _written(value: Any) -> str:
    """Return a value as it is written, with range and source."""
    from testsite_sim.common.text import shortened

    if isinstance(value, dict) and "value" in value:
        limits = value.get("range")
        said = [str(value["value"])]
        if isinstance(limits, list) and len(limits) == 2:
            said.append(f"({limits[0]} to {limits[1]})")
        if value.get("source"):
            said.append(f"— {value['source']}")
        return shortened(" ".join(said), 220)
    if isinstance(value, dict) and "extends" in value:
        changed = ", ".join(name for name in value if name != "extends")
        return shortened(f"{value['extends']}{' with its own ' if changed else ''}{changed}", 100)
    return shortened(", ".join(map(str, value)) if isinstance(value, dict) else str(value), 100)


def _print_value(key: "Key", scenario: str) -> None:
    """Print what a scenario states."""
    from testsite_sim.cases.reading import read_case
    from testsite_sim.cases.scenario import ScenarioCase
    from testsite_sim.common.errors import ConfigurationError
    from testsite_sim.configuration.explaining import value_at
    from testsite_sim.configuration.writing import plain_data

    case = read_case(scenario, (), None, "explain")
    if not isinstance(case, ScenarioCase):
        raise ConfigurationError(f"explain: --in takes a scenario of the chain, which {scenario} is not.")
    values = value_at(plain_data(case.scenario), key.path)
    for value in values or ["nothing"]:
        echo(f"  {'in ' + scenario}: {_written(value)}")


def scenario_models() -> "list[type[BaseModel]]":
    """Return the models whose components may be shown: that of scenarios, and those of the studies."""
    from testsite_sim.configuration.scenario import Scenario
    from testsite_sim.studies import STUDIES

    return [Scenario, *(study.part("configuration") for study in STUDIES.values())]
