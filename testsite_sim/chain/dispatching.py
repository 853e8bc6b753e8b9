"""The steps of the chain from power to the years of a plant: dispatch by the strategy, settlement, ageing machines."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import xarray as xr

from testsite_sim.chain.annual import TO_CLIMATE, not_counted, scaling_of
from testsite_sim.chain.preparation import Prepared
from testsite_sim.common.units import MEGAWATT_HOUR, SECONDS_PER_YEAR
from testsite_sim.configuration.contracts import Contract, offtake_of
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.configuration.strategy import AnyStrategy, RollingHorizon
from testsite_sim.configuration.strategy import strategy as strategy_of
from testsite_sim.dispatch.by_itself import acts_by_itself
from testsite_sim.dispatch.capacity import Offer, Reserves, margins_for, reserves
from testsite_sim.dispatch.concessions import FarmSales, farm_sales
from testsite_sim.dispatch.contracts import paid_contracts
from testsite_sim.dispatch.execution import Executed, Surroundings, execute, life_of, refuelling_of, stacks_of
from testsite_sim.dispatch.forecasts import day_ahead_forecast
from testsite_sim.dispatch.reduced import reduced_plant
from testsite_sim.dispatch.ruling import best_of, by_every_rule
from testsite_sim.dispatch.settings import binds_every_kilogram, forecast_as, forecast_of, objective_of, offers_of
from testsite_sim.dispatch.settlement import quarter_prices, quarters_per_interval
from testsite_sim.dispatch.strategies import PERFECT_FORESIGHT, ROLLING_HORIZON
from testsite_sim.dispatch.surroundings import surroundings
from testsite_sim.dispatch.trade import Dispatched, Trade, earned
from testsite_sim.dispatch.trading import carry_out, has_set_points
from testsite_sim.dispatch.wind_alone import sell
from testsite_sim.economics import Annual, repeated_life
from testsite_sim.plant.by_product import by_product_series
from testsite_sim.plant.daily_demand import daily_demand
from testsite_sim.plant.delivery import kernel_pipeline, largest_flow
from testsite_sim.plant.kept import Margins
from testsite_sim.plant.photovoltaics import photovoltaic_power

SOLD_BEYOND = (
    "the price alone: the contract is for less than is asked for, so that no single kilogram decides on a shortfall"
)
NO_STRATEGY = strategy_of("none")


def surroundings_of(prepared: Prepared, wind: xr.DataArray | None, price: xr.DataArray) -> Surroundings:
    """Return what the plant of a scenario works in.

    Parameters
    ----------
    prepared : Prepared
        The scenario, opened and checked.
    wind : xarray.DataArray, dims (time,), or None
        Power of the wind farm at its connection [W]; None without turbines.
    price : xarray.DataArray, dims (time,)
        Day-ahead price [EUR/J].
    """
    scenario, record, plant = prepared.scenario, prepared.record, prepared.scenario.machines
    none = xr.zeros_like(price).assign_attrs(units="W")
    panels = none
    if plant.photovoltaics is not None:
        place = {"latitude": float(scenario.location.latitude), "longitude": float(scenario.location.longitude)}
        panels = photovoltaic_power(record, plant.photovoltaics, **place)
    fee, injection = (float(each or 0.0) for each in (scenario.grid.purchase_fee, scenario.grid.injection_fee))
    power = np.asarray((none if wind is None else wind).to_numpy(), np.float64)
    limit = np.inf if scenario.grid.export_limit is None else float(scenario.grid.export_limit)
    able = np.clip(power + np.asarray(panels.to_numpy(), np.float64), 0.0, limit)
    values = np.asarray(price.to_numpy(), np.float64)
    contracts = paid_contracts(contracts_of(prepared), price["time"], values, able, prepared.prices)
    support = float(scenario.sale.support) - injection + sum((each.margin for each in contracts), np.zeros(values.size))
    return surroundings(
        none if wind is None else wind,
        price,
        daily_demand(plant.demand, price["time"]),
        photovoltaic_power=panels,
        by_product=by_product_series(plant.by_product, record),
        support=support,
        purchase_fee=fee,
        contracts=contracts,
    )


def contracts_of(prepared: Prepared) -> tuple[Contract, ...]:
    """Return the contracts of a scenario."""
    stated = prepared.scenario.dispatch
    return () if stated is None else stated.contracts


def plain_trade_of(prepared: Prepared, wind: xr.DataArray | None, price: xr.DataArray) -> Trade:
    """Return the plant of a scenario in its market, as it is without a nomination and orders of reserves."""
    scenario, plant = prepared.scenario, prepared.scenario.machines
    whole = reduced_plant(plant, scenario.grid, Margins())
    offers = [] if scenario.dispatch is None else offers_of(scenario.dispatch.reserves)
    around = surroundings_of(prepared, wind, price)
    asked = float(around.demand.mean())
    return Trade(
        plant,
        scenario.grid,
        around,
        objective_of(scenario.economics, whole, plant.by_product, offtake_of(contracts_of(prepared)), asked),
        wind=wind is not None,
        margins=margins_for(whole, offers, around.step) if offers else Margins(),
    )


def trade_of(prepared: Prepared, wind: xr.DataArray | None, price: xr.DataArray) -> Trade:
    """Return the plant of a scenario in its market: with its nomination where imbalances are settled, and its reserves.

    The nomination is made by the same strategy on the wind as it was forecast.
    """
    scenario, stated = prepared.scenario, prepared.scenario.sale.imbalance
    offers = [] if scenario.dispatch is None else offers_of(scenario.dispatch.reserves)
    trade = plain_trade_of(prepared, wind, price)
    if stated is not None and scenario.sale.forecast is not None:
        around = trade.around
        ahead = day_ahead_forecast(forecast_as(scenario.sale.forecast), around.wind, around.step, stated.seed)
        planned = carried_out(replace(trade, around=replace(around, wind=ahead)), strategy_in(prepared.scenario)).result
        nominated = planned["power_exported"] - planned["power_imported"]
        error = price.copy(data=around.wind - ahead)
        trade = replace(trade, nominated=nominated, quarters=quarter_prices(stated, error, price), imbalance=stated)
    if offers:
        trade = replace(trade, reserves=_orders(trade, offers, 0 if stated is None else stated.seed))
    return trade


def _sales(prepared: Prepared, of_farms: xr.DataArray, price: xr.DataArray) -> FarmSales:
    """Return what the concessions of the market deliver and earn."""
    rated, farms = prepared.farm.per_turbine("rated_power"), np.array(prepared.farm.farms or ())
    capacity = {str(name): float(rated[farms == name].sum()) for name in of_farms["group"].to_numpy()}
    return farm_sales(prepared.scenario.sale.concessions, of_farms, capacity, price, prepared.prices)


def strategy_in(scenario: Scenario) -> AnyStrategy:
    """Return the strategy of a scenario."""
    stated = scenario.dispatch
    return NO_STRATEGY if stated is None or stated.strategy is None else stated.strategy


def carried_out(trade: Trade, strategy: AnyStrategy) -> Dispatched:
    """Dispatch a plant by a strategy; without one, sell what pays and curtail the rest."""
    return sell(trade) if strategy is NO_STRATEGY else carry_out(strategy, trade)


def _orders(trade: Trade, offers: list[Offer], seed: int) -> Reserves:
    """Draw what the grid orders, and price it; without settlement only the frequency calls."""
    whole = reduced_plant(trade.plant, trade.grid, Margins())
    parts = quarters_per_interval(trade.around.time)
    if trade.quarters is None:
        return reserves(whole, offers, np.zeros(parts * trade.around.price.size), parts, seed)
    spread = trade.quarters.marginal / MEGAWATT_HOUR - np.repeat(trade.around.price, parts)
    return reserves(whole, offers, trade.quarters.system, parts, seed, spread)


def dispatch(
    prepared: Prepared,
    wind: xr.DataArray | None,
    price: xr.DataArray,
    annual: Annual | None,
    of_farms: xr.DataArray | None = None,
) -> Iterator[tuple[str, xr.Dataset]]:
    """Yield the steps of a plant, or of the connection alone.

    They are `plant`, with a station `refuelling`, `lifetime`, and `stacks/…` of each machine with stacks.

    Parameters
    ----------
    prepared : Prepared
        The scenario, opened and checked.
    wind, price : xarray.DataArray, dims (time,)
        Power of the wind farm at its connection [W], None without turbines; day-ahead price [EUR/J].
    annual : Annual or None
        How the period stands for a year; None: it does not, and there is no lifetime.
    of_farms : xarray.DataArray, dims (time, group), optional
        Power of each farm at the connection [W], where the market has concessions.
    """
    strategy, trade = strategy_in(prepared.scenario), trade_of(prepared, wind, price)
    if of_farms is not None:
        trade = replace(trade, around=replace(trade.around, sales=_sales(prepared, of_farms, price)))
    done = carried_out(trade, strategy)
    result = done.result.assign_attrs(_facts(prepared, trade))
    if strategy is not NO_STRATEGY and prepared.scenario.dispatch is not None:
        if prepared.optimum:
            result = _next_to_the_best(result, done, trade, strategy)
        else:
            result = result.assign_attrs(objective_value=earned(result, trade.objective))
    attributes = scaling_of(annual)
    if annual is not None:
        powers = {"energy": "power_wind", "electrolyser_energy": "power_electrolysers"}
        attributes = scaling_of(annual, **{key: result[name] for key, name in powers.items() if name in result})
    yield "plant", result.assign_attrs(attributes | not_counted(prepared.scenario, annual))
    if done.executed is not None and (station := refuelling_of(done.executed)) is not None:
        yield "refuelling", station
    aged = None
    if annual is not None and prepared.scenario.economics is not None:
        years = round(prepared.scenario.money.lifetime)
        if done.executed is not None and annual.method != TO_CLIMATE:
            aged = execute(trade.plant, trade.grid, trade.around, done.control, years=years, series=False)
            yield "lifetime", _simulated_life(done, trade, aged)
        else:
            yield "lifetime", _repeated_life(result, trade, annual, years)
    if done.executed is not None:
        for name, stacks in stacks_of(done.executed, aged):
            yield f"stacks/{name}", stacks


def _repeated_life(result: xr.Dataset, trade: Trade, annual: Annual, years: int) -> xr.Dataset:
    """Return years that are all the period, but for the support of concessions: it ends, and they sell without it."""
    sales = trade.around.sales
    if sales is None:
        return repeated_life(result, annual, years)
    parts = []
    for alike in sales.years_alike(years):
        around = replace(trade.around, sales=sales.in_year(alike.start))
        parts.append(repeated_life(sell(replace(trade, around=around)).result, annual, len(alike)))
    life = xr.concat(parts, "year", combine_attrs="override")
    return life.assign_coords(year=("year", np.arange(1, years + 1), life["year"].attrs))


def _simulated_life(done: Dispatched, trade: Trade, aged: Executed) -> xr.Dataset:
    """Return the years of a plant, each from where the one before left it: wear, contents of stores, heat of machines.

    A rule decides anew every year, a plan's set-points are repeated.

    What contracts pay whatever the machines do, and what reserves and settlement paid beyond the price of energy in the
    period, is paid again every year.
    """
    life = life_of(aged, wind=trade.wind, reserves=trade.reserves is not None)
    result, around = done.result, trade.around
    fixed = float(around.contract_fixed.sum()) * around.step  # whatever the machines do, the same every year
    period = result.sizes["time"] * around.step
    if around.contracts:
        paid = life["contract_revenue"]
        paid = (paid + fixed * SECONDS_PER_YEAR / period).assign_attrs(paid.attrs)
        life = life.assign(contract_revenue=paid)
    revenue = life["electricity_revenue"]
    if trade.reserves is None and trade.quarters is None:
        return life
    plain = (result["power_exported"] * around.sale_price).sum() - (
        result["power_imported"] * (around.price + around.purchase_fee)
    ).sum()
    beyond = float(result["revenue"].sum()) - float(plain) * around.step - fixed
    return life.assign(electricity_revenue=(revenue + beyond * SECONDS_PER_YEAR / period).assign_attrs(revenue.attrs))


def _facts(prepared: Prepared, trade: Trade) -> dict[str, float | str]:
    """Return what there is, for the summary and the money; a limit of export that is none is left out."""
    plant, grid = trade.plant, prepared.scenario.grid
    limit: dict[str, float | str] = {} if grid.export_limit is None else {"export_limit": float(grid.export_limit)}
    if plant.pipeline is not None:
        limit["pipeline_largest_flow"] = largest_flow(kernel_pipeline(plant.pipeline))
    offtake = offtake_of(contracts_of(prepared))
    if offtake is not None:
        limit["hydrogen_margin"] = trade.objective.penalty
        bound = binds_every_kilogram(offtake, float(trade.around.demand.mean()))
        limit["hydrogen_margin_note"] = "price and penalty of the shortfall" if bound else SOLD_BEYOND
    wind = float(prepared.farm.per_turbine("rated_power").sum()) if prepared.turbines else 0.0
    return limit | {
        "import_limit": float(grid.import_limit or 0.0),
        "purchase_fee": trade.around.purchase_fee,
        "wind_capacity": wind,
        "photovoltaic_capacity": 0.0 if plant.photovoltaics is None else float(plant.photovoltaics.capacity),
        "electrolyser_capacity": float(sum(machine.capacity for machine in plant.electrolysers)),
        "fuel_cell_capacity": float(sum(machine.capacity for machine in plant.fuel_cells)),
        "battery_capacity": 0.0 if plant.battery is None else float(plant.battery.capacity),
        "store_capacity": reduced_plant(plant, grid, Margins()).tank_capacity,
        "mean_demand": float(trade.around.demand.mean()),
        "sold": "no" if prepared.scenario.market is None else "yes",
    }


def is_compared(plant: PlantConfiguration, strategy: AnyStrategy) -> bool:
    """Return whether a strategy is compared with the best possible: plans always, rules if no part acts by itself."""
    return strategy.name in (PERFECT_FORESIGHT, ROLLING_HORIZON) or not acts_by_itself(plant)


def _next_to_the_best(result: xr.Dataset, done: Dispatched, trade: Trade, strategy: AnyStrategy) -> xr.Dataset:
    """Add the objective value of the strategy, that of the best rule next to a plan, and that with the future known.

    All keep the same nomination. Where no plan proves a bound of the plant, the best that is known is the better of
    plans and rules.
    """
    value = earned(result, trade.objective)
    result = result.assign_attrs(objective_value=value)
    planned = strategy.name in (PERFECT_FORESIGHT, ROLLING_HORIZON)
    if not has_set_points(trade) or not is_compared(trade.plant, strategy):
        return result
    known, best = [done], done
    if planned and "best_rule" not in result.attrs:
        rules = by_every_rule(trade)
        known += rules
        result = result.assign_attrs(best_of(rules, trade))
    if isinstance(strategy, RollingHorizon):
        sure = done
        if done.true_ahead is None:
            sure = carry_out(strategy, trade, replace(forecast_of(strategy), kind="perfect"))
            known.append(sure)
        result = result.assign_attrs(value_of_forecast_quality=earned(sure.result, trade.objective) - value)
    if strategy.name != PERFECT_FORESIGHT:
        foresight = strategy_of(PERFECT_FORESIGHT)
        best = carry_out(foresight, trade, known=known, with_rules=not planned, names_best_rule=False)
    result = result.assign_attrs(objective_value_optimum=max(value, best.earned(trade)))
    return result.assign_attrs(bound=float(best.facts["bound"])) if "bound" in best.facts else result
