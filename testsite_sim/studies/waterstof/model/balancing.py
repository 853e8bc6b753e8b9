"""The lead market of balancing: how much hydrogen plant earns its cost by flexibility, next to its rivals.

Incomes per power follow the dispatches of `flexibility`, times the price of the year. Imbalances grow with the wind at
sea: their size by the square root of the variances added, and incomes by imbalances and the power that takes them with
it. What more power would earn falls along the power that already works against imbalances; power enters as long as
the next watt earns its cost.
"""

from dataclasses import dataclass

import numpy as np
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.constants import LOWER_HEATING_VALUE

from testsite_sim.common.units import HOUR, SECONDS_PER_YEAR
from testsite_sim.studies.framework.annuity import annuity
from testsite_sim.studies.framework.calendar import Years, over_years
from testsite_sim.studies.framework.uncertainty import Values
from testsite_sim.studies.waterstof.configuration.study import Waterstof
from testsite_sim.studies.waterstof.model.flexibility import LEVELS, TAKEN, FlexibilityYears, Worth
from testsite_sim.studies.waterstof.model.nozzle import COMPONENTS, Energy
from testsite_sim.studies.waterstof.model.technology import Experience

OPTIONS = ("electrolyser", "fuel-cell", "battery", "interconnector")
HYDROGEN = 2  # of the options, those on hydrogen
SERVICES = ("day-ahead", "imbalance", "reserve")
MAKING = ("electricity", "electrolyser", "electrolyser-operation")
_PATH = "markets.balancing.flexibility"
_LEAST = 0.05  # of the variance of imbalances that is left where there is less wind than in the years of the ladder


@dataclass(frozen=True)
class Balancing:
    """What flexibility earns and costs [EUR/W/year], and the power that earns its cost [W]; o option, v service.

    A plant either trades (day-ahead and imbalances) or keeps its power ready (reserve).
    """

    need: Floats  # (m, y): the imbalance that is seldom exceeded, and the reserves
    income: Floats  # (m, o, v, y) of the first watt
    cost: Floats  # (m, o, y)
    alone: Floats  # (m, o, y): power that earns its cost without rivals
    competing: Floats  # (m, o, y): power of an option on hydrogen that is left to it by rivals; of the others, as alone
    standing: Floats  # (m, s, y): electrolysers of vehicles that can balance as well, up to the need
    standing_worth: Floats  # (m, s, y): what their flexibility earns beyond running steadily [EUR/W/year]
    hours: Floats  # (m, y) of an electrolyser at full load [s/year]
    threshold_capital: Floats  # (m, y): cost of an electrolyser at which its first watt earns its cost [EUR/W]
    threshold_worth: Floats  # (m, y): price of hydrogen at which it does [EUR/kg]

    def best_income(self) -> Floats:
        """Return what the first watt earns by the better of trading and keeping ready, (m, o, y) [EUR/W/year]."""
        return np.asarray(np.maximum(self.income[:, :, :2].sum(axis=2), self.income[:, :, 2]))

    def power(self) -> Floats:
        """Return hydrogen plant that balances [W], (m, s, y): electrolysers of vehicles, and what earns its cost."""
        return np.asarray(self.standing + self.competing[:, :HYDROGEN].max(axis=1)[:, None])


