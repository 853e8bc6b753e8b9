"""Runs of hydrogen plants for the tests of figures: self-consumption on made-up series, without a chain before it."""

import numpy as np
import xarray as xr

from testsite_sim.cases.scenario import load_scenario
from testsite_sim.configuration.battery import Battery
from testsite_sim.configuration.by_product import ByProduct
from testsite_sim.configuration.grid import Grid
from testsite_sim.configuration.hydrogen import FuelCell
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.dispatch.execution import (
    NO_RULE,
    Surroundings,
    described,
    execute,
    life_of,
    plain_control,
    refuelling_of,
)
from testsite_sim.dispatch.strategies import RULES

LIMIT = 1e30


def halle(**changes) -> PlantConfiguration:
    """Return the plant at Halle with a battery, or another one made of its parts."""
    plant = load_scenario("waterstof/halle-station").machines
    battery = load_component("battery", "lithium-ion-1mwh", Battery)
    parts = {name: getattr(plant, name) for name in PlantConfiguration.model_fields}
    return PlantConfiguration.model_validate({**parts, "battery": battery, **changes})


def fuel_cell() -> FuelCell:
    return load_component("fuel-cell", "lillo-1mw", FuelCell)


def by_product() -> ByProduct:
    return ByProduct.model_validate({"title": "x", "source": "x", "rate": "5 kg/hour", "price": "1 EUR/kg"})


def tree(plant: PlantConfiguration, wind, *, price: float = 0.0, by_product: float = 0.0) -> xr.DataTree:
    """Return the groups of a plant that ran on a series of wind [W], the record once."""
    wind = np.asarray(wind, float)
    stamps = np.datetime64("2023-01-02", "ns") + np.arange(wind.size) * np.timedelta64(3600, "s")
    time = xr.DataArray(stamps, dims="time", coords={"time": stamps})
    none = np.zeros(wind.size)
    around = Surroundings(time, 3600.0, wind, none, none + by_product, none, none + price, none, 0.0)
    rule = NO_RULE._replace(number=RULES["self-consumption"], generate_above=-LIMIT, grid_below_level=0.4)
    grid = Grid.model_validate({"import_limit": "1 MW"})
    done = execute(plant, grid, around, plain_control(around, LIMIT, rule))
    facts = {"sold": "yes", "scaling": "none", "wind_capacity": 1e6, "import_limit": 1e6}
    facts |= {"fuel_cell_capacity": float(sum(cell.capacity for cell in plant.fuel_cells))}
    found = {"plant": described(done, wind=True).assign_attrs(facts), "lifetime": life_of(done, wind=True)}
    station = refuelling_of(done)
    return xr.DataTree.from_dict(found if station is None else {**found, "refuelling": station})
