"""Tables of the hindcast of the zone: scores, months, direction, speed, price; how well the ensemble covers."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from tools.scorecard.hindcast import AS_PUBLISHED, CLIMATE_AIR, LAND_AIR, OTHER, SENSORS, Hindcast, air_in, short
from tools.scorecard.measured import BOTH, LAND, RAW, STATIONS
from tools.scorecard.statistics import (
    Coverage,
    Floats,
    Scores,
    by_class,
    coverage,
    crps,
    monthly,
    neighbours_left_out,
    pinball,
    scores,
)

FIRST = next(iter(STATIONS))  # of the classes of direction
MAIN = BOTH  # the wind of the aims and of the tables by class
NAMES = {
    **{name: f"record of {label}" for name, label in STATIONS.items()},
    RAW: "both records, as they were measured",
    BOTH: "both records",
}
LABELS = {
    **NAMES,
    OTHER: f"{NAMES[BOTH]}, {OTHER}",
    AS_PUBLISHED: f"{NAMES[BOTH]}, hourly and at 10 m",
    **{name: f"{NAMES[BOTH]}, {name}" for name in SENSORS},
    CLIMATE_AIR: f"{NAMES[BOTH]}, air temperature of the climate",
    LAND_AIR: f"{NAMES[BOTH]}, air temperature by the days on land",
}
CALM = "00 to 02 m/s"
LOW, HIGH = 0.1, 0.9
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


def without_days(hindcast: Hindcast) -> Hindcast:
    """Return a hindcast as it is without the days on land: with the air of the climate; itself where it has none."""
    if air_in(hindcast.measured) != LAND:
        return hindcast
    power = hindcast.power | {MAIN: hindcast.power[CLIMATE_AIR]}
    return replace(hindcast, power=power, members=hindcast.without_days)


def scored(hindcast: Hindcast, station: str = MAIN) -> pd.Series:
    """Return the meter [MW] in the hours whose wind was measured at the station."""
    return hindcast.measured.power.where(hindcast.measured.known[station])


def percent(value: float, digits: int = 1) -> str:
    """Return a signed share in per cent."""
    return f"{100.0 * value:+.{digits}f} %"


def score_row(period: str, what: str, found: Scores) -> list[str]:
    """Return the row of a series."""
    spread = "–" if np.isnan(found.monthly) else f"{100.0 * found.monthly:.1f} %"
    return [
        period,
        what,
        f"{found.hours:,}",
        percent(found.energy),
        f"{found.r:.3f}",
        f"{100.0 * found.error:.1f} %",
        spread,
    ]


SCORE_HEAD = ["period", "series", "hours", "energy", "r", "RMSE, of capacity", "monthly scatter"]


def score_rows(hindcast: Hindcast) -> list[list[str]]:
    """Return the rows of a period: each station's record, each wake model, and what is next to them."""
    period, measured = hindcast.measured.period, hindcast.measured
    rows = [
        score_row(
            period.name,
            f"scenario, {LABELS[name]}",
            scores(power, scored(hindcast, name if name in NAMES else MAIN), period.capacity),
        )
        for name, power in hindcast.power.items()
    ]
    meter = scored(hindcast)
    for name, power in hindcast.models.items():
        rows.append(score_row(period.name, f"{NAMES[BOTH]}, `{name}`", scores(power, meter, period.capacity)))
    if hindcast.members.size:
        median = pd.Series(np.median(hindcast.members, axis=0), index=meter.index)
        rows.append(score_row(period.name, "median of the ensemble", scores(median, meter, period.capacity)))
    if measured.forecast is not None:
        found = scores(measured.forecast, meter, period.capacity)
        rows.append(score_row(period.name, "the operator's forecast of the day before", found))
    rows.append(score_row(period.name, "nearest neighbours, a fit", scores(nearest(hindcast), meter, period.capacity)))
    return rows


def nearest(hindcast: Hindcast) -> pd.Series:
    """Return what the same wind gave at the meter in the other months of the period: a bound of the record."""
    table, meter = hindcast.measured.table, scored(hindcast)
    known = meter.notna()
    parts = []
    for name in STATIONS:
        angle = np.radians(table[f"{name}_direction"])
        speed = table[f"{name}_speed"]
        parts += [speed, 0.3 * speed * np.sin(angle), 0.3 * speed * np.cos(angle)]
    features = np.column_stack([np.asarray(part[known]) for part in parts])
    months = pd.DatetimeIndex(meter[known].index).month.to_numpy().astype(np.int64)
    found = neighbours_left_out(features, meter[known].to_numpy(), months)
    return pd.Series(found, index=meter[known].index)


@dataclass(frozen=True)
class Months:
    """The metered months [MW] of a period, quantiles and standard deviation of the ensemble in them, (month,)."""

    names: list[str]
    measured: Floats
    simulated: Floats
    low: Floats
    middle: Floats
    high: Floats
    width: Floats


def months_of(hindcast: Hindcast) -> Months:
    """Return the months of a period."""
    meter = scored(hindcast)
    found = monthly(hindcast.power[MAIN], meter)
    month = pd.DatetimeIndex(meter.index).to_period("M")
    known = meter.notna().to_numpy()
    members = np.array([hindcast.members[:, known & (month == each)].mean(axis=1) for each in found.index])
    low, middle, high = np.quantile(members, [LOW, 0.5, HIGH], axis=1)
    return Months(
        [str(each) for each in found.index],
        found["measured"].to_numpy(),
        found["simulated"].to_numpy(),
        low,
        middle,
        high,
        members.std(axis=1),
    )


