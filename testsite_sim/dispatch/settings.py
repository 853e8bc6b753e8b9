"""What a scenario states about a dispatch, as its strategies take it."""

from testsite_sim.common.units import HOUR
from testsite_sim.configuration.by_product import ByProduct
from testsite_sim.configuration.capacity import CapacityOffer, FrequencyActivation
from testsite_sim.configuration.dispatch import ForecastConfiguration, Strategy
from testsite_sim.configuration.economics import Economics
from testsite_sim.dispatch.capacity import Offer
from testsite_sim.dispatch.forecasts import Forecast
from testsite_sim.dispatch.general import Objective
from testsite_sim.dispatch.plant import ReducedPlant
from testsite_sim.dispatch.strategies import StrategySettings


def objective_of(economics: Economics | None, plant: ReducedPlant, by_product: ByProduct | None) -> Objective:
    """Return what the optimum weighs next to the market: hydrogen not delivered costs what it would have been sold for.

    What is in the tank at the end is worth as much, so that no strategy gains by emptying it; by-product costs its
    price.
    """
    price = 0.0 if economics is None else float(economics.hydrogen_price)
    return Objective(
        penalty=price,
        end_minimum=plant.tank_minimum,
        end_value=price if plant.tank_capacity else 0.0,
        by_product_price=0.0 if by_product is None else float(by_product.price),
    )


def forecast_of(strategy: Strategy) -> Forecast:
    """Return the forecast of a strategy, with errors of the usual size where none is stated."""
    return Forecast() if strategy.forecast is None else forecast_as(strategy.forecast)


def forecast_as(stated: ForecastConfiguration) -> Forecast:
    """Return a forecast as the strategies take it."""
    return Forecast(
        stated.kind, float(stated.wind_error), float(stated.price_error), float(stated.growth),
        float(stated.correlation), float(stated.auction_hour) / HOUR,
    )  # fmt: skip


def settings_of(strategy: Strategy) -> StrategySettings:
    """Return the settings of a strategy as dispatch takes them."""
    return StrategySettings(
        produce_below=strategy.produce_below,
        generate_above=strategy.generate_above,
        promised_power=strategy.promised_power,
        band=0.0 if strategy.band is None else strategy.band,
        reserve_level=strategy.reserve_level,
    )


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
