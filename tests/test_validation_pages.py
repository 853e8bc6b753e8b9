"""What validation pages say follows from their own tables: the sentences are those that the tools write of them."""

import re

import pytest

from tools.compare_dinwoodie_2015 import sentences as of_dinwoodie
from tools.compare_installations import sentences as of_installations
from tools.validate_profile import profile_table
from tools.validation_pages import PAGES, generator_sentences, marked, tables


def page(name):
    return (PAGES / f"{name}.md").read_text(encoding="utf-8")


def table(name, head):
    """Return the rows of the table of a page whose first cell of the head is that."""
    return next(rows[1:] for rows in tables(page(name)) if rows[0][: len(head)] == list(head))


def number(cell):
    return float(re.sub(r"[,%+]", "", cell).split()[0])


def test_the_sentences_on_the_reference_cases_are_those_of_the_table():
    rows = tables(marked(page("operations"), "table of Dinwoodie"))[0]
    assert marked(page("operations"), "statements on Dinwoodie").splitlines() == of_dinwoodie(rows)


def test_a_case_outside_the_band_is_said_to_be():
    rows = tables(marked(page("operations"), "table of Dinwoodie"))[0]
    said = of_dinwoodie(rows)
    assert "7 of the 9" in said[0]
    assert "Outside: fewer vessels (0.541, models 0.582–0.776) and failure rates x 2" in said[0]
    assert "Outside: no heavy lift (6.22, models 3.90–5.56)" in said[1]
    assert "every published case" not in page("operations").lower()
    moved = [["base", "0.9000 (0.8–0.9)", *row[2:]] if row[0] == "base" else row for row in rows]
    assert "6 of the 9" in of_dinwoodie(moved)[0]


def test_the_sentences_on_installation_are_those_of_the_tables():
    part = marked(page("operations"), "installation")
    anchors, lifts = tables(part)
    assert [line for line in part.splitlines() if line.startswith("- ")] == of_installations(anchors, lifts)


def test_the_sentences_on_generated_weather_are_those_of_the_table():
    rows = tables(page("weather"))[0]
    assert marked(page("weather"), "statements").splitlines() == generator_sentences(rows)
    for name, _, interval, generated, within in rows[1:]:
        low, high = (float(each) for each in interval.split(" to "))
        assert (low <= float(generated) <= high) == (within == "yes"), name


def test_the_page_on_wind_says_what_its_tables_hold():
    text = " ".join(page("wind").split())
    models = {row[0]: row for row in table("wind", ["model", "energy [GWh]"])}
    best = models.pop("nygaard-2022")
    assert f"reaches {best[4]} and the energy {best[3]} against the meter with TurbOPark" in text
    low, high = re.search(r"the other models, .* stay (\d+) to (\d+) % above", text).groups()
    others = [number(row[3]) for row in models.values()]
    assert (round(min(others)), round(max(others))) == (int(low), int(high))
    terms = {row[0]: float(row[1]) for row in table("wind", ["term"])}
    product = 1.0
    for name, factor in terms.items():
        product *= 1.0 if name in ("net, product", "metered") else factor
    assert product == pytest.approx(terms["net, product"], abs=2e-4)
    seasons = {row[0]: number(row[3]) for row in table("wind", ["season (nygaard-2022)"])}
    assert ("In summer, when" in text) == (max(seasons, key=lambda name: abs(seasons[name])) == "summer")


def test_the_page_on_balancing_says_what_its_tables_hold():
    text = " ".join(page("balancing").split())
    day_ahead, settled = (
        {row[0]: row for row in rows[1:]} for rows in tables(page("balancing")) if rows[0][0] == "strategy"
    )
    rules = ("surplus", "price-threshold", "firm-band", "imbalance")

    def best(rows):
        return max(rules, key=lambda name: number(rows[name][2]))

    assert f"leaves {day_ahead['rolling-horizon'][3]} of the optimum" in text
    assert f"the best rule, `{best(day_ahead)}`, {day_ahead[best(day_ahead)][3]}" in text
    assert f"earns {settled['rolling-horizon'][2]} million EUR and the best rule, `{best(settled)}`" in text
    assert f"`{best(settled)}`, {settled[best(settled)][2]};" in text
    gain = number(settled["rolling-horizon"][2]) - number(day_ahead["rolling-horizon"][2])
    assert number(re.search(r"is worth (\S+) million to the rolling horizon", text)[1]) == pytest.approx(gain, abs=0.02)
    missed = number(re.search(r"stands still (\S+) million", text)[1])
    assert number(day_ahead["none"][2]) - number(settled["none"][2]) == pytest.approx(missed, abs=0.02)


def test_the_page_on_hydrogen_says_what_its_tables_hold():
    text = " ".join(page("hydrogen").split())
    fits = next(row[2] for row in table("hydrogen", ["what", "against"]) if row[0].startswith("four fitted"))
    errors = [float(each) for each in re.findall(r"\d+\.\d+", fits)]
    words = {1: "One", 2: "Two", 3: "Three", 4: "Four", 5: "Five"}
    close = sum(error <= 5.0 for error in errors)
    assert f"{words[close]} of the {words[len(errors)].lower()} measured sets come within 5 mV" in text
    work = [number(row[5]) for row in table("hydrogen", ["station", "fleet"])]
    low, high = re.search(r"Compression to 350 and 700 bar takes (\S+) to (\S+) kWh/kg", text).groups()
    assert (round(min(work), 1), round(max(work), 1)) == (float(low), float(high))


def test_the_guard_of_speed_raises_no_alarm_where_its_ratios_stay_within_the_margin():
    text = " ".join(page("benchmarking").split())
    margin = float(re.search(r"margin (\d\.\d+)\.", text)[1])
    same = re.search(r"each of the other nine was (.*?): no false alarm", text)[1]
    ratios = [float(each) for each in re.findall(r"\d\.\d+", same)]
    assert len(ratios) == 9
    assert max(ratios) < margin
    slower = [float(each) for each in re.search(r"(\d\.\d+)x to (\d\.\d+)x on the five", text).groups()]
    assert min(slower) > margin


def test_the_time_to_a_power_curve_at_sea_is_that_of_the_table():
    rows = {row[0]: row for row in table("operations", ["quantity"])}
    said = re.search(r"at the test site at sea \(hourly steps, below\) the median is (\d+) days", page("operations"))[1]
    assert round(float(rows["days to power curve"][1])) == int(said)


def test_the_table_of_the_profile_is_what_the_tool_computes_and_its_sentences_follow():
    lines = marked(page("weather"), "table of the profile").splitlines()
    assert lines == profile_table()
    rows = [[*map(float, " / ".join(line.split("|")[3:6]).split(" / "))] for line in lines[2:]]
    for record, made, power in ((row[:3], row[3:6], row[6:]) for row in rows[4:5]):  # stable
        assert all(abs(a - b) < abs(a - c) and c < a for a, b, c in zip(record, made, power, strict=True))
    assert all(a > b for row in rows[:3] for a, b in zip(row[:3], row[3:6], strict=True))  # unstable to neutral
