"""A plant dispatched by the exact optimum of the hours ahead, made again at every interval."""

from dataclasses import replace

import numpy as np

from testsite_sim.common.units import DAY
from testsite_sim.configuration.strategy import RollingHorizon, SelfConsumption
from testsite_sim.dispatch.by_itself import NOTHING_BY_ITSELF, acts_by_itself, done_by_itself
from testsite_sim.dispatch.execution import BY_SCHEDULE, execute_rolling
from testsite_sim.dispatch.forecasts import Forecast, make_forecasts
from testsite_sim.dispatch.market import energy_market
from testsite_sim.dispatch.plant import ReducedPlant
from testsite_sim.dispatch.reduced import left_out
from testsite_sim.dispatch.ruling import ruled
from testsite_sim.dispatch.storage import storage_problem
from testsite_sim.dispatch.strategies import ROLLING_HORIZON
from testsite_sim.dispatch.trade import Dispatched, Trade, settle

DEFAULT_HORIZON = 2.0 * DAY  # of a rolling horizon that states no horizon [s]


def rolled(strategy: RollingHorizon, trade: Trade, forecast: Forecast) -> Dispatched:
    """Dispatch by the exact optimum of the hours ahead, made again at every interval.

    What station and battery do by themselves is taken from a dispatch by self-consumption; the set-point leaves room
    for the compressor.
    """
    around, plant, signal, objective = trade.around, trade.reduced, trade.signal, trade.objective
    by_itself = NOTHING_BY_ITSELF
    if acts_by_itself(trade.plant):
        by_itself = done_by_itself(ruled(SelfConsumption(name="self-consumption"), trade), compressor=False)
    market = energy_market(around.price, plant, around.support, around.purchase_fee)
    power = by_itself.left(trade)
    problem = storage_problem(
        power,
        around.demand + by_itself.hydrogen,
        around.step,
        plant,
        market,
        objective,
        around.by_product,
    )
    forecasts = make_forecasts(
        forecast,
        around.time.to_numpy(),
        trade.power,
        around.step,
        float(strategy.horizon or DEFAULT_HORIZON),
        strategy.seed,
        0,
    )
    expected = around.price
    if signal is not None:
        lasting = persistence_of(trade)
        spread = signal - np.concatenate([around.price[:1], around.price[:-1]])
        fading = np.power(lasting, np.arange(1.0, forecasts.wind_error.size + 1.0))
        forecasts = forecasts._replace(spread=spread, fading=fading)
        expected = around.price + spread * lasting
    sellable = np.where(expected + around.support < 0.0, 0.0, plant.export_limit)
    control = replace(trade.control(), sellable=sellable)
    executed = execute_rolling(trade.plant, trade.grid, around, control, problem, forecasts, _hydrogen_per_joule(plant))
    facts: dict[str, int | str] = {"unsolved": executed.unsolved}
    unseen = left_out(trade.plant)
    if unseen:
        facts["plan_leaves_out"] = "; ".join(unseen)
    result = settle(executed, trade, ROLLING_HORIZON).assign_attrs(facts)
    rule = BY_SCHEDULE._replace(by_product_serves=objective.by_product_price < objective.penalty)
    control = replace(control, rule=rule, schedule=executed.output.set_points)
    true_ahead = forecasts.wind_error.size if forecast.kind == "perfect" else None
    return Dispatched(executed, result, control, true_ahead)


def _hydrogen_per_joule(plant: ReducedPlant) -> float:
    """Return the hydrogen that electricity stands for [kg/J]: what it makes, without electrolysers what makes it."""
    if plant.electrolyser_capacity > 0.0:
        return float(plant.electrolyser_table[-1] / plant.electrolyser_capacity)
    return float(plant.fuel_cell_table[-1] / plant.fuel_cell_capacity)


def persistence_of(trade: Trade) -> float:
    """Return how much of an imbalance price's distance to the day-ahead price lasts from interval to interval."""
    if trade.imbalance is None or trade.quarters is None or trade.quarters.regime == "offshore_band_2009":
        return 0.0  # the band pays by the day-ahead price, so that the imbalance price says little
    return float(trade.imbalance.persistence) ** trade.quarters.parts
