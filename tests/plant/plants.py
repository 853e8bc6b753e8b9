"""Stores, stations and fleets that the tests share."""

import copy

import numpy as np
import xarray as xr

from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.refuelling import RefuellingStation, VehicleFleet
from testsite_sim.configuration.storage import HydrogenStore

START = np.datetime64("2023-01-02T00:00", "ns")  # a Monday


def hours(values, step=3600.0):
    values = np.asarray(values, float)
    time = START + np.arange(values.size) * np.timedelta64(int(step), "s")
    return xr.DataArray(values, dims="time", coords={"time": time})


def changed(model, changes):
    """Return a model with values of dotted paths changed; `__` stands for the dot."""
    written = copy.deepcopy(model.model_dump(mode="json"))
    for dotted, value in changes.items():
        *path, last = dotted.split("__")
        target = written
        for key in path:
            target = target[int(key)] if isinstance(target, list) else target[key]
        target[last] = value
    return type(model).model_validate(written)


def store(name="cascade-200bar", **changes):
    return changed(load_component("hydrogen-store", name, HydrogenStore), changes)


def station(name="lillo-400", **changes):
    return changed(load_component("refuelling-station", name, RefuellingStation), changes)


def fleet(name="buses-antwerp-5", **changes):
    return changed(load_component("refuelling-fleet", name, VehicleFleet), changes)
