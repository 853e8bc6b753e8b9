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
    """List what ships: the names of one KIND of configuration, or of all."""
    from testsite_sim.configuration.catalogue import kinds, names

    available = kinds()
    if kind is not None and kind not in available:
        raise ConfigurationError(f"list: there is no kind {kind!r}. {nearest(kind, available)}")
    for each in [kind] if kind else available:
        click.echo(f"{each}:")
        for name in names("configs", each):
            click.echo(f"  {name}")


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
