"""Estimate the climate of air and sea of the southern North Sea from a record with its own profile of the wind.

    python tools/fit_air_sea.py [RECORD]

The record (hollandse-kust-noord-2023: a reanalysis with air temperature and wind at 1 m) has no sea temperature. That
of a month is the one with which the marine profile gives the ratio of its wind at 1 m to that at 50 m; a cosine of the
year goes through the months in which that ratio answers to it. The difference of air and sea is then linear in season
and wind by least squares; its spread is that of ten-day blocks which the fit has not seen. No meter is used.
"""

import sys

import numpy as np
from scipy.optimize import curve_fit
from testsite_kernels.numerics.constants import ZERO_CELSIUS
from testsite_kernels.weather.marine_profile import Layer, Measured, Spread, speed_ratios

from testsite_sim.common.errors import DataError
from testsite_sim.weather import open_record
from testsite_sim.weather.air_sea import YEAR, predictors

LOW, HIGH = 1.0, 50.0  # [m]
CORIOLIS = 1.16e-4  # at 52.7 N
SPEEDS = (5.0, 15.0)  # [m/s] at 50 m: calms have no profile, storms are neutral
REACH = 6.0  # [K] of the differences that are tried
BLOCK, FOLDS = 240, 8  # hours of a block; parts that the blocks are dealt into


def ratio_of_sums(speed, temperature, sea):
    """Return the mean wind speed at 1 m over that at 50 m by the marine profile."""
    ratios, inverse = np.empty((speed.size, 1)), np.empty(speed.size)
    same = np.ones(speed.size)
    measured = Measured(speed, HIGH, temperature, LOW, 0.8 * same, sea * same, 1014.0 * same)
    layer, known = Layer(CORIOLIS, 0.15, 1.0), Spread(np.zeros(1), np.ones(1))
    speed_ratios(measured, layer, known, np.array([LOW]), ratios, inverse)
    return float((ratios[:, 0] * speed).sum() / speed.sum())


def sea_by_month(record):
    """Return the sea temperature [°C] of each month, NaN where the profile does not answer to it."""
    month = record["time"].dt.month.to_numpy()
    wind = {z: record["wind_speed"].sel(height=z).to_numpy() for z in (LOW, HIGH)}
    temperature = record["air_temperature"].to_numpy() - ZERO_CELSIUS
    found = np.full(12, np.nan)
    tried = np.arange(-REACH, REACH + 0.1, 0.25)
    for m in range(1, 13):
        rows = (month == m) & (wind[HIGH] > SPEEDS[0]) & (wind[HIGH] < SPEEDS[1])
        measured = wind[LOW][rows].sum() / wind[HIGH][rows].sum()
        air = np.ascontiguousarray(temperature[rows])
        speed = np.ascontiguousarray(wind[HIGH][rows])
        made = [ratio_of_sums(speed, air, air.mean() + step) for step in tried]
        answer = np.interp(measured, made, tried)
        if abs(answer) < 0.5 * REACH:  # beyond, the ratio hardly changes with the temperature
            found[m - 1] = air.mean() + answer
    return found


def fit(record):
    """Return mean, amplitude [K] and coldest day of the sea, the coefficients of the difference, and its spread [K]."""
    months = sea_by_month(record)
    days = np.array([15, 45, 74, 105, 135, 166, 196, 227, 258, 288, 319, 349], float)
    good = np.isfinite(months)
    if good.sum() < 6:
        raise DataError(f"fit_air_sea: the profile answers to the sea in {good.sum()} months; expected six or more.")
    cosine = lambda day, mean, swing, cold: mean - swing * np.cos(2 * np.pi * (day - cold) / YEAR)  # noqa: E731
    (mean, swing, cold), _ = curve_fit(cosine, days[good], months[good], p0=(12.0, 6.0, 55.0))
    rows = predictors(record)
    day = (record["time"] - record["time"].astype("datetime64[Y]")).to_numpy() / np.timedelta64(1, "D")
    difference = record["air_temperature"].to_numpy() - ZERO_CELSIUS - cosine(day, mean, swing, cold)
    coefficients = np.linalg.lstsq(rows, difference, rcond=None)[0]
    left = np.empty_like(difference)
    fold = np.arange(difference.size) // BLOCK % FOLDS
    for k in range(FOLDS):
        unseen = fold == k
        left[unseen] = (
            difference[unseen] - rows[unseen] @ np.linalg.lstsq(rows[~unseen], difference[~unseen], rcond=None)[0]
        )
    return months, (mean, swing, cold), coefficients, float(left.std()), float(difference.std())


def main() -> None:
    """Print what the configuration holds."""
    record = open_record(sys.argv[1] if len(sys.argv) > 1 else "hollandse-kust-noord-2023")
    months, (mean, swing, cold), coefficients, spread, whole = fit(record)
    print("sea by month [degC]:", " ".join(f"{each:.1f}" for each in months))
    print(f"sea: mean {mean:.2f} degC, amplitude {swing:.2f} K, coldest {cold:.0f} day")
    ends = np.cumsum([0, 5, 3, 3, 3, 3])
    for k, name in enumerate(("year", "north", "east", "day_north", "day_east")):
        print(f"{name}: [{', '.join(f'{each:.2f}' for each in coefficients[ends[k] : ends[k + 1]])}]")
    print(f"spread {spread:.2f} K of {whole:.2f} K")


if __name__ == "__main__":
    main()
