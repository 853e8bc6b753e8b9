"""The steps of the chain from power to money: dispatch by the strategy, settlement, cash flow."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr
from testsite_kernels.numerics.limits import UNLIMITED

from testsite_sim.chain.plant import forecast_as, forecast_of, objective_of, offers_of, settings_of
from testsite_sim.chain.preparation import Prepared
from testsite_sim.chain.stacks import as_stacks_make, follow_stacks, wear_of
from testsite_sim.common.time_axis import step_seconds
from testsite_sim.common.units import DAY, MEGAWATT_HOUR
from testsite_sim.configuration.balancing import Strategy
from testsite_sim.configuration.imbalance import Imbalance
from testsite_sim.configuration.market import Market
from testsite_sim.dispatch import (
    BalancingPlant,
    Forecast,
    Objective,
    earned,
    simulate_balancing,
    simulate_perfect_foresight,
    simulate_rolling_horizon,
)
from testsite_sim.dispatch.capacity import Offer, Reserves, plant_beside, reserves
from testsite_sim.dispatch.forecasts import day_ahead_forecast
from testsite_sim.dispatch.market import Support, contract_support
from testsite_sim.dispatch.settlement import (
    QuarterPrices,
    quarter_prices,
    quarters_per_interval,
    settled,
    settled_market,
)
from testsite_sim.dispatch.strategies import IMBALANCE, PERFECT_FORESIGHT, ROLLING_HORIZON
from testsite_sim.economics import Annual, Assets, simulate_economics
from testsite_sim.plant.daily_demand import daily_demand

LOOKS_AHEAD = 2.0 * DAY  # of a rolling horizon that is not told how far [s]


@dataclass(frozen=True)
class Trade:
    """What a dispatch is paid: prices over (time,); after a nomination [W] the prices of deviations; reserves."""

    price: xr.DataArray
    demand: xr.DataArray
    support: Support
    fee: float
    objective: Objective
    nominated: xr.DataArray | None = None
    quarters: QuarterPrices | None = None
    reserves: Reserves | None = None


def dispatch(prepared: Prepared, power: xr.DataArray, price: xr.DataArray) -> xr.Dataset:
    """Dispatch the plant; without one, sell what pays and curtail the rest.

    Where imbalances are settled, the same strategy on the wind as it was forecast makes the nomination first.
    """
    scenario, balancing = prepared.scenario, prepared.scenario.balancing
    grid, stated = scenario.grid, scenario.sale.imbalance
    fee, injection = (0.0 if each is None else float(each) for each in (grid.purchase_fee, grid.injection_fee))
    trade = Trade(
        price, daily_demand(None if balancing is None else balancing.demand, power["time"]),
        support_of(scenario.sale, price) - injection, fee, objective_of(scenario.economics, prepared.plant),
    )  # fmt: skip
    strategy = Strategy(name="none") if balancing is None else balancing.strategy
    offers = [] if balancing is None else offers_of(balancing)
    plant = plant_beside(prepared.plant, offers) if offers else prepared.plant
    if stated is not None and scenario.sale.forecast is not None:
        ahead = day_ahead_forecast(
            forecast_as(scenario.sale.forecast),
            power.to_numpy(),
            step_seconds(power, "balancing", "wind power"),
            stated.seed,
        )
        forecast = power.copy(data=ahead)
        planned = _carried_out(forecast, plant, strategy, trade)
        nominated = planned["power_exported"] - planned["power_imported"]
        trade = replace(trade, nominated=nominated, quarters=quarter_prices(stated, power - forecast, price))
    if offers:
        trade = replace(trade, reserves=_orders(prepared.plant, offers, trade, 0 if stated is None else stated.seed))
    result = _carried_out(power, plant, strategy, trade, stated)
    if balancing is not None:
        result = _beside_the_best(result, power, plant, strategy, trade, stated)
    sold = "no" if scenario.market is None else "yes"
    return result.assign_attrs(_facts(prepared.plant, fee, trade.demand), sold=sold)


def _facts(plant: BalancingPlant, fee: float, demand: xr.DataArray) -> dict[str, float]:
    """Return what there is, for the summary and the money; a limit of export that is none is left out."""
    limit = {} if plant.export_limit >= UNLIMITED else {"export_limit": float(plant.export_limit)}
    return limit | {
        "purchase_fee": fee,
        "import_limit": float(plant.import_limit),
        "electrolyser_capacity": float(plant.electrolyser_capacity),
        "tank_capacity": float(plant.tank_capacity),
        "fuel_cell_capacity": float(plant.fuel_cell_capacity),
        "mean_demand": float(demand.mean()),
    }


def _orders(plant: BalancingPlant, offers: list[Offer], trade: Trade, seed: int) -> Reserves:
    """Draw what the grid orders, and price it; without settlement only the frequency calls."""
    parts = quarters_per_interval(trade.price["time"])
    if trade.quarters is None:
        return reserves(plant, offers, np.zeros(parts * trade.price.size), parts, seed)
    spread = trade.quarters.marginal / MEGAWATT_HOUR - np.repeat(trade.price.to_numpy(), parts)
    return reserves(plant, offers, trade.quarters.system, parts, seed, spread)


def support_of(market: Market, price: xr.DataArray) -> Support:
    """Return the support of a market: a constant, such as green certificates, and what a contract pays besides."""
    constant = float(market.support)
    if market.contract is None:
        return constant
    return constant + contract_support(
        price.to_numpy(), float(market.contract.strike), two_sided=market.contract.kind == "two-sided",
        suspended_below=float(market.contract.suspended_below),
    )  # fmt: skip


def _carried_out(
    power: xr.DataArray, plant: BalancingPlant, strategy: Strategy, trade: Trade, stated: Imbalance | None = None,
    forecast: Forecast | None = None, known: Sequence[xr.Dataset] = (),
) -> xr.Dataset:  # fmt: skip
    """Dispatch by the strategy, and settle it where something was nominated.

    The strategy `imbalance` and a rolling horizon see the last price of an imbalance that is known; rules that keep a
    promise keep the nomination.
    """
    signal = None
    if trade.quarters is not None:
        signal = trade.price.copy(data=trade.quarters.known(trade.price.to_numpy()))
    if strategy.name == PERFECT_FORESIGHT:
        market = None
        if trade.nominated is not None and trade.quarters is not None:
            market = settled_market(
                trade.nominated.to_numpy(), trade.price.to_numpy(), trade.quarters, plant, trade.support, trade.fee
            )
        result = simulate_perfect_foresight(
            power, trade.price, trade.demand, plant, trade.objective, market=market, reserves=trade.reserves,
            support=trade.support, purchase_fee=trade.fee, known=known,
        )  # fmt: skip
    elif strategy.name == ROLLING_HORIZON:
        result = simulate_rolling_horizon(
            power, trade.price, trade.demand, plant, trade.objective, forecast=forecast or forecast_of(strategy),
            horizon=float(strategy.horizon or LOOKS_AHEAD), seed=strategy.seed, signal=signal,
            persistence=_persistence(stated, trade.quarters), reserves=trade.reserves,
            support=trade.support, purchase_fee=trade.fee,
        )  # fmt: skip
    else:
        result = simulate_balancing(
            power, trade.price, trade.demand, plant, strategy=strategy.name, settings=settings_of(strategy),
            nomination=trade.nominated, reserves=trade.reserves, signal=signal if strategy.name == IMBALANCE else None,
            support=trade.support, purchase_fee=trade.fee,
        )  # fmt: skip
    if trade.nominated is None or trade.quarters is None:
        return result
    promised = trade.nominated if trade.reserves is None else trade.nominated + trade.reserves.net_order
    return settled(result, promised, trade.price, trade.quarters)


def _persistence(stated: Imbalance | None, quarters: QuarterPrices | None) -> float:
    """Return how much of an imbalance price's distance to the day-ahead price lasts from interval to interval."""
    if stated is None or quarters is None or quarters.regime == "offshore_band_2009":
        return 0.0  # the band pays by the day-ahead price, so that the imbalance price tells little
    return float(stated.persistence) ** quarters.parts


