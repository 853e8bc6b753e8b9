"""The rules of dispatch, one small function each: from what is seen of the plant to the set-points of its machines.

All take the same arguments: the rule with its settings, the sizes of the machines, the view of the plant, the price
that the rule looks at [EUR/J] and the power that is promised to the grid [W]. `set_point_of` names them by number, so
that a kernel needs no text.
"""

from typing import NamedTuple

from testsite_kernels.numerics.compile_options import bare_part
from testsite_kernels.numerics.limits import UNLIMITED
from testsite_kernels.plant.machines import Outside, Plant, PlantState, Running, SetPoint
from testsite_kernels.plant.view import Sizes, View, fullness_of, without_compressor

NONE, SURPLUS, PRICE_THRESHOLD, FIRM_BAND, IMBALANCE, SELF_CONSUMPTION, SCHEDULE = range(7)


class Rule(NamedTuple):
    """A rule by number and its settings.

    `produce_below` and `generate_above` are prices [EUR/J]; `band` is the power [W] by which delivery may differ from
    the promise; below `reserve_level` [kg] the electrolysers fill the store whatever the price, and the fuel cells
    rest. Self-consumption: electrolysers also draw from the grid while store and station are less full than
    `grid_below_level` or the grid is cheaper than `grid_below_price`; fuel cells draw on the store above
    `store_above_level` (both 0 to 1). A rule buys all by-product that is used or finds room; a schedule buys what it
    says, and more where `by_product_serves` a demand that nothing else does.
    """

    number: int
    produce_below: float
    generate_above: float
    band: float
    reserve_level: float
    grid_below_level: float
    grid_below_price: float
    store_above_level: float
    by_product_serves: bool


@bare_part
def surplus_following(
    rule: Rule, sizes: Sizes, view: View, price: float, promised: float
) -> tuple[float, float]:  # fmt: skip
    """Electrolyse what exceeds the promise, fill up what it lacks; at a price below zero electrolyse everything."""
    if price < 0.0:
        return without_compressor(view, view.renewable - view.station_power), 0.0
    return without_compressor(view, view.renewable - view.station_power - promised), (
        promised - (view.renewable - view.station_power)
    )


@bare_part
def price_threshold(
    rule: Rule, sizes: Sizes, view: View, price: float, promised: float
) -> tuple[float, float]:  # fmt: skip
    """Electrolyse at full power below one price, generate at full power above another, rest between them."""
    if price <= rule.produce_below:
        return sizes.electrolysers, 0.0
    if price >= rule.generate_above:
        return 0.0, sizes.fuel_cells
    return 0.0, 0.0


@bare_part
def firm_band(
    rule: Rule, sizes: Sizes, view: View, price: float, promised: float
) -> tuple[float, float]:  # fmt: skip
    """Keep the delivery within a band around the promise."""
    own = view.renewable - view.station_power
    return without_compressor(view, own - (promised + rule.band)), (promised - rule.band) - own


@bare_part
def imbalance_reactive(
    rule: Rule, sizes: Sizes, view: View, price: float, promised: float
) -> tuple[float, float]:  # fmt: skip
    """Deviate on purpose where the imbalance price pays for it, else keep within the band."""
    if price <= rule.produce_below:
        return sizes.electrolysers, 0.0
    if price >= rule.generate_above:
        return 0.0, sizes.fuel_cells
    e, f = firm_band(rule, sizes, view, price, promised)
    return e, f


@bare_part
def self_consumption(
    rule: Rule, sizes: Sizes, plant: Plant, state: PlantState, view: View, outside: Outside
) -> SetPoint:
    """Electrolyse what wind and panels give, from the grid too where store or price call for it; sell the rest.

    Fuel cells run at a sale price of `generate_above` or more; below a price of zero for the plant itself alone.
    """
    own, fullness = view.renewable - view.station_power, fullness_of(plant, state)
    if fullness < rule.grid_below_level or outside.purchase_price < rule.grid_below_price:
        own += plant.import_limit
    fuel_cells = sizes.fuel_cells if outside.sale_price >= rule.generate_above else 0.0
    export = plant.export_limit if outside.sale_price >= 0.0 else 0.0
    return SetPoint(
        without_compressor(view, own), fuel_cells, False, fullness >= rule.store_above_level, export, UNLIMITED, True
    )


@bare_part
def set_point_of(
    rule: Rule, sizes: Sizes, running: Running, view: View, outside: Outside, price: float, promised: float
) -> SetPoint:
    """Return the set-points of the rule; below the reserve the store is filled and the fuel cells rest."""
    e, f, plant = 0.0, 0.0, running.plant
    if rule.number == SELF_CONSUMPTION:
        return self_consumption(rule, sizes, plant, running.state, view, outside)
    if rule.number == PRICE_THRESHOLD:
        e, f = price_threshold(rule, sizes, view, price, promised)
    elif rule.number == SURPLUS:
        e, f = surplus_following(rule, sizes, view, price, promised)
    elif rule.number == FIRM_BAND:
        e, f = firm_band(rule, sizes, view, price, promised)
    elif rule.number == IMBALANCE:
        e, f = imbalance_reactive(rule, sizes, view, price, promised)
    else:
        return SetPoint(0.0, 0.0, False, True, plant.export_limit, UNLIMITED, True)
    if view.content < rule.reserve_level:
        return SetPoint(sizes.electrolysers, 0.0, False, True, plant.export_limit, UNLIMITED, True)
    return SetPoint(e, f, False, True, plant.export_limit, UNLIMITED, True)
