"""A climate of wind and waves: what a generated record has to reproduce."""

from typing import Annotated

from pydantic import Field, model_validator

from testsite_sim.configuration.base import Configuration, SourcedConfiguration
from testsite_sim.configuration.quantities import Duration, Fraction, Length, PositiveNumber, Speed


class Persistence(Configuration):
    """Autocorrelation of the wind speed at rising lags."""

    lags: Annotated[tuple[Duration, ...], Field(strict=False, min_length=2)]
    autocorrelation: Annotated[tuple[Fraction, ...], Field(strict=False, min_length=2)]
    source: str

    @model_validator(mode="after")
    def _falls(self) -> "Persistence":
        if len(self.lags) != len(self.autocorrelation):
            raise ValueError(f"found {len(self.autocorrelation)} autocorrelations for {len(self.lags)} lags")
        if any(b <= a for a, b in zip(self.lags, self.lags[1:], strict=False)) or self.lags[0] <= 0.0:
            raise ValueError("lags must rise from above zero")
        return self


class Climate(SourcedConfiguration):
    """Wind at a height, and waves.

    `monthly_share`: the mean wind speed of each month over that of the year. Waves are
    Weibull distributed too; their monthly means follow the wind's to the power 1.5. `response`: time
    in which the sea follows the wind; `wave_wind_correlation`: of wave height and wind speed at the same time.
    """

    height: Length
    mean_wind_speed: Speed
    weibull_shape: PositiveNumber
    monthly_share: Annotated[tuple[PositiveNumber, ...], Field(strict=False, min_length=12, max_length=12)]
    persistence: Persistence
    mean_wave_height: Length
    wave_weibull_shape: PositiveNumber
    wave_wind_correlation: Fraction
    response: Duration
    swell_memory: Duration
    period_factor: PositiveNumber

    @model_validator(mode="after")
    def _possible(self) -> "Climate":
        positive = (self.mean_wind_speed, self.weibull_shape, self.mean_wave_height, self.wave_weibull_shape)
        if min(*positive, *self.monthly_share) <= 0.0:
            raise ValueError("means, Weibull shapes and monthly shares must be above zero")
        if min(self.response, self.swell_memory) <= 0.0:
            raise ValueError("response and swell_memory must be above zero")
        return self
