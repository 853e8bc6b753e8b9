"""The evidence of both studies: everything has a source, a decision or somebody who could answer; BibTeX is shipped."""

import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.cases.study import read_study
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.base import assumptions, quantities, sourced_parts
from testsite_sim.configuration.catalogue import data_root, names
from testsite_sim.configuration.evidence import Evidence
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.quantities import Quantity
from testsite_sim.ensemble.assumptions import Assumption
from testsite_sim.studies.framework.ranking import rank
from testsite_sim.studies.framework.report.evidence import (
    bibliography,
    bibtex,
    finding_lines,
    input_rows,
    source_numbers,
    sourced_range,
)
from testsite_sim.studies.framework.report.written import written
from testsite_sim.studies.framework.uncertainty import study_assumptions
from testsite_sim.studies.framework.words import source_texts

STUDIES = ("waterstof/study", "flanders-wind-farm/study")
NAMES_ALONE = {"Colruyt, 2018", "Don Quichote", "High V.LO-City", "Norther", "Boom Lock, offshorewindindustry.com 2015"}
MEMORY = ("from memory", "own estimate", "as recalled")


@pytest.mark.parametrize("name", STUDIES)
def test_every_ranged_input_has_a_source_is_a_decision_or_says_who_could_answer(name: str) -> None:
    case = read_study(name)
    for each in study_assumptions(case.configuration):
        assert each.standing in ("published", "decision", "assumption"), each.path
        assert each.standing != "assumption" or (each.source and each.answered_by), each.path
        assert not any(words in each.source for words in MEMORY), each.path
        assert not each.answered_by or f"answered_by.{each.answered_by}" in case.words, each.answered_by


@pytest.mark.parametrize("name", STUDIES)
def test_every_input_that_is_an_assumption_says_why_also_one_without_a_range(name: str) -> None:
    unsaid = [
        row["name"] for row in assumptions(read_study(name).configuration) if row["assumption"] and not row["source"]
    ]
    assert unsaid == []


def test_every_finding_of_the_evidence_is_used_by_a_study() -> None:
    used = {
        name for study in STUDIES for _, each in quantities(read_study(study).configuration) for name in each.evidence
    }
    shipped = {
        name for base in names("configs/evidence") for name in load_component("evidence", base, Evidence).findings
    }
    assert shipped == used


def test_every_reason_and_place_reads_in_dutch_and_no_translation_is_idle() -> None:
    asked, titles = set(), set()
    for study in STUDIES:
        configuration = read_study(study).configuration
        asked |= {each.source for each in study_assumptions(configuration) if each.source}
        asked |= {
            str(row["source"]) for row in assumptions(configuration) if row["source"]
        }  # also those that are fixed
        parts = [text for _, title, source in sourced_parts(configuration) for text in (title, source)]
        titles |= set(parts)
        cited = {name for _, each in quantities(configuration) for name in each.evidence}
        for finding in (configuration.findings[name] for name in cited):
            assert "nl" in finding.translations
            asked.add(finding.where)
    known = {key.removeprefix("source.") for key in source_texts("nl")}
    assert known <= asked | titles
    untranslated = {text for text in asked - known if not any(end in text for end in (".json", ".csv", ".rst"))}
    assert untranslated <= NAMES_ALONE


def test_the_bibliography_is_numbered_in_the_order_of_citation_and_shipped_as_bibtex() -> None:
    case = read_study("waterstof/study")
    rows = bibliography(case.configuration, case.words)
    assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
    first = next(
        row
        for row in input_rows(case.configuration, study_assumptions(case.configuration), case.words)
        if row["findings"]
    )
    assert first["findings"][0]["number"] == 1
    references = {}
    for base in names("configs/evidence"):
        references |= load_component("evidence", base, Evidence).references
    shipped = (data_root("configs") / "evidence" / "references.bib").read_text(encoding="utf-8")
    assert shipped == bibtex(dict(sorted(references.items())))


def test_quantities_read_in_both_languages() -> None:
    english, dutch = (read_study("waterstof/study", [f"language={language}"]).words for language in ("en", "nl"))
    assert written("0.40 EUR/km", dutch) == "0,40 EUR/km"
    assert written("59433", dutch) == "59\N{NO-BREAK SPACE}433"
    assert written("30 %/year", dutch) == "30 %/jaar"
    assert written("3.6 1/MEUR", english) == "3.6 per million EUR"
    assert written("2.82 MEUR", dutch) == "2,82 miljoen EUR"
    assert written("2025", dutch) == "2025"
    assert written("-1", english) == "−1"


def test_the_share_of_variance_that_rests_on_sources_is_that_of_the_hand_calculation() -> None:
    def simulate(draws: dict[str, NDArray[np.float64]]) -> xr.Dataset:
        return xr.Dataset({"sum": ("member", 2.0 * draws["known"] + draws["guess"])})

    both = [
        Assumption("known", 0.5, 0.0, 1.0, "1", "", "", ("0", "1"), "", "published"),
        Assumption("guess", 0.5, 0.0, 1.0, "1", "", "", ("0", "1"), "", "assumption"),
    ]
    found = rank(simulate, both, ["sum"], base_samples=512)
    assert float(found["sourced_share"].sel(headline="sum")) == pytest.approx(0.8, abs=0.03)


