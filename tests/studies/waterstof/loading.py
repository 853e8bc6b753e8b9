"""The study as it ships, with changes."""

from functools import cache

import numpy as np
import xarray as xr

from testsite_sim.configuration.loading import checked
from testsite_sim.configuration.overrides import load_overridden
from testsite_sim.studies.framework.uncertainty import Draws
from testsite_sim.studies.waterstof.configuration.study import Waterstof
from testsite_sim.studies.waterstof.model import simulate_plants, simulate_waterstof
from testsite_sim.studies.waterstof.model.chain_runs import Plants, PlantYear, plant_year

_PLANTS: dict[str, Plants] = {}  # by the scenarios that a study names: tests share their runs


def load(*overrides: str) -> Waterstof:
    """Return the study with overrides `a.b=VALUE`."""
    document, _ = load_overridden("waterstof/study", Waterstof, overrides)
    return checked(Waterstof, document)


def central(study: Waterstof, **drawn: float) -> xr.Dataset:
    """Return the member whose assumptions have their values, but for what is drawn (`__` for a dot)."""
    draws = {path.replace("__", "."): np.array([value]) for path, value in drawn.items()}
    return simulate(study, draws).isel(member=0)


def simulate(study: Waterstof, draws: Draws) -> xr.Dataset:
    """Return the study for some draws."""
    return simulate_waterstof(study, plants_of(study), draws)


def plants_of(study: Waterstof) -> Plants:
    """Return the simulated plants of a study."""
    scenarios = (study.supply.electrolyser.scenario, study.markets.balancing.hydrogen.scenario)
    key = repr((scenarios, {name: plant.scenario for name, plant in study.cluster.plants.items()}))
    if key not in _PLANTS:
        _PLANTS[key] = simulate_plants(study)
    return _PLANTS[key]


@cache
def year_of(scenario: str) -> PlantYear:
    """Return the simulated year of a plant; tests share it."""
    return plant_year(scenario)
