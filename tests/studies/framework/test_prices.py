"""All money of a study is in the prices of one year."""

import numpy as np
import pytest

from testsite_sim.cases.study import read_study
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.units import MEGAWATT_HOUR
from testsite_sim.studies.framework.prices import price_factors, price_years, undated_amounts
from testsite_sim.studies.framework.report.evidence import converted_text, index_text, price_base, stated_amount
from testsite_sim.studies.framework.uncertainty import in_written_units, sampled, study_assumptions

STUDIES = ("waterstof/study", "flanders-wind-farm/study")
FROM_2018 = 1.012 * 1.003 * 1.026 * 1.084 * 1.054 * 1.024 * 1.021  # Eurostat, 2019 to 2025


def test_an_amount_of_2018_is_in_euros_of_2025_whether_it_is_drawn_or_not() -> None:
    study = read_study("waterstof/study").configuration
    path = "energy.electricity.2018"
    assert price_factors(study)[path] == pytest.approx(FROM_2018, rel=1e-12)
    stated = float(sampled(study, {})(path)[0]) * MEGAWATT_HOUR
    assert stated == pytest.approx(55.3 * FROM_2018, rel=1e-12)
    drawn = sampled(study, {path: np.array([50.0, 60.0]) / MEGAWATT_HOUR})(path) * MEGAWATT_HOUR
    np.testing.assert_allclose(drawn, np.array([50.0, 60.0]) * FROM_2018, rtol=1e-12)


def test_jobs_per_turnover_fall_as_prices_rise_and_what_is_no_money_stays() -> None:
    study = read_study("waterstof/study").configuration
    value = sampled(study, {})
    assert float(value("industry.jobs_per_turnover")[0]) == pytest.approx(
        3.6e-6 / (1.003 * 1.026 * 1.084 * 1.054 * 1.024 * 1.021), rel=1e-12
    )
    assert float(value("markets.bus.fleet")[0]) == 2235.0


def test_without_a_price_base_amounts_are_as_they_are_stated() -> None:
    study = read_study("waterstof/study", ["prices=null"])
    assert price_factors(study.configuration) == {}
    value = float(sampled(study.configuration, {})("energy.electricity.2018")[0])
    assert value * MEGAWATT_HOUR == pytest.approx(55.3)
    assert "not converted" in price_base(study.configuration, study.words)["price_base"]


@pytest.mark.parametrize("scenario", STUDIES)
def test_the_report_names_the_year_and_what_was_converted(scenario: str) -> None:
    case = read_study(scenario)
    years, factors = price_years(case.configuration), price_factors(case.configuration)
    said = price_base(case.configuration, case.words)["price_base"]
    assert said.startswith("euros of 2025, without inflation;")
    others = [year for year in years.values() if year != 2025]
    assert f"{len(others)} of the {len(years)} amounts" in said
    assert f"prices of {min(others)} to {max(others)}" in said
    assert set(factors) == {path for path, year in years.items() if year != 2025}
    amount = stated_amount(case.configuration, "fund.capital", 200e6, case.words)
    assert amount == f"200 million EUR of 2011, which are {200 * factors['fund.capital']:.0f} million of 2025"


@pytest.mark.parametrize("scenario", STUDIES)
def test_amounts_without_a_year_of_prices_are_counted_and_each_is_marked(scenario: str) -> None:
    case = read_study(scenario)
    undated = undated_amounts(case.configuration)
    assert (
        f"{len(undated)} name no year of prices and count as euros of 2025"
        in (price_base(case.configuration, case.words)["price_base"])
    )
    assert 0 < len(undated) < 15
    for path in undated:
        assert "not stated" in converted_text(case.configuration, path, "1 EUR", case.words)
        assert price_years(case.configuration)[path] == 2025
    one = read_study(scenario, [f"prices.stated={{{undated[0]}: 2020}}"]).configuration
    assert undated[0] not in undated_amounts(one)
    assert undated_amounts(read_study(scenario, ["prices=null"]).configuration) == []


def test_the_report_states_the_index_by_which_amounts_are_converted() -> None:
    case = read_study("waterstof/study")
    said = index_text(case.configuration, case.words)
    assert f"2018 {FROM_2018:.4f};" in said
    assert said.count(";") == len(set(price_years(case.configuration).values()) - {2025}) - 1
    assert index_text(read_study("waterstof/study", ["prices=null"]).configuration, case.words) == ""


def test_a_hire_of_vessels_is_of_the_year_of_its_source() -> None:
    years = price_years(read_study("flanders-wind-farm/study").configuration)
    path = "vessel.single_lift.phases.{}.vessel.day_rate"
    assert (years[path.format("foundations")], years[path.format("array-cables")]) == (2015, 2019)


def test_a_threshold_in_money_is_said_in_the_prices_of_the_study() -> None:
    study = read_study("waterstof/study").configuration
    carbon = next(each for each in study_assumptions(study) if each.path == "industry.carbon_value")
    shown, unit = in_written_units(carbon, 0.4)
    assert (shown, unit) == (pytest.approx(400.0 * 1.024 * 1.021, rel=1e-12), "EUR/t")
    words = read_study("waterstof/study").words
    assert converted_text(study, carbon.path, carbon.text, words) == "in 2025 261 EUR/t, from prices of 2023"


@pytest.mark.parametrize(
    ("stated", "wrong"),
    [
        ("prices.stated={energy.diesl: 2020}", "'energy.diesl' is no amount of money. Nearest: energy.diesel"),
        ("prices.stated={markets.bus.fleet: 2020}", "'markets.bus.fleet' is no amount of money"),
        ("prices.year=2031", "the index of prices does not hold the year 2031"),
        ("prices.stated={energy.diesel: 1990}", "the index of prices does not hold the year 1990"),
        ("prices.stated={'': 2020}", "'' is no amount of money"),
        ("prices.index.growth={2020: 1 %/year, 2022: 1 %/year}", "expected calendar years that follow each other"),
        ("prices.index.growth={²: 1 %/year}", "expected calendar years that follow each other"),
    ],
)
def test_a_wrong_price_base_is_refused(stated: str, wrong: str) -> None:
    with pytest.raises(ConfigurationError, match=wrong):
        read_study("waterstof/study", [stated])