def balancing(
    study: Waterstof,
    value: Values,
    years: Years,
    energy: Energy,
    learnt: dict[str, Experience],
    found: FlexibilityYears,
    electrolysers: Floats,
    made: Floats,
) -> Balancing:
    """Return the market of balancing in a horizon.

    Parameters
    ----------
    study, value, years
        As everywhere.
    energy : Energy
        Consumption of electrolysers.
    learnt : dict of str to Experience
        Technologies.
    found : FlexibilityYears
        Simulated by the chain.
    electrolysers : array, (member, scenario, year)
        Power that stands for vehicles [W].
    made : array, (member, scenario, year, component)
        Cost of hydrogen from electrolysis [EUR/kg].
    """
    price = over_years(study.energy.electricity, value, "energy.electricity", years)
    growth = _growth(study, value, years, found)
    worth, fee = value(f"{_PATH}.hydrogen_worth")[:, None], value("supply.electrolyser.fee")[:, None]
    level = np.maximum(worth / energy.consumption - fee, 0.0) / price
    asked = worth / (found.fuel_cell_efficiency * LOWER_HEATING_VALUE) / price
    curves = np.stack(
        [
            _trading(found.electrolyser, "electrolyser", level, price, growth),
            _trading(found.fuel_cell, "fuel_cell", asked, price, growth),
            price[..., None] * growth[..., None] * found.battery.mean(axis=0),
            price[..., None]
            * growth[..., None]
            * value(f"{_PATH}.interconnector.room")[:, None, None]
            * found.interconnector.mean(axis=0),
        ],
        axis=1,
    )  # (m, o, y, taken)
    hours = at_level(found.electrolyser.hours.mean(axis=0)[:, 0], LEVELS["electrolyser"], level)
    cell_hours = at_level(found.fuel_cell.hours.mean(axis=0)[:, 0], LEVELS["fuel_cell"], asked)
    cost = _costs(study, value, years, learnt, hours, cell_hours)
    ready = _readiness(value, found, level, asked, price)
    places = growth[..., None] * np.asarray(TAKEN)
    traded = earning_power(curves - cost[..., None], places[:, None])
    volume = value(f"{_PATH}.reserve_volume")[:, None]
    kept = np.where(ready >= cost, volume[:, None], 0.0)
    margin = ready - cost
    first = np.where((margin[:, :HYDROGEN] > margin[:, 2:3]), kept[:, :HYDROGEN], 0.0)
    left = np.maximum(traded[:, :HYDROGEN] - traded[:, HYDROGEN:].max(axis=1, keepdims=True), 0.0)
    competing = np.concatenate([left + first, (traded + kept)[:, HYDROGEN:]], axis=1)
    need = found.rare_imbalance * growth + volume
    plain = _plain(found, level, asked, price)
    return Balancing(
        need=need,
        income=np.stack([plain, curves[..., 0] - plain, ready], axis=2),
        cost=cost,
        alone=traded + kept,
        competing=competing,
        standing=np.minimum(electrolysers, need[:, None]),
        standing_worth=_standing(value, energy, found, price, growth, made),
        hours=hours,
        threshold_capital=np.maximum(curves[:, 0, :, 0], ready[:, 0]) / (cost[:, 0] / learnt["electrolyser"].cost),
        threshold_worth=_turning_worth(value, energy, found, cost[:, 0], price, growth),
    )


def _growth(study: Waterstof, value: Values, years: Years, found: FlexibilityYears) -> Floats:
    """Return imbalances over those of the years of the ladder, (member, year), by the wind that errs."""
    wind = over_years(study.markets.balancing.offshore_wind, value, "markets.balancing.offshore_wind", years)
    before = value(f"{_PATH}.reference_wind")[:, None]
    error = found.wind_error * value(f"{_PATH}.error_left")[:, None]
    return np.sqrt(np.maximum(1.0 + (wind**2 - before**2) * (error / found.imbalance) ** 2, _LEAST))


def at_level(values: Floats, levels: tuple[float, ...], level: Floats) -> Floats:
    """Return what is known at some levels at others, linear between and beyond them, (…,) from (level,)."""
    known = np.asarray(levels)
    right = np.clip(np.searchsorted(known, level, side="right"), 1, known.size - 1)
    weight = (level - known[right - 1]) / (known[right] - known[right - 1])
    return np.asarray(values[right - 1] * (1.0 - weight) + values[right] * weight)


def earning_power(net: Floats, places: Floats) -> Floats:
    """Return the power up to which the next watt earns its cost, (…,) from what it earns net at places (…, place).

    Net incomes fall along the places; zero where the first watt does not earn its cost, the last place where all do.

    Examples
    --------
    >>> earning_power(np.array([[2.0, 1.0, -1.0]]), np.array([[0.0, 10.0, 30.0]])).tolist()
    [20.0]
    """
    falling = np.minimum.accumulate(net, axis=-1)
    places = np.broadcast_to(places, falling.shape)
    above, below = falling[..., :-1], falling[..., 1:]
    width = places[..., 1:] - places[..., :-1]
    share = np.divide(above, above - below, out=np.ones_like(above), where=(above > 0.0) & (below < 0.0))
    return np.asarray((np.where(above > 0.0, share, 0.0) * width).sum(axis=-1))


def _trading(found: Worth, machine: str, level: Floats, price: Floats, growth: Floats) -> Floats:
    """Return income by trading along the power that is taken, (member, year, taken) [EUR/W/year]."""
    levels = LEVELS[machine]
    plain = np.maximum(at_level(found.day_ahead.mean(axis=0), levels, level), 0.0)
    more = [np.maximum(at_level(column, levels, level), 0.0) for column in found.balancing.mean(axis=0).T]
    return np.asarray(price[..., None] * (plain[..., None] + growth[..., None] * np.stack(more, axis=-1)))


