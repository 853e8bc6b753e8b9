"""A plant dispatched by its strategy in its market: reserves, settlement of a nomination, and the best possible."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr
from testsite_kernels.dispatch.rule import Rule
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.limits import UNLIMITED
from testsite_kernels.plant.machines import RATES, Reserve

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.units import DAY
from testsite_sim.configuration.dispatch import Strategy
from testsite_sim.configuration.grid import Grid
from testsite_sim.configuration.imbalance import Imbalance
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.dispatch.capacity import Reserves
from testsite_sim.dispatch.execution import (
    BY_SCHEDULE,
    NO_RULE,
    Control,
    Executed,
    Surroundings,
    described,
    execute,
    execute_rolling,
    plain_control,
)
from testsite_sim.dispatch.forecasts import Forecast, make_forecasts
from testsite_sim.dispatch.general import Objective
from testsite_sim.dispatch.market import MarketCurve, energy_market
from testsite_sim.dispatch.optimum import Known, Optimum, optimum
from testsite_sim.dispatch.plant import ReducedPlant
from testsite_sim.dispatch.reduced import is_exact, reduced_plant
from testsite_sim.dispatch.settings import forecast_of, settings_of
from testsite_sim.dispatch.settlement import QuarterPrices, settled, settled_market
from testsite_sim.dispatch.storage import storage_problem
from testsite_sim.dispatch.strategies import (
    IMBALANCE,
    PERFECT_FORESIGHT,
    ROLLING_HORIZON,
    RULES,
    SELF_CONSUMPTION,
    StrategySettings,
    check_strategy,
    rule_of,
)
from testsite_sim.plant.machines import Margins

OFF, PRODUCING = 0, 2  # states of a planned operation
LOOKS_AHEAD = 2.0 * DAY  # of a rolling horizon that states no horizon [s]


@dataclass(frozen=True)
class Trade:
    """A plant, what it works in, what it is paid: after a nomination [W] the prices of deviations; reserves."""

    plant: PlantConfiguration
    grid: Grid
    around: Surroundings
    objective: Objective
    wind: bool = True
    margins: Margins = Margins()  # noqa: RUF009 (a tuple of numbers)
    nominated: xr.DataArray | None = None
    quarters: QuarterPrices | None = None
    imbalance: Imbalance | None = None
    reserves: Reserves | None = None

    @property
    def reduced(self) -> ReducedPlant:
        """What optimisers plan on, less what reserves keep."""
        return reduced_plant(self.plant, self.grid, self.margins)

    @property
    def renewable(self) -> Floats:
        """Power of wind and panels [W]; below zero their own consumption, as far as the grid can bring it."""
        return np.maximum(self.around.wind + self.around.photovoltaics, -self.reduced.import_limit)

    @property
    def wanted(self) -> Floats:
        """Hydrogen that a plan serves [kg/s]: the demand, less by-product that comes anyway."""
        return np.maximum(self.around.demand - self.around.by_product, 0.0)

    def array(self, values: Floats) -> xr.DataArray:
        """Return values over time with their stamps."""
        return xr.DataArray(values, coords={"time": self.around.time}, dims="time")

    def control(self, rule: Rule = NO_RULE) -> Control:
        """Return the control of a rule in this market; an export that costs money is curtailed."""
        limit = UNLIMITED if self.grid.export_limit is None else float(self.grid.export_limit)
        found = replace(plain_control(self.around, limit, rule), margins=self.margins)
        if self.reserves is None:
            return found
        return replace(found, ordered=self.reserves.ordered, reserve=self.reserves.kernel)


@dataclass(frozen=True)
class Dispatched:
    """A dispatch: what the machines did, the same as a Dataset with its settlement, and how it was controlled."""

    executed: Executed | None
    result: xr.Dataset
    control: Control


def carry_out(
    strategy: Strategy, trade: Trade, forecast: Forecast | None = None, known: Sequence[Dispatched] = ()
) -> Dispatched:
    """Dispatch by the strategy, and settle it where something was nominated.

    The strategy `imbalance` and a rolling horizon see the last price of an imbalance that is known; rules that keep a
    promise keep the nomination.

    Parameters
    ----------
    strategy : Strategy
        By name, with its settings.
    trade : Trade
        The plant and its market.
    forecast : Forecast, optional
        Of a rolling horizon, in place of that of the strategy.
    known : sequence of Dispatched
        Dispatches of the same trade, which perfect foresight must not fall below.

    Raises
    ------
    ConfigurationError
        When there is no strategy of that name, or its settings contradict each other.
    """
    check_strategy(strategy.name)
    if strategy.name in (PERFECT_FORESIGHT, ROLLING_HORIZON) and not _has_machines(trade):
        control = _rule(Strategy(name="none"), trade)  # nothing that a plan could set
        executed = execute(trade.plant, trade.grid, trade.around, control)
        return Dispatched(executed, _settled(executed, trade, strategy.name), control)
    if strategy.name == PERFECT_FORESIGHT:
        return _foreseen(trade, known)
    if strategy.name == ROLLING_HORIZON:
        return _rolling(strategy, trade, forecast or forecast_of(strategy))
    control = _rule(strategy, trade)
    executed = execute(trade.plant, trade.grid, trade.around, control)
    return Dispatched(executed, _settled(executed, trade, strategy.name), control)


def _has_machines(trade: Trade) -> bool:
    """Return whether an electrolyser or a fuel cell is left for dispatch."""
    return trade.reduced.electrolyser_capacity > 0.0 or trade.reduced.fuel_cell_capacity > 0.0


def _settled(executed: Executed, trade: Trade, name: str) -> xr.Dataset:
    """Return what was done as a Dataset, with reserves booked and deviations settled."""
    result = described(executed, wind=trade.wind, reserves=trade.reserves is not None).assign_attrs(strategy=name)
    if trade.reserves is not None:
        result = trade.reserves.booked(result)
    if trade.nominated is None or trade.quarters is None:
        return result
    promised = trade.nominated if trade.reserves is None else trade.nominated + trade.reserves.net_order
    return settled(result, promised, result["price"], trade.quarters)


def _signal(trade: Trade) -> Floats | None:
    """Return the imbalance price that is known when each interval begins [EUR/J]; None without settlement."""
    return None if trade.quarters is None else np.asarray(trade.quarters.known(trade.around.price))


def _rule(strategy: Strategy, trade: Trade) -> Control:
    """Return the control of a strategy that is a rule."""
    if strategy.name == SELF_CONSUMPTION:
        return trade.control(_self_consumption(strategy))
    signal = _signal(trade) if strategy.name == IMBALANCE else None
    look = trade.around.price if signal is None else signal
    rule, constant = rule_of(
        strategy.name, settings_of(strategy), trade.reduced, trade.renewable, look, trade.around.demand
    )
    promised = np.full(look.size, constant) if trade.nominated is None else trade.nominated.to_numpy()
    control = trade.control(rule)
    sellable = np.where(look + trade.around.support < 0.0, 0.0, trade.reduced.export_limit)
    return replace(control, signal=look, promised=promised, sellable=sellable)


def _self_consumption(strategy: Strategy) -> Rule:
    """Return the rule of self-consumption."""
    generate, below = strategy.generate_above, strategy.grid_import_below_price
    return NO_RULE._replace(
        number=RULES[SELF_CONSUMPTION],
        generate_above=-UNLIMITED if generate is None else float(generate),
        grid_below_level=float(strategy.grid_import_below_level or 0.0),
        grid_below_price=-UNLIMITED if below is None else float(below),
        store_above_level=float(strategy.store_above_level or 0.0),
    )


def _rolling(strategy: Strategy, trade: Trade, forecast: Forecast) -> Dispatched:
    """Dispatch by the exact optimum of the hours ahead, made again at every interval."""
    around, plant, signal = trade.around, trade.reduced, _signal(trade)
    market = energy_market(around.price, plant, around.support, around.purchase_fee)
    problem = storage_problem(
        trade.renewable, trade.wanted, around.step, plant, market, trade.objective.penalty,
        trade.objective.end_minimum, trade.objective.end_value,
    )  # fmt: skip
    forecasts = make_forecasts(
        forecast, around.time.to_numpy(), trade.renewable, around.step, float(strategy.horizon or LOOKS_AHEAD),
        int(strategy.seed or 0), 0,
    )  # fmt: skip
    expected = around.price
    if signal is not None:
        lasting = persistence_of(trade)
        spread = signal - np.concatenate([around.price[:1], around.price[:-1]])
        fading = np.power(lasting, np.arange(1.0, forecasts.wind_error.size + 1.0))
        forecasts = forecasts._replace(spread=spread, fading=fading)
        expected = around.price + spread * lasting
    size = plant.electrolyser_capacity
    full = float(plant.electrolyser_table[-1] / size) if size > 0.0 else 0.0
    sellable = np.where(expected + around.support < 0.0, 0.0, plant.export_limit)
    control = replace(trade.control(), sellable=sellable)
    executed = execute_rolling(trade.plant, trade.grid, around, control, problem, forecasts, full)
    result = _settled(executed, trade, ROLLING_HORIZON).assign_attrs(unsolved=executed.unsolved)
    control = replace(control, rule=BY_SCHEDULE, schedule=executed.output.set_points)
    return Dispatched(executed, result, control)


def persistence_of(trade: Trade) -> float:
    """Return how much of an imbalance price's distance to the day-ahead price lasts from interval to interval."""
    if trade.imbalance is None or trade.quarters is None or trade.quarters.regime == "offshore_band_2009":
        return 0.0  # the band pays by the day-ahead price, so that the imbalance price says little
    return float(trade.imbalance.persistence) ** trade.quarters.parts


