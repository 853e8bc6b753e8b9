"""From the configured machines to the plant that dispatch takes."""

from testsite_kernels.numerics.constants import LOWER_HEATING_VALUE

from testsite_sim.common.units import HOUR
from testsite_sim.configuration.balancing import Balancing, ForecastConfiguration, Grid, Strategy
from testsite_sim.configuration.capacity import CapacityOffer, FrequencyActivation
from testsite_sim.configuration.economics import Economics
from testsite_sim.dispatch import BalancingPlant, Forecast, LoadTable, Objective, StrategySettings
from testsite_sim.dispatch.capacity import Offer
from testsite_sim.plant.electrolysis import dispatch_curve
from testsite_sim.plant.fuel_cell import efficiency_curve


def plant_of(balancing: Balancing | None, grid: Grid) -> BalancingPlant:
    """Return the plant of a scenario; without balancing, the grid connection alone."""
    values: dict[str, float | LoadTable] = {}
    if grid.export_limit is not None:
        values["export_limit"] = float(grid.export_limit)
    if grid.import_limit is not None:
        values["import_limit"] = float(grid.import_limit)
    if balancing is None:
        return BalancingPlant(**values)  # type: ignore[arg-type]
    if balancing.electrolyser is not None:
        curve = dispatch_curve(balancing.electrolyser)
        values.update(
            electrolyser_capacity=float(balancing.electrolyser.capacity),
            electrolyser_production=LoadTable(curve.load, curve.production),
            electrolyser_minimum_load=curve.minimum_load,
            electrolyser_start_energy=curve.start_energy,
            electrolyser_standby_power=curve.standby_power,
        )
    if balancing.tank is not None:
        tank = balancing.tank
        values.update(
            tank_capacity=float(tank.capacity),
            tank_minimum=float(tank.minimum_level * tank.capacity),
            tank_initial=float(tank.initial_level * tank.capacity),
            charge_limit=float(tank.filling_per_capacity * tank.capacity),
            discharge_limit=float(tank.withdrawal_per_capacity * tank.capacity),
        )
    if balancing.fuel_cell is not None:
        cell = balancing.fuel_cell
        load, efficiency = efficiency_curve(cell)
        values.update(
            fuel_cell_capacity=float(cell.capacity),
            fuel_cell_yield=LoadTable(load, efficiency * LOWER_HEATING_VALUE),
            fuel_cell_minimum_load=float(cell.minimum_load),
        )
    return BalancingPlant(**values)  # type: ignore[arg-type]


def objective_of(economics: Economics | None, plant: BalancingPlant) -> Objective:
    """Return what the optimum weighs beside the market: hydrogen not delivered costs what it would have been sold for.

    What is in the tank at the end is worth as much, so that no strategy gains by emptying it.
    """
    price = 0.0 if economics is None else float(economics.hydrogen_price)
    return Objective(penalty=price, end_minimum=plant.tank_minimum, end_value=price if plant.tank_capacity else 0.0)


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


def offers_of(balancing: Balancing) -> list[Offer]:
    """Return the capacity that is offered, as dispatch takes it."""
    return [_offer(offer) for offer in balancing.capacity]


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
