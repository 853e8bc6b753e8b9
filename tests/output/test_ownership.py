"""Nothing that is not ours is replaced, removed or overwritten, and what is ours is left nowhere."""

import json
import os
import shutil
from pathlib import Path

import pytest

from testsite_sim.cases.run import made_of_files
from testsite_sim.cli import main
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.holding import MARK, hold
from testsite_sim.ensemble.store import Store, remove_store
from testsite_sim.output import RunDirectory, check_target
from testsite_sim.output.files import figures_folder, is_same_file, write_whole
from testsite_sim.output.ownership import foreign_files
from testsite_sim.output.program import PROGRAM, digest_of, program_digest
from testsite_sim.weather.writing import check_record_target


def finished(target: Path) -> Path:
    with RunDirectory(target) as folder:
        folder.write_json("summary.json", {})
        (folder.path / "figures").mkdir()
        folder.write_text("figures/a.svg", "a")
        folder.write_json("run.json", {"versions": {}, PROGRAM: program_digest(), "files_sha256": folder.digests()})
    return target


@pytest.mark.parametrize(
    "change",
    [
        lambda run: (run / "notes.txt").write_text("mine"),
        lambda run: (run / "figures" / "mine.svg").write_text("mine"),
        lambda run: (run / "summary.json").write_text("changed"),
        lambda run: (run / "src").mkdir(),
        lambda run: (run / "link").symlink_to("/"),
        lambda run: (run / "run.json").unlink(),
        lambda run: (run / "run.json").write_text("[]"),
        lambda run: (run / "run.json").write_text("[" * 100_000),
    ],
)
def test_a_run_with_something_foreign_in_it_is_not_replaced(tmp_path: Path, change) -> None:
    run = finished(tmp_path / "run")
    check_target(run, force=True)
    assert foreign_files(run) == []
    change(run)
    with pytest.raises(ConfigurationError, match="does not replace"):
        check_target(run, force=True)
    assert run.is_dir()


def test_a_foreign_folder_with_a_summary_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "proj" / "src").mkdir(parents=True)
    (tmp_path / "proj" / "summary.json").write_text("{}")
    with pytest.raises(ConfigurationError, match="is not a run directory"):
        check_target(tmp_path / "proj", force=True)


def test_what_was_laid_in_a_run_while_another_was_computed_stays(tmp_path: Path) -> None:
    run = finished(tmp_path / "run")
    with pytest.raises(ConfigurationError, match=r"notes\.txt"), RunDirectory(run, force=True) as folder:  # noqa: PT012
        folder.write_json("summary.json", {})
        (run / "notes.txt").write_text("mine")
    assert (run / "notes.txt").read_text() == "mine"
    assert list(tmp_path.iterdir()) == [run]


def test_a_link_is_not_replaced(tmp_path: Path) -> None:
    run = finished(tmp_path / "run")
    (tmp_path / "link").symlink_to(run)
    with pytest.raises(ConfigurationError, match="is a link"):
        check_target(tmp_path / "link", force=True)


def test_only_folders_of_ours_that_nobody_holds_are_cleared(tmp_path: Path) -> None:
    left, held, foreign = (tmp_path / f".run.{name}.partial" for name in ("abcdefgh", "ijklmnop", "download"))
    for folder in (left, held, foreign):
        folder.mkdir()
        (folder / "half").write_text("half")
    (left / MARK).touch()
    (held / MARK).touch()
    other = tmp_path / ".other.abcdefgh.partial"
    other.mkdir()
    (other / MARK).touch()
    descriptor = hold(held)
    assert descriptor is not None
    check_target(tmp_path / "run", force=False)
    assert sorted(tmp_path.iterdir()) == sorted([held, foreign, other])
    os.close(descriptor)
    check_target(tmp_path / "run", force=False)
    assert sorted(tmp_path.iterdir()) == sorted([foreign, other])


def test_a_run_that_was_about_to_be_replaced_is_put_back(tmp_path: Path) -> None:
    run = finished(tmp_path / "run")
    old = tmp_path / ".run.abcdefgh.old"
    old.mkdir()
    (old / MARK).touch()
    shutil.move(run, old / "run")
    with pytest.raises(ConfigurationError, match="exists already"):
        check_target(run, force=False)
    assert foreign_files(run) == []
    assert list(tmp_path.iterdir()) == [run]


