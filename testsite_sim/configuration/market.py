"""The market that the fleet sells to."""

from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from testsite_sim.configuration.base import Component, SourcedConfiguration
from testsite_sim.configuration.imbalance import Imbalance
from testsite_sim.configuration.quantities import EnergyPrice
from testsite_sim.configuration.strategy import ForecastConfiguration
from testsite_sim.configuration.support import FarmSale, check_farms


class Market(SourcedConfiguration):
    """Sale at the day-ahead price of the weather record, with a support per exported energy.

    With `price` everything is sold at that one price, whatever the record says; a record then needs no prices.

    Exporting pays while price plus support is above zero; below that the fleet is curtailed. `concessions` are farms
    with a support of their own, which is paid besides: each is curtailed by itself, where its price plus support is
    below zero. Farms that none names have `support` alone. With `imbalance`, the net
    export of the same plant in the wind as it is forecast the day before (`forecast`) is nominated, and what is
    delivered otherwise is settled per quarter-hour; without it, everything is sold as it comes.
    """

    RENAMED: ClassVar[dict[str, str]] = {"contract": "contracts stand in the list `dispatch.contracts`"}

    title: str = "market of the scenario"
    price: EnergyPrice | None = None
    support: EnergyPrice = Field(default="0 EUR/MWh")  # type: ignore[assignment]  # read as a quantity
    concessions: dict[str, FarmSale] = Field(default_factory=dict)
    imbalance: Annotated[Imbalance, Component("imbalance")] | None = None
    forecast: Annotated[ForecastConfiguration, Component("forecast")] | None = None

    @model_validator(mode="after")
    def _forecast_with_imbalance(self) -> "Market":
        if (self.imbalance is None) != (self.forecast is None):
            raise ValueError("`imbalance` and `forecast` go together: what is nominated is what was forecast")
        if self.forecast is not None:
            self.forecast.refuse_lacking(prices=False)
        if self.price is not None and self.imbalance is not None:
            raise ValueError("imbalances are settled on top of day-ahead prices; leave `price` or `imbalance` out")
        if self.concessions and self.imbalance is not None:
            raise ValueError("`concessions` sell day-ahead what they deliver; leave `imbalance` and `forecast` out")
        check_farms(self.concessions)
        return self
