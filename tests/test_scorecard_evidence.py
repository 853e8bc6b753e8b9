"""Stability, rated power, choices and wake models of the scorecard: by hand, and their sentences against the pages."""

import numpy as np
import pandas as pd
import pytest
from testsite_kernels.numerics.constants import ZERO_CELSIUS

from testsite_sim.weather import open_record
from tools import compare_land_winds, compare_platform
from tools.compare_installations import turbine_phase
from tools.scorecard import (
    cells,
    choices,
    hindcast,
    land_air,
    measured,
    models,
    rated,
    season,
    seeds,
    stability,
    winters,
    zone,
)
from tools.validation_pages import PAGES, marked, tables

PAGE = PAGES / "scorecard.md"
DECISIONS = PAGES.parent / "decisions"
SECOND = measured.PERIODS[1]


def case(simulated, metered, wind, running=0.9, period=SECOND, start="2023-02-01", **others):
    """Return a hindcast of hours in which both stations have the same wind from 240°."""
    hours = pd.date_range(start, periods=len(simulated), freq="h")
    columns = {f"{name}_speed": wind for name in measured.STATIONS}
    columns |= {f"{name}_direction": 240.0 for name in measured.STATIONS}
    table = pd.DataFrame(columns, index=hours)
    known = pd.DataFrame(True, index=hours, columns=[*measured.STATIONS, measured.BOTH, measured.RAW])
    air = measured.air_of(period)
    airs = {} if air is None else {measured.AIR: air}
    meter = pd.Series(metered, hours, dtype=float)
    about = measured.Measured(period, meter, None, table.assign(price=1.0), known, airs)
    made = {measured.BOTH: pd.Series(simulated, hours, dtype=float), **others}
    run, full = pd.Series(running, index=hours, dtype=float), pd.Series(0.99, index=hours)
    return hindcast.Hindcast(about, made, np.empty((0, len(hours))), {}, (1.0, 1.0, 1.0), run, full, full * run)


@pytest.fixture(scope="module")
def page():
    return PAGE.read_text(encoding="utf-8")


def test_fifths_of_the_gusts_hold_hours_of_the_same_wind():
    """Aimed at ranks over all winds: gust factors that fall with the wind would then sort the wind."""
    rng = np.random.default_rng(5)
    hours = pd.date_range("2023-02-01", periods=2000, freq="h")
    speed = rng.choice([5.0, 9.0, 13.0], hours.size)
    steady = rng.permutation(hours.size)
    table = pd.DataFrame(
        {
            "westhinder_speed": speed,
            "wandelaar_speed": speed,
            "westhinder_direction": rng.choice([0.0, 90.0, 180.0, 270.0], hours.size),
            "westhinder_gust": speed * (1.0 + 3.0 / speed + 1e-5 * steady),
        },
        index=hours,
    )
    found = stability.by_gusts(table)
    assert set(found) == set(stability.FIFTHS)
    means = pd.Series(speed, hours).groupby(found).mean()
    assert np.ptp(means.to_numpy()) < 0.15
    order = pd.Series(steady, hours).groupby(found).mean()[list(stability.FIFTHS)]
    assert np.all(np.diff(order.to_numpy()) > 0.0)
    assert stability.by_gusts(table.drop(columns="westhinder_gust")) is None
    few = table.head(stability.FEWEST - 1).assign(westhinder_speed=5.0, wandelaar_speed=5.0, westhinder_direction=0.0)
    assert stability.by_gusts(few).empty


