"""The scenario: everything that a run needs to know."""

from typing import Annotated

from testsite_sim.configuration.balancing import Balancing, Grid
from testsite_sim.configuration.base import Component, Configuration
from testsite_sim.configuration.economics import Economics
from testsite_sim.configuration.ensemble import Ensemble
from testsite_sim.configuration.farm import FarmConfiguration
from testsite_sim.configuration.market import Market
from testsite_sim.configuration.operations import Operations
from testsite_sim.configuration.site import Site
from testsite_sim.configuration.weather import Weather
from testsite_sim.configuration.wind import Wind


class Scenario(Configuration):
    """One run of the chain, from weather to money."""

    title: str
    description: str
    site: Annotated[Site, Component("site")]
    weather: Annotated[Weather, Component("weather")]
    farm: Annotated[FarmConfiguration, Component("farm")]
    wind: Wind
    operations: Operations
    grid: Grid
    market: Annotated[Market, Component("market")]
    balancing: Balancing | None = None
    economics: Annotated[Economics, Component("economics")]
    ensemble: Ensemble | None = None
