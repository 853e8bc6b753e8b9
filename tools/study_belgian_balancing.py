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
from testsite_kernels.numerics.constants import LOWER_HEATING_VALUE

from testsite_sim.configuration.grid import Grid
from testsite_sim.configuration.imbalance import Imbalance
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.configuration.strategy import strategy
from testsite_sim.dispatch import Forecast, Objective, Trade, carry_out, earned
from testsite_sim.dispatch.forecasts import day_ahead_forecast
from testsite_sim.dispatch.settlement import QuarterPrices
from testsite_sim.dispatch.strategies import PERFECT_FORESIGHT, ROLLING_HORIZON, STRATEGIES
from testsite_sim.dispatch.surroundings import surroundings
from testsite_sim.report.style import (
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
DEMAND = 200.0 / 3600.0  # [kg/s]
YIELD = 16.65 * 3.6e6 / LOWER_HEATING_VALUE
GRID = Grid.model_validate({"export_limit": "100 MW"})
FREE = {"capital": "0 EUR/kW", "operating": "0 %/year", "replacement": 0.0, "operating_life": "80000 hour"}
PLANT = PlantConfiguration.model_validate(
    {
        "electrolysers": [
            {
                "title": "40 MW at 52.5 kWh/kg",
                "source": "assumption",
                "capacity": "40 MW",
                "minimum_load": 0.0,
                "standby_power_per_capacity": 0.0,
                "start_energy_per_capacity": "0 kWh/kW",
                "cost": FREE,
                "consumption": {
                    "load": [0.0, 1.0],
                    "source": "assumption",
                    "specific_consumption": {"units": "kWh/kg", "values": [52.5, 52.5]},
                },
            }
        ],
        "store": {
            "title": "20 t",
            "source": "assumption",
            "capacity": "20000 kg",
            "minimum_level": 0.0,
            "initial_level": 0.0,
            "filling_per_capacity": "100 %/second",
            "withdrawal_per_capacity": "100 %/second",
            "cost": {"capital": "0 EUR/kg", "operating": "0 %/year"},
        },
        "fuel_cells": [
            {
                "title": "10 MW at 16.65 kWh/kg",
                "source": "assumption",
                "capacity": "10 MW",
                "minimum_load": 0.0,
                "efficiency": {"load": [0.0, 1.0], "source": "assumption", "efficiency": [YIELD, YIELD]},
                "cost": FREE,
            }
        ],
        "demand": {
            "title": "steady",
            "source": "assumption",
            "rate": f"{DEMAND * 86400.0} kg/day",
            "hourly_share": [1.0 / 24.0] * 24,
        },
    }
)
OBJECTIVE = Objective(penalty=10.0, end_value=2.0)
TEXT = """# What strategies would have earned in Belgium, 2024 and 2025

Belgian day-ahead prices and imbalance prices per quarter-hour, {first} to {last} ({days:.0f} days, all quarter-hours
that both have), and the wind of Westhinder in the same quarter-hours (10 m, carried to 100 m with a shear of 0.08;
{filled} of {count} quarter-hours interpolated).
Plant: 100 MW of wind (power 100 ((v - 3) / 9)^2.5 MW between 3 and 12 m/s,
cut-out 25 m/s), electrolyser 40 MW at 52.5 kWh/kg, fuel cell 10 MW at 16.65 kWh/kg, tank 20 t, 200 kg/h asked for,
10 EUR for every kilogram not delivered, 2 EUR for one left in the tank. Printed by `tools/study_belgian_balancing.py`.

## Sold day-ahead
Everything is sold as it comes at the day-ahead price; what was not delivered of the hydrogen is taken off.

| strategy | hydrogen delivered [t] | earned [million EUR] | regret |
|---|---|---|---|
{rows}

## Nominated and settled
The export of the same strategy on the wind forecast a day ahead (error 10 % of the largest power, 0.9 from hour to
hour) is nominated; rules then keep to it, and deviations are paid at the published imbalance price (one price for
surplus and shortage, `single_2020`). `imbalance` and `rolling-horizon` see the price of the quarter-hour that has just
ended; the rolling horizon expects {persistence:.2f} of its distance to the day-ahead price to last for another
quarter-hour (the autocorrelation of these data). The optimum knows all prices, and keeps the nomination of its row.

| strategy | hydrogen delivered [t] | earned [million EUR] | of it by deviations | optimum | regret |
|---|---|---|---|---|---|
{settled}

![Earned by strategy](figures/balancing-belgium.png)

**What it says.** {verdict}

**Limits.** The wind is measured at one coastal station and not that of a farm; deviations are small against the
market, so that they do not move its prices; the plant has no minimum load here, so that the optimum is exact. The
thresholds of the rules are quantiles of the whole series (35 % and 90 %), which nobody knows in advance. The price of a
quarter-hour is taken as known when it ends; Elia publishes it within minutes. Capacity products are left out: the data
hold no volumes that were called.
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
        over_time(power),
        over_time(table["day_ahead"].to_numpy() / MEGAWATT_HOUR),
        over_time(table["imbalance"].to_numpy() / MEGAWATT_HOUR),
        filled,
    )


def dispatch(
    name: str,
    wind: xr.DataArray,
    price: xr.DataArray,
    nominated: xr.DataArray | None = None,
    quarters: QuarterPrices | None = None,
    persistence: float = 0.0,
) -> xr.Dataset:
    """Run one strategy; after a nomination in the prices that follow, as far as they are known."""
    around = surroundings(wind, price, xr.full_like(wind, DEMAND))
    stated = load_component("imbalance", "single-2020", Imbalance).model_copy(update={"persistence": persistence})
    trade = Trade(PLANT, GRID, around, OBJECTIVE, nominated=nominated, quarters=quarters, imbalance=stated)
    chosen = strategy(name, seed=1) if name == ROLLING_HORIZON else strategy(name)
    return carry_out(chosen, trade).result


def tonnes(done: xr.Dataset) -> float:
    """Return the hydrogen delivered [t]."""
    return float(done["hydrogen_delivered"].sum()) * QUARTER / 1000.0


def main() -> None:
    """Write the page and its figure."""
    wind, price, imbalance, filled = series(Path(sys.argv[1]))
    ahead = wind.copy(data=day_ahead_forecast(Forecast(), wind.to_numpy(), QUARTER, 1))
    paid = imbalance.to_numpy() * MEGAWATT_HOUR
    quarters = QuarterPrices("single_2020", 1, np.zeros(paid.size), paid, paid, paid)
    spread = paid - price.to_numpy() * MEGAWATT_HOUR
    persistence = float(np.corrcoef(spread[1:], spread[:-1])[0, 1])
    best = earned(dispatch(PERFECT_FORESIGHT, wind, price), OBJECTIVE) / 1e6
    rows, settled_rows, alone, after = [], [], {}, {}
    for name in STRATEGIES:
        done = dispatch(name, wind, price)
        alone[name] = earned(done, OBJECTIVE) / 1e6
        rows.append(
            f"| `{name}` | {tonnes(done):,.0f} | {alone[name]:.2f} | {100.0 * (1.0 - alone[name] / best):.1f} % |"
        )
        nominated = dispatch(name, ahead, price)["power_exported"]
        known = (nominated, quarters, persistence)
        found = dispatch(name, wind, price, *known)
        bound = dispatch(PERFECT_FORESIGHT, wind, price, *known)
        after[name], most = earned(found, OBJECTIVE) / 1e6, earned(bound, OBJECTIVE) / 1e6
        by_deviations = float(found["revenue_imbalance"].sum()) / 1e6
        settled_rows.append(
            f"| `{name}` | {tonnes(found):,.0f} | {after[name]:.2f} | {by_deviations:+.2f} | {most:.2f} "
            f"| {100.0 * (1.0 - after[name] / most):.1f} % |"
        )
        print(rows[-1], settled_rows[-1], sep="\n", flush=True)
    with matplotlib.rc_context(SETTINGS):
        figure = new_figure(TWO_COLUMNS, 2.8)
        axes = figure.add_subplot()
        place = np.arange(len(alone))
        axes.bar(place - 0.2, list(alone.values()), 0.4, color=DARK_BLUE, label="day-ahead, as it comes")
        axes.bar(
            place + 0.2,
            list(after.values()),
            0.4,
            color=SKY_BLUE,
            edgecolor="black",
            linewidth=0.4,
            label="nominated a day ahead and settled",
        )
        axes.axhline(best, color=VERMILION, linestyle="--", linewidth=1.0, label="optimum, day-ahead")
        axes.set_xticks(place, list(alone), rotation=20)
        axes.set_ylabel("Earned [million EUR]")
        axes.legend(ncols=3, loc="lower left", bbox_to_anchor=(0.0, 1.0))
        save(figure, PAGE.parent / "figures", "balancing-belgium", ("png",))
    rules = [name for name in STRATEGIES if name not in (PERFECT_FORESIGHT, ROLLING_HORIZON)]
    first, second = max(rules, key=alone.__getitem__), max(rules, key=after.__getitem__)
    left = {name: 100.0 * (1.0 - alone[name] / best) for name in (ROLLING_HORIZON, first)}
    gained = after[ROLLING_HORIZON] - alone[ROLLING_HORIZON]
    standing = alone["none"] - after["none"]
    verdict = (
        f"Sold day-ahead, a rolling horizon of two days leaves {left[ROLLING_HORIZON]:.1f} % of the optimum; "
        f"the best rule, `{first}`, {left[first]:.1f} %. Settled, the rolling horizon earns "
        f"{after[ROLLING_HORIZON]:.2f} million\nEUR and the best rule, `{second}`, {after[second]:.2f}; reacting to "
        f"the imbalance is worth {gained:+.2f} million to the rolling horizon, forecast errors paid.\n"
        f"Settling what the forecast missed costs a plant that stands still {standing:.2f} million."
    )
    stamps = wind["time"].to_numpy()
    PAGE.write_text(
        TEXT.format(
            first=str(stamps[0])[:10],
            last=str(stamps[-1])[:10],
            days=stamps.size / 96.0,
            filled=filled,
            count=stamps.size,
            rows="\n".join(rows),
            settled="\n".join(settled_rows),
            verdict=verdict,
            persistence=persistence,
        )
    )


if __name__ == "__main__":
    main()
