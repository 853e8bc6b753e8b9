"""Errors by the stability of the air.

By the air less the sea, where a record of the period has the temperature of the hour; by the gusts of the first
station, which are measured at the place and follow the turbulence, in every period.
"""

import numpy as np
import pandas as pd
from testsite_kernels.numerics.constants import ZERO_CELSIUS

from testsite_sim.configuration.air_sea import AirSeaClimate
from testsite_sim.configuration.loading import load_component
from testsite_sim.weather.air_sea import sea_temperature
from tools.scorecard import land_air
from tools.scorecard.hindcast import CLIMATE_AIR, LAND_AIR, Hindcast, air_in
from tools.scorecard.measured import AIR, AIR_RECORD, LAND, STATIONS
from tools.scorecard.page import number
from tools.scorecard.statistics import by_class
from tools.scorecard.zone import MAIN, percent, scored

CLIMATE = "southern-north-sea"
EDGES = (-np.inf, -2.0, -0.5, 0.5, 2.0, np.inf)  # [K] as on the page of the weather
NAMES = ("colder than -2 K", "-2 to -0.5 K", "-0.5 to 0.5 K", "0.5 to 2 K", "warmer than 2 K")
LAPSE = 0.0098  # [K/m]
SPEEDS = (4.0, 16.0)  # [m/s] at 10 m: calms have no gust factor, storms are neutral
FIFTHS = ("steadiest fifth", "second", "third", "fourth", "gustiest fifth")
FEWEST = 10  # hours of a class of speed and direction whose gusts are ranked
FLAT = 0.05  # of the metered energy: the aim of the issue that asked for the profile
BY_AIR, RUN_WITHOUT = "air less sea", "air less sea, run with the air of the climate"
RUN_BY_LAND = "air less sea, run with the air by the days on land"
DRAWS = 1000  # of days, with replacement
HEAD = ["period", "by", "class", "hours", "metered [MW]", "simulated [MW]", "error"]


def difference(air: pd.Series) -> pd.Series:
    """Return an air temperature of the hour [K] less that of the sea, the cosine of the climate [K]."""
    climate = load_component("air-sea", CLIMATE, AirSeaClimate)
    return air - ZERO_CELSIUS + LAPSE - sea_temperature(air.index.to_numpy(), climate)


def by_temperature(found: Hindcast) -> pd.Series | None:
    """Return the class of each hour by the air less the sea; None where the air of the hour is not known."""
    best = air_in(found.measured)
    if not best:
        return None
    apart = difference(found.measured.airs[best])
    return pd.Series(pd.cut(apart, list(EDGES), labels=list(NAMES), right=False), index=apart.index)


def by_chance(found: Hindcast, name: str) -> float:
    """Return the standard error of the error of a class by air less sea [1], over its days drawn with replacement."""
    classes = by_temperature(found)
    if classes is None:
        raise ValueError(f"no classes of {found.measured.period.name} by {BY_AIR}")
    both = pd.DataFrame({"simulated": found.power[MAIN], "measured": scored(found)})[classes == name].dropna()
    days = both.groupby(pd.DatetimeIndex(both.index).floor("D")).sum().to_numpy()
    drawn = np.random.Generator(np.random.Philox(0)).integers(0, len(days), (DRAWS, len(days)))
    sums = days[drawn].sum(axis=1)
    return float((sums[:, 0] / sums[:, 1]).std(ddof=1))


