"""The chain behind the page: what a change asks for is run again, and what stands before it is kept."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from testsite_sim.cases.case import Summary
from testsite_sim.cases.scenario import ScenarioCase
from testsite_sim.chain import has_same_farm, prepare, simulate_farm, simulate_plant, summarise, with_price_of
from testsite_sim.chain.dispatching import is_compared
from testsite_sim.chain.preparation import Prepared
from testsite_sim.common.errors import ConfigurationError

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True)
class Answer:
    """A scenario as it was simulated.

    Attributes
    ----------
    case
        What was simulated.
    prepared
        Its record and farm, opened and checked.
    farm
        The steps before the plant, kept for a change of the plant.
    steps
        All steps.
    summary
        As a run of the command line writes it, once `is_complete`; before, without what compares the strategy with the
        best possible.
    is_complete
        Whether that comparison is made.
    kept_farm
        Whether the farm was that of the answer before.
    seconds
        Wall time.
    """

    case: ScenarioCase
    prepared: Prepared
    farm: "Mapping[str, xr.Dataset]"
    steps: "Mapping[str, xr.Dataset]"
    summary: Summary
    is_complete: bool
    kept_farm: bool
    seconds: float


def answer(case: ScenarioCase, last: Answer | None = None) -> Answer:
    """Simulate a scenario, keeping the steps before the plant where they are those of the last answer.

    The comparison of the strategy with the best possible, which takes longer than the rest of a plant, is left to
    `completed`.

    Parameters
    ----------
    case : ScenarioCase
        What to simulate.
    last : Answer, optional
        What was simulated before, of the same session.

    Raises
    ------
    ConfigurationError, DataError
        As a run would.
    """
    start = time.perf_counter()
    check_explorable(case)
    prepared = replace(prepare(case.scenario), optimum=False)
    kept = last is not None and has_same_farm(last.case.scenario, case.scenario)
    farm = with_price_of(prepared, last.farm) if last is not None and kept else dict(simulate_farm(prepared))
    steps = {**farm, **dict(simulate_plant(prepared, farm))}
    stated = case.scenario.dispatch
    strategy = None if stated is None else stated.strategy
    complete = strategy is None or not is_compared(case.scenario.machines, strategy)
    return Answer(case, prepared, farm, steps, summarise(steps), complete, kept, time.perf_counter() - start)


def check_explorable(case: ScenarioCase) -> None:
    """Refuse what the page does not simulate.

    Raises
    ------
    ConfigurationError
        When the scenario states an ensemble.
    """
    if case.scenario.ensemble is not None:
        raise ConfigurationError(
            f"explore: {case.name} states an `ensemble`, and the page simulates one run; leave it out by "
            "`--set ensemble=null`."
        )


def completed(found: Answer) -> Answer:
    """Return an answer with the strategy compared with the best possible."""
    if found.is_complete:
        return found
    start = time.perf_counter()
    steps = {**found.farm, **dict(simulate_plant(replace(found.prepared, optimum=True), found.farm))}
    seconds = found.seconds + time.perf_counter() - start
    return replace(found, steps=steps, summary=summarise(steps), is_complete=True, seconds=seconds)
