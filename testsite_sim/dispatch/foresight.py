"""A plant dispatched with its whole future known: planned on the reduced plant, carried out by the plant itself."""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.limits import UNLIMITED
from testsite_kernels.plant.machines import LEVELS, RATES, Reserve

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.units import SECONDS_PER_YEAR
from testsite_sim.configuration.strategy import RollingHorizon
from testsite_sim.dispatch.by_itself import NOTHING_BY_ITSELF, ByItself, acts_by_itself, done_by_itself
from testsite_sim.dispatch.candidates import Candidates
from testsite_sim.dispatch.ceiling import Ceiling
from testsite_sim.dispatch.execution import BY_SCHEDULE, Executed, execute
from testsite_sim.dispatch.forecasts import Forecast, intervals_ahead
from testsite_sim.dispatch.optimum import EXACT, SEARCH, Known, Optimum, Search, optimum
from testsite_sim.dispatch.plant import ReducedPlant
from testsite_sim.dispatch.reduced import is_exact, is_exact_but_for_stores, left_out
from testsite_sim.dispatch.rolling import DEFAULT_HORIZON, rolled
from testsite_sim.dispatch.ruling import best_of
from testsite_sim.dispatch.storage import is_convex
from testsite_sim.dispatch.stores import StoresPlan, plans_each_store, store_limits, stores_optimum
from testsite_sim.dispatch.strategies import PERFECT_FORESIGHT, ROLLING_HORIZON
from testsite_sim.dispatch.trade import Dispatched, Trade, settle

OFF, PRODUCING = 0, 2  # states of a planned operation
CLOSES_GAP = 300  # nodes of HiGHS for the plan of a short series; only where the plan is that of the plant itself
LONGEST_TIME = SECONDS_PER_YEAR  # of a period whose every interval is planned anew for `DEFAULT_HORIZON` ahead [s]
BY_SUMS = "plans_by_sums"  # of a result: no plan that sees each of its stores could be made
ENDS = 1e-6  # relative; by so much a plan that is carried out may miss the end content
PLANS = 3  # made in turn, each with what the plant did by itself under the one before


def foreseen(
    trade: Trade, known: Sequence[Dispatched] = (), *, with_rules: bool = True, names_best_rule: bool = True
) -> Dispatched:
    """Dispatch with the whole future known, orders of reserves included.

    The objective value of what is returned is never below that of a known dispatch, or of a rule without settings, or,
    where the reduced plant is not the plant, of a plan that is made again at every interval on forecasts that are true;
    where one of them is better than every plan carried out, it is returned, and the result says so. What ends with less
    than the end content counts only where nothing ends with enough.

    Parameters
    ----------
    trade : Trade
        The plant and its market.
    known : sequence of Dispatched
        Dispatches of the same trade.
    with_rules : bool
        Whether the rules are tried; False where they are among the known.
    names_best_rule : bool
        Whether the result says which rule is the best; False: rules that are proven to earn less than the plan are not
        run in full, which changes nothing else.
    """
    rules, proven = Candidates(trade), list[Ceiling]()
    again = [] if is_exact(trade.plant) else _planned_again(trade, {each.true_ahead for each in known})
    leaves_out = not names_best_rule and is_exact(trade.plant) and trade.settles_nothing_later

    def candidates(value: float = -np.inf) -> list[Dispatched]:
        """Return what the plan must not fall below, but for rules that are proven to earn less than a value."""
        if not with_rules:
            return [*known, *again]
        tried = rules.reaching(proven[0], value) if leaves_out and proven else rules.all()
        return [*known, *tried, *again]

    def dispatches(ceiling: Ceiling, value: float) -> Iterator[Known]:
        proven[:] = [ceiling]
        for each in candidates(value):
            if each.executed is not None:
                yield flows_of(each.executed)

    by_itself, of_stores = NOTHING_BY_ITSELF, dict[str, float]()
    if trade.reserves is not None:
        plans = _plans_around_orders(trade)
    elif acts_by_itself(trade.plant):
        plans = _plans_in_turn(trade, _best(candidates(), trade))
        by_itself = done_by_itself(_best(plans, trade))
    else:
        plans = [_planned(trade, dispatches if is_exact(trade.plant) else SEARCH.known)]
        facts = plans[0].facts
        if is_exact(trade.plant) and facts["method"] == "convex" and abs(float(facts["plan_gap"])) <= EXACT:
            return plans[0]  # nothing is better
    if plans_each_store(trade.plant):
        more, bound = _plans_of_stores(trade, by_itself)
        plans += more
        of_stores = ({} if bound is None else {"bound": bound}) | ({} if more else {BY_SUMS: 1})
    plan = _best(plans, trade)
    if of_stores:
        plan = replace(plan, described=plan.result.assign_attrs(of_stores), facts={**plan.facts, **of_stores})
    least = plan.earned(trade) if _ends_with_enough(plan, trade) else -np.inf
    best = _best([plan, *candidates(least)], trade)
    found = plan if best is plan else _instead_of(plan, best, trade)
    if not (with_rules and names_best_rule):
        return found
    return replace(found, described=found.result.assign_attrs(best_of(rules.all(), trade)))


