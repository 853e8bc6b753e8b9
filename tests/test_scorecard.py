"""The scorecard's statistics against independent computation, its commands, and its page against its tables."""

import itertools
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, norm

from tools.scorecard import hindcast, measured, reasons, stations
from tools.scorecard.__main__ import keep_rows
from tools.scorecard.card import Card
from tools.scorecard.page import AIM_HEAD, REACHED, aim_row, coverage_of, coverage_sentence, number, sentences, table
from tools.scorecard.statistics import (
    averaged_directions,
    by_class,
    coverage,
    crps,
    monthly,
    neighbours_left_out,
    pinball,
    scores,
)
from tools.validation_pages import PAGES, marked, tables

PAGE = PAGES / "scorecard.md"


def hourly(values, start="2015-01-31T12:00"):
    return pd.Series(np.asarray(values, float), index=pd.date_range(start, periods=len(values), freq="h"))


def test_scores_are_those_of_the_sums_written_out():
    rng = np.random.default_rng(1)
    x, y = rng.uniform(0.0, 100.0, (2, 48))
    y[5] = np.nan
    found = scores(hourly(x), hourly(y), 200.0)
    pairs_ = [(a, b) for a, b in zip(x, y, strict=True) if b == b]
    mean_x, mean_y = (sum(each[k] for each in pairs_) / len(pairs_) for k in (0, 1))
    cross = sum((a - mean_x) * (b - mean_y) for a, b in pairs_)
    spread = sum((a - mean_x) ** 2 for a, _ in pairs_) * sum((b - mean_y) ** 2 for _, b in pairs_)
    assert found.hours == 47
    assert found.energy == pytest.approx(mean_x / mean_y - 1.0, rel=1e-12)
    assert found.r == pytest.approx(cross / spread**0.5, rel=1e-12)
    squares = sum((a - b) ** 2 for a, b in pairs_) / 47
    assert found.error == pytest.approx(squares**0.5 / 200.0, rel=1e-12)
    january = [(a, b) for k, (a, b) in enumerate(zip(x, y, strict=True)) if k < 12 and b == b]
    february = [(a, b) for k, (a, b) in enumerate(zip(x, y, strict=True)) if k >= 12 and b == b]
    errors = [sum(a for a, _ in part) / sum(b for _, b in part) - 1.0 for part in (january, february)]
    assert monthly(hourly(x), hourly(y))["error"].to_numpy() == pytest.approx(errors, rel=1e-12)
    assert found.monthly == pytest.approx(abs(errors[0] - errors[1]) / 2.0**0.5, rel=1e-12)


def test_a_class_holds_the_hours_that_are_both_known():
    found = by_class(hourly([1, 2, 3, 4]), hourly([2, 2, np.nan, 2]), pd.Series(list("aabb"), hourly([0] * 4).index))
    assert found["hours"].tolist() == [2, 1]
    assert found["error"].tolist() == pytest.approx([-0.25, 1.0])


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 7), st.integers(0, 2**31))
def test_the_probability_score_is_the_mean_of_all_pairs_and_is_the_distance_for_one_member(members, seed):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(members, 3)), rng.normal(size=3)
    apart = np.mean([np.abs(x[i] - x[j]) for i, j in itertools.product(range(members), repeat=2)], axis=0)
    expected = np.abs(x - y).mean(axis=0) - 0.5 * apart
    np.testing.assert_allclose(crps(x, y), expected, atol=1e-12)
    np.testing.assert_allclose(crps(x[:1], y), np.abs(x[0] - y), atol=1e-15)


def test_the_probability_score_of_a_normal_ensemble_is_that_of_the_distribution():
    """Gneiting and Raftery (2007): σ (z (2 Φ(z) - 1) + 2 φ(z) - 1/√π)."""
    members = norm.ppf((np.arange(4000) + 0.5) / 4000)[:, None] * 2.0 + 5.0
    for y in (3.0, 5.0, 9.5):
        z = (y - 5.0) / 2.0
        expected = 2.0 * (z * (2.0 * norm.cdf(z) - 1.0) + 2.0 * norm.pdf(z) - 1.0 / np.sqrt(np.pi))
        assert crps(members, np.array([y]))[0] == pytest.approx(expected, abs=1e-3)


