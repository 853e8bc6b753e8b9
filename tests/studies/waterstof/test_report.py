"""The narrative of the study Waterstof has computed numbers, and every figure has its data."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from tests.studies.texts import Recorder, differences, unlabelled, unused
from testsite_sim.cases.study import StudyCase, read_study
from testsite_sim.cases.study_tables import tables_of_study
from testsite_sim.export.printed import fits
from testsite_sim.report import write_figures
from testsite_sim.report.style import SETTINGS
from testsite_sim.studies.framework.report import Interval, Narrative, named_study_figures, write_study_report
from testsite_sim.studies.framework.report.cells import table_cells
from testsite_sim.studies.framework.report.lines import quantiles
from testsite_sim.studies.framework.report.numbers import number
from testsite_sim.studies.framework.uncertainty import study_assumptions
from testsite_sim.studies.framework.words import FRAMEWORK, meanings
from testsite_sim.studies.waterstof import STUDY
from testsite_sim.studies.waterstof.answer import gaps_to_rivals
from testsite_sim.studies.waterstof.configuration.study import Waterstof
from testsite_sim.studies.waterstof.figures import FIGURES
from testsite_sim.studies.waterstof.model.cluster import distinct
from testsite_sim.studies.waterstof.money_of_whom import time_tied_up, who_pays
from testsite_sim.studies.waterstof.narrative import write_narrative

HOSTILE = "</script><script>alert(1)</script> <img src=x> $x^2$"
SUBJECTS = {
    "en": [
        "Strongest rival",
        "Why trucks all the same",
        "Who pays and who gains",
        "How long money is tied up",
        "Price",
        "To 2020",
        "From today to 2050",
        "Lead plants of 2035",
        "Balancing in 2035",
        "What policy does",
        "Valley of death",
        "TINA fund",
        "Worth of what the brochure names",
        "How good the method is",
        "What would change the answer",
        "What it rests on",
        "Money",
    ],
    "nl": [
        "Sterkste rivaal",
        "Waarom toch vrachtwagens",
        "Wie betaalt en wie wint",
        "Hoe lang geld vastzit",
        "Prijs",
        "Tot 2020",
        "Van vandaag tot 2050",
        "Leadplants van 2035",
        "Balanceren in 2035",
        "Wat beleid doet",
        "Valley of death",
        "TINA-fonds",
        "Waarde van wat de brochure noemt",
        "Hoe goed de methode is",
        "Wat het antwoord zou veranderen",
        "Waarop het steunt",
        "Geld",
    ],
}
Written = Callable[[str], Narrative]
SMALL = ["uncertainty.members=20", "uncertainty.ranking_samples=8"]


@pytest.fixture(scope="module")
def results() -> xr.Dataset:
    return read_study("waterstof/study", SMALL).members()


@cache
def case_in(language: str) -> StudyCase:
    """Return the study as it is read in a language, which no test changes."""
    return read_study("waterstof/study", [*SMALL, f"language={language}"])


def in_language(language: str) -> tuple[Waterstof, dict[str, str]]:
    """Return the study and its words."""
    case = case_in(language)
    assert isinstance(case.configuration, Waterstof)
    return case.configuration, case.words


@pytest.fixture(scope="module")
def narrative_in(results: xr.Dataset) -> Written:
    """Return what gives the narrative of the results in a language, written once; no test changes it."""

    @cache
    def written(language: str) -> Narrative:
        configuration, words = in_language(language)
        return write_narrative(configuration, results, words)

    return written


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_narrative_has_numbers(results: xr.Dataset, narrative_in: Written, language: str) -> None:
    narrative = narrative_in(language)
    text = " ".join([narrative.question, *narrative.answer, *narrative.method, *narrative.limits])
    assert "{" not in text
    assert "nan" not in text
    assert "2050" in narrative.question
    assert len(narrative.tables) == 10
    for table in narrative.tables:
        assert len(table.rows) >= 2
        assert table.variables
        assert set(table.variables) <= set(map(str, results.variables))
        for column in table.rows:
            for cell in table.rows[column]:
                assert isinstance(cell, str | Interval | int | float | np.number)


def test_the_answer_has_the_numbers_of_the_results(results: xr.Dataset, narrative_in: Written) -> None:
    configuration, words = in_language("en")
    answer = " ".join(narrative_in("en").short)
    demand = results["demand_last"].sel(scenario=configuration.reference_scenario).to_numpy() / 1e3
    low, middle, high = np.quantile(demand, [0.1, 0.5, 0.9], method="inverted_cdf")
    assert f"{number(middle, words)} t of hydrogen in 2050 ({number(low, words)} to {number(high, words)})" in answer


def test_every_figure_is_drawn_with_its_data(results: xr.Dataset) -> None:
    _, words = in_language("nl")
    with matplotlib.rc_context(SETTINGS):
        for name, draw in FIGURES.items():
            figure, table = draw(results, words)
            assert f"figure.{name}" in words
            assert isinstance(table, pd.DataFrame)
            assert len(table) >= 10, name
            assert figure.axes, name


def data(results: xr.Dataset, name: str, words: Mapping[str, str]) -> pd.DataFrame:
    with matplotlib.rc_context(SETTINGS):
        return FIGURES[name](results, words)[1]


def test_what_is_drawn_adds_up(results: xr.Dataset) -> None:
    _, words = in_language("en")
    parts = data(results, "demand-and-supply", words).groupby(["horizon", "year", "part"])["mean"].sum().unstack("part")
    asked = parts[["logistics", "public-transport", "balancing"]].sum(axis=1)
    made = parts[["hydrogen_by_product", "hydrogen_electrolysis"]].sum(axis=1)
    np.testing.assert_allclose(asked, made, rtol=1e-9)
    nozzle = data(results, "nozzle-cost", words).set_index(["horizon", "component"])["mean"].unstack("component")
    alone = [name for name in nozzle if name.startswith("whole")]
    np.testing.assert_allclose(nozzle.drop(columns=alone).sum(axis=1), nozzle["whole"], rtol=1e-12)
    best = data(results, "cluster-ranking", words).groupby("horizon")["best_in_percent_of_draws"].sum()
    np.testing.assert_allclose(best, 100.0, rtol=1e-12)


def test_names_of_plants_are_only_text(results: xr.Dataset, tmp_path: Path) -> None:
    configuration, words = in_language("en")
    label = HOSTILE[:33]  # as long as a label may be for which a figure of two columns has room
    named = results.assign_coords(
        plant=[f"{HOSTILE} {k}" for k in range(results.sizes["plant"])],
        plant_owner=("plant", [HOSTILE] * results.sizes["plant"]),
        scenario=[label, *results["scenario"].to_numpy().tolist()[1:]],
    ).assign_attrs(results.attrs | {"baseline": label})
    chosen = {name: FIGURES[name] for name in ("adoption", "cluster-ranking", "policies")}
    paths = write_figures(named_study_figures(chosen, named, words), tmp_path, ["svg"])
    narrative = write_narrative(configuration, named, words)
    page = write_study_report(
        configuration,
        narrative,
        named,
        STUDY.headlines,
        words,
        lambda: paths,
        study_assumptions(configuration),
        HOSTILE,
    )
    assert page.count("<script") == 3
    assert "<img src=x" not in page
    for path in paths:
        if path.suffix == ".svg":
            text = path.read_text()
            assert "<script" not in text
            assert "&lt;script&gt;" in text or path.stem == "cluster-ranking"


def test_the_languages_have_the_same_keys_and_placeholders() -> None:
    assert differences(STUDY.texts) == []


def test_every_input_has_a_label_in_both_languages_and_every_label_an_input() -> None:
    assert unlabelled(STUDY.texts, in_language("en")[0]) == []


@pytest.mark.usefixtures("drawn_here", "unprinted_figures")
def test_every_text_is_used(results: xr.Dataset, tmp_path: Path) -> None:
    configuration, words = in_language("en")
    recorder = Recorder(words)
    paths = write_figures(named_study_figures(FIGURES, results, recorder), tmp_path, ["svg"])
    narrative = write_narrative(configuration, results, recorder)
    assumptions = study_assumptions(configuration)
    write_study_report(configuration, narrative, results, STUDY.headlines, recorder, lambda: paths, assumptions, "")
    assert unused(STUDY.texts, recorder.asked) == []
    assert unused(FRAMEWORK, recorder.asked) == []


@pytest.mark.parametrize(("language", "yes", "no"), [("en", "yes", "no"), ("nl", "ja", "neen")])
def test_the_answer_says_yes_or_no_first_and_names_the_strongest_rival(
    narrative_in: Written, language: str, yes: str, no: str
) -> None:
    words = in_language(language)[1]
    narrative = narrative_in(language)
    first = narrative.answer[0].split(".")[0].lower()
    assert yes in first.replace(",", " ").split() or no in first.replace(",", " ").split()
    assert narrative.verdict is not None
    rivals = list(narrative.verdict.rows.iloc[:, 1])
    assert rivals.count(words["against.battery"]) == 2
    assert rivals.index(words["against.battery"]) < rivals.index(words["against.diesel"])
    assert "battery" in narrative.answer[0] or "batterij" in narrative.answer[0]
    assert any("2020" in line.partition(": ")[0] for line in narrative.short)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_first_screen_has_a_short_line_on_every_question(narrative_in: Written, language: str) -> None:
    words = in_language(language)[1]
    narrative = narrative_in(language)
    assert all(len(line.partition(": ")[0]) < 40 and line.partition(": ")[2] for line in narrative.short)
    assert not any("{" in line or "nan" in line.split() for line in narrative.short)
    assert [line.partition(":")[0] for line in narrative.short] == SUBJECTS[language]
    assert len(narrative.answer) == 1  # no paragraph says once more what the lines say
    assert f"{words['correlation.energy-prices']} (0{words['decimal_mark']}50)" in narrative.method[-1]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_prices_on_the_first_screen_are_those_of_the_table_of_parity(narrative_in: Written, language: str) -> None:
    words = in_language(language)[1]
    narrative = narrative_in(language)
    table = next(each.rows for each in narrative.tables if each.title == words["title.parity"])
    chosen = table[table[words["column.year"]] == "2035"]
    line = next(each for each in narrative.short if each.startswith(SUBJECTS[language][4]))
    for name in ("bus", "truck"):
        for rival in ("diesel", "battery"):
            row = chosen[
                (chosen[words["column.application"]] == words[f"application.{name}"])
                & (chosen[words["column.incumbent"]] == words[f"power.{rival}"])
            ]
            assert number(row[words["column.parity"]].item().p50, words) in line


@pytest.mark.parametrize(("language", "other"), [("en", "nl"), ("nl", "en")])
def test_the_tables_of_the_report_are_exported_in_its_language(
    results: xr.Dataset, narrative_in: Written, language: str, other: str
) -> None:
    case, narrative = case_in(language), narrative_in(language)
    made = {table.name: table for table in tables_of_study(case, results)}
    assert len(made) == 2 + len(narrative.tables) + 3
    said = made["report-answer"].frame.iloc[:, 1]
    assert list(said[:2]) == [narrative.question, narrative.answer[0]]
    assert len(said) == 2 + len(narrative.short)
    markets = narrative.tables[2].rows  # lead markets at the end of each horizon
    demand = case.words["column.demand"]
    workbook, paper = made["report-03"], made["report-03"].paper
    assert paper is not None
    np.testing.assert_array_equal(workbook.frame[f"{demand}, P90"], [cell.p90 for cell in markets[demand]])
    low, middle, high = (number(getattr(markets[demand][0], name), case.words) for name in ("p10", "p50", "p90"))
    assert paper.frame[demand][0] == f"{middle} ({low} – {high})"
    captions = made["report-captions"].frame
    assert list(captions[language]) == [case.words[f"figure.{name}"] for name in FIGURES]
    assert not set(captions[language]) & set(captions[other])
    assert all(fits(table.paper or table) for table in made.values())
    assert len(made["report-sources"].frame) == len(case.configuration.references)


def test_jobs_that_are_counted_and_not_computed_are_said_with_their_turnover(
    results: xr.Dataset, narrative_in: Written
) -> None:
    words = in_language("en")[1]
    lacking = 500.0 - results["jobs"].sel(year=2020, scenario="no-policy").sum("place")
    per_turnover = (results["jobs"] / results["turnover"]).sel(year=2020, scenario="no-policy", place="abroad")
    turnover = float(quantiles(lacking / per_turnover)[1]) / 1e6
    assert f"{number(turnover, words)} million EUR of turnover" in narrative_in("en").limits[0]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_first_screen_says_from_when_hydrogen_is_cheaper_and_how_often_a_market_is_the_best(
    results: xr.Dataset, narrative_in: Written, language: str
) -> None:
    configuration, words = in_language(language)
    narrative = narrative_in(language)
    assert narrative.verdict is not None
    rows = narrative.verdict.rows.set_index([words["column.application"], words["column.incumbent"]])
    last = {"scenario": configuration.reference_scenario, "horizon": "to-2050"}
    years = results["break_even_year"].sel(last, drop=True)
    for name in ("bus", "truck"):
        middle = quantiles(years.sel(application=name, incumbent="diesel"))[1]
        said = rows.loc[(words[f"plural.{name}"], words["against.diesel"]), words["column.cheaper_from"]]
        assert said.startswith(f"{middle:.0f}" if np.isfinite(middle) else words["never"])
    scores = results["market_score"].sel(horizon="to-2050")
    best = str(scores["market"][int(np.argmax(quantiles(scores)[1]))].item())
    often = 100.0 * float((scores.argmax("market") == list(scores["market"]).index(best)).mean())
    line = next(each for each in narrative.short if each.startswith(SUBJECTS[language][6]))
    assert words[f"market.{best}"] in line
    assert f"{often:.0f}\N{NO-BREAK SPACE}%" in line


def test_the_valley_without_policy_is_said_with_the_development_in_it(
    results: xr.Dataset, narrative_in: Written
) -> None:
    words = in_language("en")[1]
    chosen = {"scenario": "no-policy", "cash_item": "development"}
    spent = -results["cash_flow"].sel(chosen).isel(year=results["horizon_of_year"].to_numpy() == "to-2050").sum("year")
    line = next(each for each in narrative_in("en").short if each.startswith("Valley"))
    assert f"of which {number(float(quantiles(spent)[1]) / 1e6, words)} million is development" in line


def test_members_that_are_equal_to_the_bit_are_enumerated_once() -> None:
    inputs = np.array([[1.0, 2.0], [0.1 + 0.2, 2.0], [1.0, 2.0], [0.3, 2.0]])  # 0.1 + 0.2 is not 0.3: a bit counts
    kinds, of = distinct(inputs[:, 0], inputs[:, 1:])
    np.testing.assert_array_equal(inputs[kinds][of], inputs)
    assert kinds.size == 3


def test_a_plant_shows_the_parts_that_are_its_own(narrative_in: Written) -> None:
    words = in_language("en")[1]
    tables = {table.title: table.rows for table in narrative_in("en").tables}
    rows = tables[words["title.simulated"]].set_index(words["column.plant"])
    hours = rows[words["column.fuel_cell_hours"]]
    assert np.isnan(hours[words["plant.lillo-by-product"]])
    assert hours[words["plant.lillo-fuel-cell"]] > 0.0
    assert rows[words["column.produced"]][words["plant.lillo-by-product"]] > 0.0
    assert np.isnan(rows[words["column.produced"]][words["plant.coastal-depot"]])
    assert rows[words["column.delivered"]][words["plant.coastal-depot"]] > 0.0


def test_every_variable_of_the_results_has_its_meaning_in_dutch(results: xr.Dataset) -> None:
    dutch = meanings("nl")
    stated = {str(variable.attrs["long_name"]) for variable in results.data_vars.values()}
    assert sorted(stated - set(dutch)) == []
    assert not any(text == translated for text, translated in dutch.items())


def test_the_first_screen_says_how_far_the_rivals_are_and_not_that_batteries_win(
    results: xr.Dataset, narrative_in: Written
) -> None:
    configuration, words = in_language("en")
    gap = results["bus_gap_battery"].sel(scenario=configuration.reference_scenario)
    said = number(float(quantiles(gap * 1e3)[1]), words)
    line = narrative_in("en").short[0]
    assert f"{said} EUR more with a bus on hydrogen than with one on batteries" in line
    assert gaps_to_rivals(results, words) in line
    turned = results.assign(ownership_cost=results["ownership_cost"] * 0.5)
    assert "EUR less with a bus on hydrogen" in gaps_to_rivals(turned, words)


@pytest.mark.parametrize(
    ("won", "said"), [(19, "For forklifts and buses yes"), (10, "for buses open"), (2, "for buses")]
)
def test_the_answer_is_open_where_it_is_as_likely_as_not(results: xr.Dataset, won: int, said: str) -> None:
    configuration, words = in_language("en")
    years = results["break_even_year"].copy(deep=True)
    chosen = {"horizon": "to-2050", "application": "bus", "scenario": configuration.reference_scenario}
    order = np.where(np.arange(results.sizes["member"]) < won, 2040.0, np.inf)
    for rival in ("battery", "diesel"):
        axes = years.loc[{**chosen, "incumbent": rival}]
        years.loc[{**chosen, "incumbent": rival}] = axes.copy(data=order)
    first = write_narrative(configuration, results.assign(break_even_year=years), words).answer[0]
    assert said in first.split(".")[0]
    assert ("open" in first.split(".")[0]) == (won == 10)


def test_vehicles_of_which_there_are_none_are_not_judged(results: xr.Dataset) -> None:
    configuration, words = in_language("en")
    none = results.assign(fleet=results["fleet"].where(results["application"] != "bus", 0.0))
    narrative = write_narrative(configuration, none, words)
    assert "bus" not in narrative.answer[0]
    assert "bus" not in narrative.short[0]
    assert narrative.verdict is not None
    assert words["plural.bus"] not in set(narrative.verdict.rows[words["column.application"]])


def test_why_most_hydrogen_goes_to_what_the_answer_denies_is_said_in_numbers(
    results: xr.Dataset, narrative_in: Written
) -> None:
    configuration, words = in_language("en")
    end = results.sel(scenario=configuration.reference_scenario, year=2050)
    part = 100.0 * end["demand"].sel(application="truck") / end["demand"].sum("application")
    line = next(each for each in narrative_in("en").short if each.startswith("Why trucks"))
    assert f"they take {number(float(quantiles(part)[1]), words)}\N{NO-BREAK SPACE}% of the hydrogen of 2050" in line
    np.testing.assert_allclose(end["chosen_against"].sel(horizon="to-2050").sum("incumbent"), 1.0, rtol=1e-9)


def test_every_table_with_money_says_whose_prices_it_is_in(narrative_in: Written) -> None:
    words = in_language("en")[1]
    for table in narrative_in("en").tables:
        cells = table_cells(table, words)
        has_money = any("EUR" in name for name, _ in cells["head"])
        assert cells["money"] == ("euros of 2025" if has_money else "")


def short_line(narrative: Narrative, language: str, subject: int) -> str:
    """Return the line of the first screen on one of its `SUBJECTS`."""
    return next(line for line in narrative.short if line.startswith(SUBJECTS[language][subject]))


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_first_screen_says_who_pays_and_who_gains(
    results: xr.Dataset, narrative_in: Written, language: str
) -> None:
    configuration, words = in_language(language)
    usual = short_line(narrative_in(language), language, 2)
    of_party = results["net_benefit_by_party"].sel(scenario=configuration.reference_scenario, horizon="to-2050")
    for name in map(str, results["party"].to_numpy()):
        gained = of_party.sel(party=name)
        sign = 1.0 if quantiles(gained)[1] > 0.0 else -1.0
        low, middle, high = (number(float(each) / 1e6, words) for each in quantiles(sign * gained))
        assert f"{words[f'party.{name}']} {middle} ({low} {words['range.to']} {high})" in usual
    sides = who_pays(results, words)
    assert usual.index(sides["payers"]) < usual.index(sides["gainers"])
    turned = who_pays(results.assign(net_benefit_by_party=-results["net_benefit_by_party"]), words)
    for side, other in (("payers", "gainers"), ("gainers", "payers")):
        for name in ("party.climate", "party.public-budget"):
            assert (words[name] in turned[side]) == (words[name] in sides[other])
    assert words["party.climate"] in sides["gainers"]
    assert words["party.public-budget"] in sides["payers"]
    nobody = who_pays(results.assign(net_benefit_by_party=0.0 * results["net_benefit_by_party"]), words)
    assert nobody["gainers"] == words["narrative.nobody"]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_first_screen_says_how_long_money_is_tied_up(
    results: xr.Dataset, narrative_in: Written, language: str
) -> None:
    configuration, words = in_language(language)

    def said(of: xr.Dataset) -> dict[str, str]:
        return time_tied_up(configuration, of, words)

    usual = short_line(narrative_in(language), language, 3)
    assert all(text in usual for text in said(results).values())
    chosen = {"scenario": configuration.reference_scenario}
    length = results["valley_length"].sel(chosen).sel(support="with", horizon="to-2050")
    low, middle = quantiles(length)[:2]
    assert f"{middle:.0f} ({low:.0f} {words['range.to']} " in usual
    never = results.assign(valley_length=results["valley_length"] * np.inf)
    assert f"{words['narrative.over']} 24" in said(never)["tied"]
    flow = results["public_flow"].sel(chosen).isel(year=(results["horizon_of_year"] == "to-2050").to_numpy())
    owed = (flow.sel(public_item="fund") + flow.sel(public_item="fund-repayment")).cumsum("year")
    repaid = [max(int(year) for year, each in zip(flow["year"], of, strict=True) if each > 0.0) + 1 for of in owed]
    assert f"{np.quantile(repaid, 0.5, method='inverted_cdf'):.0f} (" in usual
    slower = results["public_flow"].copy(deep=True)
    slower.loc[{"public_item": "fund-repayment"}] *= 0.5
    assert words["never"] in said(results.assign(public_flow=slower))["fund_back"]
    none = results["public_flow"].copy(deep=True)
    none.loc[{"public_item": ["fund", "fund-repayment"]}] = 0.0
    assert said(results.assign(public_flow=none))["fund_back"] == words["narrative.nothing_lent"]


def test_money_of_lead_plants_is_said_to_be_converted_or_to_have_its_own_prices(
    results: xr.Dataset, narrative_in: Written
) -> None:
    configuration, words = in_language("en")
    line = narrative_in("en").short[-1]
    assert "money of the lead plants, of 2023 in their scenarios, is converted likewise" in line
    undated = results.assign(plant_price_year=results["plant_price_year"] * np.nan)
    narrative = write_narrative(configuration, undated, words)
    assert "keep the prices of their scenarios" in narrative.short[-1]
    table = next(each for each in narrative.tables if each.title == words["title.simulated_own"])
    assert table.has_own_prices
