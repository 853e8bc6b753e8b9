"""What the page on balancing says of strategies is what the shipped scenarios give, and follows from its tables."""

import json
from pathlib import Path

import pytest

from tools.tabulate_strategies import MARKETS, PAGE, reserve_lines, size_of_gap
from tools.validation_pages import listed, marked, tables

FROZEN = Path(__file__).parents[1] / "frozen"
STATED = [("firm-band", market, scenario) for market, scenario in MARKETS.items()] + [
    ("rolling-horizon, 48 h", "day-ahead", "waterstof/balancing-rolling-horizon"),
    ("perfect-foresight", "day-ahead", "waterstof/balancing-perfect-foresight"),
]


def part(name: str) -> str:
    return marked(PAGE.read_text(encoding="utf-8"), name)


def summary(scenario: str) -> dict[str, float]:
    frozen = json.loads((FROZEN / f"{scenario.replace('/', '.')}.json").read_text(encoding="utf-8"))["summary"]
    return {name.removeprefix("summary/"): entry["value"] for name, entry in frozen.items()}


@pytest.mark.parametrize(("strategy", "market", "scenario"), STATED)
def test_revenue_and_regret_on_the_page_are_those_of_the_scenario(strategy: str, market: str, scenario: str) -> None:
    head, *rows = tables(part("strategies by market"))[0]
    cells = {row[0].replace("`", ""): row for row in rows}
    revenue, regret = cells[strategy][head.index(market)].split(", ")
    found = summary(scenario)
    assert revenue == f"{found['electricity_revenue'] / 1e6:.2f}"
    assert float(regret.rstrip(" %")) == pytest.approx(100.0 * found["regret"], abs=0.0501)


def test_gap_and_value_of_forecasts_on_the_page_are_those_of_the_scenarios() -> None:
    rows = tables(part("strategies by market"))[0]
    gaps = next(row for row in rows if row[0] == "optimum_gap")
    assert gaps[1] == size_of_gap(summary("waterstof/balancing-perfect-foresight")["optimum_gap"])
    quality = summary("waterstof/balancing-rolling-horizon")["value_of_forecast_quality"]
    assert f"would have earned {quality:,.0f} EUR more" in part("strategies by market")


def test_which_offers_are_worth_it_follows_from_the_table() -> None:
    rows = tables(part("strategies with reserves"))[0][1:]
    worth = [f"`{name}`" for name, offered, plain in rows if float(offered) > float(plain)]
    assert f"the offers are worth it under {listed(worth)};" in part("strategies with reserves")


def test_offers_that_are_worth_it_under_every_strategy_are_said_to_be() -> None:
    figures = {"electricity_revenue": 1e6, "revenue_availability": 5.0, "penalty_activation": 7.0}
    names = ("none", "price-threshold", "imbalance", "rolling-horizon", "perfect-foresight")
    found = {
        (name, offers): figures | {"electricity_revenue": 2e6 * offers} for name in names for offers in (True, False)
    }
    lines = reserve_lines(found)
    assert lines[2] == "| `none` | 2.00 | 0.00 |"
    assert "not under: none." in lines[-2]
    assert lines[-1].endswith("costs it 7 EUR.")