def test_the_probability_score_is_twice_the_mean_pinball_loss_over_all_quantiles():
    rng = np.random.default_rng(3)
    members, y = rng.gamma(2.0, 1.0, (60, 1)), np.array([1.3])
    probabilities = (np.arange(60) + 0.5) / 60
    losses = [pinball(np.sort(members, axis=0)[k], y, each) for k, each in enumerate(probabilities)]
    assert crps(members, y)[0] == pytest.approx(2.0 * np.mean(losses), rel=1e-9)


@pytest.mark.parametrize("probability", [0.1, 0.5, 0.8])
def test_the_pinball_loss_is_least_at_the_quantile(probability):
    values = np.random.default_rng(0).exponential(size=2001)
    best = np.quantile(values, probability)
    at = [pinball(np.full(values.size, best + shift), values, probability) for shift in (-0.1, 0.0, 0.1)]
    assert min(at) == at[1]


def test_coverage_counts_its_edges_and_states_what_chance_allows():
    found = coverage(np.array([0.0, 1.0, 2.0]), np.array([1.0, 2.0, 3.0]), np.array([0.0, 2.0, 3.5]))
    assert (found.inside, found.total) == (2, 3)
    fifteen = coverage(np.zeros(15), np.ones(15), np.full(15, 0.5))
    assert binom.cdf(fifteen.most, 15, 0.8) - binom.cdf(fifteen.least - 1, 15, 0.8) >= 0.9
    assert binom.cdf(fifteen.least - 1, 15, 0.8) <= 0.05
    assert (fifteen.least, fifteen.most) == (9, 14)


def test_neighbours_are_taken_from_other_groups_alone():
    """Were the own group among them, the same features would give back what was measured."""
    rng = np.random.default_rng(4)
    features = rng.normal(size=(400, 2))
    noise = rng.normal(size=400)
    groups = np.arange(400) % 4
    found = neighbours_left_out(features, noise, groups, count=5)
    assert abs(np.corrcoef(found, noise)[0, 1]) < 0.2
    exact = neighbours_left_out(features, features[:, 0], groups, count=5)
    assert np.corrcoef(exact, features[:, 0])[0, 1] > 0.95
    for k in (0, 17, 399):
        others = np.flatnonzero(groups != groups[k])
        scaled = (features - features.mean(axis=0)) / features.std(axis=0)
        near = others[np.argsort(np.linalg.norm(scaled[others] - scaled[k], axis=1))[:5]]
        assert found[k] == pytest.approx(noise[near].mean())


def test_an_averaged_direction_is_the_convolution_with_sector_and_normal_distribution():
    directions = np.arange(0.0, 360.0)
    power = np.column_stack([np.cos(np.radians(directions)), np.ones(360)])
    for half, deviation in ((2.5, 3.9), (0.0, 3.3)):
        found = averaged_directions(directions, power, 359.0, deviation, half)
        smooth = np.exp(-0.5 * np.radians(deviation) ** 2) * np.sinc(np.radians(half) / np.pi)
        assert found == pytest.approx([np.cos(np.radians(359.0)) * smooth, 1.0], abs=2e-5)


