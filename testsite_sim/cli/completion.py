"""`testsite-sim completion`: what a shell needs to complete commands, options and names of scenarios."""

import click
from click.shell_completion import CompletionItem, get_completion_class

from testsite_sim.common.printing import echo

PROGRAM, VARIABLE = "testsite-sim", "_TESTSITE_SIM_COMPLETE"


@click.command("completion", short_help="Print the completion script of a shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion_command(context: click.Context, shell: str) -> None:
    """Print the completion script of SHELL: `eval "$(testsite-sim completion bash)"` in ~/.bashrc."""
    made = get_completion_class(shell)
    assert made is not None
    script = made(context.find_root().command, {}, PROGRAM, VARIABLE)
    echo(script.source_template % script.source_vars())


def complete_scenario(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the scenarios that begin with what was typed, and paths of files."""
    from testsite_sim.configuration.catalogue import names

    found = [CompletionItem(name) for name in names("scenarios") if name.startswith(incomplete)]
    return found or [CompletionItem(incomplete, type="file")]


def complete_kind(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the kinds of configuration that begin with what was typed."""
    from testsite_sim.configuration.catalogue import kinds

    every = ["scenarios", *kinds(), "library", "weather"]
    return [CompletionItem(kind) for kind in every if kind.startswith(incomplete)]


def complete_configuration(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the configurations KIND/NAME that begin with what was typed."""
    from testsite_sim.configuration.catalogue import kinds, names

    every = [f"{kind}/{name}" for kind in kinds() for name in names("configs", kind)]
    return [CompletionItem(name) for name in every if name.startswith(incomplete)]