def _market(trade: Trade) -> MarketCurve:
    """Return what a net export earns, after a nomination that of its deviation."""
    around, plant = trade.around, trade.reduced
    if trade.nominated is None or trade.quarters is None:
        return energy_market(around.price, plant, around.support, around.purchase_fee)
    return settled_market(
        trade.nominated.to_numpy(), around.price, trade.quarters, plant, around.support, around.purchase_fee
    )


def schedule_of(known: Known, plant: ReducedPlant, step: float) -> Floats:
    """Return the set-points of a planned operation, shape (intervals, 3).

    Parameters
    ----------
    known : tuple of ndarray
        Flows of the reduced plant (intervals, 9), in the order of `FLOWS`, and states: 0 off, 1 standby, 2 producing.
    plant : ReducedPlant
        The reduced plant.
    step : float
        [s].
    """
    flows, states = known
    before = np.concatenate([[0], states[:-1]])
    start = np.where((states == PRODUCING) & (before == OFF), plant.electrolyser_start_energy / step, 0.0)
    least = plant.electrolyser_minimum_load * plant.electrolyser_capacity
    power = np.where(flows[:, 2] > 0.0, np.maximum(flows[:, 0] - start, least), 0.0)
    return np.stack([power, flows[:, 1], (states == OFF).astype(np.float64)], axis=1)