def test_the_commands_state_the_scenario_as_it_ships_and_nothing_of_its_physics():
    """Set may be the records, the farm that stood, no climate, and how wind from the coast is carried to the zone."""
    allowed = {"weather.record", "farm", "weather.climate", "weather.wind_error", "ensemble"}
    allowed |= {"weather.x", "weather.y", "weather.stations", "weather.error_distance", "weather.repairs"}
    allowed |= {"wind.curve_averaging", "weather.sensor_height", "weather.averaging_time"}
    allowed |= {"weather.shear_exponent", "weather.profile", "weather.air_sea"}
    about = measured.Measured(measured.PERIODS[0], None, None, None, None)
    variants = (*hindcast.PROFILES, hindcast.AS_PUBLISHED, *hindcast.SENSORS, *hindcast.MODELS)
    variants += (hindcast.CLIMATE_AIR, hindcast.LAND_AIR)
    winds = [hindcast.run_command(about, wind, variant) for wind in hindcast.WINDS for variant in variants]
    assert len({command[-1] for command in winds}) == len(winds)
    for command in (*winds, hindcast.ensemble_command(about, 3)):
        assert command[0] == "run"
        assert command[1] in ("flanders-wind-farm/belgian-zone", "flanders-wind-farm/belgian-zone-2015")
        keys = {command[k + 1].split("=")[0] for k, word in enumerate(command) if word == "--set"}
        of_a_model = any(f"-{model}-" in command[-1] for model in hindcast.MODELS)
        assert keys <= (allowed | {"wind.wake_model"} if of_a_model else allowed)


def test_every_aim_that_is_missed_has_its_reason_and_one_that_is_reached_has_none(page):
    missed = {row[0]: row[3].removeprefix("off by ") for row in rows_of(page, "aims")[1:] if row[3] != REACHED}
    given = rows_of(page, "reasons")[1:]
    assert {row[0]: row[1] for row in given} == missed
    assert all(re.search(r"\d", row[2]) for row in given)  # each with its size
    with pytest.raises(KeyError):
        reasons.reason_rows([["unknown", "", "", "off by 1"]], {})


def test_the_ratio_of_stations_is_that_of_the_month_less_the_usual_one():
    """Aimed at the sign: in a month in which the second station reads a tenth less, the first reads more against it."""
    hours = pd.date_range("2015-01-01", "2022-12-31T23:00", freq="h")
    wind = pd.DataFrame({"westhinder": 8.8, "wandelaar": 8.0}, index=hours)
    wind.loc[(hours.year == 2015) & (hours.month == 10), "wandelaar"] *= 0.9
    usual, months = stations.ratios(wind, measured.PERIODS[0])
    assert usual == pytest.approx(np.log(1.1))
    assert months.to_numpy() == pytest.approx([0.0] * 9 + [-np.log(0.9)] + [0.0] * 2, abs=1e-12)
    apart = stations.differences(wind)
    assert apart["mean"] == pytest.approx(np.log(1.1))
    assert apart["months"] == pytest.approx(0.0, abs=1e-12)


def test_gusts_are_those_of_the_first_station(tmp_path):
    hours = pd.date_range("2015-01-01", "2015-12-31T23:00", freq="h", tz="UTC", name="time_utc")
    wind = {"westhinder_ws10_ms": 8.0, "westhinder_dir_deg": 350.0, "wandelaar_ws10_ms": 6.0, "wandelaar_dir_deg": 20.0}
    pd.DataFrame(wind, index=hours).to_csv(tmp_path / measured.WIND)
    pd.DataFrame({"dam_eur_mwh_EPF": 40.0, "offshore_MW": 300.0}, index=hours).to_csv(tmp_path / measured.METER_2015)
    pd.DataFrame({"gust3s_10m_ms": 10.0}, index=hours).to_parquet(tmp_path / measured.GUSTS)
    table = measured.read(tmp_path, measured.PERIODS[0]).table
    assert table["westhinder_gust"].to_numpy() == pytest.approx(10.0)
    assert measured.history(tmp_path)["westhinder_gust"].to_numpy() == pytest.approx(10.0)


def test_what_is_not_in_the_data_is_named(tmp_path):
    (tmp_path / measured.WIND).touch()
    assert measured.missing(tmp_path, measured.PERIODS[0].files) == [measured.METER_2015]
    assert all("is not there" in each for each in measured.temperatures(tmp_path))


