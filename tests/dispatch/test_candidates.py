"""Rules next to a plan are left out only where they are proven to earn less, and that is proven early."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dispatch.plants import as_stated, plants, stated_strategy, trade
from tests.dispatch.test_foresight import LOADED, OBJECTIVE, case
from testsite_sim.configuration.strategy import strategy
from testsite_sim.dispatch import ReducedPlant, Trade, candidates, carry_out
from testsite_sim.dispatch.candidates import Candidates
from testsite_sim.dispatch.ceiling import Ceiling
from testsite_sim.dispatch.decisions import Decisions, hull_bound, machines_of
from testsite_sim.dispatch.optimum import Optimum, Search, optimum
from testsite_sim.dispatch.ruling import by_every_rule
from testsite_sim.dispatch.storage import storage_problem

FORESIGHT = strategy("perfect-foresight")


def planned(whole: Trade, contents: int = 101, known=lambda ceiling, value: ()) -> Optimum:
    around, inputs = whole.around, (whole.reduced, whole.market, whole.objective)
    return optimum(whole.power, around.demand, around.step, *inputs, around.by_product, Search(contents, 0, known))


def ceiling_of(whole: Trade, block: int | None = None) -> tuple[Ceiling, float]:
    around, plant = whole.around, whole.reduced
    problem = storage_problem(
        whole.power, around.demand, around.step, plant, whole.market, whole.objective, around.by_product
    )
    decisions = Decisions(problem, machines_of(plant, around.step), block)
    bound, prices = hull_bound(decisions)
    return Ceiling(decisions, prices, whole.market.fixed), bound


@pytest.mark.parametrize("block", [None, 64])
def test_the_best_dispatch_stays_below_its_ceiling_all_along_and_near_it(block: int | None) -> None:
    whole = trade(*case(3, 200), as_stated(LOADED), OBJECTIVE)
    found, (ceiling, bound) = planned(whole), ceiling_of(whole, block)
    step, flows = whole.around.step, found.flows
    gains = whole.market.cash(flows[:, 6] - flows[:, 8]) - OBJECTIVE.penalty * (whole.around.demand - flows[:, 4])
    earned = np.concatenate([[0.0], np.cumsum(gains * step)])
    content = np.concatenate([[LOADED.tank_initial], flows[:, 5]])
    most = np.array([earned[t] + ceiling.after(t, content[t]) for t in range(200)])
    assert np.all(most >= found.value * (1.0 - 1e-12))
    assert np.all(most <= bound + 1e-9 * abs(bound) + LOADED.electrolyser_start_energy * whole.around.price.max())


@settings(deadline=None, max_examples=15, derandomize=True)
@given(plants(), st.integers(0, 2**32 - 1))
def test_a_rule_that_is_left_out_earns_less(plant: ReducedPlant, seed: int) -> None:
    whole = trade(*case(seed, 120), as_stated(plant), OBJECTIVE)
    ceiling, bound = ceiling_of(whole)
    earned = {each.result.attrs["strategy"]: each.earned(whole) for each in by_every_rule(whole)}
    for value in [*earned.values(), bound]:
        kept = {each.result.attrs["strategy"] for each in Candidates(whole).reaching(ceiling, value)}
        assert kept >= {name for name, each in earned.items() if each >= value}


@settings(deadline=None, max_examples=15, derandomize=True)
@given(plants(), st.integers(0, 2**32 - 1))
def test_the_best_is_the_same_bit_by_bit_without_the_rules_that_fall_short(plant: ReducedPlant, seed: int) -> None:
    whole = trade(*case(seed, 120), as_stated(plant), OBJECTIVE)
    known = [carry_out(stated_strategy("price-threshold"), whole)]
    every, few = (carry_out(FORESIGHT, whole, known=known, names_best_rule=names).result for names in (True, False))
    every.attrs = {name: every.attrs[name] for name in every.attrs if "best_rule" not in name}
    assert few.identical(every)


def test_no_rule_is_run_in_full_next_to_a_plan_that_is_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, run = trade(*case(3), as_stated(LOADED), replace(OBJECTIVE, penalty=50.0)), list[str]()
    by_rule = candidates.by_rule
    monkeypatch.setattr(candidates, "by_rule", lambda name, trade: run.append(name) or by_rule(name, trade))
    ceiling, bound = ceiling_of(whole)
    assert Candidates(whole).reaching(ceiling, bound) == []
    assert run == []
    assert len(Candidates(whole).reaching(ceiling, -np.inf)) == len(run) == 6


def test_all_rules_are_asked_for_while_a_gap_is_open() -> None:
    whole, asked = trade(*case(3, 200), as_stated(LOADED), OBJECTIVE), list[float]()
    found = planned(whole, 3, lambda ceiling, value: asked.append(value) or ())
    assert found.gap > 1e-6
    assert asked == [-np.inf]
