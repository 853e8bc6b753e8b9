"""The strategies of a dispatch, each with its settings; what is left out is derived from data and plant."""

from functools import cache
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError, model_validator

from testsite_sim.common.errors import ConfigurationError, nearest
from testsite_sim.common.units import MEGAWATT_HOUR
from testsite_sim.configuration.base import Component, Configuration, Seed, SourcedConfiguration
from testsite_sim.configuration.quantities import Duration, EnergyPrice, Fraction, Mass, Power, TimeOfDay


class ForecastConfiguration(SourcedConfiguration):
    """How well the hours ahead are known; see `testsite_sim.dispatch.Forecast`.

    `wind_error`, `growth` and `correlation` are those of `kind: modelled`. A forecast of prices, which a nomination
    does not need, has `price_error`, where it is modelled, and `auction_hour`, where it is not perfect.
    """

    kind: Literal["modelled", "perfect", "persistence"] = "modelled"
    wind_error: Fraction | None = None
    price_error: EnergyPrice | None = None
    growth: Duration | None = None
    correlation: Fraction | None = None
    auction_hour: TimeOfDay | None = None

    def used(self, *, prices: bool) -> list[str]:
        """Return the keys that a forecast of its kind is made of, one of wind power alone or of `prices` too."""
        modelled = ["wind_error", "growth", "correlation"] if self.kind == "modelled" else []
        of_prices = ["price_error"] if self.kind == "modelled" else []
        return modelled + ([*of_prices, *(["auction_hour"] if self.kind != "perfect" else [])] if prices else [])

    def refuse_lacking(self, *, prices: bool) -> None:
        """Raise a ValueError where a key is missing that the forecast is made of."""
        missing = [f"`forecast.{name}`" for name in self.used(prices=prices) if getattr(self, name) is None]
        if missing:
            raise ValueError(f"a forecast of `kind: {self.kind}` wants {', '.join(missing)}; state it")


class Settings(Configuration):
    """What every strategy has: for each of its settings, the parts of the plant of which one must be there.

    `ALSO_NEEDS` are parts of which one must be there as well.
    """

    ALSO_NEEDS: ClassVar[dict[str, tuple[str, ...]]] = {
        "grid_import_below_level": ("store", "refuelling", "pipeline"),
        "store_above_level": ("store", "refuelling", "pipeline"),
    }
    NEEDS: ClassVar[dict[str, tuple[str, ...]]] = {
        "promised_power": ("electrolysers", "fuel_cells"),
        "produce_below": ("electrolysers",),
        "generate_above": ("fuel_cells",),
        "band": ("electrolysers", "fuel_cells"),
        "reserve_level": ("store", "pipeline"),
        "grid_import_below_level": ("electrolysers",),
        "grid_import_below_price": ("electrolysers",),
        "store_above_level": ("fuel_cells",),
    }


class NoStrategy(Settings):
    """Machines rest: all power is sold or curtailed."""

    name: Literal["none"]


class Surplus(Settings):
    """Electrolysers take what exceeds a promise, fuel cells fill up what it lacks.

    At a price below zero electrolysers take all. A promise of the export limit leaves them what cannot be exported.
    `promised_power`: what is promised to the grid; left out, the mean of wind and panels, at most the export limit.
    `reserve_level`: the content of the store below which electrolysers fill it at any price and fuel cells rest; left
    out, one day of the mean demand above the least content, at most half of the store.
    """

    name: Literal["surplus"]
    promised_power: Power | None = None
    reserve_level: Mass | None = None


class Thresholds(Settings):
    """Prices below which electrolysers run, and above which fuel cells do."""

    produce_below: EnergyPrice | None = None
    generate_above: EnergyPrice | None = None

    @model_validator(mode="after")
    def _do_not_cross(self) -> "Thresholds":
        below, above = self.produce_below, self.generate_above
        if below is not None and above is not None and below > above:
            raise ValueError(
                f"produce_below ({below * MEGAWATT_HOUR:g} EUR/MWh) lies above generate_above "
                f"({above * MEGAWATT_HOUR:g} EUR/MWh); the plant would do both at once: expected at most "
                f"{above * MEGAWATT_HOUR:g} EUR/MWh"
            )
        return self


class PriceThreshold(Thresholds):
    """Electrolysers run below one price, fuel cells above another.

    `produce_below`: electrolysers run at this price and below it; left out, what 35 % of the intervals do not exceed,
    at most the other threshold. `generate_above`: fuel cells run at this price and above it; left out, what 90 % of
    the intervals do not exceed, at least the other threshold.
    `reserve_level`: the content of the store below which electrolysers fill it at any price and fuel cells rest; left
    out, one day of the mean demand above the least content, at most half of the store.
    """

    name: Literal["price-threshold"]
    reserve_level: Mass | None = None


