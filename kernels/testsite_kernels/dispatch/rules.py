"""The rules of dispatch, one small function each: from what is seen to the wished power of the machines.

All take the same arguments: wind power [W], the price that the rule looks at [EUR/J], the power that is
promised to the grid [W], tank content [kg] and the settings. `decide` names them by number, so that a
kernel needs no text.
"""

from typing import NamedTuple

from testsite_kernels.dispatch.plant import Plant
from testsite_kernels.numerics.compile_options import part

NONE, SURPLUS, PRICE_THRESHOLD, FIRM_BAND, IMBALANCE = 0, 1, 2, 3, 4


class Rule(NamedTuple):
    """A rule by number and its settings.

    `produce_below` and `generate_above` are prices [EUR/J]; `band` is the power [W] by which delivery may
    differ from the promise; below `reserve_level` [kg] the electrolyser fills the tank whatever the price
    and the fuel cell rests.
    """

    number: int
    produce_below: float
    generate_above: float
    band: float
    reserve_level: float


@part
def surplus_following(
    rule: Rule, plant: Plant, wind: float, price: float, promised: float, level: float
) -> tuple[float, float]:
    """Electrolyse what exceeds the promise, fill up what it lacks; at a price below zero electrolyse everything."""
    if price < 0.0:
        return wind, 0.0
    return wind - promised, promised - wind


@part
def price_threshold(
    rule: Rule, plant: Plant, wind: float, price: float, promised: float, level: float
) -> tuple[float, float]:
    """Electrolyse at full power below one price, generate at full power above another, rest between them."""
    if price <= rule.produce_below:
        return plant.electrolyser_capacity, 0.0
    if price >= rule.generate_above:
        return 0.0, plant.fuel_cell_capacity
    return 0.0, 0.0


@part
def firm_band(
    rule: Rule, plant: Plant, wind: float, price: float, promised: float, level: float
) -> tuple[float, float]:
    """Keep the delivery within a band around the promise."""
    return wind - (promised + rule.band), (promised - rule.band) - wind


@part
def imbalance_reactive(
    rule: Rule, plant: Plant, wind: float, price: float, promised: float, level: float
) -> tuple[float, float]:
    """Deviate on purpose where the imbalance price pays for it, else keep within the band."""
    if price <= rule.produce_below:
        return plant.electrolyser_capacity, 0.0
    if price >= rule.generate_above:
        return 0.0, plant.fuel_cell_capacity
    e, f = firm_band(rule, plant, wind, price, promised, level)
    return e, f


@part
def decide(rule: Rule, plant: Plant, wind: float, price: float, promised: float, level: float) -> tuple[float, float]:
    """Return the wishes of the rule; below the reserve the tank is filled and the fuel cell rests."""
    e, f = 0.0, 0.0
    if rule.number == PRICE_THRESHOLD:
        e, f = price_threshold(rule, plant, wind, price, promised, level)
    elif rule.number == SURPLUS:
        e, f = surplus_following(rule, plant, wind, price, promised, level)
    elif rule.number == FIRM_BAND:
        e, f = firm_band(rule, plant, wind, price, promised, level)
    elif rule.number == IMBALANCE:
        e, f = imbalance_reactive(rule, plant, wind, price, promised, level)
    else:
        return e, f
    if level < rule.reserve_level:
        return plant.electrolyser_capacity, 0.0
    return e, f
