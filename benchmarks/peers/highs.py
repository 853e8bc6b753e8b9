"""The optimum of one storage compared with HiGHS in one process, and how the balancing kernels grow.

    python benchmarks/peers/highs.py

Prints CPU seconds (one thread), the least of several; wall seconds where two threads share the work. HiGHS is timed
without the building of its model.
"""

import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from testsite_kernels.dispatch.rule import FIRM_BAND, PRICE_THRESHOLD
from testsite_kernels.dispatch.run import run_plant
from testsite_kernels.dispatch.storage_optimum import OPERATION, SOLVED, storage_optimum, storage_value

from benchmarks.peers import storage_highs as reference
from benchmarks.peers.plants import RunningYears, balancing_plant, surroundings_of
from benchmarks.peers.storage_cases import decide, holland_coast_case, oracle_case
from testsite_sim.dispatch.execution import NO_RULE

MEMBERS = 1000


def least(work: Callable[[], object], rounds: int = 5, clock: Callable[[], float] = time.process_time) -> float:
    """Return the least time of several [s]."""
    found = []
    for _ in range(rounds):
        began = clock()
        work()
        found.append(clock() - began)
    return min(found)


def quarters(case, years: int):
    """Return a case repeated for years, in quarter-hours in which power and price hold."""
    wind, demand = (np.tile(np.repeat(each, 4), years) for each in (case.wind, case.demand / 4.0))
    prices = np.tile(np.repeat(case.prices, 4, axis=0), (years, 1))
    return case._replace(step=900.0, wind=wind, demand=demand, prices=prices)


def years(case, count: int):
    """Return a case repeated for years."""
    return case._replace(
        wind=np.tile(case.wind, count), demand=np.tile(case.demand, count), prices=np.tile(case.prices, (count, 1))
    )


def solve(case, operation) -> None:
    """Solve a case exactly, with its operation."""
    status, _, relaxed = storage_optimum(case, operation)
    assert (status, relaxed) == (SOLVED, 0.0)


def compare_with_highs() -> None:
    """Print the year of the two cases with that of HiGHS."""
    print("| case | ours [ms] | HiGHS, run alone [s] | ratio | objective, difference |\n|---|---|---|---|---|")
    for name, case in (("Hollandse Kust Noord 2023", holland_coast_case()), ("with imports", oracle_case())):
        operation = np.empty((case.wind.size, len(OPERATION)))
        solve(case, operation)
        ours = least(lambda case=case, operation=operation: solve(case, operation), 20)
        highs = reference.solve(case, return_highs=True)

        def again(highs=highs) -> None:
            highs.clearSolver()
            highs.run()

        theirs = least(again, 3)
        value = storage_value(case)[1]
        off = abs(value / highs.getObjectiveValue() - 1.0)
        print(f"| {name} | {1e3 * ours:.2f} | {theirs:.3f} | {theirs / ours:.0f} | {value:,.6f}, {off:.1e} |")


def growth() -> None:
    """Print how the exact optimum grows with the horizon."""
    print("\n| horizon | intervals | CPU [ms] | per interval [ns] |\n|---|---|---|---|")
    base = oracle_case()
    cases = [(f"{n} years of hours", years(base, n)) for n in (1, 2, 5, 10, 30)]
    cases += [(f"{n} years of quarter-hours", quarters(base, n)) for n in (1, 10, 30)]
    for name, case in cases:
        operation = np.empty((case.wind.size, len(OPERATION)))
        seconds = least(lambda case=case, operation=operation: solve(case, operation), 5)
        size = case.wind.size
        print(f"| {name.replace('1 years', '1 year')} | {size:,} | {1e3 * seconds:.1f} | {1e9 * seconds / size:.0f} |")


class ManyYears:
    """Years that differ in wind and price, for a rule and for the exact optimum, part by part."""

    def __init__(self, members: int = MEMBERS) -> None:
        self.case, generator = oracle_case(), np.random.default_rng(1)
        self.wind = np.stack([np.roll(self.case.wind, 24 * k) for k in range(members)])
        self.wind *= np.clip(generator.normal(1.0, 0.05, (members, 1)), 0.7, 1.3)
        self.price = np.stack([np.roll(self.case.prices[:, 1], 24 * k) for k in range(members)])
        self.around = surroundings_of(self.wind[0], self.price[0], 200.0 / 3600.0)
        self.plant = balancing_plant(40e6, 20000.0, 10e6)

    def rule(self, number: int, part: slice) -> None:
        """Dispatch a part of the years by a rule."""
        mean = self.price.mean()
        rule = NO_RULE._replace(
            number=number, produce_below=0.8 * mean, generate_above=1.3 * mean, band=2e6, reserve_level=100.0
        )
        year = RunningYears(self.plant, self.around, rule, 30e6, 1)
        for wind, price in zip(self.wind[part], self.price[part], strict=True):
            run_plant(*year.arguments(wind=wind, sale_price=price, purchase_price=price, signal=price))

    def optima(self, part: slice) -> None:
        """Solve a part of the years exactly."""
        for wind, price in zip(self.wind[part], self.price[part], strict=True):
            prices = np.stack([price + 35.0 / 3.6e9, price], axis=1)
            assert storage_value(self.case._replace(wind=wind, prices=prices))[0] == SOLVED


def thousand() -> None:
    """Print a thousand years: of two rules, and exact optima."""
    many = ManyYears()
    halves = [slice(0, MEMBERS // 2), slice(MEMBERS // 2, MEMBERS)]
    print("\n| a thousand different years | one thread, CPU [s] | two threads, wall [s] |\n|---|---|---|")
    works: list[tuple[str, Callable[[slice], None]]] = [
        ("rule firm-band", lambda part: many.rule(FIRM_BAND, part)),
        ("rule price-threshold", lambda part: many.rule(PRICE_THRESHOLD, part)),
        ("exact optima", many.optima),
    ]
    with ThreadPoolExecutor(2) as pool:
        for name, work in works:
            work(slice(0, 2))
            one = least(lambda work=work: work(slice(0, MEMBERS)), 3)
            two = least(lambda work=work: list(pool.map(work, halves)), 7, time.perf_counter)
            print(f"| {name} | {one:.3f} | {two:.3f} |")


def discrete() -> None:
    """Print the dynamic programme of the year."""
    print("\n| minimum load, a year | CPU [s] |\n|---|---|")
    for contents in (101, 401):
        decide(oracle_case(100), contents)
        print(f"| {contents} contents | {least(lambda n=contents: decide(oracle_case(), n), 2):.2f} |")


if __name__ == "__main__":
    compare_with_highs()
    growth()
    thousand()
    discrete()