def _plain(found: FlexibilityYears, level: Floats, asked: Floats, price: Floats) -> Floats:
    """Return income without deviations, (member, option, year); rivals live on imbalances alone."""
    made = np.maximum(at_level(found.electrolyser.day_ahead.mean(axis=0), LEVELS["electrolyser"], level), 0.0)
    given = np.maximum(at_level(found.fuel_cell.day_ahead.mean(axis=0), LEVELS["fuel_cell"], asked), 0.0)
    none = np.zeros_like(price)
    return np.stack([price * made, price * given, none, none], axis=1)


def _readiness(value: Values, found: FlexibilityYears, level: Floats, asked: Floats, price: Floats) -> Floats:
    """Return income of power kept ready, (member, option, year); a line keeps nothing ready."""
    paid = value(f"{_PATH}.reserve_price")[:, None] * SECONDS_PER_YEAR
    made = at_level(found.electrolyser.reserve.mean(axis=0), LEVELS["electrolyser"], level)
    given = at_level(found.fuel_cell.reserve.mean(axis=0), LEVELS["fuel_cell"], asked)
    none = np.zeros_like(price)
    return np.stack([paid + price * made, paid + price * given, paid + none, none], axis=1)


def _costs(
    study: Waterstof,
    value: Values,
    years: Years,
    learnt: dict[str, Experience],
    hours: Floats,
    cell_hours: Floats,
) -> Floats:
    """Return yearly cost per power of every option, (member, option, year) [EUR/W/year]."""
    rate = value("supply.cost_of_capital")

    def charge(path: str) -> Floats:
        return (annuity(rate, value(f"{path}.life")) + value(f"{path}.operating"))[:, None]

    def worn(path: str, used: Floats) -> Floats:
        return value(f"{path}.replacement")[:, None] * used / HOUR / value(f"{path}.operating_life")[:, None]

    cell = "markets.balancing.hydrogen"
    cells = annuity(rate, value("markets.balancing.life"))[:, None] + value(f"{cell}.operating")[:, None]
    battery = value(f"{_PATH}.battery.duration")[:, None] * over_years(
        study.energy.battery, value, "energy.battery", years
    )
    line = np.repeat(value(f"{_PATH}.interconnector.capital")[:, None], years.size, axis=1)
    return np.stack(
        [
            learnt["electrolyser"].cost * (charge("supply.electrolyser") + worn("supply.electrolyser", hours)),
            learnt["fuel_cell"].cost * (cells + worn(cell, cell_hours)),
            (battery + value(f"{_PATH}.battery.converter")[:, None]) * charge(f"{_PATH}.battery"),
            line * charge(f"{_PATH}.interconnector"),
        ],
        axis=1,
    )


def _standing(
    value: Values, energy: Energy, found: FlexibilityYears, price: Floats, growth: Floats, made: Floats
) -> Floats:
    """Return what electrolysers of vehicles earn by flexibility beyond running steadily, (m, s, y) [EUR/W/year]."""
    worth = made[..., [COMPONENTS.index(name) for name in MAKING]].sum(axis=3)
    level = np.maximum(worth / energy.consumption[:, None] - value("supply.electrolyser.fee")[:, None, None], 0.0)
    level = level / price[:, None]
    levels = LEVELS["electrolyser"]
    plain = at_level(found.electrolyser.day_ahead.mean(axis=0), levels, level)
    more = np.maximum(at_level(found.electrolyser.balancing.mean(axis=0)[:, 0], levels, level), 0.0)
    steady = np.maximum(level - 1.0, 0.0) * SECONDS_PER_YEAR
    return np.asarray(price[:, None] * np.maximum(plain + growth[:, None] * more - steady, 0.0))


def _turning_worth(
    value: Values, energy: Energy, found: FlexibilityYears, cost: Floats, price: Floats, growth: Floats
) -> Floats:
    """Return the price of hydrogen at which the first watt of an electrolyser earns its cost [EUR/kg], (m, y)."""
    worth = found.electrolyser
    plain, more = worth.day_ahead.mean(axis=0), np.maximum(worth.balancing.mean(axis=0)[:, 0], 0.0)
    income = price[..., None] * (plain + growth[..., None] * more)  # (m, y, level)
    levels = np.asarray(LEVELS["electrolyser"])
    row = np.clip((income < cost[..., None]).sum(axis=-1), 1, levels.size - 1)[..., None]
    low, high = (np.take_along_axis(income, row - k, axis=-1)[..., 0] for k in (1, 0))
    start, end = levels[row[..., 0] - 1], levels[row[..., 0]]
    level = np.maximum(start + (end - start) * (cost - low) / (high - low), 0.0)
    return np.asarray((level * price + value("supply.electrolyser.fee")[:, None]) * energy.consumption)
