"""The scenario: everything that a run needs to know."""

from collections.abc import Container
from typing import Annotated, ClassVar, NamedTuple

from pydantic import model_validator

from testsite_sim.common.errors import nearest
from testsite_sim.configuration.base import Component, Configuration, refuse_all
from testsite_sim.configuration.contracts import check_contracts
from testsite_sim.configuration.dispatch import Dispatch, check_reserves
from testsite_sim.configuration.economics import Economics
from testsite_sim.configuration.ensemble import Ensemble
from testsite_sim.configuration.far_away import far_away
from testsite_sim.configuration.farm import FarmConfiguration
from testsite_sim.configuration.grid import Grid
from testsite_sim.configuration.location import Location
from testsite_sim.configuration.market import Market
from testsite_sim.configuration.one_frame import far_apart
from testsite_sim.configuration.operations import Operations
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.configuration.quantities import Quantity
from testsite_sim.configuration.strategy import check_settings
from testsite_sim.configuration.weather import Weather
from testsite_sim.configuration.wind import Wind


class WindFarm(NamedTuple):
    """What makes wind power: turbines, how the flow through them is modelled, what keeps them from giving it."""

    farm: FarmConfiguration
    wind: Wind
    operations: Operations


class Scenario(Configuration):
    """One run of the chain, from weather to money.

    A hydrogen `plant` is run by its `dispatch`; it may do without turbines: without `farm`, `wind` and `operations`. A
    wind farm without a plant may do without `market`: its energy is then not sold, and has a cost alone; and without
    `economics`.
    """

    RENAMED: ClassVar[dict[str, str]] = {
        "site": "where the scenario plays is `location`",
        "balancing": "the machines stand in `plant` (`electrolysers`, `store`, `fuel_cells`, `demand`), the strategy "
        "in `dispatch.strategy`, capacity offers in `dispatch.reserves`",
        "hydrogen": "the machines stand in `plant` (`fuel_cell` in the list `fuel_cells`), `control` in "
        "`dispatch.strategy`, by the name self-consumption",
    }

    title: str
    description: str = ""
    location: Annotated[Location, Component("location")]
    weather: Annotated[Weather, Component("weather")]
    farm: Annotated[FarmConfiguration, Component("farm")] | None = None
    wind: Wind | None = None
    operations: Operations | None = None
    grid: Grid = Grid()
    market: Annotated[Market, Component("market")] | None = None
    plant: PlantConfiguration | None = None
    dispatch: Dispatch | None = None
    economics: Annotated[Economics, Component("economics")] | None = None
    ensemble: Ensemble | None = None

    @property
    def wind_farm(self) -> WindFarm:
        """The wind farm; only a hydrogen plant may have none."""
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

    @property
    def machines(self) -> PlantConfiguration:
        """The plant; where there is none, one without machines."""
        return PlantConfiguration() if self.plant is None else self.plant

    @classmethod
    def lacking(cls, stated: Container[str]) -> list[str]:
        """Return what is to be added to a scenario that states some of the parts, a sentence each."""
        of_wind = ("farm", "wind", "operations")
        missing = [name for name in of_wind if name not in stated]
        if "plant" not in stated:
            faults = []
            if missing:
                names = " and no ".join(f"`{name}`" for name in missing)
                faults.append(f"no {names}; only a scenario with a `plant` may lack them")
            return faults
        together = "`farm`, `wind` and `operations` go together: state all of them, or none"
        faults = [together] if 0 < len(missing) < len(of_wind) else []
        needs = {
            "dispatch": "a `plant` is run by a strategy: add `dispatch`, for example `{strategy: surplus}`",
            "market": "a `plant` is run by prices: add `market`, by name or as one price, "
            "`market: {price: 60 EUR/MWh}`",
            "economics": "a `plant` has costs: add `economics`, for example `economics: demonstration`",
        }
        return faults + [sentence for name, sentence in needs.items() if name not in stated]

    @model_validator(mode="after")
    def _belongs_together(self) -> "Scenario":
        faults = self.lacking({name for name in type(self).model_fields if getattr(self, name) is not None})
        if self.plant is not None and self.plant == PlantConfiguration():
            kinds = ", ".join(f"`{name}`" for name in PlantConfiguration.model_fields)
            faults.append(f"`plant` has no machine; add one of {kinds}, or leave `plant` and `dispatch` out")
        wind = None if self.economics is None else self.economics.wind
        if self.farm is not None and self.economics is not None and wind is None:
            faults.append("economics states no cost of the turbines; add `wind` there")
        simulated = self.operations is not None and self.operations.maintenance is not None
        if simulated and wind is not None and wind.other_operating is None:
            faults.append(
                "maintenance is simulated, and its cost replaces that in `economics.wind.operating`; state "
                "in `economics.wind.other_operating` what a year costs besides, for example 37.5 EUR/kW/year"
            )
        if self.grid.purchase_fee and not self.grid.import_limit:
            faults.append(
                "grid.purchase_fee is due on what the grid brings, and without `grid.import_limit` above 0 it brings "
                "nothing; state the limit, for example `import_limit: 500 kW`, or leave the fee out"
            )
        if self.farm is not None and not simulated and wind is not None and wind.operating is None:
            faults.append(
                "`economics.wind.operating` is missing: what a year of the turbines costs, for example 100 EUR/kW/year"
            )
        if self.economics is not None and self.machines.prices_hydrogen and self.economics.hydrogen_price is None:
            faults.append(
                "`economics.hydrogen_price` is missing: what the hydrogen of `plant` is sold for, as 6 EUR/kg"
            )
        valued = self.economics is None or self.economics.electricity_valuation is not None
        if not valued and self.machines.values_electricity:
            faults.append(
                "`economics.electricity_valuation` is missing: how the electricity that `plant` uses is valued, "
                "day-ahead or levelised-cost"
            )
        neighbours = None if self.wind is None else self.wind.neighbours
        for where, farm in (("farm", self.farm), ("wind.neighbours", neighbours)):
            if farm is not None and (away := far_away(farm, self.location, where)):
                faults.append(away)
        if self.farm is not None and (apart := far_apart(self.farm, neighbours)):
            faults.append(apart)
        refuse_all(faults)
        if self.dispatch is not None:
            self._check_dispatch(self.dispatch)
        self._check_concessions()
        self._check_bases()
        if self.plant is not None and self.dispatch is not None:
            if self.dispatch.strategy is None:
                raise ValueError("`dispatch.strategy` is missing: a `plant` is run by a strategy, for example surplus")
            parts = type(self.plant).model_fields
            check_settings(self.dispatch.strategy, {name for name in parts if getattr(self.plant, name)})
            check_reserves(self.plant, self.dispatch)
        return self

    def _check_concessions(self) -> None:
        """Refuse concessions of farms that are not there, or next to a plant, which would use the energy of all."""
        named = {} if self.market is None else self.market.concessions
        if not named:
            return
        if self.plant is not None or self.farm is None:
            raise ValueError(
                "`market.concessions` are those of a wind farm that sells all it delivers; with a `plant`, or without "
                "a farm, take a market without them, for example day-ahead"
            )
        for concession, sale in named.items():
            for farm in sale.farms:
                if farm not in self.farm.groups:
                    known = nearest(farm, self.farm.groups)
                    raise ValueError(f"market.concessions.{concession}: there is no farm {farm!r}. {known}")

    def _check_bases(self) -> None:
        """Refuse bases of farms that are not there, and maintenance of no farm."""
        bases = {} if self.operations is None else self.operations.bases
        groups = {} if self.farm is None else self.farm.groups
        served = {farm for base in bases.values() for farm in base.farms}
        for name, base in bases.items():
            for farm in base.farms:
                if farm not in groups:
                    raise ValueError(f"operations.bases.{name}: there is no farm {farm!r}. {nearest(farm, groups)}")
        if bases and served >= set(groups):
            raise ValueError("operations.maintenance serves no farm, for `bases` serve all; leave one base out")

    def _check_dispatch(self, dispatch: Dispatch) -> None:
        """Refuse a dispatch of what is not there: of a plant, or of a market that contracts are settled in."""
        if self.plant is None and (dispatch.strategy is not None or dispatch.reserves):
            stated = "strategy" if dispatch.strategy is not None else "reserves"
            raise ValueError(
                f"`dispatch.{stated}` runs a `plant`, and there is none; add one, or leave `dispatch.{stated}` out"
            )
        if dispatch.contracts and self.market is None:
            raise ValueError("`dispatch.contracts` are settled by market prices: add `market`")
        check_contracts(dispatch.contracts, demand=self.machines.demand is not None)
