"""Perfect foresight of a list of stores against linear programs: of every store, and of their sum."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linprog
from testsite_kernels.numerics.constants import LOWER_HEATING_VALUE

from tests.plant.halle import traded
from tests.plant.random_plants import DEMAND, electrolysers, fuel_cells, tank
from testsite_sim.configuration.base import CurvePoints
from testsite_sim.configuration.grid import Grid
from testsite_sim.configuration.hydrogen import Tank
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.configuration.strategy import strategy
from testsite_sim.dispatch import Objective, carry_out
from testsite_sim.dispatch.trade import earned

HOUR, MWH = 3600.0, 3.6e9
MADE, USED = 1.0 / (52.0 * 3.6e6), 1.0 / (0.5 * LOWER_HEATING_VALUE)  # [kg/J] of machines of one efficiency
ELECTROLYSER, FUEL_CELL, IMPORT, EXPORT = 4e5, 1.5e5, 5e5, 3e6  # [W]
OBJECTIVE = Objective(penalty=10.0, end_value=2.0)


def store(capacity: float, least: float, first: float, filling: float, withdrawal: float) -> Tank:
    """Return a store by mass [kg] with its levels and its rates [1/h]."""
    values = {"capacity": capacity, "minimum_level": least, "initial_level": first}
    rates = {"filling_per_capacity": filling / HOUR, "withdrawal_per_capacity": withdrawal / HOUR}
    return tank().model_copy(update=values | rates)


def together(stores: tuple[Tank, ...]) -> Tank:
    """Return one store that holds, takes and gives what all do."""
    size = sum(each.capacity for each in stores)

    def mean(name: str) -> float:
        return sum(getattr(each, name) * each.capacity for each in stores) / size

    levels = mean("minimum_level"), mean("initial_level")
    return store(size, *levels, mean("filling_per_capacity") * HOUR, mean("withdrawal_per_capacity") * HOUR)


def best(stores: tuple[Tank, ...], wind: np.ndarray, price: np.ndarray, demand: np.ndarray) -> float:
    """Return the largest objective value [EUR] of stores that may be filled and emptied in any order.

    They take no more than is made in an interval: nothing moves from one into another.

    Blocks of variables over time: power of electrolyser and fuel cell, import, export, curtailment [W]; hydrogen
    delivered, into and out of each store [kg/s].
    """
    count, hours = len(stores), wind.size
    one, none = np.eye(hours), np.zeros((hours, hours))
    most = [ELECTROLYSER, FUEL_CELL, IMPORT, EXPORT, wind, demand]
    flows = [
        each.capacity * rate for each in stores for rate in (each.filling_per_capacity, each.withdrawal_per_capacity)
    ]
    upper = np.concatenate([np.broadcast_to(limit, hours) for limit in (*most, *flows)])
    worth = [0.0, 0.0, -price, price, 0.0, OBJECTIVE.penalty, *[OBJECTIVE.end_value, -OBJECTIVE.end_value] * count]
    gain = HOUR * np.concatenate([np.broadcast_to(each, hours) for each in worth])
    power = np.hstack([-one, one, one, -one, -one, none, *[none] * (2 * count)])
    hydrogen = np.hstack([MADE * one, -USED * one, none, none, none, -one, *[-one, one] * count])
    summed = HOUR * np.tril(np.ones((hours, hours)))
    rows, limits = [], []
    for k, each in enumerate(stores):
        content = np.hstack([*[none] * (6 + 2 * k), summed, -summed, *[none] * (2 * (count - k - 1))])
        first = each.initial_level * each.capacity
        rows += [content, -content]
        limits += [each.capacity - first, first - each.minimum_level * each.capacity]
    rows.append(np.hstack([-MADE * one, *[none] * 5, *[one, none] * count]))
    limits.append(0.0)
    found = linprog(
        -gain,
        A_ub=np.vstack(rows),
        b_ub=np.repeat(limits, hours),
        A_eq=np.vstack([power, hydrogen]),
        b_eq=np.concatenate([-wind, np.zeros(hours)]),
        bounds=np.column_stack([np.zeros(upper.size), upper]),
    )
    begun = sum(each.initial_level * each.capacity for each in stores)
    return -found.fun - OBJECTIVE.penalty * float(demand.sum()) * HOUR + OBJECTIVE.end_value * begun


@pytest.mark.parametrize(
    ("stores", "bound_by_rates"),
    [
        ((store(20.0, 0.1, 0.5, 4.0, 4.0), store(40.0, 0.0, 0.5, 4.0, 4.0)), 0.0),
        ((store(20.0, 0.1, 0.5, 0.1, 0.1), store(40.0, 0.0, 0.5, 0.05, 0.3)), 1e-4),
        ((store(2.0, 0.0, 1.0, 4.0, 4.0), store(40.0, 0.0, 0.1, 0.02, 4.0)), 0.05),
    ],
)
def test_a_plan_is_the_optimum_of_the_stores_where_that_of_their_sum_cannot_be_reached(stores, bound_by_rates) -> None:
    """Aims at stores whose rates never bind, of which nothing is left out, and at slow ones among fast ones."""
    generator = np.random.default_rng(3)
    wind, price = 6e5 * generator.random(48), np.abs(generator.normal(60.0, 50.0, 48)) / MWH
    flat = {"minimum_load": 0.0, "standby_power_per_capacity": 0.0, "start_energy_per_capacity": 0.0}
    maker, user = electrolysers()[1], fuel_cells()[0]
    constant = CurvePoints.model_construct(units="kWh/kg", values=(52.0, 52.0))
    curve = maker.consumption.model_copy(update={"load": (0.0, 1.0), "specific_consumption": constant})
    maker = maker.model_copy(update={"capacity": ELECTROLYSER, "consumption": curve, **flat})
    halves = user.efficiency.model_copy(update={"load": (0.0, 1.0), "efficiency": (0.5, 0.5)})
    user = user.model_copy(update={"capacity": FUEL_CELL, "minimum_load": 0.0, "efficiency": halves})
    plant = PlantConfiguration(electrolysers=(maker,), fuel_cells=(user,), store=stores, demand=DEMAND)
    grid = Grid.model_validate({"import_limit": f"{IMPORT} W", "export_limit": f"{EXPORT} W"})
    whole = replace(traded(plant, wind, price=price, grid=grid), objective=OBJECTIVE)
    found = carry_out(strategy("perfect-foresight"), whole).result
    demand = np.asarray(whole.around.demand, float)
    optimum = best(stores, wind, price, demand)
    assert found.attrs["value"] == pytest.approx(optimum, rel=1e-7)
    assert earned(found, OBJECTIVE) == pytest.approx(optimum, rel=1e-7)
    assert best((together(stores),), wind, price, demand) >= optimum * (1.0 + bound_by_rates - 1e-9)
