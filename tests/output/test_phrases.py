"""Phrases of exports and comparisons: all that the code says has its Dutch, and nothing is translated for nobody."""

import re
from pathlib import Path

import pytest

import testsite_sim
from testsite_sim.configuration.yaml_loader import load_document
from testsite_sim.output.phrases import IN_ENGLISH, Phrases
from testsite_sim.studies import STUDIES

ROOT = Path(testsite_sim.__file__).parent
DUTCH = load_document(ROOT / "output" / "phrases.nl.yaml").data
# `say("…")`, also of one of two texts, and `stated(say, "name", "units", "description")`
SAID = re.compile(r"""(?<!\w)say\(\s*(["'])(.+?)\1""", re.DOTALL)
EITHER = re.compile(r"""(?<!\w)say\(\s*"([^"]+)" if [^"]+ else "([^"]+)"\s*\)""")
STATED = re.compile(r"""stated\(say, "([^"]+)"(?:, "[^"]*"|, SEE_UNITS)?(?:, "([^"]+)")?""")


def sources() -> str:
    folders = [ROOT / "export", ROOT / "report", ROOT / "output", ROOT / "cases", ROOT / "cli"]
    return "\n".join(
        path.read_text() for folder in folders for form in ("*.py", "*.jinja") for path in folder.rglob(form)
    )


def test_every_phrase_of_the_code_has_its_dutch() -> None:
    source = sources()
    said = {text for _, text in SAID.findall(source)} - {"{title}"}
    said |= {text for pair in EITHER.findall(source) for text in pair}
    said |= {text for pair in STATED.findall(source) for text in pair if text}
    assert len(said) > 50
    assert sorted(said - set(DUTCH)) == []


def test_every_dutch_phrase_is_of_something_in_the_code_or_a_unit_of_a_study() -> None:
    source = sources()
    units = {headline.units for study in STUDIES.values() for headline in study.headlines}
    of_exports = {"report-verdict", "report-inputs", "report-sources", "report-captions", "report-answer"}
    units |= {
        "GWh/year",
        "kt/year",
        "million EUR/year",
        "months",
        "days",
        "years",
        "month",
        "see service_unit, year-1",
    } | of_exports
    assert [text for text in DUTCH if text not in units and f'"{text}"' not in source and text not in source] == []


def test_every_unit_of_a_headline_reads_as_dutch() -> None:
    say = Phrases("nl")
    for study in STUDIES.values():
        for headline in study.headlines:
            assert not re.search(r"year|million|month|\bjob-", say.units(headline.units)), headline.units


def test_a_language_without_phrases_is_english_and_a_missing_phrase_is_no_silent_english() -> None:
    assert Phrases("fr").language == "en"
    assert IN_ENGLISH("anything at all") == "anything at all"
    with pytest.raises(KeyError):
        Phrases("nl")("anything at all")


@pytest.mark.parametrize(
    ("text", "dutch"),
    [("1,234.5", "1\xa0234,5"), ("-0.5", "-0,5"), ("1.2e-05", "1,2e-05"), ("+12.30 %", "+12,30 %"), ("n/a", "n.b.")],
)
def test_numbers_have_a_decimal_comma_and_a_space_between_thousands(text: str, dutch: str) -> None:
    assert Phrases("nl").number(text) == dutch
    assert IN_ENGLISH.number(text) == text
