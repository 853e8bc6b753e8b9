"""The market that the fleet sells to."""

from typing import Annotated

from pydantic import Field, model_validator

from testsite_sim.configuration.base import Component, SourcedConfiguration
from testsite_sim.configuration.imbalance import Imbalance
from testsite_sim.configuration.quantities import EnergyPrice
from testsite_sim.configuration.strategy import ForecastConfiguration


class Market(SourcedConfiguration):
    """Sale at the day-ahead price of the weather record, with a support per exported energy.

    With `price` everything is sold at that one price, whatever the record says; a record then needs no prices.

    Exporting pays while price plus support is above zero; below that the fleet is curtailed. With `imbalance`, the net
    export of the same plant in the wind as it is forecast the day before (`forecast`) is nominated, and what is
    delivered otherwise is settled per quarter-hour; without it, everything is sold as it comes.
    """

    title: str = "market of the scenario"
    price: EnergyPrice | None = None
    support: EnergyPrice = Field(default="0 EUR/MWh")  # type: ignore[assignment]  # read as a quantity
    imbalance: Annotated[Imbalance, Component("imbalance")] | None = None
    forecast: Annotated[ForecastConfiguration, Component("forecast")] | None = None

    @model_validator(mode="after")
    def _forecast_with_imbalance(self) -> "Market":
        if (self.imbalance is None) != (self.forecast is None):
            raise ValueError("`imbalance` and `forecast` go together: what is nominated is what was forecast")
        if self.price is not None and self.imbalance is not None:
            raise ValueError("imbalances are settled on top of day-ahead prices; leave `price` or `imbalance` out")
        return self
