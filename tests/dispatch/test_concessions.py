"""Farms with a support of their own: each stops by itself where delivering costs money; certificates are booked."""

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from testsite_sim.api import load
from testsite_sim.chain import prepare, simulate_scenario
from testsite_sim.cli import main
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.market import Market
from testsite_sim.configuration.support import FixedCertificate, LevelisedCostCertificate, NegativePriceRule
from testsite_sim.dispatch.concessions import FarmSales, earnings, mean_support, sold_by_farm, unpaid_intervals
from testsite_sim.weather import open_record

MWH = 3.6e9
FIXED = {"title": "fixed", "kind": "fixed-certificate", "price": "107 EUR/MWh", "start": 2010, "duration": "20 year"}
LEVELISED = {
    "title": "levelised",
    "kind": "levelised-cost-certificate",
    "levelised_cost": "124 EUR/MWh",
    "correction": 0.1,
    "start": 2019,
    "duration": "19 year",
}


def stamps(count: int, begin: str = "2023-01-01") -> xr.DataArray:
    hours = np.datetime64(begin, "ns") + np.arange(count) * np.timedelta64(1, "h")
    return xr.DataArray(hours, dims="time", coords={"time": hours})


def test_a_concession_is_paid_the_mean_of_both_certificates_by_capacity() -> None:
    support = FixedCertificate(**FIXED, first="216 MW", price_above="90 EUR/MWh")
    price = np.zeros(3)
    for capacity, expected in ((171e6, 107.0), (216e6, 107.0), (432e6, 98.5)):
        assert earnings(support, capacity, price, stamps(3))[0] * MWH == pytest.approx(expected)


def test_a_certificate_runs_for_its_years_alone() -> None:
    time = stamps(4 * 8760, "2022-01-01")
    for duration, last in (("1 year", "2023-12-31T23"), ("2 year", "2024-12-31T23"), ("18 month", "2024-07-01T23")):
        support = FixedCertificate(**FIXED | {"duration": duration, "start": 2023})
        paid = time.to_numpy()[earnings(support, 1e6, np.zeros(time.size), time)[0] > 0.0]
        assert (str(paid[0])[:13], str(paid[-1])[:13]) == ("2023-01-01T00", last)


def test_a_levelised_cost_is_filled_up_and_a_contract_sells_whatever_the_hour() -> None:
    price = np.array([50.0, -300.0, 310.0]) / MWH
    mean = price.mean() * MWH
    exposed = LevelisedCostCertificate(**LEVELISED, sale="day-ahead")
    support, certificate = earnings(exposed, 1e6, price, stamps(3))
    np.testing.assert_allclose(certificate * MWH, 124.0 - 0.9 * mean)
    np.testing.assert_allclose(support, certificate)
    contracted = LevelisedCostCertificate(**LEVELISED, sale="reference-price")
    support, certificate = earnings(contracted, 1e6, price, stamps(3))
    np.testing.assert_allclose((price + support) * MWH, 124.0)
    dear = LevelisedCostCertificate(**LEVELISED, sale="reference-price", reference_price="200 EUR/MWh")
    support, certificate = earnings(dear, 1e6, price, stamps(3))
    np.testing.assert_allclose((price + support) * MWH, 180.0)
    np.testing.assert_allclose(certificate, 0.0)


@settings(deadline=None, max_examples=60)
@given(
    prices=st.lists(st.sampled_from([-30.0, -10.0, 0.0, 20.0]), min_size=2, max_size=60),
    length=st.integers(1, 8),
    most=st.integers(1, 10),
)
def test_hours_without_a_certificate_are_those_of_a_plain_count(prices: list[float], length: int, most: int) -> None:
    price = np.array(prices) / MWH
    rule = NegativePriceRule(below="0 EUR/MWh", consecutive=f"{length} hour")
    expected = np.zeros(price.size, bool)
    for t in range(price.size):
        first, last = t, t
        while first > 0 and prices[first - 1] < 0.0:
            first -= 1
        while last + 1 < len(prices) and prices[last + 1] < 0.0:
            last += 1
        expected[t] = prices[t] < 0.0 and last - first + 1 >= length
    np.testing.assert_array_equal(unpaid_intervals(price, stamps(price.size), rule), expected)
    limited = NegativePriceRule(below="-20 EUR/MWh", most_per_year=f"{most} hour")
    expected = np.array(prices) < -20.0
    expected &= np.cumsum(expected) <= most
    np.testing.assert_array_equal(unpaid_intervals(price, stamps(price.size), limited), expected)


