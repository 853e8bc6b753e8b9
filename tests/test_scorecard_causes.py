"""What could explain the years not seen: energies below zero, reports, a cable and winds, by hand; its sentences."""

import numpy as np
import pandas as pd
import pytest

from testsite_sim.weather.homogeneity import Segment
from tools.scorecard import causes, low_prices
from tools.scorecard.page import number
from tools.validation_pages import PAGES, marked, tables

NAMES = ("C-Power", "Rentel", "Norther", "Northwester 2", "SeaMade")


def simulated(year, below=(), power=100.0):
    """Return a year of one power of each of five concessions [MW], with prices of -30 EUR/MWh in some hours."""
    hours = pd.date_range(f"{year}-01-01", f"{year}-12-31T23", freq="h")
    price = pd.Series(50.0, hours)
    price.loc[list(below)] = -30.0
    return causes.Simulated(year, 4000.0, 40.0, pd.DataFrame(power, index=hours, columns=NAMES), price, 1.5)


def segment(first, last, offset, error):
    return Segment(first, last, 12, 0.0, np.nan, np.nan, (np.nan, np.nan), (offset, offset), (error, error))


def test_energy_below_zero_is_that_of_the_hours_by_who_sells_it():
    year = simulated("2021", [pd.Timestamp("2021-05-01T10"), pd.Timestamp("2021-05-01T11")])
    assert low_prices.of_year(year.sold, year.price) == pytest.approx((2, 1.0, 0.8, 0.3))


def test_a_report_takes_its_energy_or_its_share_of_what_is_simulated():
    by = {each.when: each for each in low_prices.REPORTS}
    below = [pd.Timestamp("2021-04-05T12"), pd.Timestamp("2021-04-06T12")]
    year = simulated("2021", below)
    of_seamade = by["11 March 2021, 12 to 13 h"]
    assert low_prices.reduced(of_seamade, year.sold, year.price) == pytest.approx((50.0, 100.0, 0.1))
    of_monday = by["5 April 2021, hours below zero"]
    assert low_prices.reduced(of_monday, year.sold, year.price) == pytest.approx((-30.0, 500.0, 1.0 / 3.0))
    later = simulated("2023")
    of_saturday = by["15 April 2023, 13 to 17 h"]
    assert low_prices.reduced(of_saturday, later.sold, later.price) == pytest.approx((50.0, 500.0, 1.4))
    found = low_prices.report_rows({"2021": year.sold}, {"2021": year.price}, None)
    assert [row[0] for row in found] == [of_seamade.when, of_monday.when]
    assert [row[4:6] for row in found] == [["0.10", "–"], ["0.33", "–"]]
    assert low_prices.year_rows({"2021": year.sold}, {"2021": year.price}) == [["2021", "2", "1", "1", "0", "0.4"]]


def test_which_reports_were_at_prices_above_zero_follows_from_their_rows():
    by_year = [["2021", "2", "10", "5", "2", "0.4"], ["2023", "2", "10", "5", "2", "1.4"]]
    first = ["11 March 2021, 12 to 13 h", "", "-50", "100", "0.40", "–", ""]
    second = ["15 April 2023, 13 to 17 h", "", "50", "500", "1.40", "–", ""]
    third = ["19 April 2023, hours below zero", "", "50", "500", low_prices.NO_SIZE, "–", ""]
    said = low_prices.sentence(by_year, [first, second, third])
    assert "below zero, that of 15 April 2023 at prices of the day before above zero. Of all" in said
    assert "that of" not in low_prices.sentence(by_year, [first, [*second[:2], "-5", *second[3:]]])


def test_of_the_imbalance_the_share_of_the_quarter_hours_counts(tmp_path):
    stamps = pd.date_range("2024-05-21T22", periods=8, freq="15min")
    prices = [-20.0, -19.0, 5.0, -300.0, 1.0, 1.0, 1.0, 1.0]
    pd.DataFrame({"datetime_utc": stamps, "price_eur_mwh": prices}).to_csv(tmp_path / low_prices.IMBALANCE, index=False)
    year = simulated("2024")
    energy, known = low_prices.at_unpaid_imbalance(tmp_path, year.sold)
    assert energy == pytest.approx(0.2)
    assert known == "2024-05-21 to 2024-05-21"
    assert low_prices.at_unpaid_imbalance(tmp_path, simulated("2022").sold) is None
    assert low_prices.at_unpaid_imbalance(tmp_path / "none", year.sold) is None