def _beside_the_best(
    result: xr.Dataset, power: xr.DataArray, plant: BalancingPlant, strategy: Strategy, trade: Trade,
    stated: Imbalance | None,
) -> xr.Dataset:  # fmt: skip
    """Say what the strategy earned, and what it could have earned with the future known and the same nomination."""
    best = result
    if strategy.name != PERFECT_FORESIGHT:
        own = [result] if trade.reserves is None else []  # with reserves both machines may have run
        best = _carried_out(power, plant, Strategy(name=PERFECT_FORESIGHT), trade, known=own)
    value = earned(result, trade.objective)
    if strategy.name == ROLLING_HORIZON:
        sure = replace(forecast_of(strategy), kind="perfect")
        known = earned(_carried_out(power, plant, strategy, trade, stated, sure), trade.objective)
        result = result.assign_attrs(value_of_forecast_quality=known - value)
    result = result.assign_attrs(earned=value, earned_optimum=max(value, earned(best, trade.objective)))
    return result if trade.reserves is not None else result.assign_attrs(bound=float(best.attrs["bound"]))


def dispatch_and_follow(
    prepared: Prepared, power: xr.DataArray, price: xr.DataArray, annual: bool = True
) -> tuple[xr.Dataset, xr.Dataset | None]:
    """Dispatch the plant, and where its electrolyser has stacks follow them.

    What is returned of the dispatch is then what the stacks make of it: one figure of hydrogen, and the objective value
    (and with it regret) of the same.

    Parameters
    ----------
    prepared : Prepared
        The scenario, opened and checked.
    power, price : xarray.DataArray, dims (time,)
        Power of the fleet at its connection [W], day-ahead price [EUR/J].
    annual : bool
        Whether the period stands for a year: the stacks are then followed through the life of the project.

    Returns
    -------
    tuple of Dataset and Dataset or None
        The dispatch, and the stacks as `follow_stacks` gives them.
    """
    planned = dispatch(prepared, power, price)
    followed = follow_stacks(prepared, planned, annual)
    if followed is None:
        return planned, None
    stacks, made = followed
    balancing = as_stacks_make(planned, made, prepared.plant)
    if "earned" in balancing.attrs:
        objective = objective_of(prepared.scenario.money, prepared.plant)
        balancing.attrs["earned"] = earned(balancing, objective)
    return balancing, stacks