def test_an_error_leaves_no_folder_above_the_target(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="x"), RunDirectory(tmp_path / "a" / "b" / "run"):
        raise ValueError("x")
    assert list(tmp_path.iterdir()) == []


def test_an_error_of_another_file_does_not_blame_the_run_folder(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), RunDirectory(tmp_path / "run"):
        (tmp_path / "elsewhere").read_bytes()
    with pytest.raises(ConfigurationError, match="No space left"), RunDirectory(tmp_path / "run"):
        raise OSError(28, "No space left on device")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
def test_a_full_disk_is_one_sentence_and_leaves_nothing(tmp_path: Path, monkeypatch, capsys) -> None:
    def full(*_: object) -> None:
        with open("/dev/full", "wb", buffering=0) as stream:
            stream.write(b"x")

    monkeypatch.setattr(os, "fsync", full)
    for arguments in (
        ["weather", "generate", "westhinder", "-o", str(tmp_path / "a.nc")],
        ["figures", "waterstof", "-o", str(tmp_path / "file")],
    ):
        (tmp_path / "file").write_text("mine")
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code in (2, 3)
        error = capsys.readouterr().err
        assert "No space left" in error or "is a file" in error
        assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_record_is_never_written_over_a_file_without_force_nor_over_an_input(tmp_path: Path) -> None:
    source, link, hard = tmp_path / "a.nc", tmp_path / "link.nc", tmp_path / "hard.nc"
    source.write_bytes(b"a")
    link.symlink_to(source)
    os.link(source, hard)
    assert is_same_file(hard, source)
    with pytest.raises(ConfigurationError, match="force=True"):
        check_record_target(source, force=False)
    check_record_target(source, force=True)
    for same in (source, link, hard, tmp_path / "." / "a.nc"):
        with pytest.raises(ConfigurationError, match="is the input"):
            check_record_target(same, force=True, inputs=[source])
    with pytest.raises(ConfigurationError, match="no folder"):
        check_record_target(tmp_path / "none" / "a.nc", force=False)
    with pytest.raises(ConfigurationError, match="too long"):
        check_record_target(tmp_path / f"{'a' * 300}.nc", force=False)
    with pytest.raises(ConfigurationError, match="too long"):
        check_target(tmp_path / ("a" * 300), force=False)


def test_figures_replace_those_of_their_run_and_nothing_else(tmp_path: Path) -> None:
    run = finished(tmp_path / "run")
    with figures_folder(run / "figures", False, run) as folder:
        (folder / "a.svg").write_text("b")
        (folder / "a.pdf").write_text("b")
    assert foreign_files(run) == []
    (run / "figures" / "a.svg").write_text("mine")
    with pytest.raises(ConfigurationError, match=r"a\.svg"), figures_folder(run / "figures", False, run):
        pass
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.svg").write_text("mine")
    (tmp_path / "mine" / "b.svg").write_text("mine")
    with pytest.raises(ConfigurationError, match=r"a\.svg"), figures_folder(tmp_path / "mine", False):
        pass
    with figures_folder(tmp_path / "mine", True) as folder:
        (folder / "a.svg").write_text("b")
    assert (tmp_path / "mine" / "a.svg").read_text() == "b"
    assert (tmp_path / "mine" / "b.svg").read_text() == "mine"
    with pytest.raises(ValueError, match="x"), figures_folder(tmp_path / "new" / "deep", False) as folder:  # noqa: PT012
        (folder / "a.svg").write_text("b")
        raise ValueError("x")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine", "run"]


def test_the_members_of_an_ensemble_do_not_go_into_a_foreign_folder(tmp_path: Path) -> None:
    folder = tmp_path / "run.partial"
    folder.mkdir()
    (folder / "mine.h5").write_text("mine")
    (folder / "lock").write_text("mine")
    with pytest.raises(ConfigurationError, match=r"mine\.h5, which no ensemble wrote"), Store(folder, 2):
        pass
    assert (folder / "lock").read_text() == "mine"
    remove_store(folder)
    assert (folder / "mine.h5").read_text() == "mine"
    (tmp_path / "file.partial").touch()
    with pytest.raises(ConfigurationError, match="is a file"), Store(tmp_path / "file.partial", 2):
        pass