def test_the_air_by_days_on_land_has_its_share_of_what_the_sea_has_not_followed_yet(tmp_path):
    """Years of one temperature but a fortnight 10 K warmer: the share of 10 K at first, and less by what follows."""
    days = pd.date_range("2005-01-01", "2015-12-31", freq="D")
    warm = (days >= "2015-12-01") & (days < "2015-12-15")
    lines = [f"  340,{day:%Y%m%d}" + "," * 10 + f"{200 if hot else 100},x" for day, hot in zip(days, warm, strict=True)]
    assert land_air.read_days(tmp_path) is None
    (tmp_path / land_air.DAYS).write_text("\n".join(["# STN,YYYYMMDD", *lines]), encoding="utf-8")
    found = land_air.read_days(tmp_path)
    assert found["2015-12-02"] == 20.0
    hours = pd.date_range("2015-11-01", "2015-12-31T23", freq="h")
    wind = pd.Series(8.0, hours), pd.Series(240.0, hours)
    more = land_air.over_sea(*wind, found) - ZERO_CELSIUS - land_air.of_climate(*wind)
    first, last = more["2015-12-02T00"], more["2015-12-14T12"]
    assert first == pytest.approx(land_air.SHARE * 10.0, rel=0.06)
    assert last / first == pytest.approx(np.exp(-12.5 / land_air.MEMORY), rel=0.06)
    assert more["2015-12-20"].mean() < 0.0  # the sea keeps some of it, the air does not
    assert abs(more[:"2015-11-25"]).max() < 0.05


def test_air_less_sea_is_that_of_the_packaged_record_and_of_its_year_alone():
    assert measured.air_of(measured.PERIODS[0]) is None
    found = stability.difference(measured.air_of(SECOND))
    assert (found.index[0], found.index[-1]) == (pd.Timestamp("2023-02-01T00"), pd.Timestamp("2023-04-30T23"))
    air = open_record(measured.AIR_RECORD)["air_temperature"].sel(time="2023-02-18T12").item() - ZERO_CELSIUS
    coldest = 12.85 - 6.49  # [degC] of the climate's sea on its coldest day, 18 February
    assert found["2023-02-18T12"] == pytest.approx(air + 0.0098 - coldest, abs=0.02)


def test_errors_by_stability_are_those_of_the_hours_of_a_class():
    apart = stability.difference(measured.air_of(SECOND))
    hours = apart.index
    metered = np.full(hours.size, 100.0)
    found = case(np.where(apart >= 2.0, 120.0, 90.0), metered, 8.0)
    lines = stability.rows(found)
    assert {line[2]: line[-1] for line in lines if line[1] == "air less sea"} == {
        name: "+20.0 %" if name == "warmer than 2 K" else "-10.0 %" for name in stability.NAMES
    }
    assert stability.largest(lines, SECOND.name, "air less sea")[2:] == [
        "warmer than 2 K",
        f"{(apart >= 2.0).sum()}",
        "100",
        "120",
        "+20.0 %",
    ]
    # days of such hours alone differ in nothing, those that are mixed are of one class: no day stands out
    assert stability.by_chance(found, "warmer than 2 K") == pytest.approx(0.0, abs=1e-12)
    assert stability.reason(lines, found).startswith("+20.0 % ± 0.0 % (standard error")
    said = stability.sentences(lines)
    assert len(said) == 1
    assert "0 of 5 classes within ± 5 %" in said[0]


def test_at_rated_power_the_meter_leaves_to_the_turbines_what_cables_do_not_take():
    """Aimed at the season: the metered hours of winter are better than simulated, the others as simulated."""
    hours = pd.date_range("2015-01-01", periods=90 * 24, freq="h")
    winter = hours.month == 1
    wind = np.where(np.arange(hours.size) % 2 == 0, 15.0, 9.0)
    running = np.where(winter, 0.8, 0.9)
    first = measured.PERIODS[0]
    simulated = 0.98 * running * first.capacity
    metered = np.where(winter, 0.9 * 0.98, 0.9 * 0.98) * first.capacity
    found = rated.rows(case(simulated, metered, wind, running, first, "2015-01-01"))
    by = {row[1]: row for row in found}
    assert by["of them November to January"][3:] == [
        *("88.2 %", "78.4 %"),
        *("1.0 %", "19.8 %", "0.8 %"),  # of the rated power: behind wakes 0.99, of which 0.8 run, of which 0.784 arrive
        *("80.0 %", "90.0 %"),
    ]
    assert by["of them February to October"][3:] == ["88.2 %", "88.2 %", "1.0 %", "9.9 %", "0.9 %", "90.0 %", "90.0 %"]
    assert by["14 to 19 m/s"][2] == f"{(wind >= 14.0).sum()}"
    calm = rated.rows(case(simulated, metered, 9.0, running, first, "2015-01-01"))
    assert [row[1] for row in calm] == ["0.5 % with most metered power", "99.5 % quantile of all hours"]
    assert by["50 % quantile of these hours"][2:5] == ["1,080", "88.2 %", "88.2 %"]


