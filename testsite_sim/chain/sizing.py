"""The size of a balancing plant that is worth most, or whose hydrogen costs least, in given weather and prices."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.optimize import minimize

from testsite_sim.chain.dispatching import count_money, dispatch
from testsite_sim.chain.plant import plant_of
from testsite_sim.chain.preparation import Prepared
from testsite_sim.chain.simulation import power_at_connection
from testsite_sim.chain.stacks import follow_stacks
from testsite_sim.configuration.balancing import Balancing
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.errors import ConfigurationError, nearest

OBJECTIVES = {"npv": "net_present_value", "lcoh": "levelised_cost_of_hydrogen"}
TOLERANCE = 0.01  # of a size, relative to the widest one tried
MOST_TRIALS = 60


def scaled(scenario: Scenario, electrolyser: float, tank: float, fuel_cell: float) -> Scenario:
    """Return a scenario with other capacities of its plant [W], [kg], [W]; what belongs to a size grows with it."""
    balancing = scenario.balancing
    if balancing is None or balancing.electrolyser is None or balancing.tank is None:
        raise ConfigurationError("size: the scenario has no balancing plant with an electrolyser and a tank.")
    machine = balancing.electrolyser
    factor = electrolyser / float(machine.capacity)
    filling = tank / float(balancing.tank.capacity)
    changed: dict[str, object] = {
        "electrolyser": machine.model_copy(
            update={
                "capacity": electrolyser,
                **{
                    name: float(value) * factor
                    for name in ("standby_power", "start_energy")
                    if (value := getattr(machine, name)) is not None
                },
                "stacks": machine.stacks and machine.stacks.resized(electrolyser),
            }
        ),
        "tank": balancing.tank.model_copy(
            update={
                "capacity": tank,
                "maximum_filling": float(balancing.tank.maximum_filling) * filling,
                "maximum_withdrawal": float(balancing.tank.maximum_withdrawal) * filling,
            }
        ),
    }
    if balancing.fuel_cell is not None:
        changed["fuel_cell"] = balancing.fuel_cell.model_copy(update={"capacity": fuel_cell})
    resized: Balancing = balancing.model_copy(update=changed)
    return scenario.model_copy(update={"balancing": resized})


def size_plant(
    prepared: Prepared,
    electrolysers: Sequence[float],
    tanks: Sequence[float],
    *,
    objective: str = "npv",
    fuel_cell: float | None = None,
) -> xr.Dataset:
    """Try sizes of electrolyser and tank on a grid, then search on from the best by the simplex of Nelder and Mead.

    Weather, fleet and prices are simulated once; every trial dispatches by the scenario's strategy and counts the money
    of the whole project.

    Parameters
    ----------
    prepared : Prepared
        The scenario, opened and checked.
    electrolysers, tanks : sequence of float
        Capacities of the grid, rising [W], [kg].
    objective : str
        `npv`, the net present value, or `lcoh`, the levelised cost of hydrogen.
    fuel_cell : float, optional
        Its capacity [W]; None: searched for as well, from half of that of the scenario to twice it, where it has one.

    Returns
    -------
    xarray.Dataset, dims (electrolyser, tank)
        net_present_value [EUR] and levelised_cost_of_hydrogen [EUR/kg] on the grid; attributes best_electrolyser [W],
        best_tank [kg], best_fuel_cell [W], best_value, trials.

    Raises
    ------
    ConfigurationError
        When there is no such objective, a size is not above zero, or the scenario has no plant to size.
    """
    if objective not in OBJECTIVES:
        raise ConfigurationError(f"size: there is no objective {objective!r}. {nearest(objective, OBJECTIVES)}")
    axes = [np.asarray(list(values), np.float64) for values in (electrolysers, tanks)]
    if any(axis.size == 0 or axis.min() <= 0.0 or np.any(np.diff(axis) <= 0.0) for axis in axes):
        raise ConfigurationError("size: the sizes must be above zero and rise.")
    scenario = prepared.scenario
    balancing = scenario.balancing
    own = 0.0 if balancing is None or balancing.fuel_cell is None else float(balancing.fuel_cell.capacity)
    middle = own if fuel_cell is None else fuel_cell
    power, price = power_at_connection(prepared)
    trials = 0

    def figures(electrolyser: float, tank: float, cell: float) -> tuple[float, float]:
        nonlocal trials
        trials += 1
        tried = scaled(scenario, electrolyser, tank, cell)
        one = replace(prepared, scenario=tried, plant=plant_of(tried.balancing, tried.grid))
        balancing = dispatch(one, power, price)
        money = count_money(one, balancing, follow_stacks(one, balancing)).attrs
        return float(money["net_present_value"]), float(money.get("levelised_cost_of_hydrogen", np.inf))

    grid = np.array([[figures(a, b, middle) for b in axes[1]] for a in axes[0]])
    column = list(OBJECTIVES).index(objective)
    sign = -1.0 if objective == "npv" else 1.0
    start = np.unravel_index(int(np.argmin(sign * grid[:, :, column])), grid.shape[:2])
    searched = own > 0.0 and fuel_cell is None
    scales = np.array([axes[0][-1], axes[1][-1], *([2.0 * own] if searched else [])])
    low = np.array([axes[0][0], axes[1][0], *([0.5 * own] if searched else [])]) / scales

    def worth(sizes: NDArray[np.float64]) -> float:
        e, t, *rest = np.clip(sizes, low, 1.0) * scales
        return sign * figures(float(e), float(t), float(rest[0]) if rest else middle)[column]

    first = np.array([axes[0][start[0]], axes[1][start[1]], *([own] if searched else [])]) / scales
    found = minimize(
        worth, first, method="Nelder-Mead", bounds=[(float(a), 1.0) for a in low],
        options={"maxfev": MOST_TRIALS, "xatol": TOLERANCE, "fatol": 1e-4 * abs(float(grid[start][column])) + 1e-9},
    )  # fmt: skip
    best = np.clip(found.x, low, 1.0) * scales
    dims = ("electrolyser", "tank")
    return xr.Dataset(
        {
            "net_present_value": (dims, grid[:, :, 0], {"units": "EUR", "long_name": "net present value"}),
            "levelised_cost_of_hydrogen": (
                dims, np.where(np.isfinite(grid[:, :, 1]), grid[:, :, 1], np.nan),
                {"units": "EUR kg-1", "long_name": "levelised cost of hydrogen"},
            ),
        },
        coords={
            "electrolyser": ("electrolyser", axes[0], {"units": "W", "long_name": "capacity of the electrolyser"}),
            "tank": ("tank", axes[1], {"units": "kg", "long_name": "capacity of the tank"}),
        },
        attrs={
            "objective": OBJECTIVES[objective], "best_electrolyser": float(best[0]), "best_tank": float(best[1]),
            "best_fuel_cell": float(best[2]) if searched else float(middle), "best_value": sign * float(found.fun),
            "trials": trials,
        },
    )  # fmt: skip
