"""`testsite-sim explain`: what a key takes, what it is where it is left out, and who states it."""

import re
import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from testsite_sim.cli.completion import complete_key, complete_scenario
from testsite_sim.common.printing import echo, is_terminal

if TYPE_CHECKING:
    from pydantic import BaseModel

    from testsite_sim.configuration.explaining import Key

MOST_KEYS, MOST_STATED = 25, 8  # that are listed
MOST_LETTERS = 110  # of a key in a list
LABEL, WIDEST = 12, 110  # letters of a label, and of a line on a terminal
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
@click.argument("key", shell_complete=complete_key)
@click.option(
    "--in",
    "scenario",
    metavar="SCENARIO",
    shell_complete=complete_scenario,
    help="Also print what this scenario or study (a name or a file) states.",
)
def explain_command(key: str, scenario: str | None) -> None:
    """Explain KEY of a scenario or a study: what it takes, its default, which shipped files state it, with sources.

    KEY is a path (plant.electrolysers.0.capacity), its end (capacity), or a key of a kind (electrolyser.capacity).
    """
    stated = None if scenario is None else _read(scenario)
    models = scenario_models() if stated is None else [type(stated)]
    model, found = _find(key, models)
    if len(found) > 1:
        echo(f"{len(found)} keys end with {key}; `testsite-sim explain` with one of:")
        for each in found[:MOST_KEYS]:
            echo(f"  {each.name}")
        if len(found) > MOST_KEYS:
            echo(f"  and {len(found) - MOST_KEYS} more")
        return
    _print_key(model, found[0])
    if stated is not None:
        _print_value(found[0], str(scenario), stated)


def _find(key: str, models: "Sequence[type[BaseModel]]") -> "tuple[type[BaseModel], list[Key]]":
    """Return the model that has a key, the first that has it by its whole path, and the keys that are meant."""
    from testsite_sim.configuration.explaining import keys_meant, keys_of

    which, found = keys_meant([keys_of(model) for model in models], key)
    return models[which], found


def _print_key(model: "type[BaseModel]", key: "Key") -> None:
    """Print what a key is: of a group what holds of all of it, and each of its keys in a line."""
    from testsite_sim.common.text import shortened
    from testsite_sim.configuration.explaining import IN_ITS_UNIT, keys_below, texts_of

    below = keys_below(model, key)
    echo(key.name)
    chooses = len(key.of) > 1 and key.path[-1] in ("name", "kind")  # which of several groups it is
    path = key.path[:-1] if chooses else key.path
    for number, text in enumerate(texts_of(model, path) if below or chooses else [key.says]):
        _print("is" if number == 0 else "", text)
    _print("takes", _without_keys(key.takes) if below else key.takes)
    _print("choices", ", ".join(_choices(key.name)))
    _print("default", key.default)
    _print("used by", USED_BY.get(key.path[0], "the report") if model is scenario_models()[0] else "the study")
    stated = list(dict.fromkeys(_stated(model, key)))
    for number, line in enumerate(stated[:MOST_STATED]):
        _print("stated by" if number == 0 else "", line)
    if len(stated) > MOST_STATED:
        _print("", f"and {len(stated) - MOST_STATED} more")
    if not below:
        if key.holder:
            group = f" where it is {' or '.join(key.of)}." if key.of else f": {key.group}"
            group = "." if chooses else group
            _print("part of", f"{key.holder}{group} `testsite-sim explain {key.holder}` lists its keys.")
        return
    echo(f"  its keys; `testsite-sim explain {key.plain_name}.KEY` says more:")
    longest = max(len(each.path[-1]) for each in below)
    for each in below:
        text = shortened(each.says or each.takes.replace(IN_ITS_UNIT, ""), MOST_LETTERS - longest)
        echo(f"    {each.path[-1]:<{longest}}  {text}")


def _print(label: str, text: str) -> None:
    """Print a part of the answer, if there is one: on a terminal in lines of its width, elsewhere as one line."""
    if not text:
        return
    begin = f"  {label:<{LABEL - 1}} "
    if not is_terminal(sys.stdout):
        echo(begin + text)
        return
    width = max(min(shutil.get_terminal_size().columns, WIDEST), 2 * LABEL)
    lines = textwrap.TextWrapper(width, begin, " " * len(begin), break_long_words=False, break_on_hyphens=False)
    for line in lines.wrap(text):
        echo(line)


def _choices(path: str) -> Sequence[str]:
    """Return the names that a key takes which the model does not list itself."""
    if path in ("weather.record", "weather.stations.record"):
        from testsite_sim.weather import list_records

        return [*(record.name for record in list_records()), "or the path of a file"]
    if path in ("wind.wake_model", "wind.deflection", "wind.blockage"):
        from testsite_sim.wind import BLOCKAGES
        from testsite_sim.wind.models import DEFLECTIONS, MODELS

        known: dict[str, Iterable[str]] = {"wind.wake_model": MODELS, "wind.deflection": DEFLECTIONS}
        return list(known.get(path, BLOCKAGES))
    return ()


def _stated(model: "type[BaseModel]", key: "Key") -> Iterator[str]:
    """Yield what files that ship state for a key, with their sources."""
    from testsite_sim.common.text import shortened
    from testsite_sim.configuration.catalogue import find_configuration, find_scenario, names
    from testsite_sim.configuration.explaining import value_at
    from testsite_sim.configuration.yaml_loader import load_document
    from testsite_sim.studies import STUDIES

    if key.kind:
        files = [(f"{key.kind}/{name}", find_configuration(key.kind, name)) for name in names("configs", key.kind)]
    else:
        files = [(name, find_scenario(name)) for name in names("scenarios")]
    for name, path in files:
        document = load_document(path).data
        study = STUDIES.get(str(document.get("study")))
        if key.kind or (scenario_models()[0] if study is None else study.part("configuration")) is model:
            values = value_at(document, key.inside)
            if len(values) > MOST_STATED and not any(isinstance(value, dict) for value in values):  # those of a curve
                yield f"{name}: {shortened(', '.join(map(str, values)), 100)}"
                continue
            for value in values:
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


def _read(scenario: str) -> "BaseModel":
    """Return what a scenario or a study states, checked."""
    from testsite_sim.cases.reading import read_case
    from testsite_sim.cases.scenario import ScenarioCase
    from testsite_sim.cases.study import StudyCase
    from testsite_sim.common.errors import ConfigurationError

    case = read_case(scenario, (), None, "explain")
    if isinstance(case, StudyCase):
        return case.configuration
    if isinstance(case, ScenarioCase):
        return case.scenario
    raise ConfigurationError(f"explain: --in takes a scenario or a study, which {scenario} is not.")


def _print_value(key: "Key", scenario: str, configuration: "BaseModel") -> None:
    """Print what a scenario or a study states."""
    from testsite_sim.configuration.explaining import value_at
    from testsite_sim.configuration.writing import plain_data

    values = value_at(plain_data(configuration), key.path)
    for value in values or ["nothing"]:
        _print(f"in {scenario}:", _written(value))


def scenario_models() -> "list[type[BaseModel]]":
    """Return the models that are explained, and whose components may be shown: that of scenarios, those of studies."""
    from testsite_sim.configuration.scenario import Scenario
    from testsite_sim.studies import STUDIES

    return [Scenario, *(study.part("configuration") for study in STUDIES.values())]


def _without_keys(takes: str) -> str:
    """Return what a key takes without the keys of its groups, which stand below it: groups of two kinds are one."""
    plain = re.sub(r"(a group of keys) \([^)]*\)", r"\1", takes)
    return plain.replace("a group of keys, or a group of keys", "a group of keys")
