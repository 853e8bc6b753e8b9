"""The best operation of a plant of several stores as a linear programme, written plainly from what the plant does.

Every store has a content of its own, and all of them take no more than is made; machines have constant yields, so that
nothing depends on an order of segments.
For days; solved by the HiGHS of SciPy.
"""

import numpy as np
from scipy.optimize import linprog

COLUMNS = ("electrolyser", "fuel_cell", "sold", "bought", "curtailed", "unmet")


def matrix(rows, columns):
    """Return rows of coefficients by column as a matrix."""
    found = np.zeros((len(rows), columns))
    for i, row in enumerate(rows):
        for column, value in row.items():
            found[i, column] = value
    return found


def optimum(wind, demand, sale, purchase, step, machines, stores, grid, worth):
    """Return the optimum [EUR] and what each store holds after each interval [kg].

    Parameters
    ----------
    wind, demand, sale, purchase : ndarray, shape (time,)
        [W], [kg/s], [EUR/J].
    step : float
        [s].
    machines : tuple
        Electrolyser [W] and what it makes [kg/J]; fuel cell [W] and what it takes [kg/J].
    stores : sequence of tuple
        Of each store: least, most, first content [kg], most in and out [kg/s].
    grid : tuple
        Most import and export [W].
    worth : tuple
        Penalty of hydrogen not delivered, and value of what is left [EUR/kg].
    """
    steps, count = wind.size, len(stores)
    width = len(COLUMNS) + 3 * count
    cost, bounds, rows, right, inflow = np.zeros(steps * width), [], [], [], []

    def at(t, name, k=0):
        place = COLUMNS.index(name) if name in COLUMNS else len(COLUMNS) + 3 * k + ("in", "out", "content").index(name)
        return t * width + place

    electrolyser, made, fuel_cell, used = machines
    for t in range(steps):
        bounds += [(0.0, electrolyser / 1e6), (0.0, fuel_cell / 1e6), (0.0, grid[1] / 1e6), (0.0, grid[0] / 1e6)]
        bounds += [(0.0, max(wind[t], 0.0) / 1e6), (0.0, demand[t] * step)]
        for least, most, _, filling, withdrawal in stores:
            bounds += [(0.0, filling * step), (0.0, withdrawal * step), (least, most)]
        cost[at(t, "sold")] = -sale[t] * 1e6 * step
        cost[at(t, "bought")] = purchase[t] * 1e6 * step
        cost[at(t, "unmet")] = worth[0]
        power = {"electrolyser": 1.0, "sold": 1.0, "curtailed": 1.0, "fuel_cell": -1.0, "bought": -1.0}
        rows.append({at(t, name): k for name, k in power.items()})
        right.append(wind[t] / 1e6)
        hydrogen = {at(t, "electrolyser"): made * 1e6 * step, at(t, "fuel_cell"): -used * 1e6 * step, at(t, "unmet"): 1}
        for k in range(count):
            hydrogen |= {at(t, "in", k): -1.0, at(t, "out", k): 1.0}
            change = {at(t, "content", k): 1.0, at(t, "in", k): -1.0, at(t, "out", k): 1.0}
            rows.append(change if t == 0 else {**change, at(t - 1, "content", k): -1.0})
            right.append(stores[k][2] if t == 0 else 0.0)
        inflow.append({at(t, "electrolyser"): -made * 1e6 * step, **{at(t, "in", k): 1.0 for k in range(count)}})
        rows.append(hydrogen)
        right.append(demand[t] * step)
    for k in range(count):
        cost[at(steps - 1, "content", k)] -= worth[1]
    found = linprog(
        cost, matrix(inflow, cost.size), np.zeros(steps), A_eq=matrix(rows, cost.size), b_eq=right, bounds=bounds
    )
    assert found.status == 0, found.message
    contents = np.array([[found.x[at(t, "content", k)] for k in range(count)] for t in range(steps)])
    return -found.fun, contents
