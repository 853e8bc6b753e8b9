"""Simulate a test site: how berths are used and how reliability grows."""

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.random_streams import fill_uniform
from testsite_kernels.operations.certification import berth_campaigns
from testsite_kernels.operations.reliability_growth import reliability_growth
from testsite_kernels.operations.weather_windows import good_runs, limits_met, next_starts

from testsite_sim.common.errors import ConfigurationError, DataError
from testsite_sim.common.units import DAY, HOUR, SECONDS_PER_YEAR
from testsite_sim.configuration.berths import OffshoreTestSite, PrototypeMove, ReliabilityGrowth
from testsite_sim.operations.failure_modes import expected_failure_rate, mode_shares
from testsite_sim.operations.sea_state import SeaState

YEAR = 365.25 * DAY
HOURS_PER_YEAR = SECONDS_PER_YEAR / HOUR
_ARRIVALS = 6


def simulate_berths(
    test_site: OffshoreTestSite, sea: SeaState, durations: xr.Dataset, *, members: int = 100, seed: int = 0
) -> xr.Dataset:
    """Let prototypes arrive, be installed, run their campaigns and leave.

    A prototype takes the berth that is free first, of those with the grid and the depth that it needs, waits for a
    window to be installed, stays until power curve, capture matrix and reliability test are done, and for a window to
    be removed. A berth whose permit would end before that is closed.

    Parameters
    ----------
    test_site : OffshoreTestSite
        Berths, arrivals, moves, requirements.
    sea : SeaState
        Wind and waves.
    durations : xarray.Dataset, dims (berth, time)
        As `certification_time` gives it.
    members : int
        Random arrival histories.
    seed : int
        Root seed.

    Returns
    -------
    xarray.Dataset, dims (member, prototype)
        berth (number, -1 if the record ends first), waiting (for a berth), installing, certifying, staying [s];
        berth_utilisation, prototypes_per_year, months_to_certificate (member), the last from arrival to certificate;
        arrived, unfinished (member) [1]: prototypes within the record, and those that do not leave before its end.
    """
    count = max(1, int(np.ceil(3.0 * test_site.arrivals * sea.years + 10.0)))
    arrivals = np.empty((members, count))
    gaps = np.empty(count)
    for k in range(members):
        fill_uniform(seed, _ARRIVALS, k, 0, gaps)
        arrivals[k] = np.cumsum(-np.log(gaps)) / max(float(test_site.arrivals), 1e-12) * YEAR / sea.step
    measured = np.maximum(durations["power_performance"].to_numpy(), durations["load_measurement"].to_numpy())
    stay = np.maximum(measured, float(test_site.reliability_growth.test_duration))
    steps = np.ceil(stay / sea.step) + np.arange(sea.time.size)
    complete = np.where(np.isfinite(steps) & (steps < sea.time.size), steps, -1).astype(np.int32)
    berth = np.empty((members, count), np.int32)
    moments = np.empty((members, count, 4))
    installed_by, removed_by = _moved(test_site.installation, sea), _moved(test_site.removal, sea)
    closes = _closes(test_site, sea)
    berth_campaigns(arrivals, installed_by, complete, removed_by, closes, berth, moments)
    began, installed, done, gone = (moments[:, :, k] for k in range(4))
    ended = berth >= 0
    if not ended.any():
        raise DataError("test site: no prototype completes its campaign within the record; expected a longer one.")
    served = ended.sum(axis=1)
    occupied = np.where(ended, gone - began, 0.0).sum(axis=1)
    horizon = np.nanmax(np.where(ended, gone, np.nan), axis=1, initial=1.0, where=ended)
    wait = {"waiting": began - arrivals, "installing": installed - began, "certifying": done - installed}
    columns = {name: values * sea.step for name, values in wait.items()} | {"staying": (gone - began) * sea.step}
    texts = {
        "waiting": "time from arrival to a berth",
        "installing": "time until installed",
        "certifying": "time until all campaigns are done",
        "staying": "time on the berth",
    }
    total = np.where(ended, done - arrivals, 0.0).sum(axis=1) * sea.step / (YEAR / 12.0)
    result = xr.Dataset(
        {
            name: (("member", "prototype"), values, {"units": "s", "long_name": texts[name]})
            for name, values in columns.items()
        }
    )
    result["berth"] = (("member", "prototype"), berth, {"units": "1", "long_name": "berth, -1 where the record ends"})
    arrived = (arrivals < sea.time.size).sum(axis=1)
    counts = {
        "arrived": (arrived, "prototypes that arrive within the record"),
        "unfinished": (arrived - served, "those of them that do not leave before it ends, or find no berth in time"),
    }
    for name, (values, text) in counts.items():
        result[name] = ("member", values.astype(float), {"units": "1", "long_name": text})
    for name, values, units, text in (
        ("berth_utilisation", occupied / (horizon * int((closes > 0.0).sum())), "1", "share of time a berth is taken"),
        ("prototypes_per_year", served / (horizon * sea.step / YEAR), "year-1", "prototypes that get a certificate"),
        ("months_to_certificate", total / np.maximum(served, 1), "month", "from arrival to certificate, mean"),
    ):
        result[name] = ("member", values, {"units": units, "long_name": text})
    return result


