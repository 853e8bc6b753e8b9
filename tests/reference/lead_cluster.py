"""The best lead cluster by brute force: every combination, every set of plants, each a linear programme."""

import itertools

import numpy as np
from scipy.optimize import linprog

DAYS = 365.0


def worth(built, chosen, case, member):
    """Return what one cluster is worth [EUR/year]: a linear programme of who gets what from where."""
    value, demand = case["value"][member], case["demand"][member].copy()
    mobile, shares = case["mobile"], case["hourly_share"]
    demand[[a not in chosen for a in range(demand.size)]] = 0.0
    profile = (demand[mobile][:, None] / DAYS * shares[mobile]).sum(axis=0)
    dispensed = sum(case["dispensing_peak"][member, p] for p in built)
    served = min(1.0, dispensed / profile.max()) if profile.max() > 0.0 else 1.0
    consumed = min(1.0, sum(case["fuel_cell_share"][member, p] for p in built))
    limits = np.where(mobile, demand * served, demand * consumed)
    available = [0.0, 0.0]
    for p in built:
        if case["source"][p] >= 0:
            available[case["source"][p]] += case["production"][member, p]
    available[1] = min(available[1], case["by_product_limit"][member])
    gains = (value[:, None] - case["supply_cost"][member]).ravel()
    rows = [np.kron(np.eye(demand.size)[a], np.ones(2)) for a in range(demand.size)]
    rows += [np.kron(np.ones(demand.size), np.eye(2)[s]) for s in range(2)]
    found = linprog(-gains, A_ub=np.array(rows), b_ub=[*limits, *available], bounds=(0.0, None), method="highs")
    levels = np.concatenate([[0.0], np.cumsum(profile.mean() - profile)])
    store = levels.max() - levels.min()
    fixed = sum(case["fixed"][member, p] for p in built)
    return -found.fun - fixed - case["store_cost"][member] * store * served


def best_clusters(case):
    """Return the worth of every combination with its best plants, (member, combination)."""
    members, applications = case["value"].shape
    plants = range(case["production"].shape[1])
    sets = [c for n in range(len(plants) + 1) for c in itertools.combinations(plants, n)]
    found = np.empty((members, 1 << applications))
    for member, mask in itertools.product(range(members), range(1 << applications)):
        chosen = [a for a in range(applications) if (mask >> a) & 1]
        found[member, mask] = max(worth(built, chosen, case, member) for built in sets)
    return found
