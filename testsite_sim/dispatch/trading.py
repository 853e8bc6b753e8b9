"""A plant dispatched by its strategy in its market: a rule, the optimum of the hours ahead, or the best possible."""

from collections.abc import Sequence

from testsite_sim.configuration.strategy import AnyStrategy, NoStrategy, RollingHorizon
from testsite_sim.dispatch.forecasts import Forecast
from testsite_sim.dispatch.foresight import foreseen
from testsite_sim.dispatch.reduced import left_out
from testsite_sim.dispatch.rolling import rolled
from testsite_sim.dispatch.ruling import ruled
from testsite_sim.dispatch.settings import forecast_of
from testsite_sim.dispatch.strategies import PERFECT_FORESIGHT, ROLLING_HORIZON
from testsite_sim.dispatch.trade import Dispatched, Trade


def carry_out(
    strategy: AnyStrategy,
    trade: Trade,
    forecast: Forecast | None = None,
    known: Sequence[Dispatched] = (),
    *,
    with_rules: bool = True,
    names_best_rule: bool = True,
) -> Dispatched:
    """Dispatch by the strategy, and settle it where something was nominated.

    The strategy `imbalance` and a rolling horizon see the last price of an imbalance that is known; rules that keep a
    promise keep the nomination.

    Parameters
    ----------
    strategy : AnyStrategy
        By name, with its settings.
    trade : Trade
        The plant and its market.
    forecast : Forecast, optional
        Of a rolling horizon, instead of that of the strategy.
    known : sequence of Dispatched
        Dispatches of the same trade, which perfect foresight must not fall below.
    with_rules : bool
        Whether perfect foresight tries all rules too; False where they are among the known.
    names_best_rule : bool
        Whether the result of perfect foresight says which of the rules is the best; see `foreseen`.

    Raises
    ------
    ConfigurationError
        When the settings contradict each other.
    """
    if strategy.name not in (PERFECT_FORESIGHT, ROLLING_HORIZON):
        return ruled(strategy, trade)
    if not has_set_points(trade):
        return _without_set_points(strategy, trade)
    if isinstance(strategy, RollingHorizon):
        return rolled(strategy, trade, forecast or forecast_of(strategy))
    return foreseen(trade, known, with_rules=with_rules, names_best_rule=names_best_rule)


def has_set_points(trade: Trade) -> bool:
    """Return whether a plan has anything to set: an electrolyser or a fuel cell that is left for dispatch."""
    return trade.reduced.electrolyser_capacity > 0.0 or trade.reduced.fuel_cell_capacity > 0.0


def _without_set_points(strategy: AnyStrategy, trade: Trade) -> Dispatched:
    """Return what a plant does of which a plan can set nothing: the same as by `none`; the result says so."""
    done = ruled(NoStrategy(name="none"), trade)
    facts: dict[str, str] = {"strategy": strategy.name, "carried_out": "none"}
    unseen = left_out(trade.plant)
    if unseen:
        facts["plan_leaves_out"] = "; ".join(unseen)
    return Dispatched(done.executed, done.result.assign_attrs(facts), done.control)
