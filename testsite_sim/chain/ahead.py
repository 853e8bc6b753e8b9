"""What is compiled ahead: the wind, the dispatch and the optimum next to it, on the first hours of the record."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import xarray as xr

from testsite_sim.chain.dispatching import carried_out, is_compared, plain_trade_of, strategy_in
from testsite_sim.chain.flow import simulate_wind
from testsite_sim.chain.preparation import Prepared, prepare
from testsite_sim.chain.simulation import simulate_scenario
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.configuration.strategy import NoStrategy
from testsite_sim.dispatch.optimum import Search, optimum
from testsite_sim.dispatch.trade import Trade
from testsite_sim.dispatch.trading import carry_out, has_set_points
from testsite_sim.weather import wind_at_hubs

INTERVALS = 48  # types decide what is compiled, no number does
WIND_POWER = 1e6  # [W] made for it: any will do


def compile_wind(scenario: Scenario) -> None:
    """Compile the flow through the farm of a scenario."""
    whole = prepare(scenario)
    prepared, heights = _short(whole), whole.farm.per_turbine("hub_height")
    weather = wind_at_hubs(scenario.weather, prepared.record, heights, fitted_to=whole.record)
    availability = np.ones((weather.sizes["time"], len(heights)))
    simulate_wind(prepared, weather, xr.DataArray(availability, dims=("time", "turbine")))


def compile_dispatch(scenario: Scenario) -> None:
    """Compile what carries out the strategy of a scenario."""
    carried_out(_short_trade(scenario), strategy_in(scenario))


def compile_optimum(scenario: Scenario) -> None:
    """Compile the optimum that a strategy is compared with, and the rules next to it; nothing where it is not."""
    strategy, trade = strategy_in(scenario), _short_trade(scenario)
    if scenario.dispatch is None or not is_compared(trade.plant, strategy) or not has_set_points(trade):
        return
    around = trade.around
    optimum(
        trade.power,
        around.demand,
        around.step,
        trade.reduced,
        trade.market,
        trade.objective,
        around.by_product,
        Search(nodes=0),
    )
    carry_out(NoStrategy(name="none"), trade)


def compile_steps(scenario: Scenario) -> None:
    """Compile every step of a scenario."""
    for _ in simulate_scenario(_short(prepare(scenario))):
        pass


COMPILE: dict[str, Callable[[Scenario], None]] = {
    "wind": compile_wind,
    "dispatch": compile_dispatch,
    "optimum": compile_optimum,
}


def _short(prepared: Prepared) -> Prepared:
    """Return an opened scenario with the first hours of its record."""
    return replace(prepared, record=prepared.record.isel(time=slice(0, INTERVALS)))


def _short_trade(scenario: Scenario) -> Trade:
    """Return the plant of a scenario in the first hours of its market, without a nomination and reserves."""
    prepared = _short(prepare(scenario))
    price = prepared.record["day_ahead_price"]
    wind = None if scenario.farm is None else price.copy(data=np.full(price.shape, WIND_POWER)).assign_attrs(units="W")
    return plain_trade_of(prepared, wind, price)
