"""Every command that a page shows can be typed: its options exist, and what it names of what ships is there."""

import re
import shlex
from pathlib import Path

import click
import pytest

from testsite_sim.cli.program import commands
from testsite_sim.configuration.catalogue import names

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
PAGES += sorted((ROOT / "docs" / "tutorials").glob("*.md")) + sorted((ROOT / "docs" / "methods").glob("*.md"))
SHELL = re.compile(r"^(?:    |)\s*(?:\S*/|uvx |pipx run )?testsite-sim ([^\n|>#…]*)", re.MULTILINE)
INLINE = re.compile(r"`testsite-sim ([^`\n…]*)`")
SPLIT = re.compile(r"\\\n\s*")  # a command on several lines
NAMED = re.compile(r"(?:flanders-wind-farm|waterstof)/[a-z0-9-]+")
UNFINISHED = re.compile(r"[A-Z]{4,}|\[|\$\(|…|PATH")  # a placeholder stands for what a reader puts there


def shown(page: Path) -> list[str]:
    """Return the arguments of the commands of a page."""
    text = SPLIT.sub(" ", page.read_text(encoding="utf-8"))
    found = [*SHELL.findall(text), *INLINE.findall(text)]
    return [each.split(" && ")[0].split(" 2>")[0].strip() for each in dict.fromkeys(found)]


CASES = [
    pytest.param(line, id=f"{page.stem}: {line[:60]}")
    for page in PAGES
    for line in shown(page)
    if line and not UNFINISHED.search(line)
]


def test_there_are_commands_to_look_at() -> None:
    assert len(CASES) > 60


@pytest.mark.parametrize("line", CASES)
def test_a_command_of_a_page_is_one(line: str) -> None:
    arguments = shlex.split(line)
    command, context, name = commands, click.Context(commands), "testsite-sim"
    while isinstance(command, click.Group) and arguments and not arguments[0].startswith("-"):
        name, found, arguments = command.resolve_command(context, arguments)
        assert found is not None, line
        command, context = found, click.Context(found, parent=context, info_name=name)
    if isinstance(command, click.Group) or {"--help", "--version"} & set(arguments):
        return
    stated = [each for each in arguments if each.startswith("-") and not re.fullmatch(r"-\d.*", each)]
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    assert {each.split("=")[0] for each in stated} <= known, line
    missing = [each for each in arguments if NAMED.fullmatch(each) and each not in names("scenarios")]
    assert not missing, f"{line}: nothing that ships is called {missing}"
