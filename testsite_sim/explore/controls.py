"""What of a scenario can be changed on the page: derived from the scenario, an amount or a choice each."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from testsite_sim.configuration.base import quantities
from testsite_sim.configuration.catalogue import names
from testsite_sim.configuration.electrolysis import ElectrolysisStacks
from testsite_sim.configuration.quantities import Quantity, number_and_unit
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.dispatch.strategies import STRATEGIES
from testsite_sim.wind import BLOCKAGES, MODELS

FARM, CONNECTION, PLANT, DISPATCH, MONEY, MORE = (
    "Wind farm", "Grid and market", "Plant", "Dispatch", "Costs", "More assumptions",
)  # fmt: skip
GROUPS = (FARM, CONNECTION, PLANT, DISPATCH, MONEY, MORE)
SPACING, ROTATION = "layout.spacing", "layout.rotation"
STACKS = "stacks.stacks"  # below an electrolyser
STEPS = 50  # of a slider, at least
SIZES = (0.1, 3.0)  # ends of the slider of a size without a range, over its value
UNBOUNDED = (0.0, 2.0)  # of any other amount
WHOLE = ("economics.lifetime",)  # of which there are whole ones only


@dataclass(frozen=True)
class Amount:
    """An amount with its unit, and a slider where its ends are known.

    Attributes
    ----------
    path
        The dotted key of the scenario.
    text
        As it is written; empty where the scenario states none.
    low, high, step
        Of the slider, in `unit`; equal ends: no slider.
    blank
        What an empty text stands for; None: the scenario wants an amount.
    """

    path: str
    group: str
    label: str
    text: str
    low: float = 0.0
    high: float = 0.0
    step: float = 1.0
    unit: str = ""
    blank: str | None = None

    @property
    def slides(self) -> bool:
        """Whether there is a slider."""
        return self.high > self.low

    def number(self, text: str) -> float | None:
        """Return where the slider stands for a text, None where it is not in the unit of the slider."""
        try:
            number, unit = number_and_unit(text)
        except ValueError:
            return None
        return number if unit == self.unit else None

    def written(self, number: float) -> str:
        """Return the text of a place of the slider: rounded to its step, with the unit."""
        digits = max(0, -math.floor(math.log10(self.step)) + 1)
        return f"{round(number, digits):.10g} {self.unit}".rstrip()


@dataclass(frozen=True)
class Choice:
    """One of several names; `labels` are what people read for the `options`."""

    path: str
    group: str
    label: str
    value: str
    options: tuple[str, ...]
    labels: tuple[str, ...]


Control = Amount | Choice

# Paths with `*` for any number, the group and the label; a `*` in the label is the number, where there are several.
LEADING: tuple[tuple[str, str, str], ...] = (
    ("operations.availability", FARM, "Availability of the turbines"),
    ("grid.export_limit", CONNECTION, "Limit of export"),
    ("grid.import_limit", CONNECTION, "Limit of import"),
    ("grid.purchase_fee", CONNECTION, "Fee on electricity bought"),
    ("market.price", CONNECTION, "One price of electricity"),
    ("market.support", CONNECTION, "Support of electricity sold"),
    ("dispatch.contracts.*.strike", CONNECTION, "Strike of the contract"),
    ("economics.hydrogen_price", CONNECTION, "Price of hydrogen"),
    ("plant.electrolysers.*.capacity", PLANT, "Electrolyser *"),
    ("plant.store.capacity", PLANT, "Hydrogen store"),
    ("plant.store.*.capacity", PLANT, "Hydrogen store *"),
    ("plant.fuel_cells.*.capacity", PLANT, "Fuel cell *"),
    ("plant.battery.capacity", PLANT, "Battery, energy"),
    ("plant.battery.power", PLANT, "Battery, power"),
    ("plant.photovoltaics.capacity", PLANT, "Panels"),
    ("plant.photovoltaics.inverter_power", PLANT, "Inverter of the panels"),
    ("plant.demand.rate", PLANT, "Demand of hydrogen"),
    ("plant.by_product.price", PLANT, "Price of by-product hydrogen"),
    ("economics.discount_rate", MONEY, "Discount rate"),
    ("economics.lifetime", MONEY, "Life of the project"),
    ("economics.wind.capital", MONEY, "Wind farm, capital"),
    ("economics.wind.operating", MONEY, "Wind farm, operation"),
    ("plant.electrolysers.*.cost.capital", MONEY, "Electrolyser *, capital"),
    ("plant.store.cost.capital", MONEY, "Store, capital"),
    ("plant.store.*.cost.capital", MONEY, "Store *, capital"),
    ("plant.fuel_cells.*.cost.capital", MONEY, "Fuel cell *, capital"),
    ("plant.battery.cost.storage", MONEY, "Battery, cells"),
    ("plant.photovoltaics.cost.capital", MONEY, "Panels, capital"),
)
# What may be left out of a section that stands, and what that means.
OPTIONAL = {
    "grid.export_limit": "no limit",
    "grid.import_limit": "no import",
    "grid.purchase_fee": "no fee",
    "market.price": "as recorded",
}
OF_A_PLANT = ("economics.hydrogen_price", "grid.import_limit", "grid.purchase_fee")  # without one, of no effect
BETWEEN = {  # ends of the slider, of amounts that often are zero
    "market.support": (0.0, 150.0, "EUR/MWh"),
    "grid.purchase_fee": (0.0, 150.0, "EUR/MWh"),
}
STRATEGY_LABELS = {
    "horizon": "Horizon of the forecasts",
    "produce_below": "Produce hydrogen below",
    "generate_above": "Run fuel cells above",
    "promised_power": "Power promised to the grid",
    "band": "Band around the promise",
    "reserve_level": "Reserve in the store",
    "grid_import_below_level": "Buy below a level of the store",
    "grid_import_below_price": "Buy below a price",
    "store_above_level": "Run fuel cells above a level",
}


def controls_of(scenario: Scenario) -> list[Control]:
    """Return what of a scenario can be changed: the leading controls by group, in the order of the page.

    Parameters
    ----------
    scenario : Scenario
        As it stands, with the choices that were made.
    """
    found: list[Control] = [*_of_farm(scenario), *_of_machines(scenario), *_of_dispatch(scenario)]
    amounts = dict(quantities(scenario))
    for pattern, group, label in LEADING:
        if pattern in OF_A_PLANT and scenario.plant is None:
            continue
        for path, number in _matching(pattern, amounts):
            several = _matches(pattern, amounts) > 1
            title = label.replace("*", str(number + 1) if several else "").replace(" ,", ",").strip()
            stacks = stacks_of(path, scenario)
            found.append(
                amount_of(path, group, title, amounts[path])
                if stacks is None
                else _number_of_stacks(path, group, title, stacks)
            )
        if pattern in OPTIONAL and pattern not in amounts and _section_stands(pattern, scenario):
            found.append(Amount(pattern, group, label, "", blank=OPTIONAL[pattern]))
    return sorted(found, key=lambda control: GROUPS.index(control.group))


def further_controls(scenario: Scenario) -> dict[str, Amount]:
    """Return every other amount of a scenario by its path, those with a range first."""
    leading = {control.path for control in controls_of(scenario)}
    rest = [(path, amount) for path, amount in quantities(scenario) if path not in leading]
    rest.sort(key=lambda pair: pair[1].range is None)
    return {path: amount_of(path, MORE, path, amount) for path, amount in rest}


def _of_farm(scenario: Scenario) -> Iterator[Control]:
    """Yield farm, spacing, rotation, wake model and blockage."""
    if scenario.farm is None or scenario.wind is None:
        return
    farms = names("configs", "farm")
    yield Choice("farm", FARM, "Farm", "", ("", *farms), ("as in the scenario", *farms))
    if sum(len(group.names) for group in scenario.farm.standing.values()) > 1:
        yield Amount(SPACING, FARM, "Distances between turbines", "100 %", 60.0, 200.0, 5.0, "%")
        yield Amount(ROTATION, FARM, "Layout turned clockwise", "0 degree", -90.0, 90.0, 5.0, "degree")
    models = _each_once(MODELS, scenario.wind.wake_model)
    yield Choice("wind.wake_model", FARM, "Wake model", scenario.wind.wake_model, models, models)
    blockages = tuple(BLOCKAGES)
    yield Choice("wind.blockage", FARM, "Blockage", scenario.wind.blockage, blockages, blockages)


def _each_once(models: Mapping[str, object], kept: str) -> tuple[str, ...]:
    """Return the names of what has several names by one of them, the one that is kept among them."""
    found: list[str] = []
    for name, model in models.items():
        if name == kept or all(model is not models[each] for each in (*found, *([kept] if kept in models else []))):
            found.append(name)
    return tuple(found)


def _of_machines(scenario: Scenario) -> Iterator[Control]:
    """Yield the choice of each machine, and of the market."""
    if scenario.market is not None:
        yield _component("market", CONNECTION, "Market", "market")
    plant = scenario.machines
    for k in range(len(plant.electrolysers)):
        label = f"Make of electrolyser {k + 1}" if len(plant.electrolysers) > 1 else "Make of electrolyser"
        yield _component(f"plant.electrolysers.{k}", PLANT, label, "electrolyser")
    if isinstance(plant.store, tuple):
        for k in range(len(plant.store)):
            yield _component(f"plant.store.{k}", PLANT, f"Make of store {k + 1}", "hydrogen-store")
    elif plant.store is not None:
        yield _component("plant.store", PLANT, "Make of store", "hydrogen-store")
    for k in range(len(plant.fuel_cells)):
        label = f"Make of fuel cell {k + 1}" if len(plant.fuel_cells) > 1 else "Make of fuel cell"
        yield _component(f"plant.fuel_cells.{k}", PLANT, label, "fuel-cell")


def _component(path: str, group: str, label: str, kind: str) -> Choice:
    """Return the choice among the configurations of a kind, or what the scenario has."""
    known = names("configs", kind)
    return Choice(path, group, label, "", ("", *known), ("as in the scenario", *known))


def _of_dispatch(scenario: Scenario) -> Iterator[Control]:
    """Yield the strategy and its settings; a setting that is left out is derived from the data."""
    if scenario.dispatch is None:
        return
    strategy = scenario.dispatch.strategy
    if strategy is None:
        return
    written = tuple(f"{{name: {name}}}" for name in STRATEGIES)  # the settings of another strategy go with it
    yield Choice("dispatch.strategy", DISPATCH, "Strategy", f"{{name: {strategy.name}}}", written, STRATEGIES)
    for name in type(strategy).model_fields:
        if name not in STRATEGY_LABELS:
            continue
        path, value = f"dispatch.strategy.{name}", getattr(strategy, name)
        if value is None:
            yield Amount(path, DISPATCH, STRATEGY_LABELS[name], "", blank="from the data")
        else:
            made = amount_of(path, DISPATCH, STRATEGY_LABELS[name], value)
            yield replace(made, blank="from the data")


def _section_stands(path: str, scenario: Scenario) -> bool:
    """Return whether the section that an amount belongs to is stated."""
    return getattr(scenario, path.split(".", 1)[0]) is not None


def _matching(pattern: str, amounts: dict[str, Quantity]) -> Iterator[tuple[str, int]]:
    """Yield the paths that a pattern stands for, and the number that its star stands for."""
    before, star, after = pattern.partition("*")
    if not star:
        if pattern in amounts:
            yield pattern, 0
        return
    middles = (path[len(before) :].removesuffix(after) for path in amounts if path.startswith(before))
    for number in sorted({int(middle) for middle in middles if middle.isdecimal()}):
        if f"{before}{number}{after}" in amounts:  # a list of stores has some without a capacity
            yield f"{before}{number}{after}", number


def _matches(pattern: str, amounts: dict[str, Quantity]) -> int:
    """Return how many paths a pattern stands for."""
    return sum(1 for _ in _matching(pattern, amounts))


def amount_of(path: str, group: str, label: str, quantity: Quantity) -> Amount:
    """Return the control of a quantity: the slider goes over its range, or about its value."""
    text = quantity.text if isinstance(quantity.text, str) else f"{quantity.text:.10g}"
    made = Amount(path, group, label, text, blank=OPTIONAL.get(path))
    try:
        value, unit = number_and_unit(text)
    except ValueError:
        return made
    low, high = _ends(path, quantity, value, unit)
    if not high > low:
        return made
    step = 1.0 if path in WHOLE else nice_step((high - low) / STEPS)
    if quantity.range is None:
        low, high = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    return replace(made, low=_rounded(min(low, value)), high=_rounded(max(high, value)), step=step, unit=unit)


def stacks_of(path: str, scenario: Scenario) -> ElectrolysisStacks | None:
    """Return the stacks that an electrolyser is made of, where a path is its capacity: it comes in whole stacks."""
    parts = path.split(".")
    if parts[:2] != ["plant", "electrolysers"] or parts[3:] != ["capacity"]:
        return None
    return scenario.machines.electrolysers[int(parts[2])].stacks


def _number_of_stacks(path: str, group: str, label: str, stacks: ElectrolysisStacks) -> Amount:
    """Return the control of how many stacks an electrolyser has."""
    one = stacks.stack_capacity
    size = one.text if isinstance(one, Quantity) else f"{float(one):g} W"
    number = int(stacks.stacks)
    below = path.removesuffix("capacity") + STACKS
    return Amount(below, group, f"{label}, stacks of {size}", str(number), 1.0, max(3.0 * number, 5.0), 1.0)


def _ends(path: str, quantity: Quantity, value: float, unit: str) -> tuple[float, float]:
    """Return the ends of a slider in the unit in which the amount is written."""
    if path in BETWEEN and BETWEEN[path][2] == unit:
        return BETWEEN[path][0], BETWEEN[path][1]
    is_size = path.endswith(("capacity", "_limit", ".rate", ".power", "inverter_power"))
    low, high = (factor * value for factor in (SIZES if is_size else UNBOUNDED))
    if quantity.range is None or quantity.range_text is None:
        return (low, high) if value > 0.0 else (0.0, 0.0)
    (first, one), (last, other) = (number_and_unit(text) for text in quantity.range_text)
    if one != unit or other != unit:
        if not float(quantity):
            return 0.0, 0.0
        first, last = (value * end / float(quantity) for end in quantity.range)
    return (min(low, first), max(high, last)) if is_size and value > 0.0 else (first, last)


def _rounded(value: float) -> float:
    """Return a number without what binary fractions add to it."""
    return float(f"{value:.10g}")


def nice_step(about: float) -> float:
    """Return the largest of 1, 2 and 5 times a power of ten that is not above a number.

    Examples
    --------
    >>> nice_step(0.3), nice_step(7.0), nice_step(0.0021)
    (0.2, 5.0, 0.002)
    """
    power = 10.0 ** math.floor(math.log10(about))
    return next(factor * power for factor in (5.0, 2.0, 1.0) if factor * power <= about * (1.0 + 1e-9))
