"""The command line; thin: it calls the library and prints."""

import sys
from collections.abc import Sequence

import click

from testsite_sim import __version__
from testsite_sim.errors import ConfigurationError, TestsiteError, nearest


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="testsite-sim")
def commands() -> None:
    """Simulate a Flemish offshore test site: wind in real weather, balanced by hydrogen."""


@commands.command("list")
@click.argument("kind", required=False)
def list_command(kind: str | None) -> None:
    """List what ships: the names of one KIND of configuration, `weather` for the records, or all."""
    from testsite_sim.configuration.catalogue import kinds, names

    available = [*kinds(), "weather"]
    if kind is not None and kind not in available:
        raise ConfigurationError(f"list: there is no kind {kind!r}. {nearest(kind, available)}")
    for each in [kind] if kind else available:
        click.echo(f"{each}:")
        if each == "weather":
            _list_weather()
        else:
            for name in names("configs", each):
                click.echo(f"  {name}")


def _list_weather() -> None:
    """Print what each packaged record holds."""
    from testsite_sim.weather import list_records

    for record in list_records():
        levels = ", ".join(f"{height:g}" for height in record.heights)
        click.echo(f"  {record.name}")
        click.echo(f"    site {record.site}; {record.start} to {record.end} UTC, step {record.step_seconds:g} s")
        click.echo(f"    heights {levels + ' m' if levels else 'hub, not stated'}; ", nl=False)
        click.echo(f"mean wind speed {record.mean_wind_speed:.2f} m/s; gaps {record.gaps}; licence {record.license}")
        click.echo(f"    source {record.source}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line: exit code 2 or 3 with one sentence for what the user can mend."""
    try:
        commands(args=arguments, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        sys.exit(130)
    except TestsiteError as error:
        click.echo(f"testsite-sim: {error}", err=True)
        sys.exit(error.exit_code)
