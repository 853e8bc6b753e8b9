"""The optimum of a balancing plant as a mixed-integer program, written plainly from the description of the plant.

In every interval exactly one segment of one mode is chosen (the multiple-choice model): nothing depends on a maximum
filling segments in their order. For a few intervals; solved by the HiGHS of SciPy.
"""

from itertools import pairwise

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

MEGA = 1e6
_SOLVER_ERROR = 4  # scipy.optimize.milp: other than infeasible (2) and unbounded (3)


class Program:
    """Columns and rows of a program, one at a time."""

    def __init__(self):
        self.cost, self.low, self.high, self.whole = [], [], [], []
        self.rows = []

    def column(self, low, high, cost=0.0, whole=False):
        """Add a column and return its number."""
        self.cost.append(cost)
        self.low.append(low)
        self.high.append(high)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(self, low, high, terms):
        """Add a row over (column, coefficient)."""
        self.rows.append((low, high, terms))

    def solve(self):
        """Maximise; return the optimum, None where there is none."""
        entries = [(i, column, k) for i, (_, _, terms) in enumerate(self.rows) for column, k in terms]
        i, j, k = zip(*entries, strict=True)
        matrix = csr_matrix((k, (i, j)), (len(self.rows), len(self.cost)))
        limits = LinearConstraint(matrix, [row[0] for row in self.rows], [row[1] for row in self.rows])
        for presolve in (False, True):  # where one way ends in an error of the solver, the other does not
            found = milp(
                -np.array(self.cost),
                integrality=self.whole,
                bounds=Bounds(self.low, self.high),
                constraints=limits,
                options={"mip_rel_gap": 0.0, "presolve": presolve},
            )
            if found.status != _SOLVER_ERROR:
                break
        assert found.status != _SOLVER_ERROR, found.message
        return None if found.x is None else -found.fun


def curve(capacity, minimum, table):
    """Return the segments of a machine: lowest and highest power [MW], flow [kg/s] at both."""
    if capacity <= 0.0:
        return []
    load = np.linspace(0.0, 1.0, table.size)
    points = np.concatenate([[minimum], load[load > minimum]])
    flow = np.interp(points, load, table)
    bends = [0]
    for k in range(1, points.size - 1):
        before = (flow[k] - flow[k - 1]) / (points[k] - points[k - 1])
        after = (flow[k + 1] - flow[k]) / (points[k + 1] - points[k])
        if abs(after - before) > 1e-9 * abs(before):
            bends.append(k)
    bends.append(points.size - 1)
    power = points * capacity / MEGA
    if points.size == 1:
        return [(power[0], power[0], flow[0], flow[0])]
    return [(power[a], power[b], flow[a], flow[b]) for a, b in pairwise(bends)]


