"""`testsite-sim show`: one thing that ships, complete, with units and sources."""

from pathlib import Path
from typing import Any

import click

from testsite_sim.cli.completion import complete_configuration
from testsite_sim.cli.explain import scenario_models
from testsite_sim.cli.list import no_kind
from testsite_sim.common.errors import ConfigurationError, nearest
from testsite_sim.common.printing import echo


@click.command("show", short_help="Print a configuration with its units and sources.")
@click.argument("name", metavar="KIND/NAME", shell_complete=complete_configuration)
def show_command(name: str) -> None:
    """Print a configuration, KIND/NAME of `testsite-sim list`, with what it extends, its units and its sources.

    KIND is also `scenarios` (a scenario, resolved) and `weather` (a packaged record).
    """
    from testsite_sim.configuration.catalogue import find_configuration, kinds, names

    kind, _, which = name.partition("/")
    available = ["scenarios", *kinds(), "weather"]
    if kind not in available or not which:
        if name in names("scenarios"):
            kind, which = "scenarios", name
        elif not which:
            raise ConfigurationError(f"show: {name!r} is no KIND/NAME. {_where(name)}")
        else:
            raise ConfigurationError(no_kind("show", kind, available))
    if kind == "weather":
        _show_record(which)
        return
    if kind == "scenarios":
        from testsite_sim.cases.reading import read_case
        from testsite_sim.cases.windio import WindioCase
        from testsite_sim.configuration.writing import to_yaml

        case = read_case(which, (), None, "show")
        if isinstance(case, WindioCase):
            raise ConfigurationError(f"show: {which} is a windIO plant; print its file.")
        model: Any = getattr(case, "configuration", None) or getattr(case, "scenario")  # noqa: B009
        echo(to_yaml(model), nl=False)
        return
    path = find_configuration(kind, which)
    about, text = _text(kind, which, path)
    echo(f"# {kind}/{which}{': ' if about else ''}{about}")
    echo(text, nl=False)


def _where(name: str) -> str:
    """Return what a plain name may be of, or what is expected."""
    from testsite_sim.configuration.catalogue import kinds, names

    holding = [f"{kind}/{name}" for kind in kinds() if name in names("configs", kind)]
    return f"Nearest: {', '.join(holding)}." if holding else "Expected such as electrolyser/pem-10mw."


def _models(kind: str) -> list[Any]:
    """Return the models that take a kind of component."""
    from testsite_sim.configuration.explaining import component_models

    return [found for model in scenario_models() for found in component_models(model).get(kind, ())]


def _text(kind: str, name: str, path: Path) -> tuple[str, str]:
    """Return what a configuration is, and it, complete, as YAML; as written where no one model takes all of it."""
    from pydantic import BaseModel, TypeAdapter, ValidationError

    from testsite_sim.configuration.loading import load_component_document
    from testsite_sim.configuration.writing import to_yaml
    from testsite_sim.configuration.yaml_loader import read_text

    for model in _models(kind):
        try:
            checked = TypeAdapter(model).validate_python(load_component_document(kind, name, model))
        except ValidationError:
            continue  # a file of several uses, such as a climate of wind and one of waves
        if isinstance(checked, BaseModel):
            return " ".join(str(type(checked).__doc__).split("\n\n")[0].split()), to_yaml(checked)
    return "", read_text(path)


def _show_record(name: str) -> None:
    """Print what a packaged record holds."""
    from testsite_sim.cli.list import print_record
    from testsite_sim.weather import list_records

    records = {record.name: record for record in list_records()}
    if name not in records:
        raise ConfigurationError(f"show: there is no weather record {name!r}. {nearest(name, records)}")
    print_record(records[name])