def by_gusts(table: pd.DataFrame) -> pd.Series | None:
    """Return the fifth of each hour by its gust factor, among hours of like speed and direction.

    Ranks within 2 m/s of the mean of both stations and a quarter of the compass of the first: the fifths have the same
    winds at 10 m, so that what differs between them is the air. None without gusts.

    Parameters
    ----------
    table : pandas.DataFrame
        Speeds, directions and gusts as `measured.read` gives them.
    """
    first = next(iter(STATIONS))
    if f"{first}_gust" not in table:
        return None
    speed = table[[f"{name}_speed" for name in STATIONS]].mean(axis=1)
    factor = table[f"{first}_gust"] / table[f"{first}_speed"]
    used = (speed >= SPEEDS[0]) & (speed < SPEEDS[1]) & np.isfinite(factor)
    alike = [speed[used] // 2.0, ((table[f"{first}_direction"][used] + 45.0) // 90.0) % 4.0]
    groups = factor[used].groupby(alike)
    rank = (groups.rank(method="first") - 0.5) / groups.transform("size")
    rank = rank[groups.transform("size") >= FEWEST]
    return pd.Series([FIFTHS[int(5.0 * each)] for each in rank], index=rank.index)


def rows(found: Hindcast) -> list[list[str]]:
    """Return the rows of a period."""
    air = by_temperature(found)
    ways = [(BY_AIR, MAIN, air, NAMES), ("gusts", MAIN, by_gusts(found.measured.table), FIFTHS)]
    others = [(RUN_WITHOUT, CLIMATE_AIR), (RUN_BY_LAND, LAND_AIR)]
    ways[1:1] = [(name, run, air, NAMES) for name, run in others if run in found.power]
    made = []
    for name, run, classes, order in ways:
        if classes is None:
            continue
        errors = by_class(found.power[run], scored(found), classes.astype(str))
        for each in order:
            if each in errors.index:
                row = errors.loc[each]
                made.append(
                    [
                        found.measured.period.name,
                        name,
                        each,
                        f"{row['hours']:.0f}",
                        f"{row['measured']:.0f}",
                        f"{row['simulated']:.0f}",
                        percent(row["error"]),
                    ]
                )
    return made


def sentences(lines: list[list[str]]) -> list[str]:
    """Return how flat the errors are over the classes, by period and way, from the rows."""
    said = []
    for period, way in dict.fromkeys((line[0], line[1]) for line in lines):
        errors = {line[2]: float(line[-1].split()[0]) for line in lines if line[:2] == [period, way]}
        low, high = min(errors, key=lambda each: errors[each]), max(errors, key=lambda each: errors[each])
        inside = sum(abs(each) <= 100.0 * FLAT for each in errors.values())
        said.append(
            f"- {period}, by {way}: from {errors[low]:+.1f} % ({low}) to {errors[high]:+.1f} % ({high}); {inside} of "
            f"{len(errors)} classes within ± {100.0 * FLAT:.0f} %."
        )
    return said


def largest(lines: list[list[str]], period: str, way: str) -> list[str] | None:
    """Return the row of the largest error of a period by a way; None where there is none."""
    mine = [line for line in lines if line[:2] == [period, way]]
    return max(mine, key=lambda line: abs(number(line[-1]))) if mine else None


def reason(lines: list[list[str]], found: Hindcast) -> str:
    """Return why the errors of a period are not flat over the air less the sea, from the rows and by chance."""
    period = found.measured.period.name
    worst, without = (largest(lines, period, way) for way in (BY_AIR, RUN_WITHOUT))
    if worst is None:
        raise ValueError(f"no rows of {period} by {BY_AIR}")
    text = (
        f"{worst[-1]} ± {100.0 * by_chance(found, worst[2]):.1f} % (standard error, its days drawn with replacement) "
        f"in the {worst[3]} hours {worst[2]}, of {worst[4]} MW: {AIRS[air_in(found.measured)]}, the sea that of a "
        "climate"
    )
    if without is not None:
        text += (
            f"; with the air of the climate, which does not know the hour, the largest error is {without[-1]} in the "
            f"{without[3]} hours {without[2]}"
        )
    return text


AIRS = {
    AIR: "the air of the hour is that of a place 153 km away",
    LAND: f"the air of the hour is that of the climate and of days at {land_air.PLACE}",
}


def lines_of(found: list[Hindcast], table: list[str], said: list[str]) -> list[str]:
    """Return the section, of its table and its sentence as they stand between their marks."""
    by: dict[str, list[str]] = {}
    for each in found:
        by.setdefault(air_in(each.measured), []).append(each.measured.period.name)
    text = {
        AIR: f"the air temperature of the hour at 1 m in `{AIR_RECORD}`, a record that ships, 153 km away",
        LAND: f"that of the climate and of the days at {land_air.PLACE} "
        "([decision 10](../decisions/010-wind-from-the-coast.md))",
        "": "that of the climate alone, so that there are no classes",
    }
    airs = ", and of ".join(f"{', '.join(names)} by {text[air]}" for air, names in by.items())
    return [
        "### By stability",
        "",
        f"By the air of the hour less the sea of the climate `{CLIMATE}`, whose coefficients were estimated at "
        f"Hollandse Kust Noord in 2023, not on a meter. Of {airs}. The run of the aims takes this air. And by the gust "
        "factor of Westhinder, hour by hour, which no run sees, ranked among hours of like wind: it is high in "
        "unstable air, and where the mean wind of the station is read too low.",
        "",
        *table,
        "",
        *said,
    ]
