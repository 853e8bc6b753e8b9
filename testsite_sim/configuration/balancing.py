"""The balancing plant of a scenario, its connection to the grid, and the strategy that runs it."""

from typing import Annotated

from pydantic import model_validator

from testsite_sim.configuration.base import Component, Configuration
from testsite_sim.configuration.hydrogen import Electrolyser, FuelCell, HydrogenDemand, Tank
from testsite_sim.configuration.quantities import EnergyCost, EnergyPrice, Mass, Power


class Grid(Configuration):
    """The connection to the grid: no limit of export, no import and no fee on it where left out."""

    export_limit: Power | None = None
    import_limit: Power | None = None
    purchase_fee: EnergyCost | None = None


class Strategy(Configuration):
    """The rule by name, and what it is told; what is left out is derived from the data and the plant."""

    name: str
    produce_below: EnergyPrice | None = None
    generate_above: EnergyPrice | None = None
    promised_power: Power | None = None
    band: Power | None = None
    reserve_level: Mass | None = None


class Balancing(Configuration):
    """Electrolyser, tank and fuel cell beside the fleet."""

    electrolyser: Annotated[Electrolyser, Component("electrolyser")] | None = None
    tank: Annotated[Tank, Component("tank")] | None = None
    fuel_cell: Annotated[FuelCell, Component("fuel-cell")] | None = None
    demand: Annotated[HydrogenDemand, Component("hydrogen-demand")] | None = None
    strategy: Strategy

    @model_validator(mode="after")
    def _complete(self) -> "Balancing":
        if self.electrolyser is None and (self.tank or self.fuel_cell or self.demand):
            raise ValueError("a tank, a fuel cell or a demand wants an `electrolyser` that fills it")
        if self.fuel_cell is not None and self.tank is None:
            raise ValueError("a fuel cell wants a `tank` that it draws from")
        return self
