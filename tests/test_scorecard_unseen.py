"""Campaigns, years and runs of the scorecard by which nothing was chosen: by hand, and their sentences on the page."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from testsite_sim.cases.scenario import load_scenario
from tools.scorecard import campaigns, hindcast, measured, years, zone
from tools.scorecard.page import number, sentences
from tools.validation_pages import PAGES, marked, tables

PAGE = PAGES / "scorecard.md"


@pytest.fixture(scope="module")
def page():
    return PAGE.read_text(encoding="utf-8")


def test_a_campaign_is_off_by_its_median_over_the_days_between_its_dates():
    found = campaigns.rows({each.farm: [1.0, (each.end - each.start).days * 1.1, 900.0] for each in campaigns.OTHERS})
    assert [row[-1] for row in found] == ["+10 %"] * len(campaigns.OTHERS)
    by = {row[0]: row for row in found}
    assert by["SeaMade"][3:6] == ["14 June 2020", "30 November 2020", "169"]
    assert by["Rentel"][4:6] == ["after the summer", "at least 119"]
    chosen = [["Norther", *["0"] * 9, "-30 %", ""]]
    said = campaigns.sentence(found, chosen)
    assert f"{len(found)} of {len(found) + 1} campaigns are met within 20 %" in said
    assert f"off by {(10 * len(found) - 30) / (len(found) + 1):+.0f} % in the mean" in said


def year(name, power, raw=1.0):
    """Return a year of one power in all hours [MW], half of whose wind was measured, with prices below zero in 100."""
    hours = pd.date_range(f"{name}-01-01", f"{name}-12-31T23", freq="h")
    period = measured.Period(name, f"{name}-01-01", f"{name}-12-31", years.FARM, years.CAPACITY, years.FILES)
    known = pd.DataFrame({measured.BOTH: np.arange(hours.size) % 2 == 0}, index=hours)
    made = pd.Series(float(power), hours)
    table = pd.DataFrame({"price": np.where(np.arange(hours.size) < 100, -1.0, 0.0)}, index=hours)
    return years.Year(measured.Measured(period, made, None, table, known), made, 0.5 * made, raw * made, 0.95)


def test_a_year_is_held_against_its_total_and_a_month_against_its_own():
    names = sorted({each.first[:4] for each in years.TOTALS})
    found = {row[0]: row for row in years.rows([year(name, 1000.0, 2.0) for name in names])}
    assert found["2021"][1:7] == ["6,779", "0.0 %", "8,760", "+29.2 %", "-35.4 %", "+158.4 %"]
    assert found["February 2022"][3] == "672"
    assert found["2024"][3] == "8,784"
    assert {row[7] for row in found.values() if len(row[0]) == 4} == {"100"}
    assert found["2021"][8:11] == [f"{1000.0 / years.CAPACITY:.3f}", "95.0 %", "50.0 %"]
    assert years.judged() == names
    whole = [number(found[name][4]) for name in names]
    aims = [["zone 2015, energy", "", "+0.7 %", ""], ["zone 2015, hourly r", "", "0.9", ""]]
    said = years.sentence(list(found.values()), [*aims, ["zone 2023, energy", "", "-1.6 %", ""]])
    assert f"{np.mean(whole):+.1f} % in the mean" in said
    assert "are off by +0.7 % in 2015 and -1.6 % in 2023; February 2022 by" in said


def test_a_year_without_a_meter_has_winds_prices_and_no_power(tmp_path):
    hours = pd.date_range("2021-01-01", "2021-12-31T23:00", freq="h", tz="UTC")
    wind = {f"{name}_{column}": 8.0 for name in measured.STATIONS for column in ("ws10_ms", "dir_deg")}
    pd.DataFrame(wind, index=hours.rename("time_utc")).to_csv(tmp_path / measured.WIND)
    rows = int((hours[-1] - pd.Timestamp(measured.FIRST_PRICE)) / pd.Timedelta("1h")) + 1
    pd.DataFrame({"price_eur_mwh": np.arange(rows)}).to_csv(tmp_path / measured.PRICES, index=False)
    found = measured.read(tmp_path, year("2021", 1.0).measured.period)
    assert found.power.isna().all()
    assert found.forecast is None
    assert found.table["price"].iloc[-1] == rows - 1
    assert years.lacking(tmp_path / "none") == [measured.WIND, measured.PRICES]


def test_without_the_days_on_land_a_hindcast_is_that_with_the_air_of_the_climate():
    about = replace(year("2021", 1.0).measured, airs={})
    power = {measured.BOTH: pd.Series([1.0]), hindcast.CLIMATE_AIR: pd.Series([2.0])}
    none = pd.Series([1.0])
    found = hindcast.Hindcast(about, power, np.ones((2, 1)), {}, (1.0,) * 3, none, none, none)
    assert zone.without_days(found) is found
    by_days = replace(about, airs={measured.LAND: pd.Series([280.0])})
    bare = zone.without_days(replace(found, measured=by_days, without_days=np.full((2, 1), 3.0)))
    assert bare.power[zone.MAIN].item() == 2.0
    assert bare.members.tolist() == [[3.0], [3.0]]
    commands = [
        hindcast.ensemble_command(by_days, 2, variant=each) for each in (hindcast.PROFILE, hindcast.CLIMATE_AIR)
    ]
    assert [command[-1] for command in commands] == ["ensemble-2021", "ensemble-air-of-the-climate-2021"]
    assert ["-land.nc" in " ".join(command) for command in commands] == [True, False]


def test_the_file_of_a_hindcast_on_the_page_of_the_weather_is_the_run_of_the_aims(tmp_path):
    page = (PAGES.parent / "methods" / "weather.md").read_text(encoding="utf-8")
    text = page.split("### A hindcast of the zone from the coast", 1)[1].split("```yaml\n", 1)[1].split("```", 1)[0]
    (tmp_path / "hindcast.yaml").write_text(text, encoding="utf-8")
    command = hindcast.run_command(year("2021", 1.0).measured, measured.BOTH)
    stated = [command[k + 1] for k, word in enumerate(command) if word == "--set"]

    def without_names(scenario):
        written = scenario.model_dump(mode="json")
        weather = written["weather"] | {"record": ""}
        weather["stations"] = [each | {"record": ""} for each in weather["stations"]]
        return written | {"weather": weather, "title": ""}

    found = load_scenario(str(tmp_path / "hindcast.yaml"))
    assert without_names(found) == without_names(load_scenario(command[1], stated))


def test_what_is_said_of_what_was_not_seen_follows_from_the_tables(page):
    others = tables(marked(page, "campaigns not seen"))[0]
    assert others[0] == campaigns.HEAD
    chosen = tables(marked(page, "campaigns"))[0][1:]
    assert marked(page, "statements on campaigns not seen").strip() == campaigns.sentence(others[1:], chosen)
    aims = tables(marked(page, "aims"))[0][1:]
    found = {row[0]: row[2] for row in aims}
    for row in others[1:]:
        assert number(found[campaigns.aim(row[0])]) == number(row[-1])
    totals = tables(marked(page, "years not seen"))[0]
    assert totals[0] == years.HEAD
    assert marked(page, "statements on years not seen").strip() == years.sentence(totals[1:], aims)
    for row in totals[1:]:
        assert number(row[4]) == pytest.approx(100.0 * (number(row[3]) / number(row[1]) - 1.0), abs=0.11)
        assert (years.aim(row[0]) in found) == (row[0] in years.judged())
    bare = tables(marked(page, "aims without days on land"))[0]
    said = marked(page, "statements on aims without days on land").strip().splitlines()
    assert said == sentences(bare[1:])