def _closes(test_site: OffshoreTestSite, sea: SeaState) -> Floats:
    """Return the step by which each berth must be empty; 0 for one that does not suit the prototypes."""
    ends = [np.inf if berth.permit_duration is None else berth.permit_duration / sea.step for berth in test_site.berths]
    closes = np.where([test_site.prototype.fits(berth) for berth in test_site.berths], ends, 0.0)
    if not closes.any():
        prototype = test_site.prototype
        raise ConfigurationError(
            f"test site: no berth suits a prototype of {prototype.rated_power / 1e6:g} MW for "
            f"{prototype.minimum_depth:g} to {prototype.maximum_depth:g} m; found "
            + ", ".join(f"{b.name} ({b.grid_capacity / 1e6:g} MW, {b.water_depth:g} m)" for b in test_site.berths)
            + "."
        )
    return closes


def _moved(move: PrototypeMove, sea: SeaState) -> NDArray[np.int32]:
    """Return the step by which a move expected at each step is done, -1 if never."""
    size = sea.time.size
    ok, runs, starts = np.empty(size, np.bool_), np.empty(size, np.int32), np.empty(size + 1, np.int32)
    wind_limit = sea.wind_limit(move.wind_limit, move.wind_limit_height)
    limits_met(sea.significant_wave_height, sea.wind_speed, float(move.wave_limit), wind_limit, ok)
    good_runs(ok, runs)
    needed = int(np.ceil(move.duration / sea.step - 1e-9))
    if runs.max() < needed:
        raise ConfigurationError(
            f"test site: a move of {move.duration / HOUR:g} h never fits any window of the record; the longest found "
            f"within {move.wave_limit:g} m and {move.wind_limit:g} m/s is {runs.max() * sea.step / HOUR:g} h."
        )
    next_starts(runs, needed, starts)
    done = starts[:size] + needed
    return np.where(done < size, done, -1).astype(np.int32)


def simulate_reliability_growth(
    growth: ReliabilityGrowth, *, prototypes: int = 1, members: int = 1000, seed: int = 0, points: int = 41
) -> xr.Dataset:
    """Simulate how failures at sea reveal modes and redesign removes them.

    Parameters
    ----------
    growth : ReliabilityGrowth
        Number of modes, their rates' sum and spread, the probability that a redesign removes a mode, its delay.
    prototypes : int
        Turbines that run the test together.
    members : int
        Histories.
    seed : int
        Root seed.
    points : int
        Moments of the test that are kept.

    Returns
    -------
    xarray.Dataset, dims (member, test_time)
        failure_rate [year-1] of a turbine built with what is known by then, failures [1] so far; expected_failure_rate
        (test_time) [year-1]; growth_exponent (member) [1], the beta of Crow and AMSAA, below 1 where reliability grows.

    References
    ----------
    Duane (1964), IEEE Transactions on Aerospace 2, 563-566; Crow (1974), Reliability analysis for complex repairable
    systems, SIAM, 379-410: expected failures lambda T^beta; here fitted at half and whole time.
    """
    rates = float(growth.failure_rate) * mode_shares(growth.modes, float(growth.spread)) / HOURS_PER_YEAR
    moments = np.linspace(0.0, float(growth.test_duration) / HOUR, points)
    remaining, strikes = np.empty((members, points)), np.empty((members, points))
    fix, delay = float(growth.fix_probability), float(growth.redesign_delay) / HOUR
    reliability_growth(seed, np.arange(members), rates, float(prototypes), fix, delay, moments, remaining, strikes)
    expected = expected_failure_rate(
        float(growth.failure_rate),
        fix,
        delay * HOUR,
        moments * HOUR,
        modes=growth.modes,
        spread=float(growth.spread),
        prototypes=float(prototypes),
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        half, whole = strikes[:, (points - 1) // 2], strikes[:, -1]
        beta = np.where(half > 0.0, np.log(whole / half) / np.log(moments[-1] / moments[(points - 1) // 2]), np.nan)
    dims = ("member", "test_time")
    return xr.Dataset(
        {
            "failure_rate": (
                dims,
                remaining * HOURS_PER_YEAR,
                {"units": "year-1", "long_name": "failure rate of a turbine"},
            ),
            "failures": (dims, strikes, {"units": "1", "long_name": "failures in the test so far"}),
            "expected_failure_rate": (
                "test_time",
                expected,
                {"units": "year-1", "long_name": "failure rate of a turbine, mean of the process"},
            ),
            "growth_exponent": ("member", beta, {"units": "1", "long_name": "exponent of Crow and AMSAA"}),
        },
        coords={"test_time": ("test_time", moments * HOUR, {"units": "s", "long_name": "time at sea"})},
    )
