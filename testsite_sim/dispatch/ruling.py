"""A plant dispatched by a rule in its market: with its settings, or as a candidate of plans without any."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from testsite_kernels.dispatch.rule import Rule
from testsite_kernels.numerics.limits import UNLIMITED

from testsite_sim.configuration.strategy import AnyStrategy, SelfConsumption
from testsite_sim.dispatch.execution import NO_RULE, Control, execute
from testsite_sim.dispatch.settings import settings_of
from testsite_sim.dispatch.strategies import IMBALANCE, RULES, SELF_CONSUMPTION, StrategySettings, rule_of
from testsite_sim.dispatch.trade import Dispatched, Trade, settle


def ruled(strategy: AnyStrategy, trade: Trade) -> Dispatched:
    """Dispatch by a rule with its settings, and settle it where something was nominated."""
    control = _control(strategy, trade)
    executed = execute(trade.plant, trade.grid, trade.around, control, machines=trade.machines)
    return Dispatched(executed, settle(executed, trade, strategy.name), control)


def by_every_rule(trade: Trade) -> list[Dispatched]:
    """Return the dispatch of every rule without settings, in the order of `RULES`: what a plan is compared with."""
    return [by_rule(name, trade) for name in RULES]


def best_of(rules: Sequence[Dispatched], trade: Trade) -> dict[str, float | str]:
    """Return the attributes that say which of the rules has the largest objective value, and how large it is [EUR]."""
    values = {name: each.earned(trade) for name, each in zip(RULES, rules, strict=True)}
    first = max(values, key=lambda name: values[name])
    return {"best_rule": first, "objective_value_best_rule": values[first]}


def _control(strategy: AnyStrategy, trade: Trade) -> Control:
    """Return the control of a rule."""
    if isinstance(strategy, SelfConsumption):
        return trade.control(_self_consumption(strategy))
    signal = trade.signal if strategy.name == IMBALANCE else None
    market = trade.around.price if signal is None else signal
    look = market + trade.around.contract_margin if trade.around.contracts else market
    rule, constant = rule_of(
        strategy.name, settings_of(strategy), trade.reduced, trade.power, look, trade.around.demand
    )
    promised = np.full(look.size, constant) if trade.nominated is None else trade.nominated.to_numpy()
    control = trade.control(rule)
    sellable = np.where(market + trade.around.support < 0.0, 0.0, trade.reduced.export_limit)
    return replace(control, signal=look, promised=promised, sellable=sellable)


def _self_consumption(strategy: SelfConsumption) -> Rule:
    """Return the rule of self-consumption."""
    generate, below = strategy.generate_above, strategy.grid_import_below_price
    return NO_RULE._replace(
        number=RULES[SELF_CONSUMPTION],
        generate_above=-UNLIMITED if generate is None else float(generate),
        grid_below_level=float(strategy.grid_import_below_level or 0.0),
        grid_below_price=-UNLIMITED if below is None else float(below),
        store_above_level=float(strategy.store_above_level or 0.0),
    )


def by_rule(name: str, trade: Trade) -> Dispatched:
    """Dispatch by a rule without settings."""
    control = plain_control_of(name, trade)
    executed = execute(trade.plant, trade.grid, trade.around, control, machines=trade.machines)
    return Dispatched(executed, partial(settle, executed, trade, name), control)


def plain_control_of(name: str, trade: Trade) -> Control:
    """Return the control of a rule without settings."""
    if name == SELF_CONSUMPTION:
        return trade.control(_self_consumption(SelfConsumption(name="self-consumption")))
    around = trade.around
    look = around.price + around.contract_margin
    rule, promised = rule_of(name, StrategySettings(), trade.reduced, trade.power, look, around.demand)
    return replace(trade.control(rule), signal=look, promised=np.full(look.size, promised))
