"""The lead markets of hydrogen: what is driven, lifted and balanced, on hydrogen and on what is there today."""

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from testsite_sim.configuration.base import Configuration, SourcedConfiguration
from testsite_sim.configuration.quantities import (
    Energy,
    EnergyPrice,
    Fraction,
    Mass,
    Money,
    PositiveNumber,
    Power,
    RatePerYear,
    Unit,
    Years,
)
from testsite_sim.studies.waterstof.configuration.flexibility import Flexible

APPLICATIONS = ("forklift", "truck", "bus", "balancing")
MARKETS = ("logistics", "public-transport", "balancing")
MARKET_OF = {"forklift": "logistics", "truck": "logistics", "bus": "public-transport", "balancing": "balancing"}
HOURS = 24

CostPerDistance = Annotated[float, Unit("EUR/m", "a cost per distance", "0.28 EUR/km", 0.0)]
EnergyPerDistance = Annotated[float, Unit("J/m", "an energy per distance", "3.1 kWh/km", 0.0)]
FuelPerDistance = Annotated[float, Unit("m^3/m", "a volume of fuel per distance", "0.41 l/km", 0.0)]
DistancePerYear = Annotated[float, Unit("m/year", "a distance per year", "60000 km/year", 0.0)]
FuelPrice = Annotated[float, Unit("EUR/m^3", "a price of fuel", "1.9 EUR/l", 0.0)]
EmissionsOfFuel = Annotated[float, Unit("kg/m^3", "CO2 per volume of fuel", "2.64 kg/l", 0.0)]
EmissionsOfEnergy = Annotated[float, Unit("kg/J", "CO2 per energy", "150 g/kWh", 0.0)]
EmissionPrice = Annotated[float, Unit("EUR/kg", "a price of CO2", "80 EUR/t", 0.0)]
CostPerEnergy = Annotated[float, Unit("EUR/J", "a cost per energy that is stored", "200 EUR/kWh", 0.0)]


def _years(path: dict[str, float]) -> dict[str, float]:
    """Check that the keys of a path are calendar years that rise."""
    for year in path:
        if not (year.isdigit() and len(year) == 4):
            raise ValueError(f"found the year {year!r}; expected four digits, like 2020")
    if list(path) != sorted(path):
        raise ValueError(f"the years must rise, found {', '.join(path)}")
    return path


_Path = [Field(min_length=2), AfterValidator(_years)]
PricePath = Annotated[dict[str, EnergyPrice], *_Path]
EmissionsPath = Annotated[dict[str, EmissionsOfEnergy], *_Path]
EmissionPricePath = Annotated[dict[str, EmissionPrice], *_Path]
PowerPath = Annotated[dict[str, Power], *_Path]
StorageCostPath = Annotated[dict[str, CostPerEnergy], *_Path]
HourlyShare = Annotated[tuple[float, ...], Field(strict=False, min_length=HOURS, max_length=HOURS)]
Stock = Annotated[dict[str, PositiveNumber], Field(min_length=1)]  # by horizon


class EnergyPrices(SourcedConfiguration):
    """What energy costs over the years, and what it emits."""

    electricity: PricePath
    retail_fee: EnergyPrice
    diesel: FuelPrice
    carbon_price: EmissionPricePath
    grid_emissions: EmissionsPath
    diesel_emissions: EmissionsOfFuel
    wind_emissions: EmissionsOfEnergy
    battery: StorageCostPath


class DieselVehicle(Configuration):
    """A vehicle that burns diesel."""

    price: Money
    maintenance: CostPerDistance
    consumption: FuelPerDistance


class BatteryVehicle(Configuration):
    """A vehicle with a battery.

    `fleet_factor` says how many do the work of one that never waits to charge, `reach` which part of the duties they
    can do at all, `from_year` since when they are sold.
    """

    from_year: int
    reach: Fraction
    price_without_battery: Money
    battery: Energy
    battery_life: Years
    consumption: EnergyPerDistance
    maintenance: CostPerDistance
    charger: Money
    fleet_factor: Annotated[float, Unit("", "a number of at least one", "1.2", 1.0)]


class Demand(Configuration):
    """A fleet that could run on hydrogen.

    `hourly_share` is the share of the day's refuelling in each hour, `initial_stock` what runs on hydrogen in the first
    year of each horizon, `network_stations` how many public stations make two thirds of the fleet reach one; zero for a
    fleet that refuels at home.
    """

    fleet: PositiveNumber
    life: Years
    initial_stock: Stock
    network_stations: PositiveNumber
    hourly_share: HourlyShare

    @model_validator(mode="after")
    def _shares_add_up(self) -> "Demand":
        if min(self.hourly_share) < 0.0 or abs(sum(self.hourly_share) - 1.0) > 1e-6:
            raise ValueError(f"hourly_share must not be negative and add up to one, found {sum(self.hourly_share):g}")
        return self


