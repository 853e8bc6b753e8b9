"""The balancing plant of a scenario, its connection to the grid, and the strategy that runs it."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from testsite_sim.configuration.base import Component, Configuration, Seed, SourcedConfiguration
from testsite_sim.configuration.capacity import CapacityOffer
from testsite_sim.configuration.hydrogen import Electrolyser, FuelCell, HydrogenDemand, Tank
from testsite_sim.configuration.quantities import Duration, EnergyCost, EnergyPrice, Fraction, Mass, Power


class Grid(Configuration):
    """The connection to the grid: no limit of export, no import and no fees where left out.

    `purchase_fee` is due on energy bought, `injection_fee` on energy sold.
    """

    export_limit: Power | None = None
    import_limit: Power | None = None
    purchase_fee: EnergyCost | None = None
    injection_fee: EnergyCost | None = None


class ForecastConfiguration(SourcedConfiguration):
    """How well the hours ahead are known; see `testsite_sim.dispatch.Forecast`."""

    kind: Literal["modelled", "perfect", "persistence"] = "modelled"
    wind_error: Fraction
    price_error: EnergyPrice
    growth: Duration
    correlation: Fraction
    auction_hour: Duration


class Strategy(Configuration):
    """The strategy by name, and what it is told; what is left out is derived from the data and the plant.

    A rolling horizon looks `horizon` ahead, in forecasts whose errors have the `seed`.
    """

    name: str
    horizon: Duration | None = None
    forecast: Annotated[ForecastConfiguration, Component("forecast")] | None = None
    seed: Seed = 0
    produce_below: EnergyPrice | None = None
    generate_above: EnergyPrice | None = None
    promised_power: Power | None = None
    band: Power | None = None
    reserve_level: Mass | None = None

    @model_validator(mode="before")
    @classmethod
    def _name_alone(cls, data: Any) -> Any:
        """Take a plain name for a strategy that is told nothing."""
        return {"name": data} if isinstance(data, str) else data

    @model_validator(mode="after")
    def _looks_ahead(self) -> "Strategy":
        if self.name != "rolling-horizon" and (self.horizon is not None or self.forecast is not None):
            raise ValueError("`horizon` and `forecast` belong to the strategy rolling-horizon; leave them out")
        return self


class Balancing(Configuration):
    """Electrolyser, tank and fuel cell beside the fleet.

    `capacity` lists the power that is kept ready for the grid: up by the fuel cell, down by the electrolyser.
    """

    electrolyser: Annotated[Electrolyser, Component("electrolyser")] | None = None
    tank: Annotated[Tank, Component("tank")] | None = None
    fuel_cell: Annotated[FuelCell, Component("fuel-cell")] | None = None
    demand: Annotated[HydrogenDemand, Component("hydrogen-demand")] | None = None
    strategy: Strategy
    capacity: Annotated[tuple[CapacityOffer, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _fast_enough(self) -> "Balancing":
        for offer in self.capacity:
            product = offer.product
            for machine, name, against in (
                (self.fuel_cell, "fuel_cell", "down"),
                (self.electrolyser, "electrolyser", "up"),
            ):
                if product.direction == against:
                    continue
                if machine is None or machine.response_time is None:
                    raise ValueError(f"capacity: {product.title} wants a `{name}` with its `response_time`")
                if machine.response_time > product.full_activation_time:
                    raise ValueError(
                        f"capacity: {product.title} wants full power within {float(product.full_activation_time):g} s; "
                        f"the {name} takes {float(machine.response_time):g} s"
                    )
        return self

    @model_validator(mode="after")
    def _complete(self) -> "Balancing":
        if self.electrolyser is None and (self.tank or self.fuel_cell or self.demand):
            raise ValueError("a tank, a fuel cell or a demand wants an `electrolyser` that fills it")
        if self.fuel_cell is not None and self.tank is None:
            raise ValueError("a fuel cell wants a `tank` that it draws from")
        return self
