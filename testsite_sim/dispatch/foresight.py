"""Strategies that look ahead, and what every strategy earns beside the best that could have been."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from testsite_kernels.dispatch.reserve import DOWN, UP
from testsite_kernels.dispatch.rolling_horizon import rolling_horizon
from testsite_kernels.dispatch.series import FLOWS
from testsite_kernels.numerics.arrays import Floats

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.finite import finite_arguments
from testsite_sim.common.time_axis import aligned_series
from testsite_sim.common.units import HOUR
from testsite_sim.dispatch.capacity import Reserves, nothing_reserved
from testsite_sim.dispatch.forecasts import Forecast, make_forecasts
from testsite_sim.dispatch.general import Objective
from testsite_sim.dispatch.market import MarketCurve, Support, energy_market
from testsite_sim.dispatch.optimum import Optimum, carry_out, optimum
from testsite_sim.dispatch.plant import BalancingPlant
from testsite_sim.dispatch.simulation import balance_dataset, by_rule, refuse_negative, room_for_activation
from testsite_sim.dispatch.storage import storage_problem
from testsite_sim.dispatch.strategies import RULES


@finite_arguments("balancing")
def simulate_rolling_horizon(
    wind_power: xr.DataArray,
    price: xr.DataArray,
    demand: xr.DataArray,
    plant: BalancingPlant,
    objective: Objective,
    *,
    forecast: Forecast | None = None,
    horizon: float = 48.0 * HOUR,
    support: Support = 0.0,
    purchase_fee: float = 0.0,
    seed: int = 0,
    member: int = 0,
    signal: xr.DataArray | None = None,
    persistence: float = 0.0,
    reserves: Reserves | None = None,
) -> xr.Dataset:
    """Dispatch by the exact optimum of the hours ahead, made again at every interval.

    Parameters
    ----------
    wind_power, price, demand : xarray.DataArray, dims (time,)
        [W], [EUR/J], [kg/s].
    plant : BalancingPlant
        The plant.
    objective : Objective
        Penalty of unmet demand, end content and its value.
    forecast : Forecast, optional
        How well the hours ahead are known; None: with errors of the usual size.
    horizon : float
        How far the strategy looks [s].
    support, purchase_fee : float
        As in `simulate_balancing` [EUR/J].
    seed, member : int
        Of the errors of the forecasts.
    signal : xarray.DataArray, dims (time,), optional
        The imbalance price known when each interval begins [EUR/J]. By what it differs from the day-ahead price of the
        interval before, prices ahead are expected to differ, fading by `persistence` from interval to interval.
    persistence : float
        0 to 1.
    reserves : Reserves, optional
        As in `simulate_balancing`.

    Returns
    -------
    xarray.Dataset, dims (time,)
        As `simulate_balancing`; attribute `unsolved`, intervals whose end content the forecast put out of reach.
    """
    extra = {} if signal is None else {"signal": signal}
    series = {"wind_power": wind_power, "price": price, "demand": demand} | extra
    seconds, values = aligned_series("balancing", series)
    wind, market_price, wanted = values["wind_power"], values["price"], values["demand"]
    refuse_negative(wind_power=wind, demand=wanted)
    market = energy_market(market_price, plant, support, purchase_fee)
    problem = storage_problem(
        wind, wanted, seconds, plant, market, objective.penalty, objective.end_minimum, objective.end_value
    )
    forecasts = make_forecasts(
        forecast or Forecast(), wind_power["time"].to_numpy(), wind, seconds, horizon, seed, member
    )
    expected = market_price
    if signal is not None:
        spread = values["signal"] - np.concatenate([market_price[:1], market_price[:-1]])
        fading = np.power(persistence, np.arange(1.0, forecasts.wind_error.size + 1.0))
        forecasts = forecasts._replace(spread=spread, fading=fading)
        expected = market_price + spread * persistence
    flows, states = np.empty((wind.size, len(FLOWS))), np.empty(wind.size, np.int8)
    full = plant.electrolyser_table[-1] / plant.electrolyser_capacity if plant.electrolyser_capacity > 0.0 else 0.0
    sellable = np.where(expected + support < 0.0, 0.0, plant.export_limit)
    activated = room_for_activation(reserves)
    reserve = nothing_reserved(plant) if reserves is None else reserves.kernel
    unsolved = rolling_horizon(
        plant.kernel_plant, reserve, problem, forecasts, sellable, full, flows, states, activated
    )
    result = balance_dataset(
        wind_power, market_price, wind, wanted, flows, states, seconds, plant, support, purchase_fee
    )
    result = result.assign_attrs(strategy="rolling-horizon", unsolved=int(unsolved))
    return result if reserves is None else reserves.booked(result, activated)


@finite_arguments("balancing")
def simulate_perfect_foresight(
    wind_power: xr.DataArray,
    price: xr.DataArray,
    demand: xr.DataArray,
    plant: BalancingPlant,
    objective: Objective,
    *,
    support: Support = 0.0,
    purchase_fee: float = 0.0,
    market: MarketCurve | None = None,
    reserves: Reserves | None = None,
    known: Sequence[xr.Dataset] = (),
) -> xr.Dataset:
    """Dispatch with the whole future known; see `simulate_rolling_horizon` for the arguments.

    `market` is what a net export earns, such as after a nomination; None: sale and purchase at the price. With
    `reserves` the orders are foreseen as well: what a first plan can deliver of them is known to a second one. `known`
    dispatches of the same plant and series, and those of all rules, are never better than what is returned.

    Returns
    -------
    xarray.Dataset, dims (time,)
        As `simulate_balancing`, and water_value [EUR/kg]; attributes `value`, `bound`, `gap`, `method`, `reason` (with
        reserves those of the last plan).
    """
    seconds, values = aligned_series("balancing", {"wind_power": wind_power, "price": price, "demand": demand})
    wind, market_price, wanted = values["wind_power"], values["price"], values["demand"]
    refuse_negative(wind_power=wind, demand=wanted)
    curve = energy_market(market_price, plant, support, purchase_fee) if market is None else market

    def described(found: Optimum, flows: Floats, states: NDArray[np.int8]) -> xr.Dataset:
        result = balance_dataset(
            wind_power, market_price, wind, wanted, flows, states, seconds, plant, support, purchase_fee
        )
        result["water_value"] = (
            "time", found.water_value, {"units": "EUR kg-1", "long_name": "value of one more kilogram in the tank"},
        )  # fmt: skip
        return result.assign_attrs(
            strategy="perfect-foresight", value=found.value, bound=found.bound, gap=found.gap, method=found.method,
            reason=found.reason,
        )  # fmt: skip

    def dispatches() -> Iterator[tuple[Floats, NDArray[np.int8]]]:
        """Yield what the optimum must not fall below; a rule is run when it is asked for."""
        for result in known:
            yield _flows(result), result["electrolyser_state"].to_numpy()
        for name in RULES:
            yield by_rule(name, wind, market_price, wanted, seconds, plant, support)

    found = optimum(wind, wanted, seconds, plant, curve, objective, known=dispatches())
    if reserves is None:
        return described(found, found.flows, found.states)
    kernel = reserves.kernel
    whole = replace(plant, tank_minimum=kernel.tank_minimum, tank_capacity=kernel.tank_capacity)
    tried: list[xr.Dataset] = []
    for operated in (plant, whole):
        activated = room_for_activation(reserves)
        flows, states = carry_out(found, wind, wanted, seconds, operated, kernel, activated)
        tried.append(reserves.booked(described(found, flows, states), activated))
        if operated is whole:
            break
        inflow = activated[:, DOWN] * kernel.production - activated[:, UP] * kernel.consumption
        try:
            found = optimum(wind, wanted - inflow, seconds, whole, curve, objective)
        except ConfigurationError:  # the dispatch within its limits cannot follow what was delivered
            break
    return max(tried, key=lambda result: earned(result, objective))


def _flows(result: xr.Dataset) -> Floats:
    """Return the flows of a dispatch, shape (intervals, 9), in the order of `FLOWS`."""
    return np.stack([result[name].to_numpy() for name in FLOWS], axis=1)


@finite_arguments("balancing")
def earned(result: xr.Dataset, objective: Objective) -> float:
    """Return what a dispatch earned as the optimum counts it [EUR].

    Electricity sold minus bought, less the penalty of every kilogram asked for and not delivered, plus the value of
    what is left in the tank.
    """
    step = float(result.attrs["step"])
    unmet = float(result["hydrogen_unmet"].sum()) * step
    left = float(result["hydrogen_stored"][-1])
    return float(result["revenue"].sum()) - objective.penalty * unmet + objective.end_value * left
