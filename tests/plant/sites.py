"""Hydrogen sites and their series for tests."""

import functools

import numpy as np
import xarray as xr

from testsite_sim.cases.scenario import load_scenario
from testsite_sim.configuration.balancing import Grid
from testsite_sim.configuration.battery import Battery
from testsite_sim.configuration.hydrogen import Electrolyser, FuelCell
from testsite_sim.configuration.hydrogen_site import ByProduct, HydrogenSite
from testsite_sim.configuration.loading import load_component
from testsite_sim.plant.site import simulate_hydrogen_site


def halle(**changes) -> HydrogenSite:
    """Return the site at Halle with a battery, or another one made of its parts."""
    site, battery = _parts()
    return HydrogenSite.model_validate(
        {**{name: getattr(site, name) for name in HydrogenSite.model_fields}, "battery": battery, **changes}
    )


@functools.cache
def _parts():
    return (
        load_scenario("waterstof/halle-station").hydrogen,
        load_component("battery", "lithium-ion-1mwh", Battery),
    )


def electrolyser(name: str) -> Electrolyser:
    return load_component("electrolyser", name, Electrolyser)


def fuel_cell() -> FuelCell:
    return load_component("fuel-cell", "lillo-1mw", FuelCell)


def by_product() -> ByProduct:
    return ByProduct.model_validate({"title": "x", "source": "x", "rate": "5 kg/hour", "price": "1 EUR/kg"})


def series(values, step: float = 3600.0) -> xr.DataArray:
    values = np.asarray(values, float)
    time = np.datetime64("2023-01-02", "ns") + np.arange(values.size) * np.timedelta64(round(step), "s")
    return xr.DataArray(values, dims="time", coords={"time": time})


def run(site: HydrogenSite, wind, *, price=0.0, by_product=0.0, panels=0.0, step=3600.0, years=0, grid=None, **more):
    """Run a site on a series of wind [W] and constants or series of the rest."""
    like = series(wind, step)
    values = (np.broadcast_to(np.asarray(each, float), like.shape) for each in (panels, price, by_product))
    others = [like.copy(data=each) for each in values]
    grid = grid or Grid.model_validate({"import_limit": "1 MW"})
    return simulate_hydrogen_site(site, grid, like, *others, years=years, **more)
