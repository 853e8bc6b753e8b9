"""Words come from texts of one language, name for name; labels of assumptions by the path of each."""

from pathlib import Path

import pytest

from tests.studies.texts import LANGUAGES, differences
from tests.studies.toy import DATA, TOY, Toy
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.studies.framework.words import FRAMEWORK, assumption_labels, label, read_texts, words_of


def texts_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> dict[str, str]:
    package = tmp_path / f"texts_of_{tmp_path.name}"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "text.en.yaml").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    return read_texts(package.name, "en")


def test_the_languages_of_the_framework_have_the_same_keys_and_placeholders() -> None:
    assert len(LANGUAGES) >= 2
    assert differences(FRAMEWORK) == []


def test_a_key_is_the_path_to_a_text_and_paragraphs_are_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "axis: {cost: Cost}\nnarrative:\n  answer:\n    - >-\n      One\n      and two.\n    - Three.\n"
    assert texts_from(tmp_path, monkeypatch, text) == {"axis.cost": "Cost", "narrative.answer": "One and two.\nThree."}


@pytest.mark.parametrize("value", ["2020", "true", "[1, 2]", "null", "1.5"])
def test_what_yaml_reads_as_something_else_than_text_is_refused(tmp_path, monkeypatch, value: str) -> None:
    with pytest.raises(ValueError, match=r"text\.en\.yaml: axis\.cost: found .*; expected text"):
        texts_from(tmp_path, monkeypatch, f"axis: {{cost: {value}}}")


def test_a_key_that_stands_twice_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match="cost"):
        texts_from(tmp_path, monkeypatch, "cost: one\ncost: two\n")


def test_the_label_of_an_assumption_names_what_its_path_names() -> None:
    texts = {
        "assumption.cost": "the cost",
        "assumption.share.{segment}": "share, {segment}",
        "assumption.share.cables": "share of cables alone",
        "assumption.sold.{segment1}.{segment2}": "{segment1} bought by {segment2}",
        "assumption.fleet.{vehicle}.{year}": "fleet of {vehicle}, {year}",
        "segment.towers": "steel towers",
        "vehicle.bus": "bus",
        "assumption_name.vehicle.bus": "buses",
        "assumption.built.{year}.power": "built in {year}",
    }
    paths = [
        "cost",
        "share.towers",
        "share.cables",
        "share.other",
        "sold.towers.other",
        "fleet.bus.2020",
        "unknown",
        "x.y",
    ]
    places = {path: path.split(".") for path in paths} | {"built.0.power": ["built", "2014", "power"]}
    assert assumption_labels(texts, places) == {
        "assumption.built.0.power": "built in 2014",
        "assumption.cost": "the cost",
        "assumption.share.towers": "share, steel towers",
        "assumption.share.cables": "share of cables alone",
        "assumption.share.other": "share, other",
        "assumption.sold.towers.other": "steel towers bought by other",
        "assumption.fleet.bus.2020": "fleet of buses, 2020",
    }


def test_words_hold_those_of_the_framework_and_of_the_study_in_its_language() -> None:
    dutch = words_of(TOY, Toy.model_validate({**DATA, "language": "nl"}))
    assert label(dutch, "variable", "jobs") == "banen"
    assert label(dutch, "variable", "cost") == "cost"
    assert dutch["decimal_mark"] == ","