MONTH_HEAD = ["month", "metered [MW]", "simulated [MW]", "error", "P10 [MW]", "P50 [MW]", "P90 [MW]", "inside"]


def month_rows(months: Months) -> list[list[str]]:
    """Return the rows of the months."""
    rows = []
    for k, name in enumerate(months.names):
        inside = months.low[k] <= months.measured[k] <= months.high[k]
        values = (months.low[k], months.middle[k], months.high[k])
        rows.append(
            [
                name,
                f"{months.measured[k]:.1f}",
                f"{months.simulated[k]:.1f}",
                percent(months.simulated[k] / months.measured[k] - 1.0),
                *(f"{each:.1f}" for each in values),
                "yes" if inside else "no",
            ]
        )
    return rows


def month_coverage(periods: list[Months]) -> Coverage:
    """Return how many months of all periods lie inside."""
    low, high, measured = (
        np.concatenate([getattr(each, name) for each in periods]) for name in ("low", "high", "measured")
    )
    return coverage(low, high, measured)


def centred(periods: list[Months]) -> tuple[int, float, float, float]:
    """Return what `page.centre_sentence` says: months inside were each period's median right; its error and widths."""
    inside = 0
    for each in periods:
        right = each.measured.sum() / each.middle.sum()
        inside += coverage(each.low * right, each.high * right, each.measured).inside
    error = np.concatenate([each.middle / each.measured - 1.0 for each in periods])
    width = np.concatenate([each.width / each.middle for each in periods])
    return inside, float(error.mean()), float(error.std(ddof=1)), float(width.mean())


def probability_row(hindcast: Hindcast) -> list[str]:
    """Return the scores of the ensemble's hours: CRPS, pinball losses, of capacity; the share of hours inside."""
    meter = scored(hindcast)
    known = meter.notna().to_numpy()
    members, measured = hindcast.members[:, known], meter[known].to_numpy()
    capacity = hindcast.measured.period.capacity
    quantiles = np.quantile(members, QUANTILES, axis=0)
    losses = [pinball(quantiles[k], measured, each) / capacity for k, each in enumerate(QUANTILES)]
    inside = coverage(quantiles[0], quantiles[-1], measured)
    single = float(np.mean(np.abs(hindcast.power[MAIN].to_numpy()[known] - measured))) / capacity
    return [
        hindcast.measured.period.name,
        f"{members.shape[0]}",
        f"{100.0 * float(crps(members, measured).mean()) / capacity:.2f} %",
        f"{100.0 * single:.2f} %",
        *(f"{100.0 * each:.2f} %" for each in losses),
        f"{100.0 * inside.share:.0f} %",
    ]


PROBABILITY_HEAD = [
    "period",
    "members",
    "CRPS, of capacity",
    "mean absolute error of the scenario",
    *(f"pinball loss of P{100.0 * each:.0f}" for each in QUANTILES),
    "hours inside P10 to P90",
]


def classes(hindcast: Hindcast) -> dict[str, pd.Series]:
    """Return the class of each hour, by what it is sorted by."""
    table = hindcast.measured.table
    sector = (((table[f"{FIRST}_direction"] + 15.0) // 30.0) % 12 * 30).astype(int)
    speed = pd.cut(
        table[[f"{name}_speed" for name in STATIONS]].mean(axis=1), [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 40], right=False
    )
    price = pd.Series(np.where(table["price"] < 0.0, "below zero", "zero or above"), index=table.index)
    hour = pd.Series(pd.DatetimeIndex(table.index).hour // 6 * 6, index=table.index)
    return {
        "wind direction": sector.map(lambda each: f"{each:03d}°"),
        "wind speed at 10 m": speed.map(
            lambda each: f"{each.left:02.0f} to {each.right:02.0f} m/s" if each.right < 40 else "18 m/s and more"
        ),
        "day-ahead price": price,
        "time of day (UTC)": hour.map(lambda each: f"{each:02d} to {each + 6:02d} h"),
    }


def class_rows(hindcast: Hindcast, by: pd.Series) -> list[list[str]]:
    """Return the rows of a table by class."""
    found = by_class(hindcast.power[MAIN], scored(hindcast), by.astype(str)).sort_index()
    return [
        [str(name), f"{row['hours']:.0f}", f"{row['measured']:.0f}", f"{row['simulated']:.0f}", percent(row["error"])]
        for name, row in found.iterrows()
    ]


def calm_sentence(hindcast: Hindcast) -> str:
    """Return what the hours of least wind are worth: their error as a share of the energy of the period."""
    meter, by = scored(hindcast), classes(hindcast)["wind speed at 10 m"].astype(str)
    row = by_class(hindcast.power[MAIN], meter, by).loc[CALM]
    share = (row["simulated"] - row["measured"]) * row["hours"] / meter.sum()
    return (
        f"- {hindcast.measured.period.name}, {CALM}: {row['hours']:.0f} hours of {row['measured']:+.1f} MW by the "
        f"meter, {row['simulated']:+.1f} MW simulated; the difference is {percent(share, 2)} of the energy."
    )


CLASS_HEAD = ["hours", "metered [MW]", "simulated [MW]", "error"]


def year_of(hindcast: Hindcast) -> str:
    """Return the year, by which figures are named."""
    return short(hindcast.measured)


def members_text(hindcasts: list[Hindcast]) -> str:
    """Return how many members there are of each period."""
    return ", ".join(f"{each.members.shape[0]} of {each.measured.period.name}" for each in hindcasts)
