"""Whole plants, made of the parts of that at Halle, and their series for tests."""

import functools

import numpy as np
import xarray as xr

from testsite_sim.cases.scenario import load_scenario
from testsite_sim.configuration.battery import Battery
from testsite_sim.configuration.by_product import ByProduct
from testsite_sim.configuration.grid import Grid
from testsite_sim.configuration.hydrogen import Electrolyser, FuelCell
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.plant import PlantConfiguration
from testsite_sim.configuration.strategy import AnyStrategy
from testsite_sim.dispatch import Objective, Trade, carry_out, execute
from testsite_sim.dispatch.execution import described, life_of, refuelling_of
from testsite_sim.dispatch.surroundings import surroundings
from testsite_sim.plant.daily_demand import daily_demand


def halle(**changes) -> PlantConfiguration:
    """Return the plant at Halle with a battery, or another one made of its parts."""
    plant, _, battery = _parts()
    parts = {**{name: getattr(plant, name) for name in PlantConfiguration.model_fields}, "battery": battery, **changes}
    if not parts["electrolysers"]:  # what oxygen, water and heat are of
        parts["side_streams"] = changes.get("side_streams")
    return PlantConfiguration.model_validate(parts)


def halle_strategy() -> AnyStrategy:
    """Return the strategy of the plant at Halle."""
    return _parts()[1]


@functools.cache
def _parts():
    scenario = load_scenario("waterstof/halle-station")
    return scenario.plant, scenario.dispatch.strategy, load_component("battery", "lithium-ion-1mwh", Battery)


def electrolyser(name: str) -> Electrolyser:
    return load_component("electrolyser", name, Electrolyser)


def fuel_cell(name: str = "lillo-1mw") -> FuelCell:
    return load_component("fuel-cell", name, FuelCell)


def by_product() -> ByProduct:
    return ByProduct.model_validate({"title": "x", "source": "x", "rate": "5 kg/hour", "price": "1 EUR/kg"})


def series(values, step: float = 3600.0) -> xr.DataArray:
    values = np.asarray(values, float)
    time = np.datetime64("2023-01-02", "ns") + np.arange(values.size) * np.timedelta64(round(step), "s")
    return xr.DataArray(values, dims="time", coords={"time": time})


def traded(plant: PlantConfiguration, wind, *, price=0.0, by_product=0.0, panels=0.0, step=3600.0, grid=None) -> Trade:
    """Return a plant in its market, on a series of wind [W] and constants or series of the rest."""
    like = series(wind, step)
    prices, offered, sun = (
        like.copy(data=np.broadcast_to(np.asarray(each, float), like.shape)) for each in (price, by_product, panels)
    )
    around = surroundings(
        like, prices, daily_demand(plant.demand, like["time"]), photovoltaic_power=sun, by_product=offered
    )
    return Trade(plant, grid or Grid.model_validate({"import_limit": "1 MW"}), around, Objective())


def run(
    plant: PlantConfiguration, wind, *, strategy: AnyStrategy | None = None, years=0, **more
) -> dict[str, xr.Dataset]:
    """Run a plant on series as in `traded`: the steps `plant`, `lifetime` and, with a station, `refuelling`."""
    trade = traded(plant, wind, **more)
    done = carry_out(strategy or halle_strategy(), trade)
    executed = done.executed
    assert executed is not None
    if years:
        executed = execute(trade.plant, trade.grid, trade.around, done.control, years=years)
    found = {"plant": described(executed, wind=True), "lifetime": life_of(executed, wind=True)}
    station = refuelling_of(executed)
    return found if station is None else {**found, "refuelling": station}
