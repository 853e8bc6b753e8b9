"""How a plant is dispatched: the strategy with its settings, and the power that is kept in reserve for the grid."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from testsite_sim.configuration.base import Component, Configuration, Seed, SourcedConfiguration
from testsite_sim.configuration.capacity import CapacityOffer
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.configuration.quantities import Duration, EnergyPrice, Fraction, Mass, Power


class ForecastConfiguration(SourcedConfiguration):
    """How well the hours ahead are known; see `testsite_sim.dispatch.Forecast`."""

    kind: Literal["modelled", "perfect", "persistence"] = "modelled"
    wind_error: Fraction
    price_error: EnergyPrice
    growth: Duration
    correlation: Fraction
    auction_hour: Duration


class Strategy(Configuration):
    """The strategy by name, and its settings; what is left out is derived from the data and the plant.

    A rolling horizon looks `horizon` ahead, in forecasts whose errors have the `seed`. `reserve_level` is a content of
    the store below which electrolysers fill it at any price and fuel cells rest. Self-consumption draws from the grid
    as well while store and station are less full than `grid_import_below_level`, or while the grid is cheaper than
    `grid_import_below_price`; its fuel cells draw on the store above `store_above_level`.
    """

    SETTINGS: ClassVar[dict[str, tuple[str, ...]]] = {
        "none": (),
        "surplus": ("promised_power", "reserve_level"),
        "price-threshold": ("produce_below", "generate_above", "reserve_level"),
        "firm-band": ("promised_power", "band", "reserve_level"),
        "imbalance": ("produce_below", "generate_above", "promised_power", "band", "reserve_level"),
        "self-consumption": (
            "generate_above", "grid_import_below_level", "grid_import_below_price", "store_above_level",
        ),
        "rolling-horizon": ("horizon", "forecast", "seed"),
        "perfect-foresight": (),
    }  # fmt: skip

    name: str
    horizon: Duration | None = None
    forecast: Annotated[ForecastConfiguration, Component("forecast")] | None = None
    seed: Seed | None = None
    produce_below: EnergyPrice | None = None
    generate_above: EnergyPrice | None = None
    promised_power: Power | None = None
    band: Power | None = None
    reserve_level: Mass | None = None
    grid_import_below_level: Fraction | None = None
    grid_import_below_price: EnergyPrice | None = None
    store_above_level: Fraction | None = None

    @model_validator(mode="before")
    @classmethod
    def _written_out(cls, data: Any) -> Any:
        """Take a plain name for a strategy without settings; forecasts have a seed, which an ensemble can vary."""
        stated = {"name": data} if isinstance(data, str) else data
        if isinstance(stated, dict) and "seed" in cls.SETTINGS.get(str(stated.get("name")), ()):
            return {**stated, "seed": 0} if stated.get("seed") is None else stated
        return stated

    @model_validator(mode="after")
    def _has_a_use(self) -> "Strategy":
        """Refuse settings that the strategy does not use; whether it exists is checked where the strategies are."""
        if self.name not in self.SETTINGS:
            return self
        used = self.SETTINGS[self.name]
        stated = {name for name in self.model_fields_set - {"name"} if getattr(self, name) is not None}
        idle = [name for name in type(self).model_fields if name in stated and name not in used]
        if idle:
            known = ", ".join(f"`{name}`" for name in used) or "no settings"
            raise ValueError(
                f"the strategy {self.name} takes {known}, and not {', '.join(f'`{name}`' for name in idle)}; "
                "leave out what it does not take"
            )
        return self


class Dispatch(Configuration):
    """The strategy of a plant, and power kept in reserve for the grid: up by fuel cells, down by electrolysers."""

    strategy: Strategy
    reserves: Annotated[tuple[CapacityOffer, ...], Field(strict=False)] = ()


def check_reserves(plant: PlantConfiguration, dispatch: Dispatch) -> None:
    """Refuse reserves that the machines of a plant are not there for, or not fast enough.

    Raises
    ------
    ValueError
        Naming product and machine.
    """
    for offer in dispatch.reserves:
        product = offer.product
        for machines, name, against in (
            (plant.fuel_cells, "fuel_cells", "down"),
            (plant.electrolysers, "electrolysers", "up"),
        ):
            if product.direction == against:
                continue
            times = [machine.response_time for machine in machines]
            if not times or any(time is None for time in times):
                raise ValueError(f"dispatch.reserves: {product.title} wants `{name}` with their `response_time`")
            slowest = max(float(time) for time in times if time is not None)
            if slowest > product.full_activation_time:
                raise ValueError(
                    f"dispatch.reserves: {product.title} wants full power within "
                    f"{float(product.full_activation_time):g} s; the {name} take {slowest:g} s"
                )
        if plant.store is None:
            raise ValueError(f"dispatch.reserves: {product.title} wants a `store` that answers its orders")
