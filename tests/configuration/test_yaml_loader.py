"""YAML is read safely and every value keeps its line."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.yaml_loader import load_document, parse_document


def test_every_value_keeps_its_line() -> None:
    document = parse_document("a: 1\nb:\n  c: [x, y]\n  d: 2\n", "f.yaml")
    assert document.data == {"a": 1, "b": {"c": ["x", "y"], "d": 2}}
    assert str(document.place(("b", "d"))) == "f.yaml:4"
    assert str(document.place(("b", "c", 1))) == "f.yaml:3"
    assert str(document.place(("b", "unknown"))) == "f.yaml:2"


def test_scalars_follow_yaml_1_2() -> None:
    document = parse_document("a: NO\nb: 1e5\nc: 0x10\nd: ~\ne: true\nf: 2026-01-01\ng: off\n", "f")
    assert document.data == {
        "a": "NO",
        "b": 1e5,
        "c": 16,
        "d": None,
        "e": True,
        "f": "2026-01-01",
        "g": "off",
    }


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\na: 2\n", 2, "stands twice"),
        ("a: &x 1\nb: *x\n", 1, "anchors"),
        ("a: !!python/object:os.system x\n", 1, "tag"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ("a: [1, 2\n", 2, "does not parse"),
        ("a: b: c\n", 1, "does not parse"),
        ("a: .inf\n", 1, "finite"),
        ("a: 1e999\n", 1, "finite"),
        ("[a]: 1\n", 1, "plain text"),
        ("a: " + "9" * 50 + "\n", 1, "digits"),
        ("a: " + "[" * 50 + "]" * 50, 1, "deeper"),
    ],
)
def test_unsafe_or_broken_yaml_is_refused_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as caught:
        parse_document(text, "f.yaml")
    assert str(caught.value).startswith(f"f.yaml:{line}:")


def test_an_alias_bomb_and_a_deep_nest_are_refused_where_they_begin() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(1000))
    for text, said in ((bomb, "f:1: .*alias"), ("[" * 10_000, "f:1: .*deeper"), ("{a: " * 10_000, "f:1: .*deeper")):
        with pytest.raises(ConfigurationError, match=said):
            parse_document(text, "f")


def test_a_file_that_is_large_missing_or_not_utf8_is_refused(tmp_path) -> None:
    large = tmp_path / "large.yaml"
    large.write_bytes(b"#" * 1_000_001)
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("a: caf\xe9".encode("latin-1"))
    for path, said in ((large, "bytes"), (latin, "UTF-8"), (tmp_path / "none.yaml", "cannot be read")):
        with pytest.raises(ConfigurationError, match=said):
            load_document(path)


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=300))
def test_any_text_is_read_or_refused_in_one_sentence(text: str) -> None:
    try:
        parse_document(text, "f")
    except ConfigurationError as error:
        assert "\n" not in str(error)


def test_a_file_that_is_read_again_is_as_it_stands_now_and_is_no_readers_to_change(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: {b: [1]}\n")
    first = load_document(path)
    first.data["a"]["b"].append(2)
    first.places.clear()
    first.problems[()] = "of this reader alone"
    again = load_document(path)
    assert again.data == {"a": {"b": [1]}}
    assert str(again.place(("a", "b"))) == f"{path}:1"
    assert not again.problems
    path.write_text("\na: {b: [3]}\n")  # of the same size but for a line
    assert load_document(path).data == {"a": {"b": [3]}}
    assert str(load_document(path).place(("a",))) == f"{path}:2"
    (tmp_path / "b.yaml").write_bytes(path.read_bytes())
    assert str(load_document(tmp_path / "b.yaml").place(("a",))) == f"{tmp_path / 'b.yaml'}:2"


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices have no names elsewhere")
def test_pipes_and_devices_are_no_configuration_files(tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "endless.yaml").symlink_to("/dev/zero")
    for name in ("pipe.yaml", "endless.yaml"):
        with pytest.raises(ConfigurationError, match="is a pipe or a device"):
            load_document(tmp_path / name)
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load_document(tmp_path)