def test_a_broken_cable_limits_four_farms_while_it_is_broken():
    assert causes.behind_cable(simulated("2023")) is None
    days = (pd.Timestamp(causes.CABLE[1]) - pd.Timestamp(causes.CABLE[0])).days + 1
    assert causes.behind_cable(simulated("2024", power=300.0)) == pytest.approx(100.0 * 24 * days / 1e3)
    assert causes.behind_cable(simulated("2024", power=200.0)) == 0.0


def test_what_stands_by_segments_is_a_mean_over_the_months_of_a_year():
    found = [segment("2021-01", "2022-03", 0.0, 0.0), segment("2022-04", "2023-11", 0.02, 0.04)]
    months = pd.period_range("2022-01", "2022-12", freq="M")
    assert causes.mean_over(months, found, {"2022-04": 0.04}) == pytest.approx(0.04 * 9 / 12)
    assert causes.mean_over(months, found, {}) is None
    assert causes.mean_over(pd.period_range("2021-01", "2021-12", freq="M"), found, {"2022-04": 0.04}) is None


def test_the_zone_ages_by_a_year_a_year():
    assert causes.age(2025) - causes.age(2021) == pytest.approx(4.0)
    assert 3.0 < causes.age(2021) < 6.0


def test_each_candidate_has_a_size_of_each_year_in_percent_of_what_is_published(tmp_path):
    years = [simulated("2022", [pd.Timestamp("2022-05-01T10")]), simulated("2024", power=300.0)]
    found = [segment("2022-04", "2023-11", 0.0, 0.04), segment("2023-12", "2025-12", 0.0, 0.02)]
    by = {row[0]: row for row in causes.rows(years, found, tmp_path)}
    width = len(causes.head(years))
    assert {len(row) for row in by.values()} == {width}
    energy = [100.0 * (each.energy / 4000.0 - 1.0) for each in years]
    assert [number(each) for each in by["error, as simulated"][1:3]] == pytest.approx(energy, abs=0.06)
    assert by["rounding of what is published"][1] == "± 1.0"
    assert by["all farms stop at day-ahead prices below zero"][1] == "-0.0"
    assert by["cable of Rentel, 9 January to 28 May 2024"][1] == "–"
    assert number(by["cable of Rentel, 9 January to 28 May 2024"][2]) < -5.0
    spread = by["shares of the breaks, one standard error"]
    assert [number(each) for each in spread[1:3]] == pytest.approx([100.0 * 1.5 * 0.04 * 9 / 12, 3.0], abs=0.06)


def test_what_is_said_of_the_causes_follows_from_the_tables():
    page = (PAGES / "scorecard.md").read_text(encoding="utf-8")
    head, *by_year = tables(marked(page, "prices below zero"))[0]
    assert head == low_prices.HEAD
    reports = tables(marked(page, "reported reductions"))[0]
    assert reports[0] == low_prices.REPORTED_HEAD
    assert len(reports) == len(low_prices.REPORTS) + 1
    assert marked(page, "statements on prices below zero").strip() == low_prices.sentence(by_year, reports[1:])
    head, *found = tables(marked(page, "causes"))[0]
    years = [row[0] for row in by_year]
    assert head == [causes.HEAD_OF[0], *years, *causes.HEAD_OF[1:]]
    totals = {row[0]: row for row in tables(marked(page, "years not seen"))[0]}
    errors, below = found[0], found[2]
    for k, name in enumerate(years, start=1):
        assert number(errors[k]) == number(totals[name][4])
        share = -100.0 * number(totals[name][7]) / number(totals[name][1])
        assert number(below[k]) == pytest.approx(share, abs=0.06)