def _planned_again(trade: Trade, known: Container[int | None]) -> list[Dispatched]:
    """Return rolling horizons on true forecasts: of the usual length, and of the longest that takes no longer.

    Those of as many intervals as are known are left out.
    """
    period = trade.around.price.size * trade.around.step
    longest = min(period, LONGEST_TIME * DEFAULT_HORIZON / period)
    lengths = {DEFAULT_HORIZON} | ({longest} if longest > DEFAULT_HORIZON else set())
    stated = (
        {"name": ROLLING_HORIZON, "horizon": f"{length} s"}
        for length in sorted(lengths)
        if intervals_ahead(length, trade.around.step) not in known
    )
    return [rolled(RollingHorizon.model_validate(each), trade, Forecast("perfect")) for each in stated]


def _best(dispatched: Sequence[Dispatched], trade: Trade) -> Dispatched:
    """Return the first of those with the largest objective value that end with enough, or of all where none does."""
    enough = [each for each in dispatched if _ends_with_enough(each, trade)]
    return max(enough or dispatched, key=lambda each: each.earned(trade))


def _ends_with_enough(each: Dispatched, trade: Trade) -> bool:
    """Return whether store and pipeline hold the end content at the end."""
    if each.executed is None:
        return True
    last = dict(zip(LEVELS, each.executed.output.levels[each.executed.done - 1], strict=True))
    held = float(last["hydrogen_stored"] + last["hydrogen_in_pipeline"])
    return held >= trade.objective.end_minimum * (1.0 - ENDS)


def _instead_of(plan: Dispatched, best: Dispatched, trade: Trade) -> Dispatched:
    """Return a dispatch that is better than the plan, with what the plan proved."""
    facts = plan.facts
    value = float(facts["value"])
    gap = (value - best.earned(trade)) / max(abs(value), 1e-300)
    names = ("value", "bound", "gap", "method", "reason", "plan_leaves_out", BY_SUMS)
    kept = {key: facts[key] for key in names if key in facts}
    result = best.result.assign(water_value=plan.result["water_value"]).assign_attrs(
        kept | {"plan_gap": gap, "strategy": PERFECT_FORESIGHT, "carried_out": best.result.attrs["strategy"]}
    )
    return replace(best, described=result, facts=kept)


def _planned(
    trade: Trade,
    known: Callable[[Ceiling, float], Iterable[Known]] = SEARCH.known,
    by_itself: ByItself = NOTHING_BY_ITSELF,
) -> Dispatched:
    """Plan on the reduced plant next to what the plant does by itself, and carry it out."""
    around = trade.around
    found = optimum(
        by_itself.left(trade),
        around.demand + by_itself.hydrogen,
        around.step,
        trade.reduced,
        trade.market,
        trade.objective,
        around.by_product,
        Search(nodes=CLOSES_GAP if is_exact(trade.plant) else 0, known=known),
    )
    return _by_plan(found, trade)


def _plans_of_stores(trade: Trade, by_itself: ByItself) -> tuple[list[Dispatched], float | None]:
    """Plan with the content of each store, next to what the plant does by itself, and carry the plans out.

    The programme of all stores says what each holds. Three plans on the curves as they are follow: one that stores and
    draws as the programme does, which minimum loads may not allow; one that does no more of either in any interval; one
    within all that stores of these contents take and give. Returned is also the bound of the programme, where it is one
    of the plant [EUR]; no plan where HiGHS gives up.
    """
    around, limits = trade.around, store_limits(trade.plant, trade.margins)
    power, demand = by_itself.left(trade), around.demand + by_itself.hydrogen
    inputs = (around.step, trade.reduced)
    market = (trade.market, trade.objective)
    best = stores_optimum(power, demand, *inputs, limits, *market, around.by_product)
    if best is None:
        return [], None
    plans = []
    for allowed in (limits.exactly, limits.moved, limits.flows):
        try:
            found = optimum(
                power, demand, *inputs, *market, around.by_product, Search(nodes=0), allowed(best.contents, around.step)
            )
        except ConfigurationError:  # minimum loads keep the end content out of reach within these limits
            continue
        plans.append(_by_plan(found, trade, best))
    proves = trade.reserves is None and is_exact_but_for_stores(trade.plant) and is_convex(trade.reduced)
    proves = proves and bool(trade.market.is_concave().all()) and bool(np.isfinite(best.bound))
    return plans, best.bound if proves else None


