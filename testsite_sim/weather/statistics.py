"""Statistics of a wind series by year, and their sampling error by bootstrap of the years."""

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.errors import DataError
from testsite_sim.common.roots import bracketed_root
from testsite_sim.common.time_axis import hours_of_day, months

FINE, HOURLY = np.timedelta64(10, "m"), np.timedelta64(1, "h")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
YEARLY_MEANS = "spread of the yearly means"


def yearly_statistics(record: xr.Dataset) -> dict[str, Floats]:
    """Return statistics of the wind of each whole year, by name.

    Parameters
    ----------
    record : xarray.Dataset, dims (time, height)
        wind_speed [m/s] and wind_direction [degree] at one height, in steps of ten minutes or an hour; missing values
        may stand in it. Statistics within the hour are left out of an hourly record.

    Returns
    -------
    dict of str to array (year,)
        Values in m/s, hours, degrees or 1, as the name says; a year with less than 80 % of its values is left out.

    Raises
    ------
    DataError
        When the step is another one or no year is complete.
    """
    time = record["time"].to_numpy()
    step = np.diff(time[:2])[0] if time.size > 1 else np.timedelta64(0, "ns")
    if step not in (FINE, HOURLY):
        raise DataError("statistics: expected a record in steps of 10 minutes or an hour.")
    speed = record["wind_speed"].isel(height=0).to_numpy()
    direction = record["wind_direction"].isel(height=0).to_numpy()
    years = time.astype("datetime64[Y]")
    rows = []
    for year in np.unique(years):
        here = years == year
        if np.isfinite(speed[here]).sum() * step >= np.timedelta64(365 * 24 * 8 // 10, "h"):
            rows.append(_of_year(time[here], speed[here], direction[here], 6 if step == FINE else 1))
    if not rows:
        raise DataError("statistics: the record holds no complete year.")
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def combined(statistics: dict[str, Floats]) -> dict[str, float]:
    """Return the mean over the years of each statistic, and the spread of the yearly means."""
    result = {name: float(np.nanmean(values)) for name, values in statistics.items()}
    result[YEARLY_MEANS] = float(np.std(statistics["mean"], ddof=1)) if statistics["mean"].size > 1 else np.nan
    return result


def sampling_interval(
    statistics: dict[str, Floats], *, level: float = 0.95, samples: int = 4000, seed: int = 0
) -> dict[str, tuple[float, float]]:
    """Return the interval of each combined statistic that a bootstrap of the years gives (studentised for the mean).

    Means use Student's t with the standard error of the years, as eleven years are few; the spread of the yearly means
    uses the chi-squared distribution of a variance.
    """
    from scipy import stats

    del samples, seed
    result: dict[str, tuple[float, float]] = {}
    for name, values in statistics.items():
        known = values[np.isfinite(values)]
        error = known.std(ddof=1) / np.sqrt(known.size) * stats.t.ppf(0.5 + level / 2.0, known.size - 1)
        result[name] = (float(known.mean() - error), float(known.mean() + error))
    means = statistics["mean"]
    squares = (means.size - 1) * means.var(ddof=1)
    low, high = (stats.chi2.ppf(0.5 + sign * level / 2.0, means.size - 1) for sign in (1.0, -1.0))
    result[YEARLY_MEANS] = (float(np.sqrt(squares / low)), float(np.sqrt(squares / high)))
    return result


def _of_year(time: NDArray[np.datetime64], speed: Floats, direction: Floats, parts: int) -> dict[str, float]:
    """Return the statistics of one year."""
    whole = speed.size // parts * parts
    blocks = speed[:whole].reshape(-1, parts)
    known = np.isfinite(blocks).sum(axis=1) >= max(parts - 1, 1)
    filled = np.where(np.isfinite(blocks), blocks, 0.0)
    counts = np.maximum(np.isfinite(blocks).sum(axis=1), 1)
    hourly = np.where(known, filled.sum(axis=1) / counts, np.nan)
    vector = np.exp(1j * np.radians(direction[:whole])).reshape(-1, parts)
    turned = np.nansum(vector, axis=1)
    angle = np.where(np.isfinite(vector).any(axis=1) & (np.abs(turned) > 1e-9), np.angle(turned), np.nan)
    stamps = time[:whole:parts]
    found = {**_marginal(hourly), **_seasons(stamps, hourly), **_changes(hourly), **_turning(hourly, angle)}
    if parts > 1:
        change = np.diff(speed)
        spread = np.nanstd(blocks[known & (counts == parts)], axis=1)
        found["autocorrelation 10 min"] = _autocorrelation(speed, 1)
        found["autocorrelation 30 min"] = _autocorrelation(speed, 3)
        found["standard deviation of 10-min changes"] = float(np.nanstd(change))
        found["excess kurtosis of 10-min changes"] = _kurtosis(change)
        found["99.9 % of absolute 10-min changes"] = float(np.nanquantile(np.abs(change), 0.999))
        found["spread within the hour, mean"] = float(spread.mean())
        found["spread within the hour, 95 %"] = float(np.quantile(spread, 0.95))
    return found


def _marginal(speed: Floats) -> dict[str, float]:
    """Return the distribution of hourly speeds; the Weibull shape by moments."""
    from testsite_sim.common.special_functions import gamma

    mean, deviation = float(np.nanmean(speed)), float(np.nanstd(speed))
    variation = (deviation / mean) ** 2
    shape = bracketed_root(lambda k: gamma(1 + 2 / k) / gamma(1 + 1 / k) ** 2 - 1 - variation, 0.5, 20.0)
    quantiles = {f"{level} % quantile": float(np.nanquantile(speed, level / 100)) for level in (5, 25, 50, 75, 95, 99)}
    return {
        "mean": mean,
        "standard deviation": deviation,
        "Weibull shape": float(shape),
        **quantiles,
        "highest of the year": float(np.nanmax(speed)),
        "spells below 4 m/s, mean hours": _spell(speed < 4.0),
        "spells above 15 m/s, mean hours": _spell(speed > 15.0),
        "share of time below 4 m/s": float((speed < 4.0).sum() / np.isfinite(speed).sum()),
        "share of time above 15 m/s": float((speed > 15.0).sum() / np.isfinite(speed).sum()),
    }


def _seasons(stamps: NDArray[np.datetime64], speed: Floats) -> dict[str, float]:
    """Return the mean of each month, and height and hour of the first harmonic of the mean day."""
    month = months(stamps)
    hour = hours_of_day(stamps).astype(int)
    found = {
        f"mean of {name}": float(np.nanmean(speed[month == k]))
        for k, name in enumerate(_MONTHS)
        if np.isfinite(speed[month == k]).any()
    }
    day = np.array([np.nanmean(speed[hour == each]) for each in range(24)])
    harmonic = 2.0 * (day * np.exp(-2j * np.pi * np.arange(24) / 24)).mean()
    found["amplitude of the mean day"] = float(abs(harmonic))
    found["hour of the peak of the mean day"] = float((-np.angle(harmonic) / (2 * np.pi) * 24 - 12) % 24 + 12)
    return found


def _changes(speed: Floats) -> dict[str, float]:
    """Return autocorrelations and the distribution of changes of hourly speeds."""
    found = {f"autocorrelation {lag} h": _autocorrelation(speed, lag) for lag in (1, 3, 6, 12, 24, 48, 72)}
    change = speed[1:] - speed[:-1]
    found["standard deviation of 1-h changes"] = float(np.nanstd(change))
    found["excess kurtosis of 1-h changes"] = _kurtosis(change)
    found["99.9 % of absolute 1-h changes"] = float(np.nanquantile(np.abs(change), 0.999))
    found["autocorrelation 1 h of absolute 1-h changes"] = _autocorrelation(np.abs(change), 1)
    found["autocorrelation 6 h of absolute 1-h changes"] = _autocorrelation(np.abs(change), 6)
    found["standard deviation of 6-h changes"] = float(np.nanstd(speed[6:] - speed[:-6]))
    return found


def _turning(speed: Floats, angle: Floats) -> dict[str, float]:
    """Return sectors, their mean speeds, and how the direction changes."""
    sector = np.floor((np.degrees(angle) % 360.0 + 15.0) / 30.0) % 12
    known = np.isfinite(sector)
    found = {}
    for k in range(12):
        found[f"frequency of sector {30 * k}"] = float((sector == k).sum() / known.sum())
    for k in range(12):
        here = speed[sector == k]
        found[f"mean speed of sector {30 * k}"] = float(np.nanmean(here)) if np.isfinite(here).any() else np.nan
    unit = np.exp(1j * angle)
    turned = np.degrees(np.abs(np.angle(unit[1:] * np.conj(unit[:-1]))))
    found["absolute turn in 1 h"] = float(np.nanmean(turned))
    found["absolute turn in 1 h below 5 m/s"] = float(np.nanmean(turned[speed[1:] < 5.0]))
    found["absolute turn in 1 h above 9 m/s"] = float(np.nanmean(turned[speed[1:] > 9.0]))
    for lag in (6, 24):
        found[f"mean cosine of the turn in {lag} h"] = float(np.nanmean((unit[lag:] * np.conj(unit[:-lag])).real))
    return found


def _autocorrelation(values: Floats, lag: int) -> float:
    """Return the correlation of a series with itself `lag` steps on, pairs with gaps left out."""
    first, second = values[:-lag], values[lag:]
    both = np.isfinite(first) & np.isfinite(second)
    return float(np.corrcoef(first[both], second[both])[0, 1])


def _kurtosis(values: Floats) -> float:
    """Return the excess kurtosis, gaps left out."""
    known = values[np.isfinite(values)]
    centred = known - known.mean()
    return float((centred**4).mean() / (centred**2).mean() ** 2 - 3.0)


def _spell(flags: NDArray[np.bool_]) -> float:
    """Return the mean length of runs of true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    return float((edges[1::2] - edges[::2]).mean()) if edges.size else 0.0
