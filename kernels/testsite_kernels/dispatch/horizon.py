"""Model-predictive dispatch: at every interval the exact optimum of the hours ahead, as they are forecast.

The forecast made at t for t + h is what comes, plus an error that grows with h: σ(h) ξ(t + h), ξ being a standard
autoregressive process of first order over the target time, so that the errors of neighbouring hours go together and
shrink as their hour comes nearer. σ(h) = σ∞ (1 − exp(−h / τ)). Wind now is known; prices are known as far as the
auction has set them.

Several stores are planned as their sum. What each of them holds decides how much the sum takes and gives, and follows
from the plan: where the stores could not follow it, the optimum is made again within what they could take and give.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from testsite_kernels.dispatch.run import (
    PlantOutput,
    PlantSeries,
    add_block,
    add_wear,
    begin_equipment,
    begin_year,
    end_year,
    keep_block,
    keep_interval,
    outside_at,
)
from testsite_kernels.dispatch.storage_optimum import SOLVED, storage_optimum
from testsite_kernels.dispatch.storage_stage import StorageProblem
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.compile_options import bare_part, kernel, part
from testsite_kernels.numerics.limits import UNLIMITED
from testsite_kernels.numerics.random_streams import normal
from testsite_kernels.plant.machines import Equipment, EquipmentState, Running, SetPoint
from testsite_kernels.plant.step import plant_step
from testsite_kernels.plant.view import View, sizes_of, view_of, without_compressor
from testsite_kernels.storage.stores import draw_stores, drawable, fill_stores, takeable

MODELLED, PERSISTENCE = 0, 1
PASSES = 4  # of a plan for several stores
ROUNDING = 1e-9  # relative; by so much a plan may ask more of the stores than they take or give


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


class Room(NamedTuple):
    """Room for a horizon: wind (h), prices (h, columns), operation (h, 8), its last pass, and for several stores.

    `charge` and `discharge` (h): the most that the stores take and give [kg/s]; `mass`, `pressure` (b) of their banks.
    """

    wind: Floats
    prices: Floats
    operation: Floats
    tried: Floats
    charge: Floats
    discharge: Floats
    mass: Floats
    pressure: Floats


@kernel
def fill_noise(seed: int, purpose: int, member: int, correlation: float, noise: Floats) -> None:
    """Fill `noise`, shape (time,), with a standard autoregressive process of that correlation from step to step."""
    fresh = math.sqrt(1.0 - correlation * correlation)
    value = normal(seed, purpose, member, 0, 0)
    for t in range(noise.size):
        if t > 0:
            value = correlation * value + fresh * normal(seed, purpose, member, 0, t)
        noise[t] = value


@bare_part
def fill_forecast(problem: StorageProblem, forecasts: Forecasts, t: int, n: int, wind: Floats, prices: Floats) -> float:
    """Fill `wind` and `prices` (horizon, columns) with the `n` intervals from t on as forecast at t.

    Returns the mean of the sale price ahead, where it is above zero [EUR/J].
    """
    columns = problem.prices.shape[1]
    mean = 0.0
    for h in range(n):
        target = t + h
        if forecasts.kind == PERSISTENCE:
            wind[h] = problem.wind[t]
        else:
            off = forecasts.wind_error[h] * forecasts.wind_noise[target]
            least = min(problem.wind[target], 0.0)  # a load
            wind[h] = min(max(problem.wind[target] + off, least), max(forecasts.largest_wind, problem.wind[target]))
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
    return mean / n


@part
def plan_ahead(
    problem: StorageProblem,
    room: Room,
    limits: tuple[Floats, Floats],
    t: int,
    n: int,
    level: float,
    worth: float,
    operation: Floats,
) -> int:
    """Fill `operation` (n, 8) with the optimum of the `n` intervals from t on, from a content [kg]; return its status.

    `limits` (n or 1) are the most that the stores take and give [kg/s]. What is in them at the end of the horizon is
    worth `worth` [EUR/kg].
    """
    last = t + n == problem.wind.size
    ahead = StorageProblem(
        problem.step,
        room.wind[:n],
        problem.demand[t : t + n],
        problem.by_product[t : t + n],
        problem.edges,
        room.prices[:n],
        problem.electrolyser_low,
        problem.electrolyser_high,
        problem.fuel_cell_low,
        problem.fuel_cell_high,
        problem.machine_slope,
        problem.machine_width,
        problem.fuel_segments,
        problem.penalty,
        problem.by_product_price,
        limits[0],
        limits[1],
        problem.tank_minimum,
        problem.tank_capacity,
        min(max(level, problem.tank_minimum), problem.tank_capacity),
        problem.end_minimum if last else problem.tank_minimum,
        problem.end_value if last else worth,
    )
    status, _, _ = storage_optimum(ahead, operation[:n])
    return status


@bare_part
def has_several_stores(equipment: Equipment | None) -> bool:
    """Return whether a plan follows what each of several stores holds; what a pipeline holds would count as well."""
    if equipment is None:
        return False
    return not (equipment.has_tank or equipment.has_pipeline) and equipment.stores.compressor_capacity.size > 1


@bare_part
def cut_limits(
    equipment: Equipment | None,
    carried: EquipmentState | None,
    level: float,
    held: Floats,
    n: int,
    step: float,
    room: Room,
) -> bool:
    """Lower the limit of `room` at the first of `n` intervals in which stores cannot follow its plan.

    They hold `held` (b) [kg]. Later ones may lack for its sake alone. The plan begins with a content `level` [kg].
    Returns whether there is such an interval.
    """
    if equipment is None or carried is None:
        return False
    stores, mass, pressure = equipment.stores, room.mass, room.pressure
    for b in range(mass.size):
        mass[b], pressure[b] = held[b], carried.pressure[b]
    for h in range(n):
        change = room.operation[h, 5] - level
        level = room.operation[h, 5]
        if change > 0.0:
            most = takeable(stores, equipment.has_margins, mass, step)
            if change > most * step * (1.0 + ROUNDING) and most < room.charge[h]:
                room.charge[h] = most
                return True
            fill_stores(stores, carried.aims, mass, pressure, change, step)
        elif change < 0.0:
            most = drawable(stores, mass, pressure, step) / step
            if -change > most * step * (1.0 + ROUNDING) and most < room.discharge[h]:
                room.discharge[h] = most
                return True
            draw_stores(stores, carried.aims, mass, pressure, -change, step)
    return False


@part
def plan_for_stores(
    problem: StorageProblem, running: Running, view: View, room: Room, t: int, n: int, worth: float
) -> int:
    """Fill `room.operation` with the plan of the `n` intervals from t on; return its status.

    Of several stores it is made again, up to `PASSES` times, with lower limits where they could not follow it.
    """
    equipment, level = running.plant.equipment, view.content
    charge, discharge = problem.charge_limit, problem.discharge_limit
    if not has_several_stores(equipment):
        return plan_ahead(problem, room, (charge, discharge), t, n, level, worth, room.operation)
    for h in range(n):
        room.charge[h], room.discharge[h] = charge[0], discharge[0]
    room.charge[0], room.discharge[0] = view.store_room, view.at_hand
    limits = (room.charge[:n], room.discharge[:n])
    status = plan_ahead(problem, room, limits, t, n, level, worth, room.operation)
    state, step = running.state, running.step
    for _ in range(1, PASSES):
        if status != SOLVED or not cut_limits(equipment, state.equipment, level, state.mass, n, step, room):
            break
        if plan_ahead(problem, room, limits, t, n, level, worth, room.tried) != SOLVED:
            break  # the end content is out of reach within these limits
        for h in range(n):
            for k in range(room.operation.shape[1]):
                room.operation[h, k] = room.tried[h, k]
    return status


@kernel
def run_rolling_horizon(
    running: Running,
    problem: StorageProblem,
    forecasts: Forecasts,
    hydrogen_per_joule: float,
    series: PlantSeries,
    room: Room,
    out: PlantOutput,
) -> int:
    """Run the plant through the record by the optimum of the hours ahead; return how many hours had no solution.

    Parameters
    ----------
    running : Running
        The plant, which carries out the first interval of every optimum.
    problem : StorageProblem
        The reduced plant and the whole series, of which each optimum sees the forecast of its horizon; one row of
        edges.
    forecasts : Forecasts
        Their arrays over the horizon say how far it reaches.
    hydrogen_per_joule : float
        Production of the electrolysers, without them consumption of the fuel cells [kg/J]: hydrogen left at the end of
        a horizon is worth the electricity in it, at the mean price of the horizon where that is above zero.
    series, out : PlantSeries, PlantOutput
        As in `run_plant`; one year of totals.
    room : Room
        For the forecast and the optimum of a horizon.
    """
    steps, horizon, unsolved = problem.wind.size, forecasts.wind_error.size, 0
    serves = problem.by_product_price < problem.penalty
    begin_equipment(running.plant.equipment, running.state.equipment, running.state.mass)
    sizes = sizes_of(running)
    begin_year(running, 0, out)
    for t in range(steps):
        outside = outside_at(series, t, 1.0)
        view = view_of(running, sizes, outside)
        n = min(horizon, steps - t)
        mean = fill_forecast(problem, forecasts, t, n, room.wind, room.prices)
        worth = mean / hydrogen_per_joule if hydrogen_per_joule > 0.0 else 0.0
        status = plan_for_stores(problem, running, view, room, t, n, worth)
        electrolysers, fuel_cells = room.operation[0, 0], room.operation[0, 1]
        by_product = room.operation[0, 7] / running.step
        if problem.tank_capacity <= 0.0 and by_product > 0.0 and fuel_cells > 0.0:
            by_product = UNLIMITED  # worn fuel cells use more than planned, and nothing of it can be stored
        if status != SOLVED:  # the end content is out of reach of the forecast: fill the store as well as it goes
            unsolved += 1
            electrolysers, fuel_cells, by_product = sizes.electrolysers, 0.0, UNLIMITED
        export = running.plant.export_limit
        set_point = SetPoint(
            without_compressor(view, electrolysers), fuel_cells, False, True, export, by_product, serves
        )
        plant_step(running, sizes, view, outside, set_point, t * running.step, 0)
        add_wear(running.state.equipment, out.equipment, 0)
        keep_interval(running, set_point, t, out)
        add_block(running.block, 1, running.step, 0, out)
        keep_block(running.block, 1, t, out)
    end_year(running, 0, steps, 0, out)
    return unsolved