def count_money(
    prepared: Prepared, operations: xr.Dataset, balancing: xr.Dataset, stacks: xr.Dataset | None = None,
    annual: Annual | None = None,
) -> xr.Dataset:  # fmt: skip
    """Count the money; of simulated maintenance, and of an electrolyser whose stacks were followed, as simulated."""
    plant = prepared.scenario.balancing
    assets = Assets(
        wind_power=float(prepared.farm.per_turbine("rated_power").sum()),
        electrolyser=None if plant is None else plant.electrolyser,
        tank=None if plant is None else plant.tank,
        fuel_cell=None if plant is None else plant.fuel_cell,
        maintenance=maintenance_cost(operations),
    )
    wear = None if stacks is None else wear_of(stacks)
    return simulate_economics(balancing, assets, prepared.scenario.money, wear, annual)


def maintenance_cost(operations: xr.Dataset | None) -> float | None:
    """Return the yearly cost of simulated maintenance [EUR], None where it is not simulated."""
    return None if operations is None or "cost_total" not in operations else float(operations["cost_total"])


def costs_alone(money: xr.Dataset) -> xr.Dataset:
    """Return the money of what is not sold: costs and the levelised cost of energy, no cash flow and its figures."""
    figures = ("internal_rate", "net_present_value", "break_even")
    costs = money.drop_vars([name for name in money.data_vars if "revenue" in str(name) or name == "cash_flow"])
    costs.attrs = {name: value for name, value in money.attrs.items() if not str(name).startswith(figures)}
    return costs
