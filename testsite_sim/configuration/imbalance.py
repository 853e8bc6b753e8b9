"""The settlement of imbalances: the regime, and how the system's imbalance and its prices come about."""

import itertools
from typing import Annotated, Literal

from pydantic import Field, model_validator

from testsite_sim.configuration.base import CurvePoints, Seed, SourcedConfiguration
from testsite_sim.configuration.quantities import Fraction

Numbers = Annotated[tuple[float, ...], Field(strict=False, min_length=2)]


class Imbalance(SourcedConfiguration):
    """Settlement per quarter-hour.

    The system's imbalance is an autoregressive process from quarter to quarter (`persistence`), mapped to the measured
    `quantiles` of it at `probabilities`; `shared` of the fleet's own forecast error comes on top. Its marginal price
    lies on the ladder of prices against the volume of regulation, which is the imbalance with the other sign. With
    `follows_day_ahead` the ladder moves with the day-ahead price, so that a balanced system pays that price; else its
    prices are those of the years that it comes from.
    """

    regime: Literal["dual_2018", "single_2020", "offshore_band_2009"]
    volume: CurvePoints
    price: CurvePoints
    probabilities: Numbers
    quantiles: CurvePoints
    persistence: Fraction
    shared: Fraction
    follows_day_ahead: bool
    seed: Seed = 0

    @model_validator(mode="after")
    def _tables(self) -> "Imbalance":
        for name, units, other in (("volume", "MW", self.price.values), ("quantiles", "MW", self.probabilities)):
            table = getattr(self, name)
            table.values_in(units, name)
            if len(table.values) != len(other):
                raise ValueError(f"{name} must be {len(other)} values in {units}, found {len(table.values)}")
            if any(b <= a for a, b in itertools.pairwise(table.values)):
                raise ValueError(f"{name} must rise, found {list(table.values)}")
        self.price.values_in("EUR/MWh", "price")
        if (
            self.probabilities[0] < 0.0
            or self.probabilities[-1] > 1.0
            or any(b <= a for a, b in itertools.pairwise(self.probabilities))
        ):
            raise ValueError(f"probabilities must rise within 0 and 1, found {list(self.probabilities)}")
        return self
