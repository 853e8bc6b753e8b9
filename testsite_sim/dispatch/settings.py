"""What a scenario states about a dispatch, as its strategies take it."""

from dataclasses import fields

from testsite_sim.common.units import HOUR
from testsite_sim.configuration.by_product import ByProduct
from testsite_sim.configuration.capacity import CapacityOffer, FrequencyActivation
from testsite_sim.configuration.contracts import HydrogenOfftake
from testsite_sim.configuration.economics import Economics
from testsite_sim.configuration.strategy import AnyStrategy, ForecastConfiguration, RollingHorizon
from testsite_sim.dispatch.capacity import Offer
from testsite_sim.dispatch.forecasts import Forecast
from testsite_sim.dispatch.objective import Objective
from testsite_sim.dispatch.plant import ReducedPlant
from testsite_sim.dispatch.strategies import StrategySettings


def objective_of(
    economics: Economics | None,
    plant: ReducedPlant,
    by_product: ByProduct | None,
    offtake: HydrogenOfftake | None = None,
    asked: float = 0.0,
) -> Objective:
    """Return what the optimum weighs next to the market: hydrogen not delivered costs what it would have been sold for.

    Where a contract sells it and its quantity is no less than what is `asked` for in a year [kg/s, the mean], that is
    its price and the penalty of the shortfall; with a smaller quantity no single kilogram decides on a shortfall, and
    it is the price alone. What is in the tank at the end is worth the price, so that no strategy gains by emptying it;
    by-product costs its price.
    """
    price = 0.0 if economics is None else float(economics.hydrogen_price or 0.0)
    penalty = price
    if offtake is not None:
        price = penalty = float(offtake.price)
        if binds_every_kilogram(offtake, asked):
            penalty += float(offtake.shortfall_penalty)
    return Objective(
        penalty=penalty,
        end_minimum=plant.tank_minimum,
        end_value=price if plant.tank_capacity else 0.0,
        by_product_price=0.0 if by_product is None else float(by_product.price),
    )


def binds_every_kilogram(offtake: HydrogenOfftake, asked: float) -> bool:
    """Return whether each kilogram asked for and not delivered is a shortfall of the contract."""
    return float(offtake.quantity) >= asked * (1.0 - 1e-9)


def forecast_of(strategy: RollingHorizon) -> Forecast:
    """Return the forecast of a strategy, with errors of the usual size where none is stated."""
    return Forecast() if strategy.forecast is None else forecast_as(strategy.forecast)


def forecast_as(stated: ForecastConfiguration) -> Forecast:
    """Return a forecast as the strategies take it."""
    names = ("wind_error", "price_error", "growth", "correlation")
    found = {name: float(value) for name in names if (value := getattr(stated, name)) is not None}
    if stated.auction_hour is not None:
        found["auction_hour"] = float(stated.auction_hour) / HOUR
    return Forecast(stated.kind, **found)


def settings_of(strategy: AnyStrategy) -> StrategySettings:
    """Return the settings of a strategy that is a rule as dispatch takes them; those that it states."""
    names = [field.name for field in fields(StrategySettings)]
    stated = {name: getattr(strategy, name, None) for name in names}
    return StrategySettings(**{name: float(value) for name, value in stated.items() if value is not None})


def offers_of(reserves: tuple[CapacityOffer, ...]) -> list[Offer]:
    """Return the capacity that is offered, as dispatch takes it."""
    return [_offer(offer) for offer in reserves]


def _offer(stated: CapacityOffer) -> Offer:
    """Return one offer."""
    product, called = stated.product, stated.product.activation
    if isinstance(called, FrequencyActivation):
        use = {"deviation": float(called.deviation), "persistence": float(called.persistence)}
    else:
        use = {"begins": float(called.begins) / 1e6, "volume": float(called.volume) / 1e6}
    return Offer(
        name=product.title,
        power=float(stated.power),
        up=product.direction != "down",
        down=product.direction != "up",
        availability_price=float(product.availability_price),
        premium=float(product.activation_premium),
        penalty=float(product.penalty),
        endurance=float(product.endurance),
        **use,
    )
