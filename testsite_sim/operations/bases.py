"""Maintenance of a fleet from several bases: each has its farms, people and vessels, and its own failures."""

import zlib
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from testsite_sim.configuration.climate import Climate
from testsite_sim.configuration.maintenance import Maintenance
from testsite_sim.operations.fleet_availability import sea_of
from testsite_sim.operations.maintenance import (
    ABOUT_SHARES,
    History,
    Service,
    before_record,
    history_in,
    steps_before,
    vessels_of_tasks,
    years_of,
)
from testsite_sim.operations.maintenance_tables import Workable
from testsite_sim.operations.sea_state import SeaState

HIGHEST = ("task_lead_time",)  # of a task that several bases have; all else adds up


def availability_of_bases(
    record: xr.Dataset,
    maintenance: Maintenance,
    bases: Mapping[str, tuple[Maintenance, Sequence[str]]],
    turbines: Mapping[str, str],
    *,
    climate: Climate | None = None,
    seed: int = 0,
    member: int = 0,
    burn_in: float = 0.0,
    log: bool = True,
) -> xr.Dataset:
    """Simulate maintenance on the chain's own weather, where farms have people and vessels of their own.

    The sea is the same for all. Failures of a base have a stream of its own, by its name, so that another base changes
    none of them.

    Parameters
    ----------
    record : xarray.Dataset, dims (time, height, …)
        Weather, as in `fleet_availability`.
    maintenance : Maintenance
        Of the farms that no base serves.
    bases : mapping of str to (Maintenance, sequence of str)
        By name: the maintenance of a base, and its farms.
    turbines : mapping of str to str
        By the name of each turbine: its farm.
    climate, seed, member, burn_in, log
        As in `fleet_availability`.

    Returns
    -------
    xarray.Dataset
        As `fleet_availability`, without the energy: tasks of one name are one task, vessels of one name one class.
    """
    sea = sea_of(record, climate, seed, member)
    of_farm = {farm: name for name, (_, served) in bases.items() for farm in served}
    owner = np.array([of_farm.get(farm, "") for farm in turbines.values()])
    names = list(turbines)
    before = steps_before(sea, burn_in)
    workable = Workable(before_record(sea, before))
    shares = np.ones((sea.time.size, len(names)), np.float32)
    parts = []
    for name, of_base in {"": maintenance, **{name: base for name, (base, _) in bases.items()}}.items():
        mine = np.flatnonzero(owner == name)
        if mine.size == 0:
            continue
        own = seed if name == "" else _seed_of(seed, name)
        history = history_in(
            Service(of_base, sea, before, workable),
            shares,
            mine,
            [names[int(i)] for i in mine],
            member=member,
            seed=own,
            log=log,
        )
        parts.append(Part(of_base, history))
    return _together(parts, shares, sea, names, {"seed": seed, "member": member})


class Part(NamedTuple):
    """A part of a fleet: who keeps it running, and what happened."""

    maintenance: Maintenance
    history: History

    def labels(self, dim: str) -> list[str]:
        """Return the names of its tasks or vessels."""
        return list(self.maintenance.tasks if dim == "task" else self.maintenance.vessels)


def _seed_of(seed: int, name: str) -> int:
    """Return the root seed of a base."""
    return int(np.random.SeedSequence(seed, spawn_key=(zlib.crc32(name.encode()),)).generate_state(1)[0])


def _together(
    parts: Sequence[Part], shares: NDArray[np.float32], sea: SeaState, turbines: Sequence[str], attrs: dict[str, Any]
) -> xr.Dataset:
    """Return the histories of parts of a fleet as that of the whole."""
    first = parts[0].history
    variables: dict[Hashable, Any] = {"availability": (("time", "turbine"), shares, ABOUT_SHARES)}
    names = {dim: list(dict.fromkeys(k for part in parts for k in part.labels(dim))) for dim in ("task", "vessel")}
    for name, total in first.totals.items():
        if total.dims == ():
            values: Any = sum(float(part.history.totals[name].values) for part in parts)
        else:
            values = _by_label(parts, name, total.dims[0], names[total.dims[0]])
        variables[name] = (total.dims, values, total.about)
    variables |= _events(parts)
    variables["availability_time"] = ((), float(shares.mean()), {"units": "1", "long_name": "time-based availability"})
    vessel_of: dict[str, list[str]] = {}
    for part in parts:
        for task, vessel in zip(part.maintenance.tasks, vessels_of_tasks(part.maintenance), strict=True):
            known = vessel_of.setdefault(task, [])
            known += [vessel] if vessel not in known else []
    served = np.array([" or ".join(vessel_of[task]) for task in names["task"]])
    coordinates = {"time": sea.time, "turbine": list(turbines), **names, "task_vessel": ("task", served)}
    return xr.Dataset(variables, coords=coordinates, attrs=attrs | {"turbines": len(turbines), "years": years_of(sea)})


def _by_label(parts: Sequence[Part], name: str, dim: str, labels: Sequence[str]) -> NDArray[np.float64]:
    """Return what parts have of each task or vessel, added up, or the highest."""
    values = np.zeros(len(labels))
    combine = np.maximum if name in HIGHEST else np.add
    for part in parts:
        at = [labels.index(each) for each in part.labels(dim)]
        values[at] = combine(values[at], part.history.totals[name].values)
    return values


def _events(parts: Sequence[Part]) -> dict[Hashable, Any]:
    """Return the logs as one, in the order of begin; vessels of a class are numbered through the bases."""
    first = parts[0].history.events
    if not first:
        return {}
    columns: dict[Hashable, list[NDArray[Any]]] = {name: [] for name, (dims, *_) in first.items() if dims == "event"}
    before: dict[str, int] = {}
    for part in parts:
        logged = part.history.events
        for name, known in columns.items():
            values = logged[name][1]
            if name == "event_vessel_number":
                begin = np.array([before.get(str(each), 0) for each in logged["event_vessel"][1]], np.int32)
                values = np.where(values >= 0, values + begin, values).astype(np.int32)
            known.append(values)
        for vessel, item in part.maintenance.vessels.items():
            before[vessel] = before.get(vessel, 0) + item.number
    table = {name: np.concatenate(each) for name, each in columns.items()}
    order = np.argsort(table["event_start"], kind="stable")
    visited = sum(float(part.history.events["turbines_visited"][1]) for part in parts)
    about = first["turbines_visited"][2]
    return {"turbines_visited": ((), visited, about)} | {
        name: ("event", values[order], first[name][2]) for name, values in table.items()
    }