class FirmBand(Settings):
    """The export stays within a band around a promise.

    `promised_power`: what is promised to the grid; left out, the mean of wind and panels, at most the export limit.
    `band`: by how much the export may differ from the promise, either way; left out, not at all.
    `reserve_level`: the content of the store below which electrolysers fill it at any price and fuel cells rest; left
    out, one day of the mean demand above the least content, at most half of the store.
    """

    name: Literal["firm-band"]
    promised_power: Power | None = None
    band: Power | None = None
    reserve_level: Mass | None = None


class ImbalanceReactive(Thresholds):
    """The export leaves the band where the price of an imbalance pays for it.

    `produce_below`: electrolysers run at this price and below it; left out, what 35 % of the intervals do not exceed,
    at most the other threshold. `generate_above`: fuel cells run at this price and above it; left out, what 90 % of
    the intervals do not exceed, at least the other threshold.
    `promised_power`: what is promised to the grid; left out, the mean of wind and panels, at most the export limit.
    `band`: by how much the export may differ from the promise, either way; left out, not at all.
    `reserve_level`: the content of the store below which electrolysers fill it at any price and fuel cells rest; left
    out, one day of the mean demand above the least content, at most half of the store.
    """

    name: Literal["imbalance"]
    promised_power: Power | None = None
    band: Power | None = None
    reserve_level: Mass | None = None


class SelfConsumption(Settings):
    """Electrolysers take what wind and panels give.

    They draw from the grid as well while store and station are less full than `grid_import_below_level`, or while the
    grid is cheaper than `grid_import_below_price`; left out, they do not. Fuel cells run at a sale price of
    `generate_above` or more; left out, at any price. They draw on the store above the share `store_above_level`; left
    out, on all of it.
    """

    RENAMED: ClassVar[dict[str, str]] = {
        "assist_level": "it is `grid_import_below_level`",
        "assist_price": "it is `grid_import_below_price`",
        "reserve_level": "the share of the store that fuel cells leave is `store_above_level`",
    }

    name: Literal["self-consumption"]
    generate_above: EnergyPrice | None = None
    grid_import_below_level: Fraction | None = None
    grid_import_below_price: EnergyPrice | None = None
    store_above_level: Fraction | None = None


class RollingHorizon(Settings):
    """The optimum of some time ahead, as it is forecast, made again at every interval.

    `horizon`: how far ahead; left out, 48 hours. `forecast`: how well wind and prices are known; left out, with errors
    of the usual size. `seed`: that of the errors.
    """

    name: Literal["rolling-horizon"]
    horizon: Duration | None = None
    forecast: Annotated[ForecastConfiguration, Component("forecast")] | None = None
    seed: Seed = 0

    @model_validator(mode="after")
    def _forecast_is_made(self) -> "RollingHorizon":
        if self.forecast is not None:
            self.forecast.refuse_lacking(prices=True)
        return self


class PerfectForesight(Settings):
    """The best that is found with the whole future known, of plans and rules."""

    name: Literal["perfect-foresight"]


AnyStrategy = (
    NoStrategy
    | Surplus
    | PriceThreshold
    | FirmBand
    | ImbalanceReactive
    | SelfConsumption
    | RollingHorizon
    | PerfectForesight
)


def _written_out(stated: Any) -> Any:
    """Take a plain name for a strategy without settings."""
    return {"name": stated} if isinstance(stated, str) else stated


Strategy = Annotated[AnyStrategy, Field(discriminator="name"), BeforeValidator(_written_out)]


@cache
def _checker() -> TypeAdapter[AnyStrategy]:
    """Return what checks a strategy; to make it takes longer than to read a file, and few runs ask for one by name."""
    return TypeAdapter(Strategy)


def strategy(name: str, **settings: Any) -> AnyStrategy:
    """Return a strategy by its name with settings, as a scenario would state them.

    Raises
    ------
    ConfigurationError
        When there is no strategy of that name, or it does not take a setting.

    Examples
    --------
    >>> strategy("surplus", promised_power="30 MW").promised_power
    30000000.0
    """
    known = [str(get_args(each.model_fields["name"].annotation)[0]) for each in get_args(AnyStrategy)]
    if name not in known:
        raise ConfigurationError(f"dispatch.strategy: there is no strategy {name!r}. {nearest(name, known)}")
    try:
        return _checker().validate_python({"name": name, **settings})
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False)
        raise ConfigurationError(
            *(f"dispatch.strategy.{'.'.join(map(str, each['loc'][1:]))}: {each['msg']}." for each in found)
        ) from None


def check_settings(stated: AnyStrategy, parts: set[str]) -> None:
    """Refuse settings for machines that a plant does not have.

    Raises
    ------
    ValueError
        Naming the setting and the machine.
    """
    for name in type(stated).model_fields:
        for needed in (stated.NEEDS.get(name, ()), stated.ALSO_NEEDS.get(name, ())):
            if getattr(stated, name) is not None and needed and not parts & set(needed):
                raise ValueError(
                    f"dispatch.strategy.{name} is for {' or '.join(f'`{each}`' for each in needed)}, and `plant` has "
                    "none; leave it out"
                )
