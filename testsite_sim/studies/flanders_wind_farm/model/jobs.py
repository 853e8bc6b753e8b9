"""Jobs of a region in a market: share times jobs per installed and per operating power, less what productivity saves.

The share is an effective one: with jobs per power that count direct and indirect jobs, a share calibrated on direct
jobs also holds the scope of the count.
"""

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from testsite_sim.common.errors import ConfigurationError, nearest
from testsite_sim.studies.flanders_wind_farm.configuration.offshore_jobs import BuildOut, OffshoreJobs

PHASES = ("investment", "operation")


def calibrated_share(study: OffshoreJobs, market: str = "actual") -> float:
    """Return the share of the market [1] that gives the reference jobs in the reference year.

    Raises
    ------
    ConfigurationError
        When the market or the year is missing, or the share would be above one.
    """
    row = _row(study, market, study.reference_year)
    share = study.reference_jobs / float(_jobs_of_market(study, _build_out(study, market))[row].sum())
    return _checked(share, f"calibrated on {study.reference_jobs:g} jobs in {study.reference_year}")


def simulate_jobs(study: OffshoreJobs, market: str = "actual", share: float | None = None) -> xr.Dataset:
    """Return the jobs of a region in the years that a market states.

    Parameters
    ----------
    study : OffshoreJobs
        Jobs per power, growth of productivity, markets.
    market : str
        One of the markets of the study.
    share : float, optional
        Effective share of the market, kept in every year [1]; None: calibrated in the reference year.

    Returns
    -------
    xarray.Dataset, dims (year, phase)
        jobs(year, phase), power_installed(year), power_operating(year) [W]; attribute market_share.

    Raises
    ------
    ConfigurationError
        When the market is unknown or the share is not within zero and one.
    """
    build_out = _build_out(study, market)
    kept = calibrated_share(study, market) if share is None else _checked(share, "the share of the market")
    installed, operating = _powers(build_out)
    jobs_attributes = {"units": "1", "long_name": "jobs of the region, by phase of the wind farms"}
    return xr.Dataset(
        {
            "jobs": (("year", "phase"), kept * _jobs_of_market(study, build_out), jobs_attributes),
            "power_installed": ("year", installed, {"units": "W", "long_name": "power installed in the year"}),
            "power_operating": ("year", operating, {"units": "W", "long_name": "power operating at the year's end"}),
        },
        coords={"year": [row.year for row in build_out.years], "phase": list(PHASES)},
        attrs={"market": market, "market_share": kept},
    )


def required_share(study: OffshoreJobs, productivity_growth: ArrayLike, target_jobs: float | None = None) -> xr.Dataset:
    """Return the frontier of the target: the share of each market that it takes, against the growth of productivity.

    Parameters
    ----------
    study : OffshoreJobs
        Markets, jobs per power and target year.
    productivity_growth : array_like, shape (growth,)
        Growth of labour productivity from the reference year on [1/year].
    target_jobs : float, optional
        None: the target of the study.

    Returns
    -------
    xarray.Dataset, dims (market, productivity_growth)
        required_share [1], which exceeds one where no share suffices, and calibrated_share(market) [1].

    Raises
    ------
    ConfigurationError
        When a market lacks the reference or the target year, or has no jobs in the target year.
    """
    target = study.target_jobs if target_jobs is None else target_jobs
    growth = np.atleast_1d(np.asarray(productivity_growth, dtype=np.float64))
    fewer = (1.0 + growth) ** -(study.target_year - study.reference_year)
    per_share = np.array(
        [
            study.jobs_per_installed * installed[row] + study.jobs_per_operating * operating[row]
            for market in study.markets
            for row in [_row(study, market, study.target_year)]
            for installed, operating in [_powers(study.markets[market])]
        ]
    )
    if np.any(per_share <= 0.0):
        raise ConfigurationError(f"study: a market without power in {study.target_year} cannot give {target:g} jobs.")
    shares = {"units": "1"}
    return xr.Dataset(
        {
            "required_share": (
                ("market", "productivity_growth"),
                target / (per_share[:, None] * fewer),
                {**shares, "long_name": f"share of the market that gives {target:g} jobs in {study.target_year}"},
            ),
            "calibrated_share": (
                "market",
                [calibrated_share(study, market) for market in study.markets],
                {**shares, "long_name": f"share of the market in {study.reference_year}"},
            ),
        },
        coords={
            "market": list(study.markets),
            "productivity_growth": (
                "productivity_growth",
                growth,
                {"units": "year-1", "long_name": "growth of labour productivity"},
            ),
        },
    )


def _build_out(study: OffshoreJobs, market: str) -> BuildOut:
    """Return a market by its name."""
    if market not in study.markets:
        raise ConfigurationError(f"study: there is no market {market!r}. {nearest(market, study.markets)}")
    return study.markets[market]


def _row(study: OffshoreJobs, market: str, year: int) -> int:
    """Return where a market states a year."""
    years = [row.year for row in _build_out(study, market).years]
    if year not in years:
        raise ConfigurationError(f"study: the market {market!r} does not state the year {year}; it states {years}.")
    return years.index(year)


def _powers(build_out: BuildOut) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the power installed in, and operating at the end of, each year [W], shape (year,)."""
    rows = np.array([(row.installed, row.operating) for row in build_out.years], dtype=np.float64)
    return rows[:, 0], rows[:, 1]


def _jobs_of_market(study: OffshoreJobs, build_out: BuildOut) -> NDArray[np.float64]:
    """Return the jobs of the whole market by year and phase, shape (year, 2)."""
    per_power = np.array([study.jobs_per_installed, study.jobs_per_operating])
    years = np.array([row.year for row in build_out.years])
    productivity = (1.0 + study.productivity_growth) ** (years - study.reference_year)
    jobs: NDArray[np.float64] = np.column_stack(_powers(build_out)) * per_power / productivity[:, None]
    return jobs


def _checked(share: float, what: str) -> float:
    """Return a share that lies within zero and one."""
    if not 0.0 <= share <= 1.0:
        raise ConfigurationError(f"study: {what} is {share:.3g}; expected a share of at least 0 and at most 1.")
    return share
