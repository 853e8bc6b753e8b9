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


def _changed(model, changes):
    written = copy.deepcopy(model.model_dump(mode="json"))
    for dotted, value in changes.items():
        *path, last = dotted.split(".")
        target = written
        for key in path:
            target = target[int(key)] if isinstance(target, list) else target[key]
        target[last] = value
    return type(model).model_validate(written)


def store(name="cascade-200bar", **changes):
    return _changed(
        load_component("hydrogen-store", name, HydrogenStore), {k.replace("__", "."): v for k, v in changes.items()}
    )


def station(name="lillo-400", **changes):
    loaded = load_component("refuelling-station", name, RefuellingStation)
    return _changed(loaded, {k.replace("__", "."): v for k, v in changes.items()})


def fleet(name="buses-antwerp-5", **changes):
    loaded = load_component("refuelling-fleet", name, VehicleFleet)
    return _changed(loaded, {k.replace("__", "."): v for k, v in changes.items()})