def test_the_prices_of_a_table_with_wrong_stamps_are_those_of_its_rows(tmp_path):
    """Row k is hour k from midnight in Brussels on, whatever its label says about the hour of the clock change."""
    hours = pd.date_range("2023-02-01", "2023-04-30T23:00", freq="h", tz="UTC")
    wind = {f"{name}_{column}": 8.0 for name in measured.STATIONS for column in ("ws10_ms", "dir_deg")}
    pd.DataFrame(wind, index=hours.rename("time_utc")).to_csv(tmp_path / measured.WIND)
    meter = pd.DataFrame({"offshore_MW": 1000.0, "day_ahead_forecast_MW": 900.0}, index=hours.rename("time_utc"))
    meter.to_csv(tmp_path / measured.METER_2023)
    rows = int((hours[-1] - pd.Timestamp(measured.FIRST_PRICE)) / pd.Timedelta("1h")) + 1
    pd.DataFrame({"time_local_brussels": "wrong", "price_eur_mwh": np.arange(rows)}).to_csv(
        tmp_path / measured.PRICES, index=False
    )
    found = measured.read(tmp_path, measured.PERIODS[1])
    assert found.table["price"].iloc[-1] == rows - 1
    assert np.all(np.diff(found.table["price"]) == 1.0)


def test_rows_that_are_kept_stand_as_they_stood(page):
    card = Card()
    keep_rows(card, page)
    assert [aim[0].split(",")[0] for aim in card.aims] == ["row of Horns Rev 1", "rows of Lillgrund"]
    assert all("| " + " | ".join(aim) + " |" in page for aim in card.aims)
    text = "\n".join(card.sections)
    assert marked(page, "measured rows") in text
    assert text.strip() in page


def test_an_aim_says_how_far_off_it_is():
    assert aim_row("a", -0.05, most=0.03, unit="%") == ["a", "at most 3.0 %", "-5.0 %", "off by 2.0 %"]
    assert aim_row("d", 0.9, least=0.72, most=0.88, unit="%") == ["d", "72.0 % to 88.0 %", "90.0 %", "off by 2.0 %"]
    assert aim_row("b", 0.94, least=0.93)[3] == REACHED
    assert aim_row("c", 0.9, least=0.93)[3] == "off by 0.030"
    assert sentences([["a", "", "1", REACHED], ["b", "", "2", "off by 1"]])[1] == "- **Not, 1 of 2:** b (2, off by 1)."


@pytest.fixture(scope="module")
def page():
    return PAGE.read_text(encoding="utf-8")


def rows_of(page, name):
    return tables(marked(page, name))[0]


def test_what_is_right_and_what_is_not_follows_from_the_table_of_aims(page):
    head, *aims = rows_of(page, "aims")
    assert head == AIM_HEAD
    said = [line.replace("`", "") for line in marked(page, "statements on aims").splitlines()]
    assert said == [line.replace("`", "") for line in sentences(aims)]
    for what, aim, found, verdict in aims:
        value = number(found)
        if " to " in aim:
            least, most = (number(each) for each in aim.split(" to "))
            off = max(least - value, value - most)
        else:
            off = abs(value) - number(aim) if aim.startswith("at most") else number(aim) - value
        if verdict == REACHED:
            assert off <= 1e-9, what
        else:
            assert number(verdict) == pytest.approx(off, abs=0.11 if "%" in verdict else 0.0011), what


def test_the_aims_of_the_zone_are_the_scores_of_the_zone(page):
    if "<!-- scores of the zone -->" not in page:
        pytest.skip("the page was written without the measurements of the zone")
    from tools.scorecard.zone import MAIN, NAMES

    scored = {row[0]: row for row in rows_of(page, "scores of the zone")[1:] if row[1] == f"scenario, {NAMES[MAIN]}"}
    aims = {row[0]: number(row[2]) for row in rows_of(page, "aims")[1:]}
    for period in measured.PERIODS:
        row, year = scored[period.name], period.start[:4]
        found = [number(each) for each in row[3:]]
        names = ("energy", "hourly r", "RMSE of capacity", "monthly scatter")
        assert [abs(aims[f"zone {year}, {name}"]) for name in names] == pytest.approx([abs(each) for each in found])


