"""What the chain says of a plant: hydrogen, hours, part load, the price paid, efficiency."""

from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import xarray as xr
from testsite_kernels.numerics.constants import LOWER_HEATING_VALUE

from testsite_sim.chain import prepare, simulate_scenario
from testsite_sim.common.errors import ConfigurationError
from testsite_sim.common.side_by_side import side_by_side
from testsite_sim.common.units import HOUR, SECONDS_PER_YEAR
from testsite_sim.configuration.loading import Files, load_scenario_document
from testsite_sim.configuration.scenario import Scenario
from testsite_sim.configuration.unused import checked_scenario
from testsite_sim.studies.waterstof.configuration.study import Waterstof
from testsite_sim.studies.waterstof.model.flexibility import FlexibilityYears, simulate_flexibility

MONEY = ("price_paid", "price_mean", "cost_of_hydrogen", "cost_of_electricity", "net_present_value", "heat_revenue")


@dataclass(frozen=True)
class PlantYear:
    """A simulated year of a plant, amounts per 8,760 h; nan where the plant has no such part."""

    title: str
    electrolyser_capacity: float  # [W]
    electrolyser_hours: float  # at full load [h/year]
    consumption: float  # [J/kg]
    rated_consumption: float  # at full load [J/kg]
    price_paid: float  # for the electrolyser's electricity [EUR/J]
    price_mean: float  # of the period [EUR/J]
    hydrogen_produced: float  # [kg/year]
    hydrogen_delivered: float  # to customers [kg/year]
    hydrogen_to_fuel_cell: float  # [kg/year]
    hydrogen_by_product: float  # taken from industry [kg/year]
    tank: float  # [kg]
    fuel_cell_capacity: float  # [W]
    fuel_cell_hours: float  # at full load [h/year]
    fuel_cell_efficiency: float  # of the lower heating value [1]
    cost_of_hydrogen: float  # levelised [EUR/kg]
    cost_of_electricity: float  # of a fuel cell on by-product, levelised [EUR/J]
    net_present_value: float  # of the scenario [EUR]
    price_year: float  # whose euros its money is in; nan where the scenario does not state it
    lifetime: int  # over which [year]
    heat_sold: float  # [J/year]
    heat_revenue: float  # [EUR/year]
    electricity_given: float  # by the fuel cell [J/year]
    served: float  # hydrogen delivered over that asked for [1]
    energy_balance_residual: float  # [1]
    hydrogen_balance_residual: float  # [1]

    @property
    def part_load(self) -> float:
        """Consumption over that at full load."""
        return self.consumption / self.rated_consumption

    @property
    def price_ratio(self) -> float:
        """Price paid over the mean price."""
        return self.price_paid / self.price_mean


@dataclass(frozen=True)
class Plants:
    """The simulated years that the study rests on: of the supply, a plant that balances, flexibility, lead plants."""

    supply: PlantYear
    balancing: PlantYear
    flexibility: FlexibilityYears
    lead: dict[str, PlantYear]


def simulate_plants(study: Waterstof) -> Plants:
    """Return a year of every plant that the study names; each scenario is run once.

    Raises
    ------
    ConfigurationError
        When a scenario does not exist, is wrong, or has no hydrogen plant.
    """
    supply, balancing = study.supply.electrolyser.scenario, study.markets.balancing.hydrogen.scenario
    lead = {name: plant.scenario for name, plant in study.cluster.plants.items()}
    plants = study.cluster.plants.values()
    valued = {plant.scenario for plant in plants if plant.source != "none" or plant.fuel_cell > 0.0}
    files, scenarios = Files(), list(dict.fromkeys((*lead.values(), supply, balancing)))

    def year_of(scenario: str) -> dict[str, Any]:
        return asdict(plant_year(scenario, money=scenario in {supply, balancing, *valued}, files=files))

    with side_by_side([partial(year_of, scenario) for scenario in scenarios]) as work:
        flexibility = simulate_flexibility(study.markets.balancing.flexibility, files)
        years = {scenario: PlantYear(**found) for scenario, found in zip(scenarios, work.finish(), strict=True)}
    of_plants = {name: years[scenario] for name, scenario in lead.items()}
    return Plants(years[supply], years[balancing], flexibility, of_plants)


def in_prices_of(study: Waterstof, plants: Plants) -> Plants:
    """Return plants, the lead ones with their money in the prices of the study; as it is where no year is stated of it.

    Raises
    ------
    ConfigurationError
        When the index of the study does not hold the year of the prices of a plant.
    """
    prices = study.prices
    if prices is None:
        return plants
    found = dict(plants.lead)
    for name, plant in plants.lead.items():
        if np.isnan(plant.price_year):
            continue
        year = int(plant.price_year)
        if not prices.index.covers(year):
            raise ConfigurationError(
                f"cluster.plants.{name}.scenario: the index of prices does not hold {year}, of its prices."
            )
        factor = prices.index.factor(year, prices.year)
        found[name] = replace(plant, **{money: factor * getattr(plant, money) for money in MONEY})
    return replace(plants, lead=found)