def test_turbines_stand_by_how_long_at_a_stretch():
    """Two turbines of 1 and 3 MW, 1,000 hours: 24 and 25 hours of the first apart, 721 of the second to the end."""
    availability = np.ones((1000, 2))
    availability[:24, 0] = availability[100:125, 0] = 0.0
    availability[-721:, 1] = 0.0
    found = hindcast.standing(availability, np.array([1e6, 3e6]))
    assert found == pytest.approx(
        {"up to a day": 24 / 4000, "up to ten days": 25 / 4000, "up to thirty": 0.0, "longer": 3 * 721 / 4000}
    )


def test_a_month_is_off_in_hours_of_full_wind_by_what_runs_and_besides_by_the_wind():
    full = np.arange(48) % 2 == 0
    found = case(np.where(full, 900.0, 100.0), np.where(full, 1000.0, 60.0), 8.0, np.where(full, 0.9, 0.9))
    found.offered[~full] = 0.5
    (row,) = rated.month_rows(found)
    assert row == ["2023-02", "24", "44.2 %", "39.8 %", "-10.0 %", "-5.7 %"]
    assert rated.month_rows(case(np.full(9, 1.0), np.full(9, 1.0), 8.0)) == []
    said = rated.month_sentence([row, ["2023-04", "20", "", "", "+4.0 %", "+1.0 %"]])
    assert "+4.0 % in the mean of the months April to September and by -10.0 %" in said
    assert "2023-02, the lowest, is off by -5.7 %, and by -10.0 % in full wind" in said


def test_a_month_is_off_in_hours_of_full_wind_and_in_all_others_each_over_its_own_metered_energy(monkeypatch):
    full = np.arange(48) % 2 == 0
    power = np.where(full, 900.0, 100.0)
    found = case(power, np.where(full, 1000.0, 80.0), 8.0, **{hindcast.CLIMATE_AIR: 1.0 * hourly_of(power)})
    found.offered[~full] = 0.5
    monkeypatch.setattr(season.stations, "found", lambda data: ([], None))
    ratio = pd.Series([0.03], index=pd.PeriodIndex(["2023-02"], freq="M"))
    monkeypatch.setattr(season.stations, "ratios", lambda wind, period: (0.0, ratio))
    assert season.rows(found, None) == [["2023-02", "-7.4 %", "-7.4 %", "-10.0 %", "+25.0 %", "+3.0 %"]]
    later = ["2023-05", "+4.0 %", "–", "+2.0 %", "–", "–"]
    said = season.sentence([*season.rows(found, None), later])
    assert "error +4.0 and -7.4 %; in hours of full wind +2.0 and -10.0 %." in said


def hourly_of(values):
    """Return hours from February 2023 on."""
    return pd.Series(values, index=pd.date_range("2023-02-01", periods=len(values), freq="h"))


def test_one_point_of_its_own_is_met_and_a_temperature_left_out_is_not_in_the_fit():
    points = cells.points_of("Sanchez")
    own = cells.fitted(points)
    assert cells.off(own, points) == pytest.approx(5.5, abs=0.1)
    group = np.round(points["T_K"] / cells.GROUP) * cells.GROUP
    apart = cells.left_out(points)
    assert sorted(apart) == pytest.approx(sorted(set(group - ZERO_CELSIUS)))
    changed = {**points, "V": np.where(group == group.max(), points["V"] + 0.1, points["V"])}
    # the others are as they were, so that what was added to the temperature left out is all in its error
    assert cells.left_out(changed)[group.max() - ZERO_CELSIUS] > 90.0
    assert cells.left_out(cells.points_of("Sakas")) == {}
    before, after = cells.with_one_point("Sanchez")
    assert (before, after) == pytest.approx((169.0, 63.0), abs=1.0)


