"""`testsite-sim list`: what ships, grouped by what it is for."""

import json
import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import click

from testsite_sim.cli.completion import complete_kind
from testsite_sim.common.errors import ConfigurationError, nearest
from testsite_sim.common.printing import echo

if TYPE_CHECKING:
    from testsite_sim.weather import RecordSummary

GROUPS: dict[str, tuple[str, ...]] = {
    "What to run": ("scenarios",),
    "Place and weather": ("location", "weather", "climate", "air-sea", "wind-error", "reanalysis"),
    "Wind farm": ("farm", "turbine", "library", "curve-averaging", "energy-uncertainty"),
    "Work at sea": ("installation", "maintenance", "vessel", "test-site"),
    "Hydrogen plant": (
        "electrolyser",
        "electrolysis-plant",
        "electrolysis-cell",
        "hydrogen-store",
        "hydrogen-bank",
        "hydrogen-compressor",
        "hydrogen-pipeline",
        "tube-trailer",
        "fuel-cell",
        "fuel-cell-stack",
        "battery",
        "photovoltaics",
        "by-product",
        "hydrogen-demand",
        "refuelling-station",
        "refuelling-fleet",
        "side-streams",
    ),
    "Market and dispatch": ("market", "support", "imbalance", "forecast", "capacity-product", "contract"),
    "Money and studies": ("economics", "study-data", "evidence"),
}
WIDTH = 40  # letters that a name has, before what it is
_TITLE = re.compile(r"^title: *(.+?) *$", re.MULTILINE)  # without reading the whole of every file
ALIKE = 0.7  # of a kind to a mistyped one: below it a nearest one helps nobody
BRIEF = ("library",)  # so long that the list of all only says how many there are


@click.command("list", short_help="List what ships, by kind.")
@click.argument("kind", required=False, shell_complete=complete_kind)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, by kind.")
def list_command(kind: str | None, as_json: bool) -> None:
    """List what ships: the names of one KIND of configuration, `weather` for the records, or all.

    `testsite-sim show KIND/NAME` prints one of them.
    """
    from testsite_sim.configuration.catalogue import kinds

    available = ["scenarios", *kinds(), "library", "weather"]
    if kind is not None and kind not in available:
        raise ConfigurationError(no_kind("list", kind, available))
    if as_json:
        echo(json.dumps({each: _content(each) for each in ([kind] if kind else available)}, indent=2))
        return
    if kind is not None:
        _print_kind(kind, "")
        return
    grouped = [each for group in GROUPS.values() for each in group]
    groups = {**GROUPS, "Others": tuple(each for each in available if each not in grouped)}
    for group, members in groups.items():
        if not members:
            continue
        echo(group)
        for each in members:
            _print_kind(each, "  ", brief=each in BRIEF)


def no_kind(command: str, kind: str, available: list[str]) -> str:
    """Return the sentence that there is no such kind: what is like it, and where all of them stand.

    Examples
    --------
    >>> no_kind("list", "turbines", ["economics", "turbine"])
    "list: there is no kind 'turbines'. Nearest: turbine. `testsite-sim list` prints all."
    >>> no_kind("list", "configs", ["economics", "turbine"])
    "list: there is no kind 'configs'. `testsite-sim list` prints all."
    """
    near = nearest(kind, available) if get_close_matches(kind.casefold(), available, cutoff=ALIKE) else ""
    return " ".join(filter(None, (f"{command}: there is no kind {kind!r}.", near, "`testsite-sim list` prints all.")))


def _print_kind(kind: str, indent: str, brief: bool = False) -> None:
    """Print one kind."""
    from testsite_sim.configuration.catalogue import kinds

    content = _content(kind)
    if brief:
        echo(f"{indent}{kind}: {len(content)} names; see `testsite-sim list {kind}`")
        return
    echo(f"{indent}{kind}:")
    if kind == "weather" and not indent:
        for record in _records():
            print_record(record)
        return
    if kind == "library":
        echo("  power curves of windpowerlib, for `library:` of a turbine")
    titles = _titles(kind) if kind in kinds() else {}
    for each in content:
        name, title = (each, titles.get(each, "")) if isinstance(each, str) else (each["name"], each["title"])
        echo(f"{indent}  {name:<{WIDTH}}{title}".rstrip())


def _content(kind: str) -> list[Any]:
    """Return the names of a kind; scenarios and records with what is known of them."""
    from testsite_sim.configuration.catalogue import find_scenario, names

    if kind == "scenarios":
        from testsite_sim.configuration.yaml_loader import load_document

        titles = {name: load_document(find_scenario(name)).data.get("title", "") for name in names("scenarios")}
        return [{"name": name, "title": str(title)} for name, title in titles.items()]
    if kind == "library":
        from testsite_sim.wind.fleet import library_types

        return list(library_types())
    if kind == "weather":
        return [
            {
                "name": record.name,
                "title": f"{record.location}, {str(record.start)[:10]} to {str(record.end)[:10]}",
                "start": str(record.start),
                "end": str(record.end),
                "step_seconds": float(record.step_seconds),
                "heights": [float(height) for height in record.heights],
                "mean_wind_speed": float(record.mean_wind_speed),
                "gaps": int(record.gaps),
                "license": str(record.license),
                "source": str(record.source),
            }
            for record in _records()
        ]
    return names("configs", kind)


def _titles(kind: str) -> dict[str, str]:
    """Return what the configurations of a kind are, by name."""
    from testsite_sim.configuration.catalogue import find_configuration, names
    from testsite_sim.configuration.yaml_loader import read_text

    found = {name: _TITLE.search(read_text(find_configuration(kind, name))) for name in names("configs", kind)}
    return {name: match[1].strip("\"'") for name, match in found.items() if match is not None}


def _records() -> "list[RecordSummary]":
    """Return the packaged records."""
    from testsite_sim.weather import list_records

    return list(list_records())


def print_record(record: "RecordSummary") -> None:
    """Print what a packaged record holds."""
    levels = ", ".join(f"{height:g}" for height in record.heights)
    echo(f"  {record.name}")
    echo(f"    location {record.location}; {record.start} to {record.end} UTC, step {record.step_seconds:g} s")
    echo(f"    heights {levels + ' m' if levels else 'hub, not stated'}; ", nl=False)
    echo(f"mean wind speed {record.mean_wind_speed:.2f} m/s; gaps {record.gaps}; licence {record.license}")
    echo(f"    source {record.source}")
