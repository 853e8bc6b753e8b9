"""The chain behind the page: what a change asks for is run again, and what stands before it is kept."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from testsite_sim.cases.case import Summary
from testsite_sim.cases.scenario import ScenarioCase
from testsite_sim.chain import (
    has_same_farm,
    has_same_operations,
    has_same_plant,
    lacks_losses,
    prepare,
    simulate_farm,
    simulate_plant,
    summarise,
    with_losses,
    with_money_of,
    with_price_of,
    with_uncertainty,
    with_uncertainty_of,
)
from testsite_sim.chain.dispatching import is_compared
from testsite_sim.chain.preparation import Prepared
from testsite_sim.chain.simulation import losses_of
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.explore.heard import heard
from testsite_sim.weather.opening import open_as_measured

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True)
class Answer:
    """A scenario as it was simulated.

    Attributes
    ----------
    case
        What was simulated.
    measured
        Its weather as it was opened, before it takes its climate.
    prepared
        Its record and farm, opened and checked.
    farm
        The steps before the plant, kept for a change of the plant.
    steps
        All steps.
    summary
        As a run of the command line writes it, once `is_complete`; before, without what compares the strategy with the
        best possible, and without the uncertainty of the energy.
    has_life
        Whether the years of the plant are simulated; before, there are neither its money nor what it loses.
    has_losses
        Whether what each loss of the wind farm takes is found; before, there is its power at the connection alone.
    is_complete
        Whether all is found.
    kept_farm, kept_plant
        Whether the farm, and the plant with its years, were those of the answer before.
    seconds
        Wall time.
    warned
        What the user was warned of, by what it comes from: the weather, the farm, the plant.
    """

    case: ScenarioCase
    measured: "xr.Dataset"
    prepared: Prepared
    farm: "Mapping[str, xr.Dataset]"
    steps: "Mapping[str, xr.Dataset]"
    summary: Summary
    has_life: bool
    has_losses: bool
    is_complete: bool
    kept_farm: bool
    kept_plant: bool
    seconds: float
    warned: Mapping[str, tuple[str, ...]]

    @property
    def remarks(self) -> tuple[str, ...]:
        """Return what the user was warned of, each once."""
        return tuple(dict.fromkeys(text for texts in self.warned.values() for text in texts))


def answers(case: ScenarioCase, last: Answer | None = None) -> Iterator[Answer]:
    """Yield what is known of a scenario: at once its first year where those after it take longer, then the whole.

    Where what each loss of the wind farm takes needs more flows than its power at the connection, it comes last. The
    steps before the plant are kept where they are those of the last answer, and its weather where that is the same; all
    steps but the money where costs alone are others.
    The comparison of the strategy with the best possible, which takes longer than the rest of a plant, and the
    uncertainty of the energy, which takes two more flows of the farm, are left to `completed`.

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
    scenario = case.scenario
    if last is not None and last.has_life and last.has_losses and has_same_plant(last.case.scenario, scenario):
        yield _with_other_costs(case, last, start)
        return
    kept = last is not None and has_same_farm(last.case.scenario, scenario)
    of_weather: list[str] = []
    of_farm: list[str] = list(last.warned["farm"]) if last is not None and kept else []
    of_plant: list[str] = []
    if last is not None and last.case.scenario.weather == scenario.weather:
        measured, of_weather = last.measured, list(last.warned["weather"])
    else:
        with heard(of_weather):
            measured = open_as_measured(scenario.weather, wind=False)
    with heard(of_farm):
        prepared = prepare(scenario, measured, check_sea=not kept)
        prepared = replace(prepared, optimum=False, losses=False, sensitivity=False)
        if last is not None and kept:
            farm = with_price_of(prepared, last.farm)
        else:
            is_known = last is not None and has_same_operations(prepared, last.prepared)
            farm = dict(simulate_farm(prepared, last.farm["operations"] if last is not None and is_known else None))
    compared, steps = _is_compared(case), dict(farm)

    def found(has_life: bool) -> Answer:
        seconds = time.perf_counter() - start
        return Answer(
            case,
            measured,
            prepared,
            farm,
            dict(steps),
            summarise(steps),
            has_life,
            not lacks_losses(farm),
            has_life and not (compared or lacks_losses(farm) or _lacks_uncertainty(prepared, farm)),
            kept,
            False,
            seconds,
            {"weather": tuple(of_weather), "farm": tuple(of_farm), "plant": tuple(of_plant)},
        )

    year = "plant" if scenario.machines.refuelling is None else "refuelling"  # what comes before the life of the plant
    following = simulate_plant(prepared, farm)
    while True:
        with heard(of_plant):
            done = next(following, None)
        if done is None:
            break
        name, step = done
        steps[name] = step
        if name == year and _has_long_life(scenario.machines) and scenario.economics is not None:
            if "wind" in farm and not lacks_losses(farm):
                steps["losses"] = losses_of(farm["wind"], steps["plant"])
            yield found(has_life=False)
    yield found(has_life=True)
    if lacks_losses(farm):
        with heard(of_farm):
            farm = with_losses(prepared, farm)
        steps |= {"wind": farm["wind"], "losses": losses_of(farm["wind"], steps["plant"])}
        yield found(has_life=True)


