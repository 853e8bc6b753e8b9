"""About how long a run takes, from what its file states: of several, the longest is to begin first.

An order is all that is asked of it: what every run takes alike, such as the drawing of its figures, is left out.
"""

import math

from testsite_sim.cases.scenario import ScenarioCase
from testsite_sim.cases.study import StudyCase
from testsite_sim.cases.windio import WindioCase
from testsite_sim.configuration.base import quantities
from testsite_sim.configuration.operations import Operations
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.weather.beforehand import WeatherBeforehand

# Seconds of one processor, taken from warm runs of the scenarios that ship; a factor of two changes no order that
# matters.
PAIR = 5e-9  # of two turbines in an interval: which is in the wake of which
MACHINE = 3e-5  # of a machine or a store in an interval: dispatch, its optimum, degradation
CAMPAIGN = 5e-2  # of a turbine in a strategy of installation, from every year
CERTIFICATION = 4.0  # the times from every start, whose number its members hardly change
EVALUATION = 2e-4  # of a member of a study
MATRICES = 2  # of samples, that a ranking evaluates besides one for each uncertain quantity


def estimated_seconds(case: ScenarioCase | StudyCase | WindioCase, weather: WeatherBeforehand) -> float:
    """Return about how long a run takes: intervals times what is simulated in each, or members of a study [s].

    Parameters
    ----------
    case : ScenarioCase, StudyCase or WindioCase
        What is to be run.
    weather : WeatherBeforehand
        What opens the records of scenarios.

    Raises
    ------
    DataError
        When the weather of a scenario cannot be opened.
    """
    if isinstance(case, StudyCase):
        uncertainty = case.configuration.uncertainty
        uncertain = sum(each.range is not None for _, each in quantities(case.configuration))
        ranked = uncertainty.ranking_samples * (uncertain + MATRICES)
        return EVALUATION * (uncertainty.members + ranked)
    if isinstance(case, WindioCase):
        winds = math.prod(case.plant.resource.sizes.values())
        return PAIR * winds * float(len(case.plant.farm.per_turbine("hub_height"))) ** 2
    return _of_scenario(case.scenario, weather.intervals(case.scenario.weather))


def _of_scenario(scenario: Scenario, intervals: int) -> float:
    """Return about how long a scenario of a number of intervals takes [s]."""
    neighbours = None if scenario.wind is None else scenario.wind.neighbours
    turbines = sum(
        len(group.names) for farm in (scenario.farm, neighbours) if farm is not None for group in farm.groups.values()
    )
    machines = 0 if scenario.plant is None else _machines(scenario.plant)
    of_sea = 0.0 if scenario.operations is None else _of_sea(scenario.operations)
    return intervals * (PAIR * turbines**2 + MACHINE * machines) + of_sea


def _machines(plant: PlantConfiguration) -> int:
    """Return how many machines and stores a plant has."""
    single = (plant.battery, plant.photovoltaics, plant.by_product, plant.refuelling, plant.pipeline)
    in_lists = len(plant.electrolysers) + len(plant.fuel_cells) + len(plant.stores)
    return in_lists + sum(each is not None for each in single)


def _of_sea(operations: Operations) -> float:
    """Return about how long campaigns and certification take [s]."""
    campaigns, certification = operations.installation, operations.certification
    strategies = 0 if campaigns is None else campaigns.turbines * len(campaigns.strategies)
    return CAMPAIGN * strategies + (0.0 if certification is None else CERTIFICATION)