def test_a_segment_that_reads_too_much_stands_out_from_the_winds_on_land_by_that(tmp_path):
    """Three years whose wind at sea follows two stations on land, the last half-year of it read 10 % too high."""
    rng = np.random.default_rng(2)
    days = pd.date_range("2015-01-01", "2017-12-31", freq="D")
    wind = rng.gamma(4.0, 2.0, days.size)
    for name in ("901", "902"):
        local = wind * np.exp(0.1 * rng.normal(size=days.size))
        lines = [
            f"  {name},{day:%Y%m%d},{rng.integers(1, 360)},{speed:.0f},{10.0 * speed:.0f}"
            for day, speed in zip(days, local, strict=True)
        ]
        (tmp_path / f"etmgeg_{name}.txt").write_text("\n".join(["# STN", *lines]), encoding="utf-8")
    winds = compare_land_winds.land(tmp_path)
    assert winds[("901", "mean")].to_numpy() == pytest.approx(wind, rel=0.6)
    level = np.asarray(days < "2017-07-01")
    sea = pd.Series(1.4 * wind * np.where(level, 1.0, 1.1), days)
    found, spread = compare_land_winds.by_month(sea, compare_land_winds.features(winds, days), level)
    assert found[found.index > 2017 * 12 + 6].mean() == pytest.approx(np.log(1.1), abs=0.01)
    assert found[found.index <= 2017 * 12 + 6].mean() == pytest.approx(0.0, abs=1e-12)
    assert 0.0 < spread < 0.03


def test_what_is_not_known_of_a_campaign_is_drawn_inside_its_ranges():
    case = turbine_phase("conventional")
    drawn = [winters.drawn(case, np.random.default_rng(seed)) for seed in range(20)]
    vessel, loading = case.phases["turbines"].vessel, case.phases["turbines"].operations[0].duration
    for name in winters.VESSEL:
        values = [float(getattr(each.phases["turbines"].vessel, name)) for each in drawn]
        low, high = getattr(vessel, name).range
        assert low <= min(values) < max(values) <= high
        assert np.std(values) == pytest.approx((high - low) / 12.0**0.5, rel=0.4)
    hours = [float(each.phases["turbines"].operations[0].duration) for each in drawn]
    assert loading.range[0] <= min(hours) < max(hours) <= loading.range[1]
    assert drawn[0].phases["turbines"].operations[1:] == case.phases["turbines"].operations[1:]
    said = winters.sentence(
        {"Norther": (1.0, 2.0, 3.0, 80.0, 90.0, 95.0), "Northwester 2": (1.0, 2.0, 3.0, 90.0, 100.0, 110.0)}
    )
    assert "Norther 80 to 95 days (median 90), the field with 84 is inside that" in said
    assert "the field with 123 is longer than all of that" in said


def test_turbines_that_run_are_those_of_the_draws_and_what_the_meter_leaves_of_the_simulated_rest():
    """Half of the hours have wind to spare; of the rated power 0.9 runs, gives 1,800 MW, and 1,900 are metered."""
    wind = np.where(np.arange(40) % 2 == 0, 15.0, 8.0)
    found = case(np.full(40, 1800.0), np.where(wind > 14.0, 1900.0, 100.0), wind, np.full(40, 0.9))
    share = pd.DataFrame({1: np.where(wind > 14.0, 0.9, 0.1), 2: np.where(wind > 14.0, 0.8, 0.1)}, found.running.index)
    assert seeds.rows(found, share) == [["2023-02", "20", "85.0 %", "7.1 %", "95.0 %"]]
    said = seeds.sentence(
        [["2023-02", "20", "85.0 %", "7.1 %", "95.0 %"], ["2023-05", "9", "96.0 %", "1.0 %", "91.0 %"]]
    )
    assert "96.0 and 85.0 % in the mean of the draws, 91.0 and 95.0 % by the meter" in said


def test_calms_are_worth_their_error_over_the_energy_of_all_hours():
    wind = np.where(np.arange(100) < 10, 1.5, 9.0)
    found = case(np.where(wind < 2.0, 1.0, 100.0), np.where(wind < 2.0, 5.0, 100.0), wind)
    said = zone.calm_sentence(found)
    assert "10 hours of +5.0 MW by the meter, +1.0 MW simulated" in said
    assert f"{100.0 * -40.0 / 9050.0:+.2f} % of" in said