def test_an_output_that_does_not_vary_and_one_of_few_samples_have_no_share_that_is_sourced() -> None:
    def simulate(draws: dict[str, NDArray[np.float64]]) -> xr.Dataset:
        moved = np.sin(20.0 * draws["known"]) * np.sin(20.0 * draws["guess"])
        return xr.Dataset({"still": ("member", 0.0 * draws["known"]), "sum": ("member", moved)})

    both = [
        Assumption("known", 0.5, 0.0, 1.0, "1", "", "", ("0", "1"), "", "published"),
        Assumption("guess", 0.5, 0.0, 1.0, "1", "", "", ("0", "1"), "", "assumption"),
    ]
    assert np.isnan(rank(simulate, both, ["still", "sum"], base_samples=8)["sourced_share"]).all()
    many = rank(simulate, both, ["still", "sum"], base_samples=1024)["sourced_share"]
    assert np.isnan(many.sel(headline="still"))
    assert not np.isnan(many.sel(headline="sum"))


def test_a_share_that_rests_on_sources_is_said_with_its_interval_and_counted_as_sure_by_its_lower_end() -> None:
    words = read_study("waterstof/study").words
    shares = xr.Dataset(
        {
            "sourced_share": ("headline", [0.82, 0.97, 0.7, np.nan]),
            "sourced_share_confidence": ("headline", [0.04, 0.05, 0.04, np.nan]),
        },
        coords={"headline": ["one", "two", "three", "still"]},
    )
    said = sourced_range(shares, words)
    assert (said["sourced_enough"], said["sourced_sure"], said["headlines"]) == ("2", "1", "4")
    assert (said["sourced_least_of"], said["sourced_least"]) == ("three", "70")
    assert (said["sourced_least_low"], said["sourced_least_high"], said["sourced_most"]) == ("66", "74", "97")
    assert set(sourced_range(xr.Dataset(), words).values()) == {"–"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("uncertainty.members=9", r"uncertainty\.members: found 9; expected greater than or equal to 10"),
        ("uncertainty.ranking_samples=100", r"ranking_samples: found 100; expected a power of two, like 128"),
    ],
)
def test_too_few_members_and_other_samples_are_refused_before_anything_runs(change: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        read_study("waterstof/study", [change])


@pytest.mark.parametrize("name", STUDIES)
def test_every_numbered_source_is_cited_in_the_tables_of_inputs(name: str) -> None:
    case = read_study(name)
    paths = {each.path for each in study_assumptions(case.configuration)}
    fixed = [row["name"] for row in assumptions(case.configuration) if row["name"] not in paths]
    amounts = dict(quantities(case.configuration))
    rows = [
        row["findings"] for row in input_rows(case.configuration, study_assumptions(case.configuration), case.words)
    ]
    numbers = source_numbers(case.configuration)
    rows += [finding_lines(case.configuration, amounts[path].evidence, case.words, numbers) for path in fixed]
    cited = {each["number"] for row in rows for each in row}
    assert cited == set(range(1, len(case.configuration.references) + 1))


def test_an_amount_of_money_has_the_year_of_its_prices_or_says_that_none_is_stated() -> None:
    case = read_study("waterstof/study")
    rows = input_rows(case.configuration, study_assumptions(case.configuration), case.words)
    details = [each["detail"] for row in rows for each in row["findings"] if "EUR" in each["text"].rpartition(":")[2]]
    assert sum("year of prices not stated, taken as of" in each for each in details) > 5
    assert all(re.search(r"(EUR|GBP|USD)( \d{4})?,|year of prices not stated", each) for each in details)


def test_findings_that_are_not_there_are_named() -> None:
    with pytest.raises(ConfigurationError, match=r"no finding 'diesel-prijs'.*Nearest: diesel-price"):
        read_study("waterstof/study", ["energy.diesel.evidence=[diesel-prijs]"])


def test_a_study_without_evidence_says_so() -> None:
    with pytest.raises(ConfigurationError, match=r"no finding '[a-z0-9-]+'\. The study lists no evidence\."):
        read_study("flanders-wind-farm/study", ["evidence=[]"])


def test_an_assumption_does_not_name_evidence() -> None:
    assert isinstance(dict(quantities(read_study("waterstof/study").configuration))["energy.diesel"], Quantity)
    with pytest.raises(ConfigurationError, match="names `evidence` or is a `decision`"):
        read_study("waterstof/study", ["energy.diesel.assumption=true"])


def test_the_references_are_shipped_where_the_evidence_is_and_are_those_of_the_evidence() -> None:
    shipped = Path(data_root("configs") / "evidence" / "references.bib").read_text(encoding="utf-8")
    references = {
        key: each
        for base in names("configs/evidence")
        for key, each in load_component("evidence", base, Evidence).references.items()
    }
    assert shipped.strip() == bibtex(dict(sorted(references.items()))).strip()