class HydrogenBus(Configuration):
    """A bus on hydrogen; what it costs to buy follows the experience curve of buses."""

    maintenance: CostPerDistance
    consumption: EnergyPerDistance


class Buses(Demand):
    """Buses of a public operator."""

    distance: DistancePerYear
    diesel: DieselVehicle
    battery: BatteryVehicle
    hydrogen: HydrogenBus


class HydrogenTruck(Configuration):
    """A truck on hydrogen; its fuel cell follows an experience curve."""

    price_without_fuel_cell: Money
    fuel_cell: Power
    tank: Mass
    maintenance: CostPerDistance
    consumption: EnergyPerDistance


class Trucks(Demand):
    """Heavy trucks."""

    distance: DistancePerYear
    tank_cost: Annotated[float, Unit("EUR/kg", "a cost per mass of hydrogen", "500 EUR/kg", 0.0)]
    diesel: DieselVehicle
    battery: BatteryVehicle
    hydrogen: HydrogenTruck


class LeadAcid(Configuration):
    """Forklifts with lead-acid batteries that are changed between shifts."""

    batteries: Money
    battery_life: Years
    energy_per_shift: Energy
    labour_per_shift: Money
    room: Annotated[float, Unit("EUR/year", "a cost per year", "500 EUR/year", 0.0)]


class HydrogenForklift(Configuration):
    """Forklifts with a fuel cell and a small tank."""

    fuel_cell: Power
    tank_and_balance: Money
    maintenance: Annotated[float, Unit("EUR/year", "a cost per year", "500 EUR/year", 0.0)]
    mass_per_shift: Mass
    labour_per_shift: Money


class Forklifts(Demand):
    """Forklifts in warehouses that work in shifts; the truck itself costs the same with either power."""

    shifts: Annotated[float, Unit("1/year", "a number per year", "500 1/year", 0.0)]
    lead_acid: LeadAcid
    hydrogen: HydrogenForklift


class HydrogenBalancing(Configuration):
    """A fuel cell that fills what the wind falls short of; the scenario of the chain gives hours and efficiency."""

    scenario: str
    operating: RatePerYear
    replacement: Fraction
    operating_life: Annotated[float, Unit("hour", "a number of hours", "20000 hour", 0.0, above=True)]


class BatteryBalancing(Configuration):
    """A battery for the same, sold from a year on; `duration` is how long it holds the power of the fuel cell."""

    from_year: int
    duration: Annotated[float, Unit("hour", "a number of hours", "8 hour", 0.0, above=True)]
    round_trip: Annotated[float, Unit("", "an efficiency", "0.88", 0.0, 1.0, above=True)]
    life: Years
    operating: RatePerYear


class BalancingOfWind(Demand):
    """Offshore wind whose shortfalls hydrogen could fill; `fleet` is the power of fuel cells over that of the wind."""

    offshore_wind: PowerPath
    grid_price: PricePath
    grid_emissions: EmissionsOfEnergy
    hydrogen: HydrogenBalancing
    battery: BatteryBalancing
    flexibility: Flexible


Sensitivity = Annotated[float, Unit("", "a sensitivity to relative cost", "8", 0.0, 100.0)]


class ChoiceSensitivity(Configuration):
    """How sharply the owners of each application choose by relative cost."""

    forklift: Sensitivity
    truck: Sensitivity
    bus: Sensitivity
    balancing: Sensitivity


class Diffusion(Configuration):
    """How fast those who gain from hydrogen take it up, and how sharply they choose."""

    innovation: Annotated[float, Unit("1/year", "a coefficient of innovation", "3 %/year", 0.0, 0.5)]
    imitation: Annotated[float, Unit("1/year", "a coefficient of imitation", "38 %/year", 0.0, 2.0)]
    choice_sensitivity: ChoiceSensitivity


class LeadMarkets(SourcedConfiguration):
    """The applications of the three lead markets; `cost_of_capital` is that of who runs the fleets."""

    cost_of_capital: RatePerYear
    forklift: Forklifts
    truck: Trucks
    bus: Buses
    balancing: BalancingOfWind
    diffusion: Diffusion


class Judgement(Configuration):
    """What is judged and not computed of a lead market, between nothing and everything."""

    export: Fraction
    transfer: Fraction
    structure: Fraction