def test_one_period_alone_chooses_by_its_own_errors_and_is_judged_in_the_other():
    rng = np.random.default_rng(2)
    metered = rng.uniform(200.0, 600.0, 48)

    def made(period, start, good):
        other = {
            name: pd.Series(metered + (0.0 if name == good else 50.0), pd.date_range(start, periods=48, freq="h"))
            for name in (*measured.STATIONS, measured.RAW, hindcast.OTHER, hindcast.AS_PUBLISHED)
        }
        found = case(metered + (0.0 if good == measured.BOTH else 50.0), metered, 8.0, 0.9, period, start, **other)
        found.models.update(noj=found.power[measured.BOTH], none=found.power[measured.BOTH] + 1.0)
        return found

    lines = choices.alone_rows(
        [made(measured.PERIODS[0], "2015-01-01", measured.RAW), made(SECOND, "2023-02-01", measured.BOTH)]
    )
    winds = {row[1]: row for row in lines if row[0] == "winds"}
    assert winds["2015"][2] == "both records, as they were measured"
    assert winds["2015"][3] == "0.0 %"
    assert float(winds["2015"][6].split()[0]) == pytest.approx(100.0 * 50.0 / SECOND.capacity, abs=0.06)
    assert winds["2023"][2] == "both records"
    said = choices.sentence(lines)
    assert "choose differently of winds" in said
    assert "chooses the same of" in said
    assert "wake models" in said.split(";")[0]


def test_sectors_that_are_all_met_alike_are_even_whatever_the_level():
    hours = pd.date_range("2015-01-01", periods=4, freq="h")
    meter = pd.Series([100.0, 100.0, 300.0, 300.0], hours)
    sector = pd.Series(["000°", "000°", "030°", "030°"], hours)
    assert models.evenness(1.7 * meter, meter, sector) == pytest.approx(0.0, abs=1e-12)
    uneven = pd.Series([120.0, 120.0, 270.0, 270.0], hours)  # 1.2 of a quarter, 0.9 of the rest: mean 0.975
    assert models.evenness(uneven, meter, sector) == pytest.approx((0.25 * 0.225**2 + 0.75 * 0.075**2) ** 0.5 / 0.975)


def test_the_air_of_the_platform_is_that_of_its_column_at_the_start_of_the_hour(tmp_path):
    line = "  317,20240101,    1,  240,   50,   60,   70,  105,  112,10189,   84,    0,   60,     ,    5,    0,    0,"
    (tmp_path / compare_platform.PLATFORM).write_text("# a head\n" + line + "    0,     ,    0,     \n")
    found = compare_platform.air(tmp_path)
    assert found.index[0] == pd.Timestamp("2024-01-01T00")
    assert found.iloc[0] == pytest.approx(10.5 + 0.0098 * 43.42)


def test_what_is_said_of_stability_and_of_one_period_alone_follows_from_the_tables(page):
    _, *lines = tables(marked(page, "errors by stability"))[0]
    assert marked(page, "statements on stability").splitlines() == stability.sentences(lines)
    _, *alone = tables(marked(page, "periods alone"))[0]
    said = marked(page, "statements on periods alone").strip()
    assert said.replace("`", "") == choices.sentence(alone).replace("`", "")
    _, *months = tables(marked(page, "months of full wind"))[0]
    assert marked(page, "statements on full wind").strip() == rated.month_sentence(months)
    _, *causes = tables(marked(page, "months by cause"))[0]
    assert marked(page, "statements on months by cause").strip() == season.sentence(causes)
    _, *failures = tables(marked(page, "season of failures"))[0]
    assert marked(page, "statements on the season of failures").strip() == seeds.sentence(failures)
    _, *form = tables(marked(page, "form of the cell"))[0]
    assert marked(page, "statements on the form of the cell").strip() == cells.sentence(form)
    shown = tables(marked(page, "choices"))[0]
    assert shown[0] == choices.HEAD
    assert len(shown) == 1 + len(choices.CHOICES)


def test_what_is_said_of_the_models_follows_from_their_table():
    text = marked((DECISIONS / models.PAGE).read_text(encoding="utf-8"), models.MARK)
    titles, *lines = tables(text)[0]
    said = text.strip().splitlines()[-1]
    assert [said.replace("`", "")] == [each.replace("`", "") for each in models.sentences(titles, lines)]