def test_the_count_of_unpaid_hours_begins_anew_with_the_year() -> None:
    price = np.full(48, -30.0) / MWH
    rule = NegativePriceRule(below="-20 EUR/MWh", most_per_year="5 hour")
    unpaid = unpaid_intervals(price, stamps(48, "2022-12-31"), rule)
    assert np.flatnonzero(unpaid).tolist() == [0, 1, 2, 3, 4, 24, 25, 26, 27, 28]


def test_each_farm_stops_below_its_own_threshold_and_the_limit_is_shared_by_power() -> None:
    price = np.array([-5.0, -95.0, -110.0, 50.0]) / MWH
    support = np.array([0.0, 90.0, 107.0]) / MWH * np.ones((4, 1))
    sales = FarmSales(("free", "new", "old"), np.full((4, 3), 100e6), support, support, np.array([np.inf, 16.0, 20.0]))
    sold = sold_by_farm(sales, price, np.zeros(4), np.full(4, np.inf))
    np.testing.assert_allclose(sold / 1e6, [[0, 100, 100], [0, 0, 100], [0, 0, 0], [100, 100, 100]])
    np.testing.assert_allclose(mean_support(sales, sold) * MWH, [98.5, 107.0, 107.0, 197.0 / 3.0])
    short = sold_by_farm(sales, price, np.zeros(4), np.full(4, 150e6))
    np.testing.assert_allclose(short / 1e6, [[0, 75, 75], [0, 0, 100], [0, 0, 0], [50, 50, 50]])


@pytest.mark.parametrize("duration", [0.3, 2.5, 2.6, 16.0, 24.5, 40.0])
def test_a_year_is_supported_while_more_than_half_of_it_is(duration: float) -> None:
    """Aimed at ends within a year, before the first and after the last."""
    one = np.ones((2, 2))
    sales = FarmSales(("other farms", "a"), one, np.array([0.0, 1.0]) * one, one, np.array([np.inf, duration]))
    parts = sales.years_alike(25)
    assert [year for part in parts for year in part] == list(range(1, 26))
    for part in parts:
        for year in part:
            paid = duration - (year - 1) > 0.5
            assert sales.in_year(year).support[0, 1] == sales.in_year(part.start).support[0, 1] == float(paid), year


def test_the_shipped_market_of_the_zone_names_every_farm_once() -> None:
    market = load_component("market", "belgian-zone", Market)
    farms = [farm for sale in market.concessions.values() for farm in sale.farms]
    assert len(farms) == len(set(farms)) == 12


def scenario(folder: Path, market: str) -> Path:
    (folder / "mine.yaml").write_text(
        "extends: flanders-wind-farm/test-site\nplant: null\ndispatch: null\n"
        "weather: {record: hollandse-kust-noord-2023, climate: null, start: 2023-05-27, end: 2023-05-31}\n"
        f"economics: null\nmarket: {market}\n"
    )
    return folder / "mine.yaml"


@pytest.mark.usefixtures("unprinted_figures")
def test_energy_and_revenue_of_the_farms_add_up_in_a_run(tmp_path: Path) -> None:
    fixed = "{title: fixed, kind: fixed-certificate, price: 3 EUR/MWh, start: 2010, duration: 20 year}"
    path = scenario(tmp_path, "day-ahead")
    main(["run", str(path), "-o", str(tmp_path / "plain")])
    with xr.open_datatree(tmp_path / "plain" / "results.nc") as tree:
        farms = list(dict.fromkeys(tree["wind"]["farm"].to_numpy().tolist()))
        plain = tree["plant"].to_dataset().load()
    names = f"['{farms[0]}']"
    path = scenario(tmp_path, f"{{title: mine, concessions: {{first: {{farms: {names}, support: {fixed}}}}}}}")
    main(["run", str(path), "-o", str(tmp_path / "run")])
    with xr.open_datatree(tmp_path / "run" / "results.nc") as tree:
        plant, wind = tree["plant"].to_dataset().load(), tree["wind"].to_dataset().load()
    np.testing.assert_allclose(
        wind["power_delivered_of_farm"].sum("group"), wind["power_delivered"], rtol=1e-12, atol=1e-6
    )
    sold, lost = plant["power_sold_of_concession"], plant["power_curtailed_of_concession"]
    np.testing.assert_allclose(sold.sum("concession"), plant["power_exported"], rtol=1e-12, atol=1e-6)
    np.testing.assert_allclose((sold + lost).sum("concession"), plant["power_wind"], rtol=1e-12, atol=1e-6)
    assert plant["concession"].to_numpy().tolist() == ["first", "other farms"]
    price = plant["price"] * MWH
    between = (price < 0.0) & (price > -3.0)
    assert int(between.sum()) > 0
    assert float(lost.sel(concession="first").where(between, 0.0).sum()) == 0.0
    assert float(sold.sel(concession="other farms").where(price < 0.0, 0.0).sum()) == 0.0
    paid = float(plant["certificate_revenue"].sum())
    assert paid == pytest.approx(3.0 * float(sold.sel(concession="first").sum()) * 3600.0 / MWH, rel=1e-9)
    money = float((plant["price"] * plant["power_exported"]).sum()) * 3600.0 + paid
    assert float(plant["revenue"].sum()) == pytest.approx(money, rel=1e-9)
    assert float(plant["power_exported"].sum()) > float(plain["power_exported"].sum())
    summary = json.loads((tmp_path / "run" / "summary.json").read_text())
    assert summary["certificate_revenue"]["value"] == pytest.approx(paid)
    assert summary["energy_balance_residual"]["value"] < 1e-9


