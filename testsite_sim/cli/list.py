"""`testsite-sim list`: what ships."""

import click

from testsite_sim.common.errors import ConfigurationError, nearest
from testsite_sim.common.printing import echo


@click.command("list")
@click.argument("kind", required=False)
def list_command(kind: str | None) -> None:
    """List what ships: the names of one KIND of configuration, `weather` for the records, or all."""
    from testsite_sim.configuration.catalogue import kinds, names

    available = ["scenarios", *kinds(), "library", "weather"]
    if kind is not None and kind not in available:
        raise ConfigurationError(f"list: there is no kind {kind!r}. {nearest(kind, available)}")
    for each in [kind] if kind else available:
        echo(f"{each}:")
        if each == "weather":
            _list_weather()
        elif each == "scenarios":
            _list_scenarios()
        elif each == "library":
            _list_library()
        else:
            for name in names("configs", each):
                echo(f"  {name}")


def _list_scenarios() -> None:
    """Print every scenario with its title."""
    from testsite_sim.configuration.catalogue import find_scenario, names
    from testsite_sim.configuration.yaml_loader import load_document

    for name in names("scenarios"):
        echo(f"  {name:<40}{load_document(find_scenario(name)).data.get('title', '')}")


def _list_library() -> None:
    """Print the power curves of windpowerlib, which a turbine names with `library:`."""
    from testsite_sim.wind.fleet import library_types

    echo("  power curves of windpowerlib, for `library:` of a turbine")
    for name in library_types():
        echo(f"  {name}")


def _list_weather() -> None:
    """Print what each packaged record holds."""
    from testsite_sim.weather import list_records

    for record in list_records():
        levels = ", ".join(f"{height:g}" for height in record.heights)
        echo(f"  {record.name}")
        echo(f"    site {record.site}; {record.start} to {record.end} UTC, step {record.step_seconds:g} s")
        echo(f"    heights {levels + ' m' if levels else 'hub, not stated'}; ", nl=False)
        echo(f"mean wind speed {record.mean_wind_speed:.2f} m/s; gaps {record.gaps}; licence {record.license}")
        echo(f"    source {record.source}")
