"""The climate of a location as the stochastic generator and the long-term correction take it."""

from typing import Annotated

from pydantic import Field, model_validator

from testsite_sim.configuration.base import Configuration, CurvePoints, SourcedConfiguration, refuse_ranges_of_shares
from testsite_sim.configuration.quantities import (
    Duration,
    Fraction,
    Length,
    Number,
    PositiveNumber,
    TimeOfDay,
)

Twelve = Annotated[tuple[PositiveNumber, ...], Field(strict=False, min_length=12, max_length=12)]
TwelveSigned = Annotated[tuple[Number, ...], Field(strict=False, min_length=12, max_length=12)]
Hours = Annotated[tuple[Number, ...], Field(strict=False, min_length=24, max_length=24)]


class Turbulence(Configuration):
    """Turbulence intensity by wind speed; constant beyond the table."""

    speed: CurvePoints
    intensity: Annotated[tuple[Fraction, ...], Field(strict=False, min_length=2)]

    @model_validator(mode="after")
    def _fits(self) -> "Turbulence":
        self.speed.values_in("m/s", "speed")
        if len(self.speed.values) != len(self.intensity) or min(self.intensity) <= 0.0:
            raise ValueError("`turbulence` wants as many intensities above zero as speeds")
        if any(b <= a for a, b in zip(self.speed.values, self.speed.values[1:], strict=False)):
            raise ValueError("the speeds of `turbulence` must rise")
        return self


class SectorWind(Configuration):
    """Weibull wind by twelve sectors of 30 degrees, the first centred on north, at a height.

    `swing`: how far the frequency of a sector rises in midwinter and falls in midsummer, as a share. `monthly_share`:
    mean wind speed of each month over that of the year. The daily cycle is a cosine: `daily_amplitude`, a share,
    highest `daily_peak` after midnight UTC.
    """

    height: Length
    frequency: Twelve
    scale: CurvePoints
    shape: Twelve
    swing: TwelveSigned
    monthly_share: Twelve
    daily_amplitude: Fraction
    daily_peak: TimeOfDay
    shear_exponent: PositiveNumber
    turbulence: Turbulence | None = None
    source: str

    @model_validator(mode="after")
    def _possible(self) -> "SectorWind":
        if len(self.scale.values) != 12 or min(self.scale.values_in("m/s", "scale")) <= 0.0:
            raise ValueError("`scale` wants twelve speeds above zero: {units: m/s, values: [...]}")
        if abs(sum(self.frequency) - 1.0) > 0.01:
            raise ValueError(f"the frequencies of the sectors add up to {sum(self.frequency):.4g}; expected 1")
        refuse_ranges_of_shares("frequency", self.frequency)
        if min(*self.shape, *self.monthly_share) <= 0.0 or self.height <= 0.0:
            raise ValueError("height, Weibull shapes and monthly shares must be above zero")
        if any(abs(each) > 1.0 for each in self.swing):
            raise ValueError("`swing` lies between -1 and 1")
        return self


class Memories(Configuration):
    """Autoregressive components: memory of each and its share of the variance (they are scaled to one)."""

    memory: Annotated[tuple[Duration, ...], Field(strict=False, min_length=1, max_length=16)]
    variance: Annotated[tuple[PositiveNumber, ...], Field(strict=False, min_length=1, max_length=16)]

    @model_validator(mode="after")
    def _possible(self) -> "Memories":
        if len(self.memory) != len(self.variance):
            raise ValueError(f"found {len(self.variance)} variances for {len(self.memory)} memories")
        if min(self.memory) <= 0.0 or sum(self.variance) <= 0.0:
            raise ValueError("memories and the sum of the variances must be above zero")
        return self


class WindDynamics(Configuration):
    """How the wind changes: see `docs/methods/weather.md`.

    `vector`: memories of the turning vector; `vector_share`: share of the variance of the score that is its length;
    `steady` and `unsteady`: the other components, the latter times the log-normal activity of spread
    `activity_spread` and memory `activity_memory`. Vector and steady components pass low-pass filters of memory
    `vector_smoothing` and `smoothing`.
    """

    vector: Memories
    vector_smoothing: Duration
    vector_share: Fraction
    steady: Memories
    smoothing: Duration
    unsteady: Memories
    activity_spread: PositiveNumber
    activity_memory: Duration
    source: str


class Waves(Configuration):
    """Waves that follow the wind: Weibull, months by the wind's share to the power 1.5; see `generate_waves`."""

    mean_height: Length
    weibull_shape: PositiveNumber
    wind_correlation: Fraction
    response: Duration
    swell_memory: Duration
    period_factor: PositiveNumber
    source: str


class SeasonalSeries(Configuration):
    """A series of months, hours and its dependence on the wind, with what remains as noise with a memory.

    Values in `units`. `monthly_mean` (12); `winter_hours`, `summer_hours` (24, UTC) are added, and turn into each
    other through the year; `winter_sectors`, `summer_sectors` (12, by wind direction) likewise, and
    `wind_slope` per standard deviation of the wind speed's normal score above its mean (`wind_curvature`: per square).
    `weekend`: added on Saturday and Sunday. The rest is Gaussian with `memories`, mapped to its `quantiles` at the
    standard normal `scores`.
    """

    units: str
    monthly_mean: TwelveSigned
    winter_hours: Hours
    summer_hours: Hours
    winter_sectors: TwelveSigned
    summer_sectors: TwelveSigned
    wind_slope: Number
    wind_curvature: Number
    weekend: Number
    memories: Memories
    scores: Annotated[tuple[float, ...], Field(strict=False, min_length=2)]
    quantiles: Annotated[tuple[float, ...], Field(strict=False, min_length=2)]
    source: str

    @model_validator(mode="after")
    def _rises(self) -> "SeasonalSeries":
        pairs = (*zip(self.scores, self.scores[1:], strict=False),)
        if len(self.scores) != len(self.quantiles) or any(b <= a for a, b in pairs):
            raise ValueError("`scores` must rise and be as many as `quantiles`")
        if any(b < a for a, b in zip(self.quantiles, self.quantiles[1:], strict=False)):
            raise ValueError("`quantiles` must not fall")
        return self


class WeatherClimate(SourcedConfiguration):
    """What a generated record has to reproduce: wind always, the others where they are given."""

    wind: SectorWind
    dynamics: WindDynamics
    waves: Waves | None = None
    temperature: SeasonalSeries | None = None
    price: SeasonalSeries | None = None