@pytest.mark.parametrize("climate", [None, "flemish-site"])
def test_a_part_of_a_record_refers_to_the_mean_price_of_its_whole_year(tmp_path: Path, climate: str | None) -> None:
    """The fault: a week took its own mean price for that of the calendar year, an extract another one each."""
    levelised = "{" + ", ".join(f"{key}: {value}" for key, value in LEVELISED.items()) + ", sale: day-ahead}"
    market = f"{{title: mine, concessions: {{mine: {{farms: [reference], support: {levelised}}}}}}}"
    case = load(scenario(tmp_path, market), {"weather.climate": climate, "wind.wake_model": "none"})
    prepared = prepare(case.scenario)
    mean = float(open_record("hollandse-kust-noord-2023")["day_ahead_price"].mean()) * MWH
    assert prepared.prices is not None
    support = dict(simulate_scenario(prepared))["plant"]["support_of_concession"].sel(concession="mine")
    np.testing.assert_allclose(support * MWH, 124.0 - 0.9 * mean)


def test_a_farm_earns_no_certificates_once_its_support_has_ended(tmp_path: Path) -> None:
    """The fault: the certificates of the simulated year stood in every year of the cash flow."""
    path = scenario(tmp_path, "day-ahead")
    stated = {"economics": "demonstration", "economics.scale_to_year": "by-repetition", "economics.lifetime": "5 year"}
    plain = load(str(path), stated).run().results["lifetime"]
    first = "{title: fixed, kind: fixed-certificate, price: 30 EUR/MWh, start: 2021, duration: 3 year}"
    farms = "[prototypes]"
    path = scenario(tmp_path, f"{{title: mine, concessions: {{first: {{farms: {farms}, support: {first}}}}}}}")
    run = load(str(path), stated).run()
    life, hours = run.results["lifetime"], run.results["plant"]
    factor = 8760.0 / hours.sizes["time"]
    for name, each in (("electricity_revenue", "revenue"), ("energy_exported", "power_exported")):
        period = float(hours[each].sum()) * factor * (3600.0 if name.startswith("energy") else 1.0)
        np.testing.assert_allclose(life[name][:3], period, rtol=1e-9)
        np.testing.assert_allclose(life[name][3:], plain[name][3:], rtol=1e-9)
    assert float(life["electricity_revenue"][0]) > float(life["electricity_revenue"][3])
    np.testing.assert_allclose(run.results["economics"]["electricity_revenue"][1:], life["electricity_revenue"])
    assert life["year"].to_numpy().tolist() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("market", "message"),
    [
        ("{title: m, concessions: {a: {farms: [nowhere], support: nobelwind}}}", "there is no farm 'nowhere'"),
        ("{title: m, concessions: {a: {farms: [x], support: nobelwin}}}", "Nearest: nobelwind"),
        (
            "{title: m, concessions: {a: {farms: [x], support: nobelwind}, b: {farms: [x], support: nobelwind}}}",
            "keep one",
        ),
        ("{title: m, concession: {}}", "concession"),
        (
            "{title: m, concessions: {a: {farms: [x], support: {extends: nobelwind, first: null}}}}",
            "`first` and `price_above` go together",
        ),
    ],
)
def test_wrong_concessions_are_refused_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], market: str, message: str
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["check", str(scenario(tmp_path, market))])
    assert stop.value.code == 2
    assert message in capsys.readouterr().err


def test_concessions_next_to_a_plant_or_a_settlement_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("flanders-wind-farm/test-site", "waterstof/halle-station"):
        with pytest.raises(SystemExit) as stop:
            main(["check", name, "--set", "market=belgian-zone"])
        assert stop.value.code == 2
        assert "market.concessions" in capsys.readouterr().err
