"""Prices of imbalance in Belgium, per quarter-hour, in three regimes.

The system imbalance is above zero when there is too much power. Upward regulation costs the marginal incremental price,
downward regulation the marginal decremental one. All prices in EUR/MWh and imbalances in MW here, since the published
formulas of α are in these units.

- `DUAL_2018` (to 2019): long and short are priced apart; who adds to the system's imbalance pays α on top.
- `SINGLE_2020`: one price for both, with α on top.
- `OFFSHORE_BAND_2009`: of older offshore farms (royal decree of 30 March 2009): a surplus within 30 % of the nomination
  earns 90 % of the day-ahead price, a shortage costs 110 %; beyond the band the dual prices hold.

Sources: Elia, tables of imbalance prices (form, and values of 21 February 2018); the formulas of α are recalled and
unverified.
"""

import math

from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import kernel, part

DUAL_2018, SINGLE_2020, OFFSHORE_BAND_2009 = range(3)
OLD_QUARTERS, OLD_THRESHOLD, OLD_DIVISOR = 8, 140.0, 15_000.0
NEW_THRESHOLD, NEW_LARGEST, NEW_MIDDLE, NEW_WIDTH = 150.0, 200.0, 450.0, 65.0
BAND, SURPLUS_SHARE, SHORTAGE_SHARE = 0.3, 0.9, 1.1


@part
def alpha_until_2019(imbalance: Floats, t: int) -> float:
    """Return α [EUR/MWh]: the mean imbalance of the last eight quarter-hours squared, over 15,000."""
    if abs(imbalance[t]) <= OLD_THRESHOLD:
        return 0.0
    first = max(0, t - OLD_QUARTERS + 1)
    total = 0.0
    for k in range(first, t + 1):
        total += imbalance[k]
    mean = total / (t + 1 - first)
    return mean * mean / OLD_DIVISOR


@part
def alpha_since_2020(imbalance: Floats, t: int, price: float) -> float:
    """Return α [EUR/MWh]: logistic in the mean size of this and the last imbalance, tempered by the price."""
    if abs(imbalance[t]) <= NEW_THRESHOLD:
        return 0.0
    x = 0.5 * (abs(imbalance[t]) + abs(imbalance[max(t - 1, 0)]))
    alpha = NEW_LARGEST / (1.0 + math.exp((NEW_MIDDLE - x) / NEW_WIDTH))
    if imbalance[t] < 0.0:
        return alpha * min(1.0, max(0.0, (400.0 - price) / 200.0))
    return alpha * min(1.0, max(0.0, (price + 200.0) / 200.0))


@kernel
def imbalance_prices(
    regime: int, imbalance: Floats, incremental: Floats, decremental: Floats, long_price: Floats, short_price: Floats,
    alpha: Floats,
) -> None:  # fmt: skip
    """Fill what a surplus earns, what a shortage costs, and α, each of shape (quarters,) [EUR/MWh].

    `imbalance`, shape (quarters,): of the system [MW]; `incremental`, `decremental`: marginal prices [EUR/MWh].
    """
    for t in range(imbalance.size):
        surplus = imbalance[t] > 0.0
        price = decremental[t] if surplus else incremental[t]
        if regime == SINGLE_2020:
            alpha[t] = alpha_since_2020(imbalance, t, price)
            long_price[t] = short_price[t] = price - alpha[t] if surplus else price + alpha[t]
        else:
            alpha[t] = alpha_until_2019(imbalance, t)
            long_price[t] = price - alpha[t] if surplus else price
            short_price[t] = price if surplus else price + alpha[t]


@kernel
def settle(
    regime: int, nominated: Floats, delivered: Floats, day_ahead: Floats, long_price: Floats, short_price: Floats,
    cash: Floats,
) -> None:  # fmt: skip
    """Fill what each deviation from the nomination earns, shape (quarters,) [EUR/MWh times the unit of power].

    `nominated`, `delivered`: any unit of power; the prices [EUR/MWh].
    """
    for t in range(nominated.size):
        deviation = delivered[t] - nominated[t]
        inside = 0.0
        if regime == OFFSHORE_BAND_2009:
            reach = BAND * max(nominated[t], 0.0)
            within = min(max(deviation, -reach), reach)
            inside = within * day_ahead[t] * (SURPLUS_SHARE if within > 0.0 else SHORTAGE_SHARE)
            deviation -= within
        cash[t] = inside + deviation * (long_price[t] if deviation > 0.0 else short_price[t])
