"""The scenario: everything that a run needs to know."""

from typing import Annotated, NamedTuple

from pydantic import model_validator

from testsite_sim.configuration.balancing import Balancing, Grid
from testsite_sim.configuration.base import Component, Configuration
from testsite_sim.configuration.economics import Economics
from testsite_sim.configuration.ensemble import Ensemble
from testsite_sim.configuration.farm import FarmConfiguration
from testsite_sim.configuration.hydrogen_site import HydrogenSite
from testsite_sim.configuration.market import Market
from testsite_sim.configuration.operations import Operations
from testsite_sim.configuration.quantities import Quantity
from testsite_sim.configuration.site import Site
from testsite_sim.configuration.weather import Weather
from testsite_sim.configuration.wind import Wind


class WindFarm(NamedTuple):
    """What makes wind power: turbines, how the flow through them is modelled, what keeps them from giving it."""

    farm: FarmConfiguration
    wind: Wind
    operations: Operations


class Scenario(Configuration):
    """One run of the chain, from weather to money.

    A `hydrogen` site takes the place of `balancing`; it may do without turbines: without `farm`, `wind` and
    `operations`. A fleet without a plant may do without `market`: its energy is then not sold, and has a cost alone;
    and without `economics`.
    """

    title: str
    description: str = ""
    site: Annotated[Site, Component("site")]
    weather: Annotated[Weather, Component("weather")]
    farm: Annotated[FarmConfiguration, Component("farm")] | None = None
    wind: Wind | None = None
    operations: Operations | None = None
    grid: Grid
    market: Annotated[Market, Component("market")] | None = None
    balancing: Balancing | None = None
    hydrogen: HydrogenSite | None = None
    economics: Annotated[Economics, Component("economics")] | None = None
    ensemble: Ensemble | None = None

    @property
    def wind_farm(self) -> WindFarm:
        """The wind farm; only a hydrogen site may have none."""
        if self.farm is None or self.wind is None or self.operations is None:
            raise ValueError("the scenario has no wind farm")
        return WindFarm(self.farm, self.wind, self.operations)

    @property
    def sale(self) -> Market:
        """The market; where there is none, one in which energy is worth nothing, and all of it is delivered."""
        return Market(price=Quantity(0.0, "0 EUR/MWh")) if self.market is None else self.market

    @property
    def money(self) -> Economics:
        """The economics; only a fleet without a plant may have none."""
        if self.economics is None:
            raise ValueError("the scenario has no economics")
        return self.economics

    @model_validator(mode="after")
    def _belongs_together(self) -> "Scenario":
        stated = {"farm": self.farm, "wind": self.wind, "operations": self.operations}
        missing = [name for name, value in stated.items() if value is None]
        if self.hydrogen is None and missing:
            raise ValueError(
                f"no {' and no '.join(f'`{name}`' for name in missing)}; only a `hydrogen` site may lack them"
            )
        if self.hydrogen is not None and len(missing) not in (0, 3):
            raise ValueError("`farm`, `wind` and `operations` go together: state all of them, or none")
        if self.hydrogen is not None and self.balancing is not None:
            raise ValueError("`hydrogen` and `balancing` both dispatch the plant; leave one of them out")
        for name, part in (("balancing", self.balancing), ("hydrogen", self.hydrogen)):
            if part is not None and self.market is None:
                raise ValueError(
                    f"`{name}` is run by prices: add `market`, by name or as one price, `market: {{price: 60 EUR/MWh}}`"
                )
            if part is not None and self.economics is None:
                raise ValueError(f"`{name}` has costs: add `economics`, for example `economics: demonstration`")
        if self.hydrogen is not None and self.sale.imbalance is not None:
            raise ValueError("a `hydrogen` site sells as it comes; leave `market.imbalance` and `market.forecast` out")
        wind = None if self.economics is None else self.economics.wind
        if not missing and self.economics is not None and wind is None:
            raise ValueError("economics states no cost of the turbines; add `wind` there")
        simulated = self.operations is not None and self.operations.maintenance is not None
        if simulated and wind is not None and wind.other_operating is None:
            raise ValueError(
                "maintenance is simulated, and its cost takes the place of that in `economics.wind.operating`; state "
                "in `economics.wind.other_operating` what a year costs besides, for example 37.5 EUR/kW/year"
            )
        return self
