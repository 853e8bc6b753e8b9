"""What each strategy would have earned on Belgian prices of 2024 and 2025; writes docs/validation/balancing.md.

Run as `python tools/study_belgian_balancing.py SHARED`, where SHARED holds data/validate, which is not part of this
repository.
"""

import sys
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
import xarray as xr

from testsite_sim.kernel_cache import prepare_kernel_cache

prepare_kernel_cache()
from testsite_sim.balancing import (  # noqa: E402
    BalancingPlant,
    Forecast,
    Objective,
    earned,
    simulate_balancing,
    simulate_perfect_foresight,
    simulate_rolling_horizon,
)
from testsite_sim.balancing.forecasts import day_ahead_forecast  # noqa: E402
from testsite_sim.balancing.strategies import PERFECT_FORESIGHT, ROLLING_HORIZON, STRATEGIES  # noqa: E402
from testsite_sim.report.style import (  # noqa: E402
    DARK_BLUE,
    SETTINGS,
    SKY_BLUE,
    TWO_COLUMNS,
    VERMILION,
    new_figure,
    save,
)

PAGE = Path(__file__).resolve().parents[1] / "docs" / "validation" / "balancing.md"
QUARTER, SHEAR, HUB = 900.0, 0.08, 100.0
MEGAWATT_HOUR = 3.6e9
PLANT = BalancingPlant(electrolyser_capacity=40e6, fuel_cell_capacity=10e6, tank_capacity=20_000.0, export_limit=100e6)
OBJECTIVE = Objective(penalty=10.0, end_value=2.0)
DEMAND = 200.0 / 3600.0  # [kg/s]
TEXT = """# What strategies would have earned in Belgium, 2024 and 2025

Belgian day-ahead prices and imbalance prices per quarter-hour, {first} to {last} ({days:.0f} days, all quarter-hours
that both have), and the wind of Westhinder in the same quarter-hours (10 m, carried to 100 m with a shear of 0.08;
{filled} of {count} quarter-hours interpolated).
Plant: 100 MW of wind (power 100 ((v - 3) / 9)^2.5 MW between 3 and 12 m/s,
cut-out 25 m/s), electrolyser 40 MW at 52.5 kWh/kg, fuel cell 10 MW at 16.65 kWh/kg, tank 20 t, 200 kg/h asked for,
10 EUR for every kilogram not delivered, 2 EUR for one left in the tank. Printed by `tools/study_belgian_balancing.py`.

| strategy | hydrogen delivered [t] | earned day-ahead [million EUR] | regret | imbalance cash [million EUR] | total |
|---|---|---|---|---|---|
{rows}

*Earned day-ahead*: everything sold as it comes at the day-ahead price, less what was not delivered. *Imbalance cash*:
what is left when the export of the same strategy on the wind forecast a day ahead (error 10 % of the largest power, 0.9
from hour to hour) is nominated, and deviations are paid at the published imbalance price
instead. `imbalance` looks at that
price in its own quarter-hour, which nobody knows in full: it is an upper bound of reacting to it.

![Earned by strategy](figures/balancing-belgium.png)

**What it says.** {verdict}

**Limits.** The wind is measured at one coastal station and not that of a farm; deviations are small against the market,
so that they do not move its prices; the plant has no minimum load here, so that the optimum is exact.
"""


def series(shared: Path) -> tuple[xr.DataArray, xr.DataArray, xr.DataArray, int]:
    """Return wind power [W], day-ahead and imbalance price [EUR/J] over quarter-hours, and how many were filled."""
    prices = {}
    for name in ("day_ahead", "imbalance"):
        table = pd.read_csv(shared / "data" / "validate" / f"belgium_{name}_2024_2025_15min.csv.gz")
        stamps = pd.DatetimeIndex(pd.to_datetime(table["datetime_utc"]))
        prices[name] = pd.Series(table["price_eur_mwh"].to_numpy(), stamps).groupby(level=0).first()
    wind = pd.read_parquet(shared / "data" / "validate" / "westhinder_10min_2015_2025.parquet")["wind_speed_10m_ms"]
    wind.index = wind.index.tz_convert(None)
    first = max(prices["day_ahead"].index[0], prices["imbalance"].index[0])
    last = min(prices["day_ahead"].index[-1], prices["imbalance"].index[-1], wind.index[-1])
    index = pd.date_range(first.ceil("D"), last.floor("D") - pd.Timedelta("15min"), freq="15min")
    cut = wind[index[0] : index[-1] + pd.Timedelta("15min")]
    quarter = cut.resample("5min").ffill(limit=2).resample("15min").mean()
    table = pd.DataFrame({"wind": quarter.reindex(index), **{n: p.reindex(index) for n, p in prices.items()}})
    filled = int(table.isna().any(axis=1).sum())
    table = table.interpolate(limit_direction="both")
    speed = table["wind"].to_numpy() * (HUB / 10.0) ** SHEAR
    power = 100e6 * np.clip((speed - 3.0) / 9.0, 0.0, 1.0) ** 2.5 * (speed <= 25.0)

    def over_time(values: np.ndarray) -> xr.DataArray:
        return xr.DataArray(values, coords={"time": index.to_numpy().astype("datetime64[ns]")}, dims="time")

    return (
        over_time(power), over_time(table["day_ahead"].to_numpy() / MEGAWATT_HOUR),
        over_time(table["imbalance"].to_numpy() / MEGAWATT_HOUR), filled,
    )  # fmt: skip