def test_coverage_is_counted_in_the_months_of_the_table_and_said_on_both_pages(page):
    if "<!-- months of the zone -->" not in page:
        pytest.skip("the page was written without the measurements of the zone")
    months = rows_of(page, "months of the zone")[1:]
    for name, metered, simulated, error, low, _, high, inside in months:
        if min(abs(float(metered) - float(edge)) for edge in (low, high)) > 0.1:  # the last digit of the table
            assert (float(low) <= float(metered) <= float(high)) == (inside == "yes"), name
        assert number(error) == pytest.approx(100.0 * (float(simulated) / float(metered) - 1.0), abs=0.11), name
    inside, total = coverage_of(months)
    least, most = (int(each) for each in binom.interval(0.9, total, 0.8))
    said = marked(page, "statements on months")
    assert said.splitlines() == [coverage_sentence(inside, total, least, most)]
    wind = (PAGES / "wind.md").read_text(encoding="utf-8")
    assert marked(wind, "coverage") == said
    assert not re.search(r"within 5 %", wind)


def test_the_smallest_errors_on_rows_are_those_of_the_table(page):
    if "<!-- measured rows -->" not in page:
        pytest.skip("the page was written without the measured rows")
    from tools.scorecard.page import best_sentence, twins
    from tools.scorecard.sections import TWINS

    head, *found = rows_of(page, "measured rows")
    said = marked(page, "statements on rows").replace("`", "").splitlines()
    assert said == [each.replace("`", "") for each in (best_sentence(head, found), twins(found, TWINS))]


def test_the_page_holds_what_the_tables_of_other_pages_and_the_frozen_results_give(page):
    from tools.scorecard import hydrogen, sea

    assert (
        table(["figure", "field", "simulated", "difference", "what of it is chosen"], hydrogen.field())
        == marked(page, "field").splitlines()
    )
    campaigns = rows_of(page, "campaigns")[1:]
    assert [[*row[:7], row[-1]] for row in campaigns] == [[*row[:7], row[-1]] for row in sea.campaigns({})]
    for row in campaigns:
        error, _ = sea.judged(row)
        assert number(error) == pytest.approx(100.0 * (number(row[8]) / number(row[1]) - 1.0), abs=1.0)
    assert rows_of(page, "maintenance")[1:] == sea.maintenance()
    assert rows_of(page, "fleet")[1:] == sea.fleet()


def test_the_cells_of_the_page_are_computed(page):
    from tools.scorecard import hydrogen

    head, rows = hydrogen.alkaline_cells()
    assert marked(page, "alkaline cells").splitlines() == table(head, rows)
    assert [row[2] for row in rows_of(page, "PEM cells")[1:]] == [row[2] for row in hydrogen.pem_cells()]


def test_the_uncertainty_of_what_wakes_take_is_that_of_losses_measured_over_simulated(page):
    from testsite_sim.cases.scenario import load_scenario

    factor = load_scenario("flanders-wind-farm/belgian-zone").wind.wake_loss
    model = load_scenario("flanders-wind-farm/belgian-zone").wind.wake_model
    lines = marked(page, "losses on rows") + marked(page, "losses in large eddies")
    found = re.search(rf"`{model}` (\d\.\d+) and (\d\.\d+)", lines), re.search(rf"`{model}` (\d\.\d+)\.$", lines)
    assert None not in found
    ratios = [float(each) for match in found for each in match.groups()]
    assert all(f"{each:.2f}" in factor.source for each in ratios)
    assert factor.range[0] == pytest.approx(min(ratios), abs=0.005)
    assert max(ratios) < factor.range[1]


def test_losses_on_rows_are_those_of_the_powers_written_out():
    from tools.scorecard import rows as on_rows

    row = on_rows.Row("here", "row", 270.0, 3.0, 2.5, ((0,), (1,), (2,)), np.array([1.0, 0.6, 0.5]))
    found = on_rows.OnRows("p", "m", {on_rows.label(row): np.array([1.0, 0.7, 0.6])}, {}, np.array([0.8, 0.9]), 0.0)
    whole, along = on_rows.loss_ratios(found, np.array([[0.0, 0.7, 0.0], [3.0, 0.9, 0.0]]), row)
    assert whole == pytest.approx((0.3 + 0.1) / (0.2 + 0.1))
    assert along == pytest.approx((0.4 + 0.5) / (0.3 + 0.4))
