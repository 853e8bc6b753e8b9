"""`testsite-sim completion`: what a shell needs to complete commands, options, names of what ships, and keys."""

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
    """Return the scenarios that begin with what was typed, and paths of files; none that is named already.

    What a pattern has matched counts as named; a pattern that is being typed is completed by nothing.
    """
    from testsite_sim.cli.scenario_patterns import expanded
    from testsite_sim.configuration.catalogue import names

    before = context.params.get(parameter.name or "")
    named = expanded(before)[0] if isinstance(before, tuple | list) else []
    found = [CompletionItem(name) for name in names("scenarios") if name.startswith(incomplete) and name not in named]
    return found or [CompletionItem(incomplete, type="file")]


def complete_kind(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the kinds of configuration that begin with what was typed."""
    from testsite_sim.configuration.catalogue import kinds

    every = ["scenarios", *kinds(), "library", "weather"]
    return [CompletionItem(kind) for kind in every if kind.startswith(incomplete)]


def complete_configuration(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return what can be shown, KIND/NAME, that begins with what was typed: before the stroke the kinds alone."""
    from testsite_sim.configuration.catalogue import kinds, names
    from testsite_sim.weather import list_records

    kind, stroke, _ = incomplete.partition("/")
    if not stroke:
        every = [f"{each}/" for each in ("scenarios", *kinds(), "weather")]
    elif kind == "weather":
        every = [f"weather/{record.name}" for record in list_records()]
    elif kind == "scenarios":
        every = [f"scenarios/{name}" for name in names("scenarios")]
    else:
        every = [f"{kind}/{name}" for name in names("configs", kind)] if kind in kinds() else []
    return [CompletionItem(name) for name in every if name.startswith(incomplete)]


def complete_key(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the keys of a scenario that begin with what was typed, as far as the next full stop.

    Places in lists may be typed; where a value is set, a list is completed by its first place.
    """
    from testsite_sim.configuration.explaining import keys_of
    from testsite_sim.configuration.scenario import Scenario

    *above, last = incomplete.split(".")
    named = [part for part in above if not part.isdigit()]
    keys = keys_of(Scenario)
    lists = {key.plain_name for key in keys if key.takes.startswith("a list, each item")}
    if "--set" in parameter.opts and named == above and ".".join(named) in lists and last in ("", "0"):
        return [CompletionItem(".".join([*above, "0"]))]
    typed = ".".join([*named, last])
    found = dict.fromkeys(key.plain_name.split(".")[len(named)] for key in keys if key.plain_name.startswith(typed))
    return [CompletionItem(".".join([*above, name])) for name in found]
