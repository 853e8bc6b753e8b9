"""What flexibility is worth, by the chain: plants dispatched in weather years, at imbalances that others leave them.

Each plant stands at the grid alone and is dispatched by the rules of the chain, in quarter-hours of generated years
whose day-ahead prices follow their wind. Prices of regulation follow the ladder; they are taken to move with the level
of prices, so that all incomes scale with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr
from testsite_kernels.numerics.arrays import Floats
from testsite_kernels.numerics.constants import LOWER_HEATING_VALUE

from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.side_by_side import side_by_side
from testsite_sim.common.units import DAY, KILOWATT_HOUR, MEGAWATT_HOUR, SECONDS_PER_YEAR
from testsite_sim.configuration.by_product import ByProduct
from testsite_sim.configuration.capacity import CapacityOffer
from testsite_sim.configuration.grid import Grid
from testsite_sim.configuration.hydrogen import Electrolyser, FuelCell, HydrogenDemand, Tank
from testsite_sim.configuration.imbalance import Imbalance
from testsite_sim.configuration.loading import Files, load_scenario_document
from testsite_sim.configuration.plant import AnyStore, PlantConfiguration
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.configuration.strategy import AnyStrategy, strategy
from testsite_sim.configuration.unused import checked_scenario
from testsite_sim.dispatch import Objective, Trade, carry_out
from testsite_sim.dispatch.capacity import margins_for, reserves
from testsite_sim.dispatch.reduced import reduced_plant
from testsite_sim.dispatch.settings import offers_of
from testsite_sim.dispatch.settlement import QuarterPrices, belgian_prices, quarter_prices
from testsite_sim.dispatch.surroundings import surroundings
from testsite_sim.plant.kept import Margins
from testsite_sim.studies.waterstof.configuration.flexibility import Flexible
from testsite_sim.weather.division import divide_intervals
from testsite_sim.weather.generator import generate_weather

# What hydrogen is worth as electricity of an electrolyser, or costs as that of a fuel cell, over the mean price.
LEVELS = {"electrolyser": (0.25, 0.5, 1.0, 2.0), "fuel_cell": (0.5, 1.0, 2.0, 4.0)}
TAKEN = (0.0, 50e6, 150e6, 400e6)  # power that others balance already [W]; at the last one no plant deviates
QUARTER = 900.0  # [s]
_Store = AnyStore | tuple[AnyStore, ...] | None
BATTERY_POWER = 1e6  # [W]
QUARTILES = (0.25, 0.75)
READY = 0.99  # of a plant that keeps its power ready: a machine without any power left is none
RARE = 0.99  # of the quarter-hours: the imbalance that is seldom exceeded


@dataclass(frozen=True)
class Worth:
    """Income of a plant per power and year over the mean price [s/year]: a full year at the mean price is a year.

    Arrays are (weather year, level, taken) where not said otherwise.
    """

    day_ahead: Floats  # sold day-ahead alone, (weather year, level)
    balancing: Floats  # added by reacting to imbalances
    reserve: Floats  # of orders while all power is kept ready, without what readiness is paid, (weather year, level)
    hours: Floats  # at full load, reacting [s/year]


@dataclass(frozen=True)
class FlexibilityYears:
    """What the chain says of flexibility; per power of the plant."""

    electrolyser: Worth
    fuel_cell: Worth
    battery: Floats  # (weather year, taken) [s/year]
    interconnector: Floats  # (weather year, taken), never without room at the border [s/year]
    surplus_taken: Floats  # by an electrolyser at prices below zero, (weather year,) [s/year at full load]
    imbalance: float  # standard deviation of the system's imbalance [W]
    rare_imbalance: float  # its size that RARE of the quarter-hours do not exceed [W]
    wind_error: float  # forecast error of wind over its capacity [1]
    rated_consumption: float  # of the electrolyser [J/kg]
    fuel_cell_efficiency: float  # [1]


def simulate_flexibility(stated: Flexible, files: Files | None = None) -> FlexibilityYears:
    """Return what flexible plants earn in weather years, each dispatched by the chain; `files` are parsed already.

    Raises
    ------
    ConfigurationError
        When the scenario lacks an electrolyser, a fuel cell, a climate with prices, an imbalance or its reserves.
    """
    document, _ = load_scenario_document(stated.scenario, Scenario, files=files)
    scenario = checked_scenario(document)
    _require(scenario, stated.scenario)
    worlds = _worlds(scenario, stated)
    cell, made = scenario.machines.fuel_cells[0], scenario.machines.electrolysers[0]
    stored = scenario.machines.store
    imbalance = np.concatenate([world.quarters.system for world in worlds]) * 1e6
    down, up = _offer(scenario, "down"), _offer(scenario, "up")
    tasks = (
        lambda: _listed(_electrolyser(worlds, made, stored, down)),
        lambda: _listed(_fuel_cell(worlds, cell, stored, up)),
        lambda: _battery(worlds, stated, scenario).tolist(),
    )
    with side_by_side(tasks) as work:
        of_electrolyser, of_fuel_cell, of_battery = work.finish()
    return FlexibilityYears(
        electrolyser=Worth(**{name: np.array(values) for name, values in of_electrolyser.items()}),
        fuel_cell=Worth(**{name: np.array(values) for name, values in of_fuel_cell.items()}),
        battery=np.array(of_battery),
        interconnector=np.array([[_spread(world, taken) for taken in TAKEN] for world in worlds]),
        surplus_taken=np.array([float((world.price < 0.0).mean()) * SECONDS_PER_YEAR for world in worlds]),
        imbalance=float(imbalance.std()),
        rare_imbalance=float(np.quantile(np.abs(imbalance), RARE)),
        wind_error=float(scenario.sale.forecast.wind_error or 0.0),  # type: ignore[union-attr]
        rated_consumption=_rated_consumption(made),
        fuel_cell_efficiency=_efficiency(cell),
    )


@dataclass(frozen=True)
class _World:
    """A weather year at the grid: its prices and imbalances."""

    price: xr.DataArray  # day-ahead [EUR/J]
    quarters: QuarterPrices
    imbalance: Imbalance  # its ladder at the level of prices of the year

    @property
    def mean(self) -> float:
        """Mean day-ahead price [EUR/J]."""
        return float(self.price.mean())

    def left_by(self, taken: float) -> QuarterPrices:
        """Return the prices of imbalances when a power [W] already works against them."""
        if not taken:
            return self.quarters
        system = self.quarters.system
        rest = np.sign(system) * np.maximum(np.abs(system) - taken / 1e6, 0.0)
        volume, ladder = self.imbalance.volume.values_in("MW"), self.imbalance.price.values_in("EUR/MWh")
        shift = self.price.to_numpy() * MEGAWATT_HOUR - float(np.interp(0.0, volume, ladder))
        marginal = np.interp(-rest, volume, ladder) + shift
        prices = belgian_prices(self.imbalance.regime, rest, marginal, marginal)
        return QuarterPrices(self.quarters.regime, 1, rest, prices["long_price"], prices["short_price"], marginal)


def _require(scenario: Scenario, name: str) -> None:
    """Refuse a scenario that lacks what is valued."""
    plant, weather = scenario.machines, scenario.weather
    climate = weather.climate
    for part, there in (
        ("an electrolyser", bool(plant.electrolysers)),
        ("a fuel cell", bool(plant.fuel_cells)),
        ("a store by mass, alone or in the list", any(isinstance(store, Tank) for store in plant.stores)),
        ("weather.climate with a `price`", climate is not None and climate.price is not None),
        ("market.imbalance with a forecast", scenario.sale.imbalance is not None and bool(scenario.sale.forecast)),
        ("quarter-hours, weather.step", weather.step is not None and float(weather.step) == QUARTER),
    ):
        if not there:
            raise ConfigurationError(f"study: markets.balancing.flexibility.scenario: {name!r} wants {part}.")


def _offer(scenario: Scenario, direction: str) -> CapacityOffer:
    """Return the reserve of a scenario that follows the system's imbalance in a direction."""
    for offer in () if scenario.dispatch is None else scenario.dispatch.reserves:
        if offer.product.direction == direction:
            return offer
    raise ConfigurationError(
        f"study: markets.balancing.flexibility.scenario: {scenario.title!r} offers no reserve {direction}."
    )