def dispatch(name: str, wind: xr.DataArray, price: xr.DataArray, **more: xr.DataArray) -> xr.Dataset:
    """Run one strategy."""
    demand = xr.full_like(wind, DEMAND)
    if name == PERFECT_FORESIGHT:
        return simulate_perfect_foresight(wind, price, demand, PLANT, OBJECTIVE)
    if name == ROLLING_HORIZON:
        return simulate_rolling_horizon(wind, price, demand, PLANT, OBJECTIVE, seed=1)
    return simulate_balancing(wind, price, demand, PLANT, strategy=name, **more)


def main() -> None:
    """Write the page and its figure."""
    wind, price, imbalance, filled = series(Path(sys.argv[1]))
    ahead = wind.copy(data=day_ahead_forecast(Forecast(), wind.to_numpy(), QUARTER, 1))
    best = earned(dispatch(PERFECT_FORESIGHT, wind, price), OBJECTIVE)
    rows, bars = [], {}
    for name in STRATEGIES:
        planned = dispatch(name, ahead, price)["power_exported"]
        more = {"signal": imbalance, "nomination": planned} if name == "imbalance" else {}
        done = dispatch(name, wind, price, **more)
        value = earned(done, OBJECTIVE)
        cash = float(((done["power_exported"] - planned) * (imbalance - price)).sum()) * QUARTER
        hydrogen = float(done["hydrogen_delivered"].sum()) * QUARTER / 1000.0
        bars[name] = (value / 1e6, cash / 1e6)
        rows.append(
            f"| `{name}` | {hydrogen:,.0f} | {value / 1e6:.2f} | {100.0 * (1.0 - value / best):.1f} % "
            f"| {cash / 1e6:+.2f} | {(value + cash) / 1e6:.2f} |"
        )
        print(rows[-1], flush=True)
    with matplotlib.rc_context(SETTINGS):
        figure = new_figure(TWO_COLUMNS, 2.8)
        axes = figure.add_subplot()
        place = np.arange(len(bars))
        earnings, settled = (np.array([bar[k] for bar in bars.values()]) for k in (0, 1))
        axes.bar(place - 0.2, earnings, 0.4, color=DARK_BLUE, label="day-ahead, as it comes")
        axes.bar(place + 0.2, earnings + settled, 0.4, color=SKY_BLUE, edgecolor="black", linewidth=0.4,
                 label="nominated a day ahead and settled")  # fmt: skip
        axes.axhline(best / 1e6, color=VERMILION, linestyle="--", linewidth=1.0, label="optimum, day-ahead")
        axes.set_xticks(place, list(bars), rotation=20)
        axes.set_ylabel("Earned [million EUR]")
        axes.legend(ncols=3, loc="lower left", bbox_to_anchor=(0.0, 1.0))
        save(figure, PAGE.parent / "figures", "balancing-belgium", ("png",))
    order = sorted(((value, name) for name, (value, _) in bars.items() if name != PERFECT_FORESIGHT), reverse=True)
    rule = next(name for _, name in order if name != ROLLING_HORIZON)
    leaves = 100.0 * (1.0 - bars[ROLLING_HORIZON][0] / (best / 1e6))
    verdict = (
        f"A rolling horizon of two days leaves {leaves:.1f} % of the optimum of the day-ahead market; the best rule, "
        f"`{rule}`, {100.0 * (1.0 - bars[rule][0] / (best / 1e6)):.1f} %. Settling what the forecast missed costs a "
        f"plant that stands still {abs(bars['none'][1]):.2f} million EUR."
    )
    stamps = wind["time"].to_numpy()
    PAGE.write_text(
        TEXT.format(
            first=str(stamps[0])[:10], last=str(stamps[-1])[:10], days=stamps.size / 96.0, filled=filled,
            count=stamps.size, rows="\n".join(rows), verdict=verdict,
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
