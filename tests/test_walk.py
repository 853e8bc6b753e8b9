"""docs/architecture.md walks with a value from room to room: every function is there, and is called in that order."""

import ast
import re
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from types import CodeType, FrameType

import pytest

from testsite_sim.api import load

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
ROOM_OF_KERNELS = {"electrolysis": "plant", "storage": "plant"}
WALKS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))
NINE_DAYS = {
    "weather.start": "2023-03-01",
    "weather.end": "2023-03-10",
    "economics.scale_to_year": "by-repetition",
    "wind.wake_model": "none",
}
Step = tuple[str, str, str]  # room, file, function


def steps(walk: str) -> list[Step]:
    """Return the rows of a walk."""
    return re.findall(r"^\| (\w+) \| `([\w/.]+):([\w.]+)` \|", WALKS[walk], re.MULTILINE)


def functions(path: Path) -> Iterator[str]:
    """Yield the functions and methods of a file."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.ClassDef):
            yield from (f"{node.name}.{each.name}" for each in node.body if isinstance(each, ast.FunctionDef))


def test_every_function_that_the_page_names_is_there() -> None:
    named = re.findall(r"`([\w/]+\.py):([\w.]+)`", PAGE)
    assert len(named) > 35
    assert not [(file, name) for file, name in named if name not in functions(ROOT / file)]


@pytest.mark.parametrize("walk", WALKS)
def test_no_room_is_entered_twice(walk: str) -> None:
    rooms = [room for room, _ in groupby(steps(walk), key=lambda step: step[0])]
    assert rooms
    assert len(rooms) == len(set(rooms)), rooms


@pytest.mark.parametrize("walk", WALKS)
def test_a_function_stands_in_the_room_that_the_page_says(walk: str) -> None:
    for room, file, _ in steps(walk):
        package = file.removeprefix("kernels/testsite_kernels/").removeprefix("testsite_sim/").split("/")[0]
        assert ROOM_OF_KERNELS.get(package, package) == room, file


@pytest.fixture(scope="module")
def called(
    tmp_path_factory: pytest.TempPathFactory, drawn_here: None, unprinted_in_module: None
) -> dict[tuple[str, str], int]:
    """Return when each function of the library was first called in a run of nine days, by file and name."""
    first: dict[CodeType, int] = {}

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            first.setdefault(frame.f_code, len(first))

    case = load("flanders-wind-farm/test-site", NINE_DAYS)
    before = sys.getprofile()
    sys.setprofile(note)
    try:
        case.run(out=tmp_path_factory.mktemp("walk") / "run")
    finally:
        sys.setprofile(before)
    found: dict[tuple[str, str], int] = {}
    for code, when in first.items():
        if code.co_filename.startswith(str(ROOT)):
            file = Path(code.co_filename).relative_to(ROOT).as_posix()
            found.setdefault((file, code.co_qualname), when)
    return found


@pytest.mark.parametrize("walk", WALKS)
def test_the_functions_of_the_library_are_called_in_this_order(called: dict[tuple[str, str], int], walk: str) -> None:
    named = [(file, name) for _, file, name in steps(walk) if file.startswith("testsite_sim/")]
    assert not [step for step in named if step not in called]
    assert sorted(named, key=called.__getitem__) == named