def optimum(wind, demand, step, plant, market, objective, by_product=None, limits=None):
    """Return the optimum [EUR], None where no operation is possible.

    `limits`, if any, are the largest flows into and out of the tank in each interval [kg/s].
    """
    program, steps = Program(), wind.size
    offered = np.zeros(steps) if by_product is None else by_product
    start, standby = plant.electrolyser_start_energy / step / MEGA, plant.electrolyser_standby_power / MEGA
    edges = np.clip(np.broadcast_to(market.edges, (steps, market.prices.shape[1] + 1)) / MEGA, -1e4, 1e4)
    prices = np.broadcast_to(market.prices, (steps, market.prices.shape[1])) * step * MEGA
    producing = curve(plant.electrolyser_capacity, plant.electrolyser_minimum_load, plant.electrolyser_table)
    generating = curve(plant.fuel_cell_capacity, plant.fuel_cell_minimum_load, plant.fuel_cell_table)
    level, was_hot = None, None
    for t in range(steps):
        supply = wind[t] / MEGA - edges[t, 0]
        modes = {"idle": program.column(0, 1, whole=True)}  # each with the load that it draws next to its machine
        power, mass, machines = [], [], []
        for sign, segments, names in (
            (1.0, producing, ("start", "on")),
            (-1.0, generating, ("generate", "hot generate")),
        ):
            for name in names:
                if not segments or (name == "hot generate" and standby == 0.0):
                    continue
                chosen = []
                for low, high, flow_low, flow_high in segments:
                    delta = program.column(0, 1, whole=True)
                    share = program.column(0, 1)
                    program.row(-np.inf, 0.0, [(share, 1.0), (delta, -1.0)])
                    power += [(delta, sign * low), (share, sign * (high - low))]
                    mass += [(delta, sign * flow_low * step), (share, sign * (flow_high - flow_low) * step)]
                    chosen.append(delta)
                    machines.append(delta)
                modes[name] = chosen
        if producing and standby > 0.0:
            modes["standby"] = program.column(0, 1 if supply >= standby else 0, whole=True)
        every = [c for name in modes for c in (modes[name] if isinstance(modes[name], list) else [modes[name]])]
        program.row(1.0, 1.0, [(c, 1.0) for c in every])
        hot_now = [c for name in ("start", "on", "hot generate") for c in modes.get(name, [])]
        hot_now += [modes["standby"]] if "standby" in modes else []
        hot = program.column(0, 1)
        program.row(0.0, 0.0, [(hot, 1.0), *((c, -1.0) for c in hot_now)])
        stays = modes.get("on", []) + modes.get("hot generate", []) + ([modes["standby"]] if "standby" in modes else [])
        if start == 0.0:  # a start is nothing then
            stays = [c for c in stays if c not in modes.get("on", [])]
        before = [] if was_hot is None else [(was_hot, -1.0)]
        if stays:
            program.row(-np.inf, 0.0, [*((c, 1.0) for c in stays), *before])
        if modes.get("start") and start > 0.0 and was_hot is not None:
            program.row(-np.inf, 1.0, [*((c, 1.0) for c in modes["start"]), (was_hot, 1.0)])
        if modes.get("hot generate") and supply < standby:
            program.row(0.0, 0.0, [(c, 1.0) for c in modes["hot generate"]])
        load = [(c, start) for c in modes.get("start", [])] + [(c, standby) for c in modes.get("hot generate", [])]
        load += [(modes["standby"], standby)] if "standby" in modes else []
        curtailed = program.column(0.0, max(wind[t], 0.0) / MEGA)
        sold, filled = [], []
        for k in range(prices.shape[1]):
            low, high = edges[t, k], edges[t, k + 1]
            anchor = min(max(0.0, low), high)
            sold.append(program.column(low - anchor, high - anchor, prices[t, k]))
            filled.append((low - anchor, high - anchor))
        for k in range(prices.shape[1] - 1):  # a segment is entered when the one before it is at its end
            over = program.column(0, 1, whole=True)
            (a, b), (c, d) = filled[k], filled[k + 1]
            program.row(a, np.inf, [(sold[k], 1.0), (over, -(b - a))])
            program.row(-np.inf, c, [(sold[k + 1], 1.0), (over, -(d - c))])
        total = wind[t] / MEGA
        program.row(total, total, [*power, *load, (curtailed, 1.0), *((c, 1.0) for c in sold)])
        unmet = program.column(0.0, demand[t] * step, -objective.penalty)
        taken = program.column(0.0, offered[t] * step, -objective.by_product_price)
        least = plant.tank_minimum if t < steps - 1 else max(plant.tank_minimum, objective.end_minimum)
        content = program.column(least, min(plant.tank_capacity, 1e5), objective.end_value if t == steps - 1 else 0.0)
        change = [(content, 1.0)] if level is None else [(content, 1.0), (level, -1.0)]
        held = plant.tank_initial if level is None else 0.0
        program.row(
            held - demand[t] * step,
            held - demand[t] * step,
            [*change, *((c, -k) for c, k in mass), (unmet, -1.0), (taken, -1.0)],
        )
        charge, discharge = (plant.charge_limit, plant.discharge_limit) if limits is None else (x[t] for x in limits)
        program.row(held - min(discharge * step, 1e5), held + min(charge * step, 1e5), change)
        level, was_hot = content, hot
    return program.solve()
