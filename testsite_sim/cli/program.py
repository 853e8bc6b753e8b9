"""The program: its commands, and how it ends."""

import io
import sys
import warnings
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

import click

from testsite_sim.cli import stopping
from testsite_sim.cli.check import check_command
from testsite_sim.cli.compare import compare_command
from testsite_sim.cli.compile import compile_command
from testsite_sim.cli.completion import PROGRAM, VARIABLE, completion_command
from testsite_sim.cli.explain import explain_command
from testsite_sim.cli.explore import explore_command
from testsite_sim.cli.export import export_command
from testsite_sim.cli.failures import failure_of
from testsite_sim.cli.figures import figures_command
from testsite_sim.cli.init import init_command
from testsite_sim.cli.list import list_command
from testsite_sim.cli.option_names import with_options
from testsite_sim.cli.run import run_command
from testsite_sim.cli.schema import schema_command
from testsite_sim.cli.show import show_command
from testsite_sim.cli.size import size_command
from testsite_sim.cli.warned import begin, say_warning
from testsite_sim.cli.weather import weather
from testsite_sim.common.errors import Stopped, TestsiteError
from testsite_sim.common.own_process import done, own_process
from testsite_sim.common.printing import echo
from testsite_sim.common.version import __version__

# The commands in the order in which a user meets them, by what they are for.
SECTIONS: dict[str, tuple[click.Command, ...]] = {
    "Begin": (init_command, list_command, show_command, explain_command),
    "Simulate": (check_command, run_command, size_command, explore_command),
    "Use what has run": (compare_command, export_command, figures_command),
    "Weather": (weather,),
    "The program itself": (compile_command, schema_command, completion_command),
}


class Commands(click.Group):
    """The commands, whose help lists them by what they are for."""

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands of each section with what they do in a line."""
        longest = max(len(name) for name in self.commands)
        for title, held in SECTIONS.items():
            with formatter.section(title):
                room = formatter.width - longest - 6
                rows = [(f"{each.name:<{longest}}", each.get_short_help_str(room)) for each in held]
                formatter.write_dl(rows)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name=PROGRAM)
def commands() -> None:
    """Simulate a Flemish offshore test site: wind in real weather, balanced by hydrogen."""


for _command in (each for held in SECTIONS.values() for each in held):
    commands.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line: exit code 2 or 3 with one sentence for each user-correctable problem."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # of letters that the terminal does not know
    begin()
    warnings.showwarning = lambda message, *rest: say_warning(str(message))
    stopping.listen()
    if arguments is None:
        own_process()
    try:
        commands(args=arguments, prog_name=PROGRAM, complete_var=VARIABLE, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt) as stop:
        stopped = stop.__cause__ if isinstance(stop, click.Abort) else stop  # click raises its own of any interrupt
        _stop(*([with_options(str(stopped))] if isinstance(stopped, Stopped) else []))
    except (TestsiteError, OSError, MemoryError) as error:
        if isinstance(error, OSError) and stopping.was_stopped():
            _stop()  # the terminal is gone, and what would show the progress cannot
        code, sentences = failure_of(error)
        _leave(code, *sentences)
    except Exception:
        if not stopping.was_stopped():
            raise
        # An import that was interrupted half way fails with an error of its own.
        _stop()


def start() -> None:
    """Be the program: run the command line, and end this process once it has done what it was asked for."""
    main()
    stopping.outlive_terminal()
    done()


def _stop(kept: str = "nothing was written.") -> NoReturn:
    """Leave as a program does that was asked to end."""
    _leave(130, f"stopped; {kept}")


def _leave(code: int, *lines: str) -> NoReturn:
    """Leave with an exit code and what is to be said, if anybody takes it: a closed terminal does not."""
    with suppress(TestsiteError):
        for line in lines:
            echo(f"testsite-sim: {line}", err=True)
    sys.exit(code)
