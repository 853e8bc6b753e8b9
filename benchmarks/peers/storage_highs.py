"""The optimum of a `StorageProblem` as a program solved by HiGHS; only for concave stages.

Linear, unless consuming is paid for: then one binary per interval lets only one machine run, and others keep the order
of its segments.
"""

import itertools

import highspy
import numpy as np
from scipy import sparse


def solve(problem, return_highs=False):
    """Return the optimum [EUR], or None where the program is infeasible (`return_highs`: the solved linear program).

    Columns per interval: each machine segment [MW], sold and bought per market segment [MW], curtailed [MW],
    unmet [kg], by-product taken [kg], content after the interval [kg].
    """
    p, T = problem, problem.wind.size
    scale = 1e6
    n_fuel, n_machine, n_market = p.fuel_segments, p.machine_slope.size, p.prices.shape[1]
    step_slope = p.machine_slope * p.step * scale

    def rows(a):
        return np.broadcast_to(a, (T, *a.shape[1:])) / scale

    edges = rows(p.edges)
    edges = np.clip(edges, -1e5, 1e5)
    eye, zero = sparse.identity(T, format="csr"), None
    difference = sparse.diags([np.ones(T), -np.ones(T - 1)], [0, -1], format="csr")
    machine_power = [eye if i < n_fuel else -eye for i in range(n_machine)]
    machine_mass = [(1 if i < n_fuel else -1) * step_slope[i] * eye for i in range(n_machine)]
    wind = p.wind / scale
    matrix = sparse.bmat(
        [
            [*machine_power, *([-eye] * n_market), -eye, zero, zero, zero],
            [*machine_mass, *([zero] * n_market), zero, -eye, -eye, difference],
            [*([zero] * (n_machine + n_market + 3)), difference],
        ]
    ).tocsc()
    # a market segment's column runs from its low to its high edge, measured from the edge nearest to zero
    low, high = edges[:, :-1], edges[:, 1:]
    anchor = np.clip(0.0, low, high)
    power_row = -wind + anchor.sum(axis=1) - anchor.sum(axis=1)
    mass_row = -p.demand.copy()
    mass_row[0] += p.initial
    flow_low = np.full(T, -np.minimum(p.discharge_limit * p.step, 1e9))
    flow_high = np.full(T, np.minimum(p.charge_limit * p.step, 1e9))
    flow_low[0] += p.initial
    flow_high[0] += p.initial
    row_low, row_high = (np.concatenate([power_row, mass_row, x]) for x in (flow_low, flow_high))
    price = np.broadcast_to(p.prices, (T, n_market)) * p.step * scale
    outside = [np.full(T, -p.penalty), np.full(T, -p.by_product_price)]
    cost = np.concatenate([np.zeros(n_machine * T), price.T.ravel(), np.zeros(T), *outside, np.zeros(T)])
    cost[-1] += p.end_value
    lower = np.concatenate(
        [np.zeros(n_machine * T), (low - anchor).T.ravel(), np.zeros(3 * T), np.full(T, p.tank_minimum)]
    )
    upper = np.concatenate(
        [
            np.repeat(p.machine_width / scale, T),
            (high - anchor).T.ravel(),
            np.maximum(wind, 0.0),
            np.maximum(p.demand, 0.0),
            p.by_product,
            np.full(T, p.tank_capacity),
        ]
    )
    lower[-1] = max(p.end_minimum, p.tank_minimum)
    highs = highspy.Highs()
    highs.silent()
    highs.setOptionValue("primal_feasibility_tolerance", 1e-10)
    highs.setOptionValue("dual_feasibility_tolerance", 1e-10)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = cost.size, row_low.size
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, lower, upper
    lp.row_lower_, lp.row_upper_ = row_low, row_high
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    highs.passModel(lp)
    if np.any((price < 0.0) & (low < 0.0)) and not return_highs:
        add_decisions(highs, p, T, scale)
    highs.run()
    if return_highs:
        return highs
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return highs.getObjectiveValue()


def add_decisions(highs, p, T, scale):
    """Add binaries: one machine at a time, its segments in the order of their load."""
    n_fuel, n_machine = p.fuel_segments, p.machine_slope.size
    width = p.machine_width / scale
    highs.setOptionValue("presolve", "off")  # with bounds of 1e9 it loses the optimum
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_abs_gap", 1e-9)
    highs.setOptionValue("mip_feasibility_tolerance", 1e-9)

    def binary():
        highs.addVar(0.0, 1.0)
        column = highs.getNumCol() - 1
        highs.changeColIntegrality(column, highspy.HighsVarType.kInteger)
        return column

    def row(low, high, *terms):
        columns, values = zip(*terms, strict=True)
        highs.addRow(low, high, len(columns), np.array(columns, np.int32), np.array(values))

    for t in range(T):
        producing = binary()
        for i in range(n_machine):
            if i < n_fuel:
                row(-np.inf, width[i], (i * T + t, 1.0), (producing, width[i]))
            else:
                row(-np.inf, 0.0, (i * T + t, 1.0), (producing, -width[i]))
        for order in (range(n_fuel - 1, -1, -1), range(n_fuel, n_machine)):
            for i, j in itertools.pairwise(order):
                full = binary()
                row(0.0, np.inf, (i * T + t, 1.0), (full, -width[i]))
                row(-np.inf, 0.0, (j * T + t, 1.0), (full, -width[j]))