def _worlds(scenario: Scenario, stated: Flexible) -> list[_World]:
    """Return the weather years with their prices."""
    imbalance, climate = scenario.sale.imbalance, scenario.weather.climate
    assert imbalance is not None
    assert climate is not None
    found = []
    for member in range(stated.weather_years):
        record = generate_weather(climate, start="2027-01-01", years=1, seed=stated.seed, member=member)
        price = divide_intervals(record[["day_ahead_price"]], QUARTER, "generated")["day_ahead_price"]
        ladder = np.asarray(imbalance.price.values_in("EUR/MWh"))
        balanced = float(np.interp(0.0, imbalance.volume.values_in("MW"), ladder))
        level = float(price.mean()) * MEGAWATT_HOUR / balanced
        curve = imbalance.price.model_copy(update={"values": tuple(ladder * level), "units": "EUR/MWh"})
        own = imbalance.model_copy(update={"price": curve, "seed": stated.seed + member})
        found.append(_World(price, quarter_prices(own, xr.zeros_like(price), price), own))
    return found


def _trade(world: _World, plant: PlantConfiguration, power: float, objective: Objective, offered: float) -> Trade:
    """Return a plant at the grid alone, which sells all hydrogen that it makes; `offered` is by-product [kg/s]."""
    none = xr.zeros_like(world.price)
    asked = none if plant.demand is None else xr.full_like(world.price, float(plant.demand.rate))
    around = surroundings(none, world.price, asked, by_product=xr.full_like(world.price, offered))
    grid = Grid.model_validate({"export_limit": f"{power} W", "import_limit": f"{power} W"})
    return Trade(plant, grid, around, objective, wind=False)