def _with_other_costs(case: ScenarioCase, last: Answer, start: float) -> Answer:
    """Return the answer of a scenario that differs in costs alone."""
    of_plant = list(last.warned["plant"])
    with heard(of_plant):
        prepared = prepare(case.scenario, last.measured, check_sea=False)
        steps = with_money_of(prepared, last.steps)
    return replace(
        last,
        case=case,
        prepared=replace(prepared, optimum=False, losses=False, sensitivity=False),
        steps=steps,
        summary=summarise(steps),
        kept_farm=True,
        kept_plant=True,
        seconds=time.perf_counter() - start,
        warned={**last.warned, "plant": tuple(of_plant)},
    )


def answer(case: ScenarioCase, last: Answer | None = None) -> Answer:
    """Simulate a scenario with the life of its plant; see `answers`."""
    *_, whole = answers(case, last)
    return whole


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
    """Return an answer with all losses, the uncertainty of the energy, and the strategy compared with the best one."""
    if found.is_complete:
        return found
    start = time.perf_counter()
    farm = dict(found.farm)
    of_farm, of_plant = list(found.warned["farm"]), list(found.warned["plant"])
    with heard(of_farm):
        if lacks_losses(farm):
            farm = with_losses(found.prepared, farm)
        if _lacks_uncertainty(found.prepared, farm):
            farm = with_uncertainty(found.prepared, farm)
    with heard(of_plant):
        if found.has_life and found.has_losses and not _is_compared(found.case):
            steps = with_uncertainty_of(found.prepared, {**found.steps, **farm})
        else:
            steps = {**farm, **dict(simulate_plant(replace(found.prepared, optimum=True), farm))}
    return replace(
        found,
        farm=farm,
        steps=steps,
        summary=summarise(steps),
        has_losses=True,
        is_complete=True,
        seconds=found.seconds + time.perf_counter() - start,
        warned={**found.warned, "farm": tuple(of_farm), "plant": tuple(of_plant)},
    )


def _has_long_life(plant: PlantConfiguration) -> bool:
    """Return whether the years of a plant take much longer than its first one: wear, vehicles or pressures."""
    return plant.years_differ or plant.pipeline is not None or bool(plant.of_banks)


def _is_compared(case: ScenarioCase) -> bool:
    """Return whether the strategy of a scenario is compared with the best possible."""
    stated = case.scenario.dispatch
    strategy = None if stated is None else stated.strategy
    return strategy is not None and is_compared(case.scenario.machines, strategy)


def _lacks_uncertainty(prepared: Prepared, farm: "Mapping[str, xr.Dataset]") -> bool:
    """Return whether the uncertainty of the energy is stated and not found yet."""
    if prepared.turbines is None or prepared.scenario.wind_farm.wind.uncertainty is None:
        return False
    return "energy_sensitivity" not in farm["wind"]