def _by_plan(found: Optimum, trade: Trade) -> Dispatched:
    """Carry out a plan: its set-points, and its curtailment where it curtails."""
    plant = trade.reduced
    curtails = found.flows[:, 7] > 1e-9 * (1.0 + trade.renewable)
    sellable = np.where(curtails, found.flows[:, 6] - found.flows[:, 8], plant.export_limit)
    schedule = schedule_of((found.flows, found.states), plant, trade.around.step)
    control = replace(trade.control(), rule=BY_SCHEDULE, schedule=schedule, sellable=sellable)
    executed = execute(trade.plant, trade.grid, trade.around, control)
    result = _settled(executed, trade, PERFECT_FORESIGHT)
    result["water_value"] = (
        "time",
        found.water_value,
        {"units": "EUR kg-1", "long_name": "value of one more kilogram in the store"},
    )
    facts = {
        "value": found.value,
        "bound": found.bound,
        "gap": found.gap,
        "method": found.method,
        "reason": found.reason,
    }
    done = earned(result, trade.objective)
    facts["plan_gap"] = (found.value - done) / max(abs(found.value), 1e-300)
    return Dispatched(executed, result.assign_attrs(facts), control)


def flows_of(executed: Executed) -> Known:
    """Return what a plant that is its own reduced plant did as flows (intervals, 9) and states of it."""
    rate = dict(zip(RATES, executed.output.rates.T, strict=True))
    names = (
        "power_electrolysers",
        "power_fuel_cells",
        "hydrogen_produced",
        "hydrogen_to_fuel_cells",
        "hydrogen_delivered",
    )
    columns = [rate[name] for name in names]
    columns += [
        executed.output.levels[:, 0],
        *(rate[f"power_{name}"] for name in ("exported", "curtailed", "imported")),
    ]
    states = np.array([0, 0, 1, 2], np.int8)[executed.output.electrolysers[:, 0, 3].astype(np.int64)]
    return np.stack(columns, axis=1), states