def test_a_file_appears_whole_with_the_rights_of_any_file(tmp_path: Path) -> None:
    write_whole(tmp_path / "a", b"content")
    assert (tmp_path / "a").read_bytes() == b"content"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize(
    "content",
    ["[]", '{"a": 1}', "text", "[" * 100_000, '{"a": {"value": "x"}}', "\0"],
    ids=["list", "number", "text", "deep", "value", "nul"],
)
def test_a_summary_that_is_none_is_one_sentence(tmp_path: Path, capsys, content: str) -> None:
    (tmp_path / "summary.json").write_text(content)
    with pytest.raises(SystemExit) as caught:
        main(["compare", str(tmp_path), str(tmp_path)])
    assert caught.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_summary_without_units_is_compared(tmp_path: Path, capsys) -> None:
    (tmp_path / "summary.json").write_text(json.dumps({"a": {"value": 1.0}}))
    main(["compare", str(tmp_path), str(tmp_path)])
    assert "difference" in capsys.readouterr().out


def test_an_error_in_what_is_made_of_a_run_of_another_version_is_one_sentence(tmp_path: Path) -> None:
    run = finished(tmp_path / "run")
    facts = json.loads((run / "run.json").read_text())
    (run / ".testsite-sim-drawn.partial").mkdir()  # where figures are drawn, in the folder of a run
    for other in ({**facts, PROGRAM: "0" * 64}, {name: each for name, each in facts.items() if name != PROGRAM}):
        (run / "run.json").write_text(json.dumps(other))
        said = r"another version of the program.*\(KeyError: 'power'\); run its scenario\.yaml again"
        with pytest.raises(ConfigurationError, match=said), made_of_files(run):
            raise KeyError("power")


def test_an_error_in_what_is_made_of_a_changed_run_names_what_was_changed(tmp_path: Path) -> None:
    run = finished(tmp_path / "run")
    for folder in (run, None):  # ours
        with pytest.raises(KeyError), made_of_files(folder):
            raise KeyError("power")
    (run / "figures" / "a.svg").write_text("changed")
    with pytest.raises(ConfigurationError, match=r"wrote it \(figures/a\.svg\).*KeyError: 'power'"), made_of_files(run):
        raise KeyError("power")
    (run / "figures" / "a.svg").unlink()
    with pytest.raises(ConfigurationError, match="figures, figures/a"), made_of_files(run):
        raise KeyError("power")
    (run / "run.json").unlink()
    with pytest.raises(ConfigurationError, match=r"\(run\.json\)"), made_of_files(run):
        raise KeyError("power")
    with pytest.raises(ConfigurationError, match="a sentence"), made_of_files(run):
        raise ConfigurationError("a sentence")


def test_the_digest_of_the_program_takes_no_harm_from_a_source_that_cannot_be_read(tmp_path: Path) -> None:
    """The fault: the link by which an editor locks a file ended a run when its results were there."""
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "one.py").write_text("ONE = 1\n")
    alone = digest_of(tmp_path / "package")
    (tmp_path / "package" / ".#one.py").symlink_to("user@machine.1234")
    (tmp_path / "package" / "folder.py").mkdir()
    assert digest_of(tmp_path / "package") == alone
    (tmp_path / "package" / "one.py").write_text("ONE = 2\n")
    assert digest_of(tmp_path / "package") != alone


@pytest.mark.parametrize("what", ["file", "folder", "link"])
def test_force_is_not_offered_for_what_it_does_not_replace(tmp_path: Path, what: str) -> None:
    """The fault: of a file the user was sent to `--force`, which then refused it."""
    target = tmp_path / "mine"
    if what == "file":
        target.touch()
    elif what == "link":
        target.symlink_to(tmp_path)
    else:
        target.mkdir()
        (target / "notes.txt").touch()
    with pytest.raises(ConfigurationError, match=r"exists already; choose another folder\.$"):
        check_target(target, force=False)