def _reacted(
    trade: Trade, planned: xr.Dataset, quarters: QuarterPrices, world: _World, then: AnyStrategy
) -> xr.Dataset:
    """Return a dispatch that deviates by a strategy from what was nominated."""
    nominated = planned["power_exported"] - planned["power_imported"]
    return carry_out(then, replace(trade, nominated=nominated, quarters=quarters, imbalance=world.imbalance)).result


def _ordered(trade: Trade, offer: CapacityOffer, power: float, world: _World) -> xr.Dataset:
    """Return a dispatch of a plant whose whole power is kept ready; nothing is paid for readiness."""
    kept_ready = offer.model_copy(update={"power": READY * power})
    offers = [replace(each, availability_price=0.0) for each in offers_of((kept_ready,))]
    whole = reduced_plant(trade.plant, trade.grid, Margins())
    spread = world.quarters.marginal / MEGAWATT_HOUR - trade.around.price
    kept = reserves(whole, offers, world.quarters.system, 1, 0, spread)
    return carry_out(
        strategy("none"), replace(trade, margins=margins_for(whole, offers, trade.around.step), reserves=kept)
    ).result


def _priced(amount: float) -> str:
    """Return a price of electricity [EUR/J] as a strategy takes it."""
    return f"{amount * MEGAWATT_HOUR} EUR/MWh"


def _yearly(values: xr.DataArray) -> float:
    """Return the sum of a rate over a year, from a mean of quarter-hours."""
    return float(values.mean()) * SECONDS_PER_YEAR


def _income(result: xr.Dataset, produced: float, power: float, mean: float) -> float:
    """Return the income of a year over power and mean price [s/year]: electricity, and hydrogen made less used."""
    hydrogen = _yearly(result["hydrogen_produced"]) if "hydrogen_produced" in result else 0.0
    used = _yearly(result["hydrogen_to_fuel_cells"]) if "hydrogen_to_fuel_cells" in result else 0.0
    revenue = float(result["revenue"].mean()) / QUARTER * SECONDS_PER_YEAR
    return (revenue + produced * (hydrogen - used)) / (power * mean)


