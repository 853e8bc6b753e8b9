"""The steps of the chain from power to money: dispatch by the strategy, settlement, cash flow."""

from dataclasses import replace

import xarray as xr

from testsite_sim.balancing import (
    BalancingPlant,
    Forecast,
    earned,
    simulate_balancing,
    simulate_perfect_foresight,
    simulate_rolling_horizon,
)
from testsite_sim.balancing.forecasts import day_ahead_forecast
from testsite_sim.balancing.market import Support, contract_support
from testsite_sim.balancing.settlement import settle_nomination
from testsite_sim.balancing.strategies import PERFECT_FORESIGHT, ROLLING_HORIZON
from testsite_sim.chain.plant import demand_series, forecast_as, forecast_of, objective_of, settings_of
from testsite_sim.chain.preparation import Prepared
from testsite_sim.configuration.balancing import Strategy
from testsite_sim.configuration.economics import Economics
from testsite_sim.configuration.market import Market
from testsite_sim.constants import DAY
from testsite_sim.economics import Assets, simulate_economics

LOOKS_AHEAD = 2.0 * DAY  # of a rolling horizon that is not told how far [s]


def dispatch(prepared: Prepared, power: xr.DataArray, price: xr.DataArray) -> xr.Dataset:
    """Dispatch the plant; without one, sell what pays and curtail the rest."""
    scenario, balancing = prepared.scenario, prepared.scenario.balancing
    support = support_of(scenario.market, price)
    fee = 0.0 if scenario.grid.purchase_fee is None else float(scenario.grid.purchase_fee)
    demand = demand_series(None if balancing is None else balancing.demand, power["time"])

    def dispatched(wind: xr.DataArray) -> xr.Dataset:
        if balancing is None:
            return simulate_balancing(
                wind, price, demand, prepared.plant, strategy="none", support=support, purchase_fee=fee
            )
        return _dispatch(wind, price, demand, prepared.plant, balancing.strategy, scenario.economics, support, fee)

    result = dispatched(power)
    if scenario.market.imbalance is not None and scenario.market.forecast is not None:
        seed = scenario.market.imbalance.seed
        ahead = day_ahead_forecast(
            forecast_as(scenario.market.forecast), power.to_numpy(), float(result.attrs["step"]), seed
        )
        planned = dispatched(power.copy(data=ahead))
        nominated, net = (each["power_exported"] - each["power_imported"] for each in (planned, result))
        settled = settle_nomination(nominated, net, price, scenario.market.imbalance)
        sold_as_it_comes = net * price * float(result.attrs["step"])
        result["revenue"] = (
            result["revenue"] - sold_as_it_comes + settled["revenue_day_ahead"] + settled["revenue_imbalance"]
        ).assign_attrs(result["revenue"].attrs)
        result = result.merge(settled, combine_attrs="no_conflicts")
    return result.assign_attrs(purchase_fee=fee, electrolyser_capacity=float(prepared.plant.electrolyser_capacity))


def support_of(market: Market, price: xr.DataArray) -> Support:
    """Return the support of a market: a constant, such as green certificates, and what a contract pays besides."""
    constant = float(market.support)
    if market.contract is None:
        return constant
    return constant + contract_support(
        price.to_numpy(), float(market.contract.strike), two_sided=market.contract.kind == "two-sided",
        suspended_below=float(market.contract.suspended_below),
    )  # fmt: skip


def _dispatch(
    power: xr.DataArray,
    price: xr.DataArray,
    demand: xr.DataArray,
    plant: BalancingPlant,
    strategy: Strategy,
    economics: Economics,
    support: Support,
    fee: float,
) -> xr.Dataset:
    """Dispatch by the strategy, and beside it with perfect foresight, which says what it could have earned."""
    objective = objective_of(economics, plant)
    best = simulate_perfect_foresight(power, price, demand, plant, objective, support=support, purchase_fee=fee)
    forecast = forecast_of(strategy)
    horizon = float(strategy.horizon or LOOKS_AHEAD)

    def roll(how: Forecast) -> xr.Dataset:
        return simulate_rolling_horizon(
            power, price, demand, plant, objective, forecast=how, horizon=horizon, seed=strategy.seed,
            support=support, purchase_fee=fee,
        )  # fmt: skip

    if strategy.name == PERFECT_FORESIGHT:
        result = best
    elif strategy.name == ROLLING_HORIZON:
        result = roll(forecast)
        known = earned(roll(replace(forecast, kind="perfect")), objective)
        result = result.assign_attrs(value_of_forecast_quality=known - earned(result, objective))
    else:
        result = simulate_balancing(
            power,
            price,
            demand,
            plant,
            strategy=strategy.name,
            settings=settings_of(strategy),
            support=support,
            purchase_fee=fee,
        )
    return result.assign_attrs(
        earned=earned(result, objective), earned_optimum=float(best.attrs["value"]), bound=float(best.attrs["bound"])
    )


def count_money(prepared: Prepared, balancing: xr.Dataset) -> xr.Dataset:
    """Count the money."""
    plant = prepared.scenario.balancing
    assets = Assets(
        wind_power=float(prepared.farm.per_turbine("rated_power").sum()),
        electrolyser=None if plant is None else plant.electrolyser,
        tank=None if plant is None else plant.tank,
        fuel_cell=None if plant is None else plant.fuel_cell,
    )
    return simulate_economics(balancing, assets, prepared.scenario.economics)
