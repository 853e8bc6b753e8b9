"""What the fuzzers found, and the inputs that are known to break readers: each is refused in printable lines."""

from pathlib import Path

import pytest

from testsite_sim.cases.scenario import load_scenario
from testsite_sim.common.errors import LONGEST_MESSAGE, MOST_PROBLEMS, ConfigurationError
from testsite_sim.configuration.quantities import parse_quantity

BASE = b"extends: waterstof/balancing\n"


def refused(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    with pytest.raises(ConfigurationError) as caught:
        load_scenario(str(path))
    message = str(caught.value)
    assert 0 < len(caught.value.problems) <= MOST_PROBLEMS + 1
    for problem in caught.value.problems:
        assert problem.isprintable()
        assert 0 < len(problem) <= LONGEST_MESSAGE + 2
    return message


BOMB = b"a: &a [x, x, x, x, x, x, x, x, x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (k + 1, k + 1, b", ".join([b"*%c" % k] * 9)) for k in range(97, 105)
)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (BOMB, "anchors and aliases"),
        (b"[" * 10_000, "nested deeper"),
        (b"{a: " * 10_000, "nested deeper"),
        (b"- " * 10_000, "nested deeper"),
        (BASE + b"weather: {start: '\x80\xff'}", "not UTF-8"),
        (BASE + b"title: 1\x1b[31m2", "unacceptable character"),
        (BASE + b'title: "a\\e[31m"', "found the character U+001B"),
        (BASE + "title: a \u202efdp.oes".encode(), "found the character U+202E"),
        (BASE + b'title: "a\\u2067b"', "found the character U+2067"),
        (BASE + b'title: "a\\x9b31m"', "found the character U+009B"),
        (BASE + b"x\\e: 1", "unknown key"),
        (BASE + b'"y\\e[2J": 1', "found the character U+001B"),
        (BASE + b"weather: {shear_exponent: .nan}", "not a finite number"),
        (BASE + b"weather: {shear_exponent: -.inf}", "not a finite number"),
        (BASE + b"weather: {shear_exponent: 1e999}", "not a finite number"),
        (BASE + b"dispatch: {strategy: {name: imbalance, seed: " + b"9" * 400 + b"}}", "digits"),
        (BASE + b"grid: {export_limit: 1e308 GW}", "finite"),
        (BASE + b"grid: {export_limit: 1 W**9**9**9}", "unknown unit"),
        (BASE + b"grid: {export_limit: 5 MW/}", "unknown unit"),
        (BASE + b"grid: {export_limit: 5 (MW}", "unknown unit"),
        (b"extends: ../../../../etc/passwd.yaml\n", "leaves the folder"),
        (BASE + b"plant: {store: ../../secret.yaml}", "leaves the folder"),
        (b"extends: /etc/passwd\n", "no such name"),
        (b"", "missing"),
        (b"\0" * 1_000_000, "unacceptable character"),
        (b"a" * 1_000_001, "at most 1000000"),
        (b"x: " + b"y" * 999_000, "unknown key"),
        (b"!!python/object/apply:os.system [true]", "tag"),
        (BASE + b"market: [1, 2]\nmarket: 3", "stands twice"),
        (BASE + b"\xe2\x80\xae: 1", "found the character U+202E"),
        (BASE + b"grid:[1 export_limit: 2", "unknown key 'grid:[1 export_limit'"),
    ],
)  # fmt: skip
def test_a_broken_scenario_is_refused_in_one_line(tmp_path: Path, content: bytes, said: str) -> None:
    assert said in refused(tmp_path / "scenario.yaml", content)


def test_a_link_that_leaves_the_folder_and_what_is_no_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("title: secret\n")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    assert "leaves the folder" in refused(inside / "scenario.yaml", b"extends: link.yaml\n")
    (inside / "endless.yaml").symlink_to("/dev/zero")
    (inside / "loop.yaml").symlink_to(inside / "loop.yaml")
    for name in ("endless.yaml", "loop.yaml"):
        with pytest.raises(ConfigurationError):
            load_scenario(str(inside / name))


def test_a_whole_number_with_a_leading_zero_is_decimal(tmp_path: Path) -> None:
    (tmp_path / "scenario.yaml").write_bytes(BASE + b"dispatch: {strategy: {name: rolling-horizon, seed: 06}}")
    loaded = load_scenario(str(tmp_path / "scenario.yaml")).dispatch
    assert loaded is not None
    assert loaded.strategy.seed == 6


@pytest.mark.parametrize("text", ["35r%/", "5 Nm3/", "8 EUR/MW(", "20 dW0", "20 degC0", "3u0 ", "8 EUR))", "7Dl3///"])
def test_units_that_the_library_stumbles_over_are_unknown(text: str) -> None:
    with pytest.raises(ValueError, match="with the unknown unit"):
        parse_quantity(text, "W")


def test_a_setting_is_quoted_in_one_line() -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_scenario("waterstof/balancing", ("a\n\x1b[2J.b" * 300,))
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) <= LONGEST_MESSAGE + 2