def plant_year(name: str, *, money: bool = True, files: Files | None = None) -> PlantYear:
    """Return a year of a plant by the name of its scenario, a run of the chain.

    Without `money` the run ends with the plant, and its costs are nan: the years of its life take much of the time.
    `files` holds those that are parsed already.

    Raises
    ------
    ConfigurationError
        When the scenario does not exist, is wrong, or has no hydrogen plant.
    """
    document, _ = load_scenario_document(name, Scenario, files=files)
    scenario = checked_scenario(document)
    if scenario.plant is None:
        raise ConfigurationError(f"study: the scenario {name!r} has no hydrogen plant.")
    results: dict[str, xr.Dataset] = {}
    for step, dataset in simulate_scenario(replace(prepare(scenario), optimum=False)):
        results[step] = dataset
        if step == "plant" and not money:
            break
    flows = results["plant"]
    served = "hydrogen_dispensed" if scenario.plant.refuelling is not None else "hydrogen_delivered"
    return _year(
        scenario.title,
        flows,
        results.get("economics", xr.Dataset()),
        float(flows.attrs["electrolyser_capacity"]),
        float(flows.attrs["fuel_cell_capacity"]),
        delivered=served,
        tank=float(flows.attrs["store_capacity"]),
    )


def _year(
    title: str,
    flows: xr.Dataset,
    economics: xr.Dataset,
    electrolyser: float,
    fuel_cell: float,
    *,
    delivered: str,
    tank: float,
) -> PlantYear:
    """Return the year of a plant from its flows, with the capacities [W] and the tank [kg]."""
    step = float(flows.attrs["step"])
    scale = SECONDS_PER_YEAR / (step * flows.sizes["time"])
    never = float("nan")

    def rate(name: str) -> xr.DataArray:
        return flows[name] if name in flows else xr.zeros_like(flows["power_exported"])

    def yearly(values: xr.DataArray) -> float:
        return float(values.sum()) * step * scale

    power, made = rate("power_electrolysers"), rate("hydrogen_produced")
    used, produced = yearly(power), yearly(made)
    given, consumed = yearly(rate("power_fuel_cells")), yearly(rate("hydrogen_to_fuel_cells"))
    asked = yearly(rate("hydrogen_requested" if "hydrogen_requested" in flows else "hydrogen_demand"))
    price = flows["price"].clip(min=0.0)
    return PlantYear(
        title=title,
        electrolyser_capacity=electrolyser,
        electrolyser_hours=used / electrolyser / HOUR if electrolyser else never,
        consumption=used / produced if produced else never,
        rated_consumption=_at_full_load(power, made),
        price_paid=yearly(price * power) / used if used else never,
        price_mean=float(price.mean()),
        hydrogen_produced=produced,
        hydrogen_delivered=yearly(rate(delivered)),
        hydrogen_to_fuel_cell=consumed,
        hydrogen_by_product=yearly(rate("hydrogen_by_product")),
        tank=tank,
        fuel_cell_capacity=fuel_cell,
        fuel_cell_hours=given / fuel_cell / HOUR if fuel_cell else never,
        fuel_cell_efficiency=given / (consumed * LOWER_HEATING_VALUE) if consumed else never,
        cost_of_hydrogen=float(economics.attrs.get("levelised_cost_of_hydrogen", never)),
        cost_of_electricity=float(economics.attrs.get("levelised_cost_of_fuel_cell_energy", never)),
        net_present_value=float(economics.attrs.get("net_present_value", never)),
        price_year=float(economics.attrs.get("price_year", never)),
        lifetime=economics.sizes.get("year", 1) - 1,
        heat_sold=yearly(rate("heat_sold")),
        heat_revenue=float(economics["heat_revenue"].isel(year=1)) if "heat_revenue" in economics else 0.0,
        electricity_given=given,
        served=yearly(rate(delivered)) / asked if asked else never,
        energy_balance_residual=float(flows.attrs["energy_balance_residual"]),
        hydrogen_balance_residual=float(flows.attrs["hydrogen_balance_residual"]),
    )


def _at_full_load(power: xr.DataArray, made: xr.DataArray) -> float:
    """Return the consumption of the intervals near the highest load [J/kg]; nan without hydrogen."""
    full = (made > 0.0) & (power >= 0.98 * float(power.max()))
    mass = float(made.where(full, 0.0).sum())
    return float(power.where(full, 0.0).sum()) / mass if mass else float("nan")
