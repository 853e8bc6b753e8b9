"""Weather-window statistics: how likely a start is, how long to wait, how often windows come."""

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.operations.weather_windows import (
    count_waits,
    count_windows,
    good_runs,
    limits_met,
    next_starts,
    waiting_steps,
)

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.operations.sea_state import SeaState

QUANTILES = (0.5, 0.9)


def weather_windows(
    sea: SeaState,
    durations: Sequence[float],
    *,
    wave_limit: float = np.inf,
    wind_limit: float = np.inf,
) -> xr.Dataset:
    """Compute the statistics of weather windows by month, for every start of the record.

    A window of duration d begins at a step where both limits hold through d. A start is possible where one begins;
    the waiting time from a step is the time to the first step at or after it that begins one. Starts whose window
    the end of the record cuts off are left out and counted.

    Parameters
    ----------
    sea : SeaState
        Wind and waves.
    durations : sequence of float
        Needed lengths [s], rounded up to whole steps.
    wave_limit, wind_limit : float
        Largest significant wave height [m] and wind speed [m/s] for work.

    Returns
    -------
    xarray.Dataset, dims (duration, month)
        start_probability [1], waiting_time_mean, waiting_time_p50, waiting_time_p90 [s], windows_per_year [year-1],
        starts_cut_off [1]; longest_window () [s]. A month without any resolved start is nan.

    Raises
    ------
    ConfigurationError
        When a duration is not above zero or a limit is negative.

    References
    ----------
    Persistence as in Monbet, Ailliot and Prevosto (2007), Survey of stochastic models for wind and sea state time
    series, Probabilistic Engineering Mechanics 22, 113-126.
    """
    if not durations or min(durations) <= 0.0:
        raise ConfigurationError(f"weather windows: found durations {list(durations)}; expected some, above zero.")
    if wave_limit < 0.0 or wind_limit < 0.0:
        raise ConfigurationError(
            f"weather windows: found limits {wave_limit} m, {wind_limit} m/s; expected none below 0."
        )
    size = sea.time.size
    ok = np.empty(size, np.bool_)
    limits_met(sea.significant_wave_height, sea.wind_speed, wave_limit, wind_limit, ok)
    runs = np.empty(size, np.int32)
    good_runs(ok, runs)
    starts, waits = np.empty(size + 1, np.int32), np.empty(size, np.int32)
    columns: dict[str, list[NDArray[np.float64]]] = {name: [] for name in _DESCRIPTIONS}
    for duration in durations:
        needed = int(np.ceil(duration / sea.step - 1e-9))
        next_starts(runs, needed, starts)
        largest = waiting_steps(starts, waits)
        counts, unresolved, windows = (
            np.zeros((12, largest + 1), np.int64),
            np.zeros(12, np.int64),
            np.zeros(12, np.int64),
        )
        count_waits(waits, sea.month, counts, unresolved)
        count_windows(runs, sea.month, needed, windows)
        for name, column in _columns(counts, unresolved, windows, sea).items():
            columns[name].append(column)
    data = {
        name: (("duration", "month"), np.array(columns[name]), {"units": units, "long_name": long_name})
        for name, (units, long_name) in _DESCRIPTIONS.items()
    }
    result = xr.Dataset(
        data,
        coords={
            "duration": ("duration", np.asarray(durations, np.float64), {"units": "s", "long_name": "needed duration"}),
            "month": ("month", np.arange(1, 13), {"units": "1", "long_name": "month of the start"}),
        },
        attrs={"wave_limit": wave_limit, "wind_limit": wind_limit, "years": sea.years},
    )
    longest = float(runs.max()) * sea.step
    result["longest_window"] = ((), longest, {"units": "s", "long_name": "longest window of the record"})
    return result


_DESCRIPTIONS = {
    "start_probability": ("1", "probability that a start is possible at once"),
    "waiting_time_mean": ("s", "mean waiting time until a start is possible"),
    "waiting_time_p50": ("s", "median waiting time"),
    "waiting_time_p90": ("s", "waiting time not exceeded in 90 % of the starts"),
    "windows_per_year": ("year-1", "windows of at least the duration that begin in the month"),
    "starts_cut_off": ("1", "starts left out because the record ends"),
}


def _columns(
    counts: NDArray[np.int64], unresolved: NDArray[np.int64], windows: NDArray[np.int64], sea: SeaState
) -> dict[str, NDArray[np.float64]]:
    """Return the statistics of one duration from the counts of waits (month, steps)."""
    total = counts.sum(axis=1)
    known = np.where(total > 0, total, np.nan)
    cumulated = counts.cumsum(axis=1)
    quantiles = [
        np.where(total > 0, (cumulated < np.ceil(q * total)[:, None]).sum(axis=1) * sea.step, np.nan) for q in QUANTILES
    ]
    present = np.bincount(sea.month, minlength=12)
    return {
        "start_probability": np.where(present > 0, counts[:, 0] / np.maximum(present, 1), np.nan),
        "waiting_time_mean": counts @ np.arange(counts.shape[1], dtype=np.float64) / known * sea.step,
        "waiting_time_p50": quantiles[0],
        "waiting_time_p90": quantiles[1],
        "windows_per_year": windows / sea.years,
        "starts_cut_off": unresolved.astype(np.float64),
    }