def _worth(
    worlds: Sequence[_World],
    plant: PlantConfiguration,
    store: _Store,
    power: float,
    offer: CapacityOffer,
    per_mass: float,
) -> Worth:
    """Return what a plant is worth at all levels; `per_mass` [J/kg] makes a price of electricity one of hydrogen."""
    machine = "power_electrolysers" if plant.electrolysers else "power_fuel_cells"
    levels = LEVELS["electrolyser" if plant.electrolysers else "fuel_cell"]
    flow = 0.0 if plant.electrolysers else 2.0 * power / per_mass
    kept = plant.model_copy(update={"store": store})  # orders of reserves want room and content
    day_ahead, reserve = np.zeros((2, len(worlds), len(levels)))
    balancing, hours = np.zeros((2, len(worlds), len(levels), len(TAKEN)))
    for row, world in enumerate(worlds):
        readiness = _trade(world, kept, power, Objective(penalty=0.0), flow)
        ends = [
            _income(_ordered(readiness, offer, power, world), x * per_mass, power, world.mean)
            for x in (0.0, world.mean)
        ]
        reserve[row] = ends[0] + np.asarray(levels) * (ends[1] - ends[0])  # orders come whatever hydrogen is worth
        trade = _trade(world, plant, power, Objective(penalty=0.0), flow)
        for column, level in enumerate(levels):
            price = level * world.mean
            at = {"produce_below": _priced(price), "generate_above": _priced(price)}
            first, then = (strategy(name, **at) for name in ("price-threshold", "imbalance"))
            plain = carry_out(first, trade).result
            day_ahead[row, column] = _income(plain, price * per_mass, power, world.mean)
            hours[row, column] = _yearly(plain[machine]) / power
            for place, taken in enumerate(TAKEN[:-1]):
                done = _reacted(trade, plain, world.left_by(taken), world, then)
                more = _income(done, price * per_mass, power, world.mean) - day_ahead[row, column]
                if more > 0.0:  # else it keeps to what it nominated
                    balancing[row, column, place] = more
                    hours[row, column, place] = _yearly(done[machine]) / power
    return Worth(day_ahead, balancing, reserve, hours)


def _listed(worth: Worth) -> dict[str, Any]:
    """Return what a plant is worth as lists, as a copy of this process hands it over: to the last digit."""
    return {name: values.tolist() for name, values in vars(worth).items()}


def _electrolyser(worlds: Sequence[_World], machine: Electrolyser, store: _Store, offer: CapacityOffer) -> Worth:
    """Return what an electrolyser is worth that sells its hydrogen as it comes."""
    power = float(machine.capacity)
    plant = PlantConfiguration(electrolysers=(machine,), demand=_taker(power))
    return _worth(worlds, plant, store, power, offer, _rated_consumption(machine))


def _fuel_cell(worlds: Sequence[_World], machine: FuelCell, store: _Store, offer: CapacityOffer) -> Worth:
    """Return what a fuel cell is worth that buys hydrogen when it runs."""
    power = float(machine.capacity)
    source = ByProduct.model_validate({"title": "hydrogen", "source": "bought", "rate": "1 kg/s", "price": "0 EUR/kg"})
    plant = PlantConfiguration(by_product=source, fuel_cells=(machine,))
    return _worth(worlds, plant, store, power, offer, _efficiency(machine) * LOWER_HEATING_VALUE)


