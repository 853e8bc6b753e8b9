"""Seas and maintenance configurations that the tests share."""

import copy
from dataclasses import replace

import numpy as np

from testsite_sim.common.time_axis import hours_of_day, months
from testsite_sim.configuration.loading import load_component
from testsite_sim.configuration.maintenance import Maintenance
from testsite_sim.operations import sea_state
from testsite_sim.weather import open_record


def open_sea(days=None):
    record = open_record("us-east-coast-2003-2012")
    return sea_state(record if days is None else record.isel(time=slice(0, 24 * days)))


def scaled(sea, factor):
    return replace(sea, significant_wave_height=sea.significant_wave_height * factor)


def calm(sea):
    return replace(sea, wind_speed=0.0 * sea.wind_speed, significant_wave_height=0.0 * sea.wind_speed)


def finer(sea, parts):
    time = np.repeat(sea.time, parts)
    time = time + np.tile(np.arange(parts), sea.time.size) * np.timedelta64(round(sea.step / parts), "s")
    waves, wind = np.repeat(sea.significant_wave_height, parts), np.repeat(sea.wind_speed, parts)
    return replace(
        sea,
        time=time,
        step=sea.step / parts,
        wind_speed=wind,
        significant_wave_height=waves,
        month=months(time),
        hour=hours_of_day(time),
    )


def reference_case(*, only=None, drop=(), rates=1.0, numbers=None, thresholds=None, crews=None, tasks=None, **changes):
    """Return the reference case of Dinwoodie et al. (2015), changed."""
    written = copy.deepcopy(load_component("maintenance", "dinwoodie-2015", Maintenance).model_dump(mode="json"))
    written["tasks"] = {
        name: task | (tasks or {}).get(name, {})
        for name, task in written["tasks"].items()
        if name not in drop and only in (None, name)
    }
    for task in written["tasks"].values():
        if task["rate"] is not None:
            task["rate"] = f"{float(task['rate'].split()[0]) * rates!r} 1/year"
    used = {task["vessel"] for task in written["tasks"].values()}
    written["vessels"] = {name: vessel for name, vessel in written["vessels"].items() if name in used}
    for name, number in (numbers or {}).items():
        written["vessels"][name]["number"] = number
    for name, threshold in (thresholds or {}).items():
        written["vessels"][name]["charter_threshold"] = threshold
    written["crews"] |= crews or {}
    return Maintenance.model_validate(written | changes)
