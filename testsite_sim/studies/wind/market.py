"""The market of offshore wind in every year, and what its growth teaches."""

import numpy as np
from numpy.typing import NDArray

from testsite_sim.configuration.offshore_jobs import OffshoreJobs
from testsite_sim.errors import ConfigurationError, nearest
from testsite_sim.studies.uncertainty import Values

Floats = NDArray[np.float64]
_EXPONENTS = np.geomspace(0.02, 50.0, 2001)


def study_years(jobs: OffshoreJobs) -> NDArray[np.int64]:
    """Return the years from the reference to the target.

    Raises
    ------
    ConfigurationError
        When the target does not lie after the reference.
    """
    if jobs.target_year <= jobs.reference_year:
        raise ConfigurationError(
            f"study: the target year {jobs.target_year} does not lie after the reference year {jobs.reference_year}."
        )
    return np.arange(jobs.reference_year, jobs.target_year + 1)


def build_out(jobs: OffshoreJobs, market: str, value: Values, path: str = "jobs.markets") -> tuple[Floats, Floats]:
    """Return what is installed in, and operating at the end of, every year of the study, both (member, year) [W].

    Years that the market does not state are filled in: between two stated years the yearly market follows
    a + (b - a) x^p, with x from 0 to 1, and p such that it adds up to the growth of the operating power.

    Parameters
    ----------
    jobs : OffshoreJobs
        Markets, reference and target year.
    market : str
        One of the markets.
    value : callable
        Values of the members by dotted path.
    path : str
        Where the markets stand.

    Raises
    ------
    ConfigurationError
        When the market is unknown, does not state the reference or the target year, or states powers between which no
        such path lies.
    """
    if market not in jobs.markets:
        raise ConfigurationError(f"study: there is no market {market!r}. {nearest(market, jobs.markets)}")
    years = study_years(jobs)
    stated = [row.year for row in jobs.markets[market].years]
    for year in (jobs.reference_year, jobs.target_year):
        if year not in stated:
            raise ConfigurationError(
                f"study: the market {market!r} does not state the year {year}; it states {', '.join(map(str, stated))}."
            )
    rows = [k for k, year in enumerate(stated) if years[0] <= year <= years[-1]]
    known = [stated[k] for k in rows]
    installed = np.stack([value(f"{path}.{market}.years.{k}.installed") for k in rows], axis=1)
    operating = np.stack([value(f"{path}.{market}.years.{k}.operating") for k in rows], axis=1)
    every_installed, every_operating = installed[:, :1], operating[:, :1]
    for k in range(1, len(rows)):
        gap = known[k] - known[k - 1]
        if gap == 1:
            between = installed[:, k : k + 1]
            cumulative = operating[:, k : k + 1]
        else:
            growth = operating[:, k] - operating[:, k - 1]
            between = _path(installed[:, k - 1], installed[:, k], growth, gap, f"{market!r} from {known[k - 1]}")
            cumulative = operating[:, k - 1 : k] + np.cumsum(between, axis=1)
            cumulative[:, -1] = operating[:, k]
        every_installed = np.concatenate([every_installed, between], axis=1)
        every_operating = np.concatenate([every_operating, cumulative], axis=1)
    return every_installed, every_operating


def _path(first: Floats, last: Floats, growth: Floats, gap: int, what: str) -> Floats:
    """Return the yearly market of the years after the first, shape (member, gap), that adds up to the growth."""
    x = np.arange(1, gap + 1) / gap
    sums = (x[:, None] ** _EXPONENTS).sum(axis=0)  # falls with the exponent
    difference = last - first
    with np.errstate(divide="ignore", invalid="ignore"):
        wanted = np.where(difference == 0.0, np.nan, (growth - gap * first) / difference)
    flat = (difference == 0.0) & np.isclose(growth, gap * first)
    if np.any(~flat & ~((wanted >= sums[-1]) & (wanted <= sums[0]))):
        raise ConfigurationError(
            f"study: the market {what} on, with {first[0] / 1e6:.0f} and {last[0] / 1e6:.0f} MW a year at its ends, "
            f"cannot add up to the {growth[0] / 1e6:.0f} MW by which the operating power grows; state years between."
        )
    exponent = np.interp(wanted, sums[::-1], _EXPONENTS[::-1])
    path = first[:, None] + difference[:, None] * x ** np.where(flat, 1.0, exponent)[:, None]
    return np.asarray(path * (growth / path.sum(axis=1))[:, None])


def learned(operating: Floats, rate: Floats) -> Floats:
    """Return what remains of an effort per power after learning by doing, (member, year); 1 in the first year.

    Parameters
    ----------
    operating : array, (member, year)
        Operating power [W].
    rate : array, (member,)
        What is saved with each doubling [1].

    References
    ----------
    Wright (1936), Journal of the Aeronautical Sciences 3, 122-128.
    """
    doublings = np.log2(operating / operating[:, :1])
    return np.asarray((1.0 - rate)[:, None] ** doublings)
