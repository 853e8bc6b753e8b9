"""Parsed files that ship are kept on disk for runs of the program, and give the same document."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from testsite_kernels.compiling import kernel_cache

from testsite_sim.common import own_process
from testsite_sim.configuration import parsed_files, yaml_loader
from testsite_sim.configuration.catalogue import data_root
from testsite_sim.configuration.yaml_loader import load_document, parse_document

FILE = data_root("scenarios") / "flanders-wind-farm" / "test-site.yaml"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Let this process be a run of the program's own, with an empty folder of kernels and none installed."""
    monkeypatch.setattr(parsed_files, "read_installed", lambda name: None)
    monkeypatch.setenv(kernel_cache.CACHE, str(tmp_path))
    monkeypatch.setattr(own_process, "_IS_RUN", [True])
    kernel_cache.kernel_folder.cache_clear()
    yaml_loader._parsed.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    kernel_cache.kernel_folder.cache_clear()
    yaml_loader._parsed.cache_clear()


def kept(folder: Path) -> list[Path]:
    """Return what is kept."""
    return sorted(folder.rglob("parsed-*.json"))


def test_a_file_that_ships_is_parsed_once_and_read_as_it_was(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = parse_document(FILE.read_text(encoding="utf-8"), str(FILE))
    assert load_document(FILE) == expected
    assert len(kept(folder)) == 1
    yaml_loader._parsed.cache_clear()
    monkeypatch.setattr(yaml_loader, "parse_document", None)
    found = load_document(FILE)
    assert found == expected
    assert list(found.places) == list(expected.places)


def test_one_that_was_installed_is_read_and_a_damaged_one_is_not(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = load_document(FILE)
    (file,) = kept(folder)
    content, asked = file.read_bytes(), []
    file.unlink()

    def installed(name: str) -> bytes:
        asked.append(name)
        return content

    monkeypatch.setattr(parsed_files, "read_installed", installed)
    yaml_loader._parsed.cache_clear()
    assert load_document(FILE) == expected
    assert asked == [file.name]
    assert not kept(folder)
    content = content[:-3]
    yaml_loader._parsed.cache_clear()
    assert load_document(FILE) == expected
    assert kept(folder) == [file]


@pytest.mark.parametrize(
    "damage", [lambda content: content[:-3], lambda content: content.replace(b"1", b"2"), bytes.upper]
)
def test_a_damaged_file_is_parsed_again(folder: Path, damage: Callable[[bytes], bytes]) -> None:
    expected = load_document(FILE)
    (file,) = kept(folder)
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    yaml_loader._parsed.cache_clear()
    assert load_document(FILE) == expected
    assert file.read_bytes() == whole


def test_files_of_the_user_and_processes_of_the_user_keep_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Path(shutil.copy(FILE, tmp_path / "own.yaml"))
    load_document(own)
    monkeypatch.setattr(own_process, "_IS_RUN", [])
    load_document(FILE)
    assert not kept(folder)


def test_another_parser_finds_nothing(folder: Path) -> None:
    text = FILE.read_text(encoding="utf-8")
    parsed_files.keep_parsed_file(text, str(FILE), "one", {"a": 1}, [((), 1), (("a",), 2)])
    assert parsed_files.parsed_file(text, str(FILE), "one") == ({"a": 1}, [((), 1), (("a",), 2)])
    assert parsed_files.parsed_file(text, str(FILE), "two") is None
    assert parsed_files.parsed_file(text + " ", str(FILE), "one") is None
