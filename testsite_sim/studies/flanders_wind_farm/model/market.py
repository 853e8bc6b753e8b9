"""The market of offshore wind in every year, and what its growth teaches."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.errors import ConfigurationError, nearest
from testsite_sim.studies.flanders_wind_farm.configuration.offshore_jobs import OffshoreJobs
from testsite_sim.studies.framework.uncertainty import Values

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


def build_out(
    jobs: OffshoreJobs, market: str, value: Values, path: str = "jobs.markets", last: int | None = None
) -> tuple[Floats, Floats]:
    """Return what is installed in, and operating at the end of, every year, both (member, year) [W].

    Years that the market does not state are filled in: between two stated years the yearly market follows
    a + (b - a) x^p, with x from 0 to 1, and p such that it adds up to the growth of the operating power. After the last
    stated year the yearly market grows by its `growth_after`; wind farms at the end of their life are replaced by as
    much power, which is not counted as new.

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
    last : int, optional
        The last year; None: the target year.

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
    last = int(years[-1]) if last is None else last
    # A stated year beyond the last one is reached too: the years before it are filled in from it.
    rows = [k for k, year in enumerate(stated) if years[0] <= year and (k == 0 or stated[k - 1] < last)]
    known = [stated[k] for k in rows]
    installed = np.stack([value(f"{path}.{market}.years.{k}.installed") for k in rows], axis=1)
    operating = np.stack([value(f"{path}.{market}.years.{k}.operating") for k in rows], axis=1)
    every_installed, every_operating = fill_years(known, installed, operating, market)
    count = last + 1 - int(years[0])
    after = np.arange(1, count - every_installed.shape[1] + 1)
    grown = every_installed[:, -1:] * (1.0 + value(f"{path}.{market}.growth_after"))[:, None] ** after
    every_operating = np.concatenate([every_operating, every_operating[:, -1:] + np.cumsum(grown, axis=1)], axis=1)
    every_installed = np.concatenate([every_installed, grown], axis=1)
    return every_installed[:, :count], every_operating[:, :count]


def fill_years(known: Sequence[int], installed: Floats, operating: Floats, market: str) -> tuple[Floats, Floats]:
    """Return installed and operating power of every year from the first known one to the last, (member, year) [W].

    Parameters
    ----------
    known : sequence of int
        The years that are stated.
    installed, operating : array, (member, known year)
        In them [W].
    market : str
        Its name, for the error.

    Raises
    ------
    ConfigurationError
        When no path between two known years adds up to the growth of the operating power.
    """
    every_installed, every_operating = installed[:, :1], operating[:, :1]
    for k in range(1, len(known)):
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


def work_of_years(installed: Floats, duration: Floats, count: int) -> Floats:
    """Return the power on which a year's work is done, when wind farms are worked on evenly until they are installed.

    Wind farms are installed evenly over a year, each worked on evenly from `duration` d before. At a time t after the
    beginning of that year the part W(t) = M(t) - M(t - 1) of the work is done, M(t) being the mean of max(x, 0) for x
    from t to t + d.

    Parameters
    ----------
    installed : array, (member, year)
        Power installed in each year, also for as many years after `count` as works take [W].
    duration : array, (member,)
        Of the works [year].
    count : int
        The number of years to return.
    """

    def mean_ramp(at: float) -> Floats:
        return np.asarray(at + duration / 2.0 if at >= 0.0 else np.maximum(at + duration, 0.0) ** 2 / (2.0 * duration))

    def done(at: float) -> Floats:
        return mean_ramp(at) - mean_ramp(at - 1.0)

    work = np.zeros((installed.shape[0], count))
    for ahead in range(installed.shape[1] - count + 1):
        part = done(1.0 - ahead) - done(-float(ahead))
        work += part[:, None] * installed[:, ahead : ahead + count]
    return work


def highest(quantity: float) -> float:
    """Return the upper end of the range of a quantity, its value where it has none."""
    bounds = getattr(quantity, "range", None)
    return float(quantity if bounds is None else bounds[1])


def _path(first: Floats, last: Floats, growth: Floats, gap: int, what: str) -> Floats:
    """Return the yearly market of the years after the first, shape (member, gap), that adds up to the growth."""
    x = np.arange(1, gap + 1) / gap
    sums = (x[:, None] ** _EXPONENTS).sum(axis=0)  # falls with the exponent
    difference = last - first
    with np.errstate(divide="ignore", invalid="ignore"):
        target = np.where(difference == 0.0, np.nan, (growth - gap * first) / difference)
    flat = (difference == 0.0) & np.isclose(growth, gap * first)
    if np.any(~flat & ~((target >= sums[-1]) & (target <= sums[0]))):
        raise ConfigurationError(
            f"study: the market {what} on, with {first[0] / 1e6:.0f} and {last[0] / 1e6:.0f} MW a year at its ends, "
            f"cannot add up to the {growth[0] / 1e6:.0f} MW by which the operating power grows; state years between."
        )
    exponent = np.interp(target, sums[::-1], _EXPONENTS[::-1])
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
