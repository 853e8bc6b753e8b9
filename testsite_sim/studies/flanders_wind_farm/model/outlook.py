"""The industry from today on: markets that are announced, shares, jobs by segment, the error of the hindcast."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.studies.flanders_wind_farm.configuration.study import FlandersWindFarm
from testsite_sim.studies.flanders_wind_farm.model.market import build_out, fill_years
from testsite_sim.studies.framework.uncertainty import Values

TRIANGULAR = np.sqrt(6.0)  # half width over standard deviation of a symmetric triangular distribution


@dataclass(frozen=True)
class Powers:
    """Power of a market from the reference year on, (member, year) [W]."""

    installed: Floats  # in the year, with what replaces wind farms at the end of their life
    operating: Floats  # at its end


def known_years(study: FlandersWindFarm) -> int:
    """Return the last year in which the market of the study is known."""
    return study.jobs.markets[study.market].years[-1].year


def market_ahead(study: FlandersWindFarm, value: Values, name: str, last: int) -> Powers:
    """Return a market of the outlook after the years that are known, to a last year.

    Of an announced market the part `delivery` of every year's growth is built. After its last stated year it grows by
    as much a year. Wind farms are replaced after their life; those of before the reference year are left out.
    """
    market, path = study.outlook.markets[name], f"outlook.markets.{name}"
    known = known_years(study)
    installed, operating = build_out(study.jobs, study.market, value, last=known)
    rows = [k for k in range(len(market.years)) if k == 0 or market.years[k - 1].year < last]
    stated = [known, *(market.years[k].year for k in rows)]
    now, standing = installed[:, -1:], operating[:, -1:]
    new, total = fill_years(
        stated,
        np.concatenate([now, np.stack([value(f"{path}.years.{k}.installed") for k in rows], axis=1)], axis=1),
        np.concatenate([standing, np.stack([value(f"{path}.years.{k}.operating") for k in rows], axis=1)], axis=1),
        name,
    )
    part = value("outlook.delivery")[:, None] if market.announced else np.ones((standing.shape[0], 1))
    grown, stands = part * new[:, 1:], standing + part * (total[:, 1:] - standing)
    count = last - known
    if grown.shape[1] < count:
        more = np.repeat(grown[:, -1:], count - grown.shape[1], axis=1)
        stands = np.concatenate([stands, stands[:, -1:] + np.cumsum(more, axis=1)], axis=1)
        grown = np.concatenate([grown, more], axis=1)
    every = np.concatenate([installed, grown[:, :count]], axis=1)
    return Powers(_with_replacement(every, value("costs.life")), np.concatenate([operating, stands[:, :count]], axis=1))


def _with_replacement(new: Floats, life: Floats) -> Floats:
    """Return what is installed in every year: what is new, and what was installed a life before, (member, year)."""
    whole = np.floor(life).astype(np.int64)
    rest = (life - whole)[:, None]
    found = new.copy()
    # A life is longer than the years that are known: what replaces is known when it is needed.
    for year in range(int(whole.min()), new.shape[1]):
        index = year - whole
        earlier, before = (
            np.where(each >= 0, found[np.arange(found.shape[0]), np.maximum(each, 0)], 0.0)
            for each in (index, index - 1)
        )
        found[:, year] += (1.0 - rest[:, 0]) * earlier + rest[:, 0] * before
    return found


def error_of_forecast(value: Values, spread: float, years: NDArray[np.int64], today: int) -> Floats:
    """Return the factor on jobs by the error of the hindcast, which grows with the root of time, (member, year)."""
    ahead = np.maximum(years - today, 0)
    return np.asarray(np.exp(TRIANGULAR * spread * value("outlook.error")[:, None] * np.sqrt(ahead)))
