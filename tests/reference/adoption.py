"""Adoption in plain NumPy, all members of a scenario at once, a year after the other."""

import numpy as np


def bass_closed_form(innovation, imitation, years):
    """Return the share of the willing that has adopted after a number of years, from none (Bass, 1969, equation 9)."""
    faded = np.exp(-(innovation + imitation) * years)
    return (1.0 - faded) / (1.0 + imitation / innovation * faded)


def adopted_a_year_later(share, innovation, imitation):
    """Return the share a year later: the closed form, entered at the time at which it has the share of today."""
    rate = innovation + imitation
    faded = (1.0 - share) / (1.0 + imitation / innovation * share)
    time = -np.log(faded) / rate
    return bass_closed_form(innovation, imitation, time + 1.0)


def adopt(fleet, attraction, ordered_share, life, innovation, imitation, initial, network, station_demand, lead):
    """Return stock, sales, ordered and stations as the kernel fills them."""
    members, scenarios, _, years = attraction.shape
    stock, sales, ordered = np.zeros((3, *attraction.shape))
    stations = np.zeros((members, scenarios, years))
    before = np.repeat(np.minimum(initial, fleet[..., 0])[:, None], scenarios, axis=1)
    p, q = innovation[:, None, None], imitation[:, None, None]
    standing = np.zeros((members, scenarios))
    for y in range(years):
        needed = (before * station_demand[:, None] * (network[:, None] > 0.0)).sum(axis=2)
        standing = np.maximum.reduce([standing, needed, lead[..., y]])
        stations[..., y] = standing
        with np.errstate(divide="ignore", invalid="ignore"):
            covered = np.where(network[:, None] > 0, 1.0 - np.exp(-standing[..., None] / network[:, None]), 1.0)
            willing = attraction[..., y] * covered * fleet[:, None, :, y]
            held = np.minimum(before, fleet[:, None, :, y])
            share = np.where(willing > held, held / willing, 0.0)
        joined = np.where(willing > held, willing * adopted_a_year_later(share, p, q) - held, 0.0)
        worn = held * np.minimum(1.0 / life[:, None], 1.0)
        left = np.where(willing > held, 0.0, (held - willing) * np.minimum(1.0 / life[:, None], 1.0))
        free = fleet[:, None, :, y] - held
        turnover = free / life[:, None]
        voluntary = np.minimum(np.minimum(joined, turnover), free)
        public = np.minimum(ordered_share[..., y] * turnover, free)
        added = np.maximum(voluntary, public)
        stock[..., y] = held - left + added
        sales[..., y] = added + worn - left
        ordered[..., y] = np.maximum(public - np.minimum(joined, turnover), 0.0)
        before = stock[..., y]
    return stock, sales, ordered, stations
