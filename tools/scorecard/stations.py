"""The two coastal stations against each other: breaks, and how they differ by month without them; no meter is read."""

from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from testsite_sim.weather import open_record
from testsite_sim.weather.homogeneity import Segment, correction, homogenised, over_level, segments
from testsite_sim.weather.mast_shadow import correct_mast_shadow
from tools.scorecard.measured import STATIONS, Period, history

DISTANT = "north-sea-58n-1994-2023"  # the packaged reanalysis that says which of two stations a break is of
HEAD = [
    "months",
    "first over second",
    "T0 of the break before it",
    "critical, 1 %",
    "stands out [standard errors]",
    "over its level",
]
LEAST = 0.7  # of the hours of a month
UNMETERED = "2016", "2022"  # first and last year in which nothing is metered here
UNMETERED_SAID = " to ".join(UNMETERED)


def record_of(table: pd.DataFrame, name: str) -> xr.Dataset:
    """Return the record of a station, out of the shadow of its mast."""
    hours = table.asfreq("h")
    data = {
        "wind_speed": (("time", "height"), hours[f"{name}_speed"].to_numpy()[:, None]),
        "wind_direction": (("time", "height"), hours[f"{name}_direction"].to_numpy()[:, None]),
    }
    if f"{name}_gust" in hours:
        data["wind_gust"] = ("time", hours[f"{name}_gust"].to_numpy())
    return correct_mast_shadow(xr.Dataset(data, coords={"time": hours.index.to_numpy(), "height": [10.0]}))[0]


@lru_cache(maxsize=4)
def found(data: Path) -> tuple[list[Segment], pd.DataFrame]:
    """Return the segments of the first station against the second, and hourly speeds without breaks (hour, station)."""
    table = history(data)
    records = [record_of(table, name) for name in STATIONS]
    parts = segments(*records, open_record(DISTANT))
    corrected = {}
    for k, (name, record) in enumerate(zip(STATIONS, records, strict=True)):
        whole = homogenised(record, correction(parts, k, record["time"]))
        corrected[name] = whole["wind_speed"].to_series().droplevel("height")
    return parts, pd.DataFrame(corrected).dropna()


def rows(parts: list[Segment]) -> list[list[str]]:
    """Return the rows of the segments."""
    names = list(STATIONS.values())
    return [
        [
            f"{each.first} to {each.last} ({each.months})",
            f"{100.0 * np.expm1(each.ratio):+.1f} %",
            "–" if np.isnan(each.statistic) else f"{each.statistic:.1f}",
            "–" if np.isnan(each.critical) else f"{each.critical:.1f}",
            "–"
            if np.isnan(each.stands_out).any()
            else ", ".join(f"{name} {value:+.1f}" for name, value in zip(names, each.stands_out, strict=True)),
            "–"
            if not any(each.errors)
            else ", ".join(f"{name} {text}" for name, text in zip(names, over_level(each), strict=True)),
        ]
        for each in parts
    ]


def _monthly(wind: pd.DataFrame) -> pd.Series:
    """Return the logarithm of the ratio of the monthly means, first over second."""
    month = pd.DatetimeIndex(wind.index).to_period("M")
    grouped = wind.groupby(month)
    whole = 24.0 * pd.PeriodIndex(grouped.size().index).days_in_month
    means = np.log(grouped.mean()[grouped.size().to_numpy() >= LEAST * np.asarray(whole)])
    return means.iloc[:, 0] - means.iloc[:, 1]


def ratios(wind: pd.DataFrame, period: Period) -> tuple[float, pd.Series]:
    """Return how the mean winds differ, as logarithm of the first over the second [1].

    In the unmetered years, and in each month of a period less that (month,).
    """
    means = np.log(wind.loc[slice(*UNMETERED)].mean())
    usual = float(means.iloc[0] - means.iloc[1])
    return usual, _monthly(wind.loc[period.start : period.end]) - usual


def differences(wind: pd.DataFrame) -> dict[str, float]:
    """Return how the monthly means of the two stations differ in the unmetered years [1].

    `mean`: of the logarithm of their ratio; `years`: standard deviation of its yearly means; `months`: within a year;
    `memory`: correlation of a month with the next within a year.
    """
    ratio = _monthly(wind.loc[slice(*UNMETERED)])
    yearly = ratio.groupby(pd.PeriodIndex(ratio.index).year)
    within = ratio - yearly.transform("mean")
    return {
        "mean": float(ratio.mean()),
        "years": float(yearly.mean().std()),
        "months": float(np.sqrt((within**2).sum() / (len(ratio) - yearly.ngroups))),
        "memory": float(within.autocorr(1)),
    }
