"""By-product hydrogen: a flow that another plant cannot use."""

from typing import Annotated

from pydantic import Field, model_validator

from testsite_sim.configuration.base import SourcedConfiguration
from testsite_sim.configuration.quantities import HydrogenPrice, MassFlow, PositiveNumber


class ByProduct(SourcedConfiguration):
    """Hydrogen that another plant cannot use: a constant flow, with a profile of the day, or a column of the record.

    `hourly_factor` multiplies the rate by the hour of the day (UTC); `from_record` takes the series
    `by_product_hydrogen` of the weather file. `price` is paid for what is taken.
    """

    rate: MassFlow | None = None
    hourly_factor: Annotated[tuple[PositiveNumber, ...], Field(strict=False, min_length=24, max_length=24)] | None = (
        None
    )
    from_record: bool = False
    price: HydrogenPrice

    @model_validator(mode="after")
    def _one_source(self) -> "ByProduct":
        if (self.rate is None) != self.from_record:
            raise ValueError("expected either `rate` or `from_record: true`, one of them")
        if self.from_record and self.hourly_factor is not None:
            raise ValueError("`hourly_factor` belongs to `rate`; leave it out with `from_record`")
        return self