def _foreseen(trade: Trade, known: Sequence[Dispatched]) -> Dispatched:
    """Dispatch with the whole future known, orders of reserves included.

    What a first plan can deliver of the orders is known to a second one. Known dispatches, and those of all rules, are
    never better than what is returned.
    """
    if trade.reserves is not None:
        return _foreseen_with_reserves(trade)
    around, plant, exact = trade.around, trade.reduced, is_exact(trade.plant)

    def dispatches() -> Iterator[Known]:
        for each in known:
            if each.executed is not None:
                yield flows_of(each.executed)
        for name in RULES:
            if name != SELF_CONSUMPTION:
                yield flows_of(_executed(_plain(name, trade)))

    found = optimum(
        trade.renewable, trade.wanted, around.step, plant, _market(trade), trade.objective,
        known=dispatches() if exact else (),
    )  # fmt: skip
    best = _by_plan(found, trade)
    if exact:
        return best
    rules = [_plain(name, trade) for name in RULES if name != SELF_CONSUMPTION]
    return max((best, *known, *rules), key=lambda each: earned(each.result, trade.objective))


def _executed(dispatched: Dispatched) -> Executed:
    """Return what the machines of a dispatch did."""
    assert dispatched.executed is not None
    return dispatched.executed


def _plain(name: str, trade: Trade) -> Dispatched:
    """Dispatch by a rule without settings."""
    around = trade.around
    rule, promised = rule_of(name, StrategySettings(), trade.reduced, trade.renewable, around.price, around.demand)
    control = replace(trade.control(rule), promised=np.full(around.price.size, promised))
    executed = execute(trade.plant, trade.grid, around, control)
    return Dispatched(executed, _settled(executed, trade, name), control)


def _foreseen_with_reserves(trade: Trade) -> Dispatched:
    """Return the better of a plan within what reserves leave, and of one that knows what they deliver."""
    assert trade.reserves is not None
    found = optimum(
        trade.renewable, trade.wanted, trade.around.step, trade.reduced, _market(trade), trade.objective
    )  # fmt: skip
    tried = [_by_plan(found, trade)]
    first = tried[0].result
    kernel: Reserve = trade.reserves.kernel
    inflow = first["power_activated_down"] * kernel.production - first["power_activated_up"] * kernel.consumption
    whole = reduced_plant(trade.plant, trade.grid, replace(trade.margins, content=0.0, room=0.0))
    try:
        again = optimum(
            trade.renewable, trade.wanted - inflow.to_numpy(), trade.around.step, whole, _market(trade), trade.objective
        )
    except ConfigurationError:  # the dispatch within its limits cannot follow what was delivered
        return tried[0]
    wide = replace(trade, margins=replace(trade.margins, content=0.0, room=0.0))
    tried.append(_by_plan(again, wide))
    return max(tried, key=lambda each: earned(each.result, trade.objective))


def earned(result: xr.Dataset, objective: Objective) -> float:
    """Return the value of a dispatch as the optimum counts it [EUR].

    Electricity sold minus bought, less the penalty of every kilogram asked for and not delivered, plus the value of
    what is left in the store.
    """
    step = float(result.attrs["step"])
    unmet = float(result["hydrogen_unmet"].sum()) * step if "hydrogen_unmet" in result else 0.0
    left = float(result["hydrogen_stored"][-1]) if "hydrogen_stored" in result else 0.0
    return float(result["revenue"].sum()) - objective.penalty * unmet + objective.end_value * left
