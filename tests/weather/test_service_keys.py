"""Keys of services: whatever is wrong with the file that holds one gets a sentence, and no message shows one."""

import os
from pathlib import Path

import pytest

from testsite_sim.cli import main
from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.weather import fetch as fetching
from testsite_sim.weather.fetch import fetch_point
from testsite_sim.weather.formats import ImportOptions
from testsite_sim.weather.service_keys import CLIMATE_DATA_STORE, StoreAccess, hide, store_access

KEY = "01234567-89ab-cdef-0123-456789abcdef"
FETCH = ("weather", "fetch", "era5", "--latitude", "51.6", "--longitude", "2.9", "--years", "2023", "-o", "mine.nc")


@pytest.fixture
def own_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the path of the file in which the key is sought, in an empty folder, which is the current one."""
    for name in ("CDSAPI_KEY", "CDSAPI_URL"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "cdsapirc"
    monkeypatch.setenv("CDSAPI_RC", str(path))
    monkeypatch.chdir(tmp_path)
    return path


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "set the environment variable CDSAPI_KEY"),
        (b"", "has no key; expected a line `key: "),
        (b"url: https://example.org\n", "has no key"),
        (b"key:\n", "has no key"),
        (b"{[no yaml: at all\n\t- %\n", "has no key"),
        (KEY.encode(), "has no key"),
        (b"\x89PNG\xff\xfe\x00", "is not a text file"),
        (f"key: {KEY}\nverify: maybe\n".encode(), "found `verify: maybe`; expected 0 or 1"),
    ],
)
def test_a_file_without_a_usable_key_gets_one_sentence(
    content: bytes | None, said: str, own_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        own_file.write_bytes(content)
    with pytest.raises(SystemExit) as caught:
        main(FETCH)
    lines = capsys.readouterr().err.splitlines()
    assert caught.value.code == 2
    assert len(lines) == 1
    assert said in lines[0]
    assert KEY not in lines[0]
    assert not (own_file.parent / "mine.nc").exists()
    assert not (own_file.parent / "fetched").exists()


def test_a_folder_where_the_file_is_sought_is_said_to_be_one(own_file: Path) -> None:
    own_file.mkdir()
    with pytest.raises(ConfigurationError, match="cdsapirc is a folder; expected a file"):
        store_access()


def test_a_pipe_where_the_file_is_sought_is_not_waited_for(own_file: Path) -> None:
    os.mkfifo(own_file)
    with pytest.raises(ConfigurationError, match="is no regular file"):
        store_access()


def test_a_file_that_may_not_be_read_gets_one_sentence(own_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_file.write_text(f"key: {KEY}\n")

    def refuse(*arguments: object, **options: object) -> None:
        raise PermissionError(13, "Permission denied", str(own_file))

    monkeypatch.setattr(Path, "open", refuse)  # the user of a test may be allowed everything
    with pytest.raises(ConfigurationError) as refusal:
        store_access()
    assert refusal.value.problems == (
        f"weather fetch: {own_file} cannot be read (Permission denied); let it be read by you, or set CDSAPI_KEY.",
    )


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("closed", ["file", "folder"])
def test_permissions_of_the_system_are_said(closed: str, own_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = own_file.parent / "closed"
    folder.mkdir()
    (folder / "rc").write_text(f"key: {KEY}\n")
    monkeypatch.setenv("CDSAPI_RC", str(folder / "rc"))
    shut = folder / "rc" if closed == "file" else folder
    shut.chmod(0o000)
    try:
        with pytest.raises(ConfigurationError, match="cannot be read"):
            store_access()
    finally:
        shut.chmod(0o700)


@pytest.mark.parametrize(
    ("text", "environment", "expected"),
    [
        (f"url: https://example.org/api\nkey: {KEY}\n", {}, StoreAccess("https://example.org/api", KEY)),
        (f"key: '{KEY}'\nverify: 0\n# a note\n", {}, StoreAccess(CLIMATE_DATA_STORE, KEY, verify=False)),
        (f"key: 12:{KEY}\n", {"CDSAPI_URL": "http://here"}, StoreAccess("http://here", f"12:{KEY}")),
        ("key: of-the-file\n", {"CDSAPI_KEY": KEY}, StoreAccess(CLIMATE_DATA_STORE, KEY)),
    ],
)
def test_the_key_is_that_of_the_environment_or_of_the_file(
    text: str,
    environment: dict[str, str],
    expected: StoreAccess,
    own_file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own_file.write_text(text)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert store_access() == expected


@pytest.mark.parametrize(("key", "is_hidden"), [(KEY, True), (f"12:{KEY}", True), ("e", False), ("store", False)])
def test_a_key_is_hidden_and_a_short_one_takes_no_letters_of_a_message(
    key: str, is_hidden: bool, own_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cdsapi = pytest.importorskip("cdsapi", reason="fetching wants the extra `fetch`")

    def fail(**options: object) -> None:
        raise ValueError(f"the store was away for {key.rpartition(':')[2]}")

    monkeypatch.setenv("CDSAPI_KEY", key)
    monkeypatch.setattr(cdsapi, "Client", fail)
    monkeypatch.setattr(fetching, "check_route", lambda address, whom: None)
    with pytest.raises(DataError) as refusal:
        fetch_point("2022", own_file.parent / "kept", lambda line: None, ImportOptions(latitude=51.6, longitude=2.9))
    why = f"the store was away for {'…' if is_hidden else key}"
    assert str(refusal.value) == f"weather fetch: the Climate Data Store did not answer ({why})."


def test_a_key_in_an_address_is_hidden_as_it_stands_there() -> None:
    assert hide("GET /?token=a%2Fb%3Dc-d-e failed", "a/b=c-d-e") == "GET /?token=… failed"
