"""The narrative of the study Flanders Wind Farm has computed numbers; its texts are complete and all used."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from tests.studies.texts import Recorder, differences, unlabelled, unused
from testsite_sim.cases.study import read_study
from testsite_sim.cases.study_tables import tables_of_study
from testsite_sim.export.printed import fits
from testsite_sim.report import write_figures
from testsite_sim.studies.flanders_wind_farm import STUDY
from testsite_sim.studies.flanders_wind_farm.configuration import FlandersWindFarm
from testsite_sim.studies.flanders_wind_farm.figures import FIGURES
from testsite_sim.studies.flanders_wind_farm.narrative import write_narrative
from testsite_sim.studies.framework.report import named_study_figures, write_study_report
from testsite_sim.studies.framework.report.lines import quantiles
from testsite_sim.studies.framework.report.numbers import number
from testsite_sim.studies.framework.uncertainty import study_assumptions
from testsite_sim.studies.framework.words import FRAMEWORK, meanings, words_of

SMALL = ["uncertainty.members=20", "uncertainty.ranking_samples=8"]


@pytest.fixture(scope="module")
def results() -> xr.Dataset:
    return read_study("flanders-wind-farm/study", SMALL).members()


@cache
def in_language(language: str) -> FlandersWindFarm:
    configuration = read_study("flanders-wind-farm/study", [*SMALL, f"language={language}"]).configuration
    assert isinstance(configuration, FlandersWindFarm)
    return configuration


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_narrative_has_numbers(results: xr.Dataset, language: str) -> None:
    configuration = in_language(language)
    narrative = write_narrative(configuration, results, words_of(STUDY, configuration))
    text = " ".join([narrative.question, *narrative.answer, *narrative.method, *narrative.limits])
    assert "13\N{NO-BREAK SPACE}000" in narrative.answer[0]
    assert "{" not in text
    assert "nan" not in text
    assert "Sobol" in narrative.method[-1]
    assert len(narrative.tables) == 15
    assert len(narrative.short) == 15
    words, jobs_of = words_of(STUDY, configuration), results["outlook_jobs"].sel(scenario=results.attrs["scenario"])
    path = jobs_of.sel(outlook_market=results.attrs["outlook_market"])
    for year in (2030, 2040, 2050):  # the first screen names every tenth year and the last
        jobs = number(float(quantiles(path.sel(outlook_year=year))[1]), words)
        assert any(words["narrative.outlook_jobs"].format(jobs=jobs, year=year) in line for line in narrative.short)
    for market in results["outlook_market"].to_numpy():  # with the error of the method, as the path before them
        jobs = number(float(quantiles(jobs_of.sel(outlook_market=market).isel(outlook_year=-1))[1]), words)
        assert sum(jobs in line for line in narrative.short) >= 1
    assert len(narrative.answer) == 1  # no paragraph says once more what the lines say
    assert "(0" + words_of(STUDY, configuration)["decimal_mark"] + "70)" in narrative.method[-1]
    assert all(len(line.partition(": ")[0]) < 40 and line.partition(": ")[2] for line in narrative.short)
    assert "nan" not in " ".join(narrative.short).split()


@pytest.mark.usefixtures("drawn_here", "unprinted_figures")
def test_every_text_is_used_and_every_figure_has_one(results: xr.Dataset, tmp_path: Path) -> None:
    configuration = in_language("en")
    words = Recorder(words_of(STUDY, configuration))
    assert all(f"figure.{name}" in words for name in FIGURES)
    paths = write_figures(named_study_figures(FIGURES, results, words), tmp_path, ["svg"])
    narrative = write_narrative(configuration, results, words)
    assumptions = study_assumptions(configuration)
    page = write_study_report(configuration, narrative, results, STUDY.headlines, words, lambda: paths, assumptions, "")
    assert page.count("<img alt=") == len(FIGURES)
    assert unused(STUDY.texts, words.asked) == []
    assert unused(FRAMEWORK, words.asked) == []


def test_the_tables_of_the_report_fit_on_paper(results: xr.Dataset) -> None:
    case = read_study("flanders-wind-farm/study", ["language=nl"])
    made = tables_of_study(case, results)
    assert [table.name for table in made if not fits(table.paper or table)] == []
    assert {"report-verdict", "report-15", "report-inputs", "report-sources", "report-captions"} <= {
        table.name for table in made
    }


def test_the_languages_have_the_same_keys_and_placeholders() -> None:
    assert differences(STUDY.texts) == []


def test_every_input_has_a_label_in_both_languages_and_every_label_an_input() -> None:
    assert unlabelled(STUDY.texts, in_language("en")) == []


def test_every_variable_of_the_results_has_its_meaning_in_dutch(results: xr.Dataset) -> None:
    dutch = meanings("nl")
    stated = {str(variable.attrs["long_name"]) for variable in results.data_vars.values()}
    assert sorted(stated - set(dutch)) == []
    assert not any(text == translated for text, translated in dutch.items())


@pytest.mark.parametrize(("reached", "said"), [(19, "Yes."), (10, "Open:"), (1, "No")])
def test_the_answer_is_open_where_it_is_as_likely_as_not(results: xr.Dataset, reached: int, said: str) -> None:
    configuration = in_language("en")
    members = np.arange(results.sizes["member"])
    jobs = xr.where(xr.DataArray(members < reached, dims="member"), 2e4, 1e3).broadcast_like(results["jobs_target"])
    balance = xr.where(xr.DataArray(members < reached, dims="member"), 1.0, -1.0)
    changed = results.assign(
        jobs_target=jobs.transpose(*results["jobs_target"].dims),
        net_public_value=balance.broadcast_like(results["net_public_value"]).transpose(
            *results["net_public_value"].dims
        ),
    )
    first = write_narrative(configuration, changed, words_of(STUDY, configuration)).answer[0]
    assert first.startswith(said)
    worth = {"Yes.": "is worth", "Open:": "is open", "No": "is not worth"}[said]
    assert worth in first


def test_public_money_that_does_not_come_back_is_said_so(results: xr.Dataset) -> None:
    configuration = in_language("en")
    never = results.assign(payback_year=results["payback_year"] * np.inf)
    short = write_narrative(configuration, never, words_of(STUDY, configuration)).short
    assert any("the public money does not come back" in line for line in short)
    assert not any("back in never" in line for line in short)


@pytest.mark.parametrize(
    ("language", "pays", "tied"), [("en", "Who pays", "How long"), ("nl", "Wie betaalt", "Hoe lang")]
)
def test_the_first_screen_says_who_pays_and_how_long_money_is_tied_up(
    results: xr.Dataset, language: str, pays: str, tied: str
) -> None:
    configuration = in_language(language)
    words = words_of(STUDY, configuration)

    def said(of: xr.Dataset, subject: str) -> str:
        lines = short if of is results else write_narrative(configuration, of, words).short
        return next(line for line in lines if line.startswith(subject))

    short = write_narrative(configuration, results, words).short
    chosen = {"scenario": configuration.reference_scenario}
    returned, added = (results[name].sel(chosen).sum("account_year") for name in ("public_return", "value_added"))
    for money in (
        results["public_cost"].sum("account_year"),
        results["industry_cost"].sum("account_year"),
        returned,
        added - returned,
    ):
        low, middle, high = (number(float(each) / 1e6, words) for each in quantiles(money))
        assert middle in said(results, pays)
        assert f"({low} {words['narrative.to']} {high})" in said(results, pays)
    assert said(results.assign(industry_cost=2.0 * results["industry_cost"]), pays) != said(results, pays)
    for prefix in ("", "today_"):
        cost, payback = results[f"{prefix}public_cost"], results[f"{prefix}payback_year"].sel(chosen)
        first = [int(results["account_year"][np.flatnonzero(of_member)[0]]) for of_member in cost.to_numpy()]
        low, middle, high = (
            f"{each:.0f}" if np.isfinite(each) else words["never"] for each in quantiles(payback - np.array(first))
        )
        assert f"{middle} " in said(results, tied)
        assert f"({low} {words['narrative.to']} {high})" in said(results, tied)
        later = results.assign({f"{prefix}payback_year": results[f"{prefix}payback_year"] + 3.0})
        assert said(later, tied) != said(results, tied)


def test_what_the_test_site_costs_is_paid_by_public_and_industry_alone(results: xr.Dataset) -> None:
    chosen = {"scenario": results.attrs["scenario"]}
    assert (results["industry_cost"] >= 0.0).all()
    cost = (results["public_cost"] + results["industry_cost"]).sum("account_year")
    undiscounted = results["value_added"].sel(chosen).sum("account_year") / cost
    # Discounting weighs early cost more than later value: the discounted ratio is below.
    assert (results["benefit_cost_ratio"].sel(chosen) < undiscounted).all()