def _battery(worlds: Sequence[_World], stated: Flexible, scenario: Scenario) -> Floats:
    """Return what a battery earns, (weather year, taken) [s/year].

    It is a store that the rules of the others fill and empty, through two converters: it charges below the lowest
    quarter of the prices of its year and discharges above the highest.
    """
    power, plant = BATTERY_POWER, _battery_plant(stated, scenario)
    found = np.zeros((len(worlds), len(TAKEN)))
    for row, world in enumerate(worlds):
        low, high = (_priced(float(world.price.quantile(share))) for share in QUARTILES)
        settings = {"produce_below": low, "generate_above": high, "reserve_level": "0 kg"}
        first, then = (strategy(name, **settings) for name in ("price-threshold", "imbalance"))
        trade = _trade(world, plant, power, Objective(penalty=0.0), 0.0)
        plain = carry_out(first, trade).result
        found[row] = _income(plain, 0.0, power, world.mean)
        for place, taken in enumerate(TAKEN[:-1]):
            done = _reacted(trade, plain, world.left_by(taken), world, then)
            found[row, place] = max(_income(done, 0.0, power, world.mean), found[row, place])
    return found


def _battery_plant(stated: Flexible, scenario: Scenario) -> PlantConfiguration:
    """Return a battery as the dispatch takes it; the limits of electrolysis, which it has not, are not checked."""
    efficiency = float(stated.battery.round_trip) ** 0.5
    use = LOWER_HEATING_VALUE / efficiency / KILOWATT_HOUR
    made, cell = scenario.machines.electrolysers[0], scenario.machines.fuel_cells[0]
    store = next(each for each in scenario.machines.stores if isinstance(each, Tank))
    assert made.consumption is not None
    assert cell.efficiency is not None
    through = made.consumption.specific_consumption.model_copy(update={"values": (use, use), "units": "kWh/kg"})
    charging = made.model_copy(
        update={
            "capacity": BATTERY_POWER,
            "minimum_load": 0.0,
            "standby_power_per_capacity": 0.0,
            "start_energy_per_capacity": 0.0,
            "consumption": made.consumption.model_copy(update={"load": (0.0, 1.0), "specific_consumption": through}),
        }
    )
    curve = cell.efficiency.model_copy(update={"load": (0.0, 1.0), "efficiency": (efficiency, efficiency)})
    discharging = cell.model_copy(update={"capacity": BATTERY_POWER, "minimum_load": 0.0, "efficiency": curve})
    content = BATTERY_POWER * float(stated.battery.duration) / LOWER_HEATING_VALUE
    at_once = {"filling_per_capacity": 1.0, "withdrawal_per_capacity": 1.0}
    cells = store.model_copy(update={"capacity": content, "minimum_level": 0.0, "initial_level": 0.5, **at_once})
    return PlantConfiguration.model_construct(electrolysers=(charging,), store=cells, fuel_cells=(discharging,))


def _taker(power: float) -> HydrogenDemand:
    """Return a customer who takes all that an electrolyser could make."""
    rate = f"{2.0 * power / LOWER_HEATING_VALUE * DAY} kg/day"
    return HydrogenDemand.model_validate(
        {"title": "all", "source": "takes what comes", "rate": rate, "hourly_share": [1.0 / 24.0] * 24}
    )


def _spread(world: _World, taken: float) -> float:
    """Return what a line earns that trades every imbalance against the day-ahead price elsewhere [s/year]."""
    marginal = world.left_by(taken).marginal / MEGAWATT_HOUR
    return float(np.abs(marginal - world.price.to_numpy()).mean()) * SECONDS_PER_YEAR / world.mean


def _rated_consumption(machine: Electrolyser) -> float:
    """Return the electricity per hydrogen of an electrolyser at full load [J/kg]."""
    if machine.consumption is None:
        raise ConfigurationError("study: markets.balancing.flexibility: expected an electrolyser with a load curve.")
    return float(machine.consumption.specific_consumption.values_in("J/kg")[-1])


def _efficiency(machine: FuelCell) -> float:
    """Return the efficiency of a fuel cell at full load, lower heating value."""
    if machine.efficiency is None:
        raise ConfigurationError("study: markets.balancing.flexibility: expected a fuel cell with a load curve.")
    return float(machine.efficiency.efficiency[-1])