def _plans_in_turn(trade: Trade, first: Dispatched) -> list[Dispatched]:
    """Return plans of a plant of which parts act by themselves: what they did under the one is known to the next."""
    plans: list[Dispatched] = []
    before = first
    for _ in range(PLANS):
        plans.append(_planned(trade, by_itself=done_by_itself(before)))
        better = plans[-1].earned(trade) > before.earned(trade)
        before = plans[-1]
        if len(plans) > 1 and not better:
            break
    return plans


def _plans_around_orders(trade: Trade) -> list[Dispatched]:
    """Return a plan within what reserves leave, and one that knows what they deliver under the first."""
    assert trade.reserves is not None
    tried = [_planned(trade)]
    first = tried[0].result
    kernel: Reserve = trade.reserves.kernel
    inflow = first["power_activated_down"] * kernel.production - first["power_activated_up"] * kernel.consumption
    wide = replace(trade, margins=trade.margins.without_stores())
    demand = trade.around.demand - inflow.to_numpy()
    try:
        found = optimum(
            trade.power,
            demand,
            trade.around.step,
            wide.reduced,
            trade.market,
            trade.objective,
            trade.around.by_product,
            Search(nodes=0),
        )
    except ConfigurationError:  # the dispatch within its limits cannot follow what was delivered
        return tried
    return [*tried, _by_plan(found, wide)]


def _by_plan(found: Optimum, trade: Trade, stores: StoresPlan | None = None) -> Dispatched:
    """Carry out a plan: its set-points, its curtailment where it curtails, and what each of its `stores` shall hold."""
    plant = trade.reduced
    curtails = found.flows[:, 7] > 1e-9 * (1.0 + np.abs(trade.power))
    sellable = np.where(curtails, found.flows[:, 6] - found.flows[:, 8], plant.export_limit)
    schedule = schedule_of((found.flows, found.states), plant, trade.around.step)
    rule = BY_SCHEDULE._replace(by_product_serves=trade.objective.by_product_price < trade.objective.penalty)
    control = replace(trade.control(), rule=rule, schedule=schedule, sellable=sellable)
    if stores is not None:
        control = replace(control, aims=stores.contents)
    executed = execute(trade.plant, trade.grid, trade.around, control, machines=trade.machines)
    text = "value of one more kilogram in the store"
    water_value = (("time",), found.water_value, {"units": "EUR kg-1", "long_name": text})
    done = Dispatched(
        executed, partial(settle, executed, trade, PERFECT_FORESIGHT, {"water_value": water_value}), control
    )
    facts: dict[str, float | str] = {
        "value": found.value,
        "gap": found.gap,
        "method": found.method,
        "reason": found.reason,
        "plan_gap": (found.value - done.earned(trade)) / max(abs(found.value), 1e-300),
        "carried_out": "plan",
    }
    if is_exact(trade.plant) and trade.reserves is None:
        facts["bound"] = found.bound
    unseen = left_out(trade.plant)
    if unseen:
        facts["plan_leaves_out"] = "; ".join(unseen)
    return replace(done, described=lambda: done.result.assign_attrs(facts), facts=facts)


def schedule_of(known: Known, plant: ReducedPlant, step: float) -> Floats:
    """Return the set-points of a planned operation, shape (intervals, 4).

    Parameters
    ----------
    known : tuple of ndarray
        Flows of the reduced plant (intervals, 10), in the order of `FLOWS`, and states: 0 off, 1 standby, 2 producing.
    plant : ReducedPlant
        The reduced plant.
    step : float
        [s].
    """
    flows, states = known
    before = np.concatenate([[0], states[:-1]])
    start = np.where((states == PRODUCING) & (before == OFF), plant.electrolyser_start_energy / step, 0.0)
    least = plant.electrolyser_minimum_load * plant.electrolyser_capacity
    power = np.where(flows[:, 2] > 0.0, np.maximum(flows[:, 0] - start, least), 0.0)
    by_product = flows[:, 9]
    if plant.tank_capacity <= 0.0:  # worn fuel cells use more than planned, and nothing of it can be stored
        by_product = np.where((by_product > 0.0) & (flows[:, 1] > 0.0), UNLIMITED, by_product)
    return np.stack([power, flows[:, 1], (states == OFF).astype(np.float64), by_product], axis=1)


def flows_of(executed: Executed) -> Known:
    """Return what a plant that is its own reduced plant did as flows (intervals, 10) and states of it."""
    rate = dict(zip(RATES, executed.output.rates.T, strict=True))
    names = (
        "power_electrolysers",
        "power_fuel_cells",
        "hydrogen_produced",
        "hydrogen_to_fuel_cells",
        "hydrogen_delivered",
    )
    columns = [rate[name] for name in names]
    columns += [
        executed.output.levels[:, 0],
        *(rate[f"power_{name}"] for name in ("exported", "curtailed", "imported")),
        rate["hydrogen_by_product"],
    ]
    states = np.array([0, 0, 1, 2], np.int8)[executed.output.electrolysers[:, 0, 3].astype(np.int64)]
    return np.stack(columns, axis=1), states
