"""Run every strategy in every market of Waterstof's balancing plant, and write what they earned into its page.

Run as `PYTHONPATH=.:kernels python tools/tabulate_strategies.py`: the marked parts of docs/methods/balancing.md are
written anew, everything else stays. Takes some minutes; `--workers 2` halves them.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import testsite_sim as ts
from testsite_sim.dispatch import STRATEGIES
from testsite_sim.dispatch.strategies import PERFECT_FORESIGHT, ROLLING_HORIZON, SELF_CONSUMPTION
from tools.validation_pages import listed, with_marked

PAGE = Path(__file__).resolve().parents[1] / "docs" / "methods" / "balancing.md"
MARKETS = {  # by their scenario
    "day-ahead": "waterstof/balancing",
    "single-2020": "waterstof/balancing-single-2020",
    "dual-2018": "waterstof/balancing-dual-2018",
    "offshore-band-2009": "waterstof/balancing-offshore-band-2009",
}
RESERVES = "waterstof/balancing-capacity"
OFFERED = ("none", "price-threshold", "imbalance", ROLLING_HORIZON, PERFECT_FORESIGHT)
STATED = {ROLLING_HORIZON: {"name": ROLLING_HORIZON, "horizon": "48 hour", "forecast": "day-ahead", "seed": 1}}
FIGURES = (
    "electricity_revenue",
    "regret",
    "optimum_gap",
    "value_of_forecast_quality",
    "revenue_availability",
    "penalty_activation",
)
Figures = dict[str, float]


def ran(case: tuple[str, str, bool]) -> Figures:
    """Return the figures of a scenario under a strategy; with or without the reserves that it offers."""
    scenario, strategy, offers = case
    changed: dict[str, Any] = {"dispatch.strategy": STATED.get(strategy, strategy)}
    if not offers:
        changed["dispatch.reserves"] = []
    summary = ts.load(scenario, changed).run().summary
    stated = {name: summary[name].value for name in FIGURES if name in summary}
    return {name: float(value) for name, value in stated.items() if value is not None}


def size_of_gap(gap: float) -> str:
    """Return a relative gap to one digit."""
    return f"{gap:.0e}".replace("e-0", "e-") if gap < 1e-3 else f"{gap:.1g}"


def strategy_table(found: dict[tuple[str, str], Figures]) -> list[str]:
    """Return the lines of revenue and regret by strategy and market, and what they say.

    Parameters
    ----------
    found : dict
        Figures by strategy and market.
    """
    lines = [f"| strategy | {' | '.join(MARKETS)} |", "|---" * (len(MARKETS) + 1) + "|"]
    strategies = [name for name in STRATEGIES if (name, "day-ahead") in found]
    for name in strategies:
        cells = []
        for market in MARKETS:
            each = found[name, market]
            regret = "0" if name == PERFECT_FORESIGHT else f"{100.0 * each['regret']:.1f} %"
            cells.append(f"{each['electricity_revenue'] / 1e6:.2f}, {regret}")
        title = f"`{name}`, 48 h" if name == ROLLING_HORIZON else f"`{name}`"
        lines.append(f"| {title} | {' | '.join(cells)} |")
    gaps = [size_of_gap(found[PERFECT_FORESIGHT, market]["optimum_gap"]) for market in MARKETS]
    lines.append(f"| `optimum_gap` | {' | '.join(gaps)} |")
    quality = found[ROLLING_HORIZON, "day-ahead"]["value_of_forecast_quality"]
    gained = f"{abs(quality):,.0f} EUR {'more' if quality >= 0.0 else 'less'}"
    return [
        *lines,
        "",
        f"Perfect forecasts over 48 h would have earned {gained} than those with errors (day-ahead).",
    ]


def reserve_lines(found: dict[tuple[str, bool], Figures]) -> list[str]:
    """Return what strategies earned with and without the offers of reserves, and what these paid.

    Parameters
    ----------
    found : dict
        Figures by strategy and whether reserves were offered.
    """
    lines = ["| strategy | with the offers | without |", "|---|---|---|"]
    worth: list[str] = []
    rest: list[str] = []
    for name in OFFERED:
        offered, plain = (found[name, offers]["electricity_revenue"] for offers in (True, False))
        (worth if offered > plain else rest).append(f"`{name}`")
        lines.append(f"| `{name}` | {offered / 1e6:.2f} | {plain / 1e6:.2f} |")
    rolling = found[ROLLING_HORIZON, True]
    return [
        *lines,
        "",
        f"Availability pays {rolling['revenue_availability']:,.0f} EUR. At these assumed prices the offers are worth "
        f"it under {listed(worth)}; not under: {listed(rest)}.",
        f"The rolling horizon does not foresee orders: what it does not deliver costs it "
        f"{rolling['penalty_activation']:,.0f} EUR.",
    ]


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=int, default=1)
    workers = parser.parse_args().workers
    strategies = [name for name in STRATEGIES if name != SELF_CONSUMPTION]
    cases = [(scenario, name, True) for scenario in MARKETS.values() for name in strategies]
    cases += [(RESERVES, name, offers) for name in OFFERED for offers in (True, False)]
    if workers > 1:
        with ProcessPoolExecutor(workers) as pool:
            figures = dict(zip(cases, pool.map(ran, cases), strict=True))
    else:
        figures = {case: ran(case) for case in cases}
    by_market = {
        (name, market): figures[scenario, name, True] for market, scenario in MARKETS.items() for name in strategies
    }
    by_offer = {(name, offers): figures[RESERVES, name, offers] for name in OFFERED for offers in (True, False)}
    page = PAGE.read_text(encoding="utf-8")
    page = with_marked(page, "strategies by market", strategy_table(by_market))
    PAGE.write_text(with_marked(page, "strategies with reserves", reserve_lines(by_offer)), encoding="utf-8")


if __name__ == "__main__":
    main()
