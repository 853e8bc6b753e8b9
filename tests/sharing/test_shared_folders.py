"""What tests share is made once, is the same for every test, and a test that changes it is found out."""

import os
import subprocess
import sys
from pathlib import Path

import matplotlib
import numpy as np
import pytest

from tests.shared_folders import SharedFolders, copy_of, digest_of, run_name
from tests.unprinted import digest, print_digest, printed, unprinted
from testsite_sim.report import drawing, style
from testsite_sim.report.style import ONE_COLUMN, new_figure


def fill(path: Path) -> None:
    (path / "inner").mkdir(parents=True)
    (path / "inner" / "a.txt").write_text("a")


def test_a_folder_is_made_once_and_given_to_every_process_of_the_session(tmp_path: Path) -> None:
    made: list[Path] = []

    def make(path: Path) -> None:
        made.append(path)
        fill(path)

    one, other = SharedFolders(tmp_path / "shared"), SharedFolders(tmp_path / "shared")
    first = one.get("x", make)
    assert one.get("x", make) == other.get("x", make) == first
    assert made == [first]
    assert (first / "inner" / "a.txt").read_text() == "a"
    one.check()
    other.check()


def test_processes_that_ask_at_once_make_it_once(tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom tests.shared_folders import SharedFolders\n"
        "def make(path):\n    time.sleep(0.2)\n    path.mkdir()\n    (path / 'a').write_text('a')\n    print('made')\n"
        "SharedFolders(Path(sys.argv[1])).get('x', make)\n"
    )
    own = {**os.environ, "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)}
    command = [sys.executable, "-c", code, str(tmp_path / "shared")]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=own) for _ in range(2)]
    assert sorted(process.communicate()[0] for process in processes) == ["", "made\n"]


def test_one_that_could_not_be_made_is_made_by_the_next_that_asks(tmp_path: Path) -> None:
    def half(path: Path) -> None:
        fill(path)
        raise ValueError("half way")

    folders = SharedFolders(tmp_path / "shared")
    with pytest.raises(ValueError, match="half way"):
        folders.get("x", half)
    folders.check()
    assert sorted(path.name for path in folders.get("x", lambda path: path.mkdir()).rglob("*")) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "inner" / "a.txt").write_text("b"),
        lambda folder: (folder / "inner" / "a.txt").unlink(),
        lambda folder: (folder / "inner" / "b.txt").write_text(""),
        lambda folder: (folder / "inner" / "a.txt").rename(folder / "a.txt"),
    ],
)
def test_a_test_that_changes_a_shared_folder_is_found_out_and_its_copy_is_its_own(tmp_path: Path, change) -> None:
    folders = SharedFolders(tmp_path / "shared")
    given = folders.get("x", fill)
    assert not any(path.stat().st_mode & 0o222 for path in (given, *given.rglob("*")))
    before = digest_of(given)
    change(copy_of(given, tmp_path / "copy"))
    assert digest_of(tmp_path / "copy") != before
    folders.check()
    for path in (given, given / "inner", given / "inner" / "a.txt"):
        path.chmod(0o755)
    change(given)
    with pytest.raises(AssertionError, match="a test changed the folder x"):
        folders.check()


def test_runs_that_differ_in_anything_have_other_names() -> None:
    overrides = ([], ["a=1"], ["a=2"], ["a=1", "b=2"], ["a=1b=2"])
    found = {run_name("a/b", each, pictures=pictures) for each in overrides for pictures in (True, False)}
    assert len(found | {run_name("a/c", [], pictures=False)}) == 11
    assert run_name("a/b", ["a=1"], pictures=False) == run_name("a/b", ["a=1"], pictures=False)


def figure(
    height: float = 1.0, label: str = "wind", colours: float = 3.0, axis: str = "x", entry: str = "a"
) -> matplotlib.figure.Figure:
    made = new_figure(ONE_COLUMN, 2.0)
    axes = made.subplots()
    axes.plot([0.0, 1.0], [0.0, 1.0], label=label)
    axes.bar([0.0, 1.0], [1.0, height])
    axes.fill_between([0.0, 1.0], [0.0, height])
    axes.scatter([0.0, 1.0], [height, 1.0])
    axes.pcolormesh(np.array([[1.0, 2.0], [colours, 4.0]]))
    axes.set_title(label)
    axes.set_xlabel(axis)
    axes.legend([entry])
    return made


def test_the_digest_of_a_figure_is_of_its_data_and_its_texts() -> None:
    assert digest(figure()) == digest(figure())
    others = [figure(height=1.0 + 1e-12), figure(label="sea"), figure(colours=np.nextafter(3.0, 4.0))]
    others += [figure(axis="y"), figure(entry="b")]
    assert len({digest(each) for each in [figure(), *others]}) == 6


def test_figures_are_printed_again_once_a_test_of_no_picture_has_ended(tmp_path: Path) -> None:
    with unprinted():
        assert drawing.printed is print_digest
        (text,) = drawing.printed(figure(), "a", ["svg"]).values()
        with printed():
            assert drawing.printed is style.printed
    assert drawing.printed is style.printed
    assert digest(figure()) in text.decode()
    assert len(text) < 200
