"""Model-predictive dispatch: at every interval the exact optimum of the hours ahead, as they are forecast.

The forecast made at t for t + h is what comes, plus an error that grows with h: σ(h) ξ(t + h), ξ being a standard
autoregressive process of first order over the target time, so that the errors of neighbouring hours go together and
shrink as their hour comes nearer. σ(h) = σ∞ (1 − exp(−h / τ)). Wind now is known; prices are known as far as the
auction has set them.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.dispatch.plant import Plant, operate, points_per_watt
from testsite_kernels.dispatch.reserve import Reserve
from testsite_kernels.dispatch.series import book_activation
from testsite_kernels.dispatch.storage_optimum import SOLVED, storage_optimum
from testsite_kernels.dispatch.storage_stage import StorageProblem
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import kernel
from testsite_kernels.numerics.random_streams import normal

MODELLED, PERSISTENCE = 0, 1


class Forecasts(NamedTuple):
    """How forecasts come about: `MODELLED` errors, or `PERSISTENCE`: wind as now, prices as a day ago.

    `wind_error`, `price_error`, shape (horizon,): σ(h) [W], [EUR/J]; `wind_noise`, `price_noise`, shape (time,): ξ;
    `largest_wind` [W] bounds the forecast; `known`, shape (time,): intervals from t on whose price is set; `day`:
    intervals of a day. `spread`, shape (time,), is what the last imbalance price known at t exceeds its day-ahead price
    by [EUR/J], and `fading`, shape (horizon,), the share of it that is expected to last; both empty without settlement.
    """

    kind: int
    wind_error: Floats
    price_error: Floats
    wind_noise: Floats
    price_noise: Floats
    largest_wind: float
    known: NDArray[np.int64]
    day: int
    spread: Floats
    fading: Floats


@kernel
def fill_noise(seed: int, purpose: int, member: int, correlation: float, noise: Floats) -> None:
    """Fill `noise`, shape (time,), with a standard autoregressive process of that correlation from step to step."""
    fresh = math.sqrt(1.0 - correlation * correlation)
    value = normal(seed, purpose, member, 0, 0)
    for t in range(noise.size):
        if t > 0:
            value = correlation * value + fresh * normal(seed, purpose, member, 0, t)
        noise[t] = value


@kernel
def rolling_horizon(
    plant: Plant,
    reserve: Reserve,
    problem: StorageProblem,
    forecasts: Forecasts,
    sellable: Floats,
    hydrogen_per_joule: float,
    flows: Floats,
    states: NDArray[np.int8],
    activated: Floats,
) -> int:
    """Fill `flows`, `states` and `activated`, as `dispatch_series` does; return how many hours had no solution.

    Parameters
    ----------
    plant : Plant
        The plant; its minimum loads hold when it is operated, while the optimum of the hours ahead takes their hull.
    problem : StorageProblem
        The whole series, of which each optimum sees the forecast of its horizon; one row of edges.
    forecasts : Forecasts
        Their arrays over the horizon say how far it reaches.
    sellable : ndarray, shape (time,)
        Export that does not cost money [W].
    hydrogen_per_joule : float
        Production of the electrolyser [kg/J]: hydrogen left at the end of a horizon is worth the electricity in it, at
        the mean price of the horizon where that is above zero.
    """
    steps, horizon, columns = problem.wind.size, forecasts.wind_error.size, problem.prices.shape[1]
    e_scale = points_per_watt(plant.electrolyser_table, plant.electrolyser_capacity)
    f_scale = points_per_watt(plant.fuel_cell_table, plant.fuel_cell_capacity)
    wind, prices = np.empty(horizon), np.empty((horizon, columns))
    operation = np.empty((horizon, 7))
    level, state, unsolved = problem.initial, 0, 0
    for t in range(steps):
        n = min(horizon, steps - t)
        mean = 0.0
        for h in range(n):
            target = t + h
            if forecasts.kind == PERSISTENCE:
                wind[h] = problem.wind[t]
            else:
                off = forecasts.wind_error[h] * forecasts.wind_noise[target]
                wind[h] = min(max(problem.wind[target] + off, 0.0), max(forecasts.largest_wind, problem.wind[target]))
            set_already = h < forecasts.known[t]
            for k in range(columns):
                price = problem.prices[target, k]
                if not set_already and forecasts.kind == PERSISTENCE:
                    price = problem.prices[max(target - forecasts.day, 0), k]
                    if target - forecasts.day >= t + forecasts.known[t]:
                        price = problem.prices[max(target - 2 * forecasts.day, 0), k]
                elif not set_already:
                    price += forecasts.price_error[h] * forecasts.price_noise[target]
                if forecasts.spread.size > 0:
                    price += forecasts.spread[t] * forecasts.fading[h]
                prices[h, k] = price
            mean += max(prices[h, columns - 1], 0.0)
        worth = mean / n / hydrogen_per_joule if hydrogen_per_joule > 0.0 else 0.0
        ahead = StorageProblem(
            problem.step, wind[:n], problem.demand[t : t + n], problem.edges, prices[:n], problem.electrolyser_low,
            problem.electrolyser_high, problem.fuel_cell_low, problem.fuel_cell_high, problem.machine_slope,
            problem.machine_width, problem.fuel_segments, problem.penalty, problem.charge_limit,
            problem.discharge_limit, problem.tank_minimum, problem.tank_capacity,
            min(max(level, problem.tank_minimum), problem.tank_capacity),
            problem.end_minimum if t + n == steps else problem.tank_minimum,
            problem.end_value if t + n == steps else worth,
        )  # fmt: skip
        status, _, _ = storage_optimum(ahead, operation[:n])
        electrolyser, fuel_cell = operation[0, 0], operation[0, 1]
        if status != SOLVED:  # the end content is out of reach of the forecast: fill the tank as well as it goes
            unsolved += 1
            electrolyser, fuel_cell = plant.electrolyser_capacity, 0.0
        before = level
        e, f, m, hydrogen, delivered, level, sold, curtailed, bought, state = operate(
            plant, e_scale, f_scale, problem.step, problem.wind[t], sellable[t],
            problem.demand[t] / problem.step, level, state, electrolyser, fuel_cell,
        )  # fmt: skip
        flows[t, 0], flows[t, 1], flows[t, 2], flows[t, 3], flows[t, 4] = e, f, m, hydrogen, delivered
        flows[t, 5], flows[t, 6], flows[t, 7], flows[t, 8] = level, sold, curtailed, bought
        states[t] = state
        level = book_activation(plant, reserve, t, problem.step, before, level, flows, activated)
    return unsolved
